"""Files, policy and period in, a Report out: the one place where everything below comes together."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cc_metrics.errors import DataError, UsageError, nearest
from cc_metrics.measures.coverage import Coverage, cover
from cc_metrics.model import zones
from cc_metrics.model.cases import CASES
from cc_metrics.model.intervals import check_every
from cc_metrics.model.promise import FORMULAS, Policy, ResolutionTerms, ServiceTerms
from cc_metrics.model.report import Accounting, Asked, Report, Row
from cc_metrics.reporting import (
    case_tables,
    cautions,
    flags,
    latest,
    period,
    promises,
    resolution,
    solved,
    tables,
    timeliness,
)
from cc_metrics.reporting.docket import Docket
from cc_metrics.reporting.ledger import Ledgers, ledger
from cc_metrics.reporting.period import Span
from cc_metrics.store import late, lists
from cc_metrics.store.opened import Opened
from cc_metrics.store.opened_cases import OpenedCases

__all__ = [
    "Request",
    "Span",
    "accounting",
    "build",
    "calls",
    "check_rejected",
    "dimensions",
    "first_call_resolution",
    "turnaround",
    "write_late",
    "write_rejected",
]


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a report. *service* overrides the policy's terms in the tables, never in promises."""

    by: tuple[str, ...] = ()
    every: str = "all"
    within_ms: int | None = None
    formula: str | None = None
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    span: Span = field(default_factory=Span)

    def narrowed(self, known: Collection[str]) -> "Request":
        """The same without the dimensions that a table does not have."""
        where = {name: values for name, values in self.where.items() if name in known}
        return replace(self, by=tuple(name for name in self.by if name in known), where=where)

    def terms(self, policy: Policy) -> ServiceTerms:
        """The terms of the tables.

        Raises:
            UsageError: an unknown formula, or a threshold that is no whole second.
        """
        terms = policy.service
        if self.formula is not None:
            if self.formula not in FORMULAS:
                raise UsageError(f"no formula is called {self.formula!r}", hint=nearest(self.formula, FORMULAS))
            terms = replace(terms, formula=self.formula)
        if self.within_ms is not None:
            terms = replace(terms, within_ms=self.within_ms)
        if terms.within_ms % 1000 or terms.short_abandon_ms % 1000:
            raise UsageError("a threshold is a whole number of seconds", hint="waits are counted by whole seconds")
        return terms


def dimensions(request: Request, policy: Policy) -> tuple[str, ...]:
    """The dimensions to count beyond the usual ones."""
    return tuple(dict.fromkeys((*request.by, *request.where, *policy.dimensions())))


def check_rejected(opened: Opened | OpenedCases, most: float) -> None:
    """Stop when more rows were rejected than are allowed.

    Raises:
        DataError: more than *most* of the rows read.
    """
    account = opened.account
    rejected = sum(account.rejected.values())
    if account.read and rejected > most * account.read:
        worst = sorted(account.rejected, key=lambda reason: -account.rejected[reason])[:3]
        raise DataError(
            f"{rejected:,} of {account.read:,} rows were rejected ({100 * rejected / account.read:.1f} %, at most "
            f"{100 * most:g} % are allowed): {', '.join(f'{account.rejected[r]:,} {r}' for r in worst)}",
            where=opened.names[0] if len(opened.names) == 1 else f"{len(opened.names)} files",
            hint="see them with --rejected FILE; a wrong --mapping is the usual cause; --max-rejected allows more",
        )


def build(opened: Opened | None, policy: Policy, request: Request, beside: Sequence[OpenedCases] = ()) -> Report:
    """The report on calls, and on the cases and tables *beside* them; None where there are no calls.

    Raises:
        UsageError: an option that cannot be meant, or nothing to report on.
    """
    check_every(request.every)
    if opened is None and not beside:
        raise UsageError("nothing was given to report on", hint="name calls or --cases FILE")
    _check_where((*([opened] if opened else []), *beside), request)
    ledgers = Ledgers({found.kind.name: ledger(found, request.span, request.where) for found in beside})
    own = request.narrowed(opened.dimensions) if opened and beside else request
    found, docket = _on_calls(opened, policy, own) if opened else (_on_cases(ledgers, policy, request), None)
    evidence = promises.Evidence(docket, ledgers)
    return replace(
        found,
        asked=Asked(request.by, request.every, request.where),
        promises=tuple(promises.judge(evidence, promise) for promise in policy.promises),
        **case_tables.tables(ledgers, policy, request.by, request.every),
        beside={name: accounting(one.opened) for name, one in ledgers.of.items()},
        warnings=(*found.warnings, *(c for one in ledgers.of.values() for c in cautions.of_cases(one, policy))),
    )


def _on_cases(ledgers: Ledgers, policy: Policy, request: Request) -> Report:
    """A report that has no calls: its head is that of the cases, or of whatever was given."""
    first = ledgers.of.get("cases") or next(iter(ledgers.of.values()))
    head = period.head(first.judged, first.opened.offsets, first.opened.zone)
    return Report(head, Asked(request.by, request.every, request.where), policy, Accounting())


def _on_calls(opened: Opened, policy: Policy, request: Request) -> tuple[Report, Docket]:
    """What a report says of its calls, and what promises on them are judged by."""
    scope, judged, coverage = _scope(opened, policy, request)
    resolved = _resolved(scope, policy, request, coverage, judged.as_of_ms)
    docket = Docket(scope, resolved, judged.incomplete, judged.as_of_ms)
    known = latest.latest_row(resolved, policy.resolution, judged.as_of_ms) if resolved else None
    total = tables.total(scope)
    undivided = not request.by and request.every == "all" and any(row["offered"] for row in total)
    found = Report(
        head=period.head(judged, opened.offsets, opened.zone),
        asked=Asked(request.by, request.every, request.where),
        policy=replace(policy, service=scope.terms),
        accounting=accounting(opened),
        total=total,
        calls=total if undivided else tables.calls(scope, request.by, request.every),
        intervals=tables.calls(scope, (), "30m"),
        reasons=tables.reasons(scope),
        first_call_resolution=_resolution_rows(scope, resolved, policy, request),
        latest=(known,) if known else (),
        warnings=cautions.cautions(scope, policy, coverage, request.by),
        notes=(*_notes(opened, policy, coverage), *(resolved.never_answered() if resolved else ())),
    )
    return found, docket


def _scope(opened: Opened, policy: Policy, request: Request) -> tuple[tables.Scope, period.Judged, Coverage | None]:
    """Which calls are spoken of: terms, period and conditions, and what the data cover."""
    terms = request.terms(policy)
    days = opened.days()
    coverage = cover(days, opened.offsets, policy.closed, policy.open_hours, policy.calendar)
    judged = period.judge(request.span, days, coverage, opened.offsets, opened.zone)
    chosen = tuple(opened.condition(request.where))
    return tables.Scope(opened, judged.period, chosen, terms, opened.several_channels()), judged, coverage


def calls(opened: Opened, policy: Policy, request: Request) -> tuple[Row, ...]:
    """The breakdown alone."""
    _check_where((opened,), request)
    return tables.calls(_scope(opened, policy, request)[0], request.by, check_every(request.every))


def turnaround(opened: OpenedCases, policy: Policy, request: Request) -> tuple[Row, ...]:
    """Turnaround alone, by the dimensions asked for."""
    _check_where((opened,), request)
    found = ledger(opened, request.span, request.where)
    return case_tables.turnaround(found, policy, request.by, check_every(request.every))


def first_call_resolution(opened: Opened, policy: Policy, request: Request, terms: ResolutionTerms) -> tuple[Row, ...]:
    """First-call resolution alone, by terms of the caller's.

    Raises:
        UsageError: summaries were given, which hold no repeats.
    """
    check_every(request.every)
    _check_where((opened,), request)
    scope, judged, coverage = _scope(opened, policy, request)
    wanted = ("channel", *request.by, *request.where)
    resolved = _runner(scope, coverage, judged.as_of_ms, wanted)
    if resolved is None:
        raise UsageError("summaries hold no repeats", hint="give the calls themselves")
    return resolved.rows(terms, request.by, request.every)


def write_rejected(given: lists.Read, path: Path) -> int:
    """Write file, line, reason and text of every rejected row as CSV; how many there were."""
    return lists.rejected(given, path)


def write_late(
    opened: Opened | None, policy: Policy, request: Request, path: Path, beside: Sequence[OpenedCases] = ()
) -> int:
    """Write the calls behind the number, late and lost, and the cases past a deadline, as CSV; how many there were."""
    found = []
    if opened is not None:
        own = request.narrowed(opened.dimensions) if beside else request
        scope, judged, _ = _scope(opened, policy, own)
        names = {name: opened.column(name) for name in opened.dimensions}
        found.append(late.calls(opened, scope.conditions, judged.period, scope.terms, names))
    for one in beside:
        if one.kind is CASES:
            found += timeliness.late_cases(ledger(one, request.span, request.where), policy)
    return late.save(path, found)


def accounting(opened: Opened | OpenedCases) -> Accounting:
    """Where every row went, with the first and last moment of the data."""
    account = opened.account
    first, last = opened.engine.rows(f"SELECT min(first_ms), max(last_ms) FROM {opened.table}")[0]
    edges = [None if m is None else zones.iso(m, opened.offsets, written=opened.written) for m in (first, last)]
    counts = (account.read, account.accepted, account.ignored, account.rejected)
    return Accounting(opened.names, *counts, first=edges[0], last=edges[1], cases=account.cases)


def _check_where(given: Sequence[Opened | OpenedCases], request: Request) -> None:
    """Refuse a value that nothing given has."""
    what = "call" if all(isinstance(one, Opened) for one in given) else "call or case"
    for name, values in request.where.items():
        holders = [one for one in given if name in one.dimensions] or given[:1]
        known = [value for one in holders for value in one.known_values(name)]
        for value in values:
            if value not in known:
                raise UsageError(
                    f"no {what} has {name} {value!r}",
                    where="--where",
                    hint=nearest(value, known[:50]) or "none is recorded",
                )


def _runner(
    scope: tables.Scope, coverage: Coverage | None, as_of_ms: int, wanted: Sequence[str]
) -> resolution.Resolved | None:
    """First-call resolution over the calls in scope; None when there are none, or only summaries."""
    opened = scope.opened
    if coverage is None or opened.calls is None:
        return None
    watch = resolution.watch(opened.days(), coverage, as_of_ms, opened.offsets)
    columns = list(dict.fromkeys(opened.dimensions[name] for name in wanted))
    return resolution.Resolved(scope, opened.resolution(watch, columns))


def _resolved(
    scope: tables.Scope, policy: Policy, request: Request, coverage: Coverage | None, as_of_ms: int
) -> resolution.Resolved | None:
    """First-call resolution, counted once for each set of terms that is asked for."""
    resolved = _runner(scope, coverage, as_of_ms, ("channel", *request.by, *request.where, *policy.dimensions()))
    if resolved is None:
        return None
    asked = [p for p in policy.promises if p.measure == "first_call_resolution" and p.resolution.basis == "repeat"]
    for promise in asked:
        resolved.expect(promise, solved.chosen(scope, promise))
    for terms in (policy.resolution, *(p.resolution for p in asked)):
        resolved.count(terms, request.by, request.every)
    return resolved


def _resolution_rows(
    scope: tables.Scope, resolved: resolution.Resolved | None, policy: Policy, request: Request
) -> tuple[Row, ...]:
    rows: list[Row] = []
    asked = [policy.resolution, *(p.resolution for p in policy.promises if p.measure == "first_call_resolution")]
    for terms in dict.fromkeys(replace(t, not_resolvable={}) for t in asked) if resolved else ():
        if resolved and terms.basis == "repeat":
            rows += resolved.rows(terms, request.by, request.every)
    rows += flags.flag_rows(scope, request.by, request.every)
    return tuple(rows)


def _notes(opened: Opened, policy: Policy, coverage: Coverage | None) -> tuple[str, ...]:
    found = []
    for name, values in policy.resolution.not_resolvable.items():
        left_out = ", ".join(values)
        found.append(
            f"promises on first-call resolution are net: calls of {name} {left_out} are left out, tables hold all"
        )
    if opened.written:
        found.append("times are taken as written: no zone is named, so clock changes cannot be seen (--tz names one)")
    if coverage is not None and coverage.closed:
        closed = ", ".join(f"{day.isoformat()} ({cause})" for day, cause in list(coverage.closed.items())[:6])
        found.append(f"taken as closed: {closed}" + (" ..." if len(coverage.closed) > 6 else ""))
    return tuple(found)
