"""The sections of a mapping, from TOML tables to frozen values; what is not known is refused."""

from dataclasses import replace
from typing import Any, Final, get_args

from cc_metrics.errors import nearest
from cc_metrics.model import durations, zones
from cc_metrics.model.calls import CALLS
from cc_metrics.model.cases import CASES, EVENTS, TABLES
from cc_metrics.model.table import Table
from cc_metrics.store.mapping import (
    LEGS,
    Entries,
    Entry,
    Events,
    Field,
    FileFormat,
    Ignore,
    Legs,
    Length,
    Mapping,
    Moment,
    NullWhen,
    When,
    usual_formats,
)
from cc_metrics.store.toml_values import Values

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
    "events",
    LEGS,
    CALLS.name,
    *TABLES,
)
_MOMENT_KEYS: Final = ("column", "date", "clock", "since", "format")


class Sections(Values):
    """Reads the sections of a mapping."""

    def mapping(self, table: dict[str, Any]) -> Mapping:
        self.known("mapping", table, _TOP)
        mapping = Mapping(
            name=self.string("name", table.get("name"), self.where),
            about=self.string("about", table.get("about")),
            source=self.string("source", table.get("source")),
            timezone=self.checked("timezone", table.get("timezone"), zones.check_zone, None),
            longest_ms=self.checked("longest", table.get("longest"), durations.milliseconds, None),
            file=self.file_format(self.table("file", table.get("file"))),
            nulls=self.strings("nulls", table.get("nulls")),
            null=self.when("null", table.get("null")),
            null_when=tuple(self.null_when(t) for t in self.tables("null_when", table.get("null_when"))),
            ignore=tuple(self.ignore(t) for t in self.tables("ignore", table.get("ignore"))),
        )
        return self.sections(mapping, table)

    def sections(self, mapping: Mapping, table: dict[str, Any]) -> Mapping:
        """What the canonical tables are made of; without any section, calls are meant."""
        folded = "events" in table
        known = (CALLS, *TABLES.values())
        named = [t for t in known if t.name in table] or ([] if folded else [CALLS])
        entries = {t.name: self.entries(t, table.get(t.name)) for t in named if not (folded and t is CASES)}
        if LEGS in table:
            mapping = replace(mapping, legs=self.legs(self.table(LEGS, table[LEGS]), entries))
        if not folded:
            return replace(mapping, tables=entries)
        written = self.table("events", table["events"])
        entries[EVENTS.name] = self.event_entries(written, self.table("cases", table.get("cases")))
        return replace(mapping, tables=entries, events=self.folding(written))

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
        self.known("[[null_when]]", table, ("column", "when", "table"))
        column = self.string("[[null_when]] column", table.get("column"))
        return NullWhen(column, self.when("when", table.get("when")), self.table_name("[[null_when]]", table))

    def ignore(self, table: dict[str, Any]) -> Ignore:
        self.known("[[ignore]]", table, ("name", "when", "table"))
        name = self.string("[[ignore]] name", table.get("name"))
        rule = Ignore(name, self.when("when", table.get("when")), self.table_name("[[ignore]]", table))
        if not rule.name or not rule.when:
            self.problem("[[ignore]] needs a name and a condition 'when'")
        return rule

    def table_name(self, place: str, table: dict[str, Any]) -> str | None:
        """The section that a rule speaks of; None is all of them."""
        name = self.string(f"{place} table", table.get("table")) or None
        known = (CALLS.name, *TABLES)
        if name not in (None, *known):
            self.problem(f"{place} table: there is no [{name}]", nearest(str(name), known))
        return name

    def entries(self, table: Table, value: Any) -> Entries:
        written = self.table(table.name, value)
        place = f"[{table.name}]"
        self.known(place, written, table.known)
        for name in table.required:
            if name not in written:
                self.problem(f"{place} names no {name}", f'say which column holds it: {name} = "..."')
        if table.either and not any(name in written for name in table.either):
            self.problem(f"{place} names neither {' nor '.join(table.either)}")
        return {name: self.entry(table, name, value) for name, value in written.items() if name in table.known}

    def entry(self, table: Table, name: str, value: Any) -> Entry:
        place = f"[{table.name}] {name}"
        written = {"column": value} if isinstance(value, str | list) else self.table(place, value)
        if table.is_moment(name):
            return self.moment(place, written, usual_formats(name))
        if name in table.durations:
            return self.length(place, written)
        return self.field(place, written)

    def legs(self, table: dict[str, Any], entries: dict[str, Entries]) -> Legs | None:
        """How legs are told, with the entry that tells it put beside those of calls."""
        self.known(f"[{LEGS}]", table, get_args(Legs))
        if len(table) != 1 or CALLS.name not in entries:
            self.problem(
                f"[{LEGS}] names one of call and parent, beside [{CALLS.name}]",
                'call = "..." is an id that all legs bear, parent = "..." the id of the leg before or of the first',
            )
            return None
        [(kind, written)] = table.items()
        spec = {"column": written} if isinstance(written, str) else self.table(f"[{LEGS}] {kind}", written)
        entries[CALLS.name] = {**entries[CALLS.name], LEGS: self.field(f"[{LEGS}] {kind}", spec)}
        return "parent" if kind == "parent" else "call"

    def event_entries(self, events: dict[str, Any], cases: dict[str, Any]) -> Entries:
        """What rows of a log of status changes are made of: case, time and status, and the dimensions of cases."""
        self.known("[events]", events, ("case", "at", "status", "first", "last", "paused", "reopened"))
        own = {"case_id": "case", "event_at": "at", "state": "status"}
        for key in own.values():
            if key not in events:
                self.problem(f"[events] names no {key}", f'say which column holds it: {key} = "..."')
        folded = (*CASES.ids, CASES.first, *CASES.moments, *CASES.durations, *CASES.counts)
        for name in cases:
            if name in folded:
                self.problem(f"[cases] {name}: where there are [events], it is folded from them")
        self.known("[cases]", cases, (*EVENTS.dimensions, *EVENTS.flags, *folded))
        names = {name: events[key] for name, key in own.items() if key in events}
        names |= {name: value for name, value in cases.items() if name in (*EVENTS.dimensions, *EVENTS.flags)}
        return {name: self.entry(EVENTS, name, value) for name, value in names.items()}

    def folding(self, table: dict[str, Any]) -> Events:
        first, last = (self.statuses(f"[events] {key}", table.get(key)) for key in ("first", "last"))
        for name in first:
            if name in last:
                self.problem(f"[events] {name} is both the first and the last time")
        if CASES.first not in (*first, *last):
            self.problem(
                "[events] names no opened_at", 'say which statuses open a case: first = { opened_at = ["..."] }'
            )
        paused, reopened = (
            self.strings(f"[events] {key}", table[key]) if key in table else None for key in ("paused", "reopened")
        )
        events = Events(first, last, paused, reopened)
        if reopened and not events.resolved:
            self.problem("[events] reopened needs the statuses of resolved_at")
        return events

    def statuses(self, place: str, value: Any) -> When:
        found = self.when(place, value)
        self.known(place, found, (CASES.first, *CASES.moments))
        return found

    def field(self, place: str, table: dict[str, Any]) -> Field:
        keys = ("column", "join", "separator", "empty", "split", "part", "values", "scale", "always")
        self.known(place, table, keys)
        columns = self.strings(f"{place} join", table.get("join")) or self.strings(place, table.get("column"))
        if bool(columns) == ("always" in table):
            self.problem(f"{place} names {'a column and what is always there' if columns else 'no column'}")
        values = self.table(f"{place} values", table.get("values"))
        for written, meaning in values.items():
            if not isinstance(meaning, str):
                self.problem(f"{place} values: {written!r} must be a string")
        part = table.get("part", 1)
        if not isinstance(part, int) or isinstance(part, bool) or part < 1:
            self.problem(f"{place} part must be a whole number from 1")
        return Field(
            columns,
            separator=self.string(f"{place} separator", table.get("separator"), "|"),
            values={k: v for k, v in values.items() if isinstance(v, str)},
            empty=self.string(f"{place} empty", table["empty"]) if "empty" in table else None,
            split=self.string(f"{place} split", table.get("split")) or None,
            part=part,
            always=self.string(f"{place} always", table["always"]) if "always" in table else None,
        )

    def moment(self, place: str, table: dict[str, Any], usual: tuple[str, ...] = ("iso",)) -> Moment:
        self.known(place, table, _MOMENT_KEYS)
        columns = self.strings(place, table.get("clock")) or self.strings(place, table.get("column"))
        if not columns:
            self.problem(f"{place} names no column")
        date = self.string(f"{place} date", table.get("date")) or None
        if date is None and "clock" in table:
            self.problem(f"{place} has a clock and no date", 'name the column that holds the date: date = "..."')
        formats = self.strings(f"{place} format", table.get("format")) or usual
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
