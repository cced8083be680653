"""What the made-up hotline is like: who calls when and why, who works when."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000  # in milliseconds
ZONE = "Asia/Shanghai"
OFFSET = timezone(timedelta(hours=8))  # no clock change since 1991, so the fixed offset is the zone

POPULATION = 300_000  # so large that two customers' unrelated problems seldom look like a repeat
HEAD_START_MS = 900 * SECOND  # a VIP is served as if he had come this much earlier
RING_MS = (600, 3_500)  # an agent takes this long to pick up
# Calls by hour of the day: a morning peak and an evening peak.
PROFILE = (8, 5, 3, 2, 2, 4, 10, 25, 60, 95, 110, 92, 62, 64, 74, 80, 78, 70, 82, 106, 112, 80, 40, 18)
WEEKDAYS = (1.06, 1.02, 1.0, 0.99, 1.01, 0.95, 0.92)  # Monday first


@dataclass(frozen=True, slots=True)
class Reason:
    """Why people call, which queue it leads to, and how long it takes to talk about."""

    name: str
    queue: str
    share: float
    talk_s: float
    unsolved: float  # how often the problem outlives the call


REASONS = (
    Reason("bill query", "billing", 19, 150, 0.12),
    Reason("payment", "billing", 11, 110, 0.07),
    Reason("plan change", "plans", 13, 200, 0.10),
    Reason("cancellation", "plans", 5, 240, 0.16),
    Reason("roaming", "roaming", 5, 170, 0.12),
    Reason("broadband down", "broadband", 13, 230, 0.26),
    Reason("slow internet", "broadband", 9, 260, 0.28),
    Reason("no signal", "faults", 9, 190, 0.22),
    Reason("SIM card", "faults", 7, 140, 0.10),
    Reason("complaint", "complaints", 9, 290, 0.24),
)
QUEUES = tuple(dict.fromkeys(reason.queue for reason in REASONS))


# Agents on duty every day, all for every queue: first hour, last hour, how many.
SHIFTS = ((0, 8, 3), (6.5, 15, 8), (8.5, 12.5, 6), (13, 18.5, 2), (15, 24, 9), (18.5, 22, 5))


@dataclass(frozen=True, slots=True)
class Hotline:
    """One simulated hotline: its first day, how many days, how many new problems a day, and its bad half-hour."""

    first_day: date
    days: int
    problems_a_day: float = 1_800
    bad_day: date | None = None
    bad_from_ms: int = 10 * HOUR
    bad_to_ms: int = 10 * HOUR + 30 * MINUTE
    missing: float = 0.6  # the share of the agents who are not there during it

    @property
    def end_ms(self) -> int:
        """The moment after the last day, counted like every moment here from midnight of the first."""
        return self.days * DAY

    @property
    def bad_span(self) -> tuple[int, int] | None:
        """The bad half-hour as moments."""
        if self.bad_day is None:
            return None
        midnight = (self.bad_day - self.first_day).days * DAY
        return midnight + self.bad_from_ms, midnight + self.bad_to_ms

    def clock(self, moment_ms: int) -> datetime:
        """The hotline's local time at a moment of the simulation."""
        first = datetime(self.first_day.year, self.first_day.month, self.first_day.day, tzinfo=OFFSET)
        return first + timedelta(milliseconds=moment_ms)


def activity(moment_ms: int) -> float:
    """How busy the hour is against the busiest one, between hours in a straight line.

    >>> round(activity(20 * HOUR + 30 * MINUTE), 2), round(activity(3 * HOUR), 2)
    (1.0, 0.02)
    """
    hours = moment_ms % DAY / HOUR - 0.5
    hour = int(hours // 1)
    part = hours - hour
    return (PROFILE[hour % 24] * (1 - part) + PROFILE[(hour + 1) % 24] * part) / max(PROFILE)
