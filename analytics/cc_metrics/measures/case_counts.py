"""Cases of a group: opened, closed and due in a period, open at its end, and how long the closed ones took.

The timed cases have opened_ms, done_ms (null: open), case_due_ms and case_last_ms (null: no deadline).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from cc_metrics.measures.shares import mean_seconds, seconds
from cc_metrics.model.intervals import Period

_TOOK: Final = "done_ms - opened_ms"
_KINDS: Final = ("opened", "closed", "due", "in_time", "fell", "mended")
_QUANTILES: Final = {"p50": 0.5, "p90": 0.9}


def needs(period: Period, as_of_ms: int) -> dict[str, str]:
    """Aggregates of the timed cases of a group over one period; what lies after *as_of_ms* is not known."""
    end, now = _end(period, as_of_ms), min(period.to_ms, as_of_ms)
    closed, due = period.sql("done_ms"), f"{period.sql('case_last_ms')} AND case_due_ms <= {as_of_ms}"
    open_ = f"opened_ms < {end} AND (done_ms IS NULL OR done_ms >= {end})"
    counted = {
        "opened": period.sql("opened_ms"),
        "closed": closed,
        "open": open_,
        "due": due,
        "in_time": f"{due} AND done_ms <= case_last_ms",
        "overdue_open": f"{open_} AND case_last_ms < {end} AND case_due_ms <= {as_of_ms}",
    }
    return {
        **{name: f"CAST(count(*) FILTER (WHERE {condition}) AS BIGINT)" for name, condition in counted.items()},
        **_took(closed),
        "open_ms": f"CAST(coalesce(sum({now} - opened_ms) FILTER (WHERE {open_}), 0) AS BIGINT)",
        "oldest_ms": f"max({now} - opened_ms) FILTER (WHERE {open_})",
    }


def _end(period: Period, as_of_ms: int) -> int:
    """The first moment that is not told: the end of the period, or the one after as_of, which is known itself."""
    return min(period.to_ms, as_of_ms + 1)


def _took(closed: str) -> dict[str, str]:
    percentiles = {f"{n}_ms": f"quantile_disc({_TOOK}, {p}) FILTER (WHERE {closed})" for n, p in _QUANTILES.items()}
    return {
        "total_ms": f"CAST(coalesce(sum({_TOOK}) FILTER (WHERE {closed}), 0) AS BIGINT)",
        "longest_ms": f"max({_TOOK}) FILTER (WHERE {closed})",
        **percentiles,
    }


def events_sql(source: str, keys: Sequence[str], period: Period, as_of_ms: int) -> str:
    """A query in brackets: a row for each case opened, closed, due, or falling overdue before the period's end."""
    end = _end(period, as_of_ms)
    kinds = {
        "opened": ("opened_ms", "TRUE"),
        "closed": ("done_ms", "TRUE"),
        "due": ("case_last_ms", f"case_due_ms <= {as_of_ms}"),
        "in_time": ("case_last_ms", f"case_due_ms <= {as_of_ms} AND done_ms <= case_last_ms"),
        "fell": ("case_last_ms", f"case_due_ms <= {as_of_ms} AND (done_ms IS NULL OR done_ms > case_last_ms)"),
        "mended": ("done_ms", "done_ms > case_last_ms"),
    }
    columns = ", ".join([*keys, "opened_ms", "done_ms"])
    parts = [
        f"SELECT '{kind}' AS what, {moment} AS moment, {columns} FROM {source} s WHERE {moment} < {end} AND {condition}"
        for kind, (moment, condition) in kinds.items()
    ]
    return f"({' UNION ALL '.join(parts)})"


def event_needs() -> dict[str, str]:
    """Aggregates of the events of an interval."""
    counts = {kind: f"CAST(count(*) FILTER (WHERE what = '{kind}') AS BIGINT)" for kind in _KINDS}
    return counts | _took("what = 'closed'")


def running(rows: Sequence[Mapping[str, Any]], keys: Sequence[str], buckets: Sequence[int]) -> list[dict[str, Any]]:
    """A row for each interval and group in which something happened or is open at its end, in order of time.

    *rows* are the events by bucket, those of None before all others; *buckets* the intervals to be told.

    >>> rows = [{"bucket": None, "opened": 3, "closed": 1, "fell": 0, "mended": 0}]
    >>> rows.append({"bucket": 2, "opened": 0, "closed": 2, "fell": 1, "mended": 1})
    >>> [(r["bucket"], r["open"], r["closed"]) for r in running(rows, (), [1, 2, 3])]
    [(1, 2, 0), (2, 0, 2)]
    """
    events = {(row["bucket"], *(row[key] for key in keys)): row for row in rows}
    groups = sorted({key[1:] for key in events}, key=_ordered)
    stock = dict.fromkeys(groups, (0, 0))
    found = []
    for bucket in (None, *buckets):
        for group in groups:
            row = events.get((bucket, *group))
            open_, overdue = stock[group]
            if row is not None:
                open_, overdue = open_ + row["opened"] - row["closed"], overdue + row["fell"] - row["mended"]
                stock[group] = (open_, overdue)
            if bucket is not None and (row is not None or open_):
                quiet = {**_QUIET, "bucket": bucket, **dict(zip(keys, group, strict=True))}
                found.append({**(row or quiet), "open": open_, "overdue_open": overdue})
    return found


def _ordered(group: tuple[Any, ...]) -> list[tuple[bool, Any]]:
    return [(value is None, value if value is not None else "") for value in group]


_QUIET: Final[Mapping[str, int | None]] = {
    **dict.fromkeys((*_KINDS, "total_ms"), 0),
    **dict.fromkeys(("longest_ms", "p50_ms", "p90_ms")),
}
"""The figures of an interval in which nothing happened."""


def figures(row: Mapping[str, Any], *, ends: bool = True) -> dict[str, Any]:
    """The public columns of one group; the oldest and the floor are not known for the intervals of a period.

    Where the source does not record when cases *end*, nothing is known of those closed and open.
    """
    known = row.get("open_ms")
    everyone = row["closed"] + row["open"]
    found = {
        **{name: row[name] for name in ("opened", "closed", "open", "due", "in_time", "overdue_open")},
        "oldest_open_s": _seconds(row.get("oldest_ms")),
        "mean_s": mean_seconds(row["total_ms"], row["closed"]),
        "floor_mean_s": None if known is None else mean_seconds(row["total_ms"] + known, everyone),
        **{f"{name}_s": _seconds(row[f"{name}_ms"]) for name in ("p50", "p90", "longest")},
    }
    return found if ends else {name: value if name in ("opened", "due") else None for name, value in found.items()}


def _seconds(length_ms: int | None) -> float | None:
    return None if length_ms is None else seconds(length_ms)
