"""The only writer: results go to stdout, talk to stderr; no text from a file is read as markup or steers a terminal."""

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from cc_metrics.errors import EngineError

NAME: Final = "cc-metrics"
_NARROWEST: Final = 40
_LARGE: Final = 200_000_000  # bytes from which reading takes long enough to say so


def out(text: str) -> None:
    """Write a result. That nobody reads on (| head), or at all, is no error.

    Raises:
        EngineError: it cannot be written, because a disk is full for instance.
    """
    if sys.stdout is None:  # closed by the caller
        return
    if terminal():
        _configure(sys.stdout, None, "replace")
    else:
        _configure(sys.stdout, "utf-8", "surrogateescape")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _silence(sys.stdout)
    except OSError as error:
        _silence(sys.stdout)
        raise EngineError(
            f"cannot be written: {error.strerror}", where="standard output", hint="free some disk, or pipe it elsewhere"
        ) from None


def note(text: str) -> None:
    """Write a line of talk."""
    if sys.stderr is None:
        return
    _configure(sys.stderr, None, "backslashreplace")
    with suppress(OSError):
        sys.stderr.write(f"{NAME}: {visible(text)}\n")
        sys.stderr.flush()


def visible(text: str) -> str:
    r"""Text with whatever would steer a terminal made visible; line breaks stay.

    >>> visible("a\x1b[31mb\n  c")
    'a�[31mb\n  c'
    """
    return "".join(c if c == "\n" or c.isprintable() else "\ufffd" for c in text)


def several(number: int, word: str) -> str:
    """A number of things.

    >>> several(1, "row"), several(2000, "row")
    ('1 row', '2,000 rows')
    """
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def width() -> int:
    """Columns of the terminal, 80 where there is none; COLUMNS wins."""
    return max(_NARROWEST, shutil.get_terminal_size((80, 24)).columns)


def terminal() -> bool:
    """Whether results go to a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def colour() -> bool:
    """Whether colours may be used: on a terminal, unless NO_COLOR is set."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return terminal() and not plain


def pairs(rows: Sequence[tuple[str, str]]) -> None:
    """Write labels and their texts in two columns, as wide as the terminal."""
    from rich.table import Table
    from rich.text import Text

    from cc_metrics.render import grid

    console = grid.console(width(), colour())
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for label, text in rows:
        table.add_row(Text(visible(label), style="bold"), Text(visible(text)))
    with console.capture() as capture:
        console.print(table)
    out("".join(f"{line.rstrip()}\n" for line in capture.get().splitlines()))


def columns(rows: Sequence[Sequence[str]]) -> None:
    """Write lines of a label and its values below each other, long values over several lines."""
    from rich.table import Table
    from rich.text import Text

    from cc_metrics.render import grid

    if not rows:
        return
    console = grid.console(width(), colour())
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, min_width=max(len(row[0]) for row in rows))
    for _ in rows[0][1:]:
        table.add_column(overflow="fold")
    for label, *values in rows:
        table.add_row(Text(visible(label), style="bold"), *(Text(visible(value)) for value in values))
    with console.capture() as capture:
        console.print(table)
    out("".join(f"{line.rstrip()}\n" for line in capture.get().splitlines()))


@contextmanager
def progress(paths: Sequence[Path]) -> Iterator[None]:
    """Show on a terminal that a large input is being read, and for how long."""
    size = sum(path.stat().st_size for path in paths if path.is_file())
    if size < _LARGE or sys.stderr is None or not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    about = f"reading {size / 1e9:.1f} GB from {several(len(paths), 'file')}"
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        shown.add_task(about, total=None)
        yield


def _configure(stream: IO[str], encoding: str | None, errors: str) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding=encoding, errors=errors)


def _silence(stream: IO[str]) -> None:
    """Let what is still to be written go nowhere, so that the interpreter's last flush is quiet too."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
