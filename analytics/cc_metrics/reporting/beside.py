"""The half of a report that its cases fill, and the tables beside them; loaded where there are any."""

from collections.abc import Sequence
from dataclasses import replace

from cc_metrics.model.cases import CASES
from cc_metrics.model.intervals import check_every
from cc_metrics.model.promise import Policy
from cc_metrics.model.report import Accounting, Asked, Report, Row
from cc_metrics.reporting import case_tables, cautions, period, timeliness
from cc_metrics.reporting.accounts import accounting, check_where
from cc_metrics.reporting.ledger import Ledgers, ledger
from cc_metrics.reporting.request import Request
from cc_metrics.store import late
from cc_metrics.store.opened_cases import OpenedCases


def ledgers_of(beside: Sequence[OpenedCases], request: Request) -> Ledgers:
    """The tables beside calls as promises are judged by them."""
    return Ledgers({found.kind.name: ledger(found, request.span, request.where) for found in beside})


def alone(ledgers: Ledgers, policy: Policy, request: Request) -> Report:
    """A report that has no calls: its head is that of the cases, or of whatever was given."""
    first = ledgers.of.get("cases") or next(iter(ledgers.of.values()))
    head = period.head(first.judged, first.opened.offsets, first.opened.zone)
    return Report(head, Asked(request.by, request.every, request.where), policy, Accounting())


def added(report: Report, ledgers: Ledgers, policy: Policy, request: Request) -> Report:
    """A report with the tables, accounts and warnings of what stands beside its calls."""
    warnings = [caution for one in ledgers.of.values() for caution in cautions.of_cases(one.opened, policy)]
    return replace(
        report,
        asked=Asked(request.by, request.every, request.where),
        **case_tables.tables(ledgers, policy, request),
        beside={name: accounting(one.opened) for name, one in ledgers.of.items()},
        warnings=(*report.warnings, *warnings),
    )


def turnaround(opened: OpenedCases, policy: Policy, request: Request) -> tuple[Row, ...]:
    """Turnaround alone, by the dimensions asked for."""
    check_where((opened,), request.where)
    found = ledger(opened, request.span, request.where)
    return case_tables.turnaround(found, policy, request.by, check_every(request.every))


def late_lists(beside: Sequence[OpenedCases], policy: Policy, request: Request) -> list[late.List]:
    """The cases past a deadline, by promise."""
    cases = [ledger(one, request.span, request.where) for one in beside if one.kind is CASES]
    return [found for one in cases for found in timeliness.late_cases(one, policy)]
