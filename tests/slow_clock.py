"""A clock that walks local time minute by minute: an independent reference for clocks and deadlines.

It shares nothing with the library: rules are told in plain sets, local time comes from zoneinfo. Rules change on
whole minutes only, so that each minute counts wholly or not at all; starts and lengths may be any ms.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

MINUTE = 60_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@cache
def local(minute: int, zone: str) -> datetime:
    """The local time of a minute since 1970."""
    return (EPOCH + timedelta(minutes=minute)).astimezone(ZoneInfo(zone))


@dataclass
class SlowClock:
    """Rules in plain words: hours and quiet hours in minutes of the day."""

    zone: str
    kind: str = "always"
    weekdays: set[int] = field(default_factory=lambda: {0, 1, 2, 3, 4})
    hours: dict[int, list[tuple[int, int]]] | None = None
    holidays: set[date] = field(default_factory=set)
    working: set[date] = field(default_factory=set)
    closed: set[date] = field(default_factory=set)
    quiet: tuple[int, int] | None = None

    def is_working(self, day: date) -> bool:
        if day in self.closed:
            return False
        if day in self.working:
            return True
        return day not in self.holidays and day.weekday() in self.weekdays

    def is_quiet(self, now: datetime) -> bool:
        if self.quiet is None:
            return False
        minute, (start, end) = now.hour * 60 + now.minute, self.quiet
        return start <= minute < end if start < end else minute >= start or minute < end

    def runs(self, now: datetime) -> bool:
        if self.is_quiet(now):
            return False
        minute, day = now.hour * 60 + now.minute, now.date()
        if self.kind == "always":
            return True
        if self.kind == "open":
            return day not in self.closed and self._open(now.weekday(), minute)
        if not self.is_working(day):
            return False
        if not self.hours:
            return True
        weekday = now.weekday()
        while not self.hours.get(weekday):
            weekday = (weekday - 1) % 7
        return self._open(weekday, minute)

    def _open(self, weekday: int, minute: int) -> bool:
        return any(start <= minute < end for start, end in (self.hours or {}).get(weekday, []))

    def elapsed(self, start_ms: int, end_ms: int) -> int:
        """Every minute between two moments that counts, the first and the last in part."""
        total = 0
        for minute in range(start_ms // MINUTE, end_ms // MINUTE + 1):
            if self.runs(local(minute, self.zone)):
                total += max(0, min(end_ms, (minute + 1) * MINUTE) - max(start_ms, minute * MINUTE))
        return total

    def due(self, start_ms: int, length_ms: int) -> int:
        """Walk until the length has been used up."""
        left, moment = length_ms, start_ms
        while left:
            minute = moment // MINUTE
            room = (minute + 1) * MINUTE - moment
            if self.runs(local(minute, self.zone)):
                if left <= room:
                    return moment + left
                left -= room
            moment += room
        return moment

    def moved(self, moment_ms: int) -> int:
        """Slide out of quiet hours."""
        while self.is_quiet(local(moment_ms // MINUTE, self.zone)):
            moment_ms = (moment_ms // MINUTE + 1) * MINUTE
        return moment_ms

    def working_day_after(self, start_ms: int, number: int) -> date:
        day = local(start_ms // MINUTE, self.zone).date()
        if number == 0 and not self.is_working(day):
            number = 1
        while number:
            day += timedelta(days=1)
            number -= self.is_working(day)
        return day

    def first_minute(self, start_ms: int, day: date, minute_of_day: int) -> int:
        """The first moment after the start at which the local clock shows a time of a day, or has passed it."""
        wanted = (day + timedelta(days=minute_of_day // 1440), minute_of_day % 1440)
        for minute in self._minutes(start_ms):
            now = local(minute, self.zone)
            if (now.date(), now.hour * 60 + now.minute) >= wanted:
                return minute * MINUTE
        raise AssertionError("the walk has no end")

    @staticmethod
    def _minutes(start_ms: int) -> Iterator[int]:
        return iter(range(start_ms // MINUTE, start_ms // MINUTE + 60 * 1440))

    def now(self, moment_ms: int) -> datetime:
        """The local minute of a moment."""
        return local(moment_ms // MINUTE, self.zone)
