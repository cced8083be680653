"""The tables of calls: the breakdown asked for, all calls of the period, half-hours, reasons."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from cc_metrics import measures
from cc_metrics.measures import service_level, traffic
from cc_metrics.measures.told import told
from cc_metrics.model.intervals import Period, start_text
from cc_metrics.model.promise import ServiceTerms
from cc_metrics.model.report import Row
from cc_metrics.store.counting import WAIT_BIN
from cc_metrics.store.opened import Opened

REASONS: Final = 8


@dataclass(frozen=True, slots=True)
class Scope:
    """Which calls a table speaks of, and the terms they are counted by."""

    opened: Opened
    period: Period
    conditions: tuple[str, ...]
    terms: ServiceTerms
    by_channel: bool

    def dimensions(self, by: Sequence[str]) -> tuple[str, ...]:
        """The dimensions of a table: channels are never pooled in one row."""
        return (*by, "channel") if self.by_channel and "channel" not in by else tuple(by)

    def starts(self, every: str) -> Callable[[int], str | None]:
        """What names the start of an interval, each once; nothing where all are one."""
        if every == "all":
            return lambda _: None
        offsets, written = self.opened.offsets, self.opened.written
        return cache(lambda bucket: start_text(bucket, every, offsets, written=written))


def calls(scope: Scope, by: Sequence[str], every: str) -> tuple[Row, ...]:
    """One row per interval and combination of dimensions that has calls, with every figure of the measures."""
    dimensions = scope.dimensions(by)
    opened = scope.opened
    rows = opened.roll_up(measures.needs(scope.terms), dimensions, every, scope.period, scope.conditions, scope.terms)
    starts = scope.starts(every)
    return tuple(
        {
            "start": starts(r["bucket"]),
            **{name: r[f"d{i}"] for i, name in enumerate(dimensions)},
            **measures.figures(r, scope.terms),
        }
        for r in rows
    )


def total(scope: Scope) -> tuple[Row, ...]:
    """All calls of the period: one row, or one per channel; a row of zeros when there are none."""
    found = calls(scope, (), "all")
    if found:
        return found
    nothing = dict.fromkeys(measures.needs(scope.terms), 0) | dict.fromkeys(_EXTREMES)
    return ({"start": None, **measures.figures(nothing, scope.terms)},)


_EXTREMES: Final = ("p50_bin", "p90_bin", "p95_bin", "longest_answered_ms", "longest_abandoned_ms")


def reasons(scope: Scope) -> tuple[Row, ...]:
    """The commonest reasons with their traffic; empty where none is recorded."""
    opened = scope.opened
    sql = _reasons_sql(scope)
    if sql is None:
        return ()
    rows = [told(row, scope.terms, opened.recorded) for row in opened.engine.records(sql)]
    return tuple(
        {"reason": r["reason"], **service_level.figures(r, scope.terms), **traffic.figures(r, scope.terms)}
        for r in rows
    )


def _reasons_sql(scope: Scope) -> str | None:
    opened, terms = scope.opened, scope.terms
    needs = service_level.needs(terms) | traffic.needs(terms)
    column = opened.dimensions.get("reason", "reason")
    conditions = [f"{column} IS NOT NULL", *scope.conditions]
    if "reason" in opened.dimensions:
        source = f"{opened.table} WHERE {' AND '.join([scope.period.sql('start_ms'), *conditions])}"
    elif opened.calls is not None:
        source = _binned(" AND ".join([scope.period.sql("offered_ms"), *conditions]))
    else:
        return None
    figures = ", ".join(f"{sql} AS {alias}" for alias, sql in needs.items())
    order = "answered + abandoned + redirected DESC, reason"
    return f"SELECT {column} AS reason, {figures} FROM {source} GROUP BY 1 ORDER BY {order} LIMIT {REASONS}"


def _binned(where: str) -> str:
    """The accepted calls as summary rows by reason, for a dimension that the summary leaves out."""
    return f"(SELECT reason, outcome, {WAIT_BIN} AS bin, count(*) AS n FROM accepted WHERE {where} GROUP BY ALL) calls"
