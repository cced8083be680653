"""Whether counts that somebody else made add up: offered to its outcomes, answers to their buckets, rows to totals.

What does not add up is told with its lines and figures and stands as it was written: nothing is repaired.
"""

from collections.abc import Iterator
from typing import Final

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
            text = f"The input does not hold {outcome}: it is what the other counts leave, {calls:,} calls"
            yield "derived", f"{text}. Name its column in the mapping to be sure."


def _outcomes(engine: Engine, relation: Relation, counted: str, *, several: bool) -> Iterator[Caution]:
    unlike = "offered <> answered + abandoned + redirected"
    listed = "listed <> answered"
    said = (
        "'offered ' || offered || ', but answered ' || answered || ' + abandoned ' || abandoned || ' + redirected ' || "
        "redirected || ' = ' || (answered + abandoned + redirected)"
    )
    wrong = f"CASE WHEN {unlike} THEN {said} ELSE 'answered ' || answered || ', but its buckets ' || listed END"
    group = "' (group ' || part || ')'" if several else "''"
    where = f"unfit IS NULL AND ({unlike} OR {listed})"
    number = engine.value(f"SELECT count(*) FROM {counted} WHERE {where}")
    if not number:
        return
    rows = f"SELECT file, row, {wrong} || {group} AS reason, NULL AS id FROM {counted} WHERE {where}"
    found = engine.rows(
        f"SELECT file, line, reason FROM ({lists.with_lines(relation, rows)}) r ORDER BY 1, 2, 3 LIMIT {_NAMED}"
    )
    told = "; ".join(f"{relation.names[file]} line {line}: {text}" for file, line, text in found)
    more = f"; and {number - _NAMED:,} more" if number > _NAMED else ""
    many = "1 row does" if number == 1 else f"{number:,} rows do"
    remedy = "Their outcomes are counted as they are written; ask whoever made the table which figure is wrong."
    yield CODE, f"{many} not add up: {told}{more}. {remedy}"


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
            text = f"{relation.names[file]} has {rows:,} rows of totals, which were left out and compared with nothing"
            yield CODE, f"{text}: a total is compared where a file has one."
        pairs = zip(columns, figures[::2], figures[1::2], strict=True)
        wrong = [
            f"{name} {total:,} against {(own or 0):,}"
            for name, own, total in pairs
            if rows == 1 and total is not None and own != total
        ]
        if wrong:
            place = f"{relation.names[file]} line {lines[file]}"
            text = f"{place}: the row of totals says otherwise than the other rows together"
            remedy = "The rows are counted and the total is left out; ask whoever made the table what the total holds."
            yield CODE, f"{text}: {', '.join(wrong)}. {remedy}"
