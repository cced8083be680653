"""Complaints that come again: the case is the unit at every level, so cities add up to their province."""

from collections.abc import Sequence
from typing import Final

MEANING: Final = (
    "cases opened in the period whose key (customer and reason, unless named) had another opened within the window "
    "before; each link of a chain counts, and the one before is looked up among all cases, whatever is judged"
)
FORMULA: Final = "cases with one of their key within the window before / cases with a key"


def source(view: str, keys: Sequence[str], window_ms: int) -> str:
    """A query in brackets: the cases of a view whose key is recorded, with `repeated`.

    Cases follow each other by (opened_ms, case_id); exactly *window_ms* after the one before is a repeat.
    """
    before = f"lag(opened_ms) OVER (PARTITION BY {', '.join(keys)} ORDER BY opened_ms, case_id)"
    repeated = f"coalesce(opened_ms - {before} <= {window_ms}, FALSE)"
    return f"(SELECT *, {repeated} AS repeated FROM {view} WHERE {known(keys)})"


def known(keys: Sequence[str]) -> str:
    """SQL that holds for a case whose key is recorded."""
    return "(" + " AND ".join(f"{key} IS NOT NULL" for key in keys) + ")"


def needs(first_ms: int, window_ms: int) -> dict[str, str]:
    """Aggregates of such cases in data that begin at *first_ms*: kept (repeats), settled, unseen.

    Unseen are those that look new although their window began before the data did.
    """
    found = {
        "kept": "repeated",
        "settled": "TRUE",
        "unseen": f"NOT repeated AND opened_ms - {window_ms} < {first_ms}",
    }
    return {name: f"CAST(count(*) FILTER (WHERE {condition}) AS BIGINT)" for name, condition in found.items()}
