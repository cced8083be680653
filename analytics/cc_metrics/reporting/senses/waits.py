"""Whether waits and talks are lengths that people live through, or were read in the wrong unit."""

from collections.abc import Iterator
from typing import Final

from cc_metrics.language import said
from cc_metrics.model import durations
from cc_metrics.model.durations import HOUR, SECOND
from cc_metrics.store.opened import Opened

FEW: Final = 50  # calls below which nothing is said
LONG_WAIT_MS: Final = HOUR  # nobody waits an hour in the middle of things: milliseconds read as seconds are 1,000 times
SHORT_WAIT_MS: Final = SECOND  # seconds read as milliseconds leave next to no wait of a second
WAITED: Final = (1, 5)  # at least a fifth waited at all: where everybody is answered at once, short waits are true
BELOW: Final = (99, 100)
LONG_TALK_MS: Final = 5 * HOUR
SHORT_TALK_MS: Final = SECOND


def wait_unit(opened: Opened) -> Iterator[str]:
    """A median wait over an hour, or waits that are nearly all under a second."""
    if opened.recorded is not None:  # thresholds within which somebody counted, no waits
        return
    rows = opened.engine.rows(
        f"SELECT bin, CAST(sum(n) AS BIGINT) FROM {opened.table} WHERE bin IS NOT NULL GROUP BY 1 ORDER BY 1"
    )
    total = sum(n for _, n in rows)
    if total < FEW:
        return
    middle = _median(rows, total)
    if middle > LONG_WAIT_MS:
        yield said(
            "Half of the {n:,} waits are longer than {length}: they look like milliseconds read as seconds. Say how "
            'the column is written: wait_ms = {{ column = ..., unit = "ms" }}.',
            n=total,
            length=durations.spoken(_down(middle)),
        )
    waited = sum(n for number, n in rows if number)
    below = sum(n for number, n in rows if 0 < number < 2 * SHORT_WAIT_MS // 1000)
    if waited * WAITED[1] >= total * WAITED[0] and waited >= FEW and below * BELOW[1] >= waited * BELOW[0]:
        yield said(
            "{n:,} of the {all:,} callers who waited did so for less than a second: the waits look like seconds read "
            'as milliseconds. Say how the column is written: wait_ms = {{ column = ..., unit = "s" }}.',
            n=below,
            all=waited,
        )


def talk_unit(opened: Opened) -> Iterator[str]:
    """A mean talk over five hours, or under a second."""
    talks, talk_ms = opened.engine.rows(
        f"SELECT CAST(sum(talk_n) AS BIGINT), CAST(sum(talk_ms) AS BIGINT) FROM {opened.table} "
        "WHERE outcome = 'answered'"
    )[0]
    if not talks or talks < FEW or not talk_ms:
        return
    if talk_ms > LONG_TALK_MS * talks:
        yield said(
            "{n:,} calls talk for {length} on average: the lengths look like milliseconds read as seconds. Say how "
            'the column is written: talk_ms = {{ column = ..., unit = "ms" }}.',
            n=talks,
            length=durations.spoken(_down(talk_ms // talks)),
        )
    if talk_ms < SHORT_TALK_MS * talks:
        yield said(
            "{n:,} calls talk for {milliseconds} ms on average: the lengths look like seconds read as milliseconds. "
            'Say how the column is written: talk_ms = {{ column = ..., unit = "s" }}.',
            n=talks,
            milliseconds=talk_ms // talks,
        )


def _median(rows: list[tuple[int, int]], total: int) -> int:
    """The wait in ms that half of the calls do not exceed, from (bin, calls) in order."""
    seen = 0
    for number, n in rows:
        seen += n
        if 2 * seen >= total:
            return number * SECOND // 2
    return 0


def _down(length_ms: int) -> int:
    """Whole minutes of a length, which is enough for a warning."""
    return length_ms - length_ms % (60 * SECOND)
