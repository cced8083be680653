"""What pictures of calls are drawn from: waits, heat map, the days as a control chart."""

from typing import TypedDict

from cc_metrics.model.report import Row
from cc_metrics.reporting.background import Background
from cc_metrics.reporting.request import Request
from cc_metrics.reporting.tables import Scope


class Pictures(TypedDict, total=False):
    """Fields of a report."""

    waits: tuple[Row, ...]
    heatmap: tuple[Row, ...]
    days: tuple[Row, ...]


def of_calls(_scope: Scope, _request: Request, _background: Background) -> Pictures:
    """The tables behind the pictures, where they are asked for."""
    return {}
