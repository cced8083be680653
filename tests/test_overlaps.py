"""The same call in two exports counts once, whatever the order and kind of files; an id that begins anew is told."""

import csv

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import cc_metrics as cc
from cc_metrics import reporting
from cc_metrics.errors import DataError
from cc_metrics.model.promise import Policy
from cli_fixture import refused, run

HEADER = "call_id,offered_at,outcome,wait_ms,talk_ms,updated_at\n"

# written at midnight: m1 is over, m2 rings an agent, m3 is still in the queue and looks as if it had left it
MONDAY = """\
m1,2026-03-02 23:40:00,answered,10000,60000,2026-03-02 23:41:10
m2,2026-03-02 23:58:00,answered,20000,0,2026-03-02 23:58:20
m3,2026-03-02 23:59:30,redirected,30000,,2026-03-03 00:00:00
"""
TUESDAY = """\
m1,2026-03-02 23:40:00,answered,10000,60000,2026-03-02 23:41:10
m2,2026-03-02 23:58:00,answered,20000,300000,2026-03-03 00:03:20
m3,2026-03-02 23:59:30,answered,45000,90000,2026-03-03 00:01:45
t1,2026-03-03 00:10:00,abandoned,5000,,2026-03-03 00:10:05
"""
WHOLE = (4, 3, 1, 0, 75.0, 450.0)  # offered, answered, abandoned, redirected, waits and talks of answered calls


def figures(calls):
    [row] = cc.service_level(calls).to_dict("records")
    seconds = (row["answered"] * row["mean_wait_s"], row["answered"] * row["mean_talk_s"])
    return (row["offered"], row["answered"], row["abandoned"], row["redirected"], *seconds)


def written(path, text, header=HEADER):
    """An export as CSV, or by its ending as Parquet."""
    if path.suffix == ".parquet":
        rows = list(csv.DictReader((header + text).splitlines()))
        table = pa.table({name: [row[name] or None for row in rows] for name in rows[0]})
        for name in ("wait_ms", "talk_ms"):
            place = table.column_names.index(name)
            table = table.set_column(place, name, table[name].cast(pa.int64()))
        pq.write_table(table, path)
    else:
        path.write_text(header + text, "utf-8")
    return path


@pytest.mark.parametrize("names", [("mon.csv", "tue.csv"), ("mon.parquet", "tue.csv"), ("mon.csv", "tue.parquet")])
@pytest.mark.parametrize("turned", [False, True], ids=["as written", "Tuesday first"])
@pytest.mark.parametrize("updated", [True, False], ids=["updated_at", "latest end"])
def test_a_call_cut_by_the_end_of_an_export_is_whole_in_the_next(tmp_path, names, turned, updated):
    """The later state is kept: the one last updated, else the one that ends last."""
    texts = (MONDAY, TUESDAY)
    header = HEADER
    if not updated:
        texts = tuple("".join(line.rsplit(",", 1)[0] + "\n" for line in text.splitlines()) for text in texts)
        header = HEADER.replace(",updated_at", "")
    paths = [written(tmp_path / name, text, header) for name, text in zip(names, texts, strict=True)]
    calls = cc.read_calls(paths[::-1] if turned else paths, max_rejected=1)
    account = calls.accounting
    assert (account.read, account.accepted, account.balanced) == (7, 4, True)
    earlier, conflicting = ({"earlier state": 2}, {}) if updated else ({}, {"conflicting rows of one call_id": 2})
    assert account.ignored == {"duplicate": 1} | earlier
    assert account.rejected == conflicting
    assert figures(calls) == WHOLE


def test_a_call_of_no_outcome_yet_is_refused_where_it_is_cut(tmp_path):
    """In the queue as the export was written: no outcome, a reason of its own; the next export has the call."""
    cut = MONDAY.replace("redirected,30000", ",")
    paths = [written(tmp_path / "mon.csv", cut), written(tmp_path / "tue.csv", TUESDAY)]
    calls = cc.read_calls(paths, max_rejected=1)
    assert calls.accounting.rejected == {"unknown outcome": 1}
    assert calls.accounting.ignored == {"duplicate": 1, "earlier state": 1}
    assert figures(calls) == WHOLE


ANEW = """\
1,2026-03-{day} 09:00:00,answered,10000,60000
2,2026-03-{day} 09:05:00,abandoned,3000,
"""
SHORT = HEADER.replace(",updated_at", "")


def days(tmp_path, *numbers):
    return [written(tmp_path / f"{day}.csv", ANEW.format(day=day), SHORT) for day in numbers]


def test_ids_that_begin_anew_each_day_are_no_second_state_of_a_call(tmp_path):
    calls = cc.read_calls(days(tmp_path, "02", "03", "04"), max_rejected=1)
    assert calls.accounting.rejected == {"another call with the same call_id, hours apart": 4}
    report = cc.report(calls)
    [told] = [w.text for w in report.report.warnings if w.code == "ids_begin_anew"]
    assert told.startswith("4 rows were rejected for the call_id of a call offered hours before or after: call_id ")
    assert 'Join it with the date in the mapping, call_id = { join = ["date", "id"] }.' in told


def test_the_command_says_how_to_tell_such_calls_apart(tmp_path):
    error = refused(run("report", *days(tmp_path, "02", "03")), 3)
    assert "2 another call with the same call_id, hours apart" in error
    assert "repeats on other days. Join it with the date in the mapping" in error
    found = cc.read_calls(days(tmp_path, "02", "03"), max_rejected=1).open(Policy("p"))
    reporting.write_rejected(found, tmp_path / "rejected.csv")
    with (tmp_path / "rejected.csv").open(encoding="utf-8", newline="") as file:
        listed = [(row["line"], row["reason"]) for row in csv.DictReader(file)]
    assert listed == [(line, "another call with the same call_id, hours apart") for line in ("2", "3")]


def test_joined_with_the_date_they_are_all_counted(tmp_path):
    text = "id,day,at,how\n1,02,2026-03-02 09:00:00,answered\n1,03,2026-03-03 09:00:00,answered\n"
    (tmp_path / "calls.csv").write_text(text)
    mapping = 'name = "made"\n[calls]\ncall_id = { join = ["day", "id"] }\noffered_at = "at"\noutcome = "how"\n'
    (tmp_path / "made.toml").write_text(mapping)
    account = cc.read_calls(tmp_path / "calls.csv", mapping=str(tmp_path / "made.toml")).accounting
    assert (account.accepted, account.rejected) == (2, {})


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        ("13:00:00.000", "conflicting rows of one call_id"),  # four hours after the first
        ("13:00:00.001", "another call with the same call_id, hours apart"),
    ],
)
def test_four_hours_apart_is_the_edge(tmp_path, second, reason):
    rows = f"a,2026-03-02 09:00:00,answered,1000,1000\na,2026-03-02 {second},answered,1000,2000\n"
    calls = cc.read_calls(written(tmp_path / "calls.csv", rows, SHORT), max_rejected=1)
    assert calls.accounting.rejected == {reason: 1}


def test_conflicts_beside_ids_that_begin_anew_are_told_apart(tmp_path):
    rows = (
        "a,2026-03-02 09:00:00,answered,1000,1000\n"
        "a,2026-03-02 09:00:00,answered,1000,2000\n"
        "a,2026-03-03 09:00:00,answered,1000,3000\n"
        "a,2026-03-03 09:00:00,answered,1000,3000\n"
    )
    calls = cc.read_calls(written(tmp_path / "calls.csv", rows, SHORT), max_rejected=1)
    account = calls.accounting
    assert account.ignored == {"duplicate": 1}
    assert account.rejected == {"another call with the same call_id, hours apart": 2}
    with pytest.raises(DataError, match="Join it with the date"):
        cc.service_level(cc.read_calls(tmp_path / "calls.csv"))
