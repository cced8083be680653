"""cc-metrics explain: a promise, a measure, a formula or a column in words, as a formula, in SQL, and in counts."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from cc_metrics_cli import explained, inputs, options, say, subjects

if TYPE_CHECKING:
    from cc_metrics.model.promise import Policy
    from cc_metrics.model.report import Report
    from cc_metrics.store.open import Reading

EXAMPLE: Final = "Example: cc-metrics explain 'vip calls' exports/*.csv --policy liaoning-unicom-2013"


def complete_name(incomplete: str) -> list[str]:
    """Measures, formulas and columns."""
    from cc_metrics.model.promise import Policy

    return [s.name for s in subjects.known(Policy("none")) if s.name.startswith(incomplete)]


def explain(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            autocompletion=complete_name,
            help="A promise, a measure, a formula or a column, or its beginning; without it they are listed.",
            show_default=False,
        ),
    ] = None,
    calls: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="CALLS", help="Exports or summaries of calls, cases or answers to count it on.", show_default=False
        ),
    ] = None,
    policy: options.PolicyName = "default",
    mapping: options.MappingName = None,
    date: options.Date = None,
    tz: options.Zone = None,
    max_rejected: options.MaxRejected = "1%",
    memory: options.Memory = "3GB",
    spill: options.Spill = None,
    _debug: options.Debug = False,
) -> None:
    """Explain a promise or a measure: its words, its formula, its SQL, its counts."""
    from cc_metrics.policy import load

    rules = load(policy)
    if name is None:
        say.pairs(subjects.listed(rules))
        return
    subject = subjects.find(name, rules)
    rows = explained.told(subject, rules)
    if calls:
        most = options.share(max_rejected, "--max-rejected")
        reading = inputs.reading(mapping, tz, rules, (), memory, spill, lines=False)
        rows += explained.counted(subject, _report(calls, reading, rules, date, most))
    say.pairs(rows)


def _report(calls: list[str], reading: "Reading", rules: "Policy", date: str | None, most: float) -> "Report":
    from cc_metrics import reporting

    with inputs.sources(calls, reading.spill) as paths, say.progress(paths), inputs.opened(paths, (), reading) as given:
        for one in given.all:
            reporting.check_rejected(one, most)
        request = reporting.Request(span=reporting.Span(date=date), pictures=False)
        return reporting.build(given.calls, rules, request, given.beside)
