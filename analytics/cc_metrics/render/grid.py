"""Columns of cells set into a given width with Rich: numbers are never cut, names are, the least figures give way."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Final

from cc_metrics.render.fields import Field

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_CHINESE: Final = "\u3400-\u9fff"
_OPENING, _CLOSING = "（《“【", "，。；：、）》”】！？"
_PIECE: Final = re.compile(
    rf"\s*(?:[{_OPENING}]*(?:(?:[0-9]+[年月日])+|[{_CHINESE}]|[^\s{_CHINESE}{_OPENING}{_CLOSING}]+(?:(?<=[0-9])[{_CHINESE}])?)"
    rf"[{_CLOSING}]*|[^\s])"
)
"""What no line is broken within: a word, a date, a number and the character that counts, a character and its marks."""


def console(width: int, colour: bool) -> "Console":
    """A console that writes into memory: data is never read as markup, emoji codes or anything but text."""
    from rich.console import Console

    return Console(
        file=StringIO(),
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        force_jupyter=False,
        legacy_windows=False,
        markup=False,
        highlight=False,
        emoji=False,
    )


@dataclass(frozen=True, slots=True)
class Grid:
    """How columns stand: in so many cells, *gap* cells apart, under a line of titles or without one."""

    width: int
    gap: int = 2
    titled: bool = True

    def lines(self, fields: Sequence[Field]) -> "list[Text]":
        """The fields that find room as one line for each row, after the line of titles.

        Set without Rich's tables, which made a whole report three times slower; a number too long stands out, uncut.
        """
        from rich.text import Text

        chosen = self.fit(fields)
        columns = [_column(f, width, self.titled) for f, width in zip(chosen, self.widths(chosen), strict=True)]
        gap = Text(" " * self.gap)
        return [gap.join(row) for row in zip(*columns, strict=True)]

    def fit(self, fields: Sequence[Field]) -> list[Field]:
        """The fields that find room; those of the highest rank give way first."""
        chosen = list(fields)
        while self.need(chosen) > self.width and any(field.rank for field in chosen):
            chosen.remove(max(chosen, key=lambda field: field.rank))
        return chosen

    def need(self, fields: Sequence[Field]) -> int:
        """The cells a table takes when its names are as short as they may be."""
        least = [n if f.least is None else min(n, f.least) for f, n in ((f, self.natural(f)) for f in fields)]
        return sum(least) + self.gap * (len(least) - 1)

    def widths(self, fields: Sequence[Field]) -> list[int]:
        """The width of each field: what it needs, the longest names shortened until the line fits."""
        found = [self.natural(field) for field in fields]
        names = [i for i, field in enumerate(fields) if field.least is not None]
        while names and sum(found) + self.gap * (len(found) - 1) > self.width:
            longest = max(names, key=lambda i: found[i])
            if found[longest] == 1:
                break
            found[longest] -= 1
        return found

    def natural(self, field: Field) -> int:
        """The cells the widest text of a field takes."""
        return max((cells(text) for text in ((field.title,) if self.titled else ()) + field.cells), default=0)


def cells(text: str) -> int:
    """The cells a text takes on a terminal; Chinese characters take two each."""
    from rich.cells import cell_len

    return len(text) if text.isascii() else cell_len(text)


def wrapped(sentence: str, width: int) -> list[str]:
    """A sentence in lines of at most so many cells, broken at blanks and between Chinese characters.

    A word too long for a line is broken anywhere.

    >>> wrapped("共读入 18,904 行（全部）。", 12), wrapped("one two", 3)
    (['共读入', '18,904 行', '（全部）。'], ['one', 'two'])
    """
    from rich.cells import chop_cells
    from rich.text import Text

    if not re.search(f"[{_CHINESE}]", sentence):
        return [line.plain.rstrip() for line in Text(sentence).wrap(console(width, colour=False), width)]
    lines = [""]
    for piece in _PIECE.findall(sentence):
        if cells(lines[-1] + piece) <= width:
            lines[-1] += piece
        else:
            lines += chop_cells(piece.lstrip(), width)
    return [line.rstrip() for line in lines if line]


def right(text: str, width: int) -> str:
    """Text at the right of so many cells."""
    return " " * (width - cells(text)) + text


def shortened(text: str, most: int) -> str:
    """Text of at most so many cells; what is cut away shows as an ellipsis."""
    from rich.text import Text

    cut = Text(text)
    cut.truncate(most, overflow="ellipsis")
    return cut.plain


def _column(field: Field, width: int, titled: bool) -> "list[Text]":
    from rich.text import Text

    texts = [Text(cell) for cell in field.cells]
    for text in texts:
        for pattern, style in field.ink:
            text.highlight_regex(pattern, style)
    if titled:
        texts.insert(0, Text(field.title, style="bold"))
    for text in texts:
        text.truncate(width, overflow="ellipsis")
        text.align("left" if field.left else "right", width)
    return texts
