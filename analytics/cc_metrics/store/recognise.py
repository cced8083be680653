"""Which format a source is in, told by its columns: the canonical one, a summary, or that of a shipped mapping."""

import re
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as MappingABC
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from cc_metrics.errors import DataError
from cc_metrics.model.calls import CALLS
from cc_metrics.model.cases import EVENTS, TABLES
from cc_metrics.store import files, head, mapping_file
from cc_metrics.store.head import Head
from cc_metrics.store.mapping import Entries, Mapping, used
from cc_metrics.store.relation import Frame

CANONICAL: Final = "canonical columns"
SUMMARY: Final = "summary"
_LISTED: Final = 5
_LONGEST: Final = 30  # characters of a name: what is longer is no name but data
_MOST: Final = 0.8
_ROOT: Final = re.compile(r"[.\[]")
_NUMBER: Final = re.compile(r"\d{5,}")  # nor is this: it may be somebody's
_TABLES: Final = {table.name: table for table in (CALLS, *TABLES.values(), EVENTS)}


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
        return some(self.deciding) or "what its lines hold"


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
        raise DataError(
            f"the files are of several formats: {_each(found)}",
            hint="report on each format alone with --output FILE.parquet, then on these summaries together",
        )
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
    fitting = _best([m for m in mappings() if _fits(m, found, source)], found.names)
    if len(fitting) == 1:
        return Format(fitting[0].name, fitting[0], deciding(fitting[0], head.look(source, fitting[0]).names))
    if fitting:
        raise _several(source, fitting, found.names)
    tables = (CALLS, *TABLES.values())
    lacking = next((t for t in tables if 2 * len(set(t.required) & set(found.names)) >= len(t.required)), None)
    if lacking:
        return Format(CANONICAL, table=lacking.name)
    raise _none(source, found)


def fitting(source: Path | Frame) -> list[str]:
    """The shipped mappings that fit a source, by name.

    Raises:
        DataError: it cannot be read.
    """
    found = head.look(source)
    return [m.name for m in _best([m for m in mappings() if _fits(m, found, source)], found.names)]


@cache
def mappings() -> tuple[Mapping, ...]:
    """Every shipped mapping."""
    return tuple(mapping_file.load(name) for name in mapping_file.names())


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
    for section in sections(mapping):
        needs, others = columns(mapping, section)
        if needs <= names and 2 * len(others & names) >= len(others):
            return True
    return False


def _records_fit(mapping: Mapping, path: Path) -> bool:
    """Whether records of JSON hold most of what a mapping reads; a record leaves out what it has not got."""
    found = {_root(name) for name in head.look(path, mapping).names}
    nested = mapping.file.nested
    levels = (*nested.rows, *(nested.beside.levels if nested.beside else ()))
    wanted = {_root(name) for name in _used(mapping)} - {name for name, _ in levels}
    return len(wanted & found) >= _MOST * len(wanted)


def _root(name: str) -> str:
    """The first key of a path.

    >>> _root("Queue.Name"), _root("participants[purpose=acd].sessions")
    ('Queue', 'participants')
    """
    return _ROOT.split(name, maxsplit=1)[0]


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


def _used(mapping: Mapping) -> set[str]:
    return set().union(*(part for section in sections(mapping) for part in columns(mapping, section)))


def _best(fitting: Sequence[Mapping], names: Iterable[str]) -> list[Mapping]:
    """The mappings of which no other one uses every column and more: those that leave the least unread."""
    reads = {m.name: _used(m) & set(names) for m in fitting}
    return [m for m in fitting if not any(reads[m.name] < reads[other.name] for other in fitting)]


def deciding(mapping: Mapping, names: Iterable[str]) -> tuple[str, ...]:
    """The columns that only this mapping uses, as the source orders them; where there is none, all that it needs."""
    needs = set().union(*(columns(mapping, section)[0] for section in sections(mapping)))
    others = set().union(*(_used(m) for m in mappings() if m.name != mapping.name))
    own = [name for name in names if name in _used(mapping) - others]
    return tuple(own) or tuple(name for name in names if name in needs)


def some(names: Iterable[str]) -> str:
    """The first of many names.

    >>> some("abc"), some("abcdefg")
    ('a, b, c', 'a, b, c, d, e ...')
    """
    plain = [_NUMBER.sub("...", name) for name in names]
    listed = [name if len(name) <= _LONGEST else f"{name[: _LONGEST - 3]}..." for name in plain]
    return ", ".join(listed[:_LISTED]) + (" ..." if len(listed) > _LISTED else "")


def _each(found: Sequence[tuple[Path | Frame, Format]]) -> str:
    """Every format that was told, with the sources it was told of."""
    by_format: dict[str, list[str]] = {}
    for source, told in found:
        by_format.setdefault(told.name, []).append(_name(source))
    return "; ".join(
        f"{name}: {', '.join(files[:_LISTED])}{' ...' if len(files) > _LISTED else ''}"
        for name, files in by_format.items()
    )


def _name(source: Path | Frame) -> str:
    return source.name if isinstance(source, Frame) else str(source)


def _several(source: Path | Frame, fitting: Sequence[Mapping], names: Sequence[str]) -> DataError:
    reasons = " and ".join(f"{m.name} ({some(deciding(m, names))})" for m in fitting)
    return DataError(
        f"its columns fit several formats: {reasons}",
        where=_name(source),
        hint=f"say which it is: --mapping {fitting[0].name}, for example",
    )


def _none(source: Path | Frame, found: Head) -> DataError:
    if not found.names:
        return DataError("holds no records", where=_name(source), hint="export it again")
    canonical = ", ".join(CALLS.required)
    what = (
        f"its columns fit no known format (here {some(found.names)}; {canonical} would need no mapping)"
        if found.named
        else f"it has no header, and its {len(found.names)} columns fit no known format"
    )
    near = _nearest(found)
    return DataError(
        what + (f"; the nearest is {near}" if near else ""),
        where=_name(source),
        hint="say what they mean with --mapping NAME or FILE (cc-metrics mappings list); "
        "cc-metrics mappings init FILE writes a mapping to start from",
    )


def _nearest(found: Head) -> str:
    """The mapping of whose columns that it cannot do without most are there, and those that are not."""
    best, said = 0.5, ""
    for mapping in mappings():
        for needs in (columns(mapping, section)[0] for section in sections(mapping)):
            share = len(needs & set(found.names)) / len(needs)
            if found.named and share > best:
                best, said = share, f"{mapping.name}, which needs {some(sorted(needs - set(found.names)))}"
    return said
