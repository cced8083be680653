"""The terminal report: the issue's head to the letter, golden files, no line too wide, nothing unknown shown as 0."""

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len

import report_fixture as made
from cc_metrics.model.report import Asked, Report
from cc_metrics.render import grid, terminal

GOLDEN = Path(__file__).parent / "golden"
COLOUR = re.compile(r"\x1b\[[0-9;]*m")

HEAD = """\
Tue 20 Aug 2013  00:00-24:00 Asia/Shanghai  complete      liaoning-unicom-2013
25,324 offered: 24,180 answered, 1,020 abandoned, 124 redirected (67 in time)
KEPT    VIP in 20 s         91.4 % of  2,310   reached 2013: 90 %   32 to spare
MISSED  Ordinary in 20 s    78.1 % of 22,947   reached 2013: 80 %  436 short
KEPT    FCR 24 h of 19 Aug  89.2 % of 19,870   reached 2013: 88 %  238 to spare
all_offered, wait <= 20 s, late redirects count; other formulas 79.5 to 82.8 %
"""


@pytest.mark.parametrize("width", [80, 120])
def test_the_head_is_the_issues(width: int) -> None:
    assert terminal.show(made.tuesday(), width, False).startswith(HEAD + "\n")


@pytest.mark.parametrize("width", [80, 120])
def test_golden(width: int) -> None:
    shown = terminal.show(made.two_days(), width, False)
    assert shown.encode() == (GOLDEN / f"report-{width}.txt").read_bytes()


def channels() -> Report:
    """Two channels, a name of one wide character too many, counts of many digits."""
    voice, chat = made.calls(*made.BOTH), made.calls(*(n * 12_345 for n in made.TUESDAY))
    rows = tuple(made.half_hours("2013-08-20", *made.TUESDAY))
    return replace(
        made.two_days(),
        asked=Asked(by=("queue", "tier", "reason", "region"), every="30m"),
        total=(voice | {"channel": "voice"}, chat | {"channel": "文字客服" * 20}),
        calls=tuple(
            chat | {"start": row["start"], "queue": made.CHINESE, "tier": None, "reason": made.HOSTILE, "region": ""}
            for row in rows
        ),
        intervals=tuple(row | {"channel": channel} for channel in ("voice", made.CHINESE) for row in rows),
    )


EVERY = [made.tuesday, made.two_days, made.nothing, made.month, channels]


@pytest.mark.parametrize("width", [80, 100, 120, 200])
@pytest.mark.parametrize("report", EVERY, ids=lambda r: r.__name__)
def test_no_line_is_wider_than_asked(report: Callable[[], Report], width: int) -> None:
    lines = terminal.show(report(), width, False).split("\n")
    assert max(map(cell_len, lines)) <= width
    assert [line for line in lines if line != line.rstrip()] == []


@pytest.mark.parametrize("report", EVERY, ids=lambda r: r.__name__)
def test_colour_only_repeats_words(report: Callable[[], Report]) -> None:
    coloured, plain = terminal.show(report(), 80, True), terminal.show(report(), 80, False)
    assert "\x1b[" in coloured
    assert "\x1b" not in plain
    assert [line.rstrip() for line in COLOUR.sub("", coloured).split("\n")] == plain.split("\n")


def test_a_narrow_terminal_never_costs_a_number() -> None:
    shown = terminal.show(made.tuesday(), 40, False)
    assert "78.1 % of 22,947" in shown
    assert "436 short" in shown
    assert "5,224" in shown


def test_nothing_is_not_zero() -> None:
    shown = terminal.show(made.nothing(), 80, False)
    assert "no calls offered" in shown
    assert "NO DATA  Ordinary in 20 s  n/a of 0   reached 2013: 80 %" in shown
    assert "needs calls up to 22 Aug 2013" in shown
    assert "0.0 %" not in shown
    assert "times as written" in shown


def test_a_row_without_calls_has_no_level() -> None:
    [line] = [line for line in terminal.show(made.tuesday(), 80, False).split("\n") if line.startswith("12:00")]
    assert line.split() == ["12:00", "0", "0", "0", "0", "-", "-", "-"]


def test_data_is_text_and_nothing_else() -> None:
    shown = terminal.show(made.two_days(), 200, False)
    assert made.HOSTILE in shown
    assert "🔥 urgent :fire:" in shown
    assert "=1+1�[31m�gnp.exe new line" in shown
    assert not set(shown) & set("\x1b\u202e\r")


def test_dimensions_not_recorded_say_so() -> None:
    lines = terminal.show(made.two_days(), 120, False).split("\n")
    assert sum(line.startswith("not recorded  ") for line in lines) == 4  # two queues, a reason, an FCR row


def test_what_stands_behind_the_verdicts() -> None:
    shown = terminal.show(made.two_days(), 120, False)
    for said in (
        "known up to 19 Aug: 87.9 % of 1,150",
        "pending, not counted: 45,112 of FCR 24 h of 19 Aug",
        "51,030 rows read from 2 files = 49,077 accepted + 1,936 ignored (1,198 hung up in the menu, 498 duplicate,",
        "between 16.1 and 70.3 % whatever the unrecorded calls were",
        "on target: 80 % of a half-hour's calls in 20 s",
        "one half-hour weighs 4.3 points",
        "note: taken as closed: Sunday 18 Aug",
        "warning [tier_coverage]: the tier is recorded",
    ):
        assert said in shown


def test_channels_have_lines_of_their_own() -> None:
    shown = terminal.show(channels(), 120, False)
    assert "voice: 49,077 offered" in shown
    assert "voice by half-hour" in shown
    assert "by queue, tier, reason, region every 30m" in shown
    assert "2013-08-20 08:00" in shown


def test_resolution_by_call_and_by_issue_stand_side_by_side() -> None:
    by_issue = {"unit": "issue", "answered": 20_112, "window_s": 604_800.0}
    rows = (made.resolved(24_180, 23_011, 3_141, 17_724), made.resolved(24_180, 18_000, 4_000, 11_200) | by_issue)
    latest = tuple(row | {"days": "19 Aug"} for row in rows)
    report = replace(made.tuesday(), first_call_resolution=rows, latest=latest)
    shown = terminal.show(report, 120, False)
    assert "\nfirst-call resolution\nbasis   unit   window  " in shown
    assert "by issue in 7 d: known up to 19 Aug: 80.0 % of 14,000" in shown
    assert "customer known for 95.2 % of the answered calls" in shown


def test_several_settled_days_are_not_one() -> None:
    days = {"days": "12 to 19 Aug", "settled_from": "2013-08-12", "settled_to": "2013-08-19"}
    latest = ({"unit": "call", "window_s": 86_400, "eligible": 100, "value": 0.9, **days},)
    shown = terminal.show(replace(made.tuesday(), latest=latest), 80, False)
    assert "\nknown for 12 to 19 Aug: 90.0 % of 100\n" in shown


def test_what_the_source_itself_calls_resolved() -> None:
    rows = (made.resolved(100, 100, 0, 80) | {"basis": "flag", "window_s": None},)
    shown = terminal.show(replace(made.tuesday(), first_call_resolution=rows), 80, False)
    assert "\nfirst-call resolution, by the source's own word, by call\n" in shown
    assert "customer known for" not in shown


def test_days_cut_off_with_a_name_stand_below() -> None:
    gold = replace(made.FCR, where={"tier": ("platinum and gold",)})
    judged = made.judged(gold, 19_870, 17_724, "kept", 238, days="17 to 19 Aug")
    lines = terminal.show(replace(made.tuesday(), promises=(judged,)), 80, False).split("\n")
    assert lines[2] == "KEPT  Platinum and gold FC…  89.2 % of 19,870   reached 2013: 88 %  238 to spare"
    assert lines[3] == "        settled days: 17 to 19 Aug"


def test_a_report_without_promises_waits_or_moments() -> None:
    unknown = made.calls(10, 8, 0, 0, 0, 0, 0) | dict.fromkeys(("service_level", "mean_wait_s", "formulas"))
    report = replace(made.nothing(), promises=(), total=(unknown,), first_call_resolution=())
    rows = ({**unknown, "start": "2013-08-20T09:00:00"},)
    shown = terminal.show(replace(report, intervals=rows), 80, False)
    assert "10 offered: 10 answered, 0 abandoned\nall_offered, wait <= 20 s, late redirects count\n" in shown
    assert "█" not in shown
    assert "no moment in the\ndata" in shown


def test_rendering_is_loaded_without_rich() -> None:
    code = "import sys; import cc_metrics.render, cc_metrics.render.terminal, cc_metrics.render.notebook"
    code += "; print([m for m in sys.modules if m.split('.')[0] in {'rich', 'pandas', 'duckdb'}])"
    path = Path(terminal.__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=path, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_chinese_is_wrapped_between_characters_and_nothing_is_lost() -> None:
    sentence = (
        "数据自 2013年8月12日 至 2013年8月20日，截至（全部来电）：读入 18,904行 = <script>alert(1)</script>；完。"
    )
    for width in range(26, 60):
        lines = grid.wrapped(sentence, width)
        assert "".join(lines).replace(" ", "") == sentence.replace(" ", "")
        assert all(cell_len(line) <= width for line in lines)
        assert not any(line.startswith(("，", "。", "：", "）")) or line.endswith("（") for line in lines)
        assert any("2013年8月20日" in line for line in lines)
    assert grid.wrapped("一二三四五", 4) == ["一二", "三四", "五"]
    assert grid.wrapped("名 " + "x" * 9, 4) == ["名", "xxxx", "xxxx", "x"]
