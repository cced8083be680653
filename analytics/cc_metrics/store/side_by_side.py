"""Legs of a call that run side by side: the rows of one call_id are joined into the first of them.

The first leg says when and where the call was offered. It was answered where some leg was, by someone: a leg that was
answered and reached nobody is the switch's own answer. Talk is that of the longest such leg: their sum would count
an hour twice.
"""

from typing import Final

from cc_metrics.language import said
from cc_metrics.store.engine import Engine
from cc_metrics.store.relation import Relation

FURTHER: Final = said("further leg of a call")


def join(engine: Engine, relation: Relation) -> None:
    """Make the calls of a relation out of the legs that it holds; all legs but a call's first are ignored by rule."""
    legs, joined = f"{relation.view}_legs", f"{relation.view}_joined"
    reached = "outcome = 'answered' AND agent_id IS NOT NULL"
    missed = "bool_or(outcome IN ('answered', 'abandoned')) OVER legs"
    first = "row_number() OVER (PARTITION BY call_id, status ORDER BY updated_us NULLS LAST, offered_ms, file, row) = 1"
    replaced = {
        "outcome": (
            f"CASE WHEN bool_or({reached}) OVER legs THEN 'answered' WHEN {missed} THEN 'abandoned' ELSE outcome END"
        ),
        "talk_ms": f"max(talk_ms) FILTER (WHERE {reached}) OVER legs",
        "agent_id": f"arg_max(agent_id, talk_ms) FILTER (WHERE {reached}) OVER legs",
        "status": f"CASE WHEN status <> 0 OR {first} THEN status ELSE {relation.statuses.ignore(FURTHER)} END",
    }
    listed = ", ".join(f"{sql} AS {name}" for name, sql in replaced.items())
    engine.run(f"ALTER VIEW {relation.view} RENAME TO {legs}")
    engine.run(
        f"CREATE TEMP TABLE {joined} AS SELECT * REPLACE ({listed}) FROM {legs} "
        "WINDOW legs AS (PARTITION BY call_id, status)"
    )
    engine.run(f"CREATE TEMP VIEW {relation.view} AS SELECT * FROM {joined}")
