"""What canonical columns are made of, from TOML tables to frozen values; what is not known is refused."""

from typing import Any, Final

from cc_metrics.model.table import Table
from cc_metrics.store.mapping import Entries, Entry, Field, Length, Moment, Question, Rule, When, usual_formats
from cc_metrics.store.toml_values import Values

UNITS: Final = ("ms", "s", "min", "clock")
_MOMENT_KEYS: Final = ("column", "date", "clock", "since", "format", "plus")
_MOST: Final = 10**15
_NO_COLUMN: Final = {"always": "what is always there", "rules": "rules"}


class EntrySections(Values):
    """Reads the entries of a section, and conditions on a source's columns."""

    def words(self, place: str, value: Any) -> dict[str, tuple[str, ...]]:
        return {k: self.strings(f"{place}: {k}", v) for k, v in self.table(place, value).items()}

    def when(self, place: str, value: Any) -> When:
        return {
            column: self.question(f"{place}: {column}", asked) for column, asked in self.table(place, value).items()
        }

    def question(self, place: str, value: Any) -> Question:
        """What a column is asked: words that it is one of, or a table of other questions."""
        if not isinstance(value, dict):
            among = self.strings(place, value)
            if not among:
                self.problem(f"{place} names no value", 'write for example ["A", "B"], "" or { filled = true }')
            return Question(among)
        self.known(place, value, ("not", "filled", "least"))
        unlike, filled, least = self.strings(place, value.get("not")), value.get("filled"), value.get("least")
        if not isinstance(filled, bool | None):
            self.problem(f"{place} filled must be true or false")
        if isinstance(least, bool) or not isinstance(least, int | float | None) or not abs(least or 0) < _MOST:
            self.problem(f"{place} least must be a number")
        if not unlike and filled is None and least is None:
            self.problem(f"{place} asks nothing", "a question is one of not, filled and least")
        return Question((), unlike, filled if isinstance(filled, bool) else None, None if least is None else str(least))

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

    def field(self, place: str, table: dict[str, Any]) -> Field:
        keys = ("column", "join", "separator", "empty", "split", "part", "values", "scale", "always", "rules")
        self.known(place, table, keys)
        columns = self.strings(f"{place} join", table.get("join")) or self.strings(place, table.get("column"))
        sources = [
            *(["a column"] if columns else []),
            *(w for k, w in _NO_COLUMN.items() if table.get(k) not in (None, [])),
        ]
        if len(sources) != 1:
            self.problem(f"{place} names {' and '.join(sources) or 'no column'}")
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
            rules=tuple(self.rule(place, t) for t in self.tables(f"{place} rules", table.get("rules"))),
        )

    def rule(self, place: str, table: dict[str, Any]) -> Rule:
        self.known(f"{place} rules", table, ("value", "when"))
        rule = Rule(
            self.string(f"{place} rules: value", table.get("value")),
            self.when(f"{place} rules: when", table.get("when")),
        )
        if not rule.value or not rule.when:
            self.problem(f"{place}: a rule needs a value and a condition 'when'")
        return rule

    def moment(self, place: str, table: dict[str, Any], usual: tuple[str, ...] = ("iso",)) -> Moment:
        self.known(place, table, _MOMENT_KEYS)
        columns = self.strings(place, table.get("clock")) or self.strings(place, table.get("column"))
        if not columns:
            self.problem(f"{place} names no column")
        date = self.string(f"{place} date", table.get("date")) or None
        if date is None and "clock" in table:
            self.problem(f"{place} has a clock and no date", 'name the column that holds the date: date = "..."')
        formats = self.strings(f"{place} format", table.get("format")) or usual
        plus = self.length(f"{place} plus", self.table(f"{place} plus", table["plus"])) if "plus" in table else None
        if plus and plus.until:
            self.problem(f"{place} plus must be a length that columns hold")
        return Moment(columns, date, self.string(f"{place} since", table.get("since")) or None, formats, plus)

    def length(self, place: str, table: dict[str, Any]) -> Length:
        self.known(place, table, ("column", "unit", "from", "until", "plus", "less", "empty"))
        unit = self.string(f"{place} unit", table.get("unit"), "ms")
        if unit not in UNITS:
            self.problem(f"{place}: {unit!r} is not a unit", f"units: {', '.join(UNITS)} (clock is HH:MM:SS)")
        if "until" in table:
            self.known(place, {k: v for k, v in table.items() if k != "unit"}, ("from", "until"))
            since = (
                self.moment(f"{place} from", self.table(f"{place} from", table["from"])) if "from" in table else None
            )
            return Length(
                None, unit, since, self.moment(f"{place} until", self.table(f"{place} until", table["until"]))
            )
        column = self.string(place, table.get("column"))
        if not column:
            self.problem(f"{place} names no column")
        return Length(
            column or None,
            unit,
            plus=self.strings(f"{place} plus", table.get("plus")),
            less=self.strings(f"{place} less", table.get("less")),
            empty=self.string(f"{place} empty", table["empty"]) if "empty" in table else None,
        )
