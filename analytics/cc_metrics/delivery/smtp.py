"""A letter and who is still to be served: tried again, with growing pauses, while the trouble may pass.

A server that takes a letter and drops the connection before it says so is tried again too: the Message-ID is the
same, by which servers and readers tell that they have it.
"""

import smtplib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cc_metrics.delivery import connection
from cc_metrics.delivery.login import Login
from cc_metrics.delivery.server import Server

TRIES: Final = 5

Answers = Mapping[str, tuple[int, bytes]]
"""Codes and words of the server about those it did not serve."""

_CUT_SHORT: Final = (421, b"the server ended the conversation")
_BEYOND_ASCII: Final = (553, b"the server takes no address beyond ASCII")


@dataclass(frozen=True, slots=True)
class Letter:
    """A message with its envelope; *written* gives its bytes, with addresses beyond ASCII or without them."""

    sender: str
    to: tuple[str, ...]
    written: Callable[[bool], bytes]


def send(
    letter: Letter,
    server: Server,
    login: Login | None,
    accepted: Callable[[Sequence[str]], None],
    pause: Callable[[float], None],
) -> Mapping[str, str]:
    """Serve everybody; who could not be, and why. *accepted* is told who was, as soon as the server says so.

    Nobody is served twice: only those whose trouble may pass are tried again, after 1, 2, 4 and 8 s of *pause*.
    """
    refused: dict[str, str] = {}
    left = dict.fromkeys(letter.to, "")  # with the last words about each
    for attempt in range(TRIES):
        if attempt:
            pause(2.0 ** (attempt - 1))
        try:
            with connection.opened(server, login) as client:
                answers = _handed_over(client, letter, list(left))
                accepted([to for to in left if to not in answers])
        except OSError as error:
            left = dict.fromkeys(left, connection.said(error))
            if not connection.passes(error):
                return refused | left
            continue
        worded = {to: connection.answer(*told) for to, told in answers.items()}
        refused |= {to: worded[to] for to, (code, _) in answers.items() if code // 100 != 4}
        left = {to: words for to, words in worded.items() if to not in refused}
        if not left:
            return refused
    return refused | {to: f"{words} ({TRIES} tries)" for to, words in left.items()}


def _handed_over(client: smtplib.SMTP, letter: Letter, to: Sequence[str]) -> Answers:
    """Hand the letter over to one server in one go; its answers about those who were not served."""
    if all(map(str.isascii, (letter.sender, *letter.to))):
        return _mailed(client, letter, to, letter.written(False))
    if client.has_extn("smtputf8"):
        return _mailed(client, letter, to, letter.written(True), ("SMTPUTF8",))
    plain = [one for one in to if one.isascii()] if letter.sender.isascii() else []
    beyond = dict.fromkeys(set(to) - set(plain), _BEYOND_ASCII)
    return {**(_mailed(client, letter, plain, letter.written(False)) if plain else {}), **beyond}


def _mailed(
    client: smtplib.SMTP, letter: Letter, to: Sequence[str], written: bytes, options: Sequence[str] = ()
) -> Answers:
    try:
        return client.sendmail(letter.sender, to, written, options)
    except smtplib.SMTPRecipientsRefused as error:  # of those that it does not name nobody was served either
        return {**dict.fromkeys(to, _CUT_SHORT), **error.recipients}
