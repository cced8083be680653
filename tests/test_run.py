"""cc-metrics run: what it writes and keeps, and what it refuses loudly."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cc_metrics.reporting import named_days
from cc_metrics.unattended import lock, log, mailing
from cli_fixture import refused, run
from run_fixture import CONFIG, DAY, HEADER, contents, export, logged, made, morning, weeks

ROOT = Path(__file__).parent.parent
DATA, ENGINE = 3, 4


def test_a_run_writes_keeps_and_logs(tmp_path):
    config = made(tmp_path, DAY)
    ran = morning(config)
    assert (ran.code, ran.out) == (0, "")
    out = tmp_path / "out"
    assert ran.err.startswith(f"cc-metrics: morning {DAY}: wrote {out}/report-{DAY}.json, {out}/morning.parquet")
    assert ran.err.count("\n") == 1
    report = json.loads((out / f"report-{DAY}.json").read_text())
    assert report["calls"][0]["offered"] == 48
    (line,) = logged(tmp_path)
    assert line["outcome"] == "done"
    assert (line["exit"], line["period"], line["read"], line["calls"]) == (0, DAY, 48, 48)
    assert [Path(p).name for p in line["files"]] == [f"calls-{DAY}.csv"]
    assert [Path(p).name for p in line["outputs"]] == [f"report-{DAY}.json", "morning.parquet"]
    assert [p.name for p in (tmp_path / "history/morning/days").iterdir()] == [f"{DAY}.parquet"]


def test_a_second_run_gives_the_same_bytes(tmp_path):
    config = made(tmp_path, "2013-08-19", DAY)
    assert morning(config, day="2013-08-19").code == 0
    assert morning(config).code == 0
    before = contents(tmp_path)
    assert morning(config).code == 0
    assert contents(tmp_path) == before
    assert len(logged(tmp_path)) == 3


def test_yesterday_is_that_of_the_reporting_zone(tmp_path, monkeypatch):
    monkeypatch.setattr(named_days, "now", lambda: datetime(2013, 8, 20, 16, 0, tzinfo=UTC))  # the 21st in Shanghai
    assert run("run", "morning", "--config", made(tmp_path, DAY)).code == 0
    assert (tmp_path / f"out/report-{DAY}.json").exists()


def test_a_week_reads_the_export_of_each_day(tmp_path):
    days = [f"2013-08-{n}" for n in range(19, 26)]
    config = made(tmp_path, *days)
    assert morning(config, day="2013-W34").code == 0
    assert (tmp_path / "out/report-2013-W34.json").exists()
    assert [p.stem for p in sorted((tmp_path / "history/morning/days").iterdir())] == days
    (tmp_path / "exports/calls-2013-08-22.csv").unlink()
    assert "calls-2013-08-22.csv: no such file" in refused(morning(config, day="2013-W34"), DATA)


def _none(folder):
    (folder / f"exports/calls-{DAY}.csv").unlink()


def _empty(folder):
    (folder / f"exports/calls-{DAY}.csv").write_text("")


def _header(folder):
    (folder / f"exports/calls-{DAY}.csv").write_text(HEADER)


def _other_day(folder):
    export(folder / "exports", "2013-08-19").rename(folder / f"exports/calls-{DAY}.csv")


def _cut(folder):
    export(folder / "exports", DAY, 24, hours=14)


def _few(folder):
    export(folder / "exports", DAY, 23)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (_none, "no such file"),
        (_empty, "is empty"),
        (_header, "only a header"),
        (_other_day, "no call on Tue 20 Aug 2013"),
        (_cut, "data end 13:30; the export of all of Tue 20 Aug 2013  00:00-24:00 was expected"),
        (_few, "23 calls on Tue 20 Aug 2013 are fewer than 50% of 48, the fewest of the last 3 days named Tuesday"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_touched(tmp_path, spoil, sentence):
    before = weeks(DAY, 3)
    config = made(tmp_path, *before, DAY)
    for day in before:
        assert morning(config, day=day).code == 0
    spoil(tmp_path)
    untouched = contents(tmp_path)
    assert sentence in refused(morning(config), DATA)
    assert contents(tmp_path) == untouched
    assert (logged(tmp_path)[-1]["outcome"], logged(tmp_path)[-1]["exit"]) == ("failed", DATA)
    assert sentence in logged(tmp_path)[-1]["error"]


@pytest.mark.parametrize(("calls", "known", "code"), [(24, 3, 0), (23, 3, DATA), (23, 2, 0), (23, 8, DATA)])
def test_half_of_the_fewest_is_just_enough(tmp_path, calls, known, code):
    before = weeks(DAY, known)
    config = made(tmp_path, *before)
    export(tmp_path / "exports", DAY, calls)
    for day in before:
        assert morning(config, day=day).code == 0
    assert morning(config).code == code


def test_only_the_last_eight_of_the_same_weekday_count(tmp_path):
    before = weeks(DAY, 9)
    config = made(tmp_path, *before[1:], config=CONFIG)
    export(tmp_path / "exports", before[0], 30)  # the ninth, of which half would be 15
    export(tmp_path / "exports", DAY, 23)
    for day in before:
        assert morning(config, day=day).code == 0, day
    assert "of 48, the fewest of the last 8 days" in morning(config).err


@pytest.mark.parametrize("left", [None, HEADER])
def test_a_closed_day_needs_no_calls(tmp_path, left):
    (tmp_path / "policy.toml").write_text('name = "ours"\nclosed = ["2013-08-20"]\n')
    config = made(tmp_path, config=CONFIG + 'policy = "policy.toml"\n')
    (tmp_path / "exports").mkdir()
    if left is not None:
        (tmp_path / f"exports/calls-{DAY}.csv").write_text(left)
    ran = morning(config)
    assert (ran.code, ran.err) == (0, f"cc-metrics: morning: closed on {DAY}, nothing to report\n")
    assert not (tmp_path / "out").exists()
    assert logged(tmp_path)[-1]["outcome"] == "closed"
    assert "no such file" in refused(morning(config, day="2013-08-21"), DATA)


def test_a_weekday_that_never_has_calls_is_closed(tmp_path):
    config = made(tmp_path, *weeks(DAY, 4))
    for day in weeks(DAY, 4):
        assert morning(config, day=day).code == 0
    assert "closed on 2013-08-26" in morning(config, day="2013-08-26").err
    assert "no such file" in refused(morning(config, day="2013-08-19"), DATA)  # 27 days of Tuesdays are too few
    assert "no such file" in refused(morning(config, day="2013-08-27"), DATA)


def test_a_damaged_day_of_the_history_stops_nothing(tmp_path):
    config = made(tmp_path, "2013-08-18", "2013-08-19", DAY)
    for day in ("2013-08-18", "2013-08-19"):
        assert morning(config, day=day).code == 0
    path = tmp_path / "history/morning/days/2013-08-19.parquet"
    path.write_bytes(path.read_bytes()[:-9])
    ran = morning(config)
    assert ran.code == 0
    assert "history_unreadable" in ran.err
    told = [w["text"] for w in json.loads((tmp_path / f"out/report-{DAY}.json").read_text())["warnings"]]
    assert any("2013-08-19" in text for text in told)


def test_two_runs_do_not_meet(tmp_path):
    config = made(tmp_path, DAY)
    with lock.held(tmp_path / "history/morning/.lock", "morning", "2013-08-21T06:00:00+00:00"):
        said = refused(morning(config), ENGINE)
    assert "another run of 'morning' has been going since 2013-08-21T06:00:00+00:00" in said
    assert not (tmp_path / "out").exists()
    assert logged(tmp_path)[-1]["exit"] == ENGINE
    assert morning(config).code == 0


def test_a_line_that_was_cut_short_harms_no_other(tmp_path):
    config = made(tmp_path, DAY)
    assert morning(config).code == 0
    path = tmp_path / "history/morning/runs.jsonl"
    path.write_bytes(path.read_bytes() + b'{"when": "20')
    assert morning(config).code == 0
    assert path.read_bytes().count(b"\n") == 3
    assert [entry["outcome"] for entry in log.entries(path)] == ["done", "done"]


def test_missed_promises_fail_where_that_is_asked(tmp_path):
    text = CONFIG + 'fail_on = "missed"\npolicy = "policy.toml"\n'
    promise = '[[promise]]\nname = "fast"\nmeasure = "service_level"\nwithin = "1 second"\ntarget = "90 %"\n'
    (tmp_path / "policy.toml").write_text(f'name = "ours"\n{promise}')
    ran = morning(made(tmp_path, DAY, config=text))
    assert ran.code == 1, ran.err
    assert (tmp_path / f"out/report-{DAY}.json").exists()
    assert logged(tmp_path)[-1]["outcome"] == "missed"


MAIL = '[mail]\nserver = "smtp.example.com"\nfrom = "m@example.com"\non_failure = ["ops@example.com"]\n'


def test_a_failure_is_mailed(tmp_path, monkeypatch):
    sent = []
    monkeypatch.setattr(mailing, "send_failure", lambda mail, *told: sent.append((mail.on_failure, *told)))
    refused(morning(made(tmp_path, config=CONFIG + MAIL)), DATA)
    ((to, name, text, period),) = sent
    assert (to, name, period) == (("ops@example.com",), "morning", DAY)
    assert "no such file" in text


def test_a_failure_whose_mail_fails_too_says_both(tmp_path, monkeypatch):
    def fail(*_):
        raise OSError("refused")

    monkeypatch.setattr(mailing, "send_failure", fail)
    ran = morning(made(tmp_path, config=CONFIG + MAIL))
    assert ran.code == DATA
    assert "the e-mail about this failure could not be sent: refused" in ran.err
    assert "no such file" in ran.err


def test_as_a_timer_runs_it(tmp_path):
    """No terminal, no standard input, no language, from the root of the file system."""
    config = made(tmp_path, DAY)
    environment = {"PATH": os.environ["PATH"], "LANG": "C", "PYTHONPATH": f"{ROOT}/analytics:{ROOT}/cli"}
    command = [sys.executable, "-m", "cc_metrics_cli", "run", "morning", "--config", str(config), "--date", DAY]
    done = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" <&-', "sh", *command], cwd="/", env=environment, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, b""), done.stderr
    assert done.stderr.count(b"\n") == 1
    assert (tmp_path / f"out/report-{DAY}.json").exists()
