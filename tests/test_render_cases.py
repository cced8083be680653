"""Reports on cases in every output: golden files, names that change nothing, nothing unknown shown as 0."""

import csv
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len

import case_report_fixture as made
from cc_metrics import render
from cc_metrics.model.columns import ANSWERS, CASES, STOCK
from cc_metrics.model.report import Asked, Report
from cc_metrics.render import notebook, terminal
from report_fixture import tuesday
from test_render_files import _Page

GOLDEN = Path(__file__).parent / "golden"
BOTH = [pytest.param(made.alone, id="cases"), pytest.param(made.beside_calls, id="both")]
GOLDENS = [(made.alone, "cases"), (made.beside_calls, "both")]


@pytest.mark.parametrize(("report", "name"), GOLDENS, ids=["cases", "both"])
@pytest.mark.parametrize("ending", ["-80.txt", "-100.txt", ".md", ".json", ".csv"])
def test_golden(report: Callable[[], Report], name: str, ending: str) -> None:
    if ending.endswith(".txt"):
        text = terminal.show(report(), int(ending[1:-4]), False)
    else:
        text = render.text(report(), render.ENDINGS[ending])
    assert text.encode() == (GOLDEN / f"{name}{ending}").read_bytes()


@pytest.mark.parametrize("width", [60, 80, 100, 160])
@pytest.mark.parametrize("report", BOTH)
def test_no_line_is_wider_than_asked(report: Callable[[], Report], width: int) -> None:
    lines = terminal.show(report(), width, False).split("\n")
    assert max(map(cell_len, lines)) <= width
    assert [line for line in lines if line != line.rstrip()] == []


def test_data_is_text_and_nothing_else() -> None:
    shown = terminal.show(made.alone(), 200, False)
    assert not set(shown) & set("\x1b\u202e\u2066\r")
    assert shown.count("=1+1�[31m�gnp.exe new line") == 4  # the promise's name, kind, stock, channel
    page = _Page(notebook.html(made.alone()))
    assert set(page.tags) <= {"div", "p", "b", "table", "thead", "tbody", "tr", "th", "td"}
    assert made.HOSTILE in page.seen
    rows = list(csv.reader(render.text(made.alone(), "csv").splitlines(keepends=True)))
    assert rows[4][1] == "'=cmd()"
    assert "<script>" not in render.text(made.alone(), "markdown").replace(r"\<script\>", "")


def test_a_report_without_calls_speaks_of_none() -> None:
    shown = terminal.show(made.alone(), 100, False)
    for said in ("no calls", "all_offered", "half-hour", "calls:"):
        assert said not in shown
    found = json.loads(render.text(made.alone(), "json"))
    assert found["data"]["calls"] is None
    assert list(found["data"]) == ["calls", "cases", "attempts", "bases"]
    assert found["data"]["cases"]["cases"] == 600


def test_json_names_and_order() -> None:
    found = json.loads(render.text(made.alone(), "json"))
    assert list(found)[3:6] == ["period", "cases_period", "data"]
    assert list(found["cases"][0]) == ["kind", "area", *(c.name for c in CASES[1:])]
    assert list(found["stock"][0]) == [c.name for c in STOCK]
    assert list(found["answers"][0]) == [c.name for c in ANSWERS]
    assert found["cases"][3] | {"kind": "", "area": ""} == {
        **dict.fromkeys(c.name for c in CASES[1:]),
        **dict.fromkeys(("opened", "closed", "open", "due", "in_time", "overdue_open"), 0),
        "kind": "",
        "area": "",
    }
    by_week = json.loads(render.text(replace(made.alone(), asked=Asked(every="1w")), "json"))
    assert list(by_week["cases"][0])[:2] == ["start", "kind"]
    assert "cases_period" not in json.loads(render.text(tuesday(), "json"))


def test_nothing_is_not_zero() -> None:
    shown = terminal.show(made.alone(), 200, False)
    [row] = [line.split() for line in shown.split("\n") if line.startswith("=cmd()")]
    assert row[3:] == ["0"] * 6 + ["-"] * 6
    [row] = [line.split() for line in shown.split("\n") if re.match(r"not recorded +\[red\]", line)]
    assert row[3:] == ["0", "0", "-", "0", "-", "-", "-"]
    assert not re.search(r"(?<!\d)0\.0 %", shown)
    empty = replace(made.alone(), cases=(), stock=(), answers=(), promises=())
    assert "no case opened, closed or open" in terminal.show(empty, 80, False)


def test_the_cases_period_stands_beside_that_of_the_calls() -> None:
    lines = terminal.show(made.beside_calls(), 200, False).split("\n")
    assert lines[2] == (
        "cases: 323 opened, 312 closed, 11 open; "
        "Thu 1 Aug 2013 - Tue 20 Aug 2013 Asia/Shanghai, not complete: data end 23:17"
    )
    same = replace(made.beside_calls(), about_cases=made.beside_calls().head)
    assert "cases: 323 opened, 312 closed, 11 open" in terminal.show(same, 200, False).split("\n")
    by_week = replace(same, asked=Asked(every="1w"))
    assert "cases: 323 opened, 312 closed" in terminal.show(by_week, 200, False).split("\n")


def test_answers_alone() -> None:
    report = replace(made.alone(), cases=(), stock=(), promises=(), about_cases=None)
    assert "customers: 1,400 asked, 406 answered" in terminal.show(report, 80, False)
    assert render.text(report, "csv").startswith("channel,segment,asked,answered,")


def test_a_long_stock_shows_where_most_is_overdue() -> None:
    rows = tuple(made.stock("p", f"owner {i}", i, 0, 0) for i in range(100))
    report = replace(made.alone(), stock=rows)
    shown = terminal.show(report, 80, False)
    assert "owner 99" in shown
    assert "owner 69" not in shown
    assert "and 70 more, with no more overdue: JSON holds all" in shown
    assert len(json.loads(render.text(report, "json"))["stock"]) == 100


def test_a_breakdown_that_only_cases_have() -> None:
    report = replace(made.beside_calls(), asked=Asked(by=("area",)))
    shown = terminal.show(report, 100, False)
    assert "by area" not in shown
    assert "complaint  urban" in shown
    assert "## Calls\n" in render.text(report, "markdown")
