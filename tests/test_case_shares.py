"""Shares of the cases opened in a period, by hand: on the boundary, unknown dimensions and flags, before and after."""

from functools import partial

import pytest

from case_fixture import figures, judge, table
from cc_metrics.reporting import Span

HEAD = "case_id,opened_at,area,owner,first_owner,escalated,justified,reopened"
CASES = table(
    HEAD,
    "1,2005-03-01T00:00:00Z,urban,a,a,true,true,0",  # the first moment of the period
    "2,2005-03-01T09:00:00Z,urban,b,a,true,false,1",
    "3,2005-03-02T09:00:00Z,urban,a,a,false,,0",
    "4,2005-03-02T10:00:00Z,county,,a,true,,2",
    "5,2005-03-03T10:00:00Z,county,b,b,,,",
    "6,2005-03-03T23:59:59Z,county,c,c,false,false,0",
    "7,2005-03-04T00:00:00Z,urban,a,a,true,true,9",  # the first moment after it
    "8,2005-03-04T23:00:00Z,urban,a,a,true,true,9",
)
PERIOD = Span(start="2005-03-01", end="2005-03-04")
SAME = 'measure = "share_of_cases"\ncounted_same = { owner = "first_owner" }'


@pytest.fixture
def judged(tmp_path):
    return partial(judge, tmp_path)


@pytest.mark.parametrize(
    ("target", "verdict", "margin"), [("66.6 %", "kept", 0), ("66.7 %", "missed", -1), ("50 %", "kept", 1)]
)
def test_cases_kept_by_who_took_them_first(judged, target, verdict, margin):
    """Four of six, the unowned one among the rest: 66.66... %."""
    found = judged(f'{SAME}\ntarget = "{target}"', span=PERIOD, cases=CASES)
    assert figures(found) == (verdict, 4, 6, 0, margin)


def test_the_limit_itself_is_kept(judged):
    promise = 'measure = "share_of_cases"\ncounted = { area = "county" }\nlimit = "50 %"'
    assert figures(judged(promise, span=PERIOD, cases=CASES)) == ("kept", 3, 6, 0, 0)


@pytest.mark.parametrize(("area", "kept", "settled"), [("urban", 2, 3), ("county", 2, 3)])
def test_groups(judged, area, kept, settled):
    found = judged(f'{SAME}\ntarget = "90 %"\nwhere = {{ area = "{area}" }}', span=PERIOD, cases=CASES)
    assert figures(found)[1:3] == (kept, settled)
    found = judged(f'{SAME}\ntarget = "90 %"', span=PERIOD, where={"area": (area,)}, cases=CASES)
    assert figures(found)[1:3] == (kept, settled)


def test_a_group_without_cases(judged):
    found = judged(f'{SAME}\ntarget = "90 %"\nwhere = {{ area = "island" }}', span=PERIOD, cases=CASES)
    assert figures(found) == ("no_data", 0, 0, 0, None)


def test_a_flag_that_is_not_recorded_is_unknown(judged):
    """Escalated and justified: 1 is, 2, 3 and 6 are not; 4 may be justified, 5 may be either."""
    promise = 'measure = "share_of_cases"\ncounted = { escalated = true, justified = true }\nlimit = "0 %"'
    found = judged(promise, span=PERIOD, cases=CASES)
    assert figures(found) == ("missed", 1, 4, 0, -1)
    assert found.beside == ("2 cases do not say: left out",)


def test_what_is_counted_not_to_be(judged):
    """Not escalated: 3 and 6; 5 does not say."""
    promise = 'measure = "share_of_cases"\ncounted_not = { escalated = true }\ntarget = "40 %"'
    found = judged(promise, span=PERIOD, cases=CASES)
    assert figures(found) == ("kept", 2, 5, 0, 0)
    assert found.beside == ("1 case does not say: left out",)


def test_a_count_on_its_least_and_one_that_is_not_recorded(judged):
    promise = 'measure = "share_of_cases"\ncounted_least = { reopened = 2 }\nlimit = "20 %"'
    assert figures(judged(promise, span=PERIOD, cases=CASES)) == ("kept", 1, 5, 0, 0)


def test_a_dimension_that_is_not_recorded_meets_nothing(judged):
    promise = 'measure = "share_of_cases"\ncounted = { owner = "*" }\ntarget = "90 %"'
    found = judged(promise, span=PERIOD, cases=CASES)
    assert (figures(found)[1:3], found.beside) == ((5, 6), ())
    promise = 'measure = "share_of_cases"\ncounted_differ = { owner = "first_owner" }\nlimit = "90 %"'
    assert figures(judged(promise, span=PERIOD, cases=CASES))[1:3] == (1, 6)


def test_a_promise_on_a_dimension_that_many_do_not_record(judged):
    """Two of eight have no area (25 %): not judged, with the bounds they leave."""
    rows = [
        f"{n},2005-03-0{1 + n % 3}T09:00:00Z,{'' if n < 2 else 'urban'},{'a' if n % 2 else 'b'},a,,," for n in range(8)
    ]
    found = judged(f'{SAME}\ntarget = "50 %"\nwhere = {{ area = "urban" }}', cases=table(HEAD, *rows))
    assert figures(found)[:3] == ("not_judged", 3, 6)
    assert (found.note, found.row["bounds"]) == ("area is not recorded for 25.0 % of the cases", [3 / 7, 4 / 7])
    found = judged(f'{SAME}\ntarget = "50 %"\nwhere = {{ area = "*" }}', cases=table(HEAD, *rows))
    assert figures(found)[:3] == ("kept", 3, 6)


def test_what_is_opened_later_is_not_known_yet(judged):
    """Opened exactly then is known."""
    span = Span(PERIOD.start, PERIOD.end, as_of="2005-03-02 10:00")
    found = judged(f'{SAME}\ntarget = "50 %"', span=span, cases=CASES)
    assert figures(found)[:3] == ("not_judged", 2, 4)


def test_before_and_after(judged):
    found = judged(f'{SAME}\ntarget = "50 %"\nsince = 2005-03-02', span=PERIOD, cases=CASES)
    assert figures(found) == ("kept", 3, 4, 0, 1)
    assert found.beside[0].startswith("before 2 Mar 2005: 50.0 % of 2; +25.0 points (95 %: ")


def test_a_day_is_local_where_clocks_change(judged):
    """Berlin's 27 March 2005 had 23 hours, to 22:00 UTC; 20 days and more give a level."""
    moments = ("2005-03-26T22:59:59Z", "2005-03-26T23:00:00Z", "2005-03-27T21:59:59Z", "2005-03-27T22:00:00Z")
    rows = [f"{n},{moment},,a,a,,," for n, moment in enumerate(moments)]
    more = [f"m{n},2005-04-{n:02}T10:00:00Z,,{'a' if n % 3 else 'b'},a,,," for n in range(1, 31)]
    found = judged(
        f'{SAME}\ntarget = "1 %"', zone="Europe/Berlin", span=Span(date="2005-03-27"), cases=table(HEAD, *rows, *more)
    )
    assert figures(found)[1:3] == (2, 2)
    found = judged(f'{SAME}\ntarget = "50 %"', zone="Europe/Berlin", cases=table(HEAD, *rows, *more))
    assert (found.row["interval"], found.row["clusters"]) == ("days", 33)
