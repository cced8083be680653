"""The command as a shell sees it: help, completion, colours, pipes, hostile names, signals, start-up."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from cc_metrics import policy as policies
from cc_metrics.model.intervals import EVERY
from cc_metrics.model.promise import FORMULAS
from cc_metrics.store import mapping_file
from cc_metrics.store.engine import Engine
from cc_metrics.version import VERSION
from cc_metrics_cli import main, say
from cc_metrics_cli.interruption import interruptible
from cli_fixture import CALLS, run

ROOT = Path(__file__).parent.parent
COMMANDS = [
    [],
    ["report"],
    ["reconcile"],
    ["check"],
    ["explain"],
    ["send"],
    ["policy"],
    *(["policy", name] for name in ("list", "show", "init", "validate")),
    ["mappings"],
    *(["mappings", name] for name in ("list", "show")),
]


def shell(*arguments: object, **options: object) -> "subprocess.Popen[bytes]":
    """Start `python -m cc_metrics_cli ARGUMENTS` as a process of its own."""
    path = os.pathsep.join(str(ROOT / part) for part in ("analytics", "cli"))
    environment = {**os.environ, "PYTHONPATH": path, **options.pop("env", {})}  # type: ignore[dict-item]
    command = [sys.executable, "-m", "cc_metrics_cli", *map(str, arguments)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
    return subprocess.Popen(command, env=environment, **{**pipes, **options})  # type: ignore[call-overload,no-any-return]


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    path = tmp_path / "calls.csv"
    path.write_text(CALLS)
    return path


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_help_has_an_example(command):
    ran = run(*command, "--help")
    assert ran.code == 0
    assert "Example: cc-metrics" in ran.out
    assert run(*command, "-h").out == ran.out


def test_the_help_of_report_lists_what_the_library_knows():
    said = run("report", "--help").out
    assert "|".join(EVERY) in said
    for panel in ("What is counted", "Period and zone", "What is shown and written", "Limits"):
        assert panel in said


def test_version():
    assert run("--version").out == f"cc-metrics {VERSION}\n"


def complete(words: str) -> list[str]:
    """What bash is offered after these words."""
    count = len(words.split()) - (0 if words.endswith(" ") else 1)
    env = {"_CC_METRICS_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(count)}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in env.items():
            patch.setenv(name, value)
        return run().out.split()


def test_completion(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").touch()
    (tmp_path / "folder").mkdir()
    assert sorted(complete("cc-metrics re")) == ["reconcile", "report"]
    assert complete("cc-metrics report --policy ") == [*policies.presets(), "mine.toml"]
    assert complete("cc-metrics report --policy f") == ["folder/"]
    assert complete("cc-metrics report --policy no/such") == []
    assert complete("cc-metrics report --mapping anon") == ["anonymous-bank"]
    assert complete("cc-metrics report --formula ") == list(FORMULAS)
    assert complete("cc-metrics report --every 1") == [e for e in EVERY if e.startswith("1")]
    assert complete("cc-metrics report --show ") == ["table", "json", "csv", "markdown"]
    assert complete("cc-metrics report --by tier,qu") == ["tier,queue"]
    assert complete("cc-metrics report --by tier,own") == ["tier,owner"]
    assert complete("cc-metrics policy show def") == ["default"]
    assert complete("cc-metrics mappings show ") == [*mapping_file.names(), "mine.toml"]
    assert complete("cc-metrics explain first") == ["first_call_resolution"]


def test_colours_only_on_a_terminal_and_only_where_wanted(calls, monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert "\x1b[" not in run("report", calls).out
    coloured = run("report", calls, terminal=True).out
    assert "\x1b[1;31mMISSED\x1b[0m" in coloured
    monkeypatch.setenv("NO_COLOR", "1")
    assert run("report", calls, terminal=True).out == run("report", calls).out
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b[" not in run("report", calls, terminal=True).out


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_the_report_is_as_wide_as_it_may_be(calls, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = run("report", calls, "--by", "tier,queue").out.splitlines()
    assert max(map(len, lines)) <= max(columns, 62)  # figures are never cut


def test_names_and_values_that_look_like_markup_stay_as_they_are(tmp_path, monkeypatch):
    path = tmp_path / "[red]x [bold].csv"
    path.write_text(CALLS.replace("vip", "[red]vip[/red]").replace("sales", "[link=http://x]sales"))
    monkeypatch.setenv("COLUMNS", "300")
    ran = run("report", path, "--by", "tier", "--by", "queue")
    assert ran.code == 0
    assert "[red]vip[/red]" in ran.out
    assert "[link=http://x]sales" in ran.out
    assert "[red]x [bold].csv" in run("check", path).out
    assert "no call has tier '[red]x[/red]'" in run("report", path, "--where", "tier=[red]x[/red]").err
    assert "[red]a[/red].csv: no such file" in run("report", "[red]a[/red].csv").err


def test_what_would_steer_a_terminal_is_made_visible(tmp_path):
    ran = run("report", tmp_path / "a\x1b[31m\u202eb.csv")
    assert "\x1b" not in ran.err
    assert "\u202e" not in ran.err
    assert "a\ufffd[31m\ufffdb.csv: no such file" in ran.err


def test_a_large_input_shows_its_progress_on_a_terminal_only(calls, monkeypatch):
    monkeypatch.setattr(say, "_LARGE", 1)
    assert run("report", calls).err == ""
    ran = run("report", calls, terminal=True)
    assert "reading 0.0 GB from 1 file" in ran.err
    assert "reading" not in ran.out


def test_standard_input_that_is_a_terminal(monkeypatch):
    monkeypatch.setattr("cli_fixture.Stream.terminal", True)
    assert "nothing is piped in" in run("report", "-").err


def test_the_library_is_loaded_by_the_command_that_needs_it():
    code = (
        "import sys, cc_metrics_cli; cc_metrics_cli.main(['--version']); "
        "print([m for m in ('duckdb', 'pandas', 'pyarrow', 'numpy', 'rich') if m in sys.modules])"
    )
    path = os.pathsep.join(str(ROOT / part) for part in ("analytics", "cli"))
    ran = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": path}, capture_output=True, check=True
    )
    assert ran.stdout.decode().splitlines() == [f"cc-metrics {VERSION}", "[]"]


def test_pipes_in_and_out_of_a_process(tmp_path):
    with shell("report", "-", "--show", "json", "--spill", tmp_path, stdin=subprocess.PIPE) as process:
        out, err = process.communicate(CALLS.encode())
    assert process.returncode == 0
    assert json.loads(out)["calls"][0]["offered"] == 8
    assert err.decode().startswith("cc-metrics: 8 rows read from 1 file")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("options", [[], ["--show", "json"]])
def test_nobody_reading_on_is_no_error(calls, options):
    with shell("report", calls, *options, "--every", "15m", "--by", "queue") as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        said = process.stderr.read().decode()
    assert (process.returncode, "Traceback" in said, "BrokenPipe" in said) == (0, False, False)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_standard_output_on_a_full_disk(calls):
    with Path("/dev/full").open("wb") as full, shell("report", calls, stdout=full) as process:
        _, err = process.communicate()
    assert process.returncode == 4
    assert err.decode().startswith("cc-metrics: standard output: cannot be written: No space left on device\n  hint: ")


def test_streams_that_are_closed(calls, monkeypatch):
    for name in ("stdout", "stderr", "stdin"):
        monkeypatch.setattr(sys, name, None)
    assert main(["report", str(calls)]) == 0
    assert main(["report", "-"]) == 2


def test_a_locale_without_chinese_breaks_nothing(calls):
    calls.write_text(CALLS.replace("vip", "金卡"), "utf-8")
    with shell("report", calls, "--by", "tier", env={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}) as process:
        out, _ = process.communicate()
    assert process.returncode == 0
    assert "金卡" in out.decode("utf-8")


def test_an_error_of_a_process():
    with shell("report", "none.csv") as process:
        out, err = process.communicate()
    assert (process.returncode, out) == (3, b"")
    assert err.decode().startswith("cc-metrics: none.csv: no such file\n  hint: ")


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_run_and_leaves_nothing(tmp_path, number):
    """A pipe that nobody writes to makes the run long; its copy goes."""
    with shell("report", "-", "--spill", tmp_path, stdin=subprocess.PIPE) as process:
        deadline = time.monotonic() + 30
        while not any(tmp_path.iterdir()) and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(number)
        process.wait(30)
        assert process.stderr
        assert process.stderr.read() == b"cc-metrics: interrupted\n"
    assert process.returncode == 130
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_signal_stops_the_engine_in_the_middle_of_a_statement():
    endless = "SELECT sum(hash(a.range + b.range)) FROM range(10000000) a, range(10000000) b"
    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    with pytest.raises(KeyboardInterrupt), interruptible():  # noqa: PT012 - the timer is what raises
        timer.start()
        Engine().rows(endless)
    assert signal.set_wakeup_fd(-1) == -1
