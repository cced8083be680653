"""The lists behind the numbers: calls that were late or lost, cases past their deadline, by how much."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Final

from cc_metrics.errors import UsageError
from cc_metrics.model import zones
from cc_metrics.model.calls import PERSONAL
from cc_metrics.model.intervals import Period
from cc_metrics.model.promise import ServiceTerms
from cc_metrics.store.engine import Engine
from cc_metrics.store.lists import check_order, fetched, write
from cc_metrics.store.opened import Opened
from cc_metrics.store.opened_cases import OpenedCases
from cc_metrics.store.relation import Relation

CALL_COLUMNS: Final = ("file", "line", "call_id", "offered_at", "outcome", "wait_s", "late_by_s")
CASE_COLUMNS: Final = (
    "file",
    "line",
    "promise",
    "case_id",
    "kind",
    "owner",
    "opened_at",
    "due_at",
    "done_at",
    "late_by_s",
)

List = tuple[Sequence[str], Iterator[Sequence[Any]]]
"""A header and its rows."""


def save(path: Path, lists: Sequence[List]) -> int:
    """Write lists below each other as one CSV, a column for every name; how many rows there were.

    Raises:
        EngineError: the file cannot be written.
    """
    header = tuple(dict.fromkeys(name for names, _ in lists for name in names))
    rows = chain.from_iterable(_widened(header, names, rows) for names, rows in lists)
    return write(path, header, rows)


def _widened(header: Sequence[str], names: Sequence[str], rows: Iterator[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    if tuple(names) == tuple(header):
        return rows
    return ([dict(zip(names, row, strict=True)).get(name) for name in header] for row in rows)


def calls(
    opened: Opened, conditions: Sequence[str], period: Period, terms: ServiceTerms, names: Mapping[str, str]
) -> List:
    """The calls of a period that were owed an answer and not answered in time, by how much.

    *names* are the dimensions to show beside them, name -> engine column; customers never without being asked for.

    Raises:
        UsageError: summaries were given.
    """
    if opened.calls is None:
        what = "summaries hold" if opened.counted is None else "rows of counts hold"
        raise UsageError(f"{what} no calls to list", where="--late", hint="give the calls themselves")
    relation, _ = opened.calls
    check_order(relation)
    shown = {name: column for name, column in names.items() if name not in PERSONAL}
    missed = f"NOT (wait_ms {terms.edge} {terms.within_ms})"
    lost = f"outcome = 'abandoned' OR (outcome = 'answered' AND {missed})"
    if terms.redirected != "out":
        lost += f" OR (outcome = 'redirected' AND {'TRUE' if terms.redirected == 'abandoned' else missed})"
    where = " AND ".join([period.sql("offered_ms"), f"({lost})", *conditions])
    known = "call_id" not in relation.personal or relation.pseudonyms  # an id may be made of the caller's number
    call_id = "call_id" if known else "CAST(NULL AS VARCHAR) AS call_id"
    columns = ", ".join(["file", "row", call_id, "offered_ms", "outcome", "wait_ms", *shown.values()])
    sql = f"SELECT {columns} FROM accepted WHERE {where} ORDER BY offered_ms, call_id"
    shifts = _shifts(opened.engine, relation)  # before the result below is open on the one connection
    return (*CALL_COLUMNS, *shown), _late_calls(opened, relation, sql, terms, shifts)


def _late_calls(
    opened: Opened, relation: Relation, sql: str, terms: ServiceTerms, shifts: Mapping[int, list[tuple[int, int]]]
) -> Iterator[Sequence[Any]]:
    for file, row, call_id, offered, outcome, wait, *dimensions in _rows(opened.engine, sql):
        moment = zones.iso(offered, opened.offsets, written=opened.written)
        beyond = None if wait is None else max(0, wait - terms.within_ms) / 1000
        waited = None if wait is None else wait / 1000
        line = row + _shift(shifts.get(file), row)
        yield relation.names[file], line, call_id, moment, outcome, waited, beyond, *dimensions


def _rows(engine: Engine, sql: str) -> Iterator[tuple[Any, ...]]:
    with engine.words():
        yield from fetched(engine.connection.execute(sql))


def _shifts(engine: Engine, relation: Relation) -> dict[int, list[tuple[int, int]]]:
    return {
        file: [(int(o), int(s)) for o, s in engine.rows(f"SELECT ordinal, shift FROM {table} ORDER BY 1")]
        for file, table in relation.shifts.items()
    }


def _shift(shifts: list[tuple[int, int]] | None, row: int) -> int:
    if not shifts:
        return 1
    return shifts[bisect_right(shifts, (row, 1 << 62)) - 1][1]


def cases(opened: OpenedCases, promise: str, timed: str, late: str, as_of_ms: int) -> List:
    """The cases of *timed* (a query in brackets with case_last_ms and done_ms) where *late* holds, by how much.

    An open case is late by what has passed until *as_of_ms*. Sorted by deadline.
    """
    read, _ = opened.readings[0]
    check_order(read)
    columns = "file, row, case_id, kind, owner, opened_ms, case_due_ms, case_last_ms, done_ms"
    sql = f"SELECT {columns} FROM {timed} timed WHERE {late} ORDER BY case_due_ms, case_id"
    return CASE_COLUMNS, _late_cases(opened, read, promise, sql, _shifts(opened.engine, read), as_of_ms)


def _late_cases(
    opened: OpenedCases,
    read: Relation,
    promise: str,
    sql: str,
    shifts: Mapping[int, list[tuple[int, int]]],
    as_of_ms: int,
) -> Iterator[Sequence[Any]]:
    def iso(moment: int | None) -> str | None:
        return None if moment is None else zones.iso(moment, opened.offsets, written=opened.written)

    for file, row, case_id, kind, owner, start, due, last, done in _rows(opened.engine, sql):
        line = row + _shift(shifts.get(file), row)
        by = ((as_of_ms if done is None else done) - last) / 1000
        yield read.names[file], line, promise, case_id, kind, owner, iso(start), iso(due), iso(done), by
