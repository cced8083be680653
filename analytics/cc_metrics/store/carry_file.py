"""The file of calls kept for first-call resolution: what it says of itself, and whether it fits a reading."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from cc_metrics.errors import DataError
from cc_metrics.language import Said, said
from cc_metrics.measures.carried_days import Kept
from cc_metrics.measures.coverage import Day
from cc_metrics.store import files
from cc_metrics.store.engine import Engine
from cc_metrics.store.opened import Opened
from cc_metrics.store.personal import is_personal
from cc_metrics.store.pseudonyms import Pseudonyms

SCHEMA: Final = "cc-metrics/carry-over/1"

_HINT: Final = "remove it: first-call resolution then starts anew"

Keys = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class About:
    """What calls are kept under: zone and open hours, marks of both secrets, keys, dimensions; which days they are of.

    *pseudonyms* is the mark of those that stood for customers already, *secret* that of the keyed hashes.
    """

    timezone: str | None
    open: str | None
    pseudonyms: str | None
    secret: str
    keys: Keys
    dimensions: tuple[str, ...]
    kept: Kept

    def written(self) -> str:
        """The text of the file's metadata."""
        kept = self.kept
        about = {
            "schema": SCHEMA,
            "timezone": self.timezone,
            "open": self.open,
            "pseudonyms": self.pseudonyms,
            "secret": self.secret,
            "keys": self.keys,
            "dimensions": self.dimensions,
            "days": [(day.day.isoformat(), day.rows, day.first_ms, day.last_ms) for day in kept.days],
            "held": sorted(day.isoformat() for day in kept.held),
            "since": kept.since.isoformat(),
            "linked": sorted(kept.linked.items()),
        }
        return json.dumps(about, ensure_ascii=False, sort_keys=True)

    def unlike(self, wanted: "About") -> Said | None:
        """Why these calls cannot stand beside those of another reading; None where they can."""
        if self.secret != wanted.secret:
            return said(
                "The calls kept of earlier days are left out: they were kept with another secret, so that their "
                "customers cannot be told. First-call resolution starts anew."
            )
        if self.pseudonyms != wanted.pseudonyms:
            return said(
                "The calls kept of earlier days are left out: their customers had other pseudonyms, or none. "
                "First-call resolution starts anew."
            )
        if (self.timezone, self.open) != (wanted.timezone, wanted.open):
            return said(
                "The calls kept of earlier days are left out: they were kept for another reporting zone or other open "
                "hours. First-call resolution starts anew."
            )
        known = {*self.dimensions, *self.keys}
        lacking = [name for name in (*wanted.dimensions, *wanted.keys) if name not in known]
        if lacking:
            name = lacking[0] if isinstance(lacking[0], str) else " + ".join(lacking[0])
            return said(
                "The calls kept of earlier days are left out: {name} was not kept with them. First-call resolution "
                "starts anew.",
                name=name,
            )
        return None


def of_reading(opened: Opened, keys: Keys, secret: Pseudonyms, kept: Kept, dimensions: Sequence[str]) -> About:
    """What the calls of a reading are kept under."""
    marks = (opened.pseudonyms, secret.mark)
    return About(opened.zone, opened.open_written, *marks, keys, tuple(dimensions), kept)


def shown(opened: Opened) -> tuple[str, ...]:
    """The dimensions that may be kept as they are written: none that names somebody."""
    return tuple(name for name in opened.dimensions if not is_personal(name, opened.readings))


def about(engine: Engine, path: Path) -> About:
    """What the file says of itself.

    Raises:
        DataError: it is damaged, something else, or written by a later version.
    """
    text = None
    with suppress(DataError):
        text = files.summary_metadata(engine, path)
    try:
        return _about(json.loads(text) if text else {}, path)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise DataError(_damaged(""), where=str(path), hint=_HINT) from None


def _damaged(other: str) -> str:
    return f"this file of earlier calls {other or 'is damaged, or none'}"


def _about(found: dict[str, Any], path: Path) -> About:
    if found.get("schema") != SCHEMA:
        other = f"has schema {found.get('schema')!r}, this version reads {SCHEMA!r}"
        raise DataError(_damaged(other if found else ""), where=str(path), hint=_HINT)
    kept = Kept(
        tuple(Day(date.fromisoformat(day), *rest) for day, *rest in found["days"]),
        frozenset(map(date.fromisoformat, found["held"])),
        date.fromisoformat(found["since"]),
        {tuple(key): window for key, window in found["linked"]},
    )
    marks = (found["timezone"], found["open"], found["pseudonyms"], found["secret"])
    return About(*marks, tuple(map(tuple, found["keys"])), tuple(found["dimensions"]), kept)
