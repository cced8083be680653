"""Whether day and month were swapped on the way: only dates up to the 12th can be, so the others tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from cc_metrics.language import said

LAST_MONTH: Final = 12
FEW: Final = 20  # rows below which nothing is said
_NEAR: Final = timedelta(days=LAST_MONTH)
_ORDERED: Final = 0.98  # rank correlation of numbers that follow the dates


@dataclass(frozen=True, slots=True)
class Dated:
    """The rows of a local day, and the mean of their numbers (tickets are numbered as they come); None without."""

    day: date
    rows: int
    number: float | None = None


def swapped_rows(days: Sequence[Dated]) -> int:
    """How many rows look as if day and month changed places; 0 where nothing says so.

    Two signs: dates beyond the span of those after the 12th, which fall inside it once swapped back; and numbers
    that follow the dates only once those are swapped back.

    >>> sure = [Dated(date(2015, month, 20), 100) for month in (4, 5, 6)]
    >>> swapped_rows([*sure, Dated(date(2015, 1, 6), 30), Dated(date(2015, 11, 4), 30)])
    60
    >>> swapped_rows([*sure, Dated(date(2015, 4, 6), 30), Dated(date(2015, 7, 4), 30)])
    0
    """
    doubtful = [d for d in days if _swapped(d.day) != d.day]
    sure = [d.day for d in days if d.day.day > LAST_MONTH]
    rows = sum(d.rows for d in doubtful)
    if not sure or rows < FEW:
        return 0
    first, last = min(sure) - _NEAR, max(sure) + _NEAR
    outside = [d for d in doubtful if not first <= d.day <= last]
    back = sum(d.rows for d in outside if first <= _swapped(d.day) <= last)
    beyond = sum(d.rows for d in outside)
    if back >= FEW and 10 * back >= 9 * beyond and 4 * beyond >= rows:
        return rows
    numbered = [d for d in days if d.number is not None]
    if len(numbered) < FEW or len(numbered) < len(days):
        return 0
    numbers = [d.number or 0.0 for d in numbered]
    given = _correlation([d.day.toordinal() for d in numbered], numbers)
    mended = _correlation([_swapped(d.day).toordinal() for d in numbered], numbers)
    return rows if mended >= _ORDERED and 1 - given > 5 * (1 - mended) + 0.02 else 0


def swapped_words(rows: int, kind: str, moment: str) -> str:
    """What to say of so many rows of a *kind* whose *moment* looks swapped."""
    return said(
        "Day and month of {moment} look swapped in {n:,} {kind} dated the 1st to the 12th: swapped back, they fit the "
        "others.",
        moment=moment,
        n=rows,
        kind=kind,
    )


def _swapped(day: date) -> date:
    return date(day.year, day.day, day.month) if day.day <= LAST_MONTH else day


def _correlation(left: Sequence[float], right: Sequence[float]) -> float:
    """The rank correlation of two lists of equal length."""
    middle = (len(left) - 1) / 2
    together = sum((a - middle) * (b - middle) for a, b in zip(_ranks(left), _ranks(right), strict=True))
    return together / sum((rank - middle) ** 2 for rank in range(len(left)))


def _ranks(values: Sequence[float]) -> list[int]:
    order = sorted(range(len(values)), key=lambda place: values[place])
    ranks = [0] * len(values)
    for rank, place in enumerate(order):
        ranks[place] = rank
    return ranks
