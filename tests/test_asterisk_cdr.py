"""Asterisk's CDR files: widths, legs of a call, a queue that answers and reaches nobody, no wait; real samples."""

import csv
from pathlib import Path

import pytest

import cc_metrics as cc
from cc_metrics import reporting
from cc_metrics.errors import DataError, PolicyError
from cc_metrics.model.promise import Policy
from cc_metrics.store import mapping_file
from made import plain

POLICY = Policy("p")
SAMPLES = Path(__file__).parent / "samples"
DATA = Path(__file__).parents[2] / "shared" / "data" / "asterisk-samples"


@pytest.fixture
def opened(tmp_path):
    """Master.csv from rows of (linkedid, sequence, dstchannel, application, start, billsec, disposition)."""

    def made(*files, mapping="asterisk-cdr"):
        paths = []
        for number, rows in enumerate(files):
            paths.append(tmp_path / f"Master{number}.csv")
            with paths[-1].open("w", newline="") as file:
                csv.writer(file).writerows(map(cells, rows))
        calls = cc.read_calls(list(map(str, paths)), mapping=mapping, tz="Europe/Berlin", max_rejected=1)
        return calls, calls.open(POLICY)

    return made


def cells(row):
    call, sequence, reached, application, start, talk, disposition = row
    head = ["", "555", "600", "in", '"" <555>', "SIP/t-01", reached, application, "", f"2026-{start}", "", ""]
    return [*head, talk, talk, disposition, "DOCUMENTATION", call, "", "", call, sequence]


def values(found):
    columns = "call_id, outcome, talk_ms // 1000, agent_id, wait_ms"
    return found.engine.rows(f"SELECT {columns} FROM accepted ORDER BY call_id")


def test_a_leg_that_was_answered_answers_the_call(opened):
    """In whatever order the legs stand and whichever was the last; talk is not added up over legs side by side."""
    rows = (
        ("a", 3, "SIP/2-03", "Queue", "01-05 09:00:40", 70, "ANSWERED"),
        ("a", 2, "SIP/1-02", "Queue", "01-05 09:00:00", 40, "NO ANSWER"),
        ("a", 4, "SIP/9-04", "Dial", "01-05 09:02:00", 0, "BUSY"),
        ("a", 5, "SIP/3-05", "Dial", "01-05 09:02:00", 65, "ANSWERED"),
    )
    for order in (rows, rows[::-1]):
        _, found = opened(order)
        assert values(found) == [("a", "answered", 70, "SIP/2", None)]
        assert found.account.ignored == {"further leg of a call": 3}
        assert found.engine.rows("SELECT offered_ms % 3600000 // 1000 FROM accepted") == [(0,)]


def test_answered_by_the_queue_alone(opened):
    """Without a dstchannel nobody was reached: abandoned; an unanswered attempt beside it changes nothing."""
    _, found = opened(
        [
            ("a", 1, "", "Queue", "01-05 09:00:00", 40, "ANSWERED"),
            ("b", 2, "SIP/1-02", "Queue", "01-05 09:01:00", 15, "NO ANSWER"),
            ("b", 3, "", "Queue", "01-05 09:01:15", 15, "ANSWERED"),
            ("c", 4, "SIP/1-04", "Queue", "01-05 09:02:00", 15, "BUSY"),
            ("c", 5, "SIP/1-05", "Queue", "01-05 09:02:15", 15, "NO ANSWER"),
            ("d", 6, "SIP/1-06", "Dial", "01-05 09:03:00", 0, "CONGESTION"),
        ]
    )
    outcomes = {"a": "abandoned", "b": "abandoned", "c": "abandoned", "d": "redirected"}
    assert values(found) == [(call, outcome, None, None, None) for call, outcome in outcomes.items()]


def test_legs_in_two_files_and_twice(opened):
    """A call cut by the rotation is one; a file given twice adds further legs, no call."""
    first = [("a", 1, "SIP/1-01", "Dial", "01-05 23:59:50", 15, "NO ANSWER")]
    second = [("a", 2, "SIP/2-02", "Dial", "01-06 00:00:05", 30, "ANSWERED")]
    calls, found = opened(second, first, first)
    assert values(found) == [("a", "answered", 30, "SIP/2", None)]
    assert (found.account.read, found.account.accepted) == (3, 1)
    [row] = plain(cc.service_level(calls, every="1d"))
    assert row["start"] == "2026-01-05"


def test_a_leg_that_cannot_be_read_is_no_leg(opened):
    _, found = opened(
        [
            ("a", 1, "SIP/1-01", "Dial", "01-05 09:00:00", 15, "NO ANSWER"),
            ("a", 2, "SIP/2-02", "Dial", "01-05 09:00:15", 15, "SOMETHING"),
            ("a", 5, "SIP/2-05", "Dial", "never", 15, "ANSWERED"),
            ("", 3, "SIP/2-03", "Dial", "01-05 09:00:15", 15, "ANSWERED"),
            ("", 4, "SIP/2-04", "Dial", "01-05 09:00:15", 15, "ANSWERED"),
        ]
    )
    assert values(found) == [("a", "abandoned", None, None, None)]
    assert found.account.rejected == {"unknown outcome": 1, "offered_at is not a time": 1, "no call_id": 2}


def test_the_hour_that_clocks_go_back(opened):
    """02:59:50, then 02:00:05 once more: the file's clock tells the second pass."""
    _, found = opened(
        [
            ("a", 1, "SIP/1-01", "Dial", "10-25 02:59:50", 5, "ANSWERED"),
            ("b", 2, "SIP/1-02", "Dial", "10-25 02:00:05", 5, "ANSWERED"),
        ]
    )
    [(gap,)] = found.engine.rows("SELECT max(offered_ms) - min(offered_ms) FROM accepted")
    assert gap == 15_000


@pytest.mark.parametrize(("mapping", "tz"), [("asterisk-cdr", "UTC"), ("freepbx-cdr", "UTC")])
def test_no_service_level_and_why(mapping, tz):
    calls = cc.read_calls(SAMPLES / mapping, mapping=mapping, tz=tz, max_rejected=1)
    report = cc.report(calls, policy="default").report
    [row] = report.calls
    assert (row["offered"], row["answered"], row["service_level"], row["mean_wait_s"]) == (6, 3, None, None)
    assert row["mean_talk_s"] == (125 + 60 + 30) / 3
    warnings = {caution.code: caution.text for caution in report.warnings}
    assert "no_waits" in warnings
    assert warnings["source"].startswith("Asterisk's CDR records no wait in the queue")
    [promise] = report.promises
    assert (promise.row["value"], promise.row["verdict"]) == (None, "not_judged")
    assert promise.note == "the source records no waits"


def test_repeats_are_found_by_the_caller():
    """5550001 called at 9:00 and again at 9:50; who withholds the number has no key."""
    calls = cc.read_calls(SAMPLES / "asterisk-cdr", mapping="asterisk-cdr", tz="UTC", max_rejected=1)
    [row] = plain(cc.first_call_resolution(calls, window="1h"))
    assert (row["answered"], row["with_key"]) == (3, 2)
    keys = calls.open(POLICY).engine.rows("SELECT call_id, customer_id, queue FROM accepted ORDER BY 1 DESC")
    assert keys[:2] == [("1772445000.14", "5550001", "602"), ("1772444400.11", None, "601")]


WIDTHS = {17: (16,), 18: (16, 17), 19: (18, 19, 20), 20: (16, 18, 19, 20), 21: (16, 17, 18, 19, 20)}


@pytest.mark.parametrize("width", [16, *WIDTHS, 22])
def test_widths(tmp_path, width):
    """Which columns stand at the end depends on three settings; without any of them calls cannot be told apart."""
    with (SAMPLES / "asterisk-cdr" / "Master.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    with (tmp_path / "Master.csv").open("w", newline="") as file:
        for row in rows:
            row.append("more")
            more = [row[place] for place in WIDTHS.get(width, range(16, width))]
            csv.writer(file, quoting=csv.QUOTE_ALL).writerow([*row[:16], *more])
    calls = cc.read_calls(tmp_path / "Master.csv", mapping="asterisk-cdr", tz="UTC", max_rejected=1)
    if width not in WIDTHS:
        with pytest.raises(DataError, match=f"names 17 or 18 or 19 or 20 or 21 columns and the file has {width}"):
            calls.accounting  # noqa: B018
        return
    talks = [row[2] for row in values(calls.open(POLICY)) if row[1] == "answered"]
    assert talks == ([125, 60, 30] if width > 18 else [125, 60, 30, 0])  # without linkedid a half of a call is one


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("side_by_side = true", "side_by_side = 1", "side_by_side can be true alone"),
        ("side_by_side = true", 'side_by_side = true\ncall = "x"', "names one of call, parent and side_by_side"),
        ("further = [ ", 'further = "linkedid"\nnulls = [ ', "further must be an array of arrays"),
        ("note = ", "note = 1 # ", "note must be a string"),
    ],
)
def test_mappings_that_cannot_be_followed(old, new, sentence):
    written = mapping_file.text("asterisk-cdr").replace(old, new, 1)
    with pytest.raises(PolicyError, match=sentence):
        mapping_file.parse(written, "made.toml")


def test_a_real_file_of_dialled_legs():
    """84 rows are 36 calls, 6 of which called nobody; of the others those were answered that some leg answered."""
    path = DATA / "Master_pstn_numbers_pseudonymised.csv"
    if not path.exists():
        pytest.skip(f"no CDR: {path} is absent")
    found = cc.read_calls(path, mapping="asterisk-cdr", tz="Asia/Irkutsk").open(POLICY)
    account = reporting.accounting(found)
    assert (account.read, account.accepted, account.balanced) == (84, 30, True)
    assert account.ignored == {"further leg of a call": 47, "ended in the menu": 7}
    with path.open(newline="") as file:
        legs = list(csv.reader(file))
    reached = {row[19] for row in legs if row[14] == "ANSWERED" and row[6]}
    called = {row[19] for row in legs if row[6]}
    assert (len({row[19] for row in legs}), len(called)) == (36, 30)
    outcomes = dict(found.engine.rows("SELECT call_id, outcome FROM accepted"))
    assert {call for call, outcome in outcomes.items() if outcome == "answered"} == reached
    talk = {call: max(int(row[13]) for row in legs if row[19] == call and row[14] == "ANSWERED") for call in reached}
    assert dict(found.engine.rows("SELECT call_id, talk_ms // 1000 FROM accepted WHERE outcome = 'answered'")) == talk


def test_a_real_file_of_the_custom_kind():
    """14 rows of 19 columns: a caller id of doubled quotes, no answer where nobody answered."""
    path = DATA / "Master_pjsip_lab.csv"
    if not path.exists():
        pytest.skip(f"no CDR: {path} is absent")
    found = cc.read_calls(path, mapping="asterisk-cdr-custom", tz="UTC").open(POLICY)
    rows = found.engine.rows("SELECT outcome, count(*), sum(talk_ms) // 1000 FROM accepted GROUP BY 1 ORDER BY 1")
    assert rows == [("abandoned", 3, None), ("answered", 11, 13 + 13 + 18 + 8 + 8 + 7 + 3 + 2 + 2 + 2 + 2)]
