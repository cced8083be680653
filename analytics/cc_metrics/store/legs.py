"""Legs of a call that follow one another, joined where a mapping tells them, so that nobody is counted twice.

The first leg that was answered takes in every leg after it: their talk, hold and wrap-up are added to its own, it was
transferred, and resolved as the last leg says that says it; its wait, its queue and its agent stay. What went before
it, a queue that sent the caller on, stays a passage of its own. A row that begins long after the end of every leg
before it is another call.
"""

from typing import Final

from cc_metrics.language import said
from cc_metrics.model.calls import END_SQL
from cc_metrics.model.durations import HOUR
from cc_metrics.store.engine import Engine
from cc_metrics.store.relation import Relation

LATER: Final = said("later leg of a call")
HEADLESS: Final = said("leg of a call whose first leg is not here")
APART_MS: Final = 4 * HOUR  # no queue or hold lasts as long, and an id that begins anew each day comes later
_HOPS: Final = 20  # each doubles the way: a million transfers

_ORDER: Final = (
    f"ORDER BY offered_ms, call_id <> root, coalesce(wait_ms, 0), {END_SQL}, call_id"  # some date all legs alike
)


def join(engine: Engine, relation: Relation) -> None:
    """Make the relation's view of counted rows: without the dropped ones, legs joined."""
    linked = _linked(engine, relation)
    folded = engine.new_name("folded")
    engine.run(f"CREATE TEMP TABLE {folded} AS {_folded_sql(relation, linked)}")
    engine.run(
        f"CREATE OR REPLACE TEMP VIEW {relation.counted} AS "
        f"SELECT * EXCLUDE (leg_of) FROM {relation.view} ANTI JOIN {relation.dropped} USING (file, row) "
        f"ANTI JOIN {folded} USING (file, row) UNION ALL BY NAME SELECT * FROM {folded}"
    )
    engine.run(f"DROP TABLE {linked}")


def _linked(engine: Engine, relation: Relation) -> str:
    """A table of the rows that may be legs, with the *root* that those of one call share, and whether it is *here*."""
    rows = f"(SELECT * FROM {relation.view} ANTI JOIN {relation.dropped} USING (file, row) WHERE status = 0) rows"
    table = engine.new_name("legs")
    if relation.legs == "call":
        shared = f"SELECT hash(leg_of) FROM {rows} GROUP BY 1 HAVING count(*) > 1"
        sql = f"SELECT *, leg_of AS root, TRUE AS here FROM {rows} WHERE hash(leg_of) IN ({shared})"
    else:
        ways = _ways(engine, relation)
        firsts = (
            f"SELECT root, root FROM {ways} WHERE root NOT IN (SELECT call_id FROM {ways})"  # none where they go round
        )
        ids = f"SELECT call_id, root FROM {ways} UNION {firsts}"
        known = f"SELECT DISTINCT call_id FROM {relation.view} WHERE call_id IN (SELECT root FROM {ways})"
        sql = (
            f"SELECT rows.*, ids.root, known.call_id IS NOT NULL AS here FROM {rows} "
            f"JOIN ({ids}) ids USING (call_id) LEFT JOIN ({known}) known ON known.call_id = ids.root"
        )
    engine.run(f"CREATE TEMP TABLE {table} AS {sql}")
    return table


def _ways(engine: Engine, relation: Relation) -> str:
    """A table of the rows that name another as the leg before them (or the first), each with the first of its call."""
    table = engine.new_name("ways")
    engine.run(
        f"CREATE TEMP TABLE {table} AS SELECT call_id, min(leg_of) AS root FROM {relation.view} "
        "WHERE leg_of <> call_id GROUP BY 1"
    )
    for _ in range(_HOPS):
        further = engine.new_name("ways")
        engine.run(
            f"CREATE TEMP TABLE {further} AS SELECT w.call_id, coalesce(n.root, w.root) AS root "
            f"FROM {table} w LEFT JOIN {table} n ON n.call_id = w.root"
        )
        moved = engine.value(f"SELECT count(*) FROM {table} w JOIN {further} f USING (call_id) WHERE f.root <> w.root")
        engine.run(f"DROP TABLE {table}")
        table = further
        if not moved:
            break
    return table


def _placed_sql(linked: str) -> str:
    """SELECT of the linked rows, each with the *chain* of its root and whether a person answered before (*later*)."""
    before = "ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING"
    last = f"max({END_SQL}) OVER (PARTITION BY root {_ORDER} {before})"
    starts = f"SELECT *, coalesce(offered_ms > {last} + {APART_MS}, FALSE) AS anew FROM {linked}"
    chain = f"count(*) FILTER (WHERE anew) OVER (PARTITION BY root {_ORDER}) AS chain"
    answered = f"bool_or(outcome = 'answered') OVER (PARTITION BY root, chain {_ORDER} {before})"
    return f"SELECT *, coalesce({answered}, FALSE) AS later FROM (SELECT *, {chain} FROM ({starts}) starts) chained"


def _folded_sql(relation: Relation, linked: str) -> str:
    """SELECT of the linked rows as they are counted."""
    rest = f"OVER (PARTITION BY root, chain {_ORDER} ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)"
    total = {name: f"CAST(sum({name}) {rest} AS BIGINT)" for name in ("talk_ms", "hold_ms", "wrap_ms")}
    known = f"NOT bool_or(outcome = 'answered' AND talk_ms IS NULL) {rest}"
    joined = {
        **total,
        "talk_ms": f"CASE WHEN {known} THEN {total['talk_ms']} END",
        "transferred": f"count(*) {rest} > 1 OR transferred",
        **{name: f"last_value({name} IGNORE NULLS) {rest}" for name in ("resolved", "satisfaction")},
    }
    first = "outcome = 'answered' AND NOT later AND here"
    values = [f"CASE WHEN {first} THEN {sql} ELSE {name} END AS {name}" for name, sql in joined.items()]
    status = (
        f"CAST(CASE WHEN NOT here THEN {relation.statuses.ignore(HEADLESS)} "
        f"WHEN later THEN {relation.statuses.ignore(LATER)} ELSE 0 END AS SMALLINT) AS status"
    )
    told = "EXCLUDE (leg_of, root, here, anew, chain, later)"
    return f"SELECT * {told} REPLACE ({', '.join([*values, status])}) FROM ({_placed_sql(linked)}) placed"
