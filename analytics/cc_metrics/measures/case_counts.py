"""Cases of a group: opened, closed and due in a period, open at its end, and how long the closed ones took.

The timed cases have opened_ms, done_ms (null: open), case_due_ms and case_last_ms (null: no deadline).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from cc_metrics.measures.shares import mean_seconds, seconds
from cc_metrics.model.intervals import Period

MEANING: Final = "cases opened, closed and due in the period, open at its end, and the time the closed ones took"
_TOOK: Final = "done_ms - opened_ms"
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
    kinds = ("opened", "closed", "due", "in_time", "fell", "mended")
    counts = {kind: f"CAST(count(*) FILTER (WHERE what = '{kind}') AS BIGINT)" for kind in kinds}
    return counts | _took("what = 'closed'")


def running(rows: Sequence[Mapping[str, Any]], keys: Sequence[str]) -> list[dict[str, Any]]:
    """Rows of intervals in order of time, with what was open and overdue at the end of each.

    >>> rows = [{"opened": 3, "closed": 1, "fell": 0, "mended": 0}, {"opened": 0, "closed": 2, "fell": 1, "mended": 1}]
    >>> [(r["open"], r["overdue_open"]) for r in running(rows, ())]
    [(2, 0), (0, 0)]
    """
    stock = dict[tuple[Any, ...], tuple[int, int]]()
    found = []
    for row in rows:
        group = tuple(row[key] for key in keys)
        open_, overdue = stock.get(group, (0, 0))
        stock[group] = (open_ + row["opened"] - row["closed"], overdue + row["fell"] - row["mended"])
        found.append({**row, "open": stock[group][0], "overdue_open": stock[group][1]})
    return found


def figures(row: Mapping[str, Any]) -> dict[str, Any]:
    """The public columns of one group; the oldest and the floor are not known for the intervals of a period."""
    known = row.get("open_ms")
    everyone = row["closed"] + row["open"]
    return {
        **{name: row[name] for name in ("opened", "closed", "open", "due", "in_time", "overdue_open")},
        "oldest_open_s": _seconds(row.get("oldest_ms")),
        "mean_s": mean_seconds(row["total_ms"], row["closed"]),
        "floor_mean_s": None if known is None else mean_seconds(row["total_ms"] + known, everyone),
        **{f"{name}_s": _seconds(row[f"{name}_ms"]) for name in ("p50", "p90", "longest")},
    }


def _seconds(length_ms: int | None) -> float | None:
    return None if length_ms is None else seconds(length_ms)
