"""cc-metrics send: a report's e-mail through a mail server to the people it is for, to each of them once."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from cc_metrics.errors import UsageError
from cc_metrics_cli import options, say

EXAMPLE: Final = (
    "Example: cc-metrics send report.eml --to boss@example.org --to floor@example.org --from reports@example.org "
    "--server mail.example.org --password-file smtp.txt"
)
ENDING: Final = ".sent.jsonl"


class Security(StrEnum):
    """How the connection is secured."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


def send(
    file: Annotated[Path, typer.Argument(metavar="FILE.eml", help="An e-mail that --output x.eml wrote.")],
    to: Annotated[list[str], typer.Option("--to", metavar="ADDRESS", help="Who gets it. Repeatable.")],
    sender: Annotated[str, typer.Option("--from", metavar="ADDRESS", help="Who sends it.")],
    server: Annotated[
        str, typer.Option(metavar="HOST[:PORT]", help="The mail server; the port is 587, 465 with tls, 25 with none.")
    ],
    security: Annotated[
        Security, typer.Option(help="How the connection is secured; none sends no password but to this machine.")
    ] = Security.STARTTLS,
    password_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The password to log in with; without it CC_METRICS_SMTP_PASSWORD of the environment. The name is "
            "CC_METRICS_SMTP_USER, else the address of --from.",
        ),
    ] = None,
    ca_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Certificates (PEM) to trust besides the system's.")
    ] = None,
    record: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Who got which report, so that nobody gets one twice; without it FILE.sent.jsonl beside the e-mail.",
            show_default=False,
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Send again to those who have it.")] = False,
    _debug: options.Debug = False,
) -> None:
    """Send a report's e-mail to everybody who does not have it yet."""
    from cc_metrics.delivery import Server, deliver, message

    host, port = _place(server)
    settings = Server(host, sender, port, str(security), password_file=password_file, ca_file=ca_file)
    outcome = deliver(message.read(_mail(file), str(file)), settings, to, record or file.with_suffix(ENDING), force)
    if outcome.caution:
        say.note(outcome.caution)
    if outcome.delivered:
        say.note(f"sent {file} to {', '.join(outcome.delivered)}")
    if outcome.before:
        say.note(f"not sent again to {', '.join(outcome.before)}: --force sends it anyhow")
    outcome.check()


def _mail(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"the e-mail cannot be read: {error.strerror}", where=str(path), hint="check the path"
        ) from None


def _place(text: str) -> tuple[str, int | None]:
    """Host and port; an IPv6 address stands in brackets.

    >>> _place("mail.example.org:25"), _place("[::1]"), _place("localhost")
    (('mail.example.org', 25), ('::1', None), ('localhost', None))
    """
    host, colon, port = text.rpartition(":") if not text.endswith("]") else (text, "", "")
    if not colon:
        return text.strip("[]"), None
    if not (port.isascii() and port.isdigit()):
        raise UsageError(f"--server {text!r} has no port after the colon", hint="write mail.example.org:587")
    return host.strip("[]"), int(port)
