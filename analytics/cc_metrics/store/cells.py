"""Cells of a workbook as columns: numbers and words as text, dates as moments, times of day and durations as lengths.

A number is written without a fraction where it has none (a call 12345.0 is "12345", a telephone number is no float),
true and false as TRUE and FALSE. A cell that is empty, blank or holds an error is nothing.
"""

import datetime
from collections.abc import Sequence
from typing import Any, Final

LONGEST_NUMBER: Final = 10**15  # a workbook keeps fifteen digits of a number
ROUNDED: Final = r"^-?\d[\d.]*e\+\d+$"  # how a longer one is written as text
_DAY_NOUGHT: Final = datetime.datetime(1899, 12, 31)  # noqa: DTZ001  where a workbook counts its days from
_DATES: Final = {datetime.date, datetime.datetime}
_LENGTHS: Final = {datetime.time, datetime.timedelta}


def column(cells: Sequence[Any]) -> Any:
    """An Arrow array of what cells of one column hold: text, or moments or lengths where they hold nothing else."""
    import numpy as np
    import pyarrow as pa

    found = np.empty(len(cells), dtype=object)
    found[:] = cells
    empty = found == ""
    kinds = set(map(type, found[~empty]))
    if not kinds:
        return pa.nulls(len(cells))
    if kinds == {str}:
        return _words(pa.array(found, pa.string(), mask=empty))
    if kinds <= {int, float}:
        return _numbers(pa.array(found, pa.float64(), mask=empty))
    return _timed(found, empty, kinds)


def _timed(found: Any, empty: Any, kinds: set[type]) -> Any:
    """An array of cells among which are dates, times of day, durations or flags."""
    import pyarrow as pa

    alike = {datetime.date: pa.date32(), datetime.datetime: pa.timestamp("us"), datetime.timedelta: pa.duration("us")}
    kind = next(iter(kinds))
    if len(kinds) == 1 and kind in alike:
        return pa.array(found, alike[kind], mask=empty)
    if kinds <= _DATES:
        return pa.array(list(map(_moment, found)), pa.timestamp("us"))
    if kinds & _LENGTHS and kinds <= _LENGTHS | _DATES and all(map(_may_be_length, found)):
        return pa.array(list(map(_length, found)), pa.duration("us"))
    return pa.array(list(map(text, found)), pa.string())


def joined(parts: Sequence[Any]) -> Any:
    """Arrays of one column below each other: of one type, or as text where they differ."""
    import pyarrow as pa

    kinds = {part.type for part in parts if part.type != pa.null()}
    if kinds == {pa.date32(), pa.timestamp("us")}:
        kinds = {pa.timestamp("us")}
    if len(kinds) == 1:
        kind = kinds.pop()
        return pa.chunked_array([part.cast(kind) for part in parts], kind)
    texts = [part if part.type == pa.string() else pa.array(map(text, part.to_pylist()), pa.string()) for part in parts]
    return pa.chunked_array(texts, pa.string())


def text(cell: Any) -> str | None:
    """What a cell holds as text; None for nothing.

    >>> text(12345.0), text(0.5), text(True), text(" "), text(datetime.timedelta(hours=30, seconds=1))
    ('12345', '0.5', 'TRUE', None, '30:00:01')
    """
    if cell is None or isinstance(cell, str):
        return cell if cell and cell.strip() else None
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        short = f"{cell:.15g}" if abs(cell) >= LONGEST_NUMBER else str(cell)
        return short.removesuffix(".0")
    if isinstance(cell, datetime.timedelta):
        minutes, seconds = divmod(cell // datetime.timedelta(seconds=1), 60)
        fraction = f".{cell.microseconds:06}" if cell.microseconds else ""
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}{fraction}"
    return str(cell)


def _words(texts: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    blank = pc.equal(pc.utf8_trim_whitespace(texts), "")
    return pc.if_else(blank, pa.scalar(None, pa.string()), texts)


def _numbers(numbers: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    if (pc.max(pc.abs(numbers)).as_py() or 0) >= LONGEST_NUMBER:
        return pa.array(map(text, numbers.to_pylist()), pa.string())
    whole = pc.equal(pc.floor(numbers), numbers)
    digits = pc.if_else(whole, numbers, 0.0).cast(pa.int64()).cast(pa.string())
    return pc.if_else(whole, digits, numbers.cast(pa.string()))


def _moment(cell: Any) -> datetime.datetime | None:
    if cell == "":
        return None
    return cell if isinstance(cell, datetime.datetime) else datetime.datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001


def _may_be_length(cell: Any) -> bool:
    """A length of a day or more that is shown as a clock looks like a date of 1900."""
    return not isinstance(cell, datetime.date) or cell.year <= 1900


def _length(cell: Any) -> datetime.timedelta | None:
    if cell == "":
        return None
    if isinstance(cell, datetime.timedelta):
        return cell
    if isinstance(cell, datetime.time):
        return datetime.datetime.combine(_DAY_NOUGHT, cell) - _DAY_NOUGHT
    return (_moment(cell) or _DAY_NOUGHT) - _DAY_NOUGHT
