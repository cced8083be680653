"""The table that was asked for as one flat CSV (RFC 4180): full precision, unknown is empty."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from cc_metrics.model import columns
from cc_metrics.model.columns import Column
from cc_metrics.model.promise import FORMULAS
from cc_metrics.model.report import Report, Row
from cc_metrics.render import sentences, words

_UNSEEN: Final = "[\\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*"  # a spreadsheet may look past them
_FORMULA: Final = re.compile(rf"{_UNSEEN}[=+\-@＝＋－＠]|[\t\r\n]")
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def text(report: Report) -> str:
    """A line of names, then a line for each row: of calls, else of cases, else of answers, what the report has."""
    return written(_rows(report))


def written(rows: Iterable[Sequence[Any]]) -> str:
    """Rows as CSV, safe for spreadsheets."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def _rows(report: Report) -> Iterator[Sequence[Any]]:
    if report.cases and not sentences.has_calls(report):
        return _plain(report.cases, columns.CASES, words.of_cases(report.asked.by))
    if report.answers and not sentences.has_calls(report):
        return _plain(report.answers, columns.ANSWERS, ())
    return _calls(report)


def _plain(rows: Sequence[Row], table: Sequence[Column], asked: Sequence[str]) -> Iterator[Sequence[Any]]:
    """The rows of a table, its dimensions after the start where it has one."""
    names = [column.name for column in table]
    at = names.count("start")
    ordered = [*names[:at], *words.dimensions(rows, table, asked), *names[at:]]
    yield ordered
    for row in rows:
        yield [row.get(name) for name in ordered]


def _calls(report: Report) -> Iterator[Sequence[Any]]:
    """Calls; formulas become level_<formula>."""
    dimensions = words.dimensions(report.calls, columns.CALLS, report.asked.by)
    names = [column.name for column in columns.CALLS if column.kind != "shares"]
    levels = [f"level_{formula}" for formula in FORMULAS]
    at = names.index("service_level") + 1
    yield (names[0], *dimensions, *names[1:at], *levels, *names[at:])
    for row in report.calls:
        ordered = (names[0], *dimensions, *names[1:at])
        yield [*(row.get(n) for n in ordered), *_levels(row), *(row.get(n) for n in names[at:])]


def _levels(row: Row) -> list[float | None]:
    formulas = row.get("formulas") or {}
    return [formulas.get(formula) for formula in FORMULAS]


def _cell(value: Any) -> Any:
    """A number as it is; text that a spreadsheet would run is made text with an apostrophe."""
    if value is None or isinstance(value, int | float):
        return value
    shown = _CONTROLS.sub("\ufffd", str(value))
    return f"'{shown}" if _FORMULA.match(shown) else shown
