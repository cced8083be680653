"""The report as JSON: the names and the order that DESIGN.md fixes, numbers unrounded, unknowns null."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from cc_metrics.model import chart_columns, columns
from cc_metrics.model.columns import Column
from cc_metrics.model.report import Accounting, Head, Report, Row
from cc_metrics.render import sentences, split_by

SCHEMA: Final = "cc-metrics/report/1"

_STEERING: Final = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def text(report: Report) -> str:
    """The whole report, two spaces deep, with a newline at the end."""
    return written(_document(report))


def written(document: Mapping[str, Any]) -> str:
    """A document as JSON; what would steer a terminal is escaped."""
    written = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2)
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", written) + "\n"


def _document(report: Report) -> dict[str, Any]:
    head, policy, by = report.head, report.policy, report.asked.by
    resolution, cases = (_dated(table, report) for table in (columns.FIRST_CALL_RESOLUTION, columns.CASES))
    return {
        "schema": SCHEMA,
        "as_of": head.as_of,
        "timezone": head.timezone,
        "period": _period(head),
        **({"cases_period": _period(report.about_cases)} if report.about_cases else {}),
        "data": _data(report),
        "policy": {"name": policy.name, "formula": policy.service.formula, "source": policy.source},
        "promises": _table([j.row for j in report.promises], columns.PROMISES, ()),
        "calls": _table(report.calls, columns.CALLS, by),
        "intervals": _table(report.intervals, columns.CALLS, ()),
        "first_call_resolution": _table(report.first_call_resolution, resolution, by),
        "cases": _table(report.cases, cases, split_by.of_cases(by)),
        "stock": _table(report.stock, columns.STOCK, ()),
        "answers": _table(report.answers, columns.ANSWERS, ()),
        **{name: _table(getattr(report, name), table, ()) for name, table in chart_columns.TABLES.items()},
        "warnings": [{"code": w.code, "text": w.text} for w in report.warnings],
    }


def _dated(table: Sequence[Column], report: Report) -> Sequence[Column]:
    """The columns of a table, without the start of its intervals where it was not split by time."""
    return tuple(c for c in table if c.name != "start" or report.asked.every != "all")


def _period(head: Head) -> dict[str, Any]:
    return {"from": head.start, "to": head.end, "weekday": head.weekday, "complete": head.complete}


def _data(report: Report) -> dict[str, Any]:
    """Row accounting by table: calls and cases always, null where none were given."""
    calls = account(report.accounting) if sentences.has_calls(report) else None
    return {"calls": calls, "cases": None, **{name: account(rows) for name, rows in report.beside.items()}}


def account(accounting: Accounting) -> dict[str, Any]:
    """Where every row of one table went."""
    folded = {"cases": accounting.cases, "calls": accounting.calls}
    return {
        "files": list(accounting.files),
        "read": accounting.read,
        "accepted": accounting.accepted,
        **{name: made for name, made in folded.items() if made is not None},
        "ignored": dict(accounting.ignored),
        "rejected": dict(accounting.rejected),
        "first": accounting.first,
        "last": accounting.last,
    }


def _table(rows: Sequence[Row], table: Sequence[Column], by: Sequence[str]) -> list[dict[str, Any]]:
    names = [column.name for column in table]
    extra = split_by.dimensions(rows, table, by)
    at = 1 if names[0] == "start" else 0
    ordered = [*names[:at], *extra, *names[at:]]
    return [{name: _value(row.get(name)) for name in ordered} for row in rows]


def _value(value: Any) -> Any:
    """A value as JSON knows it; a number that is none is unknown."""
    if isinstance(value, Mapping):
        return {str(key): _value(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_value(inner) for inner in value]
    if isinstance(value, Fraction):
        return float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, str | bool | int | float):
        return value
    return str(value)
