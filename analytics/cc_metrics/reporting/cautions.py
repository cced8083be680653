"""Warnings: each names a cause and a remedy."""

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Final, cast

from cc_metrics.errors import first_of, nearest
from cc_metrics.language import both, said
from cc_metrics.measures.coverage import Coverage
from cc_metrics.measures.shares import share
from cc_metrics.model.calls import outcome_word
from cc_metrics.model.cases import CASES
from cc_metrics.model.promise import Policy, Promise, Spoken
from cc_metrics.model.report import Caution
from cc_metrics.model.selection import RECORDED
from cc_metrics.reporting import senses
from cc_metrics.reporting.docket import unrecorded
from cc_metrics.reporting.tables import Scope
from cc_metrics.store.opened import Opened
from cc_metrics.store.personal import is_personal

if TYPE_CHECKING:
    from cc_metrics.store.opened_cases import OpenedCases

REJECTED: Final = 0.001
LISTED: Final = 5
_ONE: Final = {
    "calls": said("call"),
    "cases": said("case"),
    "attempts": said("attempt"),
    "satisfaction": said("answer"),
    "bases": said("base"),
}


def cautions(scope: Scope, policy: Policy, coverage: Coverage | None, by: Sequence[str]) -> tuple[Caution, ...]:
    """All warnings of a report, in the order in which a reader should take them."""
    opened = scope.opened
    found = [*_rejected(opened), *(Caution(code, text) for code, text in opened.cautions)]
    if not opened.account.waits:
        found.append(
            Caution(
                "no_waits",
                said(
                    "The source records no waits: service level, ASA and percentiles are refused. "
                    "Export the time in queue, or name its column in the mapping."
                ),
            )
        )
    elif lacking := opened.unwaited:
        found.append(
            Caution(
                "no_waits_of_some",
                said(
                    "The waits of {outcomes} calls are not recorded: what takes them is refused, as are the formulas "
                    "that count or leave out abandons by their wait. Export that time too, or name its column.",
                    outcomes=both([outcome_word(word) for word in lacking]),
                ),
            )
        )
    found += _values(opened, policy, "calls")
    found += _coverage(scope, policy, by)
    found += _gaps(coverage)
    found += senses.look(opened)
    if opened.recorded is not None:
        from cc_metrics.reporting import counted  # seldom is the input somebody else's counts

        found += counted.cautions(opened, opened.recorded, policy, scope.terms)
    elif opened.calls is None:
        found.append(
            Caution(
                "no_repeats",
                said(
                    "This report was made from summaries: first-call resolution and duplicates between files come from "
                    "calls only. Give the calls to see them."
                ),
            )
        )
    return tuple(found)


def _rejected(opened: "Opened | OpenedCases") -> list[Caution]:
    account = opened.account
    rejected = sum(account.rejected.values())
    refused = share(rejected, account.read)
    if refused is None or refused < REJECTED:
        return []
    worst = max(account.rejected, key=lambda reason: account.rejected[reason])
    return [
        Caution(
            "rejected_rows",
            said(
                "{n:,} of {all:,} rows were rejected ({share:.2f} %), most often: {reason}. Look at them with "
                "--rejected FILE.",
                n=rejected,
                all=account.read,
                share=100 * refused,
                reason=worst,
            ),
        )
    ]


def _values(opened: "Opened | OpenedCases", policy: Policy, about: Spoken) -> list[Caution]:
    """A value that a promise names and no row has; a promise that there be none asks for nothing else."""
    found = []
    for promise in (p for p in policy.promises if p.about == about and p.measure != "months_without_cases"):
        for dimension, values in promise.where.items():
            recorded = opened.values(dimension)
            have = {policy.tier_of(v) or v for v in recorded} if dimension == "tier" else set(recorded)
            for value in values:
                if value not in have and value != RECORDED:
                    hint = nearest(value, [] if is_personal(dimension, opened.readings) else sorted(have)[:50])
                    lacking = said(
                        "No {thing} has {dimension} {value!r}, which {promise!r} speaks of",
                        thing=_ONE[about],
                        dimension=dimension,
                        value=value,
                        promise=promise.name,
                    )
                    found.append(Caution("unknown_value", _hinted(lacking, hint, recorded=bool(have))))
    return found


def _hinted(lacking: str, hint: str, *, recorded: bool) -> str:
    """That a value is lacking, with the nearest that is there."""
    if hint:
        return said("{lacking}; {hint}.", lacking=lacking, hint=hint)
    if recorded:
        return said("{lacking}.", lacking=lacking)
    return said("{lacking}; the source records none.", lacking=lacking)


def _coverage(scope: Scope, policy: Policy, by: Sequence[str]) -> list[Caution]:
    found = []
    asked = dict.fromkeys([*by, *(d for p in policy.promises if p.measure == "service_level" for d in p.where)])
    for dimension in asked:
        if not scope.opened.account.waits or dimension == "channel":
            continue
        promise = Promise("", "service_level", "share_within", Fraction(1), service=scope.terms)
        group = unrecorded(scope, dimension, promise)
        if group.share is not None and group.differs:
            without, recorded = (100 * g.kept / g.owed for g in (group.without, group.recorded))
            text = said(
                "{dimension} is recorded only for some callers: {share:.1f} % of the calls have none, and "
                "{without:.1f} % of those were in time against {recorded:.1f} % of the others. Levels by {dimension} "
                "are not what callers met; have it recorded for every call.",
                dimension=dimension,
                share=100 * float(group.share),
                without=without,
                recorded=recorded,
            )
            found.append(Caution("unrecorded_" + dimension, text))
    return found


def _gaps(coverage: Coverage | None) -> list[Caution]:
    if coverage is None or not coverage.unobserved:
        return []
    days = coverage.unobserved
    named = first_of([day.isoformat() for day in days], LISTED)
    if len(days) == 1:
        text = said(
            "1 day holds no calls ({days}): windows of first-call resolution that touch them are not counted. If the "
            "centre was closed, name the days in the policy: closed = [...].",
            days=named,
        )
    else:
        text = said(
            "{n} days hold no calls ({days}): windows of first-call resolution that touch them are not counted. If "
            "the centre was closed, name the days in the policy: closed = [...].",
            n=len(days),
            days=named,
        )
    return [Caution("days_without_calls", text)]


def of_cases(opened: "OpenedCases", policy: Policy) -> list[Caution]:
    """Warnings about the rows of a table beside the calls."""
    found = [*_rejected(opened), *(Caution(code, text) for code, text in opened.cautions)]
    if opened.kind is CASES and "resolved_at" not in opened.recorded:
        found.append(
            Caution(
                "no_resolution",
                said(
                    "The source does not record when cases were resolved: what is open, and how long cases took, is "
                    "not known. Export that moment, or name its column in the mapping."
                ),
            )
        )
    return found + _values(opened, policy, cast("Spoken", opened.kind.name))
