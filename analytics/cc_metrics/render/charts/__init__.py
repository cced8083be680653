"""Pictures of a report: Vega-Lite specs as plain data, each with a sentence and the table of numbers behind it.

One file per chart with `pictures(report) -> list[Picture]`, empty where there is nothing to draw, and one line in
CHARTS. In a spec the names of fields and every expression are ours; text from data is only ever a value.
targets < style < picture < the charts; `draw` alone knows what draws them, and is imported when one is drawn.
"""

from collections.abc import Callable
from typing import Final

from cc_metrics.errors import UsageError, nearest
from cc_metrics.model.report import Report
from cc_metrics.render.charts import contributions, curves, days, half_hours, heatmap, waits
from cc_metrics.render.charts.picture import Picture

__all__ = ["CHARTS", "Picture", "named", "pictures"]

CHARTS: Final[dict[str, Callable[[Report], list[Picture]]]] = {
    "half_hours": half_hours.pictures,
    "contributions": contributions.pictures,
    "waits": waits.pictures,
    "heatmap": heatmap.pictures,
    "days": days.pictures,
    "curves": curves.pictures,
}
"""In the order in which they are shown."""


def pictures(report: Report) -> list[Picture]:
    """Every picture that there is something to draw for, by CHARTS."""
    return [picture for chart in CHARTS.values() for picture in chart(report)]


def named(report: Report, name: str) -> list[Picture]:
    """The pictures of one chart: a day or a channel each, none where there is nothing to draw.

    Raises:
        UsageError: no chart has that name.
    """
    if name not in CHARTS:
        raise UsageError(f"no chart is called {name!r}", hint=nearest(name, CHARTS))
    return CHARTS[name](report)
