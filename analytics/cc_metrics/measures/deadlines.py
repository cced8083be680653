"""The deadlines that hang on local days, as curves over the moment of opening, and the days they reach into."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from cc_metrics.errors import PolicyError
from cc_metrics.measures.calendar_days import KnownDays, LocalDay, Range, known_days, local_days, stretches
from cc_metrics.measures.curves import Curve, levels
from cc_metrics.model.clock import Calendar, Clock
from cc_metrics.model.deadlines import Classes, CutOff, CutOffRule, DayClass, Due, Within, WorkingDays
from cc_metrics.model.durations import DAY
from cc_metrics.model.intervals import days_between

_FAR = 4_000  # days


def due_curve(deadline: WorkingDays | CutOff, calendar: Calendar, days: Range) -> Curve:
    """The due moment (UTC ms, excluded) of each moment of opening; unknown where the range ends before it."""
    rules = deadline.rules if isinstance(deadline, CutOff) else (CutOffRule(None, DAY, deadline.number, "working"),)
    return levels(_due_moments(rules, local_days(calendar, days), days), days.bounds())


def _due_moments(rules: tuple[CutOffRule, ...], found: list[LocalDay], days: Range) -> Iterator[tuple[int, int | None]]:
    by_day, by_ordinal = {d.day: d for d in found}, {d.ordinal: d for d in reversed(found) if d.working}
    known = days.offsets()
    for piece in days.pieces():
        opened = by_day.get(piece.day)
        midnight = piece.start_ms + piece.offset_ms - (piece.start_ms + piece.offset_ms) % DAY - piece.offset_ms
        befores = [0, *(midnight + (rule.before_ms or 0) for rule in rules[:-1]), piece.end_ms]
        for rule, (start, end) in zip(rules, pairwise(befores), strict=True):
            if max(start, piece.start_ms) >= min(end, piece.end_ms):
                continue
            due_day = None if opened is None else _due_day(rule, opened, by_day, by_ordinal)
            if due_day is None:
                due = None
            elif rule.due_ms == DAY:
                due = due_day.end_ms
            else:
                due = known.utc(due_day.number * DAY + rule.due_ms)
            yield max(start, piece.start_ms), due


def _due_day(
    rule: CutOffRule, opened: LocalDay, by_day: dict[date, LocalDay], by_ordinal: dict[int, LocalDay]
) -> LocalDay | None:
    if rule.counted == "calendar":
        return by_day.get(opened.day + timedelta(days=rule.days))
    ahead = rule.days if opened.working else max(rule.days, 1)
    return by_ordinal.get(opened.ordinal + ahead)


def class_curve(classes: Classes, calendar: Calendar, days: Range) -> Curve:
    """The number of the class (from 0) that each moment of opening falls into, by its local day."""
    of_day = class_by_day(classes, calendar, days)
    return levels(((piece.start_ms, of_day.get(piece.day)) for piece in days.pieces()), days.bounds())


def class_by_day(classes: Classes, calendar: Calendar, days: Range) -> dict[date, int]:
    """The number of the class (from 0) that each local date of a range falls into.

    >>> two = Classes((DayClass(Within(90_000), frozenset({0})), DayClass(Within(60_000))))
    >>> list(class_by_day(two, Calendar(), Range(None, date(2024, 6, 2), date(2024, 6, 4))).values())
    [1, 0, 1]
    """
    known = known_days(calendar, days)
    return {day: _class_of(classes, day, known) for day in days_between(days.first, days.last)}


def _class_of(classes: Classes, day: date, known: KnownDays) -> int:
    return next(i for i, one in enumerate(classes.classes) if one.every_day or _fits(one, day, known))


def _fits(one: DayClass, day: date, known: KnownDays) -> bool:
    if day.weekday() in one.weekdays:
        return True
    if one.around_holiday is not None:
        before, after = one.around_holiday
        if any(known.holiday(day + timedelta(days=n)) for n in range(-after, before + 1)):
            return True
    if not one.working_days_of_month or not known.working(day):
        return False
    return sum(known.working(d) for d in days_between(day.replace(day=1), day)) in one.working_days_of_month


def reach(leaves: list[Due], clock: Clock, days: Range, longest_pause_ms: int) -> date:
    """The last local day that the deadlines of cases opened up to the end of *days* can reach.

    Raises:
        PolicyError: the calendar never opens for so long.
    """
    last = max((_reach(leaf, clock, days, longest_pause_ms) for leaf in leaves), default=days.last)
    return last + timedelta(days=1)  # the end of the last day is the next one's beginning, and may be moved further


def _reach(leaf: Due, clock: Clock, days: Range, longest_pause_ms: int) -> date:
    if isinstance(leaf, Within):
        needed = leaf.length_ms + (longest_pause_ms if clock.paused == "off" else 0)
        ahead = needed // DAY + 2
        enough = not clock.stops
    else:
        rules = leaf.rules if isinstance(leaf, CutOff) else (CutOffRule(None, DAY, leaf.number, "working"),)
        needed = max((max(rule.days, 1) for rule in rules if rule.counted == "working"), default=0)
        ahead = max(rule.days for rule in rules) + 2
        enough = needed == 0
    while not enough and ahead <= _FAR:
        ahead *= 2
        after = replace(days, first=days.last + timedelta(days=1), last=days.last + timedelta(days=ahead))
        enough = needed <= _counted(leaf, clock, after)
    if not enough:
        raise PolicyError("the calendar has too few open days for a deadline", hint="check its open hours and days off")
    return days.last + timedelta(days=ahead)


def _counted(leaf: Due, clock: Clock, days: Range) -> int:
    """What a range offers to a deadline: ms that count, or working days."""
    if isinstance(leaf, Within):
        return sum(s.end_ms - s.start_ms for s in stretches(clock, days))
    return sum(day.working for day in local_days(clock.calendar, days))
