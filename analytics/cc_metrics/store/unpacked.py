"""What a workbook grows to when it is opened, told from the zip archive that it is, before anything opens it.

A sheet is laid out in memory as a full rectangle: two cells in opposite corners of a file of a few kilobytes would
take hundreds of gigabytes. So its cells are measured in the packed file first, block by block.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from cc_metrics.errors import DataError

LARGEST: Final = 2_000_000_000  # bytes of a workbook when unpacked
MOST_CELLS: Final = 30_000_000  # about 3 GB of memory
LONGEST_ROW: Final = 16_000_000  # bytes of one row of an OpenDocument sheet
_BLOCK: Final = 1 << 20
_OVERLAP: Final = 64  # bytes of a block that may hold the beginning of a reference
_WIDE: Final = re.compile(rb"""\sr=["'][A-Za-z]{2}""")  # beyond column Z
_FAR: Final = re.compile(rb"""\sr=["'][A-Za-z]*(?:\d{8}|[2-9]\d{6}|1[1-9]\d{5})""")  # beyond row 1,099,999
_CELL: Final = re.compile(rb"""\sr=["']([A-Za-z]{1,3})(\d{1,7})["']""")
_REPEATED: Final = re.compile(rb'number-columns-repeated="(\d{1,9})\d*"')
_ROWS: Final = re.compile(rb'number-rows-repeated="(\d{1,9})\d*"')
_ROW_END: Final = b"</table:table-row>"


def check(path: Path) -> None:
    """Refuse a workbook in a zip archive that would not fit into memory.

    Raises:
        DataError: it is too large, damaged or encrypted.
    """
    with archive(path) as packed:
        members = packed.infolist()
        if sum(member.file_size for member in members) > LARGEST:
            raise _too_large(path, f"unpacks to more than {LARGEST / 1e9:.0f} GB")
        if any(member.flag_bits & 1 for member in members):
            raise DataError("is encrypted", where=str(path), hint="save it without a password")
        cells = 0
        for member in members:
            cells += (
                _open_document_cells(packed, member) if member.filename == "content.xml" else _cells(packed, member)
            )
            if cells > MOST_CELLS:
                raise _too_large(path, f"spreads over more than {MOST_CELLS:,} cells")


@contextmanager
def archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """A zip archive, its faults in words.

    Raises:
        DataError: it is damaged or cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            yield packed
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeDecodeError):
        raise DataError(
            "is a workbook (or another zip archive) that is damaged or cut short", where=str(path), hint="save it again"
        ) from None
    except OSError as error:
        raise DataError(
            f"cannot be read: {error.strerror}", where=str(path), hint="name a file this account may read"
        ) from None


def _too_large(path: Path, what: str) -> DataError:
    hint = "delete empty rows and columns that look used, split it, or export CSV"
    return DataError(f"is a workbook that {what}", where=str(path), hint=hint)


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    """The blocks of a stream, each with the end of the one before it, so that nothing short falls between two."""
    end = b""
    while block := stream.read(_BLOCK):
        yield end + block
        end = block[-_OVERLAP:]


def _cells(packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> int:
    """The cells that a sheet of XLSX writes, or those of the rectangle it spans where it has more than 26 columns."""
    written = 0
    with packed.open(member) as stream:
        for block in _blocks(stream):
            if _FAR.search(block):
                return MOST_CELLS + 1
            if _WIDE.search(block):
                break
            written += block.count(b"</") // 2  # a cell that holds something closes itself and its value
        else:
            return written
    with packed.open(member) as stream:
        return _area(stream)


def _area(stream: IO[bytes]) -> int:
    """The cells of the rectangle that the references in a sheet span."""
    cells = wide = rows = 0
    for block in _blocks(stream):
        if _FAR.search(block):
            return MOST_CELLS + 1
        found = _CELL.findall(block)
        cells += len(found)
        wide = max([wide, *map(_place, {name for name, _ in found})])
        rows = max([rows, *map(int, {row for _, row in found})])
    return max(cells, wide * rows)


def _place(name: bytes) -> int:
    """The place of a column by its letters.

    >>> _place(b"A"), _place(b"AA"), _place(b"XFD")
    (1, 27, 16384)
    """
    place = 0
    for letter in name.upper():
        place = 26 * place + letter - 64
    return place


def _open_document_cells(packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> int:
    """The cells of the rectangle that the sheets of an OpenDocument file span, repeated ones counted."""
    wide = rows = empty = 0
    rest = b""
    with packed.open(member) as stream:
        while block := stream.read(_BLOCK):
            *ended, rest = (rest + block).split(_ROW_END)
            if len(rest) > LONGEST_ROW:
                return MOST_CELLS + 1
            for row in ended:
                repeated = _ROWS.search(row)
                times = int(repeated[1]) if repeated else 1
                last = row.rfind(b"value-type")
                if last < 0:
                    empty += times  # counts only if something follows
                    continue
                cells = row[: row.find(b">", last)]
                wide = max(wide, cells.count(b"table-cell") + sum(map(int, _REPEATED.findall(cells))))
                rows, empty = rows + empty + times, 0
    return wide * rows
