"""Mean scores by calendar year: how many rises in a row, and the rank of a value among all values of a dimension.

A year is a local one, and an answer belongs to the year in which it was asked for. Means are compared exactly.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from cc_metrics.measures import satisfaction
from cc_metrics.model.zones import day_of

RISES_MEANING: Final = (
    "mean score by calendar year: how many years running, up to the latest, it was higher than before"
)
RISES_FORMULA: Final = "latest years in a row whose mean score is above that of the year before"
RANK_MEANING: Final = (
    "places that a value rose by among all values by mean score, from the year before the latest to it"
)
RANK_FORMULA: Final = "rank of the year before the latest - rank of the latest; rank: 1 + values with a higher mean"

Means = Mapping[int, Fraction]
"""Mean scores by calendar year."""


def yearly(months: Iterable[Mapping[str, Any]]) -> dict[int, Fraction]:
    """The mean score of each year with scores, oldest first, from counts by local month (*bucket*, local ms)."""
    pooled: dict[int, list[Any]] = {}
    for month in months:
        counts = pooled.setdefault(day_of(month["bucket"]).year, [0, 0])
        counts[0] += month["scored"]
        counts[1] += month["points"]
    means = {
        year: satisfaction.mean({"scored": number, "points": points, "squares": 0})
        for year, (number, points) in sorted(pooled.items())
    }
    return {year: mean for year, mean in means.items() if mean is not None}


def in_a_row(means: Means) -> list[int]:
    """The latest years without a gap between them, oldest first.

    >>> in_a_row({2007: Fraction(1), 2009: Fraction(1), 2010: Fraction(2)})
    [2009, 2010]
    """
    year = max(means, default=0)
    found = []
    while year in means:
        found.append(year)
        year -= 1
    return found[::-1]


def rises(means: Means) -> int:
    """How many of the latest years in a row have a higher mean than the year before; an equal one is no rise.

    >>> rises({2008: Fraction(3), 2009: Fraction(1), 2010: Fraction(2), 2011: Fraction(3)})
    2
    """
    years, found = in_a_row(means), 0
    while found < len(years) - 1 and means[years[-1 - found]] > means[years[-2 - found]]:
        found += 1
    return found


def rank(mean: Fraction, others: Sequence[Fraction]) -> int:
    """The place among all means, 1 the highest; equal ones share the better place.

    >>> [rank(Fraction(n), [Fraction(3), Fraction(2), Fraction(2), Fraction(1)]) for n in (3, 2, 1)]
    [1, 2, 4]
    """
    return 1 + sum(other > mean for other in others)
