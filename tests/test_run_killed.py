"""A run that is killed at any write leaves each file as it was or as it is to be, and the next run succeeds."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cc_metrics.delivery import sent
from run_fixture import CONFIG, DAY, export, made, morning

MAIL = '[mail]\nserver = "localhost"\nsecurity = "none"\nfrom = "m@example.com"\n'
ROOT = Path(__file__).parent.parent

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be copied here")


@pytest.fixture(scope="module")
def kills(tmp_path_factory):
    """What each kill left: first the undisturbed run, then every kill, then the run that no kill met."""
    folder = tmp_path_factory.mktemp("killed")
    before = folder / "before"
    before.mkdir()
    config = made(
        before,
        "2013-08-19",
        DAY,
        config=CONFIG.replace('"out/{name}.parquet"', '"out/{name}.parquet", "out/now.html", "out/now.eml"'),
    )
    assert morning(config, day="2013-08-19").code == 0
    export(before / "exports", DAY, 40)
    assert morning(config).code == 0  # what the run to be killed replaces: all of its files differ
    export(before / "exports", DAY, 48)
    sent.add(before / "history/morning/sent.jsonl", "earlier", ["boss@example.com"], datetime.now(UTC))
    config.write_text(f'{config.read_text()}to = ["boss@example.com"]\n{MAIL}')
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}/analytics:{ROOT}/cli"}
    command = [sys.executable, str(ROOT / "tests/killed_runs.py"), str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_undisturbed_run_changes_every_result(kills):
    first, *_, last = kills
    assert (first["code"], last["code"]) == (0, 0)
    changed = {path for path in first["new"] if first["old"].get(path) != first["new"][path]}
    days, carried = f"history/morning/days/{DAY}.parquet", "history/morning/carry.parquet"
    written = {f"out/report-{DAY}.json", "out/morning.parquet", "out/now.html", "out/now.eml"}
    assert changed == {*written, days, carried, "history/morning/sent.jsonl"}
    assert last["then"] == first["new"]


def test_every_kind_of_write_was_met(kills):
    met = {kill["at"] for kill in kills[1:-1]}
    assert {
        "before replace",
        "after replace",
        "before fsync",
        "within write",
        "within write_bytes",
        "within write_table",
        "before append",
    } <= met
    assert len(kills) > 20


def test_a_kill_leaves_the_old_or_the_new_file(kills):
    old, new = kills[0]["old"], kills[0]["new"]
    for kill in kills[1:-1]:
        whole = {path: found for path, found in kill["after"].items() if not Path(path).name.startswith(".")}
        assert whole.keys() == old.keys(), kill["at"]
        assert all(found in (old[path], new[path]) for path, found in whole.items()), kill["at"]


def test_the_next_run_makes_what_an_undisturbed_one_makes(kills):
    for kill in kills[1:-1]:
        assert kill["again"] == 0, kill["at"]
        assert kill["then"] == kills[0]["new"], kill["at"]  # with nothing left over either


def test_the_log_keeps_every_line_that_was_whole(kills):
    for kill in kills[1:-1]:
        assert kill["log"][:2] == ["done", "done"], kill["at"]
        assert kill["log_then"] == [*kill["log"], "done"], kill["at"]
