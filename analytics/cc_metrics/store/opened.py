"""What a report asks of its data, calls or summaries: groups of a summary, repeats, days, values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cc_metrics.measures.coverage import Day
from cc_metrics.measures.first_call_resolution import Watch
from cc_metrics.model.calls import DEFAULT_CHANNEL, DIMENSIONS
from cc_metrics.model.intervals import Period
from cc_metrics.model.promise import Policy
from cc_metrics.model.zones import Offsets
from cc_metrics.store.accounted import Account, Accountant, days
from cc_metrics.store.dimensioned import Dimensioned
from cc_metrics.store.engine import Engine
from cc_metrics.store.relation import Relation
from cc_metrics.store.resolution import Resolution
from cc_metrics.store.rollup import rollup_sql


@dataclass(slots=True)
class Opened(Dimensioned):
    """Calls or summaries, accounted for and counted; *written*: times as written, no zone known.

    *dimensions* maps the user's names to the engine's columns of the summary *table*. *calls* is the
    reading behind it, None when only summaries were given. *pseudonyms* is the mark of the secret by which pseudonyms
    stand for customers and agents, None where none do.
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
    pseudonyms: str | None = None

    @property
    def readings(self) -> list[tuple[Relation, Accountant]]:
        """The readings behind it, none for summaries."""
        return [self.calls] if self.calls else []

    def _takes_null(self, name: str, values: Sequence[str]) -> bool:
        return name == "channel" and DEFAULT_CHANNEL in values  # a call without a channel is a voice call

    @property
    def written(self) -> bool:
        """Whether times are taken as written, because no zone is known."""
        return self.zone is None

    def days(self) -> list[Day]:
        """The local days that the accepted calls touch, in order."""
        return days(self.engine, self.table, self.offsets)

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
