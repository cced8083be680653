"""JSON, CSV, Markdown and the notebook's HTML: fixed names, golden files, nothing from data becomes markup."""

import csv
import html.parser
import io
import json
import math
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

import report_fixture as made
from cc_metrics import render
from cc_metrics.errors import UsageError
from cc_metrics.model.report import Asked, Caution, Report
from cc_metrics.render import notebook

GOLDEN = Path(__file__).parent / "golden"


def names(words: str) -> list[str]:
    return words.split()


TOP = names(
    "schema as_of timezone period data policy promises calls intervals first_call_resolution cases stock answers "
    "waits heatmap days curves contributions causes comparisons months staffing warnings"
)
CALLS = names(
    "start offered answered abandoned redirected answered_within abandoned_within short_abandoned redirected_late "
    "within_s denominator service_level formulas connect_rate abandonment_rate mean_wait_s p50_wait_s p90_wait_s "
    "p95_wait_s longest_wait_s longest_abandoned_s mean_handle_s mean_talk_s mean_hold_s mean_wrap_s transferred "
    "under_10_s"
)
PROMISES = names(
    "name measure where shape kind target within_s basis owed settled kept pending value verdict margin bounds "
    "low high interval clusters outlook note beside"
)
RESOLUTION = names(
    "basis unit window_s answered with_key too_recent eligible resolved value naive kaplan_meier repeat_rate "
    "settled_from settled_to"
)


@pytest.mark.parametrize(("name", "file"), [("json", "report.json"), ("csv", "report.csv"), ("markdown", "report.md")])
def test_golden(name: str, file: str) -> None:
    assert render.text(made.two_days(), name).encode() == (GOLDEN / file).read_bytes()


def test_every_ending_has_a_format() -> None:
    assert set(render.ENDINGS.values()) == set(render.FORMATS)
    with pytest.raises(UsageError, match="no format is called 'jsn'"):
        render.text(made.nothing(), "jsn")


def test_json_has_the_names_and_the_order_of_the_design() -> None:
    found = json.loads(render.text(made.two_days(), "json"))
    assert list(found) == TOP
    assert found["schema"] == "cc-metrics/report/1"
    assert list(found["period"]) == ["from", "to", "weekday", "complete"]
    assert list(found["data"]) == ["calls", "cases"]
    assert list(found["data"]["calls"]) == ["files", "read", "accepted", "ignored", "rejected", "first", "last"]
    assert list(found["policy"]) == ["name", "formula", "source"]
    assert [list(p) for p in found["promises"]] == [PROMISES] * 8
    assert [list(c) for c in found["calls"]] == [["start", "tier", "queue", *CALLS[1:]]] * 5
    assert [list(c) for c in found["intervals"]] == [CALLS] * 96
    assert [list(r) for r in found["first_call_resolution"]] == [["tier", "queue", *RESOLUTION]] * 2
    assert (found["cases"], found["stock"], found["answers"], found["data"]["cases"]) == ([], [], [], None)
    assert [list(w) for w in found["warnings"]] == [["code", "text"]] * 2


def test_json_keeps_numbers_unrounded_and_the_unknown_null() -> None:
    found = json.loads(render.text(made.two_days(), "json"))
    assert found["promises"][0]["value"] == 4_010 / 4_410
    assert found["promises"][0]["where"] == {"tier": ["vip"]}
    assert found["promises"][2]["bounds"] == [0.1609, 0.7031]
    assert [row["tier"] for row in found["calls"]][2:] == ["ordinary", None, None]
    assert found["calls"][4]["queue"] == made.STEERING
    assert found["calls"][0]["formulas"]["answered_only"] == 3_987 / 4_709


def test_json_of_nothing_holds_no_share() -> None:
    [row] = json.loads(render.text(made.nothing(), "json"))["calls"]
    assert {name for name in row if row[name] not in (0, None)} == {"within_s", "formulas"}
    assert [row["service_level"], row["mean_wait_s"], row["p90_wait_s"]] == [None] * 3
    assert set(row["formulas"].values()) == {None}


def test_json_is_strict_and_never_steers_a_terminal() -> None:
    odd = {"service_level": math.nan, "mean_wait_s": math.inf, "p50_wait_s": Fraction(1, 4), "start": None}
    report = replace(made.nothing(), calls=(odd,), warnings=(Caution("c", "\x1b\x9b\u202e\udce9"),))
    text = render.text(report, "json")
    assert text.endswith("}\n")
    assert text.isascii()
    found = json.loads(text, parse_constant=pytest.fail)
    assert [found["calls"][0][n] for n in ("service_level", "mean_wait_s", "p50_wait_s")] == [None, None, 0.25]
    assert found["warnings"][0]["text"] == "\x1b\x9b\u202e\udce9"


def test_json_by_interval_dates_first_call_resolution_too() -> None:
    report = replace(made.tuesday(), asked=Asked(every="1d"))
    [row] = json.loads(render.text(report, "json"))["first_call_resolution"]
    assert list(row) == ["start", *RESOLUTION]


def test_rows_of_several_channels_say_which() -> None:
    rows = tuple({**row, "channel": channel} for channel in ("voice", "chat") for row in made.tuesday().calls)
    report = replace(made.tuesday(), calls=rows)
    assert list(json.loads(render.text(report, "json"))["calls"][0])[:3] == ["start", "channel", "tier"]
    assert render.text(report, "csv").startswith("start,channel,tier,offered,")


def test_csv_is_flat_and_exact() -> None:
    text = render.text(made.two_days(), "csv")
    assert text.endswith("\r\n")
    rows = list(csv.DictReader(text.splitlines(keepends=True)))
    assert [row["tier"] for row in rows] == ["vip", "vip", "ordinary", "", ""]
    assert float(rows[0]["service_level"]) == 3_987 / 4_894
    assert float(rows[0]["level_answered_only"]) == 3_987 / 4_709
    plain = [n for n in CALLS if n != "formulas"]
    assert [n for n in rows[0] if not n.startswith("level_")] == ["start", "tier", "queue", *plain[1:]]
    [empty] = csv.DictReader(render.text(made.nothing(), "csv").splitlines())
    assert (empty["offered"], empty["service_level"], empty["level_all_offered"]) == ("0", "", "")


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=cmd()", "'=cmd()"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        (" =1", "' =1"),
        ("\ufeff=1", "'\ufeff=1"),
        ("＝1", "'＝1"),
        ("﹣1", "'﹣1"),
        (-1, "-1"),
        (-0.5, "-0.5"),
        ("a=1", "a=1"),
        ("客户", "客户"),
        ("a\x1b[31m", "a�[31m"),
    ],
)
def test_no_cell_is_a_formula(value: object, cell: str) -> None:
    report = replace(made.tuesday(), calls=(made.calls(*made.TUESDAY) | {"tier": value},))
    [_, row] = csv.reader(io.StringIO(render.text(report, "csv"), newline=""))
    assert row[1] == cell


def test_a_dimension_named_by_the_data_is_no_formula_either() -> None:
    report = replace(made.tuesday(), asked=Asked(by=("=x",)), calls=(made.calls(*made.TUESDAY) | {"=x": "a"},))
    assert render.text(report, "csv").startswith("start,'=x,offered,")


def test_markdown_takes_nothing_from_data_as_markup() -> None:
    hostile = "| a\n# b `c` *d* _e_ [f](http://g) <b>h</b> &lt; www.i.com ~j~ \\"
    report = replace(made.tuesday(), calls=(made.calls(*made.TUESDAY) | {"tier": hostile},))
    [line] = [line for line in render.text(report, "markdown").split("\n") if "\\| a" in line]
    assert line.startswith(
        r"| \| a \# b \`c\` \*d\* \_e\_ \[f\](http:\//g) \<b\>h\</b\> \&lt; www\.i.com \~j\~ \\ | 25,324 |"
    )


@pytest.mark.parametrize(("name", "line"), [("- a", r"- \- a: "), ("+ a", r"- \+ a: "), ("1. a", r"- 1\. a: ")])
def test_markdown_makes_no_list_of_a_name(name: str, line: str) -> None:
    promise = replace(made.GOLD, name=name, measure="unknown", where={})
    report = replace(made.nothing(), promises=(made.judged(promise, 0, 0, "no_data", None, note="no call"),))
    assert f"{line}no call" in render.text(report, "markdown").splitlines()


def test_markdown_without_promises_breakdown_or_resolution() -> None:
    report = replace(made.nothing(), promises=(), calls=(), first_call_resolution=(), total=())
    text = render.text(report, "markdown")
    assert "| verdict |" not in text
    assert "no calls offered" in text


def test_json_writes_values_it_does_not_know_as_text() -> None:
    report = replace(made.tuesday(), calls=(made.calls(*made.TUESDAY) | {"tier": date(2013, 8, 20)},))
    assert json.loads(render.text(report, "json"))["calls"][0]["tier"] == "2013-08-20"


class _Page(html.parser.HTMLParser):
    """Collects what a browser would see."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.seen = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.open.append(tag)
        assert {name for name, _ in attrs} <= {"style"}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.seen += data + "\n"


@pytest.mark.parametrize("report", [made.tuesday, made.two_days, made.nothing], ids=lambda r: r.__name__)
def test_a_notebook_shows_a_static_scoreboard(report: Callable[[], Report]) -> None:
    page = _Page(notebook.html(report()))
    assert set(page.tags) <= {"div", "p", "b", "table", "thead", "tbody", "tr", "th", "td"}
    assert page.open == []


def test_the_scoreboard_says_what_counts() -> None:
    seen = _Page(notebook.html(made.two_days())).seen
    for said in (
        "NOT JUDGED",
        "90.9 %",
        "4,410",
        "41 to spare",
        made.HOSTILE,
        "81.5 %",
        "not complete: data end 14:07",
    ):
        assert said in seen
    nothing = _Page(notebook.html(made.nothing())).seen
    assert "n/a" in nothing
    assert "0.0 %" not in nothing
