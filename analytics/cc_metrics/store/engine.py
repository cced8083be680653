"""The one connection to DuckDB: settings, session variables for every text from outside, errors in words."""

import re
import shutil
import tempfile
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import duckdb

from cc_metrics.errors import EngineError, UsageError

_MOST: Final = 10**15
_SIZES: Final = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}


def memory_bytes(size: str) -> int:
    """The bytes of a size such as '3GB'.

    Raises:
        UsageError: not a size.

    >>> memory_bytes("3GB"), memory_bytes("512 mb")
    (3000000000, 512000000)
    """
    text = size.strip().upper().replace(" ", "")
    number, unit = text[:-2], text[-2:]
    if unit not in _SIZES or not number.replace(".", "", 1).isdigit() or float(number) <= 0:
        raise UsageError(f"{size!r} is not an amount of memory", hint="write for example 3GB or 512MB")
    found = int(float(number) * _SIZES[unit])
    if found > _MOST:
        raise UsageError(f"{size!r} is more memory than there is", hint="write for example 3GB or 512MB")
    return found


_ENGINES: "Final[weakref.WeakSet[Engine]]" = weakref.WeakSet()


def interrupt() -> None:
    """Stop what every engine is doing, from another thread: the engine's own ones hear of no Ctrl-C for long."""
    for engine in list(_ENGINES):
        with suppress(duckdb.Error):
            engine.connection.interrupt()


_AHEAD: Final[list[tuple[threading.Thread, list[Any]]]] = []


@contextmanager
def ahead() -> Iterator[None]:
    """Begin to open the connection of the next engine, while whoever will need it gets ready."""
    opened: list[Any] = []
    begun = threading.Thread(target=lambda: opened.append(_connect())), opened
    begun[0].start()
    _AHEAD.append(begun)
    try:
        yield
    finally:
        if begun in _AHEAD:  # nobody needed it
            _AHEAD.remove(begun)
            begun[0].join()
            for connection in opened:
                connection.close()


def _opened() -> Any:
    """The connection that was begun ahead, or a new one."""
    if not _AHEAD:
        return _connect()
    thread, opened = _AHEAD.pop()
    thread.join()
    return opened[0] if opened else _connect()


def _connect() -> Any:
    return duckdb.connect(
        ":memory:",
        config={
            "preserve_insertion_order": False,  # only staging needs it, and asks for it
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )


class Engine:
    """A private DuckDB with a memory limit and a spill folder of its own, removed when it is closed.

    Texts from files, policies and options enter SQL only as session variables (`keep`), never as text.
    """

    def __init__(self, memory: str = "3GB", spill: Path | None = None) -> None:
        limit = memory_bytes(memory)
        try:
            self.spill = Path(tempfile.mkdtemp(prefix="cc-metrics-", dir=spill))
        except OSError as error:
            raise EngineError(
                f"the spill folder {spill} cannot be written: {error.strerror}", hint="choose another with --spill"
            ) from None
        self._swept = weakref.finalize(self, shutil.rmtree, self.spill, ignore_errors=True)
        self._kept: dict[str, str] = {}
        self._names = 0
        self._readings: dict[str, int] = {}
        self.connection = _opened()
        _ENGINES.add(self)
        self.connection.execute("SET TimeZone = 'UTC'")
        with suppress(duckdb.InvalidInputException):  # a notebook without widgets has none, and refuses to be told so
            self.connection.execute("SET enable_progress_bar = false")
        self.connection.execute("SET temp_directory = $1", [str(self.spill / "engine")])
        self.connection.execute(f"SET memory_limit = '{limit}B'")

    def keep(self, value: str | bytes | Sequence[str]) -> str:
        """Keep a text (bytes, or list of texts) as a session variable; the SQL that reads it back."""
        found = repr(value)
        if found not in self._kept:
            name = self.new_name("v")
            bound = value if isinstance(value, str | bytes) else list(value)
            self.connection.execute(f"SET VARIABLE {name} = $1", [bound])
            self._kept[found] = f"getvariable('{name}')"
        return self._kept[found]

    def new_name(self, prefix: str) -> str:
        """A name that no other table or variable of this engine has."""
        self._names += 1
        return f"{prefix}{self._names}"

    def suffix(self, table: str) -> str:
        """What tells a reading of a table from earlier ones into this engine: nothing for the first."""
        self._readings[table] = self._readings.get(table, 0) + 1
        return "" if self._readings[table] == 1 else f"_{self._readings[table]}"

    def run(self, sql: str) -> None:
        """Run a statement.

        Raises:
            EngineError: memory or disk ran out, or the statement failed.
        """
        with self.words():
            self.connection.execute(sql)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a small result."""
        with self.words():
            return list(self.connection.execute(sql).fetchall())

    def records(self, sql: str) -> list[dict[str, Any]]:
        """All rows of a small result, by column name."""
        with self.words():
            cursor = self.connection.execute(sql)
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def value(self, sql: str) -> Any:
        """The one value of a result of one row and one column."""
        return self.rows(sql)[0][0]

    @contextmanager
    def words(self) -> Iterator[None]:
        """Turn the engine's errors into one sentence each."""
        try:
            yield
        except duckdb.OutOfMemoryException as error:
            raise EngineError(_out_of_room(str(error)), hint="give more with --memory, or a roomier --spill") from error
        except duckdb.IOException as error:
            raise EngineError(f"reading or spilling failed: {_first_line(error)}") from error
        except duckdb.InterruptException:
            raise KeyboardInterrupt from None
        except RuntimeError as error:  # what DuckDB makes of a signal that its own wait heard of
            if "interrupted" not in str(error):
                raise
            raise KeyboardInterrupt from None
        except duckdb.Error as error:
            told = re.sub(r"\d{5,}", "...", _first_line(error))  # it may quote a value, and that a customer's number
            raise EngineError(f"the engine refused a statement: {told}") from error

    def close(self) -> None:
        """Close the connection and remove what was spilled."""
        self.connection.close()
        self._swept()


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]


def _out_of_room(text: str) -> str:
    if "disk" in text.lower() or "max_temp_directory_size" in text:
        return "the spill folder is full"
    return "the memory limit is too small for this input"
