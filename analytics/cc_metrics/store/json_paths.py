"""Paths into nested JSON as a mapping writes them.

`Queue.Name` is a key in a key; `metrics[name=tAcd|tWait].value` takes the first of a list whose name is one of those,
`segments[0]` one by its place. A key with a dot stands in quotes.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from cc_metrics.errors import PolicyError

_STEP: Final = re.compile(r'(?:"(?P<quoted>[^"*]+)"|(?P<plain>[^."\[\]*]+))(?:\[(?P<choice>[^\]]*)\])?')
_HINT: Final = (
    'write keys with dots between them, a list as metrics[name=tAcd] or segments[0], a key with a dot as "a.b"'
)


@dataclass(frozen=True, slots=True)
class Pick:
    """Of a list, the objects whose *key* holds one of *values*."""

    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One key of a path; *choice* takes from the list that it holds: by place, by a value, or () for all."""

    key: str
    choice: int | Pick | tuple[()] | None = None


@dataclass(frozen=True, slots=True)
class Path:
    """Steps from a record, or from the level that the first step names."""

    steps: tuple[Step, ...]

    @property
    def keys(self) -> tuple[str, ...] | None:
        """The keys of a path that goes through no list."""
        return tuple(s.key for s in self.steps) if all(s.choice is None for s in self.steps) else None


def parse(written: str) -> Path:
    """The path of a text.

    Raises:
        PolicyError: it is none.

    >>> parse("Agent.Username").keys, parse("metrics[name=tAcd].value").steps[0].choice
    (('Agent', 'Username'), Pick(key='name', values=('tAcd',)))
    """
    return Path(tuple(_steps(written, written)))


def _steps(rest: str, written: str) -> Iterator[Step]:
    while True:
        match = _STEP.match(rest)
        if not match:
            raise PolicyError(f"{written!r} is no path into JSON", hint=_HINT)
        yield Step(match["quoted"] or match["plain"], _choice(match["choice"], written))
        rest = rest[match.end() :]
        if not rest:
            return
        if not rest.startswith("."):
            raise PolicyError(f"{written!r} is no path into JSON", hint=_HINT)
        rest = rest[1:]


def _choice(written: str | None, path: str) -> int | Pick | tuple[()] | None:
    if written is None:
        return None
    if not written:
        return ()
    if written.isdecimal():
        return int(written)
    key, found, values = written.partition("=")
    if not (key and found and values):
        raise PolicyError(f"{path!r}: [{written}] takes nothing from a list", hint=_HINT)
    return Pick(key, tuple(values.split("|")))


def pointer(keys: Sequence[str]) -> str:
    """What the engine takes for keys without lists.

    >>> pointer(["a/b", "c"])
    '/a~1b/c'
    """
    return "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in keys)
