"""Opens what was given: reads calls or summaries, finds the zone, settles the accounting."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cc_metrics.errors import DataError, UsageError
from cc_metrics.model import zones
from cc_metrics.model.calls import CALLS, DIMENSIONS, SUMMARY_DIMENSIONS
from cc_metrics.model.durations import DAY
from cc_metrics.model.promise import Policy
from cc_metrics.model.queue_events import QUEUE_EVENTS
from cc_metrics.model.table import Table
from cc_metrics.model.zones import Offsets
from cc_metrics.store import files, personal, room, summary_file
from cc_metrics.store.accounted import Account, Accountant
from cc_metrics.store.engine import Engine
from cc_metrics.store.mapping import Mapping
from cc_metrics.store.opened import Opened, engine_dimensions
from cc_metrics.store.pseudonyms import Pseudonyms
from cc_metrics.store.reader import Reader
from cc_metrics.store.relation import Frame, Relation
from cc_metrics.store.text import OrderNeededError

Source = Path | Frame


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read: mapping, zone asked for, policy, dimensions beyond the usual ones, limits of the engine.

    *lines*: whether the lines of rows will be asked for (lists of rejected rows, of late calls). *pseudonyms*, where
    there are any, stand for customers and agents. *else_zone*, where there is one, is that of moments which bear an
    offset where no zone is named at all.
    """

    mapping: Mapping | None = None
    zone: str | None = None
    policy: Policy = field(default_factory=lambda: Policy("default"))
    dimensions: tuple[str, ...] = ()
    memory: str = "3GB"
    spill: Path | None = None
    lines: bool = True
    pseudonyms: Pseudonyms | None = None
    else_zone: str | None = None


def open_sources(sources: Sequence[Source], reading: Reading) -> Opened:
    """Calls or summaries, read, accounted for and counted.

    Raises:
        DataError: something cannot be read, or nothing is left.
        UsageError: calls and summaries are mixed, or the zone is missing.
    """
    if not sources:
        raise UsageError("no exports were given", hint="name files, a folder, a glob, or - for standard input")
    engine = Engine(reading.memory, reading.spill)
    try:
        kept = [
            summary_file.metadata(engine, s) if isinstance(s, Path) and files.is_parquet(s) else None for s in sources
        ]
        if all(kept):
            return summary_file.open_summaries(
                engine, [s for s in sources if isinstance(s, Path)], reading.zone, reading.policy, reading.pseudonyms
            )
        if any(kept):
            raise UsageError(
                "summaries and calls cannot be mixed", hint="give either summaries or the calls themselves"
            )
        if room.check(engine.spill, [s for s in sources if isinstance(s, Path)]) < room.SMALL:
            engine.run("SET threads = 1")  # a second thread costs a small input more than it saves
        if reading.mapping and reading.mapping.intervals:
            from cc_metrics.store.open_intervals import open_intervals

            return open_intervals(engine, sources, reading, reading.mapping, reading.mapping.intervals)
        return _open_calls(engine, sources, reading)
    except OrderNeededError:
        engine.close()
        return open_sources(sources, replace(reading, lines=True))
    except BaseException:
        engine.close()
        raise


def _open_calls(engine: Engine, sources: Sequence[Source], reading: Reading) -> Opened:
    wanted = tuple(dict.fromkeys((*SUMMARY_DIMENSIONS, *reading.dimensions)))
    extras = tuple(name for name in wanted if name not in DIMENSIONS)
    relation, zone, log = _calls_or_log(engine, sources, reading, extras)
    everywhere = zones.offsets(zone)
    dimensions = engine_dimensions(wanted, extras)
    accountant = Accountant(engine, relation, everywhere, reading.policy.open_hours, list(dimensions.values()))
    account = accountant.account
    if log:
        from cc_metrics.store import queue_log

        account = queue_log.account(engine, relation, accountant, log[1].account)
    opened = Opened(
        engine=engine,
        table=accountant.table,
        names=tuple(relation.names),
        account=account,
        zone=zone,
        offsets=near_offsets(engine, accountant, zone),
        dimensions=dimensions,
        calls=(relation, accountant),
        log=log,
        policy=reading.policy,
        open_written=reading.policy.open_hours.written if reading.policy.open_hours else None,
        pseudonyms=reading.pseudonyms.mark if reading.pseudonyms else None,
    )
    opened.cautions += [*relation.cautions, *accountant.cautions]
    check_rows(opened.account, relation)
    return opened


def _calls_or_log(
    engine: Engine, sources: Sequence[Source], reading: Reading, extras: Sequence[str]
) -> tuple[Relation, str | None, tuple[Relation, Accountant] | None]:
    """The calls of the sources, their zone, and the log of queue events that they are folded from, where it is one."""
    mapping = reading.mapping
    if mapping is None or QUEUE_EVENTS.name not in mapping.tables:
        relation, zone = read(engine, CALLS, sources, reading, extras)
        if mapping and mapping.legs == "side_by_side":
            from cc_metrics.store import side_by_side

            side_by_side.join(engine, relation)
        return relation, zone, None
    from cc_metrics.store import queue_log

    relation, zone = read(engine, QUEUE_EVENTS, sources, replace(reading, lines=True), extras)
    accountant = Accountant(engine, relation, zones.offsets(zone), None, (), far=False)
    check_rows(accountant.account, relation)
    calls = queue_log.fold(engine, relation, mapping.longest_ms)
    calls.cautions[:0] = relation.cautions
    return calls, zone, (relation, accountant)


def read(
    engine: Engine, table: Table, sources: Sequence[Source], reading: Reading, extras: Sequence[str]
) -> tuple[Relation, str | None]:
    """Every row of the sources as one relation, and the reporting zone; None where times are as written.

    Raises:
        DataError: something cannot be read.
        UsageError: the zone is missing.
    """
    mapping_zone = reading.mapping.timezone if reading.mapping else None
    frame_zone = next((s.zone for s in sources if isinstance(s, Frame) and s.zone), None)
    zone = reading.zone or reading.policy.timezone or mapping_zone or frame_zone
    reader = Reader(
        engine,
        table,
        reading.mapping,
        mapping_zone or zone,
        extras,
        lines=reading.lines,
        pseudonyms=reading.pseudonyms,
        keys=personal.keys(reading.policy),
    )
    relation = reader.read(sources)
    if zone is None and relation.offsets_seen:
        zone = reading.else_zone
    if zone is None and relation.offsets_seen:
        raise UsageError(
            "the times are UTC or bear an offset, and no reporting zone is named: days would be cut at the wrong hour",
            hint="name the zone, for example --tz Asia/Shanghai (or timezone in the policy or mapping)",
        )
    return relation, zone


def near_offsets(engine: Engine, accountant: Accountant, zone: str | None) -> Offsets:
    """The zone's offsets around the accepted rows."""
    first, last = engine.rows(f"SELECT min(first_ms), max(last_ms) FROM {accountant.table}")[0]
    return zones.offsets(zone) if first is None else zones.offsets(zone, first - 400 * DAY, last + 400 * DAY)


def check_rows(account: Account, relation: Relation) -> None:
    """Stop when nothing was read.

    Raises:
        DataError: the sources hold no rows.
    """
    if not account.read:
        raise DataError(
            f"the input holds no {relation.table.name}, only a header",
            where=", ".join(relation.names[:3]),
            hint="export it again",
        )
