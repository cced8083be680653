"""First-call resolution as a report asks for it: once for each set of terms of its policy and promises."""

from collections.abc import Sequence
from dataclasses import replace

from cc_metrics.measures.coverage import Coverage
from cc_metrics.model.promise import Policy
from cc_metrics.model.report import Row
from cc_metrics.model.zones import day_start
from cc_metrics.reporting import flags, solved, tables
from cc_metrics.reporting.request import Request
from cc_metrics.reporting.resolution import Resolved, watch


def over(scope: tables.Scope, coverage: Coverage | None, as_of_ms: int, wanted: Sequence[str]) -> Resolved | None:
    """First-call resolution over the calls in scope; None when there are none, or only summaries."""
    opened = scope.opened
    if coverage is None or opened.calls is None:
        return None
    kept = opened.carried
    days, whole_ms = (kept.known, day_start(kept.whole, opened.offsets)) if kept else (opened.days(), None)
    watched = watch(days, coverage, as_of_ms, opened.offsets, whole_ms)
    columns = list(dict.fromkeys(opened.dimensions[name] for name in wanted))
    return Resolved(scope, opened.resolution(watched, columns))


def asked_for(
    scope: tables.Scope, policy: Policy, request: Request, coverage: Coverage | None, as_of_ms: int
) -> Resolved | None:
    """First-call resolution, counted once for each set of terms that is asked for."""
    resolved = over(scope, coverage, as_of_ms, ("channel", *request.by, *request.where, *policy.dimensions()))
    if resolved is None:
        return None
    asked = [p for p in policy.promises if p.measure == "first_call_resolution" and p.resolution.basis == "repeat"]
    for promise in asked:
        resolved.expect(promise, solved.chosen(scope, promise))
    for terms in (policy.resolution, *(p.resolution for p in asked)):
        resolved.count(terms, request.by, request.every)
    return resolved


def rows_of(scope: tables.Scope, resolved: Resolved | None, policy: Policy, request: Request) -> tuple[Row, ...]:
    """A row for each set of terms and group: by repeats where there are calls, then by the source's own word."""
    rows: list[Row] = []
    asked = [policy.resolution, *(p.resolution for p in policy.promises if p.measure == "first_call_resolution")]
    for terms in dict.fromkeys(replace(t, not_resolvable={}) for t in asked) if resolved else ():
        if resolved and terms.basis == "repeat":
            rows += resolved.rows(terms, request.by, request.every)
    rows += flags.flag_rows(scope, request.by, request.every)
    return tuple(rows)
