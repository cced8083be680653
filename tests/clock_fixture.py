"""Timings asked of the engine for a few cases, and moments written as local time."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from cc_metrics.measures.calendar_days import Range
from cc_metrics.measures.clocks import Timing, range_needed, timetable
from cc_metrics.model.promise import OpenHours

HOUR = 3_600_000
DAY = 24 * HOUR
COLUMNS = ("start_ms", "end_ms", "paused_ms", "row_number")


def moment(written: str, zone: str = "UTC", fold: int = 0) -> int:
    """UTC ms of a local time such as "2024-03-01 17:00"."""
    local = datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone), fold=fold)
    since = local.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return since.days * DAY + since.seconds * 1000 + since.microseconds // 1000


def written(moment_ms: int | None, zone: str = "UTC") -> str | None:
    """A UTC ms as local time."""
    if moment_ms is None:
        return None
    local = datetime.fromtimestamp(moment_ms // 1000, ZoneInfo(zone)).replace(microsecond=moment_ms % 1000 * 1000)
    return local.replace(tzinfo=None).isoformat(" ")


def weekly(hours: Mapping[int, Sequence[tuple[int, int]]]) -> OpenHours:
    """Open hours from minutes of the day."""
    return OpenHours(tuple((d, a * 60_000, b * 60_000) for d, spans in hours.items() for a, b in spans), "")


def timed(
    timings: Sequence[Timing],
    cases: Sequence[Mapping[str, int | None]],
    zone: str | None = "UTC",
    days: Range | None = None,
    threads: int = 1,
) -> list[dict[str, Any]]:
    """The answers for each case, in order; *days* instead of the range that the cases need."""
    moments = [m for case in cases for m in (case.get("start_ms"), case.get("end_ms")) if m is not None]
    pause = max((case.get("paused_ms") or 0 for case in cases), default=0)
    days = days or range_needed(timings, zone, min(moments, default=0), max(moments, default=0), pause)
    table = timetable(timings, days)
    with duckdb.connect(config={"threads": threads}) as engine:
        engine.execute(f"CREATE TABLE cases (n BIGINT, {', '.join(f'{c} BIGINT' for c in COLUMNS)})")
        rows = [[n, *(case.get(column) for column in COLUMNS)] for n, case in enumerate(cases)]
        engine.executemany("INSERT INTO cases VALUES (?, ?, ?, ?, ?)", rows)
        if table.columns:
            engine.execute(f"CREATE TABLE timetable ({', '.join(f'{n} {kind}' for n, kind in table.columns)})")
            engine.execute(f"INSERT INTO timetable VALUES ({', '.join('?' * len(table.row))})", list(table.row))
        result = engine.execute(f"SELECT * FROM ({table.sql('cases', 'timetable', keep=['n'])}) ORDER BY n")
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
