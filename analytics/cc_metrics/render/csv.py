"""The table that was asked for as one flat CSV (RFC 4180): full precision, unknown is empty."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from cc_metrics.model import columns
from cc_metrics.model.columns import Column
from cc_metrics.model.promise import FORMULAS
from cc_metrics.model.report import Report, Row
from cc_metrics.render import sentences, split_by
from cc_metrics.store.safe_cells import safe


def text(report: Report) -> str:
    """A line of names, then a line for each row: of calls, else of cases, else of answers, what the report has."""
    return written(_rows(report))


def written(rows: Iterable[Sequence[Any]]) -> str:
    """Rows as CSV, safe for spreadsheets."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([safe(value) for value in row] for row in rows)
    return out.getvalue()


def _rows(report: Report) -> Iterator[Sequence[Any]]:
    if report.cases and not sentences.has_calls(report):
        return _plain(report.cases, columns.CASES, split_by.of_cases(report.asked.by))
    if report.answers and not sentences.has_calls(report):
        return _plain(report.answers, columns.ANSWERS, ())
    return _calls(report)


def _plain(rows: Sequence[Row], table: Sequence[Column], asked: Sequence[str]) -> Iterator[Sequence[Any]]:
    """The rows of a table, its dimensions after the start where it has one."""
    names = [column.name for column in table]
    at = names.count("start")
    ordered = [*names[:at], *split_by.dimensions(rows, table, asked), *names[at:]]
    yield ordered
    for row in rows:
        yield [row.get(name) for name in ordered]


def _calls(report: Report) -> Iterator[Sequence[Any]]:
    """Calls; formulas become level_<formula>."""
    dimensions = split_by.dimensions(report.calls, columns.CALLS, report.asked.by)
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
