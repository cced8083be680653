"""Columns of cells set into a given width with Rich: numbers are never cut, names are, the least figures give way."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Literal

from cc_metrics.render.fields import Field

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text


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

    def lines(self, fields: Sequence[Field], to: "Console") -> "list[Text]":
        """The fields that find room as one line for each row, after the line of titles."""
        from rich.table import Table
        from rich.text import Text

        chosen = self.fit(fields)
        table = Table(box=None, pad_edge=False, padding=(0, self.gap, 0, 0), show_header=self.titled)
        for field, width in zip(chosen, self.widths(chosen), strict=True):
            side: Literal["left", "right"] = "left" if field.left else "right"
            title = Text(field.title, style="bold")
            table.add_column(title, justify=side, width=width, no_wrap=True, overflow="ellipsis")
        for row in zip(*(_inked(field) for field in chosen), strict=True):
            table.add_row(*row)
        room = to.options.update(width=max(self.width, self.need(chosen)))  # too long a number stands out, uncut
        drawn = to.render_lines(table, room, pad=False)
        return [Text.assemble(*((s.text, s.style or "") for s in line)) for line in drawn]

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

    return cell_len(text)


def shortened(text: str, most: int) -> str:
    """Text of at most so many cells; what is cut away shows as an ellipsis."""
    from rich.text import Text

    cut = Text(text)
    cut.truncate(most, overflow="ellipsis")
    return cut.plain


def _inked(field: Field) -> "list[Text]":
    from rich.text import Text

    texts = [Text(cell) for cell in field.cells]
    for text in texts:
        for pattern, style in field.ink:
            text.highlight_regex(pattern, style)
    return texts
