"""What a canonical row must be, and the reasons for which it is rejected otherwise; the first that fits decides."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cc_metrics.language import said
from cc_metrics.model import durations
from cc_metrics.model.table import Table
from cc_metrics.model.zones import END_OF_TIME
from cc_metrics.store.expressions import NEVER, Expression
from cc_metrics.store.mapping import Length
from cc_metrics.store.mapping import Mapping as ColumnMapping
from cc_metrics.store.moments import Instant


@dataclass(frozen=True, slots=True)
class Found:
    """SQL of the canonical columns that a source has, by name."""

    first: Instant
    texts: Mapping[str, str]
    words: Mapping[str, str]
    moments: Mapping[str, Instant]
    lengths: Mapping[str, Expression]
    flags: Mapping[str, Expression]
    numbers: Mapping[str, Expression]


@dataclass(frozen=True, slots=True)
class Check:
    """SQL that holds for a row in order, and (condition, reason) for one that is not."""

    fine: str
    rejected: tuple[tuple[str, str], ...]


def checks(table: Table, mapping: ColumnMapping, found: Found) -> Iterator[Check]:
    """Everything that a row of *table* is asked."""
    longest = table.longest_ms if mapping.longest_ms is None else mapping.longest_ms
    for name, instant in {table.first: found.first, **found.moments}.items():
        if instant.added:
            yield _length(said("what is added to {column}", column=name), instant.added, longest)
    yield from _identity(table, found)
    for name, instant in found.moments.items():
        yield _moment(table, name, instant, found.first)
    for name, sql in found.lengths.items():
        spec = mapping.entries(table).get(name)
        ends = isinstance(spec, Length) and spec.until is not None
        yield _length(name, sql, longest, ends=ends)
    for name, sql in found.flags.items():
        yield _readable(sql, said("{column} is neither true nor false", column=name))
    for name, sql in found.numbers.items():
        if name in table.counts:
            yield _count(name, sql, filled=name in table.filled)
        elif name not in table.lenient:
            yield _readable(sql, said("{column} is not a number", column=name))


def _identity(table: Table, found: Found) -> Iterator[Check]:
    for name in table.ids:
        yield _filled(name, found.texts[name])
    first = found.first
    reasons = (
        (f"{first.written} IS NULL", said("no {column}", column=table.first)),
        (f"{first.value} IS NULL", said("{column} is not a time", column=table.first)),
        (f"{first.value} < 0", said("{column} is before 1970", column=table.first)),
    )
    yield Check(f"{first.value} >= 0", reasons)
    for name in table.dimensions:
        if name in table.filled:
            yield _filled(name, found.texts[name])
    for name, sql in found.words.items():
        yield Check(f"{sql} IS NOT NULL", ((f"{sql} IS NULL", said("unknown {column}", column=name)),))


def _filled(name: str, sql: str) -> Check:
    return Check(f"{sql} IS NOT NULL", ((f"{sql} IS NULL", said("no {column}", column=name)),))


def _moment(table: Table, name: str, instant: Instant, first: Instant) -> Check:
    """A moment beside the first; one from 2100 on is some source's word for never, not a plan or a deed."""
    reasons: tuple[tuple[str, str], ...] = (
        (instant.unreadable, said("{column} is not a time", column=name)),
        (f"{instant.value} >= {END_OF_TIME * 1_000}", said("{column} is after 2099", column=name)),
    )
    fine = f"{instant.value} < {END_OF_TIME * 1_000}"
    if name in table.later:
        fine = f"{instant.value} >= {first.value} AND {fine}"
        reasons = (
            *reasons,
            (f"{instant.value} < {first.value}", said("{column} is before {other}", column=name, other=table.first)),
        )
    return Check(f"coalesce({fine}, {instant.written} IS NULL)", reasons)


def _length(name: str, sql: Expression, longest: int, *, ends: bool = False) -> Check:
    negative = (
        said("{column}: an end before its start", column=name) if ends else said("{column} is negative", column=name)
    )
    reasons: tuple[tuple[str, str], ...] = (
        (sql.unreadable, said("{column} is not a length of time", column=name)),
        (f"{sql.value} < 0", negative),
        (
            f"{sql.value} > {longest}",
            said("{column} is longer than {length}", column=name, length=durations.spoken(longest)),
        ),
    )
    return Check(f"coalesce({sql.value} BETWEEN 0 AND {longest}, {sql.written} IS NULL)", reasons)


def _count(name: str, sql: Expression, *, filled: bool) -> Check:
    empty = ((f"{sql.written} IS NULL", said("no {column}", column=name)),) if filled else ()
    wrong = (
        (sql.unreadable, said("{column} is not a whole number", column=name)),
        (f"{sql.value} < 0", said("{column} is negative", column=name)),
    )
    return Check(f"coalesce({sql.value} >= 0, {'FALSE' if filled else f'{sql.written} IS NULL'})", (*empty, *wrong))


def _readable(sql: Expression, reason: str) -> Check:
    return Check("" if sql.unreadable == NEVER else f"NOT {sql.unreadable}", ((sql.unreadable, reason),))
