"""Periods, coverage and as_of by hand: an empty group, a day not covered, windows that are not closed."""

from datetime import date
from fractions import Fraction

import pytest

import cc_metrics as cc
from cc_metrics.errors import UsageError
from cc_metrics.measures.coverage import Day, cover
from cc_metrics.model import zones
from cc_metrics.model.clock import Calendar
from cc_metrics.model.promise import ClosedDays, OpenHours, Policy, Promise, ResolutionTerms, ServiceTerms
from made import D, H, M, S, arrow, call, plain, utc

LEVEL = Promise("level", "service_level", "share_within", Fraction(4, 5))
FIRST = Promise("first", "first_call_resolution", "rate_at_least", Fraction(1, 2), resolution=ResolutionTerms(D))
POLICY = Policy("made", promises=(LEVEL, FIRST), resolution=ResolutionTerms(D))
SHANGHAI = "Asia/Shanghai"


def report(rows, zone=SHANGHAI, policy=POLICY, **options):
    return cc.report(cc.read_calls(arrow(rows, zone)), policy=policy, **options).report


def two_days(last):
    """Calls from 08:00 to 22:00 on Monday 19 August 2013, on Tuesday from 08:00 until *last*."""
    rows = [call(f"m{h}", f"2013-08-19T{h:02}:00+08:00", customer_id=f"m{h}") for h in range(8, 23)]
    return [*rows, call("t8", "2013-08-20T08:00+08:00", customer_id="x"), call("last", f"2013-08-20T{last}+08:00")]


# ---------------------------------------------------------------- a group of nothing


def test_a_share_of_nothing_is_none():
    rows = [
        call("a", "2013-08-20T09:00+08:00", "redirected", wait=5 * S, talk=None, queue="overflow"),
        call("b", "2013-08-20T09:00+08:00", wait=5 * S, talk=None, queue="q"),
    ]
    policy = Policy("out", service=ServiceTerms(redirected="out"))
    [overflow, _] = plain(cc.service_level(cc.read_calls(arrow(rows, SHANGHAI)), by=["queue"], policy=policy))
    assert (overflow["offered"], overflow["redirected"], overflow["redirected_late"]) == (1, 1, 0)
    assert overflow["denominator"] == 0
    assert overflow["service_level"] is None
    assert set(overflow["formulas"].values()) == {None}
    assert overflow["connect_rate"] == 0
    for name in ("abandonment_rate", "mean_wait_s", "p50_wait_s", "p90_wait_s", "p95_wait_s", "longest_wait_s"):
        assert overflow[name] is None, name
    for name in ("mean_handle_s", "mean_talk_s", "mean_hold_s", "mean_wrap_s", "transferred", "under_10_s"):
        assert overflow[name] is None, name


def test_a_promise_on_nobody_has_no_data():
    rows = [dict(row, channel="voice") for row in two_days("22:00")]
    nobody = Promise("chat", "service_level", "share_within", Fraction(4, 5), where={"channel": ("chat",)})
    rate = Promise("lost", "abandonment", "rate_at_most", Fraction(1, 20))
    lost = [call("lost", "2013-08-20T09:00+08:00", "redirected", wait=S, talk=None, channel="chat")]
    [chat] = report(rows, policy=Policy("p", promises=(nobody,))).promises
    assert (chat.row["settled"], chat.row["value"]) == (0, None)
    assert (chat.row["verdict"], chat.row["margin"]) == ("no_data", None)
    [none] = report(lost, policy=Policy("p", promises=(rate,))).promises
    assert (none.row["settled"], none.row["value"], none.row["verdict"]) == (0, None, "no_data")


def test_a_value_that_no_call_has():
    calls = cc.read_calls(arrow(two_days("22:00"), SHANGHAI))
    with pytest.raises(UsageError, match="no call has tier 'VIP'"):
        cc.service_level(calls, where={"tier": "VIP"})


def test_a_period_without_calls():
    made = report(two_days("22:00"), date="2013-08-25")
    assert (made.head.complete, made.head.incomplete) == (False, "no data")
    assert made.total[0]["offered"] == 0
    assert made.total[0]["service_level"] is None
    assert made.calls == ()
    assert made.intervals == ()
    assert made.promises[0].row["verdict"] in ("no_data", "not_judged")


# ---------------------------------------------------------------- a day that is not covered


def test_a_covered_day():
    """The other day begins with 8 hours of silence, so a silence of 8 hours at the end is an ordinary one."""
    made = report(two_days("16:00"))
    assert (made.head.complete, made.head.incomplete) == (True, "")
    assert made.head.as_of == "2013-08-21T00:00:00+08:00"
    assert made.promises[0].row["verdict"] == "kept"
    assert made.head.label == "Mon 19 Aug 2013 - Tue 20 Aug 2013"


def test_a_day_not_covered_is_not_complete_and_not_judged():
    made = report(two_days("15:59:59"))
    assert (made.head.start, made.head.end) == ("2013-08-19T00:00:00+08:00", "2013-08-21T00:00:00+08:00")
    assert not made.head.complete
    assert made.head.incomplete == "data end 15:59 on 2013-08-20"
    assert made.head.as_of == "2013-08-20T00:00:00+08:00"
    level = made.promises[0]
    assert (level.row["verdict"], level.row["margin"]) == ("not_judged", None)
    assert level.note == "the period is not complete: data end 15:59 on 2013-08-20"
    assert (level.row["kept"], level.row["settled"]) == (17, 17)  # the counts are shown all the same
    assert made.total[0]["offered"] == 17
    # Each day by itself: Monday is judged, Tuesday is not.
    monday, tuesday = (report(two_days("15:59:59"), date=f"2013-08-{day}") for day in (19, 20))
    assert (monday.head.complete, monday.promises[0].row["verdict"]) == (True, "kept")
    assert (tuesday.head.incomplete, tuesday.promises[0].row["verdict"]) == ("data end 15:59", "not_judged")


def test_one_day_only():
    """Its own opening silence or two hours, whichever is longer."""

    def complete(first, last):
        rows = [call("a", f"2013-08-20T{first}+08:00"), call("b", f"2013-08-20T{last}+08:00")]
        return report(rows).head.complete

    assert complete("00:30", "22:00")
    assert not complete("00:30", "21:59:59.999")
    assert complete("09:00", "15:00")
    assert not complete("09:00", "14:59:59.999")


def test_a_silence_in_the_open_hours_is_no_excuse():
    hours = OpenHours(tuple((day, 8 * H, 23 * H) for day in range(7)), "made")
    assert not report(two_days("15:59:59"), policy=Policy("open", open_hours=hours)).head.complete
    # Rows outside the hours are ignored by rule, and cover nothing.
    short = OpenHours(tuple((day, 8 * H, 15 * H) for day in range(7)), "made")
    made = report(two_days("15:59:59"), policy=Policy("open", open_hours=short))
    assert made.accounting.ignored == {"outside open hours": 9}
    assert (made.head.complete, made.head.incomplete) == (False, "data end 08:00 on 2013-08-20")


def test_a_promise_on_voice_means_calls_without_a_channel_too():
    voice = Promise("voice", "service_level", "share_within", Fraction(4, 5), where={"channel": ("voice",)})
    named, unnamed = report(two_days("22:00"), policy=Policy("p", promises=(voice, LEVEL))).promises
    assert (named.row["kept"], named.row["settled"]) == (unnamed.row["kept"], unnamed.row["settled"]) == (17, 17)


def test_a_gap_inside():
    """A day without rows is covered by later rows, yet windows that touch it are not observed unless it is named."""
    rows = [call(f"{d}", f"2013-08-{d}T12:00+08:00", customer_id=f"c{d}") for d in (12, 13, 14, 19, 21, 22)]
    rows += [call("eve", "2013-08-22T23:59+08:00")]
    # Friday 16 to Sunday 18 are weekdays without rows in every week; Thursday 15 and Tuesday 20 are gaps.
    made = report(rows)
    assert made.head.complete is True
    assert "days_without_calls" in {caution.code for caution in made.warnings}
    by_day = {row["start"]: row for row in report(rows, every="1d").first_call_resolution}
    # The windows of 24 h of the 14th and the 19th reach into a gap, those of the 22nd beyond the end of the data.
    settled = {start[8:]: row["eligible"] for start, row in by_day.items()}
    assert settled == {"12": 1, "13": 1, "14": 0, "19": 0, "21": 1, "22": 0}
    named = Policy("named", resolution=ResolutionTerms(D), closed=ClosedDays(dates=frozenset({date(2013, 8, 20)})))
    by_day = {row["start"]: row for row in report(rows, policy=named, every="1d").first_call_resolution}
    assert by_day["2013-08-19"]["eligible"] == 1
    assert by_day["2013-08-14"]["eligible"] == 0
    [gaps] = [c.text for c in report(rows, policy=named).warnings if c.code == "days_without_calls"]
    assert gaps.startswith("1 day holds no calls (2013-08-15)")


# ---------------------------------------------------------------- as_of


def test_as_of_lowers_and_never_raises():
    rows = two_days("22:00")
    assert report(rows).head.as_of == "2013-08-21T00:00:00+08:00"
    assert report(rows, as_of="2013-08-30").head.as_of == "2013-08-21T00:00:00+08:00"
    made = report(rows, as_of="2013-08-20 12:00", start="2013-08-19", end="2013-08-21")
    assert made.head.as_of == "2013-08-20T12:00:00+08:00"
    assert (made.head.complete, made.head.incomplete) == (False, "as of 2013-08-20 12:00")
    assert made.promises[0].row["verdict"] == "not_judged"
    # Windows of 24 h that end by noon of the 20th: calls of the 19th from 08:00 to 12:00; that of noon just so.
    [row] = made.first_call_resolution
    assert (row["eligible"], row["too_recent"], row["with_key"]) == (5, 11, 16)
    with pytest.raises(UsageError, match="is not a time"):
        report(rows, as_of="soon")


def test_the_latest_settled_days_stand_in():
    """Of Tuesday no window of 24 h is closed: Monday's are, and are named."""
    made = report(two_days("22:00"), date="2013-08-20")
    first = made.promises[1]
    assert first.days == "19 Aug"
    assert (first.row["kept"], first.row["settled"], first.row["verdict"]) == (15, 15, "kept")
    [latest] = made.latest
    assert (latest["days"], latest["eligible"], latest["resolved"], latest["value"]) == ("19 Aug", 15, 15, 1)


def test_repeats_are_looked_up_beyond_the_period():
    rows = [*two_days("22:00"), call("again", "2013-08-20T08:30+08:00", customer_id="m9")]
    calls = cc.read_calls(arrow(rows, SHANGHAI))
    monday = cc.report(calls, policy=POLICY, date="2013-08-19").report
    [row] = monday.first_call_resolution
    assert (row["answered"], row["eligible"], row["resolved"]) == (15, 15, 14)
    # A filter chooses the calls judged, not the repeats: m9's second call was in another queue.
    rows[-1]["queue"], rows[1]["queue"] = "b", "a"
    filtered = cc.report(cc.read_calls(arrow(rows, SHANGHAI)), policy=POLICY, where={"queue": "a"}).report
    [row] = filtered.first_call_resolution
    assert (row["eligible"], row["resolved"]) == (1, 0)


def test_a_call_belongs_to_the_day_it_ended():
    rows = two_days("22:00")
    rows += [call("night", "2013-08-19T23:59+08:00", wait=30 * S, talk=30 * S, wrap_ms=H, customer_id="n")]
    rows += [call("eve", "2013-08-19T23:59+08:00", wait=30 * S, talk=30 * S - 1, wrap_ms=H, customer_id="e")]
    by_day = {row["start"]: row["answered"] for row in report(rows, every="1d").first_call_resolution}
    assert by_day == {"2013-08-19": 16, "2013-08-20": 3}
    offered = {row["start"]: row["offered"] for row in report(rows, every="1d").calls}
    assert offered == {"2013-08-19": 17, "2013-08-20": 2}


# ---------------------------------------------------------------- keys, legs, issues


def test_key_coverage_below_one_half_is_not_judged():
    def first(known):
        rows = [
            call(f"{n}", f"2013-08-19T09:{n:02}+08:00", customer_id=f"c{n}" if n < known else None) for n in range(10)
        ]
        return report([*rows, *two_days("22:00")[15:]], date="2013-08-19").promises[1]

    assert first(5).row["verdict"] == "kept"
    assert (first(5).row["kept"], first(5).row["settled"]) == (5, 5)
    assert first(4).row["verdict"] == "not_judged"
    assert "40 % of the answered calls have a known customer" in first(4).note


def chain():
    """One call in three legs with a known customer, and two calls without: coverage is 1 of 3 calls, 3 of 5 rows."""
    start = utc("2013-08-19T09:00+08:00")
    legs = [call(f"leg{n}", start + n * M, talk=M, customer_id="A", transferred=n < 2) for n in range(3)]
    others = [call(f"u{n}", start + n * H, transferred=False) for n in range(2)]
    return [*legs, *others, call("end", "2013-08-20T23:00+08:00", "abandoned", talk=None, transferred=False)]


def test_legs_are_one_call():
    made = report(chain(), date="2013-08-19")
    [row] = made.first_call_resolution
    assert (row["answered"], row["with_key"], row["eligible"], row["resolved"]) == (3, 1, 1, 1)


def test_coverage_counts_a_call_in_legs_once():
    assert report(chain(), date="2013-08-19").promises[1].row["verdict"] == "not_judged"


def test_answered_issues_are_issues():
    rows = [
        call("a1", "2013-08-19T09:00+08:00", customer_id="A"),
        call("a2", "2013-08-19T10:00+08:00", customer_id="A"),
        call("b", "2013-08-19T11:00+08:00", "abandoned", talk=None, customer_id="B"),
        call("u1", "2013-08-19T12:00+08:00"),
        call("u2", "2013-08-19T22:30+08:00"),
    ]
    [row] = plain(cc.first_call_resolution(cc.read_calls(arrow(rows, SHANGHAI)), window="24h", unit="issue"))
    assert (row["with_key"], row["answered"]) == (1, 1)


# ---------------------------------------------------------------- what is not recorded


def test_unrecorded_is_a_share_of_the_calls():
    """2 of 43 calls are 4.7 %, no warning; of the 39 in the denominator they are 5.1 %."""
    rows = [call(f"v{n}", f"2013-08-20T09:00:{n:02}+08:00", tier="VIP") for n in range(37)]
    rows += [call(f"n{n}", "2013-08-20T10:00+08:00", wait=90 * S) for n in range(2)]
    rows += [call(f"l{n}", "2013-08-20T23:30+08:00", "abandoned", talk=None, tier="VIP") for n in range(4)]
    policy = Policy("p", service=ServiceTerms(formula="exclude_abandons_within"))
    assert "unrecorded_tier" not in {caution.code for caution in report(rows, policy=policy, by=["tier"]).warnings}


def test_only_some_rows_without_wait_are_rejected_and_none_at_all_refuses_waits():
    rows = two_days("22:00")
    rows[3]["wait_ms"] = None
    calls = cc.read_calls(arrow(rows, SHANGHAI), max_rejected=1)
    assert calls.accounting.rejected == {"no wait_ms": 1}
    for row in rows:
        row["wait_ms"] = None
    made = report(rows)
    assert (made.accounting.accepted, made.accounting.rejected) == (17, {})
    assert (made.total[0]["answered"], made.total[0]["answered_within"], made.total[0]["service_level"]) == (
        17,
        None,
        None,
    )
    assert made.promises[0].row["verdict"] == "not_judged"
    assert made.promises[0].note == "the source records no waits"
    assert made.first_call_resolution[0]["with_key"] == 16
    assert "no_waits" in {caution.code for caution in made.warnings}


def test_a_public_holiday_without_calls_is_closed():
    """19 September 2013 was Mid-Autumn in China; without the calendar its silence is a gap."""
    at = [zones.day_start(date(2013, 9, day), zones.offsets("Asia/Shanghai")) for day in (*range(12, 19), 20, 21)]
    days = [Day(zones.local_day(m, zones.offsets("Asia/Shanghai")), 10, m, m + 80_000_000) for m in at]
    without = cover(days, zones.offsets("Asia/Shanghai"), ClosedDays())
    known = cover(days, zones.offsets("Asia/Shanghai"), ClosedDays(), None, Calendar(country="CN"))
    assert without is not None
    assert known is not None
    assert (without.unobserved, dict(without.closed)) == ((date(2013, 9, 19),), {})
    assert (known.unobserved, dict(known.closed)) == ((), {date(2013, 9, 19): "public holiday"})
