"""The lists behind the numbers: rows that were refused, calls that were late or lost."""

import csv
import io
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, groupby
from pathlib import Path
from typing import Any, Final, Protocol

from cc_metrics.errors import UsageError
from cc_metrics.model import zones
from cc_metrics.model.calls import PERSONAL
from cc_metrics.model.intervals import Period
from cc_metrics.model.promise import ServiceTerms
from cc_metrics.store import decode, fold, output
from cc_metrics.store.accounted import Accountant, conflict
from cc_metrics.store.engine import Engine
from cc_metrics.store.opened import Opened
from cc_metrics.store.relation import Relation

_BLOCK: Final = 10_000
LATE_COLUMNS: Final = ("file", "line", "call_id", "offered_at", "outcome", "wait_s", "late_by_s")


class Read(Protocol):
    """What was read into an engine, with the accounts of its rows."""

    @property
    def engine(self) -> Engine: ...

    @property
    def readings(self) -> Sequence[tuple[Relation, Accountant]]: ...


def rejected(opened: Read, path: Path) -> int:
    """Write file, line, reason and text of every rejected row as CSV; how many there were.

    For Parquet and tables the line is the row's number and the text its id.

    Raises:
        EngineError: the file cannot be written.
    """
    rows = chain.from_iterable(_rejected(opened.engine, *reading) for reading in opened.readings)
    return _write(path, ("file", "line", "reason", "text"), rows)


def _rejected(engine: Engine, relation: Relation, accountant: Accountant) -> Iterator[Sequence[Any]]:
    read = relation.log or relation
    _check_order(read)
    if relation.log:
        parts = [_with_lines(read, fold.refused_sql(engine, relation, accountant))]
    else:
        parts = _parts(engine, relation, accountant)
    sql = f"SELECT file, line, reason, text FROM ({' UNION ALL '.join(parts)}) r ORDER BY file, line"
    with engine.words():
        rows = _fetched(engine.connection.execute(sql))
        for file, found_rows in groupby(rows, key=lambda row: row[0]):
            yield from _with_text(read, file, list(found_rows))


def _parts(engine: Engine, relation: Relation, accountant: Accountant) -> list[str]:
    """SELECTs of (file, line, reason, text) that together give every rejected row."""
    table, words = relation.table, relation.statuses.rejected
    name = table.ids[0] if table.ids else "''"
    staged = ", ".join(map(str, relation.staged)) or "-1"
    parts = [f"SELECT file, line, reason, text FROM {relation.refused}"]
    if words:
        refused = (
            f"SELECT file, row, {engine.keep(words)}[-status] AS reason, {name} AS id FROM {relation.view} "
            f"WHERE status < 0 AND file NOT IN ({staged})"
        )
        parts.append(_with_lines(relation, refused))
    cases = " ".join(f"WHEN {condition} THEN {engine.keep(reason)}" for condition, reason in accountant.late_reasons())
    if cases:
        found = f"SELECT file, row, CASE {cases} END AS reason, {name} AS id FROM {relation.view} WHERE status = 0"
        parts.append(_with_lines(relation, f"SELECT * FROM ({found}) found WHERE reason IS NOT NULL"))
    conflicting = (
        f"SELECT d.file, d.row, '{conflict(table)}' AS reason, {name} AS id FROM {relation.dropped} d "
        f"JOIN {relation.view} c USING (file, row) WHERE d.conflicting"
    )
    parts.append(_with_lines(relation, conflicting))
    return parts


def _check_order(relation: Relation) -> None:
    if not relation.ordered:
        raise UsageError("the lines of the rows were not kept", hint="read with lines=True to list rows")


def _with_lines(relation: Relation, rows: str) -> str:
    """(file, line, reason, text) from rows of (file, row, reason, id): physical lines for text files."""
    shifts = " UNION ALL ".join(
        f"SELECT {file} AS file, ordinal, shift FROM {table}" for file, table in relation.shifts.items()
    )
    if not shifts:
        return f"SELECT file, row + 1 AS line, reason, id AS text FROM ({rows}) r"
    staged = ", ".join(map(str, relation.staged)) or "-1"
    return (
        f"SELECT r.file, r.row + coalesce(s.shift, 1) AS line, r.reason, "
        f"CASE WHEN r.file IN ({staged}) THEN NULL ELSE r.id END AS text "
        f"FROM ({rows}) r ASOF LEFT JOIN ({shifts}) s ON r.file = s.file AND r.row >= s.ordinal"
    )


def _with_text(relation: Relation, file: int, rows: list[tuple[Any, ...]]) -> Iterator[Sequence[Any]]:
    """Rows of one file; a line whose text was not kept is read again."""
    name = relation.names[file]
    again = {row[1] for row in rows if row[3] is None} if file in relation.staged else set()
    texts = _lines(relation, file, again) if again else {}
    for _, line, reason, text in rows:
        yield name, line, reason, texts.get(line, "") if text is None else text


def _lines(relation: Relation, file: int, wanted: set[int]) -> dict[int, str]:
    dialect = relation.staged[file].dialect
    found = {}
    with decode.opened(relation.paths[file], dialect.compression) as stream:
        text = io.TextIOWrapper(stream, dialect.encoding, errors="replace", newline="\n")
        for number, line in enumerate(text, 1):
            if number in wanted:
                found[number] = line.rstrip("\r\n")
                if len(found) == len(wanted):
                    break
        text.detach()
    return found


def late(
    opened: Opened,
    conditions: Sequence[str],
    period: Period,
    terms: ServiceTerms,
    path: Path,
    names: Mapping[str, str],
) -> int:
    """Write the calls of a period that were owed an answer and not answered in time, by how much, as CSV.

    *names* are the dimensions to show beside them, name -> engine column; customers never without being asked for.

    Raises:
        EngineError: the file cannot be written.
    """
    if opened.calls is None:
        raise UsageError("summaries hold no calls to list", where="--late", hint="give the calls themselves")
    relation, _ = opened.calls
    _check_order(relation)
    shown = {name: column for name, column in names.items() if name not in PERSONAL}
    missed = f"NOT (wait_ms {terms.edge} {terms.within_ms})"
    lost = f"outcome = 'abandoned' OR (outcome = 'answered' AND {missed})"
    if terms.redirected != "out":
        lost += f" OR (outcome = 'redirected' AND {'TRUE' if terms.redirected == 'abandoned' else missed})"
    where = " AND ".join([period.sql("offered_ms"), f"({lost})", *conditions])
    columns = ", ".join(["file", "row", "call_id", "offered_ms", "outcome", "wait_ms", *shown.values()])
    sql = f"SELECT {columns} FROM accepted WHERE {where} ORDER BY offered_ms, call_id"
    shifts = _shifts(opened, relation)  # before the result below is open on the one connection
    with opened.engine.words():
        rows = _fetched(opened.engine.connection.execute(sql))
        return _write(path, (*LATE_COLUMNS, *shown), _late_rows(opened, relation, rows, terms, shifts))


def _late_rows(
    opened: Opened,
    relation: Relation,
    rows: Iterator[tuple[Any, ...]],
    terms: ServiceTerms,
    shifts: Mapping[int, list[tuple[int, int]]],
) -> Iterator[Sequence[Any]]:
    for file, row, call_id, offered, outcome, wait, *dimensions in rows:
        moment = zones.iso(offered, opened.offsets, written=opened.written)
        beyond = None if wait is None else max(0, wait - terms.within_ms) / 1000
        waited = None if wait is None else wait / 1000
        line = row + _shift(shifts.get(file), row)
        yield relation.names[file], line, call_id, moment, outcome, waited, beyond, *dimensions


def _shifts(opened: Opened, relation: Relation) -> dict[int, list[tuple[int, int]]]:
    return {
        file: [(int(o), int(s)) for o, s in opened.engine.rows(f"SELECT ordinal, shift FROM {table} ORDER BY 1")]
        for file, table in relation.shifts.items()
    }


def _shift(shifts: list[tuple[int, int]] | None, row: int) -> int:
    if not shifts:
        return 1
    return shifts[bisect_right(shifts, (row, 1 << 62)) - 1][1]


def _fetched(cursor: Any) -> Iterator[tuple[Any, ...]]:
    while block := cursor.fetchmany(_BLOCK):
        yield from block


def _write(path: Path, header: Sequence[str], rows: Iterator[Sequence[Any]]) -> int:
    """Write a CSV whole or not at all; how many rows it holds."""
    written = 0

    def fill(temporary: Path) -> None:
        nonlocal written
        with temporary.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            for row in rows:
                writer.writerow(["" if value is None else value for value in row])
                written += 1

    output.write(path, fill)
    return written
