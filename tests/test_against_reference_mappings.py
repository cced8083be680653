"""What mappings say of moments, lengths, conditions and rules, cell by cell against a plain loop over rows."""

import csv
import math
import random
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

import cc_metrics as cc
from cc_metrics.model.promise import Policy
from reference import EPOCH

COLUMNS = ("id", "day", "clock", "at", "menu", "up", "how", "queued", "rang", "held", "x", "y")
MAPPING = """
name = "made"
nulls = ["NULL"]
[null]
x = ["none"]
[[null_when]]
column = "rang"
when = {{ y = {{ not = ["1", ""] }} }}
[[ignore]]
name = "ignored"
when = {{ x = {test}, y = {{ not = "2" }} }}
[[reject]]
name = "refused"
when = {{ x = {{ filled = false }}, y = ["2", "3"] }}
[calls]
call_id = "id"
offered_at = {{ {at}, plus = {{ column = "menu", unit = "s", empty = "0" }} }}
wait_ms = {{ column = "queued", plus = "rang", less = "held", unit = "{unit}"{empty} }}
talk_ms = {{ until = {{ column = "up" }} }}
[[calls.outcome.rules]]
value = "answered"
when = {{ how = ["A", "B"], x = {{ least = 0 }} }}
[[calls.outcome.rules]]
value = "redirected"
when = {{ how = "A" }}
[[calls.outcome.rules]]
value = "abandoned"
when = {{ how = {{ not = "" }} }}
"""
TESTS = {
    '"Q"': lambda x: x == "Q",
    '["Q", ""]': lambda x: x in ("Q", ""),
    '{ not = ["Q", ""] }': lambda x: x not in ("Q", ""),
    "{ filled = true }": lambda x: x not in ("", "NULL", "none"),
    "{ least = 1.5 }": lambda x: (number(x) or Fraction(0)) >= Fraction(3, 2),
    '{ least = -2, not = "2" }': lambda x: number(x) is not None and number(x) >= -2 and x != "2",
}
X = ("Q", "", "NULL", "none", "1.5", "1.499999", "2", "-2", "-2.1", "１．５", "０", "q")
NARROW = str.maketrans({0xFF01 + n: chr(0x21 + n) for n in range(94)})
UNITS = {"ms": 1, "s": 1_000, "min": 60_000, "clock": 1_000}
DAY_MS = 86_400_000

# Near the two changes of Berlin's clocks, and on an ordinary day.
CLOCKS = (
    "00:59:59",
    "01:55:00",
    "02:00:00",
    "02:30:00",
    "02:59:59",
    "03:00:00",
    "3:05",
    "9:05",
    "９：０５",
    "23:59:30",
)
DAYS = ("2026-03-29", "2026-10-25", "2026/3/29", "2026/10/25", "2026-10-5", "２０２６／１０／２５")


def number(text):
    try:
        return Fraction(text.translate(NARROW))
    except ValueError:
        return None


def moments(text, zone):
    """(first, second) reading of a local time in UTC ms; the same where there is one, (None, None) of no time."""
    day, _, clock = text.translate(NARROW).replace("/", "-").partition(" ")
    parts = [int(part) for part in (*day.split("-"), *clock.split(":"))]
    readings = []
    for fold in (0, 1):
        local = datetime(*parts, fold=fold, tzinfo=ZoneInfo(zone) if zone else UTC)
        readings.append((local.astimezone(UTC) - EPOCH) // timedelta(milliseconds=1))
    return tuple(readings if readings[0] <= readings[1] else (readings[0], readings[0]))  # a time that was skipped


def length(text, unit, up=True):
    """Whole milliseconds of one cell; None where it holds nothing, "bad" where it cannot be read."""
    if text in ("", "NULL"):
        return None
    text = text.translate(NARROW)
    seconds, sign = text, 1
    if unit == "clock":
        sign = -1 if text.startswith("-") else 1
        parts = text.lstrip("-").split(":")
        if len(parts) > 3 or any(number(p) is None for p in parts) or any(number(p) >= 60 for p in parts[1:]):
            return "bad"
        seconds = str(sum(number(p) * 60**n for n, p in enumerate(reversed(parts))))
    value = number(seconds)
    return "bad" if value is None else sign * (math.ceil if up else math.floor)(value * UNITS[unit])


def expected(row, mapping):
    """(status word, offered_ms, outcome, wait_ms, talk_ms) of one row."""
    zone, unit = mapping["zone"], mapping["unit"]
    if TESTS[mapping["test"]](row["x"]) and row["y"] != "2":
        return ("ignored",)
    if row["x"] in ("", "NULL", "none") and row["y"] in ("2", "3"):
        return ("refused",)
    menu = length(row["menu"] if row["menu"] not in ("", "NULL") else "0", "s")
    if menu == "bad":
        return ("what is added to offered_at is not a length of time",)
    if menu < 0:
        return ("what is added to offered_at is negative",)
    written = row["at"] if mapping["joined"] is None else f"{row['day']} {row['clock']}"
    offered = moments(written, zone)[0] + menu
    if row["how"] == "":
        return ("unknown outcome",)
    outcome = "redirected" if row["how"] == "A" else "abandoned"
    value = number(row["x"])
    if row["how"] in ("A", "B") and value is not None and value >= 0:
        outcome = "answered"
    cells = [row["queued"], "" if row["y"] not in ("1", "") else row["rang"], row["held"]]
    if mapping["empty"]:
        cells = ["0" if cell in ("", "NULL") else cell for cell in cells]
    parts = [length(cell, unit, up=up) for cell, up in zip(cells, (True, True, False), strict=True)]
    wait = None
    if None not in parts:
        if "bad" in parts:
            return ("wait_ms is not a length of time",)
        wait = parts[0] + parts[1] - parts[2]
        if min(*parts, wait) < 0:
            return ("wait_ms is negative",)
        if wait > DAY_MS:
            return ("wait_ms is longer than 24 hours",)
    talk = None
    if row["up"] not in ("", "NULL"):
        first, second = moments(row["up"], zone)
        talk = (first if first >= offered or second < offered else second) - offered
        if talk < 0:
            return ("talk_ms: an end before its start",)
        if talk > DAY_MS:
            return ("talk_ms is longer than 24 hours",)
    return "accepted", offered, outcome, wait, talk


def _rows(dice, unit):
    def cell(*values):
        return dice.choice((*values, "", "NULL") if dice.random() < 0.3 else values)

    lengths = {
        "clock": ("0:20", "0:00:20.0004", "1:05", "00:75", "２０", "-0:05", "soon", "23:59:59", "7"),
        "ms": ("20000", "20000.1", "19999", "２０", "-5", "soon", "86400000", "7"),
    }.get(unit, ("20", "20.0001", "0.5", "２０．５", "-1", "soon", "1439", "7"))
    for place in range(150):
        day, clock = dice.choice(DAYS), dice.choice(CLOCKS)
        row = {"id": f"r{place:03}", "day": day, "clock": clock, "at": f"{day} {clock}"}
        row |= {"menu": cell("0", "600", "0.0001", "６０", *(["-1", "soon"] if dice.random() < 0.1 else []))}
        row |= {"up": cell(f"{day} {dice.choice(CLOCKS)}"), "how": dice.choice(("A", "B", "C", ""))}
        row |= {"queued": cell(*lengths), "rang": cell(*lengths[:4], "0"), "held": cell("0", "0", *lengths[:3])}
        yield row | {"x": dice.choice(X), "y": dice.choice(("1", "2", "3", "", "1"))}


@pytest.mark.parametrize("seed", range(8))
def test_cells(tmp_path, seed):
    dice = random.Random(seed)
    joined = dice.choice((None, 'date = "day", clock = "clock"'))
    mapping = {"zone": dice.choice(("Europe/Berlin", "Asia/Shanghai", None)), "joined": joined}
    mapping |= {"unit": sorted(UNITS)[seed % 4], "empty": dice.random() < 0.5, "test": sorted(TESTS)[seed % 6]}
    rows = list(_rows(dice, mapping["unit"]))
    with (tmp_path / "made.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.DictWriter(file, COLUMNS)
        lines.writeheader()
        lines.writerows(rows)
    text = MAPPING.format(
        at=joined or 'column = "at"',
        unit=mapping["unit"],
        empty=', empty = "0"' if mapping["empty"] else "",
        test=mapping["test"],
    )
    (tmp_path / "made.toml").write_text(text, "utf-8")
    calls = cc.read_calls(
        tmp_path / "made.csv", mapping=str(tmp_path / "made.toml"), tz=mapping["zone"], max_rejected=1
    )
    opened = calls.open(Policy("p"))
    relation = opened.calls[0]
    names = "call_id, status, offered_ms, outcome, wait_ms, talk_ms"
    found = {row[0]: row[1:] for row in opened.engine.rows(f"SELECT {names} FROM {relation.view}")}
    assert len(found) == len(rows)
    kinds = set()
    for row in rows:
        status, *values = found[row["id"]]
        word = relation.statuses.word(status) if status else "accepted"
        wanted = expected(row, mapping)
        kinds.add(wanted[0])
        assert (word, *(values if word == "accepted" else ())) == wanted, (mapping, row)
    assert {"accepted", "ignored", "refused", "unknown outcome"} <= kinds
