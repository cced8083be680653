"""Points of the beta, gamma and t distributions: what exact intervals of shares, rates and means are made of.

The integrals are written as a continued fraction and a series, whose length grows with the root of the
counts, and inverted by halving: ten million answers take a fraction of a second, and nothing is approximated.
"""

import math
from collections.abc import Callable
from itertools import count
from typing import Final

_ENOUGH: Final = 1e-15  # a factor or term this near to changing nothing ends a fraction or series
_TINY: Final = 1e-300  # stands for a zero that would be divided by
_HALVINGS: Final = 70


def beta_point(share: float, a: float, b: float) -> float:
    """The x below which a beta distribution has *share* of its mass.

    >>> round(beta_point(0.025, 1, 3), 6), round(1 - 0.975 ** (1 / 3), 6)
    (0.008404, 0.008404)
    """
    return _halved(lambda x: _beta_below(x, a, b) < share, 0.0, 1.0)


def gamma_point(share: float, a: float) -> float:
    """The x below which a gamma distribution of shape *a* and scale 1 has *share* of its mass.

    >>> round(gamma_point(0.975, 1), 6), round(-math.log(0.025), 6)
    (3.688879, 3.688879)
    """
    return _halved(lambda x: _gamma_below(x, a) < share, 0.0, a + 10 * math.sqrt(a) + 50)


def t_point(share: float, degrees: float) -> float:
    """The t below which the size of Student's t lies with a chance of *share*; degrees need not be whole.

    >>> round(t_point(0.95, 19), 6), round(t_point(0.95, 17.776), 4)
    (2.093024, 2.1028)
    """
    part = beta_point(share, 0.5, degrees / 2)
    return math.sqrt(degrees * part / (1 - part))


def _halved(too_low: Callable[[float], bool], low: float, high: float) -> float:
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if too_low(middle) else (low, middle)
    return (low + high) / 2


def _beta_below(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function, DLMF 8.17."""
    if x >= 1:
        return 1.0
    if x > (a + 1) / (a + b + 2):  # beyond, the fraction of the other tail is the short one
        return 1 - _beta_below(1 - x, b, a)
    size = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(size) / a / _beta_fraction(x, a, b)


def _beta_fraction(x: float, a: float, b: float) -> float:
    """1 + d1/(1 + d2/(1 + ...)) of DLMF 8.17.22, by the modified Lentz method."""
    value = above = 1.0
    below = 0.0
    for m in count():
        step = 1.0
        for term in (
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
            (m + 1) * (b - m - 1) * x / ((a + 2 * m + 1) * (a + 2 * m + 2)),
        ):
            below = 1 / (1 + term * below or _TINY)
            above = 1 + term / above or _TINY
            step *= above * below
        value *= step
        if abs(step - 1) < _ENOUGH:
            break
    return value


def _gamma_below(x: float, a: float) -> float:
    """The regularised lower incomplete gamma function, DLMF 8.11.4: a series of positive terms."""
    total = term = 1.0
    for n in count(1):
        term *= x / (a + n)
        total += term
        if term < _ENOUGH * total:
            break
    return math.exp(a * math.log(x) - x - math.lgamma(a + 1)) * total
