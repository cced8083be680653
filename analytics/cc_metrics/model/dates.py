"""Dates and weekdays for people, worded in the language of whoever reads them."""

from datetime import date
from typing import Final

from cc_metrics.language import Said, said

MONTHS: Final = (
    said("Jan"),
    said("Feb"),
    said("Mar"),
    said("Apr"),
    said("May"),
    said("Jun"),
    said("Jul"),
    said("Aug"),
    said("Sep"),
    said("Oct"),
    said("Nov"),
    said("Dec"),
)
SHORT_WEEKDAYS: Final = (said("Mon"), said("Tue"), said("Wed"), said("Thu"), said("Fri"), said("Sat"), said("Sun"))
LONG_WEEKDAYS: Final = (
    said("Monday"),
    said("Tuesday"),
    said("Wednesday"),
    said("Thursday"),
    said("Friday"),
    said("Saturday"),
    said("Sunday"),
)


def day_text(day: date) -> Said:
    """A date.

    >>> day_text(date(2013, 8, 20))
    '20 Aug 2013'
    """
    return said("{day} {month} {year}", day=day.day, month=MONTHS[day.month - 1], year=day.year)


def weekday_text(day: date) -> Said:
    """A date with its weekday.

    >>> weekday_text(date(2013, 8, 20))
    'Tue 20 Aug 2013'
    """
    return said("{weekday} {date}", weekday=SHORT_WEEKDAYS[day.weekday()], date=day_text(day))


def in_year(day: date) -> Said:
    """A date of a year that is known.

    >>> in_year(date(2013, 8, 19))
    '19 Aug'
    """
    return said("{day} {month}", day=day.day, month=MONTHS[day.month - 1])


def weekday_in_year(day: date) -> Said:
    """A date of a year that is known, with its weekday.

    >>> weekday_in_year(date(2013, 8, 19))
    'Mon 19 Aug'
    """
    return said("{weekday} {date}", weekday=SHORT_WEEKDAYS[day.weekday()], date=in_year(day))
