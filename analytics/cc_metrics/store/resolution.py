"""Runs first-call resolution over the accepted calls and keeps what adds up, for any roll-up after it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cc_metrics.measures import first_call_resolution as fcr
from cc_metrics.measures.contacts import CUSTOMER, SEPARATOR, Contacts, Packing, contacts_sql, key_sql
from cc_metrics.measures.kaplan_meier import kaplan_meier_sql
from cc_metrics.measures.repeat_calls import often_sql
from cc_metrics.model.durations import QUARTER_HOUR
from cc_metrics.model.intervals import Period, bucket_sql
from cc_metrics.model.promise import ResolutionTerms
from cc_metrics.model.zones import Offsets
from cc_metrics.store.engine import Engine
from cc_metrics.store.relation import ACCEPTED

if TYPE_CHECKING:
    from cc_metrics.store.carried import Carried

ROWS_A_PART: Final = 30_000_000
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
    """First-call resolution of one reading. *conditions* choose the judged calls, never the repeats looked up.

    The contacts are made once for every key that is asked for, and kept; of many calls, share by share of the
    customers, so that memory and spill stay bounded.
    """

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
        carried: "Carried | None" = None,
    ) -> None:
        self._table, self._carried = table, carried  # the summary, which knows the dimensions' values
        self._engine, self._offsets, self._watch, self._legs = engine, offsets, watch, legs
        self._parts = max(1, -(-rows // ROWS_A_PART))
        self._columns = tuple(dimensions)
        self._dimensions = {name: self._coded(name) for name in dimensions}
        self._kept: dict[tuple[object, ...], Contacts] = {}

    def count(self, terms: ResolutionTerms, estimate: Estimate, customers: Sequence[str] = ()) -> Counted:
        """Judge every answered call (or issue) once.

        *customers*: one SQL condition on judged rows for each set whose customers are to be grouped.
        """
        condition = " AND ".join([estimate.period.sql("e"), *estimate.conditions])
        bucket = bucket_sql("e", estimate.every, self._offsets)
        timed = estimate.every not in BELOW_A_DAY
        groups = fcr.Groups(bucket, estimate.dimensions, condition, tuple(customers), timed)
        table = self._filled(terms, lambda c: fcr.counted_sql(fcr.Question(terms, self._watch, c), groups))
        counts, never = self._engine.new_name("fcr"), None
        figures = ", ".join(f"coalesce({name}, 0) AS {name}" for name in fcr.COUNTS[1:])
        self._engine.run(
            f"CREATE TEMP TABLE {counts} AS SELECT {', '.join(['start_ms', *self._words()])}, "
            f"coalesce(with_key, 0) + without_key AS answered, {figures} FROM {table} "
            f"WHERE kind = {fcr.COUNTED} AND answered > 0"
        )
        if terms.unit == "issue":
            issues = "SELECT coalesce(CAST(sum(opened) - sum(with_key) AS BIGINT), 0) FROM"
            never = int(self._engine.value(f"{issues} {table} WHERE kind = {fcr.COUNTED}"))
        times = f"SELECT *, with_key AS leaving FROM {table} WHERE kind = {fcr.TIMED} AND t IS NOT NULL"
        sql = kaplan_meier_sql(times, ["bucket", *estimate.dimensions], terms.window_ms)
        estimates = {row[:-1]: row[-1] for row in self._engine.rows(sql)} if timed else {}
        found = [self._customers(table, number) for number in range(len(customers))]
        self._engine.run(f"DROP TABLE {table}")
        return Counted(counts, estimates, found, never)

    def repeat_rates(self, terms: ResolutionTerms) -> str:
        """A table of answered calls with a key and of those that were repeated often, by quarter-hour of the end."""
        names = ", ".join([f"e - e % {QUARTER_HOUR} AS start_ms", *self._words()])
        return self._filled(
            terms,
            lambda contacts: (
                f"SELECT {names}, count(*) AS with_key, count(*) FILTER (WHERE often) AS often, "
                "count(*) FILTER (WHERE mixed) AS mixed "
                f"FROM ({often_sql(contacts, terms.repeat_calls or 0, terms.window_ms)}) calls GROUP BY ALL"
            ),
        )

    def _filled(self, terms: ResolutionTerms, sql: Callable[[Contacts], str]) -> str:
        """A table of what *sql* finds in every share; by the customers' names where two share a hash (*mixed*)."""
        table = self._engine.new_name("judged")
        for hashed in (True, False):
            for number, contacts in enumerate(self._shares(terms, hashed=hashed)):
                into = f"INSERT INTO {table}" if number else f"CREATE OR REPLACE TEMP TABLE {table} AS"
                self._engine.run(f"{into} {sql(contacts)}")
            if not self._engine.value(f"SELECT CAST(coalesce(sum(mixed), 0) AS BIGINT) FROM {table}"):
                break
        return table

    def _shares(self, terms: ResolutionTerms, *, hashed: bool) -> Iterator[Contacts]:
        """The contacts of each share of the customers; a single share is kept for the next question."""
        if self._parts == 1:
            found = (terms.key, hashed)
            if found not in self._kept:
                self._kept[found] = self._contacts(terms.key, 0, hashed=hashed)
            yield self._kept[found]
            return
        for part in range(self._parts):
            contacts = self._contacts(terms.key, part, hashed=hashed)
            yield contacts
            for table in filter(None, (contacts.table, contacts.transferred)):
                self._engine.run(f"DROP TABLE {table}")

    def _contacts(self, key: Sequence[str], part: int, *, hashed: bool) -> Contacts:
        """The table of contacts of one share, with a table of the customers whose calls may have legs."""
        first, last = self._watch.first_ms, self._watch.last_ms
        packing = Packing.of(first, last) if hashed else Packing(first)
        calls, name = self._calls(key)
        table, transferred = self._engine.new_name("contacts"), None
        sql = contacts_sql(calls, name, packing, self._dimensions, (part, self._parts))
        self._engine.run(f"CREATE TEMP TABLE {table} AS {sql}")
        if self._legs:
            transferred = self._engine.new_name("transferred")
            distinct = f"SELECT DISTINCT k FROM {table} WHERE transferred AND k IS NOT NULL"
            self._engine.run(f"CREATE TEMP TABLE {transferred} AS {distinct}")
        return Contacts(table, packing, tuple(self._dimensions), transferred)

    def _calls(self, key: Sequence[str]) -> tuple[str, str]:
        """SQL of the calls and of the name of their customers: hashed alike where some are carried over."""
        name = key_sql(key, self._engine.keep(SEPARATOR))
        if self._carried is None:
            return ACCEPTED, name
        hidden = self._carried.pseudonyms.sql(self._engine, name)
        return self._carried.source(key, hidden, self._columns), CUSTOMER

    def _customers(self, table: str, number: int) -> list[tuple[int, int, int]]:
        """How many customers have so many resolved of so many settled calls."""
        rows = self._engine.rows(
            f"SELECT y{number}, n{number}, count(*) FROM {table} WHERE kind = {fcr.BY_CUSTOMER} AND n{number} > 0 "
            "GROUP BY 1, 2 ORDER BY 1, 2"
        )
        return [(resolved, settled, customers) for resolved, settled, customers in rows]

    def _words(self) -> list[str]:
        """The dimensions as text again."""
        return [f"CAST({name} AS VARCHAR) AS {name}" for name in self._dimensions]

    def _coded(self, dimension: str) -> str:
        """SQL of a dimension, of few values as a type of one byte: what is sorted and grouped gets smaller."""
        values = self._engine.rows(f"SELECT DISTINCT {dimension} FROM {self._table} ORDER BY 1 LIMIT {FEW + 1}")
        words = [row[0] for row in values if row[0] is not None]
        if not 0 < len(words) <= FEW:
            return dimension
        code = self._engine.new_name("code")
        self._engine.run(f"CREATE TYPE {code} AS ENUM (SELECT unnest({self._engine.keep(words)}))")
        written = self._engine.keep(words[0]) if len(values) == 1 else dimension
        return f"CAST({written} AS {code})"
