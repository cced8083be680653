"""The HTML that mail clients understand: tables for layout, styles inline, colours for light and dark on everything.

Outlook draws with Word and Gmail drops what it does not know, so that each cell says how it looks. The style sheet
only turns the page dark where a client asks for it; where one turns colours round by itself, paper and ink go together.
"""

from collections.abc import Sequence
from typing import Final

from cc_metrics.language import translated
from cc_metrics.render.email_charts import WIDTH, Inline
from cc_metrics.render.email_head import shortened
from cc_metrics.render.fields import Field
from cc_metrics.render.page.markup import said

PAGE: Final = 600  # pixels that clients leave for a message
_FONT: Final = "font-family:Arial,'PingFang SC','Microsoft YaHei',sans-serif;"
_INK: Final = "color:#1f2328;background-color:#ffffff;"
_QUIET: Final = "color:#57606a;background-color:#ffffff;"
_WRAP: Final = "overflow-wrap:anywhere;word-break:break-word"  # Outlook knows the second one
_LONGEST_NUMBER: Final = 10  # characters that stay on one line
_LONGEST: Final = {"name": 130, "sentence": 400}
_BADGES: Final = {"kept": "#0b6b2e", "missed": "#b00020", "stated": "#57606a"}
_UNCERTAIN: Final = "#7a5200"
STYLE: Final = (
    ":root{color-scheme:light dark;supported-color-schemes:light dark}"
    "@media (prefers-color-scheme:dark){"
    ".page{background-color:#0d1117!important}"
    ".ink{color:#e6edf3!important;background-color:#161b22!important}"
    ".quiet{color:#a4aeb9!important;background-color:#161b22!important}"
    ".line{border-color:#3a424c!important}}"
    "@media (max-width:480px){.row{padding-left:12px!important;padding-right:12px!important}}"
)


def name(text: str) -> str:
    """A name from data, escaped and no longer than a cell can bear."""
    return said(shortened(text, _LONGEST["name"]))


def paragraph(text: str, quiet: bool = False) -> str:
    """A sentence in its own row; nothing for ""."""
    if not text:
        return ""
    style, size = ("quiet", f"{_QUIET}font-size:13px") if quiet else ("ink", f"{_INK}font-size:15px")
    short = said(shortened(text, _LONGEST["sentence"]))
    return row(f'<p class="{style}" style="margin:0 0 6px;{_FONT}{size};line-height:1.45">{short}</p>')


def heading(text: str, level: int = 2) -> str:
    """A heading in its own row."""
    size, above = (24, 4) if level == 1 else (17, 18)
    style = f"margin:{above}px 0 8px;{_FONT}{_INK}font-size:{size}px;line-height:1.25;font-weight:bold"
    return row(f'<h{level} class="ink" style="{style}">{said(shortened(text, _LONGEST["sentence"]))}</h{level}>')


def row(block: str, wrap: str = _WRAP) -> str:
    """A row of the message."""
    style = f"padding:0 24px;{_INK}{wrap}"
    return f'<tr><td class="ink row" style="{style}">{block}</td></tr>\n'


def verdict(kind: str, word: str, sentence: str, below: Sequence[str]) -> str:
    """A promise: a badge with sign and word, beside it the sentence, below what must be known."""
    badge = (
        f"padding:4px 6px;{_FONT}color:#ffffff;background-color:{_BADGES.get(kind, _UNCERTAIN)};font-size:13px;"
        "line-height:1.2;font-weight:bold;text-align:center"
    )
    told = f"{_FONT}{_INK}font-size:15px;line-height:1.4;{_WRAP}"
    quiet = f"{_FONT}{_QUIET}font-size:13px;line-height:1.4"
    lines = "".join(
        f'<div class="quiet" style="{quiet}">{said(shortened(one, _LONGEST["sentence"]))}</div>' for one in below
    )
    return row(
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 10px">'
        f'<tr><td width="112" valign="top" style="width:112px"><div style="{badge}">{said(word)}</div></td>'
        f'<td width="12" style="width:12px;font-size:1px">&nbsp;</td><td class="ink" valign="top" style="{told}">'
        f"{said(shortened(sentence, _LONGEST['sentence']))}{lines}</td></tr></table>"
    )


def picture(inline: Inline) -> str:
    """What a picture shows in words, and it by its Content-ID, on white whatever the client makes of the rest."""
    style = f"display:block;width:100%;max-width:{WIDTH}px;height:auto;border:0;background-color:#ffffff"
    alt = translated("Chart: {title}", title=inline.title)  # the sentence is read before it; nobody needs it twice
    shown = f'<img src="cid:{inline.cid}" width="{WIDTH}" alt="{said(alt)}" style="{style}">'
    return heading(inline.title) + paragraph(inline.says, quiet=True) + row(shown)


def table(fields: Sequence[Field]) -> str:
    """Columns as a table of data."""
    heads = "".join(_cell("th", ' scope="col"', field, field.title) for field in fields)
    lines = zip(*(field.cells for field in fields), strict=True)
    body = "".join(
        f"<tr>{''.join(_cell('td', '', field, cell) for field, cell in zip(fields, line, strict=True))}</tr>"
        for line in lines
    )
    return row(
        '<table width="100%" cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse">'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>",
        wrap="",
    )


def _cell(tag: str, scope: str, field: Field, text: str) -> str:
    look = _QUIET + "font-weight:normal;" if tag == "th" else _INK
    kept = tag == "td" and len(text) <= _LONGEST_NUMBER
    side = f"left;{_WRAP}" if field.left else "right;white-space:nowrap" if kept else "right"
    style = f"padding:5px 4px;border-bottom:1px solid #d0d7de;{_FONT}{look}font-size:13px;text-align:{side}"
    kind = "quiet" if tag == "th" else "ink"
    return f'<{tag}{scope} class="{kind} line" valign="top" style="{style}">{name(text)}</{tag}>'
