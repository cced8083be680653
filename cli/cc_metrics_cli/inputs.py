"""From arguments to opened calls: standard input goes through a file of its own, which is gone afterwards."""

import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cc_metrics.errors import CcMetricsError, EngineError, UsageError
from cc_metrics_cli import say
from cc_metrics_cli.interruption import interruptible

if TYPE_CHECKING:
    from cc_metrics.model.promise import Policy
    from cc_metrics.model.report import Row
    from cc_metrics.store.given import Given
    from cc_metrics.store.mapping import Mapping as ColumnMapping
    from cc_metrics.store.open import Reading
    from cc_metrics.store.opened import Opened
    from cc_metrics.store.pseudonyms import Pseudonyms
    from cc_metrics.store.recognise import Format

STDIN: Final = "-"
_STDIN_NAME: Final = "standard input"


@contextmanager
def sources(arguments: Sequence[str], spill: Path | None) -> Iterator[list[Path]]:
    """The files behind the arguments, each once; standard input is copied first, for it must be read more than once.

    Raises:
        DataError: one is not there.
        UsageError: nothing is piped in.
        EngineError: the copy cannot be written.
    """
    from cc_metrics.store import files

    with ExitStack() as stack:
        stack.enter_context(interruptible())
        copy: list[Path] = []
        if STDIN in arguments:
            folder = stack.enter_context(_folder(spill))
            copy.append(_spooled(folder))
        found = [p for argument in arguments for p in (copy if argument == STDIN else files.expand([argument]))]
        try:
            yield list(dict.fromkeys(found))
        except CcMetricsError as error:  # nobody knows the copy by its path
            for path in copy:
                error.what, error.where = (t.replace(str(path), path.name) for t in (error.what, error.where))
            raise


@contextmanager
def opened(paths: Sequence[Path], cases: Sequence[Path], reading: "Reading") -> Iterator["Given"]:
    """Calls (or summaries), cases and what is beside them, read and accounted for; given back at the end.

    *paths* hold calls and *cases* cases where their headers do not tell something else. Without a mapping
    their columns tell the format; one that is not the canonical one is named.

    Raises:
        DataError: something cannot be read, or nothing is left.
        UsageError: calls and summaries are mixed, or the zone is missing.
    """
    from cc_metrics.store import kinds
    from cc_metrics.store.given import open_given

    reading = _recognised([*paths, *cases], reading)
    sources = kinds.sort(paths, reading.mapping)
    for table, more in kinds.sort(cases, reading.mapping, "cases").items():
        sources.setdefault(table, []).extend(more)
    with closing(open_given(sources, reading)) as found:
        for one in found.all:
            one.names = tuple(_known_as(name) for name in one.names)
            for relation, _ in one.readings:
                relation.names[:] = one.names
        yield found


def told(paths: Sequence[Path], reading: "Reading") -> "Format":
    """The format of the files: that of the mapping that was named, else what their columns tell.

    Raises:
        DataError: a file cannot be read, or the columns tell none, or more than one.
    """
    from cc_metrics.store.recognise import Format, common

    return common(paths) if reading.mapping is None else Format(reading.mapping.name, reading.mapping)


def _recognised(paths: Sequence[Path], reading: "Reading") -> "Reading":
    """How to read, with the shipped mapping that the files' columns call for where none was named."""
    found = told(paths, reading)
    if reading.mapping is found.mapping or found.mapping is None:
        return reading
    say.note(f"read as {found.name}, told by {found.told_by}; --mapping says otherwise")
    return replace(reading, mapping=found.mapping)


def _known_as(name: str) -> str:
    """What people know a source by; the copy of standard input has a path that means nothing."""
    last = Path(name).name
    return last if last == _STDIN_NAME or last.startswith(f"{_STDIN_NAME}, sheet ") else name


@contextmanager
def _folder(spill: Path | None) -> Iterator[Path]:
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError("nothing is piped into standard input", where=STDIN, hint="name files, or pipe one")
    try:
        folder = tempfile.TemporaryDirectory(prefix="cc-metrics-", dir=spill, ignore_cleanup_errors=True)
    except OSError as error:
        raise EngineError(
            f"the folder for standard input cannot be made: {error.strerror}",
            where=str(spill or tempfile.gettempdir()),
            hint="choose another with --spill",
        ) from None
    with folder as name:
        yield Path(name)


def _spooled(folder: Path) -> Path:
    from cc_metrics.store.decode import spool

    return spool(sys.stdin.buffer, folder).rename(folder / _STDIN_NAME)


def reading(
    mapping: str | None,
    tz: str | None,
    policy: "Policy",
    dimensions: tuple[str, ...],
    memory: str,
    spill: Path | None,
    *,
    lines: bool,
    pseudonyms: "Pseudonyms | None" = None,
) -> "Reading":
    """How to read, every option checked before a file is opened. *lines*: whether lines of rows will be listed.

    *pseudonyms*, where there are any, stand for customers and agents.

    Raises:
        PolicyError: the mapping cannot be followed.
        UsageError: an unknown zone, or no amount of memory.
    """
    from cc_metrics.model.zones import check_zone
    from cc_metrics.store.engine import memory_bytes
    from cc_metrics.store.open import Reading

    memory_bytes(memory)
    columns = _mapping(mapping) if mapping else None
    zone = check_zone(tz) if tz else None
    return Reading(columns, zone, policy, dimensions, memory, spill, lines=lines, pseudonyms=pseudonyms)


def _mapping(name: str) -> "ColumnMapping":
    from cc_metrics.store import mapping_file  # most files have canonical columns and need none

    return mapping_file.load(name)


def planned(path: Path | None, calls: "Opened | None") -> "tuple[Row, ...]":
    """What a staffing file says was planned, on the clock of the calls.

    Raises:
        UsageError: there are no calls to set it beside.
        DataError: it cannot be read.
    """
    if path is None:
        return ()
    if calls is None:
        raise UsageError("--staffing is set beside calls, and none were given", where=str(path), hint="give calls")
    from cc_metrics.store import staffing

    return staffing.read(path, calls.offsets)


def pseudonyms(wanted: bool, secret_file: Path | None) -> "Pseudonyms | None":
    """What stands for customers and agents, if that is wanted; said where everybody can read the secret.

    Raises:
        UsageError: there is no secret, or one that is not asked for.
    """
    if not wanted:
        if secret_file is not None:
            raise UsageError("--secret-file is nothing without --pseudonymize", hint="give both, or neither")
        return None
    from cc_metrics.store.pseudonyms import from_secret

    found, open_to_all = from_secret(secret_file)
    if open_to_all:
        say.note(f"everybody on this machine can read the secret in {secret_file}: chmod 600 it")
    return found


def pseudonymous(
    where: Mapping[str, tuple[str, ...]], policy: "Policy", given: "Given", pseudonyms: "Pseudonyms | None"
) -> Mapping[str, tuple[str, ...]]:
    """Conditions with pseudonyms for the customers and agents that they name, if there are to be any.

    Raises:
        UsageError: a promise names some.
    """
    from cc_metrics.model.calls import PERSONAL

    if pseudonyms is None:
        return where

    def known(name: str) -> list[str]:
        return [value for one in given.all if name in one.dimensions for value in one.known_values(name)]

    hidden = frozenset(PERSONAL).union(*(relation.personal for relation, _ in given.readings))
    pseudonyms.check(policy, hidden)
    return pseudonyms.conditions(where, hidden, known)
