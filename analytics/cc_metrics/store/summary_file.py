"""Summaries on disk: one Parquet file of things that add up, its terms and accounting in the metadata."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cc_metrics.errors import DataError, PolicyError, UsageError
from cc_metrics.model import recorded, zones
from cc_metrics.model.calls import PERSONAL
from cc_metrics.model.durations import DAY
from cc_metrics.model.intervals import Period
from cc_metrics.model.promise import Policy
from cc_metrics.model.zones import Offsets
from cc_metrics.store import files
from cc_metrics.store.accounted import OUTSIDE_HOURS, Account
from cc_metrics.store.counting import EXTREMES, KEYS, SUMS, again_sql
from cc_metrics.store.engine import Engine
from cc_metrics.store.opened import Opened
from cc_metrics.store.output import write
from cc_metrics.store.pseudonyms import Pseudonyms
from cc_metrics.store.summaries_together import check_alike, check_intervals

if TYPE_CHECKING:
    import pyarrow as pa

SCHEMA: Final = "cc-metrics/summary/1"
COUNTED: Final = "cc-metrics/summary/2"
"""The schema of counts that somebody else made: thresholds that they do not tell must not be read from the bins."""

_FIGURES: Final = (*SUMS, *EXTREMES)
_MARK: Final = "pseudonyms"


def metadata(engine: Engine, path: Path) -> dict[str, Any] | None:
    """What a summary says of itself; None when the Parquet file holds something else.

    Raises:
        DataError: written by a later version, or damaged.
    """
    text = files.summary_metadata(engine, path)
    if text is None:
        return None
    found: dict[str, Any] = json.loads(text)
    if found.get("schema") not in (SCHEMA, COUNTED):
        raise DataError(
            f"this summary has schema {found.get('schema')!r}, this version reads {SCHEMA!r} and {COUNTED!r}",
            where=str(path),
            hint="update cc-metrics, or make the summary again from the calls",
        )
    return found


def sound(engine: Engine, path: Path) -> dict[str, Any]:
    """What a summary says of itself, once all of it could be read.

    Raises:
        DataError: damaged, or no summary.
    """
    import duckdb

    about = metadata(engine, path)
    if about is None:
        raise DataError("this Parquet file is no summary", where=str(path), hint="make it again from the calls")
    try:
        columns = ", ".join(f"max({name})" for name in ("start_ms", "outcome", "bin", *_FIGURES))
        engine.connection.execute(f"SELECT {columns} FROM read_parquet({engine.keep(files.pattern(path))})").fetchall()
    except duckdb.Error:
        raise files.damaged_parquet(path) from None
    return about


def save(opened: Opened, path: Path, policy: Policy, version: str, period: Period | None = None) -> None:
    """Write the summary behind a report by *policy*; rows in a fixed order, so the same input gives the same bytes.

    *period* leaves out the calls outside it, and the accounting of their files: they are then all that was read.

    Raises:
        EngineError: it cannot be written; nothing is left behind.
    """
    import pyarrow.parquet as pq

    names = {column: name for name, column in opened.dimensions.items()}
    keys = ["start_ms", *names, "outcome", "bin"]
    order = ", ".join(f"{key} NULLS LAST" for key in keys)
    columns = ", ".join([*keys, *_FIGURES])
    with opened.engine.words():
        chosen = f"WHERE {period.sql('start_ms')}" if period else ""
        sql = f"SELECT {columns} FROM {opened.table} {chosen} ORDER BY {order}"
        table = opened.engine.connection.sql(sql).to_arrow_table()
    table = table.rename_columns([f"by.{names[c]}" if c in names else c for c in table.column_names])
    account = opened.account if period is None else _alone(table, opened.account)
    about = json.dumps(_about(opened, policy, version, account), ensure_ascii=False, sort_keys=True)
    table = table.replace_schema_metadata({files.SUMMARY_KEY: about})
    write(path, lambda temporary: pq.write_table(table, temporary, compression="zstd"))


def _alone(table: "pa.Table", whole: Account) -> Account:
    """The accounting of the calls in a table, which are all that it speaks of."""
    import pyarrow.compute as pc

    calls = int(pc.sum(table["n"]).as_py() or 0)
    return Account(read=calls, accepted=calls, waits=whole.waits)


def _about(opened: Opened, policy: Policy, version: str, account: Account) -> dict[str, Any]:
    return {
        "schema": SCHEMA if opened.recorded is None else COUNTED,
        "tool": f"cc-metrics {version}",
        "policy": policy.name,
        "formula": policy.service.formula,
        "timezone": opened.zone,
        "times": "as written" if opened.written else "UTC",
        "open": opened.open_written,
        **({_MARK: opened.pseudonyms} if opened.pseudonyms and set(PERSONAL) & set(opened.dimensions) else {}),
        "dimensions": list(opened.dimensions),
        "files": [Path(name).name for name in opened.names],
        "accounting": {
            "read": account.read,
            "accepted": account.accepted,
            "ignored": account.ignored,
            "rejected": account.rejected,
            "waits": account.waits,
        },
        **({} if opened.recorded is None else {"recorded": opened.recorded.written()}),
    }


def open_summaries(
    engine: Engine, paths: Sequence[Path], zone: str | None, policy: Policy, pseudonyms: Pseudonyms | None = None
) -> Opened:
    """Several summaries as one, in all that adds up equal to the calls together.

    *pseudonyms* stand for the customers and agents of summaries that name them.

    Raises:
        DataError: they overlap in files or intervals, or were made with differing times.
        PolicyError: they were made for other open hours than the policy's.
    """
    abouts = [metadata(engine, path) or {} for path in paths]
    check_alike(abouts, paths, ("times", "open", _MARK))
    held = [d for d in abouts[0]["dimensions"] if all(d in about["dimensions"] for about in abouts)]
    columns = {name: f"s{i}" for i, name in enumerate(held, 1)}
    parts = [recorded.read(about["recorded"]) if "recorded" in about else None for about in abouts]
    mark = abouts[0].get(_MARK)
    table = _together(engine, paths, abouts, columns, None if mark else pseudonyms)
    added = engine.new_name("summary")
    engine.run(f"CREATE TEMP TABLE {added} AS {again_sql(table, list(columns.values()))}")
    opened = _opened(engine, added, paths, abouts, columns, zone, policy)
    opened.pseudonyms = mark or (pseudonyms.mark if pseudonyms else None)
    opened.recorded = recorded.in_common(parts)
    opened.check_days()
    return opened


def _together(
    engine: Engine,
    paths: Sequence[Path],
    abouts: Sequence[dict[str, Any]],
    columns: dict[str, str],
    hiding: Pseudonyms | None,
) -> str:
    """A table of the rows of all summaries, with the dimensions in *columns*.

    Raises:
        DataError: two of them hold the same intervals.
    """
    table = engine.new_name("summary")
    counted = any("recorded" in about for about in abouts)
    for number, path in enumerate(paths):
        names = [f"by.{name}" for name in abouts[number]["dimensions"]]
        listed = [
            *KEYS[:1],
            *(f"{_shown(engine, names.index(f'by.{n}'), n, hiding)} AS {c}" for n, c in columns.items()),
            *KEYS[1:],
            *_FIGURES,
        ]
        aliases = ", ".join(["start_ms", *(f"c{i + 2}" for i in range(len(names))), "outcome", "bin", *_FIGURES])
        sql = f"SELECT {', '.join(listed)} FROM read_parquet({engine.keep(files.pattern(path))}) AS t({aliases})"
        if number == 0:
            engine.run(f"CREATE TEMP TABLE {table} AS {sql}")
        else:
            check_intervals(engine, table, sql, path, counted=counted)
            engine.run(f"INSERT INTO {table} {sql}")
    return table


def _shown(engine: Engine, place: int, name: str, pseudonyms: Pseudonyms | None) -> str:
    """SQL of a dimension as it may be known."""
    column = f"c{place + 2}"
    return pseudonyms.sql(engine, column) if pseudonyms and name in PERSONAL else column


def _opened(
    engine: Engine,
    table: str,
    paths: Sequence[Path],
    abouts: Sequence[dict[str, Any]],
    columns: dict[str, str],
    zone: str | None,
    policy: Policy,
) -> Opened:
    written = abouts[0]["times"] == "as written"
    if written and zone:
        raise UsageError(
            "these summaries hold times as written, which belong to no zone",
            hint="leave --tz out, or count the calls again",
        )
    named = None if written else zone or policy.timezone or abouts[0]["timezone"]
    account = _added([about["accounting"] for about in abouts])
    offsets = zones.offsets(named)
    closed = _leave_closed(engine, table, abouts, policy, offsets)
    account.accepted -= closed
    account.ignore(OUTSIDE_HOURS, closed)
    first, last = engine.rows(f"SELECT min(first_ms), max(last_ms) FROM {table}")[0]
    if first is not None:
        offsets = zones.offsets(named, first - 400 * DAY, last + 400 * DAY)
    hours = policy.open_hours.written if policy.open_hours else abouts[0]["open"]
    return Opened(engine, table, tuple(map(str, paths)), account, named, offsets, columns, None, policy, hours)


def _leave_closed(
    engine: Engine, table: str, abouts: Sequence[dict[str, Any]], policy: Policy, offsets: Offsets
) -> int:
    """Take out the calls outside the policy's open hours, where the summaries hold them; how many they were.

    Raises:
        PolicyError: the summaries were made for other open hours, or rows cannot be cut at those of the policy.
    """
    made = abouts[0]["open"]
    wanted = policy.open_hours.written if policy.open_hours else None
    if made is not None and wanted != made:
        raise PolicyError(
            f"the summary counts calls in open hours {made!r}, the policy says {wanted!r}",
            hint="count the calls again with this policy",
        )
    if policy.open_hours is None or made is not None:
        return 0
    if any("recorded" in about for about in abouts):
        raise PolicyError(
            "the summary holds rows that somebody else has counted, which open hours may cut in two",
            hint="give the rows themselves with this policy",
        )
    outside = f"FROM {table} WHERE NOT {policy.open_hours.sql(offsets.local_sql('start_ms'))}"
    rows = int(engine.value(f"SELECT coalesce(CAST(sum(n) AS BIGINT), 0) {outside}"))
    engine.run(f"DELETE {outside}")
    return rows


def _added(parts: Sequence[dict[str, Any]]) -> Account:
    total = Account(waits=all(part["waits"] for part in parts))
    for part in parts:
        total.read += part["read"]
        total.accepted += part["accepted"]
        for rule, rows in part["ignored"].items():
            total.ignore(rule, rows)
        for reason, rows in part["rejected"].items():
            total.reject(reason, rows)
    return total
