"""How long callers waited, by how it ended, with the thresholds marked."""

from collections.abc import Sequence
from typing import Any

from cc_metrics.language import translated
from cc_metrics.model.report import Report
from cc_metrics.render import words
from cc_metrics.render.charts import style, targets
from cc_metrics.render.charts.picture import Picture
from cc_metrics.render.charts.style import Spec
from cc_metrics.render.fields import Field

_LABELS = 16  # classes named below the chart
_OUTCOMES = {"answered": style.GOOD, "abandoned": style.LATE, "redirected": style.OTHER}

Class = tuple[float, float | None]
"""A class of waits in seconds: from (excluded) and to (included); None is open."""


def pictures(report: Report) -> list[Picture]:
    """One picture; none where no wait is recorded."""
    if not sum(row["calls"] for row in report.waits):
        return []
    classes = sorted({(row["from_s"], row["to_s"]) for row in report.waits}, key=_order)
    counts = {(row["outcome"], (row["from_s"], row["to_s"])): row["calls"] for row in report.waits}
    outcomes = [outcome for outcome in _OUTCOMES if any(row["outcome"] == outcome for row in report.waits)]
    says = _says(classes, counts, targets.thresholds(report)[0])
    table = [Field(translated("wait"), tuple(map(_label, classes)), left=True)]
    named = _named()
    for outcome in outcomes:
        numbers = tuple(words.count(counts.get((outcome, one), 0)) for one in classes)
        table.append(Field(named[outcome], numbers))
    spec = _spec(report, classes, counts, outcomes)
    return [Picture("waits", translated("How long callers waited"), says, spec, tuple(table))]


def _named() -> dict[str, str]:
    return {
        "answered": translated("answered"),
        "abandoned": translated("abandoned"),
        "redirected": translated("redirected"),
    }


def _order(one: Class) -> tuple[float, float]:
    return one[0], float("inf") if one[1] is None else one[1]


def _label(one: Class) -> str:
    low, high = one
    if high is None:
        return translated("over {length}", length=words.seconds(_whole(low)))
    if not high:
        return words.seconds(0)
    return translated("{low} to {high} s", low=f"{_whole(low)}", high=f"{_whole(high)}")


def _whole(seconds: float) -> float:
    return int(seconds) if seconds == int(seconds) else seconds


def _says(classes: Sequence[Class], counts: dict[tuple[str, Class], int], threshold: targets.Mark) -> str:
    """How many of the answered were so within the threshold, where it is an edge of the classes."""
    label, most = threshold
    everybody = sum(counts.values())
    answered = sum(number for (outcome, _), number in counts.items() if outcome == "answered")
    said = translated(
        "{calls} calls by length of wait; {answered} of them were answered.",
        calls=words.count(everybody),
        answered=words.count(answered),
    )
    if most not in {high for _, high in classes}:
        return said
    within = sum(counts.get(("answered", one), 0) for one in classes if one[1] is not None and one[1] <= most)
    more = translated(
        "Of the answered, {within} had waited at most {length}.", within=words.count(within), length=label
    )
    return words.joined([said, more])


def _spec(
    report: Report, classes: Sequence[Class], counts: dict[tuple[str, Class], int], outcomes: Sequence[str]
) -> Spec:
    labels, named = {one: _label(one) for one in classes}, _named()
    bars: list[dict[str, Any]] = [
        {"wait": labels[one], "part": named[outcome], "calls": counts.get((outcome, one), 0), "order": order}
        for one in classes
        for order, outcome in enumerate(outcomes)
    ]
    domain = list(labels.values())
    labelled = domain[:: -(-len(domain) // _LABELS)]
    x = style.ordered("wait", domain, labelled, labelAngle=-40, labelOverlap=False)
    inks = {named[outcome]: _OUTCOMES[outcome] for outcome in outcomes}
    y = {"field": "calls", "type": "quantitative", "axis": style.count(translated("calls"))}
    encoding = {"x": x, "y": y, "color": style.parts(inks), "order": style.STACKED}
    bar = {"data": {"name": "bars"}, "mark": {"type": "bar"}, "encoding": encoding}
    marks = [mark for length, at in targets.thresholds(report) for mark in _threshold(length, at, classes, labels)]
    return style.spec({"bars": bars}, width=style.WIDTH, height=200, layer=[bar, *marks])


def _threshold(length: str, at: float, classes: Sequence[Class], labels: dict[Class, str]) -> list[Spec]:
    """A line within the class that holds the threshold, as far into it as the threshold is."""
    holding = next((one for one in classes if one[1] is not None and one[0] < at <= one[1]), None)
    if holding is None:
        return []
    low, high = holding
    into = (at - low) / ((high or at) - low)
    data = {"values": [{"wait": labels[holding], "label": length}]}
    place = {"x": {"field": "wait", "type": "ordinal", "bandPosition": into}}
    rule = {"type": "rule", "color": style.TARGET.light, "strokeWidth": 1.5, "strokeDash": [6, 3]}
    text = {"type": "text", "align": "left", "baseline": "top", "dx": 4, "color": style.TARGET.light}
    return [
        {"data": data, "mark": rule, "encoding": place},
        {"data": data, "mark": text, "encoding": {**place, "y": {"value": 0}, "text": {"field": "label"}}},
    ]
