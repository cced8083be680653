"""explain: words, formula, SQL, terms, readings and counts of whatever has a meaning."""

from pathlib import Path

import pytest

from cc_metrics.measures import OF_SUMMARIES, service_level
from cc_metrics.model import columns
from cc_metrics.model.promise import FORMULAS, ServiceTerms
from cc_metrics.policy.keys import measures
from cc_metrics_cli import subjects
from cli_fixture import CALLS, refused, run

UNICOM = ("--policy", "liaoning-unicom-2013")


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    path = tmp_path / "calls.csv"
    path.write_text(CALLS)
    return path


def told(*arguments: object) -> str:
    """What explain says, on one line."""
    ran = run("explain", *arguments)
    assert (ran.code, ran.err) == (0, "")
    return " ".join(ran.out.split())


def test_without_a_name_everything_is_listed():
    listed = told(*UNICOM)
    for name in ("VIP calls answered in 20 seconds", *measures(), *FORMULAS, *(c.name for c in columns.CALLS)):
        assert name in listed


def test_a_promise_by_its_beginning_in_any_case():
    said = told("vip CALLS", *UNICOM)
    assert said == told("VIP calls answered in 20 seconds", *UNICOM)
    assert said.startswith("promise VIP calls answered in 20 seconds policy Liaoning Unicom 10010")
    assert "calls tier is vip, voice or of no recorded channel" in said
    assert "asks at least the target (reached 2013: 90 %)" in said
    assert service_level.MEANING in said
    assert "all_offered = A_T / (A + B + R_L)" in said
    assert "bin <= 40), 0) AS BIGINT) AS answered_within" in said
    assert "reading the text: VIP客戶人工接通及時率達到了90%/20秒" in said


@pytest.mark.parametrize("name", [*measures(), *OF_SUMMARIES])
def test_every_measure_has_words_and_a_formula(name):
    said = told(name)
    assert f"measure {name} words " in said
    assert " formula " in said


@pytest.mark.parametrize("name", FORMULAS)
def test_every_formula_is_spelt_out(name):
    formula, words = service_level.WORDS[name]
    assert f"formula {name} = {formula}: {words}" in told(name)


def test_the_sql_is_the_one_that_runs():
    said = told("service_level")
    for alias, sql in service_level.needs(ServiceTerms()).items():
        assert f"{sql} AS {alias}" in said
    assert "(e + 604800000 <= as_of AND NOT FALSE) AS settled" in told("FCR")
    assert "issue_s >= (first + W)" in told("first_call_resolution", *UNICOM)


def test_columns_lead_to_their_measure():
    assert "column mean_wait_s ASA, in calls: mean wait of answered calls, zeros included measure waits" in told("asa")
    assert "measure first_call_resolution" in told("kaplan")
    assert told("verdict").startswith("column verdict verdict, in promises: kept, missed")
    for name in {c.name for c in columns.CALLS} - {"start"}:
        assert subjects.owner(name) in OF_SUMMARIES, name


def test_other_kinds_of_promises(tmp_path):
    policy = tmp_path / "p.toml"
    policy.write_text(
        'name = "p"\n[first_call_resolution]\nrepeat_calls = 4\nwindow = "7 days"\n'
        '[[promise]]\nname = "gave up"\nmeasure = "abandonment"\nlimit = "5 %"\nwhere = { channel = "chat" }\n'
        '[[promise]]\nname = "often"\nmeasure = "repeat_calls"\nlimit = "2 %"\n'
        '[[promise]]\nname = "halves"\nmeasure = "intervals_on_target"\ntarget = "90 %"\neach = "75 %"\n'
        '[[promise]]\nname = "own word"\nmeasure = "first_call_resolution"\nbasis = "flag"\ntarget = "80 %"\n'
    )
    said = told("gave", "--policy", policy)
    assert "calls channel is chat asks at most the target (promised 5 %)" in said
    assert "AS short_abandoned" in said
    said = told("often", "--policy", policy)
    assert "W = 7 days, k = 4, by call" in said
    assert "AS often" in said
    assert "each 30m to reach 75.0%" in told("halves", "--policy", policy)
    assert "terms by the source's own word" in told("own w", "--policy", policy)
    assert "k = not named by the policy" in told("repeat_calls")


def test_counts_come_with_calls(calls):
    said = told("calls answered", calls)
    assert "counted on Tue 20 Aug 2013 - Wed 21 Aug 2013 times as written, complete" in said
    assert "verdict MISSED 3 short value 50.0 % of 8 kept 4 owed 8 settled 8 pending 0" in said
    assert told("answered_only", calls).endswith("level 80.0 %")
    assert told("p90_wait_s", calls).endswith("P90 30 s")
    assert "offered 8 answered 5 abandoned 2 redirected 1 in time 4" in told("service_level", calls)
    assert told("connect_rate", calls, "--date", "2013-08-20").endswith("connected 57.1 %")
    assert "answered 5 with key 5 too recent 5 settled 0" in told("fcr", calls)
    assert told("verdict", calls).endswith("complete not known from these calls")


def test_a_name_that_means_nothing_or_several_things():
    assert "'ab' may mean several things" in refused(run("explain", "ab"), 2)
    assert (
        "nothing is called 'servise_level'\n  hint: did you mean 'service_level'?"
        in run("explain", "servise_level").err
    )
    assert "cc-metrics explain lists what can be explained" in refused(run("explain", "zzz"), 2)
    assert "no such file" in refused(run("explain", "asa", "none.csv"), 3)
