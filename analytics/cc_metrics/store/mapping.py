"""What a source's columns mean: frozen values that a mapping file is read into."""

from collections.abc import Mapping as MappingABC
from dataclasses import dataclass, field

from cc_metrics.model.calls import COLUMNS
from cc_metrics.model.durations import DAY

When = MappingABC[str, tuple[str, ...]]
"""A condition on source columns: each holds one of its values, as written in the file."""


@dataclass(frozen=True, slots=True)
class Field:
    """A text, flag or number: one column, or several joined; *values* translates what is written."""

    columns: tuple[str, ...]
    separator: str = "|"
    values: MappingABC[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time: the first recorded of *columns* (clocks when *date* names a date column).

    *formats* are strptime patterns, or "iso", "epoch_s", "epoch_ms". *since* names the clock that the
    date belongs to: a later clock that is smaller is on the next day.
    """

    columns: tuple[str, ...]
    date: str | None = None
    since: str | None = None
    formats: tuple[str, ...] = ("iso",)


@dataclass(frozen=True, slots=True)
class Length:
    """A duration: a column in a *unit* (ms, s, min, clock), or the time from one moment to another."""

    column: str | None = None
    unit: str = "ms"
    since: Moment | None = None
    until: Moment | None = None


@dataclass(frozen=True, slots=True)
class Ignore:
    """Rows that are no calls to people: counted under *name*, in no denominator."""

    name: str
    when: When


@dataclass(frozen=True, slots=True)
class NullWhen:
    """A column whose value means nothing where the condition holds."""

    column: str
    when: When


@dataclass(frozen=True, slots=True)
class FileFormat:
    """What cannot be found out of a text file; None is found out."""

    delimiter: str | None = None
    header: bool | None = None
    encoding: str | None = None
    columns: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """Everything that turns a source into the canonical table of calls. Lengths in milliseconds."""

    name: str
    about: str = ""
    source: str = ""
    timezone: str | None = None
    longest_ms: int = DAY
    file: FileFormat = FileFormat()
    nulls: tuple[str, ...] = ()
    null: When = field(default_factory=dict)
    null_when: tuple[NullWhen, ...] = ()
    ignore: tuple[Ignore, ...] = ()
    calls: MappingABC[str, Field | Moment | Length] = field(default_factory=dict)


def used(entry: Field | Moment | Length | None) -> tuple[str, ...]:
    """The source columns that an entry reads."""
    if isinstance(entry, Field):
        return entry.columns
    if isinstance(entry, Moment):
        return (*entry.columns, *(c for c in (entry.date, entry.since) if c is not None))
    if isinstance(entry, Length):
        return (*((entry.column,) if entry.column else ()), *used(entry.since), *used(entry.until))
    return ()


def canonical(columns: tuple[str, ...]) -> Mapping:
    """The mapping of a file whose columns already bear the canonical names."""
    found: dict[str, Field | Moment | Length] = {}
    for name in (*COLUMNS, "updated_at"):
        if name in columns:
            if name.endswith("_at"):
                found[name] = Moment((name,))
            else:
                found[name] = Length(name) if name.endswith("_ms") else Field((name,))
    return Mapping("canonical", calls=found)
