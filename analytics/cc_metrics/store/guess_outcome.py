"""Which column tells how a call ended, and what its words mean: known words are translated, others left to a person."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from cc_metrics.store import guess_values, guess_words
from cc_metrics.store.guess_values import folded

_MOST_WORDS: Final = 40  # an outcome has few words
_KNOWN: Final = 0.5  # of the rows must have a known one, for a column to be taken for the outcome
_NAMED_YES: Final = (
    (frozenset(guess_words.ANSWERED_FLAGS.split()), ("answered", "abandoned")),
    (frozenset(guess_words.ABANDONED_FLAGS.split()), ("abandoned", "answered")),
)
_MEANINGS: Final = {folded(word): meaning for meaning, words in guess_words.OUTCOMES.items() for word in words.split()}
_UNANSWERED: Final = frozenset(map(folded, guess_words.UNANSWERED.split()))
_HUNG_UP: Final = frozenset(map(folded, guess_words.HUNG_UP.split()))


@dataclass(frozen=True, slots=True)
class Word:
    """A word of an outcome column: in how many of the first rows it stands, and what it means, None: not known."""

    written: str
    rows: int
    meaning: str | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A column that tells how calls ended. *hung_up*: it says who ended a call, not whether it was answered."""

    column: str
    words: tuple[Word, ...] = field(default_factory=tuple)
    hung_up: bool = False

    @property
    def known(self) -> float:
        """The share of the rows whose word is known."""
        rows = sum(word.rows for word in self.words)
        return sum(word.rows for word in self.words if word.meaning) / rows if rows else 0.0


def find(candidates: Sequence[str], values: Mapping[str, Sequence[str]]) -> Outcome | None:
    """The column with several words that are best known; of several alike, the one that stands first."""
    read = [found for name in candidates if (found := _read(name, values[name]))]
    read = [outcome for outcome in read if outcome.known >= _KNOWN or outcome.hung_up]
    return max(read, key=lambda outcome: (len(outcome.words) > 1, outcome.known), default=None)


def _read(name: str, values: Sequence[str]) -> Outcome | None:
    counts = Counter(values)
    if not counts or len(counts) > _MOST_WORDS:
        return None
    if guess_values.is_flag(list(counts)):
        words = _flag_words(name, counts)
        return Outcome(name, words) if words else None
    words = tuple(_word(written, rows) for written, rows in counts.most_common())
    return Outcome(name, words, hung_up=any(folded(word) in _HUNG_UP for word in counts))


def _flag_words(name: str, counts: Mapping[str, int]) -> tuple[Word, ...]:
    meanings = next((meanings for names, meanings in _NAMED_YES if folded(name) in names), None)
    if meanings is None:
        return ()
    return tuple(
        Word(written, rows, meanings[written.casefold() in guess_words.NO], _lost(meanings, written))
        for written, rows in sorted(counts.items(), key=lambda item: -item[1])
    )


def _lost(meanings: tuple[str, str], written: str) -> str:
    unanswered = meanings[0] == "answered" and written.casefold() in guess_words.NO
    return "calls that left the queue otherwise would be in here too" if unanswered else ""


def _word(written: str, rows: int) -> Word:
    looked_up = folded(written)
    if looked_up in _UNANSWERED:
        return Word(written, rows, "abandoned", "nobody answered: if the caller did not hang up, redirected")
    if looked_up in _HUNG_UP:
        return Word(written, rows, None, "who hung up; answered or not?")
    return Word(written, rows, _MEANINGS.get(looked_up))
