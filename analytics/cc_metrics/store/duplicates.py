"""Rows that bear one call_id: equal ones are duplicates, differing ones conflict; one of them is kept.

Kept is the row with the greatest updated_at, else the latest end, else the last file as given, else
the last line. No id hash twice proves no id twice, so the second look is only taken at suspects.
"""

from cc_metrics.model.calls import COLUMNS
from cc_metrics.store.engine import Engine

DROPPED = "dropped"
_VALUES = tuple("offered_ms" if name == "offered_at" else name for name in COLUMNS)


def find(engine: Engine, source: str, rows: int) -> tuple[int, int]:
    """Fill the table `dropped` (file, row, conflicting) from the *rows* of *source*; (duplicates, conflicting)."""
    engine.run(f"CREATE OR REPLACE TEMP TABLE {DROPPED} (file INTEGER, row BIGINT, conflicting BOOLEAN)")
    if engine.value(f"SELECT count(*) FROM (SELECT DISTINCT hash(call_id) FROM {source}) once") == rows:
        return 0, 0
    suspects = f"SELECT hash(call_id) AS h FROM {source} GROUP BY h HAVING count(*) > 1"
    engine.run(f"CREATE OR REPLACE TEMP TABLE suspects AS {suspects}")
    ends = "offered_ms + coalesce(wait_ms, 0) + coalesce(talk_ms, 0) + coalesce(hold_ms, 0)"
    best = f"updated_us DESC NULLS LAST, {ends} DESC, file DESC, row DESC"
    engine.run(
        f"INSERT INTO {DROPPED} "
        f"WITH alike AS (SELECT * FROM {source} WHERE hash(call_id) IN (SELECT h FROM suspects)), "
        f"ranked AS (SELECT file, row, "
        f"row_number() OVER (PARTITION BY call_id ORDER BY {best}) AS place, "
        f"row_number() OVER (PARTITION BY {', '.join(_VALUES)} ORDER BY {best}) AS copy FROM alike) "
        "SELECT file, row, copy = 1 FROM ranked WHERE place > 1"
    )
    [(duplicates, conflicting)] = engine.rows(
        f"SELECT count(*) FILTER (WHERE NOT conflicting), count(*) FILTER (WHERE conflicting) FROM {DROPPED}"
    )
    return int(duplicates), int(conflicting)
