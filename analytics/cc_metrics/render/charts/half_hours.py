"""Service level over the day by half-hours against its target, with the volume behind it."""

from collections.abc import Sequence
from typing import Any

from cc_metrics.language import counted, translated
from cc_metrics.model.report import Report
from cc_metrics.render import fields, halfhours, words
from cc_metrics.render.charts import style, targets
from cc_metrics.render.charts.picture import Picture
from cc_metrics.render.charts.style import Spec
from cc_metrics.render.fields import Field
from cc_metrics.render.halfhours import Day


def pictures(report: Report) -> list[Picture]:
    """A picture for each table of half-hours, by channel and by day or pooled; none where no level is known."""
    days = halfhours.days(report)
    told = [day for day in days if any(row.get("service_level") is not None for row in day.rows)]
    return [_picture(report, day, days.index(day), len(days) > 1) for day in told]


def _picture(report: Report, day: Day, number: int, several: bool) -> Picture:
    goals = targets.levels(report, day.channel)
    title = translated("Service level over the day")
    table = [Field(translated("from"), (*day.clocks, translated("all")), left=True)]
    return Picture(
        f"half_hours{f'-{number + 1}' if number else ''}",
        translated("{title}: {which}", title=title, which=day.title) if several else title,
        _says(day, goals),
        _spec(day, goals),
        (*table, *fields.traffic([*day.rows, day.all])),
    )


def _says(day: Day, goals: Sequence[targets.Mark]) -> str:
    """The best and the worst half-hour, and how many are below the target."""
    known = [(row.get("service_level"), clock) for clock, row in zip(day.clocks, day.rows, strict=True)]
    levels = [(level, clock) for level, clock in known if level is not None]
    (low, at), (high, best) = min(levels), max(levels, key=lambda pair: pair[0])
    said = translated(
        "The service level by half-hour lies between {low} at {at} and {high} at {best}.",
        low=words.percent(low),
        at=at,
        high=words.percent(high),
        best=best,
    )
    if not goals:
        return said
    lowest = min(goals, key=lambda goal: goal[1])
    below = sum(level < lowest[1] for level, _ in levels)
    more = counted(
        "{n} of {all} half-hours with calls is below {goal}.",
        "{n} of {all} half-hours with calls are below {goal}.",
        below,
        all=words.count(len(levels)),
        goal=lowest[0],
    )
    return words.joined([said, more])


def _spec(day: Day, goals: Sequence[targets.Mark]) -> Spec:
    lowest = min((goal for _, goal in goals), default=0.0)
    states = {translated("on target"): style.GOOD, translated("below target"): style.LATE}
    good, low = states
    rows: list[dict[str, Any]] = []
    bars: list[dict[str, Any]] = []
    labels = {"in_time": translated("in time"), "late": translated("late")}
    for clock, row in zip(day.clocks, day.rows, strict=True):
        level = row.get("service_level")
        state = None if level is None else low if level < lowest else good
        rows.append({"clock": clock, "level": level, "state": state})
        shown = {"late": halfhours.late(row) or 0, "in_time": halfhours.in_time(row) or 0}
        bars += [
            {"clock": clock, "part": labels[part], "calls": calls, "order": order}
            for order, (part, calls) in enumerate(shown.items())
        ]
    labelled = style.hours(day.clocks)
    return style.spec(
        {"half_hours": rows, "parts": bars},
        vconcat=[_levels(day.clocks, labelled, goals, states), _volume(day.clocks, labelled, labels)],
        spacing=10,
        resolve={"scale": {"color": "independent", "shape": "independent", "x": "shared"}},
    )


def _levels(
    clocks: Sequence[str], labelled: Sequence[str], goals: Sequence[targets.Mark], states: dict[str, style.Ink]
) -> Spec:
    x = style.ordered("clock", clocks, labelled, labels=False, ticks=False)
    axis = style.share(translated("service level"))
    y = {"field": "level", "type": "quantitative", "scale": {"domain": [0, 1]}, "axis": axis}
    domain = list(states)
    inks = {"domain": domain, "range": [ink.light for ink in states.values()]}
    shapes = {"domain": domain, "range": ["circle", "triangle-down"]}
    legend = {"legend": None} if not goals else {}
    point = {"type": "point", "filled": True, "size": 80, "opacity": 1}
    encoding = {
        "x": x,
        "y": y,
        "color": {"field": "state", "type": "nominal", "scale": inks, **legend},
        "shape": {"field": "state", "type": "nominal", "scale": shapes, **legend},
    }
    line = {"type": "line", "color": style.GOOD.light, "strokeWidth": 1.5}
    layer: list[Spec] = [
        {"data": {"name": "half_hours"}, "mark": line, "encoding": {"x": x, "y": y}},
        *(mark for label, goal in goals for mark in style.marked(label, goal)),
        {"data": {"name": "half_hours"}, "mark": point, "encoding": encoding},
    ]
    return {"width": style.WIDTH - style.BESIDE, "height": 170, "layer": layer}


def _volume(clocks: Sequence[str], labelled: Sequence[str], labels: dict[str, str]) -> Spec:
    inks = {labels["in_time"]: style.GOOD, labels["late"]: style.LATE}
    return {
        "width": style.WIDTH - style.BESIDE,
        "height": 80,
        "data": {"name": "parts"},
        "mark": {"type": "bar"},
        "encoding": {
            "x": style.ordered("clock", clocks, labelled),
            "y": {"field": "calls", "type": "quantitative", "axis": style.count(translated("calls"))},
            "color": style.parts(inks),
            "order": style.STACKED,
        },
    }
