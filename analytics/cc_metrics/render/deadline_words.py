"""Deadlines and clocks of cases in words: by when, what the time is counted by, which rows are meant."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

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
        opened = translated("opened before {clock}", clock=time_of_day(rule.before_ms))
    return _named(opened, _cut_off(time_of_day(rule.due_ms), rule))


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


def time_of_day(day_ms: int) -> str:
    """A time of the day, in hours and minutes."""
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
    ends = {"start": time_of_day(hours.from_ms), "end": time_of_day(hours.to_ms)}
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
