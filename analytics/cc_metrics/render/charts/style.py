"""How charts look: one palette with a light and a dark side, and the parts of specs that they share."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cc_metrics.language import translated
from cc_metrics.render import words

Spec = dict[str, Any]
"""A Vega-Lite view as plain data."""

SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v5.json"
WIDTH: Final = 720
BESIDE: Final = 140  # room to the right of a chart for the names of its lines
_LONGEST: Final = 80  # characters of a name; what does not fit its place is cut there


@dataclass(frozen=True, slots=True)
class Ink:
    """A colour by what it means. Marks have a contrast of 3:1 at least to either page, words of 4.5:1; what stands
    side by side differs in lightness, so that it is told apart without colour."""

    name: str
    light: str
    dark: str


TEXT: Final = Ink("text", "#1f2328", "#e6edf3")
QUIET: Final = Ink("quiet", "#57606a", "#a4aeb9")
GRID: Final = Ink("grid", "#dde2e8", "#333a43")
TARGET: Final = Ink("target", "#3a2f7d", "#c3b5fd")
GOOD: Final = Ink("good", "#4a90cc", "#3f80bb")
LATE: Final = Ink("late", "#963704", "#ffa868")
OTHER: Final = Ink("other", "#878f98", "#707983")
DOT: Final = Ink("dot", "#ffffff", "#11161c")
BAND: Final = Ink("band", "#e4ebf2", "#222c37")
HEAT: Final = (
    Ink("heat-1", "#7f2704", "#ff9a57"),
    Ink("heat-2", "#d05f1c", "#bf5f22"),
    Ink("heat-3", "#4287c2", "#3f7fb8"),
    Ink("heat-4", "#08407c", "#9fcdf8"),
)
SERIES: Final = (
    Ink("series-1", "#0a5f9e", "#5aaef7"),
    Ink("series-2", "#b5490e", "#f08f4b"),
    Ink("series-3", "#14724f", "#3fbf8f"),
    Ink("series-4", "#9a3b84", "#dd86c8"),
    Ink("series-5", "#6b5900", "#c9ad2f"),
    Ink("series-6", "#505a64", "#9aa5b1"),
)
INKS: Final = (TEXT, QUIET, GRID, TARGET, GOOD, LATE, OTHER, DOT, BAND, *HEAT, *SERIES)

_CONFIG: Final[Spec] = {
    "aria": False,  # the picture is one image with a name and a description
    "background": None,
    "font": "sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": QUIET.light,
        "labelFontSize": 12,
        "labelLimit": 160,
        "titleColor": QUIET.light,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "domainColor": OTHER.light,
        "tickColor": OTHER.light,
        "gridColor": GRID.light,
    },
    "legend": {
        "labelColor": TEXT.light,
        "labelFontSize": 12,
        "labelLimit": 200,
        "orient": "top",
        "title": None,
        "symbolSize": 90,
        "columnPadding": 16,
    },
    "text": {"color": TEXT.light, "fontSize": 12},
}


def spec(datasets: dict[str, list[dict[str, Any]]], **view: Any) -> Spec:
    """A whole spec: its data by name, then the views."""
    return {"$schema": SCHEMA, "config": _CONFIG, "datasets": datasets, **view}


def name(value: object) -> str:
    """A name from data as a value of a spec: one line, no longer than a chart could show.

    >>> name("a\\ufffeb"), name(None), len(name("x" * 300))
    ('a�b', 'not recorded', 80)
    """
    said = "".join("\ufffd" if character in "\ufffe\uffff" else character for character in words.recorded(value))
    return said if len(said) <= _LONGEST else f"{said[: _LONGEST - 1]}…"


def distinct(names: Iterable[str]) -> list[str]:
    """Names that a scale tells apart: what reads alike gets a number.

    >>> distinct(["a", "b", "a", "a"])
    ['a', 'b', 'a (2)', 'a (3)']
    """
    found: list[str] = []
    for one in names:
        other, number = one, 1
        while other in found:
            number += 1
            other = f"{one} ({number})"
        found.append(other)
    return found


def share(title: str, **more: Any) -> Spec:
    """An axis of shares in percent."""
    expression = "format(datum.value * 100, '.0f') + ' %'"
    return {"title": title, "labelExpr": expression, "tickCount": 5, "domain": False, "ticks": False, **more}


def count(title: str, **more: Any) -> Spec:
    """An axis of whole numbers."""
    whole = {"format": ",d", "tickMinStep": 1, "tickCount": 4, "domain": False, "ticks": False}
    return {"title": title, **whole, **more}


def ordered(field: str, domain: Sequence[str], labelled: Sequence[str], **more: Any) -> Spec:
    """A horizontal scale of labels in their order, of which only some are written."""
    axis = {"values": list(labelled), "labelAngle": 0, "title": None, "grid": False, "labelOverlap": True, **more}
    return {"field": field, "type": "ordinal", "scale": {"domain": list(domain)}, "axis": axis}


def weekday(day: str) -> str:
    """Monday to Sunday for people."""
    return {
        "Monday": translated("Monday"),
        "Tuesday": translated("Tuesday"),
        "Wednesday": translated("Wednesday"),
        "Thursday": translated("Thursday"),
        "Friday": translated("Friday"),
        "Saturday": translated("Saturday"),
        "Sunday": translated("Sunday"),
    }[day]


def between(clocks: Iterable[str]) -> list[str]:
    """The half-hours from the first to the last of some clocks, with these themselves.

    >>> between(["09:30", "08:30"]), between(["02:00 +02:00", "02:00 +01:00"])
    (['08:30', '09:00', '09:30'], ['02:00', '02:00 +01:00', '02:00 +02:00'])
    """
    known = sorted(set(clocks))
    first, last = (int(clock[:2]) * 2 + int(clock[3:5]) // 30 for clock in (known[0], known[-1]))
    return sorted({*known, *(f"{half // 2:02}:{half % 2 * 30:02}" for half in range(first, last + 1))})


def hours(clocks: Sequence[str]) -> list[str]:
    """The clocks worth a label: whole hours, every second one of a long day."""
    whole = [clock for clock in clocks if clock[3:5] == "00"]
    return [clock for clock in whole if int(clock[:2]) % 2 == 0] if len(whole) > 12 else whole


def parts(inks: dict[str, Ink]) -> Spec:
    """Colours by the label of a part."""
    return {
        "field": "part",
        "type": "nominal",
        "sort": None,
        "scale": {"domain": list(inks), "range": [ink.light for ink in inks.values()]},
    }


STACKED: Final[Spec] = {"field": "order", "type": "quantitative"}
"""The order of the parts of a bar, from its foot; never that of their labels, which change with the language."""


def marked(label: str, value: float, channel: str = "y", **more: Any) -> list[Spec]:
    """A line across at a value of *channel*, with its label at the end; dashed, so that it is no data line."""
    data = {"values": [{"at": value, "label": label}]}
    place = {channel: {"field": "at", "type": "quantitative"}}
    words_ = {"type": "text", "align": "left", "dx": 6, "limit": BESIDE, "color": TARGET.light}
    edge = {"x": {"value": "width"}} if channel == "y" else {"y": {"value": 10}}
    return [
        {
            "data": data,
            "mark": {"type": "rule", "color": TARGET.light, "strokeWidth": 1.5, "strokeDash": [6, 3]},
            "encoding": place,
        },
        {"data": data, "mark": {**words_, **more}, "encoding": {**place, **edge, "text": {"field": "label"}}},
    ]
