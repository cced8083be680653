"""Formats told by their columns: every sample as what it is, canonical files never as a vendor's, doubt said."""

import gzip

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import cc_metrics as cc
from cc_metrics.errors import DataError
from cc_metrics.store import head, mapping_file, recognise, shipped
from cc_metrics.store.recognise import CANONICAL, SUMMARY
from cli_fixture import CALLS, HOTLINE, refused, run
from test_vendor_mappings import EXPECTED, SAMPLES, by_hand, told

FOUR = """\
name = "four"
[file]
columns = ["when", "nr", "how", "wait"]
[calls]
call_id = "nr"
offered_at = { column = "when", format = "epoch_s" }
outcome = { column = "how", values = { A = "answered", B = "abandoned" } }
wait_ms = { column = "wait", unit = "s" }
"""


@pytest.fixture
def only(monkeypatch):
    """Have these mappings shipped and no others."""

    def made(*texts):
        mappings = tuple(mapping_file.parse(text, "made") for text in texts)
        monkeypatch.setattr(shipped, "mappings", lambda: mappings)

    return made


@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_is_told_by_its_columns_and_read_as_with_its_mapping(name):
    expected = EXPECTED[name]
    path = SAMPLES / name / expected.file
    assert recognise.format_of(path).name == name
    assert recognise.fitting(path) == [name]
    assert told(path, None, expected) == by_hand(expected)


@pytest.mark.parametrize("name", ["talkdesk", "five9"])
def test_tables_and_parquet_are_told_alike(name, tmp_path):
    expected = EXPECTED[name]
    with duckdb.connect() as engine:
        table = engine.read_csv(str(SAMPLES / name / expected.file), all_varchar=True).to_arrow_table()
    assert told(table, None, expected) == by_hand(expected)
    pq.write_table(table, tmp_path / "calls.parquet")
    assert recognise.format_of(tmp_path / "calls.parquet").name == name


def test_canonical_columns_are_never_taken_for_a_vendors(tmp_path):
    """Even with every column of a vendor's beside them."""
    vendor = (SAMPLES / "talkdesk" / "calls.csv").read_text().splitlines()[0]
    path = tmp_path / "both.csv"
    path.write_text(f"{vendor},offered_at,outcome\n" + "x," * vendor.count(",") + "y,2026-03-02 09:00:00,answered\n")
    assert recognise.format_of(path).name == CANONICAL
    assert recognise.fitting(path) == ["talkdesk"]


@pytest.mark.parametrize(
    "written",
    [
        CALLS.encode(),
        b"\xef\xbb\xbf" + CALLS.encode(),
        CALLS.encode("utf-16"),
        gzip.compress(CALLS.encode()),
        CALLS.replace(",", ";").encode(),
        CALLS.replace("call_id,offered_at", '"call_id", "offered_at"').encode(),
        b"\n\n" + CALLS.encode(),
    ],
)
def test_a_canonical_header_is_told_without_looking_further(written, tmp_path, monkeypatch):
    path = tmp_path / "calls.csv"
    path.write_bytes(written)
    monkeypatch.setattr(head, "look", None)
    monkeypatch.setattr(shipped, "mappings", None)
    assert recognise.format_of(path) == recognise.Format(CANONICAL)


def test_canonical_parquet_and_summaries_are_told_without_loading_them(tmp_path, monkeypatch):
    (tmp_path / "calls.csv").write_text(CALLS)
    assert run("report", tmp_path / "calls.csv", "--output", tmp_path / "s.parquet").code == 0
    with duckdb.connect() as engine:
        pq.write_table(engine.read_csv(str(tmp_path / "calls.csv")).to_arrow_table(), tmp_path / "c.parquet")
    monkeypatch.setattr(head, "look", None)
    assert recognise.format_of(tmp_path / "c.parquet").name == CANONICAL
    assert recognise.format_of(tmp_path / "s.parquet").name == SUMMARY


def test_a_name_that_holds_a_canonical_one_is_not_canonical(tmp_path):
    """Of Parquet too, where names stand beside each other without anything between them."""
    names = ["my_call_id", "offered_at", "outcome"]
    pq.write_table(pa.table({name: ["1"] for name in names}), tmp_path / "c.parquet")
    assert not head.names_all(head.begins(tmp_path / "c.parquet"), ["call_id"])
    (tmp_path / "c.csv").write_text(",".join(names) + "\n1,2,3\n")
    assert not head.names_all(head.begins(tmp_path / "c.csv"), ["call_id"])


def test_what_the_report_was_read_as_is_said_and_changes_nothing_else(monkeypatch):
    path = SAMPLES / "five9" / "call-log.csv"
    options = ("--max-rejected", "100%", "--show", "json")
    named, alone = (run("report", path, *more, *options) for more in (["--mapping", "five9"], []))
    assert alone.out == named.out
    [said] = [line for line in alone.err.splitlines() if line not in named.err.splitlines()]
    told_by = "CALL ID, TIMESTAMP, CAMPAIGN, CALL TYPE, AGENT ..."
    assert said == f"cc-metrics: read as five9, told by {told_by}; --mapping says otherwise"


def test_no_format_fits(tmp_path):
    path = tmp_path / "calls.csv"
    path.write_text("nr,when,how,left,right,up\n1,2026-03-02 09:00:00,A,,,\n")
    said = refused(run("report", path), 3)
    assert "its columns fit no known format (here nr, when, how, left, right ...; call_id, offered_at, outcome" in said
    assert "--mapping NAME or FILE" in said
    assert "cc-metrics mappings init FILE" in said
    with pytest.raises(DataError, match="fit no known format"):
        cc.read_calls(path)
    with pytest.raises(DataError, match="fit no known format"):
        cc.read_calls(pa.table({"nr": ["1"]}))


def test_the_nearest_format_is_named_with_what_it_lacks(tmp_path):
    lines = (SAMPLES / "nice-cxone" / "call-detail.csv").read_text().replace("InQueue", "Queued")
    (tmp_path / "calls.csv").write_text(lines)
    assert "; the nearest is nice-cxone, which needs InQueue\n" in refused(run("check", tmp_path / "calls.csv"), 3)


def test_a_name_too_long_for_one_is_cut(tmp_path):
    """What stands in a header is data where there is no header."""
    (tmp_path / "calls.csv").write_text("caller 13800138000 rang at nine in the morning,b\nc,d\n")
    assert "13800138000 rang" not in refused(run("report", tmp_path / "calls.csv"), 3)


MADE = """\
name = "{name}"
[calls]
call_id = "nr"
offered_at = "when"
outcome = "how"
"""


def test_two_formats_fit(only, tmp_path):
    only(MADE.format(name="one") + 'queue = "skill"', MADE.format(name="two") + 'tier = "level"')
    path = tmp_path / "calls.csv"
    path.write_text("nr,when,how,skill,level\n1,2026-03-02 09:00:00,answered,,\n")
    said = refused(run("report", path), 3)
    assert "its columns fit several formats: one (skill) and two (level)\n" in said
    assert "--mapping one" in said


def test_a_format_that_uses_more_of_the_file_is_meant(only, tmp_path):
    only(MADE.format(name="less"), MADE.format(name="more") + 'queue = "skill"\ntier = "level"')
    path = tmp_path / "calls.csv"
    path.write_text("nr,when,how,skill,level\n1,2026-03-02 09:00:00,answered,,\n")
    assert recognise.format_of(path).name == "more"
    path.write_text("nr,when,how\n1,2026-03-02 09:00:00,answered\n")
    assert recognise.format_of(path).name == "less"  # of the other one's columns most are missing
    path.write_text("nr,when,how,skill\n1,2026-03-02 09:00:00,answered,\n")
    assert recognise.format_of(path).name == "more"  # half of them is enough


def test_a_rules_columns_must_be_there(only, tmp_path):
    only(MADE.format(name="one") + '[[ignore]]\nname = "tests"\nwhen = { kind = "T" }')
    (tmp_path / "calls.csv").write_text("nr,when,how\n1,2026-03-02 09:00:00,answered\n")
    with pytest.raises(DataError, match="the nearest is one, which needs kind"):
        recognise.format_of(tmp_path / "calls.csv")


def test_several_formats_in_one_folder_are_told_apart(tmp_path):
    (tmp_path / "a.csv").write_text(CALLS)
    (tmp_path / "b.csv").write_bytes((SAMPLES / "five9" / "call-log.csv").read_bytes())
    (tmp_path / "c.csv").write_bytes((SAMPLES / "five9" / "call-log.csv").read_bytes())
    said = refused(run("report", tmp_path), 3)
    assert f"several formats: canonical columns: {tmp_path}/a.csv; five9: {tmp_path}/b.csv, {tmp_path}/c.csv\n" in said
    (tmp_path / "a.csv").unlink()
    assert recognise.common(sorted(tmp_path.iterdir())).name == "five9"


def test_canonical_cases_beside_a_vendors_calls_are_no_other_format(tmp_path):
    (tmp_path / "calls.csv").write_bytes((SAMPLES / "five9" / "call-log.csv").read_bytes())
    (tmp_path / "cases.csv").write_text("case_id,opened_at,kind\n1,2026-03-02 09:00:00,complaint\n")
    ran = run("report", tmp_path, "--max-rejected", "100%", "--show", "json")
    assert (ran.code, '"cases": {' in ran.out) == (0, True)


def test_complaints_are_told_too(tmp_path):
    columns = "complaint_id,date_received,date_sent_to_company,submitted_via,state,zip_code,issue,company"
    path = tmp_path / "complaints.csv"
    path.write_text(f"{columns}\n1,2026-03-02,2026-03-03,Web,NY,1,late,A\n")
    assert cc.read_cases(path).mapping.name == "cfpb"
    assert '"read": 1' in run("report", "--cases", path, "--show", "json").out


@pytest.mark.parametrize(
    ("lines", "fits"),
    [
        ("1772442000,1,A,20\n1772442060,2,B,3\n", True),
        ("1772442000,1,X,20\n1772442060,2,B,3\n", True),  # a word that is not known is one of many
        ("1772442000,1,X,20\n1772442060,2,Y,3\n", False),  # no word of an outcome
        ("1772442000,1,A,sales\n1772442060,2,B,\n", False),  # no length
        ("2026-03-02 09:00:00,1,A,20\n2026-03-02 09:01:00,2,B,3\n", False),  # no epoch
        ("1772442000,1,A,20,0\n1772442060,2,B,3,0\n", False),  # five columns
    ],
)
def test_files_without_a_header_are_told_by_what_their_columns_hold(only, lines, fits, tmp_path):
    only(FOUR)
    path = tmp_path / "calls.csv"
    path.write_text(lines)
    if fits:
        assert recognise.format_of(path).name == "four"
        assert cc.read_calls(path, tz="Europe/Berlin", max_rejected=1).accounting.read == 2
    else:
        with pytest.raises(DataError, match=r"it has no header, and its . columns fit no known format"):
            recognise.format_of(path)


def test_records_of_json_are_told_by_their_keys(tmp_path):
    assert recognise.format_of(SAMPLES / "genesys-cloud" / "conversations.json").told_by.startswith("conversationId")
    path = tmp_path / "calls.json"
    path.write_text('{"id": 1, "Queue": {"Name": "sales"}, "Agent": null}\n')
    assert "its columns fit no known format (here id, Queue.Name, Agent;" in refused(run("report", path), 3)
    path.write_text('{"call_id": "1", "offered_at": "2026-03-02 09:00:00", "outcome": "answered"}\n')
    assert recognise.format_of(path).name == CANONICAL


def test_a_real_contact_record_is_told():
    path = SAMPLES.parent.parent.parent / "shared" / "data" / "amazon-connect-ctr" / "ctr_inbound_2022-04-08.json"
    if not path.exists():
        pytest.skip("needs ../shared/data/amazon-connect-ctr")
    assert recognise.format_of(path).name == "amazon-connect"


def test_a_queue_log_is_told_by_its_lines(tmp_path):
    path = tmp_path / "queue_log"
    path.write_text("1772442000|1772442000.1|sales|NONE|ENTERQUEUE||2025550100|1\n")
    assert head.look(path).form == "queue_log"
    assert "a mapping is guessed from columns" in refused(run("mappings", "init", path), 3)
    path.write_text("1772442000|1772442000.1|sales|NONE|entered||2025550100|1\n")
    assert head.look(path).form == "text"


def test_a_parquet_file_cut_in_half_is_one_sentence(tmp_path):
    pq.write_table(pa.table({"nr": list(range(10_000))}), tmp_path / "c.parquet")
    (tmp_path / "c.parquet").write_bytes((tmp_path / "c.parquet").read_bytes()[:5_000])
    assert "damaged or cut short" in refused(run("report", tmp_path / "c.parquet"), 3)


def test_canonical_columns_that_lack_one_are_told_as_such(tmp_path):
    (tmp_path / "calls.csv").write_text("call_id,offered_at\n1,2026-03-02 09:00:00\n")
    assert "there is no column 'outcome'" in refused(run("report", tmp_path / "calls.csv"), 3)


def test_check_says_the_format_and_shows_the_first_rows_without_numbers(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    ran = run("check", SAMPLES / "five9" / "call-log.csv", "--max-rejected", "100%")
    assert ran.err == ""
    lines = [line.split("  ", 1)[0] for line in ran.out.splitlines()]
    assert lines[:2] == ["format", "told by"]
    assert "CALL ID, TIMESTAMP, CAMPAIGN, CALL TYPE, AGENT ...: no other known format has them" in ran.out
    cells = {line.split()[0]: line.split()[1:] for line in ran.out.splitlines() if line}
    assert [word[:3] for word in cells["call_id"] if "|" in word] == ["501", "502", "503", "504", "506"]
    assert cells["outcome"] == ["answered", "answered", "abandoned", "abandoned", "redirected"]
    assert cells["wait_ms"] == ["20", "s", "21", "s", "40", "s", "3", "s", "120", "s"]
    assert cells["customer_id"] == ["...00", "...01", "...02", "...03", "...05"]
    assert "2025550100" not in ran.out
    named = run("check", SAMPLES / "five9" / "call-log.csv", "--mapping", "five9", "--max-rejected", "100%").out
    assert named.startswith("format  five9, as named: Five9 Call Log report")


def test_check_hides_what_is_made_of_a_customers_number(tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "own.toml").write_text(
        MADE.format(name="own").replace('"nr"', '{ join = ["nr", "number"] }') + 'customer_id = "number"\n'
    )
    path = tmp_path / "calls.csv"
    path.write_text("nr,when,how,number\n1,2026-03-02 09:00:00,answered,13800138000\n")
    out = run("check", path, "--mapping", tmp_path / "own.toml").out
    assert "13800138000" not in out
    assert "...00" in out


def test_check_of_canonical_files_needs_no_telling():
    ran = run("check", HOTLINE, "--tz", "Asia/Shanghai")
    assert ran.out.startswith("format  canonical columns\n")
    assert "00000161858" not in ran.out
