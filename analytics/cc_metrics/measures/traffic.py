"""Traffic: connect rate and abandonment, with the short-abandon floor named (METRICS 2)."""

from collections.abc import Mapping
from typing import Any, Final

from cc_metrics.measures.shares import outcome, share
from cc_metrics.model.promise import ServiceTerms

MEANING: Final = (
    "Connect rate: answered / offered. Abandonment: abandoned / (answered + abandoned), no floor taken off."
)
FORMULA: Final = "A / (A + B + R); B / (A + B)"
OFFERED_MEANING: Final = "Abandoned of offered: calls abandoned after the short-abandon floor, of all calls offered."
OFFERED_FORMULA: Final = "(B - B_s) / (A + B + R)"


def needs(_: ServiceTerms) -> dict[str, str]:
    """The aggregates over summary rows, alias -> SQL."""
    return {word: outcome(word) for word in ("answered", "abandoned", "redirected")}


def figures(counts: Mapping[str, Any], terms: ServiceTerms) -> dict[str, Any]:
    """Public columns from the counts of one group.

    >>> figures({"answered": 3, "abandoned": 1, "redirected": 0}, ServiceTerms())
    {'connect_rate': 0.75, 'abandonment_rate': 0.25}
    """
    answered, abandoned = counts["answered"], counts["abandoned"]
    if abandoned is None or counts["redirected"] is None:  # not counted
        return {"connect_rate": None, "abandonment_rate": None}
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


def abandoned_of_offered_parts(counts: Mapping[str, Any], terms: ServiceTerms, *, floor: bool) -> tuple[int, int]:
    """(abandoned, offered): abandons within a *floor* are not counted, and stay among the calls offered.

    Source: NHS England, NHS 111 Statistics (2014): abandoned after 30 seconds, of calls offered.

    >>> counts = {"answered": 90, "abandoned": 8, "redirected": 2, "short_abandoned": 3, "short_redirected": 1}
    >>> abandoned_of_offered_parts(counts, ServiceTerms(), floor=True)
    (5, 100)
    """
    abandoned, _ = abandonment_parts(counts, terms, floor=floor)
    return abandoned, int(counts["answered"] + counts["abandoned"] + counts["redirected"])
