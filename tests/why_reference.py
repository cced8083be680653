"""Calls of some weeks as CSV, and a reading of them in plain Python that shares nothing with the project."""

import random
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from fractions import Fraction
from statistics import median
from zoneinfo import ZoneInfo

from cc_metrics import policy, reporting
from cc_metrics_cli import inputs

BERLIN = ZoneInfo("Europe/Berlin")
HEADER = "call_id,offered_at,outcome,wait_ms,talk_ms,queue,tier,reason"
POLICY = """name = "p"
timezone = "Europe/Berlin"
{above}
[tier]
vip = ["VIP", "gold"]
ordinary = ["*"]
{promises}
"""
VIP = '[[promise]]\nname = "vip"\nmeasure = "service_level"\nwhere = { tier = "vip" }\ntarget = "90 %"'
ORDINARY = '[[promise]]\nname = "ordinary"\nmeasure = "service_level"\nwhere = { tier = "ordinary" }\ntarget = "80 %"'
ALL = '[[promise]]\nname = "all"\nmeasure = "service_level"\ntarget = "{target}"'
LOST = '[[promise]]\nname = "lost"\nmeasure = "abandonment"\nlimit = "{limit}"'
TIERS = {"VIP": "vip", "gold": "vip", "std": "ordinary", "": None}


def report(
    tmp_path,
    rows,
    promises=(VIP, ORDINARY),
    *,
    above="",
    span=None,
    earlier=None,
    planned=(),
    where=None,
    header=HEADER,
):
    """The report on rows of HEADER, with *earlier* rows as the background."""
    text = POLICY.format(above=above, promises="\n".join(promises))
    (tmp_path / "p.toml").write_text(text, "utf-8")
    rules = policy.load(str(tmp_path / "p.toml"))
    request = reporting.Request(where=where or {}, span=span or reporting.Span())
    reading = inputs.reading(None, None, rules, reporting.dimensions(request, rules), "1GB", None, lines=False)
    with ExitStack() as stack:
        opened = []
        for name, given in (("now", rows), ("earlier", earlier)):
            if given is not None:
                path = tmp_path / f"{name}.csv"
                path.write_text("\n".join((header, *(",".join(map(str, row)) for row in given))) + "\n", "utf-8")
                opened.append(stack.enter_context(inputs.opened([path], (), reading)).calls)
        background = reporting.Background(opened[1] if earlier is not None else None, tuple(planned))
        return reporting.build(opened[0], rules, request, (), background)


def day_of_calls(day, kept, late, *, tier="std", queue="a", reason="x", at="10:00:00", talk=60_000):
    """So many calls in time and late at one clock of a day, which begins and ends with a redirected one in time."""
    offset = datetime.fromisoformat(f"{day}T{at}").replace(tzinfo=BERLIN)
    rows = [
        (
            f"{day}-{at}-{tier}-{queue}-{n}",
            offset.isoformat(),
            "answered",
            20_000 if n < kept else 20_001,
            talk,
            queue,
            tier,
            reason,
        )
        for n in range(kept + late)
    ]
    return [*edges(day, tier), *rows]


def edges(day, tier="std"):
    """What makes a day known whole and is in nobody's denominator: redirected within the threshold."""
    found = []
    for clock in ("00:00:01", "23:59:58"):
        at = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=BERLIN)
        found.append((f"{day}-{clock}-{tier}", at.isoformat(), "redirected", 0, "", "a", tier, "x"))
    return found


def made(seed, first, days, calls=60):
    """Random calls of several days, unknown tiers, queues and reasons among them."""
    dice, rows = random.Random(seed), []
    for day in (first + timedelta(days=n) for n in range(days)):
        rows += edges(day.isoformat())
        start = datetime(day.year, day.month, day.day, tzinfo=BERLIN).timestamp()
        for n in range(dice.randrange(calls // 2, calls)):
            hour = dice.choice((1, 2, 2.4, 2.5, 3, 9, 9, 9.49, 9.5, 16))
            at = datetime.fromtimestamp(start + hour * 3600 + dice.randrange(900), BERLIN)
            outcome = dice.choice(["answered"] * 8 + ["abandoned", "redirected"])
            wait = dice.choice((0, 4_000, 20_000, 20_001, 60_000))
            talk = dice.randrange(30, 400) * 1_000 if outcome == "answered" and dice.random() < 0.9 else ""
            tier = "" if n == 7 else dice.choice(("VIP", "gold", "std", "std"))
            queue, reason = dice.choice(("a", "b", "")), dice.choice(("x", "y", "z", ""))
            rows.append((f"{day}-{n}", at.isoformat(), outcome, wait, talk, queue, tier, reason))
    return rows


def read(rows):
    """Rows as dicts with a local start."""
    names = HEADER.split(",")
    return [
        dict(zip(names, row, strict=True)) | {"at": datetime.fromisoformat(row[1]).astimezone(BERLIN)} for row in rows
    ]


def on(rows, day):
    return [row for row in rows if row["at"].date() == day]


def chosen(rows, tier):
    return [row for row in rows if tier is None or TIERS[row["tier"]] == tier]


def owed(row):
    return not (row["outcome"] == "redirected" and row["wait_ms"] <= 20_000)


def kept(row):
    return row["outcome"] == "answered" and row["wait_ms"] <= 20_000


def half_hour(row):
    at = row["at"].replace(minute=row["at"].minute // 30 * 30, second=0)
    return at.isoformat()


KEYS = {
    "interval": half_hour,
    "queue": lambda row: row["queue"] or None,
    "tier": lambda row: TIERS[row["tier"]],
    "reason": lambda row: row["reason"] or None,
}


def handled(rows):
    talks = [row["talk_ms"] for row in rows if row["outcome"] == "answered" and row["talk_ms"] != ""]
    return sum(talks) / len(talks) / 1000 if talks else None


def clock(row):
    return row["at"].strftime("%H"), row["at"].minute // 30


def places(rows, day, tier, target):
    """The contributions of one day: (dimension, value) -> row."""
    inside, found = chosen(on(rows, day), tier), {}
    late = sum(owed(row) and not kept(row) for row in inside)
    for dimension, key in KEYS.items():
        for value in {key(row) for row in inside}:
            group = [row for row in inside if key(row) == value]
            whole, missed = sum(map(owed, group)), sum(owed(row) and not kept(row) for row in group)
            allowed = None if target is None else (1 - target) * whole
            found[dimension, value] = {
                "offered": len(group),
                "owed": whole,
                "late": missed,
                "share_of_late": missed / late,
                "allowed": None if allowed is None else float(allowed),
                "above": None if allowed is None else float(missed - allowed),
                "mean_handle_s": handled(group),
                **usual(rows, day, tier, dimension, group[0]),
            }
    return found


def usual(rows, day, tier, dimension, example):
    """Medians over the last 8 same weekdays, those with a clock change out of the half-hours."""
    weeks = [day - timedelta(days=7 * n) for n in range(1, 9)]
    known = [week for week in weeks if on(rows, week)]
    same = clock if dimension == "interval" else KEYS[dimension]
    if dimension == "reason" or len(known) < 5:
        return {"usual_offered": None, "usual_handle_s": None}
    groups = [[row for row in chosen(on(rows, week), tier) if same(row) == same(example)] for week in known]
    lengths = [handled(group) for group in groups if handled(group) is not None]
    return {
        "usual_offered": float(median(len(group) for group in groups)),
        "usual_handle_s": median(lengths) if len(lengths) >= 5 else None,
    }


def level(rows, days, tier=None):
    inside = [row for day in days for row in chosen(on(rows, day), tier)]
    return Fraction(sum(map(kept, inside)), sum(map(owed, inside)))


def listed(found, promise):
    return {(r["dimension"], r["value"]): r for r in found.contributions if r["promise"] == promise}


def days(first, number):
    return [date.fromisoformat(first) + timedelta(days=n) for n in range(number)]
