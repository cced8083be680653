"""The lists behind the numbers, room for a large run, and files that are not written."""

import csv

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import cc_metrics as cc
from cc_metrics import reporting
from cc_metrics.errors import EngineError, UsageError
from cc_metrics.model.promise import Policy, ServiceTerms
from cc_metrics.store import engine, lists, output, room

HEADER = "call_id,offered_at,outcome,wait_ms,tier\n"


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def opened(source, policy=None, **options):
    return cc.read_calls(source, max_rejected=1, **options).open(policy or Policy("p"))


def test_rejected_rows_of_every_kind_with_their_lines(tmp_path):
    """Refused by the parser, by a rule, found far outside, without a wait, conflicting: all with file, line, text."""
    near = [f"n{i},2013-08-20 09:00:{i:02},answered,5,VIP\n" for i in range(9)]
    bad = ["b,2013-08-20 25:00:00,answered,5,VIP\n", "few,2013-08-20 09:00:00\n", "\n"]
    odd = ["n0,2013-08-20 09:00:00,abandoned,5,VIP\n", "w,2013-08-20 09:00:00,answered,,VIP\n"]
    (tmp_path / "calls.csv").write_text(HEADER + "".join(bad + near + odd))
    found = opened(tmp_path / "calls.csv")
    assert reporting.write_rejected(found, tmp_path / "rejected.csv") == 4
    listed = {(int(r["line"]), r["reason"]): r["text"] for r in rows_of(tmp_path / "rejected.csv")}
    assert listed == {
        (2, "offered_at is not a time"): "b,2013-08-20 25:00:00,answered,5,VIP",
        (3, "too few fields"): "few,2013-08-20 09:00:00",
        (5, "conflicting rows of one call_id"): "n0,2013-08-20 09:00:00,answered,5,VIP",
        (15, "no wait_ms"): "w,2013-08-20 09:00:00,answered,,VIP",
    }
    account = reporting.accounting(found)
    assert (account.read, account.accepted, account.balanced) == (13, 9, True)


def test_a_date_far_outside_is_rejected(tmp_path):
    near = [f"n{i},2013-08-20 09:00:{i % 60:02},answered,5,VIP\n" for i in range(1200)]
    (tmp_path / "calls.csv").write_text(HEADER + "".join(near) + "far,2031-08-20 09:00:00,answered,5,VIP\n")
    found = opened(tmp_path / "calls.csv")
    assert reporting.accounting(found).rejected == {"offered_at is far outside the data": 1}
    reporting.write_rejected(found, tmp_path / "rejected.csv")
    [row] = rows_of(tmp_path / "rejected.csv")
    assert (row["line"], row["text"]) == ("1202", "far,2031-08-20 09:00:00,answered,5,VIP")


def test_rejected_rows_of_parquet_have_row_numbers(tmp_path):
    table = pa.table({"call_id": ["a", "b"], "offered_at": [None, "2013-08-20 09:00:00"], "outcome": ["answered"] * 2})
    pq.write_table(table, tmp_path / "calls.parquet")
    found = opened(tmp_path / "calls.parquet")
    assert reporting.write_rejected(found, tmp_path / "rejected.csv") == 1
    [row] = rows_of(tmp_path / "rejected.csv")
    assert (row["line"], row["reason"], row["text"]) == ("1", "no offered_at", "a")


def test_duplicates_between_parquet_files(tmp_path):
    """The same call in two files counts once; the conflicting row of the last file given is kept."""
    columns = {"offered_at": ["2013-08-20 09:00:00"] * 2, "outcome": ["answered"] * 2}
    pq.write_table(pa.table({"call_id": ["a", "b"], "wait_ms": [1, 2], **columns}), tmp_path / "1.parquet")
    pq.write_table(pa.table({"call_id": ["b", "a"], "wait_ms": [30_000, 1], **columns}), tmp_path / "2.parquet")
    found = opened([tmp_path / "1.parquet", tmp_path / "2.parquet"])
    account = reporting.accounting(found)
    assert (account.ignored, account.rejected) == ({"duplicate": 1}, {"conflicting rows of one call_id": 1})
    reporting.write_rejected(found, tmp_path / "rejected.csv")
    [row] = rows_of(tmp_path / "rejected.csv")
    assert (row["file"], row["line"], row["text"]) == (str(tmp_path / "1.parquet"), "2", "b")


def test_the_late_list_holds_what_was_owed_and_not_in_time(tmp_path):
    (tmp_path / "calls.csv").write_text(
        HEADER
        + "on,2013-08-20 09:00:00,answered,20000,VIP\n"
        + "late,2013-08-20 09:00:01,answered,20001,VIP\n"
        + "lost,2013-08-20 09:00:02,abandoned,1000,\n"
        + "out,2013-08-20 09:00:03,redirected,20000,VIP\n"
        + "over,2013-08-20 09:00:04,redirected,20001,VIP\n"
    )
    policy = Policy("p")
    found = opened(tmp_path / "calls.csv")
    reporting.write_late(found, policy, reporting.Request(), tmp_path / "late.csv")
    late = rows_of(tmp_path / "late.csv")
    assert [(r["call_id"], r["line"], r["late_by_s"]) for r in late] == [
        ("late", "3", "0.001"),
        ("lost", "4", "0.0"),
        ("over", "6", "0.001"),
    ]
    assert "customer_id" not in late[0]
    left_out = Policy("p", service=ServiceTerms(redirected="out"))
    assert reporting.write_late(found, left_out, reporting.Request(), tmp_path / "late.csv") == 2
    counted = Policy("p", service=ServiceTerms(redirected="abandoned"))
    assert reporting.write_late(found, counted, reporting.Request(), tmp_path / "late.csv") == 4


def test_a_summary_has_no_lists(tmp_path):
    (tmp_path / "calls.csv").write_text(HEADER + "a,2013-08-20 09:00:00,answered,5,VIP\n")
    cc.report(cc.read_calls(tmp_path / "calls.csv")).save(tmp_path / "day.parquet")
    found = opened(tmp_path / "day.parquet")
    with pytest.raises(UsageError, match="summaries hold no calls to list"):
        reporting.write_late(found, Policy("p"), reporting.Request(), tmp_path / "late.csv")
    assert reporting.write_rejected(found, tmp_path / "rejected.csv") == 0


def test_a_large_run_asks_for_room_first(tmp_path, monkeypatch):
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(room.LARGE)
    free = type("Usage", (), {"free": room.LARGE})
    monkeypatch.setattr(room.shutil, "disk_usage", lambda _: free)
    with pytest.raises(EngineError, match=r"0\.5 GB free and this input may need 1\.0 GB"):
        room.check(tmp_path, [path])
    monkeypatch.setattr(room.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 2 * room.LARGE}))
    assert room.check(tmp_path, [path]) == room.LARGE


def test_a_file_appears_whole_or_not_at_all(tmp_path):
    target = tmp_path / "report.json"
    target.write_text("before")

    def full(temporary):
        temporary.write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(EngineError, match="No space left on device"):
        output.write(target, full)
    assert [p.name for p in tmp_path.iterdir()] == ["report.json"]
    assert target.read_text() == "before"


@pytest.mark.parametrize("size", ["3", "GB", "-1GB", "3 Gb!"])
def test_memory_that_is_no_amount(size):
    with pytest.raises(UsageError, match="is not an amount of memory"):
        engine.memory_bytes(size)


def test_the_spill_folder_must_be_there(tmp_path):
    with pytest.raises(EngineError, match=r"spill folder .* cannot be written"):
        engine.Engine(spill=tmp_path / "none")


def test_too_little_memory_is_said_in_words(tmp_path):
    found = engine.Engine("20MB", tmp_path)
    with pytest.raises(EngineError, match=r"memory limit is too small|spill folder is full"):
        found.run("SET temp_directory = ''; CREATE TABLE t AS SELECT md5(i::VARCHAR) AS m FROM range(2000000) r(i)")
    found.close()
    assert not list(tmp_path.iterdir())


def test_no_cell_of_a_list_is_a_formula(tmp_path):
    """Ids, a dimension's name and values, a refused line: nothing that a spreadsheet would run."""
    header = "call_id,offered_at,outcome,wait_ms,=cmd()\n"
    rows = ("=1+1,2013-08-20 09:00:00,answered,20001,@x\n", "-2+3,2013-08-20 09:00:01,abandoned,1000,＝y\n")
    (tmp_path / "calls.csv").write_text(header + "".join(rows) + "+49,yesterday,answered,5,z\n", encoding="utf-8")
    found = cc.read_calls(tmp_path / "calls.csv", max_rejected=1).open(Policy("p"), ["=cmd()"])
    reporting.write_late(found, Policy("p"), reporting.Request(by=("=cmd()",)), tmp_path / "late.csv")
    late = rows_of(tmp_path / "late.csv")
    assert [(r["call_id"], r["'=cmd()"], r["late_by_s"]) for r in late] == [
        ("'=1+1", "'@x", "0.001"),
        ("'-2+3", "'＝y", "0.0"),
    ]
    reporting.write_rejected(found, tmp_path / "rejected.csv")
    assert [r["text"] for r in rows_of(tmp_path / "rejected.csv")] == ["'+49,yesterday,answered,5,z"]


def test_negative_numbers_stay_numbers_and_odd_file_names_are_written(tmp_path):
    lists.write(tmp_path / "list.csv", ("-name", "by"), iter([("x\udce9", -0.5), ("a\x00b", -3), (None, "-3")]))
    text = (tmp_path / "list.csv").read_bytes().decode()
    assert text == "'-name,by\r\nx\ufffd,-0.5\r\na\ufffdb,-3\r\n,'-3\r\n"
