"""A connection to a mail server: secured, with its certificate verified, and logged in."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from cc_metrics.delivery.login import Login
from cc_metrics.delivery.server import Server
from cc_metrics.errors import UsageError

TIMEOUT: Final = 60.0  # seconds that a server may keep silent
_LONGEST: Final = 200  # characters of a server's words


@contextmanager
def opened(server: Server, login: Login | None) -> Iterator[smtplib.SMTP]:
    """A server that listens; whatever it says to a good-bye changes nothing.

    Raises:
        OSError: whatever goes wrong: smtplib's and ssl's errors are among them. `passes` and `said` tell what it is.
        UsageError: the certificates to trust cannot be read.
    """
    context = None if server.security == "none" else _context(server)
    if server.security == "tls":
        client: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.used_port, timeout=TIMEOUT, context=context)
    else:
        client = smtplib.SMTP(server.host, server.used_port, timeout=TIMEOUT)
    try:
        if server.security == "starttls":
            client.starttls(context=context)
        client.ehlo_or_helo_if_needed()
        if login is not None:
            client.login(login.user, login.password)
        yield client
        with suppress(OSError):
            client.quit()
    finally:
        client.close()


def _context(server: Server) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if server.ca_file is not None:
        try:
            context.load_verify_locations(server.ca_file)
        except OSError:
            raise UsageError(
                "the file holds no certificate", where=str(server.ca_file), hint="certificates are written as PEM"
            ) from None
    return context


def passes(error: OSError) -> bool:
    """Whether trouble may be over in a moment: a dropped connection, an answer that begins with 4 (RFC 5321, 4.2.1)."""
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code // 100 == 4
    if isinstance(error, smtplib.SMTPException):
        return isinstance(error, smtplib.SMTPServerDisconnected)
    return not isinstance(error, ssl.SSLError) or isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError)


def said(error: OSError) -> str:
    """Trouble in a few words."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"the login was refused: {answer(error.smtp_code, error.smtp_error)}"
    if isinstance(error, smtplib.SMTPResponseException):
        return answer(error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "the connection was dropped"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {error.verify_message}"
    if isinstance(error, TimeoutError):
        return f"no answer in {TIMEOUT:.0f} s"
    return (error.strerror or str(error)).rstrip(".")


def answer(code: int, text: bytes | str) -> str:
    """A server's answer on one line, never longer than one can read."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    line = " ".join(f"{code} {words}".split())
    return "".join(c if c.isprintable() else "\ufffd" for c in line)[:_LONGEST]
