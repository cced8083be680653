"""Handle time of answered calls with its parts, transfers, services under 10 s (METRICS 2)."""

from collections.abc import Mapping
from typing import Any, Final

from cc_metrics.measures.shares import mean_seconds, total
from cc_metrics.model.promise import ServiceTerms

MEANING: Final = (
    "AHT: talk + hold + wrap-up over answered calls with talk recorded; an unrecorded hold or wrap-up counts 0."
)
FORMULA: Final = "(talk + hold + wrap-up) / answered calls with talk recorded"
_COLUMNS: Final = (
    "talk_n",
    "talk_ms",
    "hold_ms",
    "wrap_ms",
    "hold_n",
    "wrap_n",
    "under_10",
    "transferred",
    "transferred_n",
)


def needs(_: ServiceTerms) -> dict[str, str]:
    """The aggregates over summary rows, alias -> SQL."""
    return {f"answered_{name}": total(name, "outcome = 'answered'") for name in _COLUMNS}


def total_ms(counts: Mapping[str, Any]) -> int:
    """Talk, hold and wrap-up of a group together, in ms."""
    return int(sum(counts[f"answered_{part}_ms"] for part in ("talk", "hold", "wrap")))


def figures(counts: Mapping[str, Any], _: ServiceTerms) -> dict[str, Any]:
    """Public columns from the counts of one group; a part that was never recorded is None."""
    talks = counts["answered_talk_n"] if counts["answered_talk_ms"] is not None else 0
    talk, hold, wrap = (counts[f"answered_{part}_ms"] for part in ("talk", "hold", "wrap"))
    apart = counts.get("talk_apart", True)
    return {
        "mean_handle_s": mean_seconds(total_ms(counts), talks) if talks else None,
        "mean_talk_s": mean_seconds(talk, talks) if apart else None,
        "mean_hold_s": mean_seconds(hold, talks) if apart and counts["answered_hold_n"] else None,
        "mean_wrap_s": mean_seconds(wrap, talks) if apart and counts["answered_wrap_n"] else None,
        "transferred": counts["answered_transferred"] if counts["answered_transferred_n"] else None,
        "under_10_s": counts["answered_under_10"] if talks else None,
    }
