"""The mappings that are shipped, and which columns each of them reads."""

from collections.abc import Iterable
from collections.abc import Mapping as MappingABC
from functools import cache
from typing import Final

from cc_metrics.model.calls import CALLS
from cc_metrics.model.cases import EVENTS, TABLES
from cc_metrics.store import mapping_file
from cc_metrics.store.mapping import Entries, Mapping, used

_TABLES: Final = {table.name: table for table in (CALLS, *TABLES.values(), EVENTS)}


@cache
def mappings() -> tuple[Mapping, ...]:
    """Every shipped mapping."""
    return tuple(mapping_file.load(name) for name in mapping_file.names())


def sections(mapping: Mapping) -> MappingABC[str, Entries]:
    """What a mapping makes of columns, by section."""
    return {"intervals": mapping.intervals.entries()} if mapping.intervals else mapping.tables


def columns(mapping: Mapping, section: str) -> tuple[set[str], set[str]]:
    """The source columns that a section of a mapping cannot do without, and the others that it uses."""
    table, entries = _TABLES.get(section), sections(mapping)[section]
    required = (*table.required, *table.either) if table else tuple(entries)
    needs = {c for name, entry in entries.items() if name in required for c in used(entry)}
    needs |= {c for rule in mapping.ignore if rule.table in (None, section) for c in rule.when}
    needs |= {c for rule in mapping.reject if rule.table in (None, section) for c in rule.when}
    needs |= {c for rule in mapping.null_when if rule.table in (None, section) for c in rule.when}
    return needs, {c for entry in entries.values() for c in used(entry)} - needs


def every_column(mapping: Mapping) -> set[str]:
    """Every source column that a mapping reads."""
    return set().union(*(part for section in sections(mapping) for part in columns(mapping, section)))


def deciding(mapping: Mapping, names: Iterable[str]) -> tuple[str, ...]:
    """The columns that only this mapping uses, as the source orders them; where there is none, all that it needs."""
    needs = set().union(*(columns(mapping, section)[0] for section in sections(mapping)))
    others = set().union(*(every_column(m) for m in mappings() if m.name != mapping.name))
    own = [name for name in names if name in every_column(mapping) - others]
    return tuple(own) or tuple(name for name in names if name in needs)
