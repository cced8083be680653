"""Service level by weekday and half-hour, the days of the last eight weeks pooled."""

from bisect import bisect_right
from typing import Any

from cc_metrics.language import translated
from cc_metrics.model.promise import WEEKDAYS
from cc_metrics.model.report import Report, Row
from cc_metrics.render import words
from cc_metrics.render.charts import style, targets
from cc_metrics.render.charts.picture import Picture
from cc_metrics.render.charts.style import Spec
from cc_metrics.render.fields import Field

_USUAL = 0.8  # of the field, where nothing is promised
_FAR = 0.1  # points below the target from which a cell is far below


def pictures(report: Report) -> list[Picture]:
    """One picture; none with fewer than two weekdays, which the day's own chart shows."""
    rows = [row for row in report.heatmap if row["service_level"] is not None]
    if len({row["weekday"] for row in rows}) < 2:
        return []
    goals = [goal for _, goal in targets.levels(report, None)]
    goal = min(goals, default=_USUAL)
    low, below = min(rows, key=lambda row: row["service_level"]), [row for row in rows if row["service_level"] < goal]
    says = translated(
        "{below} of {all} half-hours of the week are below {goal}, marked with a dot. "
        "The lowest is {weekday} at {clock}: {low} of {calls} calls.",
        below=words.count(len(below)),
        all=words.count(len(rows)),
        weekday=style.weekday(low["weekday"]),
        clock=low["clock"],
        low=words.percent(low["service_level"]),
        calls=words.count(low["denominator"]),
        goal=words.percent(goal, 0),
    )
    title = translated("Service level by weekday and half-hour, the last eight weeks together")
    return [Picture("heatmap", title, says, _spec(report, goal), _table(report))]


def _clocks(report: Report) -> list[str]:
    """The clocks from the first to the last with calls, those without between them too."""
    return style.between(row["clock"] for row in report.heatmap)


def _days(report: Report) -> list[str]:
    known = {row["weekday"] for row in report.heatmap}
    return [day for day in WEEKDAYS if day in known]


def _spec(report: Report, goal: float) -> Spec:
    edges = (max(goal - _FAR, 0.0), goal, (1 + goal) / 2)
    labels = _classes(edges)
    days = {day: style.weekday(day) for day in _days(report)}
    cells: list[dict[str, Any]] = [
        {
            "weekday": days[row["weekday"]],
            "clock": row["clock"],
            "level": row["service_level"],
            "part": labels[bisect_right(edges, row["service_level"])],
            "below": row["service_level"] < goal,
        }
        for row in report.heatmap
        if row["service_level"] is not None
    ]
    clocks = _clocks(report)
    x = style.ordered("clock", clocks, style.hours(clocks))
    y_axis = {"title": None, "ticks": False, "domain": False}
    y = {"field": "weekday", "type": "ordinal", "scale": {"domain": list(days.values())}, "axis": y_axis}
    inks = dict(zip(labels, style.HEAT, strict=True))
    dot = {"type": "point", "shape": "circle", "filled": True, "size": 24, "opacity": 1, "color": style.DOT.light}
    layer = [
        {"mark": {"type": "rect"}, "encoding": {"x": x, "y": y, "color": style.parts(inks)}},
        {"transform": [{"filter": "datum.below"}], "mark": dot, "encoding": {"x": x, "y": y}},
    ]
    size = {"width": style.WIDTH, "height": {"step": 26}}
    return style.spec({"cells": cells}, data={"name": "cells"}, **size, layer=layer)


def _classes(edges: tuple[float, float, float]) -> list[str]:
    far, goal, well = (words.percent(edge, 0) for edge in edges)
    return [
        translated("below {share}", share=far),
        translated("{low} to below {high}", low=far, high=goal),
        translated("{low} to below {high}", low=goal, high=well),
        translated("{share} and more", share=well),
    ]


def _table(report: Report) -> tuple[Field, ...]:
    """A row for each half-hour, level and denominator of each weekday beside each other."""
    clocks = _clocks(report)
    found = [Field(translated("from"), tuple(clocks), left=True)]
    cells: dict[tuple[str, str], Row] = {(row["weekday"], row["clock"]): row for row in report.heatmap}
    for day in _days(report):
        rows = [cells.get((day, clock), {}) for clock in clocks]
        found.append(Field(style.weekday(day), tuple(words.percent(row.get("service_level")) for row in rows)))
        found.append(Field(translated("of"), tuple(words.count(row.get("denominator")) for row in rows)))
    return tuple(found)
