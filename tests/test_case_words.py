"""How promises on cases, answers and bases are named and worded: figure, bound, margin, deadlines, clocks."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

import case_report_fixture as made
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
from cc_metrics.model.durations import DAY, HOUR, MINUTE
from cc_metrics.model.promise import OpenHours, Policy, Promise
from cc_metrics.model.selection import Selection
from cc_metrics.render import deadline_words, lengths, naming, term_words, terminal, verdicts

CUT_OFF = CutOff((CutOffRule(17 * HOUR, DAY), CutOffRule(None, 15 * HOUR, 1, "working")))
BY_DAY = Classes(
    (
        DayClass(Within(90_000), frozenset({0}), (1, 2), frozenset({5})),
        DayClass(Within(60_000, "<")),
    )
)


def of(measure: str, kept: terms.Terms, **more: Any) -> Promise:
    """A promise of a measure on all cases."""
    return replace(made.COMPLAINTS, **{"measure": measure, "terms": kept, "where": {}, "name": "its own", **more})


def within(deadline: Any, **more: Any) -> Promise:
    return of("turnaround", terms.Turnaround(deadline=deadline), **more)


@pytest.mark.parametrize(
    ("promise", "name"),
    [
        (made.COMPLAINTS, "Complaint 24 h"),
        (made.AVERAGE, "Complaint on average"),
        (made.INSTALLS, "Feasible Install 3 working days"),
        (made.RESPONSE, "Complaint response 1 h"),
        (within(WorkingDays(1)), "Cases 1 working day"),
        (within(CUT_OFF), "Cases by cut-off"),
        (within(BY_DAY), "Cases by day"),
        (within(Within(HOUR), where={"feasible": ("false",), "reason": ("*",)}), "Not feasible reason 1 h"),
        (within(Within(HOUR), where_not={"network": ("own",)}), "its own"),
        (within(Within(HOUR), where_differ={"region": "home_region"}), "its own"),
        (
            of("appointment_kept", terms.Turnaround("appointed_at", "arrived_at", Appointment(HOUR))),
            "Appointment ± 1 h",
        ),
        (of("share_of_cases", terms.ShareOfCases(Selection())), "its own"),
        (
            of("months_without_cases", terms.MonthsWithout(1), where={"reason": ("billing",)}),
            "Billing: 1 month without",
        ),
        (of("case_volume", terms.Volume()), "Case volume"),
        (of("call_volume", terms.Volume(), where={"channel": ("qq",)}), "QQ volume"),
        (of("cases_per_base", terms.PerBase("lines")), "Cases per lines"),
        (of("share_of_base", terms.PerBase("communities", "promised")), "Promised of communities"),
        (of("repeat_complaints", terms.RepeatComplaints()), "Repeats 30 d"),
        (of("attempts_made", terms.AttemptsMade(3)), "3 attempts"),
        (of("attempts_made", terms.AttemptsMade(0, ((0, HOUR),))), "1 attempt"),
        (of("backlog_cleared", terms.Backlog("2006-01-27", 2 * DAY)), "Backlog 2 d"),
        (made.FIRST, "Complaint satisfied at first"),
        (of("satisfied", terms.Satisfied()), "Satisfied"),
        (of("score", terms.Score()), "Score"),
        (of("score", terms.Score(Fraction(8401, 100)), where={"segment": ("vip",)}), "VIP score above 84.01"),
        (of("score_rises", terms.ScoreRises(5)), "Score 5 rises"),
        (of("score_rank", terms.ScoreRank(1), where={"segment": ("vip",)}), "VIP rank"),
        (of("abandoned_of_offered", terms.Volume()), "Abandoned of offered"),
        (of("months_below", terms.MonthsBelow(3), each=Fraction(17, 20)), "Months below 85 %"),
        (made.BY_DAY, "Wait by day"),
    ],
)
def test_short_names(promise: Promise, name: str) -> None:
    assert naming.short_name(promise) == name


@pytest.mark.parametrize(
    ("promise", "bound"),
    [
        (made.AVERAGE, "reached 2005: at most 0.72 days"),
        (made.INSTALLS, "promised none late"),
        (made.PER_LINES, "promised at most 1 in 100,000"),
        (replace(made.PER_LINES, target=Fraction(3, 1000), strict=True), "promised under 0.3 %"),
        (replace(made.PER_LINES, target=Fraction(1, 20)), "promised at most 5 %"),
        (made.ABOVE, "promised 1.36 above 84.01"),
        (replace(made.ABOVE, target=Fraction(8537, 100), terms=terms.Score()), "promised at least 85.37"),
        (made.FALL, "promised a fall of 98.8 %"),
        (replace(made.FALL, target=Fraction(129, 100), terms=terms.Volume(rises=True)), "promised a rise of 129 %"),
        (made.WITHOUT, "promised 5 months without"),
        (of("months_below", terms.MonthsBelow(3)), "promised not 3 months running below 80 %"),
        (of("score_rises", terms.ScoreRises(5)), "promised 5 years of rising scores"),
        (of("score_rank", terms.ScoreRank(1)), "promised up by 1 place"),
        (made.SPEED, "promised 90 % on average"),
        (made.BY_DAY, "promised none over the day's limit"),
    ],
)
def test_bounds(promise: Promise, bound: str) -> None:
    assert verdicts.target(promise) == bound


@pytest.mark.parametrize(
    ("promise", "more", "figure"),
    [
        (made.AVERAGE, {"value": 62_208.0}, "0.72 d"),
        (made.AVERAGE, {"value": 62_208.5}, "0.72001 d"),
        (made.AVERAGE, {"value": None}, "n/a"),
        (replace(made.AVERAGE, target=Fraction(480)), {"value": 431.5}, "7.2 min"),
        (replace(made.AVERAGE, target_decimals=1), {"value": 62_208.5}, "0.7 d"),
        (made.PER_LINES, {}, "0.9 per 100,000"),
        (made.PER_LINES, {"kept": 0, "settled": 0, "value": None}, "n/a"),
        (replace(made.PER_LINES, target=Fraction(1, 20)), {"kept": 3, "settled": 50}, "6.0 %"),
        (made.FALL, {"value": 0.988}, "fell by 98.8 %"),
        (made.FALL, {"value": -0.25}, "rose by 25.0 %"),
        (replace(made.FALL, terms=terms.Volume(rises=True)), {"value": 1.29}, "rose by 129.0 %"),
        (made.ABOVE, {"value": 1.36}, "+1.36"),
        (made.ABOVE, {"value": -0.5}, "-0.50"),
        (replace(made.ABOVE, terms=terms.Score(), target=Fraction(8537, 100)), {"value": 85.3704}, "85.3704"),
        (made.WITHOUT, {}, "11"),
        (made.WITHOUT, {"settled": 0}, "n/a"),
        (made.SPEED, {"value": 0.9312}, "93.1 %"),
    ],
)
def test_figures(promise: Promise, more: dict[str, Any], figure: str) -> None:
    settled, kept = more.pop("settled", 1_234_567), more.pop("kept", 11)
    assert verdicts.figure(made.judged(promise, settled, kept, "kept", 1, **more))[0] == figure


def test_margins_where_none_may_be() -> None:
    appointment = of("appointment_kept", terms.Turnaround(deadline=Appointment(HOUR)), shape="none_over")
    below = of("months_below", terms.MonthsBelow(3), shape="none_over", about="calls")
    promises = (made.INSTALLS, appointment, made.WITHOUT, below)
    said = [verdicts.margin(made.judged(promise, 9, 7, "missed", -2)) for promise in promises]
    assert said == [("2", "late"), ("2", "missed"), ("2", "short"), ("2", "below")]


def test_what_is_pending() -> None:
    attempts = of("attempts_made", terms.AttemptsMade(3))
    said = [
        verdicts.details(made.judged(p, 90, 90, "kept", 0, pending=7), Policy("p")) for p in (made.RESPONSE, attempts)
    ]
    assert "7 open and not yet due: pending, not counted" in said[0]
    assert said[1] == ["7 not yet over: pending, not counted"]


def test_names_that_a_narrow_line_would_make_alike_have_more_room() -> None:
    names = ("Business customers' satisfaction", "Business customers above the group")
    judged = tuple(
        made.judged(replace(made.SPEED, name=name, kind="reached"), 40, 0, "kept", 2, value=0.93) for name in names
    )
    report = replace(made.alone(), promises=judged)
    lines = terminal.show(report, 76, False).split("\n")
    assert lines[3].startswith("KEPT  Business customers' satisfact…")
    assert lines[4] == "        2 to spare"
    [alone] = [
        line for line in terminal.show(replace(report, promises=judged[:1]), 80, False).split("\n") if "KEPT" in line
    ]
    assert alone.endswith("2 to spare")


@pytest.mark.parametrize(
    ("promise", "item"),
    [(made.COMPLAINTS, "case"), (made.FIRST, "answer"), (made.PER_LINES, ""), (made.WITHOUT, ""), (made.INSTALLS, "")],
)
def test_what_one_item_weighs(promise: Promise, item: str) -> None:
    said = verdicts.details(made.judged(promise, 10, 9, "kept", 0), Policy("p"))
    assert [s for s in said if "weighs" in s] == ([f"one {item} weighs 10.0 points"] if item else [])


def test_bounds_and_outlook_speak_of_cases() -> None:
    open_ = made.judged(made.COMPLAINTS, 100, 90, "not_judged", None, bounds=(0.5, 0.9))
    assert "between 50.0 and 90.0 % whatever the unrecorded cases were" in verdicts.details(open_, Policy("p"))
    outlook = {"low": 0.91, "high": 0.95, "interval": "days", "clusters": 30, "outlook": "above"}
    [said] = verdicts.details(made.judged(made.COMPLAINTS, 100, 93, "kept", 3, **outlook), Policy("p"))
    assert said.endswith("above 90 %, this service keeps it (approximate, 30 days)")


def test_an_interval_of_lengths_has_their_unit() -> None:
    judged = made.judged(made.AVERAGE, 100, 0, "kept", None, value=50_000.0, low=43_200.0, high=60_480.0, interval="t")
    assert "95 %: 0.50 to 0.70 d" in verdicts.details(judged, Policy("p"))


@pytest.mark.parametrize(
    ("deadline", "said"),
    [
        (Within(DAY), ["24 hours"]),
        (Within(HOUR, "<"), ["less than 1 hour"]),
        (WorkingDays(3), ["before the end of working day 3, the day of opening is day 0"]),
        (
            CUT_OFF,
            ["opened before 17:00: before 24:00 of the same day", "opened later: before 15:00 1 working day later"],
        ),
        (
            BY_DAY,
            [
                (
                    "opened on Monday or a holiday (1 day before it to 2 days after) "
                    "or working day 5 of the month: 90 seconds"
                ),
                "opened on any other day: less than 1 minute",
            ],
        ),
        (
            Table((Row({"area": ("urban", made.STEERING)}, Within(HOUR)), Row({}, CUT_OFF))),
            [
                "area is urban or =1+1�[31m�gnp.exe new line: 1 hour",
                "all others: opened before 17:00: before 24:00 of the same day",
                "all others: opened later: before 15:00 1 working day later",
            ],
        ),
        (Appointment(HOUR), ["at the time appointed, 1 hour early or late at most"]),
    ],
)
def test_deadlines_row_by_row(deadline: Any, said: list[str]) -> None:
    assert deadline_words.deadline(deadline) == said


def test_clocks() -> None:
    hours = OpenHours(((0, 510 * MINUTE, 1050 * MINUTE),), "Mon-Fri 08:30-17:30")
    days = {"country": "CN", "holidays": frozenset({date(2013, 1, 2)})}
    calendar = Calendar(**days, working=frozenset({date(2013, 1, 5), date(2013, 1, 6)}), open_hours=hours)
    clock = Clock("working", calendar, Quiet(22 * HOUR, 8 * HOUR))
    assert deadline_words.clock(clock) == (
        "working days of CN, Mon-Fri 08:30-17:30, 1 own holiday, 2 own working days; "
        "quiet hours 22:00-08:00 stop it; paused time counted"
    )
    assert deadline_words.clock(Clock(paused="off")) == "runs always; paused time taken off"
    moved = Clock(quiet=Quiet(22 * HOUR, 8 * HOUR, "move"))
    assert deadline_words.clock(moved) == "quiet hours 22:00-08:00 move a deadline to their end; paused time counted"


@pytest.mark.parametrize(
    ("deadline", "asks"),
    [
        (None, False),
        (Within(DAY), False),
        (WorkingDays(1), True),
        (CUT_OFF, True),
        (BY_DAY, True),
        (Table((Row({}, WorkingDays(1)),)), True),
        (Classes((DayClass(Within(1), frozenset({1})), DayClass(Within(2)))), False),
    ],
)
def test_deadlines_that_ask_a_calendar(deadline: Any, asks: bool) -> None:
    assert deadline_words.by_calendar(deadline) is asks


def test_selections() -> None:
    found = Selection({"a": ("*",)}, {"b": ("x", "y")}, {"c": "d"}, {"e": "f"}, {"reopened": 2})
    assert deadline_words.selected(found) == (
        "a is recorded; b is not x or y; c is the d; e is not the f; reopened at least 2"
    )


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (terms.ShareOfCases(Selection({"escalated": ("true",)})), "counted: escalated"),
        (terms.MonthsWithout(5), "5 months"),
        (terms.PerBase("lines"), "cases per lines"),
        (terms.RepeatComplaints(), "window 30 days, key customer_id + reason"),
        (terms.AttemptsMade(3), "3 attempts by the end of the day of the first failure"),
        (
            terms.AttemptsMade(0, ((8 * HOUR, 12 * HOUR), (12 * HOUR, DAY)), next_day=True),
            "an attempt in each of 08:00-12:00, 12:00-24:00 by the end of the next day of the first failure",
        ),
        (terms.Backlog("2006-01-27", 2 * DAY), "open at 27 Jan 2006, done within 2 days"),
        (terms.MeanRatio(("a", "b")), "a / b"),
        (terms.Satisfied("first"), "asked at first"),
        (terms.Satisfied("survey", 80.0), "asked in the survey; satisfied from a score of 80"),
        (terms.Score(Fraction(8401, 100)), "above 84.01"),
        (terms.ScoreRises(5), "5 years"),
        (terms.ScoreRank(1), "up by 1 place among the values of segment"),
        (terms.MonthsBelow(3), "3 months running"),
    ],
)
def test_terms_of_each_measure(kept: terms.Terms, said: str) -> None:
    assert term_words.terms(of("any", kept)) == [said]


def test_what_follows_up() -> None:
    kept = terms.FollowedUp(("a", "b"), Fraction(9, 10), Selection({"kind": ("optimise",)}))
    assert term_words.terms(of("followed_up", kept)) == [
        "a / b below 90 %",
        "followed by a case whose kind is optimise",
    ]
    assert term_words.terms(of("score", terms.Score())) == []


@pytest.mark.parametrize(
    ("limit", "said"),
    [(62_208, "0.72 days"), (86_400, "24 h"), (172_800, "2 days"), (60, "60 s"), (480, "8 min"), (100_001, "100001 s")],
)
def test_limits(limit: int, said: str) -> None:
    assert lengths.limit(Fraction(limit)) == said
