"""Clock changes, odd zones, local times without an offset: intervals worked out by hand."""

import pyarrow as pa
import pytest

import cc_metrics as cc
from cc_metrics.errors import UsageError
from made import M, arrow, call, plain, utc, write_csv


def counted(calls, every, tz=None):
    return [(row["start"], row["offered"]) for row in plain(cc.service_level(calls, every=every))]


def at(*moments):
    return [call(str(n), moment) for n, moment in enumerate(moments)]


def every_quarter(start, end):
    """A call at each quarter-hour from start up to end."""
    return at(*range(utc(start), utc(end), 15 * M))


# ---------------------------------------------------------------- days of 23, 25 and 24.5 hours


def test_the_doubled_hour_is_two_hours():
    calls = cc.read_calls(arrow(every_quarter("2024-10-27T01:00+02:00", "2024-10-27T04:00+01:00"), "Europe/Berlin"))
    assert counted(calls, "1h") == [
        ("2024-10-27T01:00:00+02:00", 4),
        ("2024-10-27T02:00:00+02:00", 4),
        ("2024-10-27T02:00:00+01:00", 4),
        ("2024-10-27T03:00:00+01:00", 4),
    ]
    assert [start[11:] for start, _ in counted(calls, "30m")] == [
        "01:00:00+02:00",
        "01:30:00+02:00",
        "02:00:00+02:00",
        "02:30:00+02:00",
        "02:00:00+01:00",
        "02:30:00+01:00",
        "03:00:00+01:00",
        "03:30:00+01:00",
    ]


def test_the_missing_hour_is_none():
    calls = cc.read_calls(arrow(every_quarter("2024-03-31T01:00+01:00", "2024-03-31T04:00+02:00"), "Europe/Berlin"))
    assert counted(calls, "1h") == [("2024-03-31T01:00:00+01:00", 4), ("2024-03-31T03:00:00+02:00", 4)]


@pytest.mark.parametrize(
    ("zone", "start", "end", "quarters"),
    [
        ("Europe/Berlin", "2024-10-27T00:00+02:00", "2024-10-28T00:00+01:00", 100),
        ("Europe/Berlin", "2024-03-31T00:00+01:00", "2024-04-01T00:00+02:00", 92),
        ("America/New_York", "2024-11-03T00:00-04:00", "2024-11-04T00:00-05:00", 100),
        ("Australia/Lord_Howe", "2024-04-07T00:00+11:00", "2024-04-08T00:00+10:30", 98),
        ("Australia/Lord_Howe", "2024-10-06T00:00+10:30", "2024-10-07T00:00+11:00", 94),
        ("America/Santiago", "2024-09-08T01:00-03:00", "2024-09-09T00:00-03:00", 92),  # no midnight
        ("Asia/Kolkata", "2024-05-02T00:00+05:30", "2024-05-03T00:00+05:30", 96),
        ("Asia/Kathmandu", "2024-05-02T00:00+05:45", "2024-05-03T00:00+05:45", 96),
    ],
)
def test_days_are_cut_at_local_midnight(zone, start, end, quarters):
    around = [*every_quarter(start, end), call("before", utc(start) - 1), call("after", utc(end))]
    calls = cc.read_calls(arrow(around, zone))
    day = start[:10]
    assert dict(counted(calls, "1d"))[day] == quarters
    assert len(counted(calls, "1d")) == 3
    head = cc.report(calls, date=day).report.head
    assert (utc(head.start), utc(head.end)) == (utc(start), utc(end))
    assert cc.report(calls, date=day).report.total[0]["offered"] == quarters


def test_weeks_and_months_across_a_change():
    # The week of Monday 25 March 2024 ends with the day of 23 hours, which is also the last of March.
    edges = at(
        "2024-03-24T23:59:59.999+01:00",
        "2024-03-25T00:00+01:00",
        "2024-03-31T23:59:59.999+02:00",
        "2024-04-01T00:00+02:00",
    )
    calls = cc.read_calls(arrow(edges, "Europe/Berlin"))
    assert counted(calls, "1w") == [("2024-W12", 1), ("2024-W13", 2), ("2024-W14", 1)]
    assert counted(calls, "1mo") == [("2024-03", 3), ("2024-04", 1)]


def test_iso_weeks_at_the_turn_of_the_year():
    edges = at("2020-12-31T12:00+08:00", "2021-01-03T23:59+08:00", "2021-01-04T00:00+08:00", "2024-12-30T00:00+08:00")
    calls = cc.read_calls(arrow(edges, "Asia/Shanghai"))
    assert counted(calls, "1w") == [("2020-W53", 2), ("2021-W01", 1), ("2025-W01", 1)]


def test_hours_of_half_hour_zones_begin_on_the_hour():
    calls = cc.read_calls(arrow(at("2024-05-01T18:29:59+00:00", "2024-05-01T18:30:00+00:00"), "Asia/Kolkata"))
    assert counted(calls, "1h") == [("2024-05-01T23:00:00+05:30", 1), ("2024-05-02T00:00:00+05:30", 1)]
    calls = cc.read_calls(arrow(at("2024-05-01T18:29:59+00:00"), "Asia/Kathmandu"))
    assert counted(calls, "1h") == [("2024-05-02T00:00:00+05:45", 1)]
    assert counted(calls, "30m") == [("2024-05-02T00:00:00+05:45", 1)]


def test_half_an_hour_back_at_lord_howe():
    """02:00 +11:00 becomes 01:30 +10:30: the second half-hour from 01:30 is a half-hour of its own."""
    rows = at("2024-04-07T01:45+11:00", "2024-04-07T01:45+10:30", "2024-04-07T02:15+10:30")
    calls = cc.read_calls(arrow(rows, "Australia/Lord_Howe"))
    assert counted(calls, "30m") == [
        ("2024-04-07T01:30:00+11:00", 1),
        ("2024-04-07T01:30:00+10:30", 1),
        ("2024-04-07T02:00:00+10:30", 1),
    ]
    assert [n for _, n in counted(calls, "1h")] == [1, 1, 1]
    assert counted(calls, "1d") == [("2024-04-07", 3)]


def test_the_hour_that_a_half_hour_change_cuts_is_named_by_its_own_clock():
    calls = cc.read_calls(arrow(at("2024-04-07T01:45+10:30"), "Australia/Lord_Howe"))
    assert counted(calls, "1h") == [("2024-04-07T01:00:00+10:30", 1)]


def test_a_day_that_a_zone_skipped_is_no_day():
    """Apia had no Friday 30 December 2011: nothing is missing between Thursday and Saturday."""
    rows = [
        call("thu", "2011-12-29T23:00-10:00", customer_id="A"),
        call("sat", "2011-12-31T23:00+14:00", customer_id="B"),
        call("fri", "2011-12-23T23:00-10:00", customer_id="C"),
    ]
    rows += [call(f"{d}", f"2011-12-{d}T23:00-10:00", customer_id=f"{d}") for d in range(24, 29)]
    calls = cc.read_calls(arrow(rows, "Pacific/Apia"))
    codes = {caution.code for caution in cc.report(calls).report.warnings}
    [row] = plain(cc.first_call_resolution(calls, window="24h"))
    assert "days_without_calls" not in codes
    assert (row["eligible"], row["resolved"]) == (7, 7)  # all but the last one, whose window is open


# ---------------------------------------------------------------- local times without an offset


def local_csv(path, *clocks):
    lines = [f"{n},{clock},answered,0" for n, clock in enumerate(clocks)]
    path.write_text("call_id,offered_at,outcome,wait_ms\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def codes(calls):
    return {caution.code: caution.text for caution in cc.report(calls).report.warnings}


def test_a_local_time_in_the_doubled_hour_is_the_first_one(tmp_path):
    path = local_csv(tmp_path / "calls.csv", "2024-10-27 02:30:00", "2024-10-27 03:00:00")
    calls = cc.read_calls(path, tz="Europe/Berlin")
    assert counted(calls, "30m") == [("2024-10-27T02:30:00+02:00", 1), ("2024-10-27T03:00:00+01:00", 1)]
    assert codes(calls)["doubled_hour"].startswith("1 call")


def test_in_time_order_the_second_one_once_the_clock_has_gone_back(tmp_path):
    clocks = ("01:50", "02:10", "02:50", "02:05", "02:55", "03:10")
    path = local_csv(tmp_path / "calls.csv", *(f"2024-10-27 {clock}:00" for clock in clocks))
    calls = cc.read_calls(path, tz="Europe/Berlin")
    assert counted(calls, "1h") == [
        ("2024-10-27T01:00:00+02:00", 1),
        ("2024-10-27T02:00:00+02:00", 2),
        ("2024-10-27T02:00:00+01:00", 2),
        ("2024-10-27T03:00:00+01:00", 1),
    ]
    assert "4 calls" in codes(calls)["doubled_hour"]


def test_a_file_out_of_order_tells_nothing_of_the_doubled_hour(tmp_path):
    clocks = ("05:00", "02:50", "02:05", "01:10")
    path = local_csv(tmp_path / "calls.csv", *(f"2024-10-27 {clock}:00" for clock in clocks))
    calls = cc.read_calls(path, tz="Europe/Berlin")
    assert dict(counted(calls, "1h"))["2024-10-27T02:00:00+02:00"] == 2


def test_a_local_time_in_the_missing_hour_moves_forward_by_the_gap(tmp_path):
    path = local_csv(tmp_path / "calls.csv", "2024-03-31 01:59:59", "2024-03-31 02:30:00", "2024-03-31 03:40:00")
    calls = cc.read_calls(path, tz="Europe/Berlin")
    assert counted(calls, "30m") == [("2024-03-31T01:30:00+01:00", 1), ("2024-03-31T03:30:00+02:00", 2)]
    assert "1 call" in codes(calls)["missing_hour"]


def test_half_an_hour_doubled_and_missing_at_lord_howe(tmp_path):
    path = local_csv(tmp_path / "back.csv", "2024-04-07 01:45:00", "2024-04-07 02:15:00")
    calls = cc.read_calls(path, tz="Australia/Lord_Howe")
    assert counted(calls, "30m") == [("2024-04-07T01:30:00+11:00", 1), ("2024-04-07T02:00:00+10:30", 1)]
    path = local_csv(tmp_path / "on.csv", "2024-10-06 02:10:00")
    calls = cc.read_calls(path, tz="Australia/Lord_Howe")
    assert counted(calls, "30m") == [("2024-10-06T02:30:00+11:00", 1)]


def test_without_a_zone_times_are_as_written(tmp_path):
    path = local_csv(tmp_path / "calls.csv", "2024-10-27 02:30:00", "2024-10-27 23:59:59")
    calls = cc.read_calls(path)
    assert counted(calls, "30m") == [("2024-10-27T02:30:00", 1), ("2024-10-27T23:30:00", 1)]
    assert counted(calls, "1d") == [("2024-10-27", 2)]
    report = cc.report(calls).report
    assert report.head.timezone is None
    assert any("taken as written" in note for note in report.notes)


def test_utc_times_without_a_zone_are_refused(tmp_path):
    path = local_csv(tmp_path / "calls.csv", "2024-10-27T02:30:00Z")
    with pytest.raises(UsageError, match="no reporting zone is named"):
        _ = cc.read_calls(path).accounting
    table = pa.table(
        {"call_id": ["a"], "offered_at": pa.array([0], pa.timestamp("ms", "UTC")), "outcome": ["answered"]}
    )
    with pytest.raises(UsageError, match="no reporting zone is named"):
        _ = cc.read_calls(table).accounting


def test_the_zone_asked_for_goes_before_the_column(tmp_path):
    table = arrow(at("2013-08-20T00:30+08:00"), "Asia/Shanghai")
    assert counted(cc.read_calls(table), "1d") == [("2013-08-20", 1)]
    assert counted(cc.read_calls(table, tz="UTC"), "1d") == [("2013-08-19", 1)]


def test_moments_between_milliseconds_are_floored_and_waits_rounded_up(tmp_path):
    """A call a microsecond before midnight belongs to the day before; 20.0000001 s are 20,001 ms: late."""
    mapping = tmp_path / "s.toml"
    mapping.write_text(
        '[calls]\ncall_id = "call_id"\noffered_at = "offered_at"\noutcome = "outcome"\n'
        'wait_ms = { column = "wait", unit = "s" }\n'
    )
    path = tmp_path / "calls.csv"
    path.write_text(
        "call_id,offered_at,outcome,wait\n"
        "a,2024-01-01 23:59:59.999999,answered,20\n"
        "b,2024-01-02 00:00:00,answered,20.0000001\n"
        "c,2024-01-02 00:00:00,answered,19.9999\n"
    )
    rows = plain(cc.service_level(cc.read_calls(path, mapping=str(mapping)), every="1d"))
    assert [tuple(row[n] for n in ("start", "answered_within", "answered")) for row in rows] == [
        ("2024-01-01", 1, 1),
        ("2024-01-02", 1, 2),
    ]
    assert rows[1]["longest_wait_s"] == 20.001


def test_calls_before_1970_are_refused(tmp_path):
    path = local_csv(tmp_path / "calls.csv", "1969-12-31 23:59:59", "1970-01-01 00:00:00")
    calls = cc.read_calls(path, max_rejected=1)
    assert counted(calls, "30m") == [("1970-01-01T00:00:00", 1)]
    assert calls.accounting.rejected == {"offered_at is before 1970": 1}


def test_written_files_agree_with_tables(tmp_path):
    rows = at("2024-10-27T02:30+02:00", "2024-10-27T02:30+01:00")
    from_file = cc.read_calls(write_csv(tmp_path / "calls.csv", rows, "Europe/Berlin"), tz="Europe/Berlin")
    assert counted(from_file, "15m") == counted(cc.read_calls(arrow(rows, "Europe/Berlin")), "15m")
