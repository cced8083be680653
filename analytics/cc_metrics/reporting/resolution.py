"""First-call resolution in a report: rows by group, the latest settled days, what each promise needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from cc_metrics.language import said
from cc_metrics.measures import first_call_resolution as fcr
from cc_metrics.measures.coverage import Coverage, Day
from cc_metrics.measures.shares import seconds, share
from cc_metrics.model import zones
from cc_metrics.model.durations import spoken
from cc_metrics.model.intervals import Period, bucket_sql, days_between
from cc_metrics.model.promise import Promise, ResolutionTerms
from cc_metrics.model.report import Row
from cc_metrics.reporting.tables import Scope
from cc_metrics.store.resolution import Counted, Estimate, Resolution

LEAST_COVERAGE: Final = 0.5
LATEST: Final = 31  # days back that are looked at for the latest settled ones


@dataclass(frozen=True, slots=True)
class Settled:
    """Counts of the settled calls of some days: (resolved, eligible, too recent), the days they are of."""

    counts: Mapping[str, int]
    days: tuple[date, ...]
    whole: bool  # every window of the period is closed


def watch(
    days: Sequence[Day], coverage: Coverage, as_of_ms: int, offsets: zones.Offsets, whole_ms: int | None = None
) -> fcr.Watch:
    """What the data observed: unobserved days as stretches, neighbours joined."""
    spans: list[tuple[int, int]] = []
    for day in coverage.unobserved:
        start, end = zones.day_start(day, offsets), zones.day_start(day + timedelta(days=1), offsets)
        if spans and spans[-1][1] == start:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return fcr.Watch(as_of_ms, min(d.first_ms for d in days), max(d.last_ms for d in days), tuple(spans), whole_ms)


class Resolved:
    """First-call resolution of one reading, asked for by terms; each set of terms runs over the calls once."""

    def __init__(self, scope: Scope, resolution: Resolution) -> None:
        self.scope, self._resolution = scope, resolution
        self._counted: dict[ResolutionTerms, Counted] = {}
        self._expected: dict[ResolutionTerms, dict[str, list[str]]] = {}

    def expect(self, promise: Promise, conditions: Sequence[str]) -> None:
        """Have the customers behind a promise grouped when its terms are counted."""
        self._expected.setdefault(_plain(promise.resolution), {})[promise.name] = list(conditions)

    def customers_of(self, terms: ResolutionTerms, promise: Promise) -> Sequence[tuple[int, int, int]]:
        """(resolved, settled, customers) behind a promise that was expected."""
        plain = _plain(terms)
        names = list(self._expected.get(plain, {}))
        return self._counted[plain].customers[names.index(promise.name)] if promise.name in names else ()

    def count(self, terms: ResolutionTerms, by: Sequence[str], every: str) -> Counted:
        """Count by *terms* once, with Kaplan-Meier for the groups asked for and customers for the promises."""
        plain = _plain(terms)
        if plain not in self._counted:
            customers = self._expected.get(plain, {}).values()
            opened, scope = self.scope.opened, self.scope
            dimensions = {f"d{i}": opened.column(name) for i, name in enumerate(scope.dimensions(by))}
            estimate = Estimate(dimensions, every, scope.period, scope.conditions)
            sets = [" AND ".join(["TRUE", scope.period.sql("e"), *conditions]) for conditions in customers]
            self._counted[plain] = self._resolution.count(plain, estimate, sets)
        return self._counted[plain]

    def never_answered(self) -> list[str]:
        """A sentence for each window by which issues were counted, where some were never answered."""
        return [
            said(
                "{n:,} issues by a window of {window} were never answered; they are counted apart, over all calls "
                "given, and in no share",
                n=counted.never_answered,
                window=spoken(terms.window_ms),
            )
            for terms, counted in self._counted.items()
            if counted.never_answered
        ]

    def rows(self, terms: ResolutionTerms, by: Sequence[str], every: str) -> tuple[Row, ...]:
        """One row per interval of the calls' end and combination of dimensions."""
        scope, opened = self.scope, self.scope.opened
        counted = self.count(terms, by, every)
        names = scope.dimensions(by)
        dimensions = [f"{opened.column(name)} AS d{i}" for i, name in enumerate(names)]
        keys = ", ".join([f"{bucket_sql('start_ms', every, opened.offsets)} AS bucket", *dimensions])
        where = " AND ".join([scope.period.sql("start_ms"), *scope.conditions])
        by_key = ", ".join(["bucket", *(f"d{i}" for i in range(len(names)))])
        found = opened.engine.records(
            f"SELECT {keys}, {_sums()} FROM {counted.counts} WHERE {where} GROUP BY {by_key} "
            f"ORDER BY {', '.join(f'{k} NULLS LAST' for k in by_key.split(', '))}"
        )
        rates, starts = self._rates(terms, names, every), scope.starts(every)
        return tuple(self._row(r, starts(r["bucket"]), names, terms, counted, rates) for r in found)

    def _row(
        self,
        found: Mapping[str, Any],
        start: str | None,
        names: Sequence[str],
        terms: ResolutionTerms,
        counted: Counted,
        rates: Mapping[tuple[Any, ...], float | None],
    ) -> Row:
        opened = self.scope.opened
        group = (found["bucket"], *(found[f"d{i}"] for i in range(len(names))))
        settled = found["first_settled"] is not None
        edges = [found["first_settled"], found["last_settled"]] if settled else [None, None]
        return {
            "start": start,
            **{name: found[f"d{i}"] for i, name in enumerate(names)},
            "basis": "repeat",
            "unit": terms.unit,
            "window_s": seconds(terms.window_ms),
            **fcr.figures(found),
            "kaplan_meier": counted.estimates.get(group),
            "repeat_rate": rates.get(group),
            "settled_from": _date(edges[0], opened.offsets),
            "settled_to": _date(edges[1], opened.offsets),
        }

    def _rates(self, terms: ResolutionTerms, names: Sequence[str], every: str) -> dict[tuple[Any, ...], float | None]:
        if terms.repeat_calls is None:
            return {}
        opened, scope = self.scope.opened, self.scope
        table = self._resolution.repeat_rates(terms)
        keys = [bucket_sql("start_ms", every, opened.offsets), *(opened.column(name) for name in names)]
        where = " AND ".join([scope.period.sql("start_ms"), *scope.conditions])
        rows = opened.engine.rows(
            f"SELECT {', '.join(keys)}, CAST(sum(often) AS BIGINT), CAST(sum(with_key) AS BIGINT) "
            f"FROM {table} WHERE {where} GROUP BY ALL"
        )
        return {row[:-2]: share(row[-2], row[-1]) for row in rows}

    def repeats(self, terms: ResolutionTerms, conditions: Sequence[str]) -> tuple[int, int]:
        """(calls repeated often, answered calls with a key) of the period where conditions hold."""
        table = self._resolution.repeat_rates(terms)
        where = " AND ".join([self.scope.period.sql("start_ms"), *conditions])
        [row] = self.scope.opened.engine.rows(
            f"SELECT coalesce(CAST(sum(often) AS BIGINT), 0), coalesce(CAST(sum(with_key) AS BIGINT), 0) "
            f"FROM {table} WHERE {where}"
        )
        return int(row[0]), int(row[1])

    def settled(self, counted: Counted, terms: ResolutionTerms, conditions: Sequence[str], as_of: int) -> Settled:
        """The settled calls of the period; where none is settled, those of the latest settled days before it."""
        period = self.scope.period
        counts = self._sum(counted, period, conditions)
        whole = not counts["too_recent"]
        if counts["eligible"] or not counts["with_key"]:
            return Settled(counts, self._settled_days(counted, period, conditions), whole)
        days = self._latest(period, terms, as_of)
        if days is None:
            return Settled(counts, (), whole)
        earlier = self._sum(counted, days, conditions)
        if not earlier["eligible"]:
            return Settled(counts, (), whole)
        return Settled(earlier, self._settled_days(counted, days, conditions), whole=False)

    def _latest(self, period: Period, terms: ResolutionTerms, as_of: int) -> Period | None:
        """As many of the latest local days as the period has, all of whose windows are closed."""
        offsets = self.scope.opened.offsets
        wanted = len(days_between(*(zones.local_day(m, offsets) for m in (period.from_ms, period.to_ms - 1))))
        closed = min(as_of - terms.window_ms, period.from_ms)
        end = zones.day_start(zones.local_day(closed, offsets), offsets)
        start = zones.day_start(zones.local_day(end - 1, offsets) - timedelta(days=min(wanted, LATEST) - 1), offsets)
        return Period(start, end) if start < end else None

    def _sum(self, counted: Counted, period: Period, conditions: Sequence[str]) -> dict[str, int]:
        where = " AND ".join([period.sql("start_ms"), *conditions])
        [row] = self.scope.opened.engine.records(f"SELECT {_sums()} FROM {counted.counts} WHERE {where}")
        return {name: int(row[name] or 0) for name in fcr.COUNTS}

    def all_of(self, terms: ResolutionTerms, conditions: Sequence[str], days: Sequence[date]) -> dict[str, int]:
        """Counts of the period, or of some local days, first to last, where they lie before it."""
        offsets, period = self.scope.opened.offsets, self.scope.period
        if days:
            period = Period(zones.day_start(days[0], offsets), zones.day_start(days[-1] + timedelta(days=1), offsets))
        return self._sum(self.count(terms, (), "all"), period, conditions)

    def _settled_days(self, counted: Counted, period: Period, conditions: Sequence[str]) -> tuple[date, ...]:
        offsets = self.scope.opened.offsets
        where = " AND ".join([period.sql("start_ms"), "eligible > 0", *conditions])
        rows = self.scope.opened.engine.rows(
            f"SELECT DISTINCT {bucket_sql('start_ms', '1d', offsets)} FROM {counted.counts} WHERE {where} ORDER BY 1"
        )
        return tuple(zones.day_of(row[0]) for row in rows)

    def coverage(self, terms: ResolutionTerms, conditions: Sequence[str]) -> tuple[int, int]:
        """(answered calls with a key, answered calls) of the period: below one half nothing is judged."""
        calls = [t for t in self._counted if t.unit == "call" and t.key == terms.key]
        counts = self._sum(
            self.count((*calls, replace(terms, unit="call"))[0], (), "all"), self.scope.period, conditions
        )
        return counts["with_key"], counts["answered"]


def _plain(terms: ResolutionTerms) -> ResolutionTerms:
    """The terms that decide which calls are resolved, without those of other figures."""
    return replace(terms, repeat_calls=None, not_resolvable={})


def _sums() -> str:
    sums = [f"CAST(sum({name}) AS BIGINT) AS {name}" for name in fcr.COUNTS]
    edges = [
        f"{f}(start_ms) FILTER (WHERE eligible > 0) AS {n}_settled" for f, n in (("min", "first"), ("max", "last"))
    ]
    return ", ".join([*sums, *edges])


def _date(moment: int | None, offsets: zones.Offsets) -> str | None:
    return None if moment is None else zones.local_day(moment, offsets).isoformat()
