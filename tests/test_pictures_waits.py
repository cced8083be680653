"""Calls by length of wait: no threshold cuts a class in two, and the classes in time are the calls in time."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cc_metrics.measures.wait_classes import Classes, classes
from cc_metrics.model.promise import Policy, Promise, ServiceTerms
from cc_metrics.reporting import Span
from interval_fixture import HEAD, HOURLY, Source
from made import S, call, dimensions, tables, within
from pictures_fixture import PLAIN, drawn

ZONE = "Asia/Shanghai"
ON_THE_DOT = (0, 19_999, 20_000, 20_001, 400_000)


def offered(name, outcome, wait, **more):
    return call(name, "2013-08-20T09:00:00+08:00", outcome, wait, **more)


def policy(edge, *promised):
    terms = ServiceTerms(20 * S, edge)
    promises = [
        Promise(str(s), "service_level", "share_within", Fraction(1, 2), service=ServiceTerms(s * S)) for s in promised
    ]
    return Policy("p", service=terms, promises=tuple(promises))


def classed(rows, **named):
    """(from, to, calls) of the classes that have calls, of the rows of a table with these values."""
    chosen = [row for row in rows if all(row[name] == value for name, value in named.items())]
    return [(row["from_s"], row["to_s"], row["calls"]) for row in chosen if row["calls"]]


@pytest.mark.parametrize(
    ("edge", "expected"),
    [
        ("<=", [(0, 10, 1), (10, 20, 2), (20, 30, 1), (400, None, 0)]),
        ("<", [(0, 10, 1), (10, 20, 1), (20, 30, 2), (400, None, 1)]),
    ],
)
def test_a_wait_on_the_threshold_falls_where_it_is_judged(edge, expected):
    """The widest of the four reaches 400 s: 40 classes of 10 s; with "<=" 400 s lies in the last of them."""
    rows = [offered(str(n), "answered", wait) for n, wait in enumerate(ON_THE_DOT)]
    report = drawn(rows, ZONE, policy(edge))
    found = [(row["from_s"], row["to_s"], row["calls"]) for row in report.waits]
    assert [row for row in found if row[0] < 30 or row[1] is None] == expected
    assert found[39] == (390, 400, 1 if edge == "<=" else 0)
    assert {row["outcome"] for row in report.waits} == {"answered"}
    in_time = sum(row["calls"] for row in report.waits if row["to_s"] is not None and row["to_s"] <= 20)
    assert in_time == report.total[0]["answered_within"] == (3 if edge == "<=" else 2)


def test_outcomes_and_channels_apart_and_classes_between_without_calls():
    rows = [
        offered("1", "answered", 0, channel="voice"),
        offered("2", "answered", 5_001, channel="chat"),
        offered("3", "abandoned", 12_000, channel="chat"),
        offered("4", "redirected", 39_001, channel="voice"),
        offered("5", "answered", 39_000, channel="voice"),
    ]
    found = drawn(rows, ZONE).waits
    assert [(r["channel"], r["outcome"]) for r in found[::41]] == [
        ("chat", "answered"),
        ("chat", "abandoned"),
        ("voice", "answered"),
        ("voice", "redirected"),
    ]
    assert [r["from_s"] for r in found[:41]] == list(range(41))  # 95 % waited at most 40 s, twice the threshold
    assert classed(found, channel="chat", outcome="answered") == [(5, 6, 1)]
    assert classed(found, channel="chat", outcome="abandoned") == [(11, 12, 1)]
    assert classed(found, channel="voice", outcome="answered") == [(0, 1, 1), (38, 39, 1)]
    assert classed(found, channel="voice", outcome="redirected") == [(39, 40, 1)]


def test_calls_without_a_wait_are_in_no_class():
    rows = [offered("1", "answered", 3_000), offered("2", "abandoned", None)]
    found = drawn(rows, ZONE).waits
    assert [row["outcome"] for row in found] == ["answered"] * 41
    assert classed(found) == [(2, 3, 1)]
    assert drawn([offered("1", "answered", None)], ZONE).waits == ()


def test_a_period_without_calls_has_no_classes():
    rows = [offered("1", "answered", 3_000)]
    assert drawn(rows, ZONE, span=Span(date="2013-08-19")).waits == ()
    assert drawn(rows, ZONE, span=Span(start="2013-08-20 09:15", end="2013-08-20 10:00")).waits == ()
    assert len(drawn(rows, ZONE, span=Span(start="2013-08-20 09:00", end="2013-08-20 09:15")).waits) == 41


def test_only_the_calls_asked_for():
    rows = [offered("1", "answered", 3_000, tier="vip"), offered("2", "answered", 7_000, tier="else")]
    assert classed(drawn(rows, ZONE, where={"tier": ("vip",)}).waits) == [(2, 3, 1)]


def test_counts_that_somebody_else_made_have_no_classes(tmp_path):
    found = Source(tmp_path).report(HOURLY, f"{HEAD}\n20.08.2013 09:00,9,1,0,2,3,1,2,5,1,4\n")
    assert found.total[0]["offered"] == 15
    assert found.waits == ()


@pytest.mark.parametrize(
    ("thresholds", "longest", "expected"),
    [
        ([20], 0, (1, 40)),
        ([20], 300, (10, 30)),
        ([20], 401, (10, 40)),  # no wider class ends at 20 s: the last one is open from 400 s
        ([20, 45], 60, (5, 18)),
        ([20, 30, 90], 60, (5, 36)),
        ([7], 300, (1, 40)),
        ([7, 60], 300, (1, 120)),
        ([60], 3600, (60, 40)),
    ],
)
def test_the_width_divides_every_threshold(thresholds, longest, expected):
    found = classes({2 * longest: 1}, thresholds, "<=")
    assert (found.width_s, found.number) == expected
    assert all(threshold % found.width_s == 0 for threshold in thresholds)


def test_five_in_a_hundred_wait_longer_than_the_classes_reach():
    """95 of 100 waited at most 50 s, whatever the others did; one more that waits long, and 94.06 % did."""
    assert classes({100: 95, 9_999: 5}, [20], "<=") == Classes(2, 25, "<=")
    assert classes({100: 95, 9_999: 6}, [20], "<=") == Classes(10, 40, "<=")


@within(25)
@given(table=tables(least=1), edge=st.sampled_from(("<=", "<")), promised=st.sampled_from(((), (5,), (45,), (7, 60))))
def test_every_call_with_a_wait_is_in_its_class(table, edge, promised):
    rules = policy(edge, *promised)
    report = drawn(table.rows, table.zone, rules)
    split = dimensions(table.rows, ())
    for row in report.waits:
        low, high = row["from_s"] * S, float("inf") if row["to_s"] is None else row["to_s"] * S
        waits = [
            r["wait_ms"]
            for r in table.rows
            if r["outcome"] == row["outcome"] and r["wait_ms"] is not None and all(r[n] == row[n] for n in split)
        ]
        lies = [low < w <= high or w == low == 0 if edge == "<=" else low <= w < high for w in waits]
        assert row["calls"] == sum(lies)
    ends = {row["to_s"] for row in report.waits}
    assert not report.waits or {20, *promised} <= ends
    assert sum(row["calls"] for row in report.waits) == sum(row["wait_ms"] is not None for row in table.rows)
    for total in report.total:
        within_it = [
            row["calls"]
            for row in report.waits
            if row["outcome"] == "answered"
            and row["to_s"] is not None
            and row["to_s"] <= 20
            and all(row[name] == total[name] for name in split)
        ]
        assert total["answered_within"] in (None, sum(within_it))


def test_nothing_is_counted_that_is_not_asked_for():
    report = drawn([offered("1", "answered", 3_000)], ZONE, PLAIN, pictures=False)
    assert (report.waits, report.heatmap, report.days) == ((), (), ())
