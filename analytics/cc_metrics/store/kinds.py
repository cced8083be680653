"""Which canonical table a file holds: told by its header, so that one folder may hold them all."""

from collections.abc import Mapping as MappingABC
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cc_metrics.model.calls import CALLS
from cc_metrics.model.cases import CASES, EVENTS, TABLES
from cc_metrics.store import decode, dialect, files, json_lines
from cc_metrics.store.mapping import FileFormat, Mapping, used
from cc_metrics.store.relation import Frame

_PEEK: Final = 1 << 16
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
    names = set(_names(path, mapping))
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
    """Whether a file's first bytes (its last, of Parquet) name a column that only tables beside calls have."""
    if files.is_parquet(path):
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _PEEK))
            seen = file.read()
    else:
        with decode.opened(path, None) as stream:
            compression = decode.compression_of(stream.read(16))
        with decode.opened(path, compression) as stream:
            seen = stream.read(_PEEK).replace(b"\0", b"")  # UTF-16 reads like ASCII without them
    return any(word in seen for word in _TELLING)


def columns(sources: Sequence[Path | Frame]) -> frozenset[str]:
    """The columns of files and tables together, as they are written there."""
    found: set[str] = set()
    for source in sources:
        found.update(source.columns if isinstance(source, Frame) else _names(source))
    return frozenset(found)


def _names(path: Path, mapping: Mapping | None = None) -> Sequence[str]:
    form = mapping.file if mapping else FileFormat()
    if not files.is_parquet(path):
        if json_lines.is_json(path, form):
            from cc_metrics.store import json_file, json_names

            return json_names.names(path, json_file.find_json_dialect(path, form.encoding), form.nested.records)
        return dialect.column_names(dialect.find_dialect(path))
    import pyarrow.parquet as pq

    return list(pq.read_schema(path).names)
