"""Output files appear whole or not at all: a temporary name beside the target, fsync, rename."""

import glob
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from cc_metrics.errors import EngineError

_PRIVATE: Final = 0o600


def write(path: Path, fill: Callable[[Path], object], *, private: bool = False) -> None:
    """Let *fill* write a temporary file, then put it in the place of *path*; *private*: for this account alone.

    Raises:
        EngineError: the folder is missing or cannot be written, or the disk is full; *path* is untouched.
    """
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent or Path())
        temporary = Path(name)
        os.close(handle)
        fill(temporary)
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.chmod(_PRIVATE if private else _mode(path))
        temporary.replace(path)
        _settled(path.parent)
    except OSError as error:
        raise EngineError(
            f"cannot be written: {error.strerror or error}",
            where=str(path),
            hint="check the folder, rights and free disk",
        ) from None
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _settled(folder: Path) -> None:
    """Let the new name reach the disk too, where folders can be told so."""
    if os.name == "nt":
        return
    with suppress(OSError):  # the file is in its place: a file system that cannot do this is no reason to fail
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def write_text(path: Path, text: str) -> None:
    """Write a text as UTF-8, whole or not at all."""
    write(path, lambda temporary: temporary.write_bytes(text.encode("utf-8", "surrogateescape")))


def sweep(path: Path) -> None:
    """Take away what writers of *path* left behind that were killed; for those who know that none is at work."""
    for left in path.parent.glob(f".{glob.escape(path.name[:40])}.????????"):
        with suppress(OSError):  # what cannot be taken away does no harm
            left.unlink()


def _mode(path: Path) -> int:
    """The rights of the file that is replaced, else those of a newly made one."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
