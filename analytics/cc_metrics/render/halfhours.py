"""The day by half-hours: one table a day, or the counts of many days pooled by the clock; and the worst of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from cc_metrics.language import told, translated
from cc_metrics.model import columns
from cc_metrics.model.dates import weekday_in_year
from cc_metrics.model.report import Report, Row
from cc_metrics.render import words

_STEP: Final = timedelta(minutes=30)
_FEW_DAYS: Final = 2  # more are pooled
_RATES: Final = {
    "connect_rate": ("answered", ("offered",)),
    "abandonment_rate": ("abandoned", ("answered", "abandoned")),
}
_RECORDED: Final = ("transferred", "under_10_s")  # of the calls that record it: none do where nobody answered
_OF_WAITS: Final = {"mean_wait_s": "answered", "longest_wait_s": "answered", "longest_abandoned_s": "abandoned"}
_NOTHING: Final[Row] = {c.name: 0 for c in columns.CALLS if c.kind == "count"}


@dataclass(frozen=True, slots=True)
class Day:
    """Half-hours of a channel in order, each with its clock; *all* is their sum."""

    channel: str | None
    title: str
    clocks: tuple[str, ...]
    rows: tuple[Row, ...]
    all: Row


def in_time(row: Row) -> int | None:
    """The numerator of the service level, whatever the formula; None where no wait is recorded.

    >>> in_time({"service_level": 0.8, "denominator": 10}), in_time({"service_level": None, "denominator": 0})
    (8, 0)
    """
    level, owed = row.get("service_level"), row.get("denominator")
    if level is None:
        return None if owed or owed is None else 0
    return None if owed is None else round(level * owed)


def late(row: Row) -> int | None:
    """Owed and not in time."""
    kept = in_time(row)
    return None if kept is None else row["denominator"] - kept


def days(report: Report) -> list[Day]:
    """The half-hour tables of a report: by channel, by day when there are few, pooled when there are many."""
    channels = dict.fromkeys(row.get("channel") for row in report.intervals)
    found: list[Day] = []
    for channel in channels:
        rows = [row for row in report.intervals if row.get("channel") == channel]
        several = len(channels) > 1
        title = (
            translated("{channel} by half-hour", channel=words.recorded(channel))
            if several
            else translated("by half-hour")
        )
        dates = sorted({_start(row).date() for row in rows})
        if len(dates) == 1:  # then the percentiles of the whole, which can't be pooled, are known
            whole = next((row for row in report.total if row.get("channel") == channel), None)
            found += _day(channel, title, [(_start(row), row) for row in rows], whole)
        elif len(dates) > _FEW_DAYS:
            found += _day(channel, translated("{title}, {n} days together", title=title, n=len(dates)), _by_clock(rows))
        else:
            for date in dates:
                dated = [(_start(row), row) for row in rows if _start(row).date() == date]
                found += _day(channel, translated("{title}, {date}", title=title, date=_date(dated[0][0])), dated)
    return found


def worst(report: Report, most: int = 3) -> list[str]:
    """The half-hours with most late calls: "11:00-11:30: 214 late, 9 % of all that were late".

    None where it is not known of each how many were late.
    """
    if any(late(row) is None for row in report.intervals):
        return []
    ranked = [(late(row) or 0, row) for row in report.intervals]
    total = sum(number for number, _ in ranked)
    ranked = sorted((r for r in ranked if r[0]), key=lambda r: -r[0])[:most]
    dated = len({_start(row).date() for row in report.intervals}) > 1
    several = len({row.get("channel") for row in report.intervals}) > 1
    found = []
    for number, row in ranked:
        start, share = _start(row), number / total
        label = f"{words.recorded(row.get('channel'))} " if several else ""
        label += f"{_date(start)} " if dated else ""
        found.append(
            translated(
                "{halfhour}: {n} late, {share} of all that were late",
                halfhour=f"{label}{start:%H:%M}-{start + _STEP:%H:%M}",
                n=words.count(number),
                share=words.percent(share, 0 if share >= 0.01 else 1),
            )
        )
    return found


def pooled(rows: Sequence[Row]) -> Row:
    """Rows as one: counts added, shares of the added counts, means weighted by answered calls.

    >>> both = pooled([{"service_level": 1.0, "denominator": 1}, {"service_level": 0.0, "denominator": 3}])
    >>> both["service_level"], both["denominator"]
    (0.25, 4)
    """
    one: dict[str, Any] = {c.name: _count(c.name, rows) for c in columns.CALLS if c.kind == "count"}
    kept = _sum([in_time(row) for row in rows])
    one["service_level"] = kept / one["denominator"] if kept is not None and one["denominator"] else None
    for name, (part, whole) in _RATES.items():
        of = sum(one[w] or 0 for w in whole)
        one[name] = one[part] / of if of and one[part] is not None else None
    for column in columns.CALLS:
        if column.name.startswith("mean_"):
            one[column.name] = _mean([(row.get(column.name), row.get("answered")) for row in rows])
        elif column.name.startswith("longest_"):
            one[column.name] = max((row[column.name] for row in rows if row.get(column.name) is not None), default=None)
    for name, outcome in _OF_WAITS.items():
        if any(row.get(outcome) and row.get(name) is None for row in rows):
            one[name] = None
    return one


def _day(channel: str | None, title: str, dated: Sequence[tuple[datetime, Row]], whole: Row | None = None) -> list[Day]:
    """The table of one day from its first to its last call; none without calls."""
    busy = [i for i, (_, row) in enumerate(dated) if row.get("offered")]
    if not busy:
        return []
    shown = _without_gaps(dated[busy[0] : busy[-1] + 1])
    rows = tuple(row for _, row in shown)
    return [Day(channel, title, _clocks([start for start, _ in shown]), rows, whole or pooled(rows))]


def _by_clock(rows: Iterable[Row]) -> list[tuple[datetime, Row]]:
    by_clock: dict[datetime, list[Row]] = {}
    for row in rows:
        start = _start(row)
        by_clock.setdefault(datetime(2000, 1, 1, start.hour, start.minute), []).append(row)  # noqa: DTZ001
    return [(clock, pooled(by_clock[clock])) for clock in sorted(by_clock)]


def _without_gaps(dated: Sequence[tuple[datetime, Row]]) -> list[tuple[datetime, Row]]:
    """Half-hours that nobody called in between others, put back; not across a clock change."""
    filled = [dated[0]]
    for start, row in dated[1:]:
        before = filled[-1][0]
        while before.utcoffset() == start.utcoffset() and start - before > _STEP:
            before += _STEP
            filled.append((before, _NOTHING))
        filled.append((start, row))
    return filled


def _clocks(starts: Sequence[datetime]) -> tuple[str, ...]:
    """Clock labels; in a doubled hour they carry their offset."""
    plain = [f"{start:%H:%M}" for start in starts]
    offsets = [str(start.isoformat()[19:]) for start in starts]
    return tuple(p if plain.count(p) == 1 else f"{p} {o}" for p, o in zip(plain, offsets, strict=True))


def _start(row: Row) -> datetime:
    return datetime.fromisoformat(row["start"])


def _date(start: datetime) -> str:
    return told(weekday_in_year(start.date()))


def _count(name: str, rows: Sequence[Row]) -> int | None:
    values = [row.get(name) for row in rows]
    return _sum([v for v in values if v is not None] or [None]) if name in _RECORDED else _sum(values)


def _sum(values: Sequence[int | None]) -> int | None:
    """A sum; of which a part is not known, it is not known."""
    return None if None in values else sum(value for value in values if value is not None)


def _mean(pairs: Sequence[tuple[float | None, int | None]]) -> float | None:
    weighted = [(value, weight) for value, weight in pairs if value is not None and weight]
    weights = sum(weight for _, weight in weighted)
    return sum(value * weight for value, weight in weighted) / weights if weights else None
