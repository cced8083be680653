"""A file of what was planned: calls and handle time forecast, agents rostered and present, by half-hour."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Final

from cc_metrics.errors import DataError, nearest
from cc_metrics.model.durations import HOUR, MINUTE, QUARTER_HOUR
from cc_metrics.model.report import Row
from cc_metrics.model.zones import Offsets

FIGURES: Final = ("forecast_offered", "forecast_handle_s", "rostered", "present")
_START: Final = "start"
_HALF_HOUR: Final = 30 * MINUTE
_HINT: Final = f"{_START}, then any of {', '.join(FIGURES)}"


def read(path: Path, offsets: Offsets) -> tuple[Row, ...]:
    """Rows by half-hour in order: start_ms (UTC) and FIGURES, each None where it was not planned.

    CSV with a comma or semicolon (then a decimal comma is read too). *start* is a time of the reporting zone, or bears
    its offset; in a doubled hour the second time of the same clock is the second hour, a time that the zone skips is
    no row. Rows of 15 minutes are made half-hours: calls added, handle time weighted by them, agents averaged.

    Raises:
        DataError: the file cannot be read, a cell cannot be meant, a half-hour is there twice, rows of other lengths.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "is not UTF-8"
        raise DataError(f"the staffing file cannot be read: {why}", where=str(path)) from None
    lines = text.splitlines()
    semicolon = bool(lines) and ";" in lines[0]
    cells = csv.reader(lines, delimiter=";" if semicolon else ",")
    names = _names(next(cells, []), path)
    rows: dict[int, Row] = {}
    for row in cells:
        if any(cell.strip() for cell in row):
            where = f"{path}, line {cells.line_num}"
            _add(rows, _named(names, row, where), offsets, where, semicolon=semicolon)
    return tuple(_half_hours(rows, path, offsets))


def _names(head: Sequence[str], path: Path) -> list[str]:
    names = [name.strip().lower() for name in head]
    for name in names:
        if name not in (_START, *FIGURES):
            raise DataError(f"no column is called {name!r}", where=f"{path}, line 1", hint=nearest(name, FIGURES))
    if _START not in names or len(names) < 2 or len(set(names)) < len(names):
        raise DataError("the head of a staffing file names its columns once", where=f"{path}, line 1", hint=_HINT)
    return names


def _named(names: Sequence[str], row: Sequence[str], where: str) -> dict[str, str]:
    if len(row) != len(names):
        raise DataError(f"{len(row)} cells under {len(names)} columns", where=where)
    return dict(zip(names, (cell.strip() for cell in row), strict=True))


def _add(rows: dict[int, Row], cells: Mapping[str, str], offsets: Offsets, where: str, *, semicolon: bool) -> None:
    place = f"{where}, column {_START}"
    try:
        found = datetime.fromisoformat(cells[_START])
    except ValueError:
        raise DataError(f"{cells[_START]!r} is not a time", where=place, hint="write 2013-08-20 09:30") from None
    figures = {n: _number(cells.get(n, ""), f"{where}, column {n}", semicolon=semicolon) for n in FIGURES}
    start = _moment(found, rows, offsets)
    if start is None:
        return
    if offsets.local(start) % QUARTER_HOUR:
        raise DataError(f"{cells[_START]!r} is not on a quarter-hour", where=place)
    if start in rows:
        raise DataError(f"{cells[_START]!r} is there twice", where=place)
    rows[start] = {"start_ms": start, **figures}


def _moment(found: datetime, rows: Mapping[int, Row], offsets: Offsets) -> int | None:
    """UTC ms of a start; None for a local time that the zone skips."""
    if found.tzinfo is not None:
        return int(found.timestamp() * 1000)
    local = int(found.replace(tzinfo=UTC).timestamp() * 1000)
    first = offsets.utc(local)
    if offsets.local(first) != local:
        return None
    again = (first + before - after for _, before, after in offsets.changes() if before > after)
    return next((s for s in again if s > first and offsets.local(s) == local), first) if first in rows else first


def _number(text: str, where: str, *, semicolon: bool) -> float | None:
    if not text:
        return None
    try:
        found = float(text.replace(",", ".") if semicolon else text)
    except ValueError:
        found = -1.0
    if not 0 <= found < float("inf"):
        raise DataError(f"{text!r} is not a number of zero or more", where=where)
    return found


def _half_hours(rows: Mapping[int, Row], path: Path, offsets: Offsets) -> Iterator[Row]:
    starts = sorted(rows)
    step = min((later - start for start, later in pairwise(starts)), default=_HALF_HOUR)
    if step == HOUR:
        raise DataError("rows lie an hour apart", where=str(path), hint="give rows of 15 or 30 minutes")
    halves: dict[int, list[Row]] = {}
    for start in starts:
        halves.setdefault(start - offsets.local(start) % _HALF_HOUR, []).append(rows[start])
    if step != QUARTER_HOUR and any(half not in rows for half in halves):
        raise DataError("half-hours begin on the hour or half past", where=str(path))
    for half, parts in halves.items():
        yield _joined(half, parts) if step == QUARTER_HOUR else parts[0]


def _joined(half: int, parts: Sequence[Row]) -> Row:
    """Two quarter-hours as one; what is not planned for both is not known of the half-hour."""
    columns = {name: [row[name] for row in parts] for name in FIGURES}
    known = {name: len(parts) == 2 and None not in values for name, values in columns.items()}
    offered, lengths = columns["forecast_offered"], columns["forecast_handle_s"]
    weights = offered if known["forecast_offered"] and sum(offered) else [1] * len(parts)
    handled = sum(w * s for w, s in zip(weights, lengths, strict=True)) / sum(weights) if known[FIGURES[1]] else None
    return {
        "start_ms": half,
        "forecast_offered": sum(offered) if known["forecast_offered"] else None,
        "forecast_handle_s": handled,
        **{name: sum(columns[name]) / 2 if known[name] else None for name in ("rostered", "present")},
    }
