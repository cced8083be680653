"""Which canonical table a file holds: told by its header, so that one folder may hold them all."""

from collections.abc import Mapping as MappingABC
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cc_metrics.model.calls import CALLS
from cc_metrics.model.cases import TABLES
from cc_metrics.store import files, head
from cc_metrics.store.mapping import FOLDED, Mapping, used
from cc_metrics.store.relation import Frame

_TELLING: Final = tuple({table.required[0].encode() for table in TABLES.values()})


def sort(
    sources: Sequence[Path | Frame], mapping: Mapping | None = None, usual: str = "calls"
) -> dict[str, list[Path | Frame]]:
    """The sources by the table they hold; what no header tells is of the *usual* table.

    Raises:
        DataError: a file cannot be read.
    """
    found: dict[str, list[Path | Frame]] = {}
    for source in sources:
        for table in [usual] if isinstance(source, Frame) else _tables_of(source, mapping, usual):
            found.setdefault(table, []).append(source)
    return found


def _tables_of(path: Path, mapping: Mapping | None, usual: str) -> list[str]:
    """The tables that a file holds: one, but for a workbook whose sheets hold several."""
    if mapping is None and not _may_tell(path):
        return [usual]
    wanted = _mapped(mapping) if mapping else {}
    heads = _heads(path, mapping)
    others = (CALLS, *TABLES.values()) if mapping or len(heads) > 1 else TABLES.values()
    canonical = {table.name: table.required for table in others if table.name not in wanted}
    told = []
    for names in heads:
        fitting = (name for known in (wanted, canonical) for name, cols in known.items() if names.issuperset(cols))
        told.append(next(fitting, None))
    found = list(dict.fromkeys(name for name in told if name))
    return found or [usual if usual in wanted or len(wanted) != 1 else next(iter(wanted))]


def _mapped(mapping: Mapping) -> MappingABC[str, Sequence[str]]:
    """The source columns that each table of a mapping is made from; a log of events is folded."""
    found = {}
    for name, entries in mapping.tables.items():
        found[FOLDED.get(name, name)] = [column for entry in entries.values() for column in used(entry)]
    return found


def _may_tell(path: Path) -> bool:
    """Whether what a file begins with names a column that only tables beside calls have."""
    if files.is_workbook(path):
        return True
    seen = head.begins(path)
    return any(word in seen for word in _TELLING)


def columns(sources: Sequence[Path | Frame]) -> frozenset[str]:
    """The columns of files and tables together, as they are written there."""
    found: set[str] = set()
    for source in sources:
        found.update(*([source.columns] if isinstance(source, Frame) else _heads(source)))
    return frozenset(found)


def _heads(path: Path, mapping: Mapping | None = None) -> list[set[str]]:
    """The names of a file's columns; of a workbook what stands in each row that may be a header."""
    if files.is_workbook(path):
        from cc_metrics.store import workbook

        return workbook.heads(path)
    return [set(head.look(path, mapping).names)]
