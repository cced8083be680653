"""What to say of a source whose format cannot be told: none fits its columns, or several do."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from cc_metrics.errors import DataError, first_of
from cc_metrics.model.calls import CALLS
from cc_metrics.store import shipped
from cc_metrics.store.head import Head
from cc_metrics.store.mapping import Mapping
from cc_metrics.store.relation import Frame

_LISTED: Final = 5
_LONGEST: Final = 30  # characters of a name: what is longer is no name but data
_NUMBER: Final = re.compile(r"\d{5,}")  # nor is this: it may be somebody's


def some(names: Iterable[str]) -> str:
    """The first of many names.

    >>> some("abc"), some("abcdefg")
    ('a, b, c', 'a, b, c, d, e ...')
    """
    plain = [_NUMBER.sub("...", name) for name in names]
    short = [name if len(name) <= _LONGEST else f"{name[: _LONGEST - 3]}..." for name in plain]
    return first_of(short, _LISTED)


def mixed(found: Sequence[tuple[str, Path | Frame]]) -> DataError:
    """Sources are of several formats: *found* holds the name of the format of each."""
    by_format: dict[str, list[str]] = {}
    for name, source in found:
        by_format.setdefault(name, []).append(_name(source))
    each = "; ".join(f"{name}: {first_of(files, _LISTED)}" for name, files in by_format.items())
    return DataError(
        f"the files are of several formats: {each}",
        hint="report on each format alone with --output FILE.parquet, then on these summaries together",
    )


def several(source: Path | Frame, fitting: Sequence[Mapping], names: Sequence[str]) -> DataError:
    """Several mappings fit a source, whose columns are *names*."""
    reasons = " and ".join(f"{m.name} ({some(shipped.deciding(m, names))})" for m in fitting)
    return DataError(
        f"its columns fit several formats: {reasons}",
        where=_name(source),
        hint=f"say which it is: --mapping {fitting[0].name}, for example",
    )


def none_fits(source: Path | Frame, found: Head) -> DataError:
    """No mapping fits a source."""
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
    for mapping in shipped.mappings():
        for needs in (shipped.columns(mapping, section)[0] for section in shipped.sections(mapping)):
            share = len(needs & set(found.names)) / len(needs)
            if found.named and share > best:
                best, said = share, f"{mapping.name}, which needs {some(sorted(needs - set(found.names)))}"
    return said


def _name(source: Path | Frame) -> str:
    return source.name if isinstance(source, Frame) else str(source)
