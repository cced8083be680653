"""One SELECT that turns a source's columns into the canonical table of calls, with a status for every row.

status 0 is accepted, positive is ignored by a rule, negative is rejected for a reason; `Statuses`
holds the words. The first rule or reason that fits decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from cc_metrics.errors import DataError, PolicyError, nearest
from cc_metrics.model import durations
from cc_metrics.model.calls import DIMENSIONS, DURATIONS, FLAGS, NUMBERS, OUTCOMES
from cc_metrics.store.engine import Engine
from cc_metrics.store.mapping import Field, Length, Mapping, Moment, When
from cc_metrics.store.moments import NEVER, Clock, Expression, Instant, length, moment

NOT_PEOPLE = ("outbound", "internal")
_WORDS = {"是": "true", "否": "false"}  # beside true, t, yes, y, 1 and their opposites, in any case
_KEPT_TYPES = ("BOOLEAN",)


@dataclass(slots=True)
class Statuses:
    """The words behind the status numbers, the same for every source of one reading."""

    ignored: list[str] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)

    def ignore(self, name: str) -> int:
        """The positive number of an ignore rule."""
        if name not in self.ignored:
            self.ignored.append(name)
        return self.ignored.index(name) + 1

    def reject(self, reason: str) -> int:
        """The negative number of a reason to reject."""
        if reason not in self.rejected:
            self.rejected.append(reason)
        return -self.rejected.index(reason) - 1

    def word(self, status: int) -> str:
        """The rule or reason behind a status number."""
        return self.ignored[status - 1] if status > 0 else self.rejected[-status - 1]


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
        self._levels: dict[int, dict[str, str]] = {1: {}, 2: {}, 3: {}, 4: {}}

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

    def raw(self, name: str) -> tuple[str, str]:
        """(SQL, engine type) of a column as it is written.

        Raises:
            DataError: the source has no such column.
        """
        if name not in self._sql:
            raise DataError(f"there is no column {name!r}", where=self.where, hint=nearest(name, self.names))
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

    def text(self, name: str) -> str:
        """SQL of a column as text, null words taken out."""
        sql, kind = self(name)
        return sql if kind == "VARCHAR" else f"CAST({sql} AS VARCHAR)"

    def optional(self, name: str) -> str:
        """SQL of a column as text; of nothing where this file lacks it."""
        return self.text(name) if name in self._sql else "CAST(NULL AS VARCHAR)"

    def condition(self, when: When) -> str:
        """SQL that holds where each named column is written as one of its values."""
        parts = []
        for name, values in when.items():
            sql, kind = self.raw(name)
            text = sql if kind == "VARCHAR" else f"CAST({sql} AS VARCHAR)"
            parts.append(f"coalesce({text}, '') IN ({', '.join(self._engine.keep(v) for v in values)})")
        return f"({' AND '.join(parts)})"


@dataclass(frozen=True, slots=True)
class Selection:
    """What to read of a source: mapping, clock, further source columns wanted as dimensions x1, x2 ..."""

    mapping: Mapping
    clock: Clock
    extras: tuple[str, ...]


def select(
    engine: Engine,
    columns: Columns,
    selection: Selection,
    statuses: Statuses,
    table: str,
    identity: dict[str, str],
    written: str | None = None,
) -> str:
    """SELECT of canonical calls from *table*.

    *identity* is SQL by name for the columns that number file and row; *written* SQL of the record as it is
    written, which is kept, as `written`, of the rejected ones.
    """
    mapping, clock = selection.mapping, selection.clock
    entries = mapping.calls
    _require(entries, columns)
    offered = _moment(engine, entries["offered_at"], columns, clock)
    texts = {n: _text(engine, entries[n], columns) if n in entries else "CAST(NULL AS VARCHAR)" for n in DIMENSIONS}
    lengths = {
        n: length(engine, e, columns, clock, offered)
        for n, e in entries.items()
        if n in DURATIONS and isinstance(e, Length)
    }
    flags = {n: _flag(engine, entries[n], columns) for n in FLAGS if n in entries}
    outcome = _outcome(engine, entries["outcome"], columns)
    call_id = _text(engine, entries["call_id"], columns)
    number = _number(entries.get("satisfaction"), columns)
    updated = _moment(engine, entries["updated_at"], columns, clock).value if "updated_at" in entries else "NULL"
    status = _status(statuses, columns, mapping, call_id, offered, outcome, lengths, flags, texts["direction"])
    settled = columns.let(f"CAST({status} AS SMALLINT)", 4)
    lines = [
        *(f"{sql} AS {name}" for name, sql in identity.items()),
        f"{call_id} AS call_id",
        f"CAST(FLOOR({offered.value} / 1000.0) AS BIGINT) AS offered_ms",
        f"{outcome} AS outcome",
        *(f"{lengths[n].value if n in lengths else 'CAST(NULL AS BIGINT)'} AS {n}" for n in DURATIONS),
        *(f"{sql} AS {name}" for name, sql in texts.items()),
        *(f"{flags[n].value if n in flags else 'CAST(NULL AS BOOLEAN)'} AS {n}" for n in FLAGS),
        *(f"{number} AS {n}" for n in NUMBERS),
        f"CAST({updated} AS BIGINT) AS updated_us",
        *(f"{columns.optional(name)} AS x{i}" for i, name in enumerate(selection.extras, 1)),
        f"{_skipped(clock, offered)} AS skipped",
        f"{settled} AS status",
        *([f"CASE WHEN {settled} < 0 THEN {written} END AS written"] if written else []),
    ]
    return f"SELECT {', '.join(lines)} FROM {columns.nested(table)}"


def _require(entries: object, columns: Columns) -> None:
    named = entries if isinstance(entries, dict) else {}
    for name in ("call_id", "offered_at", "outcome"):
        if name not in named:
            raise DataError(
                f"there is no column {name!r}",
                where=columns.where,
                hint="name a mapping with --mapping (cc-metrics mappings list), or rename the columns",
            )


def _moment(engine: Engine, spec: object, columns: Columns, clock: Clock) -> Instant:
    if not isinstance(spec, Moment):
        raise PolicyError("a moment needs a column of times", where=columns.where)
    return moment(engine, spec, columns, clock)


def _skipped(clock: Clock, offered: Instant) -> str:
    """SQL that holds where a local time lies in an hour that a clock change skipped: it comes back as another."""
    if offered.value == offered.clock_us or len(clock.offsets.offsets) == 1:
        return "FALSE"
    back = clock.offsets.local_sql(f"CAST(FLOOR({offered.value} / 1000.0) AS BIGINT)")
    return f"CAST(FLOOR({offered.clock_us} / 1000.0) AS BIGINT) <> {back}"


def _text(engine: Engine, spec: object, columns: Columns) -> str:
    if not isinstance(spec, Field):
        raise PolicyError("a dimension needs a column", where=columns.where)
    texts = [columns.text(name) for name in spec.columns]
    sql = texts[0] if len(texts) == 1 else f" || {engine.keep(spec.separator)} || ".join(texts)
    if not spec.values:
        return sql
    cases = [f"WHEN {engine.keep(written)} THEN {engine.keep(meaning)}" for written, meaning in spec.values.items()]
    return f"CASE {sql} {' '.join(cases)} ELSE {sql} END"


def _outcome(engine: Engine, spec: object, columns: Columns) -> str:
    known = ", ".join(f"'{word}'" for word in OUTCOMES)
    sql = _text(engine, spec, columns)
    return columns.let(f"CASE WHEN {sql} IN ({known}) THEN {sql} END", 1)


def _flag(engine: Engine, spec: object, columns: Columns) -> Expression:
    if isinstance(spec, Field) and len(spec.columns) == 1 and not spec.values:
        sql, kind = columns(spec.columns[0])
        if kind in _KEPT_TYPES:
            return Expression(sql, sql)
    sql = _text(engine, spec, columns)
    cases = " ".join(f"WHEN '{word}' THEN {meaning}" for word, meaning in _WORDS.items())
    return Expression(columns.let(f"coalesce(try_cast({sql} AS BOOLEAN), CASE {sql} {cases} END)", 1), sql)


def _number(spec: object, columns: Columns) -> str:
    if not isinstance(spec, Field):
        return "CAST(NULL AS DOUBLE)"
    return f"try_cast({columns(spec.columns[0])[0]} AS DOUBLE)"


def _status(
    statuses: Statuses,
    columns: Columns,
    mapping: Mapping,
    call_id: str,
    offered: Expression,
    outcome: str,
    lengths: dict[str, Expression],
    flags: dict[str, Expression],
    direction: str,
) -> str:
    ignored = [(columns.condition(rule.when), statuses.ignore(rule.name)) for rule in mapping.ignore]
    if "direction" in mapping.calls:
        ignored += [(f"{direction} = '{word}'", statuses.ignore(word)) for word in NOT_PEOPLE]
    rejected = [
        (f"{call_id} IS NULL", "no call_id"),
        (f"{offered.written} IS NULL", "no offered_at"),
        (f"{offered.value} IS NULL", "offered_at is not a time"),
        (f"{offered.value} < 0", "offered_at is before 1970"),
        (f"{outcome} IS NULL", "unknown outcome"),
    ]
    fine = [f"{call_id} IS NOT NULL", f"{offered.value} >= 0", f"{outcome} IS NOT NULL"]
    longest = durations.spoken(mapping.longest_ms)
    for name, sql in lengths.items():
        rejected += [
            (sql.unreadable, f"{name} is not a length of time"),
            (f"{sql.value} < 0", _negative(mapping, name)),
            (f"{sql.value} > {mapping.longest_ms}", f"{name} is longer than {longest}"),
        ]
        fine.append(f"coalesce({sql.value} BETWEEN 0 AND {mapping.longest_ms}, {sql.written} IS NULL)")
    rejected += [(sql.unreadable, f"{name} is neither true nor false") for name, sql in flags.items()]
    fine += [f"NOT {sql.unreadable}" for sql in flags.values() if sql.unreadable != NEVER]
    # nearly every row is fine: one look tells, and the reasons are only asked of the others
    fine = [f"NOT coalesce({condition}, FALSE)" for condition, _ in ignored] + fine
    cases = [f"WHEN {condition} THEN {number}" for condition, number in ignored]
    cases += [
        f"WHEN {condition} THEN {statuses.reject(reason)}" for condition, reason in rejected if condition != NEVER
    ]
    return f"CASE WHEN {' AND '.join(fine)} THEN 0 {' '.join(cases)} ELSE 0 END"


def _negative(mapping: Mapping, name: str) -> str:
    spec = mapping.calls.get(name)
    ends = isinstance(spec, Length) and spec.until is not None
    return f"{name}: an end before its start" if ends else f"{name} is negative"
