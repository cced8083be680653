"""What a reading leaves in the engine: one relation of a canonical table, and the names that belong to it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from cc_metrics.model.calls import CALLS
from cc_metrics.model.table import Table
from cc_metrics.store.mapping import Legs
from cc_metrics.store.pseudonyms import Pseudonyms
from cc_metrics.store.statuses import Statuses
from cc_metrics.store.text import StagedText

ACCEPTED: Final = "accepted"


@dataclass(frozen=True, slots=True)
class Frame:
    """A DataFrame or Arrow table handed in by a notebook, or a sheet: *table* as the engine takes it, its named zone.

    *shifts*: from (ordinal, shift) on, row o has the number o + shift for people.
    """

    table: Any = field(repr=False)  # a notebook would show its first rows, customers and all
    zone: str | None
    name: str = "DataFrame"
    shifts: tuple[tuple[int, int], ...] = ((0, 1),)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns."""
        return tuple(map(str, getattr(self.table, "column_names", None) or self.table.columns))


@dataclass(slots=True)
class Relation:
    """The canonical rows of all sources, as a view of the engine, and what is known about the reading.

    *extras* are the source's own columns that are readable as dimensions x1, x2 ...; *staged* keeps the texts
    and *shifts* the way from a row to its line (or its place in a table), which holds only where all are *ordered*.
    *legs* is how the mapping tells the legs of one call. *personal* names the columns that hold customers and agents,
    which *pseudonyms*, where there are any, have replaced. *log* is the event log that the rows are folded from;
    *suffix* tells it from earlier readings of its table into the same engine.
    """

    table: Table
    suffix: str = ""
    names: list[str] = field(default_factory=list)
    statuses: Statuses = field(default_factory=Statuses)
    extras: tuple[str, ...] = ()
    staged: dict[int, StagedText] = field(default_factory=dict)
    shifts: dict[int, str] = field(default_factory=dict)
    paths: dict[int, Path] = field(default_factory=dict)
    offsets_seen: bool = False
    cautions: list[tuple[str, str]] = field(default_factory=list)
    columns: list[tuple[str, ...]] = field(default_factory=list)
    ordered: bool = True
    legs: Legs | None = None
    personal: frozenset[str] = frozenset()
    pseudonyms: Pseudonyms | None = None
    log: "Relation | None" = None

    @property
    def view(self) -> str:
        """The view of every row that was read, with its status."""
        return f"{self.table.name}{self.suffix}"

    @property
    def counted(self) -> str:
        """The view of the rows as they are counted: those of the view, legs of one call joined where they are told."""
        return self._of("counted") if self.legs else self.view

    @property
    def accepted(self) -> str:
        """The view of the rows that were accepted."""
        return self._of(ACCEPTED)

    @property
    def dropped(self) -> str:
        """The table of duplicates and conflicting rows."""
        return self._of("dropped")

    @property
    def refused(self) -> str:
        """The table of rows that were rejected as they were read."""
        return self._of("refused")

    def _of(self, kind: str) -> str:
        """The name of a relation of its kind: those of calls stand alone, others bear the name of their table."""
        return kind if self.table is CALLS else f"{kind}_{self.view}"
