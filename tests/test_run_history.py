"""The days that runs keep: which, of what, and what a report is told of them."""

from datetime import date
from pathlib import Path

import pytest

from cc_metrics import reporting
from cc_metrics.policy import load
from cc_metrics.store.open import Reading, open_sources
from cc_metrics.unattended.history import History
from cli_fixture import refused
from run_fixture import CONFIG, DAY, HEADER, contents, export, made, morning, weeks

ALL = CONFIG.replace("calls-{date}.csv", "calls-*.csv")


def stems(folder):
    return sorted(path.stem for path in (folder / "history/morning/days").iterdir())


def opened(path, zone="Asia/Shanghai"):
    return open_sources([Path(path)], Reading(None, zone, load("default"), (), "1GB", None, lines=False))


def calls_of(folder, day, zone="Asia/Shanghai"):
    with_day = opened(folder / f"history/morning/days/{day}.parquet", zone)
    try:
        return [(found.day, found.rows) for found in with_day.days()]
    finally:
        with_day.close()


@pytest.fixture
def background(monkeypatch):
    """What each report was told beside its data: days and their calls."""
    seen = []
    real = reporting.build

    def build(given, policy, request, beside=(), known=None):
        earlier = known.earlier if known else None
        seen.append([(found.day.isoformat(), found.rows) for found in earlier.days()] if earlier else [])
        return real(given, policy, request, beside, known)

    monkeypatch.setattr(reporting, "build", build)
    return seen


def test_a_report_is_told_of_the_days_before(tmp_path, background):
    config = made(tmp_path, "2013-08-18", DAY, "2013-08-21")
    export(tmp_path / "exports", "2013-08-19", 40)
    for day in ("2013-08-18", "2013-08-19", "2013-08-21", DAY):
        assert morning(config, day=day).code == 0
    assert background[0] == []
    assert background[1] == [("2013-08-18", 48)]
    assert background[3] == [("2013-08-18", 48), ("2013-08-19", 40)]  # neither its own day nor the one after


def test_days_that_the_data_hold_are_left_out(tmp_path, background):
    config = made(tmp_path, "2013-08-18", "2013-08-19", DAY, config=ALL)
    assert morning(config).code == 0
    assert stems(tmp_path) == ["2013-08-18", "2013-08-19", DAY]
    assert calls_of(tmp_path, "2013-08-19") == [(date(2013, 8, 19), 48)]
    (tmp_path / "exports/calls-2013-08-18.csv").unlink()
    assert morning(config).code == 0
    assert background == [[], [("2013-08-18", 48)]]


def test_four_hundred_days_are_enough(tmp_path, background):
    far, near = "2012-07-15", "2012-07-16"  # 401 and 400 days before
    config = made(tmp_path, far, near, DAY)
    for day in (far, near, DAY):
        assert morning(config, day=day).code == 0
    assert background[2] == [(near, 48)]


def test_a_day_is_replaced_by_a_fuller_one_and_by_its_own_run(tmp_path):
    config = made(tmp_path, "2013-08-19", DAY, config=ALL)
    assert morning(config).code == 0
    export(tmp_path / "exports", "2013-08-19", 47)
    assert morning(config).code == 0
    assert calls_of(tmp_path, "2013-08-19")[0][1] == 48  # less of it than was known
    export(tmp_path / "exports", "2013-08-19", 49)
    assert morning(config).code == 0
    assert calls_of(tmp_path, "2013-08-19")[0][1] == 49
    export(tmp_path / "exports", "2013-08-19", 30)
    assert morning(config, day="2013-08-19").code == 0
    assert calls_of(tmp_path, "2013-08-19")[0][1] == 30  # the judged day is what its export says


def test_a_day_is_cut_at_midnight_of_the_reporting_zone(tmp_path):
    """Berlin leaves summer time on 27 October 2013: a day of 25 hours, its last call just before midnight."""
    text = ALL.replace("Asia/Shanghai", "Europe/Berlin")
    config = made(tmp_path, "2013-10-26", "2013-10-27", config=text)
    extra = "x1,2013-10-27T00:00:00+02:00,answered,1000,1000,vip,sales,k\n"  # the first moment of the 27th
    extra += "x2,2013-10-27T23:59:59+01:00,answered,1000,1000,vip,sales,k\n"
    extra += "x3,2013-10-26T23:59:59+02:00,answered,1000,1000,vip,sales,k\n"
    (tmp_path / "exports/calls-more.csv").write_text(HEADER + extra)
    assert morning(config, day="2013-10-27").code == 0
    assert calls_of(tmp_path, "2013-10-26", "Europe/Berlin") == [(date(2013, 10, 26), 49)]
    assert calls_of(tmp_path, "2013-10-27", "Europe/Berlin") == [(date(2013, 10, 27), 50)]


def test_a_summary_says_nothing_of_the_rows_of_other_days(tmp_path):
    config = made(tmp_path, "2013-08-19", DAY, config=ALL)
    assert morning(config).code == 0
    found = opened(tmp_path / f"history/morning/days/{DAY}.parquet")
    assert (found.account.read, found.account.accepted) == (48, 48)
    found.close()


def test_files_of_another_name_are_no_days(tmp_path):
    folder = tmp_path / "days"
    folder.mkdir()
    for name in ("2013-08-20.parquet", "2013-99-99.parquet", ".2013-08-20.parquet.abcdefgh", "notes.txt"):
        (folder / name).touch()
    assert list(History(tmp_path).days()) == [date(2013, 8, 20)]


def test_a_history_of_other_times_is_left_out_and_said(tmp_path):
    config = made(tmp_path, "2013-08-19", DAY, config=CONFIG.replace('tz = "Asia/Shanghai"\n', ""))
    assert morning(config, day="2013-08-19").code == 0
    config.write_text(CONFIG)
    before = contents(tmp_path / "history/morning/days")
    ran = morning(config)
    assert ran.code == 0
    assert "history_unreadable" in ran.err
    assert "carry_over" in ran.err
    assert before.items() <= contents(tmp_path / "history/morning/days").items()


def test_weeks_are_those_before():
    assert weeks(DAY, 2) == ["2013-08-06", "2013-08-13"]


def test_a_quiet_evening_is_no_cut_export_where_other_evenings_are_as_quiet(tmp_path):
    """The last call is at 20:30; by itself a day may be silent for two hours or as long as it opens silently."""
    (tmp_path / "policy.toml").write_text('name = "ours"\n[first_call_resolution]\nwindow = "24 hours"\n')
    text = CONFIG.replace("tz =", 'policy = "policy.toml"\ntz =')
    config = made(tmp_path, "2013-08-18", config=text)
    for day in ("2013-08-19", DAY):
        export(tmp_path / "exports", day, 48, hours=21)
    assert morning(config, day="2013-08-18").code == 0
    sentence = refused(morning(config, day="2013-08-19"), 3)  # the evening before was not quiet
    assert "data end 20:30" in sentence
    config.write_text(text.replace("calls-{date}", "calls-*"))
    assert morning(config, day="2013-08-19").code == 0  # as the hint says: the calls of the next day prove it
    config.write_text(text)
    assert morning(config).code == 0  # an evening like that one
