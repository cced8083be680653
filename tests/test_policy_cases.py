"""Promises on cases, answers and bases in a policy: what each key becomes, and what is refused."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from cc_metrics import policy
from cc_metrics.model import case_terms as terms
from cc_metrics.model.clock import Calendar, Clock, Quiet
from cc_metrics.model.deadlines import (
    Appointment,
    Classes,
    CutOff,
    CutOffRule,
    DayClass,
    Row,
    Table,
    Within,
    WorkingDays,
)
from cc_metrics.model.durations import DAY, HOUR, SECOND
from cc_metrics.model.selection import Selection

HEAD = 'name = "p"\n'
CUT_OFF = 'cut_off = [{ before = "17:00", due = "24:00" }, { due = "15:00", days = 1, working = true }]'
DEADLINES = (
    'deadlines = [{ where = { area = "urban", feasible = true }, within = "24 hours" }, { within = "3 working days" }]'
)
BY_DAY = (
    'by_day = [{ on = "Monday", within = "90 seconds" }, { around_holiday = [1, 1], working_day_of_month = 5, '
    'within = "90 seconds" }, { within = "60 seconds" }]'
)
HOUR_SHARE = ('within = "1 h"', 'target = "90 %"')


@pytest.fixture
def one(tmp_path, monkeypatch):
    """The one promise of a policy with these lines (and others above it)."""
    monkeypatch.chdir(tmp_path)

    def load(measure, *written, above=""):
        lines = [HEAD, above, "[[promise]]", 'name = "a"', f'measure = "{measure}"', *written]
        Path("my.toml").write_text("\n".join(lines), encoding="utf-8")
        return policy.load("my.toml").promises[0]

    return load


@pytest.fixture
def said(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def say(measure, *written, above=""):
        lines = [HEAD, above, "[[promise]]", 'name = "a"', f'measure = "{measure}"', *written]
        Path("my.toml").write_text("\n".join(lines), encoding="utf-8")
        return [error.what for error in policy.problems("my.toml")]

    return say


def test_a_share_within_hours_between_two_moments(one):
    found = one("turnaround", 'from = "dispatched"', 'to = "responded"', 'within = "2 hours"', 'target = "90 %"')
    assert (found.about, found.shape, found.target) == ("cases", "share_within", Fraction(9, 10))
    assert found.terms == terms.Turnaround("dispatched_at", "responded_at", Within(2 * HOUR))


@pytest.mark.parametrize(
    ("written", "shape", "target", "deadline"),
    [
        (('within = "7 working days"', "none_late = true"), "none_over", 1, WorkingDays(7)),
        (('within = "24 hours"', 'edge = "<"', 'target = "98 %"'), "share_within", Fraction(49, 50), Within(DAY, "<")),
        (('at_most = "0.72 days"',), "mean_at_most", Fraction(62208), None),
        (
            (CUT_OFF, "none_late = true"),
            "none_over",
            1,
            CutOff((CutOffRule(17 * HOUR, DAY), CutOffRule(None, 15 * HOUR, 1, "working"))),
        ),
        (
            (DEADLINES, 'target = "90 %"'),
            "share_within",
            Fraction(9, 10),
            Table((Row({"area": ("urban",), "feasible": ("true",)}, Within(DAY)), Row({}, WorkingDays(3)))),
        ),
        (
            (BY_DAY, 'target = "90 %"'),
            "share_within",
            Fraction(9, 10),
            Classes(
                (
                    DayClass(Within(90 * SECOND), frozenset({0})),
                    DayClass(Within(90 * SECOND), frozenset(), (1, 1), frozenset({5})),
                    DayClass(Within(60 * SECOND)),
                )
            ),
        ),
    ],
)  # fmt: skip
def test_bounds_and_deadlines(one, written, shape, target, deadline):
    found = one("turnaround", *written)
    assert (found.shape, found.target, found.terms.deadline) == (shape, target, deadline)


def test_a_clock_with_calendar_quiet_hours_and_pauses(one):
    above = '[calendar]\nweek = "Sun-Thu"\ncountry = "SA"\nholidays = ["2017-01-02"]\nhours = "Sun-Thu 08:10-17:00"'
    found = one(
        "turnaround", 'within = "8 hours"', 'target = "90 %"', 'clock = "working"', 'quiet = "22:00-08:00"',
        'quiet_rule = "move"', 'paused = "off"', above=above,
    ).terms.clock  # fmt: skip
    assert (found.kind, found.quiet, found.paused) == ("working", Quiet(22 * HOUR, 8 * HOUR, "move"), "off")
    calendar = found.calendar
    assert (calendar.weekdays, calendar.country) == (frozenset({6, 0, 1, 2, 3}), "SA")
    assert calendar.holidays == {date(2017, 1, 2)}
    assert (6, 8 * HOUR + HOUR // 6, 17 * HOUR) in calendar.open_hours.spans


def test_where_not_and_where_differ(one):
    found = one(
        "service_level", 'within = "20 s"', 'target = "90 %"', 'where_not = { network = "own" }',
        'where_differ = { region = "home_region" }',
    )  # fmt: skip
    assert found.selection == Selection({}, {"network": ("own",)}, differ={"region": "home_region"})
    assert found.selection.dimensions() == ("network", "region", "home_region")


@pytest.mark.parametrize(
    ("measure", "written", "expected"),
    [
        ("appointment_kept", ('tolerance = "1 hour"', "none_late = true"),
         terms.Turnaround("appointed_at", "arrived_at", Appointment(HOUR))),
        ("share_of_cases", ('counted_same = { owner = "first_owner" }', 'target = "90 %"'),
         terms.ShareOfCases(Selection(same={"owner": "first_owner"}))),
        ("share_of_cases", ("counted = { escalated = true, justified = true }", 'limit = "0 %"'),
         terms.ShareOfCases(Selection({"escalated": ("true",), "justified": ("true",)}))),
        ("share_of_cases", ("counted_least = { reopened = 1 }", 'limit = "5 %"'),
         terms.ShareOfCases(Selection(least={"reopened": 1}))),
        ("months_without_cases", ("months = 5",), terms.MonthsWithout(5)),
        ("case_volume", ('fall = "98.8 %"', "since = 2005-01-01"), terms.Volume()),
        ("call_volume", ('rise = "129 %"', "since = 2011-01-01"), terms.Volume(rises=True)),
        ("cases_per_base", ('per = "lines"', 'limit = "1 in 100000"'), terms.PerBase("lines")),
        ("share_of_base", ('part = "promised"', 'per = "communities"', 'target = "99 %"'),
         terms.PerBase("communities", "promised")),
        ("repeat_complaints", ('window = "30 days"', 'limit = "5 %"'), terms.RepeatComplaints()),
        ("attempts_made", ("attempts = 3", 'day = "same"', "none_late = true"), terms.AttemptsMade(3)),
        ("attempts_made", ('parts_of_day = ["08:00-12:00", "12:00-24:00"]', 'day = "next"', 'target = "90 %"'),
         terms.AttemptsMade(0, ((8 * HOUR, 12 * HOUR), (12 * HOUR, DAY)), next_day=True)),
        ("backlog_cleared", ("waiting_at = 2006-01-27", 'within = "2 days"', 'target = "100 %"'),
         terms.Backlog("2006-01-27", 2 * DAY)),
        ("mean_ratio", ('ratio = ["measured", "contracted"]', 'target = "90 %"'),
         terms.MeanRatio(("measured", "contracted"))),
        ("followed_up",
         ('ratio = ["m", "c"]', 'below = "90 %"', 'follow_up = { kind = "optimise" }', "none_late = true"),
         terms.FollowedUp(("m", "c"), Fraction(9, 10), Selection({"kind": ("optimise",)}))),
        ("satisfied", ('asked = "first"', 'target = "99.5 %"'), terms.Satisfied("first")),
        ("satisfied", ("satisfied_from = 80", 'target = "90 %"'), terms.Satisfied("survey", 80.0)),
        ("score", ("at_least = 85.37",), terms.Score()),
        ("score", ("above = 1.36", "reference = 84.01"), terms.Score(Fraction(8401, 100))),
        ("score_rises", ("years = 5",), terms.ScoreRises(5)),
        ("score_rank", ("up = 1",), terms.ScoreRank(1)),
        ("months_below", ('within = "10 seconds"', 'each = "85 %"', "months = 3"), terms.MonthsBelow(3)),
    ],
)  # fmt: skip
def test_terms_of_each_measure(one, measure, written, expected):
    assert one(measure, *written).terms == expected


def test_bounds_that_are_no_shares(one):
    assert one("cases_per_base", 'per = "b"', 'limit = "1 in 100,000"').target == Fraction(1, 100_000)
    assert one("case_volume", 'rise = "129 %"', "since = 2011-01-01").target == Fraction(129, 100)
    assert one("score", "above = 1.36", "reference = 84.01").target == Fraction(34, 25)
    assert one("abandonment", 'limit = "5 %"', 'edge = "<"').strict
    assert not one("abandonment", 'limit = "5 %"').strict


@pytest.mark.parametrize(
    ("measure", "written", "complaints"),
    [
        ("turnaround", ('target = "90 %"',), ["the promise does not say by when"]),
        ("turnaround", ('within = "1 h"', 'within_days = 3', 'target = "90 %"'), ["'within_days' is not a key here"]),
        ("turnaround", (*HOUR_SHARE, "none_late = true"), ["'none_late' and 'target' are two bounds"]),
        ("turnaround", ('within = "1 h"', 'at_most = "1 h"'), ["a mean has no within"]),
        ("turnaround", ('within = "3 working days"', 'edge = "<"', "none_late = true"),
         ["edge speaks of a length of time"]),
        ("turnaround", ('within = "1 h"',),
         ["the promise has no target or none_late or at_most; one that is only stated needs it too"]),
        ("turnaround", ('within = "1 h"', 'cut_off = [{ due = "24:00", days = 1 }]', 'target = "90 %"'),
         ["'cut_off' and 'within' are two deadlines"]),
        ("turnaround", ('cut_off = [{ before = "17:00", due = "15:00" }, { due = "24:00" }]', 'target = "90 %"'),
         ["a cut-off rule is due before its cases are opened"]),
        ("turnaround", ("deadlines = [{ where = { area = 'urban' } }]", 'target = "90 %"'),
         ["the row has no deadline"]),
        ("turnaround", ('from = "resolved"', *HOUR_SHARE), ["from: 'resolved' is not known here"]),
        ("turnaround", ('from = "responded"', 'to = "responded"', 'within = "1 h"', 'target = "90 %"'),
         ["the promise begins and ends with the same moment"]),
        ("turnaround", ('quiet_rule = "move"', *HOUR_SHARE), ["there are no quiet hours to follow a rule"]),
        ("turnaround", ('clock = "open"', *HOUR_SHARE), ["the clock counts open hours, but none are given"]),
        ("turnaround", ('within = "1 h"', "none_late = false"), ["none_late: can only be true"]),
        ("turnaround", ('within = "1 h"', "none_late = true", 'where = { feasible = "yes" }'),
         ["where.feasible: 'yes' is not true or false"]),
        ("appointment_kept", ("none_late = true",), ["the promise has no tolerance"]),
        ("share_of_cases", ('target = "90 %"',), ["the promise does not say what is counted"]),
        ("months_without_cases", (), ["the promise has no months"]),
        ("case_volume", ('fall = "5 %"',), ["the promise does not say since when"]),
        ("score", ("above = 1",), ["above and reference belong together"]),
        ("attempts_made", ("none_late = true",),
         ["the promise must say how many attempts, or in which parts of the day"]),
        ("cases_per_base", ('limit = "1 %"',), ["the promise has no per"]),
        ("service_level", ('within = "20 s"', 'target = "90 %"', "none_late = true"),
         ["service_level has a target to reach, not a none_late"]),
        ("service_level", ('within = "20 s"', 'target = "90 %"', "counted = { reason = '*' }"),
         ["'counted' means nothing for service_level"]),
    ],
)  # fmt: skip
def test_what_is_refused(said, measure, written, complaints):
    assert said(measure, *written) == complaints


def test_a_calendar_names_what_it_cannot_read(said):
    above = '[calendar]\nweek = "Mo-Fr"\nholidays = ["Sunday"]\nhuors = "Mon 08:00-09:00"\ncountry = "XX"'
    assert said("appointment_kept", 'tolerance = "1 h"', "none_late = true", above=above) == [
        "week: 'Mo' is not a weekday",
        "holidays: names a weekday, not a date",
        "'huors' is not a key here",
        "country: no public holidays are known for 'XX'",
    ]


def test_a_case_clock_without_a_calendar_is_monday_to_friday(one):
    found = one("turnaround", 'within = "2 working days"', 'target = "90 %"')
    assert found.terms.clock == Clock(calendar=Calendar())
