"""Calls, a policy and a printed figure in, the definitions that give the figure out."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeVar

from cc_metrics.errors import DataError, PolicyError
from cc_metrics.language import said
from cc_metrics.measures import reconcile
from cc_metrics.measures.coverage import cover
from cc_metrics.measures.reconcile_definitions import seconds
from cc_metrics.model.printed_figure import PrintedFigure
from cc_metrics.model.promise import Policy, ServiceTerms
from cc_metrics.model.reconciled import Population, Reconciliation
from cc_metrics.reporting import period
from cc_metrics.reporting.accounts import accounting, check_where, source
from cc_metrics.reporting.other_calls import OtherCalls
from cc_metrics.reporting.request import Request
from cc_metrics.store import populations
from cc_metrics.store.opened import Opened

Read = TypeVar("Read")

ONCE: Final = said(
    "definitions that count the same calls are tried once; interval rule, zone and exclusion are tried one at a time"
)


def opened(read: Callable[[Policy], Read], policy: Policy) -> Read:
    """The calls at all hours, for a phone system may count those outside the policy's; *read* reads them for a policy.

    A summary that was counted in the policy's open hours holds no others, and is read as it is.
    """
    try:
        return read(replace(policy, open_hours=None))
    except PolicyError:
        if policy.open_hours is None:
            raise
        return read(policy)


def build(opened: Opened, policy: Policy, request: Request, figure: PrintedFigure) -> Reconciliation:
    """The definitions that print the figure, *opened* being read for the policy without its open hours where it can.

    Raises:
        DataError: the source records no waits.
        UsageError: an option that cannot be meant.
    """
    check_where((opened,), request.where)
    _check_waits(opened)
    terms, days = request.terms(policy), opened.days()
    coverage = cover(days, opened.offsets, policy.closed, policy.open_hours, policy.calendar)
    judged = period.judge(request.span, days, coverage, opened.offsets, opened.zone)
    several = opened.several_channels() and "channel" not in request.where
    calls = OtherCalls(opened, judged.period, request.span, request.where, _hours(opened, policy), several)
    found = reconcile.search(terms, _counted(calls, terms), figure)
    return Reconciliation(
        figure=figure,
        head=period.head(judged, opened.offsets, opened.zone),
        where=request.where,
        policy=policy.name,
        accounting=accounting(opened),
        own=found.own,
        redirected=found.redirected,
        tried=found.tried,
        matches=found.matches,
        nearest=found.nearest,
        notes=(*calls.notes, *_summarised(opened), ONCE),
    )


def _check_waits(opened: Opened) -> None:
    if not opened.account.waits:
        raise DataError(
            "the source records no waits, so no service level can be had from it",
            where=source(opened.names),
            hint="give an export with waits; cc-metrics check shows which columns are read",
        )
    unwaited = opened.unwaited
    if opened.recorded is not None or unwaited:
        lacking = "only counts by thresholds" if opened.recorded else f"no waits of {' and '.join(unwaited)} calls"
        raise DataError(
            f"the input holds {lacking}, so definitions cannot be told apart",
            where=source(opened.names),
            hint="give the calls themselves, with the waits of all of them",
        )


def _counted(calls: OtherCalls, terms: ServiceTerms) -> list[tuple[Population, reconcile.Waits]]:
    """The policy's own calls, then the others, counted together."""
    candidates = [calls.own(), *calls.others()]
    edges = seconds(terms)
    counts = populations.count(calls.opened, [chosen for _, chosen in candidates], edges)
    return [(one, reconcile.waits(edges, found)) for (one, _), found in zip(candidates, counts, strict=True)]


def _hours(opened: Opened, policy: Policy) -> str:
    """SQL of the policy's open hours; "" where it names none, or where only calls in them were counted."""
    if policy.open_hours is None or opened.open_written:
        return ""
    return policy.open_hours.sql(opened.offsets.local_sql("start_ms"))


def _summarised(opened: Opened) -> tuple[str, ...]:
    if not opened.open_written:
        return ()
    return (said("other hours were not tried: the summary holds calls in {hours!r} only", hours=opened.open_written),)
