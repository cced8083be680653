"""Every definition that reconcile tries on a few calls, against a plain loop over definitions, calls and roundings."""

import random
from collections import defaultdict
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from itertools import product

import pytest

import cc_metrics as cc
import reference as ref
from cc_metrics.measures.reconcile_definitions import FLOORS_S, THRESHOLDS_S
from cc_metrics.reporting.other_calls import HOURS
from made import D, H, S, arrow, call, utc
from test_reconcile import system

START = utc("2013-08-20T00:00:00+00:00")  # a Tuesday
DAY = (START, START + D)
FORMULAS = tuple(ref.FORMULAS)
OWN = {"formula": "all_offered", "within": 20, "strict": False, "floor": 5, "redirected": "late"}


def _rows(dice, redirected):
    for number in range(45):
        outcome = dice.choices(("answered", "abandoned", "redirected"), (6, 3, 2 if redirected else 0))[0]
        wait = dice.choice((0, 2 * S, 3 * S + 1, 5 * S, 6 * S, 10 * S, 19 * S, 20 * S, 20 * S + 1, 45 * S, 61 * S))
        talk = dice.choice((5 * S, 9_999, 10 * S, 300 * S)) if outcome == "answered" else None
        moment = START + dice.choice((dice.randrange(D), 9 * H + dice.randrange(8 * H), D - 1))
        more = {"transferred": dice.random() < 0.2} if talk else {}
        yield call(f"c{number}", moment, outcome, wait, talk, **more)
    yield call("first", START, "answered", 0, 60 * S, transferred=False)
    yield call("last", START + D - 4 * S, "abandoned", 3 * S, None)


def _populations(rows, redirected):
    """(calls, moment that decides, whether it departs) of everything that is tried beside the policy's own calls."""
    yield rows, "arrival", False
    yield rows, "answer", True
    yield rows, "end", True
    if redirected:  # else it is a formula
        yield [row for row in rows if row["outcome"] != "abandoned"], "arrival", True
    yield [row for row in rows if not row["transferred"]], "arrival", True
    yield [row for row in rows if row["talk_ms"] is None or row["talk_ms"] >= 10 * S], "arrival", True
    for written in HOURS:
        days, _, hours = written.partition(" ")
        first, last = (int(clock[:2]) * H for clock in hours.split("-"))
        assert days.startswith("Mon")  # a Tuesday is in all of them
        yield [row for row in rows if first <= (row["offered_ms"] - START) % D < last], "arrival", True


def _definitions(redirected):
    """(terms, number of departures) of all that differ."""
    for formula, within, strict in product(FORMULAS, sorted({*THRESHOLDS_S, 20}), (False, True)):
        floors = sorted({*FLOORS_S, 5}) if "short" in formula else [5]
        treatments = ("late", "out", "abandoned") if redirected and formula != "answered_only" else ("late",)
        for floor, treated in product(floors, treatments):
            terms = {"formula": formula, "within": within, "strict": strict, "floor": floor, "redirected": treated}
            yield terms, sum(terms[name] != OWN[name] for name in OWN)


def _prints(kept, owed, figure):
    """ "rounded" by either rule at a tie, "truncated", or None."""
    exact = Decimal(100 * kept) / owed if owed else None
    for name, rules in (("rounded", (ROUND_HALF_UP, ROUND_HALF_EVEN)), ("truncated", (ROUND_DOWN,))):
        if owed and any(exact.quantize(figure, rule) == figure for rule in rules):
            return name
    return None


@pytest.mark.parametrize("seed", range(4))
def test_every_definition(seed):
    dice = random.Random(seed)
    redirected = seed % 2 == 0
    rows = list(_rows(dice, redirected))
    kept, owed = system(rows, **dice.choice([terms for terms, _ in _definitions(redirected)]), day=DAY)
    figure = (Decimal(100 * kept) / owed).quantize(Decimal(dice.choice(("0.1", "1"))))
    tried, printing, told, seen = defaultdict(int), defaultdict(int), defaultdict(int), []
    for calls, by, departs in _populations(rows, redirected):
        cut = [system(calls, **terms, by=by, day=DAY) for terms, _ in _definitions(redirected)]
        if cut in seen:  # the same calls, as far as any definition tells
            continue
        seen.append(cut)
        for (_, departures), counts in zip(_definitions(redirected), cut, strict=True):
            if departures <= 2 or not departs:
                tried[departures + departs] += 1
                how = _prints(*counts, figure)
                printing[departures + departs] += how == "rounded"
                told[how] += how is not None
    found = cc.reconcile(cc.read_calls(arrow(rows, None)), f"{figure} %", date="2013-08-20").found
    assert [(t.departures, t.tried, t.printing) for t in found.tried] == [
        (number, tried[number], printing[number]) for number in sorted(tried)
    ]
    assert sum(1 + one.alike for one in found.matches) == sum(told.values())
    assert found.redirected is redirected
