"""Pseudonyms: keyed hashes that stand for customers and agents in everything that is written.

HMAC-SHA-256 of the UTF-8 text under a secret, its first 32 hexadecimal digits: without the secret nobody can tell
the numbers by trying them all, with it a number has the same pseudonym for ever. Two ways of writing one number
have two. The engine computes them as it reads, so that nothing behind the reading knows the texts themselves.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cc_metrics.errors import DataError, UsageError
from cc_metrics.store import private_file
from cc_metrics.store.output import write

if TYPE_CHECKING:
    from cc_metrics.model.promise import Policy
    from cc_metrics.store.engine import Engine

VARIABLE: Final = "CC_METRICS_SECRET"
DIGITS: Final = 32
_LEAST: Final = 16  # bytes
_MOST: Final = 4096
_MADE: Final = 32
_BLOCK: Final = 64  # bytes that SHA-256 takes at a time
_HINT: Final = "make one with: head -c 32 /dev/urandom | base64 > secret.txt; chmod 600 secret.txt"


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """What turns texts into pseudonyms; the *secret* is shown nowhere."""

    secret: bytes = field(repr=False)

    def of(self, text: str) -> str:
        """The pseudonym of a text.

        >>> Pseudonyms(b"sixteen bytes at least").of("13800138000")
        '842bb8f851eada1763427b424dbfcbf1'
        """
        import hmac  # loads the whole of OpenSSL, which most reports do without

        return hmac.digest(self.secret, text.encode("utf-8", "surrogateescape"), "sha256").hex()[:DIGITS]

    def sql(self, engine: "Engine", text: str) -> str:
        """SQL of the pseudonym of a text, of nothing for nothing; the secret is a bound value."""
        import hashlib

        key = self.secret if len(self.secret) <= _BLOCK else hashlib.sha256(self.secret).digest()
        inner, outer = (engine.keep(bytes(byte ^ pad for byte in key.ljust(_BLOCK, b"\0"))) for pad in (0x36, 0x5C))
        return f"left(sha256({outer} || unhex(sha256({inner} || encode({text})))), {DIGITS})"

    @property
    def mark(self) -> str:
        """What tells pseudonyms of one secret from those of another."""
        return self.of("")

    def conditions(
        self, where: Mapping[str, tuple[str, ...]], hidden: Iterable[str], known: Callable[[str], Iterable[str]]
    ) -> dict[str, tuple[str, ...]]:
        """Conditions as they hold for pseudonyms: of the dimensions that are *hidden*.

        Who is named by a pseudonym, as outputs name him, is meant too: *known* says which a dimension has.
        """
        return {name: self._of_all(values, known(name)) if name in hidden else values for name, values in where.items()}

    def _of_all(self, values: tuple[str, ...], known: Iterable[str]) -> tuple[str, ...]:
        pseudonyms = frozenset(known)
        return tuple(value if value in pseudonyms else self.of(value) for value in values)

    def check(self, policy: "Policy", hidden: Iterable[str]) -> None:
        """Refuse a promise on customers or agents by name.

        Raises:
            UsageError: a promise, or what is left out of first-call resolution, speaks of one.
        """
        for promise in policy.promises:
            named = (*promise.where, *promise.where_not, *promise.resolution.not_resolvable)
            for name in sorted(set(named) & set(hidden)):
                raise UsageError(
                    f"the promise {promise.name!r} names values of {name}, which pseudonyms hide",
                    where="--pseudonymize",
                    hint="judge it without --pseudonymize",
                )


def from_secret(path: Path | None) -> tuple[Pseudonyms, bool]:
    """Pseudonyms by the secret in a file, else in the environment; whether everybody can read that file.

    Raises:
        UsageError: there is no secret, or none worth the name.
    """
    if path is None:
        text = os.environb.get(VARIABLE.encode(), b"")
        if not text.strip():
            raise UsageError(
                "there is no secret to make pseudonyms with",
                where="--pseudonymize",
                hint=f"name a file with --secret-file, or set {VARIABLE}; {_HINT}",
            )
        return Pseudonyms(_checked(text, VARIABLE)), False
    try:
        text, open_to_all = private_file.read(path, _MOST)
    except OSError as error:
        raise UsageError(f"the secret cannot be read: {error.strerror}", where=str(path), hint=_HINT) from None
    return Pseudonyms(_checked(text, str(path))), open_to_all


def made(path: Path) -> Pseudonyms:
    """Keyed hashes by a secret that nobody is told, for this account alone: made anew where the file holds none.

    Whatever was hashed by a secret that was lost is known by its `mark` to be of no use any more.

    Raises:
        DataError: the file cannot be read.
        EngineError: it cannot be written.
    """
    secret = _held(path)
    if len(secret) != _MADE:
        secret = os.urandom(_MADE)
        write(path, lambda temporary: temporary.write_bytes(secret), private=True)
    return Pseudonyms(secret)


def _held(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        what = f"the secret cannot be read: {error.strerror}"
        raise DataError(what, where=str(path), hint="check its owner and rights") from None


def _checked(text: bytes, where: str) -> bytes:
    secret = text.strip()  # an editor ends a file with a line break
    if len(secret) < _LEAST:
        what = f"the secret has {len(secret)} bytes, at least {_LEAST} are needed" if secret else "the secret is empty"
        raise UsageError(what, where=where, hint=_HINT)
    if len(text) > _MOST:
        raise UsageError(f"the secret is longer than {_MOST:,} bytes", where=where, hint=_HINT)
    return secret
