"""Where things stand in a TOML text: a line for each key and header, or none, but never a wrong one.

tomllib keeps no lines. A statement is the fewest lines that are TOML by themselves, so tomllib itself tells
where the next one begins, whatever its strings and arrays hold.
"""

import tomllib
from collections.abc import Iterator
from typing import Any

Path = tuple[str | int, ...]
"""Where a key stands: ("promise", 1, "within") is `within` of the second promise."""


def lines(text: str) -> dict[Path, int]:
    r"""The line on which each key and table header of a valid TOML text stands.

    >>> lines("a = [\n 1,\n]\n[[p]]\nc.d = 2")
    {('a',): 1, ('p', 0): 4, ('p', 0, 'c'): 5, ('p', 0, 'c', 'd'): 5}
    """
    found: dict[Path, int] = {}
    table: Path = ()
    counts: dict[Path, int] = {}
    for first, statement, content in _statements(text):
        if statement.lstrip().startswith("["):
            table = _header(content, counts, array=statement.lstrip().startswith("[["))
            found.setdefault(table, first)
        else:
            _note(found, table, content, first, deep="\n" not in statement)
    return found


def _statements(text: str) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """(line, text, content) of each header and key: the fewest lines that are TOML by themselves."""
    first, gathered = 1, ""
    for number, line in enumerate(text.split("\n"), 1):
        gathered = f"{gathered}\n{line}" if number > first else line
        try:
            content = tomllib.loads(gathered)
        except ValueError:
            continue
        yield first, gathered, content
        first = number + 1


def _header(content: dict[str, Any], counts: dict[Path, int], *, array: bool) -> Path:
    """The path of a header's table; under an array of tables it belongs to the array's last one."""
    path: Path = ()
    while content:
        key, inner = next(iter(content.items()))
        path, content = (*path, key), inner[0] if isinstance(inner, list) else inner
        if array and not content:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _note(found: dict[Path, int], table: Path, content: Any, line: int, *, deep: bool) -> None:
    """Note a statement's keys; the inner ones only where the statement is a single line."""
    inner = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for key, value in inner:
        path = (*table, key)
        found.setdefault(path, line)
        if deep:
            _note(found, path, value, line, deep=True)
