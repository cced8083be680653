"""Months whose service level lies below a level of their own, several of them one after the other."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from cc_metrics.model.intervals import Period
from cc_metrics.model.zones import Offsets, day_of, day_start

MEANING: Final = (
    "whole calendar months of the period whose service level lies below a level; those count as missed that lie in a "
    "run of so many or more, one after the other"
)
FORMULA: Final = "whole months outside such runs / whole months"


def next_month(month: date) -> date:
    """The first day of the month after.

    >>> next_month(date(2024, 12, 1))
    datetime.date(2025, 1, 1)
    """
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def whole_months(period: Period, offsets: Offsets) -> list[date]:
    """The first days of the local months that lie wholly in a period, in order."""
    month, found = day_of(offsets.local(period.from_ms)).replace(day=1), []
    while day_start(next_month(month), offsets) <= period.to_ms:
        if day_start(month, offsets) >= period.from_ms:
            found.append(month)
        month = next_month(month)
    return found


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
        expected = next_month(month)
    return found


def in_runs(lengths: Sequence[int], least: int) -> int:
    """How many months lie in runs of so many or more.

    >>> in_runs([2, 1, 3], 2)
    5
    """
    return sum(length for length in lengths if length >= least)
