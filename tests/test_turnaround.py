"""Promises with a date: each case counts once, on the day it is due; every edge with a number."""

from datetime import datetime, timedelta

import pytest

from case_fixture import DAY, END, case, counts, judged, one, reported, write, written


def test_done_on_the_dot_is_in_time_a_millisecond_later_is_not(tmp_path):
    on_the_dot = case(1, "2013-08-18T10:00:00", "2013-08-19T10:00:00")
    later = case(2, "2013-08-18T10:00:00", "2013-08-19T10:00:00.001")
    assert counts(one(tmp_path, DAY, on_the_dot, later)) == (1, 2, 0)
    assert counts(one(tmp_path, f'{DAY}\nedge = "<"', on_the_dot, later)) == (0, 2, 0)


def test_a_cut_off_at_17_00_00_and_24_00_00(tmp_path):
    promise = (
        'measure = "turnaround"\nnone_late = true\n'
        'cut_off = [{ before = "17:00", due = "24:00" }, { due = "17:00", days = 1 }]'
    )
    rows = [
        case(1, "2013-08-18T16:59:59", "2013-08-18T23:59:59.999"),  # the same day, in time
        case(2, "2013-08-18T16:59:59", "2013-08-19T00:00:00"),  # 24:00:00 is late
        case(3, "2013-08-18T17:00:00", "2013-08-19T16:59:59"),  # from 17:00:00 on: next day before 17:00
        case(4, "2013-08-18T17:00:00", "2013-08-19T17:00:00"),  # late
    ]
    found = one(tmp_path, promise, *rows)
    assert (counts(found), found.row["verdict"], found.row["margin"]) == ((2, 4, 0), "missed", -2)
    assert counts(one(tmp_path, promise, *rows, date="2013-08-18")) == (1, 2, 0)  # due before 24:00 is due that day
    assert counts(one(tmp_path, promise, *rows, date="2013-08-19")) == (1, 2, 0)


def test_opened_on_a_day_off_the_next_working_day_is_day_one(tmp_path):
    """17 August 2013 is a Saturday: one working day ends with Monday, two with Tuesday the 20th."""
    rows = [
        case(1, "2013-08-17T10:00:00", "2013-08-19T23:59:59"),
        case(2, "2013-08-17T10:00:00", "2013-08-20T00:00:00"),
    ]
    promise = 'measure = "turnaround"\nwithin = "{} working day"\nnone_late = true'
    assert counts(one(tmp_path, promise.format(1), *rows)) == (1, 2, 0)
    assert counts(one(tmp_path, promise.format(2), *rows)) == (2, 2, 0)


def test_a_holiday_of_the_country_is_no_working_day(tmp_path):
    """19 September 2013 was Mid-Autumn, a Thursday; the 20th a day off, Sunday the 22nd a working day."""
    rows = [
        case(1, "2013-09-18T10:00:00", "2013-09-22T20:00:00"),
        case(2, "2013-09-18T10:00:00", "2013-09-23T20:00:00"),
    ]
    last = END | {"opened_at": "2013-09-24T23:59:00", "resolved_at": "2013-09-24T23:59:00"}
    promise = 'measure = "turnaround"\nwithin = "1 working day"\nnone_late = true\nwhere = { kind = "repair" }'
    for above, expected in (("", (0, 2, 0)), ('[calendar]\ncountry = "CN"', (1, 2, 0))):
        [found] = judged(tmp_path, [*rows, last], promise, above=above)
        assert counts(found) == expected


def test_quiet_hours_stop_the_clock_or_move_the_deadline(tmp_path):
    """Two hours from 21:00: held from 22:00 to 08:00 it ends at 09:00; moved it is due when they end."""
    promise = 'measure = "turnaround"\nwithin = "2 hours"\nquiet = "22:00-08:00"\nnone_late = true'
    times = ("2013-08-19T08:00:00", "2013-08-19T08:00:01", "2013-08-19T09:00:00", "2013-08-19T09:00:01")
    rows = [case(i, "2013-08-18T21:00:00", done) for i, done in enumerate(times)]
    assert counts(one(tmp_path, promise, *rows)) == (3, 4, 0)
    assert counts(one(tmp_path, f'{promise}\nquiet_rule = "move"', *rows)) == (1, 4, 0)


def test_done_early_it_counts_on_the_day_it_was_due(tmp_path):
    early = case(1, "2013-08-18T23:00:00", "2013-08-18T23:10:00")
    assert counts(one(tmp_path, DAY, early, date="2013-08-18")) == (0, 0, 0)
    assert counts(one(tmp_path, DAY, early, date="2013-08-19")) == (1, 1, 0)


def test_open_and_overdue_counts_once_where_it_fell_due_and_open_before_is_pending(tmp_path):
    rows = [
        case(1, "2013-08-17T12:00:00"),
        case(2, "2013-08-20T12:00:00"),
        case(3, "2013-08-18T12:00:00", "2013-08-19T06:00:00"),
    ]
    found = one(tmp_path, DAY, *rows)
    assert (counts(found), found.row["owed"]) == ((1, 2, 1), 3)
    assert counts(one(tmp_path, DAY, *rows, date="2013-08-18"))[:2] == (0, 1)
    assert counts(one(tmp_path, DAY, *rows, date="2013-08-20"))[:2] == (0, 0)
    assert found.beside == (
        "closed in the period: 1 of 1 in time (100.0 %)",
        "open and overdue: 1, the oldest since 18 Aug 2013",
        "due today 1, tomorrow 0",
    )


def test_what_is_overdue_already_is_not_due_today(tmp_path):
    rows = [case(1, "2013-08-19T12:00:00"), case(2, "2013-08-19T20:00:00"), case(3, "2013-08-20T06:00:00")]
    found = one(tmp_path, DAY, *rows, as_of="2013-08-20 18:00")
    assert found.beside[-2:] == ("open and overdue: 1, the oldest since 20 Aug 2013", "due today 1, tomorrow 1")


def test_due_at_as_of_and_open_is_overdue_alone(tmp_path):
    found = one(tmp_path, DAY, case(1, "2013-08-18T18:00:00"), as_of="2013-08-19 18:00")
    assert found.beside == ("open and overdue: 1, the oldest since 19 Aug 2013",)


def test_the_oldest_overdue_fell_due_on_the_day_it_is_counted_on(tmp_path):
    midnight = case(1, "2013-08-18T00:00:00")
    assert one(tmp_path, DAY, midnight).beside == ("open and overdue: 1, the oldest since 19 Aug 2013",)
    assert one(tmp_path, f'{DAY}\nedge = "<"', midnight).beside == (
        "open and overdue: 1, the oldest since 18 Aug 2013",
    )


@pytest.mark.parametrize(
    ("due", "as_of", "expected"),
    [
        ("2013-10-27T23:30:00+01:00", "2013-10-27 00:00", "due today 1, tomorrow 0"),  # of 25 hours
        ("2013-10-28T00:00:00+01:00", "2013-10-27 00:00", "due today 0, tomorrow 1"),
        ("2013-10-28T23:30:00+01:00", "2013-10-27 00:00", "due today 0, tomorrow 1"),
        ("2013-03-31T23:30:00+02:00", "2013-03-31 00:00", "due today 1, tomorrow 0"),  # of 23 hours
        ("2013-04-01T00:30:00+02:00", "2013-03-31 00:00", "due today 0, tomorrow 1"),
    ],
)
def test_due_today_where_the_clock_changes(tmp_path, due, as_of, expected):
    opened = (datetime.fromisoformat(due) - timedelta(hours=72)).isoformat()
    last = END | {"opened_at": f"{due[:4]}-12-31T00:00:00Z", "resolved_at": f"{due[:4]}-12-31T00:00:00Z"}
    promise = 'measure = "turnaround"\nwithin = "72 hours"\nnone_late = true\nwhere = { kind = "repair" }'
    [found] = judged(tmp_path, [case(1, opened), last], promise, zone="Europe/Berlin", as_of=as_of)
    assert found.beside == (expected,)


def test_as_of_lowers_what_is_known(tmp_path):
    done = case(1, "2013-08-18T12:00:00", "2013-08-19T11:00:00")
    assert counts(one(tmp_path, DAY, done)) == (1, 1, 0)
    assert counts(one(tmp_path, DAY, done, as_of="2013-08-19 10:00")) == (0, 0, 1)


def test_what_begins_after_as_of_has_not_begun(tmp_path):
    given = case(1, "2013-08-18T08:00:00", "2013-08-20T09:00:00", dispatched_at="2013-08-19T12:00:00")
    shares = one(tmp_path, f'{DAY}\nfrom = "dispatched"', given, as_of="2013-08-19 10:00")
    assert (counts(shares), shares.beside) == ((0, 0, 0), ("1 opened in the period never began and have no deadline",))
    at_most = 'measure = "turnaround"\nfrom = "dispatched"\nat_most = "1 h"'
    mean = one(tmp_path, at_most, given, as_of="2013-08-19 10:00")
    assert (mean.row["pending"], mean.beside) == (0, ())
    visit = case(2, "2013-08-18T08:00:00", appointed_at="2013-08-20T12:00:00", arrived_at="")
    promise = 'measure = "appointment_kept"\ntolerance = "1 h"\nnone_late = true'
    assert counts(one(tmp_path, promise, visit, as_of="2013-08-19 10:00")) == (0, 0, 1)


def test_a_reopened_case_runs_on_from_its_first_opening(tmp_path):
    """Its resolution is the last one; the clock began with the first opening."""
    again = case(1, "2013-08-17T12:00:00", "2013-08-19T12:00:00", reopened="1")
    assert counts(one(tmp_path, DAY, again)) == (0, 1, 0)


def test_paused_time_comes_off_only_when_the_promise_says_so_and_both_figures_are_shown(tmp_path):
    rows = [
        case(1, "2013-08-18T10:00:00", "2013-08-19T12:00:00", paused_ms=7_200_000),
        case(2, "2013-08-18T10:00:00", "2013-08-19T12:00:01", paused_ms=7_200_000),
        case(3, "2013-08-18T10:00:00", "2013-08-18T12:00:01"),
    ]
    assert counts(one(tmp_path, DAY, *rows)) == (1, 3, 0)
    found = one(tmp_path, f'{DAY}\npaused = "off"', *rows)
    assert counts(found) == (2, 3, 0)
    assert "paused time taken off; with it counted 33.3 % of 3" in found.beside
    without = [{k: v for k, v in row.items() if k != "paused_ms"} for row in rows]
    refused = one(tmp_path, f'{DAY}\npaused = "off"', *without)
    assert (refused.row["verdict"], refused.note) == ("not_judged", "the source records no paused time to take off")


def test_paused_time_off_where_no_case_is_meant(tmp_path):
    [found] = judged(tmp_path, [END | {"paused_ms": 1}], f'{DAY}\npaused = "off"\nwhere = {{ kind = "repair" }}')
    assert (counts(found), found.row["verdict"]) == ((0, 0, 0), "no_data")
    assert found.beside == ("paused time taken off; with it counted none",)


def test_resolved_before_opened_is_rejected(tmp_path):
    rows = [
        case(1, "2013-08-18T10:00:00", "2013-08-18T09:00:00"),
        case(2, "2013-08-18T10:00:00", "2013-08-18T11:00:00"),
        END,
    ]
    rules = written(tmp_path, DAY)
    found = reported([write(tmp_path / "cases.csv", rows)], rules)
    assert found.beside["cases"].rejected == {"resolved_at is before opened_at": 1}
    assert (found.beside["cases"].read, found.beside["cases"].accepted) == (3, 2)
