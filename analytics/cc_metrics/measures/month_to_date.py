"""The month so far and what the days left must bring: exact fractions, so that a month on the edge is on the edge."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

from cc_metrics.measures.months import months_later
from cc_metrics.model.intervals import days_between

State = Literal["open", "safe", "out_of_reach", "done"]


@dataclass(frozen=True, slots=True)
class Rest:
    """The days left: items expected on them, the share that they need, and what that means."""

    expected: Fraction
    needed: Fraction | None
    state: State


def days_after(day: date) -> list[date]:
    """The days of its month that come after a day.

    >>> days_after(date(2013, 8, 29))
    [datetime.date(2013, 8, 30), datetime.date(2013, 8, 31)]
    """
    return days_between(day + timedelta(days=1), months_later(day, 1) - timedelta(days=1))


def expected(settled: Mapping[date, int], left: Collection[date]) -> Fraction:
    """Items expected on the days left: for each the mean of the same weekdays so far, else of all days so far.

    >>> expected({date(2013, 8, 5): 10, date(2013, 8, 12): 20, date(2013, 8, 13): 60}, [date(2013, 8, 19)])
    Fraction(15, 1)
    >>> expected({date(2013, 8, 5): 10, date(2013, 8, 12): 20, date(2013, 8, 13): 60}, [date(2013, 8, 21)])
    Fraction(30, 1)
    """
    total = Fraction(0)
    for day in left:
        alike = [number for known, number in settled.items() if known.weekday() == day.weekday()]
        of = alike or list(settled.values())
        total += Fraction(sum(of), len(of)) if of else 0
    return total


def at_least(kept: int, settled: int, target: Fraction, still: Fraction) -> Rest:
    """What *still* so many items need so that kept / settled reaches a target over the month.

    needed = (target (settled + expected) - kept) / expected: safe at 0 and below, out of reach above 1.

    >>> at_least(79, 100, Fraction(4, 5), Fraction(100)).needed, at_least(60, 100, Fraction(4, 5), Fraction(100)).state
    (Fraction(81, 100), 'open')
    >>> [at_least(k, 100, Fraction(4, 5), Fraction(100)).state for k in (59,)], at_least(100, 100, Fraction(1, 2),
    ...  Fraction(100)).state
    (['out_of_reach'], 'safe')
    """
    if not still:
        return Rest(still, None, "done")
    needed = (target * (settled + still) - kept) / still
    return Rest(still, needed, "safe" if needed <= 0 else "out_of_reach" if needed > 1 else "open")


def at_most(counted: int, settled: int, limit: Fraction, still: Fraction, *, strict: bool = False) -> Rest:
    """The same for a limit: the share that may still be counted against it; below 0 it is out of reach.

    A *strict* limit is itself too much.

    >>> at_most(6, 100, Fraction(5, 100), Fraction(100))
    Rest(expected=Fraction(100, 1), needed=Fraction(1, 25), state='open')
    >>> at_most(10, 100, Fraction(5, 100), Fraction(100)).state
    'open'
    >>> at_most(10, 100, Fraction(5, 100), Fraction(100), strict=True).state
    'out_of_reach'
    """
    if not still:
        return Rest(still, None, "done")
    room = (limit * (settled + still) - counted) / still
    over = room <= 0 if strict else room < 0
    safe = room > 1 if strict else room >= 1
    return Rest(still, room, "out_of_reach" if over else "safe" if safe else "open")
