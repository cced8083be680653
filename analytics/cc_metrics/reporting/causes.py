"""What the late calls of missed promises go with, half-hour by half-hour (measures.causes says how)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from cc_metrics.measures.causes import HalfHour, causes
from cc_metrics.model.report import Row
from cc_metrics.reporting.contributions import INTERVAL, Group, Places


def rows(missed: Sequence[Places], everyone: Places, planned: Sequence[Row]) -> list[Row]:
    """The public columns, for each missed promise.

    The load of a half-hour is that of *everyone*, whatever calls the promise speaks of: the same agents answer them.
    """
    plan = {row["start_ms"]: row for row in planned}
    load = {group.key: group for group in everyone.lists.get(INTERVAL, ())}
    found = list[Row]()
    for places in missed:
        half_hours = [_half_hour(group, load.get(group.key), plan) for group in places.lists.get(INTERVAL, ())]
        name = places.subject.promise.name if places.subject.promise else None
        found += [{"promise": name, **asdict(cause)} for cause in causes(half_hours)]
    return found


def _half_hour(group: Group, load: Group | None, plan: Mapping[object, Row]) -> HalfHour:
    above = float(group.above or 0)
    if load is None or load.offered is None:
        return HalfHour(above)
    planned = plan.get(group.key)
    if planned is None:
        offered, handle_s = load.usual
        known = offered is not None or handle_s is not None
        return HalfHour(above, "usual" if known else None, load.offered, offered, load.handle_s, handle_s)
    return HalfHour(
        above,
        "forecast",
        load.offered,
        planned["forecast_offered"],
        load.handle_s,
        planned["forecast_handle_s"],
        planned["rostered"],
        planned["present"],
    )
