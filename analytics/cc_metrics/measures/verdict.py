"""Verdicts are a census: arithmetic on unrounded counts, no interval enters them (METRICS 4)."""

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

Verdict = Literal["kept", "missed", "undecided", "no_data", "not_judged"]

FEWEST: Final = 30  # answers of a sample; below it, the counts alone
TOO_DIFFERENT: Final = Fraction(1, 10)
UNRECORDED_WARNED: Final = Fraction(1, 20)
UNRECORDED_JUDGED: Final = Fraction(1, 5)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict with its signed margin in items: to spare (+) or short (-); None of nothing."""

    verdict: Verdict
    margin: int | None


def at_least(kept: int, settled: int, target: Fraction) -> Outcome:
    """Whether *kept* of *settled* reaches a target; of all (1) the margin is the number late, below zero.

    >>> at_least(90, 100, Fraction(9, 10)), at_least(899, 1000, Fraction(9, 10)).margin
    (Outcome(verdict='kept', margin=0), -1)
    >>> at_least(3, 3, Fraction(1)), at_least(2, 3, Fraction(1))
    (Outcome(verdict='kept', margin=0), Outcome(verdict='missed', margin=-1))
    >>> at_least(0, 0, Fraction(9, 10))
    Outcome(verdict='no_data', margin=None)
    """
    if not settled:
        return Outcome("no_data", None)
    margin = kept - math.ceil(target * settled)
    return Outcome("kept" if margin >= 0 else "missed", margin)


def at_most(counted: int, settled: int, limit: Fraction, *, strict: bool = False) -> Outcome:
    """Whether *counted* of *settled* stays within a limit; the margin is what it may still grow by.

    A *strict* limit is itself too much.

    >>> at_most(5, 100, Fraction(1, 20)), at_most(6, 100, Fraction(1, 20))
    (Outcome(verdict='kept', margin=0), Outcome(verdict='missed', margin=-1))
    >>> at_most(5, 100, Fraction(1, 20), strict=True)
    Outcome(verdict='missed', margin=-1)
    """
    if not settled:
        return Outcome("no_data", None)
    margin = (math.ceil(limit * settled) - 1 if strict else math.floor(limit * settled)) - counted
    return Outcome("kept" if margin >= 0 else "missed", margin)


def mean_at_most(total_ms: int, settled: int, limit_s: Fraction) -> Outcome:
    """Whether a mean of *total_ms* over *settled* items stays within a limit; a mean has no margin in items.

    >>> mean_at_most(20_000, 2, Fraction(10)).verdict, mean_at_most(20_001, 2, Fraction(10)).verdict
    ('kept', 'missed')
    """
    if not settled:
        return Outcome("no_data", None)
    return Outcome("kept" if total_ms <= 1_000 * limit_s * settled else "missed", None)


def mean_at_least(mean: float | Fraction | None, settled: int, least: Fraction) -> Outcome:
    """Whether a mean reaches a least value; it has no margin in items.

    Scores are decimal fractions that the engine adds up as binary ones: nine decimals are looked at.

    >>> mean_at_least(Fraction(8537, 100), 40, Fraction(8537, 100)).verdict
    'kept'
    """
    if not settled or mean is None:
        return Outcome("no_data", None)
    return Outcome("kept" if Fraction(repr(round(float(mean), 9))) >= least else "missed", None)


@dataclass(frozen=True, slots=True)
class Group:
    """Calls of a group: all *offered*, and those *kept* of those *owed* under a formula."""

    offered: int
    kept: int
    owed: int


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """Calls whose dimension is not recorded, beside the recorded ones."""

    without: Group
    recorded: Group

    @property
    def share(self) -> Fraction | None:
        """Unrecorded calls out of all; None of nothing."""
        everyone = self.without.offered + self.recorded.offered
        return Fraction(self.without.offered, everyone) if everyone else None

    @property
    def differs(self) -> bool:
        """More than 5 % are unrecorded and their level is more than 10 points from the recorded calls'."""
        if self.share is None or self.share <= UNRECORDED_WARNED or not (self.recorded.owed and self.without.owed):
            return False
        level = Fraction(self.without.kept, self.without.owed)
        return abs(level - Fraction(self.recorded.kept, self.recorded.owed)) > TOO_DIFFERENT

    @property
    def too_many(self) -> bool:
        """More than 20 % are unrecorded."""
        return self.share is not None and self.share > UNRECORDED_JUDGED

    def bounds(self, kept: int, owed: int) -> tuple[float, float] | None:
        """Lowest value (every unrecorded late call belongs to it) and highest (every unrecorded call in time does).

        >>> Unrecorded(Group(100, kept=60, owed=100), Group(20, 10, 20)).bounds(10, 20)
        (0.16666666666666666, 0.875)
        """
        late = self.without.owed - self.without.kept
        low = float(Fraction(kept, owed + late)) if owed + late else None
        high = float(Fraction(kept + self.without.kept, owed + self.without.kept)) if owed + self.without.kept else None
        return None if low is None or high is None else (low, high)
