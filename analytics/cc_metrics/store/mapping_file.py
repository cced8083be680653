"""The only reader of mapping TOML: keys are known or refused, all problems at once, each with its place."""

import tomllib
from collections.abc import Callable
from collections.abc import Mapping as MappingABC
from importlib import resources
from pathlib import Path
from typing import Any, Final

from cc_metrics.errors import PolicyError, UsageError, nearest
from cc_metrics.model import durations, zones
from cc_metrics.model.calls import COLUMNS, REQUIRED
from cc_metrics.store.mapping import Field, FileFormat, Ignore, Length, Mapping, Moment, NullWhen

UNITS: Final = ("ms", "s", "min", "clock")
_TOP: Final = (
    "name",
    "about",
    "source",
    "timezone",
    "longest",
    "nulls",
    "file",
    "null",
    "null_when",
    "ignore",
    "calls",
)
_MOMENT_KEYS: Final = ("column", "date", "clock", "since", "format")


def names() -> list[str]:
    """The mappings that are shipped."""
    folder = resources.files("cc_metrics.store") / "mappings"
    return sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml"))


def text(name: str) -> str:
    """The TOML of a shipped mapping.

    Raises:
        PolicyError: there is none of that name.
    """
    if name not in names():
        raise PolicyError(
            f"no mapping is called {name!r}", hint=f"{nearest(name, names())}; a mapping of your own ends in .toml"
        )
    return (resources.files("cc_metrics.store") / "mappings" / f"{name}.toml").read_text("utf-8")


def load(name_or_path: str) -> Mapping:
    """A shipped mapping by name, or a mapping file by path (ending in .toml).

    Raises:
        PolicyError: it is not there, or something in it is wrong; all problems are named at once.
    """
    if not name_or_path.endswith(".toml"):
        return parse(text(name_or_path), name_or_path)
    try:
        written = Path(name_or_path).read_text("utf-8-sig")
    except OSError as error:
        raise PolicyError(
            f"the mapping cannot be read: {error.strerror}", where=name_or_path, hint="check the path"
        ) from None
    except UnicodeDecodeError:
        raise PolicyError("the mapping is not UTF-8 text", where=name_or_path, hint="save it as UTF-8") from None
    return parse(written, name_or_path)


def parse(written: str, where: str) -> Mapping:
    """A mapping from TOML text; *where* names it in errors."""
    try:
        table = tomllib.loads(written)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"not valid TOML: {error}", where=where) from None
    reader = _Reader(where)
    mapping = reader.mapping(table)
    if reader.problems:
        raise PolicyError("; ".join(reader.problems), where=where, hint="; ".join(dict.fromkeys(reader.hints)))
    return mapping


class _Reader:
    """Collects problems while it reads, so that all are told at once."""

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

    def mapping(self, table: dict[str, Any]) -> Mapping:
        self.known("mapping", table, _TOP)
        return Mapping(
            name=self.string("name", table.get("name"), self.where),
            about=self.string("about", table.get("about")),
            source=self.string("source", table.get("source")),
            timezone=self.checked("timezone", table.get("timezone"), zones.check_zone, None),
            longest_ms=self.checked("longest", table.get("longest"), durations.milliseconds, durations.DAY),
            file=self.file_format(self.table("file", table.get("file"))),
            nulls=self.strings("nulls", table.get("nulls")),
            null=self.when("null", table.get("null")),
            null_when=tuple(self.null_when(t) for t in self.tables("null_when", table.get("null_when"))),
            ignore=tuple(self.ignore(t) for t in self.tables("ignore", table.get("ignore"))),
            calls=self.calls(self.table("calls", table.get("calls"))),
        )

    def file_format(self, table: dict[str, Any]) -> FileFormat:
        self.known("[file]", table, ("delimiter", "header", "encoding", "columns"))
        header = table.get("header")
        if header is not None and not isinstance(header, bool):
            self.problem("[file] header must be true or false")
            header = None
        return FileFormat(
            delimiter=self.string("[file] delimiter", table.get("delimiter")) or None,
            header=header,
            encoding=self.string("[file] encoding", table.get("encoding")) or None,
            columns=self.strings("[file] columns", table.get("columns")) or None,
        )

    def when(self, place: str, value: Any) -> dict[str, tuple[str, ...]]:
        return {k: self.strings(f"{place}: {k}", v) for k, v in self.table(place, value).items()}

    def null_when(self, table: dict[str, Any]) -> NullWhen:
        self.known("[[null_when]]", table, ("column", "when"))
        return NullWhen(self.string("[[null_when]] column", table.get("column")), self.when("when", table.get("when")))

    def ignore(self, table: dict[str, Any]) -> Ignore:
        self.known("[[ignore]]", table, ("name", "when"))
        rule = Ignore(self.string("[[ignore]] name", table.get("name")), self.when("when", table.get("when")))
        if not rule.name or not rule.when:
            self.problem("[[ignore]] needs a name and a condition 'when'")
        return rule

    def calls(self, table: dict[str, Any]) -> dict[str, Field | Moment | Length]:
        self.known("[calls]", table, (*COLUMNS, "updated_at"))
        for name in REQUIRED:
            if name not in table:
                self.problem(f"[calls] names no {name}", f'say which column holds it: {name} = "..."')
        return {name: self.entry(name, value) for name, value in table.items() if name in (*COLUMNS, "updated_at")}

    def entry(self, name: str, value: Any) -> Field | Moment | Length:
        table = {"column": value} if isinstance(value, str | list) else self.table(f"[calls] {name}", value)
        if name.endswith("_at"):
            return self.moment(f"[calls] {name}", table)
        if name.endswith("_ms"):
            return self.length(f"[calls] {name}", table)
        return self.field(f"[calls] {name}", table)

    def field(self, place: str, table: dict[str, Any]) -> Field:
        self.known(place, table, ("column", "join", "separator", "values", "scale"))
        columns = self.strings(f"{place} join", table.get("join")) or self.strings(place, table.get("column"))
        if not columns:
            self.problem(f"{place} names no column")
        values = self.table(f"{place} values", table.get("values"))
        for written, meaning in values.items():
            if not isinstance(meaning, str):
                self.problem(f"{place} values: {written!r} must be a string")
        separator = self.string(f"{place} separator", table.get("separator"), "|")
        return Field(columns, separator, {k: v for k, v in values.items() if isinstance(v, str)})

    def moment(self, place: str, table: dict[str, Any]) -> Moment:
        self.known(place, table, _MOMENT_KEYS)
        columns = self.strings(place, table.get("clock")) or self.strings(place, table.get("column"))
        if not columns:
            self.problem(f"{place} names no column")
        date = self.string(f"{place} date", table.get("date")) or None
        if date is None and "clock" in table:
            self.problem(f"{place} has a clock and no date", 'name the column that holds the date: date = "..."')
        formats = self.strings(f"{place} format", table.get("format")) or ("iso",)
        return Moment(columns, date, self.string(f"{place} since", table.get("since")) or None, formats)

    def length(self, place: str, table: dict[str, Any]) -> Length:
        self.known(place, table, ("column", "unit", "from", "until"))
        unit = self.string(f"{place} unit", table.get("unit"), "ms")
        if unit not in UNITS:
            self.problem(f"{place}: {unit!r} is not a unit", f"units: {', '.join(UNITS)} (clock is HH:MM:SS)")
        if "until" in table:
            since = (
                self.moment(f"{place} from", self.table(f"{place} from", table["from"])) if "from" in table else None
            )
            return Length(
                None, unit, since, self.moment(f"{place} until", self.table(f"{place} until", table["until"]))
            )
        column = self.string(place, table.get("column"))
        if not column:
            self.problem(f"{place} names no column")
        return Length(column or None, unit)
