"""The sample generator: the same seed gives the same files, and what is in them behaves like a hotline."""

import csv
import os
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from cc_metrics.sample.__main__ import main
from cc_metrics.sample.benchmark import write_benchmark
from cc_metrics.sample.callers import Call, tier_of
from cc_metrics.sample.files import CHINESE_COLUMNS, COLUMNS, DAMAGED, HOTLINE, SEED, write_samples
from cc_metrics.sample.floor import simulate
from cc_metrics.sample.hotline import DAY, HOUR, QUEUES, REASONS, RING_MS, activity

COMMITTED = Path(__file__).parent.parent / "sample_data"
BAD_FILE, LAST_FILE = "hotline/calls-2013-08-15.csv", "hotline/calls-2013-08-20.csv"


@pytest.fixture(scope="module")
def calls() -> list[Call]:
    return simulate(HOTLINE, SEED)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    write_samples(folder)
    return folder


def level(calls: list[Call], within_ms: int = 20_000) -> float:
    owed = [call for call in calls if call.outcome != "redirected" or call.wait_ms > within_ms]
    return sum(call.outcome == "answered" and call.wait_ms <= within_ms for call in owed) / len(owed)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- the files ---


def test_the_same_seed_gives_the_same_bytes(written: Path, tmp_path: Path) -> None:
    for path in write_samples(tmp_path):
        assert path.read_bytes() == (written / path.relative_to(tmp_path)).read_bytes(), path.name


def test_another_seed_gives_other_calls(written: Path, tmp_path: Path) -> None:
    main([str(tmp_path), "--seed", "1"])
    assert (tmp_path / LAST_FILE).read_bytes() != (written / LAST_FILE).read_bytes()


def test_the_committed_files_are_what_the_generator_writes(written: Path) -> None:
    for path in (path for path in written.rglob("*.*")):
        committed = COMMITTED / path.relative_to(written)
        if path.suffix == ".parquet":  # its bytes name the version of PyArrow
            assert pq.read_table(committed).equals(pq.read_table(path))
        else:
            assert committed.read_bytes() == path.read_bytes(), f"python -m cc_metrics.sample sample_data: {path.name}"


def test_there_are_nine_days_and_all_files_are_small(written: Path) -> None:
    assert len(list((written / "hotline").iterdir())) == 9
    assert sum(path.stat().st_size for path in written.rglob("*.*")) < 3_000_000


def test_an_export_has_a_few_malformed_lines_and_no_other(written: Path) -> None:
    refused = []
    for path in sorted((written / "hotline").iterdir()):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert lines[0] == ",".join(COLUMNS)
        for line in lines[1:]:
            values = line.split(",")
            if len(values) != len(COLUMNS) or not values[0] or ":61:" in values[1] or values[3].startswith("-"):
                refused.append((path.name, line))
    assert {name for name, _ in refused} == {"calls-2013-08-15.csv"}
    assert len(refused) == sum(kind != "duplicate" for kind in DAMAGED.values()) == 5
    assert len(refused) / len(rows_of(written / BAD_FILE)) < 0.01


def test_two_rows_stand_there_twice(written: Path) -> None:
    lines = Counter((written / BAD_FILE).read_text(encoding="utf-8").splitlines())
    assert sum(number == 2 for number in lines.values()) == 2
    assert max(lines.values()) == 2


def test_ids_are_unique_but_for_the_duplicates(written: Path) -> None:
    ids = Counter(row["call_id"] for path in (written / "hotline").iterdir() for row in rows_of(path) if row["call_id"])
    assert sum(number > 1 for number in ids.values()) == 2


def test_the_parquet_day_equals_the_csv_day(written: Path) -> None:
    table = pq.read_table(written / "parquet/calls-2013-08-20.parquet")
    assert table.schema.field("offered_at").type.tz == "Asia/Shanghai"
    rows = rows_of(written / LAST_FILE)
    assert table.column_names == list(COLUMNS)
    assert table["call_id"].to_pylist() == [row["call_id"] for row in rows]
    assert table["wait_ms"].to_pylist() == [int(row["wait_ms"]) for row in rows]
    moments = [datetime.fromisoformat(row["offered_at"]) for row in rows]
    assert [moment.timestamp() for moment in table["offered_at"].to_pylist()] == [at.timestamp() for at in moments]
    assert [{None: "", True: "true", False: "false"}[value] for value in table["resolved"].to_pylist()] == [
        row["resolved"] for row in rows
    ]


def test_the_chinese_day_says_the_same_as_the_simulation(written: Path, calls: list[Call]) -> None:
    content = (written / "gb18030/calls-2013-08-21.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")
    lines = content.decode("gb18030").split("\r\n")
    assert lines[0] == ",".join(CHINESE_COLUMNS)
    rows = [dict(zip(CHINESE_COLUMNS, line.split(","), strict=True)) for line in lines[1:-1]]
    day = [call for call in calls if call.offered_ms // DAY == 9]
    assert len(rows) == len(day)
    for row, call in zip(rows, day, strict=True):
        assert row["呼叫结果"] == {"answered": "应答", "abandoned": "放弃", "redirected": "溢出"}[call.outcome]
        assert (int(row["排队时长"]) <= 20) == (call.wait_ms <= 20_000)
        assert datetime.strptime(row["排队开始时间"] + "+0800", "%Y/%m/%d %H:%M:%S%z") == HOTLINE.clock(call.offered_ms)
        if call.outcome == "answered":
            hours, minutes, seconds = map(int, row["通话时长"].split(":"))
            talked = timedelta(milliseconds=(call.talk_ms or 0) + (call.hold_ms or 0))
            assert (
                timedelta(0) <= timedelta(hours=hours, minutes=minutes, seconds=seconds) - talked < timedelta(seconds=1)
            )


# --- the simulation ---


def test_every_call_ends_after_it_began(calls: list[Call]) -> None:
    assert all(call.outcome in {"answered", "abandoned", "redirected"} for call in calls)
    assert all(call.wait_ms >= 0 and call.end_ms >= call.offered_ms for call in calls)
    assert all((call.outcome == "answered") == (call.talk_ms is not None) == (call.agent is not None) for call in calls)
    assert all(earlier.offered_ms <= later.offered_ms for earlier, later in pairwise(calls))


def test_the_counts_are_those_of_a_hotline(calls: list[Call]) -> None:
    outcomes = Counter(call.outcome for call in calls)
    assert 20_000 < len(calls) < 23_000
    assert 0.03 < outcomes["abandoned"] / len(calls) < 0.07
    assert 0 < outcomes["redirected"] / len(calls) < 0.02
    redirected = [call.wait_ms for call in calls if call.outcome == "redirected"]
    assert min(redirected) < 20_000 < max(redirected)
    assert {call.reason.queue for call in calls} == set(QUEUES)
    assert len(QUEUES) == 6
    assert {call.reason for call in calls} == set(REASONS)
    assert {call.tier for call in calls} == {"VIP", "金卡", "普通", None}
    assert sum(call.tier is None for call in calls) / len(calls) < 0.05


def test_the_levels_are_near_their_promises(calls: list[Call]) -> None:
    assert level(calls) == pytest.approx(0.82, abs=0.03)
    assert level([call for call in calls if call.tier in {"VIP", "金卡"}]) == pytest.approx(0.90, abs=0.03)
    days = [level([call for call in calls if call.offered_ms // DAY == day]) for day in range(HOTLINE.days)]
    assert max(days) - min(days) > 0.1


def test_the_bad_half_hour_is_far_worse_than_its_like(calls: list[Call]) -> None:
    assert HOTLINE.bad_span is not None
    begin, end = HOTLINE.bad_span
    bad = level([call for call in calls if begin <= call.offered_ms < end])
    likes = [call for call in calls if begin % DAY <= call.offered_ms % DAY < end % DAY or call.offered_ms < begin]
    assert bad < 0.5 < level(likes) - 0.2


def test_who_comes_first_is_served_first_within_a_tier(calls: list[Call]) -> None:
    for ordinary in (True, False):
        tier = [call for call in calls if (tier_of(call.customer) == "普通") is ordinary and call.outcome == "answered"]
        answered = [call.offered_ms + call.wait_ms for call in tier]
        ringing = RING_MS[1] - RING_MS[0]
        latest = 0
        for moment in answered:
            assert moment >= latest - ringing
            latest = max(latest, moment)


def test_no_agent_talks_to_two_at_once(calls: list[Call]) -> None:
    by_agent: dict[str, list[Call]] = {}
    for call in calls:
        if call.agent:
            by_agent.setdefault(call.agent, []).append(call)
    for agent, own in by_agent.items():
        own.sort(key=lambda call: call.offered_ms + call.wait_ms)
        for before, after in pairwise(own):
            assert before.end_ms + (before.wrap_ms or 0) <= after.offered_ms + after.wait_ms, agent


def test_abandoning_depends_on_the_wait(calls: list[Call]) -> None:
    def share(shortest_s: int, longest_s: int) -> float:
        """Of those who still waited at one moment, who gave up before the other."""
        still = [call for call in calls if call.wait_ms >= shortest_s * 1000]
        gone = sum(call.outcome == "abandoned" and call.wait_ms < longest_s * 1000 for call in still)
        return gone / len(still)

    assert share(0, 20) < share(20, 60) < share(60, 120)


def test_legs_follow_within_five_seconds_in_another_queue(calls: list[Call]) -> None:
    by_customer: dict[int, list[Call]] = {}
    for call in calls:
        by_customer.setdefault(call.customer, []).append(call)
    transferred = [call for call in calls if call.transferred and call.end_ms < HOTLINE.end_ms - 5_000]
    assert len(transferred) > 500
    for call in transferred:
        legs = [leg for leg in by_customer[call.customer] if leg.is_leg and 0 <= leg.offered_ms - call.end_ms <= 5_000]
        assert len(legs) == 1
        assert legs[0].reason.queue != call.reason.queue


@pytest.mark.parametrize(("days", "lowest", "highest"), [(1, 0.85, 0.93), (7, 0.78, 0.88)])
def test_first_call_resolution_is_plausible(calls: list[Call], days: int, lowest: float, highest: float) -> None:
    by_customer: dict[int, list[Call]] = {}
    for call in calls:
        if call.number is not None:
            by_customer.setdefault(call.number, []).append(call)
    repeated = []
    for own in by_customer.values():
        for call, following in zip(own, [*own[1:], None], strict=True):
            if call.outcome == "answered" and not call.transferred and call.end_ms + days * DAY <= HOTLINE.end_ms:
                repeated.append(following is not None and following.offered_ms <= call.end_ms + days * DAY)
    assert lowest < 1 - sum(repeated) / len(repeated) < highest


def test_there_are_two_peaks() -> None:
    by_hour = [activity(hour * HOUR + HOUR // 2) for hour in range(24)]
    assert by_hour[10] > by_hour[9] > by_hour[12] < by_hour[20]
    assert max(by_hour[:6]) < 0.1


# --- benchmark files ---


@pytest.mark.parametrize(("calls", "suffix", "id_length"), [(12_000, ".parquet", 32), (700, ".csv", 10)])
def test_a_benchmark_file_has_its_calls_days_and_ids(tmp_path: Path, calls: int, suffix: str, id_length: int) -> None:
    path = tmp_path / f"calls{suffix}"
    main(["--calls", str(calls), "--days", "2", "--id-length", str(id_length), str(path)])
    rows = duckdb.sql(f"SELECT * FROM '{path}'")
    number, ids, shortest, longest = rows.aggregate(
        "count(*), count(DISTINCT call_id), min(length(call_id::VARCHAR)), max(length(call_id::VARCHAR))"
    ).fetchall()[0]
    assert (number, ids) == (calls, calls)
    assert longest == id_length
    assert shortest == id_length or suffix == ".csv"  # sniffed as numbers
    moments = rows.aggregate("min(epoch_ms(offered_at)), max(epoch_ms(offered_at))").fetchall()[0]
    start_ms = int(datetime.fromisoformat("2013-08-01T00:00:00+08:00").timestamp() * 1000)
    assert start_ms <= moments[0] < moments[1] < start_ms + 2 * DAY
    shares = rows.aggregate(f"(epoch_ms(offered_at) - {start_ms}) // {DAY} AS day, count(*) / {calls} AS share", "1")
    assert all(0.3 < share < 0.7 for _, share in shares.fetchall())


def test_benchmark_copies_differ_in_customers_but_keep_repeats(tmp_path: Path) -> None:
    few = duckdb.read_parquet(str(write_benchmark(tmp_path / "few.parquet", 4_000, 2, 10, 1)))
    many = duckdb.read_parquet(str(write_benchmark(tmp_path / "many.parquet", 40_000, 2, 10, 1)))
    shares = [
        table.aggregate("count(DISTINCT customer_id) / count(customer_id)").fetchall()[0][0] for table in (few, many)
    ]
    assert shares[0] == pytest.approx(shares[1], abs=0.02)


def test_benchmark_legs_follow_within_five_seconds(tmp_path: Path) -> None:
    path = write_benchmark(tmp_path / "calls.parquet", 60_000, 1, 10, 1)
    gaps = duckdb.sql(f"""
        SELECT lead(epoch_ms(offered_at)) OVER own - (epoch_ms(offered_at) + wait_ms + talk_ms + hold_ms) AS gap
        FROM '{path}' WINDOW own AS (PARTITION BY customer_id ORDER BY offered_at) QUALIFY transferred
    """).fetchall()
    joined = sum(gap is not None and abs(gap) <= 5_000 for (gap,) in gaps)
    assert joined / len(gaps) > 0.95  # the others: withheld numbers, and legs that fell over the end of the days


def test_a_benchmark_is_the_same_every_time(tmp_path: Path) -> None:
    first, second = (write_benchmark(tmp_path / f"{name}.csv", 3_000, 3, 32, 7).read_bytes() for name in ("a", "b"))
    assert first == second


def test_wrong_arguments_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--calls", "10", str(tmp_path / "calls.xlsx")])
    assert ".parquet or .csv" in capsys.readouterr().err


def test_importing_the_package_loads_nothing_heavy() -> None:
    heavy = "{'duckdb', 'numpy', 'pandas', 'pyarrow'}"
    code = f"import sys, cc_metrics.sample.__main__; print(*({heavy} & set(sys.modules)))"
    here = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=here)
    assert ran.stdout.strip() == ""
