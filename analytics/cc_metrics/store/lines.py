"""The physical lines of a file, which everything that is read of it is held against."""

from pathlib import Path
from typing import Final

_BLOCK: Final = 1 << 20


def count_lines(source: Path) -> tuple[int, bytes, bool]:
    """Count the physical lines of a file; also its line break (LF unless it has none) and whether it holds quotes."""
    lines = returns = quotes = 0
    block, last = bytearray(_BLOCK), b"\n"
    with source.open("rb", buffering=0) as stream:
        while size := stream.readinto(block):
            lines += block.count(b"\n", 0, size)
            quotes = quotes or block.find(b'"', 0, size) >= 0
            returns += 0 if lines else block.count(b"\r", 0, size)
            last = bytes(block[size - 1 : size])
    newline = b"\r" if returns and not lines else b"\n"
    return (lines or returns) + (last != newline), newline, bool(quotes)
