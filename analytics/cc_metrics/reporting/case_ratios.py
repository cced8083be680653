"""Tallies of one figure of a case over another: its mean, and whether what lies below a share was followed up."""

from dataclasses import replace
from typing import cast

from cc_metrics.language import said
from cc_metrics.measures import ratios as measure
from cc_metrics.measures import samples
from cc_metrics.model.case_terms import FollowedUp, MeanRatio
from cc_metrics.model.promise import Promise
from cc_metrics.reporting import case_days, unrecorded
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
    beside = _lacking(lacking)
    if not number:
        return Tally(0, 0, beside=beside)
    refused, unsaid = unrecorded.number(ledger, promise, ledger.inside("opened_ms"))
    of_sums = said("ratio of sums {share:.1f} %", share=100 * found["part"] / found["whole"])
    beside = (of_sums, *beside, *unsaid)
    value, squares = found["total"] / number, found["squares"]
    tally = Tally(0, number, refused=refused, value=value, squares=squares, beside=beside)
    if not lacking:
        return tally
    interval = samples.mean_interval(number, found["total"], squares)
    return replace(tally, basis="sample", interval=interval, clusters="t")


def followed_up(ledgers: Ledgers, promise: Promise) -> Tally:
    """Cases of the period whose ratio lies below a share, of which the customer has a later case that fits."""
    ledger, terms = ledgers.of["cases"], cast("FollowedUp", promise.terms)
    ratio, opened = _ratio(ledger, terms.ratio), ledger.opened
    follows = " AND ".join(opened.selected(terms.follow_up))
    source = measure.followed_source(opened.view, ratio, follows, ledger.as_of_ms)
    needs = measure.followed_needs(ratio.below(terms.below))
    tally, found = case_days.tally(ledger, promise, case_days.by_opening(ledger, source, needs))
    nobody = found.get("nobody", 0)
    unnamed = (said("{n:,} below it without customer_id: left out", n=nobody),) if nobody else ()
    return replace(tally, beside=(*unnamed, *_lacking(found.get("lacking", 0))))


def _ratio(ledger: Ledger, columns: tuple[str, str]) -> measure.Ratio:
    part, whole = (ledger.opened.column(name) for name in columns)
    return measure.Ratio(part, whole)


def _lacking(number: int) -> tuple[str, ...]:
    if number == 1:
        return (said("1 case lacks a figure"),)
    return (said("{n:,} cases lack a figure", n=number),) if number else ()
