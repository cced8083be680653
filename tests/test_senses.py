"""Sense checks: each on the row that tips it, on its negative twin, and on real files that must stay quiet."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow.csv as csv
import pyarrow.parquet as pq
import pytest

import cc_metrics as cc
from cc_metrics import reporting
from cc_metrics.model.durations import MINUTE
from cc_metrics.model.promise import Policy
from cc_metrics.policy import load
from cc_metrics.reporting.senses import CHECKS, times
from cc_metrics.reporting.senses.names import alike
from cli_fixture import run

SHARED = Path(__file__).parents[2] / "shared" / "data"
START = datetime.fromisoformat("2026-03-02 08:00:07")
HEADER = "call_id,offered_at,outcome,wait_ms,talk_ms,customer_id,queue\n"


def line(
    number: int,
    offered: datetime,
    wait: int | str = 12_000,
    talk: int = 60_000,
    customer: str = "",
    queue: str = "Sales",
    outcome: str = "answered",
) -> str:
    return f"{number},{offered.isoformat(' ')},{outcome},{wait},{talk},{customer or f'c{number}'},{queue}\n"


def day(rows: int, every: int = 97) -> list[datetime]:
    """Moments of a day, some seconds apart, so that no minute is whole."""
    return [START + timedelta(seconds=every * n) for n in range(rows)]


def found(folder: Path, lines: Sequence[str], policy: Policy | None = None) -> dict[str, str]:
    file = folder / "calls.csv"
    file.write_text(HEADER + "".join(lines), "utf-8")
    opened = cc.read_calls(file, max_rejected=1).open(policy or Policy("check"))
    return {caution.code: caution.text for caution in reporting.warnings(opened)}


def test_ordinary_calls_are_not_remarked_on(tmp_path: Path) -> None:
    assert not CHECKS.keys() & found(tmp_path, [line(n, at) for n, at in enumerate(day(400))]).keys()


def test_no_call_at_all_is_no_finding(tmp_path: Path) -> None:
    assert not CHECKS.keys() & found(tmp_path, [line(1, START, outcome="gone")]).keys()


@pytest.mark.parametrize(("wait", "told"), [(3_600_000, False), (3_600_500, True), (20_000_000, True)])
def test_half_of_the_waits_over_an_hour_look_like_another_unit(tmp_path: Path, wait: int, told: bool) -> None:
    lines = [line(n, at, wait if n % 2 == 0 else 5_000) for n, at in enumerate(day(99))]  # 50 of 99 are long
    assert ("wait_unit" in found(tmp_path, lines)) is told


def test_half_of_the_waits_exactly_is_the_shorter_half(tmp_path: Path) -> None:
    lines = [line(n, at, 20_000_000 if n % 2 else 5_000) for n, at in enumerate(day(100))]
    assert "wait_unit" not in found(tmp_path, lines)


@pytest.mark.parametrize(("waited", "told"), [(19, False), (20, True)])
def test_seconds_read_as_milliseconds(tmp_path: Path, waited: int, told: bool) -> None:
    """Of every hundred so many waited, each for less than a second; at a fifth it is told."""
    lines = [line(n, at, 45 if n % 100 < waited else 0) for n, at in enumerate(day(300))]
    assert ("wait_unit" in found(tmp_path, lines)) is told


def test_a_wait_of_a_second_is_no_fraction(tmp_path: Path) -> None:
    lines = [line(n, at, 1_000 if n % 50 == 0 else 999) for n, at in enumerate(day(300))]  # 2 % waited a second
    assert "wait_unit" not in found(tmp_path, lines)
    lines = [line(n, at, 1_000 if n % 100 == 0 else 999) for n, at in enumerate(day(300))]
    assert "297 of the 300 callers" in found(tmp_path, lines)["wait_unit"]


def test_fifty_calls_are_needed(tmp_path: Path) -> None:
    assert "wait_unit" not in found(tmp_path, [line(n, at, 20_000_000) for n, at in enumerate(day(49))])
    assert "wait_unit" in found(tmp_path, [line(n, at, 20_000_000) for n, at in enumerate(day(50))])


@pytest.mark.parametrize(
    ("talk", "told"), [(18_000_000, False), (18_000_001, True), (999, True), (1_000, False), (0, False)]
)
def test_talks_in_another_unit(tmp_path: Path, talk: int, told: bool) -> None:
    """Nobody's talk of 0 is no unit: the source does not record it so."""
    assert ("talk_unit" in found(tmp_path, [line(n, at, talk=talk) for n, at in enumerate(day(60))])) is told


@pytest.mark.parametrize(("short", "told"), [(10, False), (11, True)])
def test_services_under_ten_seconds(tmp_path: Path, short: int, told: bool) -> None:
    """Of 200 answered calls, one in twenty is not told; 10 s is not under 10 s."""
    lines = [line(n, at, talk=9_999 if n < short else 10_000) for n, at in enumerate(day(200))]
    lines += [line(900 + n, START, talk=0, outcome="abandoned") for n in range(50)]
    assert ("short_services" in found(tmp_path, lines)) is told


@pytest.mark.parametrize(("second", "unit"), [(0, "minute"), (1, None)])
def test_times_on_whole_minutes(tmp_path: Path, second: int, unit: str | None) -> None:
    moments = [START.replace(second=0) + timedelta(minutes=7 * n) for n in range(60)]
    moments[31] += timedelta(seconds=second)  # one call with seconds is enough
    told = found(tmp_path, [line(n, at) for n, at in enumerate(moments)]).get("whole_minutes")
    assert (told is None) is (unit is None)
    assert unit is None or f"on a whole {unit}" in str(told)


def test_times_on_whole_hours(tmp_path: Path) -> None:
    moments = [START.replace(minute=0, second=0) + timedelta(hours=n % 9) for n in range(60)]
    assert "on a whole hour" in found(tmp_path, [line(n, at) for n, at in enumerate(moments)])["whole_minutes"]


def test_day_and_month_swapped(tmp_path: Path) -> None:
    days = [START.replace(day=d) for d in range(1, 29)]
    swapped = [at if at.day > 12 else at.replace(month=at.day, day=3) for at in days]
    lines = [line(100 * n + m, at + timedelta(minutes=m)) for n, at in enumerate(swapped) for m in range(5)]
    told = found(tmp_path, lines)
    assert "55 calls dated the 1st to the 12th" in told["swapped_dates"]
    lines = [line(100 * n + m, at + timedelta(minutes=m)) for n, at in enumerate(days) for m in range(5)]
    assert "swapped_dates" not in found(tmp_path, lines)


def test_the_last_day_is_cut_short(tmp_path: Path) -> None:
    whole = [START.replace(hour=0) + timedelta(minutes=30 * n) for n in range(144)]  # three days to 23:30
    lines = [line(n, at) for n, at in enumerate(whole)]
    assert "day_cut_short" not in found(tmp_path, lines)
    told = found(tmp_path, lines[:-20])  # the last day ends at 13:30
    assert "end at 2026-03-04 13:30" in told["day_cut_short"]


@pytest.mark.parametrize(("back", "told"), [(9, False), (10, True), (57, True), (180, True), (181, False)])
def test_a_clock_that_goes_back(tmp_path: Path, back: int, told: bool) -> None:
    """By minutes: less than ten is jitter, more than three hours another list."""
    moments = [START + timedelta(minutes=n) for n in range(400)]
    moments += [moments[-1] + timedelta(minutes=n - back) for n in range(400)]
    caution = found(tmp_path, [line(n, at) for n, at in enumerate(moments)]).get("clock_back")
    assert (caution is not None) is told
    assert caution is None or "after 2026-03-02 14:39:07" in caution


def test_lists_one_below_the_other_are_no_clock(tmp_path: Path) -> None:
    """Queues listed one after another, newest first, or in no order at all: nothing goes back."""
    moments = [START + timedelta(minutes=n) for n in range(300)]
    for order in (moments * 3, moments[::-1], sorted(moments, key=lambda at: at.minute * 37 % 60)):
        assert "clock_back" not in found(tmp_path, [line(n, at) for n, at in enumerate(order)])


def test_a_step_in_large_blocks_is_seen_once() -> None:
    blocks = [(n * 10 * MINUTE, (n * 10 + 9) * MINUTE) for n in range(60)]
    after = [(n * 10 * MINUTE, (n * 10 + 9) * MINUTE) for n in range(56, 120)]
    inside = (566 * MINUTE, 608 * MINUTE)  # the block in which it goes back from 10:08 to 9:26
    assert times.steps_back([*blocks, inside, *after]) == [(599 * MINUTE, 33 * MINUTE)]
    assert times.steps_back([*blocks, *after]) == [(599 * MINUTE, 39 * MINUTE)]
    assert times.steps_back(blocks) == []


@pytest.mark.parametrize(("calls", "told"), [(50, False), (51, True)])
def test_one_customer_behind_many_calls(tmp_path: Path, calls: int, told: bool) -> None:
    """Of 2,500 calls, 50 are 2 %; the number is not told."""
    lines = [line(n, at, customer="13900001234" if n < calls else "") for n, at in enumerate(day(2_500, 31))]
    caution = found(tmp_path, lines).get("frequent_customer")
    assert (caution is not None) is told
    assert caution is None or ("51 of 2,500 calls (2.0 %)" in caution and "1234" not in caution)


def test_a_busy_customer_of_a_small_file_is_none(tmp_path: Path) -> None:
    lines = [line(n, at, customer="x" if n < 49 else "") for n, at in enumerate(day(500))]
    assert "frequent_customer" not in found(tmp_path, lines)


def test_the_sample_of_a_large_file_finds_the_customer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cc_metrics.reporting.senses.keys.SAMPLE", 500)
    lines = [line(n, at, customer="x" if n % 30 == 0 else "") for n, at in enumerate(day(3_000, 27))]
    assert "100 of 3,000 calls" in found(tmp_path, lines)["frequent_customer"]


def test_the_sample_of_large_tables_finds_the_customer_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cc_metrics.reporting.senses.keys.SAMPLE", 500)
    for name, numbers in (("a", range(2_000)), ("b", range(2_000, 3_000))):
        rows = [line(n, START + timedelta(seconds=27 * n), customer="x" if n % 30 == 0 else "") for n in numbers]
        text = tmp_path / f"{name}.csv"
        text.write_text(HEADER + "".join(rows), "utf-8")
        pq.write_table(csv.read_csv(text), tmp_path / f"{name}.parquet")
        text.unlink()
    opened = cc.read_calls(tmp_path).open(Policy("check"))
    told = {caution.code: caution.text for caution in reporting.warnings(opened)}
    assert "100 of 3,000 calls" in told["frequent_customer"]


def test_no_customer_at_all_is_nobody(tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    rows = (line(n, at).rsplit(",", 2)[0] + "\n" for n, at in enumerate(day(300)))
    file.write_text("call_id,offered_at,outcome,wait_ms,talk_ms\n" + "".join(rows), "utf-8")
    codes = {caution.code for caution in reporting.warnings(cc.read_calls(file).open(Policy("check")))}
    assert not CHECKS.keys() & codes


def test_names_that_read_the_same(tmp_path: Path) -> None:
    queues = ["Sales", "Sales", "SALES", "ＳＡＬＥＳ", "Service", "宽带"]
    lines = [line(n, at, queue=queues[n % 6]) for n, at in enumerate(day(60))]
    caution = found(tmp_path, lines)["alike_names"]
    assert "'Sales' (20) and 'SALES' (10) and 'ＳＡＬＥＳ' (10)" in caution
    assert "Service" not in caution
    assert alike({"a b": 1, "A  b": 3, "ab": 1}) == [[("A  b", 3), ("a b", 1)]]


def test_a_hostile_name_is_data(tmp_path: Path) -> None:
    name = "[red]x[/red]" + "y" * 300
    lines = [line(n, at, queue=name if n % 2 else name.upper()) for n, at in enumerate(day(60))]
    (tmp_path / "hostile.csv").write_text(HEADER + "".join(lines), "utf-8")
    said = run("check", tmp_path / "hostile.csv")
    printed = said.out.replace("\n", "").replace(" ", "")
    assert "[red]x[/red]" in printed
    assert "y" * 60 not in printed


OPEN = """
name = "open"
open = "Mon-Fri 08:00-18:00"
timezone = "Asia/Shanghai"
"""


@pytest.mark.parametrize(("hours", "told"), [(0, None), (8, "8 h earlier"), (-8, "8 h later")])
def test_a_zone_that_is_hours_off(tmp_path: Path, hours: int, told: str | None) -> None:
    file = tmp_path / "open.toml"
    file.write_text(OPEN, "utf-8")
    moments = [START + timedelta(days=d, minutes=n, hours=hours) for d in range(5) for n in range(0, 590, 5)]
    caution = found(tmp_path, [line(n, at) for n, at in enumerate(moments)], load(str(file))).get("zone_off")
    assert (caution is None) is (told is None)
    assert told is None or told in str(caution)


def test_stragglers_and_night_lines_have_no_zone_off(tmp_path: Path) -> None:
    """A tenth outside is not told; nor are calls all round the clock, which no other clock brings inside."""
    file = tmp_path / "open.toml"
    file.write_text(OPEN, "utf-8")
    moments = [START + timedelta(minutes=n) for n in range(90)] + [START + timedelta(hours=11)] * 10
    assert "zone_off" not in found(tmp_path, [line(n, at) for n, at in enumerate(moments)], load(str(file)))
    assert "zone_off" in found(
        tmp_path, [line(n, at + timedelta(hours=10)) for n, at in enumerate(moments[:90])], load(str(file))
    )
    everywhere = [START + timedelta(minutes=13 * n) for n in range(500)]
    assert "zone_off" not in found(tmp_path, [line(n, at) for n, at in enumerate(everywhere)], load(str(file)))


@pytest.mark.parametrize(
    ("file", "mapping", "tz", "codes"),
    [
        ("anonymous-bank/january.txt", "anonymous-bank", None, {"short_services"}),  # 5.6 %, as the paper tells
    ],
)
def test_real_files_are_quiet(file: str, mapping: str, tz: str | None, codes: set[str]) -> None:
    if not (SHARED / file).exists():
        pytest.skip(f"../shared/data/{file} is not there")
    opened = cc.read_calls(SHARED / file, mapping=mapping, tz=tz).open(Policy("check"))
    assert {caution.code for caution in reporting.warnings(opened)} & CHECKS.keys() == codes
