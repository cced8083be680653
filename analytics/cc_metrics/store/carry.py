"""Calls carried over from one report to the next, so that an export of one day tells what the day before was worth.

Kept is what first-call resolution needs of a call and nothing else: its start and length, whether it was answered
and transferred, the dimensions that reports count by, and keyed hashes of the customer and of the call's id.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from cc_metrics.measures import carried_days
from cc_metrics.measures.carried_days import Joined, Kept
from cc_metrics.measures.contacts import SEPARATOR, key_sql
from cc_metrics.model.calls import END_SQL
from cc_metrics.model.intervals import Period
from cc_metrics.model.promise import Policy
from cc_metrics.model.zones import Offsets, day_start
from cc_metrics.store import carry_file, files
from cc_metrics.store.carried import Carried
from cc_metrics.store.opened import Opened
from cc_metrics.store.output import write
from cc_metrics.store.pseudonyms import Pseudonyms
from cc_metrics.store.relation import ACCEPTED

_DIGITS: Final = 16  # of a call's hash, which is compared with those of one day
_COLUMNS: Final = ("offered_ms", "length_ms", "answered", "transferred", "place", "call")


def use(opened: Opened, policy: Policy, path: Path, secret: Pseudonyms) -> None:
    """Let first-call resolution by *policy* know the calls kept in a file; where it may not, a caution says why.

    Raises:
        DataError: the file is damaged, or written by a later version.
    """
    if opened.calls is None or not opened.days() or not path.exists():
        return
    engine, terms = opened.engine, carried_days.terms_of(policy)
    about, keys = carry_file.about(engine, path), carried_days.keys_of(terms)
    unlike = about.unlike(carry_file.of_reading(opened, keys, secret, Kept(), tuple(opened.dimensions)))
    if unlike:
        opened.cautions.append(("carry_over", unlike))
        return
    table = _loaded(opened, about, path)
    joined = _joined(opened, table, about.kept, secret)
    last = joined.last
    days = tuple(day for day in joined.days() if day.day <= last)
    first = min(joined.known_from(terms, last), joined.first)
    whole = max(joined.whole_from(last), joined.needed(terms)[1][0])
    chosen = _span("offered_ms", first, last, opened.offsets)
    [[rows, legs]] = engine.rows(f"SELECT count(*), coalesce(bool_or(transferred), FALSE) FROM {table} WHERE {chosen}")
    columns = {key: f"k{number}" for number, key in enumerate(about.keys)}
    opened.carried = Carried(table, joined, columns, secret, days, chosen, first, whole, rows, legs)


def save(opened: Opened, policy: Policy, path: Path, secret: Pseudonyms) -> None:
    """Keep the calls of a reading for the reports of later days, with those that are `use`d and still needed.

    Raises:
        EngineError: it cannot be written; the file is what it was.
    """
    if opened.calls is None or not opened.days():
        return
    import pyarrow.parquet as pq

    terms = carried_days.terms_of(policy)
    joined = opened.carried.joined if opened.carried else Joined(Kept(), opened.days())
    kept = joined.after(terms)
    about = carry_file.of_reading(opened, carried_days.keys_of(terms), secret, kept, carry_file.shown(opened))
    together = _together(opened, about, secret)
    with opened.engine.words():
        sql = _needed_sql(together, about, joined.needed(terms), opened)
        table = opened.engine.connection.sql(sql).to_arrow_table()
    names = [*_COLUMNS, *(f"k{number}" for number in range(len(about.keys))), *(f"by.{n}" for n in about.dimensions)]
    table = table.rename_columns(names).replace_schema_metadata({files.SUMMARY_KEY: about.written()})
    write(path, lambda temporary: pq.write_table(table, temporary, compression="zstd"), private=True)


def _loaded(opened: Opened, about: carry_file.About, path: Path) -> str:
    """A table of the calls in a file, as the accepted ones look, with their hashes as the engine makes them."""
    engine, table = opened.engine, opened.engine.new_name("carried")
    keys = [f"k{number}" for number in range(len(about.keys))]
    named = [f"c{number}" for number in range(len(about.dimensions))]
    held = dict(zip(about.dimensions, named, strict=True))
    columns = [
        "offered_ms",
        *("CAST(NULL AS BIGINT) AS wait_ms", "length_ms AS talk_ms", "CAST(NULL AS BIGINT) AS hold_ms"),
        "lpad(CAST(place AS VARCHAR), 9, '0') AS call_id",
        "CASE WHEN answered THEN 'answered' ELSE 'abandoned' END AS outcome",
        *("transferred", "lower(hex(call)) AS call", "place"),
        *(f"lower(hex({key})) AS {key}" for key in keys),
        *(f"{held[name]} AS {column}" for name, column in opened.dimensions.items()),
    ]
    kept = ", ".join([*_COLUMNS, *keys, *named])
    engine.run(
        f"CREATE TEMP TABLE {table} AS SELECT {', '.join(columns)} "
        f"FROM read_parquet({engine.keep(files.pattern(path))}) AS kept({kept})"
    )
    return table


def _joined(opened: Opened, table: str, kept: Kept, secret: Pseudonyms) -> Joined:
    """The days kept beside those of the reading, whose calls are taken out of the *table* of those kept.

    A day that was kept is given again where most of its calls are, and what it was before is forgotten; else both
    hold calls of it, those of an export that was cut elsewhere than at midnight.
    """
    engine, rows, again = opened.engine, {day.day: day.rows for day in kept.days}, set()
    for day in (day for day in opened.days() if day.day in rows):
        span = _span("offered_ms", day.day, day.day, opened.offsets)
        same = f"call IN (SELECT {_call_sql(opened, secret)} FROM {ACCEPTED} WHERE {span})"
        [[number, common]] = engine.rows(f"SELECT count(*), count(*) FILTER (WHERE {same}) FROM {table} WHERE {span}")
        if day.day not in kept.held:
            number, common = rows[day.day], day.rows
        if common >= carried_days.ENOUGH * number:
            again.add(day.day)
        engine.run(f"DELETE FROM {table} WHERE {span}" + ("" if day.day in again else f" AND {same}"))
    return Joined(kept, opened.days(), frozenset(again))


def _together(opened: Opened, about: carry_file.About, secret: Pseudonyms) -> str:
    """A table of the calls to be kept: those of the reading, and those that were kept before."""
    engine, table, carried = opened.engine, opened.engine.new_name("kept"), opened.carried
    separator = engine.keep(SEPARATOR)
    dimensions = [opened.dimensions[name] for name in about.dimensions]
    end, answered = f"{END_SQL} - offered_ms AS length_ms", "outcome = 'answered' AS answered"
    hashed = [f"{secret.sql(engine, key_sql(key, separator))} AS k{n}" for n, key in enumerate(about.keys)]
    place = "row_number() OVER (PARTITION BY offered_ms ORDER BY call_id) AS place"
    columns = ["offered_ms", end, answered, "transferred", place, f"{_call_sql(opened, secret)} AS call"]
    sql = f"SELECT {', '.join([*columns, *hashed, *dimensions])} FROM {ACCEPTED}"
    if carried:
        columns[-2:] = ["place", "call"]
        held = [f"{carried.keys[key]} AS k{number}" for number, key in enumerate(about.keys)]
        sql += f" UNION ALL SELECT {', '.join([*columns, *held, *dimensions])} FROM {carried.table}"
    engine.run(f"CREATE TEMP TABLE {table} AS {sql}")
    return table


def _needed_sql(table: str, about: carry_file.About, spans: Sequence[tuple[date, date]], opened: Opened) -> str:
    """SELECT of the calls of some days and of issues that reach them, in a fixed order, hashes as bytes."""
    kept, offsets = about.kept, opened.offsets
    needed = [_span("offered_ms", first, last, offsets) for first, last in spans]
    since = f"offered_ms >= {day_start(kept.since, offsets)}"
    cut = min(day_start(first, offsets) for first, _ in spans)
    for number, key in enumerate(about.keys):
        if key in kept.linked:
            table = f"({_linked_sql(table, number, kept.linked[key], cut)}) linked{number}"
            needed.append(f"({since} AND goes_on{number})")
    keys = [f"k{number}" for number in range(len(about.keys))]
    told = " OR ".join(["answered", *(f"{key} IS NOT NULL" for key in keys)])
    columns = [
        *(f"unhex({name}) AS {name}" if name == "call" else name for name in _COLUMNS),
        *(f"unhex({key}) AS {key}" for key in keys),
        *(opened.dimensions[name] for name in about.dimensions),
    ]
    where = f"({' OR '.join(needed)}) AND ({told})"
    return f"SELECT {', '.join(columns)} FROM {table} WHERE {where} ORDER BY offered_ms, place, call"


def _linked_sql(table: str, number: int, window_ms: int, cut: int) -> str:
    """SELECT of calls with whether their issue, by starts of one key no further apart than a window, reaches *cut*."""
    key = f"k{number}"
    order = f"PARTITION BY {key} ORDER BY offered_ms, place"
    apart = f"SELECT *, offered_ms - lag(offered_ms) OVER ({order}) > {window_ms} AS opens{number} FROM {table}"
    issues = f"count(*) FILTER (WHERE opens{number}) OVER ({order} ROWS UNBOUNDED PRECEDING) AS issue{number}"
    last = f"max(offered_ms) OVER (PARTITION BY {key}, issue{number})"
    reaches = f"{key} IS NOT NULL AND {last} >= {cut} AS goes_on{number}"
    return f"SELECT *, {reaches} FROM (SELECT *, {issues} FROM ({apart}) apart) issues"


def _call_sql(opened: Opened, secret: Pseudonyms) -> str:
    """SQL of what tells a call from others of its day, for an id may hold a customer's number."""
    return f"left({secret.sql(opened.engine, 'call_id')}, {_DIGITS})"


def _span(moment: str, first: date, last: date, offsets: Offsets) -> str:
    """SQL that holds for the moments of some local days, first to last."""
    return Period(day_start(first, offsets), day_start(last + timedelta(days=1), offsets)).sql(moment)
