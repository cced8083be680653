"""Promises judged: counts of what was owed and kept, the verdict, the margin, and the outlook."""

from collections.abc import Callable
from typing import Any, Final

from cc_metrics.measures import outlook, verdict
from cc_metrics.measures.shares import mean_seconds, seconds, share
from cc_metrics.model.promise import Promise
from cc_metrics.model.report import Judged, Row
from cc_metrics.reporting import answered, solved
from cc_metrics.reporting.docket import Docket, Tally

MEASURES: Final[dict[str, Callable[[Docket, Promise], Tally]]] = {
    "service_level": answered.service_level,
    "first_call_resolution": solved.first_call_resolution,
    "abandonment": answered.abandonment,
    "repeat_calls": solved.repeat_calls,
    "intervals_on_target": answered.intervals_on_target,
    "mean_wait": answered.mean_wait,
    "mean_handle": answered.mean_handle,
    "longest_wait": answered.longest_wait,
}
"""How each measure a promise may name is tallied. To add one: a function, and a line here."""


def judge(docket: Docket, promise: Promise) -> Judged:
    """One promise with its public columns."""
    return _judged(docket, promise, MEASURES[promise.measure](docket, promise))


def _judged(docket: Docket, promise: Promise, tally: Tally) -> Judged:
    decided, mean = _decided(promise, tally), promise.shape == "mean_at_most"
    stated = promise.kind == "stated"
    refused = tally.refused
    judged = not refused and (not docket.incomplete or decided.verdict == "no_data" or bool(tally.days))
    note = refused or (f"the period is not complete: {docket.incomplete}" if not judged else tally.needs)
    word: str | None = decided.verdict if judged else "not_judged"
    row: dict[str, Any] = {
        "name": promise.name,
        "measure": promise.measure,
        "where": {name: list(values) for name, values in promise.where.items()},
        "shape": promise.shape,
        "kind": promise.kind,
        "target": float(promise.target),
        "within_s": _within(promise),
        "basis": "census",
        "owed": tally.settled + tally.pending,
        "settled": tally.settled,
        "kept": None if mean else tally.kept,
        "pending": tally.pending,
        "value": mean_seconds(tally.total_ms, tally.settled) if mean else share(tally.kept, tally.settled),
        "verdict": None if stated else word,
        "margin": decided.margin if judged and not stated else None,
        "bounds": list(tally.bounds) if tally.bounds else None,
        **_outlook(promise, tally, judged=judged),
    }
    return Judged(promise, row, tally.days, note)


def _decided(promise: Promise, tally: Tally) -> verdict.Outcome:
    if promise.shape == "mean_at_most":
        return verdict.mean_at_most(tally.total_ms, tally.settled, promise.target)
    compare = verdict.at_most if promise.shape == "rate_at_most" else verdict.at_least
    return compare(tally.kept, tally.settled, promise.target)


def _within(promise: Promise) -> float | None:
    if promise.measure in ("service_level", "intervals_on_target", "longest_wait"):
        return seconds(promise.service.within_ms)
    if promise.measure in ("first_call_resolution", "repeat_calls"):
        return seconds(promise.resolution.window_ms)
    return None


def _outlook(promise: Promise, tally: Tally, *, judged: bool) -> Row:
    least = outlook.DAYS if tally.clusters == "days" else outlook.CUSTOMERS
    found = outlook.interval(tally.groups, least) if judged and tally.groups else None
    if found is None:
        return {"low": None, "high": None, "interval": None, "clusters": None, "outlook": None}
    low, high = found
    word = outlook.word(low, high, float(promise.target))
    return {
        "low": low,
        "high": high,
        "interval": tally.clusters,
        "clusters": sum(number for _, settled, number in tally.groups if settled),
        "outlook": word if promise.kind != "stated" else None,
    }
