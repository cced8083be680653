"""Options that commands share."""

import os
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from cc_metrics.errors import CcMetricsError, UsageError
from cc_metrics_cli import completion

COUNTED: Final = "What is counted"
PERIOD: Final = "Period and zone"
SHOWN: Final = "What is shown and written"
LIMITS: Final = "Limits"


class Show(StrEnum):
    """Formats of the report on stdout."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "markdown"


class FailOn(StrEnum):
    """When a report fails a script."""

    MISSED = "missed"
    NEVER = "never"


Calls = Annotated[
    list[str],
    typer.Argument(
        metavar="CALLS",
        help="Exports or summaries: files, folders, globs in quotes, or - for standard input.",
        show_default=False,
    ),
]
SomeCalls = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[CALLS]",
        help="Exports or summaries: files, folders (with cases in them too), globs in quotes, or - for standard input.",
        show_default=False,
    ),
]
Cases = Annotated[
    list[str] | None,
    typer.Option(
        "--cases",
        metavar="FILE",
        help="Complaints, faults, installations, with attempts, answers and bases beside them. Repeatable.",
        rich_help_panel=COUNTED,
    ),
]
PolicyName = Annotated[
    str,
    typer.Option(
        "--policy",
        metavar="PRESET|FILE",
        autocompletion=completion.policy,
        help="What was promised: a preset (see cc-metrics policy list) or a .toml file.",
        rich_help_panel=COUNTED,
    ),
]
MappingName = Annotated[
    str | None,
    typer.Option(
        "--mapping",
        metavar="NAME|FILE",
        autocompletion=completion.mapping,
        help="What the columns mean: a shipped mapping or a .toml file; without it the columns tell the format.",
        rich_help_panel=COUNTED,
    ),
]
Zone = Annotated[
    str | None,
    typer.Option(
        "--tz",
        metavar="ZONE",
        help="The reporting zone, such as Asia/Shanghai; without it the policy's or the mapping's.",
        rich_help_panel=PERIOD,
    ),
]
Date = Annotated[
    str | None,
    typer.Option(
        "--date",
        metavar="D|yesterday|last-week|last-month",
        help="A day, week or month: 2013-08-20, 2013-W34 (Monday to Sunday), 2013-08.",
        rich_help_panel=PERIOD,
    ),
]
Start = Annotated[
    str | None, typer.Option("--from", metavar="T", help="The first moment counted.", rich_help_panel=PERIOD)
]
End = Annotated[
    str | None, typer.Option("--to", metavar="T", help="The first moment after it.", rich_help_panel=PERIOD)
]
Rejected = Annotated[
    Path | None,
    typer.Option(
        "--rejected",
        metavar="FILE",
        help="Write the rows that were refused, with file, line and reason, as CSV.",
        rich_help_panel=SHOWN,
    ),
]
MaxRejected = Annotated[
    str,
    typer.Option(
        "--max-rejected",
        metavar="SHARE",
        help="Stop with exit 3 when more rows than this are refused.",
        rich_help_panel=LIMITS,
    ),
]
Memory = Annotated[
    str,
    typer.Option("--memory", metavar="SIZE", help="What the engine may use before it spills.", rich_help_panel=LIMITS),
]
Spill = Annotated[
    Path | None,
    typer.Option(
        "--spill",
        metavar="DIR",
        help="The folder for what does not fit; without it the system's.",
        rich_help_panel=LIMITS,
    ),
]
Pseudonymize = Annotated[
    bool,
    typer.Option(
        "--pseudonymize",
        help="Write keyed hashes for customers and agents; refused rows without their text.",
        rich_help_panel=SHOWN,
    ),
]
SecretFile = Annotated[
    Path | None,
    typer.Option(
        "--secret-file",
        metavar="FILE",
        help="The secret of --pseudonymize; without it CC_METRICS_SECRET of the environment.",
        rich_help_panel=SHOWN,
    ),
]
Staffing = Annotated[
    Path | None,
    typer.Option(
        "--staffing",
        metavar="FILE",
        help="What was planned: CSV of start, forecast_offered, forecast_handle_s, rostered, present by half-hour.",
        rich_help_panel=COUNTED,
    ),
]
Language = Annotated[
    str | None,
    typer.Option(
        "--lang",
        metavar="zh|en",
        help="The language of what people read; without it that of the locale. JSON and CSV are always English.",
        rich_help_panel=SHOWN,
    ),
]
Debug = Annotated[
    bool, typer.Option("--debug", help="Show the traceback of an error.", rich_help_panel=LIMITS)
]  # main() looks for it, since an error may come before any command runs


def language_of(option: str | None) -> str:
    """The language asked for; else Chinese where the locale (LC_ALL, LC_MESSAGES, LANG) is Chinese, else English."""
    if option is not None:
        return option
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "zh" if locale.casefold().startswith("zh") else "en"


def columns(texts: Iterable[str]) -> tuple[str, ...]:
    """Names given one by one or comma-separated, each once.

    >>> columns(["tier, queue", "tier"])
    ('tier', 'queue')
    """
    return tuple(dict.fromkeys(name.strip() for text in texts for name in text.split(",") if name.strip()))


def conditions(texts: Iterable[str], option: str = "--where") -> Mapping[str, tuple[str, ...]]:
    """COL=VALUE texts by column; the values of one column add up.

    Raises:
        UsageError: one has no column or no "=".

    >>> conditions(["tier=vip", "queue=a=b", "tier=gold"])
    {'tier': ('vip', 'gold'), 'queue': ('a=b',)}
    """
    found: dict[str, tuple[str, ...]] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise UsageError(f"{text!r} is not COL=VALUE", where=option, hint=f"write for example {option} tier=vip")
        found[name.strip()] = tuple(dict.fromkeys((*found.get(name.strip(), ()), value)))
    return found


def length(text: str, option: str) -> int:
    """A length of time in milliseconds.

    Raises:
        UsageError: it is none.
    """
    from cc_metrics.model.durations import milliseconds

    try:
        return milliseconds(text)
    except ValueError as error:
        what, _, hint = str(error).partition("; ")
        raise UsageError(what, where=option, hint=hint) from None


def share(text: str, option: str) -> float:
    """A share written as "1 %" or 0.01.

    Raises:
        UsageError: it is none.

    >>> share("1%", "--max-rejected"), share("0.01", "--max-rejected")
    (0.01, 0.01)
    """
    from cc_metrics.policy import words

    try:
        return float(words.share(text))
    except CcMetricsError as error:
        raise UsageError(error.what, where=option, hint=error.hint) from None
