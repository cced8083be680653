"""The notebook's face: read calls, measure, report, merge; pandas DataFrames at the border and nowhere else."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cc_metrics import reporting
from cc_metrics.errors import UsageError
from cc_metrics.language import checked
from cc_metrics.model import columns
from cc_metrics.model.calls import DIMENSIONS
from cc_metrics.model.durations import milliseconds
from cc_metrics.model.promise import Policy, ResolutionTerms
from cc_metrics.read import Calls, Cases, read_calls, read_cases
from cc_metrics.reporting import Background, Request, Span
from cc_metrics.shown import ShownReconciliation, ShownReport, dimensions, frame

__all__ = [
    "Calls",
    "Cases",
    "ShownReconciliation",
    "ShownReport",
    "first_call_resolution",
    "merge",
    "read_calls",
    "read_cases",
    "reconcile",
    "report",
    "service_level",
    "turnaround",
]

if TYPE_CHECKING:
    import pandas as pd

    from cc_metrics.store.engine import Engine
    from cc_metrics.store.opened_cases import OpenedCases


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
    return frame(rows, columns.CALLS, dimensions(rows, columns.CALLS) or tuple(by))


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
    return frame(rows, columns.FIRST_CALL_RESOLUTION, dimensions(rows, columns.FIRST_CALL_RESOLUTION) or tuple(by))


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
    return frame(rows, columns.CASES, dimensions(rows, columns.CASES) or tuple(by))


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
    staffing: str | Path | None = None,
    lang: str = "en",
) -> ShownReport:
    """The whole report: verdicts, breakdown, half-hours, first-call resolution, cases, accounting, warnings.

    *cases* are one or several readings: cases, and attempts, satisfaction and bases beside them. *staffing* is a CSV
    file of what was planned by half-hour: start, forecast_offered, forecast_handle_s, rostered, present. *lang* is the
    language it shows itself and is saved in: en or zh.
    """
    checked(lang)
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
        if staffing is not None:
            raise UsageError("staffing is set beside calls, and none were given")
        return ShownReport(reporting.build(None, rules, request, _beside(beside, rules, asked)), None, lang)
    taken = [name for name in asked if not beside or name in DIMENSIONS or not any(c.has(name) for c in beside)]
    opened = calls.open(rules, tuple(dict.fromkeys((*taken, *rules.dimensions()))))
    others = _beside(beside, rules, [name for name in asked if any(c.has(name) for c in beside)], opened.engine)
    from cc_metrics.store.staffing import read as read_staffing

    background = Background(planned=read_staffing(Path(staffing), opened.offsets) if staffing else ())
    return ShownReport(reporting.build(opened, rules, request, others, background), opened, lang)


def reconcile(
    calls: Calls,
    reported: str,
    *,
    where: Mapping[str, str | Sequence[str]] | None = None,
    policy: str | Path | Policy = "default",
    start: str | None = None,
    end: str | None = None,
    date: str | None = None,
) -> ShownReconciliation:
    """The definitions of the service level that give a figure another system printed ("83.1", "2210/2660").

    *where* names the calls that the figure speaks of. The answer shows itself; its tables are DataFrames.

    Raises:
        UsageError: no figure, or an option that cannot be meant.
        DataError: the source records no waits.
    """
    from cc_metrics.model import printed_figure
    from cc_metrics.reporting import reconciled

    figure = printed_figure.read(reported, "reported")
    rules = _policy(policy)
    request = Request(where=_where(where), span=Span(start, end, date))
    opened = reconciled.opened(lambda read_for: calls.open(read_for, tuple(request.where)), rules)
    return ShownReconciliation(reconciled.build(opened, rules, request, figure))


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


def _policy(policy: str | Path | Policy) -> Policy:
    from cc_metrics.policy import load

    return policy if isinstance(policy, Policy) else load(policy)


def _where(where: Mapping[str, str | Sequence[str]] | None) -> dict[str, tuple[str, ...]]:
    return {k: (v,) if isinstance(v, str) else tuple(v) for k, v in (where or {}).items()}
