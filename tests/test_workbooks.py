"""Workbooks: sheets, headers, cells of every kind and rows by the numbers that the sheet itself shows."""

import csv
import io
import zipfile
from datetime import date, time, timedelta

import pytest

import cc_metrics as cc
from cc_metrics.errors import DataError
from cc_metrics.store import unpacked
from cli_fixture import refused, run
from made import plain
from workbook_fixture import HEADER, Error, moment, sheet, write

S = timedelta(seconds=1)
MAPPING = """
timezone = "Europe/Berlin"
[calls]
call_id = "Call"
offered_at = "Offered"
outcome = { column = "Answered", values = { TRUE = "answered", FALSE = "abandoned" } }
wait_ms = { column = "Wait", unit = "s" }
talk_ms = { column = "Talk", unit = "s" }
queue = "Queue"
customer_id = "Customer"
"""
NAMES = ["Call", "Offered", "Answered", "Wait", "Talk", "Queue", "Customer"]


def call(number, minute=0, outcome="answered", wait=1_000, talk=60_000, queue="sales"):
    return [number, moment(f"2013-08-20 09:{minute:02}"), outcome, wait, talk, queue]


@pytest.fixture
def mapping(tmp_path):
    path = tmp_path / "mapping.toml"
    path.write_text(MAPPING)
    return str(path)


def listed(path):
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))


def rejected(path, *options):
    """(file, line, reason, text) of the rows that are refused."""
    kept = path.parent / "rejected.csv"
    ran = run("check", path, "--rejected", kept, "--max-rejected", "100%", *options)
    assert ran.code == 0, ran.err
    return [tuple(row.values()) for row in listed(kept)]


def test_rows_have_the_numbers_of_their_sheet(tmp_path):
    """Titles above the header, a row that is not there, blank ones, and one of spaces: none of them is a row."""
    rows = [["Calls of August"], None, HEADER, call(1), [" ", None, " "], None, call(2, outcome="lost"), call(3, 5), []]
    path = write(tmp_path / "calls.xlsx", {"Data": [*rows, call(None)]})
    assert rejected(path) == [
        (f"{path}, sheet Data", "7", "unknown outcome", "2"),
        (f"{path}, sheet Data", "10", "no call_id", ""),
    ]
    account = cc.read_calls(path, max_rejected=1).accounting
    assert (account.read, account.accepted, account.balanced) == (4, 2, True)
    late = tmp_path / "late.csv"
    assert run("report", path, "--late", late, "--within", "0s", "--max-rejected", "100%").code == 0
    assert [(row["line"], row["call_id"]) for row in listed(late)] == [("4", "1"), ("8", "3")]


def test_cells_of_every_kind(tmp_path, mapping):
    """A wait of exactly 20 s is in time as a clock, as a length of time and as a number; 20.001 s is not."""
    waits = [time(0, 0, 20), 20 * S, 30 * 3600 * S, time(0, 0, 20, 1_000), None, Error("#N/A")]
    at = [moment(f"2013-08-20 09:00:0{n}") for n in range(6)]
    rows = [
        [12345.0 + n, at[n], n != 3, wait, 60, "q", 4930123456789.0 if n else "49-30"] for n, wait in enumerate(waits)
    ]
    path = write(tmp_path / "calls.xlsx", {"Data": [NAMES, *rows]})
    assert rejected(path, "--mapping", mapping) == [
        (f"{path}, sheet Data", "4", "wait_ms is longer than 24 hours", "12347"),
        (f"{path}, sheet Data", "6", "no wait_ms", "12349"),
        (f"{path}, sheet Data", "7", "no wait_ms", "12350"),
    ]
    calls = cc.read_calls(path, mapping=mapping, max_rejected=1)
    [row] = plain(cc.service_level(calls, within="20s"))
    assert (row["answered"], row["answered_within"], row["abandoned"], row["abandoned_within"]) == (2, 2, 1, 0)
    assert (row["longest_abandoned_s"], row["mean_talk_s"]) == (20.001, 60)
    assert {r["customer_id"] for r in plain(cc.service_level(calls, by=["customer_id"]))} == {"49-30", "4930123456789"}
    assert cc.service_level(calls, every="30m")["start"].tolist() == ["2013-08-20T09:00:00+02:00"]


@pytest.mark.parametrize(
    ("written", "unit", "seconds"),
    [
        ([time(0, 1), time(0, 0, 30)], "s", [60, 30]),
        ([timedelta(0), time(0, 0, 30)], "clock", [0, 30]),
        (["0:01:00", time(0, 0, 30)], "clock", [60, 30]),
        ([1.5, 20], "s", [1.5, 20]),
        ([0.1 + 0.2, 2.0000000001], "s", [0.3, 2]),
        ([1.5, None], "min", [90]),
    ],
)
def test_lengths(tmp_path, written, unit, seconds):
    path = tmp_path / "mapping.toml"
    path.write_text(MAPPING.replace('"Talk", unit = "s"', f'"Talk", unit = "{unit}"'))
    rows = [[n, moment(f"2013-08-20 09:0{n}"), True, 1, talk, "q"] for n, talk in enumerate(written)]
    book = write(tmp_path / "calls.xlsx", {"Data": [NAMES, *rows]})
    [row] = plain(cc.service_level(cc.read_calls(book, mapping=str(path))))
    assert row["mean_talk_s"] == pytest.approx(sum(seconds) / len(seconds))


@pytest.mark.parametrize("written", ["iso", "%d.%m.%Y %H:%M:%S"])
@pytest.mark.parametrize("day", [date(2013, 8, 20), "2013-08-20", moment("2013-08-20")])
def test_date_and_time_in_cells_of_their_own(tmp_path, day, written):
    """Typed cells need no format; a date that is text is read as the mapping says."""
    if isinstance(day, str) and written != "iso":
        pytest.skip("a text is written as it is")
    path = tmp_path / "mapping.toml"
    path.write_text(
        MAPPING.replace('"Offered"', '{ date = "Day", clock = "Offered", format = "FORMAT" }').replace(
            "FORMAT", written
        )
    )
    rows = [[n, clock, True, 1, 60, "q", None, day] for n, clock in enumerate((time(9), time(23, 59, 59)))]
    book = write(tmp_path / "calls.xlsx", {"Data": [[*NAMES, "Day"], *rows]})
    starts = cc.service_level(cc.read_calls(book, mapping=str(path)), every="30m")["start"].tolist()
    assert starts == ["2013-08-20T09:00:00+02:00", "2013-08-20T23:30:00+02:00"]


def test_dates_that_stayed_text_are_refused_beside_real_ones(tmp_path):
    """What a workbook could not read as a date (13/08) stands as text: it is no time, and nothing is guessed."""
    rows = [[1, "13/08/2013 09:00", "answered", 0, 0], [2, moment("2013-08-09 09:00:01"), "answered", 0, 0]]
    path = write(tmp_path / "calls.xlsx", {"Data": [HEADER[:5], *rows]})
    assert [row[1:3] for row in rejected(path)] == [("2", "offered_at is not a time")]


def test_a_day_of_clock_change(tmp_path, mapping):
    """02:30 came twice in Berlin on 27 October 2013; cells hold it like any text: the first one is meant."""
    at = [moment("2013-10-27 01:30"), moment("2013-10-27 02:30"), moment("2013-10-27 03:30")]
    path = write(tmp_path / "c.xlsx", {"Data": [NAMES, *([n, t, True, 1, 60, "q"] for n, t in enumerate(at))]})
    starts = cc.service_level(cc.read_calls(path, mapping=mapping), every="30m")["start"].tolist()
    assert starts == ["2013-10-27T01:30:00+02:00", "2013-10-27T02:30:00+02:00", "2013-10-27T03:30:00+01:00"]


def test_all_sheets_with_the_columns_are_read_and_others_named(tmp_path):
    """Months as sheets; the second has no queue. Notes and a hidden copy are left out, and said to be."""
    august, september = [HEADER, call(1), call(2, 1, "lost")], [["x"], HEADER[:5], call(3)[:5]]
    sheets = {"Notes": [["made by hand"]], "Aug": august, "Sep": september, "Copy": august, "Blank": []}
    path = write(tmp_path / "calls.xlsx", sheets, hidden=["Copy"])
    ran = run("check", path, "--max-rejected", "100%")
    words = " ".join(ran.out.split())
    assert "read 3 rows accepted 2" in words
    assert "2 of its 5 sheets are not read as calls: Notes, Copy (hidden)." in words
    assert [row[:2] for row in rejected(path)] == [(f"{path}, sheet Aug", "3")]


def test_a_sheet_that_a_mapping_names(tmp_path, mapping):
    sheets = {
        "Data": [NAMES, [1, moment("2013-08-20"), True, 1, 1]],
        "Copy": [NAMES, [2, moment("2013-08-21"), True]],
    }
    path = write(tmp_path / "calls.xlsx", sheets, hidden=["Copy"])
    named = tmp_path / "named.toml"
    named.write_text(MAPPING + '[file]\nsheet = "Copy"\n')
    calls = cc.read_calls(path, mapping=str(named))
    assert cc.service_level(calls, every="1d")["start"].tolist() == ["2013-08-21"]
    named.write_text(MAPPING + '[file]\nsheet = "Cpy"\n')
    sentence = refused(run("report", path, "--mapping", named), 3)
    assert "calls.xlsx: there is no sheet 'Cpy'\n  hint: its sheets: Data, Copy (hidden)" in sentence


PLAIN = 'name = "plain"\n[calls]\ncall_id = "call_id"\noffered_at = "offered_at"\noutcome = "outcome"\n'


def test_sheets_without_the_columns_are_listed(tmp_path):
    one = write(tmp_path / "one.xlsx", {"Data": [["Report"], ["call_id", "ofered_at", "outcome"], [1, 2, 3]]})
    sentence = refused(run("check", one), 3)
    assert "one.xlsx, sheet Data: there is no column 'offered_at'\n  hint: did you mean 'ofered_at'?" in sentence
    two = write(tmp_path / "two.xlsx", {"A": [["call_id"]], "B": [["call_id"], ["offered_at"], ["outcome"]]})
    (tmp_path / "plain.toml").write_text(PLAIN)
    sentence = refused(run("check", two, "--mapping", tmp_path / "plain.toml"), 3)
    assert "there is no column 'offered_at' in a row with the others in any of its sheets (A, B)" in sentence
    for sheets in ({"Data": []}, {"Data": [[None, " "]]}):
        assert "is empty" in refused(run("check", write(tmp_path / "empty.xlsx", sheets)), 3)
    assert "only a header" in refused(run("check", write(tmp_path / "h.xlsx", {"Data": [HEADER]})), 3)


def test_one_workbook_may_hold_calls_and_cases(tmp_path):
    cases = [["case_id", "kind", "opened_at", "resolved_at"], ["c1", "complaint", moment("2013-08-20"), None]]
    path = write(tmp_path / "all.xlsx", {"Calls": [HEADER, call(1)], "Cases": cases})
    ran = run("check", path)
    assert (ran.code, ran.out.count("read       1 rows")) == (0, 2), ran
    assert "table      calls" in ran.out
    assert "table      cases" in ran.out


def test_a_workbook_is_told_by_its_content_in_folders_and_pipes(tmp_path):
    folder = tmp_path / "exports"
    folder.mkdir()
    path = write(folder / "calls.xlsx", {"Data": [HEADER, call(1)]})
    (folder / "~$calls.xlsx").write_bytes(b"opened elsewhere")
    assert cc.read_calls(folder).accounting.accepted == 1
    ran = run("check", "-", stdin=path.read_bytes())
    assert (ran.code, "files      1: standard input, sheet Data" in ran.out) == (0, True), ran
    odd = path.rename(tmp_path / "calls.csv")
    assert cc.read_calls(odd).accounting.accepted == 1


def test_what_cells_cannot_tell_is_said(tmp_path):
    """Merged cells hold their value once; a call id of 20 digits was rounded when it became a number."""
    rows = [HEADER, call(12345678901234567890), call(2)]
    path = write(tmp_path / "calls.xlsx", {"Data": rows}, merged=["F2:F3", "A1:A1"])
    said = " ".join(run("check", path).out.split())
    assert "[merged_cells]" in said
    assert "1 merged cells (the first in row 2) hold their value once" in said
    assert "[rounded_numbers]" in said
    assert "call_id holds numbers of 16 digits or more, of which a workbook keeps 15" in said


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="1048576"><c r="A1048576"><v>1</v></c></row><row r="1"><c r="XFD1"><v>1</v></c></row>',
        '<row r="9000000"><c r="A9000000"><v>1</v></c></row>',
    ],
)
def test_a_small_file_that_would_fill_the_memory(tmp_path, cells):
    content = sheet([HEADER]).replace("</sheetData>", cells + "</sheetData>")
    path = write(tmp_path / "calls.xlsx", {"Data": content})
    assert "spreads over more than 30,000,000 cells" in refused(run("check", path), 3)


def test_bombs_and_damage(tmp_path, monkeypatch):
    path = write(tmp_path / "calls.xlsx", {"Data": [HEADER, *(call(n) for n in range(200))]})
    whole = path.read_bytes()
    for damaged in (whole[: len(whole) // 2], whole[:400] + b"\xff" * 40 + whole[440:]):
        path.write_bytes(damaged)
        assert "calls.xlsx" in refused(run("report", path), 3)
    path.write_bytes(whole)
    monkeypatch.setattr(unpacked, "MOST_CELLS", 500)
    assert "spreads over more than 500 cells" in refused(run("check", path), 3)
    monkeypatch.setattr(unpacked, "LARGEST", 20_000)
    assert "unpacks to more than" in refused(run("check", path), 3)


OPEN_DOCUMENT = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="Data">{}</table:table></office:spreadsheet></office:body>
</office:document-content>"""
BLANK = (
    '<table:table-row table:number-rows-repeated="{}"><table:table-cell table:number-columns-repeated="16384"/>'
    "</table:table-row>"
)


def open_document(path, *rows):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", OPEN_DOCUMENT.format("".join(rows)))
    return path


def row(*texts, repeated=1):
    cells = (f'<table:table-cell office:value-type="string"><text:p>{t}</text:p></table:table-cell>' for t in texts)
    return f'<table:table-row table:number-rows-repeated="{repeated}">{"".join(cells)}</table:table-row>'


def test_open_document(tmp_path):
    """Blank rows in between keep their numbers, the million of blank ones at the end costs nothing."""
    calls = [row("1", "2013-08-20 09:00:00", "answered"), BLANK.format(2), row("2", "2013-08-20 09:00:00", "lost")]
    path = open_document(tmp_path / "calls.ods", row(*HEADER[:3]), *calls, BLANK.format(1_048_570))
    assert rejected(path) == [(f"{path}, sheet Data", "5", "unknown outcome", "2")]
    for bomb in (
        row("x", repeated=900_000_000),
        BLANK.format(1_000_000) + row(*"abcdefghijklmnopqrstuvwxyzabcdefghijk"),
    ):
        path = open_document(tmp_path / "bomb.ods", row(*HEADER[:3]), bomb)
        with pytest.raises(DataError, match="spreads over more than"):
            cc.read_calls(path).accounting  # noqa: B018
