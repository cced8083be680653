"""Attempts to reach customers, by hand and against a plain reading on random data."""

import random
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from case_fixture import figures, judge, table
from cc_metrics.reporting import Span

CASES = "case_id,opened_at,area"
ATTEMPTS = "case_id,attempted_at,reached"
THREE = 'measure = "attempts_made"\nattempts = 3\nday = "{}"\n{}'
PARTS = 'measure = "attempts_made"\nparts_of_day = ["08:00-12:00", "12:00-14:00", "14:00-20:00"]\nday = "{}"\n{}'
LATE = "none_late = true"


@pytest.fixture
def judged(tmp_path):
    return partial(judge, tmp_path)


def cases(*ids, area="urban"):
    """Cases opened on 1 March, and one on the 9th, so that all is known up to the 10th."""
    return table(CASES, *(f"{one},2005-03-01T00:00:00Z,{area}" for one in ids), "end,2005-03-09T23:59:00Z,urban")


def tried(*attempts):
    """Attempts from (case, day of March and clock, reached)."""
    return table(ATTEMPTS, *(f"{case},2005-03-{moment}Z,{reached}" for case, moment, reached in attempts))


ONE_DAY = (
    ("three", "02T08:00:00", "no"), ("three", "02T08:01:00", "no"), ("three", "02T23:59:59", "no"),
    ("two", "02T08:00:00", "no"), ("two", "02T12:00:00", "no"), ("two", "03T00:00:00", "no"),
    ("reached", "02T08:00:00", "no"), ("reached", "02T23:59:59", "yes"),
    ("later", "02T08:00:00", "no"), ("later", "03T00:00:00", "yes"),
    ("once", "02T08:00:00", "yes"), ("once", "02T09:00:00", "no"),
)  # fmt: skip
IDS = ("three", "two", "reached", "later", "once", "never")


@pytest.mark.parametrize(
    ("day", "bound", "figured"),
    [
        ("same", LATE, ("missed", 2, 4, 0, -2)),
        ("same", 'target = "50 %"', ("kept", 2, 4, 0, 0)),
        ("same", 'target = "50.1 %"', ("missed", 2, 4, 0, -1)),
        ("next", LATE, ("kept", 4, 4, 0, 0)),
    ],
)
def test_three_attempts_or_reached(judged, day, bound, figured):
    """On the day itself "two" and "later" come a second too late; by the end of the next one they do not."""
    found = judged(THREE.format(day, bound), cases=cases(*IDS), attempts=tried(*ONE_DAY))
    assert figures(found) == figured
    assert found.beside == ()


@pytest.mark.parametrize(
    ("case", "moments", "kept"),
    [
        ("all", ("02T21:00:00 no", "03T08:00:00 no", "03T12:00:00 no", "03T19:59:59 no"), 1),
        ("after", ("02T21:00:00 no", "03T08:00:00 no", "03T12:00:00 no", "03T20:00:00 no"), 0),
        ("before", ("02T21:00:00 no", "03T07:59:59 no", "03T12:00:00 no", "03T14:00:00 no"), 0),
        ("one part", ("02T21:00:00 no", "03T08:00:00 no", "03T09:00:00 no", "03T14:00:00 no"), 0),
        ("too early", ("02T09:00:00 no", "02T12:00:00 no", "02T14:00:00 no"), 0),
        ("reached", ("02T21:00:00 no", "03T08:00:00 yes"), 1),
        ("reached at once", ("02T21:00:00 no", "02T21:30:00 yes"), 1),
        ("reached late", ("02T21:00:00 no", "04T00:00:00 yes"), 0),
    ],
)
def test_one_in_each_part_of_the_next_day(judged, case, moments, kept):
    attempts = tried(*((case, *moment.split()) for moment in moments))
    found = judged(PARTS.format("next", LATE), cases=cases(case), attempts=attempts)
    assert figures(found)[1:4] == (kept, 1, 0)


def test_parts_of_the_same_day_hold_the_first_attempt(judged):
    attempts = tried(("a", "02T08:00:00", "no"), ("a", "02T12:00:00", "no"), ("a", "02T14:00:00", "no"))
    found = judged(PARTS.format("same", LATE), cases=cases("a"), attempts=attempts)
    assert figures(found) == ("kept", 1, 1, 0, 0)


def test_pending_until_the_day_is_over(judged):
    """The first attempt failed on the 9th: its day is over with the data, the next one is not."""
    attempts = tried(("a", "09T08:00:00", "no"), ("a", "09T09:00:00", "no"))
    same = judged(THREE.format("same", LATE), cases=cases("a"), attempts=attempts)
    assert figures(same) == ("missed", 0, 1, 0, -1)
    later = judged(THREE.format("next", LATE), cases=cases("a"), attempts=attempts)
    assert figures(later) == ("no_data", 0, 0, 1, None)


def test_the_period_is_that_of_the_first_attempt(judged):
    attempts = tried(("three", "01T08:00:00", "no"), *ONE_DAY)
    found = judged(THREE.format("same", LATE), span=Span(date="2005-03-02"), cases=cases(*IDS), attempts=attempts)
    assert figures(found)[1:3] == (1, 3)
    found = judged(THREE.format("same", LATE), span=Span(date="2005-03-01"), cases=cases(*IDS), attempts=attempts)
    assert figures(found)[1:3] == (0, 1)


@pytest.mark.parametrize(("area", "figured"), [("urban", (2, 4)), ("county", (0, 1)), ("island", (0, 0))])
def test_groups(judged, area, figured):
    text = cases(*IDS) + "far,2005-03-01T00:00:00Z,county\nno,2005-03-01T00:00:00Z,island\n"
    attempts = tried(*ONE_DAY, ("far", "02T08:00:00", "no"))
    found = judged(THREE.format("same", LATE), where={"area": (area,)}, cases=text, attempts=attempts)
    assert figures(found)[1:3] == figured
    promise = THREE.format("same", LATE) + f'\nwhere = {{ area = "{area}" }}'
    assert figures(judged(promise, cases=text, attempts=attempts))[1:3] == figured


def test_an_area_that_many_do_not_record(judged):
    """Of five cases that are owed one, 20 %, has no area and is not kept, as half of the others are not."""
    text = cases(*IDS) + "far,2005-03-01T00:00:00Z,\n"
    promise = THREE.format("same", 'target = "50 %"') + '\nwhere = { area = "urban" }'
    found = judged(promise, cases=text, attempts=tried(*ONE_DAY, ("far", "02T08:00:00", "no")))
    assert (figures(found)[0], found.note) == ("not_judged", "area is not recorded for 20.0 % of the cases")
    assert found.row["bounds"] == [2 / 5, 2 / 4]


def test_what_cannot_be_judged_is_named(judged):
    """Attempts of no case, and a first attempt that does not say: a later failure is not the first."""
    attempts = tried(
        *ONE_DAY, ("who", "02T08:00:00", "no"), ("never", "02T08:00:00", ""), ("never", "02T09:00:00", "no")
    )
    found = judged(THREE.format("same", LATE), cases=cases(*IDS), attempts=attempts)
    assert figures(found)[1:3] == (2, 4)
    assert found.beside == ("1 attempt is of no known case: left out", "1 first attempt does not say: left out")


def test_no_table_of_attempts(judged):
    found = judged(THREE.format("same", LATE), cases=cases(*IDS))
    assert (figures(found)[0], found.note[:22]) == ("no_data", "no attempts were given")


def test_days_are_local_where_clocks_change(judged):
    """Berlin's 27 March 2005 lasts from 23:00 to 22:00 UTC; parts of the day follow its clock."""
    text = table(CASES, "a,2005-03-01T00:00:00Z,", "b,2005-03-01T00:00:00Z,", "end,2005-03-29T21:59:00Z,")
    moments = ["a,2005-03-26T23:00:00Z,no", "a,2005-03-27T10:00:00Z,no", "a,2005-03-27T21:59:59Z,no"]
    moments += ["b,2005-03-26T23:00:00Z,no", "b,2005-03-27T10:00:00Z,no", "b,2005-03-27T22:00:00Z,no"]
    found = judged(THREE.format("same", LATE), zone="Europe/Berlin", cases=text, attempts=table(ATTEMPTS, *moments))
    assert figures(found)[1:3] == (1, 2)
    for clock, kept in (("05:59:59", 0), ("06:00:00", 1)):  # 08:00 in summer is 06:00 UTC
        moments = ["a,2005-03-26T12:00:00Z,no", f"a,2005-03-27T{clock}Z,no", "a,2005-03-27T10:00:00Z,no"]
        attempts = table(ATTEMPTS, *moments, "a,2005-03-27T17:59:59Z,no")
        found = judged(PARTS.format("next", LATE), zone="Europe/Berlin", cases=text, attempts=attempts)
        assert figures(found)[1:3] == (kept, 1)


def plain(attempts, zone, following, number, parts, as_of):
    """(kept, settled, pending) of attempts by case, one case after the other."""
    kept = settled = pending = 0
    for made in map(sorted, attempts.values()):
        if not made or made[0][1] == "yes":
            continue
        local = [(moment.astimezone(zone), reached) for moment, reached in made]
        last = local[0][0].date() + timedelta(days=following)
        if datetime.combine(last + timedelta(days=1), datetime.min.time(), zone) > as_of:
            pending += 1
            continue
        settled += 1
        by_then = [(moment, reached) for moment, reached in local if moment.date() <= last]
        hours = [moment.hour for moment, _ in by_then if moment.date() == last]
        enough = all(any(a <= h < b for h in hours) for a, b in parts) if parts else len(by_then) >= number
        kept += enough or any(reached == "yes" for _, reached in by_then)
    return kept, settled, pending


@pytest.mark.parametrize("seed", range(8))
def test_against_a_plain_reading(judged, seed):
    chance, zone = random.Random(seed), ZoneInfo("Europe/Berlin")
    start = datetime(2005, 3, 26, tzinfo=zone).astimezone(ZoneInfo("UTC"))
    width = chance.choice((100, 6 * 47))
    attempts = {
        f"c{case}": list({
            start + timedelta(minutes=30 * chance.randrange(width)): chance.choice(("no", "no", "no", "no", "yes"))
            for _ in range(chance.randrange(9))
        }.items())
        for case in range(60)
    }  # fmt: skip
    text = table(CASES, *(f"{case},2005-03-25T23:00:00Z," for case in attempts), "z,2005-03-31T21:30:00Z,")
    rows = [
        f"{case},{moment:%Y-%m-%dT%H:%M:%SZ},{reached}" for case, made in attempts.items() for moment, reached in made
    ]
    as_of = datetime(2005, 4, 1, tzinfo=zone)
    for following, parts in ((0, ()), (1, ()), (0, ((8, 12), (12, 14), (14, 20))), (1, ((8, 12), (12, 14), (14, 20)))):
        form = (PARTS if parts else THREE).format("next" if following else "same", LATE)
        found = judged(form, zone="Europe/Berlin", cases=text, attempts=table(ATTEMPTS, *rows))
        assert figures(found)[1:4] == plain(attempts, zone, following, 3, parts, as_of)
