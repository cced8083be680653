"""The level of every day that is known, as a control chart."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from cc_metrics.measures import service_level
from cc_metrics.measures.control_chart import Day, chart
from cc_metrics.model import zones
from cc_metrics.model.intervals import Period
from cc_metrics.model.report import Row
from cc_metrics.reporting.known_days import Known
from cc_metrics.reporting.tables import Scope


def table(scope: Scope, known: Sequence[Known], as_of_ms: int) -> tuple[Row, ...]:
    """A row for each local day (and channel) that has calls, in order of time; each channel has its own chart.

    A day that the data do not cover, or that the period's end cuts, is drawn but not judged.
    """
    end = min(scope.period.to_ms, as_of_ms)
    by = scope.dimensions(())
    days = sorted((row for one in known for row in _rows(scope, one, end)), key=lambda row: row["start"])
    found: list[Row] = []
    for channel in dict.fromkeys(row["channel"] for row in days):
        own = [row for row in days if row["channel"] == channel]
        marks = chart([row["day"] for row in own])
        found += [
            {"start": row["start"], **dict.fromkeys(by, channel), **row["level"], **asdict(mark)}
            for row, mark in zip(own, marks, strict=True)
        ]
    return tuple(sorted(found, key=lambda row: (row["start"], *_ordered(row.get("channel")))))


def _rows(scope: Scope, one: Known, end_ms: int) -> list[dict[str, Any]]:
    """Each day of one source (by channel): its date, its level, what the chart takes of it."""
    needs, offsets = service_level.needs(scope.terms), one.opened.offsets
    until = Period(0, one.until_ms)
    found = []
    for row in one.opened.roll_up(needs, scope.dimensions(()), "1d", until, one.conditions, scope.terms):
        day = zones.day_of(row["bucket"])
        level = service_level.level(row, scope.terms)
        whole = zones.day_start(day + timedelta(days=1), offsets) <= end_ms
        taken = Day(day.weekday(), level["in_time"], level["denominator"], whole)
        found.append({"start": day.isoformat(), "channel": row.get("d0"), "level": level, "day": taken})
    return found


def _ordered(channel: str | None) -> tuple[bool, str]:
    return channel is None, channel or ""
