"""What the values of a column look like: moments and how they are written, lengths and their unit, flags."""

import re
import statistics
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from cc_metrics.store import guess_words

_MOST: Final = 0.9  # of the values must look alike: a damaged row does not hide what a column holds
_ISO: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d(:?\d\d)?)?")
_YEAR_FIRST: Final = re.compile(r"\d{4}([-/.])\d{1,2}\1\d{1,2}")
_YEAR_LAST: Final = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d\d)")
_CHINESE: Final = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
_TIME: Final = re.compile(r"\d{1,2}:\d\d(?P<s>:\d\d)?(?P<f>\.\d+)?(?P<p> ?[AaPp][Mm])?")
_WORD: Final = re.compile(r"[A-Za-z]{3}")
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")
_LENGTH: Final = re.compile(r"-?(\d+:)?\d{1,2}:\d\d(\.\d+)?")
_NAMED: Final = (
    "%a, %d %b %Y %H:%M:%S",
    "%d %b %Y %H:%M:%S",
    "%d %b %Y %H:%M",
    "%d-%b-%Y %H:%M:%S",
    "%d-%b-%y %H:%M:%S",
    "%b %d, %Y %I:%M:%S %p",
    "%b %d, %Y %I:%M %p",
    "%d %b %Y",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%b %d, %Y",
)
_YEARS: Final = (946_684_800, 4_102_444_800)  # 2000 to 2100
_UNITS: Final = {
    "ms": re.compile(r"(?:^|[\s_(（])(ms|msec|millis|milliseconds)\)?$|毫秒"),
    "s": re.compile(r"(?:^|[\s_(（])(s|sec|secs|second|seconds)\)?$|seconds?$|(?<!毫)秒"),
    "min": re.compile(r"(?:^|[\s_(（])(min|mins|minutes?)\)?$|分钟"),
}
_UNIT_LAST: Final = re.compile(
    r"([\s_-](in[\s_-])?(ms|msecs?|milliseconds|s|secs?|seconds|mins?|minutes)|毫秒|秒|分钟)$"
)
_LONG: Final = {"talk_ms": 7_200}  # no median of talk is two hours of seconds
_LONG_WAIT: Final = 1_000  # nor any other median a quarter of an hour


@dataclass(frozen=True, slots=True)
class Times:
    """How a column writes moments: *kind* moment, date or clock; *formats* as a mapping names them.

    *orders* are two sets of formats, day first and month first, where the values prove neither.
    """

    kind: str
    formats: tuple[str, ...]
    why: str
    orders: tuple[tuple[str, ...], ...] = ()


def folded(text: str) -> str:
    """A name or word as it is looked up: letters and digits alone, without case, width or a unit in brackets.

    >>> folded("Queue Wait-Time (s)"), folded("排队时长（秒）"), folded("ＡＮＩ")
    ('queuewaittime', '排队时长', 'ani')
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = re.sub(r"\([^)]*\)\s*$", "", plain) if not plain.startswith("(") else plain
    return "".join(c for c in plain if c.isalnum())


def without_unit(text: str) -> str:
    """A name as it is looked up, without the unit at its end.

    >>> without_unit("wait_s"), without_unit("Speed of answer in seconds"), without_unit("calls")
    ('wait', 'speedofanswer', 'calls')
    """
    plain = unicodedata.normalize("NFKC", text).casefold().strip()
    return folded(_UNIT_LAST.sub("", plain))


def times(values: Sequence[str]) -> Times | None:
    """How values that are not empty write moments; None where they are none."""
    values = [unicodedata.normalize("NFKC", v) if not v.isascii() and "年" not in v else v for v in values]
    if not values:
        return None
    if _share(values, _ISO.fullmatch):
        return Times("moment", ("iso",), f"such as {values[0]}")
    return _numeric(values) or _shaped(values) or _named(values)


def _share(values: Sequence[str], holds: Callable[[str], object]) -> bool:
    return sum(bool(holds(v)) for v in values) >= _MOST * len(values)


def _numeric(values: Sequence[str]) -> Times | None:
    """Epochs, and digits alone."""
    for name, scale in (("epoch_s", 1), ("epoch_ms", 1_000)):
        if _share(values, partial(_epoch, scale)):
            return Times("moment", (name,), f"{'milli' if scale > 1 else ''}seconds since 1970")
    for pattern, digits, kind in (("%Y%m%d%H%M%S", 14, "moment"), ("%Y%m%d", 8, "date"), ("%y%m%d", 6, "date")):
        if all(len(v) == digits and v.isdigit() for v in values) and _share(values, partial(_parses, pattern)):
            return Times(kind, (pattern,), f"such as {values[0]}")
    return None


def _named(values: Sequence[str]) -> Times | None:
    """Moments whose month is a word."""
    if not _share(values, _WORD.search):
        return None
    for pattern in _NAMED:
        if _share(values, partial(_parses, pattern)):
            return Times("moment" if "%M" in pattern else "date", (pattern,), f"such as {values[0]}")
    return None


def _epoch(scale: int, value: str) -> bool:
    """Whether a number of seconds, or of parts of them, lies in this century."""
    low, high = _YEARS
    return bool(_NUMBER.fullmatch(value)) and low * scale <= float(value) < high * scale


def _parses(pattern: str, value: str) -> bool:
    try:
        datetime.strptime(value, pattern)  # noqa: DTZ007
    except ValueError:
        return False
    return True


def _shaped(values: Sequence[str]) -> Times | None:
    """Dates of numbers between slashes, dots and dashes, and clocks: year first is plain, else values must tell."""
    shapes = [_shape(v) for v in values]
    known = [shape for shape in shapes if shape]
    if len(known) < _MOST * len(values):
        return None
    kinds = Counter(kind for kind, _ in known)
    [(kind, _), *others] = kinds.most_common()
    if others:
        return None
    patterns = [pattern for pattern, _ in Counter(pattern for _, pattern in known).most_common()]
    if not any("{0}" in p for p in patterns):
        return Times(kind, tuple(patterns), f"such as {values[0]}")
    day_first, month_first = (tuple(p.format(*order) for p in patterns) for order in (("%d", "%m"), ("%m", "%d")))
    return _ordered(kind, values, day_first, month_first)


def _ordered(kind: str, values: Sequence[str], day_first: tuple[str, ...], month_first: tuple[str, ...]) -> Times:
    """Day first or month first, where a number beyond 12 proves it."""
    parts = [(v, match) for v in values if (match := _YEAR_LAST.match(v))]
    days = [v for v, match in parts if int(match[1]) > 12]
    months = [v for v, match in parts if int(match[3]) > 12]
    if days and not months:
        return Times(kind, day_first, f"day first in {len(days):,} of {len(values):,} values, such as {days[0]}")
    if months and not days:
        return Times(
            kind, month_first, f"month first in {len(months):,} of {len(values):,} values, such as {months[0]}"
        )
    why = f"{days[0]} and {months[0]} contradict each other" if days else f"no value such as {values[0]} proves it"
    return Times(kind, (), f"day or month first? {why}", (day_first, month_first))


def _shape(value: str) -> tuple[str, str] | None:
    """(kind, strptime pattern) of a value, with places where day and month are to be put."""
    date, between, clock = value.partition("T" if re.match(r"\d{4}\D\d{1,2}\D\d{1,2}T", value) else " ")
    if not clock and ":" in date:
        pattern = _clock(value)
        return ("clock", pattern) if pattern else None
    if _TIME.fullmatch(value):  # 09:05 PM
        return "clock", _clock(value) or ""
    if match := _YEAR_FIRST.fullmatch(date):
        pattern = match[1].join(("%Y", "%m", "%d"))
    elif match := _YEAR_LAST.fullmatch(date):
        pattern = match[2].join(("{0}", "{1}", "%Y" if len(match[4]) == 4 else "%y"))
    elif _CHINESE.fullmatch(date):
        pattern = "%Y年%m月%d日"
    else:
        return None
    if not clock:
        return "date", pattern
    time = _clock(clock)
    return ("moment", f"{pattern}{between}{time}") if time else None


def _clock(text: str) -> str | None:
    match = _TIME.fullmatch(text)
    if not match:
        return None
    half = match["p"]
    pattern = ("%I:%M" if half else "%H:%M") + (":%S" if match["s"] else "") + (".%f" if match["f"] else "")
    return pattern + (f"{' ' if half.startswith(' ') else ''}%p" if half else "")


def unit(target: str, name: str, values: Sequence[str]) -> tuple[str, str] | None:
    """(unit, why) of a column of lengths; None where its values are no lengths."""
    values = [unicodedata.normalize("NFKC", v) for v in values]
    if not values:
        return None
    if not _share(values, lambda v: _LENGTH.fullmatch(v) or _NUMBER.fullmatch(v)):
        return None
    clock = next((v for v in values if _LENGTH.fullmatch(v)), None)
    if clock:
        return "clock", f"H:MM:SS or M:SS, such as {clock}; seconds alone are read too"
    plain = unicodedata.normalize("NFKC", name).casefold()
    for word, pattern in _UNITS.items():
        if pattern.search(plain):
            return word, "its name says the unit"
    numbers = [number for v in values if _NUMBER.fullmatch(v) and (number := float(v)) > 0]
    middle = statistics.median(numbers) if numbers else 0.0
    large = middle >= _LONG.get(target, _LONG_WAIT)
    return ("ms" if large else "s"), f"by the size of its median, {middle:g}"


def is_flag(values: Sequence[str]) -> bool:
    """Whether values are all yes or no."""
    known = {*guess_words.YES, *guess_words.NO}
    return bool(values) and all(v.casefold() in known for v in values)


def are_numbers(values: Sequence[str]) -> bool:
    """Whether values are numbers."""
    return bool(values) and _share(values, _NUMBER.fullmatch)
