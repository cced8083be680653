"""A message as it is sent: an e-mail of ours, with sender, recipients and the moment put in."""

import copy
from collections.abc import Sequence
from datetime import datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from typing import Final

from cc_metrics.errors import UsageError
from cc_metrics.render import email_head

_OURS: Final = ("From", "To", "Cc", "Bcc", "Sender", "Reply-To", "Date", "Message-ID", "Auto-Submitted", "X-Unsent")


def read(mail: bytes, where: str) -> EmailMessage:
    """An e-mail from the bytes of an .eml file.

    Raises:
        UsageError: cc-metrics did not write it.
    """
    found = message_from_bytes(mail, policy=SMTP)
    check(found, where)
    return found


def check(message: EmailMessage, where: str) -> None:
    """Refuse an e-mail that is none of ours."""
    if not str(message.get("X-Mailer", "")).startswith(f"{email_head.MAKER} ") or not identity(message):
        raise UsageError(
            "this is no e-mail that cc-metrics wrote",
            where=where,
            hint="write one with cc-metrics report --output x.eml",
        )


def identity(message: EmailMessage) -> str:
    """What is the same for the same report: the part of its Message-ID before the @."""
    return str(message.get("Message-ID", "")).strip("<> \t").partition("@")[0]


def addressed(message: EmailMessage, sender: Address, recipients: Sequence[Address], now: datetime) -> EmailMessage:
    """A copy with From, To, Date and a Message-ID of the sender's domain; whatever it had of them before is gone."""
    sent = copy.deepcopy(message)
    known = identity(message)
    for name in _OURS:
        del sent[name]
    sent["From"] = sender
    sent["To"] = tuple(recipients)
    sent["Date"] = format_datetime(now)
    sent["Message-ID"] = f"<{known}@{sender.domain}>"
    sent["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence is to be told to a machine
    return sent


def encoded(message: EmailMessage, international: bool) -> bytes:
    """A message as it travels; *international* keeps addresses beyond ASCII as they are (SMTPUTF8)."""
    return email_head.encoded(message, SMTPUTF8 if international else SMTP)
