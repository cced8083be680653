"""Lengths of cases in words: seconds in the one unit that fits them, minutes to months."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from cc_metrics.language import Said, said, translated

Unit = tuple[int, Said]
"""How many seconds it has, and its short word."""

_DAY, _HOUR, _MINUTE, _SECOND = (86_400, said("d")), (3_600, said("h")), (60, said("min")), (1, said("s"))
_UNITS: Final[tuple[Unit, ...]] = (_DAY, _HOUR, _MINUTE, _SECOND)
_SPELT: Final = {_DAY: said("days")}


def alike(values: Sequence[float | None]) -> list[str | None]:
    """Seconds in one unit, that of the longest; what is too short for two decimals of it never reads as 0.

    >>> alike([62_208, 200_000, None]), alike([0.0, 30.0]), alike([90, 5_400, 360_000])
    (['0.7 d', '2.3 d', None], ['0.0 s', '30.0 s'], ['<0.01 d', '0.06 d', '4.17 d'])
    """
    known = [value for value in values if value is not None]
    longest = max(known, default=0)
    size, word = next((unit for unit in _UNITS if longest >= 2 * unit[0]), _SECOND)
    decimals = 1 if all(not value or round(value / size, 1) for value in known) else 2
    return [None if value is None else of_unit(_decimal(value / size, decimals), word) for value in values]


def of_unit(number: str, unit: str) -> str:
    """So many of a unit.

    >>> of_unit("0.7", "d")
    '0.7 d'
    """
    return translated("{number} {unit}", number=number, unit=unit)


def _decimal(value: float, decimals: int) -> str:
    return "<0.01" if value and not round(value, decimals) else f"{value:.{decimals}f}"


def unit_of(limit: Fraction) -> Unit:
    """The unit in which a limit in seconds is written shortest, 24 h and 60 s as people say them.

    >>> unit_of(Fraction(62_208))[1], unit_of(Fraction(86_400))[1], unit_of(Fraction(480))[1], unit_of(Fraction(60))[1]
    ('d', 'h', 'min', 's')
    """
    return min(_UNITS, key=lambda unit: _written(limit / unit[0], unit))


def _written(value: Fraction, unit: Unit) -> int:
    """How long a number is; one that is never written so is longer than any."""
    odd = (value * 100).denominator != 1 or (value == 1 and unit in (_DAY, _MINUTE))
    return 99 if odd and unit is not _SECOND else len(f"{float(value):g}")


def limit(most: Fraction) -> str:
    """A limit in seconds as it is promised.

    >>> limit(Fraction(62_208)), limit(Fraction(129_600)), limit(Fraction(480))
    ('0.72 days', '36 h', '8 min')
    """
    size, word = unit_of(most)
    return of_unit(f"{float(most / size):g}", _SPELT.get((size, word), word))
