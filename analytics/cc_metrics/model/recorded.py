"""What counts that somebody else made tell of the calls behind them: which thresholds, which lengths of time.

A threshold is kept as the bin of a summary that it closes: 2s for a wait of at most s seconds, 2s - 1 for less than s.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final

from cc_metrics.language import Said, both, said, series
from cc_metrics.model.promise import Edge

UNTOLD_BIN: Final = 1 << 40
"""The bin of calls that waited longer than the last threshold, or of which nothing is told."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is told beside the number of calls by outcome.

    *answered* and *abandoned* are the thresholds (as bins) within which calls were counted; *lost* whether the calls
    that nobody answered are counted at all; *waits* whether the sum of the waits of answered calls is known, *talk*
    that of talk, *handle* that of talk, hold and wrap-up.
    """

    answered: tuple[int, ...] = ()
    abandoned: tuple[int, ...] = ()
    lost: bool = True
    waits: bool = False
    talk: bool = False
    handle: bool = False

    def common(self, other: "Recorded") -> "Recorded":
        """What both tell."""
        return Recorded(
            tuple(edge for edge in self.answered if edge in other.answered),
            tuple(edge for edge in self.abandoned if edge in other.abandoned),
            self.lost and other.lost,
            self.waits and other.waits,
            self.talk and other.talk,
            self.handle and other.handle,
        )

    def written(self) -> dict[str, Any]:
        """The same as plain data, for a file."""
        return {
            "answered": list(self.answered),
            "abandoned": list(self.abandoned),
            "lost": self.lost,
            "waits": self.waits,
            "talk": self.talk,
            "handle": self.handle,
        }


def read(written: dict[str, Any]) -> Recorded:
    """What `Recorded.written` wrote.

    >>> read(Recorded((30, 40), waits=True).written()) == Recorded((30, 40), waits=True)
    True
    """
    return Recorded(**{**written, **{key: tuple(written[key]) for key in ("answered", "abandoned")}})


def in_common(parts: Sequence[Recorded | None]) -> Recorded | None:
    """What all of several inputs tell; None where all hold calls, of which everything is known."""
    counted = [part for part in parts if part is not None]
    return reduce(Recorded.common, counted) if counted else None


def closing_bin(length_ms: int, edge: Edge) -> int:
    """The bin that a threshold of whole seconds closes.

    >>> closing_bin(20_000, "<="), closing_bin(20_000, "<")
    (40, 39)
    """
    return 2 * length_ms // 1000 - (edge == "<")


def spoken_edges(bins: Sequence[int]) -> Said:
    """Thresholds for people.

    >>> spoken_edges((20, 30, 40)), spoken_edges((40,)), spoken_edges((39,))
    ('10, 15 and 20 s', '20 s', 'less than 20 s')
    """
    words = [said("less than {length}", length=(one + 1) // 2) if one % 2 else str((one + 1) // 2) for one in bins]
    listed = both([series(words[:-1]), words[-1]]) if words[1:] else words[-1]
    return said("{n} s", n=listed)
