"""Files, policy and period in, a Report out: the one place where everything below comes together."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cc_metrics.errors import UsageError
from cc_metrics.language import said, series
from cc_metrics.measures.coverage import Coverage, cover
from cc_metrics.model.intervals import check_every
from cc_metrics.model.promise import Policy, ResolutionTerms
from cc_metrics.model.report import Asked, Caution, Report, Row
from cc_metrics.reporting import (
    carried,
    cautions,
    latest,
    period,
    pictures,
    promises,
    resolving,
    tables,
    why,
)
from cc_metrics.reporting.accounts import accounting, check_rejected, check_told, check_where
from cc_metrics.reporting.background import Background
from cc_metrics.reporting.docket import Docket
from cc_metrics.reporting.period import Span
from cc_metrics.reporting.request import Request
from cc_metrics.store import lists
from cc_metrics.store.opened import Opened

if TYPE_CHECKING:
    from cc_metrics.store.opened_cases import OpenedCases

__all__ = [
    "Background",
    "Request",
    "Span",
    "accounting",
    "build",
    "calls",
    "check_rejected",
    "check_where",
    "dimensions",
    "first_call_resolution",
    "turnaround",
    "warnings",
    "write_late",
    "write_rejected",
]

_ENOUGH: Final = 200  # calls from which an unrecorded tier is worth a word to who has not asked for tiers
_CLOSED: Final = 6  # days that a note names


def dimensions(request: Request, policy: Policy) -> tuple[str, ...]:
    """The dimensions to count beyond the usual ones."""
    return tuple(dict.fromkeys((*request.by, *request.where, *policy.dimensions())))


def build(
    opened: Opened | None,
    policy: Policy,
    request: Request,
    beside: "Sequence[OpenedCases]" = (),
    background: Background | None = None,
) -> Report:
    """The report on calls, and on the cases and tables *beside* them; None where there are no calls.

    *background* is what else is known: earlier days, and what was planned.

    Raises:
        UsageError: an option that cannot be meant, or nothing to report on.
    """
    check_every(request.every)
    check_where((*([opened] if opened else []), *beside), request.where)
    background = background or Background()
    if not beside:
        if opened is None:
            raise UsageError("nothing was given to report on", hint="name calls or --cases FILE")
        found, docket = _on_calls(opened, policy, request, background)
        return _judged(found, promises.Evidence(docket), request, background)
    from cc_metrics.reporting import beside as others

    ledgers = others.ledgers_of(beside, request)
    if opened is None:
        found, evidence = others.alone(ledgers, policy, request), promises.Evidence(None, ledgers)
    else:
        found, docket = _on_calls(opened, policy, request.narrowed(opened.dimensions), background)
        evidence = promises.Evidence(docket, ledgers)
    return others.added(_judged(found, evidence, request, background), ledgers, policy, request)


def _judged(report: Report, evidence: promises.Evidence, request: Request, background: Background) -> Report:
    found = replace(report, promises=tuple(promises.judge(evidence, one) for one in report.policy.promises))
    return why.added(found, evidence.docket, request, background) if evidence.docket else found


def _on_calls(opened: Opened, policy: Policy, request: Request, background: Background) -> tuple[Report, Docket]:
    """What a report says of its calls, and what promises on them are judged by."""
    scope, judged, coverage = _scope(opened, policy, request)
    resolved = resolving.asked_for(scope, policy, request, coverage, judged.as_of_ms)
    docket = Docket(scope, resolved, judged.incomplete, judged.as_of_ms)
    known = latest.latest_row(resolved, policy.resolution, judged.as_of_ms) if resolved else None
    total = tables.total(scope)
    undivided = not request.by and request.every == "all" and any(row["answered"] or row["offered"] for row in total)
    told = carried.lately(opened, coverage)
    found = Report(
        head=period.head(judged, opened.offsets, opened.zone),
        asked=Asked(request.by, request.every, request.where),
        policy=replace(policy, service=scope.terms),
        accounting=accounting(opened),
        total=total,
        calls=total if undivided else tables.calls(scope, request.by, request.every),
        intervals=() if opened.cuts("30m") else tables.calls(scope, (), "30m"),
        reasons=tables.reasons(scope),
        first_call_resolution=resolving.rows_of(scope, resolved, policy, request),
        latest=(known,) if known else (),
        warnings=cautions.cautions(scope, policy, told, request.by),
        notes=(
            *_notes(opened, policy, told),
            *carried.notes(opened, policy),
            *(resolved.never_answered() if resolved else ()),
        ),
    )
    return replace(found, **pictures.of_calls(docket, policy, request, background)), docket


def _scope(opened: Opened, policy: Policy, request: Request) -> tuple[tables.Scope, period.Judged, Coverage | None]:
    """Which calls are spoken of: terms, period and conditions, and what the data cover."""
    terms = request.terms(policy)
    check_told(opened, request, terms)
    days = opened.days()
    coverage = cover(opened.observed(), opened.offsets, policy.closed, policy.open_hours, policy.calendar)
    own = coverage.since(days[0].day) if coverage and opened.carried else coverage
    judged = period.judge(request.span, days, own, opened.offsets, opened.zone)
    chosen = tuple(opened.condition(request.where))
    return tables.Scope(opened, judged.period, chosen, terms, opened.several_channels()), judged, coverage


def warnings(opened: "Opened | OpenedCases") -> tuple[Caution, ...]:
    """What a report would warn of, whatever the policy: the rows, the days, the sense of it all."""
    policy = opened.policy
    if not isinstance(opened, Opened):
        return tuple(cautions.of_cases(opened, policy))
    scope, _, coverage = _scope(opened, policy, Request())
    asked = ("tier",) if opened.account.accepted >= _ENOUGH else ()
    return cautions.cautions(scope, policy, coverage, asked)


def calls(opened: Opened, policy: Policy, request: Request) -> tuple[Row, ...]:
    """The breakdown alone."""
    check_where((opened,), request.where)
    return tables.calls(_scope(opened, policy, request)[0], request.by, check_every(request.every))


def first_call_resolution(opened: Opened, policy: Policy, request: Request, terms: ResolutionTerms) -> tuple[Row, ...]:
    """First-call resolution alone, by terms of the caller's.

    Raises:
        UsageError: summaries were given, which hold no repeats.
    """
    check_every(request.every)
    check_where((opened,), request.where)
    scope, judged, coverage = _scope(opened, policy, request)
    wanted = ("channel", *request.by, *request.where)
    resolved = resolving.over(scope, coverage, judged.as_of_ms, wanted)
    if resolved is None:
        raise UsageError("summaries hold no repeats", hint="give the calls themselves")
    return resolved.rows(terms, request.by, request.every)


def write_rejected(given: lists.Read, path: Path) -> int:
    """Write file, line, reason and text of every rejected row as CSV; how many there were."""
    return lists.rejected(given, path)


def write_late(
    opened: Opened | None, policy: Policy, request: Request, path: Path, beside: "Sequence[OpenedCases]" = ()
) -> int:
    """Write the calls behind the number, late and lost, and the cases past a deadline, as CSV; how many there were."""
    from cc_metrics.store import late

    found = []
    if opened is not None:
        own = request.narrowed(opened.dimensions) if beside else request
        scope, judged, _ = _scope(opened, policy, own)
        names = {name: opened.column(name) for name in opened.dimensions}
        found.append(late.calls(opened, scope.conditions, judged.period, scope.terms, names))
    if beside:
        from cc_metrics.reporting import beside as others

        found += others.late_lists(beside, policy, request)
    return late.save(path, found)


def turnaround(opened: "OpenedCases", policy: Policy, request: Request) -> tuple[Row, ...]:
    """Turnaround alone, by the dimensions asked for."""
    from cc_metrics.reporting import beside

    return beside.turnaround(opened, policy, request)


def _notes(opened: Opened, policy: Policy, coverage: Coverage | None) -> tuple[str, ...]:
    found = []
    for name, values in policy.resolution.not_resolvable.items():
        found.append(
            said(
                "promises on first-call resolution are net: calls of {column} {values} are left out, tables hold all",
                column=name,
                values=series(values),
            )
        )
    if opened.written:
        found.append(
            said("times are taken as written: no zone is named, so clock changes cannot be seen (--tz names one)")
        )
    if coverage is not None and coverage.closed:
        closed = [said("{day} ({cause})", day=day.isoformat(), cause=cause) for day, cause in coverage.closed.items()]
        days = series(closed[:_CLOSED])
        more = bool(closed[_CLOSED:])
        found.append(
            said("taken as closed: {days} ...", days=days) if more else said("taken as closed: {days}", days=days)
        )
    return tuple(found)
