"""The counts behind a verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cc_metrics.measures import outlook


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts behind a verdict. *refused* says why there is none, *needs* what must be known beside it.

    *days* names the settled days that the counts are of; *total_ms* is the sum behind a mean of the settled, *value*
    a mean of something else. *squares* is the sum of squares in the unit of the figure (seconds, points).
    *interval* is one that was computed with the counts, named by *clusters*. *beside* holds sentences with figures
    that belong to this one.
    """

    kept: int
    settled: int
    pending: int = 0
    refused: str = ""
    bounds: tuple[float, float] | None = None
    groups: Sequence[outlook.Group] = ()
    clusters: str | None = None
    days: str = ""
    needs: str = ""
    total_ms: int = 0
    value: float | None = None
    squares: float | None = None
    basis: Literal["census", "sample"] = "census"
    interval: tuple[float, float] | None = None
    beside: tuple[str, ...] = ()
