"""What a sample says of the whole it was drawn from: 95 % intervals of shares, rates and means (METRICS 4).

Surveys and speed tests are samples; calls and cases are a census and need none of this.
"""

import math
from fractions import Fraction
from statistics import NormalDist
from typing import Final, Literal

from cc_metrics.measures import verdict
from cc_metrics.measures.distributions import beta_point, gamma_point, t_point
from cc_metrics.measures.outlook import t_quantile

"""Answers below which a sample gets counts and no verdict."""

_LEVEL: Final = 0.95
_LOW, _HIGH = 0.025, 0.975
_Z: Final = NormalDist().inv_cdf(_HIGH)

Bounds = tuple[float, float]
"""(low, high) of a 95 % interval."""

Number = int | float | Fraction
Sums = tuple[int, Number, Number]
"""(how many values, their sum, the sum of their squares)."""

SampleVerdict = Literal["kept", "missed", "undecided"]


def wilson(kept: int, answered: int) -> Bounds | None:
    """The score interval of a share; None of nothing.

    Source: E. B. Wilson, JASA 22 (1927) 209-212; method 3 of R. G. Newcombe, Statistics in Medicine 17
    (1998) 857-872, without continuity correction.

    >>> low, high = wilson(90, 100)
    >>> round(low, 4), round(high, 4)
    (0.8256, 0.9448)
    """
    if not answered:
        return None
    share, square = kept / answered, _Z * _Z
    centre = kept + square / 2
    half = _Z * math.sqrt(answered * share * (1 - share) + square / 4)
    low = (centre - half) / (answered + square) if kept else 0.0
    high = (centre + half) / (answered + square) if kept < answered else 1.0
    return low, high


def newcombe(kept1: int, n1: int, kept2: int, n2: int) -> Bounds | None:
    """The interval of a difference of shares, second less first, from their two Wilson intervals; None of nothing.

    Source: method 10 of R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890.

    >>> low, high = newcombe(48, 80, 56, 70)
    >>> round(low, 4), round(high, 4)
    (0.0524, 0.3339)
    """
    first, second = wilson(kept1, n1), wilson(kept2, n2)
    if first is None or second is None:
        return None
    share1, share2 = kept1 / n1, kept2 / n2
    difference = share2 - share1
    low = difference - math.hypot(share2 - second[0], first[1] - share1)
    high = difference + math.hypot(second[1] - share2, share1 - first[0])
    return low, high


def exact_share(kept: int, n: int) -> Bounds | None:
    """The exact binomial interval of a share: it covers at least 95 %, whatever the share; None of nothing.

    Source: C. J. Clopper and E. S. Pearson, Biometrika 26 (1934) 404-413.

    >>> low, high = exact_share(90, 100)
    >>> round(low, 4), round(high, 4)
    (0.8238, 0.951)
    """
    if not n:
        return None
    low = beta_point(_LOW, kept, n - kept + 1) if kept else 0.0
    high = beta_point(_HIGH, kept + 1, n - kept) if kept < n else 1.0
    return low, high


def exact_rate(events: int, exposure: Number) -> Bounds | None:
    """The exact Poisson interval of events for each unit of *exposure*; None without exposure.

    Source: F. Garwood, Biometrika 28 (1936) 437-442.

    >>> low, high = exact_rate(10, 1)
    >>> round(low, 4), round(high, 4)
    (4.7954, 18.3904)
    >>> low, high = exact_rate(0, 100_000)
    >>> low, round(high * 100_000, 3)
    (0.0, 3.689)
    """
    if not exposure:
        return None
    low = gamma_point(_LOW, events) if events else 0.0
    return low / float(exposure), gamma_point(_HIGH, events + 1) / float(exposure)


def mean_interval(number: int, total: Number, squares: Number) -> Bounds | None:
    """The t interval of a mean, from the sum of the values and that of their squares; None below two values.

    Values that are all equal have no spread: both ends are the mean.
    Source: Student, Biometrika 6 (1908) 1-25.

    >>> low, high = mean_interval(10, 7.5, 34.43)
    >>> round(low, 4), round(high, 4)
    (-0.5298, 2.0298)
    """
    if number < 2:
        return None
    mean = float(Fraction(total) / number)
    half = t_quantile(number - 1) * math.sqrt(_spread((number, total, squares)))
    return mean - half, mean + half


def difference_of_means(first: Sums, second: Sums) -> Bounds | None:
    """The interval of a difference of means, second less first; None where either has fewer than two values.

    The two may spread differently; degrees of freedom are Welch's and need not be whole.
    Source: B. L. Welch, Biometrika 34 (1947) 28-35.

    >>> low, high = difference_of_means((10, 7.5, 34.43), (10, 23.3, 90.37))
    >>> round(low, 4), round(high, 4)
    (-0.2055, 3.3655)
    """
    if first[0] < 2 or second[0] < 2:
        return None
    difference = float(Fraction(second[1]) / second[0] - Fraction(first[1]) / first[0])
    spread1, spread2 = _spread(first), _spread(second)
    spread = spread1 + spread2
    if not spread:
        return difference, difference
    degrees = spread**2 / (spread1**2 / (first[0] - 1) + spread2**2 / (second[0] - 1))
    half = t_point(_LEVEL, degrees) * math.sqrt(spread)
    return difference - half, difference + half


def _spread(sums: Sums) -> float:
    """The variance of a mean, exact up to its last rounding: sums of squares leave small differences."""
    number, total, squares = sums
    within = Fraction(squares) - Fraction(total) ** 2 / number
    return float(max(within, Fraction(0)) / (number * (number - 1)))


def sample_verdict(low: float, high: float, target: float | Fraction, answered: int) -> SampleVerdict | None:
    """Whether a sample's interval reaches a target: by its lower end; None below 30 answers.

    >>> sample_verdict(0.9, 0.95, 0.9, 100), sample_verdict(0.85, 0.95, 0.9, 100), sample_verdict(0.8, 0.89, 0.9, 100)
    ('kept', 'undecided', 'missed')
    >>> sample_verdict(0.9, 1.0, 0.9, 29) is None
    True
    """
    if answered < verdict.FEWEST:
        return None
    if low >= target:
        return "kept"
    return "missed" if high < target else "undecided"


def sample_verdict_at_most(low: float, high: float, limit: float | Fraction, answered: int) -> SampleVerdict | None:
    """Whether a sample's interval stays within a limit: by its upper end; None below 30 answers.

    >>> sample_verdict_at_most(0.01, 0.05, 0.05, 100), sample_verdict_at_most(0.06, 0.09, 0.05, 100)
    ('kept', 'missed')
    """
    if answered < verdict.FEWEST:
        return None
    if high <= limit:
        return "kept"
    return "missed" if low > limit else "undecided"
