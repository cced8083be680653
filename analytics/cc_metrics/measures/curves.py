"""Functions in straight pieces, made in Python and looked up by the engine.

What a clock has run, and when it will have run so much, are functions of one whole number that rise by 1 ms per ms
or stay level. A curve is laid out as lists over steps of equal length, so that a row finds its piece by division:
no join can lose or double a row, or be turned round by the engine's guess of its size.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from cc_metrics.measures.calendar_days import Span, Stretch
from cc_metrics.model.durations import HOUR, QUARTER_HOUR

_RISING: Final = 1 << 60  # moments and lengths lie within a quarter of this


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
    """The moment at which a clock begins each of its ms, counted from 0 at the beginning of the range."""
    total = sum(s.end_ms - s.start_ms for s in stretches)
    return Curve(0, total, tuple(Piece(s.before_ms, s.start_ms, rising=True) for s in stretches))


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
class Lookup:
    """A curve as lists, one number for each step: *columns* by name, and the SQL that reads them.

    Column v0 has the piece in force when the step begins, f1 where the next one begins (null: none) and v1 that
    piece, and so on. In a curve of both kinds the constants of the pieces that rise are put far below all others.
    """

    curve: Curve
    name: str
    step: int
    columns: tuple[tuple[str, list[int | None]], ...]

    def position_sql(self, argument: str) -> str:
        """SQL for the number of the step, from 1; NULL for an argument that is NULL or outside the curve."""
        first, last = self.curve.first, self.curve.last
        step = f"CAST(FLOOR(({argument} - {first - first % self.step}) / {self.step}.0) AS BIGINT) + 1"
        return f"CASE WHEN {argument} >= {first} AND {argument} < {last} THEN {step} END"

    def piece_sql(self, argument: str, position: str) -> str:
        """SQL for the piece that an argument lies on, from its step's number."""
        found = {name: f"list_extract({self.name}_{name}, {position})" for name, _ in self.columns}
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
    """The lists of a curve: by the hour, or by the quarter-hour where fewer pieces then meet in one step."""
    by_hour, by_quarter = _steps(curve, HOUR), _steps(curve, QUARTER_HOUR)
    most = [max((len(step) for step in steps), default=1) for steps in (by_hour, by_quarter)]
    step, steps, pieces = (HOUR, by_hour, most[0]) if most[0] <= most[1] else (QUARTER_HOUR, by_quarter, most[1])
    mixed = len({p.rising for p in curve.pieces}) == 2
    columns: list[tuple[str, list[int | None]]] = []
    for i in range(pieces):
        nth = [found[i] if i < len(found) else None for found in steps]
        columns += [(f"f{i}", [None if p is None else p.start for p in nth])] if i else []
        columns.append((f"v{i}", [_written(p, mixed=mixed) for p in nth]))
    return Lookup(curve, name, step, tuple(columns))


def _steps(curve: Curve, step: int) -> list[list[Piece]]:
    """The pieces that touch each step of the curve, in order."""
    first = curve.first // step
    steps: list[list[Piece]] = [[] for _ in range(first, -(-curve.last // step))]
    ends = [p.start for p in curve.pieces[1:]] + [curve.last]
    for piece, end in zip(curve.pieces, ends, strict=False):
        for number in range(piece.start // step, -(-end // step)):
            steps[number - first].append(piece)
    return steps


def _written(piece: Piece | None, *, mixed: bool) -> int | None:
    constant = None if piece is None else piece.constant()
    return constant if piece is None or constant is None or not (mixed and piece.rising) else constant - _RISING
