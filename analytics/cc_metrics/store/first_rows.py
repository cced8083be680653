"""The first rows of a reading as they were understood, with nothing by which a customer could be told."""

from collections.abc import Mapping
from typing import Any, Final

from cc_metrics.model import zones
from cc_metrics.model.calls import CALLS, PERSONAL
from cc_metrics.model.table import Table
from cc_metrics.store.mapping import Field, used
from cc_metrics.store.mapping import Mapping as ColumnMapping
from cc_metrics.store.opened import Opened
from cc_metrics.store.opened_cases import OpenedCases

_NEAR: Final = 10_000  # rows that are looked at before all are
_SHOWN: Final = 2  # of a hidden value, its last characters


def first_rows(
    opened: Opened | OpenedCases, mapping: ColumnMapping | None, most: int = 5
) -> Mapping[str, tuple[Any, ...]]:
    """The canonical columns of the first accepted rows that hold anything in them, a value for each row.

    Moments are ISO texts in the reporting zone, durations milliseconds. Of customers' and agents' keys, and of ids and
    dimensions copied from the same source columns, only the last two characters are shown.
    """
    read = opened.readings[0][0]
    table = CALLS if isinstance(opened, Opened) else opened.kind
    view = read.accepted if isinstance(opened, Opened) else opened.view
    columns = ", ".join(table.stored(name) for name in table.columns)
    sql = f"SELECT {columns} FROM {view} {{}} ORDER BY file, row LIMIT {most}"
    opened.engine.run("SET disabled_optimizers = 'late_materialization'")  # it stumbles over such views
    rows = opened.engine.rows(sql.format(f"WHERE row < {_NEAR}"))
    if len(rows) < most:
        rows = opened.engine.rows(sql.format(""))
    opened.engine.run("SET disabled_optimizers = ''")
    found = {name: tuple(row[place] for row in rows) for place, name in enumerate(table.columns)}
    hidden = _hidden(mapping, table)
    return {
        name: tuple(_understood(opened, table, name, value, hide=name in hidden) for value in values)
        for name, values in found.items()
        if any(value is not None for value in values)
    }


def _hidden(mapping: ColumnMapping | None, table: Table) -> set[str]:
    """The columns that hold keys of persons, or texts copied from where these come from."""
    entries = mapping.entries(table) if mapping else {}
    keys = {column for name in PERSONAL for column in used(entries.get(name))}
    copied = {name: entries.get(name) for name in (*table.ids, *table.dimensions)}
    return {*PERSONAL, *(name for name, e in copied.items() if isinstance(e, Field) and keys & set(e.columns))}


def _understood(opened: Opened | OpenedCases, table: Table, name: str, value: Any, *, hide: bool) -> Any:
    if value is None:
        return None
    if table.is_moment(name):
        return zones.iso(value, opened.offsets, written=opened.written)
    return masked(str(value)) if hide and not isinstance(value, bool) else value


def masked(text: str) -> str:
    """A key with all but its end hidden; a short one altogether.

    >>> masked("13800138000"), masked("77")
    ('...00', '...')
    """
    return "..." + (text[-_SHOWN:] if len(text) > 2 * _SHOWN else "")
