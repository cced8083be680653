"""One run at a time: a lock on a file, which the system lets go when the process ends, however it ends."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cc_metrics.errors import EngineError

_FAR: Final = 1 << 20


@contextmanager
def held(path: Path, name: str, since: str) -> Iterator[None]:
    """Hold the lock of a history, or refuse to run beside the one who does.

    Raises:
        EngineError: another run is going, or the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)
    except OSError as error:
        raise EngineError(
            f"the history cannot be written: {error.strerror}", where=str(path.parent), hint="check the folder"
        ) from None
    try:
        if not _taken(handle):
            raise _busy(path, name)
        os.lseek(handle, 0, os.SEEK_SET)
        os.ftruncate(handle, 0)
        os.write(handle, json.dumps({"report": name, "since": since}).encode())
        yield
    finally:
        os.close(handle)


def _taken(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(handle, _FAR, os.SEEK_SET)  # whoever is refused may still read who holds it
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _busy(path: Path, name: str) -> EngineError:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        since = f" since {told['since']}"
        name = str(told["report"])
    except (OSError, ValueError, KeyError, TypeError):
        since = ""
    return EngineError(
        f"another run of {name!r} has been going{since}", where=str(path), hint="wait for it, or stop it first"
    )
