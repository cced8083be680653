"""Promises with a date: each case counts once, on the day it is due; every edge with a number."""

import random
from datetime import datetime, timedelta

import pytest

from case_fixture import counts, judged, reported, write, written
from cc_metrics import render
from cc_metrics.errors import UsageError

DAY = 'measure = "turnaround"\nwithin = "24 hours"\ntarget = "90 %"'
END = {"case_id": "end", "opened_at": "2013-08-20T23:59:00", "resolved_at": "2013-08-20T23:59:00", "kind": "last"}


def case(number, opened, resolved="", **fields):
    return {"case_id": f"c{number}", "opened_at": opened, "resolved_at": resolved, "kind": "repair", **fields}


def one(folder, promise, *rows, **options):
    """The judgement of repairs; END lets the data reach to the end of 20 August."""
    [found] = judged(folder, [*rows, END], f'{promise}\nwhere = {{ kind = "repair" }}', **options)
    return found


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


def test_between_other_ends_what_never_began_has_no_deadline(tmp_path):
    promise = 'measure = "turnaround"\nfrom = "dispatched"\nto = "responded"\nwithin = "2 hours"\nnone_late = true'
    rows = [
        case(1, "2013-08-18T08:00:00", dispatched_at="2013-08-18T09:00:00", responded_at="2013-08-18T11:00:00"),
        case(2, "2013-08-18T08:00:00", dispatched_at="2013-08-18T09:00:00", responded_at="2013-08-18T11:00:00.001"),
        case(3, "2013-08-18T08:00:00", dispatched_at="2013-08-18T09:00:00"),
        case(4, "2013-08-18T08:00:00"),
    ]
    found = one(tmp_path, promise, *rows)
    assert counts(found) == (1, 3, 0)
    assert found.beside[-1] == "1 opened in the period never began and have no deadline"


def test_an_appointment_is_kept_on_either_side(tmp_path):
    promise = 'measure = "appointment_kept"\ntolerance = "1 hour"\ntarget = "90 %"'
    at = {"opened_at": "2013-08-17T08:00:00", "appointed_at": "2013-08-18T10:00:00"}
    arrivals = ("09:00:00", "11:00:00", "08:59:59", "11:00:01")
    rows = [
        case(i, at["opened_at"], appointed_at=at["appointed_at"], arrived_at=f"2013-08-18T{t}")
        for i, t in enumerate(arrivals)
    ]
    never = case(8, at["opened_at"], appointed_at=at["appointed_at"])
    ahead = case(9, at["opened_at"], appointed_at="2013-08-21T10:00:00")
    assert counts(one(tmp_path, promise, *rows, never, ahead)) == (2, 5, 1)


def test_a_table_of_deadlines_takes_the_first_row_that_fits(tmp_path):
    promise = (
        'measure = "turnaround"\ntarget = "90 %"\n'
        'deadlines = [{ where = { area = "urban", tier = "vip" }, within = "2 hours" }, '
        '{ where = { area = "urban" }, within = "4 hours" }, { where = { area = "rural" }, within = "8 hours" }]'
    )
    done = "2013-08-18T13:00:00"  # after five hours
    rows = [
        case(1, "2013-08-18T08:00:00", done, area="urban", tier="vip"),
        case(2, "2013-08-18T09:00:00", done, area="urban", tier="ordinary"),
        case(3, "2013-08-18T08:00:00", done, area="rural", tier="vip"),
        case(4, "2013-08-18T08:00:00", done),  # no area: no wildcard takes it
    ]
    found = one(tmp_path, promise, *rows)
    assert counts(found) == (2, 3, 0)
    assert found.beside[-1] == "1 opened in the period fit no row of the deadlines"


@pytest.mark.parametrize(
    "deadline",
    [
        'deadlines = [{ where = { area = "urban" }, within = "24 hours" }, { within = "1 h" }]',
        'by_day = [{ on = "Sunday", within = "24 hours" }, { within = "1 h" }]',
        'deadlines = [{ by_day = [{ on = "Sunday", within = "24 hours" }, { within = "1 h" }] }]',
    ],
)
def test_the_edge_holds_for_every_row_and_class(tmp_path, deadline):
    on_the_dot = case(1, "2013-08-18T10:00:00", "2013-08-19T10:00:00", area="urban")
    promise = f'measure = "turnaround"\ntarget = "90 %"\n{deadline}'
    assert counts(one(tmp_path, promise, on_the_dot)) == (1, 1, 0)
    assert counts(one(tmp_path, f'{promise}\nedge = "<"', on_the_dot)) == (0, 1, 0)


def test_a_mean_over_the_closed_cases_with_the_floor_of_the_open_ones(tmp_path):
    rows = [
        case(1, "2013-08-18T00:00:00", "2013-08-18T12:00:00"),
        case(2, "2013-08-18T00:00:00", "2013-08-18T18:00:00"),
        case(3, "2013-08-18T00:00:00"),  # open for 72 hours
    ]
    found = one(tmp_path, 'measure = "turnaround"\nat_most = "15 hours"', *rows)
    assert (found.row["value"], found.row["verdict"], found.row["settled"], found.row["pending"]) == (
        54_000,
        "kept",
        2,
        1,
    )
    assert found.beside == ("kept so far: 1 open cases would break it; the mean if all were closed now: 34.0 hours",)
    assert one(tmp_path, 'measure = "turnaround"\nat_most = "14.99 hours"', *rows).row["verdict"] == "missed"


def test_a_mean_of_no_closed_case_is_not_kept_so_far(tmp_path):
    found = one(tmp_path, 'measure = "turnaround"\nat_most = "15 hours"', case(1, "2013-08-18T00:00:00"))
    assert (found.row["verdict"], found.beside) == ("no_data", ("1 open; the mean if all were closed now: 3.00 days",))


def test_an_unrecorded_dimension_leaves_bounds_instead_of_a_verdict(tmp_path):
    promise = f'{DAY}\nwhere = {{ tier = "vip" }}'
    rows = [case(i, "2013-08-18T10:00:00", "2013-08-18T12:00:00", tier="vip") for i in range(6)]
    rows += [case(10 + i, "2013-08-17T10:00:00", "2013-08-19T12:00:00") for i in range(4)]
    [found] = judged(tmp_path, [*rows, END], promise)
    assert (counts(found)[:2], found.row["verdict"]) == ((6, 6), "not_judged")
    assert found.note == "tier is not recorded for 40.0 % of the cases"
    assert found.row["bounds"] == [0.6, 1.0]


def test_a_case_without_a_channel_is_no_voice_case(tmp_path):
    rows = [case(i, "2013-08-18T10:00:00", "2013-08-18T12:00:00", channel="voice") for i in range(20)]
    rows.append(case(20, "2013-08-18T10:00:00"))
    [found] = judged(tmp_path, [*rows, END | {"channel": "web"}], f'{DAY}\nwhere = {{ channel = "voice" }}')
    assert counts(found) == (20, 20, 0)


def test_a_day_of_25_hours_in_berlin(tmp_path):
    """27 October 2013 has 25 hours: 24 hours from noon of the 26th end at 11:00 on the clock of the 27th."""
    at = "2013-10-26T12:00:00+02:00"
    rows = [case(1, at, "2013-10-27T11:00:00+01:00"), case(2, at, "2013-10-27T11:00:01+01:00")]
    last = END | {"opened_at": "2013-10-28T23:59:00+01:00", "resolved_at": "2013-10-28T23:59:00+01:00"}
    whole = 'measure = "turnaround"\nwithin = "1 working day"\nnone_late = true\nwhere = { kind = "repair" }'
    short, days = judged(tmp_path, [*rows, last], f'{DAY}\nwhere = {{ kind = "repair" }}', whole, zone="Europe/Berlin")
    assert (counts(short), counts(days)) == ((1, 2, 0), (2, 2, 0))


def test_the_timeliness_of_one_day_in_steady_state_is_the_true_one(tmp_path):
    """Nine of ten done within a day, the tenth after two to four: closed cases alone or early ones would mislead."""
    chance, rows, start = random.Random(7), [], datetime.fromisoformat("2013-08-01")
    for number in range(4000):
        opened = start + timedelta(seconds=number * 10 * 86_400 / 4000)
        hours = chance.uniform(1, 23) if chance.random() < 0.9 else chance.uniform(48, 96)
        done = opened + timedelta(hours=hours)
        rows.append(
            case(number, opened.isoformat(), done.isoformat() if done < datetime.fromisoformat("2013-08-11") else "")
        )
    [found] = judged(tmp_path, rows, DAY, date="2013-08-10")
    assert found.row["settled"] == 400
    assert found.row["value"] == pytest.approx(0.9, abs=0.03)


def test_no_case_given_is_no_data_with_a_remedy(tmp_path):
    answers = write(tmp_path / "satisfaction.csv", [{"asked_at": "2013-08-18T10:00:00", "satisfied": "yes"}])
    [found] = reported([answers], written(tmp_path, DAY)).promises
    assert (found.row["verdict"], found.note) == ("no_data", "no cases were given; give cases (--cases FILE)")


def test_what_ended_before_it_began_is_left_out_and_told(tmp_path):
    promise = 'measure = "turnaround"\nfrom = "dispatched"\nto = "responded"\n{}'
    rows = [
        case(1, "2013-08-18T08:00:00", dispatched_at="2013-08-18T12:00:00", responded_at="2013-08-18T09:00:00"),
        case(2, "2013-08-18T08:00:00", dispatched_at="2013-08-18T12:00:00", responded_at="2013-08-18T13:00:00"),
    ]
    within = one(tmp_path, promise.format('within = "2 hours"\nnone_late = true'), *rows)
    assert (counts(within), within.beside[-1]) == (
        (1, 1, 0),
        "1 opened in the period ended before they began: left out",
    )
    mean = one(tmp_path, promise.format('at_most = "2 hours"'), *rows)
    assert (mean.row["value"], mean.row["settled"], mean.beside[-1]) == (3600, 1, within.beside[-1])


def test_a_pause_longer_than_the_case_is_left_out_of_the_mean(tmp_path):
    rows = [
        case(1, "2013-08-18T08:00:00", "2013-08-18T09:00:00", paused_ms=7_200_000),
        case(2, "2013-08-18T08:00:00", "2013-08-18T11:00:00", paused_ms=3_600_000),
    ]
    found = one(tmp_path, 'measure = "turnaround"\nat_most = "9 hours"\npaused = "off"', *rows)
    assert (found.row["value"], found.row["settled"]) == (7_200, 1)
    assert found.beside == (
        "paused time taken off; with it counted 3.0 hours",
        "1 were paused for longer than they took: left out",
    )


def test_a_mean_of_an_earlier_day_is_not_threatened_by_later_cases(tmp_path):
    rows = [case(1, "2013-08-18T08:00:00", "2013-08-18T09:00:00"), case(2, "2013-08-19T08:00:00")]
    assert one(tmp_path, 'measure = "turnaround"\nat_most = "2 hours"', *rows, date="2013-08-18").beside == ()


def test_days_before_the_first_case_are_known_as_far_as_days_without_any_are_usual(tmp_path):
    """Two empty days lie between the 15th and the 18th: the 13th may be asked for, the 12th is before the data."""
    rows = [case(1, "2013-08-15T08:00:00", "2013-08-15T09:00:00"), case(2, "2013-08-18T08:00:00")]
    assert one(tmp_path, DAY, *rows, start="2013-08-13").row["verdict"] == "missed"
    early = one(tmp_path, DAY, *rows, start="2013-08-12")
    assert (early.row["verdict"], early.note[:30]) == ("not_judged", "the period is not complete: no")


@pytest.mark.parametrize("asked", [{"date": "9999-12-31"}, {"end": "9999-12-31T23:45-10:00"}])
def test_a_date_beyond_all_calendars_is_refused(tmp_path, asked):
    with pytest.raises(UsageError, match="lies outside 1971 to 2099"):
        one(tmp_path, DAY, case(1, "2013-08-18T08:00:00"), **asked)


def test_what_a_source_does_not_record_is_refused_and_no_case_is_called_open(tmp_path):
    """No column for the resolution: nothing is known of what is open. A column that is empty: all are open."""
    rows = [
        {"case_id": 1, "kind": "a", "opened_at": "2013-08-18T08:00:00", "dispatched_at": "2013-08-18T09:00:00"},
        {"case_id": 2, "kind": "a", "opened_at": "2013-08-20T23:59:00"},
    ]
    dispatched = 'measure = "turnaround"\nto = "dispatched"\nwithin = "2 hours"\ntarget = "90 %"'
    rules = written(tmp_path, DAY, dispatched, 'measure = "turnaround"\nat_most = "1 day"')
    found = reported([write(tmp_path / "cases.csv", rows)], rules)
    assert [(j.row["verdict"], j.note) for j in found.promises] == [
        ("not_judged", "the source does not record resolved_at"),
        ("kept", ""),
        ("not_judged", "the source does not record resolved_at"),
    ]
    assert [(row["opened"], row["closed"], row["open"], row["mean_s"]) for row in found.cases] == [
        (2, None, None, None)
    ]
    assert [w.code for w in found.warnings] == ["no_resolution"]
    assert [row["promise"] for row in found.stock] == ["b"]  # the one opened last has not been dispatched yet
    text = render.text(found, "markdown")
    assert "cases: 2 opened" in text
    assert "0 closed" not in text
    empty = reported([write(tmp_path / "cases.csv", [{**row, "resolved_at": ""} for row in rows])], rules)
    assert [(row["closed"], row["open"]) for row in empty.cases] == [(0, 2)]
    assert empty.promises[0].row["verdict"] == "missed"
