"""Service level by weekday and half-hour of the local clock, counts of the last weeks pooled."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from cc_metrics.measures import service_level
from cc_metrics.model.durations import DAY, HOUR, MINUTE
from cc_metrics.model.intervals import bucket_sql
from cc_metrics.model.promise import WEEKDAYS
from cc_metrics.model.report import Row
from cc_metrics.model.zones import Offsets
from cc_metrics.reporting.known_days import Known
from cc_metrics.reporting.tables import Scope

DAYS: Final = 56
_SLOT: Final = 30 * MINUTE

Group = tuple[int, int, str | None]
"""Weekday (0 = Monday), local ms of the half-hour, channel."""


def table(scope: Scope, known: Sequence[Known]) -> tuple[Row, ...]:
    """A row for each half-hour of the week (and channel) that has calls; both passes of a doubled hour are one clock.

    No rows where those of the data are longer than half an hour; earlier days whose rows are longer are left out.
    """
    last = max((one.last for one in known if one.last is not None), default=None)
    if last is None or scope.opened.cuts("30m"):
        return ()
    parts: dict[Group, list[Mapping[str, Any]]] = {}
    for one in known:
        for row in _rows(scope, one, last):
            parts.setdefault((row["weekday"], row["slot"], row.get("d0")), []).append(row)
    by, counts = scope.dimensions(()), service_level.needs(scope.terms)
    return tuple(
        {
            "weekday": WEEKDAYS[group[0]],
            "clock": f"{group[1] // HOUR:02}:{group[1] % HOUR // MINUTE:02}",
            **dict.fromkeys(by, group[2]),
            "days": sum(row["days"] for row in parts[group]),
            **service_level.level(service_level.pooled(parts[group], counts), scope.terms),
        }
        for group in sorted(parts, key=_ordered)
    )


def _rows(scope: Scope, one: Known, last: date) -> list[dict[str, Any]]:
    """The counts of one source on the days up to *last*, by weekday, half-hour and channel."""
    if one.opened.cuts("30m"):
        return []
    keys, offsets = _keys(one.opened.offsets), one.opened.offsets
    counted = service_level.needs(scope.terms) | {"days": f"count(DISTINCT {bucket_sql('start_ms', '1d', offsets)})"}
    by, since = scope.dimensions(()), one.since(last - timedelta(days=DAYS - 1))
    return one.opened.roll_up(counted, by, "all", since, one.conditions, scope.terms, keys)


def _keys(offsets: Offsets) -> dict[str, str]:
    """SQL of the weekday and of the half-hour on the local clock."""
    local = offsets.local_sql("start_ms")
    clock = f"({local} % {DAY})"
    day = f"CAST(FLOOR({local} / {DAY}.0) AS BIGINT)"
    return {"weekday": f"(({day} + 3) % 7)", "slot": f"({clock} - {clock} % {_SLOT})"}  # 1970-01-01 was a Thursday


def _ordered(group: Group) -> tuple[int, int, bool, str]:
    weekday, slot, channel = group
    return weekday, slot, channel is None, channel or ""
