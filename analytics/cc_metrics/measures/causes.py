"""What late calls go with: volume, handle time and staff against what was forecast or is usual.

A half-hour's load is volume times handle time over staff. Each of the three is set against what was forecast, or is
usual, as a ratio that is above 1 where it adds load:

    volume       calls offered / calls expected
    handle_time  mean handle time / handle time expected
    staff        agents rostered / agents present (only where both are planned)

The late calls that a half-hour has above what its target allows are split over its ratios above 1 in proportion to
their logarithms, since the ratios multiply. What has no ratio above 1 or nothing to be compared with, and the
half-hours that have fewer late calls than allowed, are "other"; so the list adds up to what separates the result from
the promise. It is an account of what came together, not a proof of what caused what.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

CAUSES: Final = ("volume", "handle_time", "staff")

Against = Literal["forecast", "usual"]


@dataclass(frozen=True, slots=True)
class HalfHour:
    """*above*: late calls above what the target allows. The others are None where they are not known."""

    above: float
    against: Against | None = None
    offered: float = 0
    expected_offered: float | None = None
    handle_s: float | None = None
    expected_handle_s: float | None = None
    rostered: float | None = None
    present: float | None = None

    def ratios(self) -> dict[str, float]:
        """The ratio of each cause that there is something to compare with; infinite where nothing was expected."""
        pairs = {
            "volume": (self.offered, self.expected_offered),
            "handle_time": (self.handle_s, self.expected_handle_s),
            "staff": (self.rostered, self.present),
        }
        return {
            name: _ratio(one, other) for name, (one, other) in pairs.items() if one is not None and other is not None
        }


@dataclass(frozen=True, slots=True)
class Cause:
    """So many *late* calls go with it; its relative *change* or mean *agents* short where it added load."""

    cause: str
    against: Against | None
    late: float
    change: float | None = None
    agents: float | None = None


def split(half_hour: HalfHour) -> dict[str, float]:
    """The late calls above of one half-hour by what they go with.

    >>> split(HalfHour(10, "usual", 200, 100, 300, 300))
    {'volume': 10.0}
    >>> both = split(HalfHour(8, "forecast", 200, 100, 800, 100, rostered=3, present=3))
    >>> {name: round(late, 9) for name, late in both.items()}
    {'volume': 2.0, 'handle_time': 6.0}
    >>> split(HalfHour(-4, "usual", 200, 100)), split(HalfHour(4, "usual", 90, 100))
    ({}, {})
    """
    if half_hour.above <= 0:
        return {}
    added = {name: math.log(ratio) for name, ratio in half_hour.ratios().items() if ratio > 1}
    if any(math.isinf(weight) for weight in added.values()):
        added = {name: 1.0 for name, weight in added.items() if math.isinf(weight)}
    whole = sum(added.values())
    return {name: half_hour.above * weight / whole for name, weight in added.items()}


def causes(half_hours: Sequence[HalfHour]) -> list[Cause]:
    """The account of all half-hours, the cause with most late calls first, "other" last; none where nothing compares.

    What is compared with a forecast and what with the usual stand apart.
    """
    if not any(half_hour.ratios() for half_hour in half_hours):
        return []
    parts = [(half_hour, split(half_hour)) for half_hour in half_hours]
    found = []
    for against in ("forecast", "usual"):
        for name in CAUSES:
            concerned = [(h, part[name]) for h, part in parts if h.against == against and name in part]
            if concerned:
                found.append(_cause(name, against, concerned))
    found.sort(key=lambda cause: -cause.late)
    left = sum(h.above for h in half_hours) - sum(cause.late for cause in found)
    compared = {h.against for h in half_hours if h.ratios()}
    return [*found, Cause("other", compared.pop() if len(compared) == 1 else None, left)]


def _cause(name: str, against: Against, concerned: Sequence[tuple[HalfHour, float]]) -> Cause:
    late, hours = sum(part for _, part in concerned), [h for h, _ in concerned]
    if name == "staff":
        short = [(h.rostered or 0) - (h.present or 0) for h in hours]
        return Cause(name, against, late, agents=sum(short) / len(short))
    pairs = [_compared(name, h) for h in hours]
    expected = sum(was for _, was in pairs)
    return Cause(name, against, late, sum(now for now, _ in pairs) / expected - 1 if expected else None)


def _compared(name: str, h: HalfHour) -> tuple[float, float]:
    if name == "volume":
        return h.offered, h.expected_offered or 0
    return h.offered * (h.handle_s or 0), h.offered * (h.expected_handle_s or 0)


def _ratio(one: float, other: float) -> float:
    if other:
        return one / other
    return math.inf if one else 1.0
