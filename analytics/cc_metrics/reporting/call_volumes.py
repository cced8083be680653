"""Tallies of how many contacts came: more or fewer since a day than before it."""

from dataclasses import replace
from datetime import date
from typing import cast

from cc_metrics.language import said
from cc_metrics.measures import volumes
from cc_metrics.measures.shares import total
from cc_metrics.measures.told import UNANSWERED
from cc_metrics.model.intervals import Period
from cc_metrics.model.promise import Promise
from cc_metrics.model.selection import RECORDED
from cc_metrics.model.zones import day_start
from cc_metrics.reporting.docket import Docket, conditions, unrecorded, unsaid
from cc_metrics.reporting.tables import Scope
from cc_metrics.reporting.tally import Tally
from cc_metrics.reporting.volumes import changed, lacking


def call_volume(docket: Docket, promise: Promise) -> Tally:
    """Contacts offered since a day against as long a stretch before it."""
    scope, since = docket.scope, cast("date", promise.since)
    before, now = volumes.stretches(scope.period.until(docket.as_of_ms), since, scope.opened.offsets)
    days = scope.opened.days()
    first = day_start(days[0].day, scope.opened.offsets) if days else before.to_ms
    needs = lacking(since, before, now, first)
    if needs:
        return Tally(0, 0, needs=needs)
    if scope.opened.recorded is not None and not scope.opened.recorded.lost:
        return Tally(0, 0, refused=UNANSWERED)
    chosen = conditions(scope, promise)

    def number(part: Period) -> int:
        rows = scope.opened.roll_up({"offered": total("n", "TRUE")}, (), "all", part, chosen)
        return int(rows[0]["offered"]) if rows else 0

    refused = _unknown(replace(scope, period=Period(before.from_ms, now.to_ms)), promise)
    return replace(changed(promise, number(before), number(now)), refused=refused)


def _unknown(scope: Scope, promise: Promise) -> str:
    """Why the number can't be judged: more than a fifth of the contacts might belong to it or not."""
    asked = promise.selection.dimensions()
    for dimension in (d for d in asked if d != "channel" and RECORDED not in promise.where.get(d, ())):
        found = unrecorded(scope, dimension, promise)
        if found.share is not None and found.too_many:
            return unsaid(dimension, found.share, said("calls"))
    return ""
