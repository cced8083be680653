"""cc-metrics run: a report of the configuration, unattended: locked, logged, and loud when something is wrong."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from cc_metrics import language
from cc_metrics.errors import CcMetricsError, EngineError
from cc_metrics_cli import codes, options, say
from cc_metrics_cli.codes import ExitCode
from cc_metrics_cli.interruption import interruptible

if TYPE_CHECKING:
    from cc_metrics.unattended.config import Asked, Config
    from cc_metrics_cli.unattended import Run

EXAMPLE: Final = "Example: cc-metrics run morning --config /etc/cc-metrics.toml"


def run(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The report that [report.NAME] describes.")],
    config: Annotated[Path, typer.Option(metavar="FILE", help="The configuration.")] = Path("cc-metrics.toml"),
    date: options.Date = None,
    force: Annotated[bool, typer.Option("--force", help="Send the e-mail again that was sent before.")] = False,
    _debug: options.Debug = False,
) -> None:
    """Make a report that the configuration describes: check its data, write it, keep the day, send it, log the run."""
    from cc_metrics.reporting import named_days
    from cc_metrics.unattended import config as configuration

    found = configuration.load(config)
    asked = found.report(name)
    if date is not None:
        named_days.check(date)
    with language.using(options.language_of(asked.lang)):
        code = _looked_after(found, asked, date, force=force)
    if code is not ExitCode.FINE:
        raise typer.Exit(code)


def _looked_after(found: "Config", asked: "Asked", date: str | None, *, force: bool) -> ExitCode:
    """Run under the lock; however it ends is logged, and a failure is told to those who look after it."""
    from cc_metrics.reporting import named_days
    from cc_metrics.unattended import lock
    from cc_metrics_cli.unattended import Run

    began, started = named_days.now().replace(microsecond=0).isoformat(), time.monotonic()
    going = Run(asked, found.mail, force)

    def log(outcome: str, code: ExitCode, error: str | None = None) -> None:
        _log(going, began, started, outcome, code, error)

    try:
        with interruptible(), lock.held(going.history.lock, asked.name, began):
            going.history.sweep()
            code = going.make(date)
            log(going.outcome, code)
    except KeyboardInterrupt:
        log("interrupted", ExitCode.INTERRUPTED)
        raise
    except Exception as failed:
        known = isinstance(failed, CcMetricsError)
        sentence = str(failed) if known else f"unexpected error {type(failed).__name__}: {failed}"
        _tell(found, going, sentence)
        log("failed", codes.of(failed) if isinstance(failed, CcMetricsError) else ExitCode.ENGINE, sentence)
        raise
    for caution in going.cautions:
        say.note(caution)
    say.note(going.told())
    return code


def _tell(found: "Config", going: "Run", sentence: str) -> None:
    """Mail a failure to those who look after the report; that this fails too is only said."""
    if found.mail is None or not found.mail.on_failure:
        return
    from cc_metrics.unattended import mailing

    try:
        mailing.send_failure(found.mail, going.asked.name, sentence, going.period or going.asked.date)
    except (CcMetricsError, OSError) as error:
        say.note(f"the e-mail about this failure could not be sent: {error}")


def _log(going: "Run", began: str, started: float, outcome: str, code: ExitCode, error: str | None) -> None:
    from cc_metrics.unattended import log

    try:
        log.append(
            going.history.log,
            {
                "when": began,
                "report": going.asked.name,
                "period": going.period,
                "outcome": outcome,
                "exit": int(code),
                "error": error,
                "files": going.files,
                "read": going.rows,
                "calls": going.calls,
                "outputs": [str(path) for path in going.outputs],
                "warnings": going.warnings,
                "message_id": going.message_id,
                "seconds": round(time.monotonic() - started, 3),
            },
        )
    except EngineError as failed:
        if error is None:
            raise
        say.note(str(failed))  # the run has failed already, and says by what
