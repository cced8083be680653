"""What counts that somebody else made leave untold: it becomes None here, so that nothing is computed from it."""

from collections.abc import Mapping
from typing import Any, Final

from cc_metrics.measures.waits import PERCENTILES
from cc_metrics.model.durations import short
from cc_metrics.model.promise import ServiceTerms
from cc_metrics.model.recorded import Recorded, closing_bin, spoken_edges

NO_WAITS: Final = "the source records no waits"
_NEVER: Final = (*(f"p{p}_bin" for p in PERCENTILES), "answered_under_10")


def told(counts: Mapping[str, Any], terms: ServiceTerms, recorded: Recorded | None) -> dict[str, Any]:
    """The counts of one group by their aliases, None for what the input does not tell; of no calls all is told."""
    if recorded is None:
        return dict(counts)
    answered, abandoned, redirected = (bool(counts.get(w)) for w in ("answered", "abandoned", "redirected"))
    within = closing_bin(terms.within_ms, terms.edge)
    floor = closing_bin(terms.short_abandon_ms, "<=")
    untold = {
        "answered_within": answered and within not in recorded.answered,
        "abandoned_within": abandoned and within not in recorded.abandoned,
        "short_abandoned": abandoned and floor not in recorded.abandoned,
        "redirected_within": redirected,
        "short_redirected": redirected,
        "answered_wait_ms": answered and not recorded.waits,
        "answered_talk_ms": not recorded.handle,
        **dict.fromkeys(_NEVER, True),
    }
    found: dict[str, Any] = {name: None if untold.get(name) else value for name, value in counts.items()}
    return {**found, "talk_apart": recorded.talk}


def why(terms: ServiceTerms, recorded: Recorded | None) -> str:
    """Why a service level by *terms* cannot be had, in words."""
    if recorded is None:
        return NO_WAITS
    within = closing_bin(terms.within_ms, terms.edge)
    if within not in recorded.answered:
        return threshold(terms, recorded)
    if "abandons_within" in terms.formula and within not in recorded.abandoned:
        return f"the input does not tell which callers abandoned within {short(terms.within_ms)}"
    if "short_abandon" in terms.formula and closing_bin(terms.short_abandon_ms, "<=") not in recorded.abandoned:
        return f"the input does not tell which callers abandoned within {short(terms.short_abandon_ms)}"
    return "the input does not tell how long calls waited that were redirected"


def threshold(terms: ServiceTerms, recorded: Recorded) -> str:
    """That the input counts other thresholds than that of *terms*."""
    asked = f"{'less than ' if terms.edge == '<' else ''}{short(terms.within_ms)}"
    return f"the input counts answers within {spoken_edges(recorded.answered)}, not within {asked}"
