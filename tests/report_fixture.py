"""Reports made by hand: the issue's Tuesday, two days with everything that can go wrong in a name, nothing at all."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

from cc_metrics.language import said
from cc_metrics.model.dates import in_year, weekday_text
from cc_metrics.model.durations import HOUR
from cc_metrics.model.promise import Policy, Promise, ResolutionTerms, ServiceTerms
from cc_metrics.model.report import Accounting, Asked, Caution, Head, Judged, Report
from why_fixture import NO_REASON, WHY

HOSTILE = "[red]=cmd()|<script>alert(1)</script>"
STEERING = "=1+1\x1b[31m\u202egnp.exe\nnew line"
EMOJI = "🔥 urgent :fire:"
CHINESE = "宽带故障报修专席（夜间及节假日）"

DAY_BEFORE = in_year(date(2013, 8, 19))

_SHAPE = (30, 90, 260, 420, 560, 690, 720, 650, 540, 470, 430, 460, 520, 580, 600, 560, 500, 430, 360, 320, 300, 310)
_LATE = (0, 0, 4, 16, 30, 72, 85, 50, 24, 14, 9, 9, 16, 24, 28, 22, 15, 9, 5, 4, 3, 2)


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Whole parts of a total in proportion to the weights; they add up."""
    edges = [total * sum(weights[:i]) // sum(weights) for i in range(len(weights) + 1)]
    return [after - before for before, after in pairwise(edges)]


def share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def calls(
    answered: int, in_time: int, abandoned: int, hasty: int, short: int, redirected: int, late: int, busy: float = 1.0
) -> dict[str, Any]:
    """A row of calls whose shares follow from its counts."""
    owed = answered + abandoned + late
    some = answered or None
    formulas = {
        "all_offered": share(in_time, owed),
        "exclude_abandons_within": share(in_time, owed - hasty),
        "exclude_short_abandons": share(in_time, owed - short),
        "abandons_within_count": share(in_time + hasty, owed),
        "short_abandons_count": share(in_time + short, owed),
        "answered_only": share(in_time, answered),
    }
    return {
        "start": None,
        "offered": answered + abandoned + redirected,
        "answered": answered,
        "abandoned": abandoned,
        "redirected": redirected,
        "answered_within": in_time,
        "abandoned_within": hasty,
        "short_abandoned": short,
        "redirected_late": late,
        "within_s": 20.0,
        "denominator": owed,
        "service_level": formulas["all_offered"],
        "formulas": formulas,
        "connect_rate": share(answered, answered + abandoned + redirected),
        "abandonment_rate": share(abandoned, answered + abandoned),
        "mean_wait_s": some and 14.25 * busy,
        "p50_wait_s": some and int(9 * busy),
        "p90_wait_s": some and int(38 * busy),
        "p95_wait_s": some and int(61 * busy),
        "longest_wait_s": some and 187.5 * busy,
        "longest_abandoned_s": 240.125 * busy if abandoned else None,
        "mean_handle_s": some and 206.4 + busy,
        "mean_talk_s": some and 171.2,
        "mean_hold_s": some and 12.5,
        "mean_wrap_s": some and 22.7 + busy,
        "transferred": answered // 40,
        "under_10_s": answered // 90,
    }


def half_hours(day: str, *counts: int) -> list[dict[str, Any]]:
    """The day from 00:00 to 24:00; calls come from 08:00 to 19:00, nobody calls at 12:00."""
    answered, in_time, abandoned, hasty, short, redirected, late = counts
    shape = [n if i != 8 else 0 for i, n in enumerate(_SHAPE)]
    lost = [n if i != 8 else 0 for i, n in enumerate(_LATE)]
    missed = split(answered - in_time, lost)
    parts = zip(
        [a + m for a, m in zip(split(in_time, shape), missed, strict=True)],
        split(in_time, shape),
        [a + h for a, h in zip(split(abandoned - hasty, lost), split(hasty, shape), strict=True)],
        split(hasty, shape),
        split(short, shape),
        [r + n for r, n in zip(split(late, lost), split(redirected - late, shape), strict=True)],
        split(late, lost),
        [0.4 + n / 25 for n in lost],
        strict=True,
    )
    busy = [calls(*part) for part in parts]
    empty = [calls(0, 0, 0, 0, 0, 0, 0)]
    rows = empty * 16 + busy + empty * 10
    first = datetime.fromisoformat(f"{day}T00:00:00+08:00")
    return [row | {"start": (first + timedelta(minutes=30 * i)).isoformat()} for i, row in enumerate(rows)]


TUESDAY = (24_180, 20_033, 1_020, 260, 45, 124, 57)
WEDNESDAY = (22_913, 19_846, 742, 221, 38, 98, 41)
BOTH = tuple(a + b for a, b in zip(TUESDAY, WEDNESDAY, strict=True))

VIP = Promise(
    "VIP calls answered in 20 seconds",
    "service_level",
    "share_within",
    Fraction(9, 10),
    kind="reached",
    when="2013",
    where={"tier": ("vip",)},
)
ORDINARY = replace(
    VIP, name="Ordinary calls answered in 20 seconds", target=Fraction(4, 5), where={"tier": ("ordinary",)}
)
FCR = Promise(
    "Questions solved at the first call",
    "first_call_resolution",
    "rate_at_least",
    Fraction(88, 100),
    kind="reached",
    when="2013",
    resolution=ResolutionTerms(window_ms=24 * HOUR),
)
ON_TARGET = replace(
    VIP,
    name="Half-hours on target",
    measure="intervals_on_target",
    where={},
    kind="promised",
    when="",
    shape="rate_at_least",
)
STATED = Promise("Calls abandoned", "abandonment", "rate_at_most", Fraction(5, 100), kind="stated", when="2013")
AT_MOST = replace(STATED, kind="promised", when="")
HOSTILE_PROMISE = replace(
    VIP, name=HOSTILE, where={"queue": (HOSTILE, STEERING)}, kind="promised", when=f"{CHINESE} 2013"
)

GOLD = replace(VIP, name="Gold calls", where={"tier": ("gold", "白金")})
ALL = replace(ORDINARY, name="All calls", where={}, kind="promised", when="")
UNRECORDED = "the tier is recorded for 61.3 % of the calls only"

POLICY = Policy(
    "liaoning-unicom-2013",
    source="Liaoning Unicom, 12th National Games, 2013",
    timezone="Asia/Shanghai",
    service=ServiceTerms(short_abandon_ms=0),
    tiers=(("vip", ("VIP", "金卡")), ("ordinary", ("*",))),
    promises=(VIP, ORDINARY, FCR),
)


def judged(promise: Promise, settled: int, kept: int, verdict: str | None, margin: int | None, **more: Any) -> Judged:
    """A promise with its row; *days* and *note* stand beside the row."""
    days, note = more.pop("days", ""), more.pop("note", "")
    within = promise.service.within_ms / 1000 if promise.measure == "service_level" else None
    row = {
        "name": promise.name,
        "measure": promise.measure,
        "where": promise.where,
        "shape": promise.shape,
        "kind": promise.kind,
        "target": float(promise.target),
        "within_s": within,
        "basis": "census",
        "owed": settled,
        "settled": settled,
        "kept": kept,
        "pending": 0,
        "value": share(kept, settled),
        "verdict": verdict,
        "margin": margin,
        **dict.fromkeys(("bounds", "low", "high", "interval", "clusters", "outlook")),
    }
    return Judged(promise, row | more, days, note)


def resolved(answered: int, with_key: int, recent: int, kept: int, **more: Any) -> dict[str, Any]:
    """A row of first-call resolution whose shares follow from its counts."""
    settled = with_key - recent
    row = {
        "start": None,
        "basis": "repeat",
        "unit": "call",
        "window_s": 86_400.0,
        "answered": answered,
        "with_key": with_key,
        "too_recent": recent,
        "eligible": settled,
        "resolved": kept,
        "value": share(kept, settled),
        "naive": share(kept + recent, with_key),
        "kaplan_meier": 0.8874 if settled else None,
        "repeat_rate": None,
        "settled_from": "2013-08-19" if settled else None,
        "settled_to": "2013-08-19" if settled else None,
    }
    return row | more


OUTLOOK = {"low": 0.7712, "high": 0.8291, "interval": "days", "clusters": 62, "outlook": "too_close"}

ROWS = Accounting(
    files=("exports/2013-08-20.csv.gz", "exports/呼叫记录 2013-08-21.csv"),
    read=51_030,
    accepted=49_077,
    ignored={"ghosts": 240, "hung up in the menu": 1_198, said("duplicate"): 498},
    rejected={"unparsable time": 12, said("no {column}", column="id"): 5},
    first="2013-08-19T00:00:07+08:00",
    last="2013-08-21T23:59:41.250+08:00",
)

TUESDAY_HEAD = Head(
    as_of="2013-08-21T00:00:00+08:00",
    timezone="Asia/Shanghai",
    start="2013-08-20T00:00:00+08:00",
    end="2013-08-21T00:00:00+08:00",
    weekday="Tuesday",
    complete=True,
    label=said("{day}  {clock}", day=weekday_text(date(2013, 8, 20)), clock="00:00-24:00"),
)
BOTH_HEAD = replace(
    TUESDAY_HEAD,
    as_of="2013-08-21T14:00:00+08:00",
    end="2013-08-22T00:00:00+08:00",
    weekday=None,
    complete=False,
    label="Tue 20 - Wed 21 Aug 2013",
    incomplete=said("data end {clock}", clock="14:07"),
)


def tuesday() -> Report:
    """The issue's example: one day, three promises."""
    return Report(
        head=TUESDAY_HEAD,
        asked=Asked(by=("tier",)),
        policy=POLICY,
        accounting=replace(ROWS, files=ROWS.files[:1]),
        promises=(
            judged(VIP, 2_310, 2_111, "kept", 32),
            judged(ORDINARY, 22_947, 17_922, "missed", -436),
            judged(FCR, 19_870, 17_724, "kept", 238, days=DAY_BEFORE),
        ),
        total=(calls(*TUESDAY),),
        calls=(
            calls(21_960, 17_922, 932, 238, 41, 112, 55) | {"tier": "ordinary"},
            calls(2_220, 2_111, 88, 22, 4, 12, 2) | {"tier": "vip"},
        ),
        intervals=tuple(half_hours("2013-08-20", *TUESDAY)),
        first_call_resolution=(resolved(24_180, 23_011, 23_011, 0),),
        latest=(resolved(20_455, 19_870, 0, 17_724, days=DAY_BEFORE),),
        **WHY,
    )


def two_days() -> Report:
    """Two days by tier and queue, one not complete, with names from hell."""
    queues = (
        ("vip", CHINESE),
        ("vip", EMOJI),
        ("ordinary", "10010 general enquiries"),
        (None, HOSTILE),
        (None, STEERING),
    )
    parts = zip(*(split(number, (2, 1, 12, 4, 1)) for number in BOTH), strict=True)
    return replace(
        tuesday(),
        head=BOTH_HEAD,
        asked=Asked(by=("tier", "queue")),
        accounting=ROWS,
        promises=(
            judged(VIP, 4_410, 4_010, "kept", 41),
            judged(ORDINARY, 44_543, 35_869, "kept", 234),
            judged(GOLD, 4_310, 1_410, "not_judged", None, bounds=(0.1609, 0.7031), note=UNRECORDED),
            judged(FCR, 19_870, 17_724, "kept", 238, days=DAY_BEFORE, pending=45_112),
            judged(ON_TARGET, 23, 19, "missed", -2),
            judged(HOSTILE_PROMISE, 0, 0, "no_data", None, note=f"no row has the queue '{HOSTILE}'"),
            judged(STATED, 48_855, 1_762, None, None),
            judged(ALL, 48_953, 39_879, "kept", 716, **OUTLOOK),
        ),
        total=(calls(*BOTH),),
        calls=tuple(calls(*part) | {"tier": t, "queue": q} for (t, q), part in zip(queues, parts, strict=True)),
        intervals=tuple(half_hours("2013-08-20", *TUESDAY) + half_hours("2013-08-21", *WEDNESDAY)),
        reasons=(
            calls(18_220, 15_410, 640, 190, 30, 90, 40, 1.1) | {"reason": "宽带报障"},
            calls(12_003, 10_100, 410, 120, 20, 60, 28) | {"reason": "billing"},
            calls(4_120, 3_300, 210, 60, 8, 30, 12, 1.4) | {"reason": None},
        ),
        first_call_resolution=(
            resolved(2_400, 2_310, 900, 1_290) | {"tier": "vip", "queue": CHINESE},
            resolved(24_180, 23_011, 23_011, 0) | {"tier": None, "queue": HOSTILE},
        ),
        latest=(
            resolved(1_200, 1_150, 0, 1_011, days=DAY_BEFORE) | {"tier": "vip", "queue": CHINESE},
            resolved(19_255, 18_720, 0, 16_713, days=DAY_BEFORE) | {"tier": None, "queue": HOSTILE},
        ),
        warnings=(
            Caution("tier_coverage", "the tier is recorded for 61.3 % of the calls; the others are 14.2 points better"),
            Caution("rejected", f"17 rows (0.03 %) were rejected, most in queue {HOSTILE}; --rejected FILE keeps them"),
        ),
        notes=("taken as closed: Sunday 18 Aug",),
        **NO_REASON,
    )


def nothing() -> Report:
    """A period without a call: every share is unknown, nothing is 0 %."""
    return Report(
        head=replace(TUESDAY_HEAD, timezone=None),
        asked=Asked(),
        policy=Policy("default", promises=(ORDINARY, FCR)),
        accounting=Accounting(files=("empty.csv",)),
        promises=(
            judged(ORDINARY, 0, 0, "no_data", None, note="no call of this tier was offered"),
            judged(FCR, 0, 0, "no_data", None, note="needs calls up to 22 Aug 2013"),
        ),
        total=(calls(0, 0, 0, 0, 0, 0, 0),),
        calls=(calls(0, 0, 0, 0, 0, 0, 0),),
        first_call_resolution=(resolved(0, 0, 0, 0),),
    )


def month() -> Report:
    """31 days: more than can be listed, so half-hours are pooled."""
    days = [half_hours(f"2013-08-{day:02}", *TUESDAY) for day in range(1, 32)]
    return replace(tuesday(), intervals=tuple(row for day in days for row in day))
