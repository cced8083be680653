"""How numbers and names are worded, the same in every output."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any, Final

from cc_metrics.language import Said, said, told, translated
from cc_metrics.model.columns import Column
from cc_metrics.model.dates import day_text
from cc_metrics.render import lengths

MISSING: Final = "-"  # an unknown in a table; in a sentence it is "n/a"; never 0
NOT_RECORDED: Final = said("not recorded")
NOT_KNOWN: Final = said("n/a")

VERDICTS: Final[Mapping[str | None, Said]] = {
    "kept": said("KEPT"),
    "missed": said("MISSED"),
    "no_data": said("NO DATA"),
    "not_judged": said("NOT JUDGED"),
    "undecided": said("UNDECIDED"),
    None: said("stated"),
}
ITEMS: Final[Mapping[str, tuple[Said, Said]]] = {
    "call": (said("call"), said("calls")),
    "issue": (said("issue"), said("issues")),
    "case": (said("case"), said("cases")),
    "answer": (said("answer"), said("answers")),
}
"""One and many of what is counted."""

CODES: Final[Mapping[str, Said]] = {
    "repeat": said("repeat"),
    "flag": said("flag"),
    **{name: one for name, (one, _) in ITEMS.items()},
}
"""Values of columns that are words of this program, not of the data."""

_MOST_DECIMALS: Final = 9
_SPACES: Final = re.compile(r"\s+")
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_TURNS: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def plain(text: object) -> str:
    """Text on one line, what was `said` in the current language: what would steer a terminal becomes visible.

    >>> plain("a\\x1b[31mb\\n c"), plain("\\u202egnp"), plain("z\\u200dw")
    ('a�[31mb c', '�gnp', 'zw')
    """
    one_line = _TURNS.sub(
        "\ufffd", _SURROGATES.sub("\ufffd", _SPACES.sub(" ", told(text) if isinstance(text, str) else str(text)))
    )
    kinds = ((c, unicodedata.category(c)) for c in one_line)
    return "".join("\ufffd" if kind in {"Cc", "Cs"} else c for c, kind in kinds if not _joins(c, kind))


def _joins(character: str, kind: str) -> bool:
    """Whether a character only changes its neighbours: no two terminals agree on the width that results."""
    return kind == "Cf" or "\ufe00" <= character <= "\ufe0f"


def recorded(value: object) -> str:
    """A dimension's value; what was not recorded says so.

    >>> recorded(None), recorded(""), recorded("vip")
    ('not recorded', '""', 'vip')
    """
    if value is None:
        return told(NOT_RECORDED)
    return plain(value) or '""'


def listed(things: Iterable[str]) -> str:
    """Things one after the other.

    >>> listed(["a", "b"])
    'a, b'
    """
    return translated(", ").join(things)


def sequence(sentences: Iterable[str]) -> str:
    """Sentences one after the other.

    >>> sequence(["a", "b"])
    'a; b'
    """
    return translated("; ").join(sentences)


def count(number: int | None, none: str = MISSING) -> str:
    """A count with thousands separators.

    >>> count(25324), count(None), count(0)
    ('25,324', '-', '0')
    """
    return told(none) if number is None else f"{number:,}"


def percent(value: float | Fraction | None, decimals: int = 1, none: str = MISSING) -> str:
    """A share in percent.

    >>> percent(0.914), percent(0.09, 0), percent(None)
    ('91.4 %', '9 %', '-')
    """
    return told(none) if value is None else translated("{number} %", number=points_of(value, decimals))


def points_of(value: float | Fraction, decimals: int = 1) -> str:
    """A share in points, without their sign.

    >>> points_of(0.914)
    '91.4'
    """
    return f"{float(value) * 100:.{decimals}f}"


def target_decimals(target: Fraction) -> int:
    """How many decimals the target itself is written with, in percent.

    >>> target_decimals(Fraction(9, 10)), target_decimals(Fraction(995, 1000)), target_decimals(Fraction(1, 3))
    (0, 1, 1)
    """
    return next((d for d in range(5) if (target * 100 * 10**d).denominator == 1), 1)


def apart(value: float | None, target: Fraction, fixed: int | None = None) -> int:
    """As many decimals as tell value and target apart, one at least; a number the promise fixes wins.

    >>> apart(0.914, Fraction(9, 10)), apart(0.9947, Fraction(995, 1000)), apart(0.9947, Fraction(995, 1000), 1)
    (1, 2, 1)
    """
    if fixed is not None:
        return fixed
    decimals = max(1, target_decimals(target))
    if value is None or value == float(target):
        return decimals
    while decimals < _MOST_DECIMALS and percent(value, decimals) == percent(target, decimals):
        decimals += 1
    return decimals


def points_apart(value: float | Fraction, goal: Fraction, least: int = 2) -> int:
    """As many decimals as tell two numbers apart that are no shares, *least* at least.

    The ninth decimal of a mean is noise: what differs there alone does not differ.

    >>> points_apart(85.4, Fraction(8537, 100)), points_apart(85.3701, Fraction(8537, 100))
    (2, 4)
    """
    decimals, found, other = least, float(value), float(goal)
    if round(found, _MOST_DECIMALS) == round(other, _MOST_DECIMALS):
        return decimals
    while f"{found:.{decimals}f}" == f"{other:.{decimals}f}":
        decimals += 1
    return decimals


def spread(low: float, high: float, decimals: int = 1) -> str:
    """A range of shares, or one share where both ends read alike.

    >>> spread(0.771, 0.829), spread(0.8, 0.8)
    ('77.1 to 82.9 %', '80.0 %')
    """
    ends = points_of(low, decimals), points_of(high, decimals)
    if ends[0] == ends[1]:
        return percent(high, decimals)
    return translated("{low} to {high} %", low=ends[0], high=ends[1])


def seconds(value: float | None, none: str = MISSING) -> str:
    """A length as people read it: seconds below a minute, a clock from there on.

    >>> seconds(35.03), seconds(38), seconds(67.0), seconds(59.96), seconds(3661), seconds(None)
    ('35.0 s', '38 s', '1:07', '1:00', '1:01:01', '-')
    """
    if value is None:
        return told(none)
    if round(value, 1) >= 60:
        return clock(value)
    return translated("{n} s", n=value if isinstance(value, int) else f"{value:.1f}")


def clock(value: float | None, none: str = MISSING) -> str:
    """A length in minutes and seconds, for columns that hold long and short ones.

    >>> clock(5.4), clock(67.5), clock(None)
    ('0:05', '1:08', '-')
    """
    if value is None:
        return told(none)
    whole = int(value + 0.5)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def moment(text: str | None) -> str:
    """An ISO moment or date for people; anything else as it stands.

    >>> moment("2013-08-20T07:00:01.250+08:00"), moment("2013-08-20"), moment("2013-W34"), moment(None)
    ('20 Aug 2013 07:00:01', '20 Aug 2013', '2013-W34', 'n/a')
    """
    if text is None:
        return told(NOT_KNOWN)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return plain(text)
    if "W" in text:  # an ISO week is no day
        return plain(text)
    day = told(day_text(found.date()))
    return f"{day} {found:%H:%M:%S}" if len(text) > len("2013-08-20") else day


def cells(column: Column, values: Sequence[Any]) -> list[str]:
    """The cells of one column, worded by its kind; lengths of one column share one form."""
    if column.kind == "seconds":
        long = any(v is not None and round(v, 1) >= 60 for v in values)
        return [clock(v) if long else seconds(v) for v in values]
    if column.kind == "length":
        return [text or MISSING for text in lengths.alike(values)]
    worded = _CELLS.get(column.kind, recorded)
    return [worded(v) for v in values]


def points(value: float | None) -> str:
    """A score."""
    return MISSING if value is None else f"{value:.2f}"


_CELLS: Final[Mapping[str, Callable[[Any], str]]] = {
    "count": count,
    "share": percent,
    "points": points,
    "moment": lambda value: MISSING if value is None else moment(value),
}


def joined(sentences: Sequence[str]) -> str:
    """Sentences as one text; Chinese puts no blank between them.

    >>> joined(["One.", "Two."]), joined(["One."])
    ('One. Two.', 'One.')
    """
    text = sentences[0]
    for sentence in sentences[1:]:
        text = translated("{sentence} {next}", sentence=text, next=sentence)
    return text
