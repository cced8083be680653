"""What counts that somebody else made leave untold: it becomes None here, so that nothing is computed from it."""

from collections.abc import Mapping
from typing import Any, Final

from cc_metrics.language import said
from cc_metrics.measures.waits import PERCENTILES
from cc_metrics.model.durations import short
from cc_metrics.model.promise import Edge, ServiceTerms
from cc_metrics.model.recorded import Recorded, closing_bin, spoken_edges

NO_WAITS: Final = said("the source records no waits")
UNANSWERED: Final = said("the input does not tell how many calls nobody answered")
_NEVER: Final = (
    *(f"p{p}_bin" for p in PERCENTILES),
    "longest_answered_ms",
    "longest_abandoned_ms",
    "answered_under_10",
    "answered_transferred_n",
)
"""What no counts tell: calls merged with them know it of themselves alone."""


def told(counts: Mapping[str, Any], terms: ServiceTerms, recorded: Recorded | None) -> dict[str, Any]:
    """The counts of one group by their aliases, None for what the input does not tell; of no calls all is told."""
    if recorded is None:
        return dict(counts)
    answered, abandoned, redirected = (bool(counts.get(w)) for w in ("answered", "abandoned", "redirected"))
    lost = recorded.lost
    within = closing_bin(terms.within_ms, terms.edge)
    floor = closing_bin(terms.short_abandon_ms, "<=")
    untold = {
        "answered_within": answered and within not in recorded.answered,
        "abandoned": not lost,
        "redirected": not lost,
        "abandoned_within": not lost or (abandoned and within not in recorded.abandoned),
        "short_abandoned": not lost or (abandoned and floor not in recorded.abandoned),
        "redirected_within": not lost or redirected,
        "short_redirected": not lost or redirected,
        "answered_wait_ms": answered and not recorded.waits,
        "answered_talk_ms": not recorded.handle,
        **dict.fromkeys(_NEVER, True),
    }
    found: dict[str, Any] = {name: None if untold.get(name) else value for name, value in counts.items()}
    return {**found, "talk_apart": recorded.talk}


def unwaited(counts: Mapping[str, Any]) -> dict[str, Any]:
    """The counts of one group of a source without any wait: of no call it is known, whatever became of it.

    >>> unwaited({"abandoned": 1, "answered_without_wait": 0})
    {'abandoned': 1, 'answered_without_wait': 1}
    """
    return {name: 1 if name.endswith("_without_wait") else value for name, value in counts.items()}


def why(terms: ServiceTerms, recorded: Recorded | None) -> str:
    """Why a service level by *terms* cannot be had, in words."""
    if recorded is None:
        return NO_WAITS
    return untold(terms, recorded) or said("the input does not tell how long calls waited that were redirected")


def untold(terms: ServiceTerms, recorded: Recorded) -> str:
    """What the input never counts and a service level by *terms* needs, in words; "" where it counts all of it."""
    if closing_bin(terms.within_ms, terms.edge) not in recorded.answered:
        return threshold(terms, recorded)
    if not recorded.lost and terms.formula != "answered_only":
        return UNANSWERED
    floors: dict[str, tuple[int, Edge]] = {
        "abandons_within": (terms.within_ms, terms.edge),
        "short_abandons": (terms.short_abandon_ms, "<="),
    }
    for word, (length_ms, edge) in floors.items():
        if word in terms.formula and closing_bin(length_ms, edge) not in recorded.abandoned:
            return said("the input does not tell which callers abandoned within {length}", length=short(length_ms))
    return ""


def threshold(terms: ServiceTerms, recorded: Recorded) -> str:
    """That the input counts other thresholds than that of *terms*."""
    length = short(terms.within_ms)
    asked = said("less than {length}", length=length) if terms.edge == "<" else length
    if not recorded.answered:
        return said("the input does not count answers by how long they took, so not within {asked}", asked=asked)
    counted = spoken_edges(recorded.answered)
    return said("the input counts answers within {counted}, not within {asked}", counted=counted, asked=asked)
