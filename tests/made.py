"""Calls made for tests: small tables full of ties, edges and gaps; how they are handed over; what to expect of them.

Rows are those of reference.py: plain dicts, moments as UTC epoch milliseconds. Expectations are put together from
the reference's functions alone.
"""

import csv
import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pyarrow as pa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

import reference as ref

S, M, H, D = ref.SECOND, ref.MINUTE, ref.HOUR, 24 * ref.HOUR

QUICK = {"deadline": None, "derandomize": True, "database": None, "suppress_health_check": list(HealthCheck)}

# A zone, and a day of its own near which the rows lie: each has a clock change, or an odd offset, or neither.
PLACES = (
    ("Europe/Berlin", date(2024, 3, 29)),  # forward on Sunday 31 March
    ("Europe/Berlin", date(2024, 10, 25)),  # back on Sunday 27 October
    ("America/New_York", date(2024, 3, 8)),
    ("America/New_York", date(2024, 11, 1)),
    ("Australia/Lord_Howe", date(2024, 4, 5)),  # half an hour back on Sunday 7 April
    ("Australia/Lord_Howe", date(2024, 10, 4)),
    ("Asia/Kolkata", date(2024, 2, 27)),
    ("Asia/Shanghai", date(2013, 8, 29)),
    ("Asia/Kathmandu", date(2024, 12, 30)),  # + 5:45
    (None, date(2024, 2, 27)),  # as written
)


def within(examples):
    return settings(max_examples=examples, **QUICK)


def utc(text):
    """Milliseconds of an ISO text with an offset."""
    return (datetime.fromisoformat(text).astimezone(UTC) - ref.EPOCH) // timedelta(milliseconds=1)


def call(call_id, offered=0, outcome="answered", wait=0, talk=0, **more):
    """One row; *offered* in milliseconds or as ISO text with an offset."""
    row = dict.fromkeys(ref.CANONICAL)
    moment = utc(offered) if isinstance(offered, str) else offered
    row.update(call_id=call_id, offered_ms=moment, outcome=outcome, wait_ms=wait, talk_ms=talk, **more)
    return row


# ---------------------------------------------------------------- random tables

WAITS = (
    0,
    0,
    1,
    999,
    1 * S,
    5 * S,
    5 * S + 1,
    20 * S - 1,
    20 * S,
    20 * S,
    20 * S + 1,
    20 * S + 1,
    21 * S,
    119_001,
    119_999,
)
CLOCKS = (0, 0, 1, 15 * M - 1, 90 * M, 2 * H - 1, 2 * H, 2 * H + 30 * M, 3 * H, 9 * H, 12 * H, 23 * H + 59 * M + 59_999)


class Table:
    """A table drawn by hypothesis: its rows, its zone, and what its source records."""

    def __init__(self, rows, zone, window, *, waits, transfers):
        self.rows, self.zone, self.window = rows, zone, window
        self.waits, self.transfers = waits, transfers

    def __repr__(self):
        shown = "\n  ".join(str({k: v for k, v in row.items() if v is not None}) for row in self.rows)
        return f"Table({self.zone}, window {self.window} ms,\n  {shown})"


@st.composite
def tables(draw, *, most=60, duplicates=False, waits=None, channels=None, least=0):
    """Each row is one drawn number, so that hypothesis takes rows away when it looks for the smallest example."""
    zone, first = draw(st.sampled_from(PLACES))
    least = max(least, draw(st.sampled_from((0, 0, most // 3, 2 * most // 3))))  # short tables meet too little
    numbers = draw(st.lists(st.integers(0, 2**64 - 1), min_size=least, max_size=most))
    habits = {
        "zone": zone,
        "first": first,
        "days": draw(st.sampled_from((1, 2, 4, 11, 17))),
        "window": draw(st.sampled_from((1 * H, D, D, 3 * D))),
        "waits": draw(st.sampled_from((True, True, True, False))) if waits is None else waits,
        "transfers": draw(st.booleans()),
        "channels": draw(st.sampled_from(((None,), (None,), (None, "voice"), (None, "voice", "chat"))))
        if channels is None
        else channels,
        "duplicates": duplicates,
    }
    rows = []
    for number in numbers:
        rows.append(_row(random.Random(number), rows, habits))
    return Table(rows, zone, habits["window"], waits=habits["waits"], transfers=habits["transfers"])


def _row(dice, rows, habits):
    copied = dice.choice(rows) if rows and habits["duplicates"] and dice.random() < 0.25 else None
    if copied is not None:
        row = dict(copied)
        if dice.random() < 0.6:
            row[dice.choice(("talk_ms", "wrap_ms"))] = dice.choice((0, 7 * S, None))
        if dice.random() < 0.3:
            row["queue"] = dice.choice((None, "a", "b"))
    else:
        row = _fresh(dice, rows, habits)
    if habits["duplicates"]:
        row["updated_ms"] = dice.choice((None, None, row["offered_ms"], row["offered_ms"] + dice.choice((1, 1 * H))))
    return row


def _fresh(dice, rows, habits):
    answered = dice.random() < 0.6
    talk = dice.choice((None, 0, 9_999, 10 * S, 60 * S, 2 * H, dice.randrange(10 * M))) if answered else None
    row = call(
        f"{dice.randrange(10**6):06}-{len(rows)}",
        _moment(dice, habits),
        "answered" if answered else dice.choice(("abandoned", "redirected")),
        dice.choice((*WAITS, dice.randrange(2 * M))) if habits["waits"] else None,
        talk,
        hold_ms=dice.choice((None, 0, 5 * S)),
        wrap_ms=dice.choice((None, 0, 3_500)),
        tier=dice.choice((None, "VIP", "普通")),
        queue=dice.choice((None, "a", "b")),
        reason=dice.choice((None, "bill", "fault")),
        channel=dice.choice(habits["channels"]),
        customer_id=dice.choice((None, "A", "A", "B", "B", "C", "D")),
        transferred=dice.choice((True, True, False, None)) if habits["transfers"] else None,
        resolved=dice.choice((True, False, None)),
    )
    near = rows[-dice.randrange(1, 4) :][0] if rows else None
    how = dice.random()
    if near is None or how < 0.4:
        return row
    row["customer_id"] = near["customer_id"]
    window = habits["window"]
    if how < 0.6:  # a leg, or nearly one
        row["offered_ms"] = ref.call_end(near) + dice.choice((-5_001, -5_000, -1, 0, 4_000, 5_000, 5_001))
    elif how < 0.75:
        row["offered_ms"] = ref.call_end(near) + window + dice.choice((-1, 0, 1))
    elif how < 0.85:
        row["offered_ms"] = near["offered_ms"] + window + dice.choice((-1, 0, 1))
    else:
        row["offered_ms"] = near["offered_ms"]
    return row


def _moment(dice, habits):
    day = habits["first"] + timedelta(days=dice.randrange(habits["days"]))
    clock = dice.choice((*CLOCKS, dice.randrange(24 * H), dice.randrange(24 * H)))
    return ref.day_start(day, habits["zone"]) + clock


# ---------------------------------------------------------------- handing over

TEXTS = ("direction", "channel", "queue", "tier", "reason", "region", "home_region", "network", "agent_id")
TYPES = {
    **dict.fromkeys(("call_id", "outcome", "customer_id", *TEXTS), pa.string()),
    **dict.fromkeys(("wait_ms", "talk_ms", "hold_ms", "wrap_ms"), pa.int64()),
    **dict.fromkeys(("transferred", "resolved"), pa.bool_()),
    "satisfaction": pa.float64(),
}


def arrow(rows, zone, *, leave_out=()):
    """The rows as an Arrow table whose times name their zone; without one they are local times as written."""
    found = {name: pa.array([row[name] for row in rows], kind) for name, kind in TYPES.items() if name not in leave_out}
    found["offered_at"] = pa.array([row["offered_ms"] for row in rows], pa.timestamp("ms", tz=zone))
    if any("updated_ms" in row for row in rows):
        found["updated_at"] = pa.array([row.get("updated_ms") for row in rows], pa.timestamp("ms", tz=zone))
    return pa.table(found)


def written(moment, zone):
    """A moment as ISO text, in UTC (or as a local time as written where there is no zone)."""
    text = (ref.EPOCH + timedelta(milliseconds=moment)).isoformat(timespec="milliseconds")
    return text if zone is not None else text.removesuffix("+00:00")


def write_csv(path, rows, zone):
    """The rows as a CSV of canonical columns."""
    names = ["call_id", "offered_at", "outcome", *(n for n in TYPES if n not in ("call_id", "outcome"))]
    names += ["updated_at"] if any("updated_ms" in row for row in rows) else []
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(names)
        for row in rows:
            cells = dict(row, offered_at=written(row["offered_ms"], zone))
            if row.get("updated_ms") is not None:
                cells["updated_at"] = written(row["updated_ms"], zone)
            lines.writerow(["" if cells.get(name) is None else str(cells[name]) for name in names])
    return path


# ---------------------------------------------------------------- what to expect


def moment_of(key, every):
    """A bucket of the reference as the report writes it: a UTC instant below a day, else the text itself."""
    text, offset = key
    if every in ("15m", "30m", "1h"):
        return datetime.fromisoformat(text).replace(tzinfo=UTC) - timedelta(minutes=offset)
    day = date.fromisoformat(text)
    if every == "1w":
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    return text if every == "1d" else text[:7]


def start_of(text, every):
    """The start that the library wrote, comparable with moment_of."""
    if every == "all":
        return None
    if every not in ("15m", "30m", "1h"):
        return text
    start = datetime.fromisoformat(text)
    return start.replace(tzinfo=UTC) if start.tzinfo is None else start.astimezone(UTC)


def interval(moment, every, zone):
    return None if every == "all" else moment_of(ref.bucket(moment, every, zone), every)


def dimensions(rows, by):
    """*by*, with the channel where there is more than one (a call without one is voice)."""
    several = len({row["channel"] or "voice" for row in rows}) > 1
    return (*by, "channel") if several and "channel" not in by else tuple(by)


def grouped(rows, by, every, zone):
    found = defaultdict(list)
    for row in rows:
        found[interval(row["offered_ms"], every, zone), *(row[name] for name in dimensions(rows, by))].append(row)
    return dict(found)


def period(rows, zone):
    """The whole local days that the rows touch (METRICS 1)."""
    days = [ref._local(row["offered_ms"], zone).date() for row in rows]
    return ref.day_start(min(days), zone), ref.day_end(max(days), zone)


def number(value):
    """An exact number as the float that stands nearest; a share of nothing is None."""
    return None if value is None else float(value)


def share(part, whole):
    return float(Fraction(part, whole)) if whole else None


def figures(rows, within_ms=20 * S, short_ms=5 * S, edge="<=", redirected="late", formula="all_offered", waits=True):
    """Every public figure of METRICS 2 of some calls; *waits*: whether their source records any."""
    plain = ref.service_counts(rows, within_ms, short_ms, edge)
    counts = ref.service_counts(rows, within_ms, short_ms, edge, redirected)
    if not waits:  # not even of a group in which nobody was answered can a level be had
        for one in (plain, counts):
            one.update(dict.fromkeys(("answered_within", "abandoned_within", "short_abandoned", "redirected_late")))
    handled = ref.handling(rows)
    answered_waits = [row["wait_ms"] for row in rows if row["outcome"] == "answered"]
    known = plain["answered_within"] is not None
    without = plain["abandoned_within"] is None
    told = {f: known and not (without and f not in ("all_offered", "answered_only")) for f in ref.FORMULAS}
    parts = {f: ref.service_level(counts, f, redirected) if told[f] else (0, 0) for f in ref.FORMULAS}
    kept, owed = parts[formula]
    talked = handled["with_talk"]
    transfers = any(row["transferred"] is not None for row in rows if row["outcome"] == "answered")
    return {
        **{name: plain[name] for name in ("offered", "answered", "abandoned", "redirected")},
        **{name: plain[name] for name in ("answered_within", "abandoned_within", "short_abandoned")},
        "redirected_late": plain["redirected_late"],
        "denominator": owed if told[formula] else None,
        "service_level": share(kept, owed),
        "formulas": {name: share(*pair) for name, pair in parts.items()},
        "connect_rate": share(plain["answered"], plain["offered"]),
        "abandonment_rate": share(counts["abandoned"], counts["answered"] + counts["abandoned"]),
        "mean_wait_s": number(handled["asa"]),
        **{
            f"p{p}_wait_s": ref.percentile(answered_waits, Fraction(p, 100)) if known and answered_waits else None
            for p in (50, 90, 95)
        },
        "longest_wait_s": seconds(handled["longest_wait_ms"]),
        "longest_abandoned_s": seconds(handled["longest_abandoned_ms"]),
        "mean_handle_s": number(handled["mean_handle_s"]),
        "mean_talk_s": number(handled["mean_talk_s"]),
        # never recorded: no figure ("without wrap-up"); the reference says 0
        "mean_hold_s": number(handled["mean_hold_s"]) if handled["hold_unrecorded"] < talked else None,
        "mean_wrap_s": number(handled["mean_wrap_s"]) if handled["wrap_unrecorded"] < talked else None,
        "transferred": handled["transferred"] if transfers else None,
        "under_10_s": handled["under_10"] if talked else None,
    }


def recorded(rows):
    """Whether a source of these rows records waits."""
    return any(row["wait_ms"] is not None for row in rows)


def seconds(milliseconds):
    return None if milliseconds is None else milliseconds / S


def busy_ids(rows, window, k, key):
    """The answered calls that lie in some window with k answered calls of their key, and all with a key."""
    busy, known = set(), {}
    for calls in ref._calls_by_key(rows, key).values():
        answered = [c for c in calls if c["answered"]]
        known.update({c["call_id"]: c["end_ms"] for c in answered})
        for start in range(len(answered) - k + 1):
            if answered[start + k - 1]["start_ms"] - answered[start]["start_ms"] <= window:
                busy.update(c["call_id"] for c in answered[start : start + k])
    return busy, known


def resolution(rows, zone, terms, by=(), every="all", *, as_of=None, named=(), span=None):
    """{group: figures} of METRICS 3, dated by the calls' end.

    terms: window, unit, repeats, key and k as a dict. named: dates named closed.
    """
    key, window = terms.get("key", "customer_id"), terms["window"]
    repeats = terms.get("repeats", "offered")
    as_of = ref.as_of(rows, zone) if as_of is None else as_of
    dark = ref.unobserved_days(rows, zone, named)
    first, last = span or period(rows, zone)
    of = {row["call_id"]: row for row in rows}
    unit = terms.get("unit", "call")
    if unit == "call":
        judged = ref.fcr_call(rows, window, as_of, repeats, dark, key)
        watched = ref.fcr_observations(rows, window, as_of, dark, repeats, key)
    else:
        issues = ref.fcr_issue(rows, window, as_of, repeats, dark, key)
        judged = [dict(i, call_id=i["first_answered_id"]) for i in issues if i["first_answered_id"] is not None]
        watched = [(None, None)] * len(judged)
    names = dimensions(rows, by)

    def group(moment, call_id):
        return (interval(moment, every, zone), *(of[call_id][name] for name in names))

    found = defaultdict(lambda: defaultdict(list))
    for entry, seen in zip(judged, watched, strict=True):
        if first <= entry["end_ms"] < last:
            here = found[group(entry["end_ms"], entry["call_id"])]
            here["judged"].append(entry)
            here["watched"].append(seen)
    for row in rows:
        end = ref.call_end(row)
        unknown = row["outcome"] == "answered" and ref._key_of(row, key) is None
        if unit == "call" and unknown and first <= end < last:  # a call of nobody is no issue
            found[group(end, row["call_id"])]["unknown"].append(row)
    busy, known = busy_ids(rows, window, terms["k"], key) if "k" in terms else ((), {})
    for call_id, end in known.items():
        if first <= end < last:
            found[group(end, call_id)]["rated"].append(call_id in busy)
    return {
        which: _resolution(here, as_of, window, unit, zone, every)
        for which, here in found.items()
        if here["judged"] or here["unknown"]
    }


def _resolution(here, as_of, window, unit, zone, every):
    estimate = ref.kaplan_meier(here["watched"], -(-window // S)) if unit == "call" else ...
    settled = [entry for entry in here["judged"] if entry["settled"]]
    days = [ref._local(entry["end_ms"], zone).date().isoformat() for entry in settled]
    resolved = sum(not entry["repeat"] for entry in settled)
    return {
        "answered": len(here["judged"]) + len(here["unknown"]),
        "with_key": len(here["judged"]),
        "too_recent": sum(entry["end_ms"] + window > as_of for entry in here["judged"]),
        "eligible": len(settled),
        "resolved": resolved,
        "value": share(resolved, len(settled)),
        "naive": share(sum(not entry["repeat"] for entry in here["judged"]), len(here["judged"])),
        "kaplan_meier": None if every in ("15m", "30m", "1h") else estimate,  # never of less than a day
        "repeat_rate": share(sum(here["rated"]), len(here["rated"])),
        "settled_from": min(days, default=None),
        "settled_to": max(days, default=None),
    }


# ---------------------------------------------------------------- comparing


def plain(frame):
    """A DataFrame as dicts without pandas' NA."""
    import pandas as pd

    def value(cell):
        return None if cell is not None and not isinstance(cell, dict | list) and pd.isna(cell) else cell

    return [{name: value(cell) for name, cell in row.items()} for row in frame.to_dict("records")]


def by_group(rows, every, names):
    """Rows of the library by (start, dimensions); a group that stands twice is an error."""
    found = {}
    for row in rows:
        group = (start_of(row["start"], every), *(row[name] for name in names))
        assert group not in found, f"{group} stands twice"
        found[group] = row
    return found


def assert_equal(expected, got, label):
    """Groups and figures are the same to the last unit; only a Kaplan-Meier value is rounded (to 9 decimals)."""
    assert set(got) == set(expected), f"{label}: groups {set(got) ^ set(expected)}"
    for group, figures_of in expected.items():
        differing = {
            name: (value, got[group][name])
            for name, value in figures_of.items()
            if value is not ... and not _same(name, value, got[group][name])
        }
        assert not differing, f"{label}, {group}: (expected, got) {differing}"


def _same(name, expected, got):
    if name == "kaplan_meier" and expected is not None and got is not None:
        return abs(expected - got) <= 2e-9
    return got == expected and (got is None) == (expected is None)
