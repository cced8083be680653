"""Exports in, one relation of a canonical table out: each file is read as it must be, whatever its kind."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cc_metrics.errors import DataError, EngineError, UsageError, nearest
from cc_metrics.model import zones
from cc_metrics.model.table import Table
from cc_metrics.store import clock_changes, files, personal, queue_lines
from cc_metrics.store.canonical import Selection, select
from cc_metrics.store.columns import Columns
from cc_metrics.store.engine import Engine
from cc_metrics.store.file_format import FileFormat
from cc_metrics.store.json_lines import is_json
from cc_metrics.store.mapping import LEGS, Field, Mapping, Moment, canonical, used
from cc_metrics.store.moments import Clock
from cc_metrics.store.pseudonyms import Pseudonyms
from cc_metrics.store.relation import Frame, Relation
from cc_metrics.store.text import StagedText, Text, stage

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
        self._keys = keys
        legs = mapping.legs if mapping and LEGS in mapping.entries(table) else None
        suffix = engine.suffix(table.name)
        self.relation = Relation(table, suffix, extras=tuple(extras), legs=legs, pseudonyms=pseudonyms)
        self._parts: list[str] = []
        self._table: str | None = None
        self._local: list[int] = []  # files whose times are local clocks
        self._bears = False
        self._lacking: dict[str, frozenset[str]] = {}
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
        if self._table and self._local:
            offsets = zones.offsets(self._zone)
            self.relation.cautions += clock_changes.settle(
                self._engine, self.relation.table, self._table, self._local, offsets, ordered=self.relation.ordered
            )
        for (names, kinds), numbers in groups.items():
            self._parquet(numbers, names, kinds)
        self._check_lacking()
        if self._mapping and self._mapping.note:
            self.relation.cautions.append(("source", self._mapping.note))
        if self._table:
            self._parts.insert(0, f"SELECT rowid AS row, * EXCLUDE (written) FROM {self._table}")
        self._engine.run(f"CREATE OR REPLACE TEMP VIEW {self.relation.view} AS {' UNION ALL '.join(self._parts)}")
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
        self._staged(number, staged)

    def _json(self, number: int, path: Path) -> None:
        from cc_metrics.store import json_names
        from cc_metrics.store.json_file import TABLE, JsonFile
        from cc_metrics.store.json_records import NOT_JSON, JsonColumns

        form = self._mapping.file if self._mapping else FileFormat()

        def compose(names: tuple[str, ...], first: "First", written: str) -> "tuple[JsonColumns, str]":
            known = self._mapping is None and set(self.relation.table.required) <= set(names)
            mapping = self._mapped(self.relation.table.known if known else names)
            if self._mapping:
                entries, required = mapping.entries(self.relation.table), self.relation.table.required
                wanted = [column for name in required for column in used(entries.get(name))]
                json_names.check(names, wanted, form.nested.rows, str(path))
            columns = JsonColumns(self._engine, (), (), mapping, str(path), blanks=False)
            identity = {"file": f"CAST({number} AS INTEGER)"}
            damaged = (("bad", NOT_JSON),)
            sql = self._canonical(columns, mapping, TABLE, identity, lambda sql: first(columns, sql), written, damaged)
            return columns, sql

        found = JsonFile(self._engine, path, form, compose, number, self.relation.refused, lines=self._lines).read()
        if not found.split:  # else a line is a record of what was made of the file, and not there to be read again
            self.relation.paths[number] = path
        self.relation.columns.append(tuple(dict.fromkeys((*found.columns.names, *found.names))))
        self._lacking[str(path)] = self._never(found.text.table)
        self._staged(number, found.text)

    def _never(self, table: str) -> frozenset[str]:
        """The columns asked for that no row of a table has."""
        extras = self.relation.extras
        counts = ", ".join(f"count(x{i})" for i in range(1, len(extras) + 1))
        [found] = self._engine.rows(f"SELECT {counts} FROM {table}") if extras else [()]
        return frozenset(name for name, count in zip(extras, found, strict=True) if not count)

    def _staged(self, number: int, staged: StagedText) -> None:
        """Keep what a text became."""
        self.relation.staged[number] = staged
        self.relation.ordered &= staged.ordered
        self._keep_refused(number, staged)
        self._append(number, staged.table, staged.shifts)

    def _records(self, number: int, text: Text, names: Sequence[str], where: str, written: str | None) -> str:
        """SELECT of canonical rows from a text; *written*: the column that holds a record as it is written."""
        cells = ", ".join(f"coalesce(c{i}, '')" for i in range(1, len(names) + 1))
        written = written or f"concat_ws({self._engine.keep(text.delimiter)}, {cells})"
        if self.relation.pseudonyms:
            written = "CAST(NULL AS VARCHAR)"
        kinds = ["VARCHAR"] * len(names)
        return self._select(text.sql, names, kinds, where, {"file": f"CAST({number} AS INTEGER)"}, text.first, written)

    def _frame(self, number: int, frame: Frame) -> None:
        view, table = self._engine.new_name("frame"), self._engine.new_name("text")
        self._engine.connection.register(view, frame.table)
        described = self._engine.rows(f"DESCRIBE {view}")
        names, kinds = tuple(str(r[0]) for r in described), [str(r[1]) for r in described]
        aliases = ", ".join(f"c{i}" for i in range(1, len(names) + 1))
        source = f"(SELECT * FROM {view} AS t({aliases})) frame"
        identity = {"file": f"CAST({number} AS INTEGER)"}
        sql = self._select(source, names, kinds, frame.name, identity, self._first_of(source))
        self._engine.run("SET preserve_insertion_order = true")  # a row's number is its place in the table
        self._engine.run(f"CREATE TEMP TABLE {table} AS SELECT *, CAST(NULL AS VARCHAR) AS written FROM ({sql}) frame")
        self._engine.run("SET preserve_insertion_order = false")
        self._engine.connection.unregister(view)
        shifts = self._engine.new_name("shifts")
        ordinals, moved = ([int(n) for n in numbers] for numbers in zip(*frame.shifts, strict=True))
        self._engine.run(
            f"CREATE TEMP TABLE {shifts} AS SELECT unnest({ordinals}::BIGINT[]) AS ordinal, "
            f"unnest({moved}::BIGINT[]) AS shift"
        )
        self._append(number, table, shifts)

    def _append(self, number: int, table: str, shifts: str) -> None:
        """Put the rows of one source below those before it; the way to their lines moves with them."""
        self.relation.shifts[number] = shifts
        if not self._bears:
            self._local.append(number)
        if self._table is None:
            self._table = table
            return
        above = self._engine.value(f"SELECT count(*) FROM {self._table}")
        self._engine.run("SET preserve_insertion_order = true")
        self._engine.run(f"INSERT INTO {self._table} SELECT * FROM {table}")
        self._engine.run("SET preserve_insertion_order = false")
        self._engine.run(f"DROP TABLE {table}")
        self._engine.run(f"UPDATE {shifts} SET ordinal = ordinal + {above}, shift = shift - {above}")

    def _keep_refused(self, number: int, staged: StagedText) -> None:
        """Rows the parser took and we refuse, with their lines and text."""
        reasons = self.relation.statuses.rejected
        if not reasons:
            return
        words = self._engine.keep(reasons)
        self._engine.run(
            f"INSERT INTO {self.relation.refused} SELECT {number}, c.row + s.shift, {words}[-c.status], c.written "
            f"FROM (SELECT rowid AS row, status, written FROM {staged.table} WHERE status < 0) c "
            f"ASOF JOIN {staged.shifts} s ON c.row >= s.ordinal"
        )

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
        self._parts.append(self._select(table, names, kinds, str(paths[0]), identity, self._first_of(table)))

    def _select(
        self,
        table: str,
        names: Sequence[str],
        kinds: Sequence[str],
        where: str,
        identity: dict[str, str],
        first: Callable[[str], Any],
        written: str | None = None,
    ) -> str:
        mapping = self._mapped(names)
        columns = Columns(self._engine, names, kinds, mapping, where, blanks=written is None)
        self.relation.columns.append(tuple(names))
        return self._canonical(columns, mapping, table, identity, first, written)

    def _mapped(self, names: Sequence[str]) -> Mapping:
        """What the columns of a source mean."""
        to = self.relation.table
        return _own_names(self._mapping, to, names) if self._mapping else canonical(tuple(names), to)

    def _canonical(
        self,
        columns: Columns,
        mapping: Mapping,
        table: str,
        identity: dict[str, str],
        first: Callable[[str], Any],
        written: str | None = None,
        damaged: tuple[tuple[str, str], ...] = (),
    ) -> str:
        to = self.relation.table
        mapping = self._held(mapping, columns)
        self.relation.personal |= personal.names(mapping.entries(to), (*to.ids, *self.relation.extras), self._keys)
        dated = mapping.entries(to).get(to.first)
        bears = isinstance(dated, Moment) and self._bears_offset(first, columns, dated)
        self._bears = bears
        clock, read = Clock(zones.offsets(self._zone), bears), self.relation
        kept = (read.extras, read.legs is not None, read.personal, read.pseudonyms)
        return select(
            self._engine,
            columns,
            Selection(to, mapping, clock, *kept, damaged),
            self.relation.statuses,
            table,
            identity,
            written,
        )

    def _held(self, mapping: Mapping, columns: Columns) -> Mapping:
        """The mapping without the optional columns that this file lacks: months may differ, all must not lack one."""
        lacking, table = {}, self.relation.table
        for name, entry in mapping.entries(table).items():
            missing = [c for c in used(entry) if not columns.has(c)]
            if missing and name not in table.required:
                lacking[name] = missing[0]
        absent = (e for e in self.relation.extras if not columns.has(e))
        told = {name for further in mapping.file.further for name in further}  # by their number: no file need have them
        self._lacking[columns.where] = frozenset((*lacking.values(), *absent)) - told
        return mapping.with_entries(table, {n: e for n, e in mapping.entries(table).items() if n not in lacking})

    def _check_lacking(self) -> None:
        """Refuse a column that no file has; say it where only some have it.

        Raises:
            DataError: a column that is mapped is in no file.
            UsageError: a column that was asked for is in no file.
        """
        everywhere = frozenset.intersection(*self._lacking.values()) if self._lacking else frozenset()
        known = sorted({n for names in self.relation.columns for n in names if not personal.looks_personal(n)})
        for column in sorted(everywhere):
            kind = UsageError if column in self.relation.extras else DataError
            raise kind(f"there is no column {column!r}", where=next(iter(self._lacking)), hint=nearest(column, known))
        for where, columns in self._lacking.items():
            for column in sorted(columns):
                text = f"{where} has no column {column!r}: its {self.relation.table.name} count as not recorded there."
                self.relation.cautions.append(("missing_column", f"{text} Export it with the others."))

    def _bears_offset(self, first: Callable[[str], Any], columns: Columns, dated: Moment) -> bool:
        """Whether the times come as moments (an offset, UTC, or epoch) rather than as a local clock."""
        sql, kind = columns(dated.columns[0])
        utc = any(f == "utc" or f.startswith("epoch") for f in dated.formats)
        if dated.date is None and (kind.startswith("TIMESTAMP WITH TIME ZONE") or utc):
            bears = True
        elif kind != "VARCHAR" or dated.date is not None or dated.formats != ("iso",):
            bears = any("%z" in f for f in dated.formats)
        else:
            found = first(sql)
            bears = found is not None and _has_offset(str(found))
        self.relation.offsets_seen |= bears
        return bears


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


def _own_names(mapping: Mapping, table: Table, names: Sequence[str]) -> Mapping:
    """A dimension that the mapping leaves out is the source's column of that name, where there is one."""
    entries = mapping.of(table).entries(table)
    own = {d: Field((d,)) for d in table.dimensions if d in names and d not in entries}
    return mapping.of(table).with_entries(table, {**own, **entries})


def _has_offset(text: str) -> bool:
    """Whether an ISO text ends in Z or an offset.

    >>> _has_offset("2013-08-20T09:00:00+08:00"), _has_offset("2013-08-20 09:00:00"), _has_offset("2013-08-20")
    (True, False, False)
    """
    return len(text) > 10 and (text.endswith("Z") or any(text[-n : 1 - n] in ("+", "-") for n in (6, 5, 3)))
