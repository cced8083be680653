"""From what was typed to files that exist: paths, globs, folders and standard input, and what each file is."""

import glob
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cc_metrics.errors import DataError
from cc_metrics.store.engine import Engine

ENDINGS: Final = (".csv", ".tsv", ".txt", ".psv", ".parquet", ".pq", ".json", ".jsonl", ".ndjson", ".gz", ".zst")
SUMMARY_KEY: Final = "cc_metrics"
_PARQUET: Final = b"PAR1"


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
    if path.is_dir():
        files = [f for f in sorted(path.iterdir()) if f.is_file() and _is_export(f)]
        if not files:
            raise DataError("the folder holds no exports", where=argument, hint=f"known endings: {', '.join(ENDINGS)}")
        return files
    if path.exists():
        return [path]
    matches = sorted(Path(m) for m in glob.glob(str(path), recursive=True)) if glob.has_magic(argument) else []  # noqa: PTH207
    files = [m for m in matches if m.is_file()]
    if not files:
        raise DataError("no such file", where=argument, hint="check the spelling, or give a folder or a glob in quotes")
    return files


def _is_export(path: Path) -> bool:
    return not path.name.startswith(".") and path.suffix.lower() in ENDINGS


def is_parquet(path: Path) -> bool:
    """Whether a file is Parquet, by its first bytes.

    Raises:
        DataError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(4) == _PARQUET
    except OSError as error:
        raise DataError(
            f"cannot be read: {error.strerror}", where=str(path), hint="name a file this account may read"
        ) from None


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
        raise DataError("this Parquet file is damaged or cut short", where=str(path), hint="export it again") from None
    return bytes(rows[0][0]).decode() if rows else None
