"""The ICMI worked example of METRICS 2, from 1,060 calls through the whole engine."""

import pytest

import cc_metrics as cc
from cc_metrics.model.promise import FORMULAS, Policy, ServiceTerms
from made import S, arrow, call, plain

VALUES = ("81.13", "82.69", "81.90", "83.02", "82.08", "86.00")  # in the order of the table of METRICS 2


@pytest.fixture(scope="module", name="calls")
def _calls():
    answered = [20 * S] * 860 + [20 * S + 1] * 140
    abandoned = [5 * S] * 10 + [5 * S + 1] * 5 + [20 * S] * 5 + [20 * S + 1] * 40
    rows = [call(f"a{n}", n, wait=wait) for n, wait in enumerate(answered)]
    rows += [call(f"b{n}", n, "abandoned", wait=wait, talk=None) for n, wait in enumerate(abandoned)]
    return cc.read_calls(arrow(rows, None))


def test_the_six_values(calls):
    [row] = plain(cc.service_level(calls))
    assert tuple(row["formulas"]) == FORMULAS
    assert tuple(f"{100 * value:.2f}" for value in row["formulas"].values()) == VALUES
    counts = ("offered", "answered", "abandoned", "answered_within", "abandoned_within", "short_abandoned")
    assert [row[name] for name in counts] == [1060, 1000, 60, 860, 20, 10]


@pytest.mark.parametrize(
    ("formula", "value", "denominator"), list(zip(FORMULAS, VALUES, (1060, 1040, 1050, 1060, 1060, 1000), strict=True))
)
def test_each_as_the_level(calls, formula, value, denominator):
    [row] = plain(cc.service_level(calls, formula=formula))
    assert f"{100 * row['service_level']:.2f}" == value
    assert row["denominator"] == denominator
    # The same by a policy.
    [again] = plain(cc.service_level(calls, formula=formula, policy=Policy("icmi", service=ServiceTerms())))
    assert again == row


def test_strictly_within_none_of_them_is_in_time(calls):
    [row] = plain(cc.service_level(calls, policy=Policy("strict", service=ServiceTerms(edge="<"))))
    assert (row["answered_within"], row["abandoned_within"], row["short_abandoned"]) == (0, 15, 10)
