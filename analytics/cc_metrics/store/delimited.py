"""The one way in which DuckDB reads delimited text: every column, as text; nothing about the file is left to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cc_metrics.store.files import pattern
from cc_metrics.store.grammar import LONGEST


@dataclass(frozen=True, slots=True)
class Delimited:
    """A plain UTF-8 file as DuckDB is told to read it; *whole*: it holds records alone, in lines that end alike."""

    path: Path
    delimiter: str
    quote: str
    header: bool
    columns: int
    whole: bool

    @property
    def parameters(self) -> list[Any]:
        """What the SQL binds: path, delimiter, quote and header."""
        return [pattern(self.path.resolve()), self.delimiter, self.quote, self.header]

    @property
    def sql(self) -> str:
        """A FROM clause of c1..cn, VARCHAR, empty fields NULL."""
        types = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(1, self.columns + 1))
        alone = "parallel = false, new_line = '\\n'" if self.whole else "parallel = true"
        only = self.columns == 1  # an empty line is blank, "" is a row: tell them apart before both are NULL
        select, where = ("nullif(c1, '') AS c1", " WHERE c1 IS NOT NULL") if only else ("*", "")
        return (
            f"(SELECT {select} FROM read_csv($1, delim = $2, quote = $3, escape = $3, "
            f"header = $4, columns = {{{types}}}, auto_detect = false, strict_mode = true, ignore_errors = true, "
            f"null_padding = false, allow_quoted_nulls = {not only}, compression = 'none', hive_partitioning = false, "
            f"max_line_size = {LONGEST}, {alone}){where}) text"
        )

    def breaks(self, connection: Any, newline: str) -> int:
        """The line breaks inside its values."""
        columns = (f"coalesce(len(c{i}) - len(replace(c{i}, $5, '')), 0)" for i in range(1, self.columns + 1))
        sql = f"SELECT coalesce(sum({' + '.join(columns)}), 0)::BIGINT FROM {self.sql}"
        return int(connection.execute(sql, [*self.parameters, newline]).fetchone()[0])


@contextmanager
def as_written(connection: Any, *, ordered: bool) -> Iterator[None]:
    """Rows keep their order if asked to, and no cast moves into the scan, where a failing one takes its row along.

    Outside of staging neither is needed.
    """
    connection.execute("SET disabled_optimizers = 'type_pushdown'")
    connection.execute(f"SET preserve_insertion_order = {ordered}")
    try:
        yield
    finally:
        connection.execute("SET disabled_optimizers = ''")
        connection.execute("SET preserve_insertion_order = false")
