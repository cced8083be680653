"""Workbooks (XLSX, XLS, OpenDocument): every sheet that holds the columns wanted becomes a table of its own.

The header is the first row that names all of them, wherever it stands; what is above it is none of ours. A row
keeps the number it has in its sheet. A hidden sheet is read only where a mapping names it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final

from cc_metrics.errors import DataError, first_of, nearest
from cc_metrics.language import said
from cc_metrics.model.table import Table, things
from cc_metrics.store import cells
from cc_metrics.store.dialect import unique_names
from cc_metrics.store.file_format import FileFormat
from cc_metrics.store.mapping import Mapping, canonical, used
from cc_metrics.store.relation import Frame
from cc_metrics.store.sheets import Sheet, opened

_BATCH: Final = 20_000
_LISTED: Final = 8


@dataclass(slots=True)
class Tables:
    """The sheets of a workbook that hold what is wanted, one by one, and what there is to say about them."""

    path: Path
    table: str
    wanted: Sequence[str]
    sheet: str | None = None
    columns: Sequence[str] | None = None  # names of a workbook without a header
    cautions: list[tuple[str, str]] = field(default_factory=list)

    def frames(self) -> Iterator[Frame]:
        """A table for each sheet that fits, in the order of the workbook.

        Raises:
            DataError: none fits, or the workbook cannot be read.
        """
        sheets = opened(self.path)
        opened.cache_clear()  # a large one is not held longer than it is needed
        fitting = [(sheet, place) for sheet in self._asked(sheets) if (place := self._header(sheet.head())) is not None]
        if not fitting:
            raise self._unfitting(sheets)
        self._tell_left_out(sheets, [sheet for sheet, _ in fitting])
        for sheet, place in fitting:
            yield self._frame(sheet, place)

    def _asked(self, sheets: Sequence[Sheet]) -> list[Sheet]:
        """The sheets that may be meant."""
        if self.sheet is None:
            return [sheet for sheet in sheets if not sheet.hidden]
        return [sheet for sheet in sheets if sheet.name == self.sheet]

    def _header(self, head: Sequence[Sequence[str]]) -> int | None:
        """The place of the header among the first rows, -1 for a sheet that has none, None where it is not found."""
        if self.columns is not None:
            return -1 if any(map(any, head)) else None
        return next((place for place, row in enumerate(head) if any(row) and set(self.wanted) <= set(row)), None)

    def _unfitting(self, sheets: Sequence[Sheet]) -> DataError:
        asked = self._asked(sheets)
        if not asked:
            what = f"there is no sheet {self.sheet!r}" if self.sheet else "there is no sheet to be seen"
            return DataError(what, where=str(self.path), hint=f"its sheets: {_listed(sheets) or 'none'}")
        rows = [[name for name in row if name] for sheet in asked for row in sheet.head()]
        best = max(rows, key=lambda row: (len({*self.wanted} & {*row}), len(row)), default=[])
        if not best:
            return DataError("is empty", where=str(self.path), hint=f"its sheets: {_listed(sheets)}")
        where = f"{self.path}, sheet {asked[0].name}" if len(asked) == 1 else str(self.path)
        missing = next((name for name in self.wanted if name not in best), self.wanted[0])
        within = "" if len(asked) == 1 else f" in a row with the others in any of its sheets ({_listed(asked)})"
        return DataError(f"there is no column {missing!r}{within}", where=where, hint=nearest(missing, best))

    def _tell_left_out(self, sheets: Sequence[Sheet], taken: Sequence[Sheet]) -> None:
        left = [sheet for sheet in sheets if sheet not in taken and sheet.content.height]
        if left and self.sheet is None:
            text = said(
                "{file}: {n} of its {all} sheets are not read as {things}: {sheets}. Name one with [file] sheet in the "
                "mapping to read it.",
                file=self.path,
                n=len(left),
                all=len(sheets),
                things=things(self.table),
                sheets=_listed(left),
            )
            self.cautions.append(("sheets_left_out", text))

    def _frame(self, sheet: Sheet, header: int) -> Frame:
        import pyarrow as pa

        name = f"{self.path}, sheet {sheet.name}"
        rows = sheet.content.iter_rows()
        head = next(islice(rows, header, None)) if header >= 0 else ()
        names = self._names(name, sheet.content.width, [(cells.text(c) or "").strip() for c in head])
        parts: list[list[Any]] = [[] for _ in names]
        while batch := list(islice(rows, _BATCH)):
            for part, column in zip(parts, zip(*batch, strict=True), strict=True):
                part.append(cells.column(column))
        columns = [cells.joined(part) if part else pa.chunked_array([], pa.string()) for part in parts]
        self._tell_merged(name, sheet, header)
        self._tell_rounded(name, names, columns)
        table, shifts = _without_blanks(pa.table(columns, names=names), header + 2)
        return Frame(table, None, name, shifts)

    def _names(self, where: str, width: int, header: Sequence[str]) -> tuple[str, ...]:
        if self.columns is None:
            return unique_names(header, width)
        if len(self.columns) != width:
            raise DataError(f"the mapping names {len(self.columns)} columns and the sheet has {width}", where=where)
        return tuple(self.columns)

    def _tell_merged(self, name: str, sheet: Sheet, header: int) -> None:
        """A merged cell holds its value in its first row and column alone: the others are as good as empty."""
        merged = [area for area in sheet.content.merged_cell_ranges or () if area[1][0] > header]
        if merged:
            text = said(
                "{file}: {n} merged cells (the first in row {row}) hold their value once, and the rest counts as "
                "empty. Unmerge and fill them.",
                file=name,
                n=len(merged),
                row=merged[0][0][0] + 1,
            )
            self.cautions.append(("merged_cells", text))

    def _tell_rounded(self, name: str, names: Sequence[str], columns: Sequence[Any]) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc

        for column, values in zip(names, columns, strict=True):
            rounded = pa.types.is_string(values.type) and pc.any(pc.match_substring_regex(values, cells.ROUNDED))
            if rounded and rounded.as_py():
                text = said(
                    "{file}: {column} holds numbers of 16 digits or more, of which a workbook keeps 15: what differed "
                    "may be alike. Export them as text.",
                    file=name,
                    column=column,
                )
                self.cautions.append(("rounded_numbers", text))


def wanted(path: Path, table: Table, mapping: Mapping | None) -> Tables:
    """The sheets of a workbook that have the columns without which no row of *table* can be."""
    entries = mapping.of(table).entries(table) if mapping else canonical(table.required, table).entries(table)
    columns = dict.fromkeys(column for name in table.required for column in used(entries.get(name)))
    form = mapping.file if mapping else FileFormat()
    return Tables(path, table.name, tuple(columns), form.sheet, form.columns)


def heads(path: Path) -> list[set[str]]:
    """What each of the first rows of every sheet in sight holds, among them the headers.

    Raises:
        DataError: it cannot be read.
    """
    return [set(row) for sheet in opened(path) if not sheet.hidden for row in sheet.head()]


def first_rows(path: Path) -> list[tuple[str, ...]]:
    """The first rows of the sheet in sight that has the fullest one, from that one on: most often the header.

    Raises:
        DataError: it cannot be read.
    """
    sheets = [sheet.head() for sheet in opened(path) if not sheet.hidden]
    places = [(number, place) for number, sheet in enumerate(sheets) for place in range(len(sheet))]
    if not places:
        raise DataError("is empty", where=str(path), hint="export it again")
    number, first = max(places, key=lambda at: sum(map(bool, sheets[at[0]][at[1]])))
    header, *others = sheets[number][first:]
    return [unique_names(header, len(header)), *others]


def _listed(sheets: Sequence[Sheet]) -> str:
    return first_of([sheet.name + (" (hidden)" if sheet.hidden else "") for sheet in sheets], _LISTED)


def _without_blanks(table: Any, first: int) -> tuple[Any, tuple[tuple[int, int], ...]]:
    """The rows that hold something, and (ordinal, shift) that lead back to their numbers in the sheet.

    *first*: the number of the first row of the table.
    """
    import numpy as np
    import pyarrow as pa

    filled = np.zeros(table.num_rows, dtype=bool)
    for column in table.columns:
        filled |= np.asarray(column.is_valid())
    numbers = np.flatnonzero(filled) + first
    shifts = numbers - np.arange(len(numbers))
    starts = np.flatnonzero(np.diff(shifts, prepend=-1))
    found = tuple((int(start), int(shifts[start])) for start in starts)
    return (table if filled.all() else table.filter(pa.array(filled))), found or ((0, first),)
