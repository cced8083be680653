"""Warnings about counts that somebody else made: what they tell, and what therefore is refused, with the remedy."""

from collections.abc import Iterator

from cc_metrics.measures import told
from cc_metrics.model.durations import spoken
from cc_metrics.model.promise import Policy, ServiceTerms
from cc_metrics.model.recorded import Recorded, spoken_edges
from cc_metrics.model.report import Caution
from cc_metrics.store.opened import Opened


def cautions(opened: Opened, recorded: Recorded, policy: Policy, terms: ServiceTerms) -> Iterator[Caution]:
    """What a report on such counts cannot say, and why."""
    given = f"The input counts calls and does not list them{_lost(recorded)}{_counted(recorded)}."
    missing = f"{_untold(recorded)} not known, nor are repeats."
    yield Caution("counts_only", f"{given} {missing} Give the calls themselves to see them.")
    length_ms = opened.cuts("30m")
    if length_ms:
        yield Caution(
            "no_half_hours",
            f"Each row of the input holds {spoken(length_ms)}: there are no half-hours to show. Ask for longer "
            "intervals (--every 1h or 1d), or give the calls themselves.",
        )
    yield from _levels(recorded, policy, terms)


def _lost(recorded: Recorded) -> str:
    return "" if recorded.lost else ", and only those that were answered"


def _counted(recorded: Recorded) -> str:
    pairs = (("answers", recorded.answered), ("abandons", recorded.abandoned))
    return "".join(f", {what} within {spoken_edges(edges)}" for what, edges in pairs if edges)


def _untold(recorded: Recorded) -> str:
    """The figures that no such count can give, as the subject of a sentence."""
    missing = [
        "percentiles and longest waits",
        *([] if recorded.waits else ["the ASA"]),
        *([] if recorded.handle else ["handle time"]),
        *([] if recorded.abandoned else ["how long callers waited who abandoned"]),
    ]
    words = f"{', '.join(missing[:-1])} and {missing[-1]}" if missing[1:] else missing[0]
    return f"{words[0].upper()}{words[1:]} are"


def _levels(recorded: Recorded, policy: Policy, terms: ServiceTerms) -> Iterator[Caution]:
    """The service levels, of the tables or of a promise, that need what was not counted."""
    remedy = "Ask for what was counted (--within, --formula), or give the calls themselves."
    missing = told.untold(terms, recorded)
    if missing:
        yield Caution("level_not_counted", f"No service level in the tables: {missing}. {remedy}")
    for promise in policy.promises:
        of_level = promise.measure in ("service_level", "intervals_on_target", "months_below")
        missing = told.untold(promise.service, recorded) if of_level else ""
        if missing:
            yield Caution("level_not_counted", f"{promise.name!r} is not judged: {missing}. {remedy}")
