"""Due moments: by hand with the figures of other tools, and against a clock that walks minute by minute."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cc_metrics.errors import PolicyError
from cc_metrics.measures.clocks import Timing
from cc_metrics.model.clock import Calendar, Clock, Quiet
from cc_metrics.model.deadlines import (
    Appointment,
    Classes,
    CutOff,
    CutOffRule,
    DayClass,
    Deadline,
    Row,
    Table,
    Within,
    WorkingDays,
)
from clock_fixture import DAY, HOUR, moment, timed, weekly, written
from test_clocks import BERLIN, CHINA, LORD_HOWE, NIGHT, OFFICE, SHANGHAI, clocks, starts

WORK = Clock("working", OFFICE)
MOVE = Clock(quiet=Quiet(22 * HOUR, 8 * HOUR, "move"))
SAME_DAY_OR_NEXT = CutOff((CutOffRule(17 * HOUR, DAY), CutOffRule(None, 15 * HOUR, 1)))
NEXT_WORKING_DAY = CutOff((CutOffRule(17 * HOUR, DAY), CutOffRule(None, 15 * HOUR, 1, "working")))
MOVE_AT_7 = Clock(quiet=Quiet(22 * HOUR + 7 * 60_000, 8 * HOUR, "move"))
CUT_AT_7 = CutOff((CutOffRule(17 * HOUR + 7 * 60_000, DAY), CutOffRule(None, 15 * HOUR, 1)))
ONE_DAY = Clock(calendar=Calendar(frozenset(), working=frozenset({date(2024, 3, 7)})), quiet=MOVE.quiet)


def due(deadline: Deadline, clock: Clock, start: str, zone: str = "UTC") -> str | None:
    [answer] = timed([Timing("t", "start_ms", deadline, clock)], [{"start_ms": moment(start, zone)}], zone)
    return written(answer["t_due_ms"], zone)


@pytest.mark.parametrize(
    ("opened", "hours", "expected"),
    [
        pytest.param("2024-03-02 15:00", 24, "2024-03-06 18:00:00", id="Saturday, low, response"),
        pytest.param("2024-03-02 15:00", 72, "2024-03-14 18:00:00", id="Saturday, low, resolution"),
        pytest.param("2024-03-01 17:00", 0.5, "2024-03-01 17:30:00", id="Friday, urgent, response"),
        pytest.param("2024-03-01 17:00", 2, "2024-03-04 11:00:00", id="Friday, urgent, resolution"),
        pytest.param("2024-03-01 19:00", 1, "2024-03-04 11:00:00", id="Friday night, high, response"),
        pytest.param("2024-03-01 19:00", 4, "2024-03-04 14:00:00", id="Friday night, high, resolution"),
    ],
)
def test_frappe_over_the_week_end(opened, hours, expected):
    assert due(Within(int(hours * HOUR)), WORK, opened) == expected


def test_frappe_over_two_holidays():
    holidays = frozenset({date(2024, 3, 7), date(2024, 3, 8)})
    clock = Clock("working", Calendar(open_hours=OFFICE.open_hours, holidays=holidays))
    assert due(Within(HOUR // 2), clock, "2024-03-07 10:00") == "2024-03-11 10:30:00"
    assert due(Within(2 * HOUR), clock, "2024-03-07 10:00") == "2024-03-11 12:00:00"


@pytest.mark.parametrize(
    ("held_s", "expected"),
    [
        (0, "2024-03-05 17:00:00"),
        (3_600, "2024-03-05 18:00:00"),
        (3_601, "2024-03-06 10:00:01"),
        (288_000, "2024-03-19 17:00:00"),
        (None, None),
    ],
)
def test_frappe_on_hold(held_s, expected):
    clock = Clock("working", OFFICE, paused="off")
    case = {"start_ms": moment("2024-03-05 15:00"), "paused_ms": None if held_s is None else held_s * 1000}
    [answer] = timed([Timing("t", "start_ms", Within(2 * HOUR), clock, paused="paused_ms")], [case])
    assert written(answer["t_due_ms"]) == expected


@pytest.mark.parametrize(
    ("deadline", "clock", "opened", "expected"),
    [
        pytest.param(Within(0), WORK, "2024-03-02 15:00", "2024-03-02 15:00:00", id="zero length, shut"),
        pytest.param(Within(0), Clock(), "2024-03-02 15:00", "2024-03-02 15:00:00", id="zero length"),
        pytest.param(Within(1), WORK, "2024-03-02 15:00", "2024-03-04 10:00:00.001000", id="first ms after opening"),
        pytest.param(Within(8 * HOUR), WORK, "2024-03-01 10:00", "2024-03-01 18:00:00", id="on the dot of closing"),
        pytest.param(Within(8 * HOUR), WORK, "2024-03-01 10:00:00.001", "2024-03-04 10:00:00.001000", id="1 ms over"),
        pytest.param(Within(HOUR), WORK, "2024-03-01 18:00", "2024-03-04 11:00:00", id="opened as it closes"),
        pytest.param(Within(2 * HOUR), WORK, "2023-12-29 17:00", "2024-01-01 11:00:00", id="over New Year"),
        pytest.param(Within(4 * HOUR), Clock(quiet=NIGHT), "2024-03-01 20:00", "2024-03-02 10:00:00", id="held"),
        pytest.param(
            Within(2 * HOUR), Clock(quiet=NIGHT), "2024-03-01 20:00", "2024-03-01 22:00:00", id="just in time"
        ),
        pytest.param(Within(HOUR), Clock(quiet=NIGHT), "2024-03-01 23:30", "2024-03-02 09:00:00", id="opened in quiet"),
        pytest.param(Within(4 * HOUR), MOVE, "2024-03-01 20:00", "2024-03-02 08:00:00", id="moved over midnight"),
        pytest.param(
            Within(2 * HOUR), MOVE, "2024-03-01 20:00", "2024-03-02 08:00:00", id="moved from their beginning"
        ),
        pytest.param(Within(2 * HOUR - 1), MOVE, "2024-03-01 20:00", "2024-03-01 21:59:59.999000", id="not moved"),
        pytest.param(Within(12 * HOUR), MOVE, "2024-03-01 20:00", "2024-03-02 08:00:00", id="at their end"),
        pytest.param(Within(13 * HOUR), MOVE, "2024-03-01 20:00", "2024-03-02 09:00:00", id="after their end"),
        pytest.param(Within(HOUR), MOVE_AT_7, "2024-03-01 21:07", "2024-03-02 08:00:00", id="moved, off the quarters"),
        pytest.param(CUT_AT_7, Clock(), "2024-03-01 17:07", "2024-03-02 15:00:00", id="exactly 17:07"),
        pytest.param(CUT_AT_7, Clock(), "2024-03-01 17:06:59.999", "2024-03-02 00:00:00", id="before 17:07"),
        pytest.param(WorkingDays(1), ONE_DAY, "2024-03-01 12:00", "2024-03-08 08:00:00", id="moved out of the range"),
        pytest.param(WorkingDays(1), MOVE, "2024-02-29 20:00", "2024-03-02 08:00:00", id="end of a day moved"),
        pytest.param(WorkingDays(0), Clock(), "2024-03-01 23:59:59.999", "2024-03-02 00:00:00", id="day 0"),
        pytest.param(WorkingDays(1), Clock(), "2024-03-01 12:00", "2024-03-05 00:00:00", id="over a week-end"),
        pytest.param(WorkingDays(1), Clock(), "2024-03-02 12:00", "2024-03-05 00:00:00", id="opened on a day off"),
        pytest.param(WorkingDays(0), Clock(), "2024-03-02 12:00", "2024-03-05 00:00:00", id="day 0 on a day off"),
        pytest.param(WorkingDays(7), Clock(), "2024-03-01 12:00", "2024-03-13 00:00:00", id="seven"),
        pytest.param(SAME_DAY_OR_NEXT, Clock(), "2024-03-01 16:59:59.999", "2024-03-02 00:00:00", id="before 17:00"),
        pytest.param(SAME_DAY_OR_NEXT, Clock(), "2024-03-01 17:00:00", "2024-03-02 15:00:00", id="exactly 17:00"),
        pytest.param(SAME_DAY_OR_NEXT, Clock(), "2024-03-01 23:59:59.999", "2024-03-02 15:00:00", id="before 24:00"),
        pytest.param(SAME_DAY_OR_NEXT, Clock(), "2024-03-02 00:00:00", "2024-03-03 00:00:00", id="exactly 24:00"),
        pytest.param(NEXT_WORKING_DAY, Clock(), "2024-03-01 17:00:00", "2024-03-04 15:00:00", id="next working day"),
        pytest.param(NEXT_WORKING_DAY, Clock(), "2024-03-02 18:00:00", "2024-03-04 15:00:00", id="from a day off"),
        pytest.param(NEXT_WORKING_DAY, Clock(), "2023-12-31 17:00:00", "2024-01-01 15:00:00", id="into the new year"),
    ],
)
def test_due(deadline, clock, opened, expected):
    assert due(deadline, clock, opened) == expected


@pytest.mark.parametrize(
    ("number", "opened", "expected"),
    [
        pytest.param(3, "2023-09-27 09:00", "2023-10-09 00:00:00", id="28th, then 7 and 8 October"),
        pytest.param(1, "2023-09-30 09:00", "2023-10-08 00:00:00", id="opened on a Saturday off"),
        pytest.param(1, "2023-10-07 09:00", "2023-10-09 00:00:00", id="opened on a working Saturday"),
        pytest.param(2, "2023-10-08 09:00", "2023-10-11 00:00:00", id="a working Sunday, then the week"),
    ],
)
def test_chinas_national_day_with_its_working_week_end(number, opened, expected):
    assert due(WorkingDays(number), Clock(calendar=CHINA), opened, SHANGHAI) == expected


def test_days_that_are_not_24_hours_long():
    assert due(WorkingDays(0), Clock(calendar=Calendar(frozenset(range(7)))), "2024-03-31 12:00", BERLIN) == (
        "2024-04-01 00:00:00"
    )
    assert due(Within(24 * HOUR), Clock(), "2024-03-30 12:00", BERLIN) == "2024-03-31 13:00:00"
    assert due(Within(24 * HOUR), Clock(quiet=NIGHT), "2024-03-30 20:00", BERLIN) == "2024-04-01 16:00:00"
    missing = CutOff((CutOffRule(None, 2 * HOUR + HOUR // 4, 1),))
    assert due(missing, Clock(), "2024-10-05 12:00", LORD_HOWE) == "2024-10-06 02:45:00"


def test_the_last_moment_in_time_tells_the_edge():
    start = moment("2024-03-01 12:00")
    timings = [
        Timing("reached", "start_ms", Within(HOUR)),
        Timing("before", "start_ms", Within(HOUR, "<")),
        Timing("day", "start_ms", WorkingDays(0)),
        Timing("visit", "start_ms", Appointment(HOUR)),
    ]
    [answer] = timed(timings, [{"start_ms": start}])
    assert {name: (value - start) for name, value in answer.items() if name != "n"} == {
        "reached_due_ms": HOUR,
        "reached_last_ms": HOUR,
        "before_due_ms": HOUR,
        "before_last_ms": HOUR - 1,
        "day_due_ms": 12 * HOUR,
        "day_last_ms": 12 * HOUR - 1,
        "visit_first_ms": -HOUR,
        "visit_due_ms": HOUR,
        "visit_last_ms": HOUR,
    }


TABLE = Table(
    (
        Row({"area": ("urban",), "grade": ("A", "B")}, Within(24 * HOUR)),
        Row({"area": ("rural",)}, WorkingDays(2)),
        Row({"area": ("urban",)}, Within(48 * HOUR, "<")),
    )
)


def test_a_table_gives_each_case_its_first_row():
    dimensions = [
        {"area": "urban", "grade": "B"},
        {"area": "rural", "grade": "A"},
        {"area": "urban", "grade": "C"},
        {"area": None, "grade": "A"},
    ]
    rows = [TABLE.row_of(values) for values in dimensions]
    assert rows == [0, 1, 2, None]
    cases = [{"start_ms": moment("2024-03-01 12:00"), "row_number": row} for row in rows]
    answers = timed([Timing("t", "start_ms", TABLE, row="row_number")], cases)
    assert [written(a["t_due_ms"]) for a in answers] == [
        "2024-03-02 12:00:00",
        "2024-03-06 00:00:00",
        "2024-03-03 12:00:00",
        None,
    ]
    assert [a["t_due_ms"] and a["t_due_ms"] - a["t_last_ms"] for a in answers] == [0, 1, 1, None]
    answers = timed([Timing("t", "start_ms", TABLE, Clock("working", OFFICE), row="row_number")], cases)
    assert [written(a["t_due_ms"]) for a in answers][:3] == [
        "2024-03-06 12:00:00",
        "2024-03-06 00:00:00",
        "2024-03-11 12:00:00",
    ]
    zero = Table((Row({"a": ("x",)}, Within(0)), Row({}, Within(HOUR))))
    cases = [{"start_ms": moment("2024-03-02 12:00"), "row_number": row} for row in (0, 1, None)]
    answers = timed([Timing("t", "start_ms", zero, Clock("working", OFFICE), row="row_number")], cases)
    assert [written(a["t_due_ms"]) for a in answers] == ["2024-03-02 12:00:00", "2024-03-04 11:00:00", None]


def test_a_target_by_class_of_day():
    classes = Classes(
        (
            DayClass(Within(90_000), frozenset({0}), (1, 1)),
            DayClass(Within(60_000), working_days_of_month=frozenset({4})),
            DayClass(Within(45_000)),
        )
    )
    calendar = Calendar(holidays=frozenset({date(2024, 3, 14)}))
    days = [f"2024-03-{day:02}" for day in range(1, 19)]
    cases = [{"start_ms": moment(day)} for day in days] + [{"start_ms": moment("2024-03-18") - 1}]
    timings = [
        Timing("t", "start_ms", classes, Clock(calendar=calendar)),
        Timing("u", "start_ms", Table((Row({}, classes),)), Clock(calendar=calendar), row="0"),
    ]
    answers = timed(timings, cases)
    got = [(a["t_due_ms"] - c["start_ms"]) // 1000 for a, c in zip(answers, cases, strict=True)]
    assert [day + 1 for day, seconds in enumerate(got[:18]) if seconds == 90] == [4, 11, 13, 14, 15, 18]
    assert [day + 1 for day, seconds in enumerate(got[:18]) if seconds == 60] == [6]
    assert got[18] == 45
    assert [a["u_due_ms"] for a in answers] == [a["t_due_ms"] for a in answers]


def test_a_holiday_made_a_working_day_is_no_holiday():
    classes = Classes((DayClass(Within(1), around_holiday=(0, 0)), DayClass(Within(2))))
    calendar = Calendar(country="CN", working=frozenset({date(2023, 10, 1)}))
    cases = [{"start_ms": moment(f"2023-10-0{day} 12:00", SHANGHAI)} for day in (1, 2, 7)]
    answers = timed([Timing("t", "start_ms", classes, Clock(calendar=calendar))], cases, SHANGHAI)
    assert [a["t_due_ms"] - c["start_ms"] for a, c in zip(answers, cases, strict=True)] == [2, 1, 2]


def test_one_statement_answers_every_timing_and_keeps_its_rows():
    timings = [
        Timing("hours", "start_ms", Within(2 * HOUR), WORK, end="end_ms"),
        Timing("held", "start_ms", Within(2 * HOUR), Clock("working", OFFICE, paused="off"), "end_ms", "paused_ms"),
        Timing("days", "start_ms", WorkingDays(1), WORK),
        Timing("moved", "end_ms", NEXT_WORKING_DAY, MOVE),
    ]
    opened = moment("2024-03-01 17:00")
    case = {"start_ms": opened, "end_ms": opened + HOUR, "paused_ms": HOUR}
    answers = timed(timings, [case] * 5_000 + [{"start_ms": None}], threads=2)
    assert len(answers) == 5_001
    assert {key: value for key, value in answers[0].items() if key != "n"} == {
        "hours_due_ms": moment("2024-03-04 11:00"),
        "hours_last_ms": moment("2024-03-04 11:00"),
        "hours_elapsed_ms": HOUR,
        "held_due_ms": moment("2024-03-04 12:00"),
        "held_last_ms": moment("2024-03-04 12:00"),
        "held_elapsed_ms": HOUR,
        "held_net_ms": 0,
        "days_due_ms": moment("2024-03-05"),
        "days_last_ms": moment("2024-03-05") - 1,
        "moved_due_ms": moment("2024-03-04 15:00"),
        "moved_last_ms": moment("2024-03-04 15:00") - 1,
    }
    assert {value for key, value in answers[-1].items() if key != "n"} == {None}


@pytest.mark.parametrize(
    "made",
    [
        lambda: Within(-1),
        lambda: WorkingDays(-1),
        lambda: Appointment(-1),
        lambda: CutOff(()),
        lambda: CutOff((CutOffRule(17 * HOUR, DAY),)),
        lambda: CutOff((CutOffRule(None, DAY), CutOffRule(None, DAY))),
        lambda: CutOff((CutOffRule(17 * HOUR, DAY), CutOffRule(16 * HOUR, DAY), CutOffRule(None, DAY))),
        lambda: CutOff((CutOffRule(17 * HOUR, 16 * HOUR), CutOffRule(None, DAY))),
        lambda: CutOff((CutOffRule(None, 15 * HOUR),)),
        lambda: CutOff((CutOffRule(None, DAY + 1, 1),)),
        lambda: Classes(()),
        lambda: Classes((DayClass(Within(1), frozenset({0})),)),
        lambda: Classes((DayClass(Within(1)), DayClass(Within(1)))),
        lambda: Timing("t", "start_ms", TABLE),
    ],
)
def test_a_deadline_that_cannot_be_meant(made):
    with pytest.raises(PolicyError):
        made()


lengths = st.integers(0, 2 * DAY) | st.integers(0, 96).map(lambda n: n * HOUR // 2)


def opens_soon(clock) -> bool:
    """Whether the slow clock runs for more than two hours in an ordinary week, so that walking ends."""
    _, first, _, slow = clock
    return slow.elapsed(first + 10 * DAY, first + 17 * DAY) > 12 * HOUR


@settings(deadline=None, max_examples=30)
@given(clocks().filter(opens_soon), st.lists(st.tuples(starts, lengths), min_size=1, max_size=3))
def test_a_due_moment_is_where_walking_ends(clock, cases):
    zone, first, ours, slow = clock
    for start, length in cases:
        timing = Timing("t", "start_ms", Within(length), ours)
        again = Timing("u", "start_ms", clock=ours, end="end_ms")
        expected = slow.due(first + start, length)
        [answer] = timed([timing, again], [{"start_ms": first + start, "end_ms": expected}], zone)
        assert (answer["t_due_ms"], answer["u_elapsed_ms"]) == (expected, length)


@settings(deadline=None, max_examples=25)
@given(clocks().filter(opens_soon), starts, lengths, st.integers(0, HOUR))
def test_paused_time_lengthens_what_is_owed(clock, start, length, paused):
    zone, first, ours, slow = clock
    off = Clock(ours.kind, ours.calendar, ours.quiet, "off")
    case = {"start_ms": first + start, "paused_ms": paused}
    [answer] = timed([Timing("t", "start_ms", Within(length), off, paused="paused_ms")], [case], zone)
    assert answer["t_due_ms"] == slow.due(first + start, length + paused)


@settings(deadline=None, max_examples=25)
@given(clocks(kinds=("always",)), starts, lengths)
def test_a_moved_deadline_slides_to_the_end_of_quiet_hours(clock, start, length):
    zone, first, ours, slow = clock
    moving = Clock(quiet=Quiet(ours.quiet.from_ms, ours.quiet.to_ms, "move")) if ours.quiet else Clock()
    [answer] = timed([Timing("t", "start_ms", Within(length), moving)], [{"start_ms": first + start}], zone)
    assert answer["t_due_ms"] == slow.moved(first + start + length)


@settings(deadline=None, max_examples=30)
@given(clocks(), starts, st.integers(0, 4), st.integers(1, 1439), st.integers(1, 1440))
def test_deadlines_by_day_are_where_walking_ends(clock, start, number, before, until):
    zone, first, ours, slow = clock
    if len(slow.weekdays) < 2:
        slow.weekdays |= {1, 4}
    calendar = Calendar(
        frozenset(slow.weekdays), None, ours.calendar.holidays, ours.calendar.working, ours.calendar.closed
    )
    late = CutOffRule(None, until * 60_000, number + 1, "working")
    cut_off = CutOff((CutOffRule(before * 60_000, DAY, number), late))
    timings = [
        Timing("days", "start_ms", WorkingDays(number), Clock(calendar=calendar)),
        Timing("cut", "start_ms", cut_off, Clock(calendar=calendar)),
    ]
    opened = first + start
    [answer] = timed(timings, [{"start_ms": opened}], zone)
    assert answer["days_due_ms"] == slow.first_minute(opened, slow.working_day_after(opened, number), 1440)
    now = slow.now(opened)
    if now.hour * 60 + now.minute < before:
        expected = slow.first_minute(opened, now.date() + timedelta(days=number), 1440)
    else:
        expected = slow.first_minute(opened, slow.working_day_after(opened, number + 1), until)
    skipped = slow.now(expected).hour * 60 + slow.now(expected).minute - until % 1440
    if answer["cut_due_ms"] != expected:  # a due time in a missing hour is due as much later as the clock is put on
        assert 0 < skipped <= 60
        assert 0 < answer["cut_due_ms"] - expected <= HOUR


def test_the_day_before_a_week_end_is_not_around_a_holiday():
    classes = Classes((DayClass(Within(1), around_holiday=(2, 0)), DayClass(Within(2))))
    calendar = Calendar(holidays=frozenset({date(2024, 3, 6)}))
    cases = [{"start_ms": moment("2024-03-01") + n * DAY} for n in range(7)]
    answers = timed([Timing("t", "start_ms", classes, Clock(calendar=calendar))], cases)
    assert [a["t_due_ms"] - c["start_ms"] for a, c in zip(answers, cases, strict=True)] == [2, 2, 2, 1, 1, 1, 2]


def test_a_length_goes_on_the_next_morning():
    hours = Clock("open", Calendar(open_hours=weekly({d: [(480, 1320)] for d in range(7)})))
    assert due(Within(2 * HOUR), hours, "2016-10-01 21:00", SHANGHAI) == "2016-10-02 09:00:00"
