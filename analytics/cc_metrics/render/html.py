"""The report as one HTML page: no network, no script; light, dark and on paper; for eyes, keyboards and screen readers.

The sections stand in SECTIONS in their order; nothing from data is markup, and the page may load nothing.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from cc_metrics.language import current, translated
from cc_metrics.model.report import Report
from cc_metrics.render import sentences
from cc_metrics.render.page import figures, markup, tables, verdicts

SECTIONS: Final[tuple[Callable[[Report], str], ...]] = (
    verdicts.section,
    verdicts.definition,
    verdicts.behind,
    tables.traffic,
    figures.section,
    figures.worst,
    tables.breakdown,
    tables.reasons,
    tables.resolution,
    tables.cases,
    tables.stock,
    tables.answers,
    tables.accounting,
    tables.notes,
)

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_HEADING: Final = re.compile(r'<h2 id="(\w+)">(.*?)</h2>')


def text(report: Report) -> str:
    """The whole page."""
    body = "".join(section(report) for section in SECTIONS)
    about, state = sentences.period(report)
    title = translated("{period} – {policy}", period=about, policy=report.policy.name)
    return (
        f'<!DOCTYPE html>\n<html lang="{current()}">\n{_head(title)}<body>\n'
        f'<a class="skip" href="#report">{markup.said(translated("To the report"))}</a>\n'
        f"{_header(report, about, state)}{_contents(body)}"
        f'<main id="report">\n{body}</main>\n</body>\n</html>\n'
    )


def _head(title: str) -> str:
    return (
        '<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{markup.said(title)}</title>\n<style>\n{_style()}</style>\n</head>\n"
    )


def _style() -> str:
    """How the page looks, and the dark side of the charts' palette; the light one stands in the charts."""
    from cc_metrics.render.charts import style

    inks = "".join(f"--chart-{ink.name}:{ink.dark};" for ink in style.INKS)
    dark = f"@media screen and (prefers-color-scheme: dark){{:root{{{inks}}}}}\n"
    return (Path(__file__).parent / "page" / "page.css").read_text("utf-8") + dark


def _header(report: Report, about: str, state: str) -> str:
    """What the page is about: period, whether the data cover it, and the policy it is judged by."""
    policy = report.policy
    by = markup.named(policy.name) + (f" ({markup.named(policy.source)})" if policy.source else "")
    sign, style = ("✓", "complete") if report.head.complete else ("!", "incomplete")
    return (
        f"<header>\n<h1>{markup.said(about)}</h1>\n"
        f'<p class="state {style}"><span aria-hidden="true">{sign}</span> {markup.said(state)}</p>\n'
        f"<p>{markup.said(translated('Policy:'))} {by}</p>\n</header>\n"
    )


def _contents(body: str) -> str:
    """Links to the sections that the page has."""
    links = "".join(f'<li><a href="#{name}">{title}</a></li>' for name, title in _HEADING.findall(body))
    return f'<nav aria-label="{markup.said(translated("Contents"))}">\n<ul>{links}</ul>\n</nav>\n' if links else ""
