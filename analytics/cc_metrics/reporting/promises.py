"""Promises judged: counts of what was owed and kept, the verdict, the margin, and the outlook."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, Final

from cc_metrics.measures import outlook, service_level, traffic, verdict
from cc_metrics.measures.shares import seconds, share
from cc_metrics.model.calls import OUTCOMES
from cc_metrics.model.durations import spoken
from cc_metrics.model.promise import Promise
from cc_metrics.model.report import Judged, Row
from cc_metrics.model.zones import day_start
from cc_metrics.reporting.resolution import LEAST_COVERAGE, Resolved, days_text
from cc_metrics.reporting.tables import Scope


@dataclass(frozen=True, slots=True)
class Docket:
    """What promises are judged by: the calls in scope, FCR when there are calls, whether the data cover the period."""

    scope: Scope
    resolved: Resolved | None
    incomplete: str
    as_of_ms: int


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts behind a verdict. *refused* says why there is none, *needs* what must be known beside it.

    *days* names the settled days that the counts are of.
    """

    kept: int
    settled: int
    pending: int = 0
    refused: str = ""
    bounds: tuple[float, float] | None = None
    groups: Sequence[outlook.Group] = ()
    clusters: str | None = None
    days: str = ""
    needs: str = ""


def judge(docket: Docket, promise: Promise) -> Judged:
    """One promise with its public columns."""
    return _judged(docket, promise, MEASURES[promise.measure](docket, promise))


def conditions(scope: Scope, promise: Promise) -> list[str]:
    """SQL conditions of a promise's calls; one that names no channel means voice."""
    where = scope.opened.condition(promise.where)
    return [*scope.conditions, *where, *([] if "channel" in promise.where else scope.opened.voice())]


def net(scope: Scope, promise: Promise) -> list[str]:
    """Conditions that leave out the contacts which the policy names as not resolvable at first contact."""
    found = []
    for name, values in promise.resolution.not_resolvable.items():
        [taken] = scope.opened.condition({name: values})
        found.append(f"NOT coalesce({taken}, FALSE)")
    return found


def _service_level(docket: Docket, promise: Promise) -> Tally:
    scope, terms = docket.scope, promise.service
    needs = service_level.needs(terms)
    days = scope.opened.roll_up(needs, (), "1d", scope.period, conditions(scope, promise))
    if any(day["without_wait"] for day in days):
        return Tally(0, 0, refused="the source records no waits")
    parts = [service_level.share_parts(day, terms, terms.formula) for day in days]
    kept, owed = sum(k for k, _ in parts), sum(o for _, o in parts)
    refused, bounds = _unrecorded(docket, promise, kept, owed)
    return Tally(kept, owed, 0, refused, bounds, [(k, o, 1) for k, o in parts], "days")


def _unrecorded(docket: Docket, promise: Promise, kept: int, owed: int) -> tuple[str, tuple[float, float] | None]:
    """Whether the calls whose dimension is not recorded forbid a verdict, with the bounds they leave."""
    for dimension in (d for d in promise.where if d != "channel"):
        found = unrecorded(docket.scope, dimension, promise)
        if found.share is not None and (found.differs or found.too_many):
            percent = 100 * float(found.share)
            return f"{dimension} is not recorded for {percent:.1f} % of the calls", found.bounds(kept, owed)
    return "", None


def unrecorded(scope: Scope, dimension: str, promise: Promise) -> verdict.Unrecorded:
    """Calls of the period (and the promise's channel) with and without a dimension recorded."""
    others = {d: v for d, v in promise.where.items() if d != dimension}
    chosen = conditions(scope, replace(promise, where={**others}))
    column = scope.opened.dimensions[dimension]
    terms = promise.service
    groups = []
    for recorded in (f"{column} IS NULL", f"{column} IS NOT NULL"):
        rows = scope.opened.roll_up(service_level.needs(terms), (), "all", scope.period, [*chosen, recorded])
        offered = sum(rows[0][word] for word in OUTCOMES) if rows else 0
        kept, owed = service_level.share_parts(rows[0], terms, terms.formula) if rows else (0, 0)
        groups.append(verdict.Group(offered, kept, owed))
    return verdict.Unrecorded(*groups)


def _intervals_on_target(docket: Docket, promise: Promise) -> Tally:
    scope, terms = docket.scope, promise.service
    needs = service_level.needs(terms)
    chosen = conditions(scope, promise)
    rows = scope.opened.roll_up(needs, (), promise.every, scope.period, chosen)
    if any(row["without_wait"] for row in rows):
        return Tally(0, 0, refused="the source records no waits")
    parts = [service_level.share_parts(row, terms, terms.formula) for row in rows]
    owed = [(kept, whole) for kept, whole in parts if whole]
    reached = sum(Fraction(kept, whole) >= promise.each for kept, whole in owed)
    return Tally(reached, len(owed))


def _abandonment(docket: Docket, promise: Promise) -> Tally:
    scope, terms = docket.scope, promise.service
    needs = service_level.needs(terms) | traffic.needs(terms)
    days = scope.opened.roll_up(needs, (), "1d", scope.period, conditions(scope, promise))
    floor = terms.short_abandon_ms > 0
    if floor and any(day["without_wait"] for day in days):
        return Tally(0, 0, refused="the source records no waits, so short abandons are not known")
    parts = [traffic.abandonment_parts(day, terms, floor=floor) for day in days]
    kept, owed = sum(k for k, _ in parts), sum(o for _, o in parts)
    refused, _ = _unrecorded(docket, promise, kept, owed)
    floored = f"abandons within {spoken(terms.short_abandon_ms)} left out" if floor else ""
    return Tally(kept, owed, 0, refused, None, [(k, o, 1) for k, o in parts], "days", needs=floored)


def _first_call_resolution(docket: Docket, promise: Promise) -> Tally:
    terms = promise.resolution
    if terms.basis == "flag":
        return _flagged(docket, promise)
    if docket.resolved is None:
        return Tally(0, 0, refused="summaries hold no repeats; give the calls themselves")
    resolved = docket.resolved
    chosen = [*conditions(docket.scope, promise), *net(docket.scope, promise)]
    known, answered = resolved.coverage(terms, chosen)
    counted = resolved.count(terms, (), "all")
    found = resolved.settled(counted, terms, chosen, docket.as_of_ms)
    refused = ""
    if answered and known < LEAST_COVERAGE * answered:
        refused = f"only {100 * known / answered:.0f} % of the answered calls have a known customer"
    part = "" if found.whole or not found.days else days_text(found.days)
    groups = resolved.customers_of(terms, promise) if _in_period(docket, found.days) else ()
    kept, settled = found.counts["resolved"], found.counts["eligible"]
    pending = found.counts["too_recent"]
    needs = _gross(docket, promise, found.days) if settled else _too_early(found.counts, terms.window_ms)
    return Tally(kept, settled, pending, refused, None, groups, "customers", part, needs)


def _gross(docket: Docket, promise: Promise, days: Sequence[date]) -> str:
    """The share over all contacts, where the promise leaves out those that cannot be solved at first contact."""
    if docket.resolved is None or not promise.resolution.not_resolvable:
        return ""
    counts = docket.resolved.of_days(promise.resolution, conditions(docket.scope, promise), days)
    return f"net of what cannot be solved at once; gross {_percent(counts)} of {counts['eligible']:,}"


def _percent(counts: Mapping[str, int]) -> str:
    value = share(counts["resolved"], counts["eligible"])
    return "none" if value is None else f"{100 * value:.1f} %"


def _in_period(docket: Docket, days: Sequence[date]) -> bool:
    return bool(days) and day_start(days[0], docket.scope.opened.offsets) >= docket.scope.period.from_ms


def _too_early(counts: Mapping[str, int], window_ms: int) -> str:
    if not counts["with_key"]:
        return ""
    window = spoken(window_ms)
    return f"too early: no window of {window} is closed; give the calls of the {window} after it too"


def _flagged(docket: Docket, promise: Promise) -> Tally:
    scope = docket.scope
    needs = {
        "kept": "CAST(coalesce(sum(resolved) FILTER (WHERE outcome = 'answered'), 0) AS BIGINT)",
        "settled": "CAST(coalesce(sum(resolved_n) FILTER (WHERE outcome = 'answered'), 0) AS BIGINT)",
    }
    days = scope.opened.roll_up(needs, (), "1d", scope.period, conditions(scope, promise))
    groups = [(d["kept"], d["settled"], 1) for d in days]
    return Tally(sum(d["kept"] for d in days), sum(d["settled"] for d in days), 0, "", None, groups, "days")


def _repeat_calls(docket: Docket, promise: Promise) -> Tally:
    if docket.resolved is None:
        return Tally(0, 0, refused="summaries hold no repeats; give the calls themselves")
    often, known = docket.resolved.repeats(promise.resolution, conditions(docket.scope, promise))
    return Tally(often, known)


MEASURES: Final[dict[str, Callable[[Docket, Promise], Tally]]] = {
    "service_level": _service_level,
    "first_call_resolution": _first_call_resolution,
    "abandonment": _abandonment,
    "repeat_calls": _repeat_calls,
    "intervals_on_target": _intervals_on_target,
}
"""How each measure a promise may name is tallied. To add one: a function, and a line here."""


def _judged(docket: Docket, promise: Promise, tally: Tally) -> Judged:
    decided = (verdict.at_most if promise.shape == "rate_at_most" else verdict.at_least)(
        tally.kept, tally.settled, promise.target
    )
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
        "kept": tally.kept,
        "pending": tally.pending,
        "value": share(tally.kept, tally.settled),
        "verdict": None if stated else word,
        "margin": decided.margin if judged and not stated else None,
        "bounds": list(tally.bounds) if tally.bounds else None,
        **_outlook(promise, tally, judged=judged),
    }
    return Judged(promise, row, tally.days, note)


def _within(promise: Promise) -> float | None:
    if promise.measure in ("service_level", "intervals_on_target"):
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
