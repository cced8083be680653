"""Opens cases, or attempts, answers and bases, into an engine of their own or beside the calls they are judged with."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cc_metrics.errors import UsageError, nearest
from cc_metrics.language import said
from cc_metrics.measures.swapped import Dated, swapped_rows, swapped_words
from cc_metrics.model import zones
from cc_metrics.model.cases import CASES, EVENTS, TABLES
from cc_metrics.model.durations import DAY
from cc_metrics.model.table import Table, things
from cc_metrics.store import fold, room
from cc_metrics.store.accounted import Accountant
from cc_metrics.store.engine import Engine
from cc_metrics.store.open import Reading, Source, check_rows, near_offsets, read
from cc_metrics.store.opened_cases import OpenedCases
from cc_metrics.store.relation import Relation


def open_cases(
    sources: Sequence[Source], reading: Reading, table: str = "cases", engine: Engine | None = None
) -> OpenedCases:
    """Rows of a canonical table, read and accounted for; an event log (see the mapping) is folded into cases.

    Args:
        sources: files and tables.
        reading: mapping, zone and further dimensions; lines are always kept.
        table: cases, attempts, satisfaction or bases.
        engine: one that holds calls already; None opens one.

    Raises:
        DataError: something cannot be read, or nothing is left.
        UsageError: the table is not known, no source was given, or the zone is missing.
    """
    if table not in TABLES:
        raise UsageError(f"there is no table {table!r}", hint=nearest(table, TABLES))
    if not sources:
        raise UsageError("no exports were given", hint="name files, a folder, a glob, or - for standard input")
    owned = engine is None
    engine = engine or Engine(reading.memory, reading.spill)
    try:
        small = room.check(engine.spill, [s for s in sources if isinstance(s, Path)]) < room.SMALL
        if owned and small:
            engine.run("SET threads = 1")  # a second thread costs a small input more than it saves
        elif not small:
            engine.run("RESET threads")
        return _open(engine, TABLES[table], sources, replace(reading, lines=True))
    except BaseException:
        if owned:
            engine.close()
        raise


def _open(engine: Engine, table: Table, sources: Sequence[Source], reading: Reading) -> OpenedCases:
    events = reading.mapping.events if reading.mapping and table is CASES else None
    own = (*table.dimensions, *table.flags, *table.counts)
    extras = tuple(name for name in dict.fromkeys(reading.dimensions) if name not in own)
    relation, zone = read(engine, EVENTS if events else table, sources, reading, extras)
    everywhere = zones.offsets(zone)
    accountant = Accountant(engine, relation, everywhere, None, (), far=events is None)
    readings, account = [(relation, accountant)], accountant.account
    check_rows(account, relation)
    cautions = list(relation.cautions)
    if events:
        relation = fold.fold(engine, relation, events)
        accountant = Accountant(engine, relation, everywhere, None, ())
        account = fold.account(engine, relation, accountant, account)
        readings.append((relation, accountant))
        cautions += relation.cautions
    opened = OpenedCases(
        engine=engine,
        kind=table,
        view=relation.accepted,
        table=accountant.table,
        names=tuple(relation.names),
        account=account,
        zone=zone,
        offsets=near_offsets(engine, accountant, zone),
        dimensions={n: n for n in own} | {n: f"x{i}" for i, n in enumerate(extras, 1)},
        policy=reading.policy,
        recorded=_recorded(table, relation, reading),
        readings=readings,
        cautions=cautions,
    )
    opened.cautions += _swapped(opened)
    return opened


def _recorded(table: Table, relation: Relation, reading: Reading) -> frozenset[str]:
    """The moments that some source has a column (or a log a status) for, whether or not it is ever filled."""
    mapping = reading.mapping
    if mapping and relation.log and mapping.events:
        return frozenset((table.first, *mapping.events.first, *mapping.events.last))
    if mapping and table.name in mapping.tables:
        return frozenset(mapping.entries(table))
    return frozenset(name for names in relation.columns for name in names)


def _swapped(opened: OpenedCases) -> list[tuple[str, str]]:
    """A caution where day and month of the first moment look swapped."""
    number = f"avg(try_cast({opened.kind.ids[0]} AS BIGINT))" if opened.kind.ids else "CAST(NULL AS DOUBLE)"
    local = opened.offsets.local_sql(opened.kind.first_ms)
    found = opened.engine.rows(
        f"SELECT CAST(FLOOR({local} / {DAY}.0) AS BIGINT) AS day, count(*), {number} FROM {opened.view} GROUP BY 1"
    )
    rows = swapped_rows([Dated(zones.day_of(day * DAY), n, mean) for day, n, mean in sorted(found)])
    if not rows:
        return []
    text = swapped_words(rows, things(opened.kind.name), opened.kind.first)
    return [("swapped_dates", said("{swapped} Check the export's date format.", swapped=text))]
