"""Traffic and the tables: breakdown, reasons, first-call resolution, cases, their stock, answers."""

from cc_metrics.language import translated
from cc_metrics.model.report import Report
from cc_metrics.render import fields, sentences, words
from cc_metrics.render.fields import Field
from cc_metrics.render.page import markup


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
    return markup.section("breakdown", title, markup.table(title, fields.breakdown(report), False))


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
    return markup.section(
        "resolution",
        title,
        markup.paragraph(sentences.resolution(report)),
        markup.items(sentences.behind_resolution(report)),
        markup.table(title, fields.resolution(report), False) if rows else "",
    )


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
    return markup.section("accounting", translated("Row accounting"), markup.items(sentences.accounting(report)))


def notes(report: Report) -> str:
    """What was taken for granted, and the warnings."""
    return markup.section("notes", translated("Notes and warnings"), markup.items(sentences.notes(report)))
