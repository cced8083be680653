"""The calls of the period by class of wait, from the bins of the summary."""

from collections import Counter
from typing import Final

from cc_metrics.measures.shares import total
from cc_metrics.measures.wait_classes import classes
from cc_metrics.model.calls import OUTCOMES
from cc_metrics.model.durations import SECOND
from cc_metrics.model.promise import Policy
from cc_metrics.model.report import Row
from cc_metrics.reporting.tables import Scope

_JUDGED: Final = ("service_level", "intervals_on_target", "months_below")
"""Measures whose promises have a threshold that waits lie on one side of."""


def table(scope: Scope, policy: Policy) -> tuple[Row, ...]:
    """A row for each outcome (and channel) that has waits, and class.

    No rows where somebody else made the counts: they tell waits by a few thresholds only.
    """
    opened, by = scope.opened, scope.dimensions(())
    if opened.recorded is not None:
        return ()
    rows = opened.roll_up(
        {"calls": total("n", "TRUE")},
        by,
        "all",
        scope.period,
        [*scope.conditions, "bin IS NOT NULL"],
        keys={"outcome": "outcome", "bin": "bin"},
    )
    pooled, groups = Counter[int](), dict[tuple[str | None, str], dict[int, int]]()
    for row in rows:
        pooled[row["bin"]] += row["calls"]
        groups.setdefault((row.get("d0"), row["outcome"]), {})[row["bin"]] = row["calls"]
    cut = classes(pooled, _thresholds(scope, policy), scope.terms.edge)
    channels = dict.fromkeys(channel for channel, _ in groups)
    return tuple(
        {**dict.fromkeys(by, channel), "outcome": outcome, "from_s": start, "to_s": end, "calls": calls}
        for channel in channels
        for outcome in OUTCOMES
        if (channel, outcome) in groups
        for start, end, calls in cut.counted(groups[channel, outcome])
    )


def _thresholds(scope: Scope, policy: Policy) -> list[int]:
    """Those of the report's terms and of promises, in seconds."""
    promised = [promise.service.within_ms for promise in policy.promises if promise.measure in _JUDGED]
    return sorted({length_ms // SECOND for length_ms in (scope.terms.within_ms, *promised)})
