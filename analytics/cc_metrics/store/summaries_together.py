"""Whether summaries may be taken as one: made alike, and no quarter-hour in two of them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cc_metrics.errors import DataError
from cc_metrics.model import zones
from cc_metrics.store.engine import Engine


def check_alike(abouts: Sequence[Mapping[str, Any]], paths: Sequence[Path], keys: Sequence[str]) -> None:
    """Refuse summaries that were not made alike.

    Raises:
        DataError: what two say of themselves differs in one of the *keys*.
    """
    for about, path in zip(abouts, paths, strict=True):
        for key in keys:
            if about.get(key) != abouts[0].get(key):
                raise DataError(
                    f"{path.name} and {paths[0].name} differ in {key}: {about.get(key)!r} and {abouts[0].get(key)!r}",
                    hint="count their calls again with one policy and zone",
                )


def check_intervals(engine: Engine, table: str, sql: str, path: Path, *, counted: bool) -> None:
    """Refuse quarter-hours that two summaries hold; *counted* rows may hold many of them.

    Raises:
        DataError: there is one.
    """
    alike = f"start_ms IN (SELECT start_ms FROM {table})"
    if counted:
        alike = f"EXISTS (SELECT 1 FROM {table} s WHERE s.first_ms <= t.last_ms AND s.last_ms >= t.start_ms)"
    both = engine.value(f"SELECT min(start_ms) FROM ({sql}) t WHERE {alike}")
    if both is not None:
        moment = zones.iso(both, zones.offsets("UTC", both, both + 1))
        raise DataError(
            f"this summary overlaps another one in the quarter-hour of {moment}",
            where=str(path),
            hint="give summaries of different days, or the calls themselves",
        )
