"""What a canonical table is made of: its columns by kind, which must be there, and what a row may not be.

Durations are whole milliseconds, moments are milliseconds since 1970 in UTC. A value that is None was
not recorded; it is never merged into another.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from cc_metrics.language import Said, said
from cc_metrics.model.durations import DAY

_NOTHING: Mapping[str, tuple[str, ...]] = MappingProxyType({})

_THINGS: Final[Mapping[str, Said]] = {
    "calls": said("calls"),
    "cases": said("cases"),
    "attempts": said("attempts"),
    "satisfaction": said("satisfaction"),
    "bases": said("bases"),
}


def things(table: str) -> str:
    """What a canonical table holds, for people."""
    return _THINGS.get(table, table)


@dataclass(frozen=True, slots=True)
class Table:
    """A canonical table: one row for each thing that *first* dates.

    *key* makes a row unique (empty: rows may be alike); *filled* must hold a value in every row, *required* must
    be columns of the source, and one of *either*. No moment of *later* may lie before the first. *words*
    are columns of a closed vocabulary, *ignored* values that make a row none of ours. A number of *lenient* that
    cannot be read is null, any other rejects its row. No duration may be longer than *longest_ms*,
    and no row dated more than *far_days* from a day that holds at least 0.1 % of the rows.
    """

    name: str
    key: tuple[str, ...]
    first: str
    required: tuple[str, ...]
    filled: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    either: tuple[str, ...] = ()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NOTHING)
    later: tuple[str, ...] = ()
    moments: tuple[str, ...] = ()
    durations: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    lenient: tuple[str, ...] = ()
    ignored: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NOTHING)
    longest_ms: int = DAY
    far_days: int = 31

    @property
    def columns(self) -> tuple[str, ...]:
        """The canonical columns in their order, as a file bears them."""
        instants = (*self.ids, self.first, *self.words, *self.moments, *self.durations)
        return (*instants, *self.dimensions, *self.flags, *self.counts, *self.numbers)

    @property
    def known(self) -> tuple[str, ...]:
        """What a mapping may name: the columns, and the moment of a row's last change."""
        return (*self.columns, "updated_at")

    @property
    def first_ms(self) -> str:
        """The engine's column of the first moment."""
        return milliseconds_of(self.first)

    def stored(self, name: str) -> str:
        """The engine's column of a canonical one: moments are kept in milliseconds."""
        return milliseconds_of(name) if name == self.first or name in self.moments else name

    def is_moment(self, name: str) -> bool:
        """Whether a column holds moments."""
        return name in (self.first, *self.moments, "updated_at")


def milliseconds_of(moment: str) -> str:
    """The engine's column of a moment.

    >>> milliseconds_of("offered_at"), milliseconds_of("month")
    ('offered_ms', 'month_ms')
    """
    return f"{moment.removesuffix('_at')}_ms"
