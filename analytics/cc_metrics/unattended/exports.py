"""The files that a run reads: those of the judged days, and whether they stand still while they are read."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from cc_metrics.errors import DataError
from cc_metrics.model.intervals import days_between
from cc_metrics.store import files

Stamps = Mapping[Path, tuple[int, int]]
"""Size and last change of each file."""


def of_days(texts: Sequence[str], days: tuple[date, date], shut: Collection[date]) -> list[Path]:
    """The files that *texts* name: {date} stands for each day from first to last, and one that is *shut* needs none.

    Raises:
        DataError: one is missing.
    """
    dated = [
        placed
        for text in texts
        for day in days_between(*days)
        if (placed := text.replace("{date}", day.isoformat())) == text or day not in shut or _there(placed)
    ]
    return files.expand(list(dict.fromkeys(dated))) if dated else []


def _there(text: str) -> bool:
    try:
        return bool(files.expand([text]))
    except DataError:
        return False


def bare(path: Path) -> bool:
    """Whether a file has nothing below its first line; one that cannot be read is for those to refuse who read it."""
    try:
        with path.open("rb") as file:
            file.readline(1 << 20)
            return not file.read(1 << 10).strip()
    except OSError:
        return False


def stamps(paths: Iterable[Path]) -> Stamps:
    """What files look like now, those that are there."""
    return {path: (found.st_size, found.st_mtime_ns) for path in paths if path.is_file() and (found := path.stat())}


def check_unchanged(before: Stamps) -> None:
    """Refuse exports that changed since *before*: what was read of them is neither the old nor the new one.

    Raises:
        DataError: it names the first of them.
    """
    now = stamps(before)
    for path, stamp in before.items():
        if now.get(path) != stamp:
            hint = "run again when the export is finished; write it under another name and rename it at the end"
            raise DataError("this export changed while it was read", where=str(path), hint=hint)
