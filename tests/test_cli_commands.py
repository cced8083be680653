"""check, policy and mappings: what they print, what they write, what they refuse."""

import csv
from pathlib import Path

import pytest

from cc_metrics import policy as policies
from cc_metrics.store import mapping_file
from cli_fixture import CALLS, HOTLINE, Ran, refused, run


def rows(ran: Ran) -> dict[str, str]:
    """Labels and their texts, wrapped lines joined."""
    found: dict[str, str] = {}
    label = ""
    for line in ran.out.splitlines():
        begun, _, text = ("", "", line) if line.startswith(" ") else line.partition("  ")
        label = begun or label
        found[label] = f"{found.get(label, '')} {text.strip()}".strip()
    return found


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    path = tmp_path / "calls.csv"
    path.write_text(CALLS)
    return path


def test_check_tells_where_every_row_and_column_went(calls):
    lines = CALLS.splitlines()
    lines = [f"{line},{extra}" for line, extra in zip(lines, ["mood", *"abcdefgh"], strict=True)]
    calls.write_text("\n".join([*lines, lines[1]]) + "\n")
    ran = run("check", calls)
    assert (ran.code, ran.err) == (0, "")
    assert rows(ran) == {
        "format": "canonical columns",
        "table": "calls",
        "files": f"1: {calls}",
        "read": "9 rows",
        "accepted": "8",
        "ignored": "1 (1 duplicate)",
        "rejected": "0",
        "period": "20 Aug 2013 09:00:00 to 21 Aug 2013 23:10:00 (times as written, no zone named)",
        "waits": "recorded",
        "used": "call_id; offered_at; outcome; wait_ms; talk_ms; tier; queue; customer_id",
        "left over": "mood",
        "call_id": "2                     3                     4                     5                     6",
        "offered_at": "20 Aug 2013 09:10:00  20 Aug 2013 09:20:00  20 Aug 2013 09:40:00  "
        "20 Aug 2013 10:05:00  20 Aug 2013 10:20:00",
        "outcome": "answered              answered              abandoned             abandoned             redirected",
        "wait_ms": "20 s                  30 s                  3 s                   25 s                  40 s",
        "talk_ms": "60 s                  60 s                  -                     -                     -",
        "tier": "vip                   vip                   ordinary              ordinary              ordinary",
        "queue": "sales                 billing               sales                 billing               billing",
        "customer_id": "...                   ...                   ...                   ...                   ...",
    }


def test_a_mapping_is_guessed_from_standard_input_too(calls):
    ran = run("mappings", "init", "-", stdin=b"Call ID,Start,Result\n1,2026-03-02 09:00:00,answered\n")
    assert ran.code == 0, ran.err
    assert "rows of standard input" in ran.out or "row of standard input" in ran.out
    assert 'offered_at = "Start"' in ran.out


def test_a_file_is_read_rather_than_asked_whether_it_can_be(calls, monkeypatch):
    """What cannot be read is wrong data, exit 3, as everywhere; not wrong usage."""
    monkeypatch.setattr("os.access", lambda *_, **__: False)
    assert run("mappings", "init", calls).code == 0


def test_an_empty_list_is_told_as_what_it_is(tmp_path):
    (tmp_path / "empty.json").write_text("[]")
    assert "empty.json: holds no records" in refused(run("report", tmp_path / "empty.json"), 3)


SAMPLES = Path(__file__).parent / "samples"


def test_check_needs_no_zone_and_says_that_a_report_does():
    """Moments in UTC: what a file holds is told without knowing where the days are cut."""
    file = SAMPLES / "zendesk-talk" / "calls.csv"
    found = rows(run("check", file))
    assert found["format"].startswith("zendesk-talk: ")
    assert found["period"] == "2 Mar 2026 08:00:25 to 2 Mar 2026 08:13:00 (UTC; a report needs a zone: --tz)"
    assert rows(run("check", file, "--tz", "UTC"))["period"].endswith("(UTC)")
    assert "no reporting zone is named" in run("report", file).err


def test_check_shows_calls_folded_from_a_log_as_calls():
    found = rows(run("check", SAMPLES / "queue-log" / "queue_log.txt", "--tz", "UTC"))
    assert found["offered_at"].startswith("2 Mar 2026 09:00:00")
    assert found["wait_ms"].split()[:2] == ["20", "s"]


def test_check_of_the_hotline_balances():
    found = rows(run("check", HOTLINE, "--tz", "Asia/Shanghai"))
    assert (found["read"], found["accepted"]) == ("18,904 rows", "18,897")
    assert found["ignored"] == "2 (2 duplicate)"
    assert found["rejected"].startswith("5 (2 too few fields")
    assert found["files"].startswith("9: ")


def test_check_with_a_mapping_says_what_is_made_of_what(tmp_path):
    path, mapping = tmp_path / "calls.csv", tmp_path / "mine.toml"
    path.write_text("nr;day;clock;how;q;left\nx;20.08.2013;09:00:00;A;0;1\ny;20.08.2013;09:00:00;GHOST;0;1\n")
    mapping.write_text(
        'name = "mine"\ntimezone = "Asia/Shanghai"\n[[ignore]]\nname = "ghosts"\nwhen = { how = "GHOST" }\n'
        '[calls]\ncall_id = { join = ["day", "nr"] }\noutcome = { column = "how", values = { A = "answered" } }\n'
        'offered_at = { date = "day", clock = "clock", format = "%d.%m.%Y %H:%M:%S" }\n'
        'wait_ms = { column = "q", unit = "s" }\n'
    )
    found = rows(run("check", path, "--mapping", mapping))
    assert found["ignored"] == "1 (1 ghosts)"
    assert found["period"] == "20 Aug 2013 09:00:00 to 20 Aug 2013 09:00:00 (Asia/Shanghai)"
    assert found["used"] == (
        "nr -> call_id; day -> call_id + offered_at; clock -> offered_at; how -> outcome + ignored as ghosts; "
        "q -> wait_ms"
    )
    assert found["left over"] == "left"


def test_check_keeps_the_rejected_rows_and_fails_when_there_are_too_many(calls, tmp_path):
    calls.write_text(CALLS + "9,2013-08-20 09:00:00,answered,-1,1,vip,sales,k1\n")
    ran = run("check", calls, "--rejected", tmp_path / "r.csv")
    assert ran.code == 3
    assert rows(ran)["rejected"] == "1 (1 wait_ms is negative)"
    assert "1 of 9 rows were rejected (11.1 %, at most 1 % are allowed)" in ran.err
    [row] = csv.DictReader((tmp_path / "r.csv").read_text().splitlines())
    assert (row["line"], row["reason"]) == ("10", "wait_ms is negative")
    assert run("check", calls, "--max-rejected", "12 %").code == 0


def test_check_of_a_summary_and_of_standard_input(calls, tmp_path):
    assert run("report", calls, "--output", tmp_path / "s.parquet").code == 0
    found = rows(run("check", tmp_path / "s.parquet"))
    assert (found["accepted"], found["columns"]) == ("8", "a summary: its calls were read before")
    assert rows(run("check", "-", stdin=CALLS.encode()))["files"] == "1: standard input"


def test_policies_are_listed_and_shown_as_they_are():
    found = rows(run("policy", "list"))
    assert list(found) == policies.presets()
    assert found["default"].startswith("Service level 80 % in 20 seconds")
    for name in policies.presets():
        assert run("policy", "show", name).out == policies.preset_text(name)


def test_policy_show_of_a_file(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("nonsense [red]é[/red]", "utf-8")
    assert run("policy", "show", path).out == "nonsense [red]é[/red]"
    path.write_bytes(b"\xff\xfe\xfd")
    assert "the file is not UTF-8" in refused(run("policy", "show", path), 2)
    assert "cannot be read: No such file" in refused(run("policy", "show", tmp_path / "no.toml"), 2)
    assert "did you mean 'default'?" in refused(run("policy", "show", "defalt"), 2)


def test_policy_init_writes_a_valid_policy_and_writes_over_nothing(tmp_path):
    path = tmp_path / "mine.toml"
    assert run("policy", "init").out == policies.template()
    ran = run("policy", "init", path)
    assert (ran.code, ran.out, ran.err) == (0, "", f"cc-metrics: wrote {path}\n")
    assert path.read_text() == policies.template()
    path.write_text("mine")
    assert "it is there already\n  hint: --force writes over it" in refused(run("policy", "init", path), 2)
    assert path.read_text() == "mine"
    assert run("policy", "init", path, "--force").code == 0
    assert path.read_text() == policies.template()
    assert "ends in .toml" in refused(run("policy", "init", tmp_path / "mine"), 2)
    assert "cannot be written" in refused(run("policy", "init", tmp_path / "no" / "mine.toml"), 4)


def test_policy_validate_tells_every_problem_with_its_place(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(
        'name = "m"\nwithn = "20 s"\n[[promise]]\nname = "p"\nmeasure = "service_level"\ntarget = "900 %"\n'
    )
    ran = run("policy", "validate", path)
    assert (ran.code, ran.out) == (2, "")
    assert f"cc-metrics: {path}, line 2: 'withn' is not a key here\n  hint: did you mean 'within'?" in ran.err
    assert f'cc-metrics: {path}, line 6: [[promise]] 1 "p": target:' in ran.err
    assert run("policy", "validate", "default").out == "valid: default, 1 promise\n"
    assert run("policy", "validate", "liaoning-unicom-2013").out.endswith(", 16 promises\n")
    assert "cannot be read" in refused(run("policy", "validate", tmp_path / "no.toml"), 2)


def test_mappings_are_listed_and_shown_as_they_are():
    assert list(rows(run("mappings", "list"))) == mapping_file.names()
    for name in mapping_file.names():
        assert run("mappings", "show", name).out == mapping_file.text(name)
    assert "did you mean 'anonymous-bank'?" in refused(run("mappings", "show", "anonymous-bnk"), 2)
