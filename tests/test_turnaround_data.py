"""Promises with a date on what data really hold: other ends, pauses, unknown values, moments out of order."""

import random
from datetime import datetime, timedelta

import pytest

from case_fixture import DAY, END, case, counts, judged, one, reported, write, written
from cc_metrics import render
from cc_metrics.errors import UsageError


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
    with pytest.raises(UsageError, match="lies outside 1970 to 2099"):
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
