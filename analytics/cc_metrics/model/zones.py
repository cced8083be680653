"""Time zones as short lists of literal offsets, so that the engine never converts a zone row by row.

A zone of None means times as written: no offset is known, days are cut where the source's clock cuts them.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cc_metrics.errors import UsageError
from cc_metrics.model.durations import DAY, MINUTE

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY: Final = date(1970, 1, 1)
_FIRST: Final = -2_208_988_800_000  # 1900
_LAST: Final = 7_258_118_400_000  # 2200
_STEP: Final = 14 * DAY  # no zone has had two changes that undo each other within two weeks since 1970


@dataclass(frozen=True, slots=True)
class Offsets:
    """Offsets of a zone: from starts[i] (UTC ms) on, local = UTC + offsets[i]."""

    starts: tuple[int, ...]
    offsets: tuple[int, ...]

    def at(self, moment: int) -> int:
        """The offset in force at a UTC moment, in ms."""
        return self.offsets[max(0, bisect_right(self.starts, moment) - 1)]

    def local(self, moment: int) -> int:
        """Local clock of a UTC moment, as ms since 1970 on that clock."""
        return moment + self.at(moment)

    def utc(self, local: int) -> int:
        """UTC moment of a local clock; the first one in a doubled hour, moved forward in a missing one."""
        for start, before, after in reversed(self.changes()):
            if local >= start + max(before, after):
                return local - after
        return local - self.offsets[0]

    def changes(self) -> list[tuple[int, int, int]]:
        """(UTC moment, offset before, offset after) of each clock change."""
        return list(zip(self.starts[1:], self.offsets, self.offsets[1:], strict=False))

    def local_sql(self, moment: str) -> str:
        """SQL for the local clock of a column of UTC ms; literal integers only."""
        if len(self.offsets) == 1:
            return f"({moment} + {self.offsets[0]})" if self.offsets[0] else f"({moment})"
        cases = [f"WHEN {moment} < {start} THEN {before}" for start, before, _ in self.changes()]
        return f"({moment} + CASE {' '.join(cases)} ELSE {self.offsets[-1]} END)"

    def utc_sql(self, local: str) -> str:
        """SQL for the UTC moment of a column of local ms: first in a doubled hour, forward in a missing one."""
        if len(self.offsets) == 1:
            return f"({local} - {self.offsets[0]})" if self.offsets[0] else f"({local})"
        cases = [
            f"WHEN {local} < {start + max(before, after)} THEN {before}" for start, before, after in self.changes()
        ]
        return f"({local} - CASE {' '.join(cases)} ELSE {self.offsets[-1]} END)"


def check_zone(zone: str) -> str:
    """The zone's name, when it is one.

    Raises:
        UsageError: no such zone.
    """
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(
            f"no time zone is called {zone!r}", hint="use a name such as 'Asia/Shanghai', 'Europe/Berlin' or 'UTC'"
        ) from None
    return zone


@lru_cache(maxsize=64)
def offsets(zone: str | None, first: int = _FIRST, last: int = _LAST) -> Offsets:
    """The offsets of *zone* between two UTC moments (ms), whatever lies beyond taking the nearest.

    >>> offsets("Asia/Kolkata", 0, 10**12).offsets
    (19800000,)
    >>> len(offsets("Europe/Berlin", 1704067200000, 1735689600000).starts)
    3
    """
    if zone is None:
        return Offsets((first,), (0,))
    info = ZoneInfo(zone)
    starts, found = [first], [_offset(info, first)]
    moment = first
    while moment < last:
        later = min(moment + _STEP, last)
        offset = _offset(info, later)
        if offset != found[-1]:
            starts.append(_change(info, moment, later))
            found.append(offset)
        moment = later
    return Offsets(tuple(starts), tuple(found))


def _offset(info: ZoneInfo, moment: int) -> int:
    aware = (_EPOCH + timedelta(milliseconds=moment)).astimezone(info)
    return int((aware.utcoffset() or timedelta()) / timedelta(milliseconds=1))


def _change(info: ZoneInfo, before: int, after: int) -> int:
    old = _offset(info, before)
    low, high = before // MINUTE, -(-after // MINUTE)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(info, middle * MINUTE) == old else (low, middle)
    return high * MINUTE


def local_day(moment: int, zone_offsets: Offsets) -> date:
    """The local date of a UTC moment."""
    return day_of(zone_offsets.local(moment))


def day_of(local: int) -> date:
    """The date of a local clock given in ms since 1970."""
    return _EPOCH_DAY + timedelta(days=local // DAY)


def day_start(day: date, zone_offsets: Offsets) -> int:
    """UTC moment (ms) at which a local date begins."""
    return zone_offsets.utc((day - _EPOCH_DAY).days * DAY)


def iso(moment: int, zone_offsets: Offsets, *, written: bool = False) -> str:
    """A moment as ISO 8601 with its offset; without one when times are taken as *written*.

    >>> iso(0, offsets("Asia/Kolkata", 0, 10**12))
    '1970-01-01T05:30:00+05:30'
    >>> iso(1_500, offsets(None), written=True)
    '1970-01-01T00:00:01.500'
    """
    local = datetime(1970, 1, 1) + timedelta(milliseconds=zone_offsets.local(moment))  # noqa: DTZ001
    text = local.isoformat(timespec="milliseconds" if local.microsecond else "seconds")
    if written:
        return text
    sign, minutes = ("-" if zone_offsets.at(moment) < 0 else "+"), abs(zone_offsets.at(moment)) // MINUTE
    return f"{text}{sign}{minutes // 60:02}:{minutes % 60:02}"
