"""The language of people: messages with named places, worded in English or Chinese when they are shown.

A message is its English text. What is worded while a report is shown calls `translated`; what is found before
(a warning, a note) is kept with `said` and worded by `told` when it is shown, so that one report reads in either.
Catalogues are gettext's, in languages/; English needs none and loads nothing. After a new message,
`python tests/catalogue.py` names what is to be translated, and compiles.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cc_metrics.errors import UsageError, nearest

if TYPE_CHECKING:
    from gettext import NullTranslations

LANGUAGES: Final = ("en", "zh")
DOMAIN: Final = "cc_metrics"
FOLDER: Final = Path(__file__).parent / "languages"

_CURRENT: Final[ContextVar[str]] = ContextVar("language", default="en")


def checked(language: str) -> str:
    """The language, where it is one of LANGUAGES.

    Raises:
        UsageError: it is not.
    """
    if language not in LANGUAGES:
        raise UsageError(f"no language is called {language!r}", where="--lang", hint=nearest(language, LANGUAGES))
    return language


@contextmanager
def using(language: str) -> Iterator[None]:
    """Word everything inside in that language.

    Raises:
        UsageError: no language of LANGUAGES.
    """
    before = _CURRENT.set(checked(language))
    try:
        yield
    finally:
        _CURRENT.reset(before)


def current() -> str:
    """The language that things are worded in: "en" unless `using` says otherwise."""
    return _CURRENT.get()


def translated(message: str, /, **values: object) -> str:
    """A message in the current language, its named places filled in.

    >>> translated("{number} late", number=3)
    '3 late'
    """
    return _in(message, current()).format(**{name: _worded(value) for name, value in values.items()})


def counted(one: str, many: str, number: int, /, **values: object) -> str:
    """A message about a number of things, {n} unless *values* word it otherwise.

    >>> counted("{n} row", "{n} rows", 1), counted("{n} row", "{n} rows", 2000)
    ('1 row', '2,000 rows')
    """
    language = current()
    found = _catalogue(language).ngettext(one, many, number) if language != "en" else one if number == 1 else many
    return found.format(**{"n": f"{number:,}", **{name: _worded(value) for name, value in values.items()}})


class Said(str):
    """A text that knows the message it was made from, so that it can be worded in another language."""

    __slots__ = ("message", "values")
    message: str
    values: dict[str, Any]


def said(message: str, /, **values: object) -> Said:
    """A message to be worded when it is shown; until then it is its English text.

    >>> said("{number} rows", number=3)
    '3 rows'
    """
    text = Said(_english(message).format(**values))
    text.message, text.values = message, values
    return text


def series(things: Sequence[str]) -> str:
    """Things one after the other, to be worded when they are shown.

    >>> series(["a", "b", "c"]), series([])
    ('a, b, c', '')
    """
    return _joined(things, "{things}, {thing}")


def sequence(sentences: Sequence[str]) -> str:
    """Sentences one after the other, to be worded when they are shown.

    >>> sequence(["a", "b"])
    'a; b'
    """
    return _joined(sentences, "{things}; {thing}")


def both(things: Sequence[str]) -> str:
    """Things joined by "and", to be worded when they are shown.

    >>> both(["a", "b"]), both(["a"])
    ('a and b', 'a')
    """
    return _joined(things, "{things} and {thing}")


def either(things: Sequence[str]) -> str:
    """Things joined by "or", to be worded when they are shown.

    >>> either(["a", "b"]), either(["a"])
    ('a or b', 'a')
    """
    return _joined(things, "{things} or {thing}")


def _joined(things: Sequence[str], message: str) -> str:
    return reduce(lambda before, thing: said(message, things=before, thing=thing), things) if things else ""


def told(text: str) -> str:
    """What was `said`, in the current language; any other text as it stands.

    >>> told(said("{number} rows", number=3)), told("a {name}")
    ('3 rows', 'a {name}')
    """
    return translated(text.message, **text.values) if isinstance(text, Said) else text


def _worded(value: object) -> object:
    return told(value) if isinstance(value, str) else value


def _in(message: str, language: str) -> str:
    return _english(message if language == "en" else _catalogue(language).gettext(message))


def _english(message: str) -> str:
    """A message without the context that tells it from its like: "context\x04message", as gettext has it."""
    return message.rpartition("\x04")[2]


@cache
def _catalogue(language: str) -> "NullTranslations":
    import gettext

    return gettext.translation(DOMAIN, FOLDER, [language])
