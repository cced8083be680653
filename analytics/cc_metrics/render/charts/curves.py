"""Turnaround as a cumulative curve: what share of the closed cases of each kind was done by then, against deadlines."""

from typing import Any

from cc_metrics.language import translated
from cc_metrics.model import chart_columns
from cc_metrics.model.report import Report, Row
from cc_metrics.render import words
from cc_metrics.render.charts import style, targets
from cc_metrics.render.charts.picture import Picture, columns_of
from cc_metrics.render.charts.style import Spec
from cc_metrics.render.charts.targets import Due

_DASHES = ([1, 0], [8, 3], [2, 2], [8, 3, 2, 3], [12, 4], [4, 4])
_UNITS = (86_400, 3_600, 60, 1)
_LEAST_STEPS = 3  # of a unit on the axis


def pictures(report: Report) -> list[Picture]:
    """One picture of the kinds with most cases closed; none where none is."""
    by_kind: dict[Any, list[Row]] = {}
    for row in report.curves:
        by_kind.setdefault(row["kind"], []).append(row)
    closed = {kind: max(row["closed"] for row in rows) for kind, rows in by_kind.items()}
    drawn = sorted((kind for kind in by_kind if closed[kind]), key=lambda kind: -closed[kind])[: len(_DASHES)]
    if not drawn:
        return []
    names = dict(zip(drawn, style.distinct(style.name(kind) for kind in drawn), strict=True))
    chosen = {names[kind]: by_kind[kind] for kind in drawn}
    due = [one for one in targets.deadlines(report) if not one.kinds or set(one.kinds) & set(drawn)]
    rows = [row for kind in drawn for row in by_kind[kind]]
    table = columns_of(rows, chart_columns.CURVES, "kind", "elapsed_s", "closed", "share")
    title = translated("How long cases took")
    return [Picture("curves", title, _says(chosen, due), _spec(chosen, due), tuple(table))]


def _says(chosen: dict[str, list[Row]], due: list[Due]) -> str:
    """How many of each kind were closed, and what share of them by its first deadline."""
    said = [translated("Share of the cases closed by the time they took, by kind.")]
    for name, rows in chosen.items():
        whole = words.count(max(row["closed"] for row in rows))
        own = next((one for one in due if not one.kinds or rows[0]["kind"] in one.kinds), None)
        if own is None:
            said.append(translated("{kind}: {closed} closed.", kind=name, closed=whole))
            continue
        by_then = max((row["share"] for row in rows if row["elapsed_s"] <= own.at), default=0.0)
        said.append(
            translated(
                "{kind}: {share} of {closed} closed by then ({deadline}).",
                kind=name,
                share=words.percent(by_then),
                closed=whole,
                deadline=own.label,
            )
        )
    return words.joined(said)


def _spec(chosen: dict[str, list[Row]], due: list[Due]) -> Spec:
    longest = max(row["elapsed_s"] for rows in chosen.values() for row in rows)
    size = next((unit for unit in _UNITS if longest >= _LEAST_STEPS * unit), 1)
    points: list[dict[str, Any]] = [
        {"part": name, "elapsed_s": row["elapsed_s"], "share": row["share"]}
        for name, rows in chosen.items()
        for row in sorted(rows, key=lambda row: row["elapsed_s"])
    ]
    names = list(chosen)
    dashes = {"domain": names, "range": [list(dash) for dash in _DASHES[: len(names)]]}
    inks = dict(zip(names, style.SERIES, strict=False))
    axis = {"title": _unit(size), "grid": False, "tickCount": 8}
    share = {"field": "share", "type": "quantitative", "scale": {"domain": [0, 1]}}
    curve: Spec = {
        "data": {"name": "curves"},
        "transform": [{"calculate": f"datum.elapsed_s / {size}", "as": "elapsed"}],
        "mark": {"type": "line", "interpolate": "step-after", "strokeWidth": 2},
        "encoding": {
            "x": {"field": "elapsed", "type": "quantitative", "axis": axis},
            "y": {**share, "axis": style.share(translated("closed by then"))},
            "color": style.parts(inks),
            "strokeDash": {"field": "part", "type": "nominal", "sort": None, "scale": dashes},
        },
    }
    marks = [m for i, one in enumerate(due) for m in _due(one.label, one.at / size, i, longest / size)]
    return style.spec({"curves": points}, width=style.WIDTH, height=240, layer=[curve, *marks])


def _unit(size: int) -> str:
    return {
        86_400: translated("days from opening"),
        3_600: translated("hours from opening"),
        60: translated("minutes from opening"),
        1: translated("seconds from opening"),
    }[size]


def _due(label: str, at: float, number: int, longest: float) -> list[Spec]:
    """A deadline; the labels of several stand below each other, towards the middle of the chart."""
    side = {"align": "left", "dx": 4} if at < longest / 2 else {"align": "right", "dx": -4}
    rule, text = style.marked(label, at, "x", limit=240, **side)
    text["encoding"]["y"] = {"value": 120 + 16 * (number % 6)}
    return [rule, text]
