"""Whether cases whose dimension is not recorded forbid a verdict (METRICS 2, tier coverage)."""

from collections.abc import Callable, Sequence

from cc_metrics.measures import verdict
from cc_metrics.model.promise import Promise
from cc_metrics.model.selection import RECORDED
from cc_metrics.reporting.ledger import Ledger

Counts = Callable[[Sequence[str]], tuple[int, int]]
"""(kept, settled) of the cases that meet some SQL conditions."""


def bounded(
    ledger: Ledger, promise: Promise, counts: Counts, kept: int, settled: int
) -> tuple[str, tuple[float, float] | None]:
    """Why there is no verdict, with the bounds that are left; ("", None) where nothing forbids one.

    A promise on whatever is recorded ("*") leaves out what is not, and asks nothing here.
    """
    selection, opened = promise.selection, ledger.opened
    for dimension in selection.dimensions():
        column = opened.column(dimension)
        missing = f"{column} IS NULL"
        if RECORDED in selection.equal.get(dimension, ()):
            continue
        if not opened.engine.value(f"SELECT count(*) FROM {opened.view} WHERE {missing}"):
            continue
        others = [*ledger.conditions, *opened.selected(selection.without(dimension))]
        groups = []
        for recorded in (missing, f"{column} IS NOT NULL"):
            some, owed = counts([*others, recorded])
            groups.append(verdict.Group(owed, some, owed))
        found = verdict.Unrecorded(*groups)
        if found.share is not None and (found.differs or found.too_many):
            text = f"{dimension} is not recorded for {100 * float(found.share):.1f} % of the cases"
            return text, found.bounds(kept, settled)
    return "", None


def refused(ledger: Ledger, promise: Promise, within: str) -> str:
    """Why a plain number of cases (those *within*, by SQL) can't be judged; "" where it can.

    More than a fifth of the cases might belong to it or not.
    """
    opened = ledger.opened

    def counts(conditions: Sequence[str]) -> tuple[int, int]:
        where = " AND ".join([within, *conditions])
        return 0, int(opened.engine.value(f"SELECT count(*) FROM {opened.view} WHERE {where}"))

    return bounded(ledger, promise, counts, 0, 0)[0]
