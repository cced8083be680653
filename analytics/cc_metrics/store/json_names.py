"""The names that the records of a JSON file bear, as paths: those of its first records."""

import codecs
import io
import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any, Final

from cc_metrics.errors import DataError
from cc_metrics.store import json_lines, json_paths
from cc_metrics.store.decode import opened
from cc_metrics.store.dialect import SAMPLE, Dialect
from cc_metrics.store.file_format import Levels

_LOOKED_AT: Final = 1_000  # records


def names(path: Path, dialect: Dialect, records: str | None = None) -> tuple[str, ...]:
    """The paths of the values in a file's first records, without those in lists.

    Raises:
        DataError: the file cannot be read.
    """
    return seen(_sample(path, dialect), records)


def rows(path: Path, dialect: Dialect) -> list[tuple[str, ...]]:
    """The values of a file's first records as texts, in the order of their names; nothing is "".

    Raises:
        DataError: the file cannot be read.
    """
    sample = _sample(path, dialect)
    found = [dict(_leaves(record, "")) for record in _records(sample, None)]
    return [tuple(_written(record.get(name)) for name in seen(sample)) for record in found]


def _written(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)


def _sample(path: Path, dialect: Dialect) -> bytes:
    with opened(path, dialect.compression) as stream:
        sample = stream.read(SAMPLE)
    text = codecs.getincrementaldecoder(dialect.encoding)("replace").decode(sample)
    return text.removeprefix("\ufeff").encode()


def seen(sample: bytes, records: str | None = None) -> tuple[str, ...]:
    """The paths of the values in the first records of a sample.

    >>> seen(b'{"id": 1, "Queue": {"Name": "q", "a.b": 2}, "list": []}')
    ('id', 'Queue.Name', 'Queue."a.b"', 'list')
    """
    return tuple(dict.fromkeys(name for record in _records(sample, records) for name, _ in _leaves(record, "")))


def _records(sample: bytes, records: str | None) -> Iterator[Mapping[str, Any]]:
    lines: list[bytes] = []
    if json_lines.in_lines(sample, records):
        lines = sample.split(b"\n")
    else:
        with suppress(DataError):  # a sample ends in the middle of a record
            for part in json_lines.Splitter(sample, records, "").parts(io.BytesIO(sample)):
                lines += part.split(b"\n")
    yield from islice(_objects(lines), _LOOKED_AT)


def check(names: Collection[str], wanted: Collection[str], rows: Levels, where: str) -> None:
    """Refuse a file whose records bear none of the names that are wanted of them: it is another one's.

    Raises:
        DataError: it is.
    """
    known = {json_paths.parse(name).steps[0].key for name in names}
    heads = {json_paths.parse(path).steps[0].key for path in wanted}
    if rows and not heads.isdisjoint(name for name, _ in rows):
        heads.add(json_paths.parse(rows[0][1]).steps[0].key)
    if known and wanted and known.isdisjoint(heads):
        missing, *_ = wanted
        raise DataError(
            f"no record has {missing!r}",
            where=where,
            hint="name its mapping with --mapping, or the list that holds its records: [file] records",
        )


def _objects(lines: list[bytes]) -> Iterator[Mapping[str, Any]]:
    for line in lines:
        with suppress(ValueError, RecursionError):
            found = json.loads(line)
            if isinstance(found, dict):
                yield found


def _leaves(record: Mapping[str, Any], before: str) -> Iterator[tuple[str, Any]]:
    for key, value in record.items():
        name = before + (f'"{key}"' if set(key) & set('.[]"') else key)
        if isinstance(value, dict) and value:
            yield from _leaves(value, f"{name}.")
        else:
            yield name, value
