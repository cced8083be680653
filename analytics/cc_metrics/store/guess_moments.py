"""When a call came, was answered and ended, and how long it waited and was talked to: the guess of its times."""

from collections.abc import Sequence
from typing import Final

from cc_metrics.store import guess_values
from cc_metrics.store.guess_columns import Columns
from cc_metrics.store.guess_toml import FILL_IN, Line, array, inline, quoted
from cc_metrics.store.guess_values import Times

_LENGTHS: Final = ("wait_ms", "talk_ms", "hold_ms", "wrap_ms")


class Moments:
    """Guesses the times of calls from columns, which it takes."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns

    def offered(self) -> Line:
        """The line of offered_at: one column, or a date and a clock."""
        columns = self.columns
        name = columns.first("offered_at", lambda name: _is(columns.times(name), "moment"))
        if name:
            return self._moment("offered_at", name, "its name")
        date = columns.first("date", lambda name: _is(columns.times(name), "date"))
        clock = columns.first("clock", lambda name: _is(columns.times(name), "clock")) if date else None
        if date and clock and (days := columns.times(date)) and (hours := columns.times(clock)):
            return _dated(date, days, clock, hours)
        if date:
            del columns.taken[date]
        others = [n for n in columns.names if n not in columns.taken and _is(columns.times(n), "moment")]
        if len(others) == 1:
            return self._moment("offered_at", columns.take(others[0], "offered_at"), "the only column of moments")
        might = columns.might_be(lambda name: guess_values.times(columns.values[name]))
        why = f"no column of moments by a known name; might be: {might}" if might else "no column holds moments"
        return Line("offered_at", quoted(FILL_IN), why)

    def named(self, target: str) -> str | None:
        """The column of another moment, whose way of writing is beyond doubt."""
        columns = self.columns

        def sure(name: str) -> bool:
            times = columns.times(name)
            return times is not None and times.kind == "moment" and bool(times.formats)

        return columns.first(target, sure)

    def lengths(self, answered: str | None, ended: str | None) -> list[Line]:
        """The lines of wait, talk, hold and wrap-up: columns of lengths, else the time between two moments."""
        found = {target: self._length(target) for target in _LENGTHS}
        if found["wait_ms"] is None and answered:
            found["wait_ms"] = self._wait_between(answered, ended)
        if found["talk_ms"] is None and answered and ended:
            found["talk_ms"] = self._talk_between(answered, ended)
        return [line or self._missing(target) for target, line in found.items() if line or target in _LENGTHS[:2]]

    def _length(self, target: str) -> Line | None:
        columns = self.columns
        name = columns.first(target, lambda name: columns.unit(target, name))
        unit = columns.unit(target, name) if name else None
        if name is None or unit is None:
            return None
        return Line(target, inline(column=quoted(name), unit=quoted(unit[0])), f"its name; unit: {unit[1]}")

    def _missing(self, target: str) -> Line:
        might = self.columns.might_be(lambda name: self.columns.unit(target, name))
        return Line(target, None, f"not found; might be: {might}" if might else "not found: not recorded")

    def _moment(self, target: str, name: str, reason: str) -> Line:
        times = self.columns.times(name)
        if times is None or not times.formats:
            why = f"FILL IN which of these: {times.why if times else reason}"
            ways = tuple(_column(name, formats) for formats in (times.orders if times else ()))
            return Line(target, quoted(FILL_IN), why, ways)
        return Line(target, _column(name, times.formats), f"{reason}; {times.why}")

    def _wait_between(self, answered: str, ended: str | None) -> Line:
        until = [answered, *([ended] if ended and self._alike(answered, ended) else [])]
        why = f"from offered_at until {' or '.join(until)}"
        return Line("wait_ms", inline(until=self._columns(until)), why)

    def _talk_between(self, answered: str, ended: str) -> Line | None:
        if not self._alike(answered, ended):
            return None
        value = inline(**{"from": self._columns([answered, ended]), "until": self._columns([ended])})
        return Line("talk_ms", value, "from the answer to the end; nothing where nobody answered")

    def _alike(self, one: str, other: str) -> bool:
        first, second = self.columns.times(one), self.columns.times(other)
        return bool(first and second and first.formats == second.formats)

    def _columns(self, names: list[str]) -> str:
        times = self.columns.times(names[0])
        column = quoted(names[0]) if len(names) == 1 else array(names)
        formats = times.formats if times else ("iso",)
        return inline(column=column) if tuple(formats) == ("iso",) else inline(column=column, format=_format(formats))


def _is(times: Times | None, kind: str) -> bool:
    return times is not None and times.kind == kind


def _column(name: str, formats: Sequence[str]) -> str:
    return quoted(name) if tuple(formats) == ("iso",) else inline(column=quoted(name), format=_format(formats))


def _format(formats: Sequence[str]) -> str:
    return quoted(formats[0]) if len(formats) == 1 else array(formats)


def _dated(date: str, days: Times, clock: str, hours: Times) -> Line:
    """The line of a moment made of a date and a clock."""
    ways = tuple(
        inline(date=quoted(date), clock=quoted(clock), format=_format([f"{d} {h}" for d in day for h in hours.formats]))
        for day in ([days.formats] if days.formats else days.orders)
    )
    if days.formats:
        return Line("offered_at", ways[0], f"their names; {days.why}")
    return Line("offered_at", quoted(FILL_IN), f"FILL IN which of these: {days.why}", ways)
