"""An event log into cases by hand: first and last times, pauses, reopening, last values, rejected cases, tickets."""

import csv
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import pyarrow as pa
import pytest

import case_fixture
import cc_metrics as cc
from cc_metrics import policy, reporting
from cc_metrics.errors import PolicyError
from cc_metrics.model.promise import Policy
from cc_metrics.store import mapping_file

POLICY = Policy("p")
HEADER = "Ticket ID,Timestamp,Status,Who,Grade\n"
EVENTS = """
name = "made"
[events]
case = "Ticket ID"
at = { column = "Timestamp", format = "%Y-%m-%d %H:%M" }
status = "Status"
first = { opened_at = ["Logged"], responded_at = ["In progress", "Called"] }
last = { resolved_at = ["Completed"] }
paused = ["Awaiting customer", "Awaiting parts"]
"""
CASES = '[cases]\nowner = "Who"\nkind = { always = "repair" }\n'
MINUTE = 60_000


def ms(text):
    """UTC ms of a local text without a zone."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


@pytest.fixture
def fold(tmp_path):
    """Cases from lines of an event log (case, day and time in August 2013, status, who, grade)."""

    def made(*lines, more="", dimensions=(), **options):
        (tmp_path / "log.csv").write_text(HEADER + "".join(f"{line}\n" for line in lines))
        (tmp_path / "made.toml").write_text(EVENTS + more + CASES)
        cases = cc.read_cases(tmp_path / "log.csv", mapping=str(tmp_path / "made.toml"), max_rejected=1, **options)
        return cases.open(POLICY, dimensions)

    return made


def values(found, *columns):
    return found.engine.rows(f"SELECT {', '.join(columns)} FROM {found.view} ORDER BY case_id")


def test_first_and_last_times_and_last_values(fold):
    found = fold(
        "a,2013-08-20 11:00,Completed,Li,B",  # the order of the file does not matter
        "a,2013-08-20 09:00,Logged,desk,A",
        "a,2013-08-20 09:20,Called,Wu,A",
        "a,2013-08-20 09:10,In progress,Wu,A",
        "a,2013-08-20 10:00,Completed,Wu,A",
        "b,2013-08-20 09:05,Logged,,C",
        "a,2013-08-20 12:00,Rated,,B",
        dimensions=("Grade",),
    )
    account = reporting.accounting(found)
    assert (account.read, account.accepted, account.cases, account.balanced) == (7, 7, 2, True)
    columns = ("case_id", "opened_ms", "responded_ms", "resolved_ms", "owner", "kind", found.dimensions["Grade"])
    assert values(found, *columns) == [
        ("a", ms("2013-08-20 09:00"), ms("2013-08-20 09:10"), ms("2013-08-20 11:00"), None, "repair", "B"),
        ("b", ms("2013-08-20 09:05"), None, None, None, "repair", "C"),
    ]
    assert found.days()[-1].last_ms == ms("2013-08-20 12:00")
    assert [day.rows for day in found.days()] == [6]  # every moment of both cases
    [(code, text)] = found.cautions
    assert code == "events_after_resolved"
    assert text.startswith("1 cases have events after they were resolved")


def test_time_in_paused_statuses_is_summed(fold):
    found = fold(
        "a,2013-08-20 09:00,Logged,,",
        "a,2013-08-20 09:10,Awaiting customer,,",
        "a,2013-08-20 09:40,Awaiting parts,,",
        "a,2013-08-20 10:00,In progress,,",
        "a,2013-08-20 10:30,Awaiting customer,,",
        "a,2013-08-20 10:31,Completed,,",
        "b,2013-08-20 09:00,Logged,,",
        "c,2013-08-20 09:00,Logged,,",
        "c,2013-08-20 09:30,Awaiting customer,,",  # goes on: how long is not known yet
    )
    assert values(found, "case_id", "paused_ms") == [("a", 51 * MINUTE), ("b", 0), ("c", 0)]


def test_without_paused_statuses_the_pause_is_unknown(tmp_path):
    (tmp_path / "log.csv").write_text(HEADER + "a,2013-08-20 09:00,Logged,,\n")
    (tmp_path / "made.toml").write_text(EVENTS.replace("paused =", "#"))
    found = cc.read_cases(tmp_path / "log.csv", mapping=str(tmp_path / "made.toml")).open(POLICY)
    assert values(found, "paused_ms", "reopened") == [(None, None)]


def test_reopened_cases(fold):
    """Reopening counts after a resolution only; a case that was not resolved since is open."""
    found = fold(
        "a,2013-08-20 09:00,Logged,,",
        "a,2013-08-20 10:00,Completed,,",
        "a,2013-08-20 11:00,Reopened,,",
        "a,2013-08-20 11:30,In progress,,",
        "a,2013-08-20 12:00,Completed,,",
        "a,2013-08-20 13:00,Reopened,,",
        "a,2013-08-20 13:05,Reopened,,",  # once more said, not once more done
        "a,2013-08-20 14:00,Completed,,",
        "a,2013-08-20 15:00,Archived,,",
        "b,2013-08-20 09:00,Logged,,",
        "b,2013-08-20 10:00,Completed,,",
        "b,2013-08-20 11:00,Reopened,,",
        "b,2013-08-20 11:30,In progress,,",
        "c,2013-08-20 08:00,Reopened,,",
        "c,2013-08-20 09:00,Logged,,",
        "c,2013-08-20 10:00,Completed,,",
        more='reopened = ["Reopened"]\n',
    )
    assert values(found, "case_id", "reopened", "resolved_ms") == [
        ("a", 2, ms("2013-08-20 14:00")),
        ("b", 1, None),
        ("c", 0, ms("2013-08-20 10:00")),
    ]
    assert found.cautions == []


def plain_fold(events):
    """(opened, responded, resolved, paused, reopened) of one case's events (minute, status) in order, by hand."""
    first = lambda *words: min((at for at, status in events if status in words), default=None)  # noqa: E731
    paused = sum(b[0] - a[0] for a, b in pairwise(events) if a[1] in ("Awaiting customer", "Awaiting parts"))
    done = times = 0
    resolved = None
    for at, status in events:
        if status == "Completed":
            done, resolved = 1, at
        elif status == "Reopened" and done:
            done, times, resolved = 0, times + 1, None
    return first("Logged"), first("In progress", "Called"), resolved, paused, times


@pytest.mark.parametrize("seed", range(3))
def test_folding_equals_a_plain_reading(fold, seed):
    draw = Random(seed)
    statuses = ("In progress", "Called", "Completed", "Awaiting customer", "Awaiting parts", "Reopened", "Rated")
    lines, expected = [], {}
    for case in range(150):
        later = sorted(draw.randrange(1, 30) for _ in range(draw.randrange(8)))
        events = [(0, "Logged"), *((at, draw.choice(statuses)) for at in later)]
        lines.append([f"{case},2013-08-20 09:{at:02},{status},{n}," for n, (at, status) in enumerate(events)])
        expected[str(case)] = plain_fold(events)
    mixed = []
    while any(lines):  # cases interleave, each in its own order
        mixed.append(draw.choice([rest for rest in lines if rest]).pop(0))
    found = fold(*mixed, more='reopened = ["Reopened"]\n')
    start = ms("2013-08-20 09:00")
    columns = [f"({name} - {start}) // {MINUTE}" for name in ("opened_ms", "responded_ms", "resolved_ms")]
    rows = values(found, "case_id", *columns, f"paused_ms // {MINUTE}", "reopened")
    assert {row[0]: row[1:] for row in rows} == expected


def test_accounting_speaks_of_events(fold, tmp_path):
    """Refused by the parser, unreadable, without a status, twice the same; cases that cannot be: all their events."""
    found = fold(
        "a,2013-08-20 09:00,Logged,Li,",
        "a,2013-08-20 09:00,Logged,Li,",
        "a,2013-08-20 09:00,Logged,Wu,",
        "a,soon,Completed,,",
        "a,2013-08-20 10:00,,,",
        ",2013-08-20 10:00,Logged,,",
        "short",
        "late,2013-08-20 09:00,Completed,,",
        "late,2013-08-20 10:00,Logged,,",
        "none,2013-08-20 09:00,Completed,,",
        "none,2013-08-20 08:00,In progress,,",
        "called,2013-08-20 08:00,Called,,",
        "called,2013-08-20 09:00,Logged,,",
    )
    account = reporting.accounting(found)
    assert (account.read, account.accepted, account.cases, account.balanced) == (13, 2, 1, True)
    assert account.ignored == {"duplicate": 1}
    assert account.rejected == {
        "event_at is not a time": 1,
        "no state": 1,
        "no case_id": 1,
        "too few fields": 1,
        "resolved_at is before opened_at": 2,
        "responded_at is before opened_at": 2,
        "no event that gives opened_at": 2,
    }
    assert reporting.write_rejected(found, tmp_path / "rejected.csv") == 10
    with (tmp_path / "rejected.csv").open(newline="") as file:
        listed = {int(r["line"]): (r["reason"], r["text"]) for r in csv.DictReader(file)}
    assert listed[5] == ("event_at is not a time", "a,soon,Completed,,")
    assert listed[9] == ("resolved_at is before opened_at", "late,2013-08-20 09:00,Completed,,")
    assert listed[12][0] == "no event that gives opened_at"
    assert sorted(listed) == [5, 6, 7, 8, 9, 10, 11, 12, 13, 14]


def test_far_outside_is_asked_of_opening_alone(fold):
    """An event long after is no slip; a case opened far from all others is one."""
    near = [f"n{i},2013-08-20 09:00,Logged,," for i in range(1_100)]
    found = fold(*near, "n1,2015-01-01 09:00,Completed,,", "far,2031-08-20 09:00,Logged,,")
    assert found.account.rejected == {"opened_at is far outside the data": 1}
    assert (found.account.accepted, found.account.cases) == (1_101, 1_100)


def test_ignored_events_and_a_table(fold, tmp_path):
    more = '[[ignore]]\nname = "notes"\nwhen = { Status = "Note" }\n'
    found = fold("a,2013-08-20 09:00,Logged,Li,", "a,2013-08-20 10:00,Note,Wu,", more=more)
    assert (found.account.read, found.account.ignored) == (2, {"notes": 1})
    assert values(found, "owner") == [("Li",)]
    columns = {"Ticket ID": ["a", "a"], "Status": ["Logged", "Completed"], "Who": ["x", "y"]}
    table = pa.table({**columns, "Timestamp": [datetime(2013, 8, 20, 9), datetime(2013, 8, 20, 10)]})  # noqa: DTZ001
    found = cc.read_cases(table, mapping=str(tmp_path / "made.toml")).open(POLICY)
    assert values(found, "owner", "resolved_ms - opened_ms") == [("y", 60 * MINUTE)]


def test_a_case_of_several_columns_in_a_zone(tmp_path):
    (tmp_path / "log.csv").write_text(
        "城市,工单,时间,状态\n京,1,2013-08-20 09:00:00,受理\n沪,1,2013-08-20 09:00:00,受理\n"
    )
    (tmp_path / "made.toml").write_text(
        'name = "made"\ntimezone = "Asia/Shanghai"\n[events]\ncase = ["城市", "工单"]\nat = "时间"\nstatus = "状态"\n'
        'first = { opened_at = "受理" }\n'
    )
    found = cc.read_cases(tmp_path / "log.csv", mapping=str(tmp_path / "made.toml")).open(POLICY)
    assert values(found, "case_id", "opened_ms") == [
        ("京|1", ms("2013-08-20 01:00")),
        ("沪|1", ms("2013-08-20 01:00")),
    ]


@pytest.mark.parametrize(
    ("old", "new", "sentence", "hint"),
    [
        ('case = "Ticket ID"', "", r"\[events\] names no case", "case = "),
        ("opened_at", "opend_at", "'opend_at' is not a key", "did you mean 'opened_at'?"),
        ("opened_at", "verified_at", r"\[events\] names no opened_at", "say which statuses open a case"),
        ("responded_at", "resolved_at", "resolved_at is both the first and the last time", ""),
        ("paused", "pausd", "'pausd' is not a key", "did you mean 'paused'?"),
        ('last = { resolved_at = ["Completed"] }', 'reopened = ["Logged"]', "needs the statuses of resolved_at", ""),
        ('owner = "Who"', 'resolved_at = "Who"', "where there are .* it is folded from them", ""),
        ('owner = "Who"', 'ownr = "Who"', "'ownr' is not a key", "did you mean 'owner'?"),
    ],
)
def test_event_rules_that_cannot_be_followed(old, new, sentence, hint):
    written = (EVENTS + CASES).replace(old, new)
    with pytest.raises(PolicyError, match=sentence) as raised:
        mapping_file.parse(written, "made.toml")
    assert hint in raised.value.hint


DATA = Path(__file__).parents[2] / "shared" / "data" / "preppin-it-tickets"
MAPPING = Path(__file__).parent / "mappings" / "it-tickets.toml"


@pytest.fixture(scope="module", name="tickets")
def _tickets():
    if not DATA.exists():
        pytest.skip(f"no tickets: {DATA} is absent")
    return cc.read_cases([DATA / f"input_0{n}.csv" for n in (2, 3, 4)], mapping=str(MAPPING))


def test_the_tickets_and_their_states(tickets):
    account = tickets.accounting
    assert (account.read, account.accepted, account.cases, account.balanced) == (2_542, 2_542, 665, True)
    found = tickets.open(POLICY, ("Status Name",))
    state = found.dimensions["Status Name"]
    with (DATA / "expected_output_01.csv").open() as file:
        expected = {r["Current Status"]: int(r["Ticket Count"]) for r in csv.DictReader(file)}
    assert dict(found.engine.rows(f"SELECT {state}, count(*) FROM {found.view} GROUP BY 1")) == expected
    assert found.engine.value(f"SELECT count(resolved_ms) FROM {found.view}") == 103
    assert found.cautions == []


def test_the_tickets_in_time_by_working_days(tickets):
    """What was folded is what the puzzle needs: 71 of the closed tickets met the agreement of their department."""
    with (DATA / "input_01.csv").open() as file:
        agreed = {r["Department"]: int(r["SLA Agreement"]) for r in csv.DictReader(file)}
    found = tickets.open(POLICY)
    closed = found.engine.rows(
        f"SELECT segment, opened_ms, resolved_ms FROM {found.view} WHERE resolved_ms IS NOT NULL"
    )
    met = sum(_working(_moment(start), _moment(end)) <= timedelta(days=agreed[who]) for who, start, end in closed)
    assert (met, len(closed) - met) == (71, 32)


def _moment(milliseconds):
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _working(start, end):
    """The time between two moments without Saturdays and Sundays."""
    total, day = timedelta(), start.replace(hour=0, minute=0, second=0)
    while day < end:
        following = day + timedelta(days=1)
        if day.weekday() < 5:
            total += min(end, following) - max(start, day)
        day = following
    return total


def test_the_tickets_in_time_by_a_promise(tickets, tmp_path):
    """The same 71 and 32 as a report counts them: working days of 24 hours, by a table of departments."""
    with (DATA / "input_01.csv").open() as file:
        agreed = [(r["Department"], r["SLA Agreement"]) for r in csv.DictReader(file)]
    rows = ", ".join(f'{{ where = {{ segment = "{who}" }}, within = "{days} days" }}' for who, days in agreed)
    lines = f'measure = "turnaround"\nclock = "working"\ntarget = "90 %"\ndeadlines = [{rows}]'
    loaded = policy.load(case_fixture.written(tmp_path, lines, zone="UTC"))
    found = cc.report(cases=tickets, policy=loaded).report
    assert "closed in the period: 71 of 103 in time (68.9 %)" in found.promises[0].beside
    assert found.beside["cases"].cases == 665
