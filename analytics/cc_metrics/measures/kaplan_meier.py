"""Kaplan-Meier: the share of calls without a repeat at the window, unfinished windows taken in (METRICS 3)."""

from collections.abc import Sequence

from cc_metrics.model.durations import SECOND


def kaplan_meier_sql(times: str, names: Sequence[str], window_ms: int) -> str:
    """SELECT of the estimate at the window by group; NULL where nobody was watched that long.

    *times* is SQL of rows with the group's *names*, watched seconds t, repeats *seen* and rows *leaving*.
    """
    window_s = -(-window_ms // SECOND)
    by = ", ".join(names)
    added = (
        f"SELECT {by}, t, CAST(sum(seen) AS BIGINT) AS repeats, CAST(sum(leaving) AS BIGINT) AS leaving "
        f"FROM ({times}) times GROUP BY ALL"
    )
    at_risk = f"CAST(sum(leaving) OVER (PARTITION BY {by} ORDER BY t DESC) AS BIGINT)"
    within = f"repeats > 0 AND t <= {window_s}"
    return (
        f"WITH added AS ({added}), risk AS (SELECT *, {at_risk} AS at_risk FROM added) "
        f"SELECT {by}, CASE WHEN max(t) < {window_s} THEN NULL "
        f"WHEN count(*) FILTER (WHERE {within} AND repeats = at_risk) > 0 THEN 0.0 "
        f"ELSE round(exp(coalesce(sum(CASE WHEN {within} AND repeats < at_risk "
        "THEN ln(1.0 - CAST(repeats AS DOUBLE) / at_risk) END), 0.0)), 9) END AS kaplan_meier "
        f"FROM risk GROUP BY {by}"
    )
