"""Cases, attempts, answers and bases as promises are judged by them: what was opened, the period, what it covers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from cc_metrics.measures.coverage import Coverage, cover
from cc_metrics.model.cases import CASES
from cc_metrics.model.intervals import Period
from cc_metrics.model.promise import Promise
from cc_metrics.model.zones import day_start
from cc_metrics.reporting import period
from cc_metrics.reporting.period import Span
from cc_metrics.store.opened_cases import OpenedCases

_LONGEST: Final = 31  # days


@dataclass(frozen=True, slots=True)
class Ledger:
    """A canonical table as it was opened, its period, and the conditions that hold for all of it.

    From *known_from_ms* on a day without rows is a day on which nothing happened.
    """

    opened: OpenedCases
    judged: period.Judged
    conditions: tuple[str, ...] = ()
    known_from_ms: int = 0

    @property
    def period(self) -> Period:
        """The period spoken of."""
        return self.judged.period

    @property
    def as_of_ms(self) -> int:
        """Up to when anything is known."""
        return self.judged.as_of_ms

    def inside(self, moment: str) -> str:
        """SQL that holds for the moments in the period, up to when anything is known."""
        return f"({self.period.sql(moment)} AND {moment} <= {self.as_of_ms})"

    @property
    def last_ms(self) -> int:
        """The last moment of the period that is known."""
        return min(self.period.to_ms - 1, self.as_of_ms)

    def where(self, promise: Promise) -> list[str]:
        """SQL conditions of a promise's rows."""
        return [*self.conditions, *self.opened.selected(promise.selection)]

    def between(self, start: int, end: int) -> "Ledger":
        """The same for a part of the period."""
        part = Period(max(start, self.period.from_ms), min(end, self.period.to_ms))
        return replace(self, judged=replace(self.judged, period=part))


def ledger(opened: OpenedCases, span: Span, where: Mapping[str, Sequence[str]]) -> Ledger:
    """What was opened with its period: that asked for, else the whole days it touches.

    Only cases must cover their period: a survey, a list of attempts or a base has no day without rows.
    """
    days = opened.days()
    coverage = cover(days, opened.offsets, opened.policy.closed, None, opened.policy.calendar)
    known_from = 0
    if coverage is not None:
        before = _quiet_before([found.day for found in days])
        coverage = replace(coverage, covered={**dict.fromkeys(before, True), **coverage.covered})
        known_from = day_start(min(coverage.covered), opened.offsets)
    if coverage is not None and opened.kind is not CASES:
        last = max(coverage.covered)
        end = day_start(date.fromordinal(last.toordinal() + 1), opened.offsets)
        coverage = Coverage(dict.fromkeys(coverage.covered, True), end, {}, ())
    judged = period.judge(span, days, coverage, opened.offsets, opened.zone)
    known = {name: tuple(values) for name, values in where.items() if name in opened.dimensions}
    return Ledger(opened, judged, tuple(opened.condition(known)), known_from)


def _quiet_before(days: Sequence[date]) -> list[date]:
    """The days before the first that are as likely known as any without rows: as many as the longest gap has, or 31.

    >>> _quiet_before([date(2013, 8, 5), date(2013, 8, 8), date(2013, 8, 9)])
    [datetime.date(2013, 8, 3), datetime.date(2013, 8, 4)]
    """
    gaps = [(later - day).days - 1 for day, later in pairwise(days)]
    return [days[0] - timedelta(days=n) for n in range(min(max(gaps, default=0), _LONGEST), 0, -1)]


@dataclass(frozen=True, slots=True)
class Ledgers:
    """Everything beside calls that a report was given, by the canonical tables' names."""

    of: Mapping[str, Ledger] = field(default_factory=dict)

    def since(self, day: date) -> "tuple[Ledgers, Ledgers]":
        """The same before a local day and from it on."""
        before, after = dict[str, Ledger](), dict[str, Ledger]()
        for name, found in self.of.items():
            edge = day_start(day, found.opened.offsets)
            before[name] = found.between(found.period.from_ms, edge)
            after[name] = found.between(edge, found.period.to_ms)
        return Ledgers(before), Ledgers(after)
