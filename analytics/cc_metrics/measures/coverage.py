"""Which days the data cover, which rows lie far outside, which days count as closed (METRICS 1 and 3)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from cc_metrics.language import said
from cc_metrics.model.durations import HOUR
from cc_metrics.model.intervals import days_between
from cc_metrics.model.promise import ClosedDays, OpenHours
from cc_metrics.model.zones import Offsets, day_start

if TYPE_CHECKING:
    from cc_metrics.model.clock import Calendar

DENSE: Final = 1000  # a day is dense when it holds at least one row in so many


@dataclass(frozen=True, slots=True)
class Day:
    """A local day that the data touch: rows, first and last moment in UTC ms."""

    day: date
    rows: int
    first_ms: int
    last_ms: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the data cover: *covered* by day from first to last, days *closed* by name and cause, unobserved days."""

    covered: Mapping[date, bool]
    as_of_ms: int
    closed: Mapping[date, str]
    unobserved: tuple[date, ...]

    def since(self, first: date) -> "Coverage":
        """What of it is known of days from *first* on."""
        return Coverage(
            {day: covered for day, covered in self.covered.items() if day >= first},
            self.as_of_ms,
            {day: cause for day, cause in self.closed.items() if day >= first},
            tuple(day for day in self.unobserved if day >= first),
        )


def far_days(days: Sequence[Day], most: int) -> frozenset[date]:
    """The dates that lie far outside, each more than *most* days from every dense day.

    >>> near, far = Day(date(2013, 8, 20), 2000, 0, 0), Day(date(2031, 8, 20), 1, 0, 0)
    >>> far_days([near, far], 31)
    frozenset({datetime.date(2031, 8, 20)})
    """
    total = sum(d.rows for d in days)
    dense = sorted(d.day for d in days if d.rows * DENSE >= total)
    return frozenset(d.day for d in days if dense and all(abs((d.day - near).days) > most for near in dense))


def cover(
    days: Sequence[Day],
    offsets: Offsets,
    closed: ClosedDays,
    open_hours: OpenHours | None = None,
    calendar: "Calendar | None" = None,
) -> Coverage | None:
    """Which days are covered, and as_of: the end of the last covered day, else the latest moment.

    *days* in order; a day without calls is taken as closed when it is a holiday of the *calendar*. None when there
    is no day.
    """
    if not days:
        return None
    touched = {d.day: d for d in days}
    span = [d for d in days_between(days[0].day, days[-1].day) if _exists(d, offsets)]
    named = {day: said("named closed") for day in span if day in closed and day not in touched}
    weekly = _empty_weekdays(touched.__contains__, span)
    off = public_holidays(calendar, span[0], span[-1]) if calendar and len(span) > len(touched) else frozenset[date]()
    named |= {day: said("public holiday") for day in span if day in off and day not in touched and day not in named}
    shut = {
        **{d: said("no calls on this weekday") for d in span if d not in touched and d.weekday() in weekly},
        **named,
    }
    latest = max(d.last_ms for d in days)
    covered = {day: _covered(day, touched, days, latest, offsets, open_hours) or day in shut for day in span}
    ends = [day_start(day + timedelta(days=1), offsets) for day in span if covered[day]]
    unobserved = tuple(day for day in span if day not in touched and day not in shut)
    return Coverage(covered, max(ends) if ends else latest, shut, unobserved)


def begins_late(days: Sequence[Day], offsets: Offsets) -> bool:
    """Whether the data begin inside their first day: silent for half an hour, and for longer than others open or end.

    >>> from cc_metrics.model.zones import offsets
    >>> hour, utc = 3_600_000, offsets("UTC")
    >>> first, second = Day(date(1970, 1, 1), 9, 14 * hour, 23 * hour), Day(date(1970, 1, 2), 9, 32 * hour, 47 * hour)
    >>> begins_late([first, second], utc), begins_late([second, Day(date(1970, 1, 3), 9, 56 * hour, 71 * hour)], utc)
    (True, False)
    """
    if len(days) < 2:
        return False
    opening = days[0].first_ms - day_start(days[0].day, offsets)
    return opening > max(HOUR // 2, *(_silences(day, offsets) for day in days[1:]))


def public_holidays(calendar: "Calendar", first: date, last: date) -> frozenset[date]:
    """The public holidays of a calendar, its own and its country's, in the years of two dates."""
    if calendar.country is None:
        return calendar.holidays
    from cc_metrics.model.public_holidays import public_days

    return (public_days(calendar.country, first.year, last.year).holidays | calendar.holidays) - calendar.working


def _exists(day: date, offsets: Offsets) -> bool:
    """Whether the zone has the date at all: Samoa had no 30 December 2011."""
    return day_start(day, offsets) < day_start(day + timedelta(days=1), offsets)


def _empty_weekdays(has_rows: Callable[[date], bool], span: Sequence[date]) -> frozenset[int]:
    return frozenset(w for w in range(7) if not any(has_rows(d) for d in span if d.weekday() == w))


def _covered(
    day: date,
    touched: Mapping[date, Day],
    days: Sequence[Day],
    latest: int,
    offsets: Offsets,
    open_hours: OpenHours | None,
) -> bool:
    end = day_start(day + timedelta(days=1), offsets)
    if latest >= end:
        return True
    own = touched.get(day)
    if own is None:
        return False
    silence = end - own.last_ms
    if open_hours is not None and not _open_between(own.last_ms, end, offsets, open_hours):
        return True
    if len(days) == 1:
        return silence <= max(own.first_ms - day_start(day, offsets), 2 * HOUR)
    return silence <= max(_silences(other, offsets) for other in days if other.day != day)


def _silences(day: Day, offsets: Offsets) -> int:
    opening = day.first_ms - day_start(day.day, offsets)
    return max(opening, day_start(day.day + timedelta(days=1), offsets) - day.last_ms)


def _open_between(first: int, last: int, offsets: Offsets, open_hours: OpenHours) -> bool:
    """Whether an open stretch lies after *first* and before *last*, both UTC ms of one local day."""
    start, end = offsets.local(first), offsets.local(last - 1) + 1
    day = 24 * HOUR
    weekday = (start // day + 3) % 7
    return any(w == weekday and a < (end - 1) % day + 1 and b > start % day + 1 for w, a, b in open_hours.spans)
