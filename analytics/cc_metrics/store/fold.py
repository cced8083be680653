"""An event log into cases: moments from the times of statuses, the rest from a case's last event, in one SELECT."""

from cc_metrics.language import said
from cc_metrics.model.cases import CASES
from cc_metrics.model.table import milliseconds_of
from cc_metrics.store.accounted import Account, Accountant
from cc_metrics.store.engine import Engine
from cc_metrics.store.mapping import Events
from cc_metrics.store.relation import Relation

_KEPT = (*CASES.dimensions, *CASES.flags)


def fold(engine: Engine, log: Relation, events: Events) -> Relation:
    """The cases of a log whose accepted rows are known, as a relation like any other; a case is one row of it."""
    relation = Relation(
        CASES, engine.suffix(CASES.name), names=log.names, extras=log.extras, offsets_seen=log.offsets_seen, log=log
    )
    relation.personal, relation.pseudonyms = log.personal, log.pseudonyms
    folded = f"{relation.view}_folded"
    engine.run(f"CREATE TEMP TABLE {folded} AS {_cases_sql(engine, log, events)}")
    columns = f"* EXCLUDE (goes_on), {_status(relation)} AS status"
    engine.run(f"CREATE TEMP VIEW {relation.view} AS SELECT {columns} FROM {folded}")
    refused = "file INTEGER, line BIGINT, reason VARCHAR, text VARCHAR"
    engine.run(f"CREATE TEMP TABLE {relation.refused} ({refused})")
    relation.cautions += _after_the_end(engine, folded, events)
    return relation


def _cases_sql(engine: Engine, log: Relation, events: Events) -> str:
    """One row per case; file and row are those of its last event."""
    kept = (*_KEPT, *(f"x{i}" for i in range(1, len(log.extras) + 1)))
    last = {name: f"max({name}) FILTER (WHERE place = 1) AS {name}" for name in ("file", "row", *kept)}
    moments = [_moment(engine, events, name) for name in (CASES.first, *CASES.moments)]
    paused = "CAST(NULL AS BIGINT)"
    if events.paused is not None:
        stretches = f"sum(next_ms - event_ms) FILTER (WHERE {_among(engine, events.paused)})"
        paused = f"CAST(coalesce({stretches}, 0) AS BIGINT)"
    times = "count(*) FILTER (WHERE mark = -1 AND earlier = 1)" if events.reopened else "CAST(NULL AS BIGINT)"
    columns = [
        "case_id",
        *moments,
        f"{paused} AS paused_ms",
        *last.values(),
        f"{times} AS reopened",
        "max(event_ms) * 1000 AS updated_us",
        "count(*) AS events",
        "coalesce(max(mark) FILTER (WHERE place = 1), 0) <> 1 AND bool_or(coalesce(mark, 0) = 1) AS goes_on",
    ]
    return f"SELECT {', '.join(columns)} FROM ({_ordered(engine, log, events)}) log GROUP BY case_id"


def _ordered(engine: Engine, log: Relation, events: Events) -> str:
    """The events with the time of the next, their place from the last, and the mark before: 1 resolved, -1 reopened."""
    marks = [f"WHEN {_among(engine, events.resolved)} THEN 1"] if events.resolved else []
    marks += [f"WHEN {_among(engine, events.reopened)} THEN -1"] if events.reopened else []
    mark = f"CASE {' '.join(marks)} END" if marks else "CAST(NULL AS INTEGER)"
    order = "PARTITION BY case_id ORDER BY event_ms, file, row"
    return (
        f"SELECT *, lead(event_ms) OVER (case_order) AS next_ms, "
        f"row_number() OVER (PARTITION BY case_id ORDER BY event_ms DESC, file DESC, row DESC) AS place, "
        f"lag(mark IGNORE NULLS) OVER (case_order) AS earlier, "
        f"last_value(mark IGNORE NULLS) OVER (case_order ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) "
        f"AS final FROM (SELECT *, {mark} AS mark FROM {log.accepted}) marked WINDOW case_order AS ({order})"
    )


def _moment(engine: Engine, events: Events, name: str) -> str:
    column = milliseconds_of(name)
    for choice, function in ((events.first, "min"), (events.last, "max")):
        if name in choice:
            found = f"{function}(event_ms) FILTER (WHERE {_among(engine, choice[name])})"
            if name == "resolved_at" and function == "max" and events.reopened:
                found = f"CASE WHEN max(final) = 1 THEN {found} END"  # opened again and not resolved since: open
            return f"{found} AS {column}"
    return f"CAST(NULL AS BIGINT) AS {column}"


def _among(engine: Engine, statuses: tuple[str, ...]) -> str:
    return f"state IN ({', '.join(engine.keep(status) for status in statuses)})"


def _status(relation: Relation) -> str:
    first, reject = CASES.first_ms, relation.statuses.reject
    unopened = reject(said("no event that gives {column}", column=CASES.first))
    reasons = [f"WHEN {first} IS NULL THEN {unopened}"]
    for name in CASES.later:
        condition = f"{CASES.stored(name)} < {first}"
        early = reject(said("{column} is before {other}", column=name, other=CASES.first))
        reasons.append(f"WHEN {condition} THEN {early}")
    return f"CAST(CASE {' '.join(reasons)} ELSE 0 END AS SMALLINT)"


def _after_the_end(engine: Engine, folded: str, events: Events) -> list[tuple[str, str]]:
    """Cases that go on after their last resolution, where no status is said to reopen them."""
    if events.reopened is not None or not events.resolved:
        return []
    cases = engine.value(f"SELECT count(*) FROM {folded} WHERE goes_on")
    if not cases:
        return []
    text = said(
        "{n:,} cases have events after they were resolved: they count as resolved. Name the statuses that open a case "
        "again: [events] reopened = [...]",
        n=cases,
    )
    return [("events_after_resolved", text)]


def refused_sql(engine: Engine, relation: Relation, accountant: Accountant) -> str:
    """SELECT (file, row, reason, id) of the events whose case was rejected."""
    words = engine.keep(relation.statuses.rejected)
    late = [f"WHEN {condition} THEN {engine.keep(reason)}" for condition, reason in accountant.late_reasons()]
    reason = f"CASE WHEN status < 0 THEN {words}[-status] {' '.join(late)} END"
    log = relation.log or relation
    return (
        f"SELECT e.file, e.row, c.reason, e.case_id AS id FROM {log.accepted} e JOIN "
        f"(SELECT case_id, {reason} AS reason FROM {relation.view}) c USING (case_id) WHERE c.reason IS NOT NULL"
    )


def account(engine: Engine, relation: Relation, accountant: Accountant, log: Account) -> Account:
    """The account of the log's rows, those of rejected cases among the rejected; how many cases the others became."""
    found = engine.rows(
        f"SELECT reason, count(*) FROM ({refused_sql(engine, relation, accountant)}) r GROUP BY 1 ORDER BY 1"
    )
    for reason, rows in found:
        log.accepted -= rows
        log.reject(reason, rows)
    log.cases = accountant.account.accepted
    return log
