"""Moments that cannot all be right: swapped, rounded, out of order, cut off."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from cc_metrics.language import said
from cc_metrics.measures.coverage import cover
from cc_metrics.measures.swapped import Dated, swapped_rows, swapped_words
from cc_metrics.model import durations, zones
from cc_metrics.model.durations import HOUR, MINUTE
from cc_metrics.store.opened import Opened

FEW: Final = 50  # calls below which nothing is said
BLOCKS: Final = 2_000  # into which the rows of a file are cut, so that any file takes the same time
FEWEST_BLOCKS: Final = 50
BACK_MS: Final = 10 * MINUTE  # less is the jitter of files sorted by another moment of the call
FARTHEST_MS: Final = 3 * HOUR  # more is another list beginning, not a clock that was set
_STEPS_FORWARD: Final = 0.9
_TIMES_USUAL: Final = 5
_MOST: Final = 3  # more is how the file is made

Block = tuple[int, int]  # first and last moment of some rows that follow each other


def swapped_dates(opened: Opened) -> Iterator[str]:
    """Day and month look swapped: the days up to the 12th lie beyond the others, and among them once swapped back."""
    rows = swapped_rows([Dated(day.day, day.rows) for day in opened.days()])
    if rows:
        text = swapped_words(rows, said("calls"), "offered_at")
        yield said("{swapped} Check the export's date format, and name it in the mapping.", swapped=text)


def whole_minutes(opened: Opened) -> Iterator[str]:
    """Every call is offered on a whole minute, or a whole hour: the seconds were cut off on the way."""
    calls = opened.account.accepted
    if calls < FEW:
        return
    if _whole(opened, MINUTE):
        yield said(
            "All {n:,} calls are offered on a whole {unit}: the export cuts their times off, so which interval a call "
            "belongs to, and what is a repeat, is known to the {unit} only. Export the seconds.",
            n=calls,
            unit=said("hour") if _whole(opened, HOUR) else said("minute"),
        )


def _whole(opened: Opened, length: int) -> bool:
    """Whether all calls lie on multiples of a length: the edges of each quarter-hour tell nearly always."""
    edges = f"SELECT bool_and(first_ms % {length} = 0 AND last_ms % {length} = 0) FROM {opened.table}"
    if not opened.engine.value(edges):
        return False
    if opened.calls is None:
        return True
    view = opened.calls[0].accepted
    return not opened.engine.value(f"SELECT count(*) FROM {view} WHERE offered_ms % {length} <> 0")


def day_cut_short(opened: Opened) -> Iterator[str]:
    """The last day ends earlier than the others end or begin: the export was made before it was over."""
    days = opened.days()
    policy = opened.policy
    found = cover(days, opened.offsets, policy.closed, policy.open_hours, policy.calendar)
    if found is None or found.covered[days[-1].day]:
        return
    end = zones.iso(days[-1].last_ms, opened.offsets, written=True).replace("T", " ")[:16]
    yield said(
        "The data end at {moment}, before {day} was over: that day is not complete, and not judged. Export it again "
        "once it is.",
        moment=end,
        day=days[-1].day.isoformat(),
    )


def clock_back(opened: Opened) -> Iterator[str]:
    """In a text file in time order, the clock goes back by ten minutes to three hours, and on from there."""
    relation = opened.calls[0] if opened.calls else None
    if relation is None or not relation.shifts or not relation.ordered:
        return
    size = max(1, -(-opened.account.read // BLOCKS))
    rows = opened.engine.rows(
        f"SELECT file, row // {size} AS block, min(offered_ms), max(offered_ms) FROM {relation.view} "
        f"WHERE offered_ms IS NOT NULL AND file IN ({', '.join(map(str, relation.shifts))}) "
        "GROUP BY 1, 2 ORDER BY 1, 2"
    )
    for file in dict.fromkeys(row[0] for row in rows):
        for moment, back in steps_back([(first, last) for number, _, first, last in rows if number == file]):
            at = zones.iso(moment, opened.offsets, written=True).replace("T", " ")
            yield said(
                "{file} is in time order, but its clock goes back by {length} after {moment}: calls there lie in the "
                "wrong interval. If it is the end of summer time, name the zone (--tz); else mend the recorder's "
                "clock.",
                file=relation.names[file],
                length=durations.spoken(back),
                moment=at,
            )


def steps_back(blocks: Sequence[Block]) -> list[tuple[int, int]]:
    """(moment before, length) in ms of each step back of blocks of rows that are otherwise in order, to the minute.

    >>> minutes = [(n * MINUTE, n * MINUTE) for n in (*range(100), *range(70, 130))]
    >>> [(moment // MINUTE, back // MINUTE) for moment, back in steps_back(minutes)]
    [(99, 29)]
    """
    if len(blocks) < FEWEST_BLOCKS:
        return []
    steps = [(before[1], before[1] - after[0]) for before, after in pairwise(blocks)]
    forward = sum(after[0] >= before[0] for before, after in pairwise(blocks))
    if forward < _STEPS_FORWARD * len(steps):
        return []
    usual = sorted(back for _, back in steps)[int(0.95 * len(steps))]
    span = max(last for _, last in blocks) - min(first for first, _ in blocks)
    least, most = max(BACK_MS, _TIMES_USUAL * usual), min(FARTHEST_MS, span // 2)
    odd = [least <= back <= most for _, back in steps]
    found = [
        (moment, back - back % MINUTE)
        for (moment, back), here, before in zip(steps, odd, [False, *odd], strict=False)
        if here and not before  # a step inside a block shows on both of its sides
    ]
    return found if len(found) <= _MOST else []
