"""Where a run hands over its e-mail: the report to its readers, a failure to those who look after it."""

from pathlib import Path
from typing import Final

from cc_metrics.errors import EngineError
from cc_metrics.model.report import Report
from cc_metrics.unattended.config import Asked, Mail

_NONE: Final = "e-mail cannot be sent by this version"
_HINT: Final = "leave the recipients out of the configuration"


def send_report(report: Report, asked: Asked, mail: Mail, record: Path, *, force: bool) -> str:  # noqa: ARG001
    """Send a report to its readers, once unless *force* is given; the Message-ID.

    Raises:
        EngineError: it cannot be sent.
    """
    raise EngineError(_NONE, where=f"[report.{asked.name}]", hint=_HINT)


def send_failure(mail: Mail, name: str, sentence: str) -> None:  # noqa: ARG001
    """Tell those who look after a report that it failed.

    Raises:
        EngineError: it cannot be sent.
    """
    raise EngineError(_NONE, where="[mail]", hint=_HINT)
