"""The sections of a mapping, from TOML tables to frozen values; what is not known is refused."""

from dataclasses import replace
from typing import Any, Final, get_args

from cc_metrics.errors import nearest
from cc_metrics.model import durations, zones
from cc_metrics.model.calls import CALLS
from cc_metrics.model.cases import CASES, EVENTS, TABLES
from cc_metrics.model.queue_events import QUEUE_EVENTS
from cc_metrics.store.file_format import FileFormat
from cc_metrics.store.intervals import TABLE as INTERVALS
from cc_metrics.store.intervals import TOTAL
from cc_metrics.store.mapping import (
    LEGS,
    Entries,
    Events,
    Ignore,
    Legs,
    Mapping,
    NullWhen,
    Reject,
    When,
    Words,
)
from cc_metrics.store.mapping_entries import EntrySections
from cc_metrics.store.mapping_nested import NESTED, nested
from cc_metrics.store.queue_lines import FORM as QUEUE_LOG

FORMS: Final = ("json", QUEUE_LOG)
_TOP: Final = (
    "name",
    "about",
    "source",
    "note",
    "timezone",
    "longest",
    "nulls",
    "file",
    "null",
    "null_when",
    "ignore",
    "reject",
    "events",
    INTERVALS,
    LEGS,
    CALLS.name,
    QUEUE_EVENTS.name,
    *TABLES,
)


class Sections(EntrySections):
    """Reads the sections of a mapping."""

    def mapping(self, table: dict[str, Any]) -> Mapping:
        self.known("mapping", table, _TOP)
        mapping = Mapping(
            name=self.string("name", table.get("name"), self.where),
            about=self.string("about", table.get("about")),
            source=self.string("source", table.get("source")),
            note=self.string("note", table.get("note")),
            timezone=self.checked("timezone", table.get("timezone"), zones.check_zone, None),
            longest_ms=self.checked("longest", table.get("longest"), durations.milliseconds, None),
            file=self.file_format(self.table("file", table.get("file"))),
            nulls=self.strings("nulls", table.get("nulls")),
            null=self.words("null", table.get("null")),
            null_when=tuple(self.null_when(t) for t in self.tables("null_when", table.get("null_when"))),
            ignore=tuple(self.ignore(t) for t in self.tables("ignore", table.get("ignore"))),
            reject=tuple(self.reject(t) for t in self.tables("reject", table.get("reject"))),
        )
        return self.sections(mapping, table)

    def sections(self, mapping: Mapping, table: dict[str, Any]) -> Mapping:
        """What the canonical tables are made of; without any section, calls are meant."""
        if INTERVALS in table:
            return self.counted(mapping, table)
        folded = "events" in table
        known = (CALLS, QUEUE_EVENTS, *TABLES.values())
        if CALLS.name in table and QUEUE_EVENTS.name in table:
            self.problem(f"[{CALLS.name}]: where there are [{QUEUE_EVENTS.name}], calls are folded from them")
        named = [t for t in known if t.name in table] or ([] if folded else [CALLS])
        entries = {t.name: self.entries(t, table.get(t.name)) for t in named if not (folded and t is CASES)}
        if LEGS in table:
            mapping = replace(mapping, legs=self.legs(self.table(LEGS, table[LEGS]), entries))
        if not folded:
            return replace(mapping, tables=entries)
        written = self.table("events", table["events"])
        entries[EVENTS.name] = self.event_entries(written, self.table("cases", table.get("cases")))
        return replace(mapping, tables=entries, events=self.folding(written))

    def counted(self, mapping: Mapping, table: dict[str, Any]) -> Mapping:
        """Rows that somebody else has counted."""
        from cc_metrics.store.intervals_section import IntervalsSection

        for name in (CALLS.name, "events", *TABLES):
            if name in table:
                self.problem(f"[{name}] cannot stand beside [{INTERVALS}]", "write a mapping for each of the two")
        found = IntervalsSection(self, self.moment, self.length, self.field, self.when).read(table[INTERVALS])
        total = (Ignore(TOTAL, found.total),) if found.total else ()
        return replace(mapping, intervals=found, ignore=(*mapping.ignore, *total))

    def file_format(self, table: dict[str, Any]) -> FileFormat:
        self.known("[file]", table, ("delimiter", "header", "encoding", "columns", "further", "form", "sheet", *NESTED))
        header = table.get("header")
        if header is not None and not isinstance(header, bool):
            self.problem("[file] header must be true or false")
            header = None
        return FileFormat(
            delimiter=self.string("[file] delimiter", table.get("delimiter")) or None,
            header=header,
            encoding=self.string("[file] encoding", table.get("encoding")) or None,
            columns=self.strings("[file] columns", table.get("columns")) or None,
            form=self.checked("[file] form", table.get("form"), _form, None),
            nested=nested(self, table),
            sheet=self.string("[file] sheet", table.get("sheet")) or None,
            further=self.further(table.get("further")),
        )

    def further(self, value: Any) -> tuple[tuple[str, ...], ...]:
        if value is not None and not isinstance(value, list):
            self.problem("[file] further must be an array of arrays of names")
            return ()
        return tuple(self.strings("[file] further", names) for names in value or ())

    def null_when(self, table: dict[str, Any]) -> NullWhen:
        self.known("[[null_when]]", table, ("column", "when", "table"))
        column = self.string("[[null_when]] column", table.get("column"))
        when = self.when("[[null_when]] when", table.get("when"))
        if not column or not when:
            self.problem("[[null_when]] needs a column and a condition 'when'")
        return NullWhen(column, when, self.table_name("[[null_when]]", table))

    def ignore(self, table: dict[str, Any]) -> Ignore:
        return Ignore(*self.named("[[ignore]]", table))

    def reject(self, table: dict[str, Any]) -> Reject:
        return Reject(*self.named("[[reject]]", table))

    def named(self, place: str, table: dict[str, Any]) -> tuple[str, When, str | None]:
        """Name, condition and table of a rule."""
        self.known(place, table, ("name", "when", "table"))
        name = self.string(f"{place} name", table.get("name"))
        when = self.when(f"{place} when", table.get("when"))
        if not name or not when:
            self.problem(f"{place} needs a name and a condition 'when'")
        return name, when, self.table_name(place, table)

    def table_name(self, place: str, table: dict[str, Any]) -> str | None:
        """The section that a rule speaks of; None is all of them."""
        name = self.string(f"{place} table", table.get("table")) or None
        known = (CALLS.name, *TABLES, INTERVALS)
        if name not in (None, *known):
            self.problem(f"{place} table: there is no [{name}]", nearest(str(name), known))
        return name

    def legs(self, table: dict[str, Any], entries: dict[str, Entries]) -> Legs | None:
        """How legs are told, with the entry that tells it put beside those of calls."""
        self.known(f"[{LEGS}]", table, get_args(Legs))
        if len(table) != 1 or CALLS.name not in entries:
            self.problem(
                f"[{LEGS}] names one of call, parent and side_by_side, beside [{CALLS.name}]",
                'call = "..." is an id that all legs bear, parent = "..." the id of the leg before or of the first, '
                "side_by_side = true says that all legs have one call_id",
            )
            return None
        [(kind, written)] = table.items()
        if kind == "side_by_side":
            if written is not True:
                self.problem(f"[{LEGS}] side_by_side can be true alone", "leave it out where rows are calls")
            return "side_by_side"
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

    def statuses(self, place: str, value: Any) -> Words:
        found = self.words(place, value)
        self.known(place, found, (CASES.first, *CASES.moments))
        return found


def _form(written: str) -> str:
    if written not in FORMS:
        raise ValueError(f"{written!r} is not a form; known: {', '.join(FORMS)}")
    return written
