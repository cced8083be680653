"""Due moments and time run on a clock, for any number of promises over one table of cases, in one statement.

A timing says what is asked of each case; a timetable is what the engine needs to answer: one row of lists to load as
a table, and a SELECT over the cases and that table. Nothing is computed row by row in Python.

>>> from datetime import date
>>> from cc_metrics.model.deadlines import WorkingDays
>>> install = Timing("install", "opened_ms", WorkingDays(7), Clock("working", Calendar(country="CN")), end="closed_ms")
>>> known = range_needed([install], "Asia/Shanghai", 1_380_000_000_000, 1_380_600_000_000)
>>> table = timetable([install], known)
>>> sql = table.sql("cases", "timetable", keep=("case_id",))

The caller creates a table "timetable" of table.columns, inserts table.row, and runs the SELECT; its columns are
case_id, install_due_ms, install_last_ms and install_elapsed_ms. A case was in time when closed_ms <= install_last_ms.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from cc_metrics.errors import PolicyError
from cc_metrics.measures.calendar_days import Range, quiet_stretches, stretches
from cc_metrics.measures.curves import Curve, Lookup, Ramp, levels, lookup, moment_of, moved_out, ramp, run_until
from cc_metrics.measures.deadlines import class_curve, due_curve, reach
from cc_metrics.model.clock import Calendar, Clock
from cc_metrics.model.deadlines import Appointment, Classes, CutOff, Deadline, Due, Table, Within, WorkingDays
from cc_metrics.model.durations import DAY
from cc_metrics.model.zones import local_day, offsets

LONG: Final = 1_000 * DAY  # from here on the lists by the quarter-hour cost more to copy than a day's struct to read


@dataclass(frozen=True, slots=True)
class Timing:
    """What is asked of each case: a deadline, the time run on a clock, or both.

    *start*, *end*, *paused* and *row* are SQL over the columns of the cases: moments in UTC ms (an appointment's
    start is the time appointed), the source's paused ms, and the number that Table.row_of gave the case.
    Columns of the answer, all BIGINT, NULL where a moment is NULL or the timetable does not reach:

    * <name>_due_ms: the due moment; <name>_last_ms: the last moment in time, 1 ms earlier where the due moment is
      excluded; <name>_first_ms: the first moment in time, for an appointment;
    * <name>_elapsed_ms: what the clock ran from start to end, when there is an *end*; below 0 for an end before the
      start, which the caller refuses; <name>_net_ms: the same less the paused time, when the clock takes that off.
    """

    name: str
    start: str
    deadline: Deadline | None = None
    clock: Clock = field(default_factory=Clock)
    end: str | None = None
    paused: str | None = None
    row: str | None = None

    def __post_init__(self) -> None:
        if isinstance(self.deadline, Table) and self.row is None:
            raise PolicyError("a table of deadlines needs the row of each case", hint="match the cases with row_of")
        if self.clock.paused == "counted":
            return
        if self.paused is None:
            raise PolicyError("paused time is taken off, but the source records none", hint="say paused = counted")
        if not all(isinstance(leaf, Within) for leaf in self.leaves()):
            raise PolicyError("paused time can be taken off a length of time only", hint="say paused = counted here")

    def tops(self) -> list[tuple[int | None, Due | Classes]]:
        """The deadlines with the table row they belong to; none for an appointment."""
        if isinstance(self.deadline, Table):
            return [(i, row.deadline) for i, row in enumerate(self.deadline.rows)]
        return [] if self.deadline is None or isinstance(self.deadline, Appointment) else [(None, self.deadline)]

    def leaves(self) -> list[Due]:
        """Every single deadline that a case may have."""
        return [
            leaf
            for _, top in self.tops()
            for leaf in ([one.deadline for one in top.classes] if isinstance(top, Classes) else [top])
        ]


@dataclass(frozen=True, slots=True)
class Timetable:
    """What the engine needs to time cases: *columns* (name, type) and the one *row* of a table to load.

    Without columns no table is needed: every answer is plain arithmetic.
    """

    columns: tuple[tuple[str, str], ...]
    row: tuple[list[Any], ...]
    steps: tuple[tuple[str, str], ...]
    answers: tuple[tuple[str, str], ...]

    def sql(self, cases: str, timetable: str, *, keep: Sequence[str]) -> str:
        """A SELECT of the *keep* columns of the cases (a table or a query in brackets) and all answers."""
        source = f"{cases} timed"
        if self.columns:
            source = f"(SELECT * FROM {cases} cases_to_time CROSS JOIN {timetable}) timed"
        for name, step in self.steps:
            source = f"(SELECT *, {step} AS {name} FROM {source}) timed"
        return f"SELECT {', '.join([*keep, *(f'{sql} AS {name}' for name, sql in self.answers)])} FROM {source}"


def range_needed(
    timings: Sequence[Timing], zone: str | None, first_ms: int, last_ms: int, longest_pause_ms: int = 0
) -> Range:
    """The local days a timetable must hold for cases whose starts and ends lie from first_ms to last_ms (UTC ms).

    *longest_pause_ms* is the most paused time of any case, where a clock takes it off.

    Raises:
        PolicyError: a calendar never opens for as long as a deadline asks.
    """
    known = offsets(zone, first_ms - DAY, last_ms + DAY)
    day = local_day(last_ms, known)
    ends = [reach(t.leaves(), t.clock, Range(zone, day, day), longest_pause_ms) for t in timings]
    return Range(zone, local_day(first_ms, known) - timedelta(days=1), max(ends, default=day))


def timetable(timings: Sequence[Timing], days: Range) -> Timetable:
    """The timetable that answers the timings for the moments of a range of local days."""
    steps = _Steps(days)
    answers = {name: sql for timing in timings for name, sql in steps.answers(timing).items()}
    lists = [column for found in steps.lookups.values() for column in found.columns]
    return Timetable(
        tuple((name, kind) for name, kind, _ in lists),
        tuple(values for _, _, values in lists),
        tuple((name, sql) for sql, name in steps.names.items()),
        tuple(answers.items()),
    )


@dataclass(slots=True)
class _Steps:
    """The steps of a statement, each a column made of earlier ones; what two timings share is made once."""

    days: Range
    lookups: dict[Hashable, Lookup | Ramp] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def answers(self, timing: Timing) -> dict[str, str]:
        """The answers to one timing, each as SQL over the columns of the last step."""
        name, clock, found = timing.name, timing.clock, dict[str, str]()
        if isinstance(timing.deadline, Appointment):
            tolerance = timing.deadline.tolerance_ms
            found[f"{name}_first_ms"] = f"({timing.start}) - {tolerance}"
            found[f"{name}_due_ms"] = found[f"{name}_last_ms"] = f"({timing.start}) + {tolerance}"
        elif timing.deadline is not None:
            found[f"{name}_due_ms"], found[f"{name}_last_ms"] = self.due(timing)
        if timing.end is not None:
            elapsed = f"{self.run(clock, timing.end)} - {self.run(clock, timing.start)}"
            found[f"{name}_elapsed_ms"] = elapsed
            if clock.paused == "off":
                found[f"{name}_net_ms"] = f"{elapsed} - ({timing.paused})"
        return found

    def run(self, clock: Clock, moment: str) -> str:
        """What a clock has run at a moment, counted from some moment that is the same for all."""
        if not clock.stops:
            return f"({moment})"
        key = ("run", clock.kind, clock.calendar, clock.quiet)
        if key not in self.lookups:
            found, bounds, name = stretches(clock, self.days), self.days.bounds(), f"clock{len(self.lookups)}"
            short = bounds[1] - bounds[0] < LONG
            self.lookups[key] = lookup(run_until(found, bounds), name) if short else ramp(found, bounds, name)
        return self.value(self.lookups[key], moment)

    def due(self, timing: Timing) -> tuple[str, str]:
        """The due moment of a case and its last moment in time."""
        leaves = [(" AND ".join(when), leaf) for when, leaf in self.leaves(timing)]
        lengths = [(when, leaf.length_ms) for when, leaf in leaves if isinstance(leaf, Within)]
        ends = [(when, self.due_by_day(leaf, timing)) for when, leaf in leaves if not isinstance(leaf, Within)]
        if lengths:
            within = self.due_within(lengths, timing)
            ends += [(when, within) for when, _ in lengths] if ends else [("", within)]  # no length, no due moment
        due = self.column(_chosen(ends)) if len(ends) > 1 or timing.clock.moves else _chosen(ends)
        if timing.clock.moves:
            quiet = ("moved", timing.clock.quiet)
            due = self.read(quiet, lambda: moved_out(quiet_stretches(timing.clock, self.days), self.days.bounds()), due)
        late = [(when, "0" if leaf.inclusive else "1") for when, leaf in leaves]
        kinds = {value for _, value in late}
        return due, due if kinds == {"0"} else f"{due} - {kinds.pop() if len(kinds) == 1 else _chosen(late)}"

    def leaves(self, timing: Timing) -> list[tuple[list[str], Due]]:
        """Each single deadline with the conditions, as SQL, under which a case has it."""
        found: list[tuple[list[str], Due]] = []
        for row, top in timing.tops():
            when = [] if row is None else [f"{self.column(f'({timing.row})')} = {row}"]
            if not isinstance(top, Classes):
                found.append((when, top))
                continue
            key = ("class", top, timing.clock.calendar)
            number = self.read(key, self.class_curve(top, timing.clock.calendar), timing.start)
            found += [([*when, f"{number} = {i}"], one.deadline) for i, one in enumerate(top.classes)]
        return found

    def class_curve(self, classes: Classes, calendar: Calendar) -> Callable[[], Curve]:
        """How to make the curve of the classes of days."""
        return lambda: class_curve(classes, calendar, self.days)

    def due_by_day(self, deadline: WorkingDays | CutOff, timing: Timing) -> str:
        """The due moment of a deadline that hangs on the day of opening."""
        calendar = timing.clock.calendar
        return self.read(("due", deadline, calendar), lambda: due_curve(deadline, calendar, self.days), timing.start)

    def due_within(self, lengths: list[tuple[str, int]], timing: Timing) -> str:
        """The due moment of a length of time: the earliest at which the clock has run so long."""
        clock, length = timing.clock, self.length(lengths, timing)
        if clock.paused == "off":
            length = f"({length}) + ({timing.paused})"
        if not clock.stops:
            return f"({timing.start}) + {length}"
        if length == "0":
            return f"({timing.start})"
        length = length if length.isdigit() else self.column(length)
        key = ("moment", clock.kind, clock.calendar, clock.quiet)
        ran = f"{self.run(clock, timing.start)} + {length}"
        due = self.read(key, lambda: moment_of(stretches(clock, self.days)), ran)
        if clock.paused == "counted" and all(value for _, value in lengths):
            return due
        return f"CASE WHEN {length} = 0 THEN {timing.start} ELSE {due} END"

    def length(self, lengths: list[tuple[str, int]], timing: Timing) -> str:
        """The length of time that a case is given; NULL for a case that has none."""
        tops = timing.tops()
        if not isinstance(timing.deadline, Table) or any(isinstance(top, Classes) for _, top in tops):
            return _chosen([(when, str(value)) for when, value in lengths])
        by_row = tuple(top.length_ms if isinstance(top, Within) else None for _, top in tops)
        return self.read(("length", by_row), lambda: levels(enumerate(by_row), (0, len(by_row))), f"({timing.row})")

    def read(self, key: Hashable, make: Callable[[], Curve], argument: str) -> str:
        """The column that holds a curve's value at an argument."""
        if key not in self.lookups:
            self.lookups[key] = lookup(make(), f"clock{len(self.lookups)}")
        return self.value(self.lookups[key], argument)

    def value(self, found: Lookup | Ramp, argument: str) -> str:
        """The column that holds what was looked up for an argument."""
        at = self.column(argument)
        piece = self.column(found.piece_sql(at, self.column(found.position_sql(at))))
        return self.column(found.value_sql(at, piece))

    def column(self, sql: str) -> str:
        """The column that holds an expression, a new step unless it is a column already."""
        return sql if sql.isidentifier() else self.names.setdefault(sql, f"clock_step{len(self.names)}")


def _chosen(values: list[tuple[str, str]]) -> str:
    """SQL for the value of the first condition that holds; NULL when none does. An empty condition always holds."""
    if values[0][0] == "":
        return values[0][1]
    return f"CASE {' '.join(f'WHEN {when} THEN {value}' for when, value in values)} END"
