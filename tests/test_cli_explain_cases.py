"""explain and report on cases: every promise's deadline, clock and counts in words, from the command."""

import json
from pathlib import Path

import pytest

from cc_metrics.measures.meanings import MEANINGS
from cc_metrics.policy.keys import measures
from cc_metrics_cli import subjects
from cli_fixture import CALLS, refused, run

CASES = """\
case_id,kind,opened_at,resolved_at,area,owner
1,complaint,2013-08-19 09:00:00,2013-08-19 12:00:00,urban,north
2,complaint,2013-08-19 10:00:00,2013-08-20 12:00:00,county,north
3,complaint,2013-08-20 11:00:00,,county,=cmd()
4,fault,2013-08-20 09:00:00,2013-08-20 09:30:00,,
"""
POLICY = """\
name = "p"
[calendar]
country = "CN"
hours = ["Mon-Fri 08:30-17:30"]
[[promise]]
name = "complaints in a day"
measure = "turnaround"
where = { kind = "complaint" }
deadlines = [{ where = { area = "urban" }, within = "4 hours" }, { within = "1 working day" }]
target = "90 %"
clock = "working"
quiet = "22:00-08:00"
[[promise]]
name = "mean of all"
measure = "turnaround"
at_most = "0.72 days"
[[promise]]
name = "justified"
measure = "share_of_cases"
counted = { owner = "north" }
limit = "5 %"
since = 2013-08-20
[[promise]]
name = "unlike"
measure = "service_level"
within = "20 s"
target = "80 %"
where = { channel = "chat" }
where_not = { tier = "vip" }
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    (tmp_path / "cases.csv").write_text(CASES)
    (tmp_path / "p.toml").write_text(POLICY)
    return tmp_path / "cases.csv", tmp_path / "p.toml"


def told(*arguments: object) -> str:
    ran = run("explain", *arguments)
    assert (ran.code, ran.err) == (0, "")
    return " ".join(ran.out.split())


def test_every_measure_of_a_policy_can_be_explained():
    assert set(measures()) <= set(subjects.MEASURES)
    assert set(MEANINGS) < set(measures())


def test_a_deadline_row_by_row_on_its_clock(files):
    said = told("complaints", "--policy", files[1])
    assert "cases kind is complaint asks promised 90 % measure turnaround words cases done by their deadline" in said
    assert "time from opened to resolved deadline area is urban: 4 hours" in said
    assert "all others: before the end of working day 1, the day of opening is day 0 clock" in said
    clock = "clock working days of CN, Mon-Fri 08:30-17:30; quiet hours 22:00-08:00 stop it; paused time counted"
    assert clock in said
    assert "case_last_ms < to)) AS BIGINT) AS settled" in said


def test_a_mean_and_what_is_counted(files):
    said = told("mean of", "--policy", files[1])
    assert "cases all asks promised at most 0.72 days" in said
    assert "formula sum of the time from the first moment to the last / cases closed" in said
    assert "AS total_ms" in said
    said = told("justified", "--policy", files[1])
    assert "since 2013-08-20, beside what lies before it terms counted: owner is north" in said
    assert "calls channel is chat; tier is not vip asks" in told("unlike", "--policy", files[1])


def test_counts_come_from_cases(files):
    cases, policy = files
    assert "settled 2 pending 1" in told("complaints", cases, "--policy", policy)
    said = told("turnaround", cases)
    assert "of a mean mean time of the cases closed in the period" in said
    assert "complaint opened 3 complaint closed 2 complaint open 1" in said
    assert told("mean_s", cases).endswith("complaint mean 14.5 h fault mean 30.0 min")
    assert told("score", cases).endswith("not known from these calls")
    assert told("share_of_base", cases).endswith("only a promise says what is counted: explain it by its name")


def test_a_report_of_cases_only(files):
    ran = run("report", "--cases", files[0], "--by", "owner")
    assert (ran.code, ran.err) == (0, "")
    assert "cases: 4 opened, 3 closed, 1 open" in ran.out
    assert "no calls offered" not in ran.out
    assert "complaint  =cmd()" in ran.out
    ran = run("report", "--cases", files[0], "--show", "json")
    assert json.loads(ran.out)["data"]["calls"] is None
    assert "cases: 4 rows read from 1 file" in ran.err
    assert "calls:" not in ran.err
    assert run("report", "--cases", files[0], "--show", "csv").out.startswith("start,kind,opened,")


def test_a_report_of_calls_and_cases(files, tmp_path):
    (tmp_path / "calls.csv").write_text(CALLS)
    ran = run("report", tmp_path / "calls.csv", "--cases", files[0], "--by", "tier,owner")
    assert (ran.code, ran.err) == (0, "")
    assert "\nby tier\n" in ran.out
    assert "\nturnaround\nkind       tier          owner" in ran.out
    assert refused(run("report", "--cases", files[0], "--output", tmp_path / "x.parquet"), 2)
