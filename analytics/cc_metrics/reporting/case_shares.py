"""Tallies of shares of the cases opened in a period: those that meet something more."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from cc_metrics.language import said
from cc_metrics.measures import share_of_cases as measure
from cc_metrics.model.case_terms import ShareOfCases
from cc_metrics.model.promise import Promise
from cc_metrics.model.selection import Selection
from cc_metrics.reporting import case_days
from cc_metrics.reporting.ledger import Ledgers
from cc_metrics.reporting.tally import Tally


def share_of_cases(ledgers: Ledgers, promise: Promise) -> Tally:
    """Cases opened in the period that meet what is counted."""
    ledger, terms = ledgers.of["cases"], cast("ShareOfCases", promise.terms)
    opened = ledger.opened
    unknown, known = _split(terms.counted, (*opened.flags, *opened.kind.counts))
    needs = measure.needs(opened.selected(known), opened.selected(unknown))
    tally, found = case_days.tally(ledger, promise, case_days.by_opening(ledger, opened.view, needs))
    unsaid = found.get("unsaid", 0)
    return replace(tally, beside=_unsaid(unsaid))


def _unsaid(number: int) -> tuple[str, ...]:
    if number == 1:
        return (said("1 case does not say: left out"),)
    return (said("{n:,} cases do not say: left out", n=number),) if number else ()


def _split(selection: Selection, columns: Sequence[str]) -> tuple[Selection, Selection]:
    """The conditions on some columns, and the others; a pair belongs to its first column."""

    def part(*, on: bool) -> Selection:
        def some(conditions: Mapping[str, Any]) -> dict[str, Any]:
            return {name: value for name, value in conditions.items() if (name in columns) is on}

        same, differ, least = some(selection.same), some(selection.differ), some(selection.least)
        return Selection(some(selection.equal), some(selection.unlike), same, differ, least)

    return part(on=True), part(on=False)
