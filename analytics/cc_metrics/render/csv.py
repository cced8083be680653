"""The table of calls that was asked for as one flat CSV (RFC 4180): full precision, unknown is empty."""

import csv
import io
import re
from typing import Any, Final

from cc_metrics.model import columns
from cc_metrics.model.promise import FORMULAS
from cc_metrics.model.report import Report, Row
from cc_metrics.render import words

_UNSEEN: Final = "[\\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*"  # a spreadsheet may look past them
_FORMULA: Final = re.compile(rf"{_UNSEEN}[=+\-@＝＋－＠]|[\t\r\n]")
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def text(report: Report) -> str:
    """A line of names, then a line for each row; formulas become level_<formula>."""
    dimensions = words.dimensions(report.calls, columns.CALLS, report.asked.by)
    names = [column.name for column in columns.CALLS if column.kind != "shares"]
    levels = [f"level_{formula}" for formula in FORMULAS]
    at = names.index("service_level") + 1
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_cell(name) for name in (names[0], *dimensions, *names[1:at], *levels, *names[at:])])
    for row in report.calls:
        ordered = (names[0], *dimensions, *names[1:at])
        values = [*(row.get(n) for n in ordered), *_levels(row), *(row.get(n) for n in names[at:])]
        writer.writerow([_cell(value) for value in values])
    return out.getvalue()


def _levels(row: Row) -> list[float | None]:
    formulas = row.get("formulas") or {}
    return [formulas.get(formula) for formula in FORMULAS]


def _cell(value: Any) -> Any:
    """A number as it is; text that a spreadsheet would run is made text with an apostrophe."""
    if value is None or isinstance(value, int | float):
        return value
    shown = _CONTROLS.sub("\ufffd", str(value))
    return f"'{shown}" if _FORMULA.match(shown) else shown
