"""What a notebook reads, when it is first needed: calls; cases, attempts, answers and bases."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cc_metrics import reporting
from cc_metrics.errors import UsageError, nearest
from cc_metrics.model.calls import SUMMARY_DIMENSIONS
from cc_metrics.model.promise import Policy, Spoken
from cc_metrics.model.report import Accounting

if TYPE_CHECKING:
    from cc_metrics.store.engine import Engine
    from cc_metrics.store.mapping import Mapping as ColumnMapping
    from cc_metrics.store.open import Reading, Source
    from cc_metrics.store.opened import Opened
    from cc_metrics.store.opened_cases import OpenedCases


@dataclass(slots=True)
class Sources:
    """Something to be read when it is first needed, and kept for the next question.

    *tz* is the reporting zone; without it the policy's or the mapping's is taken, else times stay as written.
    """

    sources: "tuple[Source, ...]"
    mapping: "ColumnMapping | None" = None
    tz: str | None = None
    memory: str = "3GB"
    spill: Path | None = None
    max_rejected: float = 0.01

    def _reading(self, policy: Policy, dimensions: Sequence[str]) -> "Reading":
        from cc_metrics.store.open import Reading

        return Reading(self.mapping, self.tz, policy, tuple(dimensions), self.memory, self.spill, lines=False)


@dataclass(slots=True)
class Calls(Sources):
    """Calls, or summaries of them."""

    _opened: "dict[tuple[Any, ...], Opened]" = field(default_factory=dict, repr=False)

    @property
    def accounting(self) -> Accounting:
        """Where every row went: read = accepted + ignored + rejected."""
        return reporting.accounting(self.open(Policy("default")))

    def open(self, policy: Policy, dimensions: Sequence[str] = ()) -> "Opened":
        """Read for a policy and dimensions, or give back what was read for them before.

        Raises:
            DataError: the sources cannot be read, or too many rows are rejected.
        """
        from cc_metrics.store.open import open_sources

        key = (policy.timezone, policy.tiers, policy.open_hours, frozenset(dimensions) - set(SUMMARY_DIMENSIONS))
        if key not in self._opened:
            self._opened.clear()  # what a report still shows stays open with it
            opened = open_sources(self.sources, self._reading(policy, dimensions))
            reporting.check_rejected(opened, self.max_rejected)
            self._opened[key] = opened
        return self._opened[key]


@dataclass(slots=True)
class Cases(Sources):
    """Cases, or another *table* beside them."""

    table: "Spoken" = "cases"
    _opened: "dict[tuple[Any, ...], OpenedCases]" = field(default_factory=dict, repr=False)

    @property
    def accounting(self) -> Accounting:
        """Where every row went: read = accepted + ignored + rejected; how many cases the rows of a log became."""
        return reporting.accounting(self.open(Policy("default")))

    def has(self, name: str) -> bool:
        """Whether the table has a dimension, canonical or of its sources' own."""
        from cc_metrics.model.cases import TABLES
        from cc_metrics.store import kinds

        kind = TABLES[self.table]
        return name in (*kind.dimensions, *kind.flags) or name in kinds.columns(self.sources)

    def open(self, policy: Policy, dimensions: Sequence[str] = (), engine: "Engine | None" = None) -> "OpenedCases":
        """Read for a policy and dimensions, or give back what was read for them before.

        *engine* is that of the calls they are judged with; None opens one.

        Raises:
            DataError: the sources cannot be read, or too many rows are rejected.
        """
        from cc_metrics.store.open_cases import open_cases

        key = (policy.timezone, frozenset(dimensions), engine)
        if key not in self._opened:
            self._opened.clear()  # what a report still shows stays open with it
            opened = open_cases(self.sources, self._reading(policy, dimensions), self.table, engine)
            reporting.check_rejected(opened, self.max_rejected)
            self._opened[key] = opened
        return self._opened[key]


def read_calls(
    source: Any,
    *,
    mapping: str | None = None,
    tz: str | None = None,
    memory: str = "3GB",
    spill: str | Path | None = None,
    max_rejected: float = 0.01,
) -> Calls:
    """Calls from paths, globs or folders, or from a pandas, Polars or Arrow table or DuckDB relation.

    Args:
        source: a path, several, or a table.
        mapping: a shipped mapping's name, or a path ending in .toml; None lets the columns tell the format.
        tz: the reporting zone, for example "Asia/Shanghai".
        memory: the engine's limit.
        spill: the folder for what does not fit.
        max_rejected: the share of rows that may be rejected.

    Raises:
        DataError: no such file, or its format cannot be told.
        PolicyError: the mapping cannot be followed.
    """
    sources = given(source, "calls")
    return Calls(sources, *_checked(sources, mapping, tz), memory, Path(spill) if spill else None, max_rejected)


def read_cases(
    source: Any,
    *,
    mapping: str | None = None,
    tz: str | None = None,
    memory: str = "3GB",
    spill: str | Path | None = None,
    max_rejected: float = 0.01,
    table: "Spoken" = "cases",
) -> Cases:
    """Cases from paths, globs or folders, or from a pandas, Polars or Arrow table or DuckDB relation.

    Args:
        source: a path, several, or a table.
        mapping: a shipped mapping's name, or a path ending in .toml; None lets the columns tell the format.
        tz: the reporting zone, for example "Asia/Shanghai".
        memory: the engine's limit.
        spill: the folder for what does not fit.
        max_rejected: the share of rows that may be rejected.
        table: cases, or attempts, satisfaction or bases.

    Raises:
        DataError: no such file, or its format cannot be told.
        PolicyError: the mapping cannot be followed.
        UsageError: no such table or zone.
    """
    from cc_metrics.model.cases import TABLES

    if table not in TABLES:
        raise UsageError(f"there is no table {table!r}", hint=nearest(table, TABLES))
    where = Path(spill) if spill else None
    sources = given(source, table)
    return Cases(sources, *_checked(sources, mapping, tz), memory, where, max_rejected, table)


def _checked(
    sources: "tuple[Source, ...]", mapping: str | None, tz: str | None
) -> "tuple[ColumnMapping | None, str | None]":
    """The mapping of a name or path, else that of the sources' columns, and the zone, refused before they are read."""
    from cc_metrics.model.zones import check_zone
    from cc_metrics.store import mapping_file, recognise

    zone = check_zone(tz) if tz else None
    return mapping_file.load(mapping) if mapping else recognise.common(sources).mapping, zone


def given(source: Any, what: str) -> "tuple[Source, ...]":
    """The files behind paths, globs and folders, or a table of *what* that was handed in.

    Raises:
        DataError: no such file.
        UsageError: neither a path nor a table.
    """
    from cc_metrics.store import files, frames

    if isinstance(source, str | Path):
        return tuple(files.expand([str(source)]))
    if isinstance(source, Sequence):
        return tuple(files.expand([str(s) for s in source]))
    return (frames.frame(source, what),)
