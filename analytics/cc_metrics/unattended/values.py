"""The values of a configuration: a TOML value in, what it means out, or a refusal in TOML's own terms."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from cc_metrics import outputs as files
from cc_metrics.delivery import addresses
from cc_metrics.errors import CcMetricsError, PolicyError, nearest
from cc_metrics.model.intervals import check_every
from cc_metrics.policy import words
from cc_metrics.policy.document import Table
from cc_metrics.policy.words import Field, Parser, share, type_error
from cc_metrics.reporting import named_days
from cc_metrics.store.engine import memory_bytes

__all__ = ["EXAMPLES", "NAME", "PLACES", "Parser", "share"]

NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,60}")
PLACES: Final = ("date", "name")
EXAMPLES: Final = {"server": 'server = "smtp.example.com"', "from": 'from = "Metrics <metrics@example.com>"'}
_PLACE: Final = re.compile(r"\{([^{}]*)\}")


def read(table: Table, known: Mapping[str, Parser], tables: Sequence[str] = ()) -> dict[str, Any]:
    """The values of a table's known keys; anything else is a problem of the document."""
    return table.read({key: Field(key, parse) for key, parse in known.items()}, tables)


def line(value: Any) -> str:
    """One line of text."""
    return words.name(value)


def lines(value: Any) -> tuple[str, ...]:
    """One text or an array of them."""
    found = value if isinstance(value, list) else [value]
    if not found:
        raise PolicyError("the array is empty", hint="leave it out, or name something")
    return tuple(dict.fromkeys(line(text) for text in found))


def path(value: Any) -> Path:
    """A path, relative to the configuration."""
    return Path(line(value)).expanduser()


def outputs(value: Any) -> tuple[str, ...]:
    """Files to write; {date} and {name} stand for the judged days and the report's name."""
    found = lines(value)
    for text in found:
        for place in _PLACE.findall(text):
            if place not in PLACES:
                raise PolicyError(f"{{{place}}} stands for nothing", hint=nearest(place, PLACES))
        try:
            files.check(Path(text))
        except CcMetricsError as error:
            raise PolicyError(error.what.removeprefix("--output "), hint=error.hint) from None
    return found


def recipients(value: Any) -> tuple[str, ...]:
    """E-mail addresses."""
    found = lines(value)
    for text in found:
        _plainly(lambda text: addresses.address(text, ""), text)
    return found


def one_of(*known: str) -> Parser:
    """A parser of one of several words."""

    def parse(value: Any) -> str:
        if line(value) not in known:
            raise PolicyError(f"{value!r} is not known", hint=nearest(value, known))
        return str(value)

    return parse


def port(value: Any) -> int:
    """A TCP port."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise type_error("an integer", value)
    if not 0 < value < 65_536:
        raise PolicyError(f"{value} is not a port", hint="587 with STARTTLS, 465 with TLS")
    return value


def truth(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise type_error("a boolean", value)
    return value


def days(value: Any) -> str:
    """Days as --date takes them."""
    text = value.isoformat() if type(value) is date else line(value)
    _plainly(named_days.check, text)
    return text


def every(value: Any) -> str:
    """An interval as --every takes it."""
    _plainly(check_every, line(value))
    return str(value)


def memory(value: Any) -> str:
    """An amount of memory."""
    _plainly(memory_bytes, line(value))
    return str(value)


def _plainly(check: Any, text: str) -> None:
    try:
        check(text)
    except CcMetricsError as error:
        raise PolicyError(error.what.removeprefix("--date "), hint=error.hint) from None
