"""Deadlines and clocks as people write them, read into the values of the model."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final, TypeVar

from cc_metrics.errors import PolicyError
from cc_metrics.model.clock import Calendar, Clock, Quiet, QuietRule
from cc_metrics.model.deadlines import (
    Appointment,
    Classes,
    CutOff,
    CutOffRule,
    DayClass,
    Deadline,
    Due,
    Row,
    Within,
    WorkingDays,
)
from cc_metrics.model.deadlines import Table as DeadlineTable
from cc_metrics.model.durations import DAY
from cc_metrics.model.promise import ClosedDays, Edge
from cc_metrics.model.public_holidays import public_days
from cc_metrics.policy.document import Table
from cc_metrics.policy.hours import clock_time, closed_days, exact_hours, weekdays
from cc_metrics.policy.where import read_where
from cc_metrics.policy.words import Field, length, one_of, text, true, type_error, values_of, whole

WAYS: Final = ("within", "deadlines", "cut_off", "by_day")
"""The keys of which a deadline is written with one."""

Made = TypeVar("Made")

_WORKING: Final = re.compile(r"\s*([0-9]{1,3})\s*(?:working|business)\s+days?\s*", re.IGNORECASE)
_SPAN: Final = re.compile(r"\s*(\S+?)\s*[-–]\s*(\S+)\s*")


def due(value: Any) -> Within | WorkingDays:
    """A length of time, or a number of working days.

    >>> due("24 hours"), due("7 working days")
    (Within(length_ms=86400000, edge='<='), WorkingDays(number=7))
    """
    found = _WORKING.fullmatch(value) if isinstance(value, str) else None
    return WorkingDays(int(found[1])) if found else Within(length(value))


def span(value: Any) -> tuple[int, int]:
    """A stretch of the local clock in ms of the day.

    >>> span("22:00-08:00")
    (79200000, 28800000)
    """
    found = _SPAN.fullmatch(text(value))
    if not found:
        raise PolicyError(f"{value!r} is not a stretch of a day", hint="write for example '22:00-08:00'")
    return clock_time(found[1]), clock_time(found[2])


def parts_of_day(value: Any) -> tuple[tuple[int, int], ...]:
    """Stretches of one day, each within it."""
    spans = tuple(span(one) for one in (value if isinstance(value, list) else [value]))
    for start, end in spans:
        if start >= end:
            raise PolicyError("a part of the day ends before it begins", hint="write for example '08:00-12:00'")
    return spans


def moment(value: Any) -> str:
    """A local date or time, as ISO text."""
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.isoformat(" ")
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    try:
        return datetime.fromisoformat(text(value)).replace(tzinfo=None).isoformat(" ")
    except ValueError:
        raise PolicyError(f"{value!r} is not a local time", hint="write 2006-01-27 or '2006-01-27 18:00'") from None


def country(value: Any) -> str:
    """A country whose public holidays are known, as ISO 3166 has it."""
    public_days(text(value), 2020, 2020)
    return str(value)


def _two_days(value: Any) -> tuple[int, int]:
    if not isinstance(value, list):
        raise type_error("an array of two integers", value)
    parse = whole(0, 30)
    if len(value) != 2:
        raise PolicyError("needs the days before and the days after", hint="write for example [1, 1]")
    return parse(value[0]), parse(value[1])


def _numbers(value: Any) -> frozenset[int]:
    return frozenset(whole(1, 31)(one) for one in (value if isinstance(value, list) else [value]))


_RULE: Final = {
    "before": Field("before_ms", clock_time),
    "due": Field("due_ms", clock_time),
    "days": Field("days", whole(0, 400)),
    "working": Field("counted", lambda value: "working" if true(value) else "calendar"),
}
_CLASS: Final = {
    "on": Field("weekdays", lambda value: frozenset(weekdays(value))),
    "around_holiday": Field("around_holiday", _two_days),
    "working_day_of_month": Field("working_days_of_month", _numbers),
}
CALENDAR: Final = {
    "week": Field("weekdays", lambda value: frozenset(weekdays(value))),
    "country": Field("country", country),
    "holidays": Field("holidays", lambda value: _dates(closed_days(value))),
    "working": Field("working", lambda value: _dates(closed_days(value))),
    "hours": Field("open_hours", exact_hours),
}
CLOCK: Final = {
    "clock": Field("kind", one_of("always", "open", "working")),
    "quiet": Field("quiet", span),
    "quiet_rule": Field("quiet_rule", one_of("stop", "move")),
    "paused": Field("paused", one_of("counted", "off")),
}


def _dates(days: ClosedDays) -> frozenset[date]:
    if days.weekdays:
        raise PolicyError("names a weekday, not a date", hint="usual working days stand under week")
    return days.dates


def read_calendar(table: Table, closed: ClosedDays, elsewhere: Callable[[str], str]) -> Calendar | None:
    """The calendar of case clocks; None where the policy has none."""
    if not table.keys:
        return None
    got = table.read(CALENDAR, (), elsewhere)
    fields = values_of(CALENDAR, got)
    return tried(table, lambda: Calendar(**fields, closed=closed))


def read_clock(table: Table, got: Mapping[str, Any], calendar: Calendar | None) -> Clock:
    """The clock of a promise, from its keys."""
    quiet, rule = got.get("quiet"), got.get("quiet_rule", "stop")
    if quiet is None and "quiet_rule" in got:
        table.complain(
            "there are no quiet hours to follow a rule", hint='write quiet = "22:00-08:00"', key="quiet_rule"
        )
    fields = {CLOCK[key].fills: got[key] for key in ("clock", "paused") if key in got}
    made = tried(table, lambda: Clock(**fields, calendar=calendar or Calendar(), quiet=_quiet(quiet, rule)))
    return made or Clock()


def _quiet(hours: tuple[int, int] | None, rule: QuietRule) -> Quiet | None:
    return None if hours is None else Quiet(*hours, rule)


def read_deadline(table: Table, got: Mapping[str, Any], tiers: Collection[str] = ()) -> Deadline | None:
    """The deadline that one of a table's ways of writing it gives; None where there is none.

    *tiers* are those that the policy names.
    """
    written = [way for way in WAYS if way in table.keys]
    for way in written[1:]:
        table.complain(f"{way!r} and {written[0]!r} are two deadlines", hint="leave one of them", key=way)
    if not written:
        return None
    if written[0] == "deadlines":
        rows = [_row(row, tiers) for row in table.tables("deadlines")]
        return DeadlineTable(tuple(row for row in rows if row is not None))
    return _single(table, written[0], got)


def edged(deadline: Deadline, edge: Edge) -> Deadline:
    """A deadline with the edge that its promise names for every length of time; what ends a day excludes its end.

    >>> edged(DeadlineTable((Row({}, Within(1)), Row({}, WorkingDays(2)))), "<").rows[0].deadline
    Within(length_ms=1, edge='<')
    """
    if isinstance(deadline, DeadlineTable):
        return DeadlineTable(tuple(replace(row, deadline=_of_day(row.deadline, edge)) for row in deadline.rows))
    return deadline if isinstance(deadline, Appointment) else _of_day(deadline, edge)


def _of_day(deadline: Due | Classes, edge: Edge) -> Due | Classes:
    if isinstance(deadline, Classes):
        return Classes(tuple(replace(one, deadline=_of_length(one.deadline, edge)) for one in deadline.classes))
    return _of_length(deadline, edge)


def _of_length(deadline: Due, edge: Edge) -> Due:
    return replace(deadline, edge=edge) if isinstance(deadline, Within) else deadline


def _single(table: Table, way: str, got: Mapping[str, Any]) -> Due | Classes | None:
    if way == "within":
        return got.get("within")
    if way == "cut_off":
        rules = [_rule(rule) for rule in table.tables("cut_off")]
        return tried(table, lambda: CutOff(tuple(rules)))
    classes = [_class(one) for one in table.tables("by_day")]
    return tried(table, lambda: Classes(tuple(c for c in classes if c is not None)))


def _row(table: Table, tiers: Collection[str]) -> Row | None:
    got = table.read({"within": Field("within", due)}, ("where", "cut_off", "by_day"))
    where = read_where(table.table("where"), tiers)
    way = next((way for way in ("within", "cut_off", "by_day") if way in table.keys), None)
    if way is None:
        table.complain("the row has no deadline", hint='write for example within = "24 hours"')
        return None
    deadline = _single(table, way, got)
    return None if deadline is None else Row(where, deadline)


def _rule(table: Table) -> CutOffRule:
    fields = values_of(_RULE, table.read(_RULE, ()))
    if "due" not in table.keys:
        table.complain("the rule does not say by when", hint='write for example due = "24:00"')
    return CutOffRule(**({"before_ms": None, "due_ms": DAY} | fields))


def _class(table: Table) -> DayClass | None:
    known = {**_CLASS, "within": Field("within", due)}
    got = table.read(known, ())
    if "within" not in got:
        if "within" not in table.keys:
            table.complain("the days have no deadline", hint='write for example within = "90 seconds"')
        return None
    return DayClass(got["within"], **values_of(_CLASS, got))


def tried(table: Table, make: Callable[[], Made]) -> Made | None:
    """What is made, or None and a complaint about the table where the model refuses it."""
    try:
        return make()
    except PolicyError as error:
        table.complain(error.what, hint=error.hint)
        return None
