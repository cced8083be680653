"""Tallies of promises on answered and abandoned calls."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from cc_metrics.measures import handling, traffic, waits
from cc_metrics.measures import service_level as level
from cc_metrics.measures.shares import total
from cc_metrics.model.calls import OUTCOMES
from cc_metrics.model.durations import spoken
from cc_metrics.model.promise import Promise
from cc_metrics.reporting.docket import Docket, bounded, conditions
from cc_metrics.reporting.tally import Tally

NO_WAITS: Final = "the source records no waits"


def without_waits(outcomes: Sequence[str]) -> str:
    """Why calls cannot be judged: waits of these outcomes are not recorded.

    >>> without_waits(["answered", "abandoned"]), without_waits(["abandoned"])
    ('the source records no waits', 'the source records no waits of abandoned calls')
    """
    return NO_WAITS if "answered" in outcomes else f"{NO_WAITS} of {' and '.join(outcomes)} calls"


def unwaited(rows: Iterable[Mapping[str, Any]], promise: Promise) -> tuple[str, ...]:
    """The outcomes without recorded waits that the formula of a promise takes, in any of *rows*."""
    return tuple(dict.fromkeys(word for row in rows for word in level.unwaited(row, promise.service.formula)))


def service_level(docket: Docket, promise: Promise) -> Tally:
    scope, terms = docket.scope, promise.service
    needs = level.needs(terms)
    days = scope.opened.roll_up(needs, (), "1d", scope.period, conditions(scope, promise))
    if lacking := unwaited(days, promise):
        return Tally(0, 0, refused=without_waits(lacking))
    parts = [level.share_parts(day, terms, terms.formula) for day in days]
    kept, owed = sum(k for k, _ in parts), sum(o for _, o in parts)
    refused, bounds = bounded(docket, promise, kept, owed)
    return Tally(kept, owed, 0, refused, bounds, [(k, o, 1) for k, o in parts], "days")


def intervals_on_target(docket: Docket, promise: Promise) -> Tally:
    scope, terms = docket.scope, promise.service
    needs = level.needs(terms)
    chosen = conditions(scope, promise)
    rows = scope.opened.roll_up(needs, (), promise.every, scope.period, chosen)
    if lacking := unwaited(rows, promise):
        return Tally(0, 0, refused=without_waits(lacking))
    parts = [level.share_parts(row, terms, terms.formula) for row in rows]
    owed = [(kept, whole) for kept, whole in parts if whole]
    reached = sum(Fraction(kept, whole) >= promise.each for kept, whole in owed)
    return Tally(reached, len(owed))


def abandonment(docket: Docket, promise: Promise) -> Tally:
    """Abandoned of answered and abandoned, short abandons left out of both."""
    return _abandoned(docket, promise, traffic.abandonment_parts, "left out")


def abandoned_of_offered(docket: Docket, promise: Promise) -> Tally:
    """Abandoned after the floor, of all offered."""
    return _abandoned(docket, promise, traffic.abandoned_of_offered_parts, "are not counted, but offered")


def _abandoned(docket: Docket, promise: Promise, parts_of: Callable[..., tuple[int, int]], said: str) -> Tally:
    scope, terms = docket.scope, promise.service
    needs = level.needs(terms) | traffic.needs(terms)
    days = scope.opened.roll_up(needs, (), "1d", scope.period, conditions(scope, promise))
    floor = terms.short_abandon_ms > 0
    counted = ("abandoned", "redirected") if terms.redirected == "abandoned" else ("abandoned",)
    if floor and any(day[f"{word}_without_wait"] for day in days for word in counted):
        return Tally(0, 0, refused="the source records no waits, so short abandons are not known")
    parts = [parts_of(day, terms, floor=floor) for day in days]
    kept, owed = sum(k for k, _ in parts), sum(o for _, o in parts)
    refused, _ = bounded(docket, promise, kept, owed)
    floored = f"abandons within {spoken(terms.short_abandon_ms)} {said}" if floor else ""
    return Tally(kept, owed, 0, refused, None, [(k, o, 1) for k, o in parts], "days", needs=floored)


def mean_wait(docket: Docket, promise: Promise) -> Tally:
    """The sum of the waits of answered calls and their number."""
    row = _summed(docket, promise, waits.needs(promise.service))
    if row.get("answered_without_wait"):
        return Tally(0, 0, refused=NO_WAITS)
    answered = row.get("answered", 0)
    return _mean(docket, promise, answered, row.get("answered_wait_ms", 0))


def mean_handle(docket: Docket, promise: Promise) -> Tally:
    """The sum of talk, hold and wrap-up of answered calls with talk recorded, and their number."""
    row = _summed(docket, promise, handling.needs(promise.service))
    return _mean(docket, promise, row.get("answered_talk_n", 0), handling.total_ms(row) if row else 0)


def longest_wait(docket: Docket, promise: Promise) -> Tally:
    """The calls of any outcome that waited no longer than promised, of all whose wait is known."""
    inside = level.within(promise.service)
    needs = {"in_time": total("n", inside), "offered": total("n", "TRUE"), **level.without_wait()}
    row = _summed(docket, promise, needs)
    if lacking := [word for word in OUTCOMES if row.get(f"{word}_without_wait")]:
        return Tally(0, 0, refused=without_waits(lacking))
    refused, _ = bounded(docket, promise, row.get("in_time", 0), row.get("offered", 0))
    return Tally(row.get("in_time", 0), row.get("offered", 0), refused=refused)


def _summed(docket: Docket, promise: Promise, needs: Mapping[str, str]) -> Mapping[str, Any]:
    scope = docket.scope
    rows = scope.opened.roll_up(needs, (), "all", scope.period, conditions(scope, promise))
    return rows[0] if rows else {}


def _mean(docket: Docket, promise: Promise, number: int, total_ms: int) -> Tally:
    refused, _ = bounded(docket, promise, 0, 0)
    return Tally(0, number, refused=refused, total_ms=total_ms)
