"""What a report asks of its data, calls or summaries: groups of a summary, repeats, days, values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cc_metrics.errors import UsageError, nearest
from cc_metrics.measures.coverage import Day
from cc_metrics.measures.first_call_resolution import Watch
from cc_metrics.model.calls import DEFAULT_CHANNEL, DIMENSIONS
from cc_metrics.model.intervals import Period
from cc_metrics.model.promise import Policy
from cc_metrics.model.zones import Offsets
from cc_metrics.store.accounted import Account, Accountant, days
from cc_metrics.store.engine import Engine
from cc_metrics.store.relation import Relation
from cc_metrics.store.resolution import Resolution
from cc_metrics.store.rollup import rollup_sql


@dataclass(slots=True)
class Opened:
    """Calls or summaries, accounted for and counted; *written*: times as written, no zone known.

    *dimensions* maps the user's names to the engine's columns of the summary *table*. *calls* is the
    reading behind it, None when only summaries were given.
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

    @property
    def readings(self) -> list[tuple[Relation, Accountant]]:
        """The readings behind it, none for summaries."""
        return [self.calls] if self.calls else []

    @property
    def written(self) -> bool:
        """Whether times are taken as written, because no zone is known."""
        return self.zone is None

    def days(self) -> list[Day]:
        """The local days that the accepted calls touch, in order."""
        return days(self.engine, self.table, self.offsets)

    def column(self, name: str) -> str:
        """SQL of a dimension asked for by name; the tier by the policy's rules.

        Raises:
            UsageError: a summary does not hold it.
        """
        if name not in self.dimensions:
            raise UsageError(
                f"the summary does not hold {name!r}",
                hint=f"{nearest(name, self.dimensions)}; or give the calls themselves",
            )
        return self._tier_sql() if name == "tier" else self.dimensions[name]

    def _tier_sql(self) -> str:
        column = self.dimensions["tier"]
        if not self.policy.tiers:
            return column
        tiers = self._tiers()
        cases = [
            f"WHEN {column} IN ({self._listed(v)}) THEN {self.engine.keep(tier)}" for tier, v in tiers.items() if v
        ]
        return f"CASE {' '.join(cases)} ELSE {column} END" if cases else column

    def _tiers(self) -> dict[str, list[str]]:
        """The recorded source values of each of the policy's tiers; a value that none takes stands for itself."""
        found: dict[str, list[str]] = {tier: [] for tier, _ in self.policy.tiers}
        for value in self.values("tier"):
            found.setdefault(self.policy.tier_of(value) or value, []).append(value)
        return found

    def values(self, name: str) -> list[str]:
        """The recorded values of a dimension as the source writes them, in order."""
        column = self.dimensions[name] if name in self.dimensions else self.column(name)
        rows = self.engine.rows(f"SELECT DISTINCT {column} FROM {self.table} WHERE {column} IS NOT NULL ORDER BY 1")
        return [str(row[0]) for row in rows]

    def known_values(self, name: str) -> list[str]:
        """The values that a promise may speak of: the policy's tiers, or the source's values."""
        if name == "tier" and self.policy.tiers:
            return list(self._tiers())
        return self.values(name)

    def condition(self, where: Mapping[str, Sequence[str]]) -> list[str]:
        """SQL conditions on summary rows (and calls) for dimensions that take one of some values."""
        tiers = self._tiers() if "tier" in where and self.policy.tiers else {}
        parts = []
        for name, wanted in where.items():
            values = [v for tier in wanted for v in tiers.get(tier, [])] if name == "tier" and tiers else list(wanted)
            self.column(name)
            taken = f"{self.dimensions[name]} IN ({self._listed(values)})" if values else "FALSE"
            unnamed = name == "channel" and DEFAULT_CHANNEL in values  # a call without a channel is a voice call
            parts.append(f"({taken} OR {self.dimensions[name]} IS NULL)" if unnamed else taken)
        return parts

    def voice(self) -> list[str]:
        """Conditions of a promise that names no channel."""
        return self.condition({"channel": (DEFAULT_CHANNEL,)})

    def _listed(self, values: Sequence[str]) -> str:
        return ", ".join(self.engine.keep(value) for value in values)

    def roll_up(
        self,
        aggregates: Mapping[str, str],
        by: Sequence[str] = (),
        every: str = "all",
        period: Period | None = None,
        conditions: Sequence[str] = (),
    ) -> list[dict[str, Any]]:
        """One row per group in use: bucket, d0 ... for the dimensions of *by*, then the aggregates."""
        columns = {f"d{i}": self.column(name) for i, name in enumerate(by)}
        chosen = [*([period.sql("start_ms")] if period else []), *conditions]
        return self.engine.records(rollup_sql(self.table, columns, every, self.offsets, aggregates, chosen))

    def several_channels(self) -> bool:
        """Whether there is more than one channel; a call without one is a voice call."""
        channel = self.dimensions["channel"]
        number = self.engine.value(f"SELECT count(DISTINCT coalesce({channel}, 'voice')) FROM {self.table}")
        return bool(number > 1)

    def resolution(self, watch: Watch, columns: Sequence[str]) -> Resolution:
        """First-call resolution over the calls by engine columns, legs joined where the source tells transfers."""
        legs = bool(self.engine.value(f"SELECT coalesce(sum(transferred), 0) > 0 FROM {self.table}"))
        return Resolution(self.engine, self.table, self.offsets, watch, self.account.accepted, columns, legs=legs)

    def close(self) -> None:
        """Give memory and spill back."""
        self.engine.close()


def engine_dimensions(names: Sequence[str], extras: Sequence[str]) -> dict[str, str]:
    """The user's names of dimensions -> the engine's columns."""
    return {n: n if n in DIMENSIONS else f"x{extras.index(n) + 1}" for n in names}
