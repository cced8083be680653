"""Rows that bear one key (calls: one call_id): equal ones are duplicates, differing ones conflict; one of them is kept.

Kept is the row with the greatest updated_at, else the latest end, else the last file as given, else the last line.
A row that was updated since is an earlier state of it: sources that deliver at least once send such. No id hash
twice proves no id twice, so the second look is only taken at suspects.
A call that conflicts with one offered hours before or after is another call: its source counts its ids anew.
"""

from dataclasses import dataclass
from typing import Final

from cc_metrics.language import both, said
from cc_metrics.model.calls import CALLS, END_SQL
from cc_metrics.model.durations import HOUR
from cc_metrics.model.table import Table
from cc_metrics.store.engine import Engine

APART_MS: Final = 4 * HOUR  # a call that comes again is offered when it was; clocks may differ by a zone

ANEW: Final = "ids_begin_anew"

_NAMED: Final = 3  # columns of a key that are named: rows of counts have more


@dataclass(frozen=True, slots=True)
class Copies:
    """How many rows bear the key of a row that is kept.

    Equal ones, earlier states of it, differing ones, and calls offered hours apart.
    """

    same: int = 0
    earlier: int = 0
    conflicting: int = 0
    apart: int = 0

    @property
    def all(self) -> int:
        """All that are dropped."""
        return self.same + self.earlier + self.conflicting + self.apart


def find(engine: Engine, table: Table, source: str, dropped: str, rows: int) -> Copies:
    """Fill the table *dropped* (file, row, conflicting, apart, earlier) from the *rows* of *source*."""
    columns = "file INTEGER, row BIGINT, conflicting BOOLEAN, apart BOOLEAN, earlier BOOLEAN"
    engine.run(f"CREATE OR REPLACE TEMP TABLE {dropped} ({columns})")
    if not table.key:
        return Copies()
    key = ", ".join(table.stored(name) for name in table.key)
    if engine.value(f"SELECT count(*) FROM (SELECT DISTINCT hash({key}) FROM {source}) once") == rows:
        return Copies()
    suspects = f"SELECT hash({key}) AS h FROM {source} GROUP BY h HAVING count(*) > 1"
    engine.run(f"CREATE OR REPLACE TEMP TABLE suspects AS {suspects}")
    best = f"updated_us DESC NULLS LAST, {_end(table)} DESC, file DESC, row DESC"
    values = ", ".join(table.stored(name) for name in table.columns)
    first = table.first_ms
    kept = f"OVER (PARTITION BY {key} ORDER BY {best})"
    away = f"abs({first} - first_value({first}) {kept}) > {APART_MS}"
    engine.run(
        f"INSERT INTO {dropped} "
        f"WITH alike AS (SELECT * FROM {source} WHERE hash({key}) IN (SELECT h FROM suspects)), "
        f"ranked AS (SELECT file, row, "
        f"row_number() OVER (PARTITION BY {key} ORDER BY {best}) AS place, "
        f"row_number() OVER (PARTITION BY {values} ORDER BY {best}) AS copy, "
        f"{away if table is CALLS else 'FALSE'} AS apart, "
        f"coalesce(updated_us < first_value(updated_us) {kept}, FALSE) AS updated FROM alike) "
        "SELECT file, row, copy = 1 AND (apart OR NOT updated), copy = 1 AND apart, copy = 1 AND updated AND NOT apart "
        "FROM ranked WHERE place > 1"
    )
    [found] = engine.rows(
        "SELECT count(*) FILTER (WHERE NOT conflicting AND NOT earlier), count(*) FILTER (WHERE earlier), "
        "count(*) FILTER (WHERE conflicting AND NOT apart), "
        f"count(*) FILTER (WHERE apart) FROM {dropped}"
    )
    return Copies(*map(int, found))


def reasons(table: Table) -> tuple[str, str]:
    """The reasons for which rows of one key are rejected: they conflict; they are calls hours apart."""
    key = both(table.key if len(table.key) <= _NAMED else (table.key[0], said("group")))
    return said("conflicting rows of one {key}", key=key), said(
        "another call with the same {key}, hours apart", key=key
    )


def caution(table: Table, apart: int) -> tuple[str, str]:
    """What to say of ids that begin anew."""
    name = table.key[0]
    if apart == 1:
        return ANEW, said(
            "1 row was rejected for the {id} of a call offered hours before or after: {id} repeats on other days. Join "
            'it with the date in the mapping, {id} = {{ join = ["date", "id"] }}.',
            id=name,
        )
    return ANEW, said(
        "{n:,} rows were rejected for the {id} of a call offered hours before or after: {id} repeats on other days. "
        'Join it with the date in the mapping, {id} = {{ join = ["date", "id"] }}.',
        n=apart,
        id=name,
    )


def _end(table: Table) -> str:
    """SQL of the latest moment of a row."""
    if table is CALLS:
        return END_SQL
    return f"greatest({', '.join([table.first_ms, *(table.stored(name) for name in table.later)])})"
