"""The physical lines of a file, which everything that is read of it is held against."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

_BLOCK: Final = 1 << 20
_LARGE: Final = 64_000_000  # bytes from which loading NumPy pays: it counts three times as fast


def count_lines(source: Path) -> tuple[int, bytes, bool]:
    """Count the physical lines of a file; also its line break (LF unless it has none) and whether it holds quotes."""
    lines = returns = quotes = 0
    block, last = bytearray(_BLOCK), b"\n"
    breaks = _counter(block, source.stat().st_size)
    with source.open("rb", buffering=0) as stream:
        while size := stream.readinto(block):
            lines += breaks(size)
            quotes = quotes or block.find(b'"', 0, size) >= 0
            returns += 0 if lines else block.count(b"\r", 0, size)
            last = bytes(block[size - 1 : size])
    newline = b"\r" if returns and not lines else b"\n"
    return (lines or returns) + (last != newline), newline, bool(quotes)


def _counter(block: bytearray, size: int) -> Callable[[int], int]:
    """What counts the line feeds in the first bytes of a block."""
    if size < _LARGE:
        return lambda end: block.count(b"\n", 0, end)
    import numpy as np

    letters = np.frombuffer(block, dtype=np.uint8)
    return lambda end: int(np.count_nonzero(letters[:end] == ord("\n")))
