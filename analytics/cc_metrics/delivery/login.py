"""Who logs in at the server: a name and a password from a file or the environment, shown nowhere."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cc_metrics.delivery import addresses
from cc_metrics.delivery.server import Server
from cc_metrics.errors import UsageError
from cc_metrics.store import private_file

USER: Final = "CC_METRICS_SMTP_USER"
PASSWORD: Final = "CC_METRICS_SMTP_PASSWORD"  # noqa: S105 - the name of a variable
_MOST: Final = 4096


@dataclass(frozen=True, slots=True)
class Login:
    """A name and its password; *caution* says where others can read it."""

    user: str
    password: str = field(repr=False)
    caution: str = ""


def login(server: Server) -> Login | None:
    """The login of a server; None where neither a name nor a password is known.

    The password is that of the file where one is named, else that of the environment. The name is the server's, else
    the environment's, else the sender's address.

    Raises:
        UsageError: a name without a password, one that cannot be read or sent, or one that would travel in the clear.
    """
    user = server.user or os.environ.get(USER, "")
    caution = ""
    if server.password_file is not None:
        password, caution = _from_file(server.password_file)
    else:
        password = os.environ.get(PASSWORD, "")
    if not password:
        if user:
            raise UsageError(f"there is no password for {user}", hint=f"name a file of it, or set {PASSWORD}")
        return None
    user = user or addresses.address(server.sender, "sender").addr_spec
    if not (user + password).isascii():
        raise UsageError("a login at a mail server takes ASCII alone", hint="choose another password")
    if server.security == "none" and not server.local:
        raise UsageError(
            f"the password would travel to {server.host} unprotected", hint="use the security starttls or tls"
        )
    return Login(user, password, caution)


def _from_file(path: Path) -> tuple[str, str]:
    """The password in a file, and a word of caution where everybody can read it."""
    try:
        text, open_to_all = private_file.read(path, _MOST)
    except OSError as error:
        raise UsageError(
            f"the password cannot be read: {error.strerror}", where=str(path), hint="check the path and its rights"
        ) from None
    password = text.decode("utf-8", "replace").rstrip("\r\n")  # an editor ends a file with a line break
    if not password or len(text) > _MOST or not password.isprintable():
        raise UsageError("the file holds no password on a line by itself", where=str(path), hint="one line, no more")
    return password, f"everybody on this machine can read the password in {path}: chmod 600 it" if open_to_all else ""
