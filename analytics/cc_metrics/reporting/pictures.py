"""What pictures of calls are drawn from: waits, heat map, the days as a control chart."""

from typing import TypedDict

from cc_metrics.model.promise import Policy
from cc_metrics.model.report import Row
from cc_metrics.reporting.background import Background
from cc_metrics.reporting.docket import Docket
from cc_metrics.reporting.request import Request


class Pictures(TypedDict, total=False):
    """Fields of a report."""

    waits: tuple[Row, ...]
    heatmap: tuple[Row, ...]
    days: tuple[Row, ...]


def of_calls(docket: Docket, policy: Policy, request: Request, background: Background) -> Pictures:
    """The tables behind the pictures, where they are asked for."""
    if not request.pictures:
        return {}
    from cc_metrics.reporting import days, heatmap, waits
    from cc_metrics.reporting.known_days import known

    found = known(docket.scope, request.where, background)
    return {
        "waits": waits.table(docket.scope, policy),
        "heatmap": heatmap.table(docket.scope, found),
        "days": days.table(docket.scope, found, docket.as_of_ms),
    }
