"""A real mail server in a thread, with a certificate of its own, that can be told to drop, refuse or defer."""

import datetime
import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("aiosmtpd", reason="aiosmtpd, the mail server of these tests, is not installed")
pytest.importorskip("cryptography", reason="cryptography, which makes the server's certificate, is not installed")

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HOST = "127.0.0.1"
USER, PASSWORD = "reports", "correct horse"


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for HOST that nobody else trusts, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a mail server of tests")])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - datetime.timedelta(hours=1))
    builder = builder.not_valid_after(now + datetime.timedelta(hours=1))
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))])
    builder = builder.add_extension(alternative, critical=False)
    made = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    certified, secret = folder / "server.pem", folder / "server.key"
    certified.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    return certified, secret


class Post:
    """What the server was given, and what it is to do: answers are used up in their order, then all is taken."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.connections = 0
        self.drops = 0  # connections to drop before a word
        self.drops_in_data = 0  # messages to drop the connection in
        self.data: list[str] = []
        self.rcpt: dict[str, list[str]] = {}
        self.leave: Callable[[], bool] = lambda: True  # asked at the good-bye; False drops the connection
        self.port = 0

    @property
    def got(self) -> list[list[str]]:
        """The recipients of each message taken."""
        return [envelope.rcpt_tos for envelope in self.taken]

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answers = self.rcpt.get(address, [])
        if answers:
            return answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.drops_in_data:
            self.drops_in_data -= 1
            server.transport.abort()
            return "250 OK"
        if self.data:
            return self.data.pop(0)
        self.taken.append(envelope)
        return "250 OK"

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if not self.leave():
            server.transport.abort()
        return "221 Bye"


class _Server(SMTP):
    def connection_made(self, transport: Any) -> None:
        post: Post = self.event_handler
        if self._original_transport is None:  # else it is the same connection, now with TLS
            post.connections += 1
        if post.drops:
            post.drops -= 1
            transport.abort()
            return
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self.transport is not None:
            super().connection_lost(error)


class _Controller(Controller):
    def factory(self) -> SMTP:
        return _Server(self.handler, **self.SMTP_kwargs)


def _login(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any) -> AuthResult:
    right = isinstance(given, LoginPassword) and given == LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


@contextmanager
def running(security: str = "none", files: tuple[Path, Path] | None = None, **settings: Any) -> Iterator[Post]:
    """A server on a free port; with *files* it has a certificate, and wants USER and PASSWORD."""
    post = Post()
    settings = {"enable_SMTPUTF8": False, **settings}
    with socket.socket() as found:
        found.bind((HOST, 0))
        post.port = found.getsockname()[1]
    if files is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*files)
        settings |= {"tls_context": context, "require_starttls": True} if security == "starttls" else {}
        settings |= {"ssl_context": context, "auth_require_tls": False} if security == "tls" else {}
        settings |= {"authenticator": _login, "auth_required": True}
    controller = _Controller(post, HOST, post.port, **settings)
    controller.start()
    post.connections = 0
    try:
        yield post
    finally:
        controller.stop()
