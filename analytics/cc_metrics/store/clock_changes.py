"""Local times around a clock change: the second pass of a doubled hour is told where a file's order tells it.

A local time in the doubled hour is read as the first one; in a file in time order as the second once
its clock has gone back. In the missing hour it moves forward by the gap. All of them are counted.
"""

from collections.abc import Sequence

from cc_metrics.language import Said, said
from cc_metrics.model.table import Table, things
from cc_metrics.model.zones import Offsets
from cc_metrics.store.engine import Engine
from cc_metrics.store.text import OrderNeededError

Caution = tuple[str, str]


def settle(
    engine: Engine, kind: Table, table: str, numbers: Sequence[int], offsets: Offsets, *, ordered: bool
) -> list[Caution]:
    """Move the second pass of doubled hours in a *table* of canonical rows; cautions for what is still unsure.

    *numbers* are the files whose times are local clocks; *table* has file, the first moment, its rows in file order.

    Raises:
        OrderNeededError: rows lie in a doubled hour, and the rows are not *ordered*.
    """
    found: list[Caution] = []
    files = f"file IN ({', '.join(map(str, numbers))})"
    edges = engine.rows(f"SELECT min({kind.first_ms}), max({kind.first_ms}) FROM {table} WHERE {files} AND status = 0")[
        0
    ]
    for moment, before, after in offsets.changes():
        if edges[0] is None or not edges[0] - abs(before) <= moment <= edges[1] + abs(before):
            continue
        gap = before - after
        if gap > 0:
            found += _doubled(engine, kind, table, files, moment, gap, ordered=ordered)
        else:
            found += _missing(engine, kind, table, files, moment, -gap)
    return found


def _doubled(
    engine: Engine, kind: Table, table: str, files: str, moment: int, gap: int, *, ordered: bool
) -> list[Caution]:
    first = kind.first_ms
    inside = f"{files} AND status = 0 AND {first} >= {moment - gap} AND {first} < {moment}"
    rows = engine.value(f"SELECT count(*) FROM {table} WHERE {inside}")
    if not rows:
        return []
    if not ordered:
        raise OrderNeededError
    moved = 0
    spans = {name: f"{name} >= {moment - gap} AND {name} < {moment}" for name in map(kind.stored, kind.later)}
    others = [f"{name} = CASE WHEN {span} THEN {name} + {gap} ELSE {name} END" for name, span in spans.items()]
    for (file,) in engine.rows(f"SELECT DISTINCT file FROM {table} WHERE {inside} ORDER BY 1"):
        back = _goes_back(engine, kind.first_ms, table, file, moment, gap)
        if back is not None:
            later = f"file = {file} AND rowid >= {back} AND {first} >= {moment - gap} AND {first} < {moment}"
            moved += engine.value(f"SELECT count(*) FROM {table} WHERE {later} AND status = 0")
            engine.run(f"UPDATE {table} SET {', '.join([f'{first} = {first} + {gap}', *others])} WHERE {later}")
    if kind.key[:1] == (kind.first,):
        moved += _repeated(engine, kind, table, inside, gap)
    return [("doubled_hour", _twice(things(kind.name), rows, moved))]


def _twice(name: str, rows: int, moved: int) -> Said:
    if moved:
        return said(
            "{n:,} {things} lie in the doubled hour of a clock change and bear no offset: read {moved:,} of them as "
            "its second pass, because the file's clock went back there. Export times with an offset to be sure.",
            n=rows,
            things=name,
            moved=moved,
        )
    return said(
        "{n:,} {things} lie in the doubled hour of a clock change and bear no offset: read as its first. Export times "
        "with an offset to be sure.",
        n=rows,
        things=name,
    )


def _repeated(engine: Engine, kind: Table, table: str, inside: str, gap: int) -> int:
    """Move the second of two rows for one stretch of time in a file; how many were moved."""
    key = ", ".join(["file", *(kind.stored(name) for name in kind.key)])
    places = f"SELECT rowid AS row, row_number() OVER (PARTITION BY {key} ORDER BY rowid) AS place FROM {table}"
    second = f"rowid IN (SELECT row FROM ({places} WHERE {inside}) places WHERE place = 2)"
    moved = int(engine.value(f"SELECT count(*) FROM {table} WHERE {second}"))
    engine.run(f"UPDATE {table} SET {kind.first_ms} = {kind.first_ms} + {gap} WHERE {second}")
    return moved


def _goes_back(engine: Engine, first: str, table: str, file: int, moment: int, gap: int) -> int | None:
    """The row at which the clock of a file in time order goes back inside the doubled hour; else None."""
    steps = (
        f"SELECT rowid AS row, {first}, lag({first}) OVER (ORDER BY rowid) AS earlier FROM {table} "
        f"WHERE file = {file} AND status = 0"
    )
    back = engine.rows(f"SELECT row, {first}, earlier FROM ({steps}) steps WHERE {first} < earlier LIMIT 2")
    if len(back) != 1:
        return None
    row, offered, earlier = back[0]
    return int(row) if moment - gap <= offered and earlier < moment + gap else None


def _missing(engine: Engine, kind: Table, table: str, files: str, moment: int, gap: int) -> list[Caution]:
    first = kind.first_ms
    skipped = f"{files} AND status = 0 AND skipped AND {first} >= {moment} AND {first} < {moment + gap}"
    rows = engine.value(f"SELECT count(*) FROM {table} WHERE {skipped}")
    if not rows:
        return []
    text = said(
        "{n:,} {things} bear a local time in the hour that a clock change skipped: moved forward by the gap. Check the "
        "source's zone (--tz, or timezone in the mapping).",
        n=rows,
        things=things(kind.name),
    )
    return [("missing_hour", text)]
