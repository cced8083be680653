"""Random tables against the naive reference: duplicates and conflicts, coverage and as_of, verdicts and intervals."""

import math
import tempfile
from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cc_metrics as cc
import reference as ref
from cc_metrics.model.promise import ClosedDays, OpenHours, Policy, Promise, ResolutionTerms, ServiceTerms
from made import (
    D,
    H,
    S,
    arrow,
    assert_equal,
    by_group,
    call,
    dimensions,
    figures,
    grouped,
    period,
    plain,
    recorded,
    resolution,
    tables,
    utc,
    within,
    write_csv,
)


def moment(text):
    """A moment that the report printed; one without an offset is as written."""
    return utc(text if text[19:].lstrip(".0123456789") else text + "+00:00")


# ---------------------------------------------------------------- duplicates, files, accounting


@within(18)
@given(
    table=tables(least=1, most=40, duplicates=True),
    cut=st.floats(0, 1),
    form=st.sampled_from(("arrow", "csv", "two", "both")),
)
def test_duplicates_and_conflicts(table, cut, form):
    rows = [dict(row, file=0, line=number) for number, row in enumerate(table.rows)]
    half = round(cut * len(rows)) if form in ("two", "both") else len(rows)
    parts = [part for part in (rows[:half], rows[half:]) if part]
    for number, part in enumerate(parts):
        for row in part:
            row["file"] = number
    kept, duplicates, conflicting, earlier = ref.deduplicate(rows)
    with tempfile.TemporaryDirectory() as folder:
        if form == "arrow":
            source = arrow(table.rows, table.zone)
        else:
            source = [write_csv(Path(folder) / f"{n}.csv", part, table.zone) for n, part in enumerate(parts)]
        calls = cc.read_calls(source, tz=table.zone, max_rejected=1)
        account = calls.accounting
        assert account.balanced
        assert (account.read, account.accepted) == (len(rows), len(kept))
        ignored = {"duplicate": duplicates, "earlier state": earlier}
        assert account.ignored == {rule: number for rule, number in ignored.items() if number}
        assert account.rejected == ({"conflicting rows of one call_id": conflicting} if conflicting else {})
        assert moment(account.first) == min(row["offered_ms"] for row in kept)
        assert moment(account.last) == max(row["offered_ms"] for row in kept)
        shown = plain(cc.service_level(calls, every="1d"))
        again = plain(cc.first_call_resolution(calls, window=f"{table.window} ms"))
    expected = {
        group: figures(part, waits=recorded(kept)) for group, part in grouped(kept, (), "1d", table.zone).items()
    }
    names = dimensions(kept, ())
    assert_equal(expected, by_group(shown, "1d", names), "service level")
    repeat = [row for row in again if row["basis"] == "repeat"]
    expected = resolution(kept, table.zone, {"window": table.window})
    assert_equal(expected, by_group(repeat, "all", names), "first-call resolution")


# ---------------------------------------------------------------- coverage, as_of, period


@within(15)
@given(table=tables(least=1, most=12), named=st.integers(0, 3), hours=st.sampled_from((None, (0, 24), (8, 20))))
def test_coverage_and_as_of(table, named, hours):
    rows, zone = table.rows, table.zone
    days = ref._all_days(rows, zone)
    closed = frozenset(days[-named:] if named else [])
    # Named closed is what holds no rows; a day with rows is open whatever was named.
    opened = None
    if hours is not None:
        week = range(7)
        opened = OpenHours(tuple((d, hours[0] * H, hours[1] * H) for d in week), "made")
        clock = [ref._local(row["offered_ms"], zone) for row in rows]
        rows = [row for row, c in zip(rows, clock, strict=True) if hours[0] <= c.hour < hours[1]]
    calls = cc.read_calls(arrow(table.rows, zone))
    policy = Policy(
        "made", open_hours=opened, closed=ClosedDays(dates=closed), resolution=ResolutionTerms(table.window)
    )
    report = cc.report(calls, policy=policy).report
    assert report.accounting.balanced
    assert report.accounting.ignored == (
        {"outside open hours": len(table.rows) - len(rows)} if len(table.rows) > len(rows) else {}
    )
    if not rows:
        assert report.total[0]["offered"] == 0
        assert not report.head.complete
        return
    with_rows = {ref._local(row["offered_ms"], zone).date() for row in rows}
    week = {d: [(hours[0] * 60, hours[1] * 60)] for d in range(7)} if hours else None

    def shut(day):
        return day in closed and day not in with_rows

    covered = ref.covered_days(rows, zone, week, shut)
    assert moment(report.head.as_of) == ref.as_of(rows, zone, week, shut)
    assert (moment(report.head.start), moment(report.head.end)) == period(rows, zone)
    assert report.head.complete == all(
        covered[day] or day.weekday() not in {d.weekday() for d in with_rows} for day in covered
    )
    assert sum(row["offered"] for row in report.total) == len(rows)


@within(8)
@given(table=tables(least=4, most=30), back=st.integers(0, 3))
def test_as_of_only_lowers(table, back):
    own = ref.as_of(table.rows, table.zone)
    asked = own + (-back * D if back < 3 else 5 * D)
    lowered = min(own, asked)
    text = (ref.EPOCH + timedelta(milliseconds=asked)).isoformat()
    policy = Policy("made", resolution=ResolutionTerms(table.window))
    span = period(table.rows, table.zone)
    edges = [ref._local(edge, table.zone).isoformat() for edge in span]
    report = cc.report(
        cc.read_calls(arrow(table.rows, table.zone)), policy=policy, as_of=text, start=edges[0], end=edges[1]
    ).report
    assert moment(report.head.as_of) == lowered
    repeat = [row for row in report.first_call_resolution if row["basis"] == "repeat"]
    expected = resolution(table.rows, table.zone, {"window": table.window}, as_of=lowered)
    assert_equal(expected, by_group(repeat, "all", dimensions(table.rows, ())), f"as of {text}")


# ---------------------------------------------------------------- verdicts and intervals


def promises(target, where, window):
    """One promise of each kind that is judged on the same calls."""
    service = ServiceTerms(20 * S, "<=", "all_offered", 5 * S, "late")
    late = ServiceTerms(20 * S, "<", "exclude_short_abandons", 5 * S, "abandoned")
    terms = ResolutionTerms(window)
    issue = ResolutionTerms(window, unit="issue")
    often = ResolutionTerms(window, repeat_calls=2)
    return (
        Promise("level", "service_level", "share_within", target, where=where, service=service),
        Promise("strict", "service_level", "rate_at_most", target, where=where, service=late),
        Promise("lost", "abandonment", "rate_at_most", target, service=service),
        Promise(
            "hours", "intervals_on_target", "rate_at_least", target, service=service, every="1h", each=Fraction(1, 2)
        ),
        Promise("first", "first_call_resolution", "rate_at_least", target, resolution=terms),
        Promise("issues", "first_call_resolution", "rate_at_least", target, resolution=issue),
        Promise("often", "repeat_calls", "rate_at_most", target, resolution=often),
        Promise("word", "first_call_resolution", "rate_at_least", target, resolution=ResolutionTerms(basis="flag")),
    )


def expected_counts(rows, voice, zone, window, where):
    """name -> (kept, settled) by the reference; the calls of a promise are voice calls."""
    chosen = [row for row in voice if all(row[name] in values for name, values in where.items())]

    def level(of, edge, formula, redirected):
        return ref.service_level(ref.service_counts(of, 20 * S, 5 * S, edge, redirected), formula, redirected)

    hours = [level(part, "<=", "all_offered", "late") for part in grouped(voice, (), "1h", zone).values()]
    lost = [row for row in voice if row["outcome"] == "abandoned"]
    answered = [row for row in voice if row["outcome"] == "answered"]
    short = sum(row["wait_ms"] <= 5 * S for row in lost)
    voiced = {row["call_id"] for row in voice}
    first, last = period(rows, zone)

    def resolved(judged):
        inside = [j for j in judged if j["settled"] and first <= j["end_ms"] < last and j["id"] in voiced]
        return sum(not j["repeat"] for j in inside), len(inside)

    dark, end = ref.unobserved_days(rows, zone), ref.as_of(rows, zone)
    of_calls = [dict(j, id=j["call_id"]) for j in ref.fcr_call(rows, window, end, unobserved=dark)]
    of_issues = [dict(j, id=j["first_answered_id"]) for j in ref.fcr_issue(rows, window, end, unobserved=dark)]
    told = [row["resolved"] for row in answered if row["resolved"] is not None]
    return {
        "level": level(chosen, "<=", "all_offered", "late"),
        "strict": level(chosen, "<", "exclude_short_abandons", "abandoned"),
        "lost": (len(lost) - short, len(answered) + len(lost) - short),
        "hours": (sum(2 * k >= n for k, n in hours if n), sum(n > 0 for _, n in hours)),
        "first": resolved(of_calls),
        "issues": resolved([j for j in of_issues if j["settled"]]),
        "word": (sum(told), len(told)),
    }


@within(16)
@given(
    table=tables(least=6, waits=True),
    target=st.sampled_from((Fraction(4, 5), Fraction(1, 3), Fraction(1, 2), Fraction(995, 1000))),
    tier=st.booleans(),
)
def test_verdicts_and_margins(table, target, tier):
    where = {"tier": ("VIP",)} if tier and any(row["tier"] == "VIP" for row in table.rows) else {}
    policy = Policy("made", promises=promises(target, where, table.window))
    report = cc.report(cc.read_calls(arrow(table.rows, table.zone)), policy=policy).report
    got = {judged.promise.name: judged for judged in report.promises}
    voice = [row for row in table.rows if row["channel"] in (None, "voice")]
    for name, (kept, settled) in expected_counts(table.rows, voice, table.zone, table.window, where).items():
        judged = got[name]
        if name in ("first", "issues") and not settled:
            continue  # the latest settled days stand in; tests by hand
        assert (judged.row["kept"], judged.row["settled"]) == (kept, settled), name
        word, margin = ref.verdict(kept, settled, target, at_least=judged.promise.shape != "rate_at_most")
        if judged.row["verdict"] == "not_judged":
            assert judged.note
            assert judged.row["margin"] is None
        else:
            assert (judged.row["verdict"], judged.row["margin"]) == (word, margin), name
    if not report.head.complete:
        assert {got[name].row["verdict"] for name in ("level", "lost", "hours")} <= {"not_judged", "no_data"}
    if where:
        check_unrecorded(got["level"], voice)


def check_unrecorded(judged, voice):
    """Not judged from 20 % unrecorded, or from 5 % when they differ by 10 points; then the two bounds."""

    def counted(rows):
        return ref.service_level(ref.service_counts(rows, 20 * S, 5 * S), "all_offered")

    (kept, owed), (other_kept, others) = (
        counted([row for row in voice if (row["tier"] is None) == unknown]) for unknown in (True, False)
    )
    share = Fraction(owed, owed + others) if owed + others else Fraction(0)
    differs = bool(owed and others) and abs(Fraction(kept, owed) - Fraction(other_kept, others)) > Fraction(1, 10)
    refused = share > Fraction(1, 5) or (share > Fraction(1, 20) and differs)
    assert (judged.row["bounds"] is not None) == refused
    if refused:
        mine, own = judged.row["kept"], judged.row["settled"]
        low = float(Fraction(mine, own + owed - kept)) if own + owed - kept else None
        high = float(Fraction(mine + kept, own + kept)) if own + kept else None
        assert judged.row["bounds"] == [low, high]
        assert judged.row["verdict"] == "not_judged"


@within(6)
@given(
    days=st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=18, max_size=26),
    zone=st.sampled_from(("Europe/Berlin", "Asia/Kolkata")),
)
def test_the_interval_of_days_like_these(days, zone):
    start = date(2024, 3, 20)
    rows = []
    for number, (good, bad) in enumerate(days):
        noon = ref.day_start(start + timedelta(days=number), zone) + 12 * H
        rows += [call(f"{number}g{n}", noon + n, wait=20 * S) for n in range(good)]
        rows += [call(f"{number}b{n}", noon + n, wait=20 * S + 1) for n in range(bad)]
    if not rows:
        return
    service = Promise("level", "service_level", "share_within", Fraction(1, 2))
    [judged] = cc.report(cc.read_calls(arrow(rows, zone)), policy=Policy("made", promises=(service,))).report.promises
    expected = ref.jackknife_days([(good, good + bad) for good, bad in days])
    got = judged.row["low"], judged.row["high"]
    if expected is None:
        assert got == (None, None)
        assert judged.row["outlook"] is None
        return
    assert got == pytest.approx(expected, abs=1e-9)
    assert judged.row["clusters"] == sum(good + bad > 0 for good, bad in days)
    low, high = expected
    assert judged.row["outlook"] == ("above" if low >= 0.5 else "below" if high < 0.5 else "too_close")


def test_the_interval_of_customers():
    """FCR by customer: the jackknife of the reference over customers instead of days, 30 at least."""
    rows, groups = [], defaultdict(lambda: [0, 0])
    for number in range(35):
        apart = 2 * D if number % 2 else H
        rows += [call(f"{number}-{n}", number * H + n * apart, customer_id=f"c{number}") for n in range(1 + number % 3)]
    rows.append(call("last", 12 * D, customer_id="x"))
    promise = Promise("first", "first_call_resolution", "rate_at_least", Fraction(1, 2), resolution=ResolutionTerms(D))
    policy = Policy("made", promises=(promise,))
    [judged] = cc.report(cc.read_calls(arrow(rows, None)), policy=policy, as_of="1970-01-12").report.promises
    for entry in ref.fcr_call(rows, D, 11 * D, unobserved=ref.unobserved_days(rows, None)):
        if entry["settled"]:
            groups[entry["key"]][0] += not entry["repeat"]
            groups[entry["key"]][1] += 1
    expected = ref.jackknife_days([tuple(group) for group in groups.values()])
    assert len(groups) >= 30
    assert (judged.row["low"], judged.row["high"]) == pytest.approx(expected, abs=1e-9)
    assert (judged.row["interval"], judged.row["clusters"]) == ("customers", len(groups))
    assert not math.isnan(judged.row["low"])


# ---------------------------------------------------------------- found on the way


def test_tiers_of_tables_and_promises_are_the_same_calls():
    """A value that no rule takes keeps its name, in the table and in a promise."""
    rows = [call("a", "2013-08-20T09:00+08:00", tier="金卡"), call("b", "2013-08-20T23:30+08:00", tier="gold")]
    rows += [call("c", "2013-08-20T12:00+08:00", wait=21 * S, tier="VIP"), call("d", "2013-08-20T12:00+08:00")]
    made = [
        Promise(tier, "service_level", "share_within", Fraction(1, 2), where={"tier": (tier,)})
        for tier in ("vip", "gold", "ordinary")
    ]
    policy = Policy("made", tiers=(("vip", ("VIP", "金卡")), ("ordinary", ("普通",))), promises=tuple(made))
    report = cc.report(cc.read_calls(arrow(rows, "Asia/Shanghai")), policy=policy, by=["tier"]).report
    found = {row["tier"]: (row["answered_within"], row["denominator"]) for row in report.calls}
    assert found == {"vip": (1, 2), "gold": (1, 1), None: (1, 1)}
    judged = {j.promise.name: (j.row["kept"], j.row["settled"]) for j in report.promises}
    assert judged == {"vip": (1, 2), "gold": (1, 1), "ordinary": (0, 0)}


def test_abandonment_of_tables_and_promises_is_one():
    rows = [call("a", "2013-08-20T09:00+08:00")]
    rows += [call("r", "2013-08-20T23:30+08:00", "redirected", wait=30 * S, talk=None)]
    terms = ServiceTerms(redirected="abandoned")
    promise = Promise("lost", "abandonment", "rate_at_most", Fraction(1, 2), service=terms)
    policy = Policy("made", service=terms, promises=(promise,))
    report = cc.report(cc.read_calls(arrow(rows, "Asia/Shanghai")), policy=policy).report
    assert report.total[0]["abandonment_rate"] == report.promises[0].row["value"] == 0.5
