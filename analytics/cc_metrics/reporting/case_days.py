"""Counts of cases by the day they began, and the tally they make: what stands behind most promises on cases."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cc_metrics.measures.turnaround import pooled
from cc_metrics.model.intervals import bucket_sql
from cc_metrics.model.promise import Promise
from cc_metrics.reporting import unrecorded
from cc_metrics.reporting.ledger import Ledger
from cc_metrics.reporting.tally import Tally

Rows = Callable[[Sequence[str]], list[dict[str, Any]]]
"""A row of counts (kept, settled and others) for each day, of the cases that meet some SQL conditions."""


def by_opening(ledger: Ledger, source: str, needs: Mapping[str, str]) -> Rows:
    """Aggregates of the cases of a source that were opened in the period, by the local day of opening."""
    figures = ", ".join(f"{sql} AS {name}" for name, sql in needs.items())
    day = bucket_sql("opened_ms", "1d", ledger.opened.offsets)

    def rows(conditions: Sequence[str]) -> list[dict[str, Any]]:
        where = " AND ".join([ledger.inside("opened_ms"), *conditions])
        return ledger.opened.engine.records(
            f"SELECT {day} AS bucket, {figures} FROM {source} cases WHERE {where} GROUP BY 1 ORDER BY 1"
        )

    return rows


def tally(ledger: Ledger, promise: Promise, rows: Rows) -> tuple[Tally, dict[str, int]]:
    """The tally of a promise's cases with its days, and all their counts together."""
    days = rows(ledger.where(promise))
    found = pooled(days)
    kept, settled = found.get("kept", 0), found.get("settled", 0)
    refused, bounds = unrecorded.bounded(ledger, promise, rows, kept, settled)
    groups = [(row["kept"], row["settled"], 1) for row in days]
    return Tally(kept, settled, found.get("pending", 0), refused, bounds, groups, "days"), found
