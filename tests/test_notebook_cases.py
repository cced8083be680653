"""Cases in a notebook: turnaround as a DataFrame, a report on calls and cases, tables from pandas."""

import pandas as pd
import pytest

import cc_metrics as cc
from case_fixture import write, written
from cc_metrics.errors import UsageError

ROWS = [
    {"case_id": 1, "kind": "repair", "area": "urban", "opened_at": "2013-08-18T00:10:00+08:00",
     "resolved_at": "2013-08-18T01:10:00+08:00"},
    {"case_id": 2, "kind": "repair", "area": "rural", "opened_at": "2013-08-18T08:00:00+08:00",
     "resolved_at": "2013-08-18T23:59:00+08:00"},
    {"case_id": 3, "kind": "install", "area": "rural", "opened_at": "2013-08-18T09:00:00+08:00"},
]  # fmt: skip
DAY = 'measure = "turnaround"\nwithin = "12 hours"\ntarget = "90 %"'
LEVEL = 'measure = "service_level"\nwithin = "20 s"\ntarget = "80 %"'


@pytest.fixture(name="cases")
def _cases(tmp_path):
    return cc.read_cases(write(tmp_path / "cases.csv", ROWS), tz="Asia/Shanghai")


def test_turnaround_by_what_is_asked(cases):
    found = cc.turnaround(cases)
    assert list(found["kind"]) == ["install", "repair"]
    assert list(found["mean_s"])[1] == (3600 + 57_540) / 2
    assert list(found["open"]) == [1, 0]
    assert pd.isna(found["mean_s"][0])
    everyone = cc.turnaround(cases, by=[], where={"area": "rural"})
    assert (len(everyone), everyone["opened"][0]) == (1, 2)
    assert list(cc.turnaround(cases, by=["area"], every="1d")["start"]) == ["2013-08-18", "2013-08-18"]


def test_a_report_on_cases_alone_and_beside_calls(cases, tmp_path):
    policy = written(tmp_path, LEVEL, DAY)
    alone = cc.report(cases=cases, policy=policy)
    assert list(alone.promises["verdict"]) == ["no_data", "missed"]
    assert list(alone.stock["overdue"]) == [1]
    offered = pd.to_datetime(["2013-08-18T23:50:00+08:00"], utc=True)
    calls = pd.DataFrame({"call_id": ["a"], "offered_at": offered, "outcome": ["answered"], "wait_ms": [5_000]})
    both = cc.report(cc.read_calls(calls, tz="Asia/Shanghai"), [cases], policy=policy, by=["area", "queue"])
    assert list(both.promises["settled"]) == [1, 3]
    assert sorted(both.cases["area"]) == ["rural", "rural", "urban"]
    assert "turnaround" in repr(both)
    assert "turnaround" in both._repr_html_()


def test_answers_in_a_notebook(tmp_path):
    rows = [{"asked_at": "2013-08-18T10:00:00+08:00", "channel": "web", "satisfied": s} for s in ("yes", "no", "")]
    survey = cc.read_cases(write(tmp_path / "s.csv", rows), table="satisfaction", tz="Asia/Shanghai")
    found = cc.report(cases=survey, policy=written(tmp_path, DAY)).answers
    assert (found["asked"][0], found["answered"][0], found["satisfaction"][0]) == (3, 2, 0.5)


def test_nothing_to_report_on():
    with pytest.raises(UsageError, match="nothing was given"):
        cc.report()
