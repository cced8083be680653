"""Before and after a date, in a sentence: both figures, and an interval for their difference."""

import math
from collections.abc import Sequence
from typing import Final

from cc_metrics.language import Said, said
from cc_metrics.measures import samples
from cc_metrics.measures.shares import share
from cc_metrics.model.dates import day_text
from cc_metrics.model.durations import DAY, HOUR, MINUTE, SECOND
from cc_metrics.model.promise import Promise
from cc_metrics.reporting.tally import Tally

_UNITS: Final = ((DAY, said("days")), (HOUR, said("h")), (MINUTE, said("min")))


def difference(promise: Promise, before: Tally, after: Tally) -> tuple[str, ...]:
    """What changed with the day that a promise names; nothing where it names none.

    The interval is Newcombe's for shares and Welch's for means: as if each case, call or answer stood by itself.
    """
    if promise.since is None:
        return ()
    day = day_text(promise.since)
    if not before.settled or not after.settled:
        if after.settled:
            return (said("nothing to compare with before {day}", day=day),)
        return (said("nothing since {day}", day=day),)
    if promise.shape == "mean_at_most":
        return (_means(before, after, day),)
    if promise.shape == "mean_at_least":
        return (_points(before, after, day),)
    return (_shares(before, after, day),)


def _shares(before: Tally, after: Tally, day: str) -> str:
    first, second = share(before.kept, before.settled) or 0.0, share(after.kept, after.settled) or 0.0
    decimals = _decimals(max(first, second))
    compared = said(
        "before {day}: {share} % of {n:,}; {change} points",
        day=day,
        share=f"{100 * first:.{decimals}f}",
        n=before.settled,
        change=f"{100 * (second - first):+.{decimals}f}",
    )
    parts = before.kept <= before.settled and after.kept <= after.settled  # a rate for each of a base may pass 1
    found = samples.newcombe(before.kept, before.settled, after.kept, after.settled) if parts else None
    if found is None:
        return compared
    low, high = (f"{100 * end:+.{decimals}f}" for end in found)
    return _between(compared, low, high)


def _between(compared: Said, low: str, high: str) -> Said:
    return said("{compared} (95 %: {low} to {high})", compared=compared, low=low, high=high)


def _decimals(share: float) -> int:
    """As many decimals of a percentage as show two digits of it, one or two at least.

    >>> _decimals(0.25), _decimals(0.004), _decimals(0.000023), _decimals(0.0)
    (1, 2, 4, 2)
    """
    if share >= 0.1:
        return 1
    return max(2, 1 - math.floor(math.log10(100 * share))) if share else 2


def _means(before: Tally, after: Tally, day: str) -> str:
    sums = [(t.settled, t.total_ms / SECOND, t.squares) for t in (before, after)]
    longest = max(total / settled for settled, total, _ in sums) * SECOND
    unit, word = next(((u, w) for u, w in _UNITS if longest >= 2 * u), (SECOND, said("s")))
    return _change(sums, day, SECOND / unit, word)


def _points(before: Tally, after: Tally, day: str) -> str:
    return _change([(t.settled, (t.value or 0.0) * t.settled, t.squares) for t in (before, after)], day, 1.0, "")


def _change(sums: Sequence[tuple[int, float, float | None]], day: str, scale: float, word: str) -> str:
    """Two means in a unit of their own, from their numbers, sums and sums of squares."""
    first, second = (total / settled * scale for settled, total, _ in sums)
    means = {"day": day, "n": sums[0][0], "mean": _of_unit(f"{first:.2f}", word)}
    compared = said("before {day}: {mean} of {n:,}; {change}", change=_of_unit(f"{second - first:+.2f}", word), **means)
    known = [(settled, total, squares) for settled, total, squares in sums if squares is not None]
    found = samples.difference_of_means(*known) if len(known) == len(sums) else None
    return compared if found is None else _between(compared, *(f"{end * scale:+.2f}" for end in found))


def _of_unit(number: str, unit: str) -> str:
    return said("{number} {unit}", number=number, unit=unit) if unit else number
