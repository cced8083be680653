"""The report as Markdown for wikis, tickets and pull requests; nothing from data becomes markup."""

import re
from collections.abc import Sequence
from typing import Final

from cc_metrics.language import told, translated
from cc_metrics.model.report import Judged, Report
from cc_metrics.render import beside, fields, halfhours, naming, row_accounting, sentences, verdicts, words
from cc_metrics.render.fields import Field

_SPECIAL: Final = re.compile(r"[\\`*_{}\[\]<>|~#!&$@]|(?<=:)//|(?<=www)\.", re.IGNORECASE)
_LIST: Final = re.compile(r"^(?:\d+[.)]|[-+])(?=\s)")


def text(report: Report) -> str:
    """Head, verdicts, worst half-hours, breakdown, first-call resolution, cases, row accounting, warnings."""
    blocks = [
        f"# {_escaped(sentences.clauses(sentences.period(report)))}",
        *(_escaped(line) for line in sentences.traffic(report)),
        _policy(report),
        _verdicts(report),
        _escaped(sentences.definition(report)),
        _list(translated("Worst half-hours"), halfhours.worst(report)),
        *(_list(title[0].upper() + title[1:], said) for title, said in beside.sections(report)),
        _breakdown(report),
        _table(translated("Top reasons"), fields.reasons(report)) if report.reasons else "",
        _resolution(report),
        *_cases(report),
        f"## {translated('Row accounting')}",
        *(_escaped(line) for line in row_accounting.accounting(report)),
        _list(translated("Notes and warnings"), sentences.notes(report)),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _policy(report: Report) -> str:
    policy = report.policy
    if not policy.source:
        return _escaped(translated("Policy: {name}", name=policy.name))
    return _escaped(translated("Policy: {name} ({source})", name=policy.name, source=policy.source))


def _verdicts(report: Report) -> str:
    if not report.promises:
        return ""
    judged = report.promises
    figures = [verdicts.figure(j) for j in judged]
    named = [_named(j) for j in judged]
    table = [
        Field(translated("verdict"), tuple(verdicts.verdict(j) for j in judged), left=True),
        Field(translated("promise"), tuple(named), left=True),
        Field(translated("counted"), tuple(naming.short_name(j.promise) for j in judged), left=True),
        Field(translated("figure"), tuple(value for value, _ in figures)),
        Field(translated("of"), tuple(of for _, of in figures)),
        Field(translated("target"), tuple(verdicts.target(j.promise) for j in judged), left=True),
        Field(translated("margin"), tuple(verdicts.margin_said(*verdicts.margin(j)).strip() for j in judged)),
    ]
    said = [
        sentences.named(name, sentence)
        for name, j in zip(named, judged, strict=True)
        for sentence in verdicts.details(j, report.policy)
    ]
    return table_rows(table) + ("\n\n" + items(said) if said else "")


def _named(judged: Judged) -> str:
    name = words.plain(judged.promise.name)
    return translated("{name} (of {days})", name=name, days=words.plain(judged.days)) if judged.days else name


def _breakdown(report: Report) -> str:
    if not report.calls:
        return ""
    title = translated("Calls {breakdown}", breakdown=sentences.breakdown(report, translated(" and "))).rstrip()
    return _table(title, fields.breakdown(report))


def _resolution(report: Report) -> str:
    said = sentences.behind_resolution(report)
    title = sentences.resolution(report)
    table = _table(title[0].upper() + title[1:], fields.resolution(report)) if report.first_call_resolution else ""
    return "\n\n".join(block for block in (table, items(said)) if block)


def _cases(report: Report) -> list[str]:
    """Turnaround, open cases and answers, those of which there are any."""
    return [
        _table(translated("Turnaround"), fields.turnaround(report)) if report.cases else "",
        _escaped(told(sentences.TURNAROUND)) if report.cases else "",
        _table(translated("Open cases by promise and owner"), fields.stock(report)) if report.stock else "",
        *(_escaped(line) for line in sentences.left_out(report)),
        _table(translated("Answers"), fields.answers(report)) if report.answers else "",
    ]


def _table(title: str, table: Sequence[Field]) -> str:
    return f"## {_escaped(title)}\n\n{table_rows(table)}"


def table_rows(table: Sequence[Field]) -> str:
    """Columns as a table."""
    heads = [_escaped(field.title) for field in table]
    rules = ["---" if field.left else "---:" for field in table]
    rows = [[_escaped(cell) for cell in row] for row in zip(*(field.cells for field in table), strict=True)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, rules, *rows))


def _list(title: str, said: Sequence[str]) -> str:
    return f"## {title}\n\n{items(said)}" if said else ""


def items(said: Sequence[str]) -> str:
    """Sentences as a list."""
    return "\n".join(f"- {_escaped(sentence)}" for sentence in said)


def _escaped(words_: str) -> str:
    """Text that reads the same in Markdown: no markup, no HTML, no cell border, no automatic link, no list.

    >>> _escaped("[a](http://b)|<c>"), _escaped("1. x"), _escaped("-")
    ('\\\\[a\\\\](http:\\\\//b)\\\\|\\\\<c\\\\>', '1\\\\. x', '-')
    """
    told = _SPECIAL.sub(lambda found: f"\\{found[0]}", words.plain(words_))
    return _LIST.sub(lambda found: f"{found[0][:-1]}\\{found[0][-1]}", told)
