"""What a report asks of its cases (or attempts, answers, bases): the view of accepted rows, their accounts, edges."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cc_metrics.measures.coverage import Day
from cc_metrics.model.table import Table
from cc_metrics.model.zones import Offsets
from cc_metrics.store.accounted import Account, Accountant, days
from cc_metrics.store.engine import Engine
from cc_metrics.store.relation import Relation


@dataclass(slots=True)
class OpenedCases:
    """Rows of a canonical table, accounted for; moments in UTC ms.

    *view* holds the accepted rows: the canonical columns, moments as `<name>_ms`, further dimensions as x1, x2 ...;
    *dimensions* maps the user's names to its columns. *table* is the summary by quarter-hour of the first moment.
    """

    engine: Engine
    kind: Table
    view: str
    table: str
    names: tuple[str, ...]
    account: Account
    zone: str | None
    offsets: Offsets
    dimensions: Mapping[str, str]
    readings: list[tuple[Relation, Accountant]]
    cautions: list[tuple[str, str]] = field(default_factory=list)

    @property
    def written(self) -> bool:
        """Whether times are taken as written, because no zone is known."""
        return self.zone is None

    @property
    def edges(self) -> tuple[int | None, int | None]:
        """The first and the last first moment of the accepted rows; None where there is none."""
        first, last = self.engine.rows(f"SELECT min(first_ms), max(last_ms) FROM {self.table}")[0]
        return first, last

    @property
    def latest_ms(self) -> int | None:
        """The latest instant at which anything is known to have happened; an appointment is a plan and says nothing."""
        happened = [self.kind.first_ms, *map(self.kind.stored, self.kind.later)]
        changed = "CAST(FLOOR(max(updated_us) / 1000.0) AS BIGINT)"
        latest = ", ".join([*(f"max({column})" for column in happened), changed])
        found = self.engine.value(f"SELECT greatest({latest}) FROM {self.view}")
        return None if found is None else int(found)

    def days(self) -> list[Day]:
        """The local days of the rows' first moments, in order."""
        return days(self.engine, self.table, self.offsets)

    def close(self) -> None:
        """Give memory and spill back; those of calls read into the same engine too."""
        self.engine.close()
