"""One SELECT that turns a source's columns into a canonical table, with a status for every row.

The first rule or reason that fits decides what becomes of a row.
"""

from collections.abc import Mapping as MappingABC
from dataclasses import dataclass, replace

from cc_metrics.errors import DataError, PolicyError
from cc_metrics.model.calls import CALLS, PERSONAL
from cc_metrics.model.table import Table
from cc_metrics.store.checks import Found, checks
from cc_metrics.store.columns import Columns
from cc_metrics.store.engine import Engine
from cc_metrics.store.expressions import NEVER, Expression
from cc_metrics.store.fields import flag, number, text, word
from cc_metrics.store.mapping import LEGS, Entries, Length, Mapping, Moment
from cc_metrics.store.moments import Clock, Instant, length, moment
from cc_metrics.store.pseudonyms import Pseudonyms
from cc_metrics.store.statuses import Statuses


@dataclass(frozen=True, slots=True)
class Selection:
    """What to read of a source into which table: mapping, clock, further columns wanted as dimensions x1, x2 ...

    *damaged* are conditions on rows that are rejected before anything else is asked of them, with the reasons.
    *legs*: whether the column leg_of is wanted, which tells the legs of one call. *personal* columns hold customers
    and agents, for whom *pseudonyms* stand where there are any.
    """

    table: Table
    mapping: Mapping
    clock: Clock
    extras: tuple[str, ...]
    legs: bool = False
    personal: frozenset[str] = frozenset()
    pseudonyms: Pseudonyms | None = None
    damaged: tuple[tuple[str, str], ...] = ()

    def hidden(self, engine: Engine, name: str, sql: str) -> str:
        """SQL of a column as it may be known: a pseudonym where it is personal."""
        return self.pseudonyms.sql(engine, sql) if self.pseudonyms and name in self.personal else sql


def select(
    engine: Engine,
    columns: Columns,
    selection: Selection,
    statuses: Statuses,
    table: str,
    identity: dict[str, str],
    written: str | None = None,
) -> str:
    """SELECT of canonical rows from *table*.

    *identity* is SQL by name for the columns that number file and row; *written* SQL of the record as it is
    written, which is kept, as `written`, of the rejected ones.
    """
    to, clock, entries = selection.table, selection.clock, selection.mapping.entries(selection.table)
    _require(to, entries, columns)
    found = _found(engine, columns, selection)
    updated = _moment(engine, entries["updated_at"], columns, clock).value if "updated_at" in entries else "NULL"
    settled = columns.let(f"CAST({_status(statuses, columns, selection, found)} AS SMALLINT)", 4)
    lines = [
        *(f"{sql} AS {name}" for name, sql in identity.items()),
        *_columns_of(to, found),
        f"CAST({updated} AS BIGINT) AS updated_us",
        *(f"{selection.hidden(engine, n, columns.optional(n))} AS x{i}" for i, n in enumerate(selection.extras, 1)),
        *([f"{_leg_of(engine, columns, selection, found)} AS leg_of"] if selection.legs else []),
        f"{_skipped(clock, found.first)} AS skipped",
        f"{settled} AS status",
        *([f"CASE WHEN {settled} < 0 THEN {written} END AS written"] if written else []),
    ]
    return f"SELECT {', '.join(lines)} FROM {columns.nested(table)}"


def _columns_of(to: Table, found: Found) -> list[str]:
    """SQL of a table's own columns, in its order."""
    return [
        *(f"{found.texts[name]} AS {name}" for name in to.ids),
        f"{_ms(found.first)} AS {to.first_ms}",
        *(f"{sql} AS {name}" for name, sql in found.words.items()),
        *(f"{_ms(found.moments.get(name))} AS {to.stored(name)}" for name in to.moments),
        *(f"{_or_null(found.lengths, name, 'BIGINT')} AS {name}" for name in to.durations),
        *(f"{found.texts[name]} AS {name}" for name in to.dimensions),
        *(f"{_or_null(found.flags, name, 'BOOLEAN')} AS {name}" for name in to.flags),
        *(f"{_or_null(found.numbers, name, 'BIGINT')} AS {name}" for name in to.counts),
        *(f"{_or_null(found.numbers, name, 'DOUBLE')} AS {name}" for name in to.numbers),
    ]


def _found(engine: Engine, columns: Columns, selection: Selection) -> Found:
    to, clock, entries = selection.table, selection.clock, selection.mapping.entries(selection.table)
    first = _moment(engine, entries[to.first], columns, clock)
    return Found(
        first=first,
        texts={
            n: _hidden(engine, n, columns, selection) if n in entries else "CAST(NULL AS VARCHAR)"
            for n in (*to.ids, *to.dimensions)
        },
        words={n: word(engine, entries[n], columns, known) for n, known in to.words.items()},
        moments={
            n: _after(to, n, _moment(engine, entries[n], columns, clock), first) for n in to.moments if n in entries
        },
        lengths={
            n: length(engine, e, columns, clock, first)
            for n, e in entries.items()
            if n in to.durations and isinstance(e, Length)
        },
        flags={n: flag(engine, entries[n], columns) for n in to.flags if n in entries},
        numbers={
            n: number(entries[n], columns, "BIGINT" if n in to.counts else "DOUBLE")
            for n in (*to.counts, *to.numbers)
            if n in entries
        },
    )


def _hidden(engine: Engine, name: str, columns: Columns, selection: Selection) -> str:
    """SQL of a text; a pseudonym is computed once a row."""
    to = selection.table
    sql = text(engine, selection.mapping.entries(to)[name], columns, key=name in (*to.ids, *PERSONAL))
    hidden = selection.hidden(engine, name, sql)
    return sql if hidden == sql else columns.let(hidden, 1)


def _leg_of(engine: Engine, columns: Columns, selection: Selection, found: Found) -> str:
    """SQL of the id that legs of one call share; a row that names none is a call of its own."""
    own, entries = found.texts[CALLS.ids[0]], selection.mapping.entries(selection.table)
    if LEGS not in entries:
        return own
    return f"coalesce({selection.hidden(engine, CALLS.ids[0], text(engine, entries[LEGS], columns, key=True))}, {own})"


def _ms(instant: Instant | None) -> str:
    return f"CAST(FLOOR({instant.value} / 1000.0) AS BIGINT)" if instant else "CAST(NULL AS BIGINT)"


def _or_null(found: MappingABC[str, Expression], name: str, kind: str) -> str:
    return found[name].value if name in found else f"CAST(NULL AS {kind})"


def _require(table: Table, entries: Entries, columns: Columns) -> None:
    missing = [repr(name) for name in table.required if name not in entries]
    if table.either and not any(name in entries for name in table.either):
        missing.append(" or ".join(map(repr, table.either)))
    if missing:
        raise DataError(
            f"there is no column {missing[0]}",
            where=columns.where,
            hint="name a mapping with --mapping (cc-metrics mappings list), or rename the columns",
        )


def _moment(engine: Engine, spec: object, columns: Columns, clock: Clock) -> Instant:
    if not isinstance(spec, Moment):
        raise PolicyError("a moment needs a column of times", where=columns.where)
    return moment(engine, spec, columns, clock)


def _after(table: Table, name: str, instant: Instant, first: Instant) -> Instant:
    """A moment in a doubled hour is its second pass where only that is not before the first moment."""
    if name not in table.later or instant.again == instant.value:
        return instant
    late = f"{instant.value} < {first.value} AND {instant.again} >= {first.value}"
    return replace(instant, value=f"CASE WHEN {late} THEN {instant.again} ELSE {instant.value} END")


def _skipped(clock: Clock, offered: Instant) -> str:
    """SQL that holds where a local time lies in an hour that a clock change skipped: it comes back as another."""
    offered = offered.bare or offered
    if offered.value == offered.clock_us or len(clock.offsets.offsets) == 1:
        return "FALSE"
    back = clock.offsets.local_sql(f"CAST(FLOOR({offered.value} / 1000.0) AS BIGINT)")
    return f"CAST(FLOOR({offered.clock_us} / 1000.0) AS BIGINT) <> {back}"


def _status(statuses: Statuses, columns: Columns, selection: Selection, found: Found) -> str:
    mapping = selection.mapping
    ignored = [(columns.condition(rule.when), statuses.ignore(rule.name)) for rule in mapping.ignore]
    refused = [(columns.condition(rule.when), statuses.reject(rule.name)) for rule in mapping.reject]
    damaged = [(condition, statuses.reject(reason)) for condition, reason in selection.damaged]
    # nearly every row is fine: one look tells, and the reasons are only asked of the others
    fine = [f"NOT coalesce({condition}, FALSE)" for condition, _ in (*damaged, *ignored, *refused)]
    for name, words in selection.table.ignored.items():
        if name in mapping.entries(selection.table):
            sql, listed = found.texts[name], ", ".join(f"'{ignorable}'" for ignorable in words)
            fine.append(f"coalesce({sql} NOT IN ({listed}), TRUE)")
            ignored += [(f"{sql} = '{ignorable}'", statuses.ignore(ignorable)) for ignorable in words]
    asked = list(checks(selection.table, mapping, found))
    fine += [check.fine for check in asked if check.fine]
    cases = [f"WHEN {condition} THEN {number}" for condition, number in (*damaged, *ignored, *refused)]
    rejected = [pair for check in asked for pair in check.rejected if pair[0] != NEVER]
    cases += [f"WHEN {condition} THEN {statuses.reject(reason)}" for condition, reason in rejected]
    return f"CASE WHEN {' AND '.join(fine)} THEN 0 {' '.join(cases)} ELSE 0 END"
