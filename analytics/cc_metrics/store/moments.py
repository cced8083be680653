"""SQL for points in time and lengths of time, from texts or typed columns, in whole microseconds and milliseconds."""

from dataclasses import dataclass
from typing import Final, Protocol

from cc_metrics.errors import PolicyError
from cc_metrics.model.zones import Offsets
from cc_metrics.store.engine import Engine
from cc_metrics.store.mapping import Length, Moment

_EPOCHS: Final = {"epoch_s": 1_000_000, "epoch_ms": 1_000, "epoch_us": 1}
_UNITS: Final = {"ms": 1, "s": 1_000, "min": 60_000}
DAY_US: Final = 86_400_000_000
NEVER: Final = "FALSE"
_WHOLE: Final = ("BIGINT", "INTEGER", "SMALLINT", "TINYINT", "UINTEGER", "USMALLINT", "UTINYINT", "UBIGINT", "HUGEINT")


@dataclass(frozen=True, slots=True)
class Expression:
    """SQL of a value and of its absence: *value* is NULL when *written* is NULL or cannot be read."""

    value: str
    written: str

    @property
    def unreadable(self) -> str:
        """SQL that holds where something is written that cannot be read; NEVER for a typed column."""
        if self.value == self.written:
            return NEVER
        return f"({self.written} IS NOT NULL AND {self.value} IS NULL)"


@dataclass(frozen=True, slots=True)
class Clock:
    """How a source's local times become moments: its zone's offsets, and whether its ISO texts bear offsets."""

    offsets: Offsets
    with_offset: bool = False


class Source(Protocol):
    """A source's columns by the user's names, and places for values that several expressions need."""

    def __call__(self, name: str) -> tuple[str, str]:
        """(SQL, engine type) of a column with null words taken out."""

    def let(self, sql: str, level: int) -> str:
        """Have *sql* computed once a row: level 1 from columns, level 2 from values of level 1."""


@dataclass(frozen=True, slots=True)
class Instant(Expression):
    """A moment: *value* in UTC microseconds; *clock_us* as the source's clock shows it, *again* its second reading."""

    clock_us: str
    again: str


def moment(engine: Engine, spec: Moment, source: Source, clock: Clock) -> Instant:
    """SQL for a moment, each expression computed once a row."""
    readings = [_reading(engine, spec, name, source, clock) for name in spec.columns]
    value, written, utc = readings[0]
    if len(readings) > 1:
        value = "CASE " + " ".join(f"WHEN {w} IS NOT NULL THEN {v}" for v, w, _ in readings) + " END"
        written = f"coalesce({', '.join(f'CAST({w} AS VARCHAR)' for _, w, _ in readings)})"
    clock_us = source.let(value, 1)
    if utc or clock.offsets.offsets == (0,):
        return Instant(clock_us, written, clock_us, clock_us)
    first = source.let(clock.offsets.utc_sql(clock_us, scale=1_000), 2)
    if len(clock.offsets.offsets) == 1:
        return Instant(first, written, clock_us, first)
    return Instant(first, written, clock_us, clock.offsets.utc_sql(clock_us, scale=1_000, second=True))


def _reading(engine: Engine, spec: Moment, name: str, source: Source, clock: Clock) -> tuple[str, str, bool]:
    """(microseconds, what is written, whether they are UTC already) of one column."""
    written, kind = source(name)
    if spec.date is not None:
        return _dated_clock(engine, spec, (written, kind), source)
    if kind.startswith("TIMESTAMP WITH TIME ZONE"):
        return f"epoch_us({written})", written, True
    if kind.startswith(("TIMESTAMP", "DATE")):
        return f"epoch_us(CAST({written} AS TIMESTAMP))", written, False
    epoch = next((f for f in spec.formats if f in _EPOCHS), None)
    if epoch:
        number = f"try_cast({written} AS DECIMAL(28, 6))"
        return f"CAST(FLOOR({number} * {_EPOCHS[epoch]}) AS BIGINT)", written, True
    if kind != "VARCHAR":
        raise PolicyError(
            f"column {name!r} holds numbers, not times", hint='say how to read them: format = "epoch_s" or "epoch_ms"'
        )
    if spec.formats == ("iso",):
        return _iso(written, clock), written, clock.with_offset
    return f"epoch_us({_parsed(engine, written, spec.formats)})", written, clock.with_offset


def _iso(written: str, clock: Clock) -> str:
    """A text with an offset where none is usual (or the reverse) is not read: it would be hours off."""
    signs = " OR ".join(f"substr({written}, {place}, 1) IN ('+', '-')" for place in (-6, -5, -3))
    bears = f"(ends_with({written}, 'Z') OR {signs})"
    kind, right = ("TIMESTAMP WITH TIME ZONE", bears) if clock.with_offset else ("TIMESTAMP", f"NOT {bears}")
    return f"CASE WHEN length({written}) > 10 AND {right} THEN epoch_us(try_cast({written} AS {kind})) END"


def _parsed(engine: Engine, written: str, formats: tuple[str, ...]) -> str:
    patterns = [("%Y-%m-%d %H:%M:%S" if f == "iso" else f) for f in formats]
    return f"try_strptime({written}, {engine.keep(patterns)})"


def _dated_clock(engine: Engine, spec: Moment, clock_column: tuple[str, str], source: Source) -> tuple[str, str, bool]:
    date_text, date_kind = source(spec.date or "")
    day = f"CAST({date_text} AS VARCHAR)" if date_kind != "VARCHAR" else date_text

    def local(time: str, kind: str) -> str:
        if date_kind == "DATE" and kind == "INTERVAL":  # typed cells: no format says how they are written
            return f"(epoch_us(CAST({date_text} AS TIMESTAMP)) + epoch_us({time}))"
        text = f"CAST({time} AS VARCHAR)" if kind != "VARCHAR" else time
        joined = f"({day} || ' ' || {text})"
        parsed = (
            f"try_cast({joined} AS TIMESTAMP)" if spec.formats == ("iso",) else _parsed(engine, joined, spec.formats)
        )
        return f"epoch_us({parsed})"

    value = local(*clock_column)
    if spec.since is not None:
        first = local(*source(spec.since))
        # clocks that disagree by seconds stay on their day; a jump back of half a day has crossed midnight
        value = f"({value} + CASE WHEN {value} + {DAY_US // 2} < {first} THEN {DAY_US} ELSE 0 END)"
    written = f"CASE WHEN {date_text} IS NOT NULL THEN CAST({clock_column[0]} AS VARCHAR) END"
    return value, written, False


def length(engine: Engine, spec: Length, source: Source, clock: Clock, start: Instant) -> Expression:
    """SQL for a length in ms, rounded up so that late is never early. *start* is offered_at."""
    if spec.until is not None:
        return _between(engine, spec, source, clock, start)
    written, kind = source(spec.column or "")
    if kind in _WHOLE:
        unit = _UNITS.get(spec.unit, 1_000)
        value = source.let(f"CAST({written} AS BIGINT)" + (f" * {unit}" if unit > 1 else ""), 1)
        return Expression(value, value)
    return Expression(source.let(_length(spec, written, kind), 1), written)


def _length(spec: Length, written: str, kind: str) -> str:
    if kind == "INTERVAL":
        return f"CAST(CEIL(epoch_us({written}) / 1000.0) AS BIGINT)"
    text = f"CAST({written} AS VARCHAR)" if kind != "VARCHAR" else written
    if spec.unit == "clock":
        return _clock_length(text)
    if spec.unit == "ms":  # whole milliseconds are usual: the cheap cast first
        return f"CASE WHEN contains({text}, '.') THEN {_up(text, 1)} ELSE try_cast({text} AS BIGINT) END"
    return _up(text, _UNITS[spec.unit])


def _up(text: str, unit_ms: int) -> str:
    return f"CAST(CEIL(try_cast({text} AS DECIMAL(28, 9)) * {unit_ms}) AS BIGINT)"


def _clock_length(text: str) -> str:
    """H:MM:SS, M:SS or S, with a fraction and any number of hours; minutes and seconds below 60."""
    parts = f"string_split(ltrim({text}, '-'), ':')"
    seconds = f"try_cast({parts}[-1] AS DECIMAL(18, 6))"
    minutes, hours = (
        f"CASE WHEN len({parts}) >= {n} THEN try_cast({parts}[{-n}] AS BIGINT) ELSE 0 END" for n in (2, 3)
    )
    sign = f"CASE WHEN starts_with({text}, '-') THEN -1 ELSE 1 END"
    whole = f"CAST(CEIL({seconds} * 1000) AS BIGINT) + ({minutes}) * 60000 + ({hours}) * 3600000"
    fits = f"len({parts}) <= 3 AND (len({parts}) = 1 OR {seconds} < 60) AND (len({parts}) < 3 OR ({minutes}) < 60)"
    return f"CASE WHEN {fits} THEN {sign} * ({whole}) END"


def _between(engine: Engine, spec: Length, source: Source, clock: Clock, start: Instant) -> Expression:
    """From one moment to another; the second pass of a doubled hour, or the next day, where only it fits."""
    until = spec.until or Moment(())
    end = moment(engine, until, source, clock)
    since = moment(engine, spec.since, source, clock).value if spec.since else start.value
    choices = [f"WHEN {end.value} >= {since} THEN {end.value}"]
    if end.again != end.value:
        choices.append(f"WHEN {end.again} >= {since} THEN {end.again}")
    if until.date is not None:
        choices.append(f"WHEN {end.value} + {DAY_US} >= {since} THEN {end.value} + {DAY_US}")
    ends = f"CASE {' '.join(choices)} ELSE {end.value} END" if len(choices) > 1 else end.value
    value = source.let(f"CAST(CEIL((({ends}) - ({since})) / 1000.0) AS BIGINT)", 3)
    return Expression(value, end.written)
