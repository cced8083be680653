"""Rates for each of a base that is counted once a month: subscribers, lines, communities (METRICS 4, rates)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

MEANING: Final = (
    "cases opened in the whole months of the period that have a base, over the sum of those months' bases; a month "
    "without a base is left out of both"
)
FORMULA: Final = "sum of the months' cases / sum of the months' bases"
SHARE_MEANING: Final = "one base over another, the months of the period pooled that have both"
SHARE_FORMULA: Final = "sum of the months' part / sum of the months' whole"


@dataclass(frozen=True, slots=True)
class Pooled:
    """Sums over the months that have both: *part* over *whole*; *lacking* holds the others with their part."""

    part: int
    whole: int
    months: tuple[date, ...]
    lacking: tuple[tuple[date, int], ...]


def pooled(part: Mapping[date, int], whole: Mapping[date, int]) -> Pooled:
    """The months of *part* that have a *whole*, added up.

    >>> found = pooled({date(2005, 1, 1): 3, date(2005, 2, 1): 4}, {date(2005, 1, 1): 100, date(2005, 3, 1): 90})
    >>> found.part, found.whole, found.lacking
    (3, 100, ((datetime.date(2005, 2, 1), 4),))
    """
    both = sorted(month for month in part if month in whole)
    lacking = tuple((month, part[month]) for month in sorted(part) if month not in whole)
    return Pooled(sum(part[month] for month in both), sum(whole[month] for month in both), tuple(both), lacking)
