"""Deadlines and clocks of cases in words: by when, what the time is counted by, which rows are meant."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from cc_metrics.model import case_terms
from cc_metrics.model.clock import Calendar, Clock, Quiet
from cc_metrics.model.deadlines import (
    Appointment,
    Classes,
    CutOff,
    CutOffRule,
    DayClass,
    Deadline,
    Due,
    Table,
    WorkingDays,
)
from cc_metrics.model.durations import HOUR, MINUTE, spoken
from cc_metrics.model.promise import WEEKDAYS, Promise
from cc_metrics.model.selection import RECORDED, Selection
from cc_metrics.render import words
from cc_metrics.render.words import plural

_FLAGS: Final[Mapping[tuple[str, ...], str]] = {("true",): "", ("false",): "not "}
_CLOCKS: Final = {"open": "open hours", "working": "working days"}
_QUIET: Final = {"stop": "stop it", "move": "move a deadline to their end"}
_PAUSED: Final = {"counted": "paused time counted", "off": "paused time taken off"}


def selected(selection: Selection) -> str:
    """Which rows a selection means; "" where it means all.

    >>> selected(Selection({"area": ("urban", "county"), "feasible": ("true",)}, {"network": ("own",)}))
    'area is urban or county; feasible; network is not own'
    """
    said = _equal(selection.equal)
    said += [f"{words.plain(d)} is not {_either(values)}" for d, values in selection.unlike.items()]
    said += [f"{words.plain(a)} is the {words.plain(b)}" for a, b in selection.same.items()]
    said += [f"{words.plain(a)} is not the {words.plain(b)}" for a, b in selection.differ.items()]
    said += [f"{words.plain(d)} at least {words.count(number)}" for d, number in selection.least.items()]
    return "; ".join(said)


def _equal(conditions: Mapping[str, Sequence[str]]) -> list[str]:
    return [
        f"{_FLAGS[tuple(values)]}{words.plain(dimension)}"
        if tuple(values) in _FLAGS
        else f"{words.plain(dimension)} is {_either(values)}"
        for dimension, values in conditions.items()
    ]


def _either(values: Sequence[str]) -> str:
    return " or ".join("recorded" if value == RECORDED else words.recorded(value) for value in values)


def deadline(due: Deadline) -> list[str]:
    """A deadline, a line for each rule or row of it."""
    if isinstance(due, Table):
        return [
            f"{'; '.join(_equal(row.where)) or 'all others'}: {said}"
            for row in due.rows
            for said in deadline(row.deadline)
        ]
    if isinstance(due, Classes):
        return [f"{_days(one)}: {said}" for one in due.classes for said in _due(one.deadline)]
    if isinstance(due, Appointment):
        return [f"at the time appointed, {spoken(due.tolerance_ms)} early or late at most"]
    return _due(due)


def _due(due: Due) -> list[str]:
    if isinstance(due, CutOff):
        return [_rule(rule) for rule in due.rules]
    if isinstance(due, WorkingDays):
        return [f"before the end of working day {due.number}, the day of opening is day 0"]
    return [spoken(due.length_ms) if due.inclusive else f"less than {spoken(due.length_ms)}"]


def _rule(rule: CutOffRule) -> str:
    opened = "opened later" if rule.before_ms is None else f"opened before {_clock(rule.before_ms)}"
    kind = "working day" if rule.counted == "working" else "day"
    day = "of the same day" if not rule.days else f"{plural(rule.days, kind)} later"
    return f"{opened}: before {_clock(rule.due_ms)} {day}"


def _days(one: DayClass) -> str:
    """Which days a class is of."""
    if one.every_day:
        return "opened on any other day"
    said = [WEEKDAYS[day] for day in sorted(one.weekdays)]
    if one.around_holiday is not None:
        before, after = one.around_holiday
        said.append(f"a holiday ({plural(before, 'day')} before it to {plural(after, 'day')} after)")
    said += [f"working day {number} of the month" for number in sorted(one.working_days_of_month)]
    return f"opened on {' or '.join(said)}"


def _clock(day_ms: int) -> str:
    return f"{day_ms // HOUR:02}:{day_ms % HOUR // MINUTE:02}"


def by_calendar(due: Deadline | None) -> bool:
    """Whether a deadline depends on which days are working days or holidays."""
    if isinstance(due, Table):
        return any(by_calendar(row.deadline) for row in due.rows)
    if isinstance(due, Classes):
        named = any(one.around_holiday or one.working_days_of_month for one in due.classes)
        return named or any(by_calendar(one.deadline) for one in due.classes)
    if isinstance(due, CutOff):
        return any(rule.counted == "working" for rule in due.rules)
    return isinstance(due, WorkingDays)


def clock(kept: Clock) -> str:
    """What a clock counts, in one line."""
    said = [] if kept.kind == "always" else [f"{_CLOCKS[kept.kind]} of {calendar(kept.calendar)}"]
    if kept.quiet is not None:
        said.append(quiet(kept.quiet))
    said = said or ["runs always"]
    return "; ".join((*said, _PAUSED[kept.paused]))


def quiet(hours: Quiet) -> str:
    """Quiet hours and what they do."""
    return f"quiet hours {_clock(hours.from_ms)}-{_clock(hours.to_ms)} {_QUIET[hours.rule]}"


def calendar(found: Calendar) -> str:
    """Usual working days, country, days of one's own, open hours."""
    days = [WEEKDAYS[day][:3] for day in sorted(found.weekdays)]
    said = [words.plain(found.open_hours.written) if found.open_hours else " ".join(days)]
    if found.country:
        said.insert(0, words.plain(found.country))
    own = ((found.holidays, "own holiday"), (found.working, "own working day"))
    return ", ".join((*said, *(plural(len(dates), what) for dates, what in own if dates)))


def ends(found: case_terms.Turnaround) -> str:
    """From which moment of a case to which."""
    return f"from {_moment(found.start)} to {_moment(found.end)}"


def _moment(column: str) -> str:
    return column.removesuffix("_at")


def terms(promise: Promise) -> list[str]:
    """What the measure of a promise leaves to it, where it is no deadline."""
    found = promise.terms
    return [said for kind, say in _TERMS.items() if isinstance(found, kind) for said in say(found)]


def _attempts(found: case_terms.AttemptsMade) -> list[str]:
    parts = ", ".join(f"{_clock(start)}-{_clock(end)}" for start, end in found.parts)
    made = f"an attempt in each of {parts}" if parts else plural(found.attempts, "attempt")
    return [f"{made} by the end of the {'next ' if found.next_day else ''}day of the first failure"]


def _followed(found: case_terms.FollowedUp) -> list[str]:
    below = words.percent(found.below, words.target_decimals(found.below))
    ratio = " / ".join(map(words.plain, found.ratio))
    return [f"{ratio} below {below}", f"followed by a case whose {selected(found.follow_up)}"]


def _satisfied(found: case_terms.Satisfied) -> list[str]:
    asked = {"first": "asked at first", "final": "asked in the end", "survey": "asked in the survey"}[found.asked]
    return [asked] if found.lowest is None else [f"{asked}; satisfied from a score of {found.lowest:g}"]


_TERMS: Final[Mapping[type, Callable[[Any], list[str]]]] = {
    case_terms.ShareOfCases: lambda t: [f"counted: {selected(t.counted)}"],
    case_terms.MonthsWithout: lambda t: [plural(t.months, "month")],
    case_terms.PerBase: lambda t: [f"{words.plain(t.part or 'cases')} per {words.plain(t.per)}"],
    case_terms.RepeatComplaints: lambda t: [f"window {spoken(t.window_ms)}, key {' + '.join(map(words.plain, t.key))}"],
    case_terms.AttemptsMade: _attempts,
    case_terms.Backlog: lambda t: [f"open at {words.moment(t.waiting_at)}, done within {spoken(t.within_ms)}"],
    case_terms.MeanRatio: lambda t: [" / ".join(map(words.plain, t.ratio))],
    case_terms.FollowedUp: _followed,
    case_terms.Satisfied: _satisfied,
    case_terms.Score: lambda t: [] if t.reference is None else [f"above {float(t.reference):g}"],
    case_terms.ScoreRises: lambda t: [plural(t.years, "year")],
    case_terms.ScoreRank: lambda t: [f"up by {plural(t.up, 'place')} among the values of {words.plain(t.among)}"],
    case_terms.MonthsBelow: lambda t: [f"{plural(t.months, 'month')} running"],
    case_terms.ClassedWait: lambda t: deadline(t.classes),
}
