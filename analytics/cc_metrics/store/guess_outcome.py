"""Which column tells how a call ended, and what its words mean: known words are translated, others left to a person.

Where a column only says who hung up, a time of the answer says who was answered.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from cc_metrics.store import guess_values, guess_words
from cc_metrics.store.guess_toml import FILL_IN, Line, array, comment, inline, key, quoted
from cc_metrics.store.guess_values import folded

_MOST_WORDS: Final = 40  # an outcome has few words
_KNOWN: Final = 0.5  # of the rows must have a known one, for a column to be taken for the outcome
_NAMED_YES: Final = (
    (frozenset(guess_words.ANSWERED_FLAGS.split()), ("answered", "abandoned")),
    (frozenset(guess_words.ABANDONED_FLAGS.split()), ("abandoned", "answered")),
)
_MEANINGS: Final = {folded(word): meaning for meaning, words in guess_words.OUTCOMES.items() for word in words.split()}
_UNANSWERED: Final = frozenset(map(folded, guess_words.UNANSWERED.split()))
_HUNG_UP: Final = {folded(word): meaning for meaning, words in guess_words.HUNG_UP.items() for word in words.split()}
_DIGITS: Final = 6  # in a word from which on it may be somebody's number


@dataclass(frozen=True, slots=True)
class Word:
    """A word of an outcome column: in how many of the rows looked at it stands, and what it means, None: not known.

    *unanswered* is what it means where nobody answered, if it says who hung up.
    """

    written: str
    rows: int
    meaning: str | None
    why: str = ""
    unanswered: str = ""


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
        return Word(written, rows, None, "who hung up; answered or not?", unanswered=_HUNG_UP[looked_up])
    return Word(written, rows, _MEANINGS.get(looked_up))


def text(outcome: Outcome | None, answered: str | None, might: str) -> str:
    """The table of the outcome, those words that nobody knows as comments.

    *answered* is the column that holds when a call was answered, *might* what else may tell how calls ended.
    """
    if answered and (outcome is None or outcome.hung_up):
        return _rules(outcome, answered)
    if outcome is None:
        why = f"no words of an outcome found; might be: {might}" if might else "no words of an outcome found"
        values = '# "..." = "answered"               # and what means abandoned, and redirected'
        return f"[calls.outcome]\n{Line('column', quoted(FILL_IN), why).text()}\n\n[calls.outcome.values]\n{values}"
    why = f"{outcome.known:.0%} of the rows looked at have a word that is known"
    if len(outcome.words) == 1:
        why += ", and all the same one: is this how calls ended?"
    lines = ["[calls.outcome]", Line("column", quoted(outcome.column), why).text(), "", "[calls.outcome.values]"]
    return "\n".join([*lines, *(_line(word) for word in _shown(outcome)), *_hidden(outcome)])


def _rules(outcome: Outcome | None, answered: str) -> str:
    """Answered where there is a time of the answer; what became of the others the words say, if there are any."""
    rules = [_rule("answered", answered, inline(filled="true"), "it holds when somebody answered")]
    if outcome is None:
        why = "calls that left the queue otherwise would be in here too"
        return "\n\n".join([*rules, _rule("abandoned", answered, inline(filled="false"), why)])
    meanings = {word.written: word.unanswered or word.meaning for word in _shown(outcome)}
    for meaning, why in (("abandoned", "nobody answered"), ("redirected", "left the queue without hanging up")):
        words = [written for written, found in meanings.items() if found == meaning]
        if words:
            rules.append(_rule(meaning, outcome.column, array(words), why))
    unknown = [word for word in _shown(outcome) if meanings[word.written] not in ("abandoned", "redirected")]
    lines = [f"# {quoted(comment(word.written))}: {_rows(word)}; and where nobody answered?" for word in unknown]
    return "\n\n".join([*rules, "\n".join([*lines, *_hidden(outcome)])]).rstrip()


def _rule(value: str, column: str, test: str, why: str) -> str:
    lines = ["[[calls.outcome.rules]]", Line("value", quoted(value), why).text()]
    return "\n".join([*lines, f"when = {{ {key(column)} = {test} }}"])


def _shown(outcome: Outcome) -> list[Word]:
    return [word for word in outcome.words if not _numbered(word)]


def _hidden(outcome: Outcome) -> list[str]:
    number = sum(map(_numbered, outcome.words))
    return [f"# and {number} words with numbers in them"] if number else []


def _numbered(word: Word) -> bool:
    return sum(c.isdigit() for c in word.written) >= _DIGITS


def _line(word: Word) -> str:
    why = word.why or ("" if word.meaning else "answered, abandoned or redirected?")
    value = quoted(word.meaning) if word.meaning else None
    return Line(word.written, value, f"{_rows(word)}{f'; {why}' if why else ''}").text()


def _rows(word: Word) -> str:
    return f"{word.rows:,} row{'' if word.rows == 1 else 's'}"
