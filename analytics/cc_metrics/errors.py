"""What goes wrong, in one sentence: what, where it is written, and what to do about it.

CcMetricsError
├── UsageError    an option or argument that cannot be meant      (exit code 2)
├── PolicyError   a policy or mapping that cannot be followed     (exit code 2)
├── DataError     an export that cannot be read or trusted        (exit code 3)
├── EngineError   no memory, no disk, an output that cannot be written (exit code 4)
└── DeliveryError an e-mail that did not reach everybody it is for (exit code 4)
"""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches


class CcMetricsError(Exception):
    """Something the user can act on.

    >>> print(CcMetricsError("'withn' is not a setting", where="[[promise]] 1", hint="did you mean 'within'?"))
    [[promise]] 1: 'withn' is not a setting
      hint: did you mean 'within'?
    """

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.what, self.where, self.hint = what, where, hint

    def __str__(self) -> str:
        line = f"{self.where}: {self.what}" if self.where else self.what
        return f"{line}\n  hint: {self.hint}" if self.hint else line


class UsageError(CcMetricsError):
    """An option or argument that cannot be meant."""


class PolicyError(CcMetricsError):
    """A policy or a mapping that cannot be followed."""


class DataError(CcMetricsError):
    """An export that cannot be read or trusted."""


class EngineError(CcMetricsError):
    """The engine or an output failed: memory, disk, permissions."""


class DeliveryError(CcMetricsError):
    """An e-mail did not reach everybody it is for."""


def first_of(words: Sequence[str], most: int) -> str:
    """The first of several words.

    >>> first_of(["a", "b"], 2), first_of(["a", "b", "c"], 2)
    ('a, b', 'a, b ...')
    """
    return ", ".join(words[:most]) + (" ..." if len(words) > most else "")


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint that names the nearest known word, else all of them.

    >>> nearest("withn", ["within", "target"])
    "did you mean 'within'?"
    >>> nearest("zzz", ["within", "target"])
    'known: target, within'
    """
    words = sorted({str(k) for k in known})
    folded = {w.casefold(): w for w in words}
    close = get_close_matches(word.casefold(), list(folded), n=1)
    if close:
        return f"did you mean '{folded[close[0]]}'?"
    return f"known: {', '.join(words)}" if words else ""
