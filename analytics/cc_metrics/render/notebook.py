"""A small scoreboard in HTML for notebooks: head, verdicts, main figures, cases; static, escaped, styled inline."""

from collections.abc import Sequence
from html import escape
from typing import Final

from cc_metrics.language import told, translated
from cc_metrics.model.report import Report
from cc_metrics.render import fields, naming, row_accounting, sentences, verdicts, words
from cc_metrics.render.fields import Field

_CELL: Final = "padding:2px 10px;text-align:{side};white-space:nowrap"
_PAPER: Final = "background:#fff;color:#1f2328;padding:8px;font:13px/1.4 sans-serif;overflow-x:auto"
_INK: Final = {
    "kept": "#0b6b2e",
    "missed": "#b00020",
    **dict.fromkeys(("not_judged", "no_data", "undecided"), "#8a5a00"),
}


def html(report: Report) -> str:
    """The scoreboard as one div; nothing in it runs."""
    parts = [
        f"<p><b>{_said(sentences.clauses(sentences.period(report)))}</b>&emsp;{_said(report.policy.name)}</p>",
        *(f"<p>{_said(line)}</p>" for line in sentences.traffic(report)),
        _verdicts(report),
        _table(_totals(report)) if report.total else "",
        *(f"<p>{_said(line)}</p>" for line in (*sentences.known(report), sentences.definition(report)) if line),
        *_cases(report),
        *(f"<p>{_said(line)}</p>" for line in (*row_accounting.accounting(report), *sentences.notes(report))),
    ]
    return f'<div style="font-size:13px;line-height:1.4">{"".join(part for part in parts if part)}</div>'


def pictures(report: Report) -> str:
    """Every picture as an image on white, whatever the notebook's theme; "" without any."""
    from cc_metrics.render import charts
    from cc_metrics.render.charts import draw

    drawn = "".join(
        f"<p><b>{_said(p.title)}</b></p><p>{_said(p.says)}</p>{draw.svg(p)}" for p in charts.pictures(report)
    )
    return f'<div style="{_PAPER}">{drawn}</div>' if drawn else ""


def _verdicts(report: Report) -> str:
    judged = report.promises
    if not judged:
        return ""
    figures = [verdicts.figure(j) for j in judged]
    below = ["; ".join(verdicts.details(j, report.policy)) for j in judged]
    return _table(
        [
            Field(translated("verdict"), tuple(verdicts.verdict(j) for j in judged), left=True, ink=_ink()),
            Field(translated("promise"), tuple(naming.names(judged)), left=True),
            Field(translated("figure"), tuple(value for value, _ in figures)),
            Field(translated("of"), tuple(of for _, of in figures)),
            Field(translated("target"), tuple(verdicts.target(j.promise) for j in judged), left=True),
            Field(translated("margin"), tuple(verdicts.margin_said(*verdicts.margin(j)).strip() for j in judged)),
            *([Field("", tuple(below), left=True)] if any(below) else []),
        ]
    )


def _ink() -> tuple[tuple[str, str], ...]:
    """The verdicts' words, each with its colour."""
    return tuple((told(words.VERDICTS[name]), colour) for name, colour in _INK.items())


def _totals(report: Report) -> list[Field]:
    rows = report.total
    channels = tuple(words.recorded(row.get("channel")) for row in rows)
    return [*([Field(fields.title("channel"), channels, left=True)] if len(rows) > 1 else []), *fields.traffic(rows)]


def _cases(report: Report) -> list[str]:
    """Turnaround, open cases and answers, those of which there are any."""
    open_cases = translated("open cases by promise and owner")
    described = [told(sentences.TURNAROUND)]
    return [
        *(_section(translated("turnaround"), fields.turnaround(report), described) if report.cases else []),
        *(_section(open_cases, fields.stock(report), sentences.left_out(report)) if report.stock else []),
        *(_section(translated("answers"), fields.answers(report), []) if report.answers else []),
    ]


def _section(title: str, table: Sequence[Field], below: Sequence[str]) -> list[str]:
    return [f"<p><b>{title}</b></p>", _table(table), *(f"<p>{_said(line)}</p>" for line in below)]


def _table(table: Sequence[Field]) -> str:
    heads = "".join(_cell("th", field, field.title) for field in table)
    rows = zip(*([_cell("td", field, cell) for cell in field.cells] for field in table), strict=True)
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in rows)
    return f'<table style="border-collapse:collapse"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>'


def _cell(tag: str, field: Field, cell: str) -> str:
    style = _CELL.format(side="left" if field.left else "right")
    colour = dict(field.ink).get(cell)
    if colour:
        style += f";font-weight:bold;color:{colour}"
    return f'<{tag} style="{style}">{_said(cell)}</{tag}>'


def _said(text: str) -> str:
    return escape(words.plain(text))
