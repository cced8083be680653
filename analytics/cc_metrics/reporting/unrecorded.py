"""Whether rows whose dimension is not recorded forbid a verdict on a promise that speaks of it (METRICS 2)."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from cc_metrics.language import Said, said
from cc_metrics.measures import verdict
from cc_metrics.measures.turnaround import pooled
from cc_metrics.model.cases import SATISFACTION
from cc_metrics.model.promise import Promise
from cc_metrics.model.selection import RECORDED
from cc_metrics.model.table import things
from cc_metrics.reporting.docket import unsaid
from cc_metrics.reporting.ledger import Ledger

Rows = Callable[[Sequence[str]], Sequence[Mapping[str, int]]]
"""Counts "kept" and "settled" (and "offered", where it is more) of the rows that meet some SQL conditions."""


def bounded(
    ledger: Ledger, promise: Promise, rows: Rows, kept: int, settled: int
) -> tuple[str, tuple[float, float] | None]:
    """Why there is no verdict, with the bounds that are left; ("", None) where nothing forbids one."""
    of = said("answers") if ledger.opened.kind is SATISFACTION else things(ledger.opened.kind.name)
    for dimension, column, others in _doubtful(ledger, promise):
        groups = [_group(rows([*others, f"{column} IS {word}NULL"])) for word in ("", "NOT ")]
        found = verdict.Unrecorded(*groups)
        if found.share is not None and (found.differs or found.too_many):
            return unsaid(dimension, found.share, of), found.bounds(kept, settled)
    return "", None


def _group(rows: Sequence[Mapping[str, int]]) -> verdict.Group:
    found = pooled(rows)
    settled = found.get("settled", 0)
    return verdict.Group(found.get("offered", settled), found.get("kept", 0), settled)


def _doubtful(ledger: Ledger, promise: Promise) -> Iterator[tuple[str, str, list[str]]]:
    """The dimensions of a promise that some row does not record: name, SQL, the promise's other conditions.

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

    def count(conditions: Sequence[str]) -> int:
        where = " AND ".join([within, *conditions])
        return int(opened.engine.value(f"SELECT count(*) FROM {opened.view} WHERE {where}"))

    refused, _ = bounded(ledger, promise, lambda conditions: [{"settled": count(conditions)}], 0, 0)
    beside = []
    for dimension, column, others in _doubtful(ledger, promise):
        missing = count([*others, f"{column} IS NULL"])
        if missing and not refused:
            beside.append(_unsaid(missing, dimension))
    return refused, tuple(beside)


def _unsaid(cases: int, dimension: str) -> Said:
    if cases == 1:
        return said("1 case does not say {dimension}: not counted", dimension=dimension)
    return said("{n:,} cases do not say {dimension}: not counted", n=cases, dimension=dimension)
