"""The charts: each with its title, a sentence, the picture, and the numbers behind it as a table to be opened."""

from cc_metrics.language import translated
from cc_metrics.model.report import Report
from cc_metrics.render import charts, halfhours
from cc_metrics.render.charts import Picture, draw
from cc_metrics.render.page import markup


def section(report: Report) -> str:
    """Every picture of the report, and the half-hours with most late calls in words."""
    drawn = [_figure(picture) for picture in charts.pictures(report)]
    return markup.section("charts", translated("Pictures"), *drawn)


def worst(report: Report) -> str:
    """The half-hours with most late calls."""
    return markup.section("worst", translated("Worst half-hours"), markup.items(halfhours.worst(report)))


def _figure(picture: Picture) -> str:
    behind = translated("The numbers behind this picture")
    numbers = markup.table(translated("{title}: numbers", title=picture.title), picture.table, False)
    return (
        f"<figure><h3>{markup.said(picture.title)}</h3>{markup.paragraph(picture.says)}"
        f"{markup.scrolling(picture.title, draw.svg(picture))}"
        f"{markup.details(behind, picture.title, numbers)}</figure>"
    )
