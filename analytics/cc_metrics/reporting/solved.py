"""Tallies of promises on first-call resolution and repeat calls."""

from collections.abc import Mapping, Sequence
from datetime import date

from cc_metrics.language import said
from cc_metrics.measures.shares import share
from cc_metrics.model.durations import spoken
from cc_metrics.model.promise import Promise
from cc_metrics.model.zones import day_start
from cc_metrics.reporting.docket import Docket, conditions
from cc_metrics.reporting.latest import days_text
from cc_metrics.reporting.resolution import LEAST_COVERAGE
from cc_metrics.reporting.tables import Scope
from cc_metrics.reporting.tally import Tally


def _net(scope: Scope, promise: Promise) -> list[str]:
    """Conditions that leave out the contacts which the policy names as not resolvable at first contact."""
    found = []
    for name, values in promise.resolution.not_resolvable.items():
        [taken] = scope.opened.condition({name: values})
        found.append(f"NOT coalesce({taken}, FALSE)")
    return found


def chosen(scope: Scope, promise: Promise) -> list[str]:
    """Conditions of the contacts that a promise on first-call resolution is judged by."""
    return [*conditions(scope, promise), *_net(scope, promise)]


def first_call_resolution(docket: Docket, promise: Promise) -> Tally:
    terms = promise.resolution
    if terms.basis == "flag":
        return _flagged(docket, promise)
    if docket.resolved is None:
        return Tally(0, 0, refused=said("summaries and counts hold no repeats; give the calls themselves"))
    resolved, judged_by = docket.resolved, chosen(docket.scope, promise)
    known, answered = resolved.coverage(terms, judged_by)
    counted = resolved.count(terms, (), "all")
    found = resolved.settled(counted, terms, judged_by, docket.as_of_ms)
    refused: str = ""
    if answered and known < LEAST_COVERAGE * answered:
        share_known = 100 * known / answered
        refused = said("only {share:.0f} % of the answered calls have a known customer", share=share_known)
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
    earlier = () if _in_period(docket, days) else days
    counts = docket.resolved.all_of(promise.resolution, conditions(docket.scope, promise), earlier)
    value, number = share(counts["resolved"], counts["eligible"]), counts["eligible"]
    if value is None:
        return said("net of what cannot be solved at once; gross none of {n:,}", n=number)
    return said("net of what cannot be solved at once; gross {share:.1f} % of {n:,}", share=100 * value, n=number)


def _in_period(docket: Docket, days: Sequence[date]) -> bool:
    return bool(days) and day_start(days[0], docket.scope.opened.offsets) >= docket.scope.period.from_ms


def _too_early(counts: Mapping[str, int], window_ms: int) -> str:
    if not counts["with_key"]:
        return ""
    return said(
        "too early: no window of {window} is closed; give the calls of the {window} after it too",
        window=spoken(window_ms),
    )


def _flagged(docket: Docket, promise: Promise) -> Tally:
    scope = docket.scope
    needs = {
        "kept": "CAST(coalesce(sum(resolved) FILTER (WHERE outcome = 'answered'), 0) AS BIGINT)",
        "settled": "CAST(coalesce(sum(resolved_n) FILTER (WHERE outcome = 'answered'), 0) AS BIGINT)",
    }
    days = scope.opened.roll_up(needs, (), "1d", scope.period, conditions(scope, promise))
    groups = [(d["kept"], d["settled"], 1) for d in days]
    return Tally(sum(d["kept"] for d in days), sum(d["settled"] for d in days), 0, "", None, groups, "days")


def repeat_calls(docket: Docket, promise: Promise) -> Tally:
    if docket.resolved is None:
        return Tally(0, 0, refused=said("summaries hold no repeats; give the calls themselves"))
    often, known = docket.resolved.repeats(promise.resolution, conditions(docket.scope, promise))
    return Tally(often, known)
