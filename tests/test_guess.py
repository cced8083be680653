"""Guessed mappings: they always load, read plain files with the same figures, and say what they do not know."""

from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

import cc_metrics as cc
from cc_metrics.errors import DataError
from cc_metrics.store import guess, guess_values, head, mapping_file
from cc_metrics.store.guess_columns import Columns
from cc_metrics.store.guess_toml import comment, key, quoted
from cc_metrics.store.mapping import Field, Length, Moment
from cli_fixture import refused, run
from test_vendor_mappings import EXPECTED, SAMPLES

ROOT = Path(__file__).parent.parent
SAMPLE_DATA = sorted(p for p in (ROOT / "sample_data").rglob("*") if p.suffix in (".csv", ".parquet"))


def guessed(path):
    return mapping_file.parse(guess.mapping_text(path), str(path))


@pytest.fixture
def export(tmp_path):
    """A mapping guessed from lines, with its text."""

    def made(*lines, encoding="utf-8"):
        path = tmp_path / "export.csv"
        path.write_bytes("".join(f"{line}\n" for line in lines).encode(encoding))
        text = guess.mapping_text(path)
        return mapping_file.parse(text, "guessed"), text

    return made


def levels(source, mapping, **options):
    calls = cc.read_calls(source, mapping=str(mapping), max_rejected=1, **options)
    rows = cc.service_level(calls, within="20s", by=["tier"])
    figures = [
        "tier",
        "offered",
        "answered",
        "abandoned",
        "redirected",
        "answered_within",
        "mean_wait_s",
        "mean_talk_s",
    ]
    found = rows[figures].astype(object).where(rows[figures].notna(), None)
    return calls.accounting, found.to_dict("records"), cc.first_call_resolution(calls, window="24h").to_dict("records")


@pytest.mark.parametrize("path", SAMPLE_DATA, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_every_file_of_the_sample_data_gives_a_mapping_that_loads(path):
    assert guessed(path).tables


def test_of_lines_that_are_no_table_none_is_guessed():
    with pytest.raises(DataError, match="a mapping is guessed from columns, and this file has none"):
        guessed(SAMPLES / "queue-log" / "queue_log.txt")


@pytest.mark.parametrize("name", [name for name in EXPECTED if name != "queue-log"])
def test_every_sample_gives_a_mapping_that_loads(name):
    found = guessed(SAMPLES / name / EXPECTED[name].file)
    assert {"call_id", "offered_at", "outcome"} <= set(found.calls)
    assert f"--mapping {name} has been thought through" in guess.mapping_text(SAMPLES / name / EXPECTED[name].file)


def test_the_chinese_hotline_reads_as_with_the_mapping_written_by_hand(tmp_path):
    """GB18030, Chinese headers and words: every canonical column is found, and every figure is the same."""
    source = ROOT / "sample_data" / "gb18030" / "calls-2013-08-21.csv"
    text = guess.mapping_text(source)
    (tmp_path / "guessed.toml").write_text(text, "utf-8")
    by_hand = ROOT / "sample_data" / "chinese-hotline.toml"
    assert set(mapping_file.load(str(by_hand)).calls) == set(mapping_file.load(str(tmp_path / "guessed.toml")).calls)
    assert levels(source, tmp_path / "guessed.toml", tz="Asia/Shanghai") == levels(source, by_hand)


def test_canonical_files_read_as_without_a_mapping(tmp_path):
    source = ROOT / "sample_data" / "hotline" / "calls-2013-08-12.csv"
    (tmp_path / "guessed.toml").write_text(guess.mapping_text(source), "utf-8")
    (tmp_path / "bare.toml").write_text(
        "\n".join(['name = "bare"', "[calls]", *(f'{n} = "{n}"' for n in head.look(source).names)]), "utf-8"
    )
    found = levels(source, tmp_path / "guessed.toml", tz="Asia/Shanghai")
    assert found == levels(source, tmp_path / "bare.toml", tz="Asia/Shanghai")
    plain = cc.read_calls(source, tz="Asia/Shanghai", max_rejected=1)
    assert found[0] == plain.accounting


def test_parquet_gives_what_its_text_gives(tmp_path):
    source = SAMPLES / "talkdesk" / "calls.csv"
    with duckdb.connect() as engine:
        pq.write_table(engine.read_csv(str(source)).to_arrow_table(), tmp_path / "calls.parquet")
    assert guessed(tmp_path / "calls.parquet").calls == guessed(source).calls


HEADER = "Call ID,Start Time,Queue,Result,Wait,Caller"


@pytest.mark.parametrize(
    ("written", "formats"),
    [
        (["2026-03-02 09:00:00", "2026-03-02T09:00:00.5Z"], ("iso",)),
        (["1772442000", "1772442060"], ("epoch_s",)),
        (["1772442000000", "1772442060500"], ("epoch_ms",)),
        (["31/03/2026 09:00:00", "02/03/2026 09:00:00"], ("%d/%m/%Y %H:%M:%S",)),
        (["03/31/2026 09:00", "03/02/2026 09:00"], ("%m/%d/%Y %H:%M",)),
        (["31.3.26 9:05", "1.3.26 9:05"], ("%d.%m.%y %H:%M",)),
        (["2013/8/31 9:05", "2013/8/1 10:05"], ("%Y/%m/%d %H:%M",)),
        (["2013年8月31日 9:05:01", "2013年8月1日 10:05:01"], ("%Y年%m月%d日 %H:%M:%S",)),
        (["03/31/2026 9:00:00 PM", "03/02/2026 11:00:00 AM"], ("%m/%d/%Y %I:%M:%S %p",)),
        (["20130831090500", "20130831090600"], ("%Y%m%d%H%M%S",)),
        (["Mon, 02 Mar 2026 09:00:00", "Tue, 03 Mar 2026 09:00:00"], ("%a, %d %b %Y %H:%M:%S",)),
    ],
)
def test_how_moments_are_written(export, written, formats):
    mapping, _ = export(HEADER, *(f'{i},"{w}",sales,answered,10,' for i, w in enumerate(written)))
    offered = mapping.calls["offered_at"]
    assert isinstance(offered, Moment)
    assert (offered.columns, offered.formats) == (("Start Time",), formats)


@pytest.mark.parametrize(
    ("dates", "why"),
    [
        (["03/02/2026", "12/12/2026"], "no value such as 03/02/2026 09:00:00 proves it"),  # 12 proves nothing
        (["13/02/2026", "02/13/2026"], "13/02/2026 09:00:00 and 02/13/2026 09:00:00 contradict each other"),
    ],
)
def test_day_and_month_are_never_guessed(export, dates, why):
    mapping, text = export(HEADER, *(f"{i},{d} 09:00:00,sales,answered,10," for i, d in enumerate(dates)))
    assert mapping.calls["offered_at"] == Moment(("FILL IN",))
    assert why in text
    for order in ("%d/%m/%Y", "%m/%d/%Y"):
        assert f'\n# offered_at = {{ column = "Start Time", format = "{order} %H:%M:%S" }}' in text


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_end_of_a_long_file_may_prove_what_its_beginning_does_not(export, encoding):
    """The first thousand rows are of one day."""
    rows = [f"{i},01/03/2026 09:00:00,宽带,answered,10," for i in range(30_000)]
    assert export(HEADER, *rows, encoding=encoding)[0].calls["offered_at"] == Moment(("FILL IN",))
    mapping, text = export(HEADER, *rows, "30000,31/03/2026 09:00:00,宽带,answered,10,", encoding=encoding)
    assert mapping.calls["offered_at"] == Moment(("Start Time",), formats=("%d/%m/%Y %H:%M:%S",))
    assert "day first in 1 of 1,999 values, such as 31/03/2026" in text


def test_a_mapping_to_fill_in_says_so_when_it_is_used(export, tmp_path):
    _, text = export(HEADER, "1,03/02/2026 09:00:00,sales,answered,10,")
    (tmp_path / "guessed.toml").write_text(text, "utf-8")
    said = refused(run("report", tmp_path / "export.csv", "--mapping", tmp_path / "guessed.toml"), 3)
    assert "there is no column 'FILL IN'" in said


def test_a_date_and_a_clock(export):
    mapping, _ = export("Id,Date,Time,Result,Wait", "1,31/03/2026,09:00:00,answered,10")
    assert mapping.calls["offered_at"] == Moment(("Time",), "Date", formats=("%d/%m/%Y %H:%M:%S",))


@pytest.mark.parametrize(
    ("name", "values", "unit"),
    [
        ("Wait", ["0", "0", "999", "999", "999"], "s"),
        ("Wait", ["0", "0", "0", "5000"], "ms"),  # zeros say nothing about the unit
        ("Wait", ["1000", "1000", "5"], "ms"),
        ("Wait", ["999.5", "3"], "s"),
        ("Wait (ms)", ["1", "2"], "ms"),
        ("wait_s", ["5000", "6000"], "s"),
        ("等待时长（毫秒）", ["1", "2"], "ms"),
        ("等待时长(秒)", ["5000", "6000"], "s"),
        ("Wait (min)", ["1", "2"], "min"),
        ("Wait", ["0:00:05", "1:00"], "clock"),
        ("Wait", ["5", "9", "0:02:00"], "clock"),  # which reads seconds too
        ("Wait", ["５", "１０"], "s"),
        ("Talk Time", ["7199"], "s"),
        ("Talk Time", ["7200"], "ms"),
    ],
)
def test_units_of_lengths(export, name, values, unit):
    rows = (f"{i},2026-03-02 09:00:00,answered,{v}" for i, v in enumerate(values))
    mapping, _ = export(f"Id,Start Time,Result,{name}", *rows)
    length = mapping.calls["talk_ms" if "Talk" in name else "wait_ms"]
    assert isinstance(length, Length)
    assert (length.column, length.unit) == (name, unit)


def test_what_is_no_length_is_not_taken_for_one(export):
    mapping, text = export("Id,Start Time,Result,Wait", "1,2026-03-02 09:00:00,answered,long")
    assert "wait_ms" not in mapping.calls
    assert '# wait_ms = "..."' in text


def test_waits_between_moments(export):
    mapping, _ = export(
        "Id,Start Time,Answer Time,End Time,Result",
        "1,1772442000,1772442010,1772442100,answered",
        "2,1772442000,0,1772442030,abandoned",
    )
    answered = Moment(("Answer Time", "End Time"), formats=("epoch_s",))
    assert mapping.calls["wait_ms"] == Length(until=answered)
    assert mapping.calls["talk_ms"] == Length(since=answered, until=Moment(("End Time",), formats=("epoch_s",)))
    assert mapping.null["Answer Time"] == ("0",)


def test_words_that_nobody_knows_are_left_to_a_person(export):
    mapping, text = export(
        HEADER,
        *(
            f"{i},2026-03-02 09:00:00,sales,{w},10,"
            for i, w in enumerate(["ANS", "ANS", "ABN", "Ovf", "missed", "X 1"])
        ),
    )
    outcome = mapping.calls["outcome"]
    assert isinstance(outcome, Field)
    meanings = {"ANS": "answered", "ABN": "abandoned", "Ovf": "redirected", "missed": "abandoned"}
    assert dict(outcome.values) == meanings
    assert '\n# "X 1" = "..."' in text
    assert "1 row; answered, abandoned or redirected?" in text
    assert "nobody answered: if the caller did not hang up, redirected" in text


def test_who_hung_up_is_no_outcome_but_the_time_of_the_answer_is(tmp_path):
    """The same column of hang-ups as the shipped mapping reads, word by word."""
    source, mapping = SAMPLES / "chinese-export" / "calls.csv", tmp_path / "guessed.toml"
    text = guess.mapping_text(source)
    mapping.write_text(text.replace("# timezone", "timezone"), "utf-8")
    (_, guessed_levels, _), (_, known_levels, _) = levels(source, mapping), levels(source, "chinese-export")
    assert guessed_levels == known_levels
    assert '# "坐席挂机": 2 rows; and where nobody answered?' in text
    rules = mapping_file.load(str(mapping)).calls["outcome"].rules
    assert [rule.value for rule in rules] == ["answered", "abandoned", "redirected"]


def test_without_words_the_time_of_the_answer_decides(export):
    mapping, text = export(
        "Id,Start Time,Answer Time", "1,1772442000,1772442010", "2,1772442000,1772442010", "3,1772442000,0"
    )
    answered, abandoned = mapping.calls["outcome"].rules
    assert (answered.value, answered.when["Answer Time"].filled) == ("answered", True)
    assert (abandoned.value, abandoned.when["Answer Time"].filled) == ("abandoned", False)
    assert "calls that left the queue otherwise would be in here too" in text


def test_words_with_numbers_in_them_are_not_written_down(export):
    rows = [f"{i},2026-03-02 09:00:00,{w}" for i, w in enumerate(["ANS", "ABN", "ANS", "sent to 13800138000"])]
    _, text = export("Id,Start Time,Result", *rows)
    assert "13800138000" not in text
    assert "# and 1 words with numbers in them" in text


@pytest.mark.parametrize(
    ("name", "yes", "no"), [("Answered (Y/N)", "answered", "abandoned"), ("Abandoned", "abandoned", "answered")]
)
def test_flags_of_an_outcome(export, name, yes, no):
    rows = [f"{i},2026-03-02 09:00:00,{f}" for i, f in enumerate(["Y", "Y", "N"])]
    mapping, text = export(f"Id,Start Time,{name}", *rows)
    assert dict(mapping.calls["outcome"].values) == {"Y": yes, "N": no}
    assert ("calls that left the queue otherwise would be in here too" in text) == (name != "Abandoned")


def test_a_flag_of_something_else_is_no_outcome(export):
    mapping, text = export("Id,Start Time,Status", "1,2026-03-02 09:00:00,1", "2,2026-03-02 09:00:00,0")
    assert mapping.calls["outcome"].columns == ("FILL IN",)
    assert "no words of an outcome found" in text


def test_nulls_and_numbers_withheld(export):
    mapping, text = export(
        HEADER,
        "1,2026-03-02 09:00:00,-,answered,10,0",
        "2,2026-03-02 09:00:00,sales,answered,NULL,13800138000",
        "3,2026-03-02 09:00:00,sales,abandoned,-1,\\N",
    )
    assert mapping.nulls == ("-", "NULL", "\\N")
    assert dict(mapping.null) == {"Caller": ("0",), "Wait": ("-1",)}
    assert "13800138000" not in text


def test_without_ids_calls_are_told_by_everything_but_the_number(export):
    mapping, text = export("Start Time,Result,Caller", "2026-03-02 09:00:00,answered,13800138000")
    assert mapping.calls["call_id"] == Field(("Start Time", "Result"), empty="")
    assert "13800138000" not in text


def test_what_might_be_meant_is_named(export):
    _, text = export(
        "Id,Start Time,Result,Team", *(f"{i},2026-03-02 09:00:00,answered,{t}" for i, t in enumerate("ab"))
    )
    assert '# queue = "..."'.ljust(34) + " # not found; might be: Team" in text
    assert "# left over:\n#   Team\n" in text


def test_words_of_directions_and_channels_are_translated(export):
    rows = ["1,2026-03-02 09:00:00,answered,呼入,Phone Call", "2,2026-03-02 09:00:00,answered,呼出,Chat"]
    mapping, _ = export("Id,Start Time,Result,呼叫方向,Channel", *rows)
    assert dict(mapping.calls["direction"].values) == {"呼入": "inbound", "呼出": "outbound"}
    assert dict(mapping.calls["channel"].values) == {"Phone Call": "voice"}


def test_flags_are_read_or_translated(export):
    rows = ["1,2026-03-02 09:00:00,answered,是,已解决", "2,2026-03-02 09:00:00,answered,否,未解决"]
    mapping, _ = export("Id,Start Time,Result,是否转接,是否解决", *rows)
    assert mapping.calls["transferred"] == Field(("是否转接",))
    assert dict(mapping.calls["resolved"].values) == {"已解决": "true", "未解决": "false"}


def test_files_without_a_header(export):
    mapping, text = export("1,2026-03-02 09:00:00,answered", "2,2026-03-02 09:01:00,abandoned")
    assert mapping.file.header is False
    assert mapping.calls["offered_at"].columns == ("2",)  # the only column of moments
    assert "left over" in text


@pytest.mark.parametrize(
    "hostile", ['a "b"', "a'''b", "a\\", "[calls]", "a # b", "\u202ea", "a\x7fb", "a = 1", "é", "x" * 300]
)
def test_names_and_words_of_any_kind_give_toml_that_loads(export, hostile):
    field = hostile.replace('"', '""')
    mapping, text = export(
        f'"{field}",Id,Start Time,Result',
        *(f'"{field}",{i},2026-03-02 09:00:00,{r}' for i, r in enumerate(("ANS", f'"{field}"'))),
    )
    assert dict(mapping.calls["outcome"].values)["ANS"] == "answered"
    assert all(line.isprintable() for line in text.splitlines())


def test_a_line_break_in_a_name_stays_in_its_comment(export):
    mapping, text = export('"a\nname = ""evil""",Id,Start Time,Result', "x,1,2026-03-02 09:00:00,ANS")
    assert mapping.name == "mine"
    assert '\nname = "evil"' not in text


def test_keys_strings_and_comments():
    assert (key("a-b_1"), key("a.b"), key("")) == ("a-b_1", '"a.b"', '""')
    assert quoted("\x00\u2028\U000e0001") == '"\\u0000\\u2028\\U000e0001"'
    assert comment("a\nb") == "a�b"


def test_most_values_decide_and_a_damaged_one_does_not():
    nine = ["2026-03-02 09:00:00"] * 9
    assert guess_values.times([*nine, "?"]).formats == ("iso",)
    assert guess_values.times([*nine, "?", "?"]) is None
    assert guess_values.times([]) is None
    assert guess_values.unit("wait_ms", "wait", []) is None


def test_an_empty_column_is_taken_for_nothing():
    columns = Columns(["Id", "Queue"], [("1", ""), ("2", "")])
    assert columns.values == {"Id": ["1", "2"], "Queue": []}
    assert columns.different("Queue") == 0


def test_the_command_writes_it_and_refuses_folders(tmp_path):
    path = SAMPLES / "five9" / "call-log.csv"
    assert run("mappings", "init", path).out == guess.mapping_text(path)
    assert "is 9 files" in refused(run("mappings", "init", ROOT / "sample_data" / "hotline"), 2)
    assert "no such file" in refused(run("mappings", "init", tmp_path / "no.csv"), 3)
