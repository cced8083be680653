"""Days as people name them: a date, a month, an ISO week; yesterday, last week, last month."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from cc_metrics.errors import UsageError

Days = tuple[date, date]
"""The first and the last day of a period, both included."""

RELATIVE: Final = ("yesterday", "last-week", "last-month")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}|\d{8}", re.ASCII)
_MONTH: Final = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_WEEK: Final = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)


def now() -> datetime:
    """The present moment, which tests replace."""
    return datetime.now(UTC)


def named(text: str, zone: str | None) -> Days:
    """The days that a text names; those before today as it is in the reporting *zone*.

    Raises:
        UsageError: it names none, or the zone is missing.

    >>> named("2013-W34", None)
    (datetime.date(2013, 8, 19), datetime.date(2013, 8, 25))
    """
    if text not in RELATIVE:
        return _written(text)
    if zone is None:
        raise UsageError(f"--date {text} needs a reporting zone", hint="name it with --tz")
    return before(text, now().astimezone(ZoneInfo(zone)).date())


def before(text: str, today: date) -> Days:
    """The whole days, ISO weeks or months before *today*.

    >>> before("last-month", date(2014, 1, 1))
    (datetime.date(2013, 12, 1), datetime.date(2013, 12, 31))
    """
    if text == "yesterday":
        return today - timedelta(days=1), today - timedelta(days=1)
    if text == "last-week":
        monday = today - timedelta(days=today.weekday() + 7)
        return monday, monday + timedelta(days=6)
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


def written(days: Days) -> str:
    """The shortest text that names the days again.

    >>> written(_written("2013-W34")), written(_written("2013-08")), written(_written("2013-08-20"))
    ('2013-W34', '2013-08', '2013-08-20')
    """
    first, last = days
    if first == last:
        return first.isoformat()
    if last - first == timedelta(days=6):
        year, week, _ = first.isocalendar()
        return f"{year:04}-W{week:02}"
    return f"{first:%Y-%m}"


def check(text: str) -> None:
    """Refuse a text that names no days, before anything is read.

    Raises:
        UsageError: it names none.
    """
    if text not in RELATIVE:
        _written(text)


def _written(text: str) -> Days:
    try:
        found = _read(text)
    except (ValueError, OverflowError):
        hint = f"write 2013-08-20, 2013-08 for a month, 2013-W34 for a week, or {', '.join(RELATIVE)}"
        raise UsageError(f"--date {text!r} is not a date", hint=hint) from None
    if not 1970 <= found[0].year <= found[1].year < 2100:
        raise UsageError(f"--date {text!r} lies outside 1970 to 2099")
    return found


def _read(text: str) -> Days:
    if month := _MONTH.fullmatch(text):
        first = date(int(month[1]), int(month[2]), 1)
        return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if week := _WEEK.fullmatch(text):
        monday = date.fromisocalendar(int(week[1]), int(week[2]), 1)
        return monday, monday + timedelta(days=6)
    if not _DAY.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text), date.fromisoformat(text)
