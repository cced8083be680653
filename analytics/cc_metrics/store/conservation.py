"""Whether counts that somebody else made add up: offered to its outcomes, answers to their buckets, rows to totals.

What does not add up is told with its lines and figures and stands as it was written: nothing is repaired.
"""

from collections.abc import Iterator
from typing import Final

from cc_metrics.language import Said, said, sequence, series
from cc_metrics.model.calls import OUTCOMES
from cc_metrics.store import lists
from cc_metrics.store.engine import Engine
from cc_metrics.store.intervals import TOTAL, Intervals
from cc_metrics.store.relation import Relation

CODE: Final = "conservation"
_NAMED: Final = 3

Caution = tuple[str, str]


def cautions(engine: Engine, relation: Relation, counted: str, intervals: Intervals) -> list[Caution]:
    """What does not add up in the rows *counted* by group, and against the rows of totals."""
    several = len(intervals.groups) > 1
    found = [*_outcomes(engine, relation, counted, several=several), *_totals(engine, relation, intervals)]
    return [*found, *_derived(engine, counted, intervals)]


def _derived(engine: Engine, counted: str, intervals: Intervals) -> Iterator[Caution]:
    """Calls that no column counts: what is left of those offered."""
    left: dict[str, int] = {}
    for number, group in enumerate(intervals.groups, 1):
        for outcome in OUTCOMES:
            if group.lost and outcome not in group.ends:
                rows = f"FROM {counted} WHERE part = {number} AND unfit IS NULL"
                calls = int(engine.value(f"SELECT coalesce(CAST(sum({outcome}) AS BIGINT), 0) {rows}"))
                left[outcome] = left.get(outcome, 0) + calls
    for outcome, calls in left.items():
        if calls:
            text = said(
                "The input does not hold {outcome}: it is what the other counts leave, {n:,} calls. Name its column in "
                "the mapping to be sure.",
                outcome=outcome,
                n=calls,
            )
            yield "derived", text


def _outcomes(engine: Engine, relation: Relation, counted: str, *, several: bool) -> Iterator[Caution]:
    unlike = "offered <> answered + abandoned + redirected"
    listed = "listed <> answered"
    unequal = (
        "'offered ' || offered || ', but answered ' || answered || ' + abandoned ' || abandoned || ' + redirected ' || "
        "redirected || ' = ' || (answered + abandoned + redirected)"
    )
    wrong = f"CASE WHEN {unlike} THEN {unequal} ELSE 'answered ' || answered || ', but its buckets ' || listed END"
    group = "' (group ' || part || ')'" if several else "''"
    where = f"unfit IS NULL AND ({unlike} OR {listed})"
    number = engine.value(f"SELECT count(*) FROM {counted} WHERE {where}")
    if not number:
        return
    rows = f"SELECT file, row, {wrong} || {group} AS reason, NULL AS id FROM {counted} WHERE {where}"
    found = engine.rows(
        f"SELECT file, line, reason FROM ({lists.with_lines(relation, rows)}) r ORDER BY 1, 2, 3 LIMIT {_NAMED}"
    )
    rows_named = [
        said("{file} line {line}: {figures}", file=relation.names[file], line=line, figures=text)
        for file, line, text in found
    ]
    yield CODE, _not_adding_up(number, sequence(rows_named))


def _not_adding_up(number: int, rows: str) -> Said:
    if number > _NAMED:
        rows = said("{rows}; and {n:,} more", rows=rows, n=number - _NAMED)
    if number == 1:
        found = said("1 row does not add up: {rows}", rows=rows)
    else:
        found = said("{n:,} rows do not add up: {rows}", n=number, rows=rows)
    return said(
        "{found}. Their outcomes are counted as they are written; ask whoever made the table which figure is wrong.",
        found=found,
    )


def _totals(engine: Engine, relation: Relation, intervals: Intervals) -> Iterator[Caution]:
    """Each count of a file's one row of totals against its other rows."""
    if not intervals.total or TOTAL not in relation.statuses.ignored:
        return
    status = relation.statuses.ignored.index(TOTAL) + 1
    columns = relation.table.counts
    sums = ", ".join(
        f"CAST(sum({c}) FILTER (WHERE status = 0) AS BIGINT), max({c}) FILTER (WHERE status = {status})"
        for c in columns
    )
    totals = f"count(*) FILTER (WHERE status = {status})"
    marked = f"SELECT file, row, NULL AS reason, NULL AS id FROM {relation.view} WHERE status = {status}"
    lines = {file: line for file, line, *_ in engine.rows(lists.with_lines(relation, marked))}
    for file, rows, *figures in engine.rows(
        f"SELECT file, {totals}, {sums} FROM {relation.view} GROUP BY file ORDER BY file"
    ):
        if rows > 1:
            text = said(
                "{file} has {n:,} rows of totals, which were left out and compared with nothing: a total is compared "
                "where a file has one.",
                file=relation.names[file],
                n=rows,
            )
            yield CODE, text
        pairs = zip(columns, figures[::2], figures[1::2], strict=True)
        wrong = [
            said("{name} {total:,} against {own:,}", name=name, total=total, own=own or 0)
            for name, own, total in pairs
            if rows == 1 and total is not None and own != total
        ]
        if wrong:
            text = said(
                "{file} line {line}: the row of totals says otherwise than the other rows together: {figures}. The "
                "rows are counted and the total is left out; ask whoever made the table what the total holds.",
                file=relation.names[file],
                line=lines[file],
                figures=series(wrong),
            )
            yield CODE, text
