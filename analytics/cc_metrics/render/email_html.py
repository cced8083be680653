"""The HTML part of an e-mail: verdicts, pictures and the shortest tables, small enough that no client cuts it off."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from cc_metrics.language import counted, current, translated
from cc_metrics.model.report import Judged, Report, Row
from cc_metrics.render import beside, email_words, fields, halfhours, naming, row_accounting, sentences, verdicts
from cc_metrics.render.email_charts import Pictures
from cc_metrics.render.email_head import shortened
from cc_metrics.render.email_markup import PAGE, STYLE, heading, paragraph, picture, table, verdict
from cc_metrics.render.fields import Field
from cc_metrics.render.page.markup import said
from cc_metrics.render.page.verdicts import SIGNS, STATED, told

LARGEST: Final = 90_000  # bytes; Gmail cuts what is above 102 KB
_ROWS: Final = (20, 10, 5, 2)  # of each table, the first that keeps the message small enough
_FIGURES: Final = 4  # columns beside the names, on a phone too
_NAME: Final = 40  # characters
_LINK: Final = " · "

Heavy = Callable[[Row], tuple[Any, ...]]
"""How much a row matters, where not all are shown."""


def html(report: Report, pictures: Pictures) -> str:
    """The whole part; long tables are cut, and say so."""
    made = (_page(report, pictures, most) for most in _ROWS)
    return next((page for page in made if len(page.encode()) <= LARGEST), "") or _page(report, pictures, 1)


def _page(report: Report, pictures: Pictures, most: int) -> str:
    title = said(email_words.subject(report))
    body = "".join(
        (
            *_head(report),
            *_verdicts(report, 2 * most),
            *_behind(report, most),
            *_calls(report, pictures, most),
            *_rest(report, most),
        )
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{current()}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="supported-color-schemes" content="light dark">\n'
        '<meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no">\n'
        '<meta name="x-apple-disable-message-reformatting">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n"
        '<body class="page" style="margin:0;padding:0;background-color:#eef1f4">\n'
        '<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" '
        'style="background-color:#eef1f4"><tr><td align="center">\n'
        f'<!--[if mso]><table role="presentation" width="{PAGE}" cellpadding="0" cellspacing="0"><tr><td><![endif]-->\n'
        '<table role="presentation" class="ink" width="100%" cellpadding="0" cellspacing="0" border="0" '
        f'style="max-width:{PAGE}px;background-color:#ffffff;text-align:left">\n'
        f'<tr><td class="ink" style="height:20px;background-color:#ffffff">&nbsp;</td></tr>\n{body}'
        '<tr><td class="ink" style="height:20px;background-color:#ffffff">&nbsp;</td></tr>\n</table>\n'
        "<!--[if mso]></td></tr></table><![endif]-->\n</td></tr></table>\n</body>\n</html>\n"
    )


def _head(report: Report) -> list[str]:
    about, state = sentences.period(report)
    policy = translated("Policy: {name}", name=report.policy.name)
    return [heading(email_words.headline(report), 1), paragraph(about), paragraph(state), paragraph(policy, quiet=True)]


def _verdicts(report: Report, most: int) -> list[str]:
    """The promises; where they are too many, those that were missed come before the others."""
    named = [*zip(report.promises, naming.names(report.promises), strict=True)]
    if len(named) > most:
        named = sorted(named, key=lambda pair: pair[0].row.get("verdict") != "missed")
    shown = [_promise(report, judged, name) for judged, name in named[:most]]
    return [heading(translated("Verdicts")), *shown, _more(len(named) - most)] if shown else []


def _promise(report: Report, judged: Judged, name: str) -> str:
    kind = judged.row.get("verdict") or "stated"
    word = f"{SIGNS.get(kind, STATED)}\ufe0e {verdicts.verdict(judged)}"
    return verdict(kind, word, *told(report, judged, name))


def _behind(report: Report, most: int) -> list[str]:
    """Why promises were missed, other days, the month so far: those that have something to say."""
    found = []
    for title, said_ in beside.sections(report, min(most, email_words.MOST_SAID)):
        found += [
            heading(title[:1].upper() + title[1:]),
            *map(paragraph, said_[: 2 * most]),
            _more(len(said_) - 2 * most),
        ]
    return found


def _calls(report: Report, pictures: Pictures, most: int) -> list[str]:
    """Traffic, the pictures, the worst half-hours, the breakdown and the reasons."""
    asked = sentences.breakdown(report, translated(" and "))
    worst = halfhours.worst(report)
    return [
        heading(translated("Traffic")),
        *map(paragraph, sentences.traffic(report)),
        paragraph(sentences.definition(report), quiet=True),
        *map(picture, pictures.drawn),
        paragraph(email_words.lacking(pictures), quiet=True),
        *([heading(translated("Worst half-hours")), *map(paragraph, worst)] if worst else []),
        *(_rows(report, "calls", translated("Calls {asked}", asked=asked), fields.breakdown, most) if asked else []),
        *_rows(report, "reasons", translated("Top reasons"), fields.reasons, most),
    ]


def _rest(report: Report, most: int) -> list[str]:
    """First-call resolution, cases, and where the rows went."""
    known = sentences.behind_resolution(report)
    title = sentences.resolution(report)
    resolution = [heading(title[:1].upper() + title[1:]), *map(paragraph, known[:most])] if known else []
    notes = [paragraph(line, quiet=True) for line in (*row_accounting.accounting(report), *sentences.notes(report))]
    return [
        *resolution,
        *_rows(report, "cases", translated("Turnaround"), fields.turnaround, most),
        *_rows(report, "stock", translated("Open cases by promise and owner"), fields.stock, most),
        *_rows(report, "answers", translated("Answers"), fields.answers, most),
        heading(translated("Row accounting")),
        *notes[: 2 * most],
        _more(len(notes) - 2 * most),
    ]


def _rows(report: Report, name: str, title: str, made: Callable[[Report], list[Field]], most: int) -> list[str]:
    """A table of the report; of many rows those that weigh most, in their order."""
    rows: Sequence[Row] = getattr(report, name)
    if not rows:
        return []
    heaviest = sorted(range(len(rows)), key=lambda i: _weight(rows[i]), reverse=True)[:most]
    shown: dict[str, Any] = {name: tuple(rows[i] for i in sorted(heaviest))}
    return [heading(title), table(_columns(made(replace(report, **shown)))), _more(len(rows) - len(heaviest))]


def _weight(row: Row) -> tuple[int, ...]:
    """Late calls, or overdue cases; among equals the larger group."""
    late = halfhours.late(row) if "denominator" in row else row.get("overdue") or row.get("overdue_open")
    sizes = (row.get(name) or 0 for name in ("offered", "opened", "due_today", "answered"))
    return (late or 0, *sizes)


def _columns(table_: Sequence[Field]) -> list[Field]:
    """One column of all that names a row, and the figures that matter most."""
    names = [field for field in table_ if field.left]
    most = sorted((field for field in table_ if not field.left), key=lambda field: field.rank)[:_FIGURES]
    figures = [field for field in table_ if field in most]
    if not names:
        return figures
    cells = (_LINK.join(shortened(cell, _NAME) for cell in row) for row in zip(*(n.cells for n in names), strict=True))
    return [Field(_LINK.join(field.title for field in names), tuple(cells), left=True), *figures]


def _more(number: int) -> str:
    """How many are not shown."""
    if number <= 0:
        return ""
    return paragraph(counted("and {n} more: JSON holds all", "and {n} more: JSON holds all", number), quiet=True)
