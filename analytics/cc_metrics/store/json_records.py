"""Records of nested JSON as columns of text: a row is a line's record, or an item of its lists with what is beside it.

A line that is no JSON object is a row too, marked `bad`, so that it is refused where other rows are.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from cc_metrics.store import json_paths
from cc_metrics.store.columns import Columns
from cc_metrics.store.engine import Engine
from cc_metrics.store.file_format import Beside, Levels, Nested
from cc_metrics.store.json_shape import Shape

NOT_JSON: Final = "not valid JSON"
DELIMITER: Final = "\x01"  # stands in no JSON, so that a line is one field
WRITTEN: Final = {False: "line", True: "coalesce(line, array_to_string(list_concat(own, leaf), ', '))"}
"""SQL of a row as it was written: its line, or what was taken of it where a record has several rows."""


class JsonColumns(Columns):
    """Columns of a file in which every path is a column: what no record has is null in all of them."""

    def raw(self, name: str) -> tuple[str, str]:
        """(SQL, engine type) of what a path names."""
        if name not in self._sql:
            json_paths.parse(name)
            self.names = (*self.names, name)
            self._sql[name], self._kinds[name] = f"c{len(self.names)}", "VARCHAR"
        return super().raw(name)

    def has(self, name: str) -> bool:  # noqa: ARG002
        """Whether the file has a column: no file of JSON lacks one."""
        return True


class Records:
    """The SQL that takes paths out of records; *names* are those that become c1, c2 ..."""

    def __init__(self, engine: Engine, nested: Nested, names: Sequence[str]) -> None:
        self._engine, self._rows, self._beside = engine, nested.rows, nested.beside
        self._heads = {name: "leaf" for name, _ in nested.rows}
        self._lists: dict[str, list[str]] = {"own": [], "leaf": [], "other": []}
        if nested.beside:
            self._heads |= {name: "other" for name, _ in nested.beside.levels}
        self._shape = Shape(engine)
        self._columns = [self._place(name) for name in names]
        for pair in _joins(nested.beside):
            for name in pair:
                self._place(name)

    def _place(self, name: str) -> str:
        """SQL of a path's value among those of its list: the record's own, the row's, of what is beside it."""
        path = json_paths.parse(name)
        found = self._heads.get(path.steps[0].key, "own")
        if name not in self._lists[found]:
            self._lists[found].append(name)
        return f"{found}[{self._lists[found].index(name) + 1}]"

    def plain(self, text: str) -> str:
        """SELECT of c1 .. cn, `line` and `bad`, a row for each line of *text*."""
        return (
            f"SELECT line, bad{self._named()} FROM (SELECT line, bad, {self._own()} AS own FROM {self._read(text)}) r"
        )

    def lists(self, text: str) -> str:
        """SELECT of a row for each line of *text*, with the lists of its rows and of what is beside them."""
        nothing = f"[[{', '.join(['CAST(NULL AS VARCHAR)'] * max(1, len(self._lists['leaf'])))}]]"
        leaves = self._nested(self._rows, "leaf")
        others = self._nested(self._beside.levels, "other") if self._beside else "CAST(NULL AS VARCHAR[][])"
        own = self._own()
        taken = f"SELECT line, bad, {own} AS own, {leaves} AS leaves, {others} AS others FROM {self._read(text)}"
        return (
            "SELECT CASE WHEN bad THEN line END AS line, bad, own, "
            f"CASE WHEN len(leaves) > 0 THEN leaves ELSE {nothing} END AS leaves, others FROM ({taken}) taken"
        )

    def rows(self, staged: str) -> str:
        """SELECT of the rows of what `lists` took, numbered in their order, without what is beside them."""
        unnested = (
            "SELECT rowid AS record, line, bad, own, unnest(leaves) AS leaf, generate_subscripts(leaves, 1) AS place "
            f"FROM {staged}"
        )
        return f"SELECT row_number() OVER (ORDER BY record, place) - 1 AS ordinal, * FROM ({unnested}) u"

    def joined(self, staged: str, rows: str) -> str:
        """SELECT of c1 .. cn, `line`, `bad`, `own`, `leaf` of rows, in their order, with what is beside them."""
        columns = f"ordinal, record, line, bad, own, leaf{self._named()}"
        if self._beside is None:
            return f"SELECT {columns} FROM {rows} ORDER BY ordinal"
        [*same, since] = [[self._place(name) for name in pair] for pair in _joins(self._beside)]
        conditions = "".join(f" AND {theirs} = {ours}" for theirs, ours in same)
        theirs, ours = (f"try_cast({sql} AS TIMESTAMP WITH TIME ZONE)" for sql in since)
        others = (
            "SELECT rowid AS record, unnest(others) AS other, generate_subscripts(others, 1) AS turn "
            f"FROM {staged} WHERE len(others) > 0"
        )
        matched = (
            f"SELECT ordinal, arg_min(other, ROW({theirs}, turn)) AS other FROM ({others}) o ASOF JOIN {rows} r "
            f"ON o.record = r.record{conditions} AND {theirs} >= {ours} GROUP BY ordinal"
        )
        return f"SELECT {columns} FROM {rows} LEFT JOIN ({matched}) m USING (ordinal) ORDER BY ordinal"

    def _named(self) -> str:
        return "".join(f", {sql} AS c{i}" for i, sql in enumerate(self._columns, 1))

    def _read(self, text: str) -> str:
        """FROM clause of `line`, `bad`, `flat` (all plain paths at once) and `shaped` (what the others go through)."""
        keys = [keys for keys in self._flat() if keys] or [("record",)]
        flat = f"try(json_extract_string(c1, {self._engine.keep([json_paths.pointer(k) for k in keys])}))"
        bad = "flat IS NULL OR NOT starts_with(ltrim(line, ' \t'), '{')"
        read = f"SELECT c1 AS line, {flat} AS flat FROM {text}"
        told = f"SELECT line, flat, {bad} AS bad FROM ({read}) read"
        shaped = self._shape.taken("CASE WHEN NOT bad THEN line END")
        return f"(SELECT line, flat, bad{f', {shaped} AS shaped' if shaped else ''} FROM ({told}) told) records"

    def _flat(self) -> Iterator[tuple[str, ...] | None]:
        return (json_paths.parse(name).keys for name in self._lists["own"])

    def _own(self) -> str:
        """SQL of the list of a record's own values."""
        values, places = [], iter(range(1, len(self._lists["own"]) + 1))
        for name, keys in zip(self._lists["own"], self._flat(), strict=True):
            path = json_paths.parse(name)
            sql = f"flat[{next(places)}]" if keys else self._shape.value("shaped", path.steps)
            values.append(f"nullif({sql}, '')")
        return f"[{', '.join(values)}]" if values else "CAST([] AS VARCHAR[])"

    def _nested(self, levels: Levels, kind: str) -> str:
        """SQL of the list, for each item of the last level, of the list of its values."""
        shapes, lists = {"": self._shape}, []
        for number, (name, written) in enumerate(levels):
            steps, above = json_paths.parse(written).steps, levels[number - 1][0] if number else ""
            base = f"level{number - 1}" if number else "shaped"
            sql, shapes[name] = shapes[above].items(base, steps[1:] if number else steps)
            lists.append(sql)
        values = []
        for name in self._lists[kind]:
            path = json_paths.parse(name)
            head = path.steps[0].key
            variable = f"level{[n for n, _ in levels].index(head)}"
            values.append(f"nullif({shapes[head].value(variable, path.steps[1:])}, '')")
        sql = f"[{', '.join(values) or 'CAST(NULL AS VARCHAR)'}]"
        for number in reversed(range(len(lists))):
            sql = f"list_transform({lists[number]}, lambda level{number}: {sql})"
        return "flatten(" * (len(levels) - 1) + sql + ")" * (len(levels) - 1)


def _joins(beside: Beside | None) -> Levels:
    """Pairs of paths, of what is beside a row and of the row; the last are the moments."""
    return (*beside.same, beside.since) if beside else ()
