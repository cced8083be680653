"""Which canonical table a file holds: told by its header, so that one folder may hold them all."""

from collections.abc import Mapping as MappingABC
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cc_metrics.model.calls import CALLS
from cc_metrics.model.cases import CASES, EVENTS, TABLES
from cc_metrics.store import head
from cc_metrics.store.mapping import Mapping, used
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
        table = usual if isinstance(source, Frame) else _table_of(source, mapping, usual)
        found.setdefault(table, []).append(source)
    return found


def _table_of(path: Path, mapping: Mapping | None, usual: str) -> str:
    if mapping is None:
        wanted: MappingABC[str, Sequence[str]] = {name: table.required for name, table in TABLES.items()}
        if not _may_tell(path):
            return usual
    else:
        wanted = _mapped(mapping)
    names = set(head.look(path, mapping).names)
    fitting = [name for name, columns in wanted.items() if names.issuperset(columns)]
    if fitting or mapping is None:
        return fitting[0] if fitting else usual
    canonical = {table.name: table.required for table in (CALLS, *TABLES.values()) if table.name not in wanted}
    fitting = [name for name, columns in canonical.items() if names.issuperset(columns)]
    return fitting[0] if fitting else usual if usual in wanted or len(wanted) != 1 else next(iter(wanted))


def _mapped(mapping: Mapping) -> dict[str, list[str]]:
    """The source columns that each table of a mapping is made from; an event log becomes cases."""
    found = {}
    for name, entries in mapping.tables.items():
        table = CASES.name if name == EVENTS.name else name
        found[table] = [column for entry in entries.values() for column in used(entry)]
    return found


def _may_tell(path: Path) -> bool:
    """Whether what a file begins with names a column that only tables beside calls have."""
    seen = head.begins(path)
    return any(word in seen for word in _TELLING)


def columns(sources: Sequence[Path | Frame]) -> frozenset[str]:
    """The columns of files and tables together, as they are written there."""
    found: set[str] = set()
    for source in sources:
        found.update(head.look(source).names)
    return frozenset(found)
