"""Reports on cases made by hand: alone, with every promise that cases can bear, and beside the issue's Tuesday."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import report_fixture as made
from cc_metrics.language import said
from cc_metrics.model import case_terms as terms
from cc_metrics.model.clock import Calendar, Clock, Quiet
from cc_metrics.model.dates import day_text, weekday_text
from cc_metrics.model.deadlines import Classes, DayClass, Row, Table, Within, WorkingDays
from cc_metrics.model.durations import DAY, HOUR
from cc_metrics.model.promise import Policy, Promise
from cc_metrics.model.report import Accounting, Asked, Head, Judged, Report
from cc_metrics.model.selection import Selection

HOSTILE, STEERING, CHINESE = made.HOSTILE, made.STEERING, made.CHINESE
OPEN = said("{n:,} open; the mean if all were closed now: {floor}", n=11, floor=said("{n:.1f} hours", n=13.4))
FEW = said("only {n:,} answered: no verdict below {fewest}", n=12, fewest=30)
COMPARED = said(
    "{compared} (95 %: {low} to {high})",
    compared=said(
        "before {day}: {share} % of {n:,}; {change} points",
        day=day_text(date(2013, 8, 10)),
        share=8.1,
        n=360,
        change=-3.1,
    ),
    low=-7.2,
    high="+1.4",
)
RTL = "\u202eetacilpud\u2066 עברית"

COMPLAINTS = Promise(
    "Complaints settled in a day",
    "turnaround",
    "share_within",
    Fraction(9, 10),
    where={"kind": ("complaint",)},
    about="cases",
    terms=terms.Turnaround(deadline=Within(24 * HOUR)),
)
AVERAGE = replace(
    COMPLAINTS,
    name="Complaints on average",
    shape="mean_at_most",
    target=Fraction(62_208),
    kind="reached",
    when="2005",
    terms=terms.Turnaround(),
)
INSTALLS = replace(
    COMPLAINTS,
    name="Installed in three working days",
    shape="none_over",
    target=Fraction(1),
    where={"kind": ("install",), "feasible": ("true",)},
    terms=terms.Turnaround(deadline=WorkingDays(3), clock=Clock(calendar=Calendar(country="CN"))),
)
FAULTS = replace(
    COMPLAINTS,
    name=HOSTILE,
    where={"kind": (STEERING,)},
    terms=terms.Turnaround(
        deadline=Table((Row({"area": ("urban",)}, Within(DAY)), Row({}, Within(3 * DAY)))),
        clock=Clock(quiet=Quiet(22 * HOUR, 8 * HOUR), paused="off"),
    ),
)
RESPONSE = replace(COMPLAINTS, name="Answered", terms=terms.Turnaround("dispatched_at", "responded_at", Within(HOUR)))
JUSTIFIED = replace(
    COMPLAINTS,
    name=f"Justified | {CHINESE}",
    measure="share_of_cases",
    shape="rate_at_most",
    target=Fraction(1, 20),
    where={},
    terms=terms.ShareOfCases(Selection({"justified": ("true",)})),
    since=date(2013, 8, 10),
    strict=True,
)
PER_LINES = replace(
    JUSTIFIED,
    name="Complaints on billing",
    measure="cases_per_base",
    target=Fraction(1, 100_000),
    terms=terms.PerBase("lines"),
    since=None,
    strict=False,
)
FALL = replace(
    PER_LINES,
    name="Fall",
    measure="case_volume",
    shape="rate_at_least",
    target=Fraction(988, 1000),
    terms=terms.Volume(),
)
WITHOUT = replace(INSTALLS, name="Quiet months", measure="months_without_cases", terms=terms.MonthsWithout(5))
FIRST = replace(
    COMPLAINTS,
    name="Satisfied first time",
    measure="satisfied",
    shape="rate_at_least",
    about="cases",
    terms=terms.Satisfied("first"),
)
ABOVE = replace(
    FIRST,
    name="Score above the year before",
    measure="score",
    shape="mean_at_least",
    target=Fraction(136, 100),
    where={"segment": (RTL,)},
    about="satisfaction",
    terms=terms.Score(Fraction(8401, 100)),
)
SPEED = replace(
    FIRST,
    name="Speed measured",
    measure="mean_ratio",
    shape="mean_at_least",
    where={},
    terms=terms.MeanRatio(("measured", "contracted")),
)
BY_DAY = Promise(
    "Waits by day",
    "longest_wait",
    "none_over",
    Fraction(1),
    terms=terms.ClassedWait(Classes((DayClass(Within(90_000), frozenset({0})), DayClass(Within(60_000))))),
)

POLICY = Policy("cases-2013", source=HOSTILE, timezone="Asia/Shanghai")


def judged(
    promise: Promise, settled: int, kept: int, verdict: str | None, margin: int | None, *beside: str, **more: Any
) -> Judged:
    """A promise with its row, and the sentences *beside* it."""
    return replace(made.judged(promise, settled, kept, verdict, margin, **more), beside=beside)


def cases(opened: int, closed: int, still: int, **more: Any) -> dict[str, Any]:
    """A row of cases: of none closed there is no length."""
    lengths = ("mean_s", "p50_s", "p90_s", "longest_s")
    found: dict[str, Any] = {
        "start": None,
        "kind": None,
        "opened": opened,
        "closed": closed,
        "open": still,
        "due": closed,
        "in_time": closed - closed // 9,
        "overdue_open": still // 3,
        "oldest_open_s": 200_000.5 if still else None,
        "floor_mean_s": 51_000.25 if closed + still else None,
        **{name: 20_000.0 * (i + 1) if closed else None for i, name in enumerate(lengths)},
    }
    return found | more


def stock(promise: str, owner: str | None, overdue: int, today: int, tomorrow: int) -> dict[str, Any]:
    oldest = "2013-08-19T17:00:00+08:00" if overdue else None
    return {
        "promise": promise,
        "owner": owner,
        "overdue": overdue,
        "oldest_due": oldest,
        "due_today": today,
        "due_tomorrow": tomorrow,
    }


def answers(channel: str | None, segment: str | None, asked: int, answered: int, satisfied: int) -> dict[str, Any]:
    return {
        "channel": channel,
        "segment": segment,
        "asked": asked,
        "answered": answered,
        "response_rate": made.share(answered, asked),
        "satisfied": satisfied,
        "satisfaction": made.share(satisfied, answered),
        "low": 0.841 if answered else None,
        "high": 0.932 if answered else None,
        "mean_score": 85.372 if answered else None,
    }


PROMISES = (
    judged(
        COMPLAINTS,
        307,
        252,
        "missed",
        -25,
        said("closed in the period: {n:,} of {all:,} in time ({share:.1f} %)", n=257, all=312, share=82.37),
        said("due today {n:,}, tomorrow {next:,}", n=11, next=0),
        pending=11,
    ),
    judged(AVERAGE, 312, 0, "kept", None, OPEN, value=48_946.125),
    judged(INSTALLS, 119, 117, "missed", -2, pending=11),
    judged(FAULTS, 12, 12, "kept", 1, f"open and overdue: 1 {RTL}"),
    judged(RESPONSE, 0, 0, "no_data", None, note="no case has responded_at"),
    judged(JUSTIFIED, 240, 12, "missed", -1, COMPARED),
    judged(PER_LINES, 1_234_567, 11, "kept", 1, low=0.0000044479, high=0.0000159427, interval="exact"),
    judged(FALL, 4_100, 4_059, "kept", 8),
    judged(WITHOUT, 5, 4, "missed", -1),
    judged(FIRST, 96, 86, "undecided", None, basis="sample", low=0.8186, high=0.9422, interval="wilson"),
    judged(ABOVE, 310, 0, "kept", None, value=1.4, basis="sample", low=1.37, high=1.43, interval="t"),
    judged(SPEED, 12, 0, "not_judged", None, note=FEW, value=0.9312),
)

HEAD = Head(
    as_of="2013-08-21T00:00:00+08:00",
    timezone="Asia/Shanghai",
    start="2013-08-01T00:00:00+08:00",
    end="2013-08-21T00:00:00+08:00",
    weekday=None,
    complete=True,
    label=said("{first} - {last}", first=weekday_text(date(2013, 8, 1)), last=weekday_text(date(2013, 8, 20))),
)
EVENTS = Accounting(
    files=("cases/开通.csv",),
    read=1_310,
    accepted=1_300,
    ignored={"duplicate": 8},
    rejected={said("no {column}", column="case_id"): 2},
    first="2013-08-01T00:33:57+08:00",
    last="2013-08-20T23:17:22+08:00",
    cases=600,
)


def alone() -> Report:
    """Cases, attempts, answers and bases without a call, with names from hell."""
    return Report(
        head=HEAD,
        asked=Asked(by=("area",)),
        policy=POLICY,
        accounting=Accounting(),
        promises=PROMISES,
        cases=(
            cases(323, 312, 11, kind="complaint", area="urban"),
            cases(120, 60, 60, kind=HOSTILE, area=CHINESE),
            cases(9, 3, 6, kind=STEERING, area=RTL),
            cases(0, 0, 0, kind="=cmd()", area=None),
            cases(148, 140, 0, kind=None, area=""),
        ),
        stock=(
            stock(COMPLAINTS.name, "back office", 0, 11, 0),
            stock(INSTALLS.name, HOSTILE, 3, 0, 4),
            stock(FAULTS.name, None, 12, 1, 0),
        ),
        answers=(
            answers("ivr", "public", 1_000, 96, 86),
            answers(STEERING, RTL, 400, 310, 280),
            answers(None, HOSTILE, 0, 0, 0),
        ),
        beside={"cases": EVENTS, "attempts": Accounting(("a.csv",), 3, 3), "bases": Accounting(("b.csv",), 1, 1)},
        about_cases=HEAD,
    )


def beside_calls() -> Report:
    """The issue's Tuesday, without its half-hours, and the cases of three weeks that end before its data."""
    cases_ = alone()
    return replace(
        made.tuesday(),
        intervals=(),
        promises=(*made.tuesday().promises, *PROMISES[:3], judged(BY_DAY, 25_324, 25_321, "missed", -3)),
        cases=cases_.cases[:1],
        stock=cases_.stock[:1],
        beside={"cases": replace(EVENTS, cases=None, read=1_302, ignored={})},
        about_cases=replace(HEAD, complete=False, incomplete=said("data end {clock}", clock="23:17")),
    )
