"""Rows that bear one key (calls: one call_id): equal ones are duplicates, differing ones conflict; one of them is kept.

Kept is the row with the greatest updated_at, else the latest end, else the last file as given, else
the last line. No id hash twice proves no id twice, so the second look is only taken at suspects.
"""

from cc_metrics.model.calls import CALLS
from cc_metrics.model.table import Table
from cc_metrics.store.engine import Engine


def find(engine: Engine, table: Table, source: str, dropped: str, rows: int) -> tuple[int, int]:
    """Fill the table *dropped* (file, row, conflicting) from the *rows* of *source*; (duplicates, conflicting)."""
    engine.run(f"CREATE OR REPLACE TEMP TABLE {dropped} (file INTEGER, row BIGINT, conflicting BOOLEAN)")
    if not table.key:
        return 0, 0
    key = ", ".join(table.stored(name) for name in table.key)
    if engine.value(f"SELECT count(*) FROM (SELECT DISTINCT hash({key}) FROM {source}) once") == rows:
        return 0, 0
    suspects = f"SELECT hash({key}) AS h FROM {source} GROUP BY h HAVING count(*) > 1"
    engine.run(f"CREATE OR REPLACE TEMP TABLE suspects AS {suspects}")
    best = f"updated_us DESC NULLS LAST, {_end(table)} DESC, file DESC, row DESC"
    values = ", ".join(table.stored(name) for name in table.columns)
    engine.run(
        f"INSERT INTO {dropped} "
        f"WITH alike AS (SELECT * FROM {source} WHERE hash({key}) IN (SELECT h FROM suspects)), "
        f"ranked AS (SELECT file, row, "
        f"row_number() OVER (PARTITION BY {key} ORDER BY {best}) AS place, "
        f"row_number() OVER (PARTITION BY {values} ORDER BY {best}) AS copy FROM alike) "
        "SELECT file, row, copy = 1 FROM ranked WHERE place > 1"
    )
    [(duplicates, conflicting)] = engine.rows(
        f"SELECT count(*) FILTER (WHERE NOT conflicting), count(*) FILTER (WHERE conflicting) FROM {dropped}"
    )
    return int(duplicates), int(conflicting)


def _end(table: Table) -> str:
    """SQL of the latest moment of a row."""
    if table is CALLS:
        return "offered_ms + coalesce(wait_ms, 0) + coalesce(talk_ms, 0) + coalesce(hold_ms, 0)"
    return f"greatest({', '.join([table.first_ms, *(table.stored(name) for name in table.later)])})"
