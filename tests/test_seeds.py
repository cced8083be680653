"""The operators' sample data hold what their documents report, and the report says of them what plain Python says."""

import json
import tomllib
from collections import Counter
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from statistics import mean
from typing import Any

import pytest

from cc_metrics import policy
from cc_metrics.sample.files import SEED
from cc_metrics.sample.operators import OPERATORS, write_operators
from cli_fixture import run
from seed_facts import (
    DALIAN,
    FACTS,
    JIANGSU,
    LIAONING_TELECOM,
    LIAONING_UNICOM,
    SHANGHAI,
    ZHEJIANG,
    Fact,
    mean_time,
    public_survey,
)
from seed_tables import SAMPLES, answers, as_of, bases, chosen, table

# --- the files ---


def test_the_committed_files_are_what_the_generator_writes(tmp_path: Path) -> None:
    written = write_operators(tmp_path, SEED)
    assert {path.relative_to(tmp_path) for path in written} == {
        path.relative_to(SAMPLES) for name in OPERATORS for path in (SAMPLES / name).iterdir()
    }
    for path in written:
        committed = SAMPLES / path.relative_to(tmp_path)
        assert committed.read_bytes() == path.read_bytes(), f"python -m cc_metrics.sample sample_data: {path.name}"


def test_another_seed_gives_other_customers_and_the_same_figures(tmp_path: Path) -> None:
    write_operators(tmp_path, 1)
    cases = f"{LIAONING_TELECOM}/cases.csv"
    assert (tmp_path / cases).read_bytes() != (SAMPLES / cases).read_bytes()
    assert (tmp_path / cases).read_text().count(",complaint,") == 1_327


def test_the_folders_are_small() -> None:
    for name in OPERATORS:
        assert sum(path.stat().st_size for path in (SAMPLES / name).iterdir()) < 500_000, name


@pytest.mark.parametrize("preset", OPERATORS)
def test_ids_are_unique_and_moments_in_order(preset: str) -> None:
    for name, key in (("cases", "case_id"), ("calls", "call_id")):
        ids = [row[key] for row in table(preset, name)]
        assert len(set(ids)) == len(ids)
    end = as_of(table(preset, "cases"))
    for row in table(preset, "cases"):
        path = ("opened_at", "dispatched_at", "responded_at", "verified_at", "arrived_at", "resolved_at")
        passed = [row[moment] for moment in path if row.get(moment)]
        assert passed == sorted(passed), row["case_id"]
        assert passed[-1] < end, row["case_id"]


@pytest.mark.parametrize("preset", OPERATORS)
def test_some_cases_are_open_and_some_dimensions_not_recorded(preset: str) -> None:
    rows = table(preset, "cases")
    assert any(row["resolved_at"] is None for row in rows)
    dimensions = {"tier", "area", "segment", "region", "channel", "reason", "home_region"} & set(rows[0])
    for dimension in dimensions:
        assert len({row.get(dimension) for row in rows} - {None}) >= 2, dimension
    assert any(row.get(dimension, "") is None for row in rows for dimension in dimensions)


@pytest.mark.parametrize("preset", [name for name in OPERATORS if (SAMPLES / name / "attempts.csv").exists()])
def test_attempts_belong_to_cases_and_disturb_nobody(preset: str) -> None:
    known = {row["case_id"] for row in table(preset, "cases")}
    for row in table(preset, "attempts"):
        assert row["case_id"] in known
        assert 8 <= row["attempted_at"].hour < 22, row


# --- the figures of the documents ---

PERCENT = {
    (LIAONING_UNICOM, "VIP calls answered in 20 seconds"): "90",
    (LIAONING_UNICOM, "Ordinary calls answered in 20 seconds"): "80",
    (LIAONING_UNICOM, "Off-net calls answered as VIP calls are"): "90",
    (LIAONING_UNICOM, "Out-of-town calls answered as VIP calls are"): "90",
    (LIAONING_UNICOM, "Issues resolved in the first call"): "88",
    (LIAONING_UNICOM, "Broadband installed within 24 hours"): "90",
    (LIAONING_UNICOM, "Broadband installed within 72 hours"): "95",
    (LIAONING_UNICOM, "Broadband requests accepted"): "100",
    (LIAONING_UNICOM, "Urban faults repaired within 24 hours"): "98",
    (JIANGSU, "Communities that the promise covers"): "99",
    (SHANGHAI, "Contacts by QQ"): "129",
    (LIAONING_TELECOM, "Satisfied with the hotline"): "99.5",
    (LIAONING_TELECOM, "Satisfied with the first handling"): "99.5",
    (LIAONING_TELECOM, "Satisfied with the second handling"): "100",
    (LIAONING_TELECOM, "Complaints handled in time"): "100",
    (LIAONING_TELECOM, "Broadband faults reported in a month"): "0.63",
    (DALIAN, "Responsible complaints against the year before"): "98.8",
    (ZHEJIANG, "Spam reported against the half-year before"): "95",
}


@cache
def facts(preset: str) -> dict[str, Fact]:
    return FACTS[preset]()


@pytest.mark.parametrize(("preset", "name"), PERCENT)
def test_a_percentage_is_printed_as_in_the_document(preset: str, name: str) -> None:
    printed = PERCENT[preset, name]
    decimals = len(printed.partition(".")[2])
    assert f"{float(facts(preset)[name].value * 100):.{decimals}f}" == printed


JUST = [(preset, name) for preset, name in PERCENT if preset == LIAONING_UNICOM and PERCENT[preset, name] != "100"]


@pytest.mark.parametrize(("preset", "name"), JUST)
def test_the_games_figures_are_just_reached(preset: str, name: str) -> None:
    fact = facts(preset)[name]
    assert 0 <= float(fact.value) - float(PERCENT[preset, name]) / 100 < 0.005


def test_every_line_of_a_document_is_kept_by_its_data() -> None:
    verdicts = Counter(fact.verdict for preset in FACTS for fact in facts(preset).values())
    assert set(verdicts) == {"kept", "stated"}


def test_the_volumes_of_the_games_to_scale() -> None:
    calls = table(LIAONING_UNICOM, "calls")
    cases = [row for row in table(LIAONING_UNICOM, "cases") if row["opened_at"].date() >= date(2013, 8, 31)]
    shenyang = Counter((row["kind"], row["reason"]) for row in cases if row["region"] == "Shenyang")
    assert (shenyang["repair", "broadband"], shenyang["repair", "fixed line"]) == (300, 150)
    assert shenyang["install", "broadband"] + shenyang["move", "fixed line"] == 250
    directory = Counter(row["reason"] for row in chosen(calls, channel="114"))
    assert directory == {"directions": 400, "games information": 300}
    assert len(chosen(calls, channel="counter")) == 60
    assert Counter(row["queue"] for row in chosen(calls, channel="lounge")) == {"north station": 20, "airport": 3}


def test_complaints_of_the_games_take_less_time() -> None:
    complaints = chosen(table(LIAONING_UNICOM, "cases"), kind="complaint")
    before, since = (
        [row for row in complaints if (row["opened_at"].date() >= date(2013, 8, 31)) is games]
        for games in (False, True)
    )
    assert mean_time(since, None).value < mean_time(before, None).value * Fraction(2, 3)


def test_the_scores_of_forty_trades() -> None:
    means = public_survey()
    assert len({trade for trade, _ in means}) == 40
    assert round(float(mean(means[trade, 2011] for trade in {trade for trade, _ in means})), 4) == 84.01
    assert means["telecom", 2011] == Fraction("85.37")


def test_contacts_by_qq_are_a_thousandth() -> None:
    years = Counter(row["offered_at"].year for row in chosen(table(SHANGHAI, "calls"), channel="qq"))
    assert years == {2010: 303, 2011: 695}
    assert {row["channel"] for row in table(SHANGHAI, "calls")} == {"qq", "weibo", "web", "voice", "counter"}


def test_complaints_of_liaoning_telecom() -> None:
    complaints = chosen(table(LIAONING_TELECOM, "cases"), kind="complaint")
    assert len(complaints) == 1_327
    assert facts(LIAONING_TELECOM)["Complaints handled in 0.72 days"].value == Fraction("0.72") * 86_400
    assert answers(complaints, "satisfied_first") == (1_321, 1_327)
    assert answers(complaints, "satisfied_final") == (6, 6)
    assert Counter((row["escalated"], row["justified"]) for row in complaints)["true", "false"] > 0


def test_the_hotline_and_the_faults_before() -> None:
    hotline = chosen(table(LIAONING_TELECOM, "satisfaction"), channel="hotline")
    assert answers([row for row in hotline if row["asked_at"].month == 5]) == (174, 200)
    faults = chosen(table(LIAONING_TELECOM, "cases"), kind="repair", reason="broadband")
    first = [row for row in faults if row["opened_at"].month <= 6]
    lines = bases(LIAONING_TELECOM, "broadband lines", [f"2005-{month:02d}" for month in range(1, 7)])
    assert Fraction(len(first), lines) == Fraction("0.0113")


def test_responsible_complaints_of_dalian() -> None:
    responsible = chosen(table(DALIAN, "cases"), kind="complaint", responsible="true")
    months = Counter((row["opened_at"].year, row["opened_at"].month) for row in responsible)
    assert Counter(year for year, month in months.elements()) == {2004: 253, 2005: 3}
    assert round(mean(months[2004, month] for month in range(1, 13))) == 21
    assert max(month for year, month in months if year == 2005) == 7  # five months without one lie in the half-year


def test_two_thousand_wait_before_the_festival() -> None:
    assert facts(DALIAN)["Waiting installations cleared in two days"].settled == 2_000
    days = Counter(row["opened_at"].date() for row in chosen(table(DALIAN, "cases"), kind="reconnect"))
    assert sum(number for day, number in days.items() if day.month == 12) == 450
    assert Counter(row["queue"] for row in table(DALIAN, "calls")) == {"10060": 50, "114": 200}


def test_counters_of_zhejiang_before_and_after() -> None:
    counter = chosen(table(ZHEJIANG, "calls"), channel="counter")
    before, after = (
        [row["wait_ms"] for row in counter if (row["offered_at"].month >= 4) is later] for later in (False, True)
    )
    assert mean(after) < mean(before) * 0.6
    surveys = [row for row in chosen(table(ZHEJIANG, "satisfaction"), channel="counter") if row["score"]]
    satisfied = [
        [int(row["score"]) >= 80 for row in surveys if (row["asked_at"].month >= 4) is later] for later in (False, True)
    ]
    assert mean(satisfied[1]) > mean(satisfied[0]) + 0.1
    assert {
        len(chosen(table(ZHEJIANG, "cases"), kind=kind)) for kind in ("complaint", "spam report", "billing error")
    } == {320, 780, 48}


# --- the report ---


@cache
def report(preset: str) -> dict[str, Any]:
    ran = run("report", SAMPLES / preset, "--policy", preset, "--show", "json")
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


PROMISES = [
    (preset, promise["name"]) for preset in FACTS for promise in tomllib.loads(policy.preset_text(preset))["promise"]
]


@pytest.mark.parametrize("preset", FACTS)
def test_every_promise_has_a_fact(preset: str) -> None:
    assert {name for known, name in PROMISES if known == preset} == set(facts(preset))


@pytest.mark.parametrize(("preset", "name"), PROMISES)
def test_the_report_says_what_plain_python_says(preset: str, name: str) -> None:
    fact, promise = facts(preset)[name], next(one for one in report(preset)["promises"] if one["name"] == name)
    counted = promise["measure"] in ("months_without_cases", "score_rises", "score_rank")  # of so many asked for
    shown = promise["kept"] if counted else promise["value"]
    assert shown == pytest.approx(float(fact.value), rel=1e-12)
    assert fact.settled in (None, promise["settled"])
    assert (promise["verdict"] or promise["kind"]) == fact.verdict
