"""Classes of waits for a picture: equal whole seconds that no threshold cuts in two, read from a summary's bins.

Bin 2s is a wait of exactly s seconds, bin 2s - 1 one strictly between s - 1 and s, so either end of a class can be
the one that belongs to it, as the threshold's edge says.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cc_metrics.model.promise import Edge

_WIDTHS: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
_MOST: Final = 40  # classes that can be told apart in a picture


@dataclass(frozen=True, slots=True)
class Classes:
    """*number* classes of *width_s* seconds each, and an open one after them.

    With the edge "<=" a class is (from, to] and the first holds 0 too; with "<" it is [from, to).
    """

    width_s: int
    number: int
    edge: Edge

    def place(self, wait_bin: int) -> int:
        """The number of the class that a bin lies in, from 0.

        >>> [Classes(10, 3, "<=").place(b) for b in (0, 20, 21, 60, 61)]
        [0, 0, 1, 2, 3]
        >>> [Classes(10, 3, "<").place(b) for b in (0, 19, 20, 59, 60)]
        [0, 0, 1, 2, 3]
        """
        before = max(0, wait_bin - 1) if self.edge == "<=" else wait_bin
        return min(before // (2 * self.width_s), self.number)

    def counted(self, bins: Mapping[int, int]) -> list[tuple[int, int | None, int]]:
        """(from_s, to_s, calls) of every class in order, those without calls too; to_s of the last is None."""
        found: Counter[int] = Counter()
        for wait_bin, calls in bins.items():
            found[self.place(wait_bin)] += calls
        last = self.number
        edges = [(n * self.width_s, None if n == last else (n + 1) * self.width_s) for n in range(last + 1)]
        return [(*edge, found[n]) for n, edge in enumerate(edges)]


def classes(bins: Mapping[int, int], thresholds_s: Sequence[int], edge: Edge) -> Classes:
    """Classes that end at every threshold and reach the 95th percentile of the waits, twice the longest threshold.

    They are no more than 40, unless thresholds that are not multiples of one length need more.

    >>> classes({0: 90, 180: 10}, [20], "<=")
    Classes(width_s=5, number=18, edge='<=')
    """
    longest = max(thresholds_s)
    reach = max(2 * longest, _percentile_95(bins))
    fitting = [width for width in _WIDTHS if all(threshold % width == 0 for threshold in thresholds_s)]
    width = next((width for width in fitting if math.ceil(reach / width) <= _MOST), fitting[-1])
    most = max(_MOST, math.ceil(2 * longest / width))
    return Classes(width, min(math.ceil(reach / width), most), edge)


def _percentile_95(bins: Mapping[int, int]) -> int:
    """The smallest whole second that at least 95 % of the calls waited at most; 0 of none."""
    everyone, waited = sum(bins.values()), 0
    for wait_bin in sorted(bins):
        waited += bins[wait_bin]
        if 100 * waited >= 95 * everyone:
            return (wait_bin + 1) // 2
    return 0
