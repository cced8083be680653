"""A large text is read without keeping its order: the same figures, and read again where the order decides."""

import csv
from datetime import UTC, datetime

import pyarrow as pa
import pytest

from cc_metrics import policy, reporting
from cc_metrics.errors import UsageError
from cc_metrics.store import text
from cc_metrics.store.open import Reading, open_sources
from cc_metrics.store.relation import Frame

HEAD = "call_id,offered_at,outcome,wait_ms,talk_ms,queue,customer_id\n"


@pytest.fixture
def large(monkeypatch):
    """Every text counts as large; how often a text was read, and whether in order."""
    read = []
    stage = text.stage

    def staged(*arguments, **options):
        found = stage(*arguments, **options)
        read.append(found.ordered)
        return found

    monkeypatch.setattr(text, "_LARGE", 0)
    monkeypatch.setattr("cc_metrics.store.room.SMALL", 0)
    monkeypatch.setattr("cc_metrics.store.reader.stage", staged)
    return read


def opened(path, *, lines, zone="UTC"):
    rules = policy.load("default")
    return open_sources((path,), Reading(None, zone, rules, (), lines=lines))


def written(tmp_path, lines):
    path = tmp_path / "calls.csv"
    path.write_text(HEAD + "".join(f"{line}\n" for line in lines), "utf-8")
    return path


def test_figures_do_not_depend_on_the_order(tmp_path, large):
    lines = [
        f"{n},2024-05-01T{n % 24:02}:00:00+00:00,answered,{n * 7 % 60_000},1000,q{n % 3},c{n % 50}"
        for n in range(60_000)
    ]
    lines[4] = "4,never,answered,1,1,q,c"
    path, request = written(tmp_path, lines), reporting.Request(("queue",))
    rules = policy.load("default")
    found = [reporting.build(opened(path, lines=kept), rules, request) for kept in (True, False)]
    assert large == [True, False]
    assert found[0] == found[1]
    assert found[0].accounting.rejected == {"offered_at is not a time": 1}


def test_duplicates_that_differ_in_a_column_of_their_own_need_the_order(tmp_path, large):
    path = tmp_path / "calls.csv"
    rows = [f"1,2024-05-01T10:00:00Z,answered,0,1000,a,c,{site}" for site in ("first", "last")]
    path.write_text(HEAD.strip() + ",site\n" + "\n".join(rows) + "\n", "utf-8")
    reading = Reading(None, "UTC", policy.load("default"), ("site",), lines=False)
    found = open_sources((path,), reading)
    assert large == [False, True]
    assert found.values("site") == ["last"]


def test_conflicting_rows_need_the_order(tmp_path, large):
    lines = ["1,2024-05-01T10:00:00Z,answered,0,1000,a,c", "1,2024-05-01T10:00:00Z,answered,0,1000,b,c"]
    found = opened(written(tmp_path, lines), lines=False)
    assert large == [False, True]
    assert found.values("queue") == ["b"], "the last line is kept"


def test_a_doubled_hour_needs_the_order(tmp_path, large):
    hours = ["2024-10-27T01:30:00", "2024-10-27T02:30:00", "2024-10-27T02:10:00", "2024-10-27T03:30:00"]
    path = written(tmp_path, [f"{n},{hour},answered,0,0,q,c{n}" for n, hour in enumerate(hours)])
    found = opened(path, lines=False, zone="Europe/Berlin")
    assert large == [False, True]
    assert [code for code, _ in found.cautions] == ["doubled_hour"]


def test_rows_cannot_be_listed_without_their_lines(tmp_path, large):
    found = opened(
        written(tmp_path, ["1,never,answered,0,0,q,c", "2,2024-05-01T10:00:00Z,answered,0,0,q,c"]), lines=False
    )
    with pytest.raises(UsageError, match="the lines of the rows were not kept"):
        reporting.write_rejected(found, tmp_path / "r.csv")


def test_lines_of_several_files(tmp_path):
    """The rows of a second file stand below those of the first; their lines are their own."""
    for name, bad in (("a", 3), ("b", 2)):
        lines = [f"{name}{n},2024-05-01T10:00:00Z,answered,0,0,q,c" for n in range(5)]
        lines[bad] = f"{name}{bad},never,answered,0,0,q,c"
        (tmp_path / f"{name}.csv").write_text(HEAD + "\n".join(lines) + "\n", "utf-8")
    rules = policy.load("default")
    found = open_sources((tmp_path / "a.csv", tmp_path / "b.csv"), Reading(None, "UTC", rules))
    reporting.write_rejected(found, tmp_path / "r.csv")
    rows = list(csv.DictReader((tmp_path / "r.csv").read_text("utf-8").splitlines()))
    assert [(row["file"][-5:], row["line"], row["text"][:8]) for row in rows] == [
        ("a.csv", "5", "a3,never"),
        ("b.csv", "4", "b2,never"),
    ]
    assert found.account.accepted == 8


def test_rows_of_tables_are_numbered_from_their_own_first(tmp_path):
    """Two tables and a text in one run: the places of rejected and of late rows are their own."""
    columns = {"offered_at": [datetime(2024, 5, 1, 10, tzinfo=UTC)] * 3, "wait_ms": [0, 30_000, 0]}
    tables = [
        Frame(
            pa.table({"call_id": [f"{name}1", f"{name}2", None], "outcome": ["answered"] * 3, **columns}), "UTC", name
        )
        for name in "ab"
    ]
    path = written(tmp_path, ["1,2024-05-01T10:00:00Z,answered,40000,0,q,c", "2,never,answered,0,0,q,c"])
    for sources in ((tables[0], path, tables[1]), (path, *tables)):
        rules = policy.load("default")
        found = open_sources(sources, Reading(None, "UTC", rules))
        reporting.write_rejected(found, tmp_path / "r.csv")
        rows = list(csv.DictReader((tmp_path / "r.csv").read_text("utf-8").splitlines()))
        assert sorted((row["file"][-5:], row["line"], row["text"]) for row in rows) == [
            ("a", "3", ""),
            ("b", "3", ""),
            ("s.csv", "3", "2,never,answered,0,0,q,c"),
        ]
        reporting.write_late(found, rules, reporting.Request(), tmp_path / "l.csv")
        rows = list(csv.DictReader((tmp_path / "l.csv").read_text("utf-8").splitlines()))
        late = sorted((row["file"][-5:], row["line"], row["call_id"]) for row in rows)
        assert late == [("a", "2", "a2"), ("b", "2", "b2"), ("s.csv", "2", "1")]


def test_a_missing_column_is_said_once(tmp_path):
    (tmp_path / "a.csv").write_text(HEAD + "1,2024-05-01T10:00:00Z,answered,0,0,q,c\n", "utf-8")
    short = HEAD.replace(",queue", "")
    (tmp_path / "b.csv").write_text(f'{short}2,2024-05-01T11:00:00Z,answered,0,0,c\n"o"x,1,2,3,4,5\n', "utf-8")
    rules = policy.load("default")
    found = open_sources((tmp_path / "a.csv", tmp_path / "b.csv"), Reading(None, "UTC", rules, ("queue",)))
    assert [code for code, _ in found.cautions].count("missing_column") <= 1
