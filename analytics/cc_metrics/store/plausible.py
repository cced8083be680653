"""Whether values look like what a mapping takes them for: how a file without a header is told."""

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from cc_metrics.store import head
from cc_metrics.store.head import Head
from cc_metrics.store.mapping import Entry, Field, Length, Mapping, Moment

_SHARE: Final = 0.8  # of the values, so that a damaged row does not hide the format
_NUMBER: Final = re.compile(r"-?\d+(\.\d*)?")
_YEAR_FIRST: Final = re.compile(r"\d{4}([-/]\d{1,2}[-/]\d{1,2}[T ]|年\d{1,2}月\d{1,2}日 ?)\d{1,2}[:时]")
_CLOCK: Final = re.compile(r"-?(\d+:)?\d{1,2}:\d{2}(\.\d+)?")


def fits(mapping: Mapping, found: Head, path: Path) -> bool:
    """Whether a file without a header is as wide as a mapping says, with moments and lengths where they should be."""
    names = mapping.file.columns
    if found.named or names is None or len(names) != len(found.names):
        return False
    first = head.rows(path)
    values = {name: [row[place] for row in first if row[place]] for place, name in enumerate(names)}
    return all(_entry_fits(entry, values) for entries in mapping.tables.values() for entry in entries.values()) and any(
        values.values()
    )


def _entry_fits(entry: Entry, values: dict[str, list[str]]) -> bool:
    if isinstance(entry, Length):
        if entry.column is None:
            return all(_entry_fits(edge, values) for edge in (entry.since, entry.until) if edge)
        shape = _CLOCK if entry.unit == "clock" else _NUMBER
        return _most([bool(shape.fullmatch(value)) for value in values[entry.column]])
    if isinstance(entry, Moment):
        return entry.date is not None or all(
            _most([is_moment(value, entry.formats) for value in values[name]]) for name in entry.columns
        )
    return not entry.values or len(entry.columns) > 1 or _any_known(entry, values[entry.columns[0]])


def _any_known(entry: Field, written: Sequence[str]) -> bool:
    return not written or any(value in entry.values for value in written)


def _most(good: Sequence[bool]) -> bool:
    return sum(good) >= _SHARE * len(good)


def is_moment(text: str, formats: Sequence[str]) -> bool:
    """Whether a text is a moment in one of a mapping's formats.

    >>> is_moment("2013/8/20 9:00", ["iso"]), is_moment("1377000000", ["epoch_s"]), is_moment("9", ["%H:%M"])
    (True, True, False)
    """
    return any(_reads(text, pattern) for pattern in formats)


def _reads(text: str, pattern: str) -> bool:
    if pattern.startswith("epoch"):
        return bool(_NUMBER.fullmatch(text))
    if pattern in ("iso", "utc"):
        return bool(_YEAR_FIRST.match(text))
    try:
        datetime.strptime(text, pattern)  # noqa: DTZ007
    except ValueError:
        return False
    return True
