"""A policy file as tables and keys that know their place.

Problems are collected, never raised one by one: whoever writes a policy wants to see all of them.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from cc_metrics.errors import CcMetricsError, PolicyError, nearest
from cc_metrics.policy.lines import Path, lines
from cc_metrics.policy.words import Field, Parser, type_error


class Document:
    """One TOML text under the *name* its reader knows it by, and the problems found in it."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.text = name, text
        self._problems: list[tuple[int, PolicyError]] = []

    def root(self) -> "Table":
        """The file's outermost table.

        Raises:
            PolicyError: the text is not TOML.
        """
        try:
            return Table(self, (), tomllib.loads(self.text, parse_float=Decimal))
        except (ValueError, RecursionError) as error:  # ValueError: also a number of thousands of digits
            raise _syntax_error(self.name, str(error)) from None

    def problems(self) -> list[PolicyError]:
        """All problems in the order of their lines; those without a line first."""
        return [error for _, error in sorted(self._problems, key=lambda found: found[0])]

    def complain(self, path: Path, title: str, what: str, hint: str) -> None:
        """Note a problem with the key or table at *path*."""
        line = self._lines.get(path, 0)
        place = f"{self.name}, line {line}" if line else self.name
        where = f"{place}: {title}" if title else place
        self._problems.append((line, PolicyError(what, where=where, hint=hint)))

    @cached_property
    def _lines(self) -> dict[Path, int]:
        return lines(self.text)


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a document: its *keys*, and how a complaint about it begins.

    *title* names the table ("[tier]"), *prefix* the keys of a table within it ("where.").
    """

    document: Document
    path: Path
    keys: Mapping[str, Any]
    title: str = ""
    prefix: str = ""

    def complain(self, what: str, *, hint: str = "", key: str | None = None) -> None:
        """Note a problem with this table, or with one of its keys."""
        path = self.path if key is None else (*self.path, key)
        self.document.complain(path, self.title, what, hint)

    def read(
        self, known: Mapping[str, Field], tables: Iterable[str], elsewhere: Callable[[str], str] = lambda _: ""
    ) -> dict[str, Any]:
        """The values of the known keys. The caller reads the *tables* itself; any other key is a problem.

        *elsewhere* says of a key that is at home in another table where it goes.
        """
        for key in self.keys:
            if key not in known and key not in tables:
                hint = elsewhere(key) or nearest(key, [*known, *tables])
                self.complain(f"{key!r} is not a key here", hint=hint, key=key)
        parsed = ((key, self._parsed(key, field.parse)) for key, field in known.items() if key in self.keys)
        return {key: value for key, value in parsed if value is not None}

    def read_any(self, parse: Parser) -> dict[str, Any]:
        """The values of all keys, whatever they are called."""
        parsed = ((key, self._parsed(key, parse)) for key in self.keys)
        return {key: value for key, value in parsed if value is not None}

    def table(self, key: str, *, title: str = "") -> "Table":
        """The table under *key*, empty where there is none."""
        keys = self.keys.get(key, {})
        if not isinstance(keys, dict):
            self._refuse(key, type_error("a table", keys))
            keys = {}
        prefix = "" if title else f"{self.prefix}{key}."
        return Table(self.document, (*self.path, key), keys, title or self.title, prefix)

    def tables(self, key: str) -> "Iterator[Table]":
        """The tables written as [[key]], each titled with its number and name."""
        rows = self.keys.get(key, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self._refuse(key, type_error(f"an array of tables written as [[{key}]]", rows))
            return
        for index, row in enumerate(rows):
            yield Table(self.document, (*self.path, key, index), row, _title(f"[[{key}]] {index + 1}", row))

    def _parsed(self, key: str, parse: Parser) -> Any:
        try:
            return parse(self.keys[key])
        except CcMetricsError as error:
            self._refuse(key, error)
            return None

    def _refuse(self, key: str, error: CcMetricsError) -> None:
        self.complain(f"{self.prefix}{key}: {error.what}", hint=error.hint, key=key)


def _title(number: str, row: Mapping[str, Any]) -> str:
    name = row.get("name")
    if not isinstance(name, str) or not name.isprintable():
        return number
    return f'{number} "{name if len(name) <= 40 else name[:39] + "…"}"'


def _syntax_error(name: str, message: str) -> PolicyError:
    found = re.fullmatch(r"(.*) \(at (line \d+, column \d+|end of document)\)", message, re.DOTALL)
    what, place = (found[1], f"{name}, {found[2]}") if found else (message, name)
    hint = 'strings stand in quotes: name = "…"' if what == "Invalid value" else ""
    return PolicyError(f"this is not TOML: {what}", where=place, hint=hint)
