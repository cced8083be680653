"""Of the cases opened in a period, those of which something more is true (METRICS 4, rate at least or at most)."""

from collections.abc import Sequence
from typing import Final

MEANING: Final = (
    "cases opened in the period that also meet what is counted, of all opened in it; a dimension that is not recorded "
    "meets nothing, a case whose unrecorded flags leave it open is left out"
)
FORMULA: Final = "cases that meet what is counted / cases of which it is known whether they do"


def needs(named: Sequence[str], open_: Sequence[str]) -> dict[str, str]:
    """Aggregates of cases: kept, settled (known either way), unsaid (left open).

    *named* are SQL conditions that count as false where they are unknown, *open_* those that do not: one false
    condition settles a case, whatever else is not recorded of it.
    """
    met = " AND ".join([*(f"coalesce({sql}, FALSE)" for sql in named), *(f"({sql})" for sql in open_)])
    found = {"kept": f"({met})", "settled": f"({met}) IS NOT NULL", "unsaid": f"({met}) IS NULL"}
    return {name: f"CAST(count(*) FILTER (WHERE {condition}) AS BIGINT)" for name, condition in found.items()}
