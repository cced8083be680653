"""What heads every e-mail of ours: who made it, a subject on one line, an identity of its content."""

import hashlib
import re
from email.message import EmailMessage
from email.policy import Policy
from typing import Final

from cc_metrics.render import words
from cc_metrics.version import VERSION

MAKER: Final = "cc-metrics"
MAILER: Final = f"{MAKER} {VERSION}"
DOMAIN: Final = "cc-metrics.invalid"  # of an identity until a sender gives his own
_LONGEST_SUBJECT: Final = 160
_DIGITS: Final = 32
_BROKEN: Final = re.compile(rb"^([!-9;-~]+):\r\n[ \t]", re.MULTILINE)


def subject(text: str) -> str:
    """Text as a subject: one line, nothing that steers, of bounded length.

    >>> subject("a\\r\\nBcc: x"), len(subject("x" * 300))
    ('a Bcc: x', 160)
    """
    return shortened(words.plain(text), _LONGEST_SUBJECT)


def shortened(text: str, most: int) -> str:
    """Text of at most so many characters; what is cut away shows as an ellipsis.

    >>> shortened("abcd", 4), shortened("abcde", 4)
    ('abcd', 'abc…')
    """
    return text if len(text) <= most else f"{text[: most - 1]}…"


def identity(content: str) -> str:
    """The same digits for the same content."""
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def encoded(message: EmailMessage, policy: Policy) -> bytes:
    """A message as bytes.

    The standard library breaks some headers before their first word; readers would show the blank that is left.
    """
    head, gap, body = message.as_bytes(policy=policy).partition(b"\r\n\r\n")
    return _BROKEN.sub(rb"\1: ", head) + gap + body
