"""Whether calls that fall outside open hours would fall inside them by a clock some hours off: a wrong zone."""

from typing import Final

from cc_metrics.language import said
from cc_metrics.model.durations import HOUR
from cc_metrics.model.promise import OpenHours
from cc_metrics.model.zones import Offsets
from cc_metrics.store.engine import Engine

FEW: Final = 50  # calls below which nothing is said
OUTSIDE: Final = (1, 10)  # more than a tenth is no straggler after closing time
MENDED: Final = (1, 50)  # at most a fiftieth stays outside by the right clock
SHIFTS: Final = tuple(hours for hours in range(-14, 15) if hours)  # zones lie within 14 hours of UTC


def caution(engine: Engine, table: str, hours: OpenHours, offsets: Offsets) -> list[tuple[str, str]]:
    """A caution where many calls of a summary *table* lie outside open hours, and hardly any by another clock."""
    local = offsets.local_sql("start_ms")
    total, inside = _counts(engine, table, [_inside(hours, local, 0)])
    outside = total - inside
    if total < FEW or outside * OUTSIDE[1] <= total * OUTSIDE[0]:
        return []
    _, *shifted = _counts(engine, table, [_inside(hours, local, shift) for shift in SHIFTS])
    left, _, shift = min((total - n, abs(shift), shift) for n, shift in zip(shifted, SHIFTS, strict=True))
    if left * MENDED[1] > total * MENDED[0]:
        return []
    hour = abs(shift)
    text = said(
        "{n:,} of {all:,} calls lie outside the open hours {hours!r}, and {left:,} if it were {clock}: the zone looks "
        "wrong; name the zone of the file (timezone in the mapping) and that of the report (--tz).",
        n=outside,
        all=total,
        hours=hours.written,
        left=left,
        clock=said("{n} h later", n=hour) if shift > 0 else said("{n} h earlier", n=hour),
    )
    return [("zone_off", text)]


def _counts(engine: Engine, table: str, counted: list[str]) -> tuple[int, ...]:
    """All calls of a summary, then what is counted."""
    return engine.rows(f"SELECT CAST(coalesce(sum(n), 0) AS BIGINT), {', '.join(counted)} FROM {table}")[0]


def _inside(hours: OpenHours, local: str, shift: int) -> str:
    """SQL that counts the calls inside open hours by a clock so many hours later."""
    moved = f"({local} + {shift * HOUR})" if shift else local
    return f"CAST(coalesce(sum(n) FILTER (WHERE {hours.sql(moved)}), 0) AS BIGINT)"
