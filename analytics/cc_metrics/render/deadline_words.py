"""Deadlines and clocks of cases in words: by when, what the time is counted by, which rows are meant."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from cc_metrics.language import counted, said, told, translated
from cc_metrics.model import case_terms
from cc_metrics.model.clock import Calendar, Clock, Quiet
from cc_metrics.model.dates import LONG_WEEKDAYS, SHORT_WEEKDAYS
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
from cc_metrics.model.promise import Promise
from cc_metrics.model.selection import RECORDED, Selection
from cc_metrics.render import words

_PAUSED: Final = {"counted": said("paused time counted"), "off": said("paused time taken off")}
_MOMENTS: Final = {
    "opened_at": said("opened"),
    "dispatched_at": said("dispatched"),
    "responded_at": said("responded"),
    "verified_at": said("verified"),
    "appointed_at": said("appointed"),
    "arrived_at": said("arrived"),
    "resolved_at": said("resolved"),
}
_ASKED: Final = {
    "first": said("asked at first"),
    "final": said("asked in the end"),
    "survey": said("asked in the survey"),
}


def selected(selection: Selection) -> str:
    """Which rows a selection means; "" where it means all.

    >>> selected(Selection({"area": ("urban", "county"), "feasible": ("true",)}, {"network": ("own",)}))
    'area is urban or county; feasible; network is not own'
    """
    found = _equal(selection.equal)
    for dimension, values in selection.unlike.items():
        found.append(translated("{column} is not {values}", column=words.plain(dimension), values=_either(values)))
    for one, other in selection.same.items():
        found.append(translated("{column} is the {other}", column=words.plain(one), other=words.plain(other)))
    for one, other in selection.differ.items():
        found.append(translated("{column} is not the {other}", column=words.plain(one), other=words.plain(other)))
    for dimension, number in selection.least.items():
        found.append(translated("{column} at least {n}", column=words.plain(dimension), n=words.count(number)))
    return words.sequence(found)


def _equal(conditions: Mapping[str, Sequence[str]]) -> list[str]:
    return [_condition(words.plain(dimension), tuple(values)) for dimension, values in conditions.items()]


def _condition(column: str, values: tuple[str, ...]) -> str:
    if values == ("true",):
        return column
    if values == ("false",):
        return translated("not {dimension}", dimension=column)
    return translated("{column} is {values}", column=column, values=_either(values))


def _either(values: Sequence[str]) -> str:
    return either(translated("recorded") if value == RECORDED else words.recorded(value) for value in values)


def either(things: Iterable[str]) -> str:
    """One or the other."""
    return translated(" or ").join(things)


def deadline(due: Deadline) -> list[str]:
    """A deadline, a line for each rule or row of it."""
    if isinstance(due, Table):
        return [
            _named(words.sequence(_equal(row.where)) or translated("all others"), sentence)
            for row in due.rows
            for sentence in deadline(row.deadline)
        ]
    if isinstance(due, Classes):
        return [_named(_days(one), sentence) for one in due.classes for sentence in _due(one.deadline)]
    if isinstance(due, Appointment):
        tolerance = spoken(due.tolerance_ms)
        return [translated("at the time appointed, {tolerance} early or late at most", tolerance=tolerance)]
    return _due(due)


def _named(name: str, sentence: str) -> str:
    return translated("{name}: {sentence}", name=name, sentence=sentence)


def _due(due: Due) -> list[str]:
    if isinstance(due, CutOff):
        return [_rule(rule) for rule in due.rules]
    if isinstance(due, WorkingDays):
        return [translated("before the end of working day {n}, the day of opening is day 0", n=due.number)]
    length = told(spoken(due.length_ms))
    return [length if due.inclusive else translated("less than {length}", length=length)]


def _rule(rule: CutOffRule) -> str:
    if rule.before_ms is None:
        opened = translated("opened later")
    else:
        opened = translated("opened before {clock}", clock=_clock(rule.before_ms))
    return _named(opened, _cut_off(_clock(rule.due_ms), rule))


def _cut_off(clock: str, rule: CutOffRule) -> str:
    if not rule.days:
        return translated("before {clock} of the same day", clock=clock)
    if rule.counted == "working":
        return counted(
            "before {clock} {n} working day later", "before {clock} {n} working days later", rule.days, clock=clock
        )
    return counted("before {clock} {n} day later", "before {clock} {n} days later", rule.days, clock=clock)


def _days(one: DayClass) -> str:
    """Which days a class is of."""
    if one.every_day:
        return translated("opened on any other day")
    found = [told(LONG_WEEKDAYS[day]) for day in sorted(one.weekdays)]
    if one.around_holiday is not None:
        before, after = (counted("{n} day", "{n} days", number) for number in one.around_holiday)
        found.append(translated("a holiday ({before} before it to {after} after)", before=before, after=after))
    numbered = sorted(one.working_days_of_month)
    found += [translated("working day {n} of the month", n=number) for number in numbered]
    return translated("opened on {days}", days=either(found))


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
    found = []
    if kept.kind == "open":
        found.append(translated("open hours of {calendar}", calendar=calendar(kept.calendar)))
    elif kept.kind == "working":
        found.append(translated("working days of {calendar}", calendar=calendar(kept.calendar)))
    if kept.quiet is not None:
        found.append(quiet(kept.quiet))
    return words.sequence((*(found or [translated("runs always")]), told(_PAUSED[kept.paused])))


def quiet(hours: Quiet) -> str:
    """Quiet hours and what they do."""
    ends = {"start": _clock(hours.from_ms), "end": _clock(hours.to_ms)}
    if hours.rule == "move":
        return translated("quiet hours {start}-{end} move a deadline to their end", **ends)
    return translated("quiet hours {start}-{end} stop it", **ends)


def calendar(found: Calendar) -> str:
    """Usual working days, country, days of one's own, open hours."""
    days = [told(SHORT_WEEKDAYS[day]) for day in sorted(found.weekdays)]
    parts = [words.plain(found.open_hours.written) if found.open_hours else " ".join(days)]
    if found.country:
        parts.insert(0, words.plain(found.country))
    if found.holidays:
        parts.append(counted("{n} own holiday", "{n} own holidays", len(found.holidays)))
    if found.working:
        parts.append(counted("{n} own working day", "{n} own working days", len(found.working)))
    return words.listed(parts)


def ends(found: case_terms.Turnaround) -> str:
    """From which moment of a case to which."""
    return translated("from {start} to {end}", start=_moment(found.start), end=_moment(found.end))


def _moment(column: str) -> str:
    return told(_MOMENTS.get(column, column.removesuffix("_at")))


def terms(promise: Promise) -> list[str]:
    """What the measure of a promise leaves to it, where it is no deadline."""
    found = promise.terms
    return [sentence for kind, say in _TERMS.items() if isinstance(found, kind) for sentence in say(found)]


def _attempts(found: case_terms.AttemptsMade) -> list[str]:
    parts = words.listed(f"{_clock(start)}-{_clock(end)}" for start, end in found.parts)
    if parts:
        made = translated("an attempt in each of {parts}", parts=parts)
    else:
        made = counted("{n} attempt", "{n} attempts", found.attempts)
    if found.next_day:
        return [translated("{made} by the end of the next day of the first failure", made=made)]
    return [translated("{made} by the end of the day of the first failure", made=made)]


def _followed(found: case_terms.FollowedUp) -> list[str]:
    below = words.percent(found.below, words.target_decimals(found.below))
    return [
        translated("{ratio} below {share}", ratio=_ratio(found.ratio), share=below),
        translated("followed by a case whose {condition}", condition=selected(found.follow_up)),
    ]


def _ratio(columns: Sequence[str]) -> str:
    return " / ".join(map(words.plain, columns))


def _satisfied(found: case_terms.Satisfied) -> list[str]:
    asked = told(_ASKED[found.asked])
    if found.lowest is None:
        return [asked]
    return [translated("{asked}; satisfied from a score of {score}", asked=asked, score=f"{found.lowest:g}")]


def _per_base(found: case_terms.PerBase) -> list[str]:
    part = words.plain(found.part or words.ITEMS["case"][1])
    return [translated("{part} per {base}", part=part, base=words.plain(found.per))]


def _repeats(found: case_terms.RepeatComplaints) -> list[str]:
    key = " + ".join(map(words.plain, found.key))
    return [translated("window {length}, key {key}", length=spoken(found.window_ms), key=key)]


def _backlog(found: case_terms.Backlog) -> list[str]:
    moment, length = words.moment(found.waiting_at), spoken(found.within_ms)
    return [translated("open at {moment}, done within {length}", moment=moment, length=length)]


def _score(found: case_terms.Score) -> list[str]:
    return [] if found.reference is None else [translated("above {score}", score=f"{float(found.reference):g}")]


def _rank(found: case_terms.ScoreRank) -> list[str]:
    return [
        counted(
            "up by {n} place among the values of {column}",
            "up by {n} places among the values of {column}",
            found.up,
            column=words.plain(found.among),
        )
    ]


_TERMS: Final[Mapping[type, Callable[[Any], list[str]]]] = {
    case_terms.ShareOfCases: lambda t: [translated("counted: {condition}", condition=selected(t.counted))],
    case_terms.MonthsWithout: lambda t: [counted("{n} month", "{n} months", t.months)],
    case_terms.PerBase: _per_base,
    case_terms.RepeatComplaints: _repeats,
    case_terms.AttemptsMade: _attempts,
    case_terms.Backlog: _backlog,
    case_terms.MeanRatio: lambda t: [_ratio(t.ratio)],
    case_terms.FollowedUp: _followed,
    case_terms.Satisfied: _satisfied,
    case_terms.Score: _score,
    case_terms.ScoreRises: lambda t: [counted("{n} year", "{n} years", t.years)],
    case_terms.ScoreRank: _rank,
    case_terms.MonthsBelow: lambda t: [counted("{n} month running", "{n} months running", t.months)],
    case_terms.ClassedWait: lambda t: deadline(t.classes),
}
