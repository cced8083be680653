"""Everything that a report was given, opened into one engine: calls or summaries, and the tables beside them."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cc_metrics.model.calls import CALLS
from cc_metrics.model.calls import DIMENSIONS as CALL_DIMENSIONS
from cc_metrics.model.cases import TABLES
from cc_metrics.model.table import Table
from cc_metrics.store import kinds
from cc_metrics.store.accounted import Accountant
from cc_metrics.store.engine import Engine
from cc_metrics.store.mapping import FOLDED
from cc_metrics.store.mapping import Mapping as ColumnMapping
from cc_metrics.store.open import Reading, Source, open_sources
from cc_metrics.store.opened import Opened
from cc_metrics.store.relation import Relation

if TYPE_CHECKING:
    from cc_metrics.store.opened_cases import OpenedCases


@dataclass(slots=True)
class Given:
    """What was opened: *calls*, None where there are none, and the tables *beside* them."""

    calls: Opened | None
    beside: "tuple[OpenedCases, ...]" = ()

    @property
    def all(self) -> "tuple[Opened | OpenedCases, ...]":
        """Everything, calls first."""
        return (*([self.calls] if self.calls else []), *self.beside)

    @property
    def engine(self) -> Engine:
        """The engine that holds it all."""
        return self.all[0].engine

    @property
    def readings(self) -> list[tuple[Relation, Accountant]]:
        """The readings behind it, none for summaries."""
        return [reading for one in self.all for reading in one.readings]

    def close(self) -> None:
        """Give memory and spill back."""
        for opened in self.all:
            with suppress(Exception):  # they share an engine, which is closed with the first
                opened.close()


def open_given(sources: Mapping[str, Sequence[Source]], reading: Reading) -> Given:
    """Open sources by the table they hold. *reading.dimensions* are those asked for, whichever table has them.

    Raises:
        DataError: something cannot be read, or nothing is left.
        UsageError: the zone is missing, or no table has a dimension.
    """
    columns = _columns(sources, reading)
    calls = None
    if CALLS.name in sources:
        calls = open_sources(sources[CALLS.name], _reading(CALLS.name, reading, columns))
    beside: list[OpenedCases] = []
    try:
        for name in (name for name in TABLES if name in sources):
            from cc_metrics.store.open_cases import open_cases  # with clocks, which calls do without

            engine = calls.engine if calls else beside[0].engine if beside else None
            beside.append(open_cases(sources[name], _reading(name, reading, columns), name, engine))
    except BaseException:
        Given(calls, tuple(beside)).close()
        raise
    return Given(calls, tuple(beside))


def _reading(name: str, reading: Reading, columns: Mapping[str, frozenset[str]]) -> Reading:
    """How to read one table: its part of the mapping, and the dimensions asked of it."""
    asked = [d for d in reading.dimensions if d in columns[name] or not any(d in found for found in columns.values())]
    if name != next(iter(columns)):  # what no table has is complained about once
        asked = [d for d in asked if d in columns[name]]
    about = reading.policy.dimensions("calls" if name == CALLS.name else TABLES[name].name)  # type: ignore[arg-type]
    wanted = tuple(dict.fromkeys((*asked, *about)))
    return replace(reading, mapping=_mapping(name, reading.mapping), dimensions=wanted)


def _mapping(name: str, mapping: ColumnMapping | None) -> ColumnMapping | None:
    """The mapping, where it speaks of a table; a table that it does not speak of has canonical columns."""
    if mapping is not None and mapping.intervals is not None:
        return mapping if name == CALLS.name else None
    named = () if mapping is None else [FOLDED.get(table, table) for table in mapping.tables]
    return mapping if name in named else None


def _columns(sources: Mapping[str, Sequence[Source]], reading: Reading) -> dict[str, frozenset[str]]:
    """The dimensions that each table has, canonical ones first asked: files are looked at only where these differ."""
    found = {}
    for name in ("calls", *TABLES):
        if name not in sources:
            continue
        found[name] = frozenset(CALL_DIMENSIONS if name == CALLS.name else _own(TABLES[name]))
    if len(found) > 1 and any(d not in have for d in reading.dimensions for have in found.values()):
        found = {name: have | kinds.columns(sources[name]) for name, have in found.items()}
    return found


def _own(table: Table) -> tuple[str, ...]:
    return (*table.dimensions, *table.flags, *table.counts)
