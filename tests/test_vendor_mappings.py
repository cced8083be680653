"""Shipped mappings of vendors' formats: samples made from the documented columns, every figure worked out by hand.

The samples are no exports: they hold a dozen rows each, one for every trap that is known of the format.
"""

from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest

import cc_metrics as cc
from cc_metrics.errors import UsageError

SAMPLES = Path(__file__).parent / "samples"


@dataclass(frozen=True)
class Expected:
    """What a sample must give: rows, outcomes, waits and talks in seconds, level within 20 s, the first half-hour."""

    read: int
    accepted: int
    ignored: dict[str, int]
    rejected: dict[str, int]
    outcomes: tuple[int, int, int]  # answered, abandoned, redirected
    level: tuple[int, int] | None  # answered within, of: answered, abandoned and late redirected
    waits: tuple[float, ...]  # of answered calls
    talks: tuple[float, ...]
    start: str
    tz: str | None = None
    file: str = "calls.csv"
    wraps: tuple[float, ...] = ()
    short: int | None = 0  # None: how long abandoned calls waited is not recorded
    where: dict[str, str] = field(default_factory=dict)


EXPECTED = {
    "five9": Expected(
        read=13,
        accepted=6,
        ignored={
            "queue callback without an agent": 1,
            "queue callback": 1,
            "outbound": 2,
            "ended in the menu": 1,
        },
        rejected={"unknown outcome": 2},  # a manual call, and a call without the flag
        outcomes=(3, 2, 1),
        level=(1, 6),  # 20 s is in, 21 s is not; redirected after 120 s
        waits=(20, 21, 3605),
        talks=(120, 240, 360),
        wraps=(30, 0, 0),
        short=1,
        start="2026-03-02T09:00:00",
        file="call-log.csv",
    ),
    "zendesk-talk": Expected(
        read=15,
        accepted=11,
        ignored={"hung up in the menu": 1, "failed": 1, "outbound": 1, "earlier state": 1},
        rejected={},
        outcomes=(5, 2, 4),
        level=(4, 10),  # redirected after 60, 80 and 90 s; one after 18 s is left out
        waits=(10, 20, 45, 5, 15),
        talks=(100, 200, 300, 40, 90),
        wraps=(10, 20, 30, 0, 30),
        start="2026-03-02T09:00:00+01:00",
        tz="Europe/Berlin",
    ),
    "talkdesk": Expected(
        read=12,
        accepted=9,
        ignored={"outbound": 2},
        rejected={"unknown outcome": 1},
        outcomes=(4, 2, 3),
        level=(3, 8),
        waits=(20, 21, 0, 15),
        talks=(60, 120, 30, 90),
        short=1,
        start="2026-03-02T09:00:00-03:00",
        tz="America/Sao_Paulo",
    ),
    "vicidial": Expected(
        read=13,
        accepted=9,
        ignored={"after hours": 1, "no reason of its end": 1},
        rejected={"unknown outcome": 2},  # a call that is still going on, a recall from hold
        outcomes=(3, 3, 3),
        level=(2, 8),  # 20.00 s is in, 20.01 s is not
        waits=(20, 20.01, 0),
        talks=(180, 69.99, 300),
        short=1,
        start="2026-03-02T09:00:00",
        file="closer-log.csv",
    ),
    "nice-cxone": Expected(
        read=12,
        accepted=7,
        ignored={"never queued": 2, "neither abandoned nor not": 1, "later leg of a call": 1},
        rejected={"offered_at is not a time": 1},  # a thirteenth month
        outcomes=(4, 1, 1),
        level=(3, 6),
        waits=(20, 21, 5, 15),
        talks=(150, 200, 60, 90),  # the first was transferred: 100 and 50
        start="2026-03-04T09:00:00",  # 03/04/2026 is the fourth of March
        file="call-detail.csv",
        where={"channel": "voice"},
    ),
    "fusionpbx": Expected(
        read=12,
        accepted=8,
        ignored={"agents' legs": 2, "not of a queue": 1},
        rejected={"unknown outcome": 1},  # cancelled for no reason told
        outcomes=(3, 2, 3),
        level=(2, 7),
        waits=(20, 21, 0),
        talks=(120, 60, 180),
        start="2026-03-02T09:00:00+01:00",
        tz="Europe/Berlin",
        file="xml-cdr.csv",
    ),
    "chinese-export": Expected(
        read=12,
        accepted=9,
        ignored={"ended in the menu": 1},
        rejected={"unknown outcome": 1, "offered_at is not a time": 1},  # an agent hung up on nobody; a 31st month
        outcomes=(4, 3, 2),  # a hang-up by the customer is two things
        level=(3, 9),  # redirected after 60 and 120 s
        waits=(20, 21, 5, 0),
        talks=(120, 60, 30, 90),  # H:MM:SS and seconds, full-width too
        wraps=(30, 0, 15, 15),
        short=1,
        start="2013-08-31T09:00:00+08:00",
    ),
    "pwc-phonenow": Expected(
        read=6,
        accepted=4,
        ignored={},
        rejected={"no wait_ms": 1, "unknown outcome": 1},  # an answered call without a wait; an abandoned one stays
        outcomes=(3, 1, 0),
        level=(2, 4),  # 20 s is in, 21 s is not
        waits=(20, 21, 0),
        talks=(120, 60, 9),
        short=None,
        start="2021-03-01T09:00:00",
    ),
    "ringcentral": Expected(
        read=12,
        accepted=9,
        ignored={"outbound": 1, "faxes": 1},
        rejected={"unknown outcome": 1},
        outcomes=(5, 3, 1),
        level=None,
        waits=(),
        talks=(),
        start="2026-03-02T09:00:00-08:00",
        tz="America/Los_Angeles",
        file="call-log.csv",
    ),
    "aircall": Expected(
        read=13,
        accepted=7,
        ignored={
            "outside opening hours": 1,
            "hung up in the menu": 1,
            "outbound": 2,
            "neither answered nor missed": 1,
        },
        rejected={"unknown outcome": 1},
        outcomes=(3, 2, 2),
        level=(2, 6),
        waits=(20, 21, 5),
        talks=(120, 60, 180),
        short=1,
        start="2026-03-02T09:00:00+01:00",
        tz="Europe/Paris",
    ),
    "amazon-connect": Expected(
        read=14,
        accepted=7,
        ignored={
            "callback": 1,
            "never queued": 1,
            "outbound": 1,
            "duplicate": 1,
            "earlier state": 1,
            "later leg of a call": 1,
        },
        rejected={"not valid JSON": 1},  # a line cut short
        outcomes=(2, 2, 2),  # asked to be called back after 60 s, sent on by the flow after 90 s
        level=(1, 6),
        waits=(20, 21),
        talks=(100, 250),  # the second was transferred: 50 and 200
        wraps=(30, 10),
        short=1,
        start="2026-03-02T09:00:00+01:00",  # in the queue; in the menu it was a minute to nine
        tz="Europe/Berlin",
        file="contacts.jsonl",
        where={"channel": "voice"},
    ),
    "amazon-connect-search": Expected(
        read=11,
        accepted=7,
        ignored={"callback": 1, "never queued": 1, "outbound": 1, "still going on": 1},
        rejected={},
        outcomes=(3, 2, 1),
        level=(2, 6),
        waits=(20, 21, 5),
        talks=(110, 50, 220),  # with 10 and 20 s on hold
        wraps=(30, 0, 10),
        short=1,
        start="2026-03-02T09:00:00+01:00",
        tz="Europe/Berlin",
        file="contacts.csv",
        where={"channel": "voice"},
    ),
    "genesys-cloud": Expected(
        read=15,  # visits to queues, and a row for a conversation that made none
        accepted=11,
        ignored={"callback": 1, "never queued": 1, "outbound": 1},
        rejected={"unknown outcome": 1},  # still waiting
        outcomes=(6, 2, 2),  # flowed out after 90 s, and after 15 s to be called back
        level=(4, 9),
        waits=(20, 20.001, 5, 30, 7, 1),
        talks=(120, 60, 50, 100, 70, 20),
        wraps=(30, 10, 5, 20, 7, 2),
        short=1,
        start="2026-03-02T09:00:00+01:00",
        tz="Europe/Berlin",
        file="conversations.json",
        where={"channel": "voice"},
    ),
    "cisco-uccx": Expected(
        read=12,
        accepted=9,
        ignored={"handled by another queue": 1},
        rejected={"no wait_ms": 1, "unknown outcome": 1},  # -1 is nothing; no disposition
        outcomes=(5, 2, 2),
        level=(4, 9),  # taken out after 90 s, served by the script after 60 s
        waits=(20, 21, 15, 0, 5),
        talks=(),
        short=1,
        start="2026-03-02T09:00:00+01:00",
        tz="Europe/Berlin",
        file="contact-queue-detail.csv",
    ),
    "cisco-cucm": Expected(
        read=10,
        accepted=5,
        ignored={"line of column types": 1, "busy or unallocated": 2},
        rejected={"unknown outcome": 1, "no offered_at": 1},  # out of order; a caller who never dialled
        outcomes=(3, 2, 0),
        level=None,
        waits=(),
        talks=(120, 60, 180),
        start="2026-03-02T03:00:00-05:00",
        tz="America/New_York",
        file="cdr.csv",
    ),
    "avaya-ech": Expected(
        read=11,
        accepted=8,
        ignored={"no call of a queue": 1, "other disposition": 1},
        rejected={"unknown outcome": 1},
        outcomes=(3, 2, 3),
        level=(2, 7),  # sent on after 90 s, turned away after 25 s; one ended after 5 s is left out
        waits=(20, 21, 4),
        talks=(100, 200, 60),
        wraps=(30, 0, 10),
        short=1,
        start="2026-03-02T10:00:00-05:00",
        tz="America/New_York",
        file="ech.csv",
    ),
    "8x8": Expected(
        read=11,
        accepted=6,
        ignored={"never queued": 1, "ended in the menu": 1, "internal": 1, "outbound": 1},
        rejected={"unknown outcome": 1},  # what Dequeued means is not documented
        outcomes=(3, 2, 0),
        level=(1, 5),
        waits=(20, 21, 3605),
        talks=(120, 240, 360),
        wraps=(30, 0, 0),
        short=1,
        start="2026-03-02T09:00:00+01:00",
        tz="Europe/Berlin",
        file="interaction-details.csv",
        where={"channel": "voice"},
    ),
    "3cx": Expected(
        read=7,
        accepted=5,
        ignored={"made by an extension": 1},
        rejected={"offered_at is not a time": 1},  # the month first
        outcomes=(3, 2, 0),
        level=None,
        waits=(),
        talks=(120, 240, 360),
        start="2026-03-02T09:00:00",
        file="cdr.log",
    ),
    "twilio-flex": Expected(
        read=12,
        accepted=6,
        ignored={"no segment of a queue": 4, "outbound": 1},
        rejected={"unknown outcome": 1},
        outcomes=(2, 2, 1),
        level=(1, 5),
        waits=(20, 21),
        talks=(),
        short=1,
        start="2026-03-02T09:00:00",
        file="segments.csv",
        where={"channel": "voice"},
    ),
    "queue-log": Expected(
        read=19,  # lines of the log
        accepted=16,
        ignored={"RINGNOANSWER": 1, "PAUSE": 1, "still open at the end of the log": 1},
        rejected={},
        outcomes=(3, 2, 2),
        level=(2, 6),  # answered after 0 and 20 s; redirected after 30 s is late, at once is left out
        waits=(20, 21, 0),
        talks=(120, 60, 90),
        short=1,
        start="2026-03-02T10:00:00+01:00",
        tz="Europe/Berlin",
        file="queue_log.txt",
    ),
    "queue-log-table": Expected(
        read=19,  # lines of the log
        accepted=16,
        ignored={"RINGNOANSWER": 1, "PAUSE": 1, "still open at the end of the log": 1},
        rejected={},
        outcomes=(3, 2, 2),
        level=(2, 6),  # answered after 0 and 20 s; redirected after 30 s is late, at once is left out
        waits=(20, 21, 0),
        talks=(120, 60, 90),
        short=1,
        start="2026-03-02T09:00:00",
        file="queue_log.csv",
    ),
    "queue-log-data": Expected(
        read=19,  # lines of the log
        accepted=16,
        ignored={"RINGNOANSWER": 1, "PAUSE": 1, "still open at the end of the log": 1},
        rejected={},
        outcomes=(3, 2, 2),
        level=(2, 6),  # answered after 0 and 20 s; redirected after 30 s is late, at once is left out
        waits=(20, 21, 0),
        talks=(120, 60, 90),
        short=1,
        start="2026-03-02T10:00:00+01:00",
        tz="Europe/Berlin",
        file="queue_log.csv",
    ),
    "asterisk-cdr": Expected(
        read=14,
        accepted=6,
        ignored={"further leg of a call": 4, "ended in the menu": 2},
        rejected={"unknown outcome": 1, "offered_at is not a time": 1},
        outcomes=(3, 2, 1),  # answered by a queue that reached nobody: abandoned
        level=None,
        waits=(),
        talks=(125, 60, 30),
        start="2026-03-02T09:00:00",  # of the first leg: the one that was answered began 15 s later
        file="Master.csv",
    ),
    "asterisk-cdr-custom": Expected(
        read=13,
        accepted=6,
        ignored={"further leg of a call": 3, "ended in the menu": 2},
        rejected={"unknown outcome": 1, "offered_at is not a time": 1},
        outcomes=(3, 2, 1),  # answered by a queue that reached nobody: abandoned
        level=None,
        waits=(),
        talks=(125, 60, 30),
        start="2026-03-02T09:00:00",  # of the first leg: the one that was answered began 15 s later
        file="Master.csv",
    ),
    "freepbx-cdr": Expected(
        read=15,
        accepted=6,
        ignored={"further leg of a call": 3, "ended in the menu": 2, "from inside": 2},
        rejected={"unknown outcome": 1, "offered_at is not a time": 1},
        outcomes=(3, 2, 1),  # answered by a queue that reached nobody: abandoned
        level=None,
        waits=(),
        talks=(125, 60, 30),
        start="2026-03-02T09:00:00",  # of the first leg: the one that was answered began 15 s later
        file="cdr.csv",
    ),
}


def told(source, mapping, expected):
    """Everything that is expected of a sample, as it comes out."""
    calls = cc.read_calls(source, mapping=mapping, tz=expected.tz, max_rejected=1)
    account = calls.accounting
    assert account.balanced
    rows = cc.service_level(calls, within="20s")
    for name, value in expected.where.items():
        rows = rows[rows[name] == value] if name in rows else rows
    counted = {"rows": (account.read, account.accepted, account.ignored, account.rejected)}
    if rows.empty:
        return counted
    [row] = rows.astype(object).where(rows.notna(), None).to_dict("records")
    return counted | {
        "outcomes": (row["answered"], row["abandoned"], row["redirected"]),
        "level": row["answered_within"] and (row["answered_within"], row["denominator"]),
        "short": row["short_abandoned"],
        "seconds": [row[f"mean_{name}_s"] for name in ("wait", "talk", "wrap")],
        "longest": row["longest_wait_s"],
        "start": cc.service_level(calls, every="30m")["start"].min(),
    }


def by_hand(expected):
    def mean(values):
        return sum(values) / len(values) if values else None

    return {
        "rows": (expected.read, expected.accepted, expected.ignored, expected.rejected),
        "outcomes": expected.outcomes,
        "level": expected.level,
        "short": expected.short if expected.level else None,
        "seconds": [pytest.approx(mean(v)) for v in (expected.waits, expected.talks, expected.wraps)],
        "longest": max(expected.waits, default=None),
        "start": expected.start,
    }


@pytest.mark.parametrize("name", EXPECTED)
def test_samples_give_the_figures_worked_out_by_hand(name):
    expected = EXPECTED[name]
    assert told(SAMPLES / name / expected.file, name, expected) == by_hand(expected)
    if expected.tz:
        with pytest.raises(UsageError, match="no reporting zone is named"):
            cc.read_calls(SAMPLES / name, mapping=name, max_rejected=1).accounting  # noqa: B018


TYPED = "zendesk-talk talkdesk fusionpbx ringcentral aircall cisco-uccx avaya-ech 8x8"


@pytest.mark.parametrize("name", TYPED.split())
def test_typed_tables_give_the_same(name):
    """What an interface answers comes as a typed table as often as a text: numbers, truths and moments."""
    expected = EXPECTED[name]
    with duckdb.connect() as engine:
        table = engine.read_csv(str(SAMPLES / name / expected.file)).to_arrow_table()
    assert told(table, name, expected) == by_hand(expected)


@pytest.mark.parametrize("name", ["ringcentral", "cisco-cucm", "3cx"])
def test_a_source_without_waits_refuses_the_service_level_alone(name):
    expected = EXPECTED[name]
    calls = cc.read_calls(SAMPLES / name / expected.file, mapping=name, tz=expected.tz, max_rejected=1)
    assert "no_waits" in [warning.code for warning in cc.report(calls).report.warnings]
    assert cc.first_call_resolution(calls).iloc[0]["answered"] == expected.outcomes[0]


def test_nice_says_0_for_what_was_in_time():
    """SLA is no part of the mapping; as a dimension it agrees with what the waits say, its 1 being late."""
    calls = cc.read_calls(SAMPLES / "nice-cxone", mapping="nice-cxone", max_rejected=1)
    rows = cc.service_level(calls, within="20s", by=["SLA"])
    rows = rows[rows["channel"] == "voice"].set_index("SLA")
    assert rows["answered"].to_dict() == {"0": 3, "1": 1}
    assert rows["answered_within"].to_dict() == {"0": 3, "1": 0}
