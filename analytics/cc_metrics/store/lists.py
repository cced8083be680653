"""The lists behind the numbers: rows that were refused; late.py has what was late."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, groupby
from pathlib import Path
from typing import Any, Final, Protocol

from cc_metrics.errors import UsageError
from cc_metrics.model.calls import CALLS
from cc_metrics.store import decode, output
from cc_metrics.store.accounted import Accountant
from cc_metrics.store.duplicates import reasons
from cc_metrics.store.engine import Engine
from cc_metrics.store.relation import Relation
from cc_metrics.store.safe_cells import safe

WITHHELD: Final = "withheld"
_BLOCK: Final = 10_000


class Read(Protocol):
    """What was read into an engine, with the accounts of its rows."""

    @property
    def engine(self) -> Engine: ...

    @property
    def readings(self) -> Sequence[tuple[Relation, Accountant]]: ...


def rejected(opened: Read, path: Path) -> int:
    """Write file, line, reason and text of every rejected row as CSV; how many there were.

    For Parquet and tables the line is the row's number and the text its id. Where pseudonyms stand for customers the
    text is withheld.

    Raises:
        EngineError: the file cannot be written.
    """
    rows = chain.from_iterable(_rejected(opened.engine, *reading) for reading in opened.readings)
    return write(path, ("file", "line", "reason", "text"), rows)


def _rejected(engine: Engine, relation: Relation, accountant: Accountant) -> Iterator[Sequence[Any]]:
    read = relation.log or relation
    check_order(read)
    if relation.log:
        parts = [with_lines(read, _folding(relation)(engine, relation, accountant))]
    else:
        parts = _parts(engine, relation, accountant)
    sql = f"SELECT file, line, reason, text FROM ({' UNION ALL '.join(parts)}) r ORDER BY file, line"
    with engine.words():
        rows = fetched(engine.connection.execute(sql))
        for file, found_rows in groupby(rows, key=lambda row: row[0]):
            yield from _with_text(read, file, list(found_rows))


def _folding(relation: Relation) -> Callable[[Engine, Relation, Accountant], str]:
    """What selects the rows of a log that was folded and whose calls, or cases, were refused."""
    if relation.table is CALLS:
        from cc_metrics.store import queue_log

        return queue_log.refused_sql
    from cc_metrics.store import fold

    return fold.refused_sql


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
        parts.append(with_lines(relation, refused))
    cases = " ".join(f"WHEN {condition} THEN {engine.keep(reason)}" for condition, reason in accountant.late_reasons())
    if cases:
        found = f"SELECT file, row, CASE {cases} END AS reason, {name} AS id FROM {relation.counted} WHERE status = 0"
        parts.append(with_lines(relation, f"SELECT * FROM ({found}) found WHERE reason IS NOT NULL"))
    conflict, apart = reasons(table)
    conflicting = (
        f"SELECT d.file, d.row, CASE WHEN d.apart THEN '{apart}' ELSE '{conflict}' END AS reason, {name} AS id "
        f"FROM {relation.dropped} d "
        f"JOIN {relation.view} c USING (file, row) WHERE d.conflicting"
    )
    parts.append(with_lines(relation, conflicting))
    return parts


def check_order(relation: Relation) -> None:
    """Refuse to list the rows of a source that was read without its order."""
    if not relation.ordered:
        raise UsageError("the lines of the rows were not kept", hint="read with lines=True to list rows")


def with_lines(relation: Relation, rows: str) -> str:
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
    """Rows of one file; a line whose text was not kept is read again.

    Where pseudonyms stand for customers the text is withheld: a row that was refused may name one in any cell.
    """
    name = relation.names[file]
    if relation.pseudonyms:
        yield from ((name, line, reason, WITHHELD) for _, line, reason, _ in rows)
        return
    again = {row[1] for row in rows if row[3] is None} if file in relation.staged and file in relation.paths else set()
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


def fetched(cursor: Any) -> Iterator[tuple[Any, ...]]:
    """The rows of a result, block by block."""
    while block := cursor.fetchmany(_BLOCK):
        yield from block


def write(path: Path, header: Sequence[str], rows: Iterator[Sequence[Any]]) -> int:
    """Write a CSV whole or not at all, safe for spreadsheets; how many rows it holds."""
    written = 0

    def fill(temporary: Path) -> None:
        nonlocal written
        with temporary.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([safe(name) for name in header])
            for row in rows:
                writer.writerow([safe(value) for value in row])
                written += 1

    output.write(path, fill)
    return written
