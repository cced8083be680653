"""A queue_log into calls by hand: every event, ragged arguments, rotation, several queues, what is no call."""

import csv
import gzip
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

import cc_metrics as cc
from cc_metrics import policy, reporting
from cc_metrics.errors import DataError, PolicyError
from cc_metrics.model.intervals import Period
from cc_metrics.model.promise import Policy, ServiceTerms
from cc_metrics.store import late, mapping_file
from made import plain

POLICY = Policy("p")
START = 1_767_600_000  # 5 January 2026, 08:00 UTC
COLUMNS = ("call_id", "outcome", "wait_ms // 1000", "talk_ms // 1000", "transferred", "agent_id", "customer_id")


def lines(*events):
    """Lines of a log from (second, call, queue, member, event and its arguments)."""
    return "".join(f"{START + at}|{call}|{queue}|{member}|{event}\n" for at, call, queue, member, event in events)


@pytest.fixture
def fold(tmp_path):
    """What a log, or several in the order given, is opened as."""

    def made(*texts, dimensions=()):
        paths = []
        for number, text in enumerate(texts):
            paths.append(tmp_path / f"queue_log.{number}.txt")
            paths[-1].write_text(text)
        calls = cc.read_calls(list(map(str, paths)), mapping="queue-log", tz="UTC", max_rejected=1)
        return calls.open(POLICY, dimensions)

    return made


def values(found, *columns):
    return found.engine.rows(f"SELECT {', '.join(columns or COLUMNS)} FROM accepted ORDER BY offered_ms, call_id")


def account(found):
    told = reporting.accounting(found)
    assert told.balanced
    return told.read, told.accepted, told.calls, told.ignored, told.rejected


def test_one_call_of_every_kind(fold):
    """Waits and talks are in seconds, ringing in milliseconds is no wait; the member who took the call is the agent."""
    found = fold(
        lines(
            (0, "a", "q", "NONE", "ENTERQUEUE||555001|1"),
            (5, "a", "q", "SIP/1", "RINGNOANSWER|5000"),
            (12, "a", "q", "SIP/2", "CONNECT|12|a.2|3"),
            (72, "a", "q", "SIP/2", "COMPLETECALLER|12|60|1"),
            (100, "b", "q", "NONE", 'ENTERQUEUE||555002|1|Ann "B" C'),
            (120, "b", "q", "NONE", "ABANDON|1|2|20"),
            (200, "c", "q", "NONE", "ENTERQUEUE|http://x|555003|1"),
            (230, "c", "q", "NONE", "EXITWITHTIMEOUT|1|1|30"),
            (300, "d", "q", "NONE", "ENTERQUEUE||anonymous|1"),
            (305, "d", "q", "NONE", "EXITEMPTY|1|1|5"),
            (400, "e", "q", "NONE", "ENTERQUEUE|||1"),
            (409, "e", "q", "NONE", "EXITWITHKEY|2|1|3|9"),
            (500, "f", "q", "NONE", "ENTERQUEUE||555006|1"),
            (504, "f", "q", "NONE", "WITHDRAW|1|1|4|to voicemail"),
            (600, "g", "q", "NONE", "ENTERQUEUE||555007|1"),
            (601, "g", "q", "SIP/1", "RINGCANCELED|900"),
            (602, "g", "q", "SIP/2", "CONNECT|2|g.2|1"),
        )
    )
    assert values(found) == [
        ("a|q", "answered", 12, 60, False, "SIP/2", "555001"),
        ("b|q", "abandoned", 20, None, None, None, "555002"),
        ("c|q", "redirected", 30, None, None, None, "555003"),
        ("d|q", "redirected", 5, None, None, None, None),
        ("e|q", "redirected", 9, None, None, None, None),
        ("f|q", "redirected", 4, None, None, None, "555006"),
        ("g|q", "answered", 2, None, None, "SIP/2", "555007"),  # still talking: answered, its talk not known
    ]
    assert account(found) == (17, 15, 7, {"RINGNOANSWER": 1, "RINGCANCELED": 1}, {})
    assert found.cautions == []


def test_service_level_with_a_wait_on_the_dot(fold, tmp_path):
    fold(
        lines(
            (0, "a", "q", "NONE", "ENTERQUEUE||1|1"),
            (20, "a", "q", "m", "CONNECT|20|x|1"),
            (0, "b", "q", "NONE", "ENTERQUEUE||2|1"),
            (21, "b", "q", "m", "CONNECT|21|x|1"),
            (0, "c", "r", "NONE", "ENTERQUEUE||3|1"),
            (20, "c", "r", "NONE", "EXITWITHTIMEOUT|1|1|20"),
            (0, "d", "r", "NONE", "ENTERQUEUE||4|1"),
            (21, "d", "r", "NONE", "EXITWITHTIMEOUT|1|1|21"),
            (1, "d", "r", "NONE", "RINGNOANSWER|21000"),
        )
    )
    calls = cc.read_calls(tmp_path / "queue_log.0.txt", mapping="queue-log", tz="UTC")
    rows = {row["queue"]: row for row in plain(cc.service_level(calls, within="20s", by=["queue"]))}
    assert [(rows[q]["offered"], rows[q]["answered_within"], rows[q]["denominator"]) for q in "qr"] == [
        (2, 1, 2),
        (2, 0, 1),  # redirected in time is left out
    ]


def test_transfers_stay_answered(fold):
    """TRANSFER of old, BLINDTRANSFER, and ATTENDEDTRANSFER with five arguments or six; a caller in the next queue."""
    found = fold(
        lines(
            *((at, call, "q", "NONE", "ENTERQUEUE||7|1") for at, call in enumerate("abcdef")),
            *((10 + at, call, "q", "m", f"CONNECT|10|{call}.2|2") for at, call in enumerate("abcdef")),
            (40, "a", "q", "m", "BLINDTRANSFER|200|default|10|30|1"),
            (41, "b", "q", "m", "ATTENDEDTRANSFER|BRIDGE|9f2c|10|30|1"),
            (42, "c", "q", "m", "ATTENDEDTRANSFER|LINK|Local/1@x;1|Local/1@x;2|10|30|1"),
            (43, "d", "q", "m", "ATTENDEDTRANSFER|APP|VoiceMail|10|30|1"),
            (44, "e", "q", "m", "TRANSFER|200|default|10|30"),
            (45, "f", "q", "m", "TRANSFER|200|default|10|30|1"),
            (40, "a", "other", "NONE", "ENTERQUEUE||7|1"),
            (90, "a", "other", "NONE", "ABANDON|1|1|50"),
        )
    )
    transferred = [(f"{call}|q", "answered", 10, 30, True, "m", "7") for call in "abcdef"]
    assert values(found) == [*transferred, ("a|other", "abandoned", 50, None, None, None, "7")]


def test_a_transfer_that_is_logged_after_the_next_queue_is_entered(fold):
    """The line of a transfer is written by another thread: each queue is folded by itself."""
    found = fold(
        lines(
            (0, "a", "q", "NONE", "ENTERQUEUE||7|1"),
            (4, "a", "q", "m", "CONNECT|4|x|2"),
            (30, "a", "r", "NONE", "ENTERQUEUE||7|1"),
            (30, "a", "q", "m", "BLINDTRANSFER|200|default|4|26|1"),
            (33, "a", "r", "n", "CONNECT|3|y|2"),
            (63, "a", "r", "n", "COMPLETEAGENT|3|30|1"),
        )
    )
    assert values(found, *COLUMNS[:6]) == [
        ("a|q", "answered", 4, 26, True, "m"),
        ("a|r", "answered", 3, 30, False, "n"),
    ]


def test_several_queues_and_one_queue_twice(fold):
    found = fold(
        lines(
            (0, "a", "q", "NONE", "ENTERQUEUE||7|1"),
            (30, "a", "q", "NONE", "EXITWITHTIMEOUT|1|1|30"),
            (30, "a", "r", "NONE", "ENTERQUEUE||7|1"),
            (45, "a", "r", "NONE", "EXITWITHKEY|1|1|1|15"),
            (50, "a", "q", "NONE", "ENTERQUEUE||7|1"),
            (57, "a", "q", "m", "CONNECT|7|x|2"),
            (60, "a", "q", "m", "COMPLETEAGENT|7|3|1"),
        )
    )
    assert values(found, *COLUMNS[:4]) == [
        ("a|q", "redirected", 30, None),
        ("a|r", "redirected", 15, None),
        ("a|q|2", "answered", 7, 3),
    ]
    assert account(found) == (7, 7, 3, {}, {})


ROTATED = (
    (0, "a", "q", "NONE", "ENTERQUEUE||7|1"),
    (9, "a", "q", "m", "CONNECT|9|x|2"),
    (9, "a", "q", "m", "COMPLETEAGENT|9|0|1"),
    (9, "b", "q", "NONE", "ENTERQUEUE||8|1"),
    (9, "b", "q", "NONE", "ABANDON|1|1|0"),
)


@pytest.mark.parametrize("cut", range(1, 5))
@pytest.mark.parametrize("turned", [False, True])
def test_files_rotated_in_the_middle_of_a_call(fold, cut, turned):
    """Wherever the log was cut, in a second too, and whichever file is given first."""
    whole = values(fold(lines(*ROTATED)))
    assert [row[:4] for row in whole] == [("a|q", "answered", 9, 0), ("b|q", "abandoned", 0, None)]
    parts = [lines(*ROTATED[:cut]), lines(*ROTATED[cut:])]
    found = fold(*reversed(parts)) if turned else fold(*parts)
    assert values(found) == whole


def test_a_copy_made_before_the_rotation_counts_once(fold):
    found = fold(lines(*ROTATED[:4]), lines(*ROTATED[1:]))
    assert [row[:4] for row in values(found)] == [("a|q", "answered", 9, 0), ("b|q", "abandoned", 0, None)]
    assert account(found) == (8, 5, 2, {"duplicate": 3}, {})


def test_what_the_log_does_not_hold_whole(fold, tmp_path):
    """Entered before it begins, still open at its end: ignored. In its midst: refused, with the lines."""
    found = fold(
        lines(
            (0, "early", "q", "m", "COMPLETEAGENT|5|100|1"),
            (1, "early2", "q", "NONE", "ABANDON|1|1|70"),
            (10, "a", "q", "NONE", "ENTERQUEUE||7|1"),
            (20, "a", "q", "m", "CONNECT|10|x|2"),
            (500, "lost", "q", "m", "CONNECT|3|x|2"),
            (510, "lost", "q", "m", "COMPLETEAGENT|3|10|1"),
            (600, "gone", "q", "NONE", "ENTERQUEUE||9|1"),
            (86_600, "a", "q", "m", "COMPLETEAGENT|10|86400|1"),
            (86_900, "z", "q", "NONE", "ENTERQUEUE||8|1"),
            (87_001, "NONE", "NONE", "NONE", "QUEUESTART|"),
        )
    )
    assert values(found, *COLUMNS[:4]) == [("a|q", "answered", 10, 86_400)]  # 24 hours are not too long
    assert account(found) == (
        10,
        3,
        1,
        {"entered before the log begins": 2, "still open at the end of the log": 1, "QUEUESTART": 1},
        {"no event with which the call entered": 2, "no event with which the call left the queue": 1},
    )
    assert reporting.write_rejected(found, tmp_path / "rejected.csv") == 3
    with (tmp_path / "rejected.csv").open(newline="") as file:
        listed = [(int(r["line"]), r["reason"], r["text"].split("|")[1]) for r in csv.DictReader(file)]
    assert listed == [
        (5, "no event with which the call entered", "lost"),
        (6, "no event with which the call entered", "lost"),
        (7, "no event with which the call left the queue", "gone"),
    ]


@pytest.mark.parametrize(("wait", "early"), [(8, True), (7, False)])
def test_early_is_what_entered_before_the_first_line(fold, wait, early):
    """Clocks read in whole seconds: what entered 2 s after the first line may have been before it, 3 s after not."""
    found = fold(
        lines(
            (0, "a", "q", "NONE", "ENTERQUEUE||7|1"),
            (10, "b", "q", "NONE", f"ABANDON|1|1|{wait}"),
            (11, "a", "q", "NONE", "ABANDON|1|1|11"),
        )
    )
    assert found.account.ignored == ({"entered before the log begins": 1} if early else {})
    assert found.account.rejected == ({} if early else {"no event with which the call entered": 1})


@pytest.mark.parametrize(("before", "kept"), [(86_400, 1), (86_401, 0)])
def test_open_is_what_began_in_the_last_24_hours(fold, before, kept):
    found = fold(
        lines(
            (0, "a", "q", "NONE", "ENTERQUEUE||7|1"),
            (before, "b", "q", "NONE", "ENTERQUEUE||7|1"),
            (before, "b", "q", "NONE", "ABANDON|1|1|0"),
        )
    )
    assert found.account.ignored == ({"still open at the end of the log": 1} if kept else {})


def test_lost_lines_of_an_entry(fold):
    """What goes on after the end of a passage belongs to one whose entry is lost; an end told again says no more."""
    found = fold(
        lines(
            (0, "a", "q", "NONE", "ENTERQUEUE||7|1"),
            (10, "a", "q", "m", "CONNECT|10|x|2"),
            (40, "a", "q", "m", "BLINDTRANSFER|200|default|10|30|1"),
            (41, "a", "q", "m", "COMPLETECALLER|10|31|1"),
            (90, "a", "q", "n", "CONNECT|5|x|2"),
            (95, "a", "q", "n", "COMPLETECALLER|5|5|1"),
            (96, "a", "q", "NONE", "ENTERQUEUE||7|1"),
            (97, "a", "q", "NONE", "ABANDON|1|1|1"),
            (98, "a", "q", "n", "COMPLETECALLER|1|0|1"),
        )
    )
    assert values(found, *COLUMNS[:6]) == [
        ("a|q", "answered", 10, 30, True, "m"),
        ("a|q|2", "abandoned", 1, None, None, None),
    ]
    assert account(found)[2:] == (2, {}, {"no event with which the call entered": 2})


def test_lines_that_are_none(fold, tmp_path):
    """Damaged lines are refused with their number, ids that are no call's too; blank lines are no rows."""
    good = lines((0, "a", "q", "NONE", "ENTERQUEUE||7|1"), (6, "a", "q", "NONE", "ABANDON|1|1|6"))
    bad = 'garbage\n\nsoon|b|q|NONE|ENTERQUEUE||7|1\n1|\n"1767600000|c|q|NONE|ABANDON|1|1|6\n'
    ids = lines((7, "NONE", "q", "m", "CONNECT|1|x|1"), (8, "REALTIME", "q", "m", "ADDMEMBER"), (9, "d", "q", "m", ""))
    (tmp_path / "bytes.txt").write_bytes((good + bad + ids).encode() + b"1767600001|\xff\xfe|q|m|CONNECT|1|x|1\n")
    calls = cc.read_calls(tmp_path / "bytes.txt", mapping="queue-log", tz="UTC", max_rejected=1)
    found = calls.open(POLICY)
    assert account(found) == (
        10,
        2,
        1,
        {"ADDMEMBER": 1},
        {"no call_id": 3, "event_at is not a time": 2, "no event": 1, "undecodable bytes": 1},
    )
    assert reporting.write_rejected(found, tmp_path / "rejected.csv") == 7
    with (tmp_path / "rejected.csv").open(newline="") as file:
        listed = {int(r["line"]): r["text"] for r in csv.DictReader(file)}
    assert (listed[3], listed[5], listed[6]) == ("garbage", "soon|b|q|NONE|ENTERQUEUE||7|1", "1|")
    assert sorted(listed) == [3, 5, 6, 7, 8, 10, 11]


def test_events_of_others_play_no_part_and_are_told(fold):
    found = fold(
        lines(
            (0, "a", "q", "NONE", "ENTERQUEUE||7|1"),
            (1, "a", "q", "m", "INFO|vip|1"),
            (2, "a", "q", "m", "SURVEY|5"),
            (3, "a", "q", "m", "SURVEY|5|6"),
            (6, "a", "q", "NONE", "ABANDON|1|1|6"),
        )
    )
    assert account(found) == (5, 2, 1, {"unknown event": 3}, {})
    [(code, text)] = found.cautions
    assert code == "unknown_events"
    assert text.startswith("3 lines bear events that are not known here: SURVEY, INFO.")


def test_missing_arguments_are_made_up_by_the_times_of_the_lines(fold):
    found = fold(
        lines(
            (0, "a", "q", "NONE", "ENTERQUEUE"),
            (15, "a", "q", "m", "CONNECT"),
            (75, "a", "q", "m", "COMPLETEAGENT"),
            (80, "b", "q", "NONE", "ENTERQUEUE|"),
            (88, "b", "q", "NONE", "EXITWITHTIMEOUT|1"),
            (90, "c", "q", "NONE", "ENTERQUEUE||7|1"),
            (99, "c", "q", "m", "COMPLETEAGENT|4|5|1"),  # its CONNECT is lost: what it counts is known
        )
    )
    assert values(found, *COLUMNS[:5]) == [
        ("a|q", "answered", 15, 60, False),
        ("b|q", "redirected", 8, None, None),
        ("c|q", "answered", 4, 5, False),
    ]


def test_what_the_log_counts_is_held_against_its_times(fold):
    """The argument counts; two seconds are two clocks read in whole seconds, three are told."""
    found = fold(
        lines(
            (0, "a", "q", "NONE", "ENTERQUEUE||1|1"),
            (10, "a", "q", "m", "CONNECT|8|x|1"),
            (0, "b", "q", "NONE", "ENTERQUEUE||2|1"),
            (10, "b", "q", "m", "CONNECT|13|x|1"),
        )
    )
    assert [row[2] for row in values(found)] == [8, 13]
    [(code, text)] = found.cautions
    assert code == "waits_differ"
    assert text.startswith("In 1 of 2 calls the log counts another wait")


def test_waits_that_cannot_be(fold):
    found = fold(
        lines(
            (0, "a", "q", "NONE", "ENTERQUEUE||1|1"),
            (1, "a", "q", "NONE", "ABANDON|1|1|-4"),
            (2, "b", "q", "NONE", "ENTERQUEUE||2|1"),
            (3, "b", "q", "NONE", "ABANDON|1|1|86401"),
            (4, "c", "q", "NONE", "ENTERQUEUE||3|1"),
            (5, "c", "q", "NONE", "ABANDON|1|1|1"),
        )
    )
    assert account(found)[2:] == (1, {}, {"wait_ms is negative": 2, "wait_ms is longer than 24 hours": 2})


def test_lines_of_calls_outside_open_hours(tmp_path):
    (tmp_path / "log.txt").write_text(lines(*ROTATED))
    (tmp_path / "policy.toml").write_text('name = "p"\ntimezone = "UTC"\nopen = "Mon-Sun 09:00-20:00"\n')
    loaded = policy.load(str(tmp_path / "policy.toml"))
    found = cc.read_calls(tmp_path / "log.txt", mapping="queue-log").open(loaded)
    assert account(found) == (5, 0, 0, {"outside open hours": 5}, {})


def test_a_call_stands_where_it_entered_and_bears_its_last_event(fold, tmp_path):
    found = fold(lines(*ROTATED), dimensions=("event",))
    assert values(found, "file", "row", found.dimensions["event"]) == [(0, 0, "COMPLETEAGENT"), (0, 3, "ABANDON")]
    whole = Period(START * 1000, (START + 60) * 1000)
    header, listed = late.calls(found, [], whole, ServiceTerms(), {})
    rows = [dict(zip(header, row, strict=True)) for row in listed]
    assert [(row["line"], row["call_id"], row["outcome"]) for row in rows] == [(4, "b|q", "abandoned")]
    calls = cc.read_calls(tmp_path / "queue_log.0.txt", mapping="queue-log", tz="UTC")
    rows = plain(cc.service_level(calls, within="20s", by=["event"]))
    assert {row["event"]: row["offered"] for row in rows} == {"COMPLETEAGENT": 1, "ABANDON": 1}


def test_a_compressed_log(tmp_path):
    with gzip.open(tmp_path / "queue_log.gz", "wt") as file:
        file.write(lines(*ROTATED))
    calls = cc.read_calls(tmp_path, mapping="queue-log", tz="UTC")
    assert (calls.accounting.read, calls.accounting.calls) == (5, 2)


TABLE = "time,callid,queuename,agent,event,data1,data2,data3,data4,data5\n"


def test_the_table_of_a_database_in_local_time(tmp_path):
    """Five columns of arguments, of which the last holds the rest; both passes of the hour that clocks go back."""
    (tmp_path / "log.csv").write_text(
        TABLE
        + "2026-10-25 02:59:50.120000,a,q,NONE,ENTERQUEUE,,555,1,,\n"
        + "2026-10-25 02:00:05.340000,a,q,SIP/2,CONNECT,15,a.2,3,,\n"
        + "2026-10-25 02:01:06.340000,a,q,SIP/2,ATTENDEDTRANSFER,LINK,Local/1,Local/2,15,60|1\n"
        + "2026-10-25 02:30:00.000000,b,q,NONE,ENTERQUEUE,,556,1,,\n"
        + "2026-10-25 02:30:04.000000,b,q,NONE,ABANDON,1,1,4,,\n"
    )
    calls = cc.read_calls(tmp_path / "log.csv", mapping="queue-log-table", tz="Europe/Berlin")
    found = calls.open(POLICY)
    assert values(found, *COLUMNS[:6]) == [
        ("a|q", "answered", 15, 60, True, "SIP/2"),
        ("b|q", "abandoned", 4, None, None, None),
    ]
    assert [row["start"] for row in plain(cc.service_level(calls, every="30m"))] == [
        "2026-10-25T02:30:00+02:00",
        "2026-10-25T02:30:00+01:00",
    ]
    assert [code for code, _ in found.cautions] == ["doubled_hour"]


@pytest.mark.parametrize("kind", ["frame", "parquet"])
def test_a_typed_table(tmp_path, kind):
    moments = [datetime(2026, 1, 5, 9) + timedelta(seconds=at) for at in (0, 7, 67)]  # noqa: DTZ001
    columns = {
        "time": moments,
        "callid": ["a"] * 3,
        "queuename": ["q"] * 3,
        "agent": ["NONE", "m", "m"],
        "event": ["ENTERQUEUE", "CONNECT", "COMPLETECALLER"],
        "data1": ["", "7", "7"],
        "data2": ["555", "x", "60"],
        "data3": ["1", "2", "1"],
        "data4": [None] * 3,
        "data5": [None] * 3,
    }
    source = pa.table(columns)
    if kind == "parquet":
        import pyarrow.parquet as pq

        pq.write_table(source, tmp_path / "log.parquet")
        source = tmp_path / "log.parquet"
    found = cc.read_calls(source, mapping="queue-log-table", tz="Asia/Shanghai").open(POLICY)
    assert values(found) == [("a|q", "answered", 7, 60, False, "m", "555")]


def test_the_older_table_with_one_column_of_arguments(tmp_path):
    written = "".join(",".join(line.split("|", 5)) + "\n" for line in lines(*ROTATED).splitlines())
    (tmp_path / "log.csv").write_text("time,callid,queuename,agent,event,data\n" + written)
    found = cc.read_calls(tmp_path / "log.csv", mapping="queue-log-data", tz="UTC").open(POLICY)
    assert [row[:4] for row in values(found)] == [("a|q", "answered", 9, 0), ("b|q", "abandoned", 0, None)]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('form = "queue_log"', 'form = "queuelog"', "'queuelog' is not a form"),
        ('event = "event"', "", r"\[queue_events\] names no event"),
        (
            "[queue_events] ",
            '[calls]\ncall_id = "x"\noffered_at = "x"\noutcome = "x"\n[queue_events] ',
            "calls are folded",
        ),
    ],
)
def test_mappings_that_cannot_be_followed(old, new, sentence):
    written = mapping_file.text("queue-log").replace(old, new, 1)
    with pytest.raises(PolicyError, match=sentence):
        mapping_file.parse(written, "made.toml")


def test_a_file_that_is_no_log(tmp_path):
    (tmp_path / "calls.csv").write_text("call_id,offered_at\na,2026-01-05\nb,2026-01-05\n")
    with pytest.raises(DataError, match="3 of 3 rows were rejected"):
        cc.read_calls(tmp_path / "calls.csv", mapping="queue-log", tz="UTC").accounting  # noqa: B018


SAMPLE = Path(__file__).parents[2] / "shared" / "data" / "asterisk-samples" / "queue_log_sample.txt"


def test_a_real_log():
    """Ten lines: one caller gave up after 68 s, one entered and was never heard of again."""
    if not SAMPLE.exists():
        pytest.skip(f"no queue_log: {SAMPLE} is absent")
    found = cc.read_calls(SAMPLE, mapping="queue-log", tz="UTC").open(POLICY)
    assert account(found) == (
        10,
        2,
        1,
        {"QUEUESTART": 6, "ADDMEMBER": 1, "still open at the end of the log": 1},
        {},
    )
    assert values(found, "call_id", "outcome", "wait_ms", "customer_id") == [
        ("1596512941.163|support", "abandoned", 68_000, "7000")
    ]
