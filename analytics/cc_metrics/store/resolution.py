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
        self, terms: ResolutionTerms, dimensions: Sequence[str], estimate: Estimate, customers: Sequence[str] = ()
    ) -> Counted:
        """Judge every answered call (or issue) once, in as many parts as keep memory bounded.

        *customers*: one SQL condition on judged rows for each set whose customers are to be grouped.
        """
        source = self._source(terms, dimensions)
        table, counts = self._engine.new_name("judged"), self._engine.new_name("fcr")
        condition = " AND ".join([estimate.period.sql("e"), *estimate.conditions])
        bucket = bucket_sql("e", estimate.every, self._offsets)
        groups = fcr.Groups(bucket, estimate.dimensions, condition, tuple(customers))
        question = self._question(terms, dimensions, source)
        for part in range(self._parts):
            sql = fcr.counted_sql(fcr.judged_sql(question, source, part), question, groups)
            self._engine.run(f"CREATE TEMP TABLE {table} AS {sql}" if not part else f"INSERT INTO {table} {sql}")
        keys = ", ".join(["start_ms", *dimensions])
        figures = ", ".join(fcr.COUNTS[1:])
        self._engine.run(
            f"CREATE TEMP TABLE {counts} AS SELECT {keys}, with_key AS answered, {figures} "
            f"FROM {table} WHERE kind = {fcr.COUNTED}"
        )
        if terms.unit == "call":
            self._engine.run(f"INSERT INTO {counts} {self._without_key(source, dimensions)}")
        sql = fcr.kaplan_meier_sql(table, ["bucket", *estimate.dimensions], terms.window_ms)
        estimates = {row[:-1]: row[-1] for row in self._engine.rows(sql)}
        found = [self._customers(table, number) for number in range(len(customers))]
        self._engine.run(f"DROP TABLE {table}")
        return Counted(counts, estimates, found)

    def _question(self, terms: ResolutionTerms, dimensions: Sequence[str], source: str) -> fcr.Question:
        """The question, with the customers whose calls may have legs."""
        transferred = None
        if self._legs:
            transferred = self._engine.new_name("transferred")
            self._engine.run(
                f"CREATE TEMP TABLE {transferred} AS "
                f"SELECT DISTINCT k FROM {source} WHERE transferred AND k IS NOT NULL"
            )
        return fcr.Question(terms, self._watch, tuple(dimensions), transferred, self._parts)

    def _customers(self, table: str, number: int) -> list[tuple[int, int, int]]:
        """How many customers have so many resolved of so many settled calls."""
        rows = self._engine.rows(
            f"SELECT y{number}, n{number}, count(*) FROM {table} WHERE kind = {fcr.BY_CUSTOMER} AND n{number} > 0 "
            "GROUP BY 1, 2 ORDER BY 1, 2"
        )
        return [(resolved, settled, customers) for resolved, settled, customers in rows]

    def repeat_rates(self, terms: ResolutionTerms, dimensions: Sequence[str]) -> str:
        """A table of answered calls with a key and of those that were repeated often, by quarter-hour of the end."""
        source, table = self._source(terms, dimensions), self._engine.new_name("often")
        question = self._question(terms, dimensions, source)
        names = ", ".join([f"e - e % {QUARTER_HOUR} AS start_ms", *dimensions])
        for part in range(self._parts):
            rows = fcr.repeat_rate_sql(question, source, part)
            sql = (
                f"SELECT {names}, count(*) AS with_key, count(*) FILTER (WHERE often) AS often "
                f"FROM ({rows}) r GROUP BY ALL"
            )
            self._engine.run(f"CREATE TEMP TABLE {table} AS {sql}" if not part else f"INSERT INTO {table} {sql}")
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
