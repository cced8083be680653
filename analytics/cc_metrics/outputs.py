"""A report into a file: the ending decides, and the file appears whole or not at all."""

from pathlib import Path

from cc_metrics import render
from cc_metrics.errors import UsageError, nearest
from cc_metrics.model.report import Report
from cc_metrics.store import output
from cc_metrics.store.opened import Opened
from cc_metrics.version import VERSION


def check(path: Path) -> None:
    """Refuse a file whose ending no output has, before anything is computed.

    Raises:
        UsageError: the ending is not known.
    """
    if _ending(path) not in (*render.ENDINGS, ".parquet"):
        known = sorted((*render.ENDINGS, ".parquet"))
        raise UsageError(
            f"--output {path.name!r} has no known ending", hint=nearest(_ending(path), known) or ", ".join(known)
        )


def save(report: Report, opened: Opened | None, path: Path) -> None:
    """Write a report, or for .parquet the summary of the calls behind it.

    Raises:
        UsageError: the ending is not known.
        EngineError: it cannot be written; what stood there before is untouched.
    """
    check(path)
    if _ending(path) == ".parquet":
        from cc_metrics.store import summary_file

        if opened is None:
            raise UsageError("a Parquet summary holds calls, and none were given", where=str(path), hint="use .json")
        summary_file.save(opened, path, report.policy, VERSION)
    else:
        output.write_text(path, render.text(report, render.ENDINGS[_ending(path)]))


def _ending(path: Path) -> str:
    return path.suffix.lower()
