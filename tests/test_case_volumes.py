"""Months without cases and volumes before and after a day, by hand and against a plain count of months."""

import random
from datetime import date, timedelta
from functools import partial

import pytest

from case_fixture import figures, judge, table
from cc_metrics.measures.volumes import stretches
from cc_metrics.model.intervals import Period
from cc_metrics.model.zones import day_start, offsets
from cc_metrics.reporting import Span

HEAD = "case_id,opened_at,area,responsible"
WITHOUT = 'measure = "months_without_cases"\nmonths = {}\nwhere = {{ responsible = true }}'


@pytest.fixture
def judged(tmp_path):
    return partial(judge, tmp_path)


def cases(*moments, area="urban", responsible="true", every_day=(date(2004, 1, 1), date(2005, 12, 31))):
    """Cases at these moments, beside one that nobody is responsible for on the first and the last day."""
    rows = [f"c{n},{moment},{area},{responsible}" for n, moment in enumerate(moments)]
    rows += [f"d{n},{day}T12:00:00Z,urban,false" for n, day in enumerate(every_day)]
    return table(HEAD, *rows)


@pytest.mark.parametrize(
    ("months", "figured"),
    [
        (7, ("kept", 7, 7, 0, 0)),
        (8, ("kept", 8, 8, 0, 0)),
        (9, ("missed", 8, 9, 0, -1)),
        (24, ("missed", 8, 24, 0, -16)),
    ],
)
def test_months_without(judged, months, figured):
    """The last case is in the last second of April: May to December are eight."""
    text = cases("2005-03-01T00:00:00Z", "2005-03-31T10:00:00Z", "2005-04-30T23:59:59Z")
    found = judged(WITHOUT.format(months), cases=text)
    assert figures(found) == figured
    assert found.beside[1] == "months without any, up to the latest: 8"
    assert found.beside[0].endswith("2005-02: 0, 2005-03: 2, 2005-04: 1, then 8 months with none")


def test_too_few_whole_months_give_no_verdict(judged):
    """25 December to 14 March holds January and February."""
    text = cases("2005-01-05T10:00:00Z", every_day=(date(2004, 12, 25), date(2005, 3, 14)))
    found = judged(WITHOUT.format(3), cases=text)
    assert figures(found) == ("no_data", 0, 0, 0, None)
    assert found.note == "the period has 2 whole months, 3 are asked for"
    assert found.beside == ("2005-01: 1, then 1 month with none",)
    assert figures(judged(WITHOUT.format(1), cases=text))[:3] == ("kept", 1, 1)
    later = Span("2004-12-25", "2005-03-15", as_of="2005-02-28 23:45")
    assert judged(WITHOUT.format(2), span=later, cases=text).note.startswith("the period has 1 whole month, ")


def test_no_case_at_all_and_one_in_the_latest_month(judged):
    found = judged(WITHOUT.format(24), cases=cases())
    assert figures(found) == ("kept", 24, 24, 0, 0)
    assert found.beside[0] == "24 months with none"
    found = judged(WITHOUT.format(1), cases=cases("2005-12-01T00:00:00Z"))
    assert figures(found) == ("missed", 0, 1, 0, -1)


@pytest.mark.parametrize(("area", "run"), [("urban", 1), ("county", 0), ("island", 24)])
def test_months_of_groups(judged, area, run):
    rows = [*cases("2005-11-30T23:59:59Z").splitlines(), "x,2005-12-02T00:00:00Z,county,true"]
    promise = f'measure = "months_without_cases"\nmonths = 1\nwhere = {{ responsible = true, area = "{area}" }}'
    found = judged(promise, cases=table(*rows))
    assert found.beside[-1] == f"months without any, up to the latest: {run}"


def test_flags_that_are_not_recorded_forbid_a_verdict(judged):
    found = judged(WITHOUT.format(1), cases=cases("2005-11-30T10:00:00Z", responsible=""))
    assert figures(found)[0] == "not_judged"
    assert found.note == "responsible is not recorded for 33.3 % of the cases"
    rows = [*cases("2005-11-30T10:00:00Z").splitlines(), "x,2005-12-20T10:00:00Z,urban,"]
    rows += [f"n{n},2005-12-20T10:00:00Z,urban,false" for n in range(9)]
    found = judged(WITHOUT.format(1), cases=table(*rows))
    assert figures(found)[0] == "kept"
    assert found.beside[-1] == "1 case does not say responsible: not counted"


def test_months_are_local_where_clocks_change(judged):
    """In Berlin April 2005 began at 22:00 UTC, for the clock had gone forward on 27 March."""
    edges = (date(2005, 3, 1), date(2005, 4, 30))
    rows = ["s,2005-02-28T23:00:00Z,,false", "e,2005-04-30T21:59:00Z,,false"]
    for moment, run in (("2005-03-31T21:59:59Z", 1), ("2005-03-31T22:00:00Z", 0)):
        text = cases(moment, every_day=edges).splitlines() + rows
        found = judged(WITHOUT.format(1), zone="Europe/Berlin", cases=table(*text))
        assert found.beside[-1] == f"months without any, up to the latest: {run}"


@pytest.mark.parametrize("seed", range(6))
def test_months_without_against_a_plain_count(judged, seed):
    chance = random.Random(seed)
    days = [
        date(2004, 1, 1) + timedelta(days=chance.randrange(chance.choice((200, 731))))
        for _ in range(chance.randrange(9))
    ]
    text = cases(*(f"{day}T{chance.randrange(24):02}:30:00Z" for day in days))
    run = 0
    for year, month in [(y, m) for y in (2005, 2004) for m in range(12, 0, -1)]:
        if any((day.year, day.month) == (year, month) for day in days):
            break
        run += 1
    assert figures(judged(WITHOUT.format(24), cases=text))[1] == run


FALL = 'measure = "case_volume"\nfall = "{}"\nsince = 2005-01-01\nwhere = {{ responsible = true }}'
BEFORE = ("2004-01-01T00:00:00Z", *(f"2004-{n:02}-20T10:00:00Z" for n in range(2, 9)), "2004-12-31T23:59:59Z")


@pytest.mark.parametrize(
    ("fall", "verdict", "margin"), [("77.7 %", "kept", 0), ("77.8 %", "missed", -1), ("66 %", "kept", 1)]
)
def test_a_fall(judged, fall, verdict, margin):
    """Nine in 2004 and two in 2005: 7 of 9, 77.77... %, is no 77.8 %."""
    text = cases(*BEFORE, "2005-01-01T00:00:00Z", "2005-12-31T23:00:00Z")
    found = judged(FALL.format(fall), cases=text)
    assert figures(found) == (verdict, 7, 9, 0, margin)
    assert found.beside == ("9 before, 2 since 1 Jan 2005",)
    assert found.row["value"] == 7 / 9


def test_a_rise_and_a_promise_turned_round(judged):
    rise = FALL.replace("fall", "rise")
    text = cases("2004-05-01T10:00:00Z", *(f"2005-0{n}-20T10:00:00Z" for n in range(1, 4)))
    assert figures(judged(rise.format("200 %"), cases=text)) == ("kept", 2, 1, 0, 0)
    assert figures(judged(rise.format("201 %"), cases=text)) == ("missed", 2, 1, 0, -1)
    found = judged(FALL.format("10 %"), cases=text)
    assert (figures(found), found.row["value"]) == (("missed", -2, 1, 0, -3), -2.0)


def test_the_stretch_before_must_be_covered(judged):
    text = cases("2005-05-01T10:00:00Z", every_day=(date(2004, 3, 1), date(2005, 12, 31)))
    found = judged(FALL.format("10 %"), cases=text)
    assert figures(found) == ("no_data", 0, 0, 0, None)
    assert found.note == "the data do not reach as far before 1 Jan 2005 as the period after it"
    shorter = judged(FALL.format("10 %"), span=Span(end="2005-12-01"), cases=cases(*BEFORE[1:], "2005-05-01T10:00:00Z"))
    assert shorter.beside == ("8 before, 1 since 1 Jan 2005",)


def test_nothing_before_and_nothing_since(judged):
    found = judged(FALL.format("10 %"), cases=cases("2005-05-01T10:00:00Z"))
    assert figures(found) == ("no_data", 0, 0, 0, None)
    assert found.note == "nothing came before 1 Jan 2005 to compare with"
    early = judged(FALL.format("10 %"), span=Span(end="2005-01-01"), cases=cases())
    assert early.note == "the period ends before 1 Jan 2005"


@pytest.mark.parametrize(
    ("area", "said"), [("urban", "9 before, 0"), ("county", "0 before, 1"), ("island", "0 before, 0")]
)
def test_volumes_of_groups(judged, area, said):
    rows = [*cases(*BEFORE).splitlines(), "x,2005-12-02T00:00:00Z,county,true"]
    promise = FALL.format("10 %").replace("responsible = true", f'responsible = true, area = "{area}"')
    assert judged(promise, cases=table(*rows)).beside == (f"{said} since 1 Jan 2005",)


@pytest.mark.parametrize(
    ("since", "end", "start"),
    [
        (date(2005, 1, 1), date(2006, 1, 1), date(2004, 1, 1)),  # 12 months, 366 days before against 365
        (date(2005, 3, 1), date(2005, 4, 1), date(2005, 2, 1)),  # a month of 28 days against one of 31
        (date(2005, 3, 1), date(2005, 4, 2), date(2005, 1, 28)),  # 32 days
        (date(2005, 4, 2), date(2005, 5, 1), date(2005, 3, 4)),  # 29 days, of which one had 23 hours
    ],
)
def test_as_long_a_stretch_before(since, end, start):
    zone = offsets("Europe/Berlin")
    edges = [day_start(day, zone) for day in (start, since, end)]
    assert stretches(Period(0, edges[2]), since, zone) == (Period(edges[0], edges[1]), Period(edges[1], edges[2]))
