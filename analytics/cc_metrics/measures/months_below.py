"""Months whose service level lies below a level of their own, several of them one after the other."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from cc_metrics.measures.months import months_later

MEANING: Final = (
    "whole calendar months of the period whose service level lies below a level; those count as missed that lie in a "
    "run of so many or more, one after the other"
)
FORMULA: Final = "whole months outside such runs / whole months"


def runs(months: Mapping[date, bool]) -> list[int]:
    """The lengths of the runs of months, one directly after the other, of which something is true.

    >>> runs({date(2024, 1, 1): True, date(2024, 2, 1): True, date(2024, 4, 1): True, date(2024, 5, 1): False})
    [2, 1]
    """
    found: list[int] = []
    expected = date.min
    for month in sorted(month for month, below in months.items() if below):
        if month == expected:
            found[-1] += 1
        else:
            found.append(1)
        expected = months_later(month, 1)
    return found


def in_runs(lengths: Sequence[int], least: int) -> int:
    """How many months lie in runs of so many or more.

    >>> in_runs([2, 1, 3], 2)
    5
    """
    return sum(length for length in lengths if length >= least)
