"""Values of a TOML table, checked as they are taken: all problems are collected, so that they are told at once."""

from collections.abc import Callable
from collections.abc import Mapping as MappingABC
from typing import Any

from cc_metrics.errors import UsageError, nearest


class Values:
    """Takes values of known kinds; what is wrong goes to *problems*, with *hints*."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.problems: list[str] = []
        self.hints: list[str] = []

    def problem(self, what: str, hint: str = "") -> None:
        self.problems.append(what)
        if hint:
            self.hints.append(hint)

    def known(self, place: str, table: MappingABC[str, Any], keys: tuple[str, ...]) -> None:
        for key in table:
            if key not in keys:
                self.problem(f"{place}: {key!r} is not a key", nearest(key, keys))

    def string(self, place: str, value: Any, default: str = "") -> str:
        if isinstance(value, str):
            return value
        if value is not None:
            self.problem(f"{place} must be a string")
        return default

    def strings(self, place: str, value: Any) -> tuple[str, ...]:
        if isinstance(value, str):
            return (value,)
        if isinstance(value, list) and all(isinstance(v, str) for v in value):
            return tuple(value)
        if value is not None:
            self.problem(f"{place} must be a string or an array of strings")
        return ()

    def table(self, place: str, value: Any) -> dict[str, Any]:
        if isinstance(value, dict):
            return value
        if value is not None:
            self.problem(f"{place} must be a table")
        return {}

    def tables(self, place: str, value: Any) -> list[dict[str, Any]]:
        if isinstance(value, list) and all(isinstance(v, dict) for v in value):
            return value
        if value is not None:
            self.problem(f"{place} must be an array of tables, written [[{place}]]")
        return []

    def checked(self, place: str, value: Any, check: Callable[[str], Any], default: Any) -> Any:
        written = self.string(place, value)
        if not written:
            return default
        try:
            return check(written)
        except ValueError as error:
            self.problem(f"{place}: {error}")
        except UsageError as error:
            self.problem(f"{place}: {error.what}", error.hint)
        return default
