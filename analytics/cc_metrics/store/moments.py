"""SQL for points in time, from texts or typed columns, in whole microseconds, and for lengths between two of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from cc_metrics.errors import PolicyError
from cc_metrics.model.zones import Offsets
from cc_metrics.store import lengths
from cc_metrics.store.columns import Columns
from cc_metrics.store.engine import Engine
from cc_metrics.store.expressions import Expression, Source
from cc_metrics.store.mapping import Length, Moment

_EPOCHS: Final = {"epoch_s": 1_000_000, "epoch_ms": 1_000, "epoch_us": 1}
DAY_US: Final = 86_400_000_000
_ISO: Final = "%Y-%m-%d %H:%M:%S"
_YEAR_FIRST: Final = tuple(
    f"%Y年%m月%d日{blank}{clock}" for clock in ("%H:%M:%S", "%H:%M", "%H时%M分%S秒", "%H时%M分") for blank in (" ", "")
)
"""Beside what the engine's own cast reads: 2013-8-31 9:05, 2013/8/31 9:05:00. The year first leaves no doubt."""


@dataclass(frozen=True, slots=True)
class Clock:
    """How a source's local times become moments: its zone's offsets, and whether its ISO texts bear offsets."""

    offsets: Offsets
    with_offset: bool = False


@dataclass(frozen=True, slots=True)
class Instant(Expression):
    """A moment: *value* in UTC microseconds; *clock_us* as the source's clock shows it, *again* its second reading.

    *bare* is the moment before the length *added* to it, where the mapping adds one.
    """

    clock_us: str
    again: str
    bare: "Instant | None" = None
    added: Expression | None = None


def moment(engine: Engine, spec: Moment, source: Source, clock: Clock) -> Instant:
    """SQL for a moment, each expression computed once a row."""
    bare = _bare(engine, spec, source, clock)
    if spec.plus is None:
        return bare
    added = lengths.of_columns(engine, spec.plus, source)
    value, again, clock_us = (f"TRY({us} + {added.value} * 1000)" for us in (bare.value, bare.again, bare.clock_us))
    written = f"CASE WHEN {added.written} IS NOT NULL THEN {bare.written} END"
    return Instant(value, written, clock_us, again, bare, added)


def _bare(engine: Engine, spec: Moment, source: Source, clock: Clock) -> Instant:
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
    written, kind = source.plain(name)
    utc = spec.formats == ("utc",)
    if spec.date is not None:
        return _dated_clock(engine, spec, (written, kind), source)
    if kind.startswith("TIMESTAMP WITH TIME ZONE"):
        return f"epoch_us({written})", written, True
    if kind.startswith(("TIMESTAMP", "DATE")):
        return f"epoch_us(CAST({written} AS TIMESTAMP))", written, utc
    epoch = next((f for f in spec.formats if f in _EPOCHS), None)
    if epoch:
        number = f"try_cast({written} AS DECIMAL(28, 6))"
        return f"TRY(CAST(FLOOR({number} * {_EPOCHS[epoch]}) AS BIGINT))", written, True
    if kind != "VARCHAR":
        raise PolicyError(
            f"column {name!r} holds numbers, not times", hint='say how to read them: format = "epoch_s" or "epoch_ms"'
        )
    if spec.formats in (("iso",), ("utc",)):
        bears = clock.with_offset and not utc
        return _iso(engine, written, with_offset=bears), written, utc or bears
    return f"epoch_us({_parsed(engine, written, spec.formats)})", written, clock.with_offset


def _iso(engine: Engine, written: str, *, with_offset: bool) -> str:
    """A text with an offset where none is usual (or the reverse) is not read: it would be hours off."""
    signs = " OR ".join(f"substr({written}, {place}, 1) IN ('+', '-')" for place in (-6, -5, -3))
    bears = f"(ends_with({written}, 'Z') OR {signs})"
    kind, right = ("TIMESTAMP WITH TIME ZONE", bears) if with_offset else ("TIMESTAMP", f"NOT {bears}")
    return f"CASE WHEN length({written}) > 10 AND {right} THEN {_read(engine, written, kind)} END"


def _read(engine: Engine, text: str, kind: str = "TIMESTAMP") -> str:
    """Microseconds of a text with the year first; the other patterns are only tried where the cast gives nothing."""
    return f"epoch_us(coalesce(try_cast({text} AS {kind}), try_strptime({text}, {engine.keep(_YEAR_FIRST)})))"


def _parsed(engine: Engine, written: str, formats: tuple[str, ...]) -> str:
    patterns = [(_ISO if f == "iso" else f) for f in formats]
    return f"try_strptime({written}, {engine.keep(patterns)})"


def _dated_clock(engine: Engine, spec: Moment, clock_column: tuple[str, str], source: Source) -> tuple[str, str, bool]:
    date_text, date_kind = source.plain(spec.date or "")
    day = f"CAST({date_text} AS VARCHAR)" if date_kind != "VARCHAR" else date_text

    def local(time: str, kind: str) -> str:
        if date_kind == "DATE" and kind == "INTERVAL":  # typed cells: no format says how they are written
            return f"(epoch_us(CAST({date_text} AS TIMESTAMP)) + epoch_us({time}))"
        text = f"CAST({time} AS VARCHAR)" if kind != "VARCHAR" else time
        joined = f"({day} || ' ' || {text})"
        if spec.formats == ("iso",):
            return _read(engine, joined)
        return f"epoch_us({_parsed(engine, joined, spec.formats)})"

    value = local(*clock_column)
    if spec.since is not None:
        first = local(*source.plain(spec.since))
        # clocks that disagree by seconds stay on their day; a jump back of half a day has crossed midnight
        value = f"({value} + CASE WHEN {value} + {DAY_US // 2} < {first} THEN {DAY_US} ELSE 0 END)"
    written = f"CASE WHEN {date_text} IS NOT NULL THEN CAST({clock_column[0]} AS VARCHAR) END"
    return value, written, False


def length(engine: Engine, spec: Length, source: Source, clock: Clock, start: Instant) -> Expression:
    """SQL for a length in ms, rounded up so that late is never early. *start* is offered_at."""
    if spec.until is not None:
        return _between(engine, spec, source, clock, start)
    return lengths.of_columns(engine, spec, source)


def _between(engine: Engine, spec: Length, source: Source, clock: Clock, start: Instant) -> Expression:
    """From one moment to another; the second pass of a doubled hour, or the next day, where only it fits."""
    until = spec.until or Moment(())
    end = moment(engine, until, source, clock)
    begin = moment(engine, spec.since, source, clock) if spec.since else start
    since = begin.value
    choices = [f"WHEN {end.value} >= {since} THEN {end.value}"]
    if end.again != end.value:
        choices.append(f"WHEN {end.again} >= {since} THEN {end.again}")
    if until.date is not None:
        choices.append(f"WHEN {end.value} + {DAY_US} >= {since} THEN {end.value} + {DAY_US}")
    ends = f"CASE {' '.join(choices)} ELSE {end.value} END" if len(choices) > 1 else end.value
    value = source.let(f"CAST(CEIL((({ends}) - ({since})) / 1000.0) AS BIGINT)", 3)
    return Expression(value, f"CASE WHEN {begin.written} IS NOT NULL THEN {end.written} END")


def bears_offset(first: Callable[[str], Any], columns: Columns, dated: Moment) -> bool:
    """Whether times come as moments (an offset, UTC, or epoch) rather than as a local clock.

    *first* finds the first value of an expression.
    """
    sql, kind = columns(dated.columns[0])
    utc = any(f == "utc" or f.startswith("epoch") for f in dated.formats)
    if dated.date is None and (kind.startswith("TIMESTAMP WITH TIME ZONE") or utc):
        return True
    if kind != "VARCHAR" or dated.date is not None or dated.formats != ("iso",):
        return any("%z" in f for f in dated.formats)
    found = first(sql)
    return found is not None and _has_offset(str(found))


def _has_offset(text: str) -> bool:
    """Whether an ISO text ends in Z or an offset.

    >>> _has_offset("2013-08-20T09:00:00+08:00"), _has_offset("2013-08-20 09:00:00"), _has_offset("2013-08-20")
    (True, False, False)
    """
    return len(text) > 10 and (text.endswith("Z") or any(text[-n : 1 - n] in ("+", "-") for n in (6, 5, 3)))
