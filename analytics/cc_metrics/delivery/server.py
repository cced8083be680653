"""The server that takes our e-mails: where it is, how the connection is secured, who logs in, who sends."""

import ipaddress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cc_metrics.delivery import addresses
from cc_metrics.errors import UsageError, nearest

PORTS: Final = {"starttls": 587, "tls": 465, "none": 25}
"""The usual port by how a connection is secured."""


@dataclass(frozen=True, slots=True)
class Server:
    """Settings of the connection; *port* None is the usual one of the security.

    *sender* is the address that e-mails come from; *user* logs in, with the password in *password_file* or in the
    environment. *ca_file* holds certificates to trust besides the system's.

    Raises:
        UsageError: one of them cannot be meant.
    """

    host: str
    sender: str
    port: int | None = None
    security: str = "starttls"
    user: str | None = None
    password_file: Path | None = None
    ca_file: Path | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        if self.security not in PORTS:
            raise UsageError(f"no security is called {self.security!r}", hint=nearest(self.security, PORTS))
        if not self.host or not self.host.isprintable() or set(self.host) & set(" /@"):
            raise UsageError(f"{self.host!r} is no server", hint="write mail.example.org or mail.example.org:587")
        if not 0 < self.used_port < 65_536:
            raise UsageError(f"{self.port} is no port", hint="ports go from 1 to 65535")
        if self.ca_file is not None and not self.ca_file.is_file():
            raise UsageError("no such file of certificates", where=str(self.ca_file), hint="check the path")
        addresses.address(self.sender, "sender")

    @property
    def used_port(self) -> int:
        """The port that is connected to."""
        return PORTS[self.security] if self.port is None else self.port

    @property
    def local(self) -> bool:
        """Whether the server is this machine, so that nothing travels."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host.casefold() == "localhost"
