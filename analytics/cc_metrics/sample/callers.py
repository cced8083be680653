"""The people outside: who calls, how long they wait, when they call again."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from cc_metrics.sample.hotline import (
    DAY,
    HOUR,
    MINUTE,
    POPULATION,
    PROFILE,
    REASONS,
    SECOND,
    WEEKDAYS,
    Hotline,
    Reason,
    activity,
)


@dataclass(slots=True)
class Call:
    """One contact, filled in while the simulation runs. Moments count from midnight of the first day."""

    offered_ms: int
    customer: int
    reason: Reason
    tries: int = 0  # abandoned calls for the same problem just before
    is_leg: bool = False
    tier_known: bool = True
    outcome: str = ""
    wait_ms: int = 0
    talk_ms: int | None = None
    hold_ms: int | None = None
    wrap_ms: int | None = None
    agent: str | None = None
    transferred: bool | None = None
    resolved: bool | None = None

    @property
    def end_ms(self) -> int:
        """When the customer hangs up or leaves the queue."""
        return self.offered_ms + self.wait_ms + (self.talk_ms or 0) + (self.hold_ms or 0)

    @property
    def tier(self) -> str | None:
        """The customer's level as this switch writes it, None where it lost it."""
        return tier_of(self.customer) if self.tier_known else None

    @property
    def number(self) -> int | None:
        """The customer, None where the number is withheld: about one customer in fifty."""
        return None if self.customer % 50 == 7 else self.customer


def tier_of(customer: int) -> str:
    """A customer's level, the same in every call.

    >>> [tier_of(3), tier_of(110), tier_of(150)]
    ['VIP', '金卡', '普通']
    """
    hundredth = customer % 100
    return "VIP" if hundredth < 6 else "金卡" if hundredth < 16 else "普通"


class Callers:
    """Draws what callers do. Every draw comes from one seeded source, in the order of the simulation."""

    def __init__(self, hotline: Hotline, draw: Random) -> None:
        self.hotline, self.draw = hotline, draw
        self.shares = [reason.share for reason in REASONS]

    def new_problems(self) -> Iterator[Call]:
        """First calls about a problem: a Poisson stream that follows the hour, the weekday and the day's luck."""
        peak_a_day = self.hotline.problems_a_day * max(PROFILE) * 24 / sum(PROFILE)
        for day in range(self.hotline.days):
            weekday = (self.hotline.first_day.weekday() + day) % 7
            gap_ms = DAY / (peak_a_day * WEEKDAYS[weekday] * self.draw.lognormvariate(0, 0.05))
            moment = day * DAY + self.draw.expovariate(1) * gap_ms
            while moment < (day + 1) * DAY:
                if self.draw.random() < activity(int(moment)):
                    yield self.call(int(moment), int(self.draw.random() * POPULATION), self.any_reason())
                moment += self.draw.expovariate(1) * gap_ms

    def call(self, moment_ms: int, customer: int, reason: Reason) -> Call:
        """A call at a whole second, as the switch's clock has it."""
        offered_ms = -(-moment_ms // SECOND) * SECOND
        return Call(offered_ms, customer, reason, tier_known=self.draw.random() >= 0.03)

    def any_reason(self) -> Reason:
        """A reason by its share."""
        return self.draw.choices(REASONS, self.shares)[0]

    def patience_ms(self, call: Call) -> int:
        """How long the caller waits at most: a few hang up at once, the others after minutes, VIPs a little later."""
        if self.draw.random() < 0.03:
            return int(self.draw.uniform(1, 5) * SECOND)
        mean_s = 170 if tier_of(call.customer) == "普通" else 230
        return int(self.draw.weibullvariate(mean_s, 1.2) * SECOND) + SECOND

    def after_abandoning(self, call: Call) -> Call | None:
        """Half of those who gave up try again soon."""
        if call.tries >= 3 or self.draw.random() >= 0.5:
            return None
        again = self.call(
            int(call.end_ms + MINUTE + self.draw.expovariate(1) * 12 * MINUTE), call.customer, call.reason
        )
        again.tries = call.tries + 1
        return again

    def after_talking(self, call: Call, solved: bool) -> Call | None:
        """Who was not helped calls again: mostly the same day, some days later, hardly ever at night."""
        if solved or self.draw.random() >= 0.75:
            return None
        soon = self.draw.random() < 0.7
        delay = self.draw.expovariate(1) * 4 * HOUR + 5 * MINUTE if soon else self.draw.uniform(0.8, 6) * DAY
        moment = int(call.end_ms + delay)
        while self.draw.random() > activity(moment) + 0.15:
            moment += int(self.draw.random() * HOUR)
        return self.call(moment, call.customer, call.reason if self.draw.random() < 0.85 else self.any_reason())

    def next_leg(self, call: Call) -> Call:
        """The rest of a transferred call, in another queue, a moment later."""
        others = [reason for reason in REASONS if reason.queue != call.reason.queue]
        leg = self.call(int(call.end_ms + self.draw.uniform(0, 1.5) * SECOND), call.customer, self.draw.choice(others))
        leg.is_leg, leg.tier_known = True, call.tier_known
        return leg
