"""The plain part of an e-mail: head, verdicts, traffic, first-call resolution, rows, warnings, 78 cells wide."""

from collections.abc import Sequence
from typing import Final

from cc_metrics.language import translated
from cc_metrics.model.report import Report
from cc_metrics.render import beside, email_words, grid, halfhours, naming, row_accounting, sentences, verdicts, words
from cc_metrics.render.page.verdicts import told

WIDTH: Final = 78  # RFC 5322: lines that every reader shows whole
_INDENT: Final = 2


def text(report: Report) -> str:
    """The report in paragraphs."""
    blocks = [
        _plain([email_words.headline(report), *sentences.period(report), _policy(report)]),
        _verdicts(report),
        *(_titled(title, said) for title, said in beside.sections(report, email_words.MOST_SAID)),
        _plain([*sentences.traffic(report), sentences.definition(report)]),
        _titled(translated("Worst half-hours"), halfhours.worst(report)),
        _titled(sentences.resolution(report), sentences.behind_resolution(report)),
        _plain(row_accounting.accounting(report)),
        _plain(sentences.notes(report)),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _policy(report: Report) -> str:
    return translated("Policy: {name}", name=words.plain(report.policy.name))


def _verdicts(report: Report) -> list[str]:
    """A line for each promise, and indented below it what must be known beside it."""
    judged = report.promises
    room = max((grid.cells(verdicts.verdict(j)) for j in judged), default=0) + 2
    found = []
    for j, name in zip(judged, naming.names(judged), strict=True):
        said, below = told(report, j, name)
        first, *rest = _wrapped(said, room)
        word = verdicts.verdict(j)
        found += [f"{word}{' ' * (room - grid.cells(word))}{first.strip()}", *rest]
        found += [line for one in below for line in _wrapped(one, room)]
    return found


def _titled(title: str, said: Sequence[str]) -> list[str]:
    if not said:
        return []
    return [
        *_wrapped(f"{title[:1].upper()}{title[1:]}:", 0),
        *(line for one in said for line in _wrapped(one, _INDENT)),
    ]


def _plain(said: Sequence[str]) -> list[str]:
    return [line for one in said if one for line in _wrapped(one, 0)]


def _wrapped(said: str, indent: int) -> list[str]:
    """A sentence in lines of at most WIDTH cells, *indent* blanks before each; a word too long is broken."""
    return [f"{' ' * indent}{line}" for line in grid.wrapped(said.strip(), WIDTH - indent)]
