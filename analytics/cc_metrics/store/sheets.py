"""A workbook (XLSX, XLS, OpenDocument) opened: told from other files, measured first, its sheets in their order."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, Final

from cc_metrics.errors import DataError
from cc_metrics.store import cells, unpacked

HEAD: Final = 50  # rows in which a header is looked for
LARGEST_OLD: Final = 300_000_000  # bytes of a workbook that is no zip archive
_ARCHIVE: Final = b"PK\x03\x04"
_OLD: Final = b"\xd0\xcf\x11\xe0"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_OTHERS: Final = {"word/": "a Word document", "ppt/": "a presentation", "xl/workbook.bin": "an XLSB workbook"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as it was opened, *hidden* or not."""

    name: str
    hidden: bool
    content: Any

    def head(self) -> list[tuple[str, ...]]:
        """The first rows as text."""
        return [tuple((cells.text(c) or "").strip() for c in row) for row in islice(self.content.iter_rows(), HEAD)]


def is_workbook(path: Path, head: bytes) -> bool:
    """Whether a file that begins with *head* is a workbook.

    Raises:
        DataError: it is a zip archive that is none, damaged or encrypted.
    """
    if head.startswith(_OLD):
        return True
    if not head.startswith(_ARCHIVE):
        return False
    with unpacked.archive(path) as packed:
        names = packed.namelist()
    what = next((kind for start, kind in _OTHERS.items() if any(name.startswith(start) for name in names)), None)
    if what is None and ("xl/workbook.xml" in names or "content.xml" in names):
        return True
    hint = "save it as XLSX or CSV" if what else "unpack it, and give what is in it"
    raise DataError(f"looks like {what or 'a zip archive'}, not like an export", where=str(path), hint=hint)


@lru_cache(maxsize=1)  # what tells the kind of a workbook need not open it again for its rows
def opened(path: Path) -> tuple[Sheet, ...]:
    """The sheets of a workbook; measured before, so that a small file cannot take all memory.

    Raises:
        DataError: it is damaged, encrypted, too large or no workbook.
    """
    import python_calamine as calamine

    with path.open("rb") as file:
        old = file.read(4) == _OLD
    if old:
        _check_old(path)
    else:
        unpacked.check(path)
    try:
        with path.open("rb") as file:
            workbook = calamine.CalamineWorkbook.from_filelike(file)
        sheets = [sheet for sheet in workbook.sheets_metadata if sheet.typ == calamine.SheetTypeEnum.WorkSheet]
        visible = calamine.SheetVisibleEnum.Visible
        return tuple(Sheet(s.name, s.visible != visible, workbook.get_sheet_by_name(s.name)) for s in sheets)
    except calamine.PasswordError:
        raise _protected(path) from None
    except (calamine.CalamineError, OSError, ValueError) as error:
        what = "looks like an old Office file that is no workbook" if old else "is a workbook that cannot be read"
        reason = str(error).splitlines()[0][:100] if str(error) else "damaged"
        raise DataError(f"{what}, or is damaged ({reason})", where=str(path), hint="save it as XLSX or CSV") from None


def _check_old(path: Path) -> None:
    if path.stat().st_size > LARGEST_OLD:
        raise DataError("is too large for an old workbook", where=str(path), hint="save it as XLSX or CSV")
    if _ENCRYPTED in path.read_bytes():
        raise _protected(path)


def _protected(path: Path) -> DataError:
    return DataError("is protected by a password", where=str(path), hint="save it without one")
