"""Abandoned calls whose waits a source never records: they count, and what takes these waits is unknown."""

import random
from dataclasses import replace
from fractions import Fraction

import pytest

import cc_metrics as cc
from cc_metrics.model.promise import Policy, Promise, ServiceTerms
from cli_fixture import run
from made import H, S, arrow, assert_equal, by_group, call, figures, grouped, plain, utc

HEADER = "call_id,offered_at,outcome,wait_ms,queue\n"
ANSWERED = """\
1,2013-08-20 09:00:00,answered,20000,a
2,2013-08-20 09:10:00,answered,20001,a
3,2013-08-20 09:20:00,answered,0,b
"""
LOST = "4,2013-08-20 10:00:00,abandoned,,a\n5,2013-08-20 23:10:00,abandoned,,a\n"
FORMULAS = {"all_offered": 2 / 5, "answered_only": 2 / 3}


@pytest.fixture(name="path")
def _path(tmp_path):
    path = tmp_path / "calls.csv"
    path.write_text(HEADER + ANSWERED + LOST)
    return path


def judged(path, measure, shape, limit, **terms):
    service = ServiceTerms(**terms)
    promise = Promise("p", measure, shape, Fraction(limit), service=service)
    [found] = cc.report(cc.read_calls(path), policy=Policy("p", service=service, promises=(promise,))).report.promises
    return found.row["verdict"], found.row["value"], found.note


def test_they_are_offered_and_abandoned(path):
    calls = cc.read_calls(path)
    assert (calls.accounting.accepted, calls.accounting.rejected) == (5, {})
    [row] = plain(cc.service_level(calls, within="20s"))
    assert (row["offered"], row["abandoned"], row["answered_within"], row["denominator"]) == (5, 2, 2, 5)
    assert (row["abandonment_rate"], row["connect_rate"], row["mean_wait_s"]) == (2 / 5, 3 / 5, 40.001 / 3)
    assert {name: value for name, value in row["formulas"].items() if value is not None} == FORMULAS
    assert [row[name] for name in ("abandoned_within", "short_abandoned", "longest_abandoned_s")] == [None, None, None]


def test_a_group_without_them_knows_everything(path):
    rows = {row["queue"]: row for row in plain(cc.service_level(cc.read_calls(path), by=["queue"]))}
    assert set(rows["b"]["formulas"].values()) == {1.0}
    assert rows["a"]["formulas"]["exclude_short_abandons"] is None
    assert (rows["b"]["abandoned_within"], rows["a"]["abandoned_within"]) == (0, None)


def test_some_that_lack_it_are_rejected_where_others_have_it(path):
    path.write_text(HEADER + ANSWERED + LOST + "6,2013-08-20 11:00:00,abandoned,5000,a\n")
    assert cc.read_calls(path, max_rejected=1).accounting.rejected == {"no wait_ms": 2}


@pytest.mark.parametrize("outcome", ["answered", "redirected"])
def test_others_without_a_wait_are_rejected_as_before(path, outcome):
    path.write_text(HEADER + ANSWERED + LOST + f"6,2013-08-20 11:00:00,{outcome},,a\n")
    account = cc.read_calls(path, max_rejected=1).accounting
    assert (account.accepted, account.rejected) == (5, {"no wait_ms": 1})


def test_promises_that_take_their_waits_are_not_judged(path):
    lacking = "the source records no waits of abandoned calls"
    assert judged(path, "service_level", "share_within", "0.4") == ("kept", 2 / 5, "")
    refused = judged(path, "service_level", "share_within", "0.4", formula="exclude_short_abandons")
    assert (refused[0], refused[2]) == ("not_judged", lacking)
    refused = judged(path, "longest_wait", "none_over", 1)
    assert (refused[0], refused[2]) == ("not_judged", lacking)
    refused = judged(path, "abandonment", "rate_at_most", "0.4")
    assert (refused[0], refused[2]) == ("not_judged", "the source records no waits, so short abandons are not known")
    assert judged(path, "abandonment", "rate_at_most", "0.4", short_abandon_ms=0)[:2] == ("kept", 2 / 5)
    assert judged(path, "mean_wait", "mean_at_most", 14)[0] == "kept"


def test_it_is_said_and_summaries_keep_it(path, tmp_path):
    ran = run("check", path)
    assert "waits      recorded, but not of abandoned calls" in ran.out
    summary = tmp_path / "summary.parquet"
    ran = run("report", path, "--output", summary, "--within", "20s")
    assert (ran.code, "no_waits_of_some" in ran.err) == (0, True)
    other = tmp_path / "other.csv"
    other.write_text(HEADER + "9,2013-08-21 09:00:00,abandoned,5000,a\n8,2013-08-21 09:00:01,answered,0,a\n")
    assert run("report", other, "--output", tmp_path / "second.parquet", "--within", "20s").code == 0
    [row] = plain(cc.service_level(cc.merge([summary, tmp_path / "second.parquet"]), within="20s"))
    assert (row["abandoned"], row["abandoned_within"], row["service_level"]) == (3, None, 3 / 7)
    assert (row["longest_wait_s"], row["longest_abandoned_s"]) == (20.001, None)  # one of three is known


def test_the_late_list_has_them_without_a_wait(path, tmp_path):
    late = tmp_path / "late.csv"
    assert run("report", path, "--late", late, "--within", "20s").code == 0
    rows = [line.split(",")[1:] for line in late.read_text().splitlines()[1:]]
    assert [(row[1], row[3], row[4], row[5]) for row in rows] == [
        ("2", "answered", "20.001", "0.001"),
        ("4", "abandoned", "", ""),
        ("5", "abandoned", "", ""),
    ]


def test_without_any_wait_no_group_has_a_level(tmp_path):
    """Not even a half-hour of which it could be said that nobody was answered in time, for nobody was answered."""
    path = tmp_path / "calls.csv"
    path.write_text(
        "call_id,offered_at,outcome\n1,2026-03-02 09:00:07,abandoned\n2,2026-03-02 10:00:07,answered\n", "utf-8"
    )
    report = cc.report(cc.read_calls(path))
    rows = [*report.report.intervals, *report.report.total]
    assert [(row["offered"], row["service_level"], row["redirected_late"]) for row in rows] == [
        (1, None, None),
        (1, None, None),
        (2, None, None),
    ]
    assert set(report.report.total[0]["formulas"].values()) == {None}


def _calls(dice, day, *, known):
    """Calls of a day in two queues; *known*: whether it is recorded how long callers waited who abandoned."""
    for number in range(60):
        outcome = dice.choice(("answered", "answered", "abandoned", "redirected"))
        wait = dice.choice((0, 5 * S, 5_001, 20 * S, 20_001, 300 * S)) if known or outcome != "abandoned" else None
        moment = utc(f"2013-08-{day}T00:00:00+00:00") + dice.randrange(24 * H)
        yield call(f"{day}-{number}", moment, outcome, wait, None, queue=dice.choice((None, "a", "b")))


@pytest.mark.parametrize("seed", range(4))
def test_every_figure_of_calls_and_of_merged_summaries(tmp_path, seed):
    """One day of a source without these waits, the next of one that has them: what a group holds decides."""
    dice = random.Random(seed)
    days = [list(_calls(dice, day, known=day == 21)) for day in (20, 21)]
    for number, rows in enumerate(days):
        cc.report(cc.read_calls(arrow(rows, None)), by=("queue",)).save(tmp_path / f"{number}.parquet")
    merged = cc.merge([tmp_path / "0.parquet", tmp_path / "1.parquet"])
    terms = ServiceTerms(redirected=("late", "out", "abandoned")[seed % 3], edge=("<=", "<")[seed % 2])
    for calls, rows in ((cc.read_calls(arrow(days[0], None)), days[0]), (merged, days[0] + days[1])):
        for formula, every, by in (
            ("all_offered", "1h", ["queue"]),
            ("short_abandons_count", "1d", []),
            ("answered_only", "all", []),
        ):
            policy = Policy("p", service=replace(terms, formula=formula))
            got = cc.service_level(calls, within="20s", formula=formula, every=every, by=by, policy=policy)
            groups = grouped(rows, tuple(by), every, None)
            wanted = {g: figures(of, 20 * S, 5 * S, terms.edge, terms.redirected, formula) for g, of in groups.items()}
            assert_equal(wanted, by_group(plain(got), every, by), f"{formula} {every}")
