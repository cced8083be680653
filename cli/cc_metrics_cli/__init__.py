"""The command cc-metrics: one file per command, shared options in options.py, errors become exit codes here.

Importing this loads neither the engine nor pandas; each command loads the library when it runs.
"""

import sys
from collections.abc import Sequence
from typing import Annotated, Final

import typer

from cc_metrics.errors import CcMetricsError
from cc_metrics.version import VERSION
from cc_metrics_cli import check, codes, explain, mappings, policy, reconcile, report, run, say, send
from cc_metrics_cli.codes import ExitCode

_WRONG_USAGE: Final[type[Exception]] = typer.BadParameter.__mro__[
    1
]  # Typer's UsageError, wherever this version of it keeps it

app = typer.Typer(
    name=say.NAME,
    help="Says from call-detail exports whether a call centre kept its promises.",
    epilog="Example: cc-metrics report sample_data/hotline --tz Asia/Shanghai --by tier",
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(epilog=report.EXAMPLE)(report.report)
app.command(epilog=check.EXAMPLE)(check.check)
app.command(epilog=explain.EXAMPLE)(explain.explain)
app.command(epilog=reconcile.EXAMPLE)(reconcile.reconcile)
app.command(epilog=send.EXAMPLE)(send.send)
app.command(epilog=run.EXAMPLE)(run.run)
app.add_typer(policy.app, name="policy")
app.add_typer(mappings.app, name="mappings")


def _version(wanted: bool) -> None:
    if wanted:
        say.out(f"{say.NAME} {VERSION}\n")
        raise typer.Exit


@app.callback()
def _top(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    """Says from call-detail exports whether a call centre kept its promises."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code; every error becomes one sentence on stderr."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = int(app(args=given, prog_name=say.NAME, standalone_mode=False) or 0)
        return _interrupted() if code == ExitCode.INTERRUPTED else code
    except CcMetricsError as error:
        return _failed(str(error), codes.of(error), given)
    except (KeyboardInterrupt, typer.Abort):
        return _interrupted()
    except _WRONG_USAGE as error:
        sentence = _usage(error)
        return _failed(sentence, ExitCode.USAGE, []) if sentence else ExitCode.USAGE
    except Exception as error:  # noqa: BLE001 - whatever it is, the user gets a sentence
        if "interrupt" in f"{type(error).__name__} {error}".lower():  # the engine's word for Ctrl-C
            return _interrupted()
        told = f"unexpected error {type(error).__name__}: {error}"
        hint = "\n  hint: run again with --debug and report what it prints"
        return _failed(told + ("" if "--debug" in given else hint), ExitCode.ENGINE, given)


def _failed(sentence: str, code: ExitCode, given: Sequence[str]) -> int:
    if "--debug" in given:
        import traceback

        traceback.print_exc()
    say.note(sentence)
    return code


def _interrupted() -> int:
    say.note("interrupted")
    return ExitCode.INTERRUPTED


def _usage(error: Exception) -> str:
    """Typer's complaint about options or arguments, in the form of ours; "" where it showed the help instead."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context else say.NAME
    what = error.format_message() if hasattr(error, "format_message") else str(error)
    what = what.replace("Value error, ", "").rstrip(".")  # Pydantic's preface
    return f"{what}\n  hint: {path} --help shows what there is" if what else ""
