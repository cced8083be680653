"""The log of runs: one JSON object a line, appended whole; a line that was cut short harms no other."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cc_metrics.errors import EngineError


def append(path: Path, entry: Mapping[str, Any]) -> None:
    """Add a line and let it reach the disk; it begins on a line of its own, whatever stands before it.

    Raises:
        EngineError: it cannot be written.
    """
    text = json.dumps(entry, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
        try:
            size = os.fstat(handle).st_size
            os.lseek(handle, max(size - 1, 0), os.SEEK_SET)
            cut = size and os.read(handle, 1) != b"\n"
            os.write(handle, b"\n" + text if cut else text)
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise EngineError(
            f"the log cannot be written: {error.strerror}", where=str(path), hint="check the folder and free disk"
        ) from None


def entries(path: Path) -> list[dict[str, Any]]:
    """The lines that can be read, oldest first."""
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError:
        return []
    found = []
    for line in lines:
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict):
            found.append(entry)
    return found
