"""The words of a policy: a TOML value in, a value of the model out, or a refusal in TOML's own terms.

A parser raises PolicyError without a place; the table that called it adds the file, line and key.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from cc_metrics.errors import PolicyError, nearest
from cc_metrics.model import durations

Parser = Callable[[Any], Any]

_TYPES: Final = (
    (bool, "a boolean"),  # before int, which it is as well
    (str, "a string"),
    (int, "an integer"),
    (Decimal, "a float"),
    (datetime, "a date-time"),  # before date, which it is as well
    (date, "a date"),
    (time, "a time"),
    (list, "an array"),
    (dict, "a table"),
)
_SHARE: Final = re.compile(r"\s*(-?[0-9]{1,20}(?:\.[0-9]{1,20})?)\s*([%％]?)\s*")
_ONE_IN: Final = re.compile(r"\s*1\s+in\s+([1-9][0-9,]{0,14})\s*")
_LONGEST: Final = 366 * durations.DAY


@dataclass(frozen=True, slots=True)
class Field:
    """A key of the policy file: the field of the model it fills, and the parser of its value."""

    fills: str
    parse: Parser


def values_of(known: Mapping[str, Field], got: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the model that the keys which are there fill."""
    return {field.fills: got[key] for key, field in known.items() if key in got}


def type_error(wanted: str, value: object) -> PolicyError:
    """What to say of a value of the wrong TOML type.

    >>> print(type_error("a string", True))
    must be a string, not a boolean
    """
    return PolicyError(f"must be {wanted}, not {next(word for kind, word in _TYPES if isinstance(value, kind))}")


def text(value: Any) -> str:
    """A string, kept as it is."""
    if not isinstance(value, str):
        raise type_error("a string", value)
    return value


def name(value: Any) -> str:
    """A string that can stand in a table: one line, not empty."""
    if not text(value).strip() or any(c < " " or c == "\x7f" for c in value):
        raise PolicyError(f"{value!r} must be one line of text")
    return str(value)


def label(value: Any) -> str:
    """A string, or a number as its text."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise type_error("a string", value)
    return str(value)


def labels(value: Any) -> tuple[str, ...]:
    """One string or an array of them; numbers become their text.

    >>> labels("VIP"), labels(["VIP", 7])
    (('VIP',), ('VIP', '7'))
    """
    if value == []:
        raise PolicyError("the array is empty")
    if isinstance(value, dict):
        raise type_error("a string or an array of strings", value)
    return tuple(dict.fromkeys(label(v) for v in (value if isinstance(value, list) else [value])))


def truth(value: Any) -> tuple[str, ...]:
    """The value of a flag, or "*" for any that is recorded.

    >>> truth(True), truth("*")
    (('true',), ('*',))
    """
    if value is True or value is False or value == "*":
        return (str(value).lower(),)
    raise PolicyError(f"{label(value)!r} is not true or false", hint="a flag is true or false, without quotes")


def length(value: Any) -> int:
    """A length of time in milliseconds.

    >>> length("20 seconds")
    20000
    """
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        raise PolicyError(f"{value} has no unit", hint=f"write for example '{value} seconds'")
    try:
        found = durations.milliseconds(text(value))
    except ValueError as error:
        what, _, hint = str(error).partition("; ")
        raise PolicyError(what, hint=hint) from None
    if found > _LONGEST:
        raise PolicyError(f"{value!r} is longer than a year")
    return found


def window(value: Any) -> int:
    """A length of time that is not nothing."""
    found = length(value)
    if not found:
        raise PolicyError(f"{value!r} is no window", hint="write for example '24 hours' or '7 days'")
    return found


def share(value: Any) -> Fraction:
    """A share, exactly as written.

    >>> share("90 %"), share("99.5%"), share(Decimal("0.9"))
    (Fraction(9, 10), Fraction(199, 200), Fraction(9, 10))
    """
    written = label(value)
    found = _SHARE.fullmatch(written)
    if not found:
        raise PolicyError(f"{written!r} is not a share", hint="write for example '90 %' or 0.9")
    if found[1] == "1" and not found[2]:
        raise PolicyError("1 may mean 1 % or all", hint="write '1 %' or '100 %'")
    exact = Fraction(found[1]) / (100 if found[2] else 1)
    if not 0 <= exact <= 1:
        meant = f"did you mean '{found[1]} %'?" if 1 < exact <= 100 and not found[2] else ""
        raise PolicyError(f"{written!r} lies outside 0 % to 100 %", hint=meant)
    return exact


def day(value: Any) -> date:
    """A local date."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(text(value))
    except ValueError:
        raise PolicyError(f"{value!r} is not a date", hint="write 2005-06-01") from None


def true(value: Any) -> bool:
    """The word true; what is left out is false."""
    if value is not True:
        raise PolicyError("can only be true", hint="leave it out otherwise")
    return True


def limit(value: Any) -> Fraction:
    """A share that is not to be passed, also as one in so many.

    >>> limit("5 %"), limit("1 in 100000")
    (Fraction(1, 20), Fraction(1, 100000))
    """
    found = _ONE_IN.fullmatch(value) if isinstance(value, str) else None
    return Fraction(1, int(found[1].replace(",", ""))) if found else share(value)


def change(value: Any) -> Fraction:
    """A fall or rise as a share of what was before; more than all of it can be gained.

    >>> change("129 %")
    Fraction(129, 100)
    """
    found = _SHARE.fullmatch(label(value))
    if not found or not found[2] or found[1].startswith("-"):
        raise PolicyError(f"{label(value)!r} is not a change", hint="write for example '98.8 %'")
    return Fraction(found[1]) / 100


def points(value: Any) -> Fraction:
    """A score, exactly as written.

    >>> points(Decimal("85.37"))
    Fraction(8537, 100)
    """
    try:
        return Fraction(label(value))
    except ValueError:
        raise PolicyError(f"{label(value)!r} is not a score", hint="write for example 85.37") from None


def whole(least: int, most: int) -> Parser:
    """A parser of integers between two bounds, both included."""

    def parse(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise type_error("an integer", value)
        if not least <= value <= most:
            raise PolicyError(f"{str(value)[:20]} lies outside {least} to {most}")
        return value

    return parse


def one_of(*words: str) -> Parser:
    """A parser of one of a few words."""

    def parse(value: Any) -> str:
        if text(value) not in words:
            raise PolicyError(f"{value!r} is not known here", hint=nearest(value, words))
        return str(value)

    return parse
