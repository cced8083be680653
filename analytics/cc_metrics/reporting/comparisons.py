"""The period beside earlier ones: a day with the day before and a week before, weeks and months with those before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final

from cc_metrics.measures import fixed_mix, usual
from cc_metrics.measures.months import months_later
from cc_metrics.measures.shares import share
from cc_metrics.model.intervals import days_between
from cc_metrics.model.report import Row
from cc_metrics.reporting.past import Counted, Past, Subject, together

_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Before:
    """An earlier stretch by its public name."""

    name: str
    days: Sequence[date]


def rows(past: Past, subjects: Iterable[Subject]) -> list[Row]:
    """The public columns; none where nothing before the period is known, or it is no whole day, week or month."""
    days = past.days()
    stretches = [stretch for stretch in _stretches(days) if _is_known(past, stretch.days)] if days else []
    if not stretches or not _is_known(past, days):
        return []
    alike = past.usual_days(days[0]) if len(days) == 1 else []
    found: list[Row] = []
    for subject in subjects:
        counts = past.daily(subject, {*days, *alike, *(day for stretch in stretches for day in stretch.days)})
        now, told = _pooled(counts, days), past.telling(subject)
        usual_days = [_pooled(counts, [day]) for day in alike if day in told]
        for stretch in stretches:
            if told.intersection(stretch.days):
                found += _compared(subject, stretch, now, _pooled(counts, stretch.days), usual_days)
    return found


def mix(past: Past, subject: Subject) -> list[Row]:
    """The level of a whole month had its tiers the month before's shares of the calls, where those moved."""
    days = past.days()
    if not days or not _is_month(days) or "tier" not in past.sources[0].scope.opened.dimensions:
        return []
    month_before = _month(months_later(days[0], -1))
    if not _is_known(past, month_before) or not past.telling(subject, ("tier",)).intersection(month_before):
        return []
    now, before = (_by_tier(past, subject, part) for part in (days, month_before))
    if not now or not before or not fixed_mix.moved(now, before):
        return []
    level, owed = fixed_mix.level(now, before), sum(owed for _, owed in now.values())
    if level is None:
        return []
    value = Fraction(sum(kept for kept, _ in now.values()), owed)
    return [
        _row(subject, "service_level", Before("fixed_mix", month_before))
        | _difference(value, level, owed)
        | {"value": float(value), "before": float(level)}
    ]


def _by_tier(past: Past, subject: Subject, days: Sequence[date]) -> dict[str | None, tuple[int, int]]:
    """Counted and settled by tier; empty where they are not known."""
    found: dict[str | None, tuple[int, int]] = {}
    for row in past.rows(subject, days, "1mo", ("tier",)):
        parts = subject.parts(row)
        if parts is None:
            return {}
        kept, owed = found.get(row["d0"], (0, 0))
        found[row["d0"]] = kept + parts[0], owed + parts[1]
    return found if any(owed for _, owed in found.values()) else {}


def _stretches(days: Sequence[date]) -> list[Before]:
    """What a period of whole days is compared with."""
    first = days[0]
    if len(days) == 1:
        back = {"day_before": 1, "week_before": _WEEK}
        return [Before(name, [first - timedelta(days=number)]) for name, number in back.items()]
    if _is_month(days):
        return [Before("period_before", _month(months_later(first, -1)))]
    if len(days) % _WEEK == 0 and first.weekday() == 0:
        return [Before("period_before", [day - timedelta(days=len(days)) for day in days])]
    return []


def _month(first: date) -> list[date]:
    return days_between(first, months_later(first, 1) - timedelta(days=1))


def _is_month(days: Sequence[date]) -> bool:
    return days[0].day == 1 and list(days) == _month(days[0])


def _is_known(past: Past, days: Sequence[date]) -> bool:
    """Whether the data tell all of a stretch, and there were calls in it."""
    known = past.known
    return all(day in known or _is_closed(past, day) for day in days) and any(day in known for day in days)


def _is_closed(past: Past, day: date) -> bool:
    return past.covered.get(day, False) and all(day not in source.touched for source in past.sources)


def _pooled(counts: dict[date, Counted], days: Iterable[date]) -> Counted:
    """Some days as one; one without calls of the kind counts as none."""
    return together(counts.get(day, Counted(0, (0, 0))) for day in days)


def _compared(
    subject: Subject, stretch: Before, now: Counted, before: Counted, usual_days: Sequence[Counted]
) -> list[Row]:
    """The share, and for all calls of the report their number too."""
    found = list[Row]()
    if now.parts and before.parts and now.parts[1] and before.parts[1]:
        value, then = Fraction(*now.parts), Fraction(*before.parts)
        levels = [Fraction(*day.parts) for day in usual_days if day.parts and day.parts[1]]
        found.append(
            _row(subject, subject.measure, stretch)
            | {"value": share(*now.parts), "before": share(*before.parts)}
            | _difference(value, then, now.parts[1])
            | _range(levels)
            | {"word": usual.word(value, levels, lower_is_better=subject.measure != "service_level")}
        )
    if subject.promise is None and now.offered is not None and before.offered is not None:
        numbers = [Fraction(day.offered) for day in usual_days if day.offered is not None]
        found.append(
            _row(subject, "offered", stretch)
            | {"value": now.offered, "before": before.offered, "items": now.offered - before.offered}
            | _range(numbers)
        )
    return found


def _row(subject: Subject, figure: str, stretch: Before) -> dict[str, Any]:
    return {
        "promise": subject.promise.name if subject.promise else None,
        "figure": figure,
        "with": stretch.name,
        "start": stretch.days[0].isoformat(),
        **dict.fromkeys(("value", "before", "points", "items", "low", "high", "days", "word")),
    }


def _difference(value: Fraction, before: Fraction, settled: int) -> dict[str, float]:
    return {"points": float(value - before), "items": float((value - before) * settled)}


def _range(values: Sequence[Fraction]) -> dict[str, Any]:
    if len(values) < usual.FEWEST:
        return {"low": None, "high": None, "days": len(values) or None}
    return {"low": float(min(values)), "high": float(max(values)), "days": len(values)}
