"""Turn what is on disk or on a pipe into a plain UTF-8 file, block by block, so that memory stays flat.

A byte that the encoding does not know becomes the byte 0xFF, which no UTF-8 text holds: the line it stands in
can still be told apart, and is refused where every other undecodable line is refused.
"""

import codecs
import gzip
import os
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, cast

from cc_metrics.errors import DataError, EngineError

BLOCK = 1 << 22
MARK = "cc_metrics.mark"  # the name of our codec error handler

_PLAIN = frozenset({"utf-8", "utf-8-sig"})
_MAGIC = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}


def compression_of(head: bytes) -> str | None:
    """Name the compression by the first bytes of a file, whatever it is called.

    >>> compression_of(bytes.fromhex("1f8b0800")), compression_of(b"a,b")
    ('gzip', None)
    """
    return next((name for magic, name in _MAGIC.items() if head.startswith(magic)), None)


@contextmanager
def opened(path: Path, compression: str | None) -> Iterator[IO[bytes]]:
    """Open a file for reading its uncompressed bytes.

    Raises:
        DataError: it is no file, may not be read, or its compression is damaged.
    """
    try:
        with _stream(path, compression) as stream:
            yield stream
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError("is damaged or cut short", where=str(path), hint="export it again") from error
    except FileNotFoundError as error:
        raise DataError("there is no such file", where=str(path)) from error
    except (IsADirectoryError, PermissionError) as error:
        what = "is a folder" if path.is_dir() else "may not be read"
        raise DataError(what, where=str(path), hint="name a file this account may read") from error
    except OSError as error:  # what PyArrow says of a damaged zstd file
        raise DataError("cannot be read to its end", where=str(path), hint="export or copy it again") from error


@contextmanager
def plain_text(path: Path, compression: str | None, encoding: str, spill: Path) -> Iterator[Path]:
    """The file itself if it is plain UTF-8, else a decoded copy in `spill` that lives as long as the block.

    Raises:
        DataError: the file cannot be read or its compression is damaged.
        EngineError: the copy cannot be written.
    """
    if not compression and encoding in _PLAIN:
        yield path
        return
    with opened(path, compression) as stream:
        copy = write(_recoded(_blocks(stream), encoding), spill)
    try:
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def spool(stream: BinaryIO, spill: Path) -> Path:
    """Copy a pipe to a new file in `spill` and return its path; the caller deletes it.

    Raises:
        EngineError: the copy cannot be written.
    """
    return write(_blocks(stream), spill)


def new_file(spill: Path) -> Path:
    """Make an empty file of a new name in `spill`, which is made if missing."""
    try:
        spill.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix="cc-metrics-", suffix=".text", dir=spill)
    except OSError as error:
        raise EngineError(
            f"no temporary file can be made: {error.strerror}", where=str(spill), hint="give --spill DIR"
        ) from error
    os.close(handle)
    return Path(name)


def _stream(path: Path, compression: str | None) -> IO[bytes]:
    if compression == "gzip":
        return cast("IO[bytes]", gzip.open(path, "rb"))
    if compression == "zstd":
        import pyarrow

        return cast("IO[bytes]", pyarrow.input_stream(str(path), compression="zstd"))
    return path.open("rb", buffering=0)


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: stream.read(BLOCK), b"")


def _recoded(blocks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    if encoding in _PLAIN:
        yield from blocks
        return
    decoder = codecs.getincrementaldecoder(encoding)(MARK)
    for block in blocks:
        yield decoder.decode(block).encode("utf-8", MARK)
    yield decoder.decode(b"", final=True).encode("utf-8", MARK)


def write(blocks: Iterator[bytes], spill: Path) -> Path:
    """Write blocks to a new file in `spill` and return its path, whole or not at all; the caller deletes it.

    Raises:
        EngineError: it cannot be written.
    """
    path = new_file(spill)
    try:
        with path.open("wb", buffering=0) as copy:
            for block in blocks:
                _put(copy, block, spill)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def _put(copy: IO[bytes], block: bytes, spill: Path) -> None:
    try:
        rest = memoryview(block)
        while rest:
            rest = rest[copy.write(rest) :]
    except OSError as error:
        raise EngineError(
            f"the temporary copy cannot be written: {error.strerror}",
            where=str(spill),
            hint="free some space or give --spill DIR",
        ) from error


def _mark(error: UnicodeError) -> tuple[str | bytes, int]:
    """Codec error handler: a lone surrogate while decoding, 0xFF for it while encoding."""
    if isinstance(error, UnicodeDecodeError):
        return "\udcff", error.end
    if isinstance(error, UnicodeEncodeError):
        return b"\xff" * (error.end - error.start), error.end
    raise error


codecs.register_error(MARK, _mark)
