"""Whether rows whose dimension is not recorded forbid a verdict on a promise that speaks of it (METRICS 2)."""

from collections.abc import Callable, Mapping, Sequence

from cc_metrics.measures import verdict
from cc_metrics.measures.turnaround import pooled
from cc_metrics.model.cases import SATISFACTION
from cc_metrics.model.promise import Promise
from cc_metrics.model.selection import RECORDED
from cc_metrics.reporting.ledger import Ledger

Rows = Callable[[Sequence[str]], Sequence[Mapping[str, int]]]
"""Counts "kept" and "settled" (and "offered", where it is more) of the rows that meet some SQL conditions."""


def bounded(
    ledger: Ledger, promise: Promise, rows: Rows, kept: int, settled: int
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
        found = verdict.Unrecorded(*(_group(rows([*others, c])) for c in (missing, f"{column} IS NOT NULL")))
        if found.share is not None and (found.differs or found.too_many):
            of = "answers" if opened.kind is SATISFACTION else opened.kind.name
            text = f"{dimension} is not recorded for {100 * float(found.share):.1f} % of the {of}"
            return text, found.bounds(kept, settled)
    return "", None


def _group(rows: Sequence[Mapping[str, int]]) -> verdict.Group:
    found = pooled(rows)
    settled = found.get("settled", 0)
    return verdict.Group(found.get("offered", settled), found.get("kept", 0), settled)


def refused(ledger: Ledger, promise: Promise, within: str) -> str:
    """Why a plain number of cases (those *within*, by SQL) can't be judged; "" where it can.

    More than a fifth of the cases might belong to it or not.
    """
    opened = ledger.opened

    def rows(conditions: Sequence[str]) -> list[dict[str, int]]:
        where = " AND ".join([within, *conditions])
        return [{"settled": int(opened.engine.value(f"SELECT count(*) FROM {opened.view} WHERE {where}"))}]

    return bounded(ledger, promise, rows, 0, 0)[0]
