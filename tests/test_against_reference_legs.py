"""Legs of calls in several files, with copies and earlier states, against a plain loop over rows."""

import csv
import random
from collections import Counter, defaultdict

import pytest

import cc_metrics as cc
import reference as ref
from made import H, S, assert_equal, by_group, call, figures, grouped, plain, utc, written
from test_legs import HEADLESS, LATER

MAPPING = """
name = "made"
[legs]
{legs} = "of"
[calls]
call_id = "call_id"
offered_at = "offered_at"
outcome = "outcome"
updated_at = "updated_at"
queue = "queue"
transferred = "transferred"
resolved = "resolved"
wait_ms = "wait_ms"
talk_ms = "talk_ms"
hold_ms = "hold_ms"
wrap_ms = "wrap_ms"
"""
LENGTHS = ("wait_ms", "talk_ms", "hold_ms", "wrap_ms")
COLUMNS = ("call_id", "of", "offered_at", "outcome", "updated_at", "queue", "transferred", "resolved", *LENGTHS)
START = utc("2026-03-28T09:00:00+01:00")  # the night to Sunday is an hour shorter
APART = 4 * H


def _rows(dice, legs):
    """Some thirty rows: chains of legs that overlap, follow each other, come hours later, or lack their first."""
    rows = []
    for number in range(14):
        moment, ids = START + dice.randrange(40 * H), []
        for place in range(dice.choice((1, 1, 2, 3, 4))):
            call_id = f"{number:02}{dice.choice('abcd')}{place}"
            outcome = dice.choice(("answered", "answered", "abandoned", "redirected"))
            row = call(call_id, moment, outcome, dice.choice((0, 5 * S, 20 * S, 20_001)), None)
            row["talk_ms"] = dice.choice((0, 9_999, 60 * S, None)) if outcome == "answered" else dice.choice((None, 0))
            row |= {name: dice.choice((None, 0, 5 * S)) for name in ("hold_ms", "wrap_ms")}
            row |= {"queue": dice.choice(("a", "b", None)), "resolved": dice.choice((True, False, None))}
            row |= {"transferred": dice.choice((True, False, None)), "updated_ms": None}
            row["of"] = f"s{number}" if legs == "call" else dice.choice((ids[0], ids[-1])) if ids else None
            row["of"] = None if place == 0 and dice.random() < 0.2 else row["of"]
            ids.append(call_id)
            rows.append(row)
            after = ref.call_end(row) - moment
            moment += dice.choice((0, after, after + 1, after + APART, after + APART + 1, 40 * S))
    rows = [row for row in rows if dice.random() < 0.93]  # an export holds none that came before it
    for row in dice.sample(rows, 8):
        copy = dict(row)
        if dice.random() < 0.6:
            copy["talk_ms"] = 77 * S
        copy["updated_ms"] = dice.choice((None, moment, moment + 1))
        rows.append(copy)
    dice.shuffle(rows)
    return rows


def _roots(rows, legs):
    """{call_id: (root, whether its first leg is here)} of all rows."""
    here = {row["call_id"] for row in rows}
    before = {row["call_id"]: row["of"] for row in rows if row["of"] not in (None, row["call_id"])}
    if legs == "call":
        return {row["call_id"]: (row["of"] or row["call_id"], True) for row in rows}

    def root(call_id):
        return root(before[call_id]) if call_id in before else call_id

    return {call_id: (root(call_id), root(call_id) in here) for call_id in here}


def _joined(rows, roots):
    """(calls as they are counted, legs ignored by name)."""
    calls, ignored, by_root = [], Counter(), defaultdict(list)
    for row in rows:
        root, here = roots[row["call_id"]]
        if here:
            by_root[root].append(row)
        else:
            ignored[HEADLESS] += 1
    for root, legs in by_root.items():
        legs.sort(key=lambda r: (r["offered_ms"], r["call_id"] != root, r["wait_ms"], ref.call_end(r), r["call_id"]))
        chain, over = [], None
        for leg in legs:
            if chain and leg["offered_ms"] > over + APART:
                calls += _folded(chain, ignored)
                chain = []
            chain.append(leg)
            over = max(over or 0, ref.call_end(leg))
        calls += _folded(chain, ignored)
    return calls, ignored


def _folded(chain, ignored):
    """The passages of one call: those before the first answer as they are, and that answer with all after it."""
    first = next((place for place, leg in enumerate(chain) if leg["outcome"] == "answered"), None)
    if first is None:
        return chain
    taken = chain[first:]
    whole = dict(taken[0])
    for name in ("talk_ms", "hold_ms", "wrap_ms"):
        told = [leg[name] for leg in taken if leg[name] is not None]
        whole[name] = sum(told) if told else None
    if any(leg["outcome"] == "answered" and leg["talk_ms"] is None for leg in taken):
        whole["talk_ms"] = None
    if len(taken) > 1:
        whole["transferred"] = True
        ignored[LATER] += len(taken) - 1
    whole["resolved"] = next((leg["resolved"] for leg in reversed(taken) if leg["resolved"] is not None), None)
    return [*chain[:first], whole]


def _write(folder, rows, files):
    """The rows in so many files, numbered as read."""
    paths = []
    for number in range(files):
        part = rows[number::files]
        for line, row in enumerate(part):
            row |= {"file": number, "line": line}
        paths.append(folder / f"{number}.csv")
        with paths[-1].open("w", encoding="utf-8", newline="") as file:
            lines = csv.DictWriter(file, COLUMNS, extrasaction="ignore", restval="")
            lines.writeheader()
            for row in part:
                moments = {"offered_at": row["offered_ms"], "updated_at": row["updated_ms"]}
                told = {name: "" if ms is None else written(ms, "UTC") for name, ms in moments.items()}
                lines.writerow({name: "" if v is None else v for name, v in row.items()} | told)
    return paths


@pytest.mark.parametrize("legs", ["call", "parent"])
@pytest.mark.parametrize("seed", range(8))
def test_legs_in_files(tmp_path, legs, seed):
    rows = _rows(random.Random(seed), legs)
    paths = _write(tmp_path, rows, 1 + seed % 3)
    (tmp_path / "made.toml").write_text(MAPPING.format(legs=legs), "utf-8")
    calls = cc.read_calls(paths, mapping=str(tmp_path / "made.toml"), tz="Europe/Berlin", max_rejected=1)
    kept, dropped = _latest(rows)
    expected, ignored = _joined(kept, _roots(rows, legs))
    account = calls.accounting
    assert account.balanced
    assert account.read == len(rows)
    assert account.accepted == len(expected)
    assert Counter(account.ignored) + Counter(account.rejected) == ignored + dropped
    for every, by in (("all", []), ("1d", ["queue"])):
        got = by_group(plain(cc.service_level(calls, within="20s", by=by, every=every)), every, by)
        groups = grouped(expected, tuple(by), every, "Europe/Berlin")
        assert_equal({g: figures(of) for g, of in groups.items()}, got, f"{legs} {seed} {every}")
    flags = [c["resolved"] for c in expected if c["outcome"] == "answered" and c["resolved"] is not None]
    [flag] = [r for r in cc.report(calls).report.first_call_resolution if r["basis"] == "flag"]
    assert (flag["eligible"], flag["resolved"]) == (len(flags), sum(flags))


def _latest(rows):
    """(rows kept, the others by name): of one id the last updated, else the latest end, else the last as given."""
    kept, dropped, by_id = [], Counter(), defaultdict(list)
    for row in rows:
        by_id[row["call_id"]].append(row)
    for copies in by_id.values():
        copies.sort(key=lambda r: (r["updated_ms"] or 0, ref.call_end(r), r["file"], r["line"]), reverse=True)
        kept.append(copies[0])
        seen = [_values(copies[0])]
        for copy in copies[1:]:
            same = _values(copy) in seen
            seen.append(_values(copy))
            earlier = None not in (copy["updated_ms"], copies[0]["updated_ms"])
            earlier = earlier and copy["updated_ms"] < copies[0]["updated_ms"]
            reason = "duplicate" if same else "earlier state" if earlier else "conflicting rows of one call_id"
            dropped[reason] += 1
    return kept, dropped


def _values(row):
    return {name: row[name] for name in COLUMNS if name in ref.CANONICAL}


SIDE_BY_SIDE = MAPPING.replace("{legs} = ", "side_by_side = true\n# ").replace("[calls]", '[calls]\nagent_id = "of"')


@pytest.mark.parametrize("seed", range(4))
def test_rows_that_are_legs(tmp_path, seed):
    """The first leg says when and where; answered where someone answered one, whose longest talk is the call's."""
    dice = random.Random(seed)
    rows, by_id = [], defaultdict(list)
    for place in range(60):
        outcome = dice.choice(("answered", "answered", "abandoned", "redirected"))
        row = call(f"c{dice.randrange(20)}", START + dice.randrange(9) * S, outcome, 0, dice.randrange(20) * S)
        row |= {"of": dice.choice(("ana", "ben", None)), "queue": dice.choice(("a", "b")), "updated_ms": 1000 * place}
        rows.append(row)
    dice.shuffle(rows)
    paths = _write(tmp_path, rows, 2)
    (tmp_path / "made.toml").write_text(SIDE_BY_SIDE, "utf-8")
    for row in rows:
        by_id[row["call_id"]].append(row)
    expected = []
    for legs in by_id.values():
        first = min(legs, key=lambda leg: leg["updated_ms"])
        reached = [leg["talk_ms"] for leg in legs if leg["outcome"] == "answered" and leg["of"]]
        missed = any(leg["outcome"] != "redirected" for leg in legs)
        ended = "answered" if reached else "abandoned" if missed else "redirected"
        expected.append(first | {"outcome": ended, "talk_ms": max(reached, default=None)})
    calls = cc.read_calls(paths, mapping=str(tmp_path / "made.toml"), tz="Europe/Berlin")
    account = calls.accounting
    assert (account.read, account.accepted, sum(account.ignored.values())) == (60, len(by_id), 60 - len(by_id))
    got = by_group(plain(cc.service_level(calls, within="20s", by=["queue"])), "all", ["queue"])
    groups = grouped(expected, ("queue",), "all", "Europe/Berlin")
    assert_equal({g: figures(of) for g, of in groups.items()}, got, "side by side")
