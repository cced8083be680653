"""A picture: what it is called, what it says in a sentence, its spec, and the numbers behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cc_metrics.language import told
from cc_metrics.model.columns import Column
from cc_metrics.model.report import Row
from cc_metrics.render import words
from cc_metrics.render.fields import Field


@dataclass(frozen=True, slots=True)
class Picture:
    """*name* is fixed and fit for an id, *title* and *says* are for people, *table* holds what the marks stand for."""

    name: str
    title: str
    says: str
    spec: dict[str, Any]
    table: tuple[Field, ...]


def columns_of(rows: Sequence[Row], table: Sequence[Column], *names: str) -> list[Field]:
    """Some columns of rows, worded as in every table; what no row knows is left out."""
    known = {column.name: column for column in table}
    found = []
    for name in names:
        values = [row.get(name) for row in rows]
        if all(value is None for value in values):
            continue
        column = known[name]
        cells = tuple(words.cells(column, values))
        found.append(Field(told(column.title), cells, left=column.kind in {"text", "moment"}))
    return found
