"""Stage a text file: read it once, as text, into a temporary table in which every later statement counts.

DuckDB reads quickly and loses rows silently: a stray quote swallows what follows it, a ragged line vanishes, and which
rows it takes depends on the columns asked for: what selects from the text must name them all. So the physical lines
are counted by themselves. Header and rows equal them: every line is a row. Else the file is read once more, line by
line (`scan`), to say what each other line is; and where the two readings differ, DuckDB gets a copy that holds the
records only.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from cc_metrics.errors import DataError, EngineError
from cc_metrics.store.decode import new_file, plain_text
from cc_metrics.store.delimited import Delimited, as_written
from cc_metrics.store.dialect import Dialect, column_names, find_dialect
from cc_metrics.store.grammar import LONGEST, Grammar
from cc_metrics.store.lines import count_lines
from cc_metrics.store.scan import Part, Scan

_LARGE = 256_000_000  # bytes of text from which keeping the order costs seconds
_UNREADABLE = -1


class OrderNeededError(Exception):
    """The rows of a text must be known in their order, and it was read without."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text file to select from: *sql* is a FROM clause of c1..cn, VARCHAR, empty fields NULL."""

    columns: tuple[str, ...]
    delimiter: str
    sql: str
    first: Callable[..., Any]  # the first value of an expression on c1..cn (or on a FROM clause) not NULL, else None


@dataclass(frozen=True, slots=True)
class StagedText:
    """A text file as a temporary table."""

    table: str  # a row for each accepted record; where *ordered*, rowid = its 0-based ordinal
    shifts: str  # table (ordinal, shift): record o stands in line o + shift of the last row with ordinal <= o
    columns: tuple[str, ...]  # names as in the header, or "1", "2", ...; position i is c{i+1}
    dialect: Dialect
    records: int  # rows of the table
    refused: int  # records the parser refused, each in the table `refused` once
    ordered: bool  # whether the rows stand in the order of the lines


def stage(
    connection: Any,
    path: Path,
    *,
    select: Callable[[Text], str],
    table: str,
    file: int,
    spill: Path,
    refused: str = "refused",
    lines: bool = True,
    header: bool | None = None,
    delimiter: str | None = None,
    encoding: str | None = None,
    quoted: bool = True,
) -> StagedText:
    """Read a text file into the temporary tables `table` and `table`_shifts; refusals go to the table *refused*.

    Args:
        connection: a DuckDB connection.
        path: the file, compressed or not; None for header, delimiter or encoding means: find out.
        select: makes the SELECT over the text that fills the table; it names every column, else rows come or go.
        table: a name of our own, no user's text.
        file: number under which refusals are kept.
        spill: folder for temporary copies, deleted before this returns.
        refused: a table of the connection (file INTEGER, line BIGINT, reason VARCHAR, text VARCHAR).
        lines: whether the line of a row must be known; without, a large file is read a third faster.
        quoted: whether quotes may stand around fields.

    Raises:
        DataError: no such file, no text, empty, or lines that cannot be accounted for.
        EngineError: memory or disk ran out.
    """
    dialect = find_dialect(path, header=header, delimiter=delimiter, encoding=encoding)
    dialect = dialect if quoted else replace(dialect, quote="", columns=1)
    with (
        plain_text(path, dialect.compression, dialect.encoding, spill) as source,
        _in_words(path),
    ):
        ordered = lines or source.stat().st_size < _LARGE
        reading = _Reading(connection, path, source, table, file, spill, refused, dialect, ordered)
        try:
            with as_written(connection, ordered=ordered):
                reading.run(select)
        except BaseException:
            connection.execute(f"DROP TABLE IF EXISTS {table}")
            connection.execute(f"DROP TABLE IF EXISTS {table}_shifts")
            connection.execute(f"DELETE FROM {refused} WHERE file = ?", [file])
            raise
    return StagedText(
        table, f"{table}_shifts", column_names(dialect), reading.dialect, reading.records, reading.refused, ordered
    )


@dataclass
class _Reading:
    """The steps from a plain UTF-8 file to the tables."""

    connection: Any
    path: Path
    source: Path
    table: str
    file: int
    spill: Path
    refusals: str
    dialect: Dialect
    ordered: bool
    records: int = 0
    refused: int = 0

    def __post_init__(self) -> None:
        self.lines, self.newline, self.quotes = count_lines(self.source)
        self.read: Delimited

    def run(self, select: Callable[[Text], str]) -> None:
        self.connection.execute(f"CREATE TEMP TABLE {self.table}_shifts (ordinal BIGINT, shift BIGINT)")
        head = int(self.dialect.header is not None)
        self.records = self._load(select, self.source, header=bool(head))
        if self.records + head == self.lines and self._begins_with_row():
            self._keep(Part(shifts=[(0, 1 + head)]))
            return
        scan = self._scan()
        if scan.header + scan.records + scan.refused + scan.blank + scan.breaks != self.lines:
            raise self._unaccounted(scan)
        self.refused = scan.refused
        if scan.first_stray or scan.records != self.records or scan.inner != self._breaks(scan):
            self._load_records(select, scan)

    def _begins_with_row(self) -> bool:
        """Tell whether the header is the first line and no more: DuckDB takes whatever stands there for it."""
        if self.dialect.header is None:
            return True
        with self.source.open("rb") as stream:
            line = stream.readline(LONGEST).removeprefix(b"\xef\xbb\xbf").rstrip(b"\r\n")
        return bool(line.strip()) and not self._grammar().fields(line)[1]

    def _grammar(self) -> Grammar:
        return Grammar(self.dialect.delimiter, self.dialect.quote, self.dialect.columns)

    def _load(self, select: Callable[[Text], str], source: Path, *, header: bool, whole: bool = False) -> int:
        """Let DuckDB read a file into the table; the rows it has, or _UNREADABLE."""
        import duckdb

        quote = self.dialect.quote if self.quotes else ""
        self.read = Delimited(source, self.dialect.delimiter, quote, header, self.dialect.columns, whole)
        self.connection.execute(f"DROP TABLE IF EXISTS {self.table}")
        text = Text(column_names(self.dialect), self.dialect.delimiter, self.read.sql, self._first)
        try:
            self.connection.execute(f"CREATE TEMP TABLE {self.table} AS {select(text)}", self.read.parameters)
        except duckdb.InvalidInputException:
            return _UNREADABLE
        return int(self.connection.execute(f"SELECT count(*) FROM {self.table}").fetchone()[0])

    def _first(self, sql: str, table: str = "") -> Any:
        found = f"SELECT {sql} FROM {table or self.read.sql} WHERE {sql} IS NOT NULL LIMIT 1"
        self.connection.execute("SET preserve_insertion_order = true")
        row = self.connection.execute(found, self.read.parameters).fetchone()
        self.connection.execute(f"SET preserve_insertion_order = {self.ordered}")
        return row[0] if row else None

    def _scan(self) -> Scan:
        """Read line by line and keep refusals and shifts; with quotes as letters if that is what they are."""
        scan = self._one_scan()
        if scan.first_stray and not scan.quoted:
            self.connection.execute(f"DELETE FROM {self.refusals} WHERE file = ?", [self.file])
            self.connection.execute(f"DELETE FROM {self.table}_shifts")
            self.dialect = replace(self.dialect, quote="")
            scan = self._one_scan()
            scan.first_stray = scan.first_stray or 1  # the table was read with the other quote
        return scan

    def _one_scan(self, copy: IO[bytes] | None = None) -> Scan:
        scan = Scan(self._grammar(), header=self.dialect.header is not None, newline=self.newline)
        with self.source.open("rb", buffering=0) as stream:
            for part in scan.parts(stream):
                if copy is None:
                    self._keep(part)
                elif part.kept:
                    copy.write(b"\n".join(part.kept) + b"\n")
        return scan

    def _keep(self, part: Part) -> None:
        if part.shifts:
            ordinals, shifts = (list(column) for column in zip(*part.shifts, strict=True))
            self.connection.execute(f"INSERT INTO {self.table}_shifts SELECT unnest(?), unnest(?)", [ordinals, shifts])
        if part.refused:
            columns = [list(column) for column in zip(*part.refused, strict=True)]
            sql = f"INSERT INTO {self.refusals} SELECT ?, unnest(?), unnest(?), unnest(?)"
            self.connection.execute(sql, [self.file, *columns])

    def _breaks(self, scan: Scan) -> int:
        """The line breaks inside the values that DuckDB reads (not looked for if no record has any)."""
        return self.read.breaks(self.connection, self.newline.decode()) if scan.inner else 0

    def _load_records(self, select: Callable[[Text], str], scan: Scan) -> None:
        """Read again, from a copy that holds the accepted records and nothing else."""
        records = new_file(self.spill)
        try:
            with records.open("wb") as copy:
                self._one_scan(copy)
            self.records = self._load(select, records, header=False, whole=True)
            if self.records != scan.records or scan.inner != self._breaks(scan):
                raise self._unaccounted(scan)
        finally:
            records.unlink(missing_ok=True)

    def _unaccounted(self, scan: Scan) -> DataError:
        what = f"its {self.lines:,} lines cannot be accounted for"
        if scan.first_stray:
            what += f"; a quote was left open in line {scan.first_stray:,}"
        return DataError(what, where=str(self.path), hint="mend that line, or export without line breaks in fields")


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    import duckdb

    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise EngineError(
            "the memory or the spill folder is too small", where=str(path), hint="--memory, --spill"
        ) from error
    except duckdb.IOException as error:
        raise EngineError(f"reading or spilling failed: {str(error).splitlines()[0]}", where=str(path)) from error
    except OSError as error:
        raise EngineError(f"reading or spilling failed: {error.strerror}", where=str(path)) from error
