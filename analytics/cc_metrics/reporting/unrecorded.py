"""Rows whose dimension is not recorded: whether they forbid a verdict on a promise that speaks of it (METRICS 2)."""

from collections.abc import Callable, Sequence

from cc_metrics.measures import verdict
from cc_metrics.model.promise import Promise
from cc_metrics.reporting.ledger import Ledger

Counted = Callable[[Sequence[str]], verdict.Group]
"""What the rows that meet some SQL conditions count: all of them, those kept of those owed."""


def bounded(
    ledger: Ledger, promise: Promise, counted: Counted, kept: int, settled: int
) -> tuple[str, tuple[float, float] | None]:
    """Whether rows whose dimension is not recorded forbid a verdict, with the bounds they leave."""
    selection, opened = promise.selection, ledger.opened
    for dimension in selection.dimensions():
        column = opened.column(dimension)
        missing = f"{column} IS NULL"
        if not opened.engine.value(f"SELECT count(*) FROM {opened.view} WHERE {missing}"):
            continue
        others = [*ledger.conditions, *opened.selected(selection.without(dimension))]
        groups = [counted([*others, recorded]) for recorded in (missing, f"{column} IS NOT NULL")]
        unrecorded = verdict.Unrecorded(*groups)
        if unrecorded.share is not None and (unrecorded.differs or unrecorded.too_many):
            what = {"satisfaction": "answers"}.get(opened.kind.name, opened.kind.name)
            text = f"{dimension} is not recorded for {100 * float(unrecorded.share):.1f} % of the {what}"
            return text, unrecorded.bounds(kept, settled)
    return "", None
