"""Tables as columns of finished cells: which figures a table shows, and which give way when it is narrow."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cc_metrics.language import said, told, translated
from cc_metrics.model import columns
from cc_metrics.model.columns import Column, column
from cc_metrics.model.report import Report, Row
from cc_metrics.render import halfhours, naming, sentences, split_by, words


@dataclass(frozen=True, slots=True)
class Field:
    """A column of text. *left* is words, else numbers; only columns with *least* may be shortened, to so many cells.

    *rank* 0 stays; of the others the highest gives way first. *ink* is ((pattern, style), ...).
    """

    title: str
    cells: tuple[str, ...]
    left: bool = False
    least: int | None = None
    rank: int = 0
    ink: tuple[tuple[str, str], ...] = ()


LATE: Final = "late"  # owed and not in time; the only figure that is not a column of its own

TRAFFIC: Final = {
    "offered": 0,
    "answered": 3,
    "abandoned": 2,
    "redirected": 8,
    LATE: 0,
    "service_level": 0,
    "mean_wait_s": 1,
    "p90_wait_s": 6,
    "longest_wait_s": 9,
    "mean_handle_s": 4,
}
RESOLUTION: Final = {
    "answered": 9,
    "with_key": 8,
    "eligible": 0,
    "resolved": 6,
    "value": 0,
    "too_recent": 2,
    "naive": 3,
    "kaplan_meier": 4,
    "repeat_rate": 5,
}
CASES: Final = {
    "opened": 0,
    "closed": 0,
    "open": 0,
    "due": 4,
    "in_time": 5,
    "overdue_open": 2,
    "oldest_open_s": 8,
    "mean_s": 0,
    "floor_mean_s": 9,
    "p50_s": 6,
    "p90_s": 1,
    "longest_s": 3,
}
STOCK: Final = {"overdue": 0, "oldest_due": 3, "due_today": 1, "due_tomorrow": 2}
ANSWERS: Final = {
    "asked": 4,
    "answered": 0,
    "response_rate": 5,
    "satisfied": 7,
    "satisfaction": 1,
    "mean_score": 2,
}
_TITLES: Final = {
    "value": said("share\x04resolved"),
    "resolved": said("without repeat"),
    "with_key": said("customer known"),
}
_LEAST: Final = len(words.NOT_RECORDED)
_DIMENSIONS: Final = {
    "channel": said("channel"),
    "kind": said("kind"),
    "owner": said("owner"),
    "queue": said("queue"),
    "reason": said("reason"),
    "segment": said("segment"),
    "tier": said("tier"),
}
"""Titles of the dimensions that this program knows; a column of the source bears its own name."""


def traffic(rows: Sequence[Row]) -> list[Field]:
    """The figures of calls, a column each; what no row knows is left out."""
    return _figures(rows, columns.CALLS, TRAFFIC)


def breakdown(report: Report) -> list[Field]:
    """The table asked for: its interval and dimensions, then the figures."""
    rows = report.calls
    return [*_keys(report, rows, columns.CALLS, report.asked.by), *traffic(rows)]


def reasons(report: Report) -> list[Field]:
    """The commonest reasons and how their callers fared."""
    rows = report.reasons
    named = tuple(words.recorded(row.get("reason")) for row in rows)
    return [Field(title("reason"), named, left=True, least=_LEAST), *traffic(rows)]


def resolution(report: Report) -> list[Field]:
    """First-call resolution; unit and window have columns only where rows differ in them."""
    rows = report.first_call_resolution
    keys = _keys(report, rows, columns.FIRST_CALL_RESOLUTION, report.asked.by)
    if len({(row.get("basis"), row.get("unit"), row.get("window_s")) for row in rows}) > 1:
        for name, head in (("basis", translated("basis")), ("unit", translated("unit"))):
            keys.append(Field(head, tuple(sentences.code(row.get(name)) for row in rows), left=True))
        keys.append(Field(translated("window"), tuple(told(sentences.window_of(row)) for row in rows)))
    return [*keys, *_figures(rows, columns.FIRST_CALL_RESOLUTION, RESOLUTION)]


def turnaround(report: Report) -> list[Field]:
    """Cases by kind and what was asked for: how many, and how long the closed ones took."""
    rows = report.cases
    keys = _keys(report, rows, columns.CASES, split_by.of_cases(report.asked.by))
    return [*keys, *_figures(rows, columns.CASES, CASES)]


def stock(report: Report) -> list[Field]:
    """Open cases by promise, under its short name, and owner."""
    rows = sentences.shown_stock(report)
    short = {j.promise.name: name for j, name in zip(report.promises, naming.names(report.promises), strict=True)}
    promises = tuple(short.get(row["promise"], words.plain(row["promise"])) for row in rows)
    owners = tuple(words.recorded(row.get("owner")) for row in rows)
    keys = ((translated("promise"), promises), (title("owner"), owners))
    named = [Field(head, cells, left=True, least=_LEAST) for head, cells in keys]
    return [*named, *_figures(rows, columns.STOCK, STOCK)]


def answers(report: Report) -> list[Field]:
    """Customers asked by channel and segment, where they are recorded at all."""
    rows = report.answers
    known = [name for name in ("channel", "segment") if any(row.get(name) is not None for row in rows)]
    keys = [Field(title(n), tuple(words.recorded(row.get(n)) for row in rows), left=True, least=_LEAST) for n in known]
    found = [*keys, *_figures(rows, columns.ANSWERS, ANSWERS)]
    spreads = tuple(_spread(row) for row in rows)
    if any(spread != words.MISSING for spread in spreads):
        found.append(Field(translated("satisfaction 95 %"), spreads, rank=3))
    return found


def _spread(row: Row) -> str:
    low, high = row.get("low"), row.get("high")
    return words.MISSING if low is None or high is None else words.spread(low, high)


def _keys(report: Report, rows: Sequence[Row], table: Sequence[Column], asked: Sequence[str]) -> list[Field]:
    dimensions = split_by.dimensions(rows, table, asked)
    found = [
        Field(title(d), tuple(words.recorded(row.get(d)) for row in rows), left=True, least=_LEAST) for d in dimensions
    ]
    if report.asked.every != "all":
        found.insert(0, Field(translated("from"), _starts([row.get("start") for row in rows]), left=True))
    return found


def title(dimension: str) -> str:
    """The title of a dimension's column."""
    return words.plain(_DIMENSIONS.get(dimension, dimension))


def _starts(starts: Sequence[str | None]) -> tuple[str, ...]:
    """Interval starts without seconds; a doubled hour keeps its offset."""
    shown = {start: start[:16].replace("T", " ") for start in starts if start is not None}
    labels = list(shown.values())
    return tuple(
        words.MISSING if start is None else shown[start] + (start[19:] if labels.count(shown[start]) > 1 else "")
        for start in starts
    )


def _figures(rows: Sequence[Row], table: Sequence[Column], shown: dict[str, int]) -> list[Field]:
    known = {one.name: one for one in table}
    late = column(LATE, "late", "count", "owed and not in time")
    found = []
    for name, rank in shown.items():
        values = [halfhours.late(row) if name == LATE else row.get(name) for row in rows]
        if rank and all(value is None for value in values):
            continue
        one = known.get(name, late)
        found.append(Field(told(_TITLES.get(name, one.title)), tuple(words.cells(one, values)), rank=rank))
    return found
