"""Half-hours: pooled by counts, put back where nobody called, right on days with a clock change."""

from dataclasses import replace
from typing import Any

import pytest

import report_fixture as made
from cc_metrics.model.report import Row
from cc_metrics.render import halfhours


def row(start: str, offered: int = 10, in_time: int = 8, **more: Any) -> Row:
    return made.calls(offered, in_time, 0, 0, 0, 0, 0) | {"start": start} | more


def days(*rows: Row) -> list[halfhours.Day]:
    return halfhours.days(replace(made.nothing(), intervals=rows, total=()))


def test_a_day_begins_with_its_first_call_and_ends_with_its_last() -> None:
    [day] = halfhours.days(made.tuesday())
    assert (day.clocks[0], day.clocks[-1], len(day.clocks)) == ("08:00", "18:30", 22)
    assert day.rows[day.clocks.index("12:00")]["offered"] == 0
    assert day.all["p90_wait_s"] == 38  # from the whole, percentiles can't be pooled


def test_two_days_have_a_table_each() -> None:
    assert [d.title for d in halfhours.days(made.two_days())] == [
        "by half-hour, Tue 20 Aug",
        "by half-hour, Wed 21 Aug",
    ]


def test_more_days_are_pooled_by_the_clock() -> None:
    [month], [day] = halfhours.days(made.month()), halfhours.days(made.tuesday())
    assert month.title == "by half-hour, 31 days together"
    assert month.clocks == day.clocks
    assert [r["offered"] for r in month.rows] == [31 * r["offered"] for r in day.rows]
    assert [halfhours.late(r) for r in month.rows] == [31 * (halfhours.late(r) or 0) for r in day.rows]
    assert month.rows[3]["service_level"] == day.rows[3]["service_level"]
    assert month.rows[3].get("p90_wait_s") is None


def test_pooled_levels_come_from_counts_and_means_from_weights() -> None:
    one = halfhours.pooled(
        [
            row("2013-08-20T09:00:00", 10, 10, mean_wait_s=2.0, longest_wait_s=9.0),
            row("2013-08-20T09:30:00", 90, 0, mean_wait_s=12.0, longest_wait_s=7.0),
            row("2013-08-20T10:00:00", 0, 0, mean_wait_s=None, longest_wait_s=None),
        ]
    )
    assert (one["service_level"], one["denominator"], halfhours.late(one)) == (0.1, 100, 90)
    assert (one["mean_wait_s"], one["longest_wait_s"], one["connect_rate"]) == (11.0, 9.0, 1.0)


def test_without_all_late_calls_there_are_no_worst_half_hours() -> None:
    unknown = row("2013-08-20T09:30:00", 20, 8, service_level=None, denominator=None)
    rows = (row("2013-08-20T09:00:00", 2, 0), unknown)
    assert halfhours.worst(replace(made.nothing(), intervals=rows)) == []
    assert len(halfhours.worst(replace(made.nothing(), intervals=rows[:1]))) == 1


def test_what_one_half_hour_does_not_tell_the_pooled_ones_do_not() -> None:
    """At 9:30 nobody tells how long calls waited; at 10:00 there were none, which is known."""
    known = row("2013-08-20T09:00:00", 10, 9, mean_wait_s=2.0, longest_wait_s=9.0)
    known |= {"abandoned": 1, "longest_abandoned_s": 3.0, "answered_within": 9, "redirected_late": 0, "transferred": 2}
    untold = row("2013-08-21T09:30:00", 10, 9, mean_wait_s=None, longest_wait_s=None)
    untold |= {"abandoned": 1, "longest_abandoned_s": None, "answered_within": None, "redirected_late": None}
    untold |= {"service_level": None, "denominator": None, "transferred": None}
    nobody = row("2013-08-22T10:00:00", 0, 0, mean_wait_s=None, longest_wait_s=None)
    nobody |= {"abandoned": 0, "answered_within": 0, "redirected_late": 0, "transferred": None}
    names = ("service_level", "denominator", "answered_within", "redirected_late", "mean_wait_s")
    names += ("longest_wait_s", "longest_abandoned_s")
    one = halfhours.pooled([known, untold, nobody])
    assert [one[name] for name in names] == [None] * 7
    assert (one["answered"], one["transferred"], halfhours.late(one)) == (20, 2, None)
    one = halfhours.pooled([known, nobody])
    assert [one[name] for name in names] == [0.9, 10, 9, 0, 2.0, 9.0, 3.0]


def test_nothing_pooled_is_unknown_not_zero() -> None:
    one = halfhours.pooled([row("2013-08-20T09:00:00", 0, 0)])
    assert [one[n] for n in ("service_level", "mean_wait_s", "connect_rate", "abandonment_rate")] == [None] * 4


@pytest.mark.parametrize(
    ("level", "owed", "late"),
    [(0.8, 10, 2), (1.0, 7, 0), (None, 0, 0), (None, 10, None), (None, None, None)],
)
def test_late_is_owed_and_not_in_time(level: float | None, owed: int | None, late: int | None) -> None:
    assert halfhours.late({"service_level": level, "denominator": owed}) == late


def test_half_hours_that_nobody_called_in_are_put_back() -> None:
    [day] = days(row("2013-08-20T09:00:00+08:00"), row("2013-08-20T10:30:00+08:00"))
    assert day.clocks == ("09:00", "09:30", "10:00", "10:30")
    assert [r["offered"] for r in day.rows] == [10, 0, 0, 10]


def test_the_missing_hour_is_not_put_back() -> None:
    [day] = days(row("2024-03-31T01:30:00+01:00"), row("2024-03-31T03:00:00+02:00"))
    assert day.clocks == ("01:30", "03:00")


def test_the_doubled_hour_is_two_hours_and_says_which() -> None:
    [day] = days(row("2024-10-27T02:00:00+02:00"), row("2024-10-27T02:00:00+01:00"), row("2024-10-27T02:30:00+01:00"))
    assert day.clocks == ("02:00 +02:00", "02:00 +01:00", "02:30")


def test_channels_are_never_pooled() -> None:
    chat, voice = row("2013-08-20T09:00:00", channel="chat"), row("2013-08-20T09:00:00", channel=None)
    assert [d.title for d in days(chat, voice)] == ["chat by half-hour", "not recorded by half-hour"]


def test_the_worst_half_hours() -> None:
    assert halfhours.worst(made.tuesday()) == [
        "11:00-11:30: 1,032 late, 20 % of all that were late",
        "10:30-11:00: 876 late, 17 % of all that were late",
        "11:30-12:00: 614 late, 12 % of all that were late",
    ]
    assert halfhours.worst(made.two_days())[2] == "Wed 21 Aug 11:00-11:30: 758 late, 8 % of all that were late"
    assert halfhours.worst(made.nothing()) == []
    good = replace(made.nothing(), intervals=(row("2013-08-20T23:30:00", 10, 10), row("2013-08-20T23:00:00", 2, 1)))
    assert halfhours.worst(good) == ["23:00-23:30: 1 late, 100 % of all that were late"]


def test_what_is_not_known_of_one_half_hour_is_not_known_of_the_day() -> None:
    """Nobody answered in the first, so that its level would be 0 of 1: of the second's waits nothing is recorded."""
    known = {"offered": 1, "answered": 0, "abandoned": 1, "denominator": 1, "service_level": 0.0, "redirected_late": 0}
    unknown = {"offered": 4, "answered": 4, "abandoned": 0, "denominator": None, "service_level": None}
    nobody = {"offered": 0, "answered": 0, "denominator": 0, "service_level": None}
    one = halfhours.pooled([known, unknown])
    assert (one["offered"], one["answered"]) == (5, 4)
    assert (one["service_level"], one["denominator"], one["redirected_late"]) == (None, None, None)
    assert halfhours.pooled([known, nobody])["service_level"] == 0.0
