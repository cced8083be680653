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
_FIRST: Final = 0
END_OF_TIME: Final = 4_102_444_800_000  # 2100: clock changes are known up to here
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
        return _tree(moment, "+", [start for start, _, _ in self.changes()], self.offsets, 1)

    def utc_sql(self, local: str, *, scale: int = 1, second: bool = False) -> str:
        """SQL for the UTC moment of a column of local time in ms times *scale*.

        The first reading in a doubled hour and forward by the gap in a missing one; *second* gives
        the second reading of a doubled hour.
        """
        choose = min if second else max
        edges = [start + choose(before, after) for start, before, after in self.changes()]
        return _tree(local, "-", edges, self.offsets, scale)


def _tree(column: str, sign: str, edges: list[int], offsets: tuple[int, ...], scale: int) -> str:
    """A balanced CASE over literal edges: eight comparisons a row find one of 260 offsets."""

    def branch(low: int, high: int) -> str:
        if low == high:
            return str(offsets[low] * scale)
        middle = (low + high) // 2
        edge = edges[middle] * scale
        return f"CASE WHEN {column} < {edge} THEN {branch(low, middle)} ELSE {branch(middle + 1, high)} END"

    if offsets == (0,):
        return f"({column})"
    return f"({column} {sign} {branch(0, len(offsets) - 1)})"


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
def offsets(zone: str | None, first: int = _FIRST, last: int = END_OF_TIME) -> Offsets:
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
    utc = (_EPOCH + timedelta(milliseconds=moment)).replace(
        tzinfo=info
    )  # what fromutc wants: UTC under the zone's name
    ahead = info.fromutc(utc) - utc
    return ahead.days * DAY + ahead.seconds * 1_000


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


def midnight(day: date) -> int:
    """The beginning of a date on its local clock, in ms since 1970: what `day_of` undoes.

    >>> midnight(date(1970, 1, 2))
    86400000
    """
    return (day - _EPOCH_DAY).days * DAY


def day_start(day: date, zone_offsets: Offsets) -> int:
    """UTC moment (ms) at which a local date begins."""
    return zone_offsets.utc(midnight(day))


def iso(moment: int, zone_offsets: Offsets, *, written: bool = False, step: int = 1) -> str:
    """A moment as ISO 8601 with its offset; without one when times are taken as *written*.

    The start of an interval of *step* ms that a clock change cuts is named by the clock of its calls.

    >>> iso(0, offsets("Asia/Kolkata", 0, 10**12))
    '1970-01-01T05:30:00+05:30'
    >>> iso(1_500, offsets(None), written=True)
    '1970-01-01T00:00:01.500'
    """
    offset = zone_offsets.at(moment)
    if (moment + offset) % step:
        offset = zone_offsets.at(moment + step)
    local = datetime(1970, 1, 1) + timedelta(milliseconds=moment + offset)  # noqa: DTZ001
    text = local.isoformat(timespec="milliseconds" if local.microsecond else "seconds")
    if written:
        return text
    sign, minutes = ("-" if offset < 0 else "+"), abs(offset) // MINUTE
    return f"{text}{sign}{minutes // 60:02}:{minutes % 60:02}"
