"""Calls, cases and what is beside them in one report: told apart by header, each with its own period and dimensions."""

import csv
import gzip

import pyarrow.csv
import pyarrow.parquet
import pytest

from case_fixture import reported, write, written
from cc_metrics.errors import CcMetricsError, UsageError
from cc_metrics.store import kinds, mapping_file
from cli_fixture import run

DAY = "2013-08-20T{:02}:00:00+08:00"
CALLS = [
    {"call_id": f"k{n}", "offered_at": DAY.format(n), "outcome": "answered", "wait_ms": 1000 * n, "queue": "a"}
    for n in range(24)
]
CASES = [
    {
        "case_id": "c1",
        "kind": "repair",
        "opened_at": "2013-08-18T00:10:00+08:00",
        "resolved_at": "2013-08-18T09:00:00+08:00",
        "product": "fibre",
        "owner": "ann",
    },
    {
        "case_id": "c2",
        "kind": "repair",
        "opened_at": "2013-08-18T08:00:00+08:00",
        "resolved_at": "2013-08-19T23:59:00+08:00",
        "product": "adsl",
        "owner": "bob",
    },
]
ANSWERS = [{"asked_at": "2013-08-18T10:00:00+08:00", "channel": "web", "satisfied": "yes"}]
PROMISES = (
    'measure = "service_level"\nwithin = "20 s"\ntarget = "80 %"',
    'measure = "turnaround"\nwithin = "24 hours"\ntarget = "90 %"',
)


@pytest.fixture(name="folder")
def _folder(tmp_path):
    """A folder as an operator leaves it: a table a file, in several shapes."""
    folder = tmp_path / "exports"
    folder.mkdir()
    write(folder / "day.csv", CALLS)
    text = write(tmp_path / "cases.csv", CASES).read_bytes()
    (folder / "repairs.csv.gz").write_bytes(gzip.compress(text))
    answers = write(tmp_path / "answers.csv", ANSWERS)
    pyarrow.parquet.write_table(pyarrow.csv.read_csv(answers), folder / "survey.parquet")
    utf16 = write(tmp_path / "bases.csv", [{"month": "2013-08", "what": "lines", "count": 9}]).read_text()
    (folder / "bases.csv").write_bytes(utf16.encode("utf-16"))
    return folder


def test_a_folder_holds_every_table(folder, tmp_path):
    found = reported(sorted(folder.iterdir()), written(tmp_path, *PROMISES))
    assert [(j.row["owed"], j.row["verdict"]) for j in found.promises] == [(24, "kept"), (2, "missed")]
    assert {name: account.read for name, account in found.beside.items()} == {"cases": 2, "satisfaction": 1, "bases": 1}
    assert found.accounting.read == 24
    assert found.head.label == "Tue 20 Aug 2013  00:00-24:00"
    assert found.about_cases is not None
    assert found.about_cases.label == "Sun 18 Aug 2013 - Mon 19 Aug 2013"


def test_a_mapping_s_columns_tell_as_well(tmp_path):
    calls = '[calls]\ncall_id = "Nr"\noffered_at = "Start"\noutcome = "Result"\n'
    mapping = mapping_file.parse(f'name = "m"\n{calls}[cases]\ncase_id = "Ticket"\nopened_at = "Open"\n', "m")
    tickets = write(tmp_path / "tickets.csv", [{"Ticket": 1, "Open": "2013-08-20", "More": ""}])
    spoken = write(tmp_path / "calls.csv", [{"Nr": 1, "Start": "2013-08-20", "Result": "answered"}])
    assert kinds.sort([spoken, tickets], mapping) == {"calls": [spoken], "cases": [tickets]}


def test_a_mapping_of_cases_alone_leaves_canonical_calls_alone(tmp_path):
    mapping = mapping_file.parse('name = "m"\n[cases]\ncase_id = "Ticket"\nopened_at = "Open"\n', "m")
    tickets = write(tmp_path / "tickets.csv", [{"Ticket": 1, "Open": "2013-08-20"}])
    spoken = write(tmp_path / "calls.csv", [{"call_id": 1, "offered_at": "2013-08-20", "outcome": "answered"}])
    strange = write(tmp_path / "strange.csv", [{"Ticket": 1, "Opened": "2013-08-20"}])
    found = kinds.sort([spoken, tickets, strange], mapping)
    assert found == {"calls": [spoken], "cases": [tickets, strange]}  # the last is refused by its missing column


def test_each_dimension_is_asked_of_the_tables_that_have_it(folder, tmp_path):
    rules = written(tmp_path, *PROMISES)
    found = reported(sorted(folder.iterdir()), rules, by=["queue", "product", "owner"])
    assert [row["queue"] for row in found.calls] == ["a"]
    assert sorted((row["product"], row["owner"]) for row in found.cases) == [("adsl", "bob"), ("fibre", "ann")]
    with pytest.raises(CcMetricsError, match="colour"):
        reported(sorted(folder.iterdir()), rules, by=["colour"])


def test_a_report_without_calls_does_not_judge_those_on_calls(folder, tmp_path):
    found = reported([folder / "repairs.csv.gz"], written(tmp_path, *PROMISES))
    assert [j.row["verdict"] for j in found.promises] == ["no_data", "missed"]
    assert found.promises[0].note == "no calls were given; give calls"
    assert found.total == ()


def test_the_command_reads_cases_and_lists_what_was_late(folder, tmp_path):
    late = tmp_path / "late.csv"
    rules = written(tmp_path, *PROMISES)
    done = run(
        "report",
        str(folder / "day.csv"),
        "--cases",
        str(folder / "repairs.csv.gz"),
        "--policy",
        str(rules),
        "--late",
        str(late),
    )
    assert done.code == 0
    with late.open() as file:
        rows = list(csv.DictReader(file))
    assert [row["call_id"] for row in rows if row["call_id"]] == ["k21", "k22", "k23"]
    [case] = [row for row in rows if row["case_id"]]
    assert (case["promise"], case["case_id"], case["line"], case["due_at"]) == (
        "b",
        "c2",
        "3",
        "2013-08-19T08:00:00+08:00",
    )
    assert float(case["late_by_s"]) == 15 * 3600 + 59 * 60


def test_nothing_given_is_said(tmp_path):
    done = run("report", "--policy", str(written(tmp_path, *PROMISES)))
    assert done.code == 2
    assert "nothing was given to report on" in done.err


def test_a_value_that_neither_calls_nor_cases_have(folder, tmp_path):
    done = run("report", str(folder), "--policy", str(written(tmp_path, *PROMISES)), "--where", "owner=carl")
    assert (done.code, "no call or case has owner 'carl'" in done.err) == (2, True)
    narrowed = run(
        "report", str(folder), "--policy", str(written(tmp_path, *PROMISES)), "--where", "owner=ann", "--show", "json"
    )
    assert narrowed.code == 0


def test_check_tells_every_table(folder):
    done = run("check", str(folder), "--tz", "Asia/Shanghai")
    assert done.code == 0
    tables = [line.split()[1] for line in done.out.splitlines() if line.startswith("table")]
    assert tables == ["calls", "cases", "satisfaction", "bases"]


def test_a_wrong_option_stops_before_reading(tmp_path):
    with pytest.raises(UsageError, match="is not a time"):
        reported([write(tmp_path / "cases.csv", CASES)], written(tmp_path, *PROMISES), start="then")
