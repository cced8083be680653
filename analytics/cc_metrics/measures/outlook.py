"""Intervals for days (or customers) like these: leave one out at a time, on the logit scale (METRICS 4).

They speak of days like these, never of the period itself, and need 20 days or 30 customers.
Neighbouring days resemble each other, so the interval is approximate: it covers 80 to 95 %.
"""

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import Final, Literal

DAYS: Final = 20
CUSTOMERS: Final = 30
_EXACT: Final = 300  # degrees of freedom up to which the quantile is bisected exactly

Group = tuple[int, int, int]
"""(kept, settled, how many clusters have these counts)."""


def interval(groups: Sequence[Group], least: int) -> tuple[float, float] | None:
    """The 95 % interval of the usual level; None below *least* clusters or where a share is 0 or 1.

    >>> low, high = interval([(80, 100, 10), (84, 100, 10)], DAYS)
    >>> round(low, 3), round(high, 3)
    (0.81, 0.829)
    """
    clusters = sum(number for _, settled, number in groups if settled)
    kept = sum(k * number for k, _, number in groups)
    settled = sum(s * number for _, s, number in groups)
    if clusters < least or not 0 < kept < settled:
        return None
    left_out = []
    for k, s, number in groups:
        if not s:
            continue
        if not 0 < kept - k < settled - s:
            return None
        left_out.append((math.log((kept - k) / (settled - s - kept + k)), number))
    middle = math.fsum(logit * number for logit, number in left_out) / clusters
    spread = math.fsum(number * (logit - middle) ** 2 for logit, number in left_out)
    error = math.sqrt(spread * (clusters - 1) / clusters) * t_quantile(clusters - 1)
    centre = math.log(kept / (settled - kept))
    return _level(centre - error), _level(centre + error)


def word(low: float, high: float, target: float) -> Literal["above", "below", "too_close"]:
    """Where the interval lies beside the target.

    >>> word(0.81, 0.83, 0.8), word(0.771, 0.829, 0.8)
    ('above', 'too_close')
    """
    if low >= target:
        return "above"
    return "below" if high < target else "too_close"


def _level(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


def t_quantile(degrees: int) -> float:
    """The 97.5 % point of Student's t.

    Exact sums for whole degrees of freedom (Abramowitz and Stegun 26.7.3 and 26.7.4), beyond 300 the
    expansion 26.7.5, whose error there is below one in a million million.

    >>> round(t_quantile(19), 6), round(t_quantile(1000), 6)
    (2.093024, 1.962339)
    """
    if degrees > _EXACT:
        z = NormalDist().inv_cdf(0.975)
        first = (z**3 + z) / 4
        second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
        third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
        return z + first / degrees + second / degrees**2 + third / degrees**3
    low, high = 0.0, 64.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if _between(middle, degrees) < 0.95 else (low, middle)
    return (low + high) / 2


def _between(t: float, degrees: int) -> float:
    """The probability that Student's t lies between -t and t."""
    angle = math.atan(t / math.sqrt(degrees))
    sine, square = math.sin(angle), math.cos(angle) ** 2
    if degrees % 2 == 0:
        return sine * _series(square, degrees // 2, 1)
    if degrees == 1:
        return 2 * angle / math.pi
    return 2 / math.pi * (angle + sine * math.cos(angle) * _series(square, (degrees - 1) // 2, 2))


def _series(square: float, terms: int, first: int) -> float:
    """1 + f/(f+1) c2 + f(f+2)/((f+1)(f+3)) c2^2 + ..."""
    total, term = 0.0, 1.0
    for number in range(terms):
        total += term
        step = first + 2 * number
        term *= square * step / (step + 1)
    return total
