"""Why a promise was missed and since when: contributions, causes, comparisons, the month, what was planned."""

from typing import TypedDict

from cc_metrics.model.promise import Policy
from cc_metrics.model.report import Row
from cc_metrics.reporting.background import Background
from cc_metrics.reporting.docket import Docket


class Why(TypedDict, total=False):
    """Fields of a report."""

    contributions: tuple[Row, ...]
    causes: tuple[Row, ...]
    comparisons: tuple[Row, ...]
    months: tuple[Row, ...]
    staffing: tuple[Row, ...]


def of_calls(_docket: Docket, _policy: Policy, _background: Background) -> Why:
    """The tables behind the words, those that there are any of."""
    return {}
