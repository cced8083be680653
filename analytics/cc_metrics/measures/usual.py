"""What is usual: the last same weekdays before a day, their median, their range (METRICS 4, Comparisons)."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Final, Literal

DAYS: Final = 8
FEWEST: Final = 5
"""With fewer of the last 8 same weekdays known, nothing is called usual."""

WEEKS: Final = 26
"""How far back the last 8 are looked for: holidays may take some weekdays out."""

Word = Literal["within", "better", "worse"]


def last_same_weekdays(day: date, off: Callable[[date], bool]) -> list[date]:
    """The last 8 same weekdays before a day, the nearest first, days *off* (public holidays, closed days) left out.

    >>> [d.day for d in last_same_weekdays(date(2013, 8, 29), lambda d: d == date(2013, 8, 15))][:3]
    [22, 8, 1]
    """
    weeks = (day - timedelta(days=7 * back) for back in range(1, WEEKS + 1))
    return [found for found in weeks if not off(found)][:DAYS]


def known_weekdays(day: date, known: Collection[date], off: Callable[[date], bool]) -> list[date]:
    """Those of the last 8 same weekdays that are *known*; none where they are fewer than 5."""
    if sum(found.weekday() == day.weekday() and found < day for found in known) < FEWEST:
        return []  # without asking which days were off, for whose sake a library of holidays is loaded
    found = [earlier for earlier in last_same_weekdays(day, off) if earlier in known]
    return found if len(found) >= FEWEST else []


def middle(values: Sequence[float]) -> float | None:
    """The median; None of fewer values than make something usual.

    >>> middle([5, 1, 2, 3, 4]), middle([1, 2, 3, 4])
    (3.0, None)
    """
    if len(values) < FEWEST:
        return None
    from statistics import median  # loading it takes a hundredth of a second

    return float(median(values))


def word(value: Fraction, before: Sequence[Fraction], *, lower_is_better: bool) -> Word | None:
    """Where a value lies against those of the last same weekdays; their lowest and highest are within.

    >>> five = [Fraction(n, 100) for n in (81, 78, 86, 80, 82)]
    >>> [word(Fraction(n, 100), five, lower_is_better=False) for n in (77, 78, 86, 87)]
    ['worse', 'within', 'within', 'better']
    >>> word(Fraction(77, 100), five, lower_is_better=True), word(Fraction(1), five[:4], lower_is_better=False)
    ('better', None)
    """
    if len(before) < FEWEST:
        return None
    if min(before) <= value <= max(before):
        return "within"
    return "better" if (value < min(before)) == lower_is_better else "worse"
