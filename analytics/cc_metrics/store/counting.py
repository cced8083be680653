"""The one pass over the calls: counts, integer sums and wait bins by UTC quarter-hour and dimension.

Bin 2s is a wait of exactly s seconds, bin 2s - 1 one strictly between s - 1 and s, so <= and < are
both exact at every whole second. Everything adds up, longest waits and first and last moments by
maximum and minimum.
"""

from collections.abc import Sequence
from typing import Final

from cc_metrics.model.durations import QUARTER_HOUR
from cc_metrics.model.table import Table

SUMS: Final = (
    "n",
    "wait_ms",
    "talk_n",
    "talk_ms",
    "hold_n",
    "hold_ms",
    "wrap_n",
    "wrap_ms",
    "under_10",
    "transferred_n",
    "transferred",
    "resolved_n",
    "resolved",
)
"""Columns of a summary that add up."""

EXTREMES: Final = {"longest_ms": "max", "first_ms": "min", "last_ms": "max"}

KEYS: Final = ("start_ms", "outcome", "bin")


WAIT_BIN: Final = "(CAST((wait_ms - wait_ms % 1000) / 500 AS BIGINT) + CASE WHEN wait_ms % 1000 > 0 THEN 1 ELSE 0 END)"


def count_sql(source: str, dimensions: Sequence[str], *, status: bool) -> str:
    """SELECT that counts *source* (a FROM clause) into summary rows."""
    lines = [
        *(["status"] if status else []),
        f"offered_ms - offered_ms % {QUARTER_HOUR} AS start_ms",
        *dimensions,
        "outcome",
        f"{WAIT_BIN} AS bin",
        "count(*) AS n",
        _sum("wait_ms", "TRUE", "wait_ms"),
        "count(talk_ms) AS talk_n",
        *(_sum(name, "talk_ms IS NOT NULL", name) for name in ("talk_ms", "hold_ms", "wrap_ms")),
        "count(hold_ms) FILTER (WHERE talk_ms IS NOT NULL) AS hold_n",
        "count(wrap_ms) FILTER (WHERE talk_ms IS NOT NULL) AS wrap_n",
        "count(*) FILTER (WHERE talk_ms < 10000) AS under_10",
        "count(transferred) AS transferred_n",
        "count(*) FILTER (WHERE transferred) AS transferred",
        "count(resolved) AS resolved_n",
        "count(*) FILTER (WHERE resolved) AS resolved",
        "max(wait_ms) AS longest_ms",
        "min(offered_ms) AS first_ms",
        "max(offered_ms) AS last_ms",
    ]
    return f"SELECT {', '.join(lines)} FROM {source} GROUP BY ALL"


def rows_sql(source: str, table: Table, *, status: bool) -> str:
    """SELECT that counts the rows of *source* by quarter-hour of their first moment."""
    first = table.first_ms
    start = f"{first} - {first} % {QUARTER_HOUR} AS start_ms"
    edges = f"count(*) AS n, min({first}) AS first_ms, max({first}) AS last_ms"
    return f"SELECT {'status, ' if status else ''}{start}, {edges} FROM {source} GROUP BY ALL"


def _sum(column: str, condition: str, name: str) -> str:
    kept = column if condition == "TRUE" else f"CASE WHEN {condition} THEN {column} END"
    return f"CAST(coalesce(sum({kept}), 0) AS BIGINT) AS {name}"


def again_sql(source: str, dimensions: Sequence[str]) -> str:
    """SELECT that adds summary rows of equal keys together."""
    sums = [f"CAST(sum({name}) AS BIGINT) AS {name}" for name in SUMS]
    extremes = [f"{function}({name}) AS {name}" for name, function in EXTREMES.items()]
    keys = ["start_ms", *dimensions, "outcome", "bin"]
    return f"SELECT {', '.join([*keys, *sums, *extremes])} FROM {source} GROUP BY {', '.join(keys)}"
