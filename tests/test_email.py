"""The e-mail of a report: its parts by the standard library's parser, its figures, names, size and pictures."""

import html.parser
import json
import re
import struct
from collections.abc import Callable
from dataclasses import replace
from email import message_from_string, policy
from email.message import EmailMessage
from functools import cache
from gettext import NullTranslations
from pathlib import Path

import pytest

import case_report_fixture as cases
import page_fixture as page
import report_fixture as made
from cc_metrics import language, outputs, render
from cc_metrics.model.report import Asked, Caution, Report
from cc_metrics.render import email_charts, email_words, fonts

GOLDEN = Path(__file__).parent / "golden"
DRAWN = {page.report: 3, page.hostile: 4, made.two_days: 1, made.nothing: 0, cases.alone: 0, cases.beside_calls: 1}
ALL = list(DRAWN)
VOID = {"meta", "img"}
TAGS = {"html", "head", "meta", "title", "style", "body", "table", "thead", "tbody", "tr", "th", "td", "h1", "h2", "p"}
TAGS |= {"div", "img"}
FONT_IS_FOUND = fonts.chinese
INJECTED = "x\r\nBcc: evil@example.org\r\n\r\n<b>body</b>\n.\r\nQUIT"


@pytest.fixture(autouse=True)
def _chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever fonts a machine has, the pictures are those of one that has all."""
    monkeypatch.setattr(fonts, "chinese", lambda: True)


def parsed(report: Report) -> EmailMessage:
    found = message_from_string(render.text(report, "email"), policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


@cache
def message_of(make: Callable[[], Report]) -> EmailMessage:
    return parsed(make())


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert found is not None
    content = found.get_content()
    assert isinstance(content, str)
    return content


class _Seen(html.parser.HTMLParser):
    """What a client would show: words by row, tags with their attributes; every tag is closed in its turn."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.rows: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip() and self.open[-1] not in {"style", "title"}:
            self.rows.append(data)

    @property
    def words(self) -> str:
        return "\n".join(self.rows)


@pytest.mark.parametrize(("kind", "file"), [("plain", "report-email.txt"), ("html", "report-email.html")])
def test_golden(kind: str, file: str) -> None:
    assert part(message_of(made.two_days), kind).replace("\r\n", "\n") == (GOLDEN / file).read_text("utf-8")


@pytest.mark.parametrize("report", ALL, ids=lambda r: f"{r.__module__}.{r.__name__}")
def test_a_message_has_a_text_an_html_and_the_pictures_it_shows(report: Callable[[], Report]) -> None:
    message = message_of(report)
    assert all(not one.defects for one in message.walk())
    leaves = [one for one in message.walk() if not one.is_multipart()]
    pictures = leaves[2:]
    assert [one.get_content_type() for one in leaves[:2]] == ["text/plain", "text/html"]
    assert {one.get_content_type() for one in pictures} <= {"image/png"}
    assert len(pictures) == DRAWN[report]
    assert message.get_content_type() == "multipart/alternative"
    cids = [str(one["Content-ID"]).strip("<>") for one in pictures]
    shown = [tag["src"] for name, tag in _Seen(part(message, "html")).tags if name == "img"]
    assert shown == [f"cid:{cid}" for cid in cids]
    assert len(set(cids)) == len(cids)
    for one in pictures:
        content = one.get_content()
        assert content.startswith(b"\x89PNG")
        assert struct.unpack(">I", content[16:20])[0] <= 2 * 640
        assert one["Content-Disposition"] == "inline"


@pytest.mark.parametrize("report", ALL, ids=lambda r: f"{r.__module__}.{r.__name__}")
def test_the_html_is_what_clients_know(report: Callable[[], Report]) -> None:
    text = part(message_of(report), "html")
    seen = _Seen(text)
    names = {name for name, _ in seen.tags}
    assert names <= TAGS
    assert not re.search(r"<(script|link|iframe|form|svg)|https?://|url\(|javascript:|\son\w+=", text.lower())
    for name, tag in seen.tags:
        if name in {"td", "th", "p", "h1", "h2", "div"} and "class" in tag:
            assert "background-color:#" in (tag["style"] or ""), tag
        if name == "img":
            assert re.fullmatch("Chart: .+", tag["alt"] or "")
    assert text.count("<table") == text.count("</table")
    assert '<meta name="color-scheme" content="light dark">' in text
    assert '<meta name="supported-color-schemes" content="light dark">' in text


def test_it_is_a_draft_without_recipients_that_says_what_it_is() -> None:
    message = parsed(made.tuesday())
    assert sorted(message.keys()) == sorted(
        ["Subject", "Date", "Message-ID", "X-Mailer", "X-Unsent", "MIME-Version", "Content-Type"]
    )
    assert message["Subject"] == "1 of 3 promises missed: liaoning-unicom-2013, Tue 20 Aug 2013"
    assert message["Date"] == "Wed, 21 Aug 2013 00:00:00 +0800"
    assert message["X-Unsent"] == "1"
    assert re.fullmatch(r"<[0-9a-f]{32}@cc-metrics\.invalid>", message["Message-ID"])


def test_the_same_report_gives_the_same_bytes_and_another_one_another_identity() -> None:
    once, again = (render.text(made.two_days(), "email") for _ in range(2))
    assert once == again
    one = made.tuesday()
    other = replace(one, promises=(replace(one.promises[0], row={**one.promises[0].row, "kept": 2_112}),))
    assert len({parsed(report)["Message-ID"] for report in (one, other, made.two_days())}) == 3


def short() -> Report:
    """Few words, one of them Chinese: eight bits would do."""
    return replace(made.nothing(), policy=replace(made.nothing().policy, name="王"), promises=())


@pytest.mark.parametrize("report", [page.hostile, made.nothing, short], ids=lambda r: r.__name__)
def test_it_travels_as_it_is_written(report: Callable[[], Report], tmp_path: Path) -> None:
    """Seven bits, lines ending in CR LF that no server cuts (RFC 5322: 998)."""
    outputs.save(report(), None, tmp_path / "report.eml")
    written = (tmp_path / "report.eml").read_bytes()
    assert written.isascii()
    lines = written.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 998


def test_no_name_writes_a_header_or_a_part() -> None:
    report = made.two_days()
    row = {**made.judged(made.GOLD, 10, 9, "kept", 0).row, "name": INJECTED}
    report = replace(
        report,
        head=replace(report.head, label=INJECTED, incomplete=INJECTED),
        policy=replace(report.policy, name=INJECTED, source=INJECTED),
        promises=(replace(made.judged(replace(made.GOLD, name=INJECTED), 10, 9, "kept", 0), row=row, note=INJECTED),),
        calls=tuple({**one, "queue": INJECTED} for one in report.calls),
        warnings=(Caution(INJECTED, INJECTED),),
    )
    message = parsed(report)
    assert message["Bcc"] is None
    assert message.get("To") is None
    subject = (
        "1 of 1 promise kept: x Bcc: evil@example.org <b>body</b> . QUIT, x Bcc: evil@example.org <b>body</b> . QUIT"
    )
    assert message["Subject"] == subject
    assert {one.get_content_type() for one in message.walk() if not one.is_multipart()} == {
        "text/plain",
        "text/html",
        "image/png",
    }
    assert "b" not in {name for name, _ in _Seen(part(message, "html")).tags}


def test_a_subject_is_bounded_whatever_the_policy_is_called() -> None:
    report = replace(made.tuesday(), policy=replace(made.POLICY, name="王" * 3_000), intervals=())
    assert parsed(report)["Subject"] == f"1 of 3 promises missed: {'王' * 59}…, Tue 20 Aug 2013"
    assert len(email_words.subject(replace(report, head=replace(report.head, label="x" * 900)))) == 160


def test_a_part_of_a_day_and_a_moment_without_a_zone_are_told_as_they_are() -> None:
    head = replace(made.TUESDAY_HEAD, label="Tue 20 Aug 2013  09:00-12:00", as_of="2013-08-21T00:00:00", timezone=None)
    message = parsed(replace(made.tuesday(), head=head, intervals=()))
    assert message["Subject"] == "1 of 3 promises missed: liaoning-unicom-2013, Tue 20 Aug 2013 09:00-12:00"
    assert message["Date"] == "Wed, 21 Aug 2013 00:00:00 -0000"


def test_another_language_is_another_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_catalogue", lambda _: NullTranslations())
    english = message_of(made.nothing)
    with language.using("zh"):
        chinese = parsed(made.nothing())
    assert english["Message-ID"] != chinese["Message-ID"]
    assert '<html lang="zh">' in part(chinese, "html")
    assert '<html lang="en">' in part(english, "html")


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        ((), "No promise to judge"),
        ((None,), "No promise to judge"),
        (("missed",), "1 of 1 promise missed"),
        (("kept", None), "1 of 1 promise kept"),
        (("kept", "kept"), "2 of 2 promises kept"),
        (("missed", "kept", "missed", None), "2 of 3 promises missed"),
        (("kept", "no_data", "not_judged", "undecided"), "1 of 4 promises kept, 3 without a verdict"),
        (("no_data",), "1 promise without a verdict"),
        (("missed", "no_data"), "1 of 2 promises missed, 1 without a verdict"),
    ],
)
def test_the_headline_counts_verdicts(verdicts: tuple[str | None, ...], said: str) -> None:
    judged = tuple(made.judged(made.VIP, 10, 9, verdict, 0) for verdict in verdicts)
    assert email_words.headline(replace(made.tuesday(), promises=judged)) == said


def percent(value: float) -> str:
    return f"{value * 100:.1f} %"


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_the_figures_are_those_of_the_json_report(kind: str) -> None:
    report = made.two_days()
    text = part(message_of(made.two_days), kind)
    words = " ".join((text if kind == "plain" else _Seen(text).words).split())
    found = json.loads(render.text(report, "json"))
    for promise in found["promises"]:
        if promise["value"] is not None:
            assert percent(promise["value"]) in words
            assert f"{promise['kept']:,} of {promise['settled']:,}" in words
        if promise["margin"] is not None:
            assert f"{abs(promise['margin']):,} {'short' if promise['margin'] < 0 else 'to spare'}" in words
    assert [f"{row['read']:,} rows read" in words for row in [found["data"]["calls"]]] == [True]
    total = report.total[0]
    for name in ("offered", "answered", "abandoned", "redirected"):
        assert f"{total[name]:,} {name}" in words
    for row in report.latest:
        assert f"{percent(row['value'])} of {row['eligible']:,}" in words
    if kind == "html":
        cells = _Seen(text).rows
        for row in found["calls"]:
            late = row["denominator"] - round(row["service_level"] * row["denominator"])
            figures = [f"{row['offered']:,}", f"{late:,}", percent(row["service_level"]), f"{row['mean_wait_s']:.1f} s"]
            assert any(cells[i : i + 4] == figures for i in range(len(cells))), figures


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_why_and_since_when_are_told_with_the_figures_of_the_json_report(kind: str) -> None:
    text = part(message_of(page.report), kind)
    words = " ".join((text if kind == "plain" else _Seen(text).words).split())
    found = json.loads(render.text(page.report(), "json"))
    assert found["months"]
    assert found["comparisons"]
    for row in found["months"]:
        assert f"{percent(row['value'])} of {row['settled']:,} so far" in words
    compared = [row for row in found["comparisons"] if row["figure"] == "service_level" and row["with"] == "day_before"]
    for row in compared:
        assert f"{percent(row['value'])}; the day before {percent(row['before'])}" in words
    queues = [row for row in found["contributions"] if row["promise"] and row["dimension"] == "interval"]
    short = -found["promises"][1]["margin"]
    assert f"Ordinary calls, {short} short of 80 %" in words
    assert f"of {sum(row['late'] for row in queues):,} late between 10:30 and 11:30" in words


def test_nothing_known_is_never_nought() -> None:
    message = message_of(made.nothing)
    for text in (part(message, "plain"), _Seen(part(message, "html")).words):
        assert "n/a of 0" in text
        assert "0.0 %" not in text
        assert "100.0 %" not in text


@pytest.mark.parametrize("name", ["queue " * 60, made.HOSTILE * 9, "客服" * 200])
def test_five_thousand_queues_stay_below_what_gmail_cuts(name: str) -> None:
    rows = tuple(
        {**made.calls(40 + i % 7, 30, 2, 1, 0, 1, 0), "queue": f"{i} {name}", "tier": name} for i in range(5_000)
    )
    busy = {**made.calls(900, 100, 2, 1, 0, 1, 0), "queue": "the busiest of all", "tier": "vip"}
    judged = tuple(made.judged(replace(made.GOLD, name=f"{i} {name}"), 9, 9, "kept", 0, note=name) for i in range(90))
    missed = made.judged(replace(made.GOLD, name="the missed one", measure="own"), 9, 1, "missed", -3)
    report = replace(
        made.two_days(),
        calls=(*rows, busy),
        intervals=(),
        promises=(*judged, missed),
        notes=tuple(name for _ in range(90)),
    )
    text = part(parsed(report), "html")
    assert len(text.encode()) < 100_000
    seen = _Seen(text).words
    assert "the busiest of all" in seen
    assert "the missed one" in seen
    shown = sum(re.fullmatch(r"vip · .*|.* · \d+ .*", row) is not None for row in _Seen(text).rows)
    assert f"and {5_001 - shown:,} more: JSON holds all" in seen


def test_a_table_that_is_not_cut_does_not_say_so() -> None:
    rows = tuple({**made.calls(40, 30, 2, 1, 0, 1, 0), "queue": f"q{i:02}"} for i in range(21))
    asked = replace(made.tuesday(), asked=Asked(by=("queue",)), intervals=())
    assert "more: JSON" not in part(parsed(replace(asked, calls=rows[:20])), "html")
    assert "and 1 more: JSON holds all" in part(parsed(replace(asked, calls=rows)), "html")


def test_the_text_fits_78_cells() -> None:
    from rich.cells import cell_len

    for report in ALL:
        for line in part(message_of(report), "plain").splitlines():
            assert cell_len(line) <= 78, line


def test_without_a_chinese_font_pictures_speak_english_and_chinese_names_are_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    report = page.report((made.CHINESE, *page.PLAIN[1:]))
    names = [inline.cid for inline in email_charts.pictures(report).drawn]
    monkeypatch.setattr(fonts, "chinese", lambda: False)
    found = email_charts.pictures(report)
    assert (found.unlettered, found.left_out) == (True, 1)
    assert [inline.cid for inline in found.drawn] == [name for name in names if "contributions" not in name]
    text = _Seen(part(parsed(report), "html")).words
    assert "No font with Chinese characters was found where this was written" in text
    assert "1 picture with Chinese names was left out." in text
    assert not email_charts.pictures(page.report()).unlettered


def test_a_chinese_font_is_found_by_fontconfig_or_by_its_file(tmp_path: Path) -> None:
    def says(name: str, script: str) -> str:
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)
        return str(tmp_path / name)

    assert FONT_IS_FOUND(says("some", "echo Noto Sans CJK SC"), ())
    assert not FONT_IS_FOUND(says("none", "exit 0"), (tmp_path,))
    folder = tmp_path / "share" / "truetype"
    folder.mkdir(parents=True)
    (folder / "DejaVuSans.ttf").touch()
    (folder / "NotoSansCJK-Regular.txt").touch()
    for command in ("cc-metrics-has-no-such-command", says("broken", "exit 3")):
        assert not FONT_IS_FOUND(command, (tmp_path / "absent", tmp_path / "share"))
    (folder / "NotoSansCJK-Regular.TTC").touch()
    assert FONT_IS_FOUND("cc-metrics-has-no-such-command", (tmp_path / "absent", tmp_path / "share"))
    assert FONT_IS_FOUND(says("broken", "exit 3"), (tmp_path / "share",))
