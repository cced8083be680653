"""Cases, attempts, answers and bases by hand: every reason to reject, duplicates, conflicts, months, frames, zones."""

import csv
import gzip
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import cc_metrics as cc
from cc_metrics import reporting
from cc_metrics.errors import DataError, PolicyError, UsageError
from cc_metrics.model.calls import CALLS
from cc_metrics.model.cases import CASES, TABLES
from cc_metrics.model.promise import Policy
from cc_metrics.store import mapping_file
from cc_metrics.store.open import Reading, open_sources
from cc_metrics.store.open_cases import open_cases

POLICY = Policy("p")
HEAD = "case_id,kind,opened_at,dispatched_at,responded_at,verified_at,appointed_at,arrived_at,resolved_at,paused_ms"
HEADER = f"{HEAD},reopened,feasible,customer_id\n"


def ms(text):
    """UTC ms of a local text without a zone."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def opened(source, dimensions=(), **options):
    return cc.read_cases(source, max_rejected=1, **options).open(POLICY, dimensions)


def edges(found):
    """The first and the last moment at which anything happened."""
    days = found.days()
    return days[0].first_ms, days[-1].last_ms


def values(found, *columns, order="file, row"):
    return found.engine.rows(f"SELECT {', '.join(columns)} FROM {found.view} ORDER BY {order}")


def row(case_id="c", **fields):
    """A row of HEADER in order: opened at nine, everything else empty unless given."""
    given = {"case_id": case_id, "opened_at": "2013-08-20 09:00:00", **fields}
    return ",".join(str(given.get(name, "")) for name in HEADER.strip().split(",")) + "\n"


def test_every_canonical_column(tmp_path):
    written = {name: f"the {name}" for name in CASES.dimensions}
    written |= dict.fromkeys(CASES.flags, "yes") | {"case_id": "c", "reopened": "2", "paused_ms": "90000"}
    written |= {name: f"2013-08-20 {10 + i}:00:00" for i, name in enumerate((CASES.first, *CASES.moments))}
    (tmp_path / "cases.csv").write_text(",".join(written) + "\n" + ",".join(written.values()) + "\n")
    found = opened(tmp_path / "cases.csv")
    [kept] = found.engine.records(f"SELECT * FROM {found.view}")
    assert found.view == "accepted_cases"
    assert all(kept[name] == f"the {name}" for name in CASES.dimensions)
    assert all(kept[name] is True for name in CASES.flags)
    assert (kept["case_id"], kept["reopened"], kept["paused_ms"]) == ("c", 2, 90_000)
    assert [kept[CASES.stored(n)] for n in (CASES.first, *CASES.moments)] == [
        ms(f"2013-08-20 {10 + i}:00:00") for i in range(7)
    ]
    assert edges(found) == (ms("2013-08-20 10:00"), ms("2013-08-20 16:00"))


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"case_id": ""}, "no case_id"),
        ({"opened_at": ""}, "no opened_at"),
        ({"opened_at": "soon"}, "opened_at is not a time"),
        ({"opened_at": "1969-12-31 09:00:00"}, "opened_at is before 1970"),
        *[({name: "2013-08-20 08:59:59"}, f"{name} is before opened_at") for name in CASES.later],
        *[({name: "soon"}, f"{name} is not a time") for name in CASES.moments],
        *[({name: "9999-12-31 00:00:00"}, f"{name} is after 2099") for name in CASES.moments],
        ({"resolved_at": "9999-12-31 23:59:59"}, "resolved_at is after 2099"),
        ({"paused_ms": "-1"}, "paused_ms is negative"),
        ({"paused_ms": "long"}, "paused_ms is not a length of time"),
        ({"paused_ms": str(3654 * 86_400_000)}, "paused_ms is longer than 3653 days"),
        ({"reopened": "often"}, "reopened is not a whole number"),
        ({"reopened": "1.5"}, "reopened is not a whole number"),
        ({"reopened": "-1"}, "reopened is negative"),
        ({"feasible": "perhaps"}, "feasible is neither true nor false"),
    ],
)
def test_reasons_to_reject(tmp_path, fields, reason):
    (tmp_path / "cases.csv").write_text(HEADER + row("good", resolved_at="2013-08-20 09:00:00") + row(**fields))
    found = opened(tmp_path / "cases.csv")
    account = reporting.accounting(found)
    assert (account.read, account.accepted, account.rejected) == (2, 1, {reason: 1})
    assert account.balanced
    assert reporting.write_rejected(found, tmp_path / "rejected.csv") == 1
    with (tmp_path / "rejected.csv").open(newline="") as file:
        [listed] = csv.DictReader(file)
    assert (listed["line"], listed["reason"]) == ("3", reason)
    assert listed["text"] == row(**fields).strip()


def test_an_appointment_may_be_any_time_and_is_no_instant_of_the_data(tmp_path):
    early, late = row("a", appointed_at="2013-08-01 09:00:00"), row("b", appointed_at="2014-08-01 09:00:00")
    (tmp_path / "cases.csv").write_text(HEADER + early + late + row("c", responded_at="2013-08-20 12:00:00"))
    found = opened(tmp_path / "cases.csv")
    assert found.account.accepted == 3
    assert edges(found)[1] == ms("2013-08-20 12:00")


def test_dates_far_outside_are_those_of_opening(tmp_path):
    near = [row(f"n{i}", resolved_at="2015-01-01 00:00:00") for i in range(1_100)]
    (tmp_path / "cases.csv").write_text(HEADER + "".join(near) + row("far", opened_at="2031-08-20 09:00:00"))
    found = opened(tmp_path / "cases.csv")
    assert found.account.rejected == {"opened_at is far outside the data": 1}
    assert (found.account.accepted, [d.rows for d in found.days()]) == (1_100, [1_100, 1_100])
    assert edges(found)[1] == ms("2015-01-01")


def test_duplicates_and_conflicts(tmp_path):
    """Kept of one id: the greatest updated_at, else the latest end, else the last file, then the last line."""
    (tmp_path / "1.csv").write_text(HEADER + row("same") + row("end", resolved_at="2013-08-21 09:00:00") + row("file"))
    (tmp_path / "2.csv").write_text(HEADER + row("same") + row("end") + row("file", kind="move"))
    found = opened(tmp_path)
    account = reporting.accounting(found)
    assert (account.read, account.accepted, account.ignored) == (6, 3, {"duplicate": 1})
    assert account.rejected == {"conflicting rows of one case_id": 2}
    assert values(found, "case_id", "kind", "resolved_ms", order="case_id") == [
        ("end", None, ms("2013-08-21 09:00")),
        ("file", "move", None),
        ("same", None, None),
    ]
    reporting.write_rejected(found, tmp_path / "rejected.txt")
    listed = (tmp_path / "rejected.txt").read_text()
    assert f"{tmp_path / '1.csv'},4,conflicting rows of one case_id" in listed
    assert f"{tmp_path / '2.csv'},3,conflicting rows of one case_id" in listed


def test_updated_at_decides_between_conflicting_rows(tmp_path):
    text = "case_id,opened_at,owner,updated_at\n1,2013-08-20 09:00:00,new,2013-08-22 09:00:00\n"
    (tmp_path / "cases.csv").write_text(text + "1,2013-08-20 09:00:00,old,2013-08-21 09:00:00\n")
    found = opened(tmp_path / "cases.csv")
    assert values(found, "owner") == [("new",)]
    assert edges(found)[1] == ms("2013-08-22 09:00")


def test_lines_are_accounted_for(tmp_path):
    text = HEADER + row("1") + "\n" + "2,short\n" + row("3", customer_id='"a\nb"') + row("4")
    (tmp_path / "cases.csv").write_text(text)
    found = opened(tmp_path / "cases.csv")
    assert (found.account.read, found.account.accepted) == (4, 3)
    assert found.account.rejected == {"too few fields": 1}


def test_months_with_other_columns(tmp_path):
    (tmp_path / "1.csv").write_text("case_id,opened_at,kind,grade\n1,2013-08-20 09:00:00,repair,A\n")
    with gzip.open(tmp_path / "2.csv.gz", "wt", encoding="gb18030") as file:
        file.write("kind;area;opened_at;case_id\n投诉;城区;2013-09-20 09:00:00;2\n")
    found = opened(tmp_path, ("grade",))
    column = found.dimensions["grade"]
    assert values(found, "case_id", "kind", "area", column) == [
        ("1", "repair", None, "A"),
        ("2", "投诉", "城区", None),
    ]
    [(code, text)] = found.cautions
    assert code == "missing_column"
    assert "has no column 'grade': its cases count as not recorded there" in text
    with pytest.raises(UsageError, match="there is no column 'grad'"):
        opened(tmp_path, ("grad",))


def test_chinese_headers_through_a_mapping(tmp_path):
    (tmp_path / "cases.csv").write_text(
        "工单号,受理时间,完成时间,类型,是否责任,等级\n7,2013/08/20 09:00,2013/08/21 08:30,移机,是,贵宾\n", "gb18030"
    )
    (tmp_path / "made.toml").write_text(
        'name = "made"\ntimezone = "Asia/Shanghai"\n[cases]\ncase_id = "工单号"\n'
        'opened_at = { column = "受理时间", format = "%Y/%m/%d %H:%M" }\n'
        'resolved_at = { column = "完成时间", format = "%Y/%m/%d %H:%M" }\n'
        'kind = { column = "类型", values = { "移机" = "move" } }\nresponsible = "是否责任"\ntier = "等级"\n',
        "utf-8",
    )
    found = opened(tmp_path / "cases.csv", mapping=str(tmp_path / "made.toml"))
    eight = 8 * 3_600_000
    assert values(found, "kind", "responsible", "tier", "opened_ms", "resolved_ms") == [
        ("move", True, "贵宾", ms("2013-08-20 09:00") - eight, ms("2013-08-21 08:30") - eight)
    ]
    assert found.zone == "Asia/Shanghai"
    assert reporting.accounting(found).first == "2013-08-20T09:00:00+08:00"


def test_typed_tables_of_every_kind(tmp_path):
    import pandas as pd
    import polars as pl

    moments = pd.to_datetime(["2013-08-20 09:00:00", "2013-08-20 09:40:00"]).tz_localize("Asia/Shanghai")
    columns = {"case_id": [1, 2], "opened_at": moments, "resolved_at": [moments[1], pd.NaT], "reopened": [1, 0]}
    frame = pd.DataFrame(columns)
    table = pa.Table.from_pandas(frame)
    pq.write_table(table, tmp_path / "cases.parquet")
    for source, zone in [(s, None) for s in (frame, table, pl.from_arrow(table))] + [
        (tmp_path / "cases.parquet", "Asia/Shanghai")
    ]:
        found = opened(source, tz=zone)
        assert values(found, "case_id", "resolved_ms - opened_ms", "reopened") == [("1", 2_400_000, 1), ("2", None, 0)]
        assert found.zone == "Asia/Shanghai"
    with pytest.raises(UsageError, match="cases cannot be read from a dict"):
        cc.read_cases({"case_id": [1]})


def test_a_rejected_row_of_a_table(tmp_path):
    found = opened(pa.table({"case_id": ["a", "b"], "opened_at": ["2013-08-20 09:00:00", None]}))
    assert reporting.write_rejected(found, tmp_path / "rejected.csv") == 1
    assert (tmp_path / "rejected.csv").read_text().splitlines()[1] == "Arrow table,2,no opened_at,b"


def test_the_second_pass_of_a_doubled_hour_moves_all_that_followed(tmp_path):
    lines = ["1,2013-10-27 02:50:00,2013-10-27 02:55:00\n", "2,2013-10-27 02:10:00,2013-10-27 02:20:00\n"]
    lines.append("3,2013-10-27 01:30:00,2013-10-27 03:30:00\n")
    (tmp_path / "cases.csv").write_text("case_id,opened_at,resolved_at\n" + "".join([lines[2], *lines[:2]]))
    found = opened(tmp_path / "cases.csv", tz="Europe/Berlin")
    minutes = values(found, "case_id", "(resolved_ms - opened_ms) / 60000", order="case_id")
    assert minutes == [("1", 5), ("2", 10), ("3", 180)]
    hour = 3_600_000
    assert values(found, "opened_ms", order="case_id")[1] == (ms("2013-10-27 02:10") - hour,)
    assert [code for code, _ in found.cautions] == ["doubled_hour"]
    assert "3 cases" not in found.cautions[0][1]
    assert "2 cases lie" in found.cautions[0][1]


def test_a_doubled_hour_inside_one_case(tmp_path):
    """02:50 to 02:10 can only be the first and the second pass."""
    (tmp_path / "cases.csv").write_text("case_id,opened_at,resolved_at\n1,2013-10-27 02:50:00,2013-10-27 02:10:00\n")
    found = opened(tmp_path / "cases.csv", tz="Europe/Berlin")
    assert values(found, "(resolved_ms - opened_ms) / 60000") == [(20,)]


def test_times_with_offsets_need_a_zone(tmp_path):
    (tmp_path / "cases.csv").write_text("case_id,opened_at\n1,2013-08-20T01:00:00Z\n")
    with pytest.raises(UsageError, match="no reporting zone is named"):
        opened(tmp_path / "cases.csv")
    assert opened(tmp_path / "cases.csv", tz="Asia/Shanghai").days()[0].first_ms == ms("2013-08-20 01:00")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("opened_at\n2013-08-20 09:00:00\n", "there is no column 'case_id'"),
        ("case_id\n1\n", "there is no column 'opened_at'"),
        ("case_id,opened_at\n", "the input holds no cases, only a header"),
    ],
)
def test_what_is_no_table_of_cases(tmp_path, text, sentence):
    (tmp_path / "cases.csv").write_text(text)
    with pytest.raises(DataError, match=sentence):
        opened(tmp_path / "cases.csv")


def test_too_many_rejected_rows_stop(tmp_path):
    (tmp_path / "cases.csv").write_text(HEADER + row("1") + row("2", opened_at="soon"))
    with pytest.raises(DataError, match="1 of 2 rows were rejected"):
        cc.read_cases(tmp_path / "cases.csv").accounting  # noqa: B018


def test_calls_and_cases_in_one_engine(tmp_path):
    (tmp_path / "calls.csv").write_text(
        "call_id,offered_at,outcome\n1,2013-08-20 09:00:00,answered\n1,2013-08-20 09:00:00,abandoned\nx,y,answered\n"
    )
    (tmp_path / "cases.csv").write_text(HEADER + row("1") + row("1", kind="move") + row("2", opened_at="soon"))
    calls = open_sources([tmp_path / "calls.csv"], Reading())
    cases = open_cases([tmp_path / "cases.csv"], Reading(), engine=calls.engine)
    (tmp_path / "more.csv").write_text(HEADER + row("1") + row("3"))
    more = open_cases([tmp_path / "more.csv"], Reading(), engine=calls.engine)
    assert (cases.view, more.view) == ("accepted_cases", "accepted_cases_2")
    assert [found.engine.value(f"SELECT count(*) FROM {found.view}") for found in (cases, more)] == [1, 2]
    [(joined,)] = calls.engine.rows("SELECT count(*) FROM accepted JOIN accepted_cases ON call_id = case_id")
    assert joined == 1
    assert calls.account.rejected == {"conflicting rows of one call_id": 1, "offered_at is not a time": 1}
    assert cases.account.rejected == {"conflicting rows of one case_id": 1, "opened_at is not a time": 1}
    for found, listed in ((calls, {2, 4}), (cases, {2, 4})):
        reporting.write_rejected(found, tmp_path / "rejected.csv")
        with (tmp_path / "rejected.csv").open(newline="") as file:
            assert {int(r["line"]) for r in csv.DictReader(file)} == listed
    calls.close()


def test_attempts(tmp_path):
    text = "case_id,attempted_at,reached\n1,2013-08-20 09:00:00,no\n1,2013-08-20 09:00:00,no\n"
    text += "1,2013-08-20 15:00:00,是\n,2013-08-20 15:00:00,no\n2,2013-08-20 15:00:00,\n2,2013-08-20 15:00:00,yes\n"
    (tmp_path / "attempts.csv").write_text(text)
    found = opened(tmp_path / "attempts.csv", table="attempts")
    assert (found.account.accepted, found.account.ignored) == (3, {"duplicate": 1})
    assert found.account.rejected == {"no case_id": 1, "conflicting rows of one case_id and attempted_at": 1}
    assert values(found, "case_id", "reached") == [("1", False), ("1", True), ("2", True)]


def test_answers(tmp_path):
    text = "asked_at,channel,score,shop\n2013-08-20 09:00:00,voice,4.5,a\n2013-08-20 09:00:00,voice,4.5,a\n"
    (tmp_path / "answers.csv").write_text(text + "2013-08-20 10:00:00,,,b\n2013-08-20 10:00:00,,good,b\n")
    found = opened(tmp_path / "answers.csv", ("shop",), table="satisfaction")
    assert found.account.rejected == {"score is not a number": 1}
    shop = found.dimensions["shop"]
    assert values(found, "channel", "score", "satisfied", shop) == [
        ("voice", 4.5, None, "a"),
        ("voice", 4.5, None, "a"),  # two customers may answer alike
        (None, None, None, "b"),  # asked, not answered
    ]
    (tmp_path / "answers.csv").write_text("asked_at,channel\n2013-08-20 09:00:00,voice\n")
    with pytest.raises(DataError, match="there is no column 'score' or 'satisfied'"):
        opened(tmp_path / "answers.csv", table="satisfaction")


def test_bases(tmp_path):
    text = "month,what,count\n2013-08,subscribers,1200000\n2013-09-01,subscribers,1210000\n2013年10月,subscribers,5\n"
    text += "2013-11,,5\n2013-11,subscribers,\n2013-11,subscribers,many\nsoon,subscribers,5\n"
    (tmp_path / "bases.csv").write_text(text + "2013-08,subscribers,7\n2013-08,calls,7\n", "utf-8")
    found = opened(tmp_path / "bases.csv", table="bases", tz="Asia/Shanghai")
    assert found.account.rejected == {
        "no what": 1,
        "no count": 1,
        "count is not a whole number": 1,
        "month is not a time": 1,
        "conflicting rows of one month and what": 1,
    }
    assert values(found, "month_ms", "what", "count")[0] == (ms("2013-09-01") - 8 * 3_600_000, "subscribers", 1_210_000)
    assert [n for (n,) in values(found, "count")] == [1_210_000, 5, 7, 7]


def test_a_table_that_is_not_known(tmp_path):
    with pytest.raises(UsageError, match=r"there is no table 'case'\n  hint: did you mean 'cases'"):
        cc.read_cases(tmp_path, table="case")
    with pytest.raises(UsageError, match="there is no table 'case'"):
        open_cases([tmp_path], Reading(), "case")
    with pytest.raises(UsageError, match="no exports were given"):
        open_cases([], Reading())


def test_a_mapping_of_several_tables(tmp_path):
    written = """
name = "made"
longest = "2 hours"
[[ignore]]
name = "tests"
table = "cases"
when = { what = "test" }
[[ignore]]
name = "robots"
table = "calls"
when = { who = "robot" }
[calls]
call_id = "id"
offered_at = "at"
outcome = { always = "answered" }
[cases]
case_id = { join = ["id", "part"], empty = "0" }
opened_at = "at"
kind = { column = "what", split = "/", part = 2 }
paused_ms = { column = "held", unit = "min" }
[bases]
month = { column = "at", format = "%Y" }
what = "what"
count = "n"
"""
    (tmp_path / "made.toml").write_text(written)
    (tmp_path / "cases.csv").write_text(
        "id,part,at,what,held\n1,,2013-08-20 09:00:00,a / b,1.5\n1,2,2013-08-20 09:00:00,a,\n"
        "2,,2013-08-20 09:00:00,test,1\n3,,2013-08-20 09:00:00,a/b/c,121\n"
    )
    found = opened(tmp_path / "cases.csv", mapping=str(tmp_path / "made.toml"))
    assert found.account.ignored == {"tests": 1}
    assert found.account.rejected == {"paused_ms is longer than 2 hours": 1}
    assert values(found, "case_id", "kind", "paused_ms") == [("1|0", "b", 90_000), ("1|2", None, None)]
    (tmp_path / "calls.csv").write_text("id,at,who\n1,2013-08-20 09:00:00,robot\n2,2013-08-20 09:00:00,\n")
    calls = cc.read_calls(tmp_path / "calls.csv", mapping=str(tmp_path / "made.toml"))
    assert (calls.accounting.accepted, calls.accounting.ignored) == (1, {"robots": 1})
    with pytest.raises(PolicyError, match=r"the mapping has no \[attempts\]\n  hint: it has \[calls\], \[cases\], \[b"):
        opened(tmp_path / "cases.csv", mapping=str(tmp_path / "made.toml"), table="attempts")


@pytest.mark.parametrize(
    ("written", "sentence", "hint"),
    [
        ("[case]", "'case' is not a key", "did you mean 'cases'?"),
        ('[cases]\ncase_id = "a"', r"\[cases\] names no opened_at", "opened_at = "),
        ('[cases]\ncase_id = "a"\nopened_at = "b"\nresolvd_at = "c"', "'resolvd_at' is not a key", "'resolved_at'"),
        ('[attempts]\ncase_id = "a"\nattempted_at = "b"', r"\[attempts\] names no reached", "reached = "),
        ('[satisfaction]\nasked_at = "a"', "names neither score nor satisfied", ""),
        ('[bases]\nmonth = "a"\nwhat = "b"\ncount = {}', "count names no column", ""),
        ('[bases]\nmonth = "a"\nwhat = { column = "b", always = "c" }\ncount = "c"', "and what is always there", ""),
        ('[bases]\nmonth = "a"\nwhat = { column = "b", part = 0 }\ncount = "c"', "part must be a whole number", ""),
        (
            '[[ignore]]\nname = "x"\ntable = "case"\nwhen = { a = "b" }',
            r"there is no \[case\]",
            "did you mean 'cases'?",
        ),
    ],
)
def test_mappings_that_cannot_be_followed(written, sentence, hint):
    with pytest.raises(PolicyError, match=sentence) as raised:
        mapping_file.parse(f'name = "made"\n{written}', "made.toml")
    assert hint in raised.value.hint


def test_a_mapping_of_cases_reads_no_calls(tmp_path):
    (tmp_path / "calls.csv").write_text("complaint_id\n1\n")
    with pytest.raises(PolicyError, match=r"the mapping has no \[calls\]\n  hint: it has \[cases\]"):
        cc.read_calls(tmp_path / "calls.csv", mapping="cfpb").accounting  # noqa: B018


def test_what_is_known_of_a_table_is_whole():
    for table in (CALLS, *TABLES.values()):
        assert {*table.required, *table.filled, *table.either, *table.key} <= set(table.columns)
        assert set(table.later) <= set(table.moments)
        assert set(table.lenient) <= set(table.numbers)
        assert len(set(table.columns)) == len(table.columns)
        assert table.first in table.required


def test_swapped_dates_are_told(tmp_path):
    """Tickets numbered as they come in April to June; dates up to the 12th with day and month changed places."""
    days = [datetime(2015, month, day, 9, tzinfo=UTC) for month in (4, 5, 6) for day in range(1, 31)]
    swap = lambda d: d.replace(month=d.day, day=d.month) if d.day <= 12 else d  # noqa: E731

    def read(dates):
        rows = [f"{i},{d:%Y-%m-%d %H:%M:%S}\n" for i, d in enumerate(dates)]
        (tmp_path / "cases.csv").write_text("case_id,opened_at\n" + "".join(rows))
        return [text for code, text in opened(tmp_path / "cases.csv").cautions if code == "swapped_dates"]

    assert read(days) == []
    [text] = read([swap(d) for d in days])
    assert "Day and month of opened_at look swapped in 33 cases dated the 1st to the 12th" in text
    years = [
        datetime(year, month, day, 9, tzinfo=UTC)
        for year in (2013, 2014)
        for month in range(1, 13)
        for day in (3, 9, 20)
    ]
    assert read(years) == []
    assert len(read([swap(d) for d in years])) == 1  # the span tells nothing here: the numbers do


DATA = Path(__file__).parents[2] / "shared" / "data"
MAPPINGS = Path(__file__).parent / "mappings"


def shared(name, **options):
    path = DATA / name
    if not path.exists():
        pytest.skip(f"no complaints: {path} is absent")
    return cc.read_cases(path, **options)


def test_the_bureau_s_extract_without_numbers():
    cases = shared("cfpb-complaints/consumer_complaints.csv", mapping=str(MAPPINGS / "cfpb-extract.toml"))
    account = cases.accounting
    assert (account.read, account.accepted, account.balanced) == (3_186, 3_169, True)
    assert account.ignored == {"duplicate": 11}
    assert account.rejected == {"dispatched_at is before opened_at": 6}
    found = cases.open(POLICY, ("Timely response?", "Product"))
    [(longest, mean)] = found.engine.rows(
        f"SELECT max(dispatched_ms - opened_ms) / 86400000, avg(dispatched_ms - opened_ms) / 86400000 FROM {found.view}"
    )
    assert (longest, f"{mean:.2f}") == (292, "3.18")
    assert found.engine.value(f"SELECT count(DISTINCT kind) FROM {found.view} WHERE kind = 'complaint'") == 1
    assert found.cautions == []


def test_the_bureau_s_interface():
    cases = shared("cfpb-complaints/consumer_complaints_snake_case_147.csv", mapping="cfpb")
    account = cases.accounting
    assert (account.read, account.accepted, account.ignored, account.rejected) == (145, 145, {}, {})
    assert (account.first, account.last) == ("2012-05-17T00:00:00-04:00", "2017-04-22T00:00:00-04:00")


def test_complaints_whose_dates_were_swapped():
    cases = shared("comcast-complaints/Comcast_telecom_complaints_data.csv", mapping=str(MAPPINGS / "comcast.toml"))
    account = cases.accounting
    assert (account.read, account.accepted, account.ignored, account.rejected) == (2_224, 2_224, {}, {})
    found = cases.open(POLICY, ("Status",))
    states = dict(found.engine.rows(f"SELECT {found.dimensions['Status']}, count(*) FROM {found.view} GROUP BY 1"))
    assert states["Closed"] + states["Solved"] == 1_707
    [(code, text)] = found.cautions
    assert code == "swapped_dates"
    assert "572 cases" in text  # 609 are dated the 1st to the 12th; 37 of them read alike either way
