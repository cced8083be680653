"""By when a promise is due, as frozen values. Moments are UTC ms, lengths and times of day whole ms."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from cc_metrics.errors import PolicyError
from cc_metrics.model.durations import DAY
from cc_metrics.model.promise import Edge

Days = Literal["calendar", "working"]


@dataclass(frozen=True, slots=True)
class Within:
    """A length of time on the promise's clock.

    Due at the earliest moment at which the clock has run *length_ms*; opened while it holds, it starts when the
    clock does. Done exactly then is in time, unless the edge is "<". A length of 0 is due at the start itself.

    Raises:
        PolicyError: a length below 0.
    """

    length_ms: int
    edge: Edge = "<="

    def __post_init__(self) -> None:
        if self.length_ms < 0:
            raise PolicyError("a deadline lies before its beginning", hint="give a length of 0 or more")

    @property
    def inclusive(self) -> bool:
        """Whether done exactly at the due moment is in time."""
        return self.edge == "<="


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Due before the end (24:00:00 local, excluded) of working day *number*; the day of opening is day 0.

    Opened on a day off, the next working day is day 1; number 0 is then due with day 1.

    Raises:
        PolicyError: a number below 0.
    """

    number: int

    def __post_init__(self) -> None:
        if self.number < 0:
            raise PolicyError("a deadline lies before its beginning", hint="give 0 working days or more")

    @property
    def inclusive(self) -> bool:
        """Never: done at 24:00:00 is late."""
        return False


@dataclass(frozen=True, slots=True)
class CutOffRule:
    """Opened before *before_ms* on the local clock (None: at any time): due before *due_ms* of day + *days*.

    24:00 (a whole day of ms) is the end of the day. Working days count as in WorkingDays. A due time that the
    clock skips is due as much later, one in a doubled hour at its first pass.
    """

    before_ms: int | None
    due_ms: int
    days: int = 0
    counted: Days = "calendar"


@dataclass(frozen=True, slots=True)
class CutOff:
    """Rules by time of opening, the first that fits; the last one has no time. Done at the due time is late.

    Opened at 17:00:00.000 is not before 17:00: it belongs to the later rule.

    Raises:
        PolicyError: times out of order, no last rule, or a rule that may be due before its case was opened.
    """

    rules: tuple[CutOffRule, ...]

    def __post_init__(self) -> None:
        times = [DAY if rule.before_ms is None else rule.before_ms for rule in self.rules]
        if not self.rules or self.rules[-1].before_ms is not None or any(t == DAY for t in times[:-1]):
            raise PolicyError("the last cut-off rule alone has no time", hint="end with a rule for all later openings")
        if times != sorted(set(times)):
            raise PolicyError("the cut-off times are not in order", hint="write the earliest first")
        for until, rule in zip(times, self.rules, strict=True):
            if not 0 < rule.due_ms <= DAY or rule.days < 0 or (rule.days == 0 and rule.due_ms < until):
                raise PolicyError("a cut-off rule is due before its cases are opened", hint="name a later time or day")

    @property
    def inclusive(self) -> bool:
        """Never: done at the due time is late."""
        return False


@dataclass(frozen=True, slots=True)
class Appointment:
    """Arrived within *tolerance_ms* of the time appointed, on either side; exactly that much off is in time.

    Earlier than that is missed, as is later. No clock is asked.

    Raises:
        PolicyError: a tolerance below 0.
    """

    tolerance_ms: int

    def __post_init__(self) -> None:
        if self.tolerance_ms < 0:
            raise PolicyError("the tolerance is below 0", hint="give a length of 0 or more")


Due = Within | WorkingDays | CutOff


@dataclass(frozen=True, slots=True)
class DayClass:
    """A deadline for cases opened on certain local days: those that fit any of what is named, or all if nothing is.

    *weekdays* (0 = Monday); *around_holiday* (before, after): from so many days before a holiday to so many after,
    the holiday itself among them; *working_days_of_month*: the first working day of a month is 1.
    """

    deadline: Due
    weekdays: frozenset[int] = frozenset()
    around_holiday: tuple[int, int] | None = None
    working_days_of_month: frozenset[int] = frozenset()

    @property
    def every_day(self) -> bool:
        """Whether nothing is named, so that it fits every day."""
        return not self.weekdays and self.around_holiday is None and not self.working_days_of_month


@dataclass(frozen=True, slots=True)
class Classes:
    """A deadline by the class of the day of opening, the first that fits; the last fits every day.

    Raises:
        PolicyError: the last class does not fit every day, or an earlier one does.
    """

    classes: tuple[DayClass, ...]

    def __post_init__(self) -> None:
        if [c.every_day for c in self.classes] != [False] * (len(self.classes) - 1) + [True]:
            raise PolicyError("the last class of days alone names no days", hint="end with one for all other days")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table of deadlines: dimension -> accepted values, and the deadline they have."""

    where: Mapping[str, tuple[str, ...]]
    deadline: Due | Classes


@dataclass(frozen=True, slots=True)
class Table:
    """A deadline by dimensions, the first row that fits; a case that none fits has no deadline."""

    rows: tuple[Row, ...]

    def row_of(self, values: Mapping[str, str | None]) -> int | None:
        """The number of the first row that fits the values of a case, from 0.

        >>> table = Table((Row({"area": ("urban",)}, Within(86_400_000)), Row({}, Within(259_200_000))))
        >>> table.row_of({"area": "urban"}), table.row_of({"area": None})
        (0, 1)
        """
        fits = (i for i, row in enumerate(self.rows) if all(values.get(d) in v for d, v in row.where.items()))
        return next(fits, None)


Deadline = Due | Classes | Table | Appointment
