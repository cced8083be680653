"""Promises with a date once more, naively: plain Python from METRICS.md 1 and 4, sharing no code with the library.

Slow and obvious on purpose: case by case, clocks walked by the quarter-hour. Cases are dicts with moments in UTC ms
("opened", "dispatched", ..., None where unknown), "paused" in ms and dimensions under their own names.
Where the text leaves a choice the docstring says READING.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

HOUR = 3_600_000
QUARTER = HOUR // 4
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LATER = ("dispatched", "responded", "verified", "arrived", "resolved")

Case = Mapping[str, Any]


# ---------------------------------------------------------------- moments and days


@cache
def _at_quarter(number: int, zone: str) -> datetime:
    return (EPOCH + timedelta(milliseconds=number * QUARTER)).astimezone(ZoneInfo(zone))


def local(ms: int, zone: str) -> datetime:
    """The wall clock at a moment."""
    return _at_quarter(ms // QUARTER, zone) + timedelta(milliseconds=ms % QUARTER)


def instant(day: date, zone: str, clock: time = time()) -> int:
    """When a local clock shows a time of a day, its first pass; in a missing hour forward by the gap."""
    moment = datetime.combine(day, clock, ZoneInfo(zone))
    return (moment.astimezone(UTC) - EPOCH) // timedelta(milliseconds=1)


def day_of(ms: int, zone: str) -> date:
    return local(ms, zone).date()


def day_start(day: date, zone: str) -> int:
    return instant(day, zone)


def day_end(day: date, zone: str) -> int:
    return instant(day + timedelta(days=1), zone)


# ---------------------------------------------------------------- clocks


@dataclass(frozen=True)
class Clock:
    """What time counts; hours and quiet hours by whole quarter-hours of the day, as (from, to) in minutes."""

    kind: str = "always"
    weekdays: frozenset[int] = frozenset(range(5))
    hours: tuple[tuple[int, int], ...] = ()  # every day that counts has the same
    holidays: frozenset[date] = frozenset()
    quiet: tuple[int, int] | None = None
    moves: bool = False

    def is_working(self, day: date) -> bool:
        return day.weekday() in self.weekdays and day not in self.holidays

    def is_quiet(self, now: datetime) -> bool:
        if self.quiet is None:
            return False
        minute, (start, end) = now.hour * 60 + now.minute, self.quiet
        return start <= minute < end if start < end else minute >= start or minute < end

    def runs(self, now: datetime) -> bool:
        if self.is_quiet(now) and not self.moves:
            return False
        minute = now.hour * 60 + now.minute
        inside = not self.hours or any(start <= minute < end for start, end in self.hours)
        if self.kind == "open":
            return now.weekday() in self.weekdays and inside
        return self.kind == "always" or (self.is_working(now.date()) and inside)


@cache
def _runs(clock: Clock, quarter: int, zone: str) -> bool:
    return clock.runs(_at_quarter(quarter, zone))


def elapsed(clock: Clock, start: int, end: int, zone: str) -> int:
    """The open time between two moments."""
    if clock.kind == "always" and (clock.quiet is None or clock.moves):
        return end - start
    total = 0
    for quarter in range(start // QUARTER, end // QUARTER + 1):
        if _runs(clock, quarter, zone):
            total += max(0, min(end, (quarter + 1) * QUARTER) - max(start, quarter * QUARTER))
    return total


def run_out(clock: Clock, start: int, length: int, zone: str) -> int:
    """The earliest moment at which the clock has run so long."""
    if length == 0 or (clock.kind == "always" and (clock.quiet is None or clock.moves)):
        return start + length
    moment = start
    while True:
        quarter = moment // QUARTER
        room = (quarter + 1) * QUARTER - moment
        if _runs(clock, quarter, zone):
            if length <= room:
                return moment + length
            length -= room
        moment += room


def moved(clock: Clock, moment: int, zone: str) -> int:
    """A deadline inside quiet hours slides to their end."""
    if clock.moves:
        while clock.is_quiet(local(moment, zone)):
            moment = (moment // QUARTER + 1) * QUARTER
    return moment


def working_day(clock: Clock, opened: date, number: int) -> date:
    """Working day *number*: the day of opening is day 0; opened on a day off, the next working day is day 1."""
    day = opened
    while number:
        day += timedelta(days=1)
        number -= clock.is_working(day)
    return day


# ---------------------------------------------------------------- deadlines: (due, inclusive) or None


@dataclass(frozen=True)
class Within:
    length: int
    edge: str = "<="


@dataclass(frozen=True)
class WorkingDays:
    number: int


@dataclass(frozen=True)
class CutOff:
    """Rules (before minute or None, due minute, days, working)."""

    rules: tuple[tuple[int | None, int, int, bool], ...]


@dataclass(frozen=True)
class Table:
    """Rows of (where, deadline), the first that fits."""

    rows: tuple[tuple[tuple[tuple[str, str], ...], Any], ...]


@dataclass(frozen=True)
class Appointment:
    tolerance: int


@dataclass(frozen=True)
class Promise:
    """A promise of the tests: its deadline (None: a mean), its ends, its clock, whose cases it speaks of."""

    deadline: Any = None
    start: str = "opened"
    end: str = "resolved"
    clock: Clock = Clock()
    net: bool = False
    where: tuple[tuple[str, str], ...] = ()


def fits(case: Case, where: Iterable[tuple[str, str]]) -> bool:
    """A dimension that is not recorded has no value."""
    return all(case.get(name) == value for name, value in where)


def due_of(case: Case, promise: Promise, zone: str, *, pauses: bool = True) -> tuple[int, int, int] | None:
    """First moment in time, last moment in time, due moment; None for a case without a deadline."""
    start, deadline = case[promise.start], promise.deadline
    if isinstance(deadline, Table):
        deadline = next((one for where, one in deadline.rows if fits(case, where)), None)
    if start is None or deadline is None:
        return None
    if isinstance(deadline, Appointment):
        return start - deadline.tolerance, start + deadline.tolerance, start + deadline.tolerance
    if isinstance(deadline, Within):
        paused = (case["paused"] or 0) if promise.net and pauses else 0
        due = moved(promise.clock, run_out(promise.clock, start, deadline.length + paused, zone), zone)
        return start, due - (deadline.edge == "<"), due
    opened = local(start, zone)
    if isinstance(deadline, WorkingDays):
        due = day_end(working_day(promise.clock, opened.date(), deadline.number), zone)
    else:
        minute = opened.hour * 60 + opened.minute
        _, at, days, working = next(rule for rule in deadline.rules if rule[0] is None or minute < rule[0])
        day = working_day(promise.clock, opened.date(), days) if working else opened.date() + timedelta(days=days)
        due = day_end(day, zone) if at == 1440 else instant(day, zone, time(at // 60, at % 60))
    due = moved(promise.clock, due, zone)
    return start, due - 1, due


# ---------------------------------------------------------------- accepted rows, as_of, the period


def accepted(rows: Sequence[Case]) -> list[Case]:
    """Of rows with one id the one with the latest end, else the last line; equal rows are one.

    READING: a row ends with the latest of its moments, an appointment apart.
    """
    kept: dict[str, Case] = {}
    for row in rows:
        if row["case_id"] not in kept or _end(row) >= _end(kept[row["case_id"]]):
            kept[row["case_id"]] = row
    return list(kept.values())


def _end(row: Case) -> int:
    return max(row[name] for name in ("opened", *LATER) if row[name] is not None)


def as_of(cases: Sequence[Case], zone: str) -> int:
    """The end of the last covered day, else the latest moment. READING: an appointment is a plan, no row of it.

    Every day before the last one with rows has a row after its end; the last one needs a silence that is usual.
    """
    by_day: dict[date, list[int]] = defaultdict(list)
    for case in cases:
        for name in ("opened", *LATER):
            if case[name] is not None:
                by_day[day_of(case[name], zone)].append(case[name])
    last = max(by_day)
    silences = [
        max(min(moments) - day_start(day, zone), day_end(day, zone) - max(moments))
        for day, moments in by_day.items()
        if day != last
    ]
    usual = max(silences) if silences else max(min(by_day[last]) - day_start(last, zone), 2 * HOUR)
    if day_end(last, zone) - max(by_day[last]) <= usual:
        return day_end(last, zone)
    return day_start(last, zone) if silences else max(by_day[last])


def touched(cases: Sequence[Case], zone: str, until: int | None) -> tuple[int, int]:
    """The whole local days that the rows touch. READING: those that begin before an as_of that was asked for."""
    moments = [case[name] for case in cases for name in ("opened", *LATER) if case[name] is not None]
    days = {day_of(moment, zone) for moment in moments}
    shown = {day for day in days if until is None or day_start(day, zone) < until} or days
    return day_start(min(shown), zone), day_end(max(shown), zone)


@dataclass(frozen=True)
class Span:
    """What is spoken of: [start, end) and what is known, up to and with *as_of*."""

    start: int
    end: int
    as_of: int

    def holds(self, moment: int | None) -> bool:
        return moment is not None and self.start <= moment < self.end and moment <= self.as_of


def known(case: Case, name: str, span: Span) -> int | None:
    """A moment of a case, None where it has not happened by as_of; an appointment is known before."""
    moment = case[name]
    return moment if moment is not None and (name == "appointed" or moment <= span.as_of) else None


def seen(cases: Sequence[Case], span: Span) -> list[Case]:
    """The cases as they are known at as_of."""
    names = ("opened", *LATER, "appointed")
    return [
        {**case, **{name: known(case, name, span) for name in names}} for case in cases if case["opened"] <= span.as_of
    ]


# ---------------------------------------------------------------- promises


@dataclass
class Timeliness:
    kept: int = 0
    settled: int = 0
    pending: int = 0
    closed: int = 0
    closed_kept: int = 0
    gross_kept: int = 0
    gross_settled: int = 0
    unstarted: int = 0
    without_deadline: int = 0
    overdue: dict[str | None, list[int]] = field(default_factory=lambda: defaultdict(list))
    oldest: dict[str | None, list[int]] = field(default_factory=lambda: defaultdict(list))
    today: dict[str | None, int] = field(default_factory=lambda: defaultdict(int))
    tomorrow: dict[str | None, int] = field(default_factory=lambda: defaultdict(int))
    late: list[tuple[str, int, int | None, int]] = field(default_factory=list)


def backwards(case: Case, promise: Promise) -> bool:
    """READING: a case that ended before it began tells nothing; an appointment may be met early."""
    start, done = case[promise.start], case[promise.end]
    plan = isinstance(promise.deadline, Appointment)
    return not plan and start is not None and done is not None and done < start


def timeliness(cases: Sequence[Case], promise: Promise, span: Span, zone: str) -> Timeliness:
    """Each case once, where it falls due: the last moment in time lies in the period, and it is over by as_of.

    READING: pending are all cases opened before the end of the period that are open and not yet due at as_of.
    """
    found, today = Timeliness(), day_of(span.as_of, zone)
    for case in seen(cases, span):
        if not fits(case, promise.where) or backwards(case, promise):
            continue
        edges, done = due_of(case, promise, zone), case[promise.end]
        if edges is None:
            never = case[promise.start] is None
            found.unstarted += never and span.holds(case["opened"])
            found.without_deadline += not never and span.holds(case["opened"])
            continue
        first, last, due = edges
        kept = done is not None and done <= last and (done >= first or not isinstance(promise.deadline, Appointment))
        if due <= span.as_of and span.start <= last < span.end:
            found.settled += 1
            found.kept += kept
            if not kept:
                found.late.append((case["case_id"], due, done, (span.as_of if done is None else done) - last))
        found.closed += span.holds(done)
        found.closed_kept += span.holds(done) and kept
        if done is None:
            if due <= span.as_of:
                found.overdue[case["owner"]].append(last)
                found.oldest[case["owner"]].append(due)
            else:
                found.pending += case["opened"] < span.end
                ahead = (day_of(last, zone) - today).days
                found.today[case["owner"]] += ahead == 0
                found.tomorrow[case["owner"]] += ahead == 1
        if promise.net:
            _, last, due = due_of(case, promise, zone, pauses=False)
            if due <= span.as_of and span.start <= last < span.end:
                found.gross_settled += 1
                found.gross_kept += done is not None and done <= last
    return found


@dataclass
class Mean:
    closed: int = 0
    total: int = 0
    open: int = 0
    open_total: int = 0
    gross: int = 0


def mean(cases: Sequence[Case], promise: Promise, span: Span, zone: str) -> Mean:
    """READING: open are all that had begun before the period's end and are open at as_of."""
    found = Mean()
    for case in seen(cases, span):
        start, done = case[promise.start], case[promise.end]
        if start is None or not fits(case, promise.where) or backwards(case, promise):
            continue
        off = (case["paused"] or 0) if promise.net else 0
        took = elapsed(promise.clock, start, span.as_of if done is None else done, zone)
        if took < off:  # paused for longer than it took: not known
            continue
        if done is None and case["opened"] < span.end:
            found.open += 1
            found.open_total += took - off
        elif span.holds(done):
            found.closed += 1
            found.total += took - off
            found.gross += took
    return found


# ---------------------------------------------------------------- the table of cases


def percentile(values: Sequence[int], per_cent: int) -> int | None:
    """The smallest value such that at least so many per cent are not above it."""
    ordered = sorted(values)
    return ordered[-(-per_cent * len(ordered) // 100) - 1] if ordered else None


def table(
    cases: Sequence[Case], promises: Sequence[Promise], span: Span, zone: str, by: Sequence[str]
) -> dict[tuple[Any, ...], dict[str, Any]]:
    """One row for each combination of dimensions of which anything can be told.

    READING: what was due is told by the first promise from opening to resolution that speaks of a case, and open is
    what was open at the end of the period, or at as_of where that comes first. At as_of itself all is known that
    happened then; the end of a period does not belong to it.
    """
    rows: dict[tuple[Any, ...], list[Case]] = defaultdict(list)
    for case in seen(cases, span):
        rows[tuple(case[name] for name in by)].append(case)
    found = {group: _row(inside, promises, span, zone) for group, inside in rows.items()}
    return {group: row for group, row in found.items() if row["opened"] + row["closed"] + row["open"] + row["due"]}


def _row(cases: Sequence[Case], promises: Sequence[Promise], span: Span, zone: str) -> dict[str, Any]:
    now = min(span.end, span.as_of)  # the age of an open case is told then
    row: dict[str, Any] = dict.fromkeys(("opened", "closed", "open", "due", "in_time", "overdue_open"), 0)
    took, ages = [], []
    for case in cases:
        opened, done = case["opened"], case["resolved"]
        row["opened"] += span.holds(opened)
        if span.holds(done):
            took.append(done - opened)
        is_open = opened < span.end and (done is None or done >= span.end)
        if is_open:
            ages.append(now - opened)
        promise = next((p for p in promises if p.deadline is not None and _whole(p) and fits(case, p.where)), None)
        edges = promise and due_of(case, promise, zone)
        if edges:
            _, last, due = edges
            if due <= span.as_of and last < span.end:
                row["overdue_open"] += is_open
                if last >= span.start:
                    row["due"] += 1
                    row["in_time"] += done is not None and done <= last
    row["closed"], row["open"] = len(took), len(ages)
    both = took + ages
    lengths = {
        "oldest_open_s": max(ages, default=None),
        "mean_s": sum(took) / len(took) if took else None,
        "floor_mean_s": sum(both) / len(both) if both else None,
        "p50_s": percentile(took, 50),
        "p90_s": percentile(took, 90),
        "longest_s": max(took, default=None),
    }
    return row | {name: None if value is None else value / 1000 for name, value in lengths.items()}


def _whole(promise: Promise) -> bool:
    return (promise.start, promise.end) == ("opened", "resolved")


STARTS: Mapping[str, Callable[[date], date]] = {
    "1d": lambda day: day,
    "1w": lambda day: day - timedelta(days=day.weekday()),
    "1mo": lambda day: day.replace(day=1),
}


def intervals(span: Span, every: str, zone: str) -> dict[str, Span]:
    """The part of the period that lies in each local day, ISO week or month."""
    days: dict[date, list[date]] = defaultdict(list)
    day = day_of(span.start, zone)
    while day <= day_of(span.end - 1, zone):
        days[STARTS[every](day)].append(day)
        day += timedelta(days=1)
    found = {}
    for first, inside in days.items():
        start, end = day_start(inside[0], zone), day_end(inside[-1], zone)
        found[_name(first, every)] = Span(max(start, span.start), min(end, span.end), span.as_of)
    return found


def _name(first: date, every: str) -> str:
    if every == "1w":
        year, week, _ = first.isocalendar()
        return f"{year}-W{week:02}"
    return first.isoformat() if every == "1d" else f"{first:%Y-%m}"
