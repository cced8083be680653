"""cc-metrics reconcile: which definition of the service level gives the figure that another system printed."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from cc_metrics.errors import UsageError
from cc_metrics_cli import inputs, options, say
from cc_metrics_cli.options import COUNTED, SHOWN, Show

if TYPE_CHECKING:
    from cc_metrics.model.promise import Policy
    from cc_metrics.model.reconciled import Reconciliation
    from cc_metrics.store.given import Given
    from cc_metrics.store.open import Reading

EXAMPLE: Final = (
    "Example: cc-metrics reconcile exports/*.csv --reported 83.1 --reported-by queue=q3 --date 2013-08-20 "
    "--tz Asia/Shanghai"
)


def reconcile(
    calls: options.Calls,
    reported: Annotated[
        str,
        typer.Option(
            metavar="FIGURE",
            help="The figure as it was printed: 83.1, '83 %', 0.831, or its counts, 2210/2660.",
            rich_help_panel=COUNTED,
            show_default=False,
        ),
    ],
    reported_by: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COL=VALUE",
            help="The calls that the figure speaks of; the same column again adds a value, another column narrows.",
            rich_help_panel=COUNTED,
        ),
    ] = None,
    policy: options.PolicyName = "default",
    mapping: options.MappingName = None,
    where: Annotated[
        list[str] | None,
        typer.Option(metavar="COL=VALUE", help="Only these calls, as for a report.", rich_help_panel=COUNTED),
    ] = None,
    show: Annotated[Show, typer.Option(help="What goes to stdout.", rich_help_panel=SHOWN)] = Show.TABLE,
    date: options.Date = None,
    start: options.Start = None,
    end: options.End = None,
    tz: options.Zone = None,
    pseudonymize: options.Pseudonymize = False,
    secret_file: options.SecretFile = None,
    lang: options.Language = None,
    max_rejected: options.MaxRejected = "1%",
    memory: options.Memory = "3GB",
    spill: options.Spill = None,
    _debug: options.Debug = False,
) -> None:
    """Find the definitions of the service level that give a printed figure: formula, threshold, period, exclusions."""
    from cc_metrics import language, reporting
    from cc_metrics.model import printed_figure
    from cc_metrics.policy import load
    from cc_metrics.reporting import reconciled

    spoken = language.checked(options.language_of(lang))
    figure = printed_figure.read(reported)
    rules = load(policy)
    spoken_of = options.conditions(reported_by or (), "--reported-by")
    chosen = _joined(options.conditions(where or ()), spoken_of)
    request = reporting.Request(where=chosen, span=reporting.Span(start, end, date))
    most = options.share(max_rejected, "--max-rejected")
    hidden = inputs.pseudonyms(pseudonymize, secret_file)
    reading = inputs.reading(mapping, tz, rules, tuple(chosen), memory, spill, lines=False, pseudonyms=hidden)
    with inputs.sources(calls, spill) as paths, say.progress(paths), _opened(paths, reading) as given:
        if given.calls is None:
            raise UsageError("these files hold no calls", hint="name exports or summaries of calls")
        reporting.check_rejected(given.calls, most)
        chosen = {**inputs.pseudonymous(chosen, rules, given, hidden)}
        reporting.check_where((given.calls,), {name: chosen[name] for name in spoken_of}, "--reported-by")
        found = reconciled.build(given.calls, rules, replace(request, where=chosen), figure)
    with language.using(spoken):
        _show(found, show, (*_command(calls, policy, mapping, tz), *_hiding(pseudonymize, secret_file)))


def _joined(
    where: Mapping[str, tuple[str, ...]], spoken_of: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """Both kinds of conditions, refused where they speak of one column."""
    for name in where:
        if name in spoken_of:
            raise UsageError(f"--where and --reported-by both name {name!r}", hint="name it once")
    return {**where, **spoken_of}


@contextmanager
def _opened(paths: Sequence[Path], reading: "Reading") -> "Iterator[Given]":
    """The calls at all hours where the source holds them."""
    from cc_metrics.reporting import reconciled

    with ExitStack() as stack:

        def read(policy: "Policy") -> "Given":
            return stack.enter_context(inputs.opened(paths, (), replace(reading, policy=policy)))

        yield reconciled.opened(read, reading.policy)


def _command(calls: Sequence[str], policy: str, mapping: str | None, tz: str | None) -> tuple[str, ...]:
    """The beginning of a report on the same calls."""
    named = (("--policy", policy if policy != "default" else None), ("--mapping", mapping), ("--tz", tz))
    given = tuple(part for option, text in named if text for part in (option, text))
    return (say.NAME, "report", *calls, *given)


def _hiding(pseudonymize: bool, secret_file: Path | None) -> tuple[str, ...]:
    """The options under which a report knows the pseudonyms that its conditions name."""
    return ("--pseudonymize", *(("--secret-file", str(secret_file)) if secret_file else ())) if pseudonymize else ()


def _show(found: "Reconciliation", show: Show, prefix: Sequence[str]) -> None:
    from cc_metrics import language
    from cc_metrics.render import reconciled

    if show is Show.TABLE:
        say.out(reconciled.show(found, say.width(), prefix))
        return
    say.out(reconciled.FORMATS[show](found, prefix))
    for note in found.notes:
        say.note(language.told(note))
