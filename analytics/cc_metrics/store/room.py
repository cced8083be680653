"""Whether the spill folder has room for a large run: asked before, not found out after an hour."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cc_metrics.errors import EngineError

SMALL: Final = 10_000_000
LARGE: Final = 500_000_000  # bytes of input below which nothing is ever spilled
_TEXT: Final = 2.0  # bytes spilled at most for each byte of text, measured
_PACKED: Final = 4.0  # for each byte of Parquet or of a compressed text


def check(spill: Path, paths: Sequence[Path]) -> int:
    """The bytes of the input; refuses a run whose spill would not fit.

    Raises:
        EngineError: the free disk is smaller than what the input may need.
    """
    sizes = [(path, path.stat().st_size) for path in paths if path.is_file()]
    total = sum(size for _, size in sizes)
    if total < LARGE:
        return total
    packed = (".parquet", ".pq", ".gz", ".zst")
    needed = sum(size * (_PACKED if path.suffix.lower() in packed else _TEXT) for path, size in sizes)
    free = shutil.disk_usage(spill).free
    if free < needed:
        raise EngineError(
            f"the spill folder has {free / 1e9:.1f} GB free and this input may need {needed / 1e9:.1f} GB",
            where=str(spill.parent),
            hint="choose a roomier folder with --spill, or give fewer files at a time and merge their summaries",
        )
    return total
