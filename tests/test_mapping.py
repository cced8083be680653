"""What a mapping can say, each with a number: units, time formats, null words, ignore rules, joined keys, months."""

import gzip

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import cc_metrics as cc
from cc_metrics.errors import DataError, PolicyError, UsageError
from cc_metrics.store import mapping_file

HEAD = 'name = "made"\n'


@pytest.fixture
def read(tmp_path):
    """Calls from CSV text and the [calls] part of a mapping."""

    def made(text, calls, top="", **options):
        (tmp_path / "calls.csv").write_text(text, "utf-8")
        (tmp_path / "made.toml").write_text(f"{HEAD}{top}\n[calls]\n{calls}", "utf-8")
        options.setdefault("max_rejected", 1)
        return cc.read_calls(tmp_path / "calls.csv", mapping=str(tmp_path / "made.toml"), **options)

    return made


def figures(calls, within="20s"):
    return cc.service_level(calls, within=within).iloc[0]


IDS = 'call_id = "id"\noutcome = { column = "how", values = { A = "answered", L = "abandoned" } }\n'


@pytest.mark.parametrize(
    ("unit", "written", "expected"),
    [
        ("ms", "20000", 20),
        ("ms", "20000.1", 20.001),  # rounded up: late is never early
        ("s", "20", 20),
        ("s", "20.0001", 20.001),
        ("min", "1.5", 90),
        ("clock", "0:00:20", 20),
        ("clock", "1:05", 65),
        ("clock", "26:00:00.5", 93600.5),
    ],
)
def test_units_of_a_length(read, unit, written, expected):
    top = 'longest = "48 hours"'
    calls = read(
        f"id,at,how,wait\n1,2013-08-20 09:00:00,A,{written}\n",
        IDS + f'offered_at = "at"\nwait_ms = {{ column = "wait", unit = "{unit}" }}',
        top,
    )
    assert figures(calls)["longest_wait_s"] == expected


@pytest.mark.parametrize(
    ("unit", "written", "reason"),
    [
        ("ms", "-1", "wait_ms is negative"),
        ("s", "soon", "wait_ms is not a length of time"),
        ("clock", "0:75:00", "wait_ms is not a length of time"),
        ("clock", "-0:00:05", "wait_ms is negative"),
        ("s", "86401", "wait_ms is longer than 24 hours"),
    ],
)
def test_lengths_that_are_refused(read, unit, written, reason):
    text = f"id,at,how,wait\n1,2013-08-20 09:00:00,A,{written}\n2,2013-08-20 09:00:00,A,1\n"
    calls = read(text, IDS + f'offered_at = "at"\nwait_ms = {{ column = "wait", unit = "{unit}" }}')
    assert calls.accounting.rejected == {reason: 1}


@pytest.mark.parametrize(
    ("spec", "written", "start"),
    [
        ('{ column = "at", format = "%d.%m.%Y %H:%M" }', "20.08.2013 09:05", "2013-08-20T09:00:00+08:00"),
        ('{ column = "at", format = "%Y/%m/%d %I:%M:%S %p" }', "2013/08/20 12:30:00 AM", "2013-08-20T00:30:00+08:00"),
        ('{ column = "at", format = "epoch_s" }', "1376960700", "2013-08-20T09:00:00+08:00"),
        ('{ column = "at", format = "epoch_ms" }', "1376960700123", "2013-08-20T09:00:00+08:00"),
        ('{ column = "at", format = "%Y-%m-%dT%H:%M:%S%z" }', "2013-08-20T01:05:00+0000", "2013-08-20T09:00:00+08:00"),
        ('"at"', "2013-08-20T01:05:00Z", "2013-08-20T09:00:00+08:00"),
        ('"at"', "2013-08-20 09:05:00", "2013-08-20T09:00:00+08:00"),
    ],
)
def test_formats_of_a_time(read, spec, written, start):
    calls = read(
        f"id,at,how,wait\n1,{written},A,1\n", IDS + f'offered_at = {spec}\nwait_ms = "wait"', tz="Asia/Shanghai"
    )
    assert cc.service_level(calls, every="30m")["start"].tolist() == [start]


def test_moments_that_are_refused(read):
    text = "id,at,how,wait\n1,,A,1\n2,soon,A,1\n,2013-08-20 09:00:00,A,1\n4,2013-08-20 09:00:00,B,1\n5,2013-08-20,A,1\n"
    calls = read(
        text + "6,2013-08-20 09:00:00+08:00,A,1\n7,2013-08-20 09:00:00,A,1\n",
        IDS + 'offered_at = "at"\nwait_ms = "wait"',
    )
    assert calls.accounting.rejected == {
        "no offered_at": 1,
        "offered_at is not a time": 3,  # a bare date, and an offset where the others have none
        "no call_id": 1,
        "unknown outcome": 1,
    }


def test_lengths_between_moments(read):
    """A clock that is smaller than the first one is on the next day; an end before its start is refused."""
    text = "id,day,asked,up,down,how\n1,2013-08-20,23:59:50,00:00:10,00:05:10,A\n"
    text += "2,2013-08-20,09:00:00,09:00:21,09:01:21,A\n"
    calls = read(
        text,
        IDS
        + 'offered_at = { date = "day", clock = "asked" }\n'
        + 'wait_ms = { until = { date = "day", clock = "up" } }\n'
        + 'talk_ms = { from = { date = "day", clock = "up" }, until = { date = "day", clock = "down" } }',
    )
    row = figures(calls)
    assert (row["answered_within"], row["longest_wait_s"], row["mean_talk_s"]) == (1, 21, 180)
    dated = "id,at,up,how\n1,2013-08-20 09:00:00,2013-08-20 08:59:59,A\n2,2013-08-20 09:00:00,2013-08-20 09:00:02,A\n"
    calls = read(dated, IDS + 'offered_at = "at"\nwait_ms = { until = { column = "up" } }')
    assert calls.accounting.rejected == {"wait_ms: an end before its start": 1}


def test_the_date_belongs_to_the_first_clock(read):
    calls = read(
        "id,day,menu,asked,how,wait\n1,2013-08-20,23:59:50,00:00:10,A,1\n2,2013-08-20,09:00:05,09:00:00,A,1\n",
        IDS + 'offered_at = { date = "day", clock = "asked", since = "menu" }\nwait_ms = "wait"',
    )
    assert cc.service_level(calls, every="1d")["start"].tolist() == ["2013-08-20", "2013-08-21"]


def test_null_words_ignore_rules_and_joined_keys(read):
    text = (
        "line,id,at,how,wait,tier,who\n"
        "a,1,2013-08-20 09:00:00,A,1,VIP,0\n"
        "b,1,2013-08-20 09:00:00,A,1,NULL,7\n"
        "b,2,2013-08-20 09:00:00,TEST,1,VIP,7\n"
        "b,3,2013-08-20 09:00:00,A,0:00,VIP,8\n"
    )
    calls = read(
        text,
        'call_id = { join = ["line", "id"] }\noffered_at = "at"\nwait_ms = { column = "wait", unit = "clock" }\n'
        'outcome = { column = "how", values = { A = "answered" } }\ntier = "tier"\ncustomer_id = "who"',
        'nulls = ["NULL"]\n[null]\nwho = ["0"]\n[[null_when]]\ncolumn = "tier"\nwhen = { who = "8" }\n'
        '[[ignore]]\nname = "test calls"\nwhen = { how = ["TEST", "LAB"] }',
    )
    assert calls.accounting.ignored == {"test calls": 1}
    rows = cc.service_level(calls, by=["tier"])
    assert rows["tier"].isna().tolist() == [False, True]
    assert rows["offered"].tolist() == [1, 2]
    assert cc.first_call_resolution(calls).iloc[0]["with_key"] == 2


def test_months_with_other_columns_are_read_by_name(tmp_path):
    (tmp_path / "1.csv").write_text("call_id,offered_at,outcome,wait_ms,queue\n1,2013-08-20 09:00:00,answered,1,a\n")
    (tmp_path / "2.csv").write_text(
        "wait_ms,outcome,skill,offered_at,call_id\n30000,answered,x,2013-08-20 10:00:00,2\n"
    )
    with gzip.open(tmp_path / "3.csv.gz", "wt") as file:
        file.write("call_id;offered_at;outcome;wait_ms\n3;2013-08-20 11:00:00;abandoned;5\n")
    calls = cc.read_calls(tmp_path)
    row = figures(calls)
    assert (row["offered"], row["answered_within"], row["abandoned"]) == (3, 1, 1)
    assert cc.service_level(calls, by=["queue"])["offered"].tolist() == [1, 2]
    by_skill = cc.service_level(calls, by=["skill"])
    assert by_skill["offered"].tolist() == [1, 2]
    told = [w.text for w in cc.report(calls, by=["skill"]).report.warnings if w.code == "missing_column"]
    assert len(told) == 2
    with pytest.raises(UsageError, match="there is no column 'skil'"):
        cc.service_level(calls, by=["skil"])


def test_typed_tables_of_every_kind(tmp_path):
    import duckdb
    import pandas as pd
    import polars as pl

    columns = {
        "call_id": [1, 2],
        "offered_at": pd.to_datetime(["2013-08-20 09:00:00", "2013-08-20 09:40:00"]).tz_localize("Asia/Shanghai"),
        "outcome": ["answered", "abandoned"],
        "wait_ms": [20_000, 20_001],
        "transferred": [True, None],
    }
    frame = pd.DataFrame(columns)
    table = pa.Table.from_pandas(frame)
    pq.write_table(table, tmp_path / "calls.parquet")
    sources = [frame, table, pl.from_arrow(table), pl.from_arrow(table).lazy()]
    for source in sources:
        calls = cc.read_calls(source)
        assert cc.service_level(calls, every="30m")["start"].tolist() == [
            "2013-08-20T09:00:00+08:00",
            "2013-08-20T09:30:00+08:00",
        ]
        assert figures(calls)["answered_within"] == 1
    with duckdb.connect() as engine:
        relation = engine.sql(
            "SELECT 1 AS call_id, TIMESTAMP '2013-08-20 09:00:00' AS offered_at, 'answered' AS outcome"
        )
        assert figures(cc.read_calls(relation))["offered"] == 1
    assert figures(cc.read_calls(tmp_path / "calls.parquet", tz="Asia/Shanghai"))["abandoned_within"] == 0
    with pytest.raises(UsageError, match="cannot be read from a dict"):
        cc.read_calls({"call_id": [1]})


def test_numbers_are_no_times(tmp_path):
    pq.write_table(
        pa.table({"call_id": ["1"], "offered_at": [1376960700], "outcome": ["answered"]}), tmp_path / "c.parquet"
    )
    with pytest.raises(PolicyError, match="holds numbers, not times"):
        cc.read_calls(tmp_path / "c.parquet", tz="UTC").accounting  # noqa: B018


def test_all_problems_of_a_mapping_at_once():
    written = """
name = 7
zone = "Asia/Shanghai"
timezone = "Asia/Shanghay"
longest = "soon"
nulls = [1]
[file]
header = "yes"
[[ignore]]
name = "x"
[calls]
call_id = { join = [] }
outcome = { column = "how", values = { A = 1 } }
offered_at = { clock = "t" }
wait_ms = { column = "w", unit = "hours" }
talk_ms = {}
queue = { colum = "q" }
"""
    with pytest.raises(PolicyError) as raised:
        mapping_file.parse(written, "made.toml")
    text = str(raised.value)
    for part in (
        "made.toml",
        "name must be a string",
        "'zone' is not a key",
        "no time zone is called 'Asia/Shanghay'",
        "'soon' is not a length of time",
        "nulls must be a string or an array of strings",
        "header must be true or false",
        "needs a name and a condition",
        "[calls] call_id names no column",
        "values: 'A' must be a string",
        "has a clock and no date",
        "'hours' is not a unit",
        "[calls] talk_ms names no column",
        "'colum' is not a key",
        "did you mean 'column'?",
    ):
        assert part in text, part


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("[calls]\ncall_id = 'a'", "[calls] names no offered_at"),
        ("name = ", "not valid TOML"),
        ("calls = 1", "calls must be a table"),
        ("ignore = 1\n[calls]", "ignore must be an array of tables"),
    ],
)
def test_mappings_that_cannot_be_followed(written, sentence):
    with pytest.raises(PolicyError, match=sentence.replace("[", r"\[")):
        mapping_file.parse(written, "made.toml")


def test_a_mapping_that_is_not_there(tmp_path):
    with pytest.raises(
        PolicyError, match=r"no mapping is called 'anonymous-bnk'\n  hint: did you mean 'anonymous-bank'"
    ):
        mapping_file.load("anonymous-bnk")
    with pytest.raises(PolicyError, match="cannot be read"):
        mapping_file.load(str(tmp_path / "none.toml"))
    (tmp_path / "latin.toml").write_bytes(b'name = "caf\xe9"')
    with pytest.raises(PolicyError, match="not UTF-8"):
        mapping_file.load(str(tmp_path / "latin.toml"))


def test_a_file_without_a_header(tmp_path):
    (tmp_path / "calls.csv").write_text("1,2013-08-20 09:00:00,answered,5\n2,2013-08-20 09:00:00,answered,25000\n")
    (tmp_path / "made.toml").write_text(
        HEAD + '[file]\ncolumns = ["id", "at", "how", "wait"]\n[calls]\ncall_id = "id"\noffered_at = "at"\n'
        'outcome = "how"\nwait_ms = "wait"\n'
    )
    calls = cc.read_calls(tmp_path / "calls.csv", mapping=str(tmp_path / "made.toml"))
    assert figures(calls)["answered_within"] == 1
    (tmp_path / "made.toml").write_text((tmp_path / "made.toml").read_text().replace('"wait"]', '"wait", "more"]'))
    with pytest.raises(DataError, match="names 5 columns and the file has 4"):
        cc.read_calls(tmp_path / "calls.csv", mapping=str(tmp_path / "made.toml")).accounting  # noqa: B018
