"""What happens to those who run reports unattended: signals, damage, exports that are not finished, closed days."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cc_metrics import reporting
from cc_metrics.store import output
from cli_fixture import refused
from run_fixture import CONFIG, DAY, contents, export, logged, made, morning

ROOT = Path(__file__).parent.parent
DATA = 3
POLICY = 'name = "ours"\nclosed = ["2013-08-20"]\n'
CASES = """\
[report.morning]
cases = ["cases.csv"]
tz = "Asia/Shanghai"
policy = "policy.toml"
outputs = ["out/report-{date}.json"]
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no polite kill here")
def test_a_polite_kill_is_logged_and_touches_nothing(tmp_path):
    """It comes before the engine has begun, here while the policy is read."""
    config = made(tmp_path, "2013-08-19", DAY)
    assert morning(config, day="2013-08-19").code == 0
    before = contents(tmp_path / "out")
    waiting = (
        "import time\nfrom cc_metrics import policy\npolicy.load = lambda _: (print(flush=True), time.sleep(60))\n"
    )
    program = f"{waiting}from cc_metrics_cli import __main__\n__main__.run()\n"
    command = [sys.executable, "-c", program, "run", "morning", "--config", str(config), "--date", DAY]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}/analytics:{ROOT}/cli"}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path
    ) as going:
        assert going.stdout is not None
        going.stdout.readline()
        going.send_signal(signal.SIGTERM)
        told = going.communicate(timeout=50)[1]
    assert (going.returncode, told) == (130, b"cc-metrics: interrupted\n")
    assert (logged(tmp_path)[-1]["outcome"], logged(tmp_path)[-1]["exit"]) == ("interrupted", 130)
    assert contents(tmp_path / "out") == before


@pytest.mark.parametrize(
    "spoil", [lambda b: b[:-9], lambda _: b"", lambda b: b.replace(b"carry-over/1", b"carry-over/9")]
)
def test_damaged_calls_of_earlier_days_stop_no_report(tmp_path, spoil):
    config = made(tmp_path, "2013-08-19", DAY)
    assert morning(config, day="2013-08-19").code == 0
    path = tmp_path / "history/morning/carry.parquet"
    path.write_bytes(spoil(path.read_bytes()))
    ran = morning(config)
    assert ran.code == 0
    assert "carry_over" in ran.err
    told = [w["text"] for w in json.loads((tmp_path / f"out/report-{DAY}.json").read_text())["warnings"]]
    assert any("The calls kept of earlier days are left out: this file" in text for text in told)
    assert "carry_over" not in morning(config).err  # it was written anew


def test_a_damaged_secret_stops_no_report(tmp_path):
    config = made(tmp_path, "2013-08-19", DAY)
    assert morning(config, day="2013-08-19").code == 0
    (tmp_path / "history/morning/secret").write_bytes(b"short")
    assert "carry_over" in morning(config).err
    assert "carry_over" not in morning(config).err
    assert len((tmp_path / "history/morning/secret").read_bytes()) == 32


def test_what_killed_runs_left_in_the_history_is_taken_away(tmp_path):
    config = made(tmp_path, DAY)
    assert morning(config).code == 0
    folder = tmp_path / "history/morning"
    left = [folder / f".{name}.abcdefgh" for name in ("carry.parquet", "secret", "sent.jsonl")]
    for path in left:
        path.touch()
    assert morning(config).code == 0
    assert not any(path.exists() for path in left)


def test_the_folder_is_told_of_a_new_name(tmp_path, monkeypatch):
    """A name that is lost in a power cut would be that of the old file."""
    synced = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (synced.append(os.fstat(handle).st_ino), real(handle)))
    output.write_text(tmp_path / "x", "new")
    assert synced == [(tmp_path / "x").stat().st_ino, tmp_path.stat().st_ino]


def test_an_export_that_grows_while_it_is_read_is_refused(tmp_path, monkeypatch):
    config = made(tmp_path, DAY)
    path = tmp_path / f"exports/calls-{DAY}.csv"
    real = reporting.build

    def build(*args):
        with path.open("a") as file:
            file.write(f"late,{DAY} 23:59:00,answered,1000,1000,vip,sales,k\n")
        return real(*args)

    monkeypatch.setattr(reporting, "build", build)
    assert f"calls-{DAY}.csv: this export changed while it was read" in refused(morning(config), DATA)
    assert not (tmp_path / "out").exists()
    assert logged(tmp_path)[-1]["outputs"] == []  # what was not written is not named
    monkeypatch.undo()
    assert morning(config).code == 0


def test_a_closed_day_of_a_week_needs_no_file(tmp_path):
    days = [f"2013-08-{n}" for n in range(19, 26)]
    (tmp_path / "policy.toml").write_text(POLICY)
    config = made(tmp_path, *days, config=CONFIG + 'policy = "policy.toml"\n')
    (tmp_path / "exports/calls-2013-08-20.csv").unlink()
    assert morning(config, day="2013-W34").code == 0
    (report,) = json.loads((tmp_path / "out/report-2013-W34.json").read_text())["calls"]
    assert report["offered"] == 6 * 48
    export(tmp_path / "exports", "2013-08-20", 5)  # who worked nevertheless is counted
    assert morning(config, day="2013-W34").code == 0
    (report,) = json.loads((tmp_path / "out/report-2013-W34.json").read_text())["calls"]
    assert report["offered"] == 6 * 48 + 5
    (tmp_path / "exports/calls-2013-08-21.csv").unlink()
    assert "calls-2013-08-21.csv: no such file" in refused(morning(config, day="2013-W34"), DATA)


@pytest.mark.parametrize(("last", "day", "code"), [("21", DAY, 0), ("19", DAY, 0), ("19", "2013-08-21", DATA)])
def test_cases_that_end_too_early_are_refused(tmp_path, last, day, code):
    """The 20th is closed: cases up to the 19th are all that can be had of it."""
    (tmp_path / "policy.toml").write_text(POLICY)
    (tmp_path / "cases.csv").write_text(
        f"case_id,opened_at,resolved_at\nc1,2013-08-12 09:00:00,2013-08-{last} 00:00:00\n"
    )
    config = made(tmp_path, config=CASES)
    ran = morning(config, day=day)
    assert ran.code == code, ran.err
    if code:
        assert "the cases end on 19 Aug 2013; an export up to Wed 21 Aug 2013 was expected" in ran.err
        assert not (tmp_path / "out").exists()
