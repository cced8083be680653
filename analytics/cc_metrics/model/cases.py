"""The canonical tables beside calls: cases with a due date, attempts to reach a customer, answers, bases of rates.

Durations are whole milliseconds, moments are milliseconds since 1970 in UTC.
"""

from dataclasses import replace
from typing import Final

from cc_metrics.model.durations import DAY
from cc_metrics.model.table import Table

_LATER: Final = ("dispatched_at", "responded_at", "verified_at", "arrived_at", "resolved_at")

_YEAR: Final = 366  # days: complaints are few, and months without one are no slip of a date

CASES: Final = Table(
    name="cases",
    key=("case_id",),
    first="opened_at",
    required=("case_id", "opened_at"),
    filled=("case_id",),
    ids=("case_id",),
    later=_LATER,
    moments=("dispatched_at", "responded_at", "verified_at", "appointed_at", "arrived_at", "resolved_at"),
    durations=("paused_ms",),
    dimensions=(
        "kind",
        "tier",
        "segment",
        "area",
        "channel",
        "region",
        "home_region",
        "network",
        "reason",
        "customer_id",
        "first_owner",
        "owner",
    ),
    flags=(
        "responsible",
        "escalated",
        "justified",
        "feasible",
        "asked_first",
        "satisfied_first",
        "asked_final",
        "satisfied_final",
    ),
    counts=("reopened",),
    longest_ms=3653 * DAY,
    far_days=_YEAR,
)
"""One row for each complaint, fault, installation, move or other request with a due date."""

EVENTS: Final = replace(
    CASES,
    name="events",
    key=("case_id", "event_at", "state", *CASES.dimensions, *CASES.flags),
    first="event_at",
    required=("case_id", "event_at", "state"),
    filled=("case_id", "state"),
    later=(),
    moments=(),
    durations=(),
    dimensions=("state", *CASES.dimensions),
    counts=(),
)
"""One row for each change of a case's status; they are folded into cases. Equal rows are duplicates."""

ATTEMPTS: Final = Table(
    name="attempts",
    key=("case_id", "attempted_at"),
    first="attempted_at",
    required=("case_id", "attempted_at", "reached"),
    filled=("case_id",),
    ids=("case_id",),
    flags=("reached",),
    far_days=_YEAR,
)
"""One row for each attempt to reach the customer of a case."""

SATISFACTION: Final = Table(
    name="satisfaction",
    key=(),
    first="asked_at",
    required=("asked_at",),
    either=("score", "satisfied"),
    dimensions=("channel", "segment"),
    flags=("satisfied",),
    numbers=("score",),
    far_days=_YEAR,
)
"""One row for each customer who was asked; without a score or a flag the question was not answered."""

BASES: Final = Table(
    name="bases",
    key=("month", "what"),
    first="month",
    required=("month", "what", "count"),
    filled=("what", "count"),
    dimensions=("what",),
    counts=("count",),
    far_days=_YEAR,
)
"""One row for each month and thing that rates are taken of: subscribers, calls."""

TABLES: Final = {table.name: table for table in (CASES, ATTEMPTS, SATISFACTION, BASES)}
