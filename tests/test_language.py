"""Chinese and English: no message without its translation, no word that was never made a message, no line too wide."""

import ast
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from string import Formatter

import pytest

pytest.importorskip("babel", reason="babel, which reads and writes the catalogues, is not installed")

from babel.messages.catalog import Message

import case_report_fixture
import catalogue
import cc_metrics as cc
import cli_fixture
import report_fixture
from cc_metrics import language, render
from cc_metrics.errors import UsageError
from cc_metrics.model.report import Report
from cc_metrics.policy import load, presets
from cc_metrics.render import deadline_words, grid, naming, notebook, term_words, terminal, verdicts

GOLDEN = Path(__file__).parent / "golden"
MADE = {"report": report_fixture.two_days, "cases": case_report_fixture.alone, "both": case_report_fixture.beside_calls}
PLAIN = {"P50", "P90", "P95", "Kaplan-Meier", "JSON", "UTC"}
"""Latin words of the field that Chinese reports use too."""

_WORD = re.compile(r"(?<![\w-])[A-Za-z][A-Za-z'_-]{2,}")


def texts(message: Message) -> list[str]:
    return list(message.id) if isinstance(message.id, tuple) else [message.id]


def strings(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple) else [message.string]


def places(text: str) -> set[tuple[str, str, str | None]]:
    """The named places of a message, with how they are written."""
    return {(name, spec or "", how) for _, name, spec, how in Formatter().parse(text) if name is not None}


@pytest.fixture(scope="module")
def messages() -> list[Message]:
    return [message for message in catalogue.kept() if message.id]


def test_every_message_of_the_source_is_in_the_catalogue_and_no_other() -> None:
    assert catalogue.TEXT.read_bytes() == catalogue.written(catalogue.updated(catalogue.kept()))
    assert not catalogue.kept().obsolete


def test_every_message_is_translated(messages: list[Message]) -> None:
    assert len(messages) > 700
    assert [m.id for m in messages if m.fuzzy or not all(text.strip() or "\n" in text for text in strings(m))] == []


def test_translations_have_the_places_of_their_message(messages: list[Message]) -> None:
    for message in messages:
        for text in strings(message):
            assert places(text) == places(texts(message)[-1]), message.id


def test_the_compiled_catalogue_is_the_one_that_people_edit() -> None:
    assert catalogue.COMPILED.read_bytes() == catalogue.compiled(catalogue.TEXT.read_bytes())


def test_messages_are_written_out_where_they_are_used() -> None:
    made = [
        (path.name, line)
        for path in catalogue.sources()
        for arguments, line in catalogue.calls(path)
        if not all(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in arguments)
    ]
    assert made == []


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("width", [60, 80, 100, 120])
def test_no_line_is_wider_than_the_terminal(name: str, width: int) -> None:
    with language.using("zh"):
        shown = terminal.show(MADE[name](), width, colour=False)
    assert "未达标" in shown
    assert [line for line in shown.splitlines() if grid.cells(line) > width] == []


@pytest.mark.parametrize("name", MADE)
def test_a_report_in_chinese(name: str) -> None:
    with language.using("zh"):
        assert terminal.show(MADE[name](), 100, colour=False) == (GOLDEN / f"{name}-100.zh.txt").read_text("utf-8")
        assert render.text(MADE[name](), "markdown") == (GOLDEN / f"{name}.zh.md").read_text("utf-8")


@pytest.mark.parametrize("form", ["json", "csv"])
@pytest.mark.parametrize("name", MADE)
def test_machines_read_the_same_in_any_language(name: str, form: str) -> None:
    english = render.text(MADE[name](), form)
    with language.using("zh"):
        assert render.text(MADE[name](), form) == english


def foreign(shown: str, known: str) -> set[str]:
    """Latin words that are neither of the data nor of the field."""
    return {word for word in _WORD.findall(shown) if word.casefold() not in known.casefold() and word not in PLAIN}


def test_rules_are_worded_in_chinese() -> None:
    for name in presets():
        policy = load(name)
        known = repr(policy)
        with language.using("zh"):
            for promise in policy.promises:
                told = [naming.short_name(promise), verdicts.target(promise), *term_words.terms(promise)]
                deadline = getattr(promise.terms, "deadline", None)
                told += deadline_words.deadline(deadline) if deadline else []
                assert foreign(" ".join(told), known) == set(), (name, promise.name)


@pytest.mark.parametrize("show", [lambda report: terminal.show(report, 100, colour=False), notebook.html])
def test_a_real_report_holds_no_english_but_that_of_its_data(show: Callable[[Report], str]) -> None:
    found = cc.report(cc.read_calls(cli_fixture.HOTLINE / "*.csv", tz="Asia/Shanghai"), by=["tier"]).report
    with language.using("zh"):
        told = unescape(re.sub(r"<[^>]*>", " ", show(found)))
    data = "".join(path.read_text("utf-8") for path in sorted(cli_fixture.HOTLINE.glob("*.csv")))
    assert foreign(told, f"{found.policy} Asia Shanghai {data}") == set()


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "zh_CN.UTF-8", "LANG": "en_GB.UTF-8"}, "zh"),
        ({"LC_MESSAGES": "en_GB.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LANG": "zh_TW.UTF-8"}, "zh"),
        ({}, "en"),
    ],
)
def test_the_locale_decides_where_nobody_says(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], expected: str
) -> None:
    from cc_metrics_cli.options import language_of

    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language_of(None) == expected
    assert (language_of("zh"), language_of("en")) == ("zh", "en")


def test_the_command_speaks_both(tmp_path: Path) -> None:
    calls = tmp_path / "calls.csv"
    calls.write_text(cli_fixture.CALLS)
    asked = ("report", calls, "--tz", "Asia/Shanghai", "--date", "2013-08-20")
    saved = tmp_path / "report.md"
    chinese = cli_fixture.run(*asked, "--lang", "zh", "--output", saved, "--show", "table")
    assert chinese.out.startswith("2013年8月20日 星期二  00:00-24:00 Asia/Shanghai  数据完整")
    assert "## 数据行核对" in saved.read_text("utf-8")
    assert cli_fixture.run(*asked, locale="zh_CN.UTF-8").out == chinese.out
    assert cli_fixture.run(*asked).out.startswith("Tue 20 Aug 2013  00:00-24:00 Asia/Shanghai  complete")
    assert "no language is called 'fr'" in cli_fixture.refused(cli_fixture.run(*asked, "--lang", "fr"), 2)
    reported = ("--reported", "50", "--date", "2013-08-20")
    assert "报告值" in cli_fixture.run("reconcile", calls, "--tz", "Asia/Shanghai", *reported, "--lang", "zh").out


def test_a_notebook_keeps_its_language() -> None:
    calls = cc.read_calls(cli_fixture.HOTLINE / "*.csv", tz="Asia/Shanghai")
    assert "呼入" in cc.report(calls, lang="zh")._repr_html_()
    assert language.current() == "en"
    with pytest.raises(UsageError, match="no language"):
        cc.report(calls, lang="fr")
