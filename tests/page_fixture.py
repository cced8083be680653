"""The issue's Tuesday with everything that pictures are drawn from, and the same with names from hell."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import case_report_fixture as cases
import report_fixture as made
from cc_metrics.model.promise import WEEKDAYS
from cc_metrics.model.report import Report
from cc_metrics.render import charts

LONG = "非常に長い queue " * 20
QUEUES: tuple[str | None, ...] = (
    made.HOSTILE,
    made.STEERING,
    LONG,
    "=cmd()|' /C calc'!A0",
    made.CHINESE,
    made.EMOJI,
    cases.RTL,
    None,
)
PLAIN: tuple[str | None, ...] = (
    "faults",
    "billing",
    "mobile",
    "sales",
    "10010 general enquiries",
    "vip desk",
    "",
    None,
)
EDGES = (0, 1, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300)


def report(queues: tuple[str | None, ...] = PLAIN) -> Report:
    """One Tuesday by tier, its calls and what pictures and words on it need."""
    tuesday = made.tuesday()
    return replace(
        tuesday,
        waits=tuple(waits()),
        heatmap=tuple(heatmap()),
        days=tuple(days()),
        contributions=tuple(contributions(tuesday, queues)),
    )


def hostile() -> Report:
    """Two days with names that are markup, formulas, turned round or far too long, in every place that has names."""
    both = made.two_days()
    found = report(QUEUES)
    policy = replace(both.policy, name=made.HOSTILE, source=f"{made.STEERING} {LONG}")
    named = {"tier": LONG, "queue": cases.RTL}
    rows = (*both.calls, made.calls(9, 5, 1, 0, 0, 0, 0) | named)
    return replace(
        both,
        policy=policy,
        calls=rows,
        reasons=tuple(row | {"reason": name} for row, name in zip(both.reasons, QUEUES, strict=False)),
        waits=found.waits,
        heatmap=found.heatmap,
        days=found.days,
        curves=tuple(curves(made.HOSTILE, LONG, None)),
        contributions=found.contributions,
        cases=cases.alone().cases,
        stock=cases.alone().stock,
        answers=cases.alone().answers,
    )


def of_cases() -> Report:
    """A report on cases alone, with curves of three kinds."""
    return replace(cases.alone(), curves=tuple(curves("complaint", "install", "repair")))


def pictures() -> Iterator[charts.Picture]:
    """Every picture of the three reports."""
    for made_ in (report(), hostile(), of_cases()):
        yield from charts.pictures(made_)


def waits() -> list[dict[str, Any]]:
    """A row for each outcome and class that has calls; the classes reach from edge to edge, the last is open."""
    shape = (3, 40, 30, 12, 9, 7, 6, 5, 4, 3, 2, 1, 1)
    found = []
    for outcome, total in (("answered", 24_180), ("abandoned", 1_020), ("redirected", 124)):
        for i, calls in enumerate(made.split(total, shape)):
            low, high = (EDGES[i - 1] if i else 0, EDGES[i])
            found.append({"outcome": outcome, "from_s": low, "to_s": high, "calls": calls})
        found.append({"outcome": outcome, "from_s": EDGES[-1], "to_s": None, "calls": 2})
    return found


def heatmap() -> list[dict[str, Any]]:
    """Monday to Saturday, 08:00 to 19:00; no calls on Saturday from 12:00."""
    found = []
    for d, weekday in enumerate(WEEKDAYS[:6]):
        for half in range(16, 38):
            if d == 5 and half >= 24:
                continue
            owed = 120 + 40 * (half % 5) + 10 * d
            kept = owed - owed * ((half * 7 + d * 5) % 38) // 100
            row = {"weekday": weekday, "clock": f"{half // 2:02}:{half % 2 * 30:02}", "days": 2, "offered": owed}
            found.append(row | {"denominator": owed, "in_time": kept, "service_level": kept / owed})
    return found


def days(number: int = 70) -> list[dict[str, Any]]:
    """Ten weeks, one day below and one above its limits, one day missing."""
    found = []
    for i in range(number):
        day = date(2013, 6, 12) + timedelta(days=i)
        owed = 20_000 + 300 * (i % 7)
        level = 0.82 + 0.01 * (i % 7 - 3) + 0.004 * ((i * 5) % 11 - 5)
        level = {40: 0.66, 55: 0.953}.get(i, level)
        kept = round(owed * level)
        centre = 0.82 + 0.01 * (i % 7 - 3)
        row: dict[str, Any] = {"start": day.isoformat(), "offered": owed + 10, "denominator": owed, "in_time": kept}
        row |= {"service_level": kept / owed, "baseline": i < 60, "centre": centre}
        row |= {"low": centre - 0.07, "high": centre + 0.06, "signal": {40: "below", 55: "above"}.get(i)}
        if i != 30:
            found.append(row)
    return found


def curves(*kinds: str | None) -> list[dict[str, Any]]:
    """Ten steps each; a point lies exactly on 24 hours."""
    found = []
    for k, kind in enumerate(kinds):
        whole = 200 - 60 * k
        for step in range(1, 11):
            closed = whole * step // 10
            row = {"kind": kind, "elapsed_s": float(8 * 3_600 * step + k * 1_800), "closed": closed}
            found.append(row | {"share": closed / whole})
    return found


def contributions(tuesday: Report, queues: tuple[str | None, ...]) -> list[dict[str, Any]]:
    """The late calls of the day by half-hour and queue, for all calls and for the promise that was missed."""
    found = []
    for promise, target in ((None, None), (made.ORDINARY.name, 0.8)):
        halves = [(row["start"], row["denominator"], row["answered_within"]) for row in tuesday.intervals]
        known = [(start, owed, owed - kept) for start, owed, kept in halves if owed]
        total = sum(late for _, _, late in known)
        owed_by = made.split(sum(owed for _, owed, _ in known), (9, 7, 5, 4, 3, 2, 1, 1))
        late_by = made.split(total, (14, 6, 5, 2, 2, 1, 1, 0))
        groups = [*zip(queues, owed_by, late_by, strict=True)]
        for dimension, rows in (("interval", known), ("queue", groups)):
            for value, owed, late in rows:
                allowed = None if target is None else (1 - target) * owed
                row = {"promise": promise, "dimension": dimension, "value": value, "offered": owed, "owed": owed}
                row |= {"late": late, "share_of_late": late / total, "allowed": allowed}
                row |= {"above": None if allowed is None else late - allowed, "usual_offered": owed * 0.9}
                found.append(row | {"mean_handle_s": 206.4, "usual_handle_s": 198.0})
    return found
