"""Traffic and the tables: breakdown, reasons, first-call resolution, cases, their stock, answers."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from cc_metrics.language import counted, translated
from cc_metrics.model.report import Report, Row
from cc_metrics.render import fields, row_accounting, sentences, words
from cc_metrics.render.fields import Field
from cc_metrics.render.page import markup

_MOST: Final = 500  # rows of a table


def traffic(report: Report) -> str:
    """How many came and what became of them, in sentences and with the figures of the whole period."""
    title = translated("Traffic")
    rows = report.total
    named = tuple(words.recorded(row.get("channel")) for row in rows)
    channels = [Field(translated("channel"), named, left=True)] if len(rows) > 1 else []
    whole = [*channels, *fields.traffic(rows)] if any(row.get("offered") or row.get("answered") for row in rows) else []
    return markup.section(
        "traffic",
        title,
        *(markup.paragraph(line) for line in sentences.traffic(report)),
        markup.table(title, whole, False) if whole else "",
    )


def breakdown(report: Report) -> str:
    """The table asked for; nothing where it is one row, the traffic already."""
    asked = sentences.breakdown(report, translated(" and "))
    if not asked:
        return ""
    title = translated("Calls {asked}", asked=asked)
    shown = replace(report, calls=report.calls[:_MOST])
    table = markup.table(title, fields.breakdown(shown), False)
    return markup.section("breakdown", title, table, _left_out(report.calls))


def reasons(report: Report) -> str:
    """The commonest reasons and how their callers fared."""
    title = translated("Top reasons")
    table = markup.table(title, fields.reasons(report), False) if report.reasons else ""
    return markup.section("reasons", title, table)


def resolution(report: Report) -> str:
    """First-call resolution, with the latest days that are known."""
    if not any(row.get("answered") for row in (*report.first_call_resolution, *report.latest)):
        return ""
    title = translated("First-call resolution")
    rows = report.first_call_resolution
    shown = replace(report, first_call_resolution=rows[:_MOST])
    return markup.section(
        "resolution",
        title,
        markup.paragraph(sentences.resolution(report)),
        markup.items(sentences.behind_resolution(report)),
        markup.table(title, fields.resolution(shown), False) if rows else "",
        _left_out(rows),
    )


def _left_out(rows: Sequence[Row]) -> str:
    """How many rows of a table a page does not hold: nobody reads them there, and no browser likes them."""
    left = len(rows) - _MOST
    more = counted("and {n} more row: JSON holds all", "and {n} more rows: JSON holds all", left) if left > 0 else ""
    return markup.paragraph(more)


def cases(report: Report) -> str:
    """Turnaround of cases by kind."""
    if not report.cases:
        return ""
    title = translated("Turnaround")
    table = markup.table(title, fields.turnaround(report), False)
    return markup.section("cases", title, markup.paragraph(sentences.TURNAROUND), table)


def stock(report: Report) -> str:
    """Open cases by promise and owner."""
    if not report.stock:
        return ""
    title = translated("Open cases by promise and owner")
    table = markup.table(title, fields.stock(report), False)
    return markup.section("stock", title, table, *(markup.paragraph(line) for line in sentences.left_out(report)))


def answers(report: Report) -> str:
    """Satisfaction of those who were asked."""
    title = translated("Answers")
    table = markup.table(title, fields.answers(report), False) if report.answers else ""
    return markup.section("answers", title, table)


def accounting(report: Report) -> str:
    """Where every row went."""
    return markup.section("accounting", translated("Row accounting"), markup.items(row_accounting.accounting(report)))


def notes(report: Report) -> str:
    """What was taken for granted, and the warnings."""
    return markup.section("notes", translated("Notes and warnings"), markup.items(sentences.notes(report)))
