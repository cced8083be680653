"""The same local period on other clocks: of UTC, of the reporting zone moved by half hours, of one fixed offset."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cc_metrics.language import Said, said
from cc_metrics.model.durations import HOUR, MINUTE
from cc_metrics.model.intervals import Period
from cc_metrics.model.zones import Offsets

_LEAST, _MOST = -12 * HOUR, 14 * HOUR  # the clocks that people live by
_STEP: Final = 30 * MINUTE


@dataclass(frozen=True, slots=True)
class OtherClock:
    """A clock in words, and the period as it is cut by it."""

    words: str
    period: Period


def other_clocks(period: Period, offsets: Offsets, zone: str | None) -> list[OtherClock]:
    """The period of the same dates and times on every other clock, each stretch of time once.

    UTC comes first, then shifts by their length, then clocks of one offset, which differ over a clock change only.
    Times as written know no offset: only shifts are possible.

    >>> from cc_metrics.model import zones
    >>> day = Period(1376928000000, 1377014400000)  # 20 August 2013 in Shanghai
    >>> found = other_clocks(day, zones.offsets("Asia/Shanghai"), "Asia/Shanghai")
    >>> [clock.words for clock in found[:3]], len(found)
    (['the day of UTC', 'a clock half an hour behind Asia/Shanghai', 'a clock half an hour ahead of Asia/Shanghai'], 52)
    """
    found: dict[Period, OtherClock] = {}
    for words, clock in _clocks(offsets.at(period.from_ms), offsets, zone):
        moved = Period(*(clock.utc(offsets.local(edge)) for edge in (period.from_ms, period.to_ms)))
        if moved not in (period, *found) and moved.from_ms < moved.to_ms:
            found[moved] = OtherClock(words, moved)
    return list(found.values())


def _clocks(now: int, own: Offsets, zone: str | None) -> Iterator[tuple[str, Offsets]]:
    if zone is not None:
        yield said("the day of UTC"), Offsets((0,), (0,))
    steps = range(_STEP, _MOST - _LEAST + 1, _STEP)
    for shift in (sign * step for step in steps for sign in (-1, 1)):
        if _LEAST <= now + shift <= _MOST:
            yield (
                _shifted(shift, zone or said("the one written")),
                Offsets(own.starts, tuple(offset + shift for offset in own.offsets)),
            )
    if zone is not None:
        for offset in range(_LEAST, _MOST + 1, _STEP):
            yield said("a clock that is always UTC{offset}", offset=_signed(offset)), Offsets((0,), (offset,))


def _shifted(shift: int, clock: str) -> Said:
    length = _length(abs(shift))
    if shift < 0:
        return said("a clock {length} behind {clock}", length=length, clock=clock)
    return said("a clock {length} ahead of {clock}", length=length, clock=clock)


def _length(shift: int) -> Said:
    hours = shift / HOUR
    if hours == 0.5:
        return said("half an hour")
    return said("1 hour") if hours == 1 else said("{n:g} hours", n=hours)


def _signed(offset: int) -> str:
    return f"{'-' if offset < 0 else '+'}{abs(offset) // HOUR:02}:{abs(offset) % HOUR // MINUTE:02}"
