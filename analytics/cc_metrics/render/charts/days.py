"""Daily service level as a control chart: days, their usual level, limits, signals, and the target."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from cc_metrics.language import counted, translated
from cc_metrics.model import chart_columns
from cc_metrics.model.report import Report, Row
from cc_metrics.render import words
from cc_metrics.render.charts import style, targets
from cc_metrics.render.charts.picture import Picture, columns_of
from cc_metrics.render.charts.style import Spec
from cc_metrics.render.fields import Field

_LABELS = 6  # dates written below the chart
_NAMED = 6  # days with a signal that the sentence names
_SHOWN = ("start", "offered", "in_time", "denominator", "service_level", "centre", "low", "high")


def pictures(report: Report) -> list[Picture]:
    """One picture; none with fewer than two days whose level is known."""
    if sum(row["service_level"] is not None for row in report.days) < 2:
        return []
    table = columns_of(report.days, chart_columns.DAYS, *_SHOWN)
    if any(row["signal"] for row in report.days):
        named = {None: words.MISSING, "below": translated("below"), "above": translated("above")}
        table.append(Field(translated("signal"), tuple(named[row["signal"]] for row in report.days), left=True))
    return [
        Picture("days", translated("Service level by day, all known days"), _says(report), _spec(report), tuple(table))
    ]


def _says(report: Report) -> str:
    """How many days, and which of them lie outside their limits."""
    known = [row for row in report.days if row["service_level"] is not None]
    low, high = (choose(row["service_level"] for row in known) for choose in (min, max))
    said = translated(
        "The service level of {number} days lies between {low} and {high}.",
        number=words.count(len(known)),
        low=words.percent(low),
        high=words.percent(high),
    )
    if all(row["low"] is None for row in report.days):
        return words.joined([said, translated("Too few days are known to say what is usual.")])
    signals = [row for row in report.days if row["signal"]]
    if not signals:
        return words.joined([said, translated("No day lies outside its usual range.")])
    named = translated(", ").join(words.moment(row["start"]) for row in signals[:_NAMED])
    more = "…" if len(signals) > _NAMED else ""
    more = counted(
        "{n} day lies outside its usual range: {days}",
        "{n} days lie outside their usual range: {days}",
        len(signals),
        days=named + more,
    )
    return words.joined([said, more])


def _spec(report: Report) -> Spec:
    goals = targets.levels(report, None)
    labels = {
        None: translated("within its usual range"),
        "below": translated("below its usual range"),
        "above": translated("above its usual range"),
    }
    rows = [_mark(row, labels) for row in _whole(report.days)]
    days = [row["day"] for row in rows]
    step = max(1, -(-len(days) // _LABELS))
    x = style.ordered("day", days, days[::step])
    y = {"type": "quantitative", "scale": {"zero": False, "nice": True}}
    axis = style.share(translated("service level"), labelExpr="format(datum.value * 100, '.3~r') + ' %'")
    layer = [
        *_limits(x, y),
        {
            "mark": {"type": "line", "color": style.OTHER.light, "strokeWidth": 1},
            "encoding": {"x": x, "y": {**y, "field": "level", "axis": axis}},
        },
        *(mark for label, goal in goals for mark in style.marked(label, goal)),
        _points(x, y, list(labels.values()), any(row["low"] is not None for row in report.days)),
    ]
    return style.spec({"days": rows}, data={"name": "days"}, width=style.WIDTH - style.BESIDE, height=240, layer=layer)


def _mark(row: Row, labels: dict[str | None, str]) -> dict[str, Any]:
    level = row.get("service_level")
    part = None if level is None else labels.get(row.get("signal"), labels[None])
    limits = {name: row.get(name) for name in ("centre", "low", "high")}
    return {
        "start": row["start"],
        "day": words.moment(row["start"][:10]),
        "level": level,
        **limits,
        "part": part,
        "outside": bool(row.get("signal")),
    }


def _whole(rows: Sequence[Row]) -> list[Row]:
    """The days in order, those that are missing between them as gaps."""
    known = {row["start"][:10]: row for row in rows}
    first, last = (date.fromisoformat(choose(known)) for choose in (min, max))
    days = [(first + timedelta(days=i)).isoformat() for i in range((last - first).days + 1)]
    return [known.get(day, {"start": day}) for day in days]


def _limits(x: Spec, y: Spec) -> list[Spec]:
    """The usual range as a band between dashed edges, and its centre."""
    line = {"type": "line", "interpolate": "step", "color": style.OTHER.light}
    edges = [
        {
            "mark": {**line, "strokeWidth": 1, "strokeDash": dash},
            "encoding": {"x": x, "y": {**y, "field": field, "title": None}},
        }
        for field, dash in (("low", [2, 2]), ("high", [2, 2]), ("centre", [8, 3]))
    ]
    band: Spec = {
        "mark": {"type": "area", "interpolate": "step", "color": style.BAND.light},
        "encoding": {"x": x, "y": {**y, "field": "low", "title": None}, "y2": {"field": "high"}},
    }
    return [band, *edges]


def _points(x: Spec, y: Spec, labels: Sequence[str], limited: bool) -> Spec:
    inks = dict(zip(labels, (style.GOOD, style.LATE, style.SERIES[2]), strict=True))
    shapes = {"domain": list(labels), "range": ["circle", "triangle-down", "triangle-up"]}
    size = {"condition": {"test": "datum.outside", "value": 130}, "value": 40}
    legend = {} if limited else {"legend": None}
    return {
        "mark": {"type": "point", "filled": True, "opacity": 1},
        "encoding": {
            "x": x,
            "y": {**y, "field": "level", "title": None},
            "color": {**style.parts(inks), **legend},
            "shape": {"field": "part", "type": "nominal", "sort": None, "scale": shapes, **legend},
            "size": size,
        },
    }
