"""What a promise on cases, answers or bases measures, as frozen values: one for each measure."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from cc_metrics.model.clock import Clock
from cc_metrics.model.deadlines import Classes, Deadline, Table, Within
from cc_metrics.model.durations import DAY
from cc_metrics.model.selection import Selection

Asked = Literal["first", "final", "survey"]


@dataclass(frozen=True, slots=True)
class Turnaround:
    """From one moment of a case to another, by a deadline on a clock; without a deadline only the time counts."""

    start: str = "opened_at"
    end: str = "resolved_at"
    deadline: Deadline | None = None
    clock: Clock = field(default_factory=Clock)


@dataclass(frozen=True, slots=True)
class ShareOfCases:
    """The cases opened in the period of which something more is true."""

    counted: Selection


@dataclass(frozen=True, slots=True)
class MonthsWithout:
    """So many whole months, one after the other and the latest, without any case."""

    months: int


@dataclass(frozen=True, slots=True)
class Volume:
    """How many cases or calls came, against as long a stretch before: fewer, or more where it *rises*."""

    rises: bool = False


@dataclass(frozen=True, slots=True)
class PerBase:
    """Cases (or *part*, a base itself) of a month for each of a base of that month, months pooled."""

    per: str
    part: str | None = None


@dataclass(frozen=True, slots=True)
class RepeatComplaints:
    """Cases whose key had another opened at most *window_ms* earlier: chained, each link at most that long."""

    window_ms: int = 30 * DAY
    key: tuple[str, ...] = ("customer_id", "reason")


@dataclass(frozen=True, slots=True)
class AttemptsMade:
    """Attempts to reach a customer who was not reached at first: so many, or one in each part (local ms) of a day.

    They are owed by the end of the day of the first failure, or of the day after it.
    """

    attempts: int = 0
    parts: tuple[tuple[int, int], ...] = ()
    next_day: bool = False


@dataclass(frozen=True, slots=True)
class Backlog:
    """Cases open at a local moment (ISO), done within a time from then."""

    waiting_at: str
    within_ms: int


@dataclass(frozen=True, slots=True)
class MeanRatio:
    """The mean of one column of the cases over another."""

    ratio: tuple[str, str]


@dataclass(frozen=True, slots=True)
class FollowedUp:
    """Cases whose ratio lies below a share, and a later case of the same customer that fits."""

    ratio: tuple[str, str]
    below: Fraction
    follow_up: Selection


@dataclass(frozen=True, slots=True)
class Satisfied:
    """Satisfied out of answered: the flags of cases, or a survey; a score from *lowest* on is satisfied."""

    asked: Asked = "survey"
    lowest: float | None = None

    @property
    def about(self) -> Literal["cases", "satisfaction"]:
        """The table that holds what was asked."""
        return "satisfaction" if self.asked == "survey" else "cases"


@dataclass(frozen=True, slots=True)
class Score:
    """The mean score of a survey, by itself or above a *reference*."""

    reference: Fraction | None = None


@dataclass(frozen=True, slots=True)
class ScoreRises:
    """So many years, each with a higher mean score than the one before."""

    years: int


@dataclass(frozen=True, slots=True)
class ScoreRank:
    """Places that a value of a dimension rose by among all its values, from the year before the last to the last."""

    up: int
    among: str = "segment"


@dataclass(frozen=True, slots=True)
class MonthsBelow:
    """Whole months, one after the other, whose service level lies below a promise's *each*."""

    months: int


@dataclass(frozen=True, slots=True)
class ClassedWait:
    """The longest wait by the class of the day on which a call was offered."""

    classes: Classes
    clock: Clock = field(default_factory=Clock)


def within_ms(terms: "Terms") -> int | None:
    """The one length of time that a promise gives; None where it gives none, or several."""
    if isinstance(terms, Turnaround):
        return terms.deadline.length_ms if isinstance(terms.deadline, Within) else None
    if isinstance(terms, Backlog):
        return terms.within_ms
    return terms.window_ms if isinstance(terms, RepeatComplaints) else None


def dimensions_of(terms: "Terms | None") -> tuple[str, ...]:
    """The dimensions of cases that a promise's terms speak of."""
    if isinstance(terms, Turnaround) and isinstance(terms.deadline, Table):
        return tuple(name for row in terms.deadline.rows for name in row.where)
    if isinstance(terms, ShareOfCases):
        return terms.counted.dimensions()
    if isinstance(terms, RepeatComplaints):
        return terms.key
    if isinstance(terms, MeanRatio):
        return terms.ratio
    if isinstance(terms, FollowedUp):
        return (*terms.ratio, *terms.follow_up.dimensions())
    return (terms.among,) if isinstance(terms, ScoreRank) else ()


Terms = (
    Turnaround
    | ShareOfCases
    | MonthsWithout
    | Volume
    | PerBase
    | RepeatComplaints
    | AttemptsMade
    | Backlog
    | MeanRatio
    | FollowedUp
    | Satisfied
    | Score
    | ScoreRises
    | ScoreRank
    | MonthsBelow
    | ClassedWait
)
