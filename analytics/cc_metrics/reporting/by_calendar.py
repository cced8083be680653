"""Tallies of promises on calls that hang on the calendar: waits by the class of a day, months below a level."""

from dataclasses import replace
from fractions import Fraction
from typing import cast

from cc_metrics.language import Said, said
from cc_metrics.measures import months_below as measure
from cc_metrics.measures import service_level as level
from cc_metrics.measures.calendar_days import Range
from cc_metrics.measures.deadlines import class_by_day
from cc_metrics.measures.months import whole_months
from cc_metrics.measures.shares import total
from cc_metrics.model.calls import OUTCOMES
from cc_metrics.model.case_terms import ClassedWait, MonthsBelow
from cc_metrics.model.deadlines import Within
from cc_metrics.model.promise import Promise
from cc_metrics.model.zones import day_of, local_day
from cc_metrics.reporting import answered
from cc_metrics.reporting.docket import Docket, bounded, conditions
from cc_metrics.reporting.tally import Tally


def longest_wait(docket: Docket, promise: Promise) -> Tally:
    """The calls that waited no longer than promised: one length of time for all, or one for each class of days."""
    return (
        _by_day(docket, promise) if isinstance(promise.terms, ClassedWait) else answered.longest_wait(docket, promise)
    )


def _by_day(docket: Docket, promise: Promise) -> Tally:
    """The calls of any outcome that waited no longer than promised for their day, of all whose wait is known."""
    scope, terms = docket.scope, cast("ClassedWait", promise.terms)
    opened = scope.opened
    if opened.recorded is not None:
        return Tally(0, 0, refused=answered.LONGEST_UNTOLD)
    lengths = [one.deadline.length_ms for one in terms.classes.classes if isinstance(one.deadline, Within)]
    inside = {f"within_{ms}": total("n", level.within(replace(promise.service, within_ms=ms))) for ms in lengths}
    needs = {**inside, "offered": total("n", "TRUE"), **level.without_wait()}
    days = opened.roll_up(needs, (), "1d", scope.period, conditions(scope, promise))
    if lacking := [word for word in OUTCOMES if any(day[f"{word}_without_wait"] for day in days)]:
        return Tally(0, 0, refused=answered.without_waits(lacking))
    edges = (scope.period.from_ms, scope.period.to_ms - 1)
    span = Range(opened.zone, *(local_day(moment, opened.offsets) for moment in edges))
    classes = class_by_day(terms.classes, terms.clock.calendar, span)
    kept = sum(day[f"within_{lengths[classes[day_of(day['bucket'])]]}"] for day in days)
    owed = sum(day["offered"] for day in days)
    refused, _ = bounded(docket, promise, kept, owed)
    return Tally(kept, owed, refused=refused)


def months_below(docket: Docket, promise: Promise) -> Tally:
    """The whole months that lie in no run of so many whose service level is below what each must reach."""
    scope, terms, least = docket.scope, promise.service, cast("MonthsBelow", promise.terms).months
    whole = whole_months(scope.period.until(docket.as_of_ms), scope.opened.offsets)
    rows = scope.opened.roll_up(level.needs(terms), (), "1mo", scope.period, conditions(scope, promise), terms)
    rows = [row for row in rows if day_of(row["bucket"]) in whole]
    found = answered.parts_of(rows, terms)
    if found is None:
        return answered.untold(scope, rows, terms)
    parts = {day_of(row["bucket"]): part for row, part in zip(rows, found, strict=True)}
    below = {month: Fraction(kept, owed) < promise.each for month, (kept, owed) in parts.items() if owed}
    if len(below) < least:
        return Tally(0, 0, needs=_too_few(least, len(below)))
    runs = measure.runs(below)
    refused, _ = bounded(docket, promise, 0, 0)
    told = said(
        "{share:g} % missed in {n} of {all} months, at most {run} in a row",
        share=float(100 * promise.each),
        n=sum(runs),
        all=len(below),
        run=max(runs, default=0),
    )
    return Tally(len(below) - measure.in_runs(runs, least), len(below), refused=refused, beside=(told,))


def _too_few(least: int, found: int) -> Said:
    return said("{n} whole months are needed, and the period has {found} with calls", n=least, found=found)
