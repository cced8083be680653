"""Runs first-call resolution over the accepted calls and keeps what adds up, for any roll-up after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cc_metrics.measures import first_call_resolution as fcr
from cc_metrics.model.durations import QUARTER_HOUR
from cc_metrics.model.intervals import Period, bucket_sql
from cc_metrics.model.promise import ResolutionTerms
from cc_metrics.model.zones import Offsets
from cc_metrics.store.accounted import ACCEPTED
from cc_metrics.store.engine import Engine

ROWS_A_PART: Final = 40_000_000
FEW: Final = 250  # values of a dimension that fit one byte
BELOW_A_DAY: Final = ("15m", "30m", "1h")  # an estimate of a quarter-hour would say nothing


@dataclass(frozen=True, slots=True)
class Estimate:
    """Kaplan-Meier asked for: groups of a report (alias -> column), interval, period and conditions."""

    dimensions: Mapping[str, str]
    every: str
    period: Period
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """Tables left behind: counts by quarter-hour of the end, Kaplan-Meier by group, customers by (y, n).

    *never_answered* counts issues of all rows given that nobody ever answered; None for unit call.
    """

    counts: str
    estimates: dict[tuple[Any, ...], float | None]
    customers: list[list[tuple[int, int, int]]]
    never_answered: int | None = None


class Resolution:
    """First-call resolution of one reading. *conditions* choose the judged calls, never the repeats looked up."""

    def __init__(
        self,
        engine: Engine,
        table: str,
        offsets: Offsets,
        watch: fcr.Watch,
        rows: int,
        dimensions: Sequence[str],
        *,
        legs: bool,
    ) -> None:
        self.dimensions = tuple(dimensions)
        self._table = table  # the summary, which knows the dimensions' values
        self._codes: dict[str, str] = {}
        self._engine, self._offsets, self._watch, self._legs = engine, offsets, watch, legs
        self._parts = max(1, -(-rows // ROWS_A_PART))

    def count(
        self, terms: ResolutionTerms, dimensions: Sequence[str], estimate: Estimate, customers: Sequence[str] = ()
    ) -> Counted:
        """Judge every answered call (or issue) once, in as many parts as keep memory bounded.

        *customers*: one SQL condition on judged rows for each set whose customers are to be grouped.
        """
        table, counts = self._engine.new_name("judged"), self._engine.new_name("fcr")
        condition = " AND ".join([estimate.period.sql("e"), *estimate.conditions])
        bucket = bucket_sql("e", estimate.every, self._offsets)
        timed = estimate.every not in BELOW_A_DAY
        groups = fcr.Groups(bucket, estimate.dimensions, condition, tuple(customers), timed)
        source = self._source(terms, dimensions, hashed=True)
        self._judge(table, terms, dimensions, source, groups)
        if self._engine.value(f"SELECT CAST(coalesce(sum(mixed), 0) AS BIGINT) FROM {table}"):
            self._engine.run(f"DROP TABLE {table}")  # two customers share a hash
            source = self._source(terms, dimensions)
            self._judge(table, terms, dimensions, source, groups)
        keys = ", ".join(["start_ms", *(f"CAST({d} AS VARCHAR) AS {d}" for d in dimensions)])
        figures = ", ".join(fcr.COUNTS[1:])
        self._engine.run(
            f"CREATE TEMP TABLE {counts} AS SELECT {keys}, with_key AS answered, {figures} "
            f"FROM {table} WHERE kind = {fcr.COUNTED}"
        )
        if terms.unit == "call":
            self._engine.run(f"INSERT INTO {counts} {self._without_key(source, dimensions)}")
        sql = fcr.kaplan_meier_sql(table, ["bucket", *estimate.dimensions], terms.window_ms)
        estimates = {row[:-1]: row[-1] for row in self._engine.rows(sql)} if timed else {}
        found = [self._customers(table, number) for number in range(len(customers))]
        self._engine.run(f"DROP TABLE {table}")
        return Counted(counts, estimates, found, self._never_answered(terms, counts))

    def _never_answered(self, terms: ResolutionTerms, counts: str) -> int | None:
        """Issues without any answered call, counted apart: they are in no denominator."""
        if terms.unit == "call":
            return None
        source = self._source(terms, ())
        question = self._question(terms, (), source)
        issues = sum(self._engine.value(fcr.issues_sql(question, source, part)) for part in range(self._parts))
        return int(issues - self._engine.value(f"SELECT coalesce(CAST(sum(with_key) AS BIGINT), 0) FROM {counts}"))

    def _judge(
        self, table: str, terms: ResolutionTerms, dimensions: Sequence[str], source: str, groups: fcr.Groups
    ) -> None:
        question = self._question(terms, dimensions, source)
        for part in range(self._parts):
            sql = fcr.counted_sql(fcr.judged_sql(question, source, part), question, groups)
            self._engine.run(f"CREATE TEMP TABLE {table} AS {sql}" if not part else f"INSERT INTO {table} {sql}")

    def _question(self, terms: ResolutionTerms, dimensions: Sequence[str], source: str) -> fcr.Question:
        """The question, with the customers whose calls may have legs."""
        transferred = None
        if self._legs:
            transferred = self._engine.new_name("transferred")
            self._engine.run(
                f"CREATE TEMP TABLE {transferred} AS "
                f"SELECT DISTINCT k FROM {source} WHERE transferred AND name IS NOT NULL"
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
        where = " AND ".join([period.sql("e"), *conditions])
        sql = f"SELECT count(name), count(*) FROM {source} s WHERE a AND {where}"
        [(known, answered)] = self._engine.rows(sql)
        if self._legs:  # a call in legs is one call
            question = self._question(ResolutionTerms(terms.window_ms, key=terms.key), self.dimensions, source)
            heads = " UNION ALL ".join(fcr.judged_sql(question, source, part) for part in range(self._parts))
            joined = int(self._engine.value(f"SELECT count(*) FROM ({heads}) heads WHERE {where}"))
            known, answered = joined, answered - known + joined
        return int(known), int(answered)

    def _source(self, terms: ResolutionTerms, dimensions: Sequence[str], *, hashed: bool = False) -> str:
        """Calls as contacts of a customer: name, key k (its hash sorts twice as fast), start, end, answered."""
        name = fcr.key_sql(terms.key, self._engine.keep("\x1f"))
        ends = "offered_ms + coalesce(wait_ms, 0) + coalesce(talk_ms, 0) + coalesce(hold_ms, 0)"
        key = f"hash({name})" if hashed else name
        columns = [f"{name} AS name", f"{key} AS k", "offered_ms AS s", f"{ends} AS e", "call_id"]
        columns += ["outcome = 'answered' AS a", *(["transferred"] if self._legs else [])]
        return f"(SELECT {', '.join([*columns, *(self._coded(d) for d in dimensions)])} FROM {ACCEPTED})"

    def _coded(self, dimension: str) -> str:
        """A dimension of few values as a type of one byte: what is sorted and grouped gets smaller."""
        if dimension not in self._codes:
            values = f"SELECT DISTINCT {dimension} FROM {self._table} WHERE {dimension} IS NOT NULL"
            number = self._engine.value(f"SELECT count(*) FROM ({values}) v")
            self._codes[dimension] = self._engine.new_name("code") if 0 < number <= FEW else ""
            if self._codes[dimension]:
                self._engine.run(f"CREATE TYPE {self._codes[dimension]} AS ENUM ({values} ORDER BY 1)")
        code = self._codes[dimension]
        return f"CAST({dimension} AS {code}) AS {dimension}" if code else dimension

    def _without_key(self, source: str, dimensions: Sequence[str]) -> str:
        """Answered calls whose customer is not known count as answered and nowhere else."""
        keys = ", ".join([f"e - e % {QUARTER_HOUR} AS start_ms", *dimensions])
        zeros = ", ".join(f"0 AS {name}" for name in fcr.COUNTS[1:])
        return f"SELECT {keys}, count(*) AS answered, {zeros} FROM {source} s WHERE a AND name IS NULL GROUP BY ALL"
