"""What a page consists of, read with the standard library's parser: elements with their attributes, tables, text."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "img", "hr", "input"}


@dataclass
class Table:
    """A table as it is shown: caption, titles of columns, rows of cells."""

    caption: str = ""
    titles: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)

    def column(self, title: str, which: int = 0) -> list[str]:
        """The cells below a title, the *which*-th of that name."""
        found = [i for i, name in enumerate(self.titles) if name == title][which]
        return [row[found] for row in self.rows]


class Page(HTMLParser):
    """Elements in order, what is seen, and every table; an element that is not closed in its turn is an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.seen = ""
        self.headings: list[tuple[int, str]] = []
        self.tables: list[Table] = []
        self._part = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def table(self, caption: str) -> Table:
        """The table of that caption."""
        [found] = [table for table in self.tables if table.caption == caption]
        return found

    def of(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every element of a kind."""
        return [attributes for name, attributes in self.elements if name == tag]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"an attribute of {tag} is given twice"
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "table":
            self.tables.append(Table())
        elif tag == "tr" and "tbody" in self.open:
            self.tables[-1].rows.append([])
        self._part = ""

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            self.headings.append((int(tag[1]), self._part))
        elif tag == "caption":
            self.tables[-1].caption = self._part
        elif tag in {"th", "td"}:
            table = self.tables[-1]
            (table.rows[-1] if "tbody" in self.open else table.titles).append(self._part)
        if tag not in {"bdi", "span"}:
            self._part = ""

    def handle_data(self, data: str) -> None:
        self._part += data
        if not {"style", "title", "desc"} & set(self.open):
            self.seen += data + "\n"
