"""cc-metrics report: exports of calls and cases and a policy in, verdicts and the traffic behind them out."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from cc_metrics.errors import UsageError
from cc_metrics_cli import completion, inputs, options, say, targets
from cc_metrics_cli.codes import ExitCode
from cc_metrics_cli.options import COUNTED, PERIOD, SHOWN, FailOn, Show

if TYPE_CHECKING:
    from cc_metrics.model.promise import Policy
    from cc_metrics.model.report import Report
    from cc_metrics.reporting import Request, Span

EXAMPLE: Final = (
    "Example: cc-metrics report 'exports/2013-08-*.csv' --cases complaints.csv --policy liaoning-unicom-2013 "
    "--by tier --date 2013-08-20"
)
FAILING: Final = ("missed", "not_judged", "no_data")


def report(
    calls: options.SomeCalls = None,
    cases: options.Cases = None,
    policy: options.PolicyName = "default",
    mapping: options.MappingName = None,
    where: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COL=VALUE",
            help="Only these calls and cases; the same column again adds a value, another column narrows.",
            rich_help_panel=COUNTED,
        ),
    ] = None,
    within: Annotated[
        str | None,
        typer.Option(metavar="20s", help="The threshold of the tables, not of promises.", rich_help_panel=COUNTED),
    ] = None,
    formula: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            autocompletion=completion.formula,
            help="The formula of the tables, not of promises (see cc-metrics explain).",
            rich_help_panel=COUNTED,
        ),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COL,...",
            autocompletion=completion.by,
            help="Break down by columns: tier, queue, kind, owner, any column of the source; repeatable.",
            rich_help_panel=SHOWN,
        ),
    ] = None,
    every: Annotated[
        str,
        typer.Option(
            metavar="15m|30m|1h|1d|1w|1mo|all",
            autocompletion=completion.every,
            help="Break down by time.",
            rich_help_panel=SHOWN,
        ),
    ] = "all",
    staffing: options.Staffing = None,
    show: Annotated[
        Show | None,
        typer.Option(
            help="What goes to stdout: the table, unless --output is given in a script.",
            rich_help_panel=SHOWN,
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Write it too; the ending decides: .html .eml .json .csv .md, .parquet for the summary. Repeatable.",
            rich_help_panel=SHOWN,
        ),
    ] = None,
    late: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write the late and lost calls, and the cases past a deadline, behind the numbers, as CSV.",
            rich_help_panel=SHOWN,
        ),
    ] = None,
    rejected: options.Rejected = None,
    pseudonymize: options.Pseudonymize = False,
    secret_file: options.SecretFile = None,
    fail_on: Annotated[
        FailOn,
        typer.Option(
            help="missed: exit 1 when a promise is missed, not judged, or without data.", rich_help_panel=SHOWN
        ),
    ] = FailOn.NEVER,
    date: options.Date = None,
    start: options.Start = None,
    end: options.End = None,
    as_of: Annotated[
        str | None,
        typer.Option(metavar="T", help="Judge by what was known at this moment.", rich_help_panel=PERIOD),
    ] = None,
    tz: options.Zone = None,
    lang: options.Language = None,
    max_rejected: options.MaxRejected = "1%",
    memory: options.Memory = "3GB",
    spill: options.Spill = None,
    _debug: options.Debug = False,
) -> None:
    """Say whether the promises were kept, with the traffic behind them."""
    from cc_metrics import language
    from cc_metrics.store import engine

    spoken = options.language_of(lang)
    with language.using(spoken), engine.ahead():
        from cc_metrics import reporting
        from cc_metrics.policy import load

        rules = load(policy)
        hidden = inputs.pseudonyms(pseudonymize, secret_file)
        wanted = targets.Targets(tuple(output or ()), rejected, late)
        wanted.check()
        span = reporting.Span(start, end, date, as_of)
        request = _request(rules, options.columns(by or ()), every, within, formula, where or (), span)
        most = options.share(max_rejected, "--max-rejected")
        dimensions, lines = (*request.by, *request.where), bool(rejected or late)
        reading = inputs.reading(mapping, tz, rules, dimensions, memory, spill, lines=lines, pseudonyms=hidden)
        with inputs.sources(calls or (), spill) as paths, inputs.sources(cases or (), spill) as more:
            wanted.check_against([*paths, *more, *(path for path in (secret_file, staffing) if path)])
            threading.Thread(target=_get_ready, args=(show, wanted.outputs), daemon=True).start()
            with say.progress([*paths, *more]), inputs.opened(paths, more, reading) as given:
                wanted.write_rejected(given)
                pseudonymous = inputs.pseudonymous(request.where, rules, given, hidden)
                drawn = show is Show.JSON or wanted.drawn
                request = replace(request, where=pseudonymous, pictures=drawn)
                for one in given.all:
                    reporting.check_rejected(one, most)
                background = reporting.Background(planned=inputs.planned(staffing, given.calls))
                found = reporting.build(given.calls, rules, request, given.beside, background)
                wanted.write(found, given, rules, request)
    with language.using(spoken):
        _show(found, show, wanted)
    if fail_on is FailOn.MISSED:
        _fail(found)


def _request(
    rules: "Policy",
    by: tuple[str, ...],
    every: str,
    within: str | None,
    formula: str | None,
    where: Sequence[str],
    span: "Span",
) -> "Request":
    """What is asked, refused before anything is read where it cannot be meant."""
    from cc_metrics.model.intervals import check_every
    from cc_metrics.reporting import Request

    length = options.length(within, "--within") if within is not None else None
    request = Request(by, check_every(every), length, formula, options.conditions(where), span)
    request.terms(rules)
    _check_span(span)
    return request


def _check_span(span: "Span") -> None:
    from cc_metrics.model import zones
    from cc_metrics.reporting import named_days
    from cc_metrics.reporting.period import moment

    for option, text in (("--from", span.start), ("--to", span.end), ("--as-of", span.as_of)):
        if text is not None:
            moment(text, zones.offsets(None), option)
    if span.date is None:
        return
    if span.start or span.end:
        raise UsageError("--date and --from or --to exclude each other", hint="give one or the other")
    named_days.check(span.date)


def _get_ready(show: Show | None, outputs: Sequence[Path]) -> None:
    """Load what will show the report while the engine reads: a third of a small run is loading modules."""
    if any(path.suffix.lower() == ".html" for path in outputs):
        from cc_metrics.render.charts import draw

        draw.get_ready()
    if show in (None, Show.TABLE):
        from cc_metrics.render import grid, row_accounting, terminal  # noqa: F401

        grid.console(say.width(), colour=False)


def _show(found: "Report", show: Show | None, wanted: "targets.Targets") -> None:
    """The report to stdout, talk to stderr; a script that has its files is told in one line."""
    from cc_metrics import render
    from cc_metrics.render import row_accounting, sentences, terminal

    if show is None and wanted.outputs and not say.terminal():
        say.note(wanted.written(tuple(dict.fromkeys(w.code for w in found.warnings))))
        return
    if show in (None, Show.TABLE):
        say.out(terminal.show(found, say.width(), say.colour()))
    else:
        say.out(render.text(found, str(show)))
        for sentence in (*row_accounting.accounting(found), *sentences.notes(found)):
            say.note(sentence)
    if wanted.outputs:
        say.note(wanted.written(()))


def _fail(found: "Report") -> None:
    """Exit 1 when a promise was not kept, or cannot be told to have been."""
    judged = [j for j in found.promises if j.row["verdict"] is not None]
    if not judged:
        say.note("the policy holds no promise to judge, so --fail-on missed can never fail")
    failed = [f"{j.promise.name} ({j.row['verdict']})" for j in judged if j.row["verdict"] in FAILING]
    if failed:
        say.note(f"{len(failed)} of {len(judged)} promises not kept: {', '.join(failed)}")
        raise typer.Exit(ExitCode.MISSED)
