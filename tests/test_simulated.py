"""The simulated call centre: a 12-hour clock, a column of its own that says which calls met 60 seconds."""

import math
from collections import Counter
from pathlib import Path

import pytest

import cc_metrics as cc
from cc_metrics import reporting
from cc_metrics.model.promise import Policy, ServiceTerms
from cc_metrics.reporting.senses import CHECKS
from made import plain

FILE = Path(__file__).parents[2] / "shared" / "data" / "simulated-call-centre" / "simulated_call_centre.csv"
MAPPING = """
name = "simulated"
[calls]
call_id = "call_id"
offered_at = { date = "date", clock = "call_started", format = "%Y-%m-%d %I:%M:%S %p" }
outcome = { column = "meets_standard", values = { TRUE = "answered", FALSE = "answered" } }
wait_ms = { column = "wait_length", unit = "s" }
talk_ms = { column = "service_length", unit = "s" }
"""


@pytest.fixture(scope="module", name="calls")
def _calls(tmp_path_factory):
    if not FILE.exists():
        pytest.skip(f"no simulated call centre: {FILE} is absent")
    mapping = tmp_path_factory.mktemp("mapping") / "simulated.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    return cc.read_calls(FILE, mapping=str(mapping))


def test_accounting(calls):
    account = calls.accounting
    assert account.balanced
    assert (account.read, account.accepted, account.ignored, account.rejected) == (51_708, 51_708, {}, {})


@pytest.mark.parametrize(("within", "edge", "kept"), [(60, "<=", 47_481), (60, "<", 47_448), (20, "<=", 46_132)])
def test_service_level(calls, within, edge, kept):
    policy = Policy("simulated", service=ServiceTerms(edge=edge))
    [row] = plain(cc.service_level(calls, within=f"{within}s", policy=policy))
    assert (row["offered"], row["answered"], row["answered_within"]) == (51_708, 51_708, kept)
    assert row["service_level"] == kept / 51_708


def test_twelve_hour_clock(calls):
    """The first call is at 8 in the morning; none is at night, and the afternoon is not the morning."""
    hours = {row["start"][11:13] for row in plain(cc.service_level(calls, every="1h"))}
    assert hours == {f"{hour:02}" for hour in range(8, 18)}
    assert calls.accounting.first == "2021-01-01T08:00:00"


def test_the_source_agrees_with_its_own_column(tmp_path):
    """Every call within 60 s is one that the file says met the standard, and the reverse."""
    if not FILE.exists():
        pytest.skip(f"no simulated call centre: {FILE} is absent")
    mapping = tmp_path / "simulated.toml"
    mapping.write_text(MAPPING + 'queue = "meets_standard"\n', encoding="utf-8")
    rows = plain(cc.service_level(cc.read_calls(FILE, mapping=str(mapping)), within="60s", by=["queue"]))
    assert {row["queue"]: (row["offered"], row["answered_within"]) for row in rows} == {
        "TRUE": (47_481, 47_481),
        "FALSE": (4_227, 0),
    }


def test_what_a_program_made_up_has_no_sense_to_check(calls):
    """Full working days from 8 to 18, on no whole minute, no service under 10 s to speak of: nothing is remarked on."""
    found = {caution.code for caution in reporting.warnings(calls.open(Policy("check")))}
    assert not found & set(CHECKS)


@pytest.mark.parametrize(("printed", "edge"), [("91.825", "<="), ("91.761", "<")])
def test_the_share_of_its_own_flag_leads_to_its_threshold(calls, printed, edge):
    """All of them were answered, so that every formula gives the same: the threshold and its edge are what is found."""
    found = cc.reconcile(calls, printed).found
    assert (found.matches[0].terms.within_ms, found.matches[0].terms.edge) == (60_000, edge)
    assert found.matches[0].terms.formula == "all_offered"


def test_an_ordinary_day_lies_inside_the_control_limits(calls):
    """A p-chart, 3 roots of p (1 - p) / n, calls 108 of the 261 days out of control; this one 8 after the baseline."""
    days = cc.report(calls, policy=Policy("20 s", service=ServiceTerms(20_000))).report.days
    level = sum(row["in_time"] for row in days) / sum(row["denominator"] for row in days)
    limits = [3 * math.sqrt(level * (1 - level) / row["denominator"]) for row in days]
    p_chart = [abs(row["service_level"] - level) > limit for row, limit in zip(days, limits, strict=True)]
    assert (len(days), sum(p_chart)) == (261, 108)
    assert Counter(row["signal"] for row in days if row["baseline"]) == {None: 60}
    assert Counter(row["signal"] for row in days if not row["baseline"]) == {None: 193, "below": 8}
