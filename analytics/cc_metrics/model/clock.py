"""The clocks a promise may run on, as frozen values: a calendar, quiet hours, and what of them counts.

A moment is open, quiet or on a working day by what the local clock and the local date read at that moment:
both passes of a doubled hour count, a missing hour does not exist.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from cc_metrics.errors import PolicyError
from cc_metrics.model.durations import DAY
from cc_metrics.model.promise import ClosedDays, OpenHours

ClockKind = Literal["always", "open", "working"]
Paused = Literal["counted", "off"]
QuietRule = Literal["stop", "move"]

MONDAY_TO_FRIDAY: Final = frozenset(range(5))


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which local days are working days and when they are open.

    *weekdays* (0 = Monday) are the usual working days. *country* adds its public holidays and working weekends,
    *holidays* and *working* add dates of the operator's own. A date named closed is never a working day; then,
    in this order, the first that speaks decides: own working dates, own holidays, closed weekdays, the country's
    working weekends, its holidays, the weekday. *open_hours* are local, to the ms; *hours_on* replaces them on
    single dates by (from_ms, to_ms) stretches of the day, none for a date that stays shut.

    Raises:
        PolicyError: a date is named twice with opposite meanings.
    """

    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    country: str | None = None
    holidays: frozenset[date] = frozenset()
    working: frozenset[date] = frozenset()
    closed: ClosedDays = field(default_factory=ClosedDays)
    open_hours: OpenHours | None = None
    hours_on: Mapping[date, tuple[tuple[int, int], ...]] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        opened = frozenset(day for day, spans in self.hours_on.items() if spans)
        for day in sorted((self.working & (self.holidays | self.closed.dates)) | (opened & self.closed.dates)):
            raise PolicyError(f"{day} is named both as a day off and as a day that counts", hint="leave one of them")
        for day, spans in self.hours_on.items():
            if not all(0 <= start < end <= DAY for start, end in spans):
                raise PolicyError(f"the hours of {day} do not lie within one day", hint="write for example 09:00-13:00")


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours in which a customer is not disturbed: from *from_ms* to before *to_ms* on the local clock.

    They cross midnight when *to_ms* is not after *from_ms*. "stop": the clock holds. "move": it runs on, and a
    deadline from their first moment to before their last slides to the moment they end.

    Raises:
        PolicyError: the hours do not lie on a clock, or have no length.
    """

    from_ms: int
    to_ms: int
    rule: QuietRule = "stop"

    def __post_init__(self) -> None:
        if not (0 <= self.from_ms < DAY and 0 <= self.to_ms <= DAY) or self.from_ms == self.to_ms % DAY:
            raise PolicyError("quiet hours begin and end at once", hint="write for example 22:00-08:00")

    def spans(self) -> tuple[tuple[int, int], ...]:
        """The quiet stretches of each local day, in ms of the day.

        >>> Quiet(79_200_000, 28_800_000).spans()
        ((0, 28800000), (79200000, 86400000))
        """
        if self.from_ms < self.to_ms:
            return ((self.from_ms, self.to_ms),)
        return ((0, self.to_ms), (self.from_ms, DAY)) if self.to_ms else ((self.from_ms, DAY),)


@dataclass(frozen=True, slots=True)
class Clock:
    """What time counts: "always"; "open" only open hours, on holidays too; "working" only working days.

    A working clock counts whole days, or the open hours of working days where the calendar has them; a day made
    working whose weekday has no hours takes those of the nearest weekday before it that has. An open clock takes
    no notice of holidays: what is shut is named closed, or in *hours_on*. The working days of deadlines are the
    calendar's on any clock. *paused* "off" takes the source's own paused time off what counts; only its length is
    known, so all of it is taken as time on this clock.

    Raises:
        PolicyError: an open clock without open hours.
    """

    kind: ClockKind = "always"
    calendar: Calendar = Calendar()
    quiet: Quiet | None = None
    paused: Paused = "counted"

    def __post_init__(self) -> None:
        if self.kind == "open" and not (self.calendar.open_hours or self.calendar.hours_on):
            raise PolicyError("the clock counts open hours, but none are given", hint="add open_hours")

    @property
    def stops(self) -> bool:
        """Whether there are times at which the clock holds."""
        return self.kind != "always" or (self.quiet is not None and self.quiet.rule == "stop")

    @property
    def moves(self) -> bool:
        """Whether a deadline in quiet hours slides to their end."""
        return self.quiet is not None and self.quiet.rule == "move"
