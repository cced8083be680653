"""A level with another period's mix of groups: direct standardisation, which Simpson's paradox calls for."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

MOVED: Final = Fraction(1, 100)
"""The mix has moved when the share of a group changed by a point."""

Parts = Mapping[str | None, tuple[int, int]]
"""(kept, owed) by group; None is the group that is not recorded."""


def moved(now: Parts, before: Parts) -> bool:
    """Whether the share of any group in what was owed changed by a point or more.

    >>> moved({"a": (0, 51), "b": (0, 49)}, {"a": (0, 50), "b": (0, 50)})
    True
    >>> moved({"a": (0, 509), "b": (0, 491)}, {"a": (0, 500), "b": (0, 500)})
    False
    """
    shares = [_shares(parts) for parts in (now, before)]
    groups = {group for found in shares for group in found}
    return any(abs(shares[0].get(g, Fraction(0)) - shares[1].get(g, Fraction(0))) >= MOVED for g in groups)


def level(now: Parts, before: Parts) -> Fraction | None:
    """The level of *now* had its groups the shares of *before*; None where a group of before has nothing now.

    >>> level({"a": (9, 10), "b": (45, 90)}, {"a": (80, 90), "b": (4, 10)})
    Fraction(43, 50)
    """
    total = Fraction(0)
    for group, share in _shares(before).items():
        kept, owed = now.get(group, (0, 0))
        if share and not owed:
            return None
        total += share * Fraction(kept, owed) if share else 0
    return total if before else None


def _shares(parts: Parts) -> dict[str | None, Fraction]:
    whole = sum(owed for _, owed in parts.values())
    return {group: Fraction(owed, whole) for group, (_, owed) in parts.items()} if whole else {}
