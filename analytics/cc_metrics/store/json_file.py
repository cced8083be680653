"""One file of JSON into a staged table of canonical rows, as a text is: lines proved, its bad ones among the rows."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from cc_metrics.store import json_lines, json_names
from cc_metrics.store.decode import plain_text
from cc_metrics.store.dialect import SAMPLE, Dialect, find_dialect
from cc_metrics.store.engine import Engine
from cc_metrics.store.file_format import FileFormat
from cc_metrics.store.json_records import DELIMITER, WRITTEN, JsonColumns, Records
from cc_metrics.store.text import StagedText, Text, stage

TABLE: Final = "json_rows"  # what a composed SELECT reads: c1 .. cn, line and bad

First = Callable[[JsonColumns, str], Any]
"""What finds the first value of an expression on the columns asked for so far."""

Compose = Callable[[tuple[str, ...], First, str], tuple[JsonColumns, str]]
"""What makes the SELECT of canonical rows from TABLE: names seen in the file, first values, SQL of a row as written."""


@dataclass(frozen=True, slots=True)
class StagedJson:
    """What a file became; *names* are the paths seen in it, *split* whether its lines are not those of the file."""

    text: StagedText
    columns: JsonColumns
    names: tuple[str, ...]
    split: bool


def find_json_dialect(path: Path, encoding: str | None = None) -> Dialect:
    """How a file of JSON is written: its encoding and compression.

    Raises:
        DataError: it cannot be read.
    """
    dialect = find_dialect(path, header=False, delimiter=DELIMITER, encoding=encoding)
    return replace(dialect, quote="", columns=1)


class JsonFile:
    """The steps from a file to its table; *number* and *refused* as in `stage`."""

    def __init__(
        self, engine: Engine, path: Path, form: FileFormat, compose: Compose, number: int, refused: str, *, lines: bool
    ) -> None:
        self._engine, self._path, self._form, self._compose = engine, path, form, compose
        self._number, self._refused, self._lines = number, refused, lines
        self._table = engine.new_name("text")

    def read(self) -> StagedJson:
        """Read it.

        Raises:
            DataError: it cannot be read, or holds no records.
            EngineError: memory or disk ran out.
        """
        dialect = find_json_dialect(self._path, self._form.encoding)
        spill, records = self._engine.spill, self._form.nested.records
        with (
            plain_text(self._path, dialect.compression, dialect.encoding, spill) as source,
            json_lines.as_lines(self._path, records, source, spill) as lines,
        ):
            with lines.open("rb") as stream:
                names = json_names.seen(stream.read(SAMPLE).removeprefix(b"\xef\xbb\xbf"))
            read = self._rows if self._form.nested.rows else self._plain
            staged, columns = read(lines, names)
            return StagedJson(replace(staged, dialect=dialect), columns, names, lines != source)

    def _stage(self, lines: Path, select: Callable[[Text], str], table: str) -> StagedText:
        with self._engine.words():
            return stage(
                self._engine.connection,
                lines,
                select=select,
                table=table,
                file=self._number,
                spill=self._engine.spill,
                refused=self._refused,
                lines=self._lines,
                header=False,
                delimiter=DELIMITER,
                encoding="utf-8",
                quoted=False,
            )

    def _plain(self, lines: Path, names: tuple[str, ...]) -> tuple[StagedText, JsonColumns]:
        """A row for each record, in one step."""
        found: list[JsonColumns] = []

        def select(text: Text) -> str:
            def rows(columns: JsonColumns) -> str:
                return Records(self._engine, self._form.nested, columns.names).plain(text.sql)

            columns, sql = self._compose(
                names, lambda columns, sql: text.first(sql, f"({rows(columns)}) {TABLE}"), WRITTEN[False]
            )
            found.append(columns)
            return f"WITH {TABLE} AS ({rows(columns)}) {sql}"

        return self._stage(lines, select, self._table), found[-1]

    def _rows(self, lines: Path, names: tuple[str, ...]) -> tuple[StagedText, JsonColumns]:
        """A row for each item of the lists that the mapping names: what is asked of them is taken out first."""
        engine, table = self._engine, self._table
        columns, _ = self._compose(names, lambda _columns, _sql: None, WRITTEN[True])  # tells which paths
        records = Records(engine, self._form.nested, columns.names)
        lists, rows, joined = (engine.new_name("json") for _ in range(3))
        staged = self._stage(lines, lambda text: records.lists(text.sql), lists)
        engine.run("SET preserve_insertion_order = true")
        engine.run(f"CREATE TEMP TABLE {rows} AS {records.rows(lists)}")
        engine.run(f"CREATE TEMP TABLE {joined} AS {records.joined(lists, rows)}")

        def first(_columns: JsonColumns, sql: str) -> Any:
            found = engine.rows(f"SELECT {sql} FROM {joined} WHERE {sql} IS NOT NULL LIMIT 1")
            return found[0][0] if found else None

        columns, sql = self._compose(names, first, WRITTEN[True])
        engine.run(f"CREATE TEMP TABLE {table} AS WITH {TABLE} AS (SELECT * FROM {joined}) {sql}")
        engine.run("SET preserve_insertion_order = false")
        self._shift(joined, staged.shifts)
        for name in (staged.shifts, lists, rows, joined):
            engine.run(f"DROP TABLE {name}")
        count = engine.value(f"SELECT count(*) FROM {table}")
        return replace(staged, table=table, shifts=f"{table}_shifts", records=count), columns

    def _shift(self, rows: str, shifts: str) -> None:
        """The way from the rows of records to the records' lines."""
        moved = (
            f"SELECT r.ordinal, r.record + s.shift - r.ordinal AS moved "
            f"FROM {rows} r ASOF JOIN {shifts} s ON r.record >= s.ordinal"
        )
        self._engine.run(
            f"CREATE TEMP TABLE {self._table}_shifts AS SELECT ordinal, moved AS shift FROM ({moved}) m "
            "QUALIFY moved IS DISTINCT FROM lag(moved) OVER (ORDER BY ordinal)"
        )
