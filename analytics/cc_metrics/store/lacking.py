"""Columns that sources lack: some of them may, for months differ; all of them must not."""

from collections.abc import Iterable

from cc_metrics.errors import DataError, UsageError, nearest
from cc_metrics.language import said
from cc_metrics.model.table import things
from cc_metrics.store import personal
from cc_metrics.store.columns import Columns
from cc_metrics.store.mapping import Mapping, used
from cc_metrics.store.relation import Relation


class Lacking:
    """What each source of a relation lacks of the columns that are mapped or asked for."""

    def __init__(self, relation: Relation) -> None:
        self._relation = relation
        self._by_source: dict[str, frozenset[str]] = {}

    def add(self, where: str, columns: Iterable[str]) -> None:
        """Say which columns the source *where* lacks."""
        self._by_source[where] = frozenset(columns)

    def without(self, mapping: Mapping, columns: Columns) -> Mapping:
        """The mapping without the optional columns that this source lacks."""
        lacking, table = {}, self._relation.table
        for name, entry in mapping.entries(table).items():
            missing = [c for c in used(entry) if not columns.has(c)]
            if missing and name not in table.required:
                lacking[name] = missing[0]
        absent = (e for e in self._relation.extras if not columns.has(e))
        told = {name for further in mapping.file.further for name in further}  # by their number: no file need have them
        self.add(columns.where, {*lacking.values(), *absent} - told)
        return mapping.with_entries(table, {n: e for n, e in mapping.entries(table).items() if n not in lacking})

    def check(self) -> None:
        """Refuse a column that no source has; say it where only some have it.

        Raises:
            DataError: a column that is mapped is in no source.
            UsageError: a column that was asked for is in no source.
        """
        everywhere = frozenset.intersection(*self._by_source.values()) if self._by_source else frozenset()
        known = sorted({n for names in self._relation.columns for n in names if not personal.looks_personal(n)})
        for column in sorted(everywhere):
            kind = UsageError if column in self._relation.extras else DataError
            raise kind(f"there is no column {column!r}", where=next(iter(self._by_source)), hint=nearest(column, known))
        for where, columns in self._by_source.items():
            for column in sorted(columns):
                text = said(
                    "{file} has no column {column!r}: its {things} count as not recorded there. Export it with the "
                    "others.",
                    file=where,
                    column=column,
                    things=things(self._relation.table.name),
                )
                self._relation.cautions.append(("missing_column", text))
