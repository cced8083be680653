"""Whether cases whose dimension is not recorded forbid a verdict (METRICS 2, tier coverage)."""

from collections.abc import Callable, Iterator, Sequence

from cc_metrics.measures import verdict
from cc_metrics.model.promise import Promise
from cc_metrics.model.selection import RECORDED
from cc_metrics.reporting.ledger import Ledger

Counts = Callable[[Sequence[str]], tuple[int, int]]
"""(kept, settled) of the cases that meet some SQL conditions."""


def bounded(
    ledger: Ledger, promise: Promise, counts: Counts, kept: int, settled: int
) -> tuple[str, tuple[float, float] | None]:
    """Why there is no verdict, with the bounds that are left; ("", None) where nothing forbids one."""
    for dimension, column, others in _doubtful(ledger, promise):
        groups = []
        for recorded in (f"{column} IS NULL", f"{column} IS NOT NULL"):
            some, owed = counts([*others, recorded])
            groups.append(verdict.Group(owed, some, owed))
        found = verdict.Unrecorded(*groups)
        if found.share is not None and (found.differs or found.too_many):
            text = f"{dimension} is not recorded for {100 * float(found.share):.1f} % of the cases"
            return text, found.bounds(kept, settled)
    return "", None


def _doubtful(ledger: Ledger, promise: Promise) -> Iterator[tuple[str, str, list[str]]]:
    """The dimensions of a promise that some case does not record: name, SQL, the promise's other conditions.

    A promise on whatever is recorded ("*") leaves out what is not, and leaves no doubt.
    """
    selection, opened = promise.selection, ledger.opened
    for dimension in selection.dimensions():
        column = opened.column(dimension)
        if RECORDED in selection.equal.get(dimension, ()):
            continue
        if opened.engine.value(f"SELECT count(*) FROM {opened.view} WHERE {column} IS NULL"):
            yield dimension, column, [*ledger.conditions, *opened.selected(selection.without(dimension))]


def number(ledger: Ledger, promise: Promise, within: str) -> tuple[str, tuple[str, ...]]:
    """Why a plain number of cases (those *within*, by SQL) can't be judged, and what stands beside it where it can.

    It can't where more than a fifth of the cases might belong to it or not.
    """
    opened = ledger.opened

    def counts(conditions: Sequence[str]) -> tuple[int, int]:
        where = " AND ".join([within, *conditions])
        return 0, int(opened.engine.value(f"SELECT count(*) FROM {opened.view} WHERE {where}"))

    refused, _ = bounded(ledger, promise, counts, 0, 0)
    said = []
    for dimension, column, others in _doubtful(ledger, promise):
        _, missing = counts([*others, f"{column} IS NULL"])
        if missing and not refused:
            said.append(f"{missing:,} {'case does' if missing == 1 else 'cases do'} not say {dimension}: not counted")
    return refused, tuple(said)
