"""Report in, text out: one file per format, nothing printed, every value escaped.

To add a format: one file with `text(report) -> str`, one line in FORMATS, one in ENDINGS, one golden file.
A format is imported when it is asked for.
Formats do not know each other; what they share lies below them:
lengths, split_by < words < deadline_words < term_words, naming, case_words < verdicts < sentences < row_accounting
< halfhours < fields < charts, page, grid (Rich) < terminal, markdown, html, email, notebook.
The terminal needs a width and is called as `terminal.show(report, width, colour)`.
"""

from importlib import import_module
from typing import Final

from cc_metrics.errors import UsageError, nearest
from cc_metrics.model.report import Report

FORMATS: Final = ("json", "csv", "markdown", "html", "email")
"""Each is a module of this package."""

ENDINGS: Final = {
    ".json": "json",
    ".csv": "csv",
    ".md": "markdown",
    ".html": "html",
    ".eml": "email",
}

DRAWN: Final = frozenset({".json", ".html", ".eml"})
"""The endings of outputs that hold pictures, or what they are drawn from."""


def text(report: Report, name: str) -> str:
    """The report in the format of that name.

    Raises:
        UsageError: no format has that name.
    """
    if name not in FORMATS:
        raise UsageError(f"no format is called {name!r}", hint=nearest(name, FORMATS))
    return str(import_module(f"cc_metrics.render.{name}").text(report))
