"""A log of queue events into calls, in one SELECT: a call for each passage through a queue.

A passage runs from the event with which a call enters a queue to the one with which it leaves. The first event that
says what became of the caller decides it; how long he waited and talked is what the log counted, else the
time between its lines. Accounting speaks of lines: those of a passage go where their call goes.
"""

from collections.abc import Iterable
from typing import Final

from cc_metrics.errors import first_of
from cc_metrics.language import said
from cc_metrics.model import durations
from cc_metrics.model.calls import CALLS
from cc_metrics.model.queue_events import BEGINS, CALLER, ENDED, EVENTS, LEFT, OUTCOMES, WITHHELD
from cc_metrics.store.accounted import OUTSIDE_HOURS, Account, Accountant
from cc_metrics.store.engine import Engine
from cc_metrics.store.relation import Relation

BEFORE: Final = said("entered before the log begins")
OPEN: Final = said("still open at the end of the log")
OUTBOUND: Final = said("outbound")
UNKNOWN: Final = said("unknown event")
_SLACK_MS: Final = 2_000  # two clocks that are read in whole seconds
_NAMED: Final = 5
_TIMED: Final = "part IN ('connects', 'abandons', 'leaves')"  # the line of these stands where the wait ended


def fold(engine: Engine, log: Relation, longest_ms: int | None) -> Relation:
    """The calls of a log whose accepted rows are known, as a relation like any other.

    A call's file and row are those of the event with which it entered; further columns are as its last event has them.
    *longest_ms* is the longest wait or talk that can be meant; None is that of calls.
    """
    relation = Relation(
        CALLS,
        engine.suffix(CALLS.name),
        names=log.names,
        extras=log.extras,
        staged=log.staged,
        shifts=log.shifts,
        paths=log.paths,
        offsets_seen=log.offsets_seen,
        columns=log.columns,
        ordered=log.ordered,
        log=log,
    )
    folded = f"{relation.view}_folded"
    engine.run(f"CREATE TEMP TABLE {folded} AS {_calls_sql(engine, log)}")
    status = _status(engine, relation, CALLS.longest_ms if longest_ms is None else longest_ms)
    engine.run(f"CREATE TEMP VIEW {relation.view} AS SELECT *, {status} AS status FROM {folded}")
    engine.run(f"CREATE TEMP TABLE {relation.refused} (file INTEGER, line BIGINT, reason VARCHAR, text VARCHAR)")
    relation.cautions += _differing_waits(engine, relation)
    return relation


def _calls_sql(engine: Engine, log: Relation) -> str:
    """One row per passage through a queue, or per stretch of events that no entry goes before."""
    known = ("direction", "queue", "agent_id", "customer_id")
    counted = "coalesce(counted_wait_ms, decided_ms - begun_ms)"
    columns = [
        *("file", "row", "source_id", "passage", "astray", "events", "part", "begun_ms", "decided_ms", "reckoned_ms"),
        "source_id || '|' || coalesce(queue, '') || CASE WHEN passage > 1 THEN '|' || passage ELSE '' END AS call_id",
        "CASE WHEN part = 'gives up' THEN begun_ms - coalesce(counted_wait_ms, 0) ELSE begun_ms END AS offered_ms",
        f"CASE part {_cases(OUTCOMES.items())} END AS outcome",
        f"CASE WHEN part = 'turned away' THEN 0 WHEN {_TIMED} THEN {counted} ELSE counted_wait_ms END AS wait_ms",
        f"CASE WHEN {_answered()} THEN coalesce(counted_talk_ms, ended_ms - connected_ms) END AS talk_ms",
        *(f"CAST(NULL AS BIGINT) AS {name}" for name in CALLS.durations if name not in ("wait_ms", "talk_ms")),
        *(name if name in known else f"CAST(NULL AS VARCHAR) AS {name}" for name in CALLS.dimensions),
        f"CASE WHEN {_answered()} AND ended_ms IS NOT NULL THEN moved END AS transferred",
        "CAST(NULL AS BOOLEAN) AS resolved",
        "CAST(NULL AS DOUBLE) AS satisfaction",
        "CAST(NULL AS BIGINT) AS updated_us",
        *(f"x{i}" for i in range(1, len(log.extras) + 1)),
    ]
    return f"SELECT {', '.join(columns)} FROM ({_passages_sql(engine, log)}) passages"


def _passages_sql(engine: Engine, log: Relation) -> str:
    begins, decides, ends = _among(BEGINS), _among(OUTCOMES), _among(ENDED)
    withheld = ", ".join(f"'{word}'" for word in WITHHELD)
    aggregates = {
        "file": f"max(file) FILTER (WHERE {begins})",
        "row": f"max(row) FILTER (WHERE {begins})",
        "events": "count(*)",
        "part": f"arg_min(part, place) FILTER (WHERE {decides})",
        "begun_ms": f"min(event_ms) FILTER (WHERE {begins})",
        "decided_ms": f"min(event_ms) FILTER (WHERE {decides})",
        "connected_ms": "min(event_ms) FILTER (WHERE part = 'connects')",
        "ended_ms": f"min(event_ms) FILTER (WHERE {ends})",
        "reckoned_ms": "min(event_ms - coalesce(counted_wait, 0) - coalesce(counted_talk, 0))",
        "counted_wait_ms": f"arg_min(counted_wait, place) FILTER (WHERE {decides})",
        "counted_talk_ms": f"arg_min(counted_talk, place) FILTER (WHERE {ends})",
        "moved": "bool_or(part = 'transfers')",
        "agent_id": f"arg_min(agent_id, place) FILTER (WHERE {decides})",
        "customer_id": f"CASE WHEN lower(max(caller)) NOT IN ('', {withheld}) THEN max(caller) END",
        "direction": "CASE WHEN bool_or(part = 'dials') THEN 'outbound' ELSE 'inbound' END",
        **{f"x{i}": f"arg_max(x{i}, place)" for i in range(1, len(log.extras) + 1)},
    }
    listed = ", ".join(f"{sql} AS {name}" for name, sql in aggregates.items())
    return (
        f"SELECT source_id, queue, passage, astray, {listed} FROM ({_events_sql(engine, log)}) events "
        "GROUP BY source_id, queue, passage, astray"
    )


def _events_sql(engine: Engine, log: Relation) -> str:
    """The events that play a part, in the order of each call in each queue, with the passage they belong to."""
    parts, waits, talks = (
        _cases((name, getattr(event, field)) for name, event in EVENTS.items()) for field in ("part", "wait", "talk")
    )
    kept = ["file", "row", "call_id AS source_id", "queue", "agent_id", "event_ms"]
    kept += [f"x{i}" for i in range(1, len(log.extras) + 1)]
    told = (
        f"SELECT {', '.join(kept)}, CASE event {parts} END AS part, CASE event {waits} END AS wait_place, "
        f"CASE event {talks} END AS talk_place, string_split(rtrim(arguments, '|'), '|') AS given "
        f"FROM {log.accepted} WHERE {_known()}"
    )
    begins = _among(BEGINS)
    placed = (
        "SELECT * EXCLUDE (given, wait_place, talk_place), "
        "try_cast(given[wait_place] AS BIGINT) * 1000 AS counted_wait, "
        "try_cast(given[talk_place] AS BIGINT) * 1000 AS counted_talk, "
        f"CASE WHEN part = 'enters' THEN trim(given[{CALLER}]) END AS caller, "
        "row_number() OVER in_order AS place, "
        f"count(*) FILTER (WHERE {begins}) OVER (in_order ROWS UNBOUNDED PRECEDING) AS passage, "
        f"last_value(CASE WHEN {begins} OR {_among((*LEFT, *ENDED))} THEN part END IGNORE NULLS) OVER "
        f"(in_order ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS mark FROM ({told}) told "
        f"WINDOW in_order AS (PARTITION BY source_id, queue ORDER BY event_ms, {_file_order(engine, log)}, row)"
    )
    return f"SELECT * EXCLUDE (mark), coalesce({_astray()}, FALSE) AS astray FROM ({placed}) placed"


def _astray() -> str:
    """SQL of an event that goes on where the passage before has ended: the line with which it entered is lost."""
    return f"NOT {_among(BEGINS)} AND ({_among(LEFT, 'mark')} OR {_among(ENDED, 'mark')} AND NOT {_among(ENDED)})"


def _file_order(engine: Engine, log: Relation) -> str:
    """SQL of a file's place in time: files rotated in the middle of a second may be given in any order."""
    if len(log.names) == 1:
        return "file"
    edges = engine.rows(f"SELECT file, min(event_ms), max(event_ms) FROM {log.accepted} GROUP BY 1 ORDER BY 2, 3, 1")
    return f"list_position([{', '.join(str(file) for file, _, _ in edges)}], file)"


def _status(engine: Engine, relation: Relation, longest_ms: int) -> str:
    """0 for a call that counts; positive where it is no call of ours, or not one yet; negative where it cannot be."""
    log, words = relation.log or relation, relation.statuses
    first, last = engine.rows(f"SELECT min(event_ms), max(event_ms) FROM {log.view} WHERE status >= 0")[0]
    first, last = first or 0, last or 0
    decisions = [
        ("direction = 'outbound'", words.ignore(OUTBOUND)),
        (f"begun_ms IS NULL AND reckoned_ms <= {first + _SLACK_MS}", words.ignore(BEFORE)),
        ("begun_ms IS NULL", words.reject(said("no event with which the call entered"))),
        (f"part IS NULL AND begun_ms >= {last - longest_ms}", words.ignore(OPEN)),
        ("part IS NULL", words.reject(said("no event with which the call left the queue"))),
    ]
    for name in ("wait_ms", "talk_ms"):
        decisions.append((f"{name} < 0", words.reject(said("{column} is negative", column=name))))
        too_long = words.reject(
            said("{column} is longer than {length}", column=name, length=durations.spoken(longest_ms))
        )
        decisions.append((f"{name} > {longest_ms}", too_long))
    cases = " ".join(f"WHEN {condition} THEN {number}" for condition, number in decisions)
    return f"CAST(CASE {cases} ELSE 0 END AS SMALLINT)"


def _differing_waits(engine: Engine, relation: Relation) -> list[tuple[str, str]]:
    """A caution where the log counted another wait than its own lines show."""
    [(calls, differing)] = engine.rows(
        f"SELECT count(*), count(*) FILTER (WHERE abs(wait_ms - (decided_ms - begun_ms)) > {_SLACK_MS}) "
        f"FROM {relation.view} WHERE status = 0 AND {_TIMED}"
    )
    if not differing:
        return []
    text = said(
        "In {n:,} of {all:,} calls the log counts another wait than the times of its lines show: what it counts is "
        "taken. Check whether its clock was set.",
        n=differing,
        all=calls,
    )
    return [("waits_differ", text)]


def account(engine: Engine, relation: Relation, accountant: Accountant, log: Account) -> Account:
    """The account of the log's lines: each goes where its call went; how many calls the others became."""
    _leave_unknown(engine, relation, log)
    late = accountant.found_late
    later = f"CASE {_cases_of(condition for condition, _ in late)} END" if late else "CAST(NULL AS INTEGER)"
    found = engine.rows(
        f"SELECT status, {later} AS later, CAST(sum(events) AS BIGINT) FROM {relation.view} GROUP BY ALL ORDER BY ALL"
    )
    for status, place, lines in found:
        if not status and place is None:
            continue
        word = relation.statuses.word(status) if status else late[place][1]
        log.accepted -= lines
        if status > 0 or word == OUTSIDE_HOURS:
            log.ignore(word, lines)
        else:
            log.reject(word, lines)
    log.calls, log.waits = accountant.account.accepted, accountant.account.waits
    return log


def _leave_unknown(engine: Engine, relation: Relation, log: Account) -> None:
    """Ignore events that are not known here: every switch may log some of its own."""
    source = (relation.log or relation).accepted
    found = engine.rows(f"SELECT event, count(*) FROM {source} WHERE NOT {_known()} GROUP BY 1 ORDER BY 2 DESC, 1")
    lines = sum(number for _, number in found)
    if not lines:
        return
    log.accepted -= lines
    log.ignore(UNKNOWN, lines)
    names = first_of([name for name, _ in found], _NAMED)
    text = said(
        "{n:,} lines bear events that are not known here: {events}. They play no part in any call. If one of them ends "
        "a call, say so to the makers.",
        n=lines,
        events=names,
    )
    relation.cautions.append(("unknown_events", text))


def refused_sql(engine: Engine, relation: Relation, accountant: Accountant) -> str:
    """SELECT (file, row, reason, id) of the events whose call was rejected."""
    log = relation.log or relation
    words = engine.keep(relation.statuses.rejected)
    late = " ".join(f"WHEN {condition} THEN {engine.keep(reason)}" for condition, reason in accountant.late_reasons())
    reasons = f"CASE WHEN status < 0 THEN {words}[-status] WHEN status > 0 THEN NULL {late} END AS reason"
    return (
        f"SELECT e.file, e.row, c.reason, e.source_id AS id FROM ({_events_sql(engine, log)}) e JOIN "
        f"(SELECT source_id, queue, passage, astray, {reasons} FROM {relation.view}) c ON e.source_id = c.source_id "
        "AND e.queue IS NOT DISTINCT FROM c.queue AND e.passage = c.passage AND e.astray = c.astray "
        "WHERE c.reason IS NOT NULL"
    )


def _known() -> str:
    return f"event IN ({', '.join(repr(name) for name in EVENTS)})"


def _among(parts: Iterable[str], column: str = "part") -> str:
    return f"{column} IN ({', '.join(repr(part) for part in parts)})"


def _answered() -> str:
    return _among(part for part, outcome in OUTCOMES.items() if outcome == "answered")


def _cases(pairs: Iterable[tuple[str, str | int | None]]) -> str:
    return " ".join(f"WHEN '{word}' THEN {value!r}" for word, value in pairs if value is not None)


def _cases_of(conditions: Iterable[str]) -> str:
    return " ".join(f"WHEN {condition} THEN {place}" for place, condition in enumerate(conditions))
