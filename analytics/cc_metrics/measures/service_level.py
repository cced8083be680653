"""Service level: the share of calls answered within the threshold, under six formulas (METRICS 2)."""

from collections.abc import Mapping
from typing import Any, Final

from cc_metrics.measures.shares import outcome, seconds, share, total
from cc_metrics.model.promise import ServiceTerms

WORDS: Final = {
    "all_offered": ("A_T / (A + B + R_L)", "answered in time / all offered, late redirects count"),
    "exclude_abandons_within": ("A_T / (A + B - B_T + R_L)", "abandons within the threshold left out"),
    "exclude_short_abandons": ("A_T / (A + B - B_s + R_L)", "short abandons left out"),
    "abandons_within_count": ("(A_T + B_T) / (A + B + R_L)", "abandons within the threshold count as kept"),
    "short_abandons_count": ("(A_T + B_s) / (A + B + R_L)", "short abandons count as kept"),
    "answered_only": ("A_T / A", "answered in time / answered"),
}

LETTERS: Final = (
    "A answered, A_T of them within the threshold; B abandoned, B_T within the threshold, B_s short ones; "
    "R redirected, R_L after the threshold"
)

MEANING: Final = "Service level: the share of calls answered within the threshold, by the formula named."


def needs(terms: ServiceTerms) -> dict[str, str]:
    """The aggregates over summary rows that the formulas need, alias -> SQL."""
    return {
        "answered": outcome("answered"),
        "abandoned": outcome("abandoned"),
        "redirected": outcome("redirected"),
        "answered_within": outcome("answered", within(terms)),
        "abandoned_within": outcome("abandoned", within(terms)),
        "redirected_within": outcome("redirected", within(terms)),
        "short_abandoned": outcome("abandoned", f"bin <= {2 * terms.short_abandon_ms // 1000}"),
        "short_redirected": outcome("redirected", f"bin <= {2 * terms.short_abandon_ms // 1000}"),
        "without_wait": total("n", "bin IS NULL"),
    }


def within(terms: ServiceTerms) -> str:
    """SQL that holds for summary rows within the threshold, which is a whole second."""
    return f"bin {terms.edge} {2 * terms.within_ms // 1000}"


def figures(counts: Mapping[str, Any], terms: ServiceTerms) -> dict[str, Any]:
    """Public columns from the counts of one group; a level is None where waits are not recorded."""
    known = not counts["without_wait"]
    late = counts["redirected"] - counts["redirected_within"]
    parts = _parts(counts, terms)
    kept, owed = parts[terms.formula]
    return {
        "offered": counts["answered"] + counts["abandoned"] + counts["redirected"],
        "answered": counts["answered"],
        "abandoned": counts["abandoned"],
        "redirected": counts["redirected"],
        "answered_within": counts["answered_within"] if known else None,
        "abandoned_within": counts["abandoned_within"] if known else None,
        "short_abandoned": counts["short_abandoned"] if known else None,
        "redirected_late": late if known else None,
        "within_s": seconds(terms.within_ms),
        "denominator": owed if known else None,
        "service_level": share(kept, owed) if known else None,
        "formulas": {name: share(*pair) if known else None for name, pair in parts.items()},
    }


def share_parts(counts: Mapping[str, Any], terms: ServiceTerms, formula: str) -> tuple[int, int]:
    """(numerator, denominator) of a formula; redirected calls count as the terms say.

    >>> icmi = dict(answered=1000, abandoned=60, redirected=0, answered_within=860, abandoned_within=20,
    ...             redirected_within=0, short_abandoned=10, short_redirected=0)
    >>> for f in WORDS: print(f"{100 * share(*share_parts(icmi, ServiceTerms(), f)):.2f}")
    81.13
    82.69
    81.90
    83.02
    82.08
    86.00
    """
    return _parts(counts, terms)[formula]


def _parts(counts: Mapping[str, Any], terms: ServiceTerms) -> dict[str, tuple[int, int]]:
    """(numerator, denominator) of every formula."""
    a, a_t = counts["answered"], counts["answered_within"]
    b, b_t, b_s = counts["abandoned"], counts["abandoned_within"], counts["short_abandoned"]
    late = counts["redirected"] - counts["redirected_within"] if terms.redirected == "late" else 0
    if terms.redirected == "abandoned":
        b, b_t = b + counts["redirected"], b_t + counts["redirected_within"]
        b_s += counts["short_redirected"]
    everyone = a + b + late
    return {
        "all_offered": (a_t, everyone),
        "exclude_abandons_within": (a_t, everyone - b_t),
        "exclude_short_abandons": (a_t, everyone - b_s),
        "abandons_within_count": (a_t + b_t, everyone),
        "short_abandons_count": (a_t + b_s, everyone),
        "answered_only": (a_t, a),
    }
