"""The month so far and what the rest of it needs, for promises on a share of calls."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from cc_metrics.measures import month_to_date as measure
from cc_metrics.measures.shares import share
from cc_metrics.model.intervals import days_between
from cc_metrics.model.promise import Promise
from cc_metrics.model.report import Row
from cc_metrics.reporting.past import Past, Subject


def rows(past: Past, subjects: Iterable[Subject]) -> list[Row]:
    """The public columns; none where the period ends within a day, or days of the month before its end are not known.

    A weekday that had no calls all month long, a public holiday of the policy and a day that it calls closed are no
    days to wait for.
    """
    days = past.days()
    if not days:
        return []
    last = days[-1]
    so_far = days_between(last.replace(day=1), last)
    known = [day for day in so_far if day in past.known]
    if len(known) < 2 or last not in known:
        return []
    if any(day not in past.known and not past.covered.get(day, False) and not past.off(day) for day in so_far):
        return []
    return [row for subject in subjects for row in _row(past, subject, known, last)]


def _row(past: Past, subject: Subject, known: Sequence[date], last: date) -> list[dict[str, Any]]:
    promise = subject.promise
    if promise is None or not past.telling(subject).issuperset(known):
        return []
    counts = past.daily(subject, known)
    parts = {day: found.parts for day, found in counts.items()}
    told = {day: pair for day, pair in parts.items() if pair is not None}
    kept, settled = sum(pair[0] for pair in told.values()), sum(pair[1] for pair in told.values())
    if len(told) < len(parts) or not settled:
        return []
    left = _left(past, known, last)
    rest = _rest(promise, kept, settled, {day: pair[1] for day, pair in told.items()}, left)
    return [
        {
            "promise": promise.name,
            "month": f"{last:%Y-%m}",
            "to": last.isoformat(),
            "settled": settled,
            "kept": kept,
            "value": share(kept, settled),
            "target": float(promise.target),
            "days_left": len(left),
            "expected": float(rest.expected),
            "needed": None if rest.needed is None else float(rest.needed),
            "state": rest.state,
        }
    ]


def _left(past: Past, known: Sequence[date], last: date) -> list[date]:
    """The days of the month that are left and have calls, as far as one can tell."""
    left = measure.days_after(last)
    seen = {day.weekday() for day in known}
    watched = {day.weekday() for day in days_between(last.replace(day=1), last)}
    return [day for day in left if not past.off(day) and (day.weekday() in seen or day.weekday() not in watched)]


def _rest(promise: Promise, kept: int, settled: int, by_day: dict[date, int], left: Sequence[date]) -> measure.Rest:
    still = measure.expected(by_day, left)
    if promise.shape == "rate_at_most":
        return measure.at_most(kept, settled, promise.target, still, strict=promise.strict)
    return measure.at_least(kept, settled, promise.target, still)
