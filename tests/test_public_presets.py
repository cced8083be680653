"""Presets made of public documents: every figure by hand, as the policy that is loaded holds it."""

import pytest

from cc_metrics import policy
from cc_metrics.model.case_terms import ClassedWait, MonthsBelow, Turnaround
from cc_metrics.model.deadlines import Classes, Table, WorkingDays
from cc_metrics.model.durations import HOUR, SECOND, short
from cc_metrics.model.promise import WEEKDAYS

IN_TIME = "none over"

CONNECTED = (
    "in place 2 working days, no infrastructure 20 working days, urban 5 working days, "
    "major rural 10 working days, minor rural 15 working days, remote 15 working days"
)
REPAIRED = (
    "no visit 1 working days, urban 1 working days, major rural/minor rural 2 working days, remote 3 working days"
)

FIGURES = {
    "uk-nhs111-classic": {
        "Answered calls answered in 60 seconds": ("at least 95 %", "60 s answered_only"),
        "Calls abandoned after 30 seconds": ("less than 5 %", "30 s short"),
    },
    "us-ak-operator": {
        "Operator calls answered in 10 seconds": ("at least 90 %", "10 s all_offered"),
        "Operator calls answered on average, the alternative": ("stated mean of 2.8 s", "answered"),
        "Not under surveillance: three months below 85 %": (IN_TIME, "3 months below 85 % in 10 s"),
    },
    "us-fcc-cable": {"Calls answered in 30 seconds": ("at least 90 %", "30 s all_offered")},
    "in-trai-2014": {
        "Calls answered in 90 seconds": ("at least 95 %", "90 s all_offered"),
        "Billing complaints resolved in 4 weeks": ("at least 98 %", "complaint billing: 28 d"),
        "Billing complaints resolved in 6 weeks": (IN_TIME, "complaint billing: 42 d"),
    },
    "sa-citc-2017": {
        "Calls answered in 60 seconds": ("at least 80 %", "60 s all_offered"),
        "Voice lines installed in 5 working days": ("at least 90 %", "install voice: 5 working days"),
        "Internet access installed in 10 working days": ("at least 90 %", "install internet: 10 working days"),
        "Faults repaired in 24 hours": ("at least 90 %", "repair voice/internet: 24 h"),
    },
    "au-csg": {
        "Home phones connected in time": (IN_TIME, f"install: {CONNECTED}"),
        "Home phones repaired in time": (IN_TIME, f"repair: {REPAIRED}"),
    },
    "br-2014-2008": {
        "Calls answered in 60 seconds": (IN_TIME, "60 s"),
        "Bank and card calls answered in 45 seconds, 90 on busy days": (
            IN_TIME,
            "Monday 90 s, around holidays (1, 1) 90 s, working day 5 90 s, else 45 s",
        ),
    },
    "es-ley-10-2025": {
        "Calls answered in 3 minutes": ("at least 95 %", "3 min all_offered"),
        "Complaints resolved in 15 working days": (IN_TIME, "complaint: 15 working days"),
        "Complaints of undue charges resolved in 5 days": (IN_TIME, "complaint undue charge: 5 d"),
    },
    "pt-dl-134-2009": {
        "Calls answered in 60 seconds": (IN_TIME, "60 s"),
        "Callers who left a number answered in 2 working days": (IN_TIME, "callback: 2 working days"),
    },
    "cn-3g-2009": {
        "Calls answered by a person in 15 seconds": (IN_TIME, "15 s"),
        "Service restored in 1 hour on average": ("mean of 1 h", "restore"),
        "Service restored in 24 hours": (IN_TIME, "restore: 24 h"),
        "Changes made in 1 hour on average": ("mean of 1 h", "rename/transfer/suspend"),
        "Changes made in 24 hours": (IN_TIME, "rename/transfer/suspend: 24 h"),
        "Faults repaired in 24 hours on average": ("mean of 24 h", "repair"),
        "Faults repaired in 48 hours": (IN_TIME, "repair: 2 d"),
    },
    "cn-1996-data": {
        "Data faults repaired in time": (IN_TIME, "repair: equipment 4 h, line important 6 h, line 24 h"),
    },
    "cn-ct-10000": {
        "Calls to 10000 connected in 15 seconds": ("stated at least 0 %", "15 s all_offered"),
        "Calls to 10009 connected in 15 seconds": ("stated at least 0 %", "15 s all_offered"),
        "Chats connected in 5 minutes": ("stated at least 0 %", "5 min all_offered"),
        "Video counter connected in 25 seconds": ("stated at least 0 %", "25 s all_offered"),
        "Calls solved at once": ("stated at least 0 %", "24 h answered call"),
        "Repeated calls": ("stated at most 100 %", "7 d answered 4"),
    },
}


def bound(promise):
    words = {
        "none_over": IN_TIME,
        "mean_at_most": f"mean of {short(int(promise.target * 1000))}",
        "rate_at_most": f"{'less than' if promise.strict else 'at most'} {float(promise.target * 100):g} %",
    }.get(promise.shape, f"at least {float(promise.target * 100):g} %")
    return f"stated {words}" if promise.kind == "stated" else words


def values(where):
    return " ".join("/".join(accepted) for accepted in where.values())


def deadline(found):
    if isinstance(found, WorkingDays):
        return f"{found.number} working days"
    if isinstance(found, Table):
        return ", ".join(f"{values(row.where)} {deadline(row.deadline)}" for row in found.rows)
    if isinstance(found, Classes):
        return ", ".join(f"{days(one)} {deadline(one.deadline)}" for one in found.classes)
    return short(found.length_ms)


def days(one):
    named = [WEEKDAYS[day] for day in sorted(one.weekdays)]
    named += [f"around holidays {one.around_holiday}"] if one.around_holiday else []
    named += [f"working day {day}" for day in sorted(one.working_days_of_month)]
    return " ".join(named) or "else"


def how(promise):
    terms, service, within = promise.terms, promise.service, short(promise.service.within_ms)
    if isinstance(terms, Turnaround):
        return values(promise.where) + (f": {deadline(terms.deadline)}" if terms.deadline else "")
    if isinstance(terms, ClassedWait):
        return deadline(terms.classes)
    if isinstance(terms, MonthsBelow):
        return f"{terms.months} months below {float(promise.each * 100):g} % in {within}"
    resolution = promise.resolution
    return {
        "service_level": f"{within} {service.formula}",
        "longest_wait": within,
        "abandoned_of_offered": f"{short(service.short_abandon_ms)} short",
        "first_call_resolution": f"{short(resolution.window_ms)} {resolution.repeats} {resolution.unit}",
        "repeat_calls": f"{short(resolution.window_ms)} {resolution.repeats} {resolution.repeat_calls}",
        "mean_wait": "answered",
    }[promise.measure]


@pytest.mark.parametrize("name", FIGURES)
def test_the_figures_are_the_documents(name):
    found = policy.load(name)
    assert {p.name: (bound(p), how(p)) for p in found.promises} == FIGURES[name]


@pytest.mark.parametrize("name", policy.presets())
def test_every_preset_says_where_it_comes_from_and_what_is_ours(name):
    found = policy.load(name)
    assert policy.problems(name) == []
    assert found.name
    assert found.about.endswith(".")
    assert found.source
    assert found.readings
    assert all(promise.readings for promise in found.promises)
    names = [promise.name for promise in found.promises]
    assert names
    assert len(names) == len(set(names))


def test_no_two_presets_share_a_name():
    names = [policy.load(name).name for name in policy.presets()]
    assert len(names) == len(set(names))


def calendar(name):
    found = policy.load(name).calendar
    return None if found is None else (found.country, sorted(found.weekdays))


def test_whose_working_days_count():
    weekdays = [0, 1, 2, 3, 4]
    assert {name: calendar(name) for name in FIGURES if calendar(name)} == {
        "sa-citc-2017": ("SA", [0, 1, 2, 3, 6]),
        "au-csg": ("AU", weekdays),
        "br-2014-2008": ("BR", weekdays),
        "es-ley-10-2025": ("ES", weekdays),
        "pt-dl-134-2009": ("PT", weekdays),
    }


@pytest.mark.parametrize("name", [name for name in FIGURES if calendar(name)])
def test_the_promises_count_on_that_calendar(name):
    found = policy.load(name)
    clocks = [p.terms.clock for p in found.promises if isinstance(p.terms, Turnaround | ClassedWait)]
    assert clocks
    assert {clock.calendar for clock in clocks} == {found.calendar}


@pytest.mark.parametrize("name", FIGURES)
def test_tables_of_calls_use_a_threshold_of_the_document(name):
    found = policy.load(name)
    calls = [p for p in found.promises if p.measure in {"service_level", "longest_wait"} and p.terms is None]
    assert not calls or found.service.within_ms == calls[0].service.within_ms


def test_what_is_counted_otherwise_than_usual():
    nhs, brazil, portugal, telecom = (
        policy.load(name) for name in ("uk-nhs111-classic", "br-2014-2008", "pt-dl-134-2009", "cn-ct-10000")
    )
    assert nhs.promises[1].measure == "abandoned_of_offered"
    assert [(p.where, p.where_not) for p in brazil.promises] == [
        ({}, {"queue": ("bank", "card")}),
        ({"queue": ("bank", "card")}, {}),
    ]
    callback = portugal.promises[1].terms
    assert (callback.start, callback.end) == ("opened_at", "responded_at")
    assert (callback.clock.quiet.from_ms, callback.clock.quiet.to_ms) == (22 * HOUR, 9 * HOUR)
    assert callback.clock.quiet.rule == "stop"
    assert [p.where for p in telecom.promises[:4]] == [
        {"queue": ("10000",)},
        {"queue": ("10009",)},
        {"channel": ("chat",)},
        {"channel": ("video",)},
    ]
    assert telecom.service.within_ms == 15 * SECOND


@pytest.mark.parametrize(
    ("reason", "area", "row"),
    [
        ("in place", "remote", 0),
        ("no infrastructure", "urban", 1),
        (None, "urban", 2),
        (None, "remote", 5),
        ("new", "minor rural", 4),
        (None, None, None),
    ],
)
def test_an_australian_exception_goes_before_the_area(reason, area, row):
    connected, _ = policy.load("au-csg").promises
    assert connected.terms.deadline.row_of({"reason": reason, "area": area}) == row


@pytest.mark.parametrize(
    ("reason", "tier", "hours"),
    [("equipment", "important", 4), ("line", "important", 6), ("line", "ordinary", 24), ("line", None, 24)],
)
def test_the_important_user_of_1996(reason, tier, hours):
    [faults] = policy.load("cn-1996-data").promises
    table = faults.terms.deadline
    assert table.rows[table.row_of({"reason": reason, "tier": tier})].deadline.length_ms == hours * HOUR
