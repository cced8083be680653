"""The latest whole months of a period, one after the other, without any case."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from cc_metrics.language import said, series

MEANING: Final = (
    "the latest whole months of the period, one after the other, in which no case was opened; a month counts when "
    "the period and the data hold all of it"
)
FORMULA: Final = "latest consecutive months without a case (at most those asked for) / months asked for"

_SHOWN: Final = 6
"""Months named beside the figure."""

Months = Sequence[tuple[date, int]]
"""Months by their first days, in order, with the cases opened in each."""


def run(months: Months) -> int:
    """How many of the latest months, one after the other, have none.

    >>> run([(date(2005, 1, 1), 0), (date(2005, 2, 1), 3), (date(2005, 3, 1), 0), (date(2005, 4, 1), 0)])
    2
    """
    return next((number for number, (_, cases) in enumerate(reversed(months)) if cases), len(months))


def spoken(months: Months) -> str:
    """The latest months with their cases in words, those without at the end together.

    >>> spoken([(date(2005, 3, 1), 2), (date(2005, 4, 1), 0), (date(2005, 5, 1), 1), (date(2005, 6, 1), 0)])
    '2005-03: 2, 2005-04: 0, 2005-05: 1, then 1 month with none'
    """
    empty = run(months)
    listed = [f"{month:%Y-%m}: {cases:,}" for month, cases in months[: len(months) - empty][-_SHOWN:]]
    if not empty:
        return series(listed)
    none = said("1 month with none") if empty == 1 else said("{n} months with none", n=empty)
    return said("{months}, then {none}", months=series(listed), none=none) if listed else none
