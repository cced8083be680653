"""Waits: ASA, percentiles read from the histogram, longest waits (METRICS 2)."""

from collections.abc import Mapping
from typing import Any, Final

from cc_metrics.measures.shares import mean_seconds, outcome, seconds, total
from cc_metrics.model.promise import ServiceTerms

PERCENTILES: Final = (50, 90, 95)
MEANING: Final = (
    "ASA: mean wait of answered calls, zeros included. P90: the smallest whole second s such that at least "
    "90 % of the answered calls waited at most s."
)
FORMULA: Final = "sum of waits / A; smallest s with #(wait <= s) >= p A"


def needs(_: ServiceTerms) -> dict[str, str]:
    """The aggregates over summary rows, alias -> SQL."""
    reached = {
        f"p{p}_bin": f"min(bin) FILTER (WHERE outcome = 'answered' AND 100 * waited >= {p} * answered_all)"
        for p in PERCENTILES
    }
    return {
        "answered": outcome("answered"),
        **{f"{word}_without_wait": outcome(word, "bin IS NULL") for word in ("answered", "abandoned")},
        "answered_wait_ms": total("wait_ms", "outcome = 'answered'"),
        "longest_answered_ms": "max(longest_ms) FILTER (WHERE outcome = 'answered')",
        "longest_abandoned_ms": "max(longest_ms) FILTER (WHERE outcome = 'abandoned')",
        **reached,
    }


def figures(counts: Mapping[str, Any], _: ServiceTerms) -> dict[str, Any]:
    """Public columns from the counts of one group; None where waits are not recorded."""
    known = not counts["answered_without_wait"]
    longest = counts["longest_answered_ms"] if known else None
    abandoned = None if counts["abandoned_without_wait"] else counts["longest_abandoned_ms"]
    total_ms = counts["answered_wait_ms"] if known else None
    return {
        "mean_wait_s": None if total_ms is None else mean_seconds(total_ms, counts["answered"]),
        **{f"p{p}_wait_s": _whole_second(counts[f"p{p}_bin"]) if known else None for p in PERCENTILES},
        "longest_wait_s": None if longest is None else seconds(longest),
        "longest_abandoned_s": None if abandoned is None else seconds(abandoned),
    }


def _whole_second(wait_bin: int | None) -> int | None:
    """The whole second that closes a bin: 2s and 2s - 1 both end at s."""
    return None if wait_bin is None else (wait_bin + 1) // 2
