"""SQL for lengths of time in whole milliseconds: a column of texts or numbers in a unit, sums and differences of them.

What is added is rounded up and what is taken off rounded down, so that late is never early. A length too
long for 64 bits cannot be read: TRY makes it NULL instead of stopping at it.
"""

from typing import Final

from cc_metrics.store.engine import Engine
from cc_metrics.store.expressions import Expression, Source
from cc_metrics.store.mapping import Length

_UNITS: Final = {"ms": 1, "s": 1_000, "min": 60_000}
_WHOLE: Final = ("BIGINT", "INTEGER", "SMALLINT", "TINYINT", "UINTEGER", "USMALLINT", "UTINYINT", "UBIGINT", "HUGEINT")
_UP: Final = "CEIL"
_DOWN: Final = "FLOOR"


def of_columns(engine: Engine, spec: Length, source: Source) -> Expression:
    """SQL for a length that columns say; negative where it is, or where a part of it is."""
    first = _part(engine, spec, spec.column or "", source, _UP)
    if not spec.plus and not spec.less:
        return first
    added = [first, *(_part(engine, spec, name, source, _UP) for name in spec.plus)]
    taken = [_part(engine, spec, name, source, _DOWN) for name in spec.less]
    parts = (*added, *taken)
    total = " - ".join((" + ".join(part.value for part in added), *(part.value for part in taken)))
    value = f"CASE WHEN least({', '.join(part.value for part in parts)}) < 0 THEN -1 ELSE TRY({total}) END"
    all_read = " AND ".join(f"{part.value} IS NOT NULL" for part in parts)
    all_written = " AND ".join(f"{part.written} IS NOT NULL" for part in parts)
    return Expression(source.let(f"CASE WHEN {all_read} THEN {value} END", 2), f"CASE WHEN {all_written} THEN TRUE END")


def _part(engine: Engine, spec: Length, name: str, source: Source, rounded: str) -> Expression:
    written, kind = source.plain(name)
    if spec.empty is not None:
        written, kind = f"coalesce(CAST({written} AS VARCHAR), {engine.keep(spec.empty)})", "VARCHAR"
    if kind in _WHOLE:
        unit = _UNITS.get(spec.unit, 1_000)
        if unit == 1:
            value = source.let(f"CAST({written} AS BIGINT)", 1)
            return Expression(value, value)
        return Expression(source.let(f"TRY(CAST({written} AS BIGINT) * {unit})", 1), written)
    return Expression(source.let(_milliseconds(spec.unit, written, kind, rounded), 1), written)


def _milliseconds(unit: str, written: str, kind: str, rounded: str) -> str:
    if kind == "INTERVAL":
        return f"CAST({rounded}(epoch_us({written}) / 1000.0) AS BIGINT)"
    text = f"CAST({written} AS VARCHAR)" if kind != "VARCHAR" else written
    if unit == "clock":
        return _clock(text, rounded)
    if unit == "ms":  # whole milliseconds are usual: the cheap cast first
        return f"CASE WHEN contains({text}, '.') THEN {_number(text, 1, rounded)} ELSE try_cast({text} AS BIGINT) END"
    return _number(text, _UNITS[unit], rounded)


def _number(text: str, unit_ms: int, rounded: str) -> str:
    return f"TRY(CAST({rounded}(try_cast({text} AS DECIMAL(28, 9)) * {unit_ms}) AS BIGINT))"


def _clock(text: str, rounded: str) -> str:
    """H:MM:SS, M:SS or S, with a fraction and any number of hours; minutes and seconds below 60."""
    parts = f"string_split(ltrim({text}, '-'), ':')"
    seconds = f"try_cast({parts}[-1] AS DECIMAL(18, 6))"
    minutes, hours = (
        f"CASE WHEN len({parts}) >= {n} THEN try_cast({parts}[{-n}] AS BIGINT) ELSE 0 END" for n in (2, 3)
    )
    sign = f"CASE WHEN starts_with({text}, '-') THEN -1 ELSE 1 END"
    whole = f"CAST({rounded}({seconds} * 1000) AS BIGINT) + ({minutes}) * 60000 + ({hours}) * 3600000"
    fits = f"len({parts}) <= 3 AND (len({parts}) = 1 OR {seconds} < 60) AND (len({parts}) < 3 OR ({minutes}) < 60)"
    return f"CASE WHEN {fits} THEN {sign} * TRY({whole}) END"
