"""Summaries of days merged into a month: equal to the month's calls in all that adds up; what is refused, by name."""

import json
import tempfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cc_metrics as cc
import reference as ref
from cc_metrics.errors import DataError, UsageError
from cc_metrics.model.promise import Policy, ServiceTerms
from cc_metrics.version import VERSION
from made import (
    H,
    S,
    assert_equal,
    by_group,
    call,
    dimensions,
    figures,
    grouped,
    plain,
    recorded,
    tables,
    utc,
    within,
    write_csv,
)


def summaries(folder, rows, zone, *, by=()):
    """One file of calls and one summary for each local day, and a file of all calls."""
    days = grouped([dict(row, channel=None) for row in rows], (), "1d", zone)
    names = [key[0] for key in sorted(days)]
    paths = []
    for name in names:
        part = [row for row in rows if ref.bucket(row["offered_ms"], "1d", zone)[0] == name]
        calls = cc.read_calls(write_csv(folder / f"calls-{name}.csv", part, zone), tz=zone)
        paths.append(folder / f"{name}.parquet")
        cc.report(calls, by=by).save(paths[-1])
    return write_csv(folder / "month.csv", rows, zone), paths


@within(6)
@given(table=tables(least=1, most=30), every=st.sampled_from(("30m", "1d", "1w", "1mo", "all")))
def test_days_merged_are_the_month(table, every):
    by = ("tier", "reason")
    policy = Policy("other", service=ServiceTerms(5 * S, "<", "exclude_abandons_within", 1 * S, "out"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        month, paths = summaries(folder, table.rows, table.zone, by=("reason",))
        from_calls = cc.report(cc.read_calls(month, tz=table.zone), by=by, every=every, policy=policy).report
        merged = cc.report(cc.merge(paths), by=by, every=every, policy=policy).report
        assert merged.calls == from_calls.calls
        assert merged.total == from_calls.total
        assert merged.intervals == from_calls.intervals
        assert merged.head == from_calls.head
        assert merged.reasons == from_calls.reasons
        assert (merged.waits, merged.heatmap, merged.days) == (from_calls.waits, from_calls.heatmap, from_calls.days)
        flags = [row for row in from_calls.first_call_resolution if row["basis"] == "flag"]
        assert list(merged.first_call_resolution) == flags
        assert merged.accounting.balanced
        assert merged.accounting.read == len(table.rows)
        assert "no_repeats" in {caution.code for caution in merged.warnings}
        terms = {"within_ms": 5 * S, "short_ms": 1 * S, "edge": "<", "redirected": "out"}
        expected = {
            group: figures(rows, **terms, formula="exclude_abandons_within", waits=recorded(table.rows))
            for group, rows in grouped(table.rows, by, every, table.zone).items()
        }
        assert_equal(expected, by_group(merged.calls, every, dimensions(table.rows, by)), "merged")


@pytest.fixture(name="folder")
def _folder(tmp_path):
    """Two days of Shanghai, as files of calls and as summaries."""
    days = {
        "20": [
            call("a", "2013-08-20T00:10:00+08:00", wait=20 * S, talk=60 * S, tier="VIP", queue="q", reason="bill"),
            call("b", "2013-08-20T09:40:00+08:00", wait=21 * S, talk=30 * S, agent_id="7", customer_id="A"),
            call("c", "2013-08-20T23:50:00+08:00", "abandoned", wait=4 * S, talk=None),
        ],
        "21": [
            call("d", "2013-08-21T00:00:00+08:00", wait=0, talk=5 * S, tier="gold"),
            call("e", "2013-08-21T22:30:00+08:00", "redirected", wait=25 * S, talk=None),
        ],
    }
    for name, rows in days.items():
        path = write_csv(tmp_path / f"{name}.csv", rows, "Asia/Shanghai")
        cc.report(cc.read_calls(path, tz="Asia/Shanghai")).save(tmp_path / f"{name}.parquet")
    return tmp_path


def test_one_summary_serves_every_zone(folder):
    paths = [folder / "20.parquet", folder / "21.parquet"]
    local = plain(cc.service_level(cc.merge(paths), every="1d"))
    assert [(row["start"], row["offered"]) for row in local] == [("2013-08-20", 3), ("2013-08-21", 2)]
    utc_days = plain(cc.service_level(cc.merge(paths, tz="UTC"), every="1d"))
    assert [(r["start"], r["offered"]) for r in utc_days] == [("2013-08-19", 1), ("2013-08-20", 3), ("2013-08-21", 1)]
    # 00:00 in Shanghai is 21:45 of the day before in Kathmandu; the hours are cut at :00 of each clock.
    odd = plain(cc.service_level(cc.merge(paths, tz="Asia/Kathmandu"), every="1h"))
    assert [(row["start"], row["offered"]) for row in odd] == [
        ("2013-08-19T21:00:00+05:45", 1),
        ("2013-08-20T07:00:00+05:45", 1),
        ("2013-08-20T21:00:00+05:45", 2),
        ("2013-08-21T20:00:00+05:45", 1),
    ]
    assert (odd[2]["answered"], odd[2]["abandoned"], odd[2]["p50_wait_s"]) == (1, 1, 0)


def test_a_glob_and_the_folder_of_summaries(folder):
    glob = cc.merge(str(folder / "2?.parquet"))
    assert glob.accounting.read == 5
    assert glob.accounting.files == (str(folder / "20.parquet"), str(folder / "21.parquet"))


def test_what_a_summary_says_of_itself(folder):
    table = pq.read_table(folder / "20.parquet")
    about = json.loads(table.schema.metadata[b"cc_metrics"])
    assert about == {
        "schema": "cc-metrics/summary/1",
        "tool": f"cc-metrics {VERSION}",
        "policy": "default",
        "formula": "all_offered",
        "timezone": "Asia/Shanghai",
        "times": "UTC",
        "open": None,
        "dimensions": ["direction", "channel", "queue", "tier"],
        "files": ["20.csv"],
        "accounting": {"read": 3, "accepted": 3, "ignored": {}, "rejected": {}, "waits": True},
    }
    rows = table.to_pylist()
    assert sum(row["n"] for row in rows) == 3
    assert {row["by.tier"] for row in rows} == {None, "VIP"}
    assert not {"agent_id", "customer_id"} & {name.removeprefix("by.") for name in table.column_names}
    # Bin 2s is exactly s seconds, 2s - 1 lies strictly between s - 1 and s.
    assert sorted(row["bin"] for row in rows) == [8, 40, 42]
    assert {row["start_ms"] % (H // 4) for row in rows} == {0}
    assert min(row["start_ms"] for row in rows) == utc("2013-08-20T00:00:00+08:00")


def test_bins_on_and_between_whole_seconds(tmp_path):
    waits = {0: 0, 1: 1, 999: 1, 1_000: 2, 1_001: 3, 20_000: 40, 20_001: 41, 20_999: 41, 86_400_000: 172_800}
    rows = [call(str(n), n, wait=wait) for n, wait in enumerate(waits)]
    calls = cc.read_calls(write_csv(tmp_path / "calls.csv", rows, None))
    cc.report(calls).save(tmp_path / "day.parquet")
    found = {row["longest_ms"]: row["bin"] for row in pq.read_table(tmp_path / "day.parquet").to_pylist()}
    assert found == {wait: bin_ for wait, bin_ in waits.items() if wait not in (1, 20_001)}
    for within_s, edge, kept in ((20, "<=", 6), (20, "<", 5), (21, "<", 8), (1, "<", 3), (0, "<=", 1)):
        policy = Policy("edge", service=ServiceTerms(edge=edge))
        [row] = plain(cc.service_level(cc.merge(tmp_path / "day.parquet"), within=f"{within_s}s", policy=policy))
        assert (row["answered_within"], row["answered"]) == (kept, 9), (within_s, edge)


def test_the_longest_of_waits_in_one_bin(tmp_path):
    """20.001 s and 20.999 s lie in one bin, in quarter-hours of their own: the longest is the longer one."""
    for number, waits in enumerate([(20_001, 20_999), (20_500, 20_002)]):
        rows = [call(f"{number}-{n}", number * 24 * H + n * H, wait=wait) for n, wait in enumerate(waits)]
        rows += [call(f"{row['call_id']}b", row["offered_ms"], "abandoned", row["wait_ms"], None) for row in rows]
        calls = cc.read_calls(write_csv(tmp_path / f"{number}.csv", rows, None))
        cc.report(calls).save(tmp_path / f"{number}.parquet")
        [row] = plain(cc.service_level(calls))
        assert row["longest_wait_s"] == row["longest_abandoned_s"] == max(waits) / S
    [row] = plain(cc.service_level(cc.merge([tmp_path / "0.parquet", tmp_path / "1.parquet"])))
    assert row["longest_wait_s"] == row["longest_abandoned_s"] == 20.999


def test_same_input_same_bytes(folder):
    calls = cc.read_calls(folder / "20.csv", tz="Asia/Shanghai")
    cc.report(calls).save(folder / "again.parquet")
    assert (folder / "again.parquet").read_bytes() == (folder / "20.parquet").read_bytes()


def test_summary_of_a_merge_is_a_summary(folder):
    cc.report(cc.merge([folder / "20.parquet", folder / "21.parquet"])).save(folder / "month.parquet")
    [row] = plain(cc.service_level(cc.merge(folder / "month.parquet")))
    assert (row["offered"], row["answered"], row["answered_within"], row["redirected_late"]) == (5, 3, 2, 1)
    assert cc.merge(folder / "month.parquet").accounting.read == 5


@pytest.mark.parametrize("asked", [{"by": ["reason"]}, {"where": {"reason": "bill"}}])
def test_what_a_summary_does_not_hold_is_refused_by_name(folder, asked):
    merged = cc.merge([folder / "20.parquet", folder / "21.parquet"])
    with pytest.raises(UsageError, match="does not hold 'reason'"):
        cc.service_level(merged, **asked)


def test_dimensions_asked_for_by_name_are_kept(folder):
    calls = cc.read_calls(folder / "20.csv", tz="Asia/Shanghai")
    cc.report(calls, by=["reason", "agent_id"]).save(folder / "more.parquet")
    rows = plain(cc.service_level(cc.merge(folder / "more.parquet"), by=["agent_id", "reason"]))
    assert {(row["agent_id"], row["reason"]): row["offered"] for row in rows} == {
        (None, "bill"): 1,
        ("7", None): 1,
        (None, None): 1,
    }
    # Merged with a day that lacks them, they are refused: only what all hold is held.
    with pytest.raises(UsageError, match="does not hold 'agent_id'"):
        cc.service_level(cc.merge([folder / "more.parquet", folder / "21.parquet"]), by=["agent_id"])


def test_repeats_come_from_calls_only(folder):
    merged = cc.merge([folder / "20.parquet", folder / "21.parquet"])
    with pytest.raises(UsageError, match="no repeats"):
        cc.first_call_resolution(merged)


def test_overlapping_files_are_refused(folder):
    cc.report(cc.read_calls(folder / "20.csv", tz="UTC")).save(folder / "twice.parquet")
    with pytest.raises(DataError, match=r"overlaps another one"):
        _ = cc.merge([folder / "20.parquet", folder / "twice.parquet"]).accounting


def test_overlapping_intervals_are_refused(folder):
    rows = [call("x", "2013-08-20T09:44:59.999+08:00")]
    path = write_csv(folder / "late.csv", rows, "Asia/Shanghai")
    cc.report(cc.read_calls(path, tz="Asia/Shanghai")).save(folder / "late.parquet")
    with pytest.raises(DataError, match="overlaps another one in the quarter-hour of 2013-08-20T01:30:00"):
        _ = cc.merge([folder / "20.parquet", folder / "late.parquet"]).accounting
    rows[0]["offered_ms"] += 1  # the next quarter-hour
    path = write_csv(folder / "later.csv", rows, "Asia/Shanghai")
    cc.report(cc.read_calls(path, tz="Asia/Shanghai")).save(folder / "later.parquet")
    assert cc.merge([folder / "20.parquet", folder / "later.parquet"]).accounting.read == 4


def test_summaries_and_calls_do_not_mix(folder):
    with pytest.raises(UsageError, match="cannot be mixed"):
        _ = cc.read_calls([folder / "20.parquet", folder / "21.csv"], tz="Asia/Shanghai").accounting


def test_days_in_folders_of_their_own_are_no_overlap(folder):
    """Exports are often called alike in a folder a day: 2013-08-20/calls.csv, 2013-08-21/calls.csv."""
    paths = []
    for day in ("20", "21"):
        (folder / day).mkdir()
        (folder / f"{day}.csv").rename(folder / day / "calls.csv")
        paths.append(folder / day / "summary.parquet")
        cc.report(cc.read_calls(folder / day / "calls.csv", tz="Asia/Shanghai")).save(paths[-1])
    assert cc.merge(paths).accounting.read == 5


def test_the_policy_that_was_reported_stands_in_the_summary(folder):
    calls = cc.read_calls(folder / "20.csv", tz="Asia/Shanghai")
    cc.report(calls)
    other = Policy("other", service=ServiceTerms(formula="answered_only"))
    cc.report(calls, policy=other).save(folder / "other.parquet")
    about = json.loads(pq.read_metadata(folder / "other.parquet").metadata[b"cc_metrics"])
    assert (about["policy"], about["formula"]) == ("other", "answered_only")
