"""The columns of an export as a guess needs them: names looked up once, first values, what is taken already."""

from collections.abc import Callable, Sequence
from typing import Final

from cc_metrics.errors import first_of
from cc_metrics.store import guess_values, guess_words
from cc_metrics.store.guess_values import Times, folded
from cc_metrics.store.personal import looks_personal

_WITHHELD: Final = frozenset(guess_words.WITHHELD.split())
_LISTED: Final = 6


class Columns:
    """Columns by name, with what the first rows hold in them; a column is taken once.

    A name that is rather somebody's number is none of *names*; *unnamed* counts those.
    """

    def __init__(self, names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self.names = tuple(name for name in names if not looks_personal(name))
        self.unnamed = len(names) - len(self.names)
        self.rows = len(rows)
        written = {name: [row[place] for row in rows if row[place]] for place, name in enumerate(names)}
        seen = {value for values in written.values() for value in values}
        self.nulls = tuple(word for word in guess_words.NULLS if word in seen)
        self.values = {name: [v for v in values if v not in self.nulls] for name, values in written.items()}
        self.null: dict[str, tuple[str, ...]] = {}  # words that mean nothing in one column
        self.taken: dict[str, str] = {}  # column -> what it was taken for
        self._index: dict[str, str] = {}
        for read in (folded, guess_values.without_unit):
            for name in self.names:
                self._index.setdefault(read(name), name)

    def called(self, target: str) -> list[str]:
        """The columns not taken yet that bear a name of *target*, the best name first."""
        found = (self._index.get(alias) for alias in guess_words.NAMES[target].split())
        return [name for name in dict.fromkeys(found) if name is not None and name not in self.taken]

    def take(self, name: str, target: str) -> str:
        """Take a column, so that it is not taken for something else."""
        self.taken.setdefault(name, target)
        return name

    def first(self, target: str, fits: Callable[[str], object]) -> str | None:
        """The best named column that fits, taken."""
        name = next((name for name in self.called(target) if fits(name)), None)
        return self.take(name, target) if name else None

    def times(self, name: str) -> Times | None:
        """How a column writes moments; a 0 among them means nothing."""
        values = [value for value in self.values[name] if value != "0"]
        found = guess_values.times(values)
        if found and len(values) < len(self.values[name]):
            self.null[name] = ("0",)
        return found

    def unit(self, target: str, name: str) -> tuple[str, str] | None:
        """The unit of a column of lengths, and why; a -1 among them means nothing."""
        values = [value for value in self.values[name] if value != "-1"]
        found = guess_values.unit(target, name, values)
        if found and len(values) < len(self.values[name]):
            self.null[name] = ("-1",)
        return found

    def withhold(self, name: str) -> None:
        """Have the words that stand for an unknown customer mean nothing."""
        words = sorted({value for value in self.values[name] if value.casefold() in _WITHHELD})
        if words:
            self.null[name] = tuple(words)

    def different(self, name: str) -> int:
        """How many different values a column has."""
        return len(set(self.values[name]))

    def might_be(self, fits: Callable[[str], object]) -> str:
        """The columns left over that fit, for a person to choose from."""
        found = [name for name in self.names if name not in self.taken and self.values[name] and fits(name)]
        return first_of(found, _LISTED)
