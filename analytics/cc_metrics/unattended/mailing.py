"""The e-mails of a run: the report to its readers, a failure to those who look after it."""

from dataclasses import dataclass
from pathlib import Path

from cc_metrics.delivery import Outcome, deliver, failure, message
from cc_metrics.model.report import Report
from cc_metrics.render import text
from cc_metrics.unattended.config import Asked, Mail


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of an e-mail, and what tells it from others."""

    identity: str
    outcome: Outcome


def send_report(report: Report, asked: Asked, mail: Mail, record: Path, *, force: bool) -> Sent:
    """Send a report to its readers, to each of them once unless *force* is given.

    Raises:
        UsageError: an address or a setting cannot be meant.
        EngineError: the record cannot be read or written.
    """
    made = message.read(text(report, "email").encode("ascii"), "e-mail")
    return Sent(message.identity(made), deliver(made, mail.server, asked.to, record, force))


def send_failure(mail: Mail, name: str, sentence: str, period: str) -> None:
    """Tell those who look after a report that it failed, every time that it does.

    Raises:
        CcMetricsError: it did not reach all of them.
    """
    deliver(failure.failure_message(name, sentence, period), mail.server, mail.on_failure).check()
