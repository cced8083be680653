"""Intervals of the reporting zone: quarter-hours to months, as SQL over UTC milliseconds.

Sub-day intervals are told apart by local clock and offset, so the doubled hour of a clock change is
two hours and the missing one none. Days, ISO weeks and months are whole local dates.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from cc_metrics.errors import UsageError
from cc_metrics.model import zones
from cc_metrics.model.durations import DAY, HOUR, MINUTE, QUARTER_HOUR

_STEPS: Final = {"15m": QUARTER_HOUR, "30m": 30 * MINUTE, "1h": HOUR}
EVERY: Final = (*_STEPS, "1d", "1w", "1mo", "all")


@dataclass(frozen=True, slots=True)
class Period:
    """A half-open stretch of time [from_ms, to_ms) in UTC milliseconds."""

    from_ms: int
    to_ms: int

    def cut(self, edge: int) -> "tuple[Period, Period]":
        """What lies before a moment, and what lies from it on.

        >>> Period(0, 10).cut(4)
        (Period(from_ms=0, to_ms=4), Period(from_ms=4, to_ms=10))
        """
        edge = min(max(edge, self.from_ms), self.to_ms)
        return Period(self.from_ms, edge), Period(edge, self.to_ms)

    def until(self, last_ms: int) -> "Period":
        """What of it lies before a moment: what is known of it, where that is as_of."""
        return Period(self.from_ms, min(self.to_ms, last_ms))

    def sql(self, moment: str) -> str:
        """SQL that holds for the moments in the period."""
        return f"({moment} >= {self.from_ms} AND {moment} < {self.to_ms})"


def check_every(every: str) -> str:
    """The interval's name, when it is one of EVERY.

    Raises:
        UsageError: it is not.
    """
    if every not in EVERY:
        raise UsageError(f"{every!r} is not an interval", hint=f"one of {', '.join(EVERY)}")
    return every


def bucket_sql(moment: str, every: str, offsets: zones.Offsets) -> str:
    """SQL for the interval a UTC moment belongs to: UTC ms of its start, local midnight as ms for days and longer."""
    local = offsets.local_sql(moment)
    if every == "all":
        return "CAST(0 AS BIGINT)"
    if every in _STEPS:
        return f"({moment} - {local} % {_STEPS[every]})"
    day = f"CAST(FLOOR({local} / {DAY}.0) AS BIGINT)"
    if every == "1d":
        return f"({day} * {DAY})"
    if every == "1w":  # 1970-01-01 was a Thursday
        return f"(({day} - ({day} + 3) % 7) * {DAY})"
    return f"(epoch_ms(date_trunc('month', make_timestamp({day} * {DAY} * 1000))))"


def start_text(bucket: int, every: str, offsets: zones.Offsets, *, written: bool = False) -> str:
    """The interval's start as text: ISO 8601 with offset below a day, else date, ISO week or month.

    >>> utc = zones.offsets("UTC", 0, 10**12)
    >>> [start_text(0, e, utc) for e in ("30m", "1d", "1w", "1mo")]
    ['1970-01-01T00:00:00+00:00', '1970-01-01', '1970-W01', '1970-01']
    """
    if every in _STEPS:
        return zones.iso(bucket, offsets, written=written, step=_STEPS[every])
    day = zones.day_of(bucket)
    if every == "1d":
        return day.isoformat()
    if every == "1w":
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    return f"{day.year:04}-{day.month:02}"


def buckets_between(first_ms: int, last_ms: int, every: str, offsets: zones.Offsets) -> list[int]:
    """The intervals of days, weeks or months that two UTC moments lie in, and those between; none for shorter ones.

    >>> [day // DAY for day in buckets_between(4 * DAY, 20 * DAY, "1w", zones.offsets(None))]
    [4, 11, 18]
    """
    firsts = {"1d": lambda day: day, "1w": lambda day: day - timedelta(days=day.weekday()), "1mo": _first_of_month}
    if every not in firsts or last_ms < first_ms:
        return []
    days = days_between(zones.local_day(first_ms, offsets), zones.local_day(last_ms, offsets))
    return [(day - date(1970, 1, 1)).days * DAY for day in dict.fromkeys(map(firsts[every], days))]


def _first_of_month(day: date) -> date:
    return day.replace(day=1)


def days_between(first: date, last: date) -> list[date]:
    """All dates from *first* to *last*, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
