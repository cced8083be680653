"""An e-mail of ours to the people it is for: each gets it once, and who does not is named.

`deliver` is all that others call, `failure.failure_message` makes the e-mail for the morning on which a run failed.
addresses < server < login < connection < smtp; message, sent and outcome stand beside them.
"""

import time
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from email.utils import localtime
from pathlib import Path
from typing import TYPE_CHECKING

from cc_metrics.delivery import addresses, login, message, sent, smtp
from cc_metrics.delivery.outcome import Outcome
from cc_metrics.delivery.server import Server

if TYPE_CHECKING:
    from email.headerregistry import Address

__all__ = ["Outcome", "Server", "deliver"]


def deliver(
    mail: bytes | EmailMessage,
    server: Server,
    recipients: Sequence[str],
    record: Path | None = None,
    force: bool = False,
    pause: Callable[[float], None] = time.sleep,
) -> Outcome:
    """Send an e-mail that cc-metrics wrote to everybody who does not have it yet, by the *record*; *force* sends anew.

    Who got it is recorded as soon as the server has taken it. `Outcome.check` refuses what did not arrive.

    Raises:
        UsageError: an address, a setting or the e-mail cannot be meant.
        EngineError: the record cannot be read or written.
    """
    found = mail if isinstance(mail, EmailMessage) else message.read(mail, "e-mail")
    message.check(found, "e-mail")
    to, sender = addresses.several(recipients, "to"), addresses.address(server.sender, "sender")
    identity = message.identity(found)
    known = _recorded(record, identity, force)
    specs = [one.addr_spec for one in to]
    left = tuple(spec for spec in specs if addresses.key(spec) not in known)
    who = login.login(server) if left else None
    delivered: list[str] = []

    def accepted(served: Sequence[str]) -> None:
        delivered.extend(served)
        if record is not None and served:
            sent.add(record, identity, served, localtime())

    letter = smtp.Letter(sender.addr_spec, left, lambda beyond: _written(found, sender, to, beyond))
    refused = smtp.send(letter, server, who, accepted, pause) if left else {}
    return Outcome(
        f"{server.host}:{server.used_port}",
        tuple(delivered),
        tuple(spec for spec in specs if spec not in left),
        refused,
        who.caution if who else "",
    )


def _recorded(record: Path | None, identity: str, force: bool) -> frozenset[str]:
    """Who has the e-mail; a record that could not be written later is refused now."""
    if record is None:
        return frozenset()
    sent.check(record)
    return frozenset() if force else sent.delivered(record, identity)


def _written(found: EmailMessage, sender: "Address", to: Sequence["Address"], beyond: bool) -> bytes:
    """The bytes to send; addresses *beyond* ASCII are named only where the server knows them."""
    named = [one for one in to if beyond or one.addr_spec.isascii()]
    return message.encoded(message.addressed(found, sender, named, localtime()), beyond)
