"""Tallies of one figure of a case over another: its mean, and whether what lies below a share was followed up."""

from collections.abc import Sequence
from typing import Any, cast

from cc_metrics.measures import ratios as measure
from cc_metrics.measures import samples
from cc_metrics.measures.turnaround import pooled
from cc_metrics.model.case_terms import FollowedUp, MeanRatio
from cc_metrics.model.promise import Promise
from cc_metrics.reporting import unrecorded
from cc_metrics.reporting.case_shares import by_day
from cc_metrics.reporting.ledger import Ledger, Ledgers
from cc_metrics.reporting.tally import Tally


def mean_ratio(ledgers: Ledgers, promise: Promise) -> Tally:
    """The mean ratio of the cases opened in the period; a sample unless all of them have both figures."""
    ledger, terms = ledgers.of["cases"], cast("MeanRatio", promise.terms)
    needs = _ratio(ledger, terms.ratio).needs()
    figures = ", ".join(f"{sql} AS {name}" for name, sql in needs.items())
    where = " AND ".join([ledger.inside("opened_ms"), *ledger.where(promise)])
    [found] = ledger.opened.engine.records(f"SELECT {figures} FROM {ledger.opened.view} WHERE {where}")
    number, lacking = found["settled"], found["everyone"] - found["settled"]
    said = _lacking(lacking)
    if not number:
        return Tally(0, 0, beside=said)
    said = (f"ratio of sums {100 * found['part'] / found['whole']:.1f} %", *said)
    value, squares = found["total"] / number, found["squares"]
    if not lacking:
        return Tally(0, number, value=value, squares=squares, beside=said)
    interval = samples.mean_interval(number, found["total"], squares)
    return Tally(0, number, value=value, squares=squares, basis="sample", interval=interval, clusters="t", beside=said)


def followed_up(ledgers: Ledgers, promise: Promise) -> Tally:
    """Cases of the period whose ratio lies below a share, of which the customer has a later case that fits."""
    ledger, terms = ledgers.of["cases"], cast("FollowedUp", promise.terms)
    ratio, opened = _ratio(ledger, terms.ratio), ledger.opened
    follows = " AND ".join(opened.selected(terms.follow_up))
    source = measure.followed_source(opened.view, ratio, follows, ledger.as_of_ms)
    needs = measure.followed_needs(ratio.below(terms.below))

    def rows(conditions: Sequence[str]) -> list[dict[str, Any]]:
        return by_day(ledger, source, conditions, needs)

    days = rows(ledger.where(promise))
    found = pooled(days)
    kept, settled, nobody, lacking = (found.get(name, 0) for name in ("kept", "settled", "nobody", "lacking"))
    refused, bounds = unrecorded.bounded(ledger, promise, rows, kept, settled)
    groups = [(row["kept"], row["settled"], 1) for row in days]
    said = (*((f"{nobody:,} below it without customer_id: left out",) if nobody else ()), *_lacking(lacking))
    return Tally(kept, settled, 0, refused, bounds, groups, "days", beside=said)


def _ratio(ledger: Ledger, columns: tuple[str, str]) -> measure.Ratio:
    part, whole = (ledger.opened.column(name) for name in columns)
    return measure.Ratio(part, whole)


def _lacking(number: int) -> tuple[str, ...]:
    return (f"{number:,} {'case lacks' if number == 1 else 'cases lack'} a figure",) if number else ()
