"""JSON that is not one record a line, as lines: arrays, an answer that holds its records in a list, pretty print.

Structure is found with whole blocks at once (quotes, then brackets outside of strings), so that memory stays flat
and no record is looked at in Python.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

from cc_metrics.errors import DataError
from cc_metrics.store import decode
from cc_metrics.store.dialect import SAMPLE
from cc_metrics.store.file_format import FileFormat

_PEEK: Final = 1 << 12
_BEGINNING: Final = re.compile(rb'\A[\s\xef\xbb\xbf\xff\xfe]*(?:\{\s*["}]|\[\s*[\]{])')
_LINE: Final = re.compile(rb"(?:\A|[\r\n])[\s\xef\xbb\xbf\xff\xfe]*[{\[]")
_BLOCK: Final = 1 << 20
_LOOKED_AT: Final = 100  # lines that tell whether each is a record
_TO_BLANKS: Final = bytes.maketrans(b"\r\n", b"  ")
_BETWEEN: Final = b" \t\r\n,[]\x1e"  # what may stand between records
_KEY: Final = 300  # bytes before a list in which its key stands


def is_json(path: Path, form: FileFormat | None) -> bool:
    """Whether a file is JSON: it begins with { or [{, or a mapping calls it so and one of its first lines does.

    Raises:
        DataError: it cannot be read.
    """
    if form and form.form != "json" and (form.form or form.delimiter or form.columns):
        return False
    beginning = _LINE if form and form.form else _BEGINNING
    with decode.opened(path, None) as stream:
        compression = decode.compression_of(stream.read(16))
    with decode.opened(path, compression) as stream:
        return beginning.search(stream.read(_PEEK).replace(b"\0", b"")) is not None


@contextmanager
def as_lines(path: Path, records: str | None, source: Path, spill: Path) -> Iterator[Path]:
    """The plain text *source* of a file if every line is a record, else a copy in *spill* with one record a line.

    *records* is the key under which an answer holds its records. Errors name *path*.

    Raises:
        DataError: there are no records, or what is there is no JSON.
        EngineError: the copy cannot be written.
    """
    with source.open("rb") as stream:
        sample = stream.read(SAMPLE).removeprefix(b"\xef\xbb\xbf")
    if in_lines(sample, records):
        yield source
        return
    splitter = Splitter(sample, records, str(path))
    with source.open("rb", buffering=0) as stream:
        copy = decode.write(splitter.parts(stream), spill)
    try:
        if not splitter.records:
            raise DataError("holds no JSON records", where=str(path), hint=_named(records))
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def _named(records: str | None) -> str:
    return (
        f"they are looked for in the list {records!r}" if records else "name the list that holds them: [file] records"
    )


def in_lines(sample: bytes, records: str | None) -> bool:
    """Whether lines are records: most can be read by themselves, and the first is no answer around records."""
    lines = [line for line in sample.split(b"\n") if line.strip()][:_LOOKED_AT]
    objects = [found for line in lines if isinstance(found := _read(line), dict)]
    return 2 * len(objects) > len(lines) and not (records and isinstance(objects[0].get(records), list))


def _read(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


class Splitter:
    """One reading of a text of JSON; `records` counts what was found."""

    def __init__(self, sample: bytes, key: str | None, where: str) -> None:
        self._where = where
        self.records = 0
        wrapped = key is not None and re.search(_key(key) + rb"\[", sample) is not None
        self._key = re.compile(_key(key) + rb"\Z") if wrapped and key else None
        self._level = 2 if wrapped else int(sample.lstrip().startswith(b"["))  # brackets around a record
        self._depth, self._inside, self._chosen = 0, False, not wrapped
        self._before = b""  # the end of the block before

    def parts(self, stream: IO[bytes]) -> Iterator[bytes]:
        """The records, each ended by a line break, a block at a time."""
        carry = stream.read(3).removeprefix(b"\xef\xbb\xbf")
        while block := stream.read(_BLOCK):
            data = carry + block
            whole = len(data.rstrip(b"\\"))  # a backslash belongs to what follows it
            data, carry = data[:whole], data[whole:]
            yield self._part(data)
            self._before = (self._before + data)[-_KEY:]
        yield self._part(carry)
        if self._depth or self._inside:
            raise DataError(
                f"ends in the middle of record {self.records + 1:,}",
                where=self._where,
                hint="it is cut short, or a quote or bracket in it is not closed: export it again",
            )

    def _part(self, data: bytes) -> bytes:
        import numpy as np

        masked = data.replace(b"\\\\", b"  ").replace(b'\\"', b"  ") if b"\\" in data else data
        letters = np.frombuffer(masked, dtype=np.uint8)
        lower = letters | 0x20  # [ and { differ by one bit, and so do ] and }
        marks = np.flatnonzero((letters == ord('"')) | (lower == ord("{")) | (lower == ord("}")))
        quotes = letters[marks] == ord('"')
        inside = (np.cumsum(quotes) + self._inside) & 1 == 1
        places = marks[~quotes & ~inside]
        opens = lower[places] == ord("{")
        depths = self._depth + np.cumsum(np.where(opens, 1, -1))
        began = self._depth > self._level and self._chosen
        counted = self._counted(data, places, opens, depths)
        if len(marks):
            self._inside = bool(inside[-1])
        if len(depths):
            self._depth = int(depths[-1])
        starts = places[opens & (depths == self._level + 1) & counted]
        ends = places[~opens & (depths == self._level) & counted]
        return self._written(data, starts, ends, began=began)

    def _counted(self, data: bytes, places: Any, opens: Any, depths: Any) -> Any:
        """Whether each bracket stands in a list of records: always, unless an answer has more around it."""
        import numpy as np

        if self._key is None:
            return np.ones(len(places), dtype=bool)
        counted, done = np.zeros(len(places), dtype=bool), 0
        for turn in np.flatnonzero(np.where(opens, depths == self._level, depths == self._level - 1)):
            counted[done:turn] = self._chosen
            at, done = int(places[turn]), int(turn)
            before = (self._before + data[max(0, at - _KEY) : at])[-_KEY:]
            self._chosen = bool(opens[turn] and data[at : at + 1] == b"[" and self._key.search(before))
        counted[done:] = self._chosen
        return counted

    def _written(self, data: bytes, starts: Any, ends: Any, *, began: bool) -> bytes:
        """What lies in records, with a line break after each."""
        import numpy as np

        bounds = np.sort(np.concatenate([starts, ends + 1, [] if not began else [0]]).astype(np.int64))
        lengths = np.diff(np.concatenate([[0], bounds, [len(data)]]))  # between, within, between, ...
        within = np.repeat(np.arange(len(lengths)) % 2 == 1, lengths)
        letters = np.frombuffer(data.translate(_TO_BLANKS), dtype=np.uint8)
        between = letters[~within].tobytes().strip(_BETWEEN) if self._key is None else b""
        if between.translate(None, _BETWEEN):
            raise DataError("holds something beside its JSON records", where=self._where, hint="export it again")
        self.records += len(ends)
        ended = np.cumsum(lengths[1::2])[: len(ends)]
        return bytes(np.insert(letters[within], ended, ord("\n")).tobytes())


def _key(name: str) -> bytes:
    """A pattern of a key and its colon."""
    return re.escape(json.dumps(name, ensure_ascii=False).encode()) + rb"\s*:\s*"
