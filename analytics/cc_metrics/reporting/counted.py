"""Warnings about counts that somebody else made: what they tell, and what therefore is refused, with the remedy."""

from collections.abc import Iterator

from cc_metrics.language import Said, both, said, series
from cc_metrics.measures import told
from cc_metrics.model.durations import spoken
from cc_metrics.model.promise import Policy, ServiceTerms
from cc_metrics.model.recorded import Recorded, spoken_edges
from cc_metrics.model.report import Caution
from cc_metrics.store.opened import Opened


def cautions(opened: Opened, recorded: Recorded, policy: Policy, terms: ServiceTerms) -> Iterator[Caution]:
    """What a report on such counts cannot say, and why."""
    text = said(
        "{given}. {missing} are not known, nor are repeats. Give the calls themselves to see them.",
        given=_given(recorded),
        missing=_untold(recorded),
    )
    yield Caution("counts_only", text)
    length_ms = opened.cuts("30m")
    if length_ms:
        yield Caution(
            "no_half_hours",
            said(
                "Each row of the input holds {length}: there are no half-hours to show. Ask for longer intervals "
                "(--every 1h or 1d), or give the calls themselves.",
                length=spoken(length_ms),
            ),
        )
    yield from _levels(recorded, policy, terms)


def _given(recorded: Recorded) -> Said:
    found = said("The input counts calls and does not list them")
    if not recorded.lost:
        found = said("{given}, and only those that were answered", given=found)
    if recorded.answered:
        found = said("{given}, answers within {edges}", given=found, edges=spoken_edges(recorded.answered))
    if recorded.abandoned:
        found = said("{given}, abandons within {edges}", given=found, edges=spoken_edges(recorded.abandoned))
    return found


def _untold(recorded: Recorded) -> str:
    """The figures that no such count can give, as the subject of a sentence."""
    missing = [
        said("Percentiles and longest waits"),
        *([] if recorded.waits else [said("the ASA")]),
        *([] if recorded.handle else [said("handle time")]),
        *([] if recorded.abandoned else [said("how long callers waited who abandoned")]),
    ]
    return both([series(missing[:-1]), missing[-1]]) if missing[1:] else missing[0]


def _levels(recorded: Recorded, policy: Policy, terms: ServiceTerms) -> Iterator[Caution]:
    """The service levels, of the tables or of a promise, that need what was not counted."""
    remedy = said("Ask for what was counted (--within, --formula), or give the calls themselves.")
    missing = told.untold(terms, recorded)
    if missing:
        text = said("No service level in the tables: {missing}. {remedy}", missing=missing, remedy=remedy)
        yield Caution("level_not_counted", text)
    for promise in policy.promises:
        of_level = promise.measure in ("service_level", "intervals_on_target", "months_below")
        missing = told.untold(promise.service, recorded) if of_level else ""
        if missing:
            text = said(
                "{promise!r} is not judged: {missing}. {remedy}", promise=promise.name, missing=missing, remedy=remedy
            )
            yield Caution("level_not_counted", text)
