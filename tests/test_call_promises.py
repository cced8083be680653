"""Promises on calls by hand: abandoned of offered, waits by the day's class, months below a level, who is meant."""

import random
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cc_metrics.measures import months
from cc_metrics.model.intervals import Period
from cc_metrics.model.zones import day_start, offsets
from cc_metrics.reporting import Span
from promise_fixture import CALLS, figures, judged

BERLIN = ZoneInfo("Europe/Berlin")
EVENING = "2024-06-03 23:59:59"


def calls(*rows, at="2024-06-03 10:00:00"):
    """Rows of (outcome, seconds waited), the last one so late that the day is covered."""
    return [(f"{at}-{n}", at, outcome, round(wait * 1_000)) for n, (outcome, wait) in enumerate(rows)]


def ended(day="2024-06-03"):
    return [(f"end {day}", f"{day} 23:59:59", "answered", 0)]


# --- abandoned of offered ---

NHS = 'measure = "abandoned_of_offered"\nshort_abandon = "30 seconds"\nlimit = "5 %"'


def offered(late, short=0, redirected=0, of=100):
    """So many abandoned a millisecond after half a minute, and on the dot."""
    answered = of - late - short - redirected - 1
    rows = [("abandoned", 30.001)] * late + [("abandoned", 30)] * short + [("redirected", 90)] * redirected
    return [*calls(*rows, *[("answered", 1)] * answered), *ended()]


@pytest.mark.parametrize(
    ("rows", "edge", "expected"),
    [
        (offered(5, short=10), "", ("kept", 5, 100)),
        (offered(5, short=10), 'edge = "<"', ("missed", 5, 100)),
        (offered(4, short=10), 'edge = "<"', ("kept", 4, 100)),
        (offered(6, redirected=20), "", ("missed", 6, 100)),
    ],
)
def test_abandoned_after_the_floor_of_offered(tmp_path, rows, edge, expected):
    """30 s on the dot is within the floor, and stays among the calls offered; an edge speaks of the limit alone."""
    found = judged(tmp_path, f"{NHS}\n{edge}", (CALLS, rows))
    assert figures(found) == expected
    assert found.note == "abandons within 30 seconds are not counted, but offered"
    assert found.promise.service.edge == "<="


def test_redirected_calls_are_abandoned_where_the_policy_says_so(tmp_path):
    rows = [*offered(4, redirected=2), *calls(("redirected", 30), at="2024-06-03 11:00:00")]
    assert figures(judged(tmp_path, NHS, (CALLS, rows), above='redirected = "abandoned"')) == ("missed", 6, 101)
    assert figures(judged(tmp_path, NHS, (CALLS, rows), above='redirected = "out"')) == ("kept", 4, 101)


def test_without_a_floor_every_abandon_counts_and_without_waits_none_is_known(tmp_path):
    rows = [*calls(("abandoned", 0), ("answered", 0)), *ended()]
    none = NHS.replace("30 seconds", "0 seconds")
    assert figures(judged(tmp_path, none, (CALLS, rows))) == ("missed", 1, 3)
    bare = [row[:3] for row in rows]
    found = judged(tmp_path, NHS, ("call_id,offered_at,outcome", bare))
    assert (found.row["verdict"], found.note) == (
        "not_judged",
        "the source records no waits, so short abandons are not known",
    )


def test_the_edge_of_another_bound_is_that_of_its_threshold(tmp_path):
    rows = [*calls(("answered", 20)), *ended()]
    edge = 'measure = "service_level"\nwithin = "20 seconds"\nedge = "<"\ntarget = "50 %"'
    assert figures(judged(tmp_path, edge, (CALLS, rows))) == ("kept", 1, 2)


# --- the longest wait by the day's class ---

BY_DAY = 'measure = "longest_wait"\nby_day = [{ on = "Monday", within = "90 seconds" }, { within = "60 seconds" }]'


def test_each_day_has_the_wait_of_its_class(tmp_path):
    """3 June 2024 is a Monday: 90 s are in time, and a day later 60 s."""
    rows = [*calls(("answered", 90), ("abandoned", 90.001), ("redirected", 60.5)), *ended()]
    rows += [*calls(("answered", 60), ("abandoned", 60.001), at="2024-06-04 10:00:00"), *ended("2024-06-04")]
    found = judged(tmp_path, BY_DAY, (CALLS, rows))
    assert figures(found) == ("missed", 5, 7)
    assert (found.row["margin"], found.row["within_s"]) == (-2, None)
    assert figures(judged(tmp_path, f'{BY_DAY}\nedge = "<"', (CALLS, rows))) == ("missed", 3, 7)


def test_a_class_by_the_calendar_and_a_day_of_23_hours(tmp_path):
    """Easter Monday 2024 is 1 April, so Sunday the 31st, which has no 02:00, lies before a holiday."""
    around = BY_DAY.replace('on = "Monday"', "around_holiday = [1, 0]")
    edges = ("03-30T22:59", "03-30T23:00", "03-31T21:59", "04-01T21:59", "04-01T22:00")
    rows = [(n, f"2024-{at}:00Z", "answered", 75_000) for n, at in enumerate(edges)]
    found = judged(tmp_path, around, (CALLS, rows), above='[calendar]\ncountry = "DE"')
    assert (found.row["kept"], found.row["settled"]) == (3, 5)


def test_waits_that_no_calls_have_or_that_are_not_recorded(tmp_path):
    bare = ("call_id,offered_at,outcome", [(1, EVENING, "answered")])
    assert judged(tmp_path, BY_DAY, bare).note == "the source records no waits"
    where = f'{BY_DAY}\nwhere = {{ queue = "none" }}'
    other = judged(tmp_path, where, (f"{CALLS},queue", [(*row, "sales") for row in ended()]))
    assert figures(other) == ("no_data", 0, 0)


@pytest.mark.parametrize("seed", range(3))
def test_waits_by_day_against_plain_python(tmp_path, seed):
    chance, start = random.Random(seed), datetime(2024, 10, 20, tzinfo=BERLIN)
    rows = []
    for number in range(500):
        at = (start.astimezone(ZoneInfo("UTC")) + timedelta(seconds=chance.randrange(14 * 86_400))).isoformat()
        wait = chance.choice((59_999, 60_000, 60_001, 90_000, 90_001, 1))
        rows.append((number, at, chance.choice(("answered", "abandoned", "redirected")), wait))
    found = judged(tmp_path, BY_DAY, (CALLS, rows))
    most = [90_000 if datetime.fromisoformat(r[1]).astimezone(BERLIN).weekday() == 0 else 60_000 for r in rows]
    assert found.row["kept"] == sum(row[3] <= limit for row, limit in zip(rows, most, strict=True))
    assert found.row["settled"] == 500


# --- months below ---

MONTHS = 'measure = "months_below"\nwithin = "20 seconds"\neach = "85 %"\nmonths = 2'


def month(first, late, of=20):
    """Calls of a month, so many late, from its first second in Berlin to its last."""
    last = months.months_later(first, 1) - timedelta(days=1)
    times = [f"{first} 00:00:00", *[f"{first} 12:00:00"] * (of - 2), f"{last} 23:59:59"]
    return [(f"{first} {n}", at, "answered", 20_001 if n < late else 20_000) for n, at in enumerate(times)]


def of_months(*late):
    return [row for n, number in enumerate(late, 1) if number is not None for row in month(date(2024, n, 1), number)]


@pytest.mark.parametrize(
    ("late", "expected", "said"),
    [
        ((3, 3, 3), ("kept", 3, 3), "85 % missed in 0 of 3 months, at most 0 in a row"),
        ((4, 3, 4, 3), ("kept", 4, 4), "85 % missed in 2 of 4 months, at most 1 in a row"),
        ((4, 4, 3, 4), ("missed", 2, 4), "85 % missed in 3 of 4 months, at most 2 in a row"),
        ((4, 4, 4, 3, 4, 4), ("missed", 1, 6), "85 % missed in 5 of 6 months, at most 3 in a row"),
        ((4, None, 4, 3), ("kept", 3, 3), "85 % missed in 2 of 3 months, at most 1 in a row"),
    ],
)
def test_months_in_a_row_below_a_level(tmp_path, late, expected, said):
    """17 of 20 are 85 % on the dot; a month without calls ends a row."""
    found = judged(tmp_path, MONTHS, (CALLS, of_months(*late)))
    assert figures(found) == expected
    assert found.beside == (said,)


def test_only_whole_months_of_the_period_count(tmp_path):
    """Two months are whole from 2 January on; a day less of the last leaves one, too few for a run of two."""
    rows = of_months(0, 4, 4)
    found = judged(tmp_path, MONTHS, (CALLS, rows), span=Span(start="2024-01-02"))
    assert figures(found) == ("missed", 0, 2)
    part = judged(tmp_path, MONTHS, (CALLS, rows), span=Span(start="2024-01-02", end="2024-03-31"))
    assert figures(part) == ("no_data", 0, 0)
    assert part.note == "2 whole months are needed, and the period has 1 with calls"


def test_the_last_second_of_march_in_berlin_is_in_march(tmp_path):
    """The clock goes forward on the 31st: March ends at 22:00Z with 17 of 21 in time, April has 23 of 27."""
    rows = [*month(date(2024, 3, 1), 3), *month(date(2024, 4, 1), 3)]
    rows = [(n, datetime.fromisoformat(at).replace(tzinfo=BERLIN).isoformat(), *row) for n, at, *row in rows]
    rows += [("late", "2024-03-31T21:59:59Z", "answered", 30_000), ("next", "2024-03-31T22:00:00Z", "answered", 30_000)]
    rows += [(f"more {n}", "2024-04-02T09:00:00Z", "answered", 0) for n in range(6)]
    found = judged(tmp_path, MONTHS, (CALLS, rows))
    assert found.beside == ("85 % missed in 1 of 2 months, at most 1 in a row",)


def test_whole_months_are_local():
    berlin = offsets("Europe/Berlin")
    days = [day_start(date(2024, m, d), berlin) for m, d in ((3, 1), (4, 1), (12, 1))]
    assert months.whole_months(Period(days[0], days[1]), berlin) == [date(2024, 3, 1)]
    assert months.whole_months(Period(days[0], days[1] - 1), berlin) == []
    assert months.whole_months(Period(days[0] + 1, days[2]), berlin)[::7] == [date(2024, 4, 1), date(2024, 11, 1)]
    year = day_start(date(2025, 1, 1), berlin)
    assert months.whole_months(Period(days[2], year), berlin) == [date(2024, 12, 1)]


def test_months_without_waits_are_refused(tmp_path):
    found = judged(tmp_path, MONTHS, ("call_id,offered_at,outcome", [row[:3] for row in of_months(0, 0)]))
    assert (found.row["verdict"], found.note) == ("not_judged", "the source records no waits")


@pytest.mark.parametrize("seed", range(3))
def test_months_below_against_plain_python(tmp_path, seed):
    chance = random.Random(seed)
    firsts = [date(2023 + n // 12, n % 12 + 1, 1) for n in range(18)]
    rows, level = [], {}
    for first in firsts:
        late = chance.choice((1, 3, 4, 5))
        rows += month(first, late)
        level[first] = (20 - late) / 20 >= 0.85
    found = judged(tmp_path, MONTHS.replace("months = 2", "months = 3"), (CALLS, rows))
    bad = set()
    for n in range(len(firsts) - 2):
        if not any(level[m] for m in firsts[n : n + 3]):
            bad.update(firsts[n : n + 3])
    assert (found.row["kept"], found.row["settled"]) == (18 - len(bad), 18)
    assert found.row["verdict"] == ("missed" if bad else "kept")
