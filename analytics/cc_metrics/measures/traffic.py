"""Traffic: connect rate and abandonment, with the short-abandon floor named (METRICS 2)."""

from collections.abc import Mapping
from typing import Any, Final

from cc_metrics.measures.shares import outcome, share
from cc_metrics.model.promise import ServiceTerms

MEANING: Final = (
    "Connect rate: answered / offered. Abandonment: abandoned / (answered + abandoned), no floor taken off."
)
FORMULA: Final = "A / (A + B + R); B / (A + B)"


def needs(_: ServiceTerms) -> dict[str, str]:
    """The aggregates over summary rows, alias -> SQL."""
    return {word: outcome(word) for word in ("answered", "abandoned", "redirected")}


def figures(counts: Mapping[str, Any], terms: ServiceTerms) -> dict[str, Any]:
    """Public columns from the counts of one group.

    >>> figures({"answered": 3, "abandoned": 1, "redirected": 0}, ServiceTerms())
    {'connect_rate': 0.75, 'abandonment_rate': 0.25}
    """
    answered, abandoned = counts["answered"], counts["abandoned"]
    return {
        "connect_rate": share(answered, answered + abandoned + counts["redirected"]),
        "abandonment_rate": share(*abandonment_parts(counts, terms, floor=False)),
    }


def abandonment_parts(counts: Mapping[str, Any], terms: ServiceTerms, *, floor: bool) -> tuple[int, int]:
    """(abandoned, answered + abandoned), short abandons taken off both when a promise names a *floor*."""
    abandoned, redirected = counts["abandoned"], counts["redirected"]
    short = counts["short_abandoned"] if floor else 0
    if terms.redirected == "abandoned":
        abandoned += redirected
        short += counts["short_redirected"] if floor else 0
    return abandoned - short, counts["answered"] + abandoned - short
