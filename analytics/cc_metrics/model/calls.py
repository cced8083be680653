"""The canonical table of calls: one row for each contact offered to people.

Durations are whole milliseconds, moments are milliseconds since 1970 in UTC. A dimension that is
None was not recorded; it is never merged into a value.
"""

from typing import Final

from cc_metrics.language import Said, said
from cc_metrics.model.table import Table

OUTCOMES: Final = ("answered", "abandoned", "redirected")

_OUTCOME_WORDS: Final = {
    "answered": said("answered"),
    "abandoned": said("abandoned"),
    "redirected": said("redirected"),
}

DIMENSIONS: Final = (
    "direction",
    "channel",
    "queue",
    "tier",
    "reason",
    "region",
    "home_region",
    "network",
    "agent_id",
    "customer_id",
)
CALLS: Final = Table(
    name="calls",
    key=("call_id",),
    first="offered_at",
    required=("call_id", "offered_at", "outcome"),
    filled=("call_id",),
    ids=("call_id",),
    words={"outcome": OUTCOMES},
    durations=("wait_ms", "talk_ms", "hold_ms", "wrap_ms"),
    dimensions=DIMENSIONS,
    flags=("transferred", "resolved"),
    numbers=("satisfaction",),
    lenient=("satisfaction",),
    ignored={"direction": ("outbound", "internal")},
)

END_SQL: Final = "offered_ms + coalesce(wait_ms, 0) + coalesce(talk_ms, 0) + coalesce(hold_ms, 0)"
"""The end of a call in ms (METRICS 1 and 3): wrap-up is the agent's time, what is not recorded counts 0."""

SUMMARY_DIMENSIONS: Final = ("direction", "channel", "queue", "tier")
"""Kept in every summary; others only when asked for, personal ones only by name."""

PERSONAL: Final = ("agent_id", "customer_id")

DEFAULT_CHANNEL: Final = "voice"


def outcome_word(outcome: str) -> Said:
    """What became of a call, for people."""
    return _OUTCOME_WORDS[outcome]
