"""The second step: summary rows rolled up to one row per group asked for, by merged declarations of measures.

Measures declare SQL aggregates over summary rows. Beside a summary's columns they may use `waited`
(answered calls of the group that waited no longer than the row's bin) and `answered_all`.
"""

from collections.abc import Mapping, Sequence

from cc_metrics.model.intervals import bucket_sql
from cc_metrics.model.zones import Offsets
from cc_metrics.store.counting import EXTREMES, SUMS


def rollup_sql(
    table: str,
    dimensions: Mapping[str, str],
    every: str,
    offsets: Offsets,
    aggregates: Mapping[str, str],
    conditions: Sequence[str] = (),
) -> str:
    """SELECT with one row per interval and combination of *dimensions* (output alias -> column).

    *aggregates* maps an output alias to SQL over summary rows; aliases are ours, never a user's.
    """
    keys = [f"{bucket_sql('start_ms', every, offsets)} AS bucket"]
    keys += [f"{column} AS {alias}" for alias, column in dimensions.items()]
    names = ["bucket", *dimensions]
    by = ", ".join(names)
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    figures = ", ".join(f"{sql} AS {alias}" for alias, sql in aggregates.items())
    order = ", ".join(f"{name} NULLS LAST" for name in names)
    if any(word in sql for sql in aggregates.values() for word in ("waited", "answered_all")):
        source = _ranked_sql(table, keys, names, where)
        return f"SELECT {by}, {figures} FROM ({source}) ranked GROUP BY {by} ORDER BY {order}"
    places = ", ".join(str(i) for i, _ in enumerate(names, 1))
    return f"SELECT {', '.join(keys)}, {figures} FROM {table}{where} GROUP BY {places} ORDER BY {order}"


def lists_sql(
    table: str, lists: Mapping[str, str], aggregates: Mapping[str, str], conditions: Sequence[str] = ()
) -> str:
    """SELECT with one row per group of each list by itself (output alias -> SQL), in one pass over the table.

    *list* is the place of the row's list, its alias holds the group. No aggregate may be one that needs ranks.
    """
    keys = ", ".join(f"{sql} AS {alias}" for alias, sql in lists.items())
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    figures = ", ".join(f"{sql} AS {alias}" for alias, sql in aggregates.items())
    sets, names = ", ".join(f"({alias})" for alias in lists), ", ".join(lists)
    places = " ".join(f"WHEN GROUPING({alias}) = 0 THEN {place}" for place, alias in enumerate(lists))
    return (
        f"SELECT CASE {places} END AS list, {names}, {figures} FROM (SELECT *, {keys} FROM {table}{where}) keyed "
        f"GROUP BY GROUPING SETS ({sets}) ORDER BY list, {', '.join(f'{alias} NULLS LAST' for alias in lists)}"
    )


def _ranked_sql(table: str, keys: Sequence[str], names: Sequence[str], where: str) -> str:
    """One row per group, outcome and wait bin, with what the percentiles need beside it."""
    sums = [f"CAST(sum({name}) AS BIGINT) AS {name}" for name in SUMS]
    extremes = [f"{function}({name}) AS {name}" for name, function in EXTREMES.items()]
    group = ", ".join(str(i) for i in range(1, len(names) + 3))
    binned = f"SELECT {', '.join([*keys, 'outcome', 'bin', *sums, *extremes])} FROM {table}{where} GROUP BY {group}"
    answered, by = "sum(CASE WHEN outcome = 'answered' THEN n ELSE 0 END)", ", ".join(names)
    return (
        f"SELECT *, {answered} OVER (PARTITION BY {by} ORDER BY bin NULLS LAST "
        f"RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS waited, "
        f"{answered} OVER (PARTITION BY {by}) AS answered_all FROM ({binned}) binned"
    )
