"""What the columns of a source mean: one SELECT of canonical rows from it, whatever its kind."""

from collections.abc import Callable, Sequence
from typing import Any

from cc_metrics.model import zones
from cc_metrics.model.table import Table
from cc_metrics.store import personal
from cc_metrics.store.canonical import Selection, select
from cc_metrics.store.columns import Columns
from cc_metrics.store.engine import Engine
from cc_metrics.store.lacking import Lacking
from cc_metrics.store.mapping import Field, Mapping, Moment, canonical
from cc_metrics.store.moments import Clock, bears_offset
from cc_metrics.store.relation import Relation


class Meaning:
    """Finds what the columns of sources mean, by a mapping or by their canonical names.

    *zone* is that of local times. *keys* are the columns by which a policy tells customers. *bears* says whether the
    times of the source asked for last are moments, not local clocks.
    """

    def __init__(
        self, engine: Engine, relation: Relation, mapping: Mapping | None, zone: str | None, keys: frozenset[str]
    ) -> None:
        self._engine, self._relation, self._mapping, self._zone, self._keys = engine, relation, mapping, zone, keys
        self.lacking = Lacking(relation)
        self.bears = False

    def select(
        self,
        table: str,
        names: Sequence[str],
        kinds: Sequence[str],
        where: str,
        identity: dict[str, str],
        first: Callable[[str], Any],
        written: str | None = None,
    ) -> str:
        """SELECT of canonical rows from a *table* of c1..cn, whose *names* and *kinds* are given.

        *identity* and *written* are those of `canonical.select`, *first* finds the first value of an expression.
        """
        mapping = self.mapping(names)
        columns = Columns(self._engine, names, kinds, mapping, where, blanks=written is None)
        self._relation.columns.append(tuple(names))
        return self.of(columns, mapping, table, identity, first, written)

    def mapping(self, names: Sequence[str]) -> Mapping:
        """What the columns of a source mean."""
        to = self._relation.table
        return _own_names(self._mapping, to, names) if self._mapping else canonical(tuple(names), to)

    def of(
        self,
        columns: Columns,
        mapping: Mapping,
        table: str,
        identity: dict[str, str],
        first: Callable[[str], Any],
        written: str | None = None,
        damaged: tuple[tuple[str, str], ...] = (),
    ) -> str:
        """The same, of *columns* whose *mapping* is known; rows that are *damaged* are rejected, each with a reason."""
        to = self._relation.table
        mapping = self.lacking.without(mapping, columns)
        self._relation.personal |= personal.names(mapping.entries(to), (*to.ids, *self._relation.extras), self._keys)
        dated = mapping.entries(to).get(to.first)
        self.bears = isinstance(dated, Moment) and bears_offset(first, columns, dated)
        self._relation.offsets_seen |= self.bears
        clock, read = Clock(zones.offsets(self._zone), self.bears), self._relation
        kept = (read.extras, read.legs is not None, read.personal, read.pseudonyms)
        return select(
            self._engine,
            columns,
            Selection(to, mapping, clock, *kept, damaged),
            self._relation.statuses,
            table,
            identity,
            written,
        )


def _own_names(mapping: Mapping, table: Table, names: Sequence[str]) -> Mapping:
    """A dimension that the mapping leaves out is the source's column of that name, where there is one."""
    entries = mapping.of(table).entries(table)
    own = {d: Field((d,)) for d in table.dimensions if d in names and d not in entries}
    return mapping.of(table).with_entries(table, {**own, **entries})
