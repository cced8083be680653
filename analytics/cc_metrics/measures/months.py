"""Whole months of the reporting zone."""

from datetime import date

from cc_metrics.model.intervals import Period
from cc_metrics.model.zones import Offsets, day_start, local_day


def months_later(month: date, number: int) -> date:
    """The first day of the month so many months after (or, below zero, before) that of a date.

    >>> months_later(date(2005, 1, 31), 13), months_later(date(2005, 1, 1), -1)
    (datetime.date(2006, 2, 1), datetime.date(2004, 12, 1))
    """
    years, months = divmod(month.year * 12 + month.month - 1 + number, 12)
    return date(years, months + 1, 1)


def whole_months(period: Period, offsets: Offsets) -> list[date]:
    """The first days of the local months that lie wholly in a period, in order.

    >>> from cc_metrics.model.zones import offsets
    >>> day = 86_400_000
    >>> whole_months(Period(0, 59 * day), offsets("UTC")), whole_months(Period(1, 59 * day), offsets("UTC"))
    ([datetime.date(1970, 1, 1), datetime.date(1970, 2, 1)], [datetime.date(1970, 2, 1)])
    """
    month = months_later(local_day(period.from_ms, offsets), 0)
    if day_start(month, offsets) < period.from_ms:
        month = months_later(month, 1)
    found = []
    while day_start(months_later(month, 1), offsets) <= period.to_ms:
        found.append(month)
        month = months_later(month, 1)
    return found


def is_first(moment: int, offsets: Offsets) -> bool:
    """Whether a month begins at a UTC moment."""
    day = local_day(moment, offsets)
    return day.day == 1 and day_start(day, offsets) == moment


def months_between(first: date, last: date) -> int:
    """How many months lie from the month of a date to that of another.

    >>> months_between(date(2004, 11, 1), date(2005, 2, 1))
    3
    """
    return (last.year - first.year) * 12 + last.month - first.month
