"""What a report asks of its data, calls or summaries: groups of a summary, repeats, days, values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cc_metrics.errors import UsageError
from cc_metrics.measures.coverage import Day
from cc_metrics.measures.first_call_resolution import Watch
from cc_metrics.measures.told import told, unwaited
from cc_metrics.model.calls import DEFAULT_CHANNEL, DIMENSIONS
from cc_metrics.model.durations import spoken
from cc_metrics.model.intervals import Period, bucket_sql
from cc_metrics.model.promise import Policy, ServiceTerms
from cc_metrics.model.recorded import Recorded
from cc_metrics.model.zones import Offsets
from cc_metrics.store.accounted import Account, Accountant, days
from cc_metrics.store.dimensioned import Dimensioned
from cc_metrics.store.engine import Engine
from cc_metrics.store.relation import Relation
from cc_metrics.store.resolution import Resolution
from cc_metrics.store.rollup import lists_sql, rollup_sql

if TYPE_CHECKING:
    from cc_metrics.store.carried import Carried


@dataclass(slots=True)
class Opened(Dimensioned):
    """Calls or summaries, accounted for and counted; *written*: times as written, no zone known.

    *dimensions* maps the user's names to the engine's columns of the summary *table*. *calls* is the
    reading behind it, None when only summaries were given, *log* that of the events which calls are folded from.
    *counted* is the reading of rows that somebody else had counted, *recorded* what such counts tell; None where
    everything about the calls is known. *pseudonyms* is the mark of the secret by which pseudonyms stand for customers
    and agents, None where none do. *carried* are calls of earlier days that first-call resolution knows too.
    """

    engine: Engine
    table: str
    names: tuple[str, ...]
    account: Account
    zone: str | None
    offsets: Offsets
    dimensions: dict[str, str]
    calls: tuple[Relation, Accountant] | None = None
    policy: Policy = field(default_factory=lambda: Policy("default"))
    open_written: str | None = None
    cautions: list[tuple[str, str]] = field(default_factory=list)
    log: tuple[Relation, Accountant] | None = None
    counted: tuple[Relation, Accountant] | None = None
    recorded: Recorded | None = None
    pseudonyms: str | None = None
    carried: "Carried | None" = None
    _days: list[Day] | None = field(default=None, init=False, repr=False)

    @property
    def readings(self) -> list[tuple[Relation, Accountant]]:
        """The readings behind it, none for summaries."""
        return [reading for reading in (self.log, self.calls, self.counted) if reading]

    def _takes_null(self, name: str, values: Sequence[str]) -> bool:
        return name == "channel" and DEFAULT_CHANNEL in values  # a call without a channel is a voice call

    @property
    def written(self) -> bool:
        """Whether times are taken as written, because no zone is known."""
        return self.zone is None

    @property
    def unwaited(self) -> tuple[str, ...]:
        """The outcomes of calls whose wait is not recorded."""
        found = self.engine.rows(f"SELECT DISTINCT outcome FROM {self.table} WHERE bin IS NULL ORDER BY 1")
        return tuple(row[0] for row in found)

    def days(self) -> list[Day]:
        """The local days that the accepted calls touch, in order; asked once, for many want them."""
        if self._days is None:
            self._days = days(self.engine, self.table, self.offsets)
        return self._days

    def observed(self) -> Sequence[Day]:
        """The local days of which calls are known: those of the rows, and those before them that are carried over."""
        return self.carried.days if self.carried else self.days()

    def _source_values(self, name: str) -> list[str]:
        if self.carried is None:
            return self.values(name)
        column = self.dimensions[name]
        known = self.carried.values(self.table, [column])
        rows = self.engine.rows(f"SELECT DISTINCT {column} FROM {known} WHERE {column} IS NOT NULL ORDER BY 1")
        return [row[0] for row in rows]

    def voice(self) -> list[str]:
        """Conditions of a promise that names no channel."""
        return self.condition({"channel": (DEFAULT_CHANNEL,)})

    def roll_up(
        self,
        aggregates: Mapping[str, str],
        by: Sequence[str] = (),
        every: str = "all",
        period: Period | None = None,
        conditions: Sequence[str] = (),
        terms: ServiceTerms | None = None,
        keys: Mapping[str, str] | None = None,
    ) -> list[dict[str, Any]]:
        """One row per group in use: bucket, d0 ... for the dimensions of *by*, then the aggregates.

        *keys* are further ones after the dimensions, alias -> SQL over summary rows. *terms* are those of the
        aggregates: what counts that somebody else made do not tell of them is None.

        Raises:
            UsageError: the input's rows are longer than the interval, or its edges and the period's cut one in two.
        """
        self._check_cut(every, period)
        columns = {**{f"d{i}": self.column(name) for i, name in enumerate(by)}, **(keys or {})}
        chosen = [*([period.sql("start_ms")] if period else []), *conditions]
        rows = self.engine.records(rollup_sql(self.table, columns, every, self.offsets, aggregates, chosen))
        if terms is None:
            return rows
        found = [told(row, terms, self.recorded) for row in rows]
        return found if self.account.waits else [unwaited(row) for row in found]

    def lists(
        self,
        aggregates: Mapping[str, str],
        names: Sequence[str],
        period: Period,
        conditions: Sequence[str],
        terms: ServiceTerms,
    ) -> list[list[dict[str, Any]]]:
        """The groups of each dimension by itself, "30m" for half-hours: *key*, then the aggregates as in `roll_up`.

        Raises:
            UsageError: the input's rows are longer than half-hours, or edges of them and of the period cut one in two.
        """
        self._check_cut("30m" if "30m" in names else "all", period)
        half_hour = bucket_sql("start_ms", "30m", self.offsets)
        keys = {f"k{i}": half_hour if name == "30m" else self.column(name) for i, name in enumerate(names)}
        rows = self.engine.records(lists_sql(self.table, keys, aggregates, [period.sql("start_ms"), *conditions]))
        found: list[list[dict[str, Any]]] = [[] for _ in names]
        for row in rows:
            counts = told(row, terms, self.recorded)
            counts["key"] = row[f"k{row['list']}"]
            found[row["list"]].append(counts if self.account.waits else unwaited(counts))
        return found

    def cuts(self, every: str) -> int:
        """The usual length in ms of the rows that an interval would cut in two; 0 where it cuts none."""
        if self.recorded is None:
            return 0
        first, last = (bucket_sql(edge, every, self.offsets) for edge in ("first_ms", "last_ms"))
        usual = f"SELECT coalesce(quantile_disc(last_ms - first_ms + 1, 0.5), 0) FROM {self.table}"
        return int(self.engine.value(f"{usual} WHERE {first} <> {last}"))

    def check_days(self) -> None:
        """Refuse a zone whose days cut rows in two that somebody else has counted.

        Raises:
            UsageError: they do.
        """
        length_ms = self.cuts("1d")
        if length_ms:
            raise UsageError(
                f"the input's rows hold {spoken(length_ms)} each, which days of {self.zone or 'its clock'} cut in two",
                hint="report in the zone in which the rows were counted (--tz), or give the calls themselves",
            )

    def _check_cut(self, every: str, period: Period | None) -> None:
        if self.recorded is None:
            return
        length_ms = self.cuts(every)
        if length_ms:
            raise UsageError(
                f"the input's rows hold {spoken(length_ms)} each, which intervals of {every} would cut in two",
                where="--every",
                hint="ask for longer intervals, or give the calls themselves",
            )
        edges = (period.from_ms, period.to_ms) if period else ()
        cut = " OR ".join(f"(first_ms < {edge} AND last_ms >= {edge})" for edge in edges)
        if cut and self.engine.value(f"SELECT count(*) FROM {self.table} WHERE {cut}"):
            raise UsageError(
                "the period begins or ends inside a row of the input, which was counted as a whole",
                hint="choose a period of whole rows, or give the calls themselves",
            )

    def several_channels(self) -> bool:
        """Whether there is more than one channel; a call without one is a voice call."""
        channel = self.dimensions["channel"]
        number = self.engine.value(f"SELECT count(DISTINCT coalesce({channel}, 'voice')) FROM {self.table}")
        return bool(number > 1)

    def resolution(self, watch: Watch, columns: Sequence[str]) -> Resolution:
        """First-call resolution over the calls by engine columns, legs joined where the source tells transfers."""
        legs = bool(self.engine.value(f"SELECT coalesce(sum(transferred), 0) > 0 FROM {self.table}"))
        calls = self.account.accepted if self.account.calls is None else self.account.calls
        carried = self.carried
        if carried is None:
            return Resolution(self.engine, self.table, self.offsets, watch, calls, columns, legs=legs)
        values, calls, legs = carried.values(self.table, columns), calls + carried.rows, legs or carried.legs
        return Resolution(self.engine, values, self.offsets, watch, calls, columns, legs=legs, carried=carried)

    def close(self) -> None:
        """Give memory and spill back."""
        self.engine.close()


def engine_dimensions(names: Sequence[str], extras: Sequence[str]) -> dict[str, str]:
    """The user's names of dimensions -> the engine's columns."""
    return {n: n if n in DIMENSIONS else f"x{extras.index(n) + 1}" for n in names}
