"""The control chart of daily levels: each day's logit beside the median of its weekday, limits from moving ranges.

METRICS 4: the baseline is frozen, the first 60 open days, 28 at least; limits are 3 mean moving ranges / 1.128 of
the baseline's residuals (1.128 is d2 for ranges of two: Shewhart charts of single values, ISO 7870-2).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final, Literal

BASELINE: Final = 60
LEAST: Final = 28
_D2: Final = 1.128  # mean range of two values drawn from one normal distribution, in standard deviations


@dataclass(frozen=True, slots=True)
class Day:
    """A day's weekday (0 = Monday), the calls owed and kept, None where unknown, and whether all of it is known.

    A day that is not wholly known is neither part of the baseline nor called a signal.
    """

    weekday: int
    kept: int | None
    owed: int | None
    whole: bool = True

    @property
    def logit(self) -> float | None:
        """The logit of the level, half an item added on either side for every day alike; None where nothing was owed.

        >>> Day(0, 1, 2).logit, Day(0, 2, 2).logit == math.log(2.5 / 0.5), Day(0, 0, 0).logit
        (0.0, True, None)
        """
        if self.kept is None or not self.owed:
            return None
        return math.log((self.kept + 0.5) / (self.owed - self.kept + 0.5))


@dataclass(frozen=True, slots=True)
class Mark:
    """What the chart says of a day: shares from 0 to 1, None where the baseline is too short or lacks its weekday."""

    baseline: bool = False
    centre: float | None = None
    low: float | None = None
    high: float | None = None
    signal: Literal["below", "above"] | None = None


def chart(days: Sequence[Day]) -> list[Mark]:
    """A mark for each of the days, which are in order of time.

    >>> marks = chart([Day(n % 7, 80 + n % 2, 100) for n in range(28)] + [Day(0, 30, 100)])
    >>> marks[0].baseline, round(marks[28].centre, 2), marks[28].signal
    (True, 0.8, 'below')
    """
    places = [place for place, day in enumerate(days) if day.whole and day.logit is not None][:BASELINE]
    if len(places) < LEAST:
        return [Mark() for _ in days]
    centres = _centres([days[place] for place in places])
    residuals = [(days[place].logit or 0.0) - centres[days[place].weekday] for place in places]
    limit = 3 * math.fsum(abs(after - before) for before, after in pairwise(residuals)) / (len(places) - 1) / _D2
    chosen = frozenset(places)
    return [_mark(day, centres.get(day.weekday), limit, baseline=place in chosen) for place, day in enumerate(days)]


def _centres(baseline: Sequence[Day]) -> dict[int, float]:
    """The median logit of each weekday that the baseline has."""
    found: dict[int, list[float]] = {}
    for day in baseline:
        found.setdefault(day.weekday, []).append(day.logit or 0.0)
    return {weekday: median(logits) for weekday, logits in found.items()}


def _mark(day: Day, centre: float | None, limit: float, *, baseline: bool) -> Mark:
    if centre is None:
        return Mark()
    low, high, logit = centre - limit, centre + limit, day.logit
    signal: Literal["below", "above"] | None = None
    if logit is not None and day.whole and not low <= logit <= high:
        signal = "below" if logit < low else "above"
    return Mark(baseline, _level(centre), _level(low), _level(high), signal)


def _level(logit: float) -> float:
    """The share that a logit stands for; those of counts and their limits are a few hundred at most."""
    return 1 / (1 + math.exp(-logit))
