"""The notebook's face: read calls, measure, report, merge; pandas DataFrames at the border and nowhere else."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cc_metrics import reporting
from cc_metrics.errors import UsageError
from cc_metrics.model import columns
from cc_metrics.model.calls import DIMENSIONS
from cc_metrics.model.durations import milliseconds
from cc_metrics.model.promise import Policy, ResolutionTerms
from cc_metrics.model.report import Report, Row
from cc_metrics.read import Calls, Cases, read_calls, read_cases
from cc_metrics.reporting import Request, Span

__all__ = [
    "Calls",
    "Cases",
    "ShownReport",
    "first_call_resolution",
    "merge",
    "read_calls",
    "read_cases",
    "report",
    "service_level",
    "turnaround",
]

if TYPE_CHECKING:
    import pandas as pd

    from cc_metrics.store.engine import Engine
    from cc_metrics.store.opened import Opened
    from cc_metrics.store.opened_cases import OpenedCases


class ShownReport:
    """A report that shows itself in a notebook; its tables are DataFrames."""

    def __init__(self, report: Report, opened: "Opened | None") -> None:
        self.report = report
        self._opened = opened

    @property
    def promises(self) -> "pd.DataFrame":
        """One row per promise, with its verdict."""
        return frame([judged.row for judged in self.report.promises], columns.PROMISES, ())

    @property
    def calls(self) -> "pd.DataFrame":
        """The breakdown asked for."""
        return frame(self.report.calls, columns.CALLS, _dimensions(self.report.calls, columns.CALLS))

    @property
    def intervals(self) -> "pd.DataFrame":
        """The same figures by half-hour."""
        return frame(self.report.intervals, columns.CALLS, _dimensions(self.report.intervals, columns.CALLS))

    @property
    def first_call_resolution(self) -> "pd.DataFrame":
        """First-call resolution by the dimensions asked for."""
        rows = self.report.first_call_resolution
        return frame(rows, columns.FIRST_CALL_RESOLUTION, _dimensions(rows, columns.FIRST_CALL_RESOLUTION))

    @property
    def cases(self) -> "pd.DataFrame":
        """Turnaround by kind and the dimensions asked for."""
        return frame(self.report.cases, columns.CASES, _dimensions(self.report.cases, columns.CASES))

    @property
    def stock(self) -> "pd.DataFrame":
        """Open cases by promise and owner: overdue, due today and tomorrow."""
        return frame(self.report.stock, columns.STOCK, ())

    @property
    def answers(self) -> "pd.DataFrame":
        """Satisfaction by channel and segment."""
        return frame(self.report.answers, columns.ANSWERS, ())

    def save(self, path: str | Path) -> None:
        """Write the report; the ending decides: .json .csv .md, or .parquet for the summary behind it.

        Raises:
            UsageError: an ending that is not known.
            EngineError: the file cannot be written; nothing is left behind.
        """
        from cc_metrics import outputs

        outputs.save(self.report, self._opened, Path(path))

    def __repr__(self) -> str:
        from cc_metrics.render import terminal

        return terminal.show(self.report, 100, False)

    def _repr_html_(self) -> str:
        from cc_metrics.render import notebook

        return notebook.html(self.report)


def merge(source: str | Path | Sequence[str | Path], *, tz: str | None = None) -> Calls:
    """Summaries of days (paths, globs or a folder) as one; equal to the calls together in all that adds up.

    Raises:
        DataError: they overlap, or are no summaries.
    """
    return read_calls(source, tz=tz)


def service_level(
    calls: Calls,
    *,
    within: str = "20s",
    by: Sequence[str] = (),
    every: str = "all",
    formula: str = "all_offered",
    where: Mapping[str, str | Sequence[str]] | None = None,
    policy: str | Path | Policy = "default",
) -> "pd.DataFrame":
    """Service level and the traffic behind it, one row per interval and combination of dimensions.

    Columns are those of `calls` in the JSON report; shares lie between 0 and 1, NaN is unknown.
    """
    rules = _policy(policy)
    request = Request(tuple(by), every, milliseconds(within), formula, _where(where))
    opened = calls.open(rules, reporting.dimensions(request, rules))
    rows = reporting.calls(opened, rules, request)
    return frame(rows, columns.CALLS, _dimensions(rows, columns.CALLS) or tuple(by))


def first_call_resolution(
    calls: Calls,
    *,
    window: str = "7d",
    by: Sequence[str] = (),
    every: str = "all",
    unit: str = "call",
    repeats: str = "offered",
    key: str | Sequence[str] = "customer_id",
    repeat_calls: int | None = None,
    where: Mapping[str, str | Sequence[str]] | None = None,
    policy: str | Path | Policy = "default",
) -> "pd.DataFrame":
    """First-call resolution with what is settled, too recent and naive beside it (METRICS: settlement rule).

    Raises:
        UsageError: summaries were given, which hold no repeats; or an unknown unit.
    """
    if unit not in ("call", "issue") or repeats not in ("offered", "answered"):
        raise UsageError(f"unit is call or issue, repeats is offered or answered, not {unit!r} and {repeats!r}")
    keys = (key,) if isinstance(key, str) else tuple(key)
    terms = ResolutionTerms(
        milliseconds(window),
        unit="issue" if unit == "issue" else "call",
        repeats="answered" if repeats == "answered" else "offered",
        key=keys,
        repeat_calls=repeat_calls,
    )
    rules = _policy(policy)
    request = Request(tuple(by), every, where=_where(where))
    opened = calls.open(rules, reporting.dimensions(request, rules))
    rows = reporting.first_call_resolution(opened, rules, request, terms)
    return frame(rows, columns.FIRST_CALL_RESOLUTION, _dimensions(rows, columns.FIRST_CALL_RESOLUTION) or tuple(by))


def turnaround(
    cases: Cases,
    *,
    by: Sequence[str] = ("kind",),
    every: str = "all",
    where: Mapping[str, str | Sequence[str]] | None = None,
    policy: str | Path | Policy = "default",
    start: str | None = None,
    end: str | None = None,
    as_of: str | None = None,
) -> "pd.DataFrame":
    """How long cases took, one row per interval and combination of dimensions: mean, P50, P90, longest, open, oldest.

    Columns are those of `cases` in the JSON report; times in seconds, of the cases closed in the period (METRICS 4).
    """
    rules, asked = _policy(policy), _where(where)
    request = Request(tuple(by), every, where=asked, span=Span(start, end, None, as_of))
    opened = _beside([cases], rules, (*by, *asked))[0]
    rows = reporting.turnaround(opened, rules, request)
    return frame(rows, columns.CASES, _dimensions(rows, columns.CASES) or tuple(by))


def report(  # the names are those of the command's options
    calls: Calls | None = None,
    cases: Cases | Sequence[Cases] = (),
    *,
    policy: str | Path | Policy = "default",
    by: Sequence[str] = (),
    every: str = "all",
    within: str | None = None,
    formula: str | None = None,
    where: Mapping[str, str | Sequence[str]] | None = None,
    start: str | None = None,
    end: str | None = None,
    date: str | None = None,
    as_of: str | None = None,
) -> ShownReport:
    """The whole report: verdicts, breakdown, half-hours, first-call resolution, cases, accounting, warnings.

    *cases* are one or several readings: cases, and attempts, satisfaction and bases beside them.
    """
    rules = _policy(policy)
    request = Request(
        tuple(by),
        every,
        milliseconds(within) if within else None,
        formula,
        _where(where),
        Span(start, end, date, as_of),
    )
    beside = [cases] if isinstance(cases, Cases) else list(cases)
    asked = (*request.by, *request.where)
    if calls is None:
        return ShownReport(reporting.build(None, rules, request, _beside(beside, rules, asked)), None)
    taken = [name for name in asked if not beside or name in DIMENSIONS or not any(c.has(name) for c in beside)]
    opened = calls.open(rules, tuple(dict.fromkeys((*taken, *rules.dimensions()))))
    others = _beside(beside, rules, [name for name in asked if any(c.has(name) for c in beside)], opened.engine)
    return ShownReport(reporting.build(opened, rules, request, others), opened)


def _beside(
    cases: Sequence[Cases], rules: Policy, asked: Sequence[str], engine: "Engine | None" = None
) -> "list[OpenedCases]":
    """Cases and the tables beside them, read for what is asked of each into one engine."""
    found: list[OpenedCases] = []
    for one in cases:
        own = [name for name in asked if one.has(name) or len(cases) == 1]
        about = rules.dimensions(one.table)
        engine = engine or (found[0].engine if found else None)
        found.append(one.open(rules, tuple(dict.fromkeys((*own, *about))), engine))
    return found


def frame(rows: Sequence[Row], table: Sequence[columns.Column], dimensions: Sequence[str]) -> "pd.DataFrame":
    """Rows as a DataFrame: counts as Int64, shares and seconds as Float64, texts as strings, unknown as NA."""
    import pandas as pd

    kinds = {"count": "Int64", **dict.fromkeys(("share", "seconds", "length", "points"), "Float64")}
    kinds |= dict.fromkeys(("text", "moment"), "string")
    first, rest = (table[:1], table[1:]) if table[0].name == "start" else ((), table)
    found: dict[str, pd.Series[Any]] = {}
    for column in first:
        found[column.name] = pd.Series([row.get(column.name) for row in rows], dtype="string")
    for name in dimensions:
        found[name] = pd.Series([row.get(name) for row in rows], dtype="string")
    for column in rest:
        values = [row.get(column.name) for row in rows]
        found[column.name] = pd.Series(values, dtype=kinds.get(column.kind, "object"))
    return pd.DataFrame(found)


def _dimensions(rows: Sequence[Row], table: Sequence[columns.Column]) -> tuple[str, ...]:
    known = {column.name for column in table}
    return tuple(name for name in (rows[0] if rows else {}) if name not in known)


def _policy(policy: str | Path | Policy) -> Policy:
    from cc_metrics.policy import load

    return policy if isinstance(policy, Policy) else load(policy)


def _where(where: Mapping[str, str | Sequence[str]] | None) -> dict[str, tuple[str, ...]]:
    return {k: (v,) if isinstance(v, str) else tuple(v) for k, v in (where or {}).items()}
