"""Turnaround by kind as cumulative curves, exact at the deadlines that promises set."""

from collections.abc import Iterator

from cc_metrics.measures import turnaround as measure
from cc_metrics.measures.elapsed_curve import Mark, curve_sql
from cc_metrics.measures.shares import seconds, share
from cc_metrics.model.case_terms import Turnaround
from cc_metrics.model.deadlines import Within
from cc_metrics.model.promise import Policy, Promise
from cc_metrics.model.report import Row
from cc_metrics.model.selection import Selection
from cc_metrics.reporting.ledger import Ledger


def table(ledger: Ledger, policy: Policy) -> tuple[Row, ...]:
    """Points of the curve of each kind over the cases closed in the period, whenever they were opened."""
    opened = ledger.opened
    source = measure.Asked(Turnaround(), ledger.as_of_ms).source(opened.view, ledger.conditions)
    kind, inside = opened.column("kind"), ledger.period.sql("done_ms")
    closed = f"(SELECT {kind} AS kind, done_ms - opened_ms AS took_ms FROM {source} cases WHERE {inside})"
    marks = [mark for promise in policy.promises for mark in _marks(ledger, promise)]
    return tuple(
        {
            "kind": row["kind"],
            "elapsed_s": seconds(row["took_ms"]),
            "closed": row["closed"],
            "share": share(row["closed"], row["everyone"]),
        }
        for row in opened.engine.records(curve_sql(closed, marks))
    )


def _marks(ledger: Ledger, promise: Promise) -> Iterator[Mark]:
    """Where the share in time by a promise's plain deadline is read: at it, with "<" just before it too."""
    terms = promise.terms
    if not isinstance(terms, Turnaround) or not isinstance(terms.deadline, Within) or not _plain(terms):
        return
    chosen = promise.selection
    of_kind = Selection(
        {name: values for name, values in chosen.equal.items() if name == "kind"},
        {name: values for name, values in chosen.unlike.items() if name == "kind"},
    )
    kinds = " AND ".join(ledger.opened.selected(of_kind)) or "TRUE"
    yield Mark(terms.deadline.length_ms, kinds)
    if not terms.deadline.inclusive and terms.deadline.length_ms:
        yield Mark(terms.deadline.length_ms - 1, kinds)


def _plain(terms: Turnaround) -> bool:
    """Whether a deadline is a length of time from opening to resolution, on a clock that always runs."""
    clock = terms.clock
    always = not clock.stops and not clock.moves and clock.paused == "counted"
    return always and (terms.start, terms.end) == ("opened_at", "resolved_at")
