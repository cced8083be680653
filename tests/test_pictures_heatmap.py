"""Weekday and half-hour: clocks pooled over weeks, clock changes and channels, earlier summaries beside the data."""

from collections import defaultdict
from contextlib import closing
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cc_metrics import reporting
from cc_metrics.model.promise import WEEKDAYS, Policy, ServiceTerms
from cc_metrics.reporting import Background, Span
from interval_fixture import HEAD, HOURLY, Source
from made import M, S, call, dimensions, share, tables, within
from pictures_fixture import PLAIN, day_before, drawn, earlier, local, parts

ZONE = "Asia/Shanghai"


def at(name, moment, wait=5_000, outcome="answered", **more):
    return call(name, f"{moment}+08:00", outcome, wait, **more)


def plain(report, *names):
    """Weekday, clock, days, offered, in time and of, behind the values of *names*."""
    columns = (*names, "weekday", "clock", "days", "offered", "in_time", "denominator")
    return [tuple(row[name] for name in columns) for row in report.heatmap]


def expected(rows, zone, terms, first=date.min):
    """The same, worked out call by call."""
    names, groups = dimensions(rows, ()), defaultdict(list)
    for row in rows:
        clock = local(row, zone)
        if clock.date() >= first:
            slot = f"{clock.hour:02}:{clock.minute // 30 * 30:02}"
            groups[clock.weekday(), slot, tuple(row[name] for name in names)].append(row)
    found = []
    for (weekday, slot, values), group in sorted(groups.items(), key=lambda item: _order(item[0])):
        days = {local(row, zone).date() for row in group}
        kept, owed = parts(group, terms)
        found.append((*values, WEEKDAYS[weekday], slot, len(days), len(group), kept, owed))
    return found


def _order(key):
    weekday, slot, values = key
    return weekday, slot, [(value is None, value or "") for value in values]


def test_two_weeks_are_pooled():
    rows = [
        at("1", "2013-08-13T09:00:00"),
        at("2", "2013-08-13T09:29:59.999", 20_001),
        at("3", "2013-08-20T09:29:00", 20_000),
        at("4", "2013-08-20T09:30:00", None, "abandoned"),
        at("5", "2013-08-21T00:00:00"),
    ]
    report = drawn(rows, ZONE)
    assert plain(report) == [
        ("Tuesday", "09:00", 2, 3, 2, 3),
        ("Tuesday", "09:30", 1, 1, 0, 1),
        ("Wednesday", "00:00", 1, 1, 1, 1),
    ]
    assert report.heatmap[0]["service_level"] == 2 / 3


def test_days_after_the_period_are_left_out_and_days_before_it_are_not():
    rows = [at(str(day), f"2013-08-{day}T09:00:00") for day in (19, 20, 21)]
    assert plain(drawn(rows, ZONE, span=Span(date="2013-08-20"))) == [
        ("Monday", "09:00", 1, 1, 1, 1),
        ("Tuesday", "09:00", 1, 1, 1, 1),
    ]
    assert drawn(rows, ZONE, span=Span(date="2013-08-18")).heatmap == ()


def test_no_more_than_eight_weeks(tmp_path):
    """56 days up to Tuesday 20 August 2013 begin on Wednesday 26 June: the Tuesday before it is one too many.

    Days after the period's end, in the data or in summaries, move nothing.
    """
    rows = [at(day, f"2013-{day}T09:00:00") for day in ("06-25", "06-26", "07-02", "08-20")]
    known = [("Tuesday", "09:00", 2, 2, 2, 2), ("Wednesday", "09:00", 1, 1, 1, 1)]
    assert plain(drawn(rows, ZONE)) == known
    later = [*rows, at("later", "2013-10-22T09:00:00")]
    assert plain(drawn(later, ZONE, span=Span(end="2013-08-30"))) == known
    with earlier(tmp_path, [*rows[:3], later[-1]], ZONE) as background:
        assert plain(drawn(rows[3:], ZONE, PLAIN, background, span=Span(end="2013-08-30"))) == known


def test_a_doubled_hour_is_one_clock_and_one_day():
    """Sunday 27 October 2024 in Berlin: 02:10 comes twice, at 00:10 and 01:10 UTC; on 31 March 02:00 never comes."""
    rows = [
        call("1", "2024-10-27T00:10:00+00:00", wait=5_000),
        call("2", "2024-10-27T01:10:00+00:00", wait=30_000),
        call("3", "2024-10-27T02:10:00+00:00", wait=5_000),
    ]
    zone = "Europe/Berlin"
    assert plain(drawn(rows, zone)) == [("Sunday", "02:00", 1, 2, 1, 2), ("Sunday", "03:00", 1, 1, 1, 1)]
    spring = [call("1", "2024-03-31T00:59:59+00:00"), call("2", "2024-03-31T01:00:00+00:00")]
    assert plain(drawn(spring, zone)) == [("Sunday", "01:30", 1, 1, 1, 1), ("Sunday", "03:00", 1, 1, 1, 1)]


def test_an_unknown_wait_leaves_the_level_of_its_half_hour_unknown():
    rows = [
        at("1", "2013-08-13T09:00:00"),
        at("2", "2013-08-20T09:00:00", None, "abandoned"),
        at("3", "2013-08-20T10:00:00"),
    ]
    policy = Policy("p", service=ServiceTerms(formula="exclude_short_abandons"))
    assert plain(drawn(rows, ZONE, policy)) == [
        ("Tuesday", "09:00", 2, 2, None, None),
        ("Tuesday", "10:00", 1, 1, 1, 1),
    ]


def test_rows_longer_than_half_an_hour_have_no_map(tmp_path):
    found = Source(tmp_path).report(HOURLY, f"{HEAD}\n20.08.2013 09:00,9,1,0,2,3,1,2,5,1,4\n")
    assert found.heatmap == ()
    assert [row["start"] for row in found.days] == ["2013-08-20"]


def test_earlier_half_hours_are_not_the_map_of_data_that_have_none(tmp_path):
    """Nor the other way round: a week ago a call was counted, on the day of the data somebody else counted hours."""
    zone, text = "Europe/Berlin", f"{HEAD}\n20.08.2013 09:00,9,1,0,2,3,1,2,5,1,4\n"
    before = [call("1", "2013-08-13T09:00:00+02:00")]
    with (
        earlier(tmp_path, before, zone) as background,
        closing(Source(tmp_path).calls(HOURLY, text).open(PLAIN)) as counted,
    ):
        report = reporting.build(counted, PLAIN, reporting.Request(), (), background)
        assert report.heatmap == ()
        assert [row["start"] for row in report.days] == ["2013-08-13", "2013-08-20"]
        report = drawn(before, zone, PLAIN, Background(counted), span=Span(end="2013-08-21"))
        assert plain(report) == [("Tuesday", "09:00", 1, 1, 1, 1)]
        assert [row["start"] for row in report.days] == ["2013-08-13", "2013-08-20"]


@within(20)
@given(
    table=tables(least=1, waits=True),
    edge=st.sampled_from(("<=", "<")),
    formula=st.sampled_from(("all_offered", "exclude_abandons_within")),
    redirected=st.sampled_from(("late", "abandoned")),
)
def test_against_calls_one_by_one(table, edge, formula, redirected):
    terms = ServiceTerms(5 * S, edge, formula, S, redirected)
    report = drawn(table.rows, table.zone, Policy("p", service=terms))
    names = dimensions(table.rows, ())
    assert plain(report, *names) == expected(table.rows, table.zone, terms)
    assert all(row["service_level"] == share(row["in_time"], row["denominator"]) for row in report.heatmap)


@pytest.fixture(name="rows")
def _rows():
    """Four days of two channels, each a row of ten minutes."""
    return [
        at(
            f"{day}-{n}",
            f"2013-08-{day:02}T{8 + n // 6:02}:{n % 6}0:00",
            1_000 * n + day * 10,
            ("answered", "abandoned", "answered", "redirected")[n % 4],
            channel=("voice", "chat")[n % 2],
            tier=("vip", "else", None)[n % 3],
        )
        for day in (6, 12, 13, 20)
        for n in range(30)
    ]


@pytest.mark.parametrize("where", [{}, {"tier": ("vip",)}])
def test_earlier_summaries_are_days_like_any(rows, where, tmp_path):
    """The 13th is in both: it is taken from the data, once."""
    rows = [dict(row, offered_ms=row["offered_ms"]) for row in rows]
    whole = drawn(rows, ZONE, where=where, span=Span(date="2013-08-20"))
    before = [row for row in rows if not row["call_id"].startswith("20-")]
    data = [row for row in rows if row["call_id"][:2] in ("20", "13")]
    with earlier(tmp_path, before, ZONE) as background:
        report = drawn(data, ZONE, PLAIN, background, where=where, span=Span(date="2013-08-20"))
    assert whole.heatmap
    assert report.heatmap == whole.heatmap
    assert report.days == whole.days
    assert report.waits == whole.waits


def test_the_policys_tiers_hold_for_earlier_days_too(rows, tmp_path):
    policy = Policy("p", tiers=(("good", ("vip", "else")), ("rest", ("*",))))
    whole = drawn(rows, ZONE, policy, where={"tier": ("good",)})
    with earlier(tmp_path, [r for r in rows if r["call_id"][:2] != "20"], ZONE, policy) as background:
        data = [r for r in rows if r["call_id"][:2] == "20"]
        report = drawn(data, ZONE, policy, background, where={"tier": ("good",)}, span=Span(date="2013-08-20"))
    assert sum(row["offered"] for row in report.heatmap) == 80
    assert report.heatmap == whole.heatmap


def test_earlier_days_that_cannot_be_asked_are_left_out(rows, tmp_path):
    """Summaries do not hold the reason unless they are told to; times as written belong to no zone."""
    data = [dict(row, reason="bill") for row in rows if row["call_id"][:2] == "20"]
    alone = drawn(data, ZONE, where={"reason": ("bill",)})
    with earlier(tmp_path, [day_before(row, 7) for row in data], ZONE) as background:
        report = drawn(data, ZONE, PLAIN, background, where={"reason": ("bill",)})
        assert (report.heatmap, report.days) == (alone.heatmap, alone.days)
        assert len(drawn(data, ZONE, PLAIN, background).days) == 4
        other = drawn(data, "Asia/Tokyo", PLAIN, background)
        assert {row["start"] for row in other.days} == {"2013-08-20"}
    with earlier(tmp_path, [day_before(row, 7) for row in data], ZONE, by=("reason",)) as background:
        report = drawn(data, ZONE, PLAIN, background, where={"reason": ("bill",)})
        assert [row["days"] for row in report.heatmap] == [2] * len(alone.heatmap)


def test_an_earlier_channel_that_the_data_do_not_have_is_not_pooled(rows, tmp_path):
    """A call without a channel is a voice call; the chats of last week are in no row."""
    data = [dict(row, channel=None) for row in rows if row["call_id"][:2] == "20"]
    before = [row for row in rows if row["call_id"][:2] == "13"]
    with earlier(tmp_path, before, ZONE) as background:
        report = drawn(data, ZONE, PLAIN, background)
    assert "channel" not in report.heatmap[0]
    assert [(row["start"], row["offered"]) for row in report.days] == [("2013-08-13", 15), ("2013-08-20", 30)]
    assert sum(row["offered"] for row in report.heatmap) == 45


def test_earlier_days_end_with_the_last_whole_day_before_the_periods_end(rows, tmp_path):
    """They hold the 20th and later days, the data do not: what the period's end leaves out is left out."""
    data = [dict(row, channel=None) for row in rows if row["call_id"][:2] == "13"]
    later = [dict(row, channel=None) for row in rows if row["call_id"][:2] != "13"]
    with earlier(tmp_path, later, ZONE) as background:
        starts = [
            [row["start"] for row in drawn(data, ZONE, PLAIN, background, span=Span(start="2013-08-13", end=end)).days]
            for end in ("2013-08-14", "2013-08-20 09:00", "2013-08-21")
        ]
    known = ["2013-08-06", "2013-08-12", "2013-08-13"]
    assert starts == [known, known, [*known, "2013-08-20"]]


def test_no_background_is_an_empty_one(rows):
    assert drawn(rows, ZONE, PLAIN, Background()).heatmap == drawn(rows, ZONE).heatmap


def test_half_hours_of_odd_zones():
    """Kathmandu is 5 h 45 min ahead: 18:15 UTC is midnight there."""
    moment = call("1", "2024-12-30T18:14:59+00:00")
    rows = [moment, dict(moment, call_id="2", offered_ms=moment["offered_ms"] + S, wait_ms=21 * S)]
    rows.append(dict(moment, call_id="3", offered_ms=moment["offered_ms"] + 30 * M + S))
    assert plain(drawn(rows, "Asia/Kathmandu")) == [
        ("Monday", "23:30", 1, 1, 1, 1),
        ("Tuesday", "00:00", 1, 1, 0, 1),
        ("Tuesday", "00:30", 1, 1, 1, 1),
    ]
