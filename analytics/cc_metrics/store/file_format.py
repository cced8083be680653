"""What a mapping says of a file itself, before any of its columns means something."""

from dataclasses import dataclass

Levels = tuple[tuple[str, str], ...]
"""Names of what stands in lists of JSON, each with its path from the record or from a name before it."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What else in a record of JSON belongs to a row: the first with the *same* values from a moment of the row on.

    It belongs to the last row that began by then. *same* and *since* are pairs of paths, of its own and of the row.
    """

    levels: Levels
    same: Levels
    since: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Nested:
    """How records of JSON become rows: the list that holds the *records*, the lists of which each is a row."""

    records: str | None = None
    rows: Levels = ()
    beside: Beside | None = None


@dataclass(frozen=True, slots=True)
class FileFormat:
    """What cannot be found out of a file; None is found out.

    *columns* names those of a file without a header, *further* what may follow them: each with its own number of names.
    *form* names what is no delimited text, *sheet* is that of a workbook to be read alone.
    """

    delimiter: str | None = None
    header: bool | None = None
    encoding: str | None = None
    columns: tuple[str, ...] | None = None
    form: str | None = None
    nested: Nested = Nested()
    sheet: str | None = None
    further: tuple[tuple[str, ...], ...] = ()

    def named(self, width: int) -> tuple[str, ...] | None:
        """The names of a file's columns by their number; None where no names are given, or none for so many."""
        names = ((*(self.columns or ()), *further) for further in self.further or ((),))
        return next((named for named in names if len(named) == width), None)
