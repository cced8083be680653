"""The beginning of a source: its form, the names of its columns and the first values under them, and no more of it."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from os import SEEK_END
from pathlib import Path
from typing import Any, Final

from cc_metrics.store import decode, dialect, files, json_lines
from cc_metrics.store.file_format import FileFormat
from cc_metrics.store.mapping import Mapping
from cc_metrics.store.relation import Frame

ROWS: Final = 1_000
SPECIAL: Final = ("json", "queue_log")
"""Forms of files that are no tables, as a mapping names them."""
_QUEUE_LOG: Final = re.compile(rb"\d{9,}(\.\d+)?(\|[^|\r\n]*){3}\|[A-Z][A-Z-]+[|\r\n]")  # Asterisk's, line by line
_PEEK: Final = 1 << 16
_MARKS: Final = b"\xef\xbb\xbf\xff\xfe"  # of UTF-8 and of UTF-16
_BETWEEN: Final = re.compile(rb"[%s]" % re.escape(dialect.DELIMITERS.encode()))


@dataclass(frozen=True, slots=True)
class Head:
    """What a source begins with. *named*: whether its columns bear names; else they are "1", "2" ..."""

    form: str  # "text", "parquet", "table", or one of SPECIAL
    names: tuple[str, ...]
    named: bool = True


def look(source: Path | Frame, mapping: Mapping | None = None) -> Head:
    """The form and the columns of a source; a *mapping* says under which key an answer of JSON holds its records.

    Raises:
        DataError: the file cannot be read, or is neither text nor a table.
    """
    if isinstance(source, Frame):
        return Head("table", source.columns)
    if files.is_parquet(source):
        with _parquet(source) as file:
            return Head("parquet", tuple(file.schema_arrow.names))
    if files.is_workbook(source):
        from cc_metrics.store import workbook

        return Head("workbook", workbook.first_rows(source)[0])
    form = mapping.file if mapping else FileFormat()
    if json_lines.is_json(source, form):
        from cc_metrics.store import json_file, json_names

        written = json_file.find_json_dialect(source, form.encoding)
        return Head("json", json_names.names(source, written, form.nested.records))
    if _QUEUE_LOG.match(begins(source)):
        return Head("queue_log", (), named=False)
    found = dialect.find_dialect(source)
    return Head("text", dialect.column_names(found), named=found.header is not None)


def rows(path: Path) -> list[tuple[str, ...]]:
    """Some values of a file as texts, of a thousand first rows, and of as many last ones of plain text; nothing is "".

    Raises:
        DataError: the file cannot be read, or is neither text nor a table.
    """
    if json_lines.is_json(path, None):
        from cc_metrics.store import json_file, json_names

        return json_names.rows(path, json_file.find_json_dialect(path))
    if files.is_workbook(path):
        from cc_metrics.store import workbook

        return workbook.first_rows(path)[1:]
    if not files.is_parquet(path):
        return dialect.some_rows(path, dialect.find_dialect(path))
    with _parquet(path) as file:
        for batch in file.iter_batches(batch_size=ROWS):
            columns = [[_written(value) for value in column.to_pylist()] for column in batch.columns]
            return list(zip(*columns, strict=True))
    return []


@contextmanager
def _parquet(path: Path) -> Iterator[Any]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            yield file
    except (pa.ArrowException, OSError):
        raise files.damaged_parquet(path) from None


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def begins(path: Path) -> bytes:
    """The first bytes of a file's text, the footer of Parquet, where the names of its columns stand.

    Raises:
        DataError: the file cannot be read.
    """
    if files.is_parquet(path):
        with path.open("rb") as file:
            size = file.seek(0, SEEK_END)
            file.seek(max(0, size - 8))
            footer = int.from_bytes(file.read(4), "little")
            file.seek(max(0, size - 8 - footer))
            return file.read(footer + 8)
    with decode.opened(path, None) as stream:
        compression = decode.compression_of(stream.read(16))
    with decode.opened(path, compression) as stream:
        return stream.read(_PEEK).replace(b"\0", b"")  # UTF-16 reads like ASCII without them


def names_all(begun: bytes, names: Sequence[str]) -> bool:
    """Whether what a file begins with names all of these columns, told without reading it as a table."""
    wanted = {name.encode() for name in names}
    if begun.endswith(b"PAR1"):
        return all(bytes([len(name)]) + name in begun for name in wanted)  # a name's length stands before it
    first = begun.lstrip(_MARKS).lstrip().partition(b"\n")[0]
    return wanted <= {name.strip(b' "\r') for name in _BETWEEN.split(first)}
