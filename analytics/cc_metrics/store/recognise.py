"""Which format a source is in, told by its columns: the canonical one, a summary, or that of a shipped mapping."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cc_metrics.model.calls import CALLS
from cc_metrics.model.cases import TABLES
from cc_metrics.store import files, head, shipped, unrecognised
from cc_metrics.store.head import Head
from cc_metrics.store.mapping import Mapping
from cc_metrics.store.relation import Frame

CANONICAL: Final = "canonical columns"
SUMMARY: Final = "summary"
_MOST: Final = 0.8
_ROOT: Final = re.compile(r"[.\[]")


@dataclass(frozen=True, slots=True)
class Format:
    """What a source was told to be: a shipped mapping, None for canonical columns and for summaries.

    *deciding* are the columns that tell a mapping from every other one; *table* is that of canonical columns.
    """

    name: str
    mapping: Mapping | None = None
    deciding: tuple[str, ...] = ()
    table: str = CALLS.name

    @property
    def told_by(self) -> str:
        """The first of the columns that tell it; without names, what its lines hold tells."""
        return unrecognised.some(self.deciding) or "what its lines hold"


def format_of(source: Path | Frame) -> Format:
    """The format of one source.

    Raises:
        DataError: it cannot be read, or no format fits its columns, or several do.
    """
    return _canonical(source) or _shipped(source)


def common(sources: Sequence[Path | Frame]) -> Format:
    """The one format that sources are in; canonical tables beside those of a mapping are no other format.

    Raises:
        DataError: one cannot be told, or they are of several formats.
    """
    found = [(source, format_of(source)) for source in sources]
    mapped = [told for _, told in found if told.mapping]
    if not mapped:
        return next((told for _, told in found), Format(CANONICAL))
    one = mapped[0]
    if any(_at_odds(one, told) for _, told in found):
        raise unrecognised.mixed([(told.name, source) for source, told in found])
    return one


def _at_odds(one: Format, other: Format) -> bool:
    """Whether a source cannot be read by what another one was told to be."""
    if other.mapping or one.mapping is None:
        return other.name != one.name
    return other.name == SUMMARY or other.table in one.mapping.tables


def _canonical(source: Path | Frame) -> Format | None:
    """The format of a source that needs no mapping, told without loading or reading anything for most."""
    begun = b"" if isinstance(source, Frame) else head.begins(source)
    if begun.endswith(b"PAR1") and head.names_all(begun, [files.SUMMARY_KEY]):
        return Format(SUMMARY)
    for table in (CALLS, *TABLES.values()):
        names = source.columns if isinstance(source, Frame) else ()
        if set(table.required) <= set(names) or (begun and head.names_all(begun, table.required)):
            return Format(CANONICAL, table=table.name)
    return None


def _shipped(source: Path | Frame) -> Format:
    """The shipped mapping that fits a source; with some canonical names and no mapping it is canonical, and lacking."""
    found = head.look(source)
    for table in (CALLS, *TABLES.values()):
        if set(table.required) <= set(found.names):
            return Format(CANONICAL, table=table.name)
    fitting = _best([m for m in shipped.mappings() if _fits(m, found, source)], found.names)
    if len(fitting) == 1:
        return Format(fitting[0].name, fitting[0], shipped.deciding(fitting[0], head.look(source, fitting[0]).names))
    if fitting:
        raise unrecognised.several(source, fitting, found.names)
    tables = (CALLS, *TABLES.values())
    lacking = next((t for t in tables if 2 * len(set(t.required) & set(found.names)) >= len(t.required)), None)
    if lacking:
        return Format(CANONICAL, table=lacking.name)
    raise unrecognised.none_fits(source, found)


def fitting(source: Path | Frame) -> list[str]:
    """The shipped mappings that fit a source, by name.

    Raises:
        DataError: it cannot be read.
    """
    found = head.look(source)
    return [m.name for m in _best([m for m in shipped.mappings() if _fits(m, found, source)], found.names)]


def _fits(mapping: Mapping, found: Head, source: Path | Frame) -> bool:
    """Whether a source has what a mapping cannot do without, and most of what else it uses."""
    if mapping.file.form != (found.form if found.form in head.SPECIAL else None):
        return False
    if found.form in head.SPECIAL and not isinstance(source, Frame):
        return found.form != "json" or _records_fit(mapping, source)
    if mapping.file.columns or not found.named:
        from cc_metrics.store import plausible

        return not isinstance(source, Frame) and plausible.fits(mapping, found, source)
    names = set(found.names)
    for section in shipped.sections(mapping):
        needs, others = shipped.columns(mapping, section)
        if needs <= names and 2 * len(others & names) >= len(others):
            return True
    return False


def _records_fit(mapping: Mapping, path: Path) -> bool:
    """Whether records of JSON hold most of what a mapping reads; a record leaves out what it has not got."""
    found = {_root(name) for name in head.look(path, mapping).names}
    nested = mapping.file.nested
    levels = (*nested.rows, *(nested.beside.levels if nested.beside else ()))
    wanted = {_root(name) for name in shipped.every_column(mapping)} - {name for name, _ in levels}
    return len(wanted & found) >= _MOST * len(wanted)


def _root(name: str) -> str:
    """The first key of a path.

    >>> _root("Queue.Name"), _root("participants[purpose=acd].sessions")
    ('Queue', 'participants')
    """
    return _ROOT.split(name, maxsplit=1)[0]


def _best(fitting: Sequence[Mapping], names: Iterable[str]) -> list[Mapping]:
    """The mappings of which no other one uses every column and more: those that leave the least unread."""
    reads = {m.name: shipped.every_column(m) & set(names) for m in fitting}
    return [m for m in fitting if not any(reads[m.name] < reads[other.name] for other in fitting)]
