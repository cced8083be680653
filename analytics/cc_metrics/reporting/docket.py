"""What promises on calls are judged by: the calls they speak of, and the counts that a measure finds."""

from dataclasses import dataclass, replace
from fractions import Fraction

from cc_metrics.language import Said, said
from cc_metrics.measures import service_level, verdict
from cc_metrics.model.calls import OUTCOMES
from cc_metrics.model.promise import Promise
from cc_metrics.reporting.resolution import Resolved
from cc_metrics.reporting.tables import Scope


@dataclass(frozen=True, slots=True)
class Docket:
    """What promises are judged by: the calls in scope, FCR when there are calls, whether the data cover the period."""

    scope: Scope
    resolved: Resolved | None
    incomplete: str
    as_of_ms: int


def conditions(scope: Scope, promise: Promise) -> list[str]:
    """SQL conditions of a promise's calls; one that names no channel means voice."""
    selection = promise.selection
    voice = [] if "channel" in selection.dimensions() else scope.opened.voice()
    return [*scope.conditions, *scope.opened.selected(selection), *voice]


def bounded(docket: Docket, promise: Promise, kept: int, owed: int) -> tuple[str, tuple[float, float] | None]:
    """Whether the calls whose dimension is not recorded forbid a verdict, with the bounds they leave."""
    for dimension in (d for d in promise.selection.dimensions() if d != "channel"):
        found = unrecorded(docket.scope, dimension, promise)
        if found.share is not None and (found.differs or found.too_many):
            return unsaid(dimension, found.share, said("calls")), found.bounds(kept, owed)
    return "", None


def unrecorded(scope: Scope, dimension: str, promise: Promise) -> verdict.Unrecorded:
    """Calls of the period (and the promise's channel) with and without a dimension recorded."""
    others = promise.selection.without(dimension)
    left = replace(promise, where=others.equal, where_not=others.unlike, where_differ=others.differ)
    chosen = conditions(scope, left)
    column = scope.opened.dimensions[dimension]
    terms = promise.service
    groups = []
    for recorded in (f"{column} IS NULL", f"{column} IS NOT NULL"):
        rows = scope.opened.roll_up(service_level.needs(terms), (), "all", scope.period, [*chosen, recorded], terms)
        offered = sum(rows[0][word] or 0 for word in OUTCOMES) if rows else 0
        kept, owed = (rows and service_level.share_parts(rows[0], terms, terms.formula)) or (0, 0)
        groups.append(verdict.Group(offered, kept, owed))
    return verdict.Unrecorded(*groups)


def unsaid(dimension: str, share: Fraction, things: str) -> Said:
    """For how many of the things that a promise speaks of a dimension is not recorded."""
    return said(
        "{dimension} is not recorded for {share:.1f} % of the {things}",
        dimension=dimension,
        share=100 * float(share),
        things=things,
    )
