"""What a picture of calls or cases is measured against: the targets and deadlines of the policy's promises."""

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from cc_metrics.language import translated
from cc_metrics.model.durations import short
from cc_metrics.model.promise import Promise
from cc_metrics.model.report import Report
from cc_metrics.render import naming, words

if TYPE_CHECKING:
    from cc_metrics.model.case_terms import Turnaround

Mark = tuple[str, float]
"""A label and where it stands."""


def levels(report: Report, channel: str | None) -> list[Mark]:
    """The targets of the service level of all calls of a channel by the report's terms.

    Where none is promised, those of its parts, named: below the lowest of them at least one part misses its own.
    """
    promised = [j.promise for j in report.promises if _alike(j.promise, report) and _of_channel(j.promise, channel)]
    whole = {p.target for p in promised if not set(p.where) - {"channel"}}
    if whole:
        return [(translated("target {share}", share=_share(target)), float(target)) for target in sorted(whole)]
    return [(_part(p), float(p.target)) for p in promised]


def _part(promise: Promise) -> str:
    """The share first, since a long label is cut at its end."""
    return translated("{share} ({promise})", share=_share(promise.target), promise=naming.short_name(promise))


def _alike(promise: Promise, report: Report) -> bool:
    """Whether a promise counts as the report's tables do."""
    mine, common = promise.service, report.policy.service
    terms = [(t.within_ms, t.edge, t.formula, t.redirected) for t in (mine, common)]
    return (
        promise.measure == "service_level"
        and promise.shape in {"share_within", "rate_at_least"}
        and terms[0] == terms[1]
        and not promise.where_not
        and not promise.where_differ
    )


def _of_channel(promise: Promise, channel: str | None) -> bool:
    return (channel or "voice") in promise.where.get("channel", ("voice",))


def _share(target: Fraction) -> str:
    return words.percent(target, words.target_decimals(target))


def thresholds(report: Report) -> list[Mark]:
    """The waits within which calls are owed an answer, in seconds; the report's own first."""
    promised = [p.service.within_ms for p in (j.promise for j in report.promises) if p.measure == "service_level"]
    return [(short(ms), ms / 1000) for ms in dict.fromkeys((report.policy.service.within_ms, *promised))]


@dataclass(frozen=True, slots=True)
class Due:
    """A promised length of turnaround in seconds, and the kinds of cases it is for; () is all."""

    label: str
    at: float
    kinds: tuple[str, ...]


def deadlines(report: Report) -> list[Due]:
    """The lengths of turnaround that are promised, each once."""
    found: dict[tuple[int, tuple[str, ...]], Due] = {}
    for promise in (judged.promise for judged in report.promises):
        if promise.measure != "turnaround" or promise.terms is None:
            continue
        length = _length(cast("Turnaround", promise.terms))
        if length is not None:
            kinds = promise.where.get("kind", ())
            found.setdefault((length, kinds), Due(naming.short_name(promise), length / 1000, kinds))
    return list(found.values())


def _length(terms: "Turnaround") -> int | None:
    """The deadline in ms where it is one length on a clock that always runs, from opening to resolution."""
    from cc_metrics.model.deadlines import Within

    plain = (terms.start, terms.end) == ("opened_at", "resolved_at") and terms.clock.kind == "always"
    return terms.deadline.length_ms if plain and isinstance(terms.deadline, Within) else None
