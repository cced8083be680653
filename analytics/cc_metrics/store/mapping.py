"""What a source's columns mean: frozen values that a mapping file is read into."""

from collections.abc import Mapping as MappingABC
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal

from cc_metrics.errors import PolicyError
from cc_metrics.model.calls import CALLS
from cc_metrics.model.cases import CASES, EVENTS
from cc_metrics.model.queue_events import QUEUE_EVENTS
from cc_metrics.model.table import Table
from cc_metrics.store.file_format import FileFormat

if TYPE_CHECKING:
    from cc_metrics.store.intervals import Intervals

Words = MappingABC[str, tuple[str, ...]]
"""Words by what they belong to: null words by source column, statuses by the moment they tell."""


@dataclass(frozen=True, slots=True)
class Question:
    """What one source column is asked; everything asked of it must hold.

    It is written as one of *among*, as none of *unlike*, holds something or nothing (*filled*; null words are
    nothing), holds a number of at *least* so much. What is empty or no number is not at least anything.
    """

    among: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    filled: bool | None = None
    least: str | None = None


When = MappingABC[str, Question]
"""A condition on source columns: the question of each holds."""

FOLDED: Final = {EVENTS.name: CASES.name, QUEUE_EVENTS.name: CALLS.name}
"""Tables of events, and the tables that they are folded into."""

MONTHS: Final = ("%Y-%m", "%Y-%m-%d", "%Y/%m", "%Y%m", "%Y年%m月")
"""How a month is written where no format is named."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A value that a row has where the condition holds."""

    value: str
    when: When


@dataclass(frozen=True, slots=True)
class Field:
    """A text, flag or number: one column, or several joined; *values* translates what is written.

    *empty* stands for a joined column that holds nothing: without it the whole is nothing. *split* cuts the
    text, of which the *part* is taken, counted from 1. *always* is what every row has where no column says it;
    *rules* say it one after another: the first that fits decides.
    """

    columns: tuple[str, ...]
    separator: str = "|"
    values: MappingABC[str, str] = field(default_factory=dict)
    empty: str | None = None
    split: str | None = None
    part: int = 1
    always: str | None = None
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time: the first recorded of *columns* (clocks when *date* names a date column).

    *formats* are strptime patterns, or "iso", "utc" (the same, of a clock in UTC), "epoch_s", "epoch_ms".
    *since* names the clock that the date belongs to: a later clock that is smaller is on the next day. *plus* is
    a length of time that passes until the moment meant: a menu before the queue.
    """

    columns: tuple[str, ...]
    date: str | None = None
    since: str | None = None
    formats: tuple[str, ...] = ("iso",)
    plus: "Length | None" = None


@dataclass(frozen=True, slots=True)
class Length:
    """A duration: a column in a *unit* (ms, s, min, clock), or the time from one moment to another.

    Columns of *plus* are added to it and those of *less* taken off, all in its unit. *empty* is what a column
    that holds nothing stands for: without it the whole is unknown.
    """

    column: str | None = None
    unit: str = "ms"
    since: Moment | None = None
    until: Moment | None = None
    plus: tuple[str, ...] = ()
    less: tuple[str, ...] = ()
    empty: str | None = None


Entry = Field | Moment | Length
"""What a canonical column is made of."""

Entries = MappingABC[str, Entry]


@dataclass(frozen=True, slots=True)
class Events:
    """How a log of status changes folds into cases: statuses by what they tell.

    *first* and *last* name the statuses whose first or last time is a moment of the case; time spent in *paused*
    ones is summed; a status of *reopened* after one of the resolved ones opens the case again.
    """

    first: Words
    last: Words
    paused: tuple[str, ...] | None = None
    reopened: tuple[str, ...] | None = None

    @property
    def resolved(self) -> tuple[str, ...]:
        """The statuses that resolve a case."""
        return (*self.first.get("resolved_at", ()), *self.last.get("resolved_at", ()))


Legs = Literal["call", "parent", "side_by_side"]
"""How the legs of a call are told: by what the entry LEGS of calls holds, an id that all of them bear or the id of the
leg before or the first; or by their call_id, which is then no row's own: such legs run side by side."""

LEGS: Final = "legs"


@dataclass(frozen=True, slots=True)
class Ignore:
    """Rows that are none of ours, such as test calls: counted under *name*, in no denominator. *table*: None is all."""

    name: str
    when: When
    table: str | None = None


@dataclass(frozen=True, slots=True)
class Reject:
    """Rows that cannot be what they say: rejected, with *name* as the reason. *table*: None is all."""

    name: str
    when: When
    table: str | None = None


@dataclass(frozen=True, slots=True)
class NullWhen:
    """A column whose value means nothing where the condition holds."""

    column: str
    when: When
    table: str | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """Everything that turns sources into canonical tables, by the tables' names. Lengths in milliseconds.

    *intervals* says what rows mean that somebody else has counted, where the source holds such.
    *note* is what whoever reads such a source must know. *plain*: nobody typed the texts, so that none of them is
    looked at for full-width forms.
    """

    name: str
    about: str = ""
    source: str = ""
    note: str = ""
    timezone: str | None = None
    longest_ms: int | None = None
    file: FileFormat = field(default_factory=FileFormat)
    nulls: tuple[str, ...] = ()
    null: Words = field(default_factory=dict)
    null_when: tuple[NullWhen, ...] = ()
    ignore: tuple[Ignore, ...] = ()
    reject: tuple[Reject, ...] = ()
    tables: MappingABC[str, Entries] = field(default_factory=dict)
    events: Events | None = None
    intervals: "Intervals | None" = None
    legs: Legs | None = None
    plain: bool = False

    @property
    def calls(self) -> Entries:
        """What the columns of calls are made of."""
        return self.tables.get(CALLS.name, {})

    def entries(self, table: Table) -> Entries:
        """What the columns of a table are made of."""
        return self.tables.get(table.name, {})

    def of(self, table: Table) -> "Mapping":
        """What the mapping says about one table.

        Raises:
            PolicyError: nothing.
        """
        if table.name not in self.tables:
            known = ", ".join(f"[{name}]" for name in self.tables)
            raise PolicyError(f"the mapping has no [{table.name}]", where=self.name, hint=f"it has {known}")
        about = "cases" if table is EVENTS else table.name
        return replace(
            self,
            ignore=tuple(rule for rule in self.ignore if rule.table in (None, about)),
            reject=tuple(rule for rule in self.reject if rule.table in (None, about)),
            null_when=tuple(rule for rule in self.null_when if rule.table in (None, about)),
        )

    def with_entries(self, table: Table, entries: Entries) -> "Mapping":
        """The mapping with other entries for one table."""
        return replace(self, tables={**self.tables, table.name: entries})


def used(entry: Entry | None) -> tuple[str, ...]:
    """The source columns that an entry reads."""
    if isinstance(entry, Field):
        return (*entry.columns, *(column for rule in entry.rules for column in rule.when))
    if isinstance(entry, Moment):
        return (*entry.columns, *(c for c in (entry.date, entry.since) if c is not None), *used(entry.plus))
    if isinstance(entry, Length):
        columns = (*((entry.column,) if entry.column else ()), *entry.plus, *entry.less)
        return (*columns, *used(entry.since), *used(entry.until))
    return ()


def canonical(columns: tuple[str, ...], table: Table = CALLS) -> Mapping:
    """The mapping of a file whose columns already bear the canonical names."""
    found: dict[str, Entry] = {}
    for name in table.known:
        if name in columns:
            if table.is_moment(name):
                found[name] = Moment((name,), formats=usual_formats(name))
            else:
                found[name] = Length(name) if name in table.durations else Field((name,))
    return Mapping("canonical", tables={table.name: found}, plain=True)


def usual_formats(name: str) -> tuple[str, ...]:
    """How a moment is written where no format is named."""
    return MONTHS if name == "month" else ("iso",)
