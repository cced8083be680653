"""The canonical table of calls: one row for each contact offered to people.

Durations are whole milliseconds, moments are milliseconds since 1970 in UTC. A dimension that is
None was not recorded; it is never merged into a value.
"""

from typing import Final

OUTCOMES: Final = ("answered", "abandoned", "redirected")

DURATIONS: Final = ("wait_ms", "talk_ms", "hold_ms", "wrap_ms")
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
FLAGS: Final = ("transferred", "resolved")
NUMBERS: Final = ("satisfaction",)

COLUMNS: Final = ("call_id", "offered_at", "outcome", *DURATIONS, *DIMENSIONS, *FLAGS, *NUMBERS)
REQUIRED: Final = ("call_id", "offered_at", "outcome")

SUMMARY_DIMENSIONS: Final = ("direction", "channel", "queue", "tier")
"""Kept in every summary; others only when asked for, personal ones only by name."""

PERSONAL: Final = ("agent_id", "customer_id")

DEFAULT_CHANNEL: Final = "voice"
