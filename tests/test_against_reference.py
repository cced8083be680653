"""Random small tables through the library's public face, against the naive reference, to the last unit."""

from hypothesis import given
from hypothesis import strategies as st

import cc_metrics as cc
import reference as ref
from cc_metrics.model.intervals import EVERY
from cc_metrics.model.promise import Policy, ServiceTerms
from made import (
    D,
    H,
    S,
    Table,
    arrow,
    assert_equal,
    by_group,
    call,
    dimensions,
    figures,
    grouped,
    plain,
    recorded,
    resolution,
    tables,
    within,
)

BY = ("tier", "queue")
THRESHOLDS = ((20 * S, 5 * S), (5 * S, 0), (0, 1 * S), (1 * S, 20 * S))


def check_service(calls, table, every, **terms):
    names = dimensions(table.rows, BY)
    service = {"within_ms": 20 * S, "short_ms": 5 * S, "edge": "<=", "redirected": "late", "formula": "all_offered"}
    service |= terms
    policy = Policy(
        "made",
        service=ServiceTerms(
            service["within_ms"], service["edge"], service["formula"], service["short_ms"], service["redirected"]
        ),
    )
    seconds = f"{service['within_ms'] // S} s"
    shown = plain(
        cc.service_level(calls, within=seconds, by=BY, every=every, formula=service["formula"], policy=policy)
    )
    groups = grouped(table.rows, BY, every, table.zone)
    expected = {group: figures(rows, **service, waits=recorded(table.rows)) for group, rows in groups.items()}
    assert_equal(expected, by_group(shown, every, names), f"{every} {service}")


@within(22)
@given(table=tables(least=1), every=st.sampled_from(EVERY), choice=st.integers(0, 3))
def test_service_level(table, every, choice):
    calls = cc.read_calls(arrow(table.rows, table.zone))
    within_ms, short_ms = THRESHOLDS[choice]
    for number, redirected in enumerate(("late", "out", "abandoned")):
        for other, edge in enumerate(("<=", "<")):
            formula = ref.FORMULAS[(number + 3 * other + choice) % 6]
            check_service(
                calls,
                table,
                every if edge == "<=" else "all",
                within_ms=within_ms,
                short_ms=short_ms,
                edge=edge,
                redirected=redirected,
                formula=formula,
            )


@within(6)
@given(table=tables(least=1))
def test_every_kind_of_interval(table):
    calls = cc.read_calls(arrow(table.rows, table.zone))
    for every in EVERY:
        check_service(calls, table, every)


def check_resolution(calls, table, terms, every="all"):
    names = dimensions(table.rows, BY)
    shown = plain(
        cc.first_call_resolution(
            calls,
            window=f"{terms['window']} ms",
            by=BY,
            every=every,
            unit=terms.get("unit", "call"),
            repeats=terms.get("repeats", "offered"),
            key=terms.get("key", "customer_id"),
            repeat_calls=terms.get("k"),
        )
    )
    repeat = [row for row in shown if row["basis"] == "repeat"]
    expected = resolution(table.rows, table.zone, terms, BY, every)
    assert_equal(expected, by_group(repeat, every, names), f"{every} {terms}")


@within(25)
@given(table=tables(least=1), every=st.sampled_from(("1h", "1d", "1w", "1mo")), k=st.sampled_from((1, 2, 3, 4)))
def test_first_call_resolution(table, every, k):
    calls = cc.read_calls(arrow(table.rows, table.zone))
    window, joined = table.window, ("customer_id", "reason")
    check_resolution(calls, table, {"window": window, "k": k})
    check_resolution(calls, table, {"window": window, "repeats": "answered"}, every)
    check_resolution(calls, table, {"window": window, "unit": "issue"})
    check_resolution(calls, table, {"window": window, "unit": "issue", "repeats": "answered", "key": joined})
    check_resolution(calls, table, {"window": window + H, "key": joined, "k": 2})


@within(8)
@given(
    lengths=st.lists(st.tuples(st.sampled_from("AB"), st.integers(1, 7)), min_size=1, max_size=9),
    dice=st.randoms(use_true_random=False),
)
def test_chains_of_legs(lengths, dice):
    """Calls of one to seven legs that end before, when or after the next one begins."""
    rows, start = [], 0
    for customer, legs in lengths:
        start += dice.choice((H, D - 1, D, 2 * D))
        for leg in range(legs):
            talk = dice.choice((0, 3 * S, 60 * S))
            more = {"customer_id": customer, "tier": dice.choice((None, "VIP")), "transferred": leg < legs - 1}
            outcome = dice.choice(("answered", "answered", "abandoned"))
            rows.append(call(f"{len(rows):03}", start, outcome, talk=talk, **more))
            start = ref.call_end(rows[-1]) + dice.choice((-5_000, 0, 5_000, 5_000, 5_001))
    table = Table(rows, None, D, waits=True, transfers=True)
    calls = cc.read_calls(arrow(rows, None))
    check_resolution(calls, table, {"window": D, "k": 2})
    check_resolution(calls, table, {"window": D, "repeats": "answered"}, "1d")
    check_resolution(calls, table, {"window": D, "unit": "issue"})
