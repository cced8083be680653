"""The naive reference against numbers worked out by hand, and against the bank's January."""

import csv
import math
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

import reference as ref

DATA = Path(__file__).parents[2] / "shared" / "data"
S, M, H, D = 1_000, 60_000, 3_600_000, 86_400_000


def call(call_id, offered=0, outcome="answered", wait=0, talk=0, **more):
    row = dict.fromkeys(ref.CANONICAL)
    row.update(call_id=call_id, offered_ms=offered, outcome=outcome, wait_ms=wait, talk_ms=talk, **more)
    return row


def utc(text):
    return (datetime.fromisoformat(text).astimezone(UTC) - ref.EPOCH) // timedelta(milliseconds=1)


def by_id(judged):
    return {entry["call_id"]: (entry["repeat"], entry["settled"]) for entry in judged}


# ---------------------------------------------------------------- 1


def test_deduplicate():
    assert ref.deduplicate([]) == ([], 0, 0, 0)
    plain = call("a", 0, talk=5 * S, file=0, line=2)
    twin = call("a", 0, talk=5 * S, file=1, line=9)
    other = call("b", 0)
    kept, duplicates, conflicting, _ = ref.deduplicate([plain, other, twin])
    assert [row["call_id"] for row in kept] == ["b", "a"]
    assert (duplicates, conflicting) == (1, 0)

    # Equal ones are collapsed first, then the two that differ: one duplicate, one conflict, the later end wins.
    longer = call("a", 0, talk=6 * S, file=0, line=1)
    kept, duplicates, conflicting, _ = ref.deduplicate([longer, plain, twin])
    assert (kept, duplicates, conflicting) == ([longer], 1, 1)
    # updated_ms goes before the end, and rows without it come last even when it is tiny.
    updated = call("a", 0, talk=S, updated_ms=-5)
    assert ref.deduplicate([updated, longer]) == ([updated], 0, 1, 0)
    newer = call("a", 0, talk=2 * S, updated_ms=7)
    assert ref.deduplicate([newer, updated, longer]) == ([newer], 0, 1, 1)
    # Same end (wait + talk = 5 s; wrap-up is no part of it): last file, then last line.
    early = call("c", 0, wait=S, talk=4 * S, file=1, line=8)
    late_line = call("c", 0, wait=2 * S, talk=3 * S, file=1, line=9)
    late_file = call("c", 0, wait=5 * S, talk=0, wrap_ms=1, file=2, line=1)
    assert ref.deduplicate([late_line, early]) == ([late_line], 0, 1, 0)
    assert ref.deduplicate([late_file, late_line, early]) == ([late_file], 0, 2, 0)
    # A null is not zero.
    assert ref.deduplicate([call("d", talk=None), call("d", talk=0)])[1:] == (0, 1, 0)


def test_bucket_across_clock_changes():
    berlin = "Europe/Berlin"
    assert ref.bucket(utc("2024-10-27T00:10:00+00:00"), "1h", berlin) == ("2024-10-27T02:00:00", 120)
    assert ref.bucket(utc("2024-10-27T01:10:00+00:00"), "1h", berlin) == ("2024-10-27T02:00:00", 60)
    assert ref.bucket(utc("2024-10-27T01:50:00+00:00"), "30m", berlin) == ("2024-10-27T02:30:00", 60)
    assert ref.bucket(utc("2024-03-31T00:59:59.999+00:00"), "15m", berlin) == ("2024-03-31T01:45:00", 60)
    assert ref.bucket(utc("2024-03-31T01:00:00+00:00"), "15m", berlin) == ("2024-03-31T03:00:00", 120)
    assert ref.bucket(utc("2024-03-30T23:00:00+00:00"), "1d", berlin) == ("2024-03-31", None)
    assert ref.bucket(utc("2024-03-31T22:00:00+00:00"), "1mo", berlin) == ("2024-04-01", None)
    assert ref.bucket(utc("2024-03-31T22:00:00+00:00"), "1w", berlin) == ("2024-04-01", None)  # a Monday
    assert ref.bucket(utc("2024-03-31T21:59:59+00:00"), "1w", berlin) == ("2024-03-25", None)
    assert ref.bucket(utc("2021-01-01T12:00:00+00:00"), "1w", None) == ("2020-12-28", None)
    assert ref.bucket(utc("2024-05-01T18:40:00+00:00"), "1h", "Asia/Kolkata") == ("2024-05-02T00:00:00", 330)
    assert ref.bucket(utc("2024-05-01T18:40:00+00:00"), "1d", "Asia/Kolkata") == ("2024-05-02", None)
    # Lord Howe goes back half an hour: 02:00 +11:00 becomes 01:30 +10:30.
    howe = "Australia/Lord_Howe"
    assert ref.bucket(utc("2024-04-06T14:45:00+00:00"), "30m", howe) == ("2024-04-07T01:30:00", 660)
    assert ref.bucket(utc("2024-04-06T15:15:00+00:00"), "30m", howe) == ("2024-04-07T01:30:00", 630)
    assert ref.bucket(utc("2024-04-06T15:15:00+00:00"), "1h", howe) == ("2024-04-07T01:00:00", 630)
    assert ref.bucket(-1, "15m", None) == ("1969-12-31T23:45:00", 0)


@pytest.mark.parametrize(
    ("day", "zone", "start", "hours"),
    [
        (date(2024, 3, 31), "Europe/Berlin", "2024-03-30T23:00:00+00:00", 23),
        (date(2024, 10, 27), "Europe/Berlin", "2024-10-26T22:00:00+00:00", 25),
        (date(2024, 5, 2), "Asia/Kolkata", "2024-05-01T18:30:00+00:00", 24),
        (date(2024, 4, 7), "Australia/Lord_Howe", "2024-04-06T13:00:00+00:00", 24.5),
        (date(2024, 10, 6), "Australia/Lord_Howe", "2024-10-05T13:30:00+00:00", 23.5),
        (date(2024, 9, 8), "America/Santiago", "2024-09-08T04:00:00+00:00", 23),  # no midnight: the day starts at 01:00
        (date(2024, 4, 6), "America/Santiago", "2024-04-06T03:00:00+00:00", 25),  # 23:00 to 24:00 twice
        (date(1919, 3, 31), "America/Toronto", "1919-03-31T04:30:00+00:00", 23.5),  # 23:30 became 00:30
        (date(2024, 1, 1), None, "2024-01-01T00:00:00+00:00", 24),
    ],
)
def test_days(day, zone, start, hours):
    assert ref.day_start(day, zone) == utc(start)
    assert ref.day_end(day, zone) - ref.day_start(day, zone) == hours * H


def test_covered_days_and_as_of():
    assert ref.covered_days([], None) == {}
    assert ref.as_of([], None) is None
    one, two, three = date(1970, 1, 1), date(1970, 1, 2), date(1970, 1, 3)

    # One day: its opening silence or two hours, whichever is longer.
    assert ref.as_of([call("a", 22 * H)], None) == D
    assert ref.as_of([call("a", 1 * H), call("b", 22 * H)], None) == D
    assert ref.as_of([call("a", 1 * H), call("b", 22 * H - 1)], None) == 22 * H - 1
    assert ref.as_of([call("a", 6 * H), call("b", 18 * H)], None) == D
    assert ref.covered_days([call("a", 6 * H), call("b", 18 * H - 1)], None) == {one: False}

    # Two days: the longest silence that begins (8 h) or ends (3 h) the other; its own opening 20 h is no measure.
    first = [call("a", 8 * H), call("b", 21 * H)]
    assert ref.covered_days([*first, call("c", D + 16 * H)], None) == {one: True, two: True}
    assert ref.as_of([*first, call("c", D + 16 * H)], None) == 2 * D
    late = [*first, call("c", D + 16 * H - 1)]
    assert ref.covered_days(late, None) == {one: True, two: False}
    assert ref.as_of(late, None) == D
    # Named closed, or the silence outside the open hours, which must end no later than the last row.
    assert ref.as_of(late, None, closed=lambda day: day == two) == 2 * D
    friday = two.weekday()
    assert ref.as_of(late, None, open_hours={friday: [(480, 959)]}) == 2 * D
    assert ref.as_of(late, None, open_hours={friday: [(480, 960)]}) == D
    assert ref.as_of(late, None, open_hours={}) == 2 * D
    assert ref.as_of([*first, call("c", D + 15 * H)], None, open_hours={friday: [(480, 900)]}) == 2 * D
    # A row at the end of a day covers it; a day without rows before a later row is covered, and lends no silence.
    gap = [call("a", 8 * H), call("b", 23 * H), call("c", 2 * D + 1 * H)]
    assert ref.covered_days(gap, None) == {one: True, two: True, three: False}
    assert ref.as_of(gap, None) == 2 * D
    exactly = [call("a", 12 * H), call("b", D), call("c", D + 23 * H)]
    assert ref.covered_days(exactly, None) == {one: True, two: True}
    # The end of Berlin's long day.
    long_day = [call("a", utc("2024-10-26T22:00:00+00:00")), call("b", utc("2024-10-27T21:00:00+00:00"))]
    assert ref.as_of(long_day, "Europe/Berlin") == utc("2024-10-27T23:00:00+00:00")


# ---------------------------------------------------------------- 2


def test_icmi_example():
    counts = {
        "answered": 1000,
        "abandoned": 60,
        "answered_within": 860,
        "abandoned_within": 20,
        "short_abandoned": 10,
        "redirected": 0,
        "redirected_late": 0,
    }
    shown = [f"{100 * n / d:.2f}" for n, d in (ref.service_level(counts, formula) for formula in ref.FORMULAS)]
    assert shown == ["81.13", "82.69", "81.90", "83.02", "82.08", "86.00"]


def test_service_counts_on_the_dot():
    rows = [
        call("a", wait=20 * S),
        call("b", wait=20 * S + 1),
        call("c", wait=20 * S, outcome="abandoned"),
        call("d", wait=5 * S, outcome="abandoned"),
        call("e", wait=5 * S + 1, outcome="abandoned"),
        call("f", wait=20 * S, outcome="redirected"),
        call("g", wait=21 * S, outcome="redirected"),
        call("h", wait=3 * S, outcome="redirected"),
    ]
    counts = ref.service_counts(rows, 20 * S, 5 * S)
    assert counts == {
        "offered": 8,
        "answered": 2,
        "abandoned": 3,
        "redirected": 3,
        "answered_within": 1,
        "abandoned_within": 3,
        "short_abandoned": 1,
        "redirected_late": 1,
    }
    assert [ref.service_level(counts, formula) for formula in ref.FORMULAS] == [
        (1, 6),
        (1, 3),
        (1, 5),
        (4, 6),
        (2, 6),
        (1, 2),
    ]
    # "<": the three waits of exactly 20 s are late; the short abandon stays <=.
    counts = ref.service_counts(rows, 20 * S, 5 * S, edge="<")
    assert (counts["answered_within"], counts["abandoned_within"], counts["redirected_late"]) == (0, 2, 2)
    assert counts["short_abandoned"] == 1
    # Out: nowhere. Abandoned: in B, B_T and B_s.
    counts = ref.service_counts(rows, 20 * S, 5 * S, redirected="out")
    assert [ref.service_level(counts, f, "out")[1] for f in ref.FORMULAS] == [5, 2, 4, 5, 5, 2]
    assert (counts["offered"], counts["redirected"]) == (8, 3)
    counts = ref.service_counts(rows, 20 * S, 5 * S, redirected="abandoned")
    assert (counts["abandoned"], counts["abandoned_within"], counts["short_abandoned"]) == (6, 5, 2)
    assert [ref.service_level(counts, formula, "abandoned") for formula in ref.FORMULAS] == [
        (1, 8),
        (1, 3),
        (1, 6),
        (6, 8),
        (3, 8),
        (1, 2),
    ]
    assert set(ref.service_counts([], 20 * S, 5 * S).values()) == {0}
    unknown = ref.service_counts([call("a", wait=None), call("b", wait=None)], 20 * S, 5 * S)
    assert (unknown["answered"], unknown["answered_within"]) == (2, None)
    with pytest.raises(ValueError, match="not recorded"):
        ref.service_level(unknown, "all_offered")


def test_percentile():
    assert ref.percentile([], Fraction(1, 2)) is None
    waits = [0, 1, 1 * S, 1 * S + 1, 10 * S]  # by whole second: 0, 1, 1, 2, 10
    assert ref.percentile(waits, Fraction(1, 5)) == 0
    assert ref.percentile(waits, Fraction(21, 100)) == 1
    assert ref.percentile(waits, Fraction(1, 2)) == 1
    assert ref.percentile(waits, Fraction(4, 5)) == 2
    assert ref.percentile(waits, Fraction(9, 10)) == 10
    assert ref.percentile([7 * S] * 10, Fraction(9, 10)) == 7


def test_handling():
    rows = [
        call("a", wait=10 * S, talk=60 * S, hold_ms=6 * S, wrap_ms=None, transferred=True),
        call("b", wait=0, talk=10 * S, hold_ms=None, wrap_ms=1 * S),
        call("c", wait=5 * S, talk=10 * S - 1),
        call("d", wait=1 * S, talk=None, hold_ms=99 * S),
        call("e", wait=30 * S, outcome="abandoned", transferred=True),
    ]
    got = ref.handling(rows)
    assert got == {
        "answered": 4,
        "with_talk": 3,
        "hold_unrecorded": 2,
        "wrap_unrecorded": 2,
        "mean_talk_s": Fraction(79_999, 3_000),
        "mean_hold_s": Fraction(2),
        "mean_wrap_s": Fraction(1, 3),
        "mean_handle_s": Fraction(86_999, 3_000),
        "transferred": 1,
        "under_10": 1,
        "asa": Fraction(4),
        "longest_wait_ms": 10 * S,
        "longest_abandoned_ms": 30 * S,
    }
    assert ref.handling([])["asa"] is None
    assert ref.handling([call("a", wait=None)])["longest_wait_ms"] is None


# ---------------------------------------------------------------- 3


def test_fcr_call_boundaries():
    rows = [
        call("a1", 0, wait=10 * S, talk=40 * S, hold_ms=10 * S, wrap_ms=9 * H, customer_id="A"),  # ends at 1 min
        call("a2", D + 1 * M, outcome="abandoned", wait=5 * S, customer_id="A"),  # exactly end + W: a repeat
        call("b1", 0, talk=60 * S, customer_id="B"),
        call("b2", D + 1 * M + 1, customer_id="B"),  # one millisecond later: none
        call("n1", 0),  # unknown key: neither judged nor anyone's repeat
        call("n2", 5),
        call("c1", 0, talk=60 * S, customer_id="C"),  # c2 starts before c1 has ended
        call("c2", 30 * S, outcome="redirected", customer_id="C"),
    ]
    judged = ref.fcr_call(rows, D, 2 * D + 1 * M)
    assert by_id(judged) == {
        "a1": (True, True),
        "b1": (False, True),
        "b2": (False, False),  # ends at D + 1 min + 1 ms: its window closes 1 ms after as_of
        "c1": (True, True),
    }
    assert by_id(ref.fcr_call(rows, D, 2 * D + 1 * M + 1))["b2"] == (False, True)
    # Answered repeats only: the abandoned and the redirected call do not count.
    answered_only = by_id(ref.fcr_call(rows, D, 9 * D, repeats="answered"))
    assert answered_only == {
        "a1": (False, True),
        "b1": (False, True),
        "b2": (False, True),
        "c1": (False, True),
    }
    assert ref.fcr_call([], D, 0) == []


def test_fcr_answered_repeat_behind_an_abandoned_one():
    rows = [
        call("1", 0, customer_id="A"),
        call("2", 1 * H, outcome="abandoned", customer_id="A"),
        call("3", 2 * H, customer_id="A"),
    ]
    assert by_id(ref.fcr_call(rows, D, 9 * D, repeats="answered")) == {"1": (True, True), "3": (False, True)}


def test_fcr_ties_in_time_go_by_call_id():
    rows = [call("2", 0, customer_id="A"), call("1", 0, customer_id="A"), call("10", 0, customer_id="A")]
    assert by_id(ref.fcr_call(rows, D, 9 * D)) == {"1": (True, True), "10": (True, True), "2": (False, True)}


def test_fcr_key_of_two_columns():
    rows = [
        call("1", 0, customer_id="A", reason="bill"),
        call("2", 1 * H, customer_id="A", reason="fault"),
        call("3", 2 * H, customer_id="A", reason="bill"),
        call("4", 3 * H, customer_id="A"),
    ]
    judged = ref.fcr_call(rows, D, 9 * D, key=("customer_id", "reason"))
    assert by_id(judged) == {"1": (True, True), "2": (False, True), "3": (False, True)}
    assert judged[0]["key"] == ("A", "bill")


def test_fcr_unobserved_stretches_are_half_open():
    rows = [call("1", D, customer_id="A")]  # ends at D, its window is [D, 2 D]

    def settled(f, t):
        return ref.fcr_call(rows, D, 9 * D, unobserved=[(f, t)])[0]["settled"]

    assert settled(0, D)
    assert not settled(0, D + 1)
    assert not settled(2 * D - 1, 3 * D)
    assert settled(2 * D, 3 * D)
    assert not settled(D + 1 * H, D + 2 * H)


def test_transferred_legs_in_a_chain():
    rows = [
        call("1", 0, talk=60 * S, customer_id="A", transferred=True),
        call("2", 65 * S, talk=60 * S, customer_id="A", transferred=True),  # 5 s after the end of 1
        call("3", 120 * S, talk=60 * S, customer_id="A", transferred=False),  # 5 s before the end of 2; ends at 180 s
        call("4", 180 * S, customer_id="A", transferred=False),  # 3 was not transferred: a repeat
        call("x", 0, talk=60 * S, customer_id="B", transferred=True),
        call("y", 65 * S + 1, customer_id="B", transferred=False),  # 1 ms too late for a leg
    ]
    judged = {entry["call_id"]: entry for entry in ref.fcr_call(rows, 10 * S, D)}
    assert set(judged) == {"1", "4", "x", "y"}
    assert (judged["1"]["end_ms"], judged["1"]["repeat"]) == (180 * S, True)
    assert (judged["x"]["end_ms"], judged["x"]["repeat"]) == (60 * S, True)
    # Without `transferred` in the source nothing is joined.
    bare = [dict(row, transferred=None) for row in rows]
    assert {entry["call_id"] for entry in ref.fcr_call(bare, 10 * S, D)} == {"1", "2", "3", "4", "x", "y"}
    # Legs are one call in the repeat rate too: A has 1 and 4, B has x and y.
    assert ref.repeat_rate(rows, D, 3, "customer_id") == (0, 4)
    assert ref.repeat_rate(bare, D, 3, "customer_id") == (4, 6)
    # The head's outcome decides: an answered leg of an abandoned row is not judged.
    head = [
        call("1", 0, outcome="abandoned", wait=9 * S, customer_id="A", transferred=True),
        call("2", 9 * S, customer_id="A", transferred=False),
    ]
    assert ref.fcr_call(head, D, 9 * D) == []


def test_fcr_issue():
    w = D
    rows = [
        call("z", 0, outcome="abandoned", customer_id="Z"),  # the first observed instant; never answered
        # A: two tries, answered in the third call, then silence; the next start is W + 1 ms after the last start.
        call("a1", 2 * D, outcome="abandoned", customer_id="A"),
        call("a2", 2 * D + 1 * H, outcome="abandoned", customer_id="A"),
        call("a3", 2 * D + 2 * H, customer_id="A"),
        call("a4", 3 * D + 2 * H + 1, customer_id="A"),
        # B: start exactly W after the previous start: the same issue, and a repeat of b1.
        call("b1", 2 * D, customer_id="B"),
        call("b2", 3 * D, customer_id="B"),
        # C: a long call; the next start is over W after its start but within W of its end: issue two, yet a repeat.
        call("c1", 2 * D, talk=2 * H, customer_id="C"),
        call("c2", 3 * D + 1 * H, customer_id="C"),
        # E: too early to know whether the issue began before the data; F: just late enough.
        call("e", D - 1, customer_id="E"),
        call("f", D, customer_id="F"),
    ]
    found = {(i["key"], i["start_ms"]): i for i in ref.fcr_issue(rows, w, 4 * D)}

    def of(key, start):
        issue = found[key, start]
        return issue["first_answered_id"], issue["end_ms"], issue["repeat"], issue["settled"]

    assert of("Z", 0) == (None, None, False, False)
    assert of("A", 2 * D) == ("a3", 2 * D + 2 * H, False, True)
    assert of("A", 3 * D + 2 * H + 1) == ("a4", 3 * D + 2 * H + 1, False, False)  # too recent
    assert of("B", 2 * D) == ("b1", 2 * D, True, True)
    assert of("C", 2 * D) == ("c1", 2 * D + 2 * H, True, True)
    assert of("C", 3 * D + 1 * H)[3] is False
    assert of("E", D - 1) == ("e", D - 1, False, False)
    assert of("F", D) == ("f", D, False, True)
    assert len(found) == 8
    # f ends at D and its window closes at 2 D: seen in full by an as_of of 2 D.
    for end, seen in ((2 * D, True), (2 * D - 1, False)):
        assert next(i["settled"] for i in ref.fcr_issue(rows, w, end) if i["key"] == "F") is seen

    # The look-back is [start - W, start] = [D, 2 D] for a1, and the window [2 D + 2 h, 3 D + 2 h].
    def settled(f, t):
        issues = ref.fcr_issue(rows, w, 4 * D, unobserved=[(f, t)])
        return next(i["settled"] for i in issues if i["first_answered_id"] == "a3")

    assert settled(0, D)
    assert not settled(0, D + 1)
    assert settled(2 * D, 2 * D + 2 * H)
    assert not settled(2 * D - 1, 2 * D + 2 * H)
    assert not settled(3 * D, 4 * D)
    assert settled(3 * D + 2 * H, 4 * D)
    assert ref.fcr_issue([], w, 0) == []


def test_repeat_rate():
    def starts(*moments, key="A"):
        return [call(f"{key}{n}", moment, customer_id=key) for n, moment in enumerate(moments)]

    w = 7 * D
    assert ref.repeat_rate(starts(0, D, 2 * D, 7 * D), w, 4, "customer_id") == (4, 4)
    assert ref.repeat_rate(starts(0, D, 2 * D, 7 * D + 1), w, 4, "customer_id") == (0, 4)
    # 0 .. 8: the windows 0-7 and 1-8 hold four each; the one at 20 lies in none.
    assert ref.repeat_rate(starts(0, D, 2 * D, 7 * D, 8 * D, 20 * D), w, 4, "customer_id") == (5, 6)
    rows = [*starts(0, 1, 2), call("u", 3, outcome="abandoned", customer_id="A"), call("n", 3)]
    assert ref.repeat_rate(rows, w, 4, "customer_id") == (0, 3)
    assert ref.repeat_rate(rows, w, 1, "customer_id") == (3, 3)
    assert ref.repeat_rate([], w, 4, "customer_id") == (0, 0)


def test_kaplan_meier():
    observations = [(1 * S, True), (1 * S + 1, False), (2 * S, True), (3 * S, False), (5 * S, False)]
    # At 1 s: 4/5. At 2 s one repeat among four at risk (the censored one at 1.001 s counts as 2 s): 3/4.
    assert ref.kaplan_meier(observations, 4) == pytest.approx(0.6)
    assert ref.kaplan_meier(observations, 1) == pytest.approx(0.8)
    assert ref.kaplan_meier(observations, 5) == pytest.approx(0.6)
    assert ref.kaplan_meier(observations, 6) is None
    assert ref.kaplan_meier([], 1) is None
    # Negative counts as 0; a repeat exactly at the window counts, one later does not.
    assert ref.kaplan_meier([(-5 * S, True), (9 * S, False)], 3) == pytest.approx(0.5)
    assert ref.kaplan_meier([(3 * S, True), (9 * S, False)], 3) == pytest.approx(0.5)
    assert ref.kaplan_meier([(3 * S + 1, True), (9 * S, False)], 3) == 1.0
    assert ref.kaplan_meier([(1 * S, True), (2 * S, True)], 2) == 0.0


def test_fcr_observations():
    rows = [
        call("a1", 0, talk=10 * S, customer_id="A"),
        call("a2", 5 * S, customer_id="A"),  # starts before a1 ends: -5 s
        call("a3", D, customer_id="A"),
        call("b", 2 * D, talk=1 * H, customer_id="B"),
        call("n", 0),
    ]
    assert ref.fcr_observations(rows, D, 2 * D) == [
        (-5 * S, True),
        (D - 5 * S, True),
        (D, False),
        (-1 * H, False),  # ends after as_of
    ]
    assert ref.fcr_observations(rows, D, D - 1)[1] == (D - 1 - 5 * S, False)  # a3 lies beyond as_of
    assert ref.fcr_observations(rows, D, D)[1] == (D - 5 * S, True)  # and here at as_of
    assert ref.fcr_observations(rows, D, 3 * D, unobserved=[(D, 2 * D)])[1] == (D - 5 * S, False)
    # An unobserved stretch ends the watch where it begins; one that is over when the call ends does not matter.
    dark = [(D - 1 * H, D), (D + 1 * H, D + 2 * H)]
    assert ref.fcr_observations(rows, D, 3 * D, unobserved=dark) == [
        (-5 * S, True),
        (D - 1 * H - 5 * S, False),
        (1 * H, False),
        (D - 1 * H, False),
    ]


def test_unobserved_days():
    # Monday 1 January 2024 onwards; rows on Mon, Tue, Thu of week one, on Mon and Fri of week two.
    days = [1, 2, 4, 8, 12]
    rows = [call(str(day), utc(f"2024-01-{day:02}T12:00:00+01:00")) for day in days]

    def dates(*named):
        return [
            ref._local(f, "Europe/Berlin").date().day for f, _ in ref.unobserved_days(rows, "Europe/Berlin", *named)
        ]

    # Wed, Sat and Sun have no rows anywhere: closed. Fri 5, Tue 9 and Thu 11 are unobserved.
    assert dates() == [5, 9, 11]
    assert dates({date(2024, 1, 9)}, set()) == [5, 11]
    assert dates(set(), {4}) == [9, 11]
    assert ref.unobserved_days([], None, set(), set()) == []
    berlin = [
        call(str(n), utc(f"{day}T12:00:00+00:00"))
        for n, day in enumerate(["2024-03-24", "2024-03-30", "2024-04-01", "2024-04-07"])
    ]
    sunday = (utc("2024-03-30T23:00:00+00:00"), utc("2024-03-31T22:00:00+00:00"))  # the day of 23 hours
    assert sunday in ref.unobserved_days(berlin, "Europe/Berlin", set(), set())
    # Pacific/Apia had no Friday 30 December 2011: of a Friday and the Saturday eight days on only the 24th is missing.
    apia = [call("f", utc("2011-12-23T12:00:00-10:00")), call("s", utc("2011-12-31T12:00:00+14:00"))]
    assert ref.unobserved_days(apia, "Pacific/Apia", set(), set()) == [
        (utc("2011-12-24T00:00:00-10:00"), utc("2011-12-25T00:00:00-10:00"))
    ]


# ---------------------------------------------------------------- 4


def test_verdict():
    target = Fraction(8, 10)
    assert ref.verdict(80, 100, target) == ("kept", 0)
    assert ref.verdict(79, 100, target) == ("missed", -1)
    assert ref.verdict(81, 101, target) == ("kept", 0)  # 80.8 rounds up to 81
    assert ref.verdict(80, 101, target) == ("missed", -1)
    assert ref.verdict(0, 0, target) == ("no_data", None)
    assert ref.verdict(1990, 2000, Fraction(995, 1000)) == ("kept", 0)
    limit = Fraction(5, 100)
    assert ref.verdict(5, 100, limit, at_least=False) == ("kept", 0)
    assert ref.verdict(5, 99, limit, at_least=False) == ("missed", -1)  # 4.95 allows 4
    assert ref.verdict(0, 99, limit, at_least=False) == ("kept", 4)
    assert ref.verdict(0, 0, limit, at_least=False) == ("no_data", None)


@pytest.mark.parametrize(
    ("degrees", "value"),
    [(1, 12.7062047), (2, 4.3026527), (19, 2.0930241), (29, 2.0452296), (30, 2.0422725), (1000, 1.9623391)],
)
def test_t_quantile(degrees, value):
    assert ref.t_quantile_975(degrees) == pytest.approx(value, abs=1e-6)


def test_jackknife_days():
    days = [(8, 10)] * 10 + [(6, 10)] * 10
    # Left out: 132 or 134 of 190, half of the days each, so the deviations are all d and the spread sqrt(19) d.
    d = (math.log(134 / 56) - math.log(132 / 58)) / 2
    reach = 2.0930240544 * math.sqrt(19) * d
    centre = math.log(140 / 60)
    low, high = ref.jackknife_days(days)
    assert math.log(low / (1 - low)) == pytest.approx(centre - reach, abs=1e-8)
    assert math.log(high / (1 - high)) == pytest.approx(centre + reach, abs=1e-8)
    assert low < 0.7 < high
    assert ref.jackknife_days([*days, (0, 0)]) == (low, high)
    assert ref.jackknife_days(days[:19]) is None
    assert ref.jackknife_days([*days[:19], (0, 0)]) is None
    assert ref.jackknife_days([(10, 10)] * 20) is None
    assert ref.jackknife_days([(0, 10)] * 20) is None
    assert ref.jackknife_days([(10, 10)] * 20 + [(9, 10)]) is None  # without the last day all are kept
    assert ref.jackknife_days([(1, 2)] * 20) == pytest.approx((0.5, 0.5))


# ---------------------------------------------------------------- the bank's January


def clock(text):
    hours, minutes, seconds = map(int, text.split(":"))
    return hours * 3600 + minutes * 60 + seconds


def bank_rows(path):
    rows = []
    with path.open(newline="", encoding="ascii") as lines:
        for line in csv.DictReader(lines, delimiter="\t"):
            queued = line["q_start"] != "0:00:00" or line["q_time"] != "0"
            if line["outcome"] == "PHANTOM" or (line["outcome"] == "HANG" and not queued):
                continue
            text = line["date"]
            day = datetime(1900 + int(text[:2]), int(text[2:4]), int(text[4:]), tzinfo=UTC)
            # The date is that of the call's first moment. No call of January enters the queue on the next day. In 33
            # rows the menu's clock runs back by 6 to 139 s (negative vru_time): not a midnight, so they stay.
            moments = [clock(line["vru_entry"]), clock(line["vru_exit"])]
            if queued:
                moments.append(clock(line["q_start"]))
            midnights = sum(before - after > 12 * 3600 for before, after in pairwise(moments))
            assert midnights == 0
            rows.append(
                call(
                    text + line["vru+line"] + line["call_id"],
                    (day - ref.EPOCH) // timedelta(milliseconds=1) + moments[-1] * S,
                    "answered" if line["outcome"] == "AGENT" else "abandoned",
                    int(line["q_time"]) * S,
                    int(line["ser_time"]) * S,
                    customer_id=None if line["customer_id"] == "0" else line["customer_id"],
                )
            )
    return rows


@pytest.fixture(scope="module")
def bank():
    path = DATA / "anonymous-bank" / "january.txt"
    if not path.exists():
        pytest.skip(f"no bank data in {path.parent}")
    return bank_rows(path)


def test_bank_service_level(bank):
    assert ref.deduplicate(bank)[1:] == (0, 0, 0)
    counts = ref.service_counts(bank, 20 * S, 5 * S)
    assert (counts["offered"], counts["answered"], counts["abandoned"]) == (30_161, 27_060, 3_101)
    assert (counts["answered_within"], counts["abandoned_within"]) == (16_402, 1_006)
    got = ref.handling(bank)
    assert f"{float(got['asa']):.2f}" == "35.03"
    assert f"{float(got['mean_talk_s']):.2f}" == "183.45"
    days = defaultdict(list)
    for row in bank:
        days[ref.bucket(row["offered_ms"], "1d", None)].append(row)
    assert len(days) == 29
    pairs = [ref.service_level(ref.service_counts(rows, 20 * S, 5 * S), "all_offered") for rows in days.values()]
    assert ref.jackknife_days(pairs) == pytest.approx((0.484549, 0.601865), abs=1e-6)


def test_bank_first_call_resolution(bank):
    end = ref.as_of(bank, None)
    assert end == utc("1999-02-01T00:00:00+00:00")
    assert all(ref.covered_days(bank, None).values())
    absent = [date(1999, 1, 11), date(1999, 1, 12)]
    assert [f for f, _ in ref.unobserved_days(bank, None)] == [ref.day_start(day, None) for day in absent]
    assert ref.unobserved_days(bank, None, absent) == []

    def call_figures(window, unobserved=()):
        judged = ref.fcr_call(bank, window, end, unobserved=unobserved)
        settled = [entry["repeat"] for entry in judged if entry["settled"]]
        naive = [entry["repeat"] for entry in judged]
        return settled.count(False), len(settled), f"{naive.count(False) / len(naive):.4f}"

    def issue_figures(window, unobserved=()):
        settled = [i["repeat"] for i in ref.fcr_issue(bank, window, end, unobserved=unobserved) if i["settled"]]
        return len(settled), f"{settled.count(False) / len(settled):.4f}"

    assert call_figures(D) == (6_767, 11_104, "0.6152")
    assert issue_figures(D) == (6_724, "0.7832")
    assert call_figures(7 * D) == (3_734, 9_606, "0.4064")
    assert issue_figures(7 * D) == (2_389, "0.7020")
    # Without naming the two days their windows are unobserved.
    dark = ref.unobserved_days(bank, None)
    assert call_figures(D, dark)[:2] == (6_178, 10_255)
    assert call_figures(7 * D, dark)[:2] == (2_407, 6_178)


def test_bank_kaplan_meier(bank):
    def value(end):
        return ref.kaplan_meier(ref.fcr_observations(bank, 7 * D, end), 7 * 86_400)

    # METRICS.md prints .3875: that is the watch cut at the latest offered_at. With as_of as METRICS.md defines it, the
    # end of 31 January, it is .38758; to one decimal both are 38.8 %, and no settled figure tells the two apart.
    assert value(ref.as_of(bank, None)) == pytest.approx(0.387581, abs=1e-6)
    assert value(max(row["offered_ms"] for row in bank)) == pytest.approx(0.387544, abs=1e-6)
