"""Runs first-call resolution over the accepted calls and keeps what adds up, for any roll-up after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cc_metrics.measures import first_call_resolution as fcr
from cc_metrics.model.durations import QUARTER_HOUR
from cc_metrics.model.intervals import Period, bucket_sql
from cc_metrics.model.promise import ResolutionTerms
from cc_metrics.model.zones import Offsets
from cc_metrics.store.accounted import ACCEPTED
from cc_metrics.store.engine import Engine

ROWS_A_PART = 40_000_000


@dataclass(frozen=True, slots=True)
class Estimate:
    """Kaplan-Meier asked for: groups of a report (alias -> column), interval, period and conditions."""

    dimensions: Mapping[str, str]
    every: str
    period: Period
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """Tables left behind: counts by quarter-hour of the end, Kaplan-Meier by group, customers by (y, n)."""

    counts: str
    estimates: dict[tuple[Any, ...], float | None]
    customers: list[list[tuple[int, int, int]]]


class Resolution:
    """First-call resolution of one reading. *conditions* choose the judged calls, never the repeats looked up."""

    def __init__(
        self, engine: Engine, offsets: Offsets, watch: fcr.Watch, rows: int, dimensions: Sequence[str], *, legs: bool
    ) -> None:
        self.dimensions = tuple(dimensions)
        self._engine, self._offsets, self._watch, self._legs = engine, offsets, watch, legs
        self._parts = max(1, -(-rows // ROWS_A_PART))

    def count(
        self,
        terms: ResolutionTerms,
        dimensions: Sequence[str],
        estimate: Estimate | None = None,
        customers: Sequence[str] = (),
    ) -> Counted:
        """Judge every answered call (or issue) once, in as many parts as keep memory bounded.

        *customers*: one SQL condition on judged rows for each set whose customers are to be grouped.
        """
        question = fcr.Question(terms, self._watch, tuple(dimensions), self._legs, self._parts)
        source = self._source(terms, dimensions)
        counts, times, groups = (self._engine.new_name(p) for p in ("fcr", "times", "customers"))
        for part in range(self._parts):
            judged = self._engine.new_name("judged")
            self._engine.run(f"CREATE TEMP TABLE {judged} AS {fcr.judged_sql(question, source, part)}")
            self._add(counts, fcr.counts_sql(judged, dimensions))
            if estimate:
                self._add(times, self._times(judged, question, estimate))
            for number, condition in enumerate(customers):
                self._add(groups, _customers(judged, number, condition))
            self._engine.run(f"DROP TABLE {judged}")
        if terms.unit == "call":
            self._add(counts, self._without_key(source, dimensions))
        estimates = self._estimates(times, estimate, terms) if estimate else {}
        return Counted(counts, estimates, self._customers(groups, len(customers)))

    def repeat_rates(self, terms: ResolutionTerms, dimensions: Sequence[str]) -> str:
        """A table of answered calls with a key and of those that were repeated often, by quarter-hour of the end."""
        question = fcr.Question(terms, self._watch, tuple(dimensions), self._legs, self._parts)
        source, table = self._source(terms, dimensions), self._engine.new_name("often")
        names = ", ".join([f"e - e % {QUARTER_HOUR} AS start_ms", *dimensions])
        for part in range(self._parts):
            rows = fcr.repeat_rate_sql(question, source, part)
            self._add(
                table,
                f"SELECT {names}, count(*) AS with_key, count(*) FILTER (WHERE often) AS often "
                f"FROM ({rows}) r GROUP BY ALL",
            )
        return table

    def coverage(self, terms: ResolutionTerms, period: Period, conditions: Sequence[str]) -> tuple[int, int]:
        """(answered calls with a known key, answered calls) that ended in a period and fulfil conditions."""
        source = self._source(terms, self.dimensions)
        where = " AND ".join([period.sql("e"), "a", *conditions])
        [(known, answered)] = self._engine.rows(f"SELECT count(k), count(*) FROM {source} s WHERE {where}")
        return int(known), int(answered)

    def _source(self, terms: ResolutionTerms, dimensions: Sequence[str]) -> str:
        key = fcr.key_sql(terms.key, self._engine.keep("\x1f"))
        ends = "offered_ms + coalesce(wait_ms, 0) + coalesce(talk_ms, 0) + coalesce(hold_ms, 0)"
        columns = [f"{key} AS k", "offered_ms AS s", f"{ends} AS e", "call_id", "outcome = 'answered' AS a"]
        columns += ["transferred"] if self._legs else []
        return f"(SELECT {', '.join([*columns, *dimensions])} FROM {ACCEPTED})"

    def _without_key(self, source: str, dimensions: Sequence[str]) -> str:
        """Answered calls whose customer is not known count as answered and nowhere else."""
        keys = ", ".join([f"e - e % {QUARTER_HOUR} AS start_ms", *dimensions])
        zeros = ", ".join(f"0 AS {name}" for name in fcr.COUNTS[1:])
        return f"SELECT {keys}, count(*) AS answered, {zeros} FROM {source} s WHERE a AND k IS NULL GROUP BY ALL"

    def _times(self, judged: str, question: fcr.Question, estimate: Estimate) -> str:
        bucket = bucket_sql("e", estimate.every, self._offsets)
        columns = [f"{column} AS {alias}" for alias, column in estimate.dimensions.items()]
        condition = " AND ".join([estimate.period.sql("e"), *estimate.conditions])
        return fcr.times_sql(judged, question, bucket, columns, condition)

    def _estimates(self, times: str, estimate: Estimate, terms: ResolutionTerms) -> dict[tuple[Any, ...], float | None]:
        sql = fcr.kaplan_meier_sql(times, ["bucket", *estimate.dimensions], terms.window_ms)
        return {row[:-1]: row[-1] for row in self._engine.rows(sql)}

    def _customers(self, table: str, sets: int) -> list[list[tuple[int, int, int]]]:
        if not sets:
            return []
        found: list[list[tuple[int, int, int]]] = [[] for _ in range(sets)]
        for number, *group in self._engine.rows(
            f"SELECT number, resolved, settled, CAST(sum(customers) AS BIGINT) FROM {table} "
            "GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
        ):
            found[number].append((group[0], group[1], group[2]))
        return found

    def _add(self, table: str, sql: str) -> None:
        exists = self._engine.value(f"SELECT count(*) FROM duckdb_tables() WHERE table_name = '{table}'")
        self._engine.run(f"INSERT INTO {table} {sql}" if exists else f"CREATE TEMP TABLE {table} AS {sql}")


def _customers(judged: str, number: int, condition: str) -> str:
    each = (
        "SELECT k, count(*) FILTER (WHERE quiet) AS resolved, count(*) AS settled "
        f"FROM {judged} WHERE settled AND {condition} GROUP BY k"
    )
    return f"SELECT {number} AS number, resolved, settled, count(*) AS customers FROM ({each}) each_one GROUP BY ALL"
