"""SQL for points in time and lengths of time, from texts or typed columns, in whole microseconds and milliseconds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cc_metrics.errors import PolicyError
from cc_metrics.model.zones import Offsets
from cc_metrics.store.engine import Engine
from cc_metrics.store.mapping import Length, Moment

_EPOCHS: Final = {"epoch_s": 1_000_000, "epoch_ms": 1_000, "epoch_us": 1}
_UNITS: Final = {"ms": 1, "s": 1_000, "min": 60_000}
DAY_US: Final = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Expression:
    """SQL of a value and of its absence: *value* is NULL when *written* is NULL or cannot be read."""

    value: str
    written: str

    @property
    def unreadable(self) -> str:
        """SQL that holds where something is written that cannot be read."""
        return f"({self.written} IS NOT NULL AND {self.value} IS NULL)"


@dataclass(frozen=True, slots=True)
class Clock:
    """How a source's local times become moments: its zone's offsets, and whether its ISO texts bear offsets."""

    offsets: Offsets
    with_offset: bool = False


Column = Callable[[str], tuple[str, str]]
"""A source column's name -> (SQL, engine type) with null words taken out."""


def moment(engine: Engine, spec: Moment, column: Column, clock: Clock, *, second: bool = False) -> Expression:
    """SQL for UTC microseconds of a moment. *second*: the second reading of a doubled hour."""
    readings = [_reading(engine, spec, name, column, clock, second) for name in spec.columns]
    if len(readings) == 1:
        return readings[0]
    value = "CASE " + " ".join(f"WHEN {r.written} IS NOT NULL THEN {r.value}" for r in readings) + " END"
    return Expression(value, f"coalesce({', '.join(f'CAST({r.written} AS VARCHAR)' for r in readings)})")


def _reading(engine: Engine, spec: Moment, name: str, column: Column, clock: Clock, second: bool) -> Expression:
    written, kind = column(name)
    if spec.date is not None:
        return _dated_clock(engine, spec, written, kind, column, clock, second)
    if kind.startswith("TIMESTAMP WITH TIME ZONE"):
        return Expression(f"epoch_us({written})", written)
    if kind.startswith(("TIMESTAMP", "DATE")):
        return Expression(_utc(f"epoch_us(CAST({written} AS TIMESTAMP))", clock, second), written)
    epoch = next((f for f in spec.formats if f in _EPOCHS), None)
    if epoch:
        number = f"try_cast({written} AS DECIMAL(28, 6))"
        return Expression(f"CAST(FLOOR({number} * {_EPOCHS[epoch]}) AS BIGINT)", written)
    if kind != "VARCHAR":
        raise PolicyError(
            f"column {name!r} holds numbers, not times", hint='say how to read them: format = "epoch_s" or "epoch_ms"'
        )
    if spec.formats == ("iso",):
        return Expression(_iso(written, clock, second), written)
    parsed = f"epoch_us({_parsed(engine, written, spec.formats)})"
    return Expression(parsed if clock.with_offset else _utc(parsed, clock, second), written)


def _iso(written: str, clock: Clock, second: bool) -> str:
    """A text with an offset where none is usual (or the reverse) is not read: it would be hours off."""
    bears = f"(ends_with({written}, 'Z') OR substr({written}, -6, 1) IN ('+', '-') OR substr({written}, -5, 1) IN ('+', '-') OR substr({written}, -3, 1) IN ('+', '-'))"
    dated = f"length({written}) > 10"
    if clock.with_offset:
        value = f"epoch_us(try_cast({written} AS TIMESTAMP WITH TIME ZONE))"
        return f"CASE WHEN {dated} AND {bears} THEN {value} END"
    value = _utc(f"epoch_us(try_cast({written} AS TIMESTAMP))", clock, second)
    return f"CASE WHEN {dated} AND NOT {bears} THEN {value} END"


def _parsed(engine: Engine, written: str, formats: tuple[str, ...]) -> str:
    patterns = [("%Y-%m-%d %H:%M:%S" if f == "iso" else f) for f in formats]
    return f"try_strptime({written}, {engine.keep(patterns)})"


def _dated_clock(
    engine: Engine, spec: Moment, written: str, kind: str, column: Column, clock: Clock, second: bool
) -> Expression:
    date_text, date_kind = column(spec.date or "")
    day = f"CAST({date_text} AS VARCHAR)" if date_kind != "VARCHAR" else date_text

    def local(time: str, time_kind: str) -> str:
        text = f"CAST({time} AS VARCHAR)" if time_kind != "VARCHAR" else time
        joined = f"({day} || ' ' || {text})"
        formats = spec.formats
        parsed = f"try_cast({joined} AS TIMESTAMP)" if formats == ("iso",) else _parsed(engine, joined, formats)
        return f"epoch_us({parsed})"

    value = local(written, kind)
    if spec.since is not None:
        first = local(*column(spec.since))
        # clocks that disagree by seconds stay on their day; a jump back of half a day has crossed midnight
        value = f"({value} + CASE WHEN {value} + {DAY_US // 2} < {first} THEN {DAY_US} ELSE 0 END)"
    both = f"CASE WHEN {date_text} IS NOT NULL THEN CAST({written} AS VARCHAR) END"
    return Expression(_utc(value, clock, second), both)


def _utc(local_us: str, clock: Clock, second: bool) -> str:
    if clock.offsets.offsets == (0,):
        return local_us
    return clock.offsets.utc_sql(local_us, scale=1_000, second=second)


def length(engine: Engine, spec: Length, column: Column, clock: Clock, start: str) -> Expression:
    """SQL for a length in ms, rounded up so that late is never early. *start* is the SQL of offered_at in us."""
    if spec.until is not None:
        return _between(engine, spec, column, clock, start)
    written, kind = column(spec.column or "")
    if kind == "INTERVAL":
        return Expression(f"CAST(CEIL(epoch_us({written}) / 1000.0) AS BIGINT)", written)
    if kind in ("BIGINT", "INTEGER", "SMALLINT", "UINTEGER", "HUGEINT", "UBIGINT", "TINYINT", "USMALLINT", "UTINYINT"):
        return Expression(f"(CAST({written} AS BIGINT) * {_UNITS[spec.unit]})", written)
    text = f"CAST({written} AS VARCHAR)" if kind != "VARCHAR" else written
    if spec.unit == "clock":
        return Expression(_clock_length(text), written)
    if spec.unit == "ms":  # whole milliseconds are usual: the cheap cast first
        whole = f"CASE WHEN {text} SIMILAR TO '[0-9]+' THEN try_cast({text} AS BIGINT) ELSE {_up(text, 1)} END"
        return Expression(whole, written)
    return Expression(_up(text, _UNITS[spec.unit]), written)


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


def _between(engine: Engine, spec: Length, column: Column, clock: Clock, start: str) -> Expression:
    until = spec.until or Moment(())
    end = moment(engine, until, column, clock)
    since = moment(engine, spec.since, column, clock).value if spec.since else start
    ends = f"({end.value})"
    if until.date is not None or len(clock.offsets.offsets) > 1:
        again = moment(engine, until, column, clock, second=True).value
        next_day = (
            f"WHEN {ends} + {DAY_US} >= {since} AND {ends} + {DAY_US} < {since} + {DAY_US} THEN {ends} + {DAY_US}"
        )
        choices = [f"WHEN {ends} >= {since} THEN {ends}", f"WHEN {again} >= {since} THEN {again}"]
        if until.date is not None:
            choices.append(next_day)
        ends = f"CASE {' '.join(choices)} ELSE {ends} END"
    return Expression(f"CAST(CEIL((({ends}) - ({since})) / 1000.0) AS BIGINT)", end.written)
