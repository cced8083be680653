"""Customers' numbers appear in no output unless they are asked for, wherever they come from."""

import csv

import pyarrow as pa
import pytest

import cc_metrics as cc
from cc_metrics import reporting
from cc_metrics.errors import EngineError
from cc_metrics.model.promise import Policy
from cc_metrics.store.engine import Engine
from cli_fixture import refused, run

NUMBER = "1380013"  # every customer's begins so
CUSTOMERS = [f"{NUMBER}{n:04}" for n in range(40)]
HEADER = "call_id,offered_at,outcome,wait_ms,talk_ms,customer_id,reason,transferred,resolved"
ROWS = [
    f"{n},2026-03-02 09:{n:02}:00,{'abandoned' if n % 7 == 0 else 'answered'},{n * 1000},60000,{c},bill,false,true"
    for n, c in enumerate(CUSTOMERS)
]
BAD = [
    f"b1,2026-03-02 25:00:00,answered,1,1,{CUSTOMERS[1]},bill,,",
    f"b2,2026-03-02 09:00:00,gone,1,1,{CUSTOMERS[2]},bill,,",
    f"b3,2026-03-02 09:00:00,answered,{CUSTOMERS[3]}",
    f"b4,2026-03-02 09:00:00,answered,{CUSTOMERS[4]},1,,bill,,",
    f"5,2026-03-02 09:05:00,abandoned,5000,1,{CUSTOMERS[5]},bill,,",
]


@pytest.fixture
def export(tmp_path):
    path = tmp_path / "in" / "calls.csv"
    path.parent.mkdir()
    path.write_text("\n".join([HEADER, *ROWS, *BAD]) + "\n", "utf-8")
    return path


def told(*texts):
    """Whether any text names a customer."""
    return [text for text in texts if NUMBER in text]


def test_no_output_of_a_report_names_a_customer(export, tmp_path):
    outputs = [tmp_path / f"report.{ending}" for ending in ("json", "csv", "md", "parquet")]
    asked = [argument for path in outputs for argument in ("--output", path)]
    for show in ("table", "json", "csv", "markdown"):
        late = ("--late", tmp_path / "late.csv", "--by", "queue", "--every", "1h", "--spill", tmp_path)
        ran = run("report", export, "--max-rejected", "100%", "--show", show, *asked, *late)
        assert ran.code == 0, ran.err
        written = [path.read_bytes().decode("latin-1") for path in (*outputs, tmp_path / "late.csv")]
        assert not told(ran.out, ran.err, *written)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"in", "late.csv", *(path.name for path in outputs)}  # nothing spilled stays


def test_check_explain_and_errors_name_none(export):
    for arguments in (("check", export), ("explain", "service_level", export), ("explain", "FCR", export)):
        ran = run(*arguments, "--max-rejected", "100%")
        assert ran.code == 0, ran.err
        assert not told(ran.out, ran.err)
        assert not told(refused_by_share(run(*arguments)))


def refused_by_share(ran):
    assert ran.code == 3
    return ran.out + ran.err


def test_a_list_of_refused_rows_is_asked_for_and_holds_them_as_they_were_written(export, tmp_path):
    run("check", export, "--max-rejected", "100%", "--rejected", tmp_path / "rejected.csv")
    with (tmp_path / "rejected.csv").open(encoding="utf-8", newline="") as file:
        assert BAD[0] in [row["text"] for row in csv.DictReader(file)]


def test_by_customer_asks(export):
    ran = run("report", export, "--max-rejected", "100%", "--by", "customer_id", "--show", "csv")
    assert CUSTOMERS[3] in ran.out


@pytest.mark.parametrize("asked", ["13800139999", "nobody"])
def test_who_asks_for_one_customer_is_told_of_no_other(export, asked):
    """The nearest value would be another customer's number."""
    error = refused(run("report", export, "--max-rejected", "100%", "--where", f"customer_id={asked}"), 2)
    assert f"no call has customer_id {asked!r}" in error
    assert "it is not among the 40 recorded" in error
    assert not told(error.replace("13800139999", ""))


def test_a_promise_on_one_customer_tells_of_no_other(export, tmp_path):
    policy = 'name = "p"\n[[promise]]\nname = "Ours"\nmeasure = "service_level"\nwhere = { customer_id = "nobody" }\n'
    (tmp_path / "p.toml").write_text(policy + 'within = "20s"\ntarget = "80 %"\n', "utf-8")
    ran = run("report", export, "--max-rejected", "100%", "--policy", tmp_path / "p.toml", "--show", "json")
    assert "No call has customer_id 'nobody'" in ran.out
    assert not told(ran.out, ran.err)


MAPPED = """
name = "made"
[calls]
call_id = { join = ["phone", "at"] }
offered_at = "at"
outcome = "how"
wait_ms = { column = "wait", unit = "s" }
customer_id = "phone"
"""


def test_an_id_made_of_the_number_is_left_out_of_the_late_list(tmp_path):
    (tmp_path / "calls.csv").write_text("phone,at,how,wait\n13800130001,2026-03-02 09:00:00,answered,30\n", "utf-8")
    (tmp_path / "made.toml").write_text(MAPPED, "utf-8")
    mapping = ("--mapping", tmp_path / "made.toml")
    ran = run("report", tmp_path / "calls.csv", *mapping, "--late", tmp_path / "late.csv", "--show", "json")
    [row] = list(csv.DictReader((tmp_path / "late.csv").read_text().splitlines()))
    assert (row["line"], row["call_id"], row["late_by_s"]) == ("2", "", "10.0")
    assert not told(ran.out, ran.err)
    error = refused(run("report", tmp_path / "calls.csv", *mapping, "--where", "phone=13800139999"), 2)
    assert not told(error.replace("13800139999", ""))


def test_a_file_without_a_header_does_not_lend_its_first_row_to_a_hint(tmp_path):
    """The first row taken for names holds a customer's number."""
    (tmp_path / "calls.csv").write_text("\n".join(ROWS) + "\n", "utf-8")
    (tmp_path / "made.toml").write_text(MAPPED, "utf-8")
    for mapping in ((), ("--mapping", tmp_path / "made.toml"), ("--mapping", "five9")):
        assert not told(refused(run("report", tmp_path / "calls.csv", *mapping), 3))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "pivot.jsonl",
            f'{{"id": 1, "at": "2026-03-02T09:00:00Z", "calls": {{"{CUSTOMERS[0]}": 2, "{CUSTOMERS[1]}": 3}}}}',
        ),
        ("pivot.csv", f"id,at,{CUSTOMERS[0]},{CUSTOMERS[1]}\n1,2026-03-02 09:00:00,2,3\n"),
        ("bare.csv", "\n".join(ROWS) + "\n"),
        (
            "words.csv",
            "id,at,result\n" + "".join(f"{n},2026-03-02 09:00:00,{c}\n" for n, c in enumerate(CUSTOMERS[:9])),
        ),
    ],
)
def test_a_mapping_to_start_from_quotes_no_number(tmp_path, name, text):
    """Neither where numbers are the names of columns, nor where they stand in a column of words."""
    (tmp_path / name).write_text(text, "utf-8")
    ran = run("mappings", "init", tmp_path / name)
    assert ran.code == 0, ran.err
    assert not told(ran.out)
    assert ("and 2 columns whose names may be somebody's numbers" in ran.out) is (name == "pivot.jsonl")


def test_a_refusal_of_the_engine_quotes_no_number():
    found = Engine()
    with pytest.raises(EngineError, match="the engine refused a statement") as refusal:
        found.run(f"SELECT CAST('{CUSTOMERS[0]}x' AS BIGINT)")
    found.close()
    assert not told(str(refusal.value))


def test_what_a_notebook_shows_names_none(export):
    calls = cc.read_calls(export, max_rejected=1)
    report = cc.report(calls, by=["queue"])
    shown = [repr(calls), repr(calls.accounting), repr(report), report._repr_html_()]
    tables = (report.calls, report.promises, report.intervals, report.first_call_resolution)
    shown += [table.to_string() for table in tables]
    assert not told(*shown)
    columns = {"call_id": ["1"], "offered_at": ["2026-03-02 09:00:00"], "outcome": ["answered"]}
    given = pa.table({**columns, "customer_id": CUSTOMERS[:1]})
    assert not told(repr(cc.read_calls(given)))


def test_the_summary_behind_a_report_names_none(export, tmp_path):
    calls = cc.read_calls(export, max_rejected=1)
    cc.report(calls).save(tmp_path / "day.parquet")
    assert NUMBER.encode() not in (tmp_path / "day.parquet").read_bytes()
    found = calls.open(Policy("p"))
    assert reporting.accounting(found).balanced
