"""What check says of a reading: the format and why, what its columns became, the first rows as understood."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cc_metrics.model.table import Table
    from cc_metrics.store.mapping import Mapping as ColumnMapping
    from cc_metrics.store.opened import Opened
    from cc_metrics.store.opened_cases import OpenedCases
    from cc_metrics.store.recognise import Format


def format_rows(told: "Format", named: str | None) -> list[tuple[str, str]]:
    """The format, and which columns told it; *named* is what was asked for."""
    about = f": {told.mapping.about}" if told.mapping and told.mapping.about else ""
    if named:
        return [("format", f"{told.name}, as named{about}")]
    if told.mapping is None:
        return [("format", told.name)]
    return [
        ("format", f"{told.name}{about}"),
        ("told by", f"{told.told_by}: no other known format has them"),
    ]


def column_rows(opened: "Opened | OpenedCases", mapping: "ColumnMapping | None") -> list[tuple[str, str]]:
    """The source's columns by what becomes of them; empty for summaries."""
    if not opened.readings:
        return [("columns", "a summary: its calls were read before")]
    read = opened.readings[0][0]
    found = list(dict.fromkeys(name for names in read.columns for name in names))
    meant = _meant(mapping, tuple(found), read.table)
    used = [
        f"{name} -> {' + '.join(meant[name])}" if meant[name] != [name] else name for name in found if name in meant
    ]
    left = [name for name in found if name not in meant]
    return [("used", "; ".join(used)), ("left over", "; ".join(left) or "none")]


def _meant(mapping: "ColumnMapping | None", names: tuple[str, ...], table: "Table") -> dict[str, list[str]]:
    """Source columns -> the canonical ones (or rules) that are made from them."""
    from cc_metrics.store.mapping import canonical, used

    found: dict[str, list[str]] = {}
    if mapping and mapping.intervals:
        mapping = mapping.with_entries(table, mapping.intervals.entries())
    rules = mapping if mapping and table.name in mapping.tables else canonical(names, table)
    entries = rules.entries(table)
    for target, entry in entries.items():
        for source in used(entry):
            found.setdefault(source, []).append(target)
    for rule in rules.ignore:
        for source in rule.when:
            found.setdefault(source, []).append(f"ignored as {rule.name}")
    for name in (*table.dimensions, *table.flags):
        if name in names and name not in found and name not in entries:
            found[name] = [name]
    return {source: list(dict.fromkeys(meanings)) for source, meanings in found.items()}


def first_rows(opened: "Opened | OpenedCases", mapping: "ColumnMapping | None") -> list[Sequence[str]]:
    """A line for each canonical column, with its values in the first rows; empty for summaries."""
    if not opened.readings:
        return []
    from cc_metrics.store.first_rows import first_rows
    from cc_metrics.store.opened import Opened

    calls = opened.calls if isinstance(opened, Opened) else None  # folded from a log, they are in another table
    table = (calls or opened.readings[0])[0].table
    found = first_rows(opened, mapping)
    return [(name, *(_shown(name, value, table) for value in values)) for name, values in found.items()]


def _shown(name: str, value: Any, table: "Table") -> str:
    from cc_metrics.render import words

    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name in table.durations:
        return f"{value / 1000:g} s"
    return words.moment(value) if table.is_moment(name) else words.plain(value)
