"""The days that are known whole, of the report's own data and of earlier summaries, and what was counted on them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from cc_metrics.measures import coverage, handling, service_level, traffic, usual
from cc_metrics.model.intervals import Period
from cc_metrics.model.promise import Policy, Promise, ServiceTerms
from cc_metrics.model.report import Row
from cc_metrics.model.zones import Offsets, day_of, day_start
from cc_metrics.reporting.docket import Docket, conditions
from cc_metrics.reporting.request import Request
from cc_metrics.reporting.tables import Scope

if TYPE_CHECKING:
    from cc_metrics.store.opened import Opened

Parts = tuple[int, int]
"""Counted and settled: the numerator and the denominator of a share."""

_ABANDONED: Final[Mapping[str, Callable[..., Parts]]] = {
    "abandonment": traffic.abandonment_parts,
    "abandoned_of_offered": traffic.abandoned_of_offered_parts,
}
SHARES: Final = ("service_level", *_ABANDONED)
"""The measures whose days add up to a share of calls."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose calls are counted and how: those of a *promise*, or (None) all calls of a report by its own terms.

    All calls are those of voice where there is more than one channel and the report was not asked for one of them:
    channels are never pooled.
    """

    promise: Promise | None
    terms: ServiceTerms

    @property
    def measure(self) -> str:
        """What is measured."""
        return self.promise.measure if self.promise else "service_level"

    def conditions(self, scope: Scope) -> list[str]:
        """SQL conditions on the calls meant, in the data of a scope."""
        if self.promise:
            return conditions(scope, self.promise)
        return [*scope.conditions, *(scope.opened.voice() if scope.by_channel else [])]

    def told_by(self, scope: Scope, by: Sequence[str] = ()) -> bool:
        """Whether the data hold every dimension that the promise speaks of, and those of *by*."""
        named = (*(self.promise.selection.dimensions() if self.promise else ()), *by)
        return all(name in scope.opened.dimensions for name in named)

    def needs(self, *, handled: bool) -> dict[str, str]:
        """The aggregates over summary rows, alias -> SQL; those of handle time too where it is *handled*."""
        return service_level.needs(self.terms) | (handling.needs(self.terms) if handled else {})

    def parts(self, row: Mapping[str, Any]) -> Parts | None:
        """Counted and settled of one group; None where they are not known."""
        if self.measure == "service_level":
            return service_level.share_parts(row, self.terms, self.terms.formula)
        floor = self.terms.short_abandon_ms > 0
        if any(row[name] is None for name in _taken(self.terms, floor=floor)):
            return None
        lost = ("abandoned", "redirected") if self.terms.redirected == "abandoned" else ("abandoned",)
        if floor and any(row[f"{word}_without_wait"] for word in lost):
            return None
        return _ABANDONED[self.measure](row, self.terms, floor=floor)


def _taken(terms: ServiceTerms, *, floor: bool) -> tuple[str, ...]:
    """The counts that a share of abandoned calls is made of."""
    taken = ("answered", "abandoned", "redirected", *(["short_abandoned"] if floor else []))
    return (*taken, "short_redirected") if floor and terms.redirected == "abandoned" else taken


def offered(row: Mapping[str, Any]) -> int | None:
    """Calls offered in one group; None where they are not known."""
    counts = [row["answered"], row["abandoned"], row["redirected"]]
    return None if None in counts else sum(counts)


@dataclass(frozen=True, slots=True)
class Counted:
    """A day or a stretch: calls offered, and counted of settled, None where not known."""

    offered: int | None
    parts: Parts | None


@dataclass(frozen=True, slots=True)
class Source:
    """Data with the days that they touch and that are taken from them, and of those the *days* known whole."""

    scope: Scope
    touched: frozenset[date]
    days: frozenset[date]


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of the days up to the end of a report's *period*: its own data first, then earlier summaries.

    *covered* says of each date whether the data tell all of it, a closed day among them.
    """

    sources: tuple[Source, ...]
    period: Period
    covered: Mapping[date, bool]
    offsets: Offsets
    policy: Policy
    _off: dict[date, bool] = field(default_factory=dict, repr=False)

    @property
    def known(self) -> frozenset[date]:
        """The days with calls that are known whole."""
        return frozenset(day for source in self.sources for day in source.days)

    def days(self) -> list[date]:
        """The whole local days that the period is made of; none where it begins or ends within one."""
        first, last = (day_of(self.offsets.local(edge)) for edge in (self.period.from_ms, self.period.to_ms))
        if self.moment(first) != self.period.from_ms or self.moment(last) != self.period.to_ms:
            return []
        return [first + timedelta(days=n) for n in range((last - first).days)]

    def moment(self, day: date) -> int:
        """UTC ms at which a local date begins."""
        return day_start(day, self.offsets)

    def off(self, day: date) -> bool:
        """Whether a date is a public holiday of the policy, or closed."""
        if day not in self._off:
            calendar = self.policy.calendar
            holiday = calendar is not None and day in coverage.public_holidays(calendar, day, day)
            self._off[day] = day in self.policy.closed or holiday
        return self._off[day]

    def usual_days(self, day: date) -> list[date]:
        """Those of the last 8 same weekdays before a day that are known, none where they are too few."""
        return usual.known_weekdays(day, self.known, self.off)

    def telling(self, subject: Subject, by: Sequence[str] = ()) -> frozenset[date]:
        """The known days whose data hold what a subject and some dimensions need."""
        return frozenset(day for source in self.sources if subject.told_by(source.scope, by) for day in source.days)

    def daily(self, subject: Subject, days: Iterable[date]) -> dict[date, Counted]:
        """What was counted on each of some days that are known."""
        found = {}
        for row in self.rows(subject, days, "1d", handled=False):
            found[day_of(row["bucket"])] = Counted(offered(row), subject.parts(row))
        return found

    def rows(
        self, subject: Subject, days: Iterable[date], every: str, by: Sequence[str] = (), *, handled: bool = True
    ) -> list[Row]:
        """Groups of the calls on some days that are known; none of data that do not hold the dimensions."""
        wanted, found = set(days), list[Row]()
        for source in self.sources:
            inside, opened = sorted(wanted & source.days), source.scope.opened
            if not inside or not subject.told_by(source.scope, by) or opened.cuts(every):
                continue
            chosen = [_on(inside, self.moment), *subject.conditions(source.scope)]
            found += opened.roll_up(subject.needs(handled=handled), by, every, None, chosen, subject.terms)
        return found


def _on(days: Sequence[date], moment: Callable[[date], int]) -> str:
    """SQL that holds for summary rows of some days, neighbouring ones as one stretch."""
    spans: list[tuple[int, int]] = []
    for day in days:
        start, end = moment(day), moment(day + timedelta(days=1))
        if spans and spans[-1][1] == start:
            start = spans.pop()[0]
        spans.append((start, end))
    return f"({' OR '.join(Period(*span).sql('start_ms') for span in spans)})"


def together(days: Iterable[Counted]) -> Counted:
    """Several days as one; what is not known of one of them is not known."""
    counted = list(days)
    numbers = [day.offered for day in counted if day.offered is not None]
    parts = [day.parts for day in counted if day.parts is not None]
    pooled = (sum(k for k, _ in parts), sum(s for _, s in parts)) if len(parts) == len(counted) else None
    return Counted(sum(numbers) if len(numbers) == len(counted) else None, pooled)


def known(docket: Docket, policy: Policy, request: Request, earlier: "Opened | None") -> Past:
    """The past of a report; *earlier* are summaries of days before it, or None."""
    scope = docket.scope
    opened = scope.opened
    own, before = opened.days(), earlier.days() if earlier else []
    held = {day.day for day in own}
    joined = sorted([*(day for day in before if day.day not in held), *own], key=lambda day: day.day)
    found = coverage.cover(joined, opened.offsets, policy.closed, policy.open_hours, policy.calendar)
    covered = dict(found.covered) if found else {}
    if joined and coverage.begins_late(joined, opened.offsets):
        covered[joined[0].day] = False

    def whole(days: Iterable[date]) -> frozenset[date]:
        ends = {day: day_start(day + timedelta(days=1), opened.offsets) for day in days if covered.get(day, False)}
        return frozenset(day for day, end in ends.items() if end <= docket.as_of_ms)

    voice = scope.by_channel and "channel" not in request.where
    sources = [Source(replace(scope, by_channel=voice), frozenset(held), whole(held))]
    if earlier and all(name in earlier.dimensions for name in request.where):
        chosen = tuple(earlier.condition(request.where))
        others = frozenset(day.day for day in before) - held
        there = replace(scope, opened=earlier, conditions=chosen, by_channel=voice)
        sources.append(Source(there, others, whole(others)))
    return Past(tuple(sources), scope.period, covered, opened.offsets, policy)
