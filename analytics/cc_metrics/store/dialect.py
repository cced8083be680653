"""Find out from the first megabyte how a text file is written: compression, encoding, delimiter, quote, header."""

import codecs
import re
from collections import Counter
from dataclasses import dataclass
from os import SEEK_END
from pathlib import Path

from cc_metrics.errors import DataError, UsageError
from cc_metrics.store.decode import compression_of, opened
from cc_metrics.store.grammar import MANY, NUMBER, Grammar

SAMPLE = 1 << 20
DELIMITERS = ",;\t|^~\x01"

_FOREIGN = {
    b"PAR1": "a Parquet file",
    b"PK\x03\x04": "a workbook (XLSX) or another zip archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook (XLS)",
    b"%PDF": "a PDF",
    b"SQLite format 3": "an SQLite database",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"\xff\xfe\x00\x00": "UTF-32 text",
}
LAST = 1 << 17  # bytes at the end: hours or days after the first ones
LOOKED_AT = 100  # lines that decide delimiter and width
_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text file is written."""

    encoding: str  # "utf-8", "utf-8-sig", "utf-16", "gb18030", or the name of a codec that was asked for
    compression: str | None  # None, "gzip" or "zstd"
    delimiter: str
    quote: str  # "" if quotes are letters like any other
    header: tuple[str, ...] | None  # names as written, stripped; None: the file has no header
    columns: int


def find_dialect(
    path: Path, *, header: bool | None = None, delimiter: str | None = None, encoding: str | None = None
) -> Dialect:
    """Look at the beginning of a file; None means: find out.

    Raises:
        DataError: the file cannot be read, is empty or is no text.
        UsageError: the delimiter or encoding asked for cannot be meant.
    """
    if delimiter is not None and (len(delimiter) != 1 or not delimiter.isascii() or delimiter in '\r\n"'):
        raise UsageError(f"{delimiter!r} cannot be a delimiter", hint="give one ASCII character, for example ';'")
    compression, sample, whole = _sample(path)
    code = _known(encoding) if encoding else _encoding(sample, path)
    rows = _lines(sample, code, whole=whole)[:LOOKED_AT]
    if not rows:
        raise DataError("is empty", where=str(path), hint="export it again")
    mark = delimiter or _delimiter(rows)
    grammar = Grammar(mark, '"', 1)
    records = grammar.records(rows)
    widths = Counter(len(grammar.values(record)) for record in records[1:] or records)
    width = widths.most_common(1)[0][0]
    names = tuple(_text(value) for value in grammar.values(records[0]))
    if header is None:
        header = _is_header(names)
    if header:
        while len(names) > width and not names[-1]:
            names = names[:-1]
        width = len(names)
    return Dialect(code, compression, mark, '"', names if header else None, width)


def some_rows(path: Path, dialect: Dialect) -> list[tuple[str, ...]]:
    """The values of a text's first rows, and of its last ones where it is plain: at most a thousand of each.

    What is no row is left out.

    Raises:
        DataError: the file cannot be read.
    """
    _, sample, whole = _sample(path)
    grammar = Grammar(dialect.delimiter, dialect.quote, dialect.columns)
    records = grammar.records(_lines(sample, dialect.encoding, whole=whole))[int(dialect.header is not None) :]
    if not whole and dialect.compression is None and not dialect.encoding.startswith("utf-16"):
        records += grammar.records(_lines(_end(path), dialect.encoding, whole=True)[-MANY:])
    return [tuple(map(_text, grammar.values(r)))[: dialect.columns] for r in records if grammar.fits(r)]


def _end(path: Path) -> bytes:
    """The last whole lines of a file, none of which its sample holds."""
    with opened(path, None) as stream:
        size = stream.seek(0, SEEK_END)
        stream.seek(max(SAMPLE, size - LAST))
        return stream.read().partition(b"\n")[2]


def column_names(dialect: Dialect) -> tuple[str, ...]:
    """The columns' names, each once: a second "queue" is "queue (2)", a nameless third column "3"."""
    names: list[str] = []
    for place in range(dialect.columns):
        name = (dialect.header[place] if dialect.header else "") or str(place + 1)
        number, unique = 1, name
        while unique in names:
            number += 1
            unique = f"{name} ({number})"
        names.append(unique)
    return tuple(names)


def _sample(path: Path) -> tuple[str | None, bytes, bool]:
    """The compression, the first bytes of the uncompressed text, and whether they are all of it."""
    with opened(path, None) as stream:
        head = stream.read(16)
    compression = compression_of(head)
    with opened(path, compression) as stream:
        sample = b""
        while len(sample) <= SAMPLE and (block := stream.read(SAMPLE + 1 - len(sample))):
            sample += block
    for magic, kind in _FOREIGN.items():
        if sample.startswith(magic):
            raise DataError(f"looks like {kind}, not like text", where=str(path), hint="give it the right name ending")
    return compression, sample[:SAMPLE], len(sample) <= SAMPLE


def _known(encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        raise UsageError(f"{encoding!r} is no encoding", hint="for example utf-8, gb18030, utf-16") from None
    return "gb18030" if name in {"gbk", "gb2312", "hz"} else name.replace("ascii", "utf-8")


def _encoding(sample: bytes, path: Path) -> str:
    """Name the encoding of a sample that may end, or be damaged, in the middle of a character."""
    for mark, name in _BOMS.items():
        if sample.startswith(mark):
            return name
    if b"\0" in sample:
        return _wide(sample, path)
    good, bad = _decoded(sample, "utf-8")
    if not bad or good > bad:
        return "utf-8"
    _, wrong = _decoded(sample, "gb18030")
    return "gb18030" if wrong * 10 <= bad else "utf-8"


def _wide(sample: bytes, path: Path) -> str:
    """UTF-16 without a mark: read the right way round it has line breaks, no NUL and hardly a bad character."""
    for name in ("utf-16-le", "utf-16-be"):
        text = codecs.getincrementaldecoder(name)("replace").decode(sample)
        if ("\n" in text or "\r" in text) and "\0" not in text and text.count("\ufffd") * 10 <= len(text):
            return name
    raise DataError("is no text: it holds NUL bytes", where=str(path), hint="export it as CSV, Parquet or XLSX")


def _decoded(sample: bytes, encoding: str) -> tuple[int, int]:
    """How many characters beyond ASCII a strict reading finds, and how many bytes it stumbles over."""
    text = codecs.getincrementaldecoder(encoding)("replace").decode(sample)
    bad = text.count("\ufffd")
    return len(text) - len(re.sub(r"[^\x00-\x7f]", "", text)) - bad, bad


def _lines(sample: bytes, encoding: str, *, whole: bool) -> list[bytes]:
    """The whole lines of a sample that are not blank, in UTF-8."""
    if encoding not in {"utf-8", "utf-8-sig"}:
        text = codecs.getincrementaldecoder(encoding)("replace").decode(sample)
        sample = text.encode("utf-8", "replace")
    sample = sample.removeprefix(codecs.BOM_UTF8)
    lines = sample.split(b"\n" if b"\n" in sample else b"\r")
    if not whole and len(lines) > 1:
        lines.pop()
    return [line.rstrip(b"\r") for line in lines if line.strip()]


def _delimiter(lines: list[bytes]) -> str:
    """The character that cuts most lines into as many fields as the first one, and into the most of them."""
    best, mark = (False, 0.0, 1), ""
    for candidate in (c for c in DELIMITERS if any(c.encode() in line for line in lines)):
        grammar = Grammar(candidate, '"', 1)
        widths = [len(grammar.values(record)) for record in grammar.records(lines)]
        width, count = Counter(widths[1:] or widths).most_common(1)[0]
        share = round(count / len(widths[1:] or widths), 1)
        if width > 1 and (widths[0] == width, share, width) > best:
            best, mark = (widths[0] == width, share, width), candidate
    unused = (candidate for candidate in DELIMITERS if not any(candidate.encode() in line for line in lines))
    return mark or next(unused, ",")


def _is_header(names: tuple[str, ...]) -> bool:
    """A header names at least half of its columns, and none of them with a number, a date or a time."""
    given = [name for name in names if name]
    return 2 * len(given) >= len(names) and not any(NUMBER.fullmatch(name.encode()) for name in given)


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace").strip()
