"""The HTML page: its structure, every figure against the JSON report, nothing from data but text, one output."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import page_fixture as made
import report_fixture
from cc_metrics import language, render
from cc_metrics.model.report import Report
from cc_metrics.render import charts, html
from cli_fixture import CALLS, run
from page_parser import Page

GOLDEN = Path(__file__).parent / "golden" / "report.html"
REPORTS = (made.report, made.hostile, made.of_cases, report_fixture.nothing, report_fixture.two_days)

each_report = pytest.mark.parametrize("report", REPORTS, ids=lambda make: make.__name__)


def page_and_json(report: Report) -> tuple[Page, dict[str, Any]]:
    return Page(html.text(report)), json.loads(render.text(report, "json"))


def percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.1f} %"


def whole(number: int | None) -> str:
    return "-" if number is None else f"{number:,}"


def test_golden() -> None:
    """Without the drawings, which are the drawing library's."""
    page = re.sub(r"<svg.*?</svg>", "<svg></svg>", html.text(report_fixture.two_days()), flags=re.DOTALL)
    assert re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL) == GOLDEN.read_text("utf-8")


@each_report
def test_a_page_loads_nothing_and_runs_nothing(report: Callable[[], Report]) -> None:
    text = html.text(report())
    page = Page(text)
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "base", "form", "foreignObject", "image"}
    addresses = [value for _, a in page.elements for key, value in a.items() if key in {"href", "src", "xlink:href"}]
    assert all(value and value.startswith("#") for value in addresses)
    assert not [key for _, attributes in page.elements for key in attributes if key.startswith("on")]
    assert "url(" not in re.sub(r"url\(#[\w-]+\)", "", text)
    assert "@import" not in text
    policies = [m["content"] for m in page.of("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:"]
    assert text.index("charset") < text.index("Content-Security-Policy") < text.index("<title>")


@each_report
def test_a_page_can_be_walked_through(report: Callable[[], Report]) -> None:
    page = Page(html.text(report()))
    levels = [level for level, _ in page.headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    identifiers = [a["id"] for _, a in page.elements if "id" in a]
    assert len(identifiers) == len(set(identifiers))
    links = [(a.get("href") or "").removeprefix("#") for a in page.of("a")]
    assert set(links) <= set(identifiers)
    assert [page.of(tag) != [] for tag in ("header", "nav", "main")] == [True] * 3
    assert page.of("html") == [{"lang": "en"}]


@each_report
def test_tables_are_named_and_scroll_by_themselves(report: Callable[[], Report]) -> None:
    page = Page(html.text(report()))
    assert all(table.caption for table in page.tables)
    assert all(len(row) == len(table.titles) for table in page.tables for row in table.rows)
    assert all(a.get("scope") in {"row", "col"} for a in page.of("th"))
    regions = [a for a in page.of("div") if a.get("class") == "scrolling"]
    labels = [a["aria-label"] for a in regions]
    assert len(set(labels)) == len(labels)
    assert all((a["role"], a["tabindex"]) == ("region", "0") for a in regions)
    assert len(regions) == len(page.tables) + len(page.of("svg"))


@each_report
def test_each_picture_has_its_numbers_and_is_one_image(report: Callable[[], Report]) -> None:
    found = report()
    page = Page(html.text(found))
    pictures = charts.pictures(found)
    assert [a["role"] for a in page.of("svg")] == ["img"] * len(pictures)
    assert len(page.of("figure")) == len(pictures)
    for picture in pictures:
        table = page.table(f"{picture.title}: numbers")
        assert table.titles == [field.title for field in picture.table]
        assert picture.says in page.seen


@each_report
def test_every_verdict_is_told_with_the_figures_of_the_json_report(report: Callable[[], Report]) -> None:
    page, document = page_and_json(report())
    if not document["promises"]:
        assert "Verdicts" not in page.seen
        return
    table = page.table("Verdicts")
    verdicts = {"kept": "KEPT", "missed": "MISSED", "no_data": "NO DATA", "not_judged": "NOT JUDGED", None: "stated"}
    verdicts |= {"undecided": "UNDECIDED"}
    assert table.column("verdict") == [verdicts[row["verdict"]] for row in document["promises"]]
    for cells, row in zip(table.rows, document["promises"], strict=True):
        if row["measure"] in {"service_level", "first_call_resolution", "abandonment"}:
            assert cells[2] == ("n/a" if row["value"] is None else percent(row["value"]))
            assert cells[3] == whole(row["settled"])
            items = row["margin"]
            assert cells[5].split(" ")[0] == ("" if items is None else whole(abs(items)))
    signs = re.findall(r'<p class="word \w+"><span aria-hidden="true">.</span> ([A-Za-z ]+)</p>', html.text(report()))
    assert signs == table.column("verdict")


def test_the_tables_behind_the_pictures_hold_the_json_report() -> None:
    page, document = page_and_json(made.report())
    day = page.table("Service level over the day: numbers")
    shown = [row for row in document["intervals"] if "08:00" <= row["start"][11:16] <= "18:30"]
    assert day.column("from") == [*(row["start"][11:16] for row in shown), "all"]
    for title, name, worded in (("offered", "offered", whole), ("level", "service_level", percent)):
        assert day.column(title)[:-1] == [worded(row[name]) for row in shown]
    assert day.rows[-1][1] == whole(document["calls"][0]["offered"] + document["calls"][1]["offered"])

    heat = page.table("Service level by weekday and half-hour, the last eight weeks together: numbers")
    cells = {(row["weekday"], row["clock"]): row for row in document["heatmap"]}
    for i, weekday in enumerate(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")):
        rows = [cells.get((weekday, clock)) for clock in heat.column("from")]
        assert heat.column(weekday) == [percent(row and row["service_level"]) for row in rows]
        assert heat.column("of", i) == [whole(row and row["denominator"]) for row in rows]

    days = page.table("Service level by day, all known days: numbers")
    for title, name in (
        ("level", "service_level"),
        ("usual", "centre"),
        ("lower limit", "low"),
        ("upper limit", "high"),
    ):
        assert days.column(title) == [percent(row[name]) for row in document["days"]]
    assert [cell for cell in days.column("signal") if cell != "-"] == ["below", "above"]
    assert days.column("in time") == [whole(row["in_time"]) for row in document["days"]]


def test_the_waits_and_contributions_hold_the_json_report() -> None:
    page, document = page_and_json(made.report())
    waits = page.table("How long callers waited: numbers")
    for outcome in ("answered", "abandoned", "redirected"):
        rows = [row for row in document["waits"] if row["outcome"] == outcome]
        assert waits.column(outcome) == [whole(row["calls"]) for row in rows]
    late = page.table("Where the late calls lie: Ordinary in 20 s: numbers")
    found = [row for row in document["contributions"] if row["promise"]]
    queues = sorted((row for row in found if row["dimension"] == "queue"), key=lambda row: -row["late"])
    mine = [*(row for row in found if row["dimension"] == "interval"), *queues]
    assert late.column("by") == [{"interval": "half-hour"}.get(row["dimension"], row["dimension"]) for row in mine]
    assert late.column("late") == [whole(row["late"]) for row in mine]
    assert late.column("share of late") == [percent(row["share_of_late"]) for row in mine]
    assert late.column("above") == [f"{row['above']:.2f}" for row in mine]


def test_the_curves_hold_the_json_report() -> None:
    page, document = page_and_json(made.of_cases())
    curves = page.table("How long cases took: numbers")
    assert curves.column("kind") == [row["kind"] for row in document["curves"]]
    assert curves.column("closed") == [whole(row["closed"]) for row in document["curves"]]
    assert curves.column("share") == [percent(row["share"]) for row in document["curves"]]


def test_the_breakdown_holds_the_json_report() -> None:
    page, document = page_and_json(made.report())
    table = page.table("Calls by tier")
    assert table.column("tier") == [row["tier"] for row in document["calls"]]
    assert table.column("offered") == [whole(row["offered"]) for row in document["calls"]]
    assert table.column("level") == [percent(row["service_level"]) for row in document["calls"]]
    formulas = page.table("Service level by formula")
    assert "79.3 %: 20,033 of 25,257 calls in time" in page.seen
    assert dict(formulas.rows)["all_offered"] == "79.3 %"


def test_names_from_hell_are_words_and_nothing_else() -> None:
    text = html.text(made.hostile())
    page = Page(text)
    for name in (report_fixture.HOSTILE, "=cmd()|' /C calc'!A0", report_fixture.CHINESE, "🔥 urgent :fire:"):
        assert name in page.seen
    assert " ".join(made.LONG.split()) in page.seen
    assert "<script" not in text
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x1b]", text)
    assert report_fixture.HOSTILE not in text


def test_unknown_is_never_nought() -> None:
    page = Page(html.text(report_fixture.nothing()))
    assert "0.0 %" not in page.seen
    assert "100.0 %" not in page.seen
    assert page.of("svg") == []
    assert "2 have no verdict." in page.seen


def test_a_period_that_is_not_covered_says_so_first() -> None:
    page = Page(html.text(report_fixture.two_days()))
    assert page.seen.index("not complete: data end 14:07") < page.seen.index("KEPT")


def test_without_promises_there_are_no_verdicts() -> None:
    page = Page(html.text(replace(made.report(), promises=())))
    assert "Verdicts" not in [title for _, title in page.headings]


def test_a_page_holds_no_more_rows_than_people_read() -> None:
    rows = tuple(made.report().calls[0] | {"tier": f"t{i}"} for i in range(501))
    page = Page(html.text(replace(made.report(), calls=rows)))
    assert page.table("Calls by tier").column("tier") == [f"t{i}" for i in range(500)]
    assert "and 1 more row: JSON holds all" in page.seen
    page = Page(html.text(replace(made.report(), calls=rows[:500])))
    assert "more row" not in page.seen


def test_a_page_is_the_same_every_time() -> None:
    assert html.text(made.hostile()) == html.text(made.hostile())


def test_a_page_says_its_language() -> None:
    with language.using("en"):
        assert Page(html.text(report_fixture.nothing())).of("html") == [{"lang": "en"}]


def test_the_command_writes_a_page(tmp_path: Path) -> None:
    calls, page = tmp_path / "calls.csv", tmp_path / "report.HTML"
    calls.write_text(CALLS)
    ran = run("report", calls, "--date", "2013-08-20", "--output", page, "--show", "json")
    assert ran.code == 0, ran.err
    found = Page(page.read_text("utf-8"))
    assert f"{json.loads(ran.out)['calls'][0]['offered']} offered" in found.seen
    assert str(tmp_path) not in page.read_text("utf-8")
