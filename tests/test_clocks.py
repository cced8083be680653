"""What a clock runs between two moments: by hand, and against a clock that walks minute by minute."""

from datetime import date, timedelta
from itertools import pairwise
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cc_metrics.errors import PolicyError
from cc_metrics.measures.calendar_days import Range, local_days, stretches
from cc_metrics.measures.clocks import Timing, range_needed, timetable
from cc_metrics.model.clock import Calendar, Clock, Quiet
from cc_metrics.model.deadlines import Within, WorkingDays
from cc_metrics.model.promise import ClosedDays
from cc_metrics.model.public_holidays import public_days
from clock_fixture import DAY, HOUR, moment, timed, weekly, written
from slow_clock import SlowClock

NIGHT = Quiet(22 * HOUR, 8 * HOUR)
OFFICE = Calendar(open_hours=weekly({d: [(600, 1080)] for d in range(5)}))  # Mon-Fri 10:00-18:00
CHINA = Calendar(country="CN")
BERLIN, LORD_HOWE, SHANGHAI = "Europe/Berlin", "Australia/Lord_Howe", "Asia/Shanghai"


def elapsed(clock: Clock, start: str, end: str, zone: str = "UTC") -> int:
    case = {"start_ms": moment(start, zone), "end_ms": moment(end, zone)}
    [answer] = timed([Timing("t", "start_ms", clock=clock, end="end_ms")], [case], zone)
    return answer["t_elapsed_ms"]


def test_biz_counts_39_and_a_half_hours_in_the_first_week_of_2006():
    hours = {0: [(540, 1020)], 1: [(600, 960)], 2: [(540, 1020)], 3: [(600, 960)], 4: [(540, 1020)], 5: [(660, 870)]}
    clock = Clock("open", Calendar(open_hours=weekly(hours)))
    assert elapsed(clock, "2006-01-01", "2006-01-08") == 39.5 * HOUR


@pytest.mark.parametrize(
    ("clock", "zone", "start", "end", "hours"),
    [
        pytest.param(Clock(), "UTC", "2024-03-01 12:00", "2024-03-01 12:00", 0, id="no time at all"),
        pytest.param(Clock(), BERLIN, "2024-03-31", "2024-04-01", 23, id="the day clocks go forward"),
        pytest.param(Clock(), BERLIN, "2024-10-27", "2024-10-28", 25, id="the day clocks go back"),
        pytest.param(Clock(quiet=NIGHT), BERLIN, "2024-03-30 21:00", "2024-03-31 09:00", 2, id="a short quiet night"),
        pytest.param(Clock("working"), BERLIN, "2024-03-29 18:00", "2024-04-01 01:00", 7, id="over a week-end"),
        pytest.param(Clock("working", CHINA), SHANGHAI, "2023-09-28", "2023-10-10", 96, id="working week-end in China"),
        pytest.param(Clock("working", OFFICE), "UTC", "2023-12-29 17:00", "2024-01-02 11:00", 10, id="New Year"),
        pytest.param(
            Clock("working", Calendar(country="DE", open_hours=OFFICE.open_hours)),
            BERLIN,
            "2023-12-29 17:00",
            "2024-01-02 11:00",
            2,
            id="New Year's Day off",
        ),
        pytest.param(Clock("open", OFFICE), "UTC", "2024-03-02 11:00", "2024-03-03 11:00", 0, id="shut all the time"),
        pytest.param(Clock("open", OFFICE), "UTC", "2024-03-01 17:00", "2024-03-04 10:30", 1.5, id="over midnight"),
        pytest.param(
            Clock("open", Calendar(open_hours=weekly({6: [(120, 180)]}))),
            BERLIN,
            "2024-03-31",
            "2024-04-01",
            0,
            id="open in the missing hour",
        ),
        pytest.param(
            Clock("open", Calendar(open_hours=weekly({6: [(60, 180)]}))),
            "America/Montreal",
            "2020-11-01",
            "2020-11-02",
            3,
            id="open in both passes of the doubled hour",
        ),
        pytest.param(Clock(quiet=NIGHT), LORD_HOWE, "2024-04-06 23:00", "2024-04-07 09:00", 1, id="half-hour change"),
    ],
)
def test_time_run(clock, zone, start, end, hours):
    assert elapsed(clock, start, end, zone) == hours * HOUR


def test_spans_need_not_lie_on_quarter_hours():
    clock = Clock(
        "open", Calendar(hours_on={date(2024, 3, 1): ((1, 3), (10, 11)), date(2024, 3, 2): ((DAY - 1, DAY),)})
    )
    assert elapsed(clock, "2024-03-01", "2024-03-03") == 4
    assert elapsed(clock, "2024-03-01 00:00:00.002", "2024-03-01 00:00:00.010") == 1


def test_hours_of_a_single_date_and_quiet_hours_to_midnight():
    hours = {date(2024, 3, 1): ((0, DAY),), date(2024, 3, 2): ((0, DAY),)}
    clock = Clock("working", Calendar(open_hours=OFFICE.open_hours, hours_on=hours), Quiet(22 * HOUR, 0))
    assert elapsed(clock, "2024-02-29", "2024-03-04") == (8 + 22) * HOUR


def test_own_days_come_before_the_countrys():
    calendar = Calendar(country="CN", holidays=frozenset({date(2023, 10, 7)}), working=frozenset({date(2023, 10, 1)}))
    days = local_days(calendar, Range(SHANGHAI, date(2023, 9, 28), date(2023, 10, 9)))
    assert [d.day.isoformat()[5:] for d in days if d.working] == ["09-28", "10-01", "10-08", "10-09"]
    assert [d.ordinal for d in days][-3:] == [2, 3, 4]


def test_a_closed_date_is_never_a_working_day_nor_open():
    closed = ClosedDays(frozenset({0}), frozenset({date(2024, 3, 5)}))
    calendar = Calendar(closed=closed, working=frozenset({date(2024, 3, 11)}), open_hours=OFFICE.open_hours)
    days = local_days(calendar, Range("UTC", date(2024, 3, 4), date(2024, 3, 11)))
    assert [d.day.day for d in days if d.working] == [6, 7, 8, 11]
    assert elapsed(Clock("open", calendar), "2024-03-04", "2024-03-07") == 8 * HOUR


def test_a_day_made_working_takes_the_hours_of_the_weekday_before():
    clock = Clock("working", Calendar(country="CN", open_hours=OFFICE.open_hours))
    assert elapsed(clock, "2023-10-07", "2023-10-09", SHANGHAI) == 16 * HOUR


def test_a_date_that_the_zone_skipped_is_no_day():
    days = local_days(Calendar(), Range("Pacific/Apia", date(2011, 12, 29), date(2011, 12, 31)))
    assert [d.day.day for d in days] == [29, 31]


def test_paused_time_is_taken_off_beside_the_whole():
    case = {"start_ms": 0, "end_ms": 10 * HOUR, "paused_ms": HOUR}
    [answer] = timed([Timing("t", "start_ms", clock=Clock(paused="off"), end="end_ms", paused="paused_ms")], [case])
    assert (answer["t_elapsed_ms"], answer["t_net_ms"]) == (10 * HOUR, 9 * HOUR)


def test_unknown_moments_stay_unknown_and_none_outside_the_range_gets_a_number():
    days = Range("UTC", date(2024, 3, 4), date(2024, 3, 5))
    start, end = moment("2024-03-04"), moment("2024-03-06")
    timing = Timing("t", "start_ms", Within(9 * HOUR), Clock("working", OFFICE), end="end_ms")
    cases = [
        {"start_ms": None, "end_ms": start},
        {"start_ms": start, "end_ms": None},
        {"start_ms": start - 1, "end_ms": start},
        {"start_ms": start, "end_ms": end - 1},
        {"start_ms": start, "end_ms": end},
        {"start_ms": moment("2024-03-05 12:00"), "end_ms": start},
        {"start_ms": -(2**62), "end_ms": 2**62},
    ]
    answers = timed([timing], cases, days=days)
    assert [a["t_elapsed_ms"] for a in answers] == [None, None, None, 16 * HOUR, None, -10 * HOUR, None]
    known = moment("2024-03-05 11:00")
    assert [a["t_due_ms"] for a in answers] == [None, known, None, known, known, None, None]


def test_a_range_that_ends_between_two_hours_of_utc_ends_there():
    days = Range("Asia/Kolkata", date(2024, 3, 4), date(2024, 3, 5))
    start, end = days.bounds()
    timing = Timing("t", "start_ms", Within(48 * HOUR - 1), Clock("working"), end="end_ms")
    cases = [{"start_ms": start + n, "end_ms": end - 1 + n} for n in range(3)]
    answers = timed([timing], cases, days=days)
    assert [a["t_elapsed_ms"] for a in answers] == [48 * HOUR - 1, None, None]
    assert [a["t_due_ms"] for a in answers] == [end - 1, end, None]


def test_an_open_clock_reaches_its_range_by_itself_and_a_shut_one_says_so():
    rare = Calendar(hours_on={date(2024, 9, 9): ((0, HOUR),)})
    start = moment("2024-03-01")
    [answer] = timed([Timing("t", "start_ms", Within(HOUR), Clock("open", rare))], [{"start_ms": start}])
    assert written(answer["t_due_ms"]) == "2024-09-09 01:00:00"
    with pytest.raises(PolicyError, match="too few open days"):
        range_needed([Timing("t", "s", Within(2 * HOUR), Clock("open", rare))], "UTC", start, start)
    with pytest.raises(PolicyError, match="too few open days"):
        range_needed([Timing("t", "s", WorkingDays(1), Clock(calendar=Calendar(frozenset())))], "UTC", start, start)


def test_a_clock_that_always_runs_needs_no_table():
    days = Range("UTC", date(2024, 3, 4), date(2024, 3, 5))
    table = timetable([Timing("t", "opened_ms", Within(HOUR), end="closed_ms")], days)
    assert table.columns == ()
    assert table.sql("cases", "none", keep=["id"]) == (
        "SELECT id, (opened_ms) + 3600000 AS t_due_ms, (opened_ms) + 3600000 AS t_last_ms, "
        "(closed_ms) - (opened_ms) AS t_elapsed_ms FROM cases timed"
    )


def test_two_timings_on_one_clock_share_its_lists():
    days, clock = Range("UTC", date(2024, 3, 4), date(2024, 3, 5)), Clock("working", OFFICE)
    one = Timing("a", "opened_ms", Within(HOUR), clock)
    other = Timing("b", "opened_ms", Within(2 * HOUR), clock, end="closed_ms")
    assert len(timetable([one, other], days).columns) == len(timetable([one], days).columns)


def test_chinas_exchanged_days_and_a_country_that_is_none():
    national = public_days("CN", 2011, 2011)
    assert date(2011, 12, 31) in national.working
    assert {day.year for day in national.holidays | national.working} == {2011}
    with pytest.raises(PolicyError, match="no public holidays are known for 'cn'") as caught:
        public_days("cn", 2011, 2011)
    assert caught.value.hint == "did you mean 'CN'?"
    with pytest.raises(PolicyError, match="'Ruritania'"):
        public_days("Ruritania", 2011, 2011)


@pytest.mark.parametrize(
    "made",
    [
        lambda: Clock("open"),
        lambda: Quiet(0, 0),
        lambda: Quiet(0, DAY),
        lambda: Quiet(DAY, 5),
        lambda: Calendar(holidays=frozenset({date(2024, 1, 1)}), working=frozenset({date(2024, 1, 1)})),
        lambda: Calendar(hours_on={date(2024, 1, 1): ((5, 5),)}),
        lambda: Calendar(
            closed=ClosedDays(dates=frozenset({date(2024, 1, 1)})), hours_on={date(2024, 1, 1): ((0, 5),)}
        ),
        lambda: Timing("t", "s", Within(5), Clock(paused="off")),
        lambda: Timing("t", "s", WorkingDays(5), Clock(paused="off"), paused="p"),
    ],
)
def test_a_clock_that_cannot_be_meant(made):
    with pytest.raises(PolicyError):
        made()


# Against the slow clock: days on which clocks change, and New Year, in five zones.

ANCHORS = {
    BERLIN: ("2024-03-31", "2024-10-27", "2023-12-31"),
    "America/New_York": ("2024-03-10", "2024-11-03", "2023-12-31"),
    LORD_HOWE: ("2024-04-07", "2024-10-06", "2023-12-31"),
    SHANGHAI: ("1990-09-16", "2023-10-01"),
    "Asia/Kolkata": ("2023-12-31", "2024-02-29"),
}
minutes = st.integers(0, 1439)
spans = st.lists(st.tuples(minutes, st.integers(1, 1440)).filter(lambda s: s[0] < s[1]), max_size=2)


@st.composite
def clocks(draw, kinds=("always", "open", "working")):
    """A zone, a first day, a clock of ours and the same rules for the slow one."""
    zone = draw(st.sampled_from(sorted(ANCHORS)))
    first = date.fromisoformat(draw(st.sampled_from(ANCHORS[zone])))
    near = st.sets(st.integers(-3, 6).map(lambda n: first + timedelta(days=n)), max_size=3)
    kind = draw(st.sampled_from(kinds))
    hours = draw(st.dictionaries(st.integers(0, 6), spans, min_size=1).filter(lambda h: any(h.values())))
    holidays, working, closed = draw(near), draw(near), draw(near)
    slow = SlowClock(zone, kind, draw(st.sets(st.integers(0, 6))), holidays=holidays - working - closed)
    slow.working, slow.closed = working - closed, closed
    slow.hours = hours if kind == "open" or draw(st.booleans()) else None
    slow.quiet = draw(st.none() | st.tuples(minutes, minutes).filter(lambda q: q[0] != q[1]))
    calendar = Calendar(
        frozenset(slow.weekdays),
        holidays=frozenset(slow.holidays),
        working=frozenset(slow.working),
        closed=ClosedDays(dates=frozenset(closed)),
        open_hours=weekly(slow.hours) if slow.hours else None,
    )
    quiet = Quiet(slow.quiet[0] * 60_000, slow.quiet[1] * 60_000) if slow.quiet else None
    return zone, moment(first.isoformat(), zone), Clock(kind, calendar, quiet), slow


starts = st.integers(-2 * DAY, 3 * DAY) | st.integers(-200, 200).map(lambda n: n * HOUR // 4)


@settings(deadline=None, max_examples=40)
@given(clocks(), st.lists(st.tuples(starts, st.integers(0, 3 * DAY)), min_size=1, max_size=4))
def test_time_run_is_what_walking_finds(clock, intervals):
    zone, first, ours, slow = clock
    cases = [{"start_ms": first + start, "end_ms": first + start + length} for start, length in intervals]
    answers = timed([Timing("t", "start_ms", clock=ours, end="end_ms")], cases, zone)
    assert [a["t_elapsed_ms"] for a in answers] == [slow.elapsed(c["start_ms"], c["end_ms"]) for c in cases]


@settings(deadline=None, max_examples=40)
@given(clocks(), st.lists(st.tuples(starts, st.integers(0, 3 * DAY)), min_size=1, max_size=4))
def test_a_range_of_many_years_gives_the_same(clock, intervals):
    zone, first, ours, _ = clock
    cases = [{"start_ms": first + start, "end_ms": first + start + length} for start, length in intervals]
    cases += [{"start_ms": first, "end_ms": first + n * DAY} for n in (-30, 30)] + [{"start_ms": None, "end_ms": None}]
    days = range_needed([], zone, first - 5 * DAY, first + 9 * DAY)
    timing = Timing("t", "start_ms", Within(0), ours, end="end_ms")
    expected = timed([timing], cases, zone, days)
    assert not ours.stops or expected[-3]["t_elapsed_ms"] is expected[-2]["t_elapsed_ms"] is None
    with patch("cc_metrics.measures.clocks.LONG", 0):
        assert timed([timing], cases, zone, days) == expected


@settings(deadline=None, max_examples=25)
@given(clocks())
def test_stretches_are_apart_in_order_and_summed(clock):
    zone, first, ours, _ = clock
    found = stretches(ours, range_needed([], zone, first, first + 5 * DAY))
    assert all(a.end_ms < b.start_ms for a, b in pairwise(found))
    assert all(b.before_ms == a.before_ms + a.end_ms - a.start_ms for a, b in pairwise(found))
