"""Functions in straight pieces, made in Python and looked up by the engine.

What a clock has run, and when it will have run so much, are functions of one whole number that rise by 1 ms per ms
or stay level. A curve is laid out as lists over steps of equal length, so that a row finds its piece by division:
no join can lose or double a row, or be turned round by the engine's guess of its size (one was, in a trial with
tables of known sizes: three times slower). The engine copies the lists whole for each two thousand rows, so short
lists are worth more steps per row.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

from cc_metrics.measures.calendar_days import Span, Stretch
from cc_metrics.model.durations import DAY, HOUR, QUARTER_HOUR

_RISING: Final = 1 << 60  # moments and lengths lie within a quarter of this
_STEPS: Final = (DAY, HOUR, QUARTER_HOUR, 1)
_LONGEST: Final = 1_000_000
_READ: Final = 20_000  # numbers of a list are copied in the time that it takes to read one for two thousand rows

Column = tuple[str, str, list[Any]]  # name, type, values


@dataclass(frozen=True, slots=True)
class Piece:
    """From *start* on, a value that rises by 1 per 1 or stays; None where nothing is known."""

    start: int
    value: int | None
    rising: bool

    def constant(self) -> int | None:
        """The value less what the piece has risen by since 0."""
        return self.value if self.value is None or not self.rising else self.value - self.start


@dataclass(frozen=True, slots=True)
class Curve:
    """A function of the whole numbers from *first* to before *last*; pieces in order, the first at *first*."""

    first: int
    last: int
    pieces: tuple[Piece, ...]


def run_until(stretches: Sequence[Stretch], bounds: Span) -> Curve:
    """How long a clock has run since the range began, at each moment of the range (UTC ms)."""
    pieces = [Piece(bounds[0], 0, rising=False)]
    for s in stretches:
        pieces += [
            Piece(s.start_ms, s.before_ms, rising=True),
            Piece(s.end_ms, s.before_ms + s.end_ms - s.start_ms, rising=False),
        ]
    return Curve(*bounds, _in_range(pieces, bounds))


def moment_of(stretches: Sequence[Stretch]) -> Curve:
    """The moment at which a clock has run so many ms (1 or more) since the range began."""
    total = sum(s.end_ms - s.start_ms for s in stretches)
    return Curve(1, total + 1, tuple(Piece(s.before_ms + 1, s.start_ms + 1, rising=True) for s in stretches))


def moved_out(quiet: Sequence[Span], bounds: Span) -> Curve:
    """Each moment of the range itself, or the end of the quiet hours it lies in."""
    pieces = [Piece(bounds[0], bounds[0], rising=True)]
    for start, end in quiet:
        pieces += [Piece(start, end, rising=False), Piece(end, end, rising=True)]
    return Curve(*bounds, _in_range(pieces, bounds))


def levels(values: Iterable[tuple[int, int | None]], bounds: Span) -> Curve:
    """A value from each moment (UTC ms) on, level until the next."""
    return Curve(*bounds, _in_range([Piece(start, value, rising=False) for start, value in values], bounds))


def _in_range(pieces: Sequence[Piece], bounds: Span) -> tuple[Piece, ...]:
    """Pieces in the range; of several that begin at one moment the last holds."""
    return tuple({piece.start: piece for piece in pieces if bounds[0] <= piece.start < bounds[1]}.values())


@dataclass(frozen=True, slots=True)
class Ramp:
    """What a clock has run since a range began, as a list of one struct for each day from the range's first moment.

    Field low is what had run when the day began; rise1 is what a moment of the day's first stretch is to be raised
    by, high1 what has run at the end of that stretch, and so on (null: no such stretch).
    """

    bounds: Span
    name: str
    columns: tuple[Column, ...]

    def position_sql(self, argument: str) -> str:
        """SQL for the number of the day, from 1; 0 for a moment outside the range."""
        return _position(argument, *self.bounds, DAY)

    def piece_sql(self, argument: str, position: str) -> str:  # noqa: ARG002
        """SQL for the struct of the day."""
        return f"list_extract({self.name}_days, {position})"

    def value_sql(self, argument: str, piece: str) -> str:
        """SQL for what has run at a moment: it rises in each stretch and holds after it; both functions skip NULL."""
        value = f"{piece}.low"
        for i in range(1, self.columns[0][1].count("rise") + 1):
            value = f"LEAST(GREATEST({value}, {argument} + {piece}.rise{i}), {piece}.high{i})"
        return value


def ramp(stretches: Sequence[Stretch], bounds: Span, name: str) -> Ramp:
    """What a clock has run, by the day: slower to read than a curve's lists, but short over many years."""
    days = [list[Stretch]() for _ in range(bounds[0], bounds[1], DAY)]
    for s in stretches:
        for number in range((s.start_ms - bounds[0]) // DAY, -((bounds[0] - s.end_ms) // DAY)):
            days[number].append(s)
    most = range(1, max(map(len, days), default=0) + 1)
    fields = ("low", *(f"{field}{i}" for i in most for field in ("rise", "high")))
    low, values = 0, list[dict[str, int | None]]()
    for number, found in enumerate(days):
        end = bounds[0] + (number + 1) * DAY
        known = [(s.before_ms - s.start_ms, s.before_ms + min(end, s.end_ms) - s.start_ms) for s in found]
        day = [low, *(value for pair in known for value in pair)]
        values.append(dict(zip_longest(fields, day)))
        low = day[-1]
    return Ramp(bounds, name, ((f"{name}_days", f"STRUCT({', '.join(f'{f} BIGINT' for f in fields)})[]", values),))


@dataclass(frozen=True, slots=True)
class Lookup:
    """A curve as lists, one number for each step: *columns* by name, and the SQL that reads them.

    Column v0 has the piece in force when the step begins, f1 where the next one begins (null: none) and v1 that
    piece, and so on. In a curve of both kinds the constants of the pieces that rise are put far below all others.
    """

    curve: Curve
    name: str
    step: int
    columns: tuple[Column, ...]

    def position_sql(self, argument: str) -> str:
        """SQL for the number of the step, from 1; 0 for an argument outside the curve."""
        return _position(argument, self.curve.first, self.curve.last, self.step)

    def piece_sql(self, argument: str, position: str) -> str:
        """SQL for the piece that an argument lies on, from its step's number."""
        found = {name.removeprefix(f"{self.name}_"): f"list_extract({name}, {position})" for name, _, _ in self.columns}
        later = range(len(self.columns) // 2, 0, -1)
        cases = " ".join(f"WHEN {argument} >= {found[f'f{i}']} THEN {found[f'v{i}']}" for i in later)
        return f"CASE {cases} ELSE {found['v0']} END" if cases else found["v0"]

    def value_sql(self, argument: str, piece: str) -> str:
        """SQL for the curve's value, from the piece that the argument lies on."""
        slopes = {p.rising for p in self.curve.pieces}
        if slopes == {True, False}:
            return f"CASE WHEN {piece} < {-_RISING // 2} THEN {piece} + {argument} + {_RISING} ELSE {piece} END"
        return f"({piece} + {argument})" if slopes == {True} else piece


def lookup(curve: Curve, name: str) -> Lookup:
    """The lists of a curve, over the steps that make them cheapest to read."""
    fitting = [step for step in _STEPS if (curve.last - curve.first) // step <= _LONGEST]
    layouts = {step: _steps(curve, step) for step in fitting}
    step = min(fitting, key=lambda step: _cost(layouts[step]))
    steps, mixed = layouts[step], len({p.rising for p in curve.pieces}) == 2
    columns: list[Column] = []
    for i in range(_most(steps)):
        nth = [found[i] if i < len(found) else None for found in steps]
        columns += [(f"{name}_f{i}", "BIGINT[]", [None if p is None else p.start for p in nth])] if i else []
        columns.append((f"{name}_v{i}", "BIGINT[]", [_written(p, mixed=mixed) for p in nth]))
    return Lookup(curve, name, step, tuple(columns))


def _most(steps: list[list[Piece]]) -> int:
    return max((len(step) for step in steps), default=1)


def _cost(steps: list[list[Piece]]) -> int:
    """Each list is read for each row, and copied whole by the engine for each two thousand rows."""
    return (2 * _most(steps) - 1) * (len(steps) + _READ)


def _position(argument: str, first: int, last: int, step: int) -> str:
    """The number of a step, from 1; 0 outside. NULL passes through: the engine then has no rows to tell apart."""
    number = (
        f"{argument} - {first - 1}" if step == 1 else f"CAST(FLOOR(({argument} - {first - step}) / {step}.0) AS BIGINT)"
    )
    return f"CASE WHEN {argument} < {first} OR {argument} >= {last} THEN 0 ELSE {number} END"


def _steps(curve: Curve, step: int) -> list[list[Piece]]:
    """The pieces that touch each step of the curve, in order."""
    steps: list[list[Piece]] = [[] for _ in range(curve.first, curve.last, step)]
    ends = [p.start for p in curve.pieces[1:]] + [curve.last]
    for piece, end in zip(curve.pieces, ends, strict=False):
        for number in range((piece.start - curve.first) // step, -((curve.first - end) // step)):
            steps[number].append(piece)
    return steps


def _written(piece: Piece | None, *, mixed: bool) -> int | None:
    constant = None if piece is None else piece.constant()
    return constant if piece is None or constant is None or not (mixed and piece.rising) else constant - _RISING
