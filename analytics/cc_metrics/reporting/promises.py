"""Promises judged: counts of what was owed and kept, the verdict, the margin, the outlook."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from cc_metrics.measures import outlook, samples, verdict
from cc_metrics.measures.shares import mean_seconds, seconds, share
from cc_metrics.model.case_terms import Backlog, ClassedWait, RepeatComplaints, Turnaround
from cc_metrics.model.deadlines import Within
from cc_metrics.model.promise import Promise, Spoken
from cc_metrics.model.report import Judged, Row
from cc_metrics.model.zones import day_start
from cc_metrics.reporting import (
    answered,
    by_calendar,
    call_volumes,
    case_attempts,
    case_bases,
    case_ratios,
    case_repeats,
    case_shares,
    compared,
    score_years,
    solved,
    surveys,
    timeliness,
    volumes,
)
from cc_metrics.reporting.docket import Docket
from cc_metrics.reporting.ledger import Ledgers
from cc_metrics.reporting.tally import Tally

OF_CALLS: Final[Mapping[str, Callable[[Docket, Promise], Tally]]] = {
    "service_level": answered.service_level,
    "first_call_resolution": solved.first_call_resolution,
    "abandonment": answered.abandonment,
    "repeat_calls": solved.repeat_calls,
    "intervals_on_target": answered.intervals_on_target,
    "mean_wait": answered.mean_wait,
    "mean_handle": answered.mean_handle,
    "longest_wait": by_calendar.longest_wait,
    "abandoned_of_offered": answered.abandoned_of_offered,
    "months_below": by_calendar.months_below,
    "call_volume": call_volumes.call_volume,
}
"""How each measure of calls that a promise may name is tallied. To add one: a function, and a line here."""

OF_CASES: Final[Mapping[str, Callable[[Ledgers, Promise], Tally]]] = {
    "turnaround": timeliness.turnaround,
    "appointment_kept": timeliness.turnaround,
    "backlog_cleared": timeliness.backlog_cleared,
    "share_of_cases": case_shares.share_of_cases,
    "months_without_cases": volumes.months_without_cases,
    "case_volume": volumes.case_volume,
    "cases_per_base": case_bases.cases_per_base,
    "share_of_base": case_bases.share_of_base,
    "mean_ratio": case_ratios.mean_ratio,
    "followed_up": case_ratios.followed_up,
    "attempts_made": case_attempts.attempts_made,
    "repeat_complaints": case_repeats.repeat_complaints,
    "satisfied": surveys.satisfied,
    "score": surveys.score,
    "score_rises": score_years.score_rises,
    "score_rank": score_years.score_rank,
}
"""The same for cases and the tables beside them."""

BESIDE: Final[Mapping[str, tuple[Spoken, ...]]] = {
    "attempts_made": ("attempts",),
    "cases_per_base": ("bases",),
}
"""Tables that a measure needs beside the one that its promises speak of."""

_BEFORE_AND_AFTER: Final = ("case_volume", "call_volume")  # they compare by themselves


@dataclass(frozen=True, slots=True)
class Evidence:
    """What promises are judged by: calls, and the tables beside them; what was not given is not there."""

    docket: Docket | None
    ledgers: Ledgers

    def missing(self, promise: Promise) -> str:
        """The first table that a promise needs and that was not given; "" where all are there."""
        needed = (promise.about, *BESIDE.get(promise.measure, ()))
        given = (*(["calls"] if self.docket else []), *self.ledgers.of)
        return next((name for name in needed if name not in given), "")

    def incomplete(self, promise: Promise) -> str:
        """Why the data do not cover the promise's period; "" where they do."""
        if promise.about == "calls":
            return self.docket.incomplete if self.docket else ""
        return self.ledgers.of[promise.about].judged.incomplete

    def since(self, promise: Promise) -> "tuple[Evidence, Evidence]":
        """The same before the day that a promise names, and from it on."""
        if promise.since is None:
            return self, self
        before, after = self.ledgers.since(promise.since)
        if self.docket is None:
            return Evidence(None, before), Evidence(None, after)
        scope = self.docket.scope
        edge = day_start(promise.since, scope.opened.offsets)
        parts = [replace(scope, period=part) for part in scope.period.cut(edge)]
        dockets = [replace(self.docket, scope=part) for part in parts]
        return Evidence(dockets[0], before), Evidence(dockets[1], after)


def judge(evidence: Evidence, promise: Promise) -> Judged:
    """One promise with its public columns."""
    missing = evidence.missing(promise)
    if missing:
        given = "calls" if missing == "calls" else f"{missing} (--cases FILE)"
        return _judged(promise, Tally(0, 0, needs=f"no {missing} were given; give {given}"), "")
    if promise.since is None or promise.measure in _BEFORE_AND_AFTER:
        return _judged(promise, _tally(evidence, promise), evidence.incomplete(promise))
    before, after = (_tally(part, promise) for part in evidence.since(promise))
    said = compared.difference(promise, before, after)
    return _judged(promise, replace(after, beside=(*after.beside, *said)), evidence.incomplete(promise))


def _tally(evidence: Evidence, promise: Promise) -> Tally:
    if promise.measure in OF_CASES:
        return OF_CASES[promise.measure](evidence.ledgers, promise)
    if evidence.docket is None:
        return Tally(0, 0)
    return OF_CALLS[promise.measure](evidence.docket, promise)


def _judged(promise: Promise, tally: Tally, incomplete: str) -> Judged:
    decided = _decided(promise, tally)
    stated, refused = promise.kind == "stated", tally.refused
    few = f"only {tally.settled:,} answered: no verdict below {samples.FEWEST}" if decided is None else ""
    judged = not (refused or few) and (not incomplete or _settled_alone(decided, tally))
    note = refused or few or (f"the period is not complete: {incomplete}" if not judged else tally.needs)
    mean = promise.shape in ("mean_at_most", "mean_at_least")
    row: dict[str, Any] = {
        "name": promise.name,
        "measure": promise.measure,
        "where": _where(promise),
        "shape": promise.shape,
        "kind": promise.kind,
        "target": float(promise.target),
        "within_s": _within(promise),
        "basis": tally.basis,
        "owed": tally.settled + tally.pending,
        "settled": tally.settled,
        "kept": None if mean else tally.kept,
        "pending": tally.pending,
        "value": _value(promise, tally),
        "verdict": None if stated else decided.verdict if decided and judged else "not_judged",
        "margin": decided.margin if decided and judged and not stated else None,
        "bounds": list(tally.bounds) if tally.bounds else None,
        **_outlook(promise, tally, judged=judged),
    }
    return Judged(promise, row, tally.days, note, tally.beside)


def _settled_alone(decided: verdict.Outcome | None, tally: Tally) -> bool:
    """Whether a verdict stands although the data do not cover the period."""
    return bool(tally.days) or (decided is not None and decided.verdict == "no_data")


def _value(promise: Promise, tally: Tally) -> float | None:
    if promise.shape == "mean_at_most":
        return mean_seconds(tally.total_ms, tally.settled)
    return tally.value if promise.shape == "mean_at_least" else share(tally.kept, tally.settled)


def _where(promise: Promise) -> dict[str, Any]:
    """The conditions of a promise; those of another kind than equal stand under their own names."""
    found: dict[str, Any] = {name: list(values) for name, values in promise.where.items()}
    if promise.where_not:
        found["not"] = {name: list(values) for name, values in promise.where_not.items()}
    if promise.where_differ:
        found["differ"] = dict(promise.where_differ)
    return found


def _decided(promise: Promise, tally: Tally) -> verdict.Outcome | None:
    """The verdict; None for a sample that is too small for one."""
    if tally.basis == "sample" and tally.settled:
        if tally.settled < samples.FEWEST or tally.interval is None:
            return None
        compare = samples.sample_verdict_at_most if promise.shape == "rate_at_most" else samples.sample_verdict
        word = compare(*tally.interval, promise.target, tally.settled)
        return None if word is None else verdict.Outcome(word, None)
    if promise.shape == "mean_at_most":
        return verdict.mean_at_most(tally.total_ms, tally.settled, promise.target)
    if promise.shape == "mean_at_least":
        return verdict.mean_at_least(tally.value, tally.settled, promise.target)
    if promise.shape == "rate_at_most":
        return verdict.at_most(tally.kept, tally.settled, promise.target, strict=promise.strict)
    return verdict.at_least(tally.kept, tally.settled, promise.target)


def _within(promise: Promise) -> float | None:
    terms = promise.terms
    if isinstance(terms, Turnaround):
        return seconds(terms.deadline.length_ms) if isinstance(terms.deadline, Within) else None
    if isinstance(terms, Backlog):
        return seconds(terms.within_ms)
    if isinstance(terms, RepeatComplaints):
        return seconds(terms.window_ms)
    waits = ("service_level", "intervals_on_target", "longest_wait", "months_below")
    if promise.measure in waits and not isinstance(terms, ClassedWait):
        return seconds(promise.service.within_ms)
    if promise.measure in ("first_call_resolution", "repeat_calls"):
        return seconds(promise.resolution.window_ms)
    return None


def _outlook(promise: Promise, tally: Tally, *, judged: bool) -> Row:
    if tally.interval is not None:
        low, high = tally.interval
        return {"low": low, "high": high, "interval": tally.clusters, "clusters": None, "outlook": None}
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
