"""Calls counted into rows by a plain loop: read back, the rows say the same as the calls, and nothing more."""

import csv
import random
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest

import cc_metrics as cc
import reference as ref
from cc_metrics.model.promise import Policy, ServiceTerms
from made import PLACES, D, H, M, S, arrow, assert_equal, by_group, call, figures, grouped, plain

STEPS = {"15m": 15 * M, "30m": 30 * M, "1h": H}
THRESHOLDS = (5, 10, 20, 60)
GROUPS = ("a", "b")
HEAD = """
name = "made"
timezone = "{zone}"
[intervals]
start = {{ column = "start", format = "{format}" }}
length = "{length}"
edge = "{edge}"
"""
COUNTS = """
offered = "{p}offered"
abandoned = "{p}abandoned"
redirected = "{p}redirected"
total_wait = {{ column = "{p}waited", unit = "ms" }}
abandoned_within = {{ 5s = "{p}lost_5", 20s = "{p}lost_20" }}
"""
WITHIN = {
    "cumulative": "answered_within = {{ 5s = '{p}in_5', 10s = '{p}in_10', 20s = '{p}in_20', 60s = '{p}in_60' }}\n",
    "buckets": "buckets = {{ 5s = '{p}to_5', 10s = '{p}to_10', 20s = '{p}to_20', 60s = '{p}to_60', over = '{p}o' }}\n",
    "percent": "answered_within = {{ 20s = {{ percent = '{p}percent', of = 'offered' }}, 60s = '{p}in_60' }}\n",
    "share": "answered_within = {{ 20s = {{ share = '{p}share', of = 'answered' }}, 60s = '{p}in_60' }}\n",
}
SAID = ("offered", "answered", "abandoned", "redirected", "answered_within", "abandoned_within", "short_abandoned")
SAID += ("denominator", "service_level", "formulas", "connect_rate", "abandonment_rate", "mean_wait_s")
UNKNOWN = ("p50_wait_s", "p90_wait_s", "p95_wait_s", "longest_wait_s", "longest_abandoned_s", "under_10_s")
UNKNOWN += ("mean_handle_s", "mean_talk_s", "mean_hold_s", "mean_wrap_s", "transferred")


def _calls(dice, zone, first, days=4):
    start, rows = ref.day_start(first, zone), []
    for number in range(160):
        moment = start + dice.choice((dice.randrange(days * D), 2 * D + dice.randrange(5 * H)))
        outcome = dice.choices(("answered", "abandoned", "redirected"), (6, 3, dice.choice((0, 1))))[0]
        wait = dice.choice((0, 4_999, 5 * S, 5_001, 10 * S, 20 * S - 1, 20 * S, 20 * S + 1, 60 * S, 61 * S, 300 * S))
        rows.append(call(f"c{number}", moment, outcome, wait, None, queue=dice.choice(GROUPS)))
    return rows


def _counts(calls, edge):
    """Everything that a row says of its calls, by column."""

    def up_to(outcome, seconds):
        waits = [c["wait_ms"] for c in calls if c["outcome"] == outcome]
        return sum(w < seconds * S or (w == seconds * S and edge == "<=") for w in waits)

    ended = {
        outcome: sum(c["outcome"] == outcome for c in calls) for outcome in ("answered", "abandoned", "redirected")
    }
    found = {"offered": len(calls), "abandoned": ended["abandoned"], "redirected": ended["redirected"]}
    found["waited"] = sum(c["wait_ms"] for c in calls if c["outcome"] == "answered")
    found |= {f"in_{t}": up_to("answered", t) for t in THRESHOLDS} | {
        f"lost_{t}": up_to("abandoned", t) for t in (5, 20)
    }
    below = [0, *(found[f"in_{t}"] for t in THRESHOLDS)]
    found |= {f"to_{t}": found[f"in_{t}"] - before for t, before in zip(THRESHOLDS, below, strict=False)}
    found["o"] = ended["answered"] - found["in_60"]
    found["percent"] = f"{_rounded(100 * found['in_20'], len(calls), '0.01')} %"
    found["share"] = _rounded(found["in_20"], ended["answered"], "0.0001")
    return found


def _rounded(part, whole, decimals):
    return (Decimal(part) / whole).quantize(Decimal(decimals), ROUND_HALF_UP) if whole else ""


def _write(path, dice, calls, zone, length, edge, within, *, wide):
    """The calls as rows with their mapping; *wide*: one row for all queues, a row of nothing where there is none."""
    by_row = defaultdict(list)
    for row in calls:
        local = ref._local(row["offered_ms"], zone)
        moment = local.date() if length == "1d" else row["offered_ms"] - row["offered_ms"] % STEPS[length]
        by_row[moment, None if wide else row["queue"]].append(row)
    lines = []
    for (moment, queue), of in by_row.items():
        start = moment.strftime("%Y-%m-%d") if length == "1d" else str(moment // S)
        line = {"start": start, "queue": queue or ""}
        for name in GROUPS if wide else ("",):
            counts = _counts([c for c in of if not wide or c["queue"] == name], edge)
            line |= {f"{name}{'_' * wide}{column}": value for column, value in counts.items()}
        lines.append(line)
    dice.shuffle(lines)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, lines[0])
        table.writeheader()
        table.writerows(lines)
    form = "%Y-%m-%d" if length == "1d" else "epoch_s"
    text = HEAD.format(zone=zone, format=form, length=length, edge=edge)
    one = COUNTS + WITHIN[within]
    if wide:
        text += "".join(f'[[intervals.groups]]\nqueue = {{ always = "{n}" }}' + one.format(p=f"{n}_") for n in GROUPS)
    else:
        text += 'queue = "queue"' + one.format(p="")
    path.with_suffix(".toml").write_text(text, "utf-8")
    return cc.read_calls(path, mapping=str(path.with_suffix(".toml")), max_rejected=1, tz=zone)


def _known(calls, terms):
    """What is known of some calls where it is not told how long the redirected ones waited, nor who left *at* 5 s."""
    found = figures(calls, terms.within_ms, terms.short_abandon_ms, terms.edge, terms.redirected, terms.formula)
    untold = set()
    if found["redirected"] and terms.redirected != "out":
        untold = set(ref.FORMULAS) - {"answered_only"} - ({"all_offered"} if terms.redirected == "abandoned" else set())
    if found["abandoned"] and terms.edge == "<":
        found["short_abandoned"] = None
        untold |= {"exclude_short_abandons", "short_abandons_count"}
    found["formulas"] = {f: None if f in untold else v for f, v in found["formulas"].items()}
    if terms.formula in untold:
        found |= {"service_level": None, "denominator": None}
    return {name: found[name] for name in SAID} | dict.fromkeys(UNKNOWN)


def _compare(found, calls, zone, terms, every):
    asked = {"within": "20s", "formula": terms.formula, "policy": Policy("p", service=terms)}
    for by in ([], ["queue"]):
        rows = by_group(plain(cc.service_level(found, by=by, every=every, **asked)), every, by)
        wanted = {g: _known(of, terms) for g, of in grouped(calls, tuple(by), every, zone).items()}
        assert_equal(wanted, {g: row for g, row in rows.items() if g in wanted or row["offered"]}, f"{every} by {by}")


CASES = [(seed, within, length) for seed, within in enumerate(WITHIN) for length in ("15m", "30m", "1h", "1d")]


@pytest.mark.parametrize(("seed", "within", "length"), CASES, ids=str)
def test_rows_say_what_their_calls_say(tmp_path, seed, within, length):
    dice = random.Random(f"{seed} {length}")
    whole = [p for p in PLACES if p[0] and (length != "1h" or not p[0].startswith(("Australia", "Asia/K")))]
    zone, first = dice.choice(whole)
    edge = dice.choice(("<=", "<"))
    calls = _calls(dice, zone, first)
    found = _write(tmp_path / "rows.csv", dice, calls, zone, length, edge, within, wide=dice.random() < 0.5)
    assert not found.accounting.rejected
    service = ServiceTerms(edge=edge, redirected=dice.choice(("late", "out", "abandoned")))
    formulas = sorted(ref.FORMULAS) if edge == "<=" else ["all_offered", "answered_only"]
    for formula in dice.sample(formulas, 2):
        _compare(found, calls, zone, replace(service, formula=formula), dice.choice((length, "1d", "1mo", "all")))


@pytest.mark.parametrize("seed", range(4))
def test_rows_saved_and_merged_with_calls(tmp_path, seed):
    """Two days counted by somebody else, the next two of calls: together they tell what the counts alone tell."""
    dice = random.Random(seed)
    zone, first = ("Europe/Berlin", PLACES[seed % 2][1]) if seed < 3 else ("America/New_York", PLACES[3][1])
    calls, border = _calls(dice, zone, first), ref.day_start(first + timedelta(days=2), zone)
    counted, listed = ([c for c in calls if (c["offered_ms"] < border) is early] for early in (True, False))
    length = ("15m", "30m", "1h", "1d")[seed]
    rows = _write(tmp_path / "rows.csv", dice, counted, zone, length, "<=", "buckets", wide=seed % 2 == 0)
    for number, part in enumerate((rows, cc.read_calls(arrow(listed, zone)))):
        cc.report(part, by=("queue",)).save(tmp_path / f"{number}.parquet")
    merged = cc.merge([tmp_path / f"{number}.parquet" for number in (0, 1)])
    for formula in ("all_offered", "exclude_short_abandons"):
        service = ServiceTerms(formula=formula, redirected=dice.choice(("late", "out", "abandoned")))
        _compare(merged, calls, zone, service, length)
        _compare(merged, calls, zone, service, "all")


PRINTED = (
    HEAD
    + """
offered = "offered"
redirected = {{ always = 0 }}
abandoned = {{ always = 0 }}
answered_within = {{ 20s = {{ percent = "level", of = "offered" }} }}
"""
)


@pytest.mark.parametrize("decimals", ["1", "0.1"])
def test_percentages_of_every_count(tmp_path, decimals):
    """A percentage tells a count where one alone is printed so, by rounding either way at a tie; else it is refused."""
    unit, rows = Decimal(decimals), []
    for whole in (1, 3, 7, 8, 40, 80, 99, 100, 101, 160, 250, 1000):
        for kept in range(0, whole + 1, 1 + whole // 40):
            for rounding in (ROUND_HALF_UP, ROUND_HALF_DOWN):
                printed = (Decimal(100 * kept) / whole).quantize(unit, rounding)
                fits = [
                    k
                    for k in range(whole + 1)
                    if abs(200 * k - 2 * whole * Fraction(printed)) <= whole * Fraction(unit)
                ]
                rows.append((whole, printed, fits[0] if len(fits) == 1 else None))
    first = ref.day_start(date(2025, 1, 1), "UTC") // S
    lines = [f"{first + 3600 * hour},{whole},{printed}%" for hour, (whole, printed, _) in enumerate(rows)]
    (tmp_path / "rows.csv").write_text("\n".join(["start,offered,level", *lines, ""]), "utf-8")
    (tmp_path / "rows.toml").write_text(PRINTED.format(zone="UTC", format="epoch_s", length="1h", edge="<="), "utf-8")
    calls = cc.read_calls(tmp_path / "rows.csv", mapping=str(tmp_path / "rows.toml"), tz="UTC", max_rejected=1)
    found = by_group(plain(cc.service_level(calls, within="20s", every="1h")), "1h", [])
    told = {int(start.timestamp() - first) // 3600: row for (start,), row in found.items()}
    got = {hour: row["answered_within"] for hour, row in told.items() if row["offered"]}
    assert got == {hour: kept for hour, (_, _, kept) in enumerate(rows) if kept is not None}
    assert (len(got) < len(rows)) is (decimals == "1")
    assert sum(calls.accounting.rejected.values()) == len(rows) - len(got)
