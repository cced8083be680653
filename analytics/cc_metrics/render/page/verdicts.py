"""The verdicts, each in a sentence with a sign and a word, then as a table; and the definition behind the levels."""

from collections.abc import Sequence
from typing import Final

from cc_metrics.language import counted, translated
from cc_metrics.model.report import Judged, Report, Row
from cc_metrics.render import beside, halfhours, naming, sentences, why_words, words
from cc_metrics.render import verdicts as worded
from cc_metrics.render.fields import Field
from cc_metrics.render.page import markup

SIGNS: Final = {"kept": "✓", "missed": "✗", "undecided": "≈", "not_judged": "?", "no_data": "∅"}
STATED: Final = "·"
_SHARES: Final = ("share_within", "rate_at_least", "rate_at_most")


def section(report: Report) -> str:
    """All verdicts; nothing where nothing is promised."""
    judged = report.promises
    if not judged:
        return ""
    names = naming.names(judged)
    listed = "".join(_item(report, j, name) for j, name in zip(judged, names, strict=True))
    title = translated("Verdicts")
    return markup.section(
        "verdicts",
        title,
        markup.paragraph(_summary(judged), "summary"),
        f'<ul class="verdicts">{listed}</ul>',
        markup.details(translated("The verdicts as a table"), title, markup.table(title, _table(judged, names), False)),
    )


def behind(report: Report) -> str:
    """Why promises were missed, other days, the month so far, what was planned: those that have something to say."""
    sections = beside.sections(report)
    return "".join(
        markup.section(f"behind{number}", title[:1].upper() + title[1:], markup.items(said))
        for number, (title, said) in enumerate(sections, 1)
    )


def _summary(judged: Sequence[Judged]) -> str:
    """How many of the promises that have a verdict were kept."""
    found = [j.row["verdict"] for j in judged if j.row.get("verdict") is not None]
    kept, missed = (found.count(word) for word in ("kept", "missed"))
    if not found:
        return ""
    said = counted(
        "{kept} of {n} promise was kept, {missed} missed.",
        "{kept} of {n} promises were kept, {missed} missed.",
        len(found),
        kept=words.count(kept),
        missed=words.count(missed),
    )
    rest = len(found) - kept - missed
    return said if not rest else f"{said} " + counted("{n} has no verdict.", "{n} have no verdict.", rest)


def _item(report: Report, judged: Judged, name: str) -> str:
    verdict = judged.row.get("verdict")
    style = verdict if verdict in SIGNS else "stated"
    sign = f'<span aria-hidden="true">{SIGNS.get(style, STATED)}</span>'
    word = f'<p class="word {style}">{sign} {markup.said(worded.verdict(judged))}</p>'
    said, below = told(report, judged, name)
    return f'<li>{word}<div><p class="said">{markup.named(said)}</p>{markup.items(below)}</div></li>'


def told(report: Report, judged: Judged, name: str) -> tuple[str, list[str]]:
    """A verdict in one sentence, and what stands below it: its counts, then what must be known beside them."""
    said = why_words.sentence(report, judged)
    below = [_counts(judged, name, said), *worded.details(judged, report.policy)]
    return said, [one for one in below if one and one not in said]


def _counts(judged: Judged, name: str, said: str) -> str:
    """The counts behind a sentence, and of figure and margin what it does not say: "294 of 325, 1 to spare"."""
    row, (figure, whole) = judged.row, worded.figure(judged)
    margin = worded.margin_said(*worded.margin(judged)).strip()
    if row.get("kept") is None or not row.get("settled") or judged.promise.shape not in _SHARES:
        return _of(name, figure, whole, margin)
    kept, rest = words.count(row["kept"]), "" if margin in said else margin
    if figure in said:
        return (
            translated("{kept} of {whole}, {margin}", kept=kept, whole=whole, margin=rest)
            if rest
            else translated("{kept} of {whole}", kept=kept, whole=whole)
        )
    if rest:
        return translated("{kept} of {whole}: {figure}, {margin}", kept=kept, whole=whole, figure=figure, margin=rest)
    return translated("{kept} of {whole}: {figure}", kept=kept, whole=whole, figure=figure)


def _of(name: str, figure: str, whole: str, margin: str) -> str:
    """A figure that is no share of counted items, what it is of, and the margin."""
    if not margin:
        return translated("{promise}: {figure} of {whole}", promise=name, figure=figure, whole=whole)
    return translated(
        "{promise}: {figure} of {whole}, {margin}", promise=name, figure=figure, whole=whole, margin=margin
    )


def _target(judged: Judged) -> str:
    return worded.target(judged.promise)


def _table(judged: Sequence[Judged], names: Sequence[str]) -> list[Field]:
    figures = [worded.figure(j) for j in judged]
    return [
        Field(translated("promise"), tuple(names), left=True),
        Field(translated("verdict"), tuple(worded.verdict(j) for j in judged), left=True),
        Field(translated("figure"), tuple(value for value, _ in figures)),
        Field(translated("of"), tuple(whole for _, whole in figures)),
        Field(translated("target"), tuple(_target(j) for j in judged), left=True),
        Field(translated("margin"), tuple(worded.margin_said(*worded.margin(j)).strip() for j in judged)),
    ]


def definition(report: Report) -> str:
    """Formula, threshold and denominators of every service level of the page, and the level by the other formulas."""
    if not any(row.get("denominator") for row in report.total):
        return ""
    title = translated("How the service level is counted")
    counted_ = markup.items([_counted(row, report) for row in report.total])
    formulas = markup.table(translated("Service level by formula"), _formulas(report))
    return markup.section(
        "definition",
        title,
        markup.paragraph(sentences.definition(report)),
        counted_,
        markup.details(translated("By every formula"), title, formulas),
    )


def _counted(row: Row, report: Report) -> str:
    """The level with its numerator and denominator, named by channel when there are several."""
    kept = halfhours.in_time(row)
    said = translated(
        "{level}: {kept} of {owed} calls in time",
        level=words.percent(row.get("service_level"), none="n/a"),
        kept=words.count(kept, none="n/a"),
        owed=words.count(row.get("denominator"), none="n/a"),
    )
    channel = words.recorded(row.get("channel"))
    return translated("{channel}: {sentence}", channel=channel, sentence=said) if len(report.total) > 1 else said


def _formulas(report: Report) -> list[Field]:
    names = tuple(dict.fromkeys(name for row in report.total for name in row.get("formulas") or {}))
    found = [Field(translated("formula"), names, left=True)]
    for row in report.total:
        title = words.recorded(row.get("channel")) if len(report.total) > 1 else translated("level")
        found.append(Field(title, tuple(words.percent((row.get("formulas") or {}).get(name)) for name in names)))
    return found
