"""PhoneNow's workbook through the shipped mapping: the figures that others published about it, and what it lacks."""

from fractions import Fraction
from pathlib import Path

import pytest

import cc_metrics as cc
from cc_metrics.model.case_terms import Score
from cc_metrics.model.promise import Policy, Promise, ServiceTerms
from made import plain

FILE = Path(__file__).parents[2] / "shared" / "data" / "pwc-phonenow" / "call-center-dataset.xlsx"


@pytest.fixture(scope="module", name="calls")
def _calls():
    if not FILE.exists():
        pytest.skip(f"no workbook of PhoneNow: {FILE} is absent")
    return cc.read_calls(FILE, mapping="pwc-phonenow")


def test_every_row_is_a_call(calls):
    account = calls.accounting
    assert (account.read, account.accepted, account.ignored, account.rejected) == (5_000, 5_000, {}, {})
    [row] = plain(cc.service_level(calls, within="60s"))
    assert (row["answered"], row["abandoned"], row["abandonment_rate"]) == (4_054, 946, 0.1892)
    assert f"{row['mean_wait_s']:.2f}" == "67.52"


def test_what_takes_waits_of_abandoned_calls_is_unknown(calls):
    [row] = plain(cc.service_level(calls, within="60s"))
    known = {name for name, value in row["formulas"].items() if value is not None}
    assert known == {"all_offered", "answered_only"}
    assert (row["abandoned_within"], row["short_abandoned"], row["longest_abandoned_s"]) == (None, None, None)
    for formula, note in (("all_offered", ""), ("short_abandons_count", "the source records no waits of abandoned")):
        terms = ServiceTerms(formula=formula)
        promise = Promise("level", "service_level", "share_within", Fraction(1, 2), service=terms)
        [judged] = cc.report(calls, policy=Policy("p", service=terms, promises=(promise,))).report.promises
        assert judged.note.startswith(note)
        assert (judged.row["verdict"] == "not_judged") is bool(note)


def test_resolved_and_satisfied(calls):
    flag = next(row for row in cc.report(calls).report.first_call_resolution if row["basis"] == "flag")
    assert (flag["eligible"], flag["resolved"], f"{flag['value']:.4f}") == (4_054, 3_646, "0.8994")
    answers = cc.read_cases(FILE, mapping="pwc-phonenow", table="satisfaction")
    assert answers.accounting.accepted == 5_000
    score = Promise("score", "score", "mean_at_least", Fraction(3), about="satisfaction", terms=Score())
    [judged] = cc.report(None, answers, policy=Policy("p", promises=(score,))).report.promises
    assert f"{judged.row['value']:.2f}" == "3.40"
