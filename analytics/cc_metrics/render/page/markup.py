"""Text as markup, and the few elements that every part of the page is made of; whatever comes in is escaped here."""

from collections.abc import Sequence
from html import escape

from cc_metrics.render import words
from cc_metrics.render.fields import Field


def said(text: str) -> str:
    """Text as it reads, on one line, nothing of it markup.

    >>> said('<b title="x">&\\n')
    '&lt;b title=&quot;x&quot;&gt;&amp; '
    """
    return escape(words.plain(text))


def named(text: str) -> str:
    """A name from data, which keeps its direction of writing to itself."""
    return f"<bdi>{said(text)}</bdi>"


def paragraph(text: str, style: str = "") -> str:
    """A sentence; nothing for "".

    >>> paragraph("a < b"), paragraph("")
    ('<p>a &lt; b</p>', '')
    """
    if not text:
        return ""
    return f'<p class="{style}">{said(text)}</p>' if style else f"<p>{said(text)}</p>"


def items(sentences: Sequence[str]) -> str:
    """Sentences as a list."""
    return f"<ul>{''.join(f'<li>{said(one)}</li>' for one in sentences)}</ul>" if sentences else ""


def section(identifier: str, title: str, *blocks: str) -> str:
    """A part of the page with its heading; nothing where it has no blocks."""
    filled = [block for block in blocks if block]
    if not filled:
        return ""
    heading = f'<h2 id="{identifier}">{said(title)}</h2>'
    return f"<section>{heading}{''.join(filled)}</section>\n"


def details(summary: str, about: str, block: str) -> str:
    """A block to be opened; *about* is heard, not seen, so that several of one summary are told apart."""
    heard = f'<span class="heard">: {said(about)}</span>'
    return f"<details><summary>{said(summary)}{heard}</summary>{block}</details>"


def scrolling(label: str, block: str) -> str:
    """A block that may be wider than the page: it scrolls by itself, with the keyboard too."""
    return f'<div class="scrolling" role="region" aria-label="{said(label)}" tabindex="0">{block}</div>'


def table(caption: str, fields: Sequence[Field], shown: bool = True) -> str:
    """Columns as a table; the first names its row where it is words. A caption that is not *shown* is only heard."""
    heads = "".join(f'<th scope="col"{_side(field)}>{named(field.title)}</th>' for field in fields)
    rows = zip(*(field.cells for field in fields), strict=True)
    body = "".join(f"<tr>{''.join(_cells(fields, row))}</tr>" for row in rows)
    style = "" if shown else ' class="heard"'
    whole = (
        f"<table><caption{style}>{said(caption)}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    )
    return scrolling(caption, whole)


def _cells(fields: Sequence[Field], row: Sequence[str]) -> list[str]:
    found = []
    for at, (field, cell) in enumerate(zip(fields, row, strict=True)):
        tag, scope = ("th", ' scope="row"') if at == 0 and field.left else ("td", "")
        found.append(f"<{tag}{scope}{_side(field)}>{named(cell) if field.left else said(cell)}</{tag}>")
    return found


def _side(field: Field) -> str:
    return ' class="words"' if field.left else ""
