"""What the columns of rows mean that somebody else has counted: frozen values that a mapping's [intervals] becomes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from cc_metrics.language import said
from cc_metrics.model.calls import DIMENSIONS
from cc_metrics.model.durations import DAY, HOUR, MINUTE
from cc_metrics.model.table import Table
from cc_metrics.store.mapping import Entries, Entry, Field, Length, Moment, When

TABLE: Final = "intervals"
TOTAL: Final = said("total row")
ROLES: Final = ("offered", "answered", "abandoned", "redirected")
"""What calls are counted as: all of them, and the three ways in which one ends."""

SPENT: Final = ("wait", "talk", "hold", "wrap", "handle")
"""Lengths of time of answered calls, as a sum or a mean."""

LENGTHS: Final = (15 * MINUTE, 30 * MINUTE, HOUR, DAY)


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of calls: columns added up, or the same for every row.

    *of* names the count that a percentage (*whole* is 100) or a share (1) in the one column is taken of.
    """

    columns: tuple[str, ...] = ()
    always: int | None = None
    of: str | None = None
    whole: int = 100


@dataclass(frozen=True, slots=True)
class Within:
    """Calls counted by how long they waited: up to each threshold (as the bin it closes), or between two of them.

    *over* are those beyond the last threshold, where a source counts them.
    """

    counts: tuple[tuple[int, Counted], ...] = ()
    between: bool = False
    over: Counted | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """One group of calls in each row: *name* stands before the names of its columns."""

    name: str
    roles: Mapping[str, Counted]
    answered: Within
    abandoned: Within
    spent: Mapping[str, Length]
    dimensions: Entries = field(default_factory=dict)

    @property
    def lost(self) -> bool:
        """Whether the calls that nobody answered are counted."""
        return bool(set(self.roles) - {"answered"})

    @property
    def ends(self) -> frozenset[str]:
        """The outcomes that columns count."""
        return frozenset((*self.roles, *(["answered"] if self.answered.over else [])))

    def counts(self) -> Iterator[tuple[str, Counted]]:
        """Every count by the name of its column."""
        for role, counted in self.roles.items():
            yield f"{self.name}{role}", counted
        for outcome, within in (("answered", self.answered), ("abandoned", self.abandoned)):
            for edge, counted in within.counts:
                yield self.column(outcome, edge), counted
            if within.over is not None:
                yield f"{self.name}{outcome}_later", within.over

    def column(self, outcome: str, edge: int) -> str:
        """The name of the count within a threshold."""
        word = "to" if self.answered.between and outcome == "answered" else "under" if edge % 2 else "within"
        return f"{self.name}{outcome}_{word}_{(edge + 1) // 2}s"


@dataclass(frozen=True, slots=True)
class Intervals:
    """Rows that each count the calls of a stretch of time. *length_ms* is None where the rows tell it.

    *total* holds in rows that add others up: they are left out, and compared. *empty*: an empty cell is no calls.
    """

    start: Moment
    groups: tuple[Group, ...]
    length_ms: int | None = None
    total: When = field(default_factory=dict)
    empty: bool = False

    def entries(self) -> Entries:
        """What the columns of their table are made of."""
        found: dict[str, Entry] = {"start_at": self.start}
        for group in self.groups:
            for name, counted in group.counts():
                found |= {
                    column: Field((source,))
                    for column, source in zip(names(name, counted), counted.columns, strict=True)
                }
            found |= {f"{group.name}{name}": entry for name, entry in group.dimensions.items()}
            found |= {f"{group.name}{name}": length for name, length in group.spent.items()}
        return found

    def table(self) -> Table:
        """The table that a source is read into: one row for each of its rows, columns for each group."""
        single = len(self.groups) == 1
        held = DIMENSIONS if single else [f"{g.name}{name}" for g in self.groups for name in g.dimensions]
        counted = [(name, c) for group in self.groups for name, c in group.counts()]
        counts = tuple(column for name, c in counted if c.of is None for column in names(name, c))
        percentages = tuple(column for name, c in counted if c.of is not None for column in names(name, c))
        return Table(
            name=TABLE,
            key=("start_at", *held),
            first="start_at",
            required=("start_at", *counts, *percentages),
            filled=() if self.empty else counts,
            durations=tuple(f"{group.name}{name}" for group in self.groups for name in group.spent),
            dimensions=(*held, *percentages),
            counts=counts,
            longest_ms=10**15,  # sums of many calls
            far_days=366,
        )


def names(name: str, counted: Counted) -> tuple[str, ...]:
    """The columns of one count: numbered where several are added up.

    >>> names("redirected", Counted(("full", "closed"))), names("offered", Counted(("n",)))
    (('redirected_1', 'redirected_2'), ('offered',))
    """
    several = len(counted.columns) > 1
    return tuple(f"{name}_{number}" if several else name for number, _ in enumerate(counted.columns, 1))
