"""Tallies of shares of the cases opened in a period: those that meet something more."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from cc_metrics.measures import share_of_cases as measure
from cc_metrics.measures.turnaround import pooled
from cc_metrics.model.case_terms import ShareOfCases
from cc_metrics.model.intervals import bucket_sql
from cc_metrics.model.promise import Promise
from cc_metrics.model.selection import Selection
from cc_metrics.reporting import unrecorded
from cc_metrics.reporting.ledger import Ledger, Ledgers
from cc_metrics.reporting.tally import Tally


def by_day(ledger: Ledger, source: str, conditions: Sequence[str], needs: Mapping[str, str]) -> list[dict[str, Any]]:
    """Aggregates of the cases of a source opened in the period: a row for each local day of opening."""
    figures = ", ".join(f"{sql} AS {name}" for name, sql in needs.items())
    where = " AND ".join([ledger.inside("opened_ms"), *conditions])
    day = bucket_sql("opened_ms", "1d", ledger.opened.offsets)
    return ledger.opened.engine.records(
        f"SELECT {day} AS bucket, {figures} FROM {source} cases WHERE {where} GROUP BY 1 ORDER BY 1"
    )


def share_of_cases(ledgers: Ledgers, promise: Promise) -> Tally:
    """Cases opened in the period that meet what is counted."""
    ledger, terms = ledgers.of["cases"], cast("ShareOfCases", promise.terms)
    unknown, known = _split(terms.counted, (*ledger.opened.flags, *ledger.opened.kind.counts))
    needs = measure.needs(ledger.opened.selected(known), ledger.opened.selected(unknown))

    def rows(conditions: Sequence[str]) -> list[dict[str, Any]]:
        return by_day(ledger, ledger.opened.view, conditions, needs)

    days = rows(ledger.where(promise))
    found = pooled(days)
    kept, settled, unsaid = (found.get(name, 0) for name in ("kept", "settled", "unsaid"))
    refused, bounds = unrecorded.bounded(ledger, promise, rows, kept, settled)
    groups = [(row["kept"], row["settled"], 1) for row in days]
    beside = (f"{unsaid:,} {'case does' if unsaid == 1 else 'cases do'} not say: left out",) if unsaid else ()
    return Tally(kept, settled, 0, refused, bounds, groups, "days", beside=beside)


def _split(selection: Selection, columns: Sequence[str]) -> tuple[Selection, Selection]:
    """The conditions on some columns, and the others; a pair belongs to its first column."""

    def part(*, on: bool) -> Selection:
        def some(conditions: Mapping[str, Any]) -> dict[str, Any]:
            return {name: value for name, value in conditions.items() if (name in columns) is on}

        same, differ, least = some(selection.same), some(selection.differ), some(selection.least)
        return Selection(some(selection.equal), some(selection.unlike), same, differ, least)

    return part(on=True), part(on=False)
