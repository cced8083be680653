"""Why a promise was missed and since when: contributions, causes, comparisons, the month, what was planned."""

from dataclasses import replace
from typing import Final

from cc_metrics.model.report import Judged, Report
from cc_metrics.reporting import causes, comparisons, contributions, month, past, staffing
from cc_metrics.reporting.background import Background
from cc_metrics.reporting.docket import Docket
from cc_metrics.reporting.past import Past, Subject
from cc_metrics.reporting.request import Request

_MISSED: Final = "missed"


def added(report: Report, docket: Docket, request: Request, background: Background) -> Report:
    """The report with the tables behind its words on why and since when, those that there are any of.

    Where the data do not cover the period there is nothing to compare and no month to speak of.
    """
    known = past.known(docket, report.policy, request, background.earlier)
    everyone = Subject(None, docket.scope.terms)
    found = _late(report, known, everyone, background)
    if docket.incomplete:
        return found
    subjects = [Subject(j.promise, j.promise.service) for j in report.promises if _adds_up(j)]
    return replace(
        found,
        comparisons=(*comparisons.rows(known, [everyone, *subjects]), *comparisons.mix(known, everyone)),
        months=tuple(month.rows(known, subjects)),
    )


def _adds_up(judged: Judged) -> bool:
    """Whether the days of a promise add up to a share that may stand for what was promised."""
    promise = judged.promise
    return promise.measure in past.SHARES and promise.since is None and judged.row["verdict"] != "not_judged"


def _late(report: Report, known: Past, everyone: Subject, background: Background) -> Report:
    """The report with where its late calls lie, and what those of missed promises go with."""
    missed = [
        Subject(j.promise, j.promise.service)
        for j in report.promises
        if j.promise.measure == "service_level" and j.row["verdict"] == _MISSED and j.promise.since is None
    ]
    reasons = contributions.reasons_of(known.sources[0].scope) if missed else None
    whole = contributions.places(known, everyone, reasons)
    found = [contributions.places(known, subject, reasons) for subject in missed]
    return replace(
        report,
        contributions=tuple(row for one in (whole, *found) for row in contributions.rows(one, known)),
        causes=tuple(causes.rows(found, whole, background.planned)),
        staffing=tuple(staffing.rows(known, whole, background.planned)),
    )
