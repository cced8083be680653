"""The page in a browser: no overflow, nothing said in the console, nothing asked of any host, axe-core content."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import cc_metrics as cc
import page_fixture as made
import report_fixture
from cc_metrics.model.report import Report
from cc_metrics.render import html

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
SIZES = {"phone": (360, 740), "laptop": (1366, 768)}


def sample() -> Report:
    """A day of the sample hotline on which three promises were missed."""
    folder = Path(__file__).parent.parent / "sample_data"
    return cc.report(cc.read_calls(folder / "hotline"), policy=folder / "policy.toml", date="2013-08-19").report


REPORTS = {
    "sample": sample,
    "plain": made.report,
    "hostile": made.hostile,
    "cases": made.of_cases,
    "nothing": report_fixture.nothing,
}

pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium (Debian's package chromium)"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning"),  # the driver's own
]


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    driver = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    with driver.sync_playwright() as started:
        found = started.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield found
        found.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Each report as a file, by name: its address."""
    folder = tmp_path_factory.mktemp("pages")
    for name, report in REPORTS.items():
        (folder / f"{name}.html").write_text(html.text(report()), "utf-8")
    return {name: (folder / f"{name}.html").as_uri() for name in REPORTS}


class Opened:
    """A page in a browser, with what it said and what it asked for."""

    def __init__(self, browser: "Browser", address: str, size: str, scheme: Any, checked: bool = False) -> None:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, bypass_csp=checked
        )
        self.page: Page = context.new_page()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: self.said.append(dialog.message))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(address)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", REPORTS)
def test_it_fits_says_nothing_and_asks_nobody(
    browser: "Browser", pages: dict[str, str], name: str, size: str, scheme: str
) -> None:
    opened = Opened(browser, pages[name], size, scheme)
    page = opened.page
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    room = "document.documentElement"
    assert page.evaluate(f"{room}.scrollWidth <= {room}.clientWidth")
    outside = "!one.closest('.scrolling, .skip, .heard') && one.getBoundingClientRect().right > innerWidth + 1"
    assert page.evaluate(f"[...document.querySelectorAll('body *')].filter(one => {outside}).length") == 0
    assert opened.said == []
    assert opened.asked == [pages[name]]
    page.context.close()


@pytest.mark.parametrize(("size", "scheme"), [("laptop", "light"), ("laptop", "dark"), ("phone", "light")])
@pytest.mark.parametrize("name", REPORTS)
def test_axe_finds_nothing(browser: "Browser", pages: dict[str, str], name: str, size: str, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
    opened = Opened(browser, pages[name], size, scheme, checked=True)
    opened.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found = axe.Axe().run(opened.page)
    assert found.response["passes"]
    problems = [(v["id"], [node["target"] for node in v["nodes"]]) for v in found.response["violations"]]
    assert problems == []
    opened.page.context.close()


def test_axe_would_find_a_word_that_is_too_pale(browser: "Browser", pages: dict[str, str]) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
    opened = Opened(browser, pages["plain"], "laptop", "light", checked=True)
    opened.page.evaluate("document.querySelector('.said').style.color = '#bbb'")
    assert [v["id"] for v in axe.Axe().run(opened.page).response["violations"]] == ["color-contrast"]
    opened.page.context.close()


@pytest.mark.parametrize("name", REPORTS)
def test_paper_is_light_and_cuts_nothing_off(browser: "Browser", pages: dict[str, str], name: str) -> None:
    opened = Opened(browser, pages[name], "laptop", "dark")
    page = opened.page
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": 690, "height": 1_000})  # A4 within its margins
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    wide = "[...document.querySelectorAll('svg')].filter(one => one.getBoundingClientRect().right > innerWidth + 1)"
    assert page.evaluate(f"{wide}.length") == 0
    assert page.locator("nav").is_hidden()
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.context.close()


def test_the_keyboard_reaches_the_report_and_every_wide_table(browser: "Browser", pages: dict[str, str]) -> None:
    opened = Opened(browser, pages["hostile"], "phone", "light")
    page = opened.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") == 0
    page.keyboard.press("Enter")
    assert page.url.endswith("#report")
    wide = "[...document.querySelectorAll('.scrolling')].filter(one => one.scrollWidth > one.clientWidth)"
    assert page.evaluate(f"{wide}.length") > 3
    assert page.evaluate(f"{wide}.every(one => one.tabIndex === 0 && one.getAttribute('aria-label'))")
    page.context.close()


def test_charts_change_their_colours_with_the_page(browser: "Browser", pages: dict[str, str]) -> None:
    fill = "getComputedStyle(document.querySelector('figure svg text')).fill"
    inks = []
    for scheme in ("light", "dark"):
        opened = Opened(browser, pages["plain"], "laptop", scheme)
        inks.append(opened.page.evaluate(fill))
        opened.page.context.close()
    assert inks == ["rgb(87, 96, 106)", "rgb(164, 174, 185)"]


def test_chinese_is_drawn_and_not_boxes(browser: "Browser", pages: dict[str, str]) -> None:
    """Two different characters are two different pictures; where no font has them both are the same box."""
    opened = Opened(browser, pages["plain"], "laptop", "light")
    shapes = []
    for character in "接通":
        opened.page.evaluate(f"document.querySelector('h1').textContent = '{character}'")
        shapes.append(opened.page.locator("h1").screenshot())
    if not fonts_have_chinese():
        pytest.skip("needs a font with Chinese (Debian's package fonts-noto-cjk)")
    assert shapes[0] != shapes[1]
    opened.page.context.close()


def fonts_have_chinese() -> bool:
    import shutil
    import subprocess

    found = shutil.which("fc-list")
    return bool(found) and bool(subprocess.run([found or "", ":lang=zh"], capture_output=True, check=False).stdout)
