"""The period a report speaks of: half-open, in the reporting zone, covered by the data or not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from cc_metrics.errors import UsageError
from cc_metrics.language import Said, said
from cc_metrics.measures.coverage import Coverage, Day
from cc_metrics.model import zones
from cc_metrics.model.dates import LONG_WEEKDAYS, weekday_text
from cc_metrics.model.durations import QUARTER_HOUR
from cc_metrics.model.intervals import Period, days_between
from cc_metrics.model.report import Head
from cc_metrics.model.zones import Offsets
from cc_metrics.reporting import named_days


@dataclass(frozen=True, slots=True)
class Span:
    """What was asked for: texts as typed, None where nothing was."""

    start: str | None = None
    end: str | None = None
    date: str | None = None
    as_of: str | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """The period with what is known about it: days, whether the data cover it, as_of."""

    period: Period
    days: tuple[date, ...]
    complete: bool
    incomplete: str
    as_of_ms: int


def moment(text: str, offsets: Offsets, option: str) -> int:
    """UTC ms of a date or time typed by a user, local to the reporting zone unless it bears an offset.

    Raises:
        UsageError: not a time.

    >>> moment("2013-08-20", zones.offsets("Asia/Shanghai"), "--from")
    1376928000000
    """
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(
            f"{option} {text!r} is not a time", hint="write 2013-08-20, '2013-08-20 09:30' or 2013-08-20T09:30+08:00"
        ) from None
    if not 1970 <= read.year < 2100:
        raise UsageError(f"{option} {text!r} lies outside 1970 to 2099")
    if read.tzinfo is not None:
        return int(read.timestamp() * 1000)
    return offsets.utc(int(read.replace(tzinfo=UTC).timestamp() * 1000))


def judge(span: Span, days: Sequence[Day], coverage: Coverage | None, offsets: Offsets, zone: str | None) -> Judged:
    """The period asked for, else the whole local days that the rows touch (up to --as-of, where it was given).

    Raises:
        UsageError: the options contradict each other, or an edge is not on a quarter-hour.
    """
    as_of = coverage.as_of_ms if coverage else 0
    if span.as_of is not None:
        as_of = min(as_of, moment(span.as_of, offsets, "--as-of"))
    data = _touched(days, as_of if span.as_of is not None else None, offsets)
    period = _asked(span, data, offsets, zone) or data
    touched = days_between(zones.local_day(period.from_ms, offsets), zones.local_day(period.to_ms - 1, offsets))
    missing = [d for d in touched if coverage is None or not coverage.covered.get(d, d in coverage.closed)]
    last = max((d.last_ms for d in days), default=None)
    why: str = ""
    if missing:
        why = _why(missing, days, last, offsets, period)
    elif as_of < period.to_ms:
        why = said("as of {moment}", moment=zones.iso(as_of, offsets, written=True).replace("T", " ")[:16])
    return Judged(period, tuple(touched), not why, why, as_of)


def _why(missing: Sequence[date], days: Sequence[Day], last: int | None, offsets: Offsets, period: Period) -> Said:
    if last is None or last < period.from_ms or (days and days[0].first_ms >= period.to_ms):
        return said("no data")
    inside = [d for d in missing if d < days[-1].day]
    if inside:
        day, more = inside[0].isoformat(), len(inside) - 1
        return (
            said("no data on {day} and {n} more days", day=day, n=more) if more else said("no data on {day}", day=day)
        )
    end = zones.iso(last, offsets, written=True)[11:16]
    if period.to_ms - period.from_ms <= 25 * 4 * QUARTER_HOUR:
        return said("data end {clock}", clock=end)
    return said("data end {clock} on {day}", clock=end, day=days[-1].day.isoformat())


def _asked(span: Span, data: Period, offsets: Offsets, zone: str | None) -> Period | None:
    if span.date is not None:
        if span.start or span.end:
            raise UsageError("--date and --from or --to exclude each other", hint="give one or the other")
        first, last = named_days.named(span.date, zone)
        return Period(zones.day_start(first, offsets), zones.day_start(last + timedelta(days=1), offsets))
    if not span.start and not span.end:
        return None
    start = moment(span.start, offsets, "--from") if span.start else None
    end = moment(span.end, offsets, "--to") if span.end else None
    for option, edge in (("--from", start), ("--to", end)):
        if edge is not None and edge % QUARTER_HOUR:
            raise UsageError(f"{option} is not on a quarter-hour", hint="calls are counted by quarter-hours: use 09:15")
    period = Period(data.from_ms if start is None else start, data.to_ms if end is None else end)
    if period.from_ms >= period.to_ms:
        raise UsageError("--from is not before --to", hint="a period is half-open: --to is the first moment after it")
    return period


def _touched(days: Sequence[Day], as_of: int | None, offsets: Offsets) -> Period:
    shown = [d.day for d in days if as_of is None or zones.day_start(d.day, offsets) < as_of] or [d.day for d in days]
    if not shown:
        return Period(0, QUARTER_HOUR)
    return Period(zones.day_start(shown[0], offsets), zones.day_start(shown[-1] + timedelta(days=1), offsets))


def head(judged: Judged, offsets: Offsets, zone: str | None) -> Head:
    """The period in words and ISO texts."""
    written = zone is None
    one = len(judged.days) == 1
    return Head(
        as_of=zones.iso(judged.as_of_ms, offsets, written=written),
        timezone=zone,
        start=zones.iso(judged.period.from_ms, offsets, written=written),
        end=zones.iso(judged.period.to_ms, offsets, written=written),
        weekday=str(LONG_WEEKDAYS[judged.days[0].weekday()]) if one else None,
        complete=judged.complete,
        label=_label(judged, offsets),
        incomplete=judged.incomplete,
    )


def _label(judged: Judged, offsets: Offsets) -> Said:
    first, last = judged.days[0], judged.days[-1]
    start = zones.iso(judged.period.from_ms, offsets, written=True)
    end = zones.iso(judged.period.to_ms, offsets, written=True)
    clock = f"{start[11:16]}-{'24:00' if end[11:16] == '00:00' else end[11:16]}"
    if first == last:
        return said("{day}  {clock}", day=weekday_text(first), clock=clock)
    days = said("{first} - {last}", first=weekday_text(first), last=weekday_text(last))
    return days if clock == "00:00-24:00" else said("{day}  {clock}", day=days, clock=clock)
