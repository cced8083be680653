"""A calendar laid out in UTC: the local days of a range and the stretches in which a clock runs."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cc_metrics.model.clock import Calendar, Clock
from cc_metrics.model.durations import DAY
from cc_metrics.model.intervals import days_between
from cc_metrics.model.public_holidays import PublicDays, public_days
from cc_metrics.model.zones import Offsets, day_of, day_start, offsets

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class LocalDay:
    """A local day: *number* since 1970-01-01, from *start_ms* to before *end_ms* (UTC ms).

    *ordinal* counts the working days of the range up to this day, itself included.
    """

    day: date
    number: int
    start_ms: int
    end_ms: int
    working: bool
    ordinal: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Time in which a clock runs, from *start_ms* to before *end_ms* (UTC ms); *before_ms* ran earlier in the range."""

    start_ms: int
    end_ms: int
    before_ms: int


@dataclass(frozen=True, slots=True)
class DayPiece:
    """A part of a local day with one offset: UTC ms from *start_ms* to before *end_ms*, local = UTC + *offset_ms*."""

    day: date
    start_ms: int
    end_ms: int
    offset_ms: int


@dataclass(frozen=True, slots=True)
class Range:
    """Local days from *first* to *last*, both included, in a zone (None: times as written)."""

    zone: str | None
    first: date
    last: date

    def offsets(self) -> Offsets:
        """The zone's offsets, from two days before the range to two days after."""
        days = [(day - date(1970, 1, 1)).days * DAY for day in (self.first, self.last)]
        return offsets(self.zone, days[0] - 3 * DAY, days[1] + 3 * DAY)

    def bounds(self) -> Span:
        """UTC ms at which the range begins, and before which it ends."""
        known = self.offsets()
        return day_start(self.first, known), day_start(self.last + timedelta(days=1), known)

    def pieces(self) -> Iterator[DayPiece]:
        """The local days of the range in order of time, those that a clock change cuts in two pieces."""
        known, (first, last) = self.offsets(), self.bounds()
        ends = (*known.starts[1:], last)
        for start, end, offset in zip(known.starts, ends, known.offsets, strict=True):
            moment, end_ms = max(start, first), min(end, last)
            while moment < end_ms:
                later = min(end_ms, moment + DAY - (moment + offset) % DAY)
                yield DayPiece(day_of(moment + offset), moment, later, offset)
                moment = later


@dataclass(frozen=True, slots=True)
class KnownDays:
    """A calendar together with the days its country names."""

    calendar: Calendar
    public: PublicDays

    def working(self, day: date) -> bool:
        """Whether a date is a working day, by the order that Calendar tells."""
        own = self.calendar
        if day in own.closed.dates or day in own.working:
            return day in own.working
        if day in own.holidays or day.weekday() in own.closed.weekdays:
            return False
        return day in self.public.working or (day not in self.public.holidays and day.weekday() in own.weekdays)

    def holiday(self, day: date) -> bool:
        """Whether a date is a public holiday or one of the operator's own; a weekend is none."""
        own = self.calendar
        return day not in own.working and (day in own.holidays or day in self.public.holidays)

    def open_spans(self, day: date) -> tuple[Span, ...]:
        """The stretches of a date (local ms of the day) that an open clock counts."""
        if day in self.calendar.hours_on:
            return self.calendar.hours_on[day]
        return () if day in self.calendar.closed else self._weekly(day.weekday())

    def working_spans(self, day: date) -> tuple[Span, ...]:
        """The stretches of a date (local ms of the day) that a working clock counts."""
        if not self.working(day):
            return ()
        if day in self.calendar.hours_on:
            return self.calendar.hours_on[day]
        if self.calendar.open_hours is None:
            return ((0, DAY),)
        return next(filter(None, (self._weekly((day.weekday() - back) % 7) for back in range(7))), ())

    def _weekly(self, weekday: int) -> tuple[Span, ...]:
        hours = self.calendar.open_hours
        return tuple((start, end) for d, start, end in hours.spans if d == weekday) if hours else ()


def known_days(calendar: Calendar, days: Range) -> KnownDays:
    """The calendar with its country's days, a year more on either side of the range."""
    if calendar.country is None:
        return KnownDays(calendar, PublicDays(frozenset(), frozenset()))
    return KnownDays(calendar, public_days(calendar.country, days.first.year - 1, days.last.year + 1))


def local_days(calendar: Calendar, days: Range) -> list[LocalDay]:
    """The local days of a range; a date that the zone skipped is not among them.

    >>> friday = Range("Asia/Shanghai", date(2023, 9, 29), date(2023, 10, 1))
    >>> [(d.number, d.start_ms, d.working, d.ordinal) for d in local_days(Calendar(), friday)]
    [(19629, 1695916800000, True, 1), (19630, 1696003200000, False, 1), (19631, 1696089600000, False, 1)]
    """
    known, bounds = known_days(calendar, days), dict[date, Span]()
    for piece in days.pieces():
        start = bounds.get(piece.day, (piece.start_ms, 0))[0]
        bounds[piece.day] = (start, piece.end_ms)
    found, ordinal = list[LocalDay](), 0
    for day in days_between(days.first, days.last):
        if day in bounds:
            working = known.working(day)
            ordinal += working
            found.append(LocalDay(day, (day - date(1970, 1, 1)).days, *bounds[day], working, ordinal))
    return found


def stretches(clock: Clock, days: Range) -> list[Stretch]:
    """The stretches in which a clock runs, in order of time, none touching the next.

    >>> hours = Range("Asia/Shanghai", date(2023, 9, 29), date(2023, 10, 1))
    >>> stretches(Clock("working"), hours)
    [Stretch(start_ms=1695916800000, end_ms=1696003200000, before_ms=0)]
    """
    known = known_days(clock.calendar, days)
    of_day: dict[str, Callable[[date], Sequence[Span]]] = {
        "always": lambda _day: ((0, DAY),),
        "open": known.open_spans,
        "working": known.working_spans,
    }
    quiet = clock.quiet.spans() if clock.quiet and clock.quiet.rule == "stop" else ()
    found, before = list[Stretch](), 0
    for start, end in joined(_on_utc(days, lambda day: without(of_day[clock.kind](day), quiet))):
        found.append(Stretch(start, end, before))
        before += end - start
    return found


def quiet_stretches(clock: Clock, days: Range) -> list[Span]:
    """The quiet hours of a range, as UTC ms from and to."""
    spans = clock.quiet.spans() if clock.quiet else ()
    return list(joined(_on_utc(days, lambda _day: spans)))


def _on_utc(days: Range, of_day: Callable[[date], Sequence[Span]]) -> Iterator[Span]:
    """Stretches of local days on UTC: open is what the local clock reads as open, at each offset by itself."""
    for piece in days.pieces():
        midnight = (piece.day - date(1970, 1, 1)).days * DAY - piece.offset_ms
        for start, end in sorted(of_day(piece.day)):
            clipped = max(midnight + start, piece.start_ms), min(midnight + end, piece.end_ms)
            if clipped[0] < clipped[1]:
                yield clipped


def joined(spans: Iterator[Span]) -> Iterator[Span]:
    """Stretches in order of their starts, those that touch or overlap made one.

    >>> list(joined(iter([(0, 5), (5, 7), (6, 6), (8, 9)])))
    [(0, 7), (8, 9)]
    """
    current: Span | None = None
    for start, end in spans:
        if current is not None and start <= current[1]:
            current = (current[0], max(current[1], end))
            continue
        if current is not None:
            yield current
        current = (start, end)
    if current is not None:
        yield current


def without(spans: Sequence[Span], taken: Sequence[Span]) -> list[Span]:
    """What is left of stretches when others are taken out of them.

    >>> without([(0, 10)], [(2, 3), (8, 12)])
    [(0, 2), (3, 8)]
    """
    left = list(spans)
    for start, end in taken:
        parts = [part for a, b in left for part in ((a, min(b, start)), (max(a, end), b))]
        left = [(a, b) for a, b in parts if a < b]
    return left
