"""Opens rows that somebody else has counted: hourly buckets, daily figures; they become a summary as calls do."""

from collections.abc import Sequence
from dataclasses import replace

from cc_metrics.errors import DataError, UsageError
from cc_metrics.language import both, said
from cc_metrics.model import zones
from cc_metrics.model.calls import DIMENSIONS, OUTCOMES, SUMMARY_DIMENSIONS
from cc_metrics.model.durations import DAY, QUARTER_HOUR, spoken
from cc_metrics.model.promise import OpenHours
from cc_metrics.model.recorded import UNTOLD_BIN, Recorded, in_common
from cc_metrics.model.zones import Offsets
from cc_metrics.store import conservation
from cc_metrics.store.accounted import OUTSIDE_HOURS, Accountant
from cc_metrics.store.counting import EXTREMES, SUMS, again_sql
from cc_metrics.store.engine import Engine
from cc_metrics.store.interval_rows import REASONS, Rows
from cc_metrics.store.intervals import LENGTHS, Group, Intervals
from cc_metrics.store.mapping import Mapping
from cc_metrics.store.open import Reading, Source, check_rows, near_offsets, read
from cc_metrics.store.opened import Opened, engine_dimensions
from cc_metrics.store.relation import Relation


def open_intervals(
    engine: Engine, sources: Sequence[Source], reading: Reading, mapping: Mapping, intervals: Intervals
) -> Opened:
    """Rows read by a mapping's [intervals], accounted for, checked and counted into a summary.

    Raises:
        DataError: something cannot be read, or the rows' length cannot be told.
        UsageError: the zone is missing, or its days would cut the rows in two.
    """
    wanted = tuple(dict.fromkeys((*SUMMARY_DIMENSIONS, *reading.dimensions)))
    extras = tuple(name for name in wanted if name not in DIMENSIONS)
    table = intervals.table()
    mapped = mapping.with_entries(table, intervals.entries())
    relation, zone = read(engine, table, sources, replace(reading, mapping=mapped, lines=True), extras)
    own = zones.offsets(mapping.timezone or zone)
    accountant = Accountant(engine, relation, own, None, [])
    check_rows(accountant.account, relation)
    dimensions = engine_dimensions(wanted, extras)
    if not accountant.account.accepted:  # which the caller refuses with the reasons
        intervals = replace(intervals, length_ms=LENGTHS[0])
    rows = _with_ends(engine, relation, intervals, own)
    counted = _counted(engine, rows, intervals, wanted, dimensions)
    cautions = [*relation.cautions, *_of_means(intervals), *conservation.cautions(engine, relation, counted, intervals)]
    _reject(engine, accountant, counted)
    offsets = near_offsets(engine, accountant, zone)
    _leave_closed(engine, accountant, counted, reading.policy.open_hours, offsets)
    summary = _summary(engine, counted, intervals, list(dimensions.values()))
    account, policy = accountant.account, reading.policy
    opened = Opened(engine, summary, tuple(relation.names), account, zone, offsets, dimensions, policy=policy)
    opened.open_written = policy.open_hours.written if policy.open_hours else None
    opened.cautions, opened.counted = cautions, (relation, accountant)
    opened.recorded = in_common([_recorded(group) for group in intervals.groups])
    opened.check_days()
    return opened


def _of_means(intervals: Intervals) -> list[tuple[str, str]]:
    """That sums were made of means, which sources round."""
    means = sorted({key for group in intervals.groups for key in group.spent if key.startswith("mean_")})
    if not means:
        return []
    text = said(
        "The source holds means ({means}), rounded as it writes them: a mean of several rows is right to as much. "
        "Export sums to be sure.",
        means=both([name.replace("_", " ") for name in means]),
    )
    return [("rounded_means", text)]


def _with_ends(engine: Engine, relation: Relation, intervals: Intervals, own: Offsets) -> str:
    """A table of the accepted rows with the first and last moment of each.

    Raises:
        DataError: the rows do not tell how long each is, or say otherwise than the mapping.
    """
    local = f"SELECT *, {own.local_sql('start_ms')} AS local_ms FROM {relation.accepted}"
    starts = f"SELECT DISTINCT local_ms FROM ({local}) l"
    steps = f"SELECT local_ms - lag(local_ms) OVER (ORDER BY local_ms) AS step FROM ({starts}) s"
    found = engine.value(f"SELECT min(step) FROM ({steps}) s")
    length_ms = intervals.length_ms or found
    if length_ms not in LENGTHS:
        raise DataError(
            "the rows do not tell how long a time each of them holds",
            where=relation.names[0],
            hint='say it in the mapping: [intervals] length = "1h" (15m, 30m, 1h or 1d)',
        )
    if found is not None and found < length_ms:
        raise DataError(
            f"rows begin {spoken(found)} apart, and the mapping says that each holds {spoken(length_ms)}",
            where=relation.names[0],
            hint="correct length in [intervals] of the mapping, or the times in the file",
        )
    end = own.utc_sql(f"(local_ms + {DAY})") if length_ms == DAY else f"(start_ms + {length_ms})"
    table = engine.new_name("counted")
    engine.run(f"CREATE TEMP TABLE {table} AS SELECT *, {end} - 1 AS last_ms FROM ({local}) l")
    return table


def _counted(
    engine: Engine, source: str, intervals: Intervals, wanted: Sequence[str], dimensions: dict[str, str]
) -> str:
    """A table with one row for each source row and group."""
    rows = Rows(engine, source, ("file", "row", "start_ms AS first_ms", "last_ms"), intervals.empty)
    single = len(intervals.groups) == 1
    parts = []
    for number, group in enumerate(intervals.groups, 1):
        held = {}
        for name in wanted:
            known = name not in DIMENSIONS or single or name in group.dimensions
            column = dimensions[name] if name not in DIMENSIONS else f"{group.name}{name}"
            held[dimensions[name]] = column if known else "CAST(NULL AS VARCHAR)"
        parts.append(rows.sql(group, number, held))
    table = engine.new_name("counted")
    engine.run(f"CREATE TEMP TABLE {table} AS {' UNION ALL '.join(parts)}")
    return table


def _reject(engine: Engine, accountant: Accountant, counted: str) -> None:
    """Reject the source rows of which a group cannot stand, for the first reason of any."""
    worst = f"SELECT file, row, min(unfit) AS unfit FROM {counted} WHERE unfit IS NOT NULL GROUP BY file, row"
    for number, rows in engine.rows(f"SELECT unfit, count(*) FROM ({worst}) w GROUP BY 1 ORDER BY 1"):
        refused = engine.new_name("refused")
        engine.run(f"CREATE TEMP TABLE {refused} AS SELECT file, row FROM ({worst}) w WHERE unfit = {number}")
        accountant.reject(f"(file, row) IN (SELECT (file, row) FROM {refused})", REASONS[number], rows)
    engine.run(f"DELETE FROM {counted} WHERE (file, row) IN (SELECT (file, row) FROM ({worst}) w)")


def _leave_closed(
    engine: Engine, accountant: Accountant, counted: str, hours: OpenHours | None, offsets: Offsets
) -> None:
    """Ignore the rows outside open hours.

    Raises:
        UsageError: open hours begin or end inside a row.
    """
    if hours is None:
        return
    quarters = f"SELECT DISTINCT file, row, unnest(range(first_ms, last_ms, {QUARTER_HOUR})) AS quarter FROM {counted}"
    inside = hours.sql(offsets.local_sql("quarter"))
    judged = (
        f"SELECT file, row, bool_and({inside}) AS whole, bool_or({inside}) AS partly FROM ({quarters}) q GROUP BY 1, 2"
    )
    cut, outside = engine.rows(
        f"SELECT count(*) FILTER (WHERE partly AND NOT whole), count(*) FILTER (WHERE NOT partly) FROM ({judged}) j"
    )[0]
    if cut:
        raise UsageError(
            f"the policy's open hours begin or end inside {cut:,} rows of the input, which were counted as a whole",
            hint="use open hours that do not cut the rows, or give the calls themselves",
        )
    engine.run(f"DELETE FROM {counted} WHERE (file, row) IN (SELECT (file, row) FROM ({judged}) j WHERE NOT partly)")
    accountant.account.accepted -= outside
    accountant.account.ignore(OUTSIDE_HOURS, outside)


def _summary(engine: Engine, counted: str, intervals: Intervals, dimensions: Sequence[str]) -> str:
    """The summary of the counted rows: a bin for each threshold, one for what lies beyond or is not told."""
    parts = []
    for number, group in enumerate(intervals.groups, 1):
        for outcome in OUTCOMES:
            edges = tuple(edge for edge, _ in _within(group, outcome))
            up_to = [f"{outcome}_in[{place}]" for place in range(1, len(edges) + 1)]
            between = [f"{b} - {a}" for a, b in zip(["0", *up_to], [*up_to, outcome], strict=True)]
            bins = ", ".join(map(str, (*edges, UNTOLD_BIN)))
            spread = f"unnest(CAST([{bins}] AS BIGINT[])) AS bin, unnest([{', '.join(between)}]) AS n"
            parts.append(f"SELECT {_columns(dimensions, outcome)}, {spread} FROM {counted} WHERE part = {number}")
    again = again_sql(f"(SELECT {_figures(dimensions)} FROM ({' UNION ALL '.join(parts)}) u) spread", dimensions)
    table = engine.new_name("summary")
    engine.run(f"CREATE TEMP TABLE {table} AS {again}")
    return table


def _within(group: Group, outcome: str) -> Sequence[tuple[int, object]]:
    return {"answered": group.answered.counts, "abandoned": group.abandoned.counts}.get(outcome, ())


def _columns(dimensions: Sequence[str], outcome: str) -> str:
    spent = ("wait_ms", "talk_ms", "hold_ms", "wrap_ms", "handle_ms")
    own = [name if outcome == "answered" else f"CAST(NULL AS BIGINT) AS {name}" for name in spent]
    return ", ".join([*dimensions, f"'{outcome}' AS outcome", "first_ms", "last_ms", *own])


def _figures(dimensions: Sequence[str]) -> str:
    """The columns of a summary; sums over all answered calls stand in the last bin, where a row has one of each."""
    last = f"bin = {UNTOLD_BIN} AND outcome = 'answered'"
    talks = "coalesce(talk_ms, handle_ms)"
    held = {
        "n": "n",
        "wait_ms": f"CASE WHEN {last} THEN coalesce(wait_ms, 0) ELSE 0 END",
        "talk_ms": f"CASE WHEN {last} THEN coalesce({talks}, 0) ELSE 0 END",
        "talk_n": f"CASE WHEN outcome = 'answered' AND {talks} IS NOT NULL THEN n ELSE 0 END",
    }
    for part in ("hold", "wrap"):
        apart = f"talk_ms IS NOT NULL AND {part}_ms IS NOT NULL"
        held[f"{part}_ms"] = f"CASE WHEN {last} AND {apart} THEN {part}_ms ELSE 0 END"
        held[f"{part}_n"] = f"CASE WHEN outcome = 'answered' AND {apart} THEN n ELSE 0 END"
    sums = [f"{held.get(name, 'CAST(0 AS BIGINT)')} AS {name}" for name in SUMS]
    extremes = {"longest_ms": "CAST(NULL AS BIGINT) AS longest_ms"}
    edges = [extremes.get(name, name) for name in EXTREMES]
    start = f"first_ms - first_ms % {QUARTER_HOUR} AS start_ms"
    return ", ".join([start, *dimensions, "outcome", "bin", *sums, *edges])


def _recorded(group: Group) -> Recorded:
    told = {key.partition("_")[2] for key in group.spent}
    edges = [tuple(edge for edge, _ in within.counts) for within in (group.answered, group.abandoned)]
    return Recorded(
        answered=edges[0],
        abandoned=edges[1],
        lost=group.lost,
        waits="wait" in told,
        talk="talk" in told,
        handle=bool({"talk", "handle"} & told),
    )
