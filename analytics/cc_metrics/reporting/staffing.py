"""What was planned by half-hour beside what came."""

from collections.abc import Sequence

from cc_metrics.measures.shares import share
from cc_metrics.model.durations import MINUTE
from cc_metrics.model.report import Row
from cc_metrics.model.zones import iso
from cc_metrics.reporting.contributions import INTERVAL, Places
from cc_metrics.reporting.past import Past

_PLANNED = ("forecast_offered", "forecast_handle_s", "rostered", "present")


def rows(past: Past, everyone: Places, planned: Sequence[Row]) -> list[Row]:
    """The public columns: the half-hours of the period that have calls or a plan; none without a plan for any."""
    period, scope = past.period, past.sources[0].scope
    plan = {row["start_ms"]: row for row in planned if period.from_ms <= row["start_ms"] < period.to_ms}
    if not plan:
        return []
    actual = {group.key: group for group in everyone.lists.get(INTERVAL, ()) if isinstance(group.key, int)}
    found = list[Row]()
    for start in sorted({*plan, *actual}):
        group, row = actual.get(start), plan.get(start, {})
        found.append(
            {
                "start": iso(start, past.offsets, written=scope.opened.written, step=30 * MINUTE),
                "offered": group.offered if group else 0,
                "mean_handle_s": group.handle_s if group else None,
                "service_level": share(group.owed - group.late, group.owed) if group else None,
                **{name: row.get(name) for name in _PLANNED},
            }
        )
    return found
