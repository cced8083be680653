"""Reconcile against a plain loop: a figure made by an odd definition is found again, first, with the right counts."""

import random
from datetime import date
from itertools import count as numbered

import pytest

import cc_metrics as cc
from cc_metrics.errors import DataError, UsageError
from cc_metrics.measures.reconcile_definitions import DECIDES
from cc_metrics.measures.reconcile_products import known_as
from cc_metrics.model.promise import OpenHours, Policy, ServiceTerms
from cc_metrics.model.reconciled import Population
from made import D, H, M, S, arrow, call, plain, utc

ZONE = "Asia/Shanghai"
MIDNIGHT = utc("2013-08-20T00:00:00+08:00")
DAY = (MIDNIGHT, MIDNIGHT + D)
QUEUES = ("q1", "q2", "q3", None)


def _rows():
    """900 calls over three days, day and night: ties at whole seconds, long and short services, every outcome."""
    dice = random.Random(83)
    found = []
    for n in range(900):
        offered = MIDNIGHT - D + dice.randrange(3 * D)
        outcome = dice.choices(("answered", "abandoned", "redirected"), (80, 14, 6))[0]
        wait = dice.choice((0, 3 * S, 5 * S, 5 * S + 1, 19 * S, 20 * S, 20 * S, 20 * S + 1, 25 * S, 44 * S, 70 * S))
        talk = dice.choice((4 * S, 9 * S, 10 * S, 90 * S, 4 * M)) if outcome == "answered" else None
        more = {"queue": dice.choice(QUEUES), "tier": dice.choice(("vip", "ordinary"))}
        more |= {"hold_ms": 5 * S, "transferred": dice.random() < 0.1} if talk else {}
        found.append(call(f"c{n}", offered, outcome, wait, talk, **more))
    # On both edges of the day: waiting over midnight, answered at midnight on the dot, talking over it.
    edge = ((DAY[0] - 10 * S, 10 * S), (DAY[0] - 5 * S, 20 * S), (DAY[1] - 20 * S, 20 * S), (DAY[1] - 1, 0))
    found += [
        call(f"e{n}", offered, wait=wait, talk=M, queue="q1", tier="vip") for n, (offered, wait) in enumerate(edge)
    ]
    found.append(call("held", DAY[1] - 63 * S, talk=M, hold_ms=3 * S, queue="q1", tier="vip"))  # ends at midnight
    return found


ROWS = _rows()


def system(rows, *, formula="all_offered", within=20, strict=False, floor=5, redirected="late", by="arrival", day=DAY):
    """What a phone system prints, call by call: (in time, of)."""
    kept = owed = 0
    for row in rows:
        moment, wait = row["offered_ms"], row["wait_ms"]
        if by != "arrival":
            moment += wait
        if by == "end":
            moment += (row["talk_ms"] or 0) + (row["hold_ms"] or 0)
        if not day[0] <= moment < day[1]:
            continue
        in_time = wait < within * S or (wait == within * S and not strict)
        outcome = row["outcome"]
        if outcome == "redirected":
            if redirected == "out" or (redirected == "late" and in_time):
                continue
            outcome = "abandoned" if redirected == "abandoned" else "late"
        if outcome == "answered":
            kept, owed = kept + in_time, owed + 1
        elif formula != "answered_only":
            forgiven = {"exclude_abandons_within": in_time, "exclude_short_abandons": wait <= floor * S}
            gained = {"abandons_within_count": in_time, "short_abandons_count": wait <= floor * S}
            if not (outcome == "abandoned" and forgiven.get(formula)):
                kept, owed = kept + (outcome == "abandoned" and gained.get(formula, False)), owed + 1
    return kept, owed


@pytest.fixture(scope="module", name="calls")
def _calls():
    return cc.read_calls(arrow(ROWS, ZONE))


def best(calls, counts, **more):
    """The first match, asked by its counts; every match has them."""
    found = cc.reconcile(calls, f"{counts[0]}/{counts[1]}", **({"date": "2013-08-20"} | more)).found
    assert all((one.kept, one.owed) == counts for one in found.matches)
    least = len(found.matches[0].departures)
    assert all(len(one.departures) == least or one.products for one in found.matches)  # more would tell nothing
    return found.matches[0]


def terms(one):
    return {name: getattr(one.terms, key) for name, key in DECIDES.items() if name in one.departures}


@pytest.mark.parametrize(
    ("odd", "departs"),
    [
        ({}, {}),
        ({"formula": "exclude_abandons_within"}, {"formula": "exclude_abandons_within"}),
        ({"formula": "answered_only"}, {"formula": "answered_only"}),
        ({"within": 45}, {"threshold": 45_000}),
        ({"strict": True}, {"threshold edge": "<"}),
        ({"redirected": "out"}, {"redirected calls": "out"}),
        ({"redirected": "abandoned"}, {"redirected calls": "abandoned"}),
        (
            {"formula": "exclude_short_abandons", "floor": 2},
            {"formula": "exclude_short_abandons", "short-abandon floor": 2_000},
        ),
        (
            {"formula": "abandons_within_count", "strict": True, "redirected": "abandoned", "within": 25},
            {
                "formula": "abandons_within_count",
                "threshold": 25_000,
                "threshold edge": "<",
                "redirected calls": "abandoned",
            },
        ),
    ],
    ids=str,
)
def test_terms_are_found(calls, odd, departs):
    found = best(calls, system(ROWS, **odd))
    assert terms(found) == departs
    assert found.population.departure is None


@pytest.mark.parametrize("by", ["answer", "end"])
def test_the_moment_that_decides_the_day(calls, by):
    counts = system(ROWS, by=by)
    assert counts != system(ROWS)
    found = best(calls, counts)
    assert (found.departures, found.population.rule, found.options) == (("interval rule",), by, None)


def test_a_call_answered_at_midnight_belongs_to_the_day_after():
    rows = [call("a", DAY[1] - 20 * S, wait=20 * S, talk=M), call("b", DAY[1] - 20 * S, wait=20 * S - 1, talk=M)]
    rows += [call("c", DAY[0] + H, wait=90 * S, talk=M), call("d", DAY[1] + H, wait=0, talk=M)]
    found = cc.reconcile(cc.read_calls(arrow(rows, ZONE)), "1/2", date="2013-08-20").found
    assert [one.population.rule for one in found.matches if one.departures == ("interval rule",)] == ["answer"]
    assert (found.own.kept, found.own.owed) == (2, 3)


@pytest.mark.parametrize(
    ("shift", "words"),
    [
        (-8 * H, "the day of UTC"),
        (90 * M, "a clock 1.5 hours ahead of Asia/Shanghai"),
        (-30 * M, "a clock half an hour behind Asia/Shanghai"),
    ],
)
def test_other_clocks(calls, shift, words):
    counts = system(ROWS, day=(DAY[0] - shift, DAY[1] - shift))
    found = cc.reconcile(calls, f"{counts[0]}/{counts[1]}", date="2013-08-20").found.matches
    [clock] = [one for one in found if one.population.words == words]
    assert clock.departures == ("zone",)
    assert len(found[0].departures) == 1
    assert clock.options[0] == "--from"


def test_a_clock_beside_one_without_a_name():
    rows = [dict(row, offered_ms=row["offered_ms"] + 8 * H) for row in ROWS]  # as the clock of Shanghai shows them
    later = (DAY[0] + 14 * H, DAY[1] + 14 * H)  # shown by a clock that is 6 hours behind
    found = best(cc.read_calls(arrow(rows, None)), system(rows, day=later))
    assert (found.departures, found.population.words) == (("zone",), "a clock 6 hours behind the one written")
    assert found.options == ("--from", "2013-08-20T06:00:00", "--to", "2013-08-21T06:00:00")


@pytest.mark.parametrize("decimals", [0, 1, 2])
def test_a_figure_of_some_decimals(calls, decimals):
    kept, owed = system(ROWS, formula="answered_only")
    found = cc.reconcile(calls, f"{100 * kept / owed:.{decimals}f}", date="2013-08-20").found
    simple = [one for one in found.matches if len(one.departures) == 1]
    assert (kept, owed) in [(one.kept, one.owed) for one in simple]
    assert simple == list(found.matches[: len(simple)])


def test_exactly_half_way_between_two_figures():
    rows = [call(f"c{n}", n, wait=(20 if n < 1661 else 21) * S, talk=M) for n in range(2000)]  # 83.05 %
    calls = cc.read_calls(arrow(rows, None))
    assert cc.reconcile(calls, "83.1").found.own.rounding == "half up"
    assert cc.reconcile(calls, "83.0").found.own.rounding == "half even"
    assert cc.reconcile(calls, "83.05").found.own.rounding == "rounded"
    assert "where halves are rounded up" in str(cc.reconcile(calls, "83.1"))


def test_what_counts_the_same_calls_is_tried_once():
    noon = [call(f"c{n}", DAY[0] + 2 * (n - 1) * D + 12 * H, wait=n * S, talk=M) for n in range(3)]
    found = cc.reconcile(cc.read_calls(arrow(noon, ZONE)), "100", date="2013-08-20").found
    assert sum(one.tried for one in found.tried) == 640  # thresholds, edges and floors on the own calls alone


def left_out(calls, rows, **more):
    found = best(calls, system(rows), **more)
    assert found.departures == ("exclusion",)
    return found.population.words


def test_exclusions(calls):
    assert left_out(calls, [r for r in ROWS if r["queue"] != "q2"]) == "without queue 'q2'"
    assert left_out(calls, [r for r in ROWS if r["queue"]]) == "without calls of no recorded queue"
    assert left_out(calls, [r for r in ROWS if r["tier"] != "vip"]) == "without tier 'vip'"
    assert left_out(calls, [r for r in ROWS if r["outcome"] != "abandoned"]) == "without abandoned calls"
    assert left_out(calls, [r for r in ROWS if not r["transferred"]]) == "without transferred calls"
    long = [r for r in ROWS if r["talk_ms"] is None or r["talk_ms"] >= 10 * S]
    assert left_out(calls, long) == "without services under 10 s"
    opened = [r for r in ROWS if 8 * H <= (r["offered_ms"] - MIDNIGHT) % D < 20 * H]
    assert left_out(calls, opened) == "Mon-Sun 08:00-20:00 only"


def test_all_hours_where_the_policy_names_open_ones(calls):
    hours = OpenHours(tuple((day, 8 * H, 20 * H) for day in range(7)), "Mon-Sun 08:00-20:00")
    policy = Policy("open by day", open_hours=hours)
    opened = [r for r in ROWS if 8 * H <= (r["offered_ms"] - MIDNIGHT) % D < 20 * H]
    assert best(calls, system(opened), policy=policy).departures == ()
    assert left_out(calls, ROWS, policy=policy) == "at all hours"
    moved = system(opened, day=(DAY[0], DAY[0] + 12 * H)), system(opened, day=(DAY[0] - 12 * H, DAY[1] - 12 * H))
    found = cc.reconcile(calls, "{}/{}".format(*moved[1]), date="2013-08-20", policy=policy).found
    assert all(one.options is None for one in found.matches if "zone" in one.departures)


def test_channels_are_apart_unless_they_were_pooled():
    rows = [dict(row, channel=channel) for row, channel in zip(ROWS, numbered(), strict=False)]
    for row in rows:
        row["channel"] = (None, "voice", "chat", "mail")[row["channel"] % 4]
    calls = cc.read_calls(arrow(rows, ZONE))
    assert best(calls, system([r for r in rows if r["channel"] in (None, "voice")])).departures == ()
    assert left_out(calls, rows) == "all channels together"
    assert (
        left_out(calls, [r for r in rows if r["channel"] != "mail"]) == "all channels together without channel 'mail'"
    )
    found = best(calls, system([r for r in rows if r["channel"] == "chat"]), where={"channel": "chat"})
    assert found.departures == ()


def test_a_group_is_what_the_figure_speaks_of(calls):
    mine = [r for r in ROWS if r["queue"] == "q3"]
    found = best(calls, system(mine, strict=True), where={"queue": "q3"})
    assert found.departures == ("threshold edge",)
    assert "without queue" not in str(cc.reconcile(calls, "50", where={"queue": "q3"}, date="2013-08-20"))
    two = best(calls, system([r for r in ROWS if r["queue"] in ("q1", "q3")]), where={"queue": ["q1", "q3"]})
    assert two.departures == ()
    with pytest.raises(UsageError, match="no call has queue 'q9'"):
        cc.reconcile(calls, "83.1", where={"queue": "q9"})


def test_the_day_that_the_clocks_go_back():
    """25 hours in Berlin; a system that knows no clock change prints 24 of them, from an hour later."""
    dice = random.Random(1027)
    start = utc("2024-10-27T00:00:00+02:00")
    rows = [
        call(f"c{n}", start - D + dice.randrange(3 * D), wait=dice.choice((10, 20, 30)) * S, talk=M) for n in range(800)
    ]
    calls = cc.read_calls(arrow(rows, "Europe/Berlin"))
    own, fixed = (start, start + 25 * H), (start + H, start + 25 * H)
    assert best(calls, system(rows, day=own), date="2024-10-27").departures == ()
    found = best(calls, system(rows, day=fixed), date="2024-10-27")
    assert (found.departures, found.population.words) == (("zone",), "a clock that is always UTC+01:00")
    utc_day = (start + 2 * H, start + 26 * H)
    assert best(calls, system(rows, day=utc_day), date="2024-10-27").population.words == "the day of UTC"


@pytest.mark.parametrize(
    ("printed", "formula"),
    [
        ("86.0", "answered_only"),
        ("83.0", "abandons_within_count"),
        ("82.7", "exclude_abandons_within"),
        ("82.1", "short_abandons_count"),
        ("81.1", "all_offered"),
        ("81.9", "exclude_short_abandons"),
    ],
)
def test_the_five_formulas_of_one_set_of_counts(printed, formula):
    answered = [20 * S] * 860 + [20 * S + 1] * 140
    abandoned = [5 * S] * 10 + [5 * S + 1] * 5 + [20 * S] * 5 + [20 * S + 1] * 40
    rows = [call(f"a{n}", n, wait=wait) for n, wait in enumerate(answered)]
    rows += [call(f"b{n}", n, "abandoned", wait=wait, talk=None) for n, wait in enumerate(abandoned)]
    found = cc.reconcile(cc.read_calls(arrow(rows, None)), printed).found
    assert found.matches[0].terms == ServiceTerms(formula=formula)
    assert not found.redirected
    assert len(found.matches[0].departures) == (formula != "all_offered")
    assert all(len(one.departures) for one in found.matches[1:])


def test_known_products_are_named(calls):
    counts = system(ROWS, formula="abandons_within_count", redirected="abandoned")
    assert "Amazon Connect" in best(calls, counts).products
    counts = system(ROWS, formula="abandons_within_count", redirected="abandoned", by="end")
    assert best(calls, counts).products == ("Amazon Connect",)
    counts = system(ROWS, formula="exclude_abandons_within", redirected="out", strict=True)
    assert "XCALLY" in best(calls, counts).products
    assert "Wazo" in best(calls, system(ROWS, formula="answered_only")).products
    answered = ServiceTerms(formula="answered_only")
    assert known_as(answered, Population("interval rule", rule="end"), redirected=True) == ("Asternic Stats Lite",)
    assert known_as(answered, Population("exclusion", "without queue 'q2'"), redirected=True) == ()


def test_the_order_is_fewest_departures_then_the_closest_then_as_tried(calls):
    found = cc.reconcile(calls, "49", date="2013-08-20").found
    assert found == cc.reconcile(cc.read_calls(arrow(ROWS[::-1], ZONE)), "49", date="2013-08-20").found
    keys = [(len(o.departures) + (o.rounding == "truncated"), abs(o.value - 0.49)) for o in found.matches]
    assert keys == sorted(keys)
    assert len(keys) > 10
    assert sum(t.tried for t in found.tried) > 5_000
    assert sum(t.printing for t in found.tried) + sum(o.rounding == "truncated" for o in found.matches) >= len(keys)


def test_nothing_matches(calls):
    shown = cc.reconcile(calls, "99.99", date="2013-08-20")
    assert not shown.found.matches
    assert len(plain(shown.matches)) == 0
    nearest = plain(shown.nearest)
    assert [row["rank"] for row in nearest] == [1, 2, 3]
    assert [row["prints"] for row in nearest] == [None] * 3
    assert len({(row["kept"], row["owed"]) for row in nearest}) == 3
    gaps = [0.9999 - row["value"] for row in nearest]
    assert gaps == sorted(gaps)
    assert "Nothing that was tried prints it." in str(shown)


def test_no_calls_at_all(calls):
    shown = cc.reconcile(calls, "83.1", date="2015-01-01")
    assert (shown.found.own.value, shown.found.matches, shown.found.nearest, shown.found.tried) == (None, (), (), ())
    assert "no calls to count" in str(shown)


def test_without_waits_it_is_refused():
    rows = [call("a", DAY[0], wait=None, talk=M)]
    with pytest.raises(DataError, match="the source records no waits"):
        cc.reconcile(cc.read_calls(arrow(rows, ZONE)), "83.1")


def test_a_summary_gives_the_same_but_for_the_interval_rules(calls, tmp_path):
    cc.report(calls).save(tmp_path / "summary.parquet")
    summary = cc.read_calls(tmp_path / "summary.parquet")
    whole, less = (cc.reconcile(given, "49.5", date="2013-08-20").found for given in (calls, summary))
    assert [m for m in whole.matches if "interval rule" not in m.departures and not m.products] == [
        m for m in less.matches if not m.products
    ] or whole.own == less.own
    assert any("interval rules were not tried" in note for note in less.notes)
    assert not any("interval rules" in note for note in whole.notes)


def test_a_summary_of_open_hours_holds_no_others(calls, tmp_path):
    hours = OpenHours(tuple((day, 8 * H, 20 * H) for day in range(7)), "Mon-Sun 08:00-20:00")
    policy = Policy("open by day", timezone=ZONE, open_hours=hours)
    cc.report(calls, policy=policy).save(tmp_path / "summary.parquet")
    summary = cc.read_calls(tmp_path / "summary.parquet")
    found = cc.reconcile(summary, "49", date="2013-08-20", policy=policy).found
    opened = [r for r in ROWS if 8 * H <= (r["offered_ms"] - MIDNIGHT) % D < 20 * H]
    assert (found.own.kept, found.own.owed) == system(opened)
    assert any("holds calls in 'Mon-Sun 08:00-20:00' only" in note for note in found.notes)


def test_a_period_beyond_the_data_is_not_tried(calls):
    found = cc.reconcile(calls, "49", start="2013-08-19", end="2013-08-22").found
    assert any(note.startswith("zone: all other clocks were not tried") for note in found.notes)
    assert not any("zone" in one.departures for one in found.matches)
    assert date(2013, 8, 19).isoformat() in found.head.start
