"""Exports in, one relation of a canonical table out: each file is read as it must be, whatever its kind."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cc_metrics.errors import DataError, EngineError
from cc_metrics.model import zones
from cc_metrics.model.table import Table
from cc_metrics.store import files, queue_lines
from cc_metrics.store.engine import Engine
from cc_metrics.store.file_format import FileFormat
from cc_metrics.store.json_lines import is_json
from cc_metrics.store.mapping import LEGS, Mapping, used
from cc_metrics.store.meaning import Meaning
from cc_metrics.store.pseudonyms import Pseudonyms
from cc_metrics.store.relation import Frame, Relation
from cc_metrics.store.stacked import Stacked
from cc_metrics.store.text import Text, stage

if TYPE_CHECKING:
    from cc_metrics.store.json_file import First
    from cc_metrics.store.json_records import JsonColumns


class Reader:
    """Reads sources of one canonical table into an engine. *source_zone* is the zone of local times, None as written.

    *lines*: whether the lines of rows will be asked for. *pseudonyms* stand for what is personal, of which *keys* are
    the columns by which a policy tells customers.
    """

    def __init__(
        self,
        engine: Engine,
        table: Table,
        mapping: Mapping | None,
        source_zone: str | None,
        extras: Sequence[str],
        *,
        lines: bool,
        pseudonyms: Pseudonyms | None = None,
        keys: frozenset[str] = frozenset(),
    ) -> None:
        self._engine, self._mapping, self._zone, self._lines = engine, mapping, source_zone, lines
        legs = mapping.legs if mapping and LEGS in mapping.entries(table) else None
        suffix = engine.suffix(table.name)
        self.relation = Relation(table, suffix, extras=tuple(extras), legs=legs, pseudonyms=pseudonyms)
        self._parts: list[str] = []
        self._stacked = Stacked(engine, self.relation)
        self._meaning = Meaning(engine, self.relation, mapping, source_zone, keys)
        refused = self.relation.refused
        engine.run(f"CREATE TEMP TABLE {refused} (file INTEGER, line BIGINT, reason VARCHAR, text VARCHAR)")

    def read(self, sources: Sequence[Path | Frame]) -> Relation:
        """Read all sources and make the view over them."""
        groups: dict[tuple[tuple[str, ...], tuple[str, ...]], list[int]] = {}
        for number, source in enumerate(self._opened(sources)):
            self.relation.names.append(source.name if isinstance(source, Frame) else str(source))
            if isinstance(source, Frame):
                self._frame(number, source)
            elif files.is_parquet(source):
                self.relation.paths[number] = source
                groups.setdefault(self._schema(source), []).append(number)
            elif is_json(source, self._mapping.file if self._mapping else None):
                self._json(number, source)
            else:
                self.relation.paths[number] = source
                self._text(number, source)
        self._stacked.settle(zones.offsets(self._zone))
        for (names, kinds), numbers in groups.items():
            self._parquet(numbers, names, kinds)
        self._meaning.lacking.check()
        if self._mapping and self._mapping.note:
            self.relation.cautions.append(("source", self._mapping.note))
        parts = [*self._stacked.parts(), *self._parts]
        self._engine.run(f"CREATE OR REPLACE TEMP VIEW {self.relation.view} AS {' UNION ALL '.join(parts)}")
        return self.relation

    def _opened(self, sources: Sequence[Path | Frame]) -> Iterator[Path | Frame]:
        """The sources, of a workbook the sheets that fit."""
        for source in sources:
            if isinstance(source, Frame) or not files.is_workbook(source):
                yield source
                continue
            from cc_metrics.store import workbook

            sheets = workbook.wanted(source, self.relation.table, self._mapping)
            yield from sheets.frames()
            self.relation.cautions += sheets.cautions

    def _text(self, number: int, path: Path) -> None:
        form = self._mapping.file if self._mapping else None
        table = self._engine.new_name("text")
        log = form is not None and form.form == queue_lines.FORM

        def select(text: Text) -> str:
            text = queue_lines.fields(text) if log else text
            names = form.named(len(text.columns)) if form and form.columns else text.columns
            if names is None:
                raise _other_width(self._mapping, len(text.columns), str(path))
            return self._records(number, text, names, str(path), "line" if log else None)

        with self._engine.words():
            staged = stage(
                self._engine.connection,
                path,
                select=select,
                table=table,
                file=number,
                spill=self._engine.spill,
                refused=self.relation.refused,
                lines=self._lines,
                header=False if form and (form.columns or log) else form.header if form else None,
                delimiter=queue_lines.UNSEEN if log else form.delimiter if form else None,
                encoding=form.encoding if form else None,
            )
        self._stacked.add_text(number, staged, local=not self._meaning.bears)

    def _json(self, number: int, path: Path) -> None:
        from cc_metrics.store import json_names
        from cc_metrics.store.json_file import TABLE, JsonFile
        from cc_metrics.store.json_records import NOT_JSON, JsonColumns

        form = self._mapping.file if self._mapping else FileFormat()

        def compose(names: tuple[str, ...], first: "First", written: str) -> "tuple[JsonColumns, str]":
            known = self._mapping is None and set(self.relation.table.required) <= set(names)
            mapping = self._meaning.mapping(self.relation.table.known if known else names)
            if self._mapping:
                entries, required = mapping.entries(self.relation.table), self.relation.table.required
                wanted = [column for name in required for column in used(entries.get(name))]
                json_names.check(names, wanted, form.nested.rows, str(path))
            columns = JsonColumns(self._engine, (), (), mapping, str(path), blanks=False)
            identity = {"file": f"CAST({number} AS INTEGER)"}
            damaged = (("bad", NOT_JSON),)
            value = partial(first, columns)
            return columns, self._meaning.of(columns, mapping, TABLE, identity, value, written, damaged)

        found = JsonFile(self._engine, path, form, compose, number, self.relation.refused, lines=self._lines).read()
        if not found.split:  # else a line is a record of what was made of the file, and not there to be read again
            self.relation.paths[number] = path
        self.relation.columns.append(tuple(dict.fromkeys((*found.columns.names, *found.names))))
        self._meaning.lacking.add(str(path), self._stacked.never(found.text.table))
        self._stacked.add_text(number, found.text, local=not self._meaning.bears)

    def _records(self, number: int, text: Text, names: Sequence[str], where: str, written: str | None) -> str:
        """SELECT of canonical rows from a text; *written*: the column that holds a record as it is written."""
        cells = ", ".join(f"coalesce(c{i}, '')" for i in range(1, len(names) + 1))
        written = written or f"concat_ws({self._engine.keep(text.delimiter)}, {cells})"
        if self.relation.pseudonyms:
            written = "CAST(NULL AS VARCHAR)"
        kinds = ["VARCHAR"] * len(names)
        identity = {"file": f"CAST({number} AS INTEGER)"}
        return self._meaning.select(text.sql, names, kinds, where, identity, text.first, written)

    def _frame(self, number: int, frame: Frame) -> None:
        view, table = self._engine.new_name("frame"), self._engine.new_name("text")
        self._engine.connection.register(view, frame.table)
        described = self._engine.rows(f"DESCRIBE {view}")
        names, kinds = tuple(str(r[0]) for r in described), [str(r[1]) for r in described]
        aliases = ", ".join(f"c{i}" for i in range(1, len(names) + 1))
        source = f"(SELECT * FROM {view} AS t({aliases})) frame"
        identity = {"file": f"CAST({number} AS INTEGER)"}
        sql = self._meaning.select(source, names, kinds, frame.name, identity, self._first_of(source))
        self._engine.run("SET preserve_insertion_order = true")  # a row's number is its place in the table
        self._engine.run(f"CREATE TEMP TABLE {table} AS SELECT *, CAST(NULL AS VARCHAR) AS written FROM ({sql}) frame")
        self._engine.run("SET preserve_insertion_order = false")
        self._engine.connection.unregister(view)
        self._stacked.add_frame(number, table, frame, local=not self._meaning.bears)

    def _first_of(self, table: str) -> Callable[[str], Any]:
        """What finds the first value of an expression in a table."""

        def first(sql: str) -> Any:
            found = self._engine.rows(f"SELECT {sql} FROM {table} WHERE {sql} IS NOT NULL LIMIT 1")
            return found[0][0] if found else None

        return first

    def _schema(self, path: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
        try:
            rows = self._engine.rows(f"DESCRIBE SELECT * FROM read_parquet({self._engine.keep(files.pattern(path))})")
        except EngineError:
            raise files.damaged_parquet(path) from None
        return tuple(str(r[0]) for r in rows), tuple(str(r[1]) for r in rows)

    def _parquet(self, numbers: list[int], names: tuple[str, ...], kinds: tuple[str, ...]) -> None:
        paths = [self.relation.paths[n] for n in numbers]
        listed = self._engine.keep([files.pattern(p) for p in paths])
        aliases = ", ".join(f"c{i}" for i in range(1, len(names) + 1))
        source = f"read_parquet({listed}, filename = true, file_row_number = true) AS t({aliases}, file_row, file_name)"
        table = self._engine.new_name("parquet")
        self._engine.run(f"CREATE TEMP VIEW {table} AS SELECT * FROM {source}")
        if len(numbers) == 1:
            file = f"CAST({numbers[0]} AS INTEGER)"
        else:
            position = f"list_position({self._engine.keep([str(p) for p in paths])}, file_name)"
            file = f"CAST([{', '.join(map(str, numbers))}][{position}] AS INTEGER)"
        identity = {"row": "file_row", "file": file}
        self._parts.append(self._meaning.select(table, names, kinds, str(paths[0]), identity, self._first_of(table)))


def _other_width(mapping: Mapping | None, width: int, where: str) -> DataError:
    """A file without a header that has other columns than those that the mapping names."""
    form = mapping.file if mapping else FileFormat()
    widths = sorted({len(form.columns or ()) + len(names) for names in form.further or ((),)})
    named = " or ".join(map(str, widths))
    return DataError(
        f"the mapping names {named} columns and the file has {width}",
        where=where,
        hint="copy the mapping (cc-metrics mappings show) and name the columns as they are",
    )
