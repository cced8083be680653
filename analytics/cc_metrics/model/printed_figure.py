"""A figure that another system printed: what it says, to which decimal, and which counts print it."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from cc_metrics.errors import UsageError

Rounding = Literal["counts", "rounded", "half up", "half even", "truncated"]
"""How counts print a figure: they are the counts; by any rounding; by one of two at a tie; only when cut off."""

_SHARE: Final = re.compile(r"(\d{1,3})(?:\.(\d{1,9}))?\s*(%?)", re.ASCII)
_COUNTS: Final = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,15})\s*/\s*(\d{1,3}(?:,\d{3})+|\d{1,15})", re.ASCII)
_HINT: Final = "write for example 83.1, '83.1 %', 0.831, or counts such as 2210/2660"


@dataclass(frozen=True, slots=True)
class PrintedFigure:
    """A share of *part* in 10 to the power of *places*, as printed; *counts* where they were told, which decide.

    >>> read("83.1"), read("0.8").places
    (PrintedFigure(part=831, places=3, counts=None), 1)
    """

    part: int
    places: int
    counts: tuple[int, int] | None = None

    @property
    def value(self) -> float:
        """The share."""
        return self.counts[0] / self.counts[1] if self.counts else self.part / 10**self.places

    @property
    def written(self) -> str:
        """The figure in percent with the decimals it was given with, or its counts.

        >>> read("0.831").written, read("83").written, read("2210/2660").written
        ('83.1 %', '83 %', '2,210 of 2,660')
        """
        if self.counts:
            return f"{self.counts[0]:,} of {self.counts[1]:,}"
        return f"{Decimal(self.part).scaleb(2 - self.places):.{max(0, self.places - 2)}f} %"

    @property
    def spread(self) -> str:
        """The values in percent that are rounded to it; "" where counts are known.

        >>> read("83.1").spread, read("0.8").spread
        ('83.05 to 83.15 %', '75 to 85 %')
        """
        if self.counts:
            return ""
        ends = (Decimal(10 * self.part + side).scaleb(1 - self.places) for side in (-5, 5))
        low, high = (f"{max(end, Decimal(0)):.{max(0, self.places - 1)}f}" for end in ends)
        return f"{low} to {high} %"

    def prints(self, kept: int, owed: int) -> Rounding | None:
        """How *kept* of *owed* is printed as this figure; None where it is not.

        >>> [read("83.1").prints(kept, 10_000) for kept in (8304, 8305, 8306, 8314, 8315, 8319, 8320)]
        [None, 'half up', 'rounded', 'rounded', 'truncated', 'truncated', None]
        >>> read("83.2").prints(8315, 10_000), read("83.2").prints(8325, 10_000)
        ('rounded', 'half even')
        """
        if self.counts:
            return "counts" if (kept, owed) == self.counts else None
        if not owed:
            return None
        whole, rest = divmod(kept * 10**self.places, owed)
        up = whole + (2 * rest >= owed)
        even = whole + (2 * rest + whole % 2 > owed)  # a tie goes up from an odd number only
        if self.part in (up, even):
            return "rounded" if up == even else "half up" if self.part == up else "half even"
        return "truncated" if self.part == whole else None

    def distance(self, kept: int, owed: int) -> float:
        """How far *kept* of *owed* (some) lies from the figure: in shares, or in calls where counts are known."""
        if self.counts:
            return abs(kept - self.counts[0]) + abs(owed - self.counts[1])
        return abs(kept / owed - self.value)


def read(text: str, where: str = "--reported") -> PrintedFigure:
    """The figure that *text* tells: a percentage, a share below 1, or counts.

    Raises:
        UsageError: it tells none, or one of two.
    """
    written = text.strip()
    counts, share = _COUNTS.fullmatch(written), _SHARE.fullmatch(written)
    if counts:
        kept, owed = (int(number.replace(",", "")) for number in counts.groups())
        if not owed or kept > owed:
            raise UsageError(f"{written!r} is no part of a whole", where=where, hint=_HINT)
        return PrintedFigure(0, 0, (kept, owed))
    if not share:
        raise UsageError(f"{text!r} is not a figure", where=where, hint=_HINT)
    decimals = share[2] or ""
    part, of_a_hundred = int(share[1] + decimals), share[3] or int(share[1]) > 1 or written == "0"
    places = len(decimals) + (2 if of_a_hundred else 0)
    if not of_a_hundred and (not decimals or not part or int(share[1])):
        raise UsageError(
            f"{written!r} may mean a percentage or a share",
            where=where,
            hint=f"write '{written} %', or '100 %' for all",
        )
    if part > 10**places:
        raise UsageError(f"{written!r} lies outside 0 % to 100 %", where=where, hint=_HINT)
    return PrintedFigure(part, places)
