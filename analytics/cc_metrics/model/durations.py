"""Lengths of time as people write them, read into whole milliseconds and written back."""

import re
from decimal import Decimal, InvalidOperation
from typing import Final

from cc_metrics.language import Said, said

SECOND: Final = 1_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
QUARTER_HOUR: Final = 15 * MINUTE

_UNITS: Final = {
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), 1),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "秒"), SECOND),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes", "分钟", "分"), MINUTE),
    **dict.fromkeys(("h", "hour", "hours", "小时"), HOUR),
    **dict.fromkeys(("d", "day", "days", "天"), DAY),
    **dict.fromkeys(("w", "week", "weeks", "周"), 7 * DAY),
}
_WRITTEN: Final = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([^\W\d]+)\s*")


def milliseconds(text: str) -> int:
    """The length that *text* names, in milliseconds.

    Raises:
        ValueError: the text is no length, or finer than a millisecond.

    >>> milliseconds("20 seconds"), milliseconds("24h"), milliseconds("1.5 min")
    (20000, 86400000, 90000)
    >>> milliseconds("20")
    Traceback (most recent call last):
    ...
    ValueError: '20' is not a length of time; write for example '20 seconds', '24h' or '7 days'
    """
    found = _WRITTEN.fullmatch(text)
    unit = _UNITS.get(found[2].lower()) if found else None
    try:
        length = Decimal(found[1]) * unit if found and unit else None
    except InvalidOperation:  # pragma: no cover - the pattern admits digits only
        length = None
    if length is None or length != int(length):
        raise ValueError(f"{text!r} is not a length of time; write for example '20 seconds', '24h' or '7 days'")
    return int(length)


def spoken(length_ms: int) -> Said:
    """A length in the largest unit that divides it.

    >>> spoken(20_000), spoken(86_400_000), spoken(604_800_000), spoken(0)
    ('20 seconds', '24 hours', '7 days', '0 seconds')
    >>> spoken(1_500)
    '1.5 seconds'
    """
    if length_ms and length_ms != DAY and length_ms % DAY == 0:
        return said("{n} days", n=length_ms // DAY)
    if length_ms and length_ms % HOUR == 0:
        return said("1 hour") if length_ms == HOUR else said("{n} hours", n=length_ms // HOUR)
    if length_ms and length_ms % MINUTE == 0:
        return said("1 minute") if length_ms == MINUTE else said("{n} minutes", n=length_ms // MINUTE)
    if length_ms % SECOND:
        return said("{n:g} seconds", n=length_ms / SECOND)
    return said("1 second") if length_ms == SECOND else said("{n} seconds", n=length_ms // SECOND)


def short(length_ms: int) -> Said:
    """A length for narrow columns.

    >>> short(20_000), short(86_400_000), short(604_800_000), short(90_000)
    ('20 s', '24 h', '7 d', '90 s')
    """
    if length_ms >= 2 * DAY and length_ms % DAY == 0:
        return said("{n} d", n=length_ms // DAY)
    if length_ms >= HOUR and length_ms % HOUR == 0:
        return said("{n} h", n=length_ms // HOUR)
    if length_ms >= 2 * MINUTE and length_ms % MINUTE == 0:
        return said("{n} min", n=length_ms // MINUTE)
    return said("{n:g} s", n=length_ms / SECOND)
