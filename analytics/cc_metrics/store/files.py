"""From what was typed to files that exist: paths, globs, folders and standard input, and what each file is."""

import glob
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cc_metrics.errors import DataError
from cc_metrics.store.engine import Engine

ENDINGS: Final = (
    ".csv",
    ".tsv",
    ".txt",
    ".psv",
    ".parquet",
    ".pq",
    ".json",
    ".jsonl",
    ".ndjson",
    ".log",
    ".gz",
    ".zst",
    ".xlsx",
    ".xlsm",
    ".xls",
    ".ods",
)
SUMMARY_KEY: Final = "cc_metrics"
_PARQUET: Final = b"PAR1"
_PACKED: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def expand(arguments: Sequence[str]) -> list[Path]:
    """The files behind paths, globs and folders, each once, in the order given; a folder's by name.

    Raises:
        DataError: nothing is there.
    """
    found: dict[Path, None] = {}
    for argument in arguments:
        for path in _one(argument):
            found.setdefault(path)
    return list(found)


def _one(argument: str) -> list[Path]:
    path = Path(argument).expanduser()
    try:
        if path.is_dir():
            return _in_folder(path, argument)
        if path.exists():
            return [_regular(path)]
    except OSError as error:
        raise _unreadable(path, error) from None
    if path.is_symlink():
        raise _dangling(path)
    matches = sorted(Path(m) for m in glob.glob(str(path), recursive=True)) if glob.has_magic(argument) else []  # noqa: PTH207
    files = [m for m in matches if m.is_file()]
    if not files:
        raise DataError("no such file", where=argument, hint="check the spelling, or give a folder or a glob in quotes")
    return files


def _in_folder(folder: Path, argument: str) -> list[Path]:
    exports = [path for path in sorted(folder.iterdir()) if _is_export(path) and not path.is_dir()]
    if not exports:
        raise DataError("the folder holds no exports", where=argument, hint=f"known endings: {', '.join(ENDINGS)}")
    for path in exports:
        if not path.exists():
            raise _dangling(path)
    return [path for path in exports if path.is_file()]


def _regular(path: Path) -> Path:
    """The path of a file that can be read more than once."""
    if not path.is_file():
        what = "is a device or a pipe, which cannot be read twice"
        raise DataError(what, where=str(path), hint="pipe it into standard input, and name -")
    return path


def _dangling(path: Path) -> DataError:
    return DataError("is a link that leads nowhere", where=str(path), hint="name the file itself")


def _unreadable(path: Path, error: OSError) -> DataError:
    what = f"cannot be read: {error.strerror}"
    return DataError(what, where=str(path), hint="name a file this account may read")


def _is_export(path: Path) -> bool:
    return not path.name.startswith((".", "~$")) and path.suffix.lower() in ENDINGS


def is_parquet(path: Path) -> bool:
    """Whether a file is Parquet, by its first bytes.

    Raises:
        DataError: it cannot be read.
    """
    return _head(path) == _PARQUET


def is_workbook(path: Path) -> bool:
    """Whether a file is a workbook, by what is in it.

    Raises:
        DataError: it cannot be read, or is a zip archive that is no workbook.
    """
    head = _head(path)
    if head not in _PACKED:
        return False
    from cc_metrics.store import sheets

    return sheets.is_workbook(path, head)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(4)
    except OSError as error:
        raise _unreadable(path, error) from None


def damaged_parquet(path: Path) -> DataError:
    """What to say of a Parquet file that cannot be opened."""
    return DataError("this Parquet file is damaged or cut short", where=str(path), hint="export it again")


def pattern(path: Path) -> str:
    """A path as the engine wants it, so that a name with glob characters opens that very file.

    >>> pattern(Path("o[1].parquet"))
    'o[[]1].parquet'
    """
    return "".join(f"[{c}]" if c in "*?[" else c for c in str(path))


def summary_metadata(engine: Engine, path: Path) -> str | None:
    """The metadata of a summary written by this tool; None when the file is another Parquet file.

    Raises:
        DataError: the file is damaged.
    """
    import duckdb

    try:
        rows = engine.connection.execute(
            f"SELECT value FROM parquet_kv_metadata({engine.keep(pattern(path))}) WHERE key = '{SUMMARY_KEY}'"
        ).fetchall()
    except duckdb.Error:
        raise damaged_parquet(path) from None
    return bytes(rows[0][0]).decode() if rows else None
