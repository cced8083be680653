"""Promises judged: counts of what was owed and kept, the verdict, the margin, the outlook."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from cc_metrics.language import Said, said
from cc_metrics.measures import outlook, verdict
from cc_metrics.measures.shares import mean_seconds, seconds, share
from cc_metrics.model.promise import Promise
from cc_metrics.model.report import Judged, Row
from cc_metrics.model.table import things
from cc_metrics.model.zones import day_start
from cc_metrics.reporting.docket import Docket
from cc_metrics.reporting.registry import BEFORE_AND_AFTER, BESIDE, OF_CASES, tallying
from cc_metrics.reporting.tally import Tally

if TYPE_CHECKING:
    from cc_metrics.reporting.ledger import Ledgers


@dataclass(frozen=True, slots=True)
class Evidence:
    """What promises are judged by: calls, and the tables beside them; what was not given is not there."""

    docket: Docket | None
    ledgers: "Ledgers | None" = None

    def missing(self, promise: Promise) -> str:
        """The first table that a promise needs and that was not given; "" where all are there."""
        needed = (promise.about, *BESIDE.get(promise.measure, ()))
        given = (*(["calls"] if self.docket else []), *(self.ledgers.of if self.ledgers else ()))
        return next((name for name in needed if name not in given), "")

    def incomplete(self, promise: Promise) -> str:
        """Why the data do not cover the promise's period; "" where they do."""
        if self.docket and promise.about == "calls":
            return self.docket.incomplete
        return self.ledgers.of[promise.about].judged.incomplete if self.ledgers else ""

    def since(self, promise: Promise) -> "tuple[Evidence, Evidence]":
        """The same before the day that a promise names, and from it on."""
        if promise.since is None:
            return self, self
        before, after = self.ledgers.since(promise.since) if self.ledgers else (None, None)
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
        return _judged(promise, Tally(0, 0, needs=_not_given(missing)), "")
    if promise.since is None or promise.measure in BEFORE_AND_AFTER:
        return _judged(promise, _tally(evidence, promise), evidence.incomplete(promise))
    from cc_metrics.reporting import compared

    before, after = (_tally(part, promise) for part in evidence.since(promise))
    beside = (*after.beside, *compared.difference(promise, before, after))
    return _judged(promise, replace(after, beside=beside), evidence.incomplete(promise))


def _not_given(table: str) -> Said:
    if table == "calls":
        return said("no calls were given; give calls")
    return said("no {things} were given; give {things} (--cases FILE)", things=things(table))


def _tally(evidence: Evidence, promise: Promise) -> Tally:
    given = evidence.ledgers if promise.measure in OF_CASES else evidence.docket
    return tallying(promise.measure)(given, promise)


def _judged(promise: Promise, tally: Tally, incomplete: str) -> Judged:
    decided = _decided(promise, tally)
    stated, refused = promise.kind == "stated", tally.refused
    few: str = ""
    if decided is None:
        few = said("only {n:,} answered: no verdict below {fewest}", n=tally.settled, fewest=verdict.FEWEST)
    judged = not (refused or few) and (not incomplete or _settled_alone(decided, tally))
    short = said("the period is not complete: {missing}", missing=incomplete)
    note = refused or few or (tally.needs if judged else short)
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
        "note": note or None,
        "beside": list(tally.beside),
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
        if tally.settled < verdict.FEWEST or tally.interval is None:
            return None
        from cc_metrics.measures import samples

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
    if promise.terms is not None:
        from cc_metrics.model.case_terms import within_ms

        length_ms = within_ms(promise.terms)
    elif promise.measure in ("first_call_resolution", "repeat_calls"):
        length_ms = promise.resolution.window_ms
    else:
        of_service = promise.measure in ("service_level", "intervals_on_target", "longest_wait")
        length_ms = promise.service.within_ms if of_service else None
    if promise.measure == "months_below":
        length_ms = promise.service.within_ms
    return None if length_ms is None else seconds(length_ms)


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
