"""Tallies of promises on answered and abandoned calls."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from cc_metrics.language import both, said
from cc_metrics.measures import handling, traffic, waits
from cc_metrics.measures import service_level as level
from cc_metrics.measures.shares import total
from cc_metrics.measures.told import NO_WAITS, UNANSWERED, why
from cc_metrics.model.calls import OUTCOMES, outcome_word
from cc_metrics.model.durations import spoken
from cc_metrics.model.promise import Promise, ServiceTerms
from cc_metrics.reporting.docket import Docket, bounded, conditions
from cc_metrics.reporting.tables import Scope
from cc_metrics.reporting.tally import Tally

LONGEST_UNTOLD: Final = said("the input counts calls by thresholds and does not tell how long each of them waited")


def without_waits(outcomes: Sequence[str]) -> str:
    """Why calls cannot be judged: waits of these outcomes are not recorded.

    >>> without_waits(["answered", "abandoned"]), without_waits(["abandoned"])
    ('the source records no waits', 'the source records no waits of abandoned calls')
    """
    if "answered" in outcomes:
        return NO_WAITS
    return said(
        "the source records no waits of {outcomes} calls", outcomes=both([outcome_word(word) for word in outcomes])
    )


def service_level(docket: Docket, promise: Promise) -> Tally:
    scope, terms = docket.scope, promise.service
    needs = level.needs(terms)
    days = scope.opened.roll_up(needs, (), "1d", scope.period, conditions(scope, promise), terms)
    parts = parts_of(days, terms)
    if parts is None:
        return untold(scope, days, terms)
    kept, owed = sum(k for k, _ in parts), sum(o for _, o in parts)
    refused, bounds = bounded(docket, promise, kept, owed)
    return Tally(kept, owed, 0, refused, bounds, [(k, o, 1) for k, o in parts], "days")


def intervals_on_target(docket: Docket, promise: Promise) -> Tally:
    scope, terms = docket.scope, promise.service
    needs = level.needs(terms)
    chosen = conditions(scope, promise)
    length_ms = scope.opened.cuts(promise.every)
    if length_ms:
        return Tally(
            0,
            0,
            refused=said(
                "the input's rows hold {length} each: intervals of {interval} are unknown",
                length=spoken(length_ms),
                interval=promise.every,
            ),
        )
    rows = scope.opened.roll_up(needs, (), promise.every, scope.period, chosen, terms)
    parts = parts_of(rows, terms)
    if parts is None:
        return untold(scope, rows, terms)
    owed = [(kept, whole) for kept, whole in parts if whole]
    reached = sum(Fraction(kept, whole) >= promise.each for kept, whole in owed)
    return Tally(reached, len(owed))


def parts_of(rows: Sequence[Mapping[str, Any]], terms: ServiceTerms) -> list[tuple[int, int]] | None:
    """Numerator and denominator of each group; None where those of one are not known."""
    parts = [level.share_parts(row, terms, terms.formula) for row in rows]
    found = [part for part in parts if part is not None]
    return found if len(found) == len(parts) else None


def untold(scope: Scope, rows: Sequence[Mapping[str, Any]], terms: ServiceTerms) -> Tally:
    """No figure, and why: waits that are not recorded, or what counts of somebody else's do not tell."""
    found = (word for row in rows for word in level.unwaited(row, terms.formula))
    lacking = tuple(dict.fromkeys(found))
    return Tally(0, 0, refused=without_waits(lacking) if lacking else why(terms, scope.opened.recorded))


def abandonment(docket: Docket, promise: Promise) -> Tally:
    """Abandoned of answered and abandoned, short abandons left out of both."""
    floor = said("abandons within {length} left out", length=spoken(promise.service.short_abandon_ms))
    return _abandoned(docket, promise, traffic.abandonment_parts, floor)


def abandoned_of_offered(docket: Docket, promise: Promise) -> Tally:
    """Abandoned after the floor, of all offered."""
    length = spoken(promise.service.short_abandon_ms)
    floor = said("abandons within {length} are not counted, but offered", length=length)
    return _abandoned(docket, promise, traffic.abandoned_of_offered_parts, floor)


def _abandoned(docket: Docket, promise: Promise, parts_of: Callable[..., tuple[int, int]], floored: str) -> Tally:
    scope, terms = docket.scope, promise.service
    needs = level.needs(terms) | traffic.needs(terms)
    days = scope.opened.roll_up(needs, (), "1d", scope.period, conditions(scope, promise), terms)
    floor = terms.short_abandon_ms > 0
    counted = ("abandoned", "redirected") if terms.redirected == "abandoned" else ("abandoned",)
    if floor and any(day[f"{word}_without_wait"] for day in days for word in counted):
        return Tally(0, 0, refused=said("the source records no waits, so short abandons are not known"))
    if any(day["abandoned"] is None for day in days):
        return Tally(0, 0, refused=UNANSWERED)
    short = ("short_abandoned", "short_redirected") if terms.redirected == "abandoned" else ("short_abandoned",)
    if floor and any(day[name] is None for day in days for name in short):
        return Tally(
            0,
            0,
            refused=said(
                "the input does not tell which callers abandoned within {length}", length=spoken(terms.short_abandon_ms)
            ),
        )
    parts = [parts_of(day, terms, floor=floor) for day in days]
    kept, owed = sum(k for k, _ in parts), sum(o for _, o in parts)
    refused, _ = bounded(docket, promise, kept, owed)
    groups = [(k, o, 1) for k, o in parts]
    return Tally(kept, owed, 0, refused, None, groups, "days", needs=floored if floor else "")


def mean_wait(docket: Docket, promise: Promise) -> Tally:
    """The sum of the waits of answered calls and their number."""
    row = _summed(docket, promise, waits.needs(promise.service))
    if row.get("answered_without_wait"):
        return Tally(0, 0, refused=NO_WAITS)
    answered, waited_ms = row.get("answered", 0), row.get("answered_wait_ms", 0)
    if waited_ms is None:
        return Tally(0, 0, refused=said("the input does not tell how long answered calls waited"))
    return _mean(docket, promise, answered, waited_ms)


def mean_handle(docket: Docket, promise: Promise) -> Tally:
    """The sum of talk, hold and wrap-up of answered calls with talk recorded, and their number."""
    row = _summed(docket, promise, handling.needs(promise.service))
    if row.get("answered_talk_ms", 0) is None:
        return Tally(0, 0, refused=said("the input does not tell how long calls were handled"))
    return _mean(docket, promise, row.get("answered_talk_n", 0), handling.total_ms(row) if row else 0)


def longest_wait(docket: Docket, promise: Promise) -> Tally:
    """The calls of any outcome that waited no longer than promised, of all whose wait is known."""
    if docket.scope.opened.recorded is not None:
        return Tally(0, 0, refused=LONGEST_UNTOLD)
    inside = level.within(promise.service)
    needs = {"in_time": total("n", inside), "offered": total("n", "TRUE"), **level.without_wait()}
    row = _summed(docket, promise, needs)
    if lacking := [word for word in OUTCOMES if row.get(f"{word}_without_wait")]:
        return Tally(0, 0, refused=without_waits(lacking))
    refused, _ = bounded(docket, promise, row.get("in_time", 0), row.get("offered", 0))
    return Tally(row.get("in_time", 0), row.get("offered", 0), refused=refused)


def _summed(docket: Docket, promise: Promise, needs: Mapping[str, str]) -> Mapping[str, Any]:
    scope = docket.scope
    rows = scope.opened.roll_up(needs, (), "all", scope.period, conditions(scope, promise), promise.service)
    return rows[0] if rows else {}


def _mean(docket: Docket, promise: Promise, number: int, total_ms: int) -> Tally:
    refused, _ = bounded(docket, promise, 0, 0)
    return Tally(0, number, refused=refused, total_ms=total_ms)
