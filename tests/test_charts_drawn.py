"""Charts as drawn: nothing from data but values, one image with a name, colours that are told apart, one output."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import page_fixture as made
from cc_metrics.render import charts
from cc_metrics.render.charts import draw, style
from cc_metrics.render.page import __file__ as page_folder
from cli_fixture import HOTLINE

EXPRESSIONS = {"labelExpr", "test", "filter", "calculate", "expr", "signal"}


def test_expressions_are_the_same_whatever_the_data_hold() -> None:
    def expressions(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            for key, inner in value.items():
                if key in EXPRESSIONS:
                    yield str(inner)
                elif key not in {"datasets", "values"}:
                    yield from expressions(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from expressions(inner)

    found = {expression for picture in made.pictures() for expression in expressions(picture.spec)}
    assert found == {
        "format(datum.value * 100, '.0f') + ' %'",
        "format(datum.value * 100, '.3~r') + ' %'",
        "datum.outside",
        "datum.below",
        "datum.elapsed_s / 86400",
    }


def test_a_picture_is_one_image_with_a_name_and_a_description() -> None:
    seen: list[str] = []
    for picture in charts.pictures(made.hostile()):
        root = ElementTree.fromstring(draw.svg(picture))
        title, description = root[0], root[1]
        assert (title.text, description.text) == (picture.title, picture.says)
        assert root.get("role") == "img"
        assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
        seen += [identifier for element in root.iter() if (identifier := element.get("id"))]
        tags = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert tags <= {"svg", "title", "desc", "g", "path", "line", "text"}
    assert len(seen) == len(set(seen))


def test_a_picture_is_the_same_every_time() -> None:
    for picture in charts.pictures(made.hostile()):
        assert draw.svg(picture) == draw.svg(picture)


def test_every_colour_of_a_picture_is_one_that_the_page_can_change() -> None:
    for picture in made.pictures():
        for _, colour in re.findall(r'(fill|stroke)="([^"]*)"', draw.svg(picture)):
            assert colour in {"none", "transparent"} or colour.startswith("var(--chart-"), colour


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_colours_stand_out_from_the_page_light_and_dark() -> None:
    pages = re.findall(r"--page: (#\w{6})", (Path(page_folder).parent / "page.css").read_text("utf-8"))
    assert len(pages) == 2
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    for ink in style.INKS:
        if ink in {style.GRID, style.BAND, style.DOT}:  # they help the eye and carry nothing
            continue
        least = 4.5 if ink in {style.TEXT, style.QUIET, style.TARGET} else 3.0
        for page, colour in zip(pages, (ink.light, ink.dark), strict=True):
            assert contrast(colour, page) >= least, ink


def test_neighbouring_colours_differ_in_lightness_too() -> None:
    beside = ((style.GOOD, style.LATE), (style.OTHER, style.LATE), style.HEAT[:2], style.HEAT[2:])
    for one, other in beside:
        assert contrast(one.light, other.light) > 1.9
        assert contrast(one.dark, other.dark) > 1.9
    for cell in style.HEAT[:2]:
        assert contrast(style.DOT.light, cell.light) >= 3
        assert contrast(style.DOT.dark, cell.dark) >= 3


def test_a_png_is_for_a_page_that_cannot_draw() -> None:
    [waits] = charts.named(made.report(), "waits")
    small, large = draw.png(waits, 1.0), draw.png(waits, 2.0)
    assert small.startswith(b"\x89PNG\r\n")
    width, double = (int.from_bytes(drawn[16:20], "big") for drawn in (small, large))
    assert double == pytest.approx(2 * width, abs=2)


def test_a_noncharacter_in_a_name_does_not_stop_the_drawing() -> None:
    report = made.report(("a\ufffeb", "\x00", "c\ud800", *made.QUEUES[3:]))
    svg = draw.svg(charts.named(report, "contributions")[0])
    assert "a�b" in svg


@pytest.mark.parametrize("show", ["json", "table", "csv"])
def test_what_draws_is_loaded_only_for_a_picture(show: str) -> None:
    code = (
        "import sys; from cc_metrics_cli import main\n"
        f"main(['report', {str(HOTLINE)!r}, '--date', '2013-08-20', '--tz', 'Asia/Shanghai', '--show', {show!r}])\n"
        "print([m for m in sys.modules if m.startswith(('vl_convert', 'cc_metrics.render.charts'))], file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment())
    assert ran.stderr.splitlines()[-1] == "[]"


@pytest.mark.parametrize("show", ["json", "table", "csv"])
def test_a_plain_report_loads_nothing_that_mails_translates_or_draws(show: str) -> None:
    asked = f"main(['report', {str(HOTLINE)!r}, '--date', '2013-08-20', '--tz', 'Asia/Shanghai', '--show', {show!r}])"
    of_others = ["email", "gettext"]  # importlib.metadata and click load these two themselves
    assert set(loaded(f"from cc_metrics_cli import main; {asked}")) <= set(of_others)


def test_the_library_alone_loads_nothing_heavy() -> None:
    assert loaded("import cc_metrics") == []


def loaded(code: str) -> list[str]:
    heavy = (
        "vl_convert",
        "email",
        "email.policy",
        "smtplib",
        "ssl",
        "gettext",
        "babel",
        "pandas",
        "cc_metrics.unattended",
        "cc_metrics.delivery",
    )
    code = f"import sys; {code}\nprint(*(m for m in {heavy} if m in sys.modules), file=sys.stderr)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment())
    return ran.stderr.splitlines()[-1].split()


def environment() -> dict[str, str]:
    root = Path(__file__).parent.parent
    return {**os.environ, "PYTHONPATH": f"{root / 'analytics'}{os.pathsep}{root / 'cli'}", "PYTHONUTF8": "1"}
