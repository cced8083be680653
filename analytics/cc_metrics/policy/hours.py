"""Open hours and closed days as people write them: "Mon-Sat 08:00-20:00", "Sunday", "1999-01-11"."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

from cc_metrics.errors import PolicyError, nearest
from cc_metrics.model.durations import DAY, HOUR, MINUTE, QUARTER_HOUR
from cc_metrics.model.promise import WEEKDAYS, ClosedDays, OpenHours
from cc_metrics.policy.words import text

Span = tuple[int, int, int]

_DAYS: Final = {form: i for i, day in enumerate(WEEKDAYS) for form in (day.casefold(), day[:3].casefold())}
_WRITTEN: Final = re.compile(r"\s*(\S.*?)\s+(\S+?)\s*[-–]\s*(\S+)\s*")
_CLOCK: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_EXAMPLE: Final = "write for example 'Mon-Sat 08:00-20:00' or ['Mon-Fri 08:00-20:00', 'Sat 09:00-13:00']"


def open_hours(value: Any) -> OpenHours:
    """Open hours from one string or an array of them, on quarter-hours.

    >>> [(d, a // HOUR, b // HOUR) for d, a, b in open_hours("Fri 22:00-06:00").spans]
    [(4, 22, 24), (5, 0, 6)]
    """
    return _hours(value, _quarter)


def exact_hours(value: Any) -> OpenHours:
    """Open hours from one string or an array of them, to the minute."""
    return _hours(value, clock_time)


def _hours(value: Any, time: Callable[[str], int]) -> OpenHours:
    written = [text(v) for v in (value if isinstance(value, list) else [value])]
    if not written:
        raise PolicyError("the array is empty", hint=_EXAMPLE)
    spans = {span for line in written for span in _spans(line, time)}
    return OpenHours(tuple(sorted(spans)), "; ".join(written))


def _spans(written: str, time: Callable[[str], int]) -> list[Span]:
    found = _WRITTEN.fullmatch(written)
    if not found:
        raise PolicyError(f"{written!r} is not a stretch of open hours", hint=_EXAMPLE)
    days, start, end = _weekdays(found[1]), time(found[2]), time(found[3])
    if start in (end, DAY):
        raise PolicyError(f"{written!r} opens and closes at once", hint="the whole day is 00:00-24:00")
    if start < end:
        return [(day, start, end) for day in days]
    late = [(day, start, DAY) for day in days]
    early = [((day + 1) % 7, 0, end) for day in days if end]
    return late + early  # over midnight: the early hours belong to the day the stretch began


def weekdays(value: Any) -> list[int]:
    """Weekdays (0 = Monday) from one string or an array of them.

    >>> weekdays("Mon-Fri"), weekdays(["Sunday", "Fri-Sat"])
    ([0, 1, 2, 3, 4], [6, 4, 5])
    """
    return [day for one in (value if isinstance(value, list) else [value]) for day in _weekdays(text(one))]


def _weekdays(written: str) -> list[int]:
    """The weekdays of "Mon-Sat" or "Mon,Wed"; "Sat-Mon" goes over the weekend."""
    days: list[int] = []
    for part in written.split(","):
        first, _, last = part.replace("–", "-").partition("-")
        start, end = _weekday(first), _weekday(last or first)
        days += [(start + n) % 7 for n in range((end - start) % 7 + 1)]
    return days


def _weekday(written: str) -> int:
    day = _DAYS.get(written.strip().casefold())
    if day is None:
        raise PolicyError(f"{written.strip()!r} is not a weekday", hint="write Mon, Tue, Wed, Thu, Fri, Sat or Sun")
    return day


def clock_time(value: Any) -> int:
    """A time of day in ms; 24:00 is its end.

    >>> clock_time("08:30") // MINUTE
    510
    """
    written = text(value)
    found = _CLOCK.fullmatch(written)
    moment = int(found[1]) * HOUR + int(found[2]) * MINUTE if found and int(found[2]) < 60 else DAY + 1
    if moment > DAY:
        raise PolicyError(
            f"{written!r} is not a time of day", hint="write for example 08:00; midnight at the end is 24:00"
        )
    return moment


def _quarter(written: str) -> int:
    moment = clock_time(written)
    if moment % QUARTER_HOUR:
        raise PolicyError(f"{written!r} is not on a quarter-hour", hint="calls are summed by quarter-hours")
    return moment


def closed_days(value: Any) -> ClosedDays:
    """Closed weekdays and dates.

    >>> closed_days(["Sunday", "1999-01-11"])
    ClosedDays(weekdays=frozenset({6}), dates=frozenset({datetime.date(1999, 1, 11)}))
    """
    days = [_closed_day(v) for v in (value if isinstance(value, list) else [value])]
    weekdays = frozenset(day for day in days if isinstance(day, int))
    return ClosedDays(weekdays, frozenset(day for day in days if isinstance(day, date)))


def _closed_day(value: Any) -> int | date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    written = text(value)
    if written.casefold() in _DAYS:
        return _DAYS[written.casefold()]
    try:
        return date.fromisoformat(written)
    except ValueError:
        hint = nearest(written, WEEKDAYS) if written.isalpha() else "write a weekday or a date such as '1999-01-11'"
        raise PolicyError(f"{written!r} is neither a weekday nor a date", hint=hint) from None
