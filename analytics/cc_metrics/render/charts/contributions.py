"""Where the late calls lie: by half-hour, and by queue (or tier, or reason) beside what the target allows."""

from collections.abc import Sequence
from typing import Any

from cc_metrics.language import counted, translated
from cc_metrics.model import chart_columns
from cc_metrics.model.report import Report, Row
from cc_metrics.render import naming, words
from cc_metrics.render.charts import style
from cc_metrics.render.charts.picture import Picture, columns_of
from cc_metrics.render.charts.style import Spec

_GROUPS = ("queue", "tier", "reason")
_MOST = 8  # bars of groups
_NAMES = 200  # room for the names of groups, in pixels
_TABLED = 20  # rows of the table for each of the groups
_SHOWN = ("dimension", "value", "offered", "owed", "late", "share_of_late", "allowed", "above", "usual_offered")


def pictures(report: Report) -> list[Picture]:
    """A picture for all calls, and one for each missed promise; none without late calls."""
    named = zip(report.promises, naming.names(report.promises), strict=True)
    short = {judged.promise.name: name for judged, name in named}
    found = []
    for number, promise in enumerate(dict.fromkeys(row["promise"] for row in report.contributions)):
        rows = [row for row in report.contributions if row["promise"] == promise]
        if not any(row["late"] for row in rows):
            continue
        title = translated("Where the late calls lie")
        if promise is not None:
            title = translated("{title}: {which}", title=title, which=short.get(promise, words.plain(promise)))
        found.append(_picture(f"contributions-{number}" if number else "contributions", title, rows))
    return found


def _picture(name: str, title: str, rows: Sequence[Row]) -> Picture:
    intervals = _by_clock([row for row in rows if row["dimension"] == "interval"])
    groups = _groups(rows)
    named = _dimensions()
    table = [{**row, "dimension": named[row["dimension"]]} for row in (*intervals, *_tabled(rows))]
    cells = columns_of(table, chart_columns.CONTRIBUTIONS, *_SHOWN)
    return Picture(name, title, _says(intervals, groups), _spec(intervals, groups), tuple(cells))


def _dimensions() -> dict[str, str]:
    return {
        "interval": translated("half-hour"),
        "queue": translated("queue"),
        "tier": translated("tier"),
        "reason": translated("reason"),
    }


def _by_clock(rows: Sequence[Row]) -> list[Row]:
    """Half-hours by their clock, those of many days added up."""
    by_clock: dict[str, list[Row]] = {}
    for row in rows:
        by_clock.setdefault(row["value"][11:16] or row["value"], []).append(row)
    return [{**by_clock[clock][0], **_sums(by_clock[clock]), "value": clock} for clock in sorted(by_clock)]


def _sums(rows: Sequence[Row]) -> Row:
    """What adds up; of which a part is not known, it is not known."""
    values = {name: [row[name] for row in rows] for name in _SHOWN if name not in {"dimension", "value"}}
    return {name: None if None in found else sum(found) for name, found in values.items()}


def _tabled(rows: Sequence[Row]) -> list[Row]:
    """The groups of each dimension with most late calls."""
    found: list[Row] = []
    for dimension in _GROUPS:
        mine = [row for row in rows if row["dimension"] == dimension]
        found += sorted(mine, key=lambda row: -row["late"])[:_TABLED]
    return found


def _groups(rows: Sequence[Row]) -> list[Row]:
    """The rows of the first dimension that tells calls apart, those with most late calls first."""
    for dimension in _GROUPS:
        found = [row for row in rows if row["dimension"] == dimension]
        if len(found) > 1:
            return sorted((row for row in found if row["late"]), key=lambda row: -row["late"])[:_MOST]
    return []


def _says(intervals: Sequence[Row], groups: Sequence[Row]) -> str:
    late = sum(row["late"] for row in intervals)
    said = [counted("{n} call was late.", "{n} calls were late.", late)] if intervals else []
    for rows in (intervals, groups):
        worst = max(rows, key=lambda row: row["late"], default=None)
        if worst is not None and worst["late"]:
            said.append(
                translated(
                    "Most in {where}: {late}, {share} of them.",
                    where=words.recorded(worst["value"]),
                    late=words.count(worst["late"]),
                    share=words.percent(worst["share_of_late"], 0),
                )
            )
    return words.joined(said)


def _spec(intervals: Sequence[Row], groups: Sequence[Row]) -> Spec:
    """Each bar is late calls, parted where there is a target: what it leaves room for, and what is above."""
    inks = {translated("late, within what the target allows"): style.OTHER, translated("late beyond it"): style.LATE}
    if all(row["allowed"] is None for row in (*intervals, *groups)):
        inks = {translated("late"): style.LATE}
    bars = [part for row in intervals for part in _parts({"at": row["value"]}, row, inks)]
    named = [{"rank": i, "at": style.name(row["value"])} for i, row in enumerate(groups)]
    ranked = [part for key, row in zip(named, groups, strict=True) for part in _parts(key, row, inks)]
    views = [_by_interval(intervals, inks)] if any(row["late"] for row in intervals) else []
    if groups:
        views.append(_by_group(inks))
    totals = [key | {"late": row["late"]} for key, row in zip(named, groups, strict=True)]
    return style.spec({"intervals": bars, "groups": ranked, "totals": totals}, vconcat=views, spacing=24)


def _parts(key: dict[str, Any], row: Row, inks: dict[str, style.Ink]) -> list[dict[str, Any]]:
    late, allowed = row["late"], row["allowed"]
    numbers = [late] if len(inks) == 1 else [min(late, allowed or 0), max(late - (allowed or 0), 0)]
    return [
        {**key, "part": part, "calls": calls, "order": order}
        for order, (part, calls) in enumerate(zip(inks, numbers, strict=True))
    ]


def _by_interval(intervals: Sequence[Row], inks: dict[str, style.Ink]) -> Spec:
    clocks = style.between(row["value"] for row in intervals)
    return {
        "width": style.WIDTH,
        "height": 130,
        "data": {"name": "intervals"},
        "mark": {"type": "bar"},
        "encoding": {
            "x": style.ordered("at", clocks, style.hours(clocks)),
            "y": {"field": "calls", "type": "quantitative", "axis": style.count(translated("late calls"))},
            "color": style.parts(inks),
            "order": style.STACKED,
        },
    }


def _by_group(inks: dict[str, style.Ink]) -> Spec:
    """Names stand beside the bars as words, not as a scale: two that read alike are still two bars."""
    y = {"field": "rank", "type": "ordinal", "axis": None}
    x = {"type": "quantitative", "axis": style.count(translated("late calls"))}
    words_ = {"type": "text", "color": style.TEXT.light}
    bars: Spec = {
        "data": {"name": "groups"},
        "mark": {"type": "bar"},
        "encoding": {"x": {**x, "field": "calls"}, "y": y, "color": style.parts(inks), "order": style.STACKED},
    }
    numbers: Spec = {
        "data": {"name": "totals"},
        "mark": {**words_, "align": "left", "dx": 5},
        "encoding": {"x": {**x, "field": "late"}, "y": y, "text": {"field": "late", "format": ",d"}},
    }
    names: Spec = {
        "data": {"name": "totals"},
        "mark": {**words_, "align": "right", "dx": -8, "limit": _NAMES},
        "encoding": {"x": {"value": 0}, "y": y, "text": {"field": "at"}},
    }
    return {"width": style.WIDTH - _NAMES, "height": {"step": 24}, "layer": [bars, numbers, names]}
