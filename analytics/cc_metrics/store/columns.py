"""A source's columns by the user's names, as SQL: null words taken out, values that several expressions need once."""

from collections.abc import Iterator, Sequence
from typing import Final

from cc_metrics.errors import DataError, nearest
from cc_metrics.store.engine import Engine
from cc_metrics.store.mapping import Mapping, Question, When
from cc_metrics.store.personal import looks_personal

_WIDE: Final = "".join(map(chr, range(0xFF01, 0xFF5F))) + "\u3000"
_NARROW: Final = "".join(map(chr, range(0x21, 0x7F))) + " "
"""Full-width forms and the ASCII characters that NFKC makes of them, in the same order."""


class Columns:
    """A source's columns by the user's names: SQL with null words taken out.

    *blanks*: whether an empty text may stand there for nothing (what reads texts makes it NULL itself).
    """

    def __init__(
        self,
        engine: Engine,
        names: Sequence[str],
        kinds: Sequence[str],
        mapping: Mapping,
        where: str,
        *,
        blanks: bool,
    ) -> None:
        self._engine, self._mapping, self.where, self._blanks = engine, mapping, where, blanks
        self.names, self._kinds = tuple(names), dict(zip(names, kinds, strict=True))
        self._sql = {name: f"c{i}" for i, name in enumerate(names, 1)}
        self._levels: dict[int, dict[str, str]] = {0: {}, 1: {}, 2: {}, 3: {}, 4: {}}

    def let(self, sql: str, level: int) -> str:
        """A name for a value that is computed once a row, in a SELECT below the last one."""
        found = self._levels[level]
        return found.setdefault(sql, f"v{level}_{len(found)}")

    def nested(self, table: str) -> str:
        """The FROM clause in which every value that was let is a column."""
        inner = f"SELECT * FROM {table}"
        for level, found in self._levels.items():
            if found:
                values = ", ".join(f"{sql} AS {name}" for sql, name in found.items())
                inner = f"SELECT *, {values} FROM ({inner}) level{level}"
        return f"({inner}) source"

    def has(self, name: str) -> bool:
        """Whether the file has a column."""
        return name in self._sql

    def raw(self, name: str) -> tuple[str, str]:
        """(SQL, engine type) of a column as it is written.

        Raises:
            DataError: the source has no such column.
        """
        if name not in self._sql:
            raise DataError(
                f"there is no column {name!r}",
                where=self.where,
                hint=nearest(name, [n for n in self.names if not looks_personal(n)]),
            )
        return self._sql[name], self._kinds[name]

    def __call__(self, name: str) -> tuple[str, str]:
        sql, kind = self.raw(name)
        words = (*self._mapping.nulls, *self._mapping.null.get(name, ()))
        when = [self.condition(rule.when) for rule in self._mapping.null_when if rule.column == name]
        if kind == "VARCHAR" and self._blanks:
            sql = f"nullif({sql}, '')"
        if words:
            text = sql if kind == "VARCHAR" else f"CAST({sql} AS VARCHAR)"
            when.append(f"{text} IN ({', '.join(self._engine.keep(w) for w in words)})")
        return (f"CASE WHEN {' OR '.join(when)} THEN NULL ELSE {sql} END", kind) if when else (sql, kind)

    def text(self, name: str, *, key: bool = False) -> str:
        """SQL of a column as text, null words taken out; full-width forms of a *key* are their ASCII ones."""
        sql, kind = self.plain(name) if key else self(name)
        return sql if kind == "VARCHAR" else f"CAST({sql} AS VARCHAR)"

    def optional(self, name: str) -> str:
        """SQL of a column as text; of nothing where this file lacks it."""
        return self.text(name) if self.has(name) else "CAST(NULL AS VARCHAR)"

    def plain(self, name: str) -> tuple[str, str]:
        """(SQL, engine type) of a column that holds a number, time or id: full-width forms are their ASCII ones.

        Columns of a mapping that is *plain* are taken as they are: looking takes its time.
        """
        sql, kind = self(name)
        narrow = kind == "VARCHAR" and not self._mapping.plain
        return (self.let(self._narrowed(sql), 0), kind) if narrow else (sql, kind)

    def _narrowed(self, text: str) -> str:
        """Looked at only where a text is longer in bytes than in characters: nearly all are ASCII."""
        narrow = f"translate({text}, {self._engine.keep(_WIDE)}, {self._engine.keep(_NARROW)})"
        return f"CASE WHEN strlen({text}) = length({text}) THEN {text} ELSE {narrow} END"

    def condition(self, when: When) -> str:
        """SQL that holds where what each named column is asked is so; never NULL."""
        return f"({' AND '.join(part for name, asked in when.items() for part in self._parts(name, asked))})"

    def _parts(self, name: str, asked: Question) -> Iterator[str]:
        sql, kind = self.raw(name)
        text = sql if kind == "VARCHAR" else f"CAST({sql} AS VARCHAR)"
        for words, word in ((asked.among, "IN"), (asked.unlike, "NOT IN")):
            if words:
                yield f"coalesce({text}, '') {word} ({', '.join(self._engine.keep(w) for w in words)})"
        if asked.filled is not None:
            empty = ("", *self._mapping.nulls, *self._mapping.null.get(name, ()))
            word = "NOT IN" if asked.filled else "IN"
            yield f"coalesce({text}, '') {word} ({', '.join(self._engine.keep(w) for w in empty)})"
        if asked.least is not None:
            number = f"try_cast({self._narrowed(text)} AS DECIMAL(28, 6))"
            yield f"coalesce({number} >= CAST({self._engine.keep(asked.least)} AS DECIMAL(28, 6)), FALSE)"
