"""The floor: agents on shifts serve a queue in which VIPs have a head start. Waits are what comes of it."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from heapq import heappop, heappush
from itertools import count
from random import Random

from cc_metrics.sample.callers import Call, Callers, tier_of
from cc_metrics.sample.hotline import DAY, HEAD_START_MS, HOUR, RING_MS, SECOND, SHIFTS, Hotline

OVERFLOW_QUEUE = 5  # so many in the queue, and a caller may be sent to a partner
CALLBACK_AFTER_MS = 90 * SECOND


@dataclass(slots=True)
class Agent:
    """Somebody on a shift."""

    name: str
    leaves_ms: int
    missing: bool  # not there during the bad half-hour


def simulate(hotline: Hotline, seed: int) -> list[Call]:
    """Every call of the hotline's days, in the order in which they were offered."""
    floor = Floor(hotline, Random(seed))  # noqa: S311  a made-up hotline guards no secret
    floor.run()
    return sorted(floor.calls, key=lambda call: call.offered_ms)  # stable: ties stay in the order of their arrival


class Floor:
    """An event list: moments and what happens at them."""

    def __init__(self, hotline: Hotline, draw: Random) -> None:
        self.hotline, self.draw = hotline, draw
        self.callers = Callers(hotline, draw)
        self.calls: list[Call] = []
        self.events: list[tuple[int, int, Callable[[int], None]]] = []
        self.number = count()
        self.idle: deque[Agent] = deque()  # whoever is idle longest is called first
        self.waiting: list[tuple[int, int, Call]] = []  # those who left are dropped when their turn comes
        self.length = 0

    def run(self) -> None:
        """Let everything happen; one more day of shifts serves those who still wait at the end."""
        for day in range(self.hotline.days + 1):
            self.schedule_shifts(day)
        for call in self.callers.new_problems():
            self.expect(call)
        while self.events:
            moment, _, happen = heappop(self.events)
            happen(moment)

    def at(self, moment_ms: int, happen: Callable[[int], None]) -> None:
        """Put an event on the list; events of one moment happen in the order in which they were put there."""
        heappush(self.events, (moment_ms, next(self.number), happen))

    def expect(self, call: Call | None) -> None:
        """A call will come, unless the days are over by then."""
        if call is not None and call.offered_ms < self.hotline.end_ms:
            self.at(call.offered_ms, partial(self.arrive, call))

    def schedule_shifts(self, day: int) -> None:
        """The agents of one day; now and then somebody is ill."""
        number = 0
        ill = self.draw.uniform(0, 0.12)
        for first, last, agents in SHIFTS:
            for _ in range(agents):
                number += 1
                if self.draw.random() < ill and agents > 2:
                    continue
                missing = self.draw.random() < self.hotline.missing
                agent = Agent(f"A{number:02d}", day * DAY + int(last * HOUR), missing)
                self.at(day * DAY + int(first * HOUR), partial(self.free, agent))

    def arrive(self, call: Call, now: int) -> None:
        """Somebody calls: an idle agent takes the call, else it waits."""
        self.calls.append(call)
        while self.idle:
            agent = self.idle.popleft()
            if self.present(agent, now):
                self.answer(agent, call, now)
                return
        ahead = HEAD_START_MS if tier_of(call.customer) != "普通" else 0
        heappush(self.waiting, (now - ahead, next(self.number), call))
        self.length += 1
        self.at(now + self.callers.patience_ms(call), partial(self.leave, call, "abandoned"))
        if self.length > OVERFLOW_QUEUE and self.draw.random() < 0.3:
            self.at(now + int(self.draw.uniform(8, 18) * SECOND), partial(self.leave, call, "redirected"))
        elif self.draw.random() < 0.25:
            accepts_ms = CALLBACK_AFTER_MS + int(self.draw.uniform(0, 6) * SECOND)
            self.at(now + accepts_ms, partial(self.leave, call, "redirected"))

    def leave(self, call: Call, outcome: str, now: int) -> None:
        """Out of the queue without a person, if still in it."""
        if call.outcome:
            return
        call.outcome, call.wait_ms = outcome, now - call.offered_ms
        self.length -= 1
        if outcome == "abandoned":
            self.expect(self.callers.after_abandoning(call))

    def free(self, agent: Agent, now: int) -> None:
        """An agent is free and takes the first in the queue, if still on shift and there."""
        if not self.present(agent, now):
            return
        while self.waiting:
            _, _, call = heappop(self.waiting)
            if not call.outcome:
                self.length -= 1
                self.answer(agent, call, now)
                return
        self.idle.append(agent)

    def present(self, agent: Agent, now: int) -> bool:
        """Whether the agent can take a call; one who misses the bad half-hour comes back after it."""
        span = self.hotline.bad_span
        if agent.missing and span and span[0] <= now < span[1]:
            self.at(span[1], partial(self.free, agent))
            return False
        return now < agent.leaves_ms

    def answer(self, agent: Agent, call: Call, now: int) -> None:
        """Ring, talk, perhaps hold, wrap up; then decide what the customer does next."""
        draw = self.draw
        call.outcome, call.agent = "answered", agent.name
        call.wait_ms = now - call.offered_ms + int(draw.uniform(*RING_MS))
        call.talk_ms = 8 * SECOND + int(draw.lognormvariate(-0.25, 0.7) * call.reason.talk_s * SECOND)
        call.hold_ms = int(draw.expovariate(1) * 45 * SECOND) if draw.random() < 0.2 else 0
        call.wrap_ms = 3 * SECOND + int(draw.expovariate(1) * 22 * SECOND)
        call.transferred = not call.is_leg and draw.random() < 0.035
        self.at(call.end_ms + call.wrap_ms, partial(self.free, agent))
        if call.transferred:
            self.expect(self.callers.next_leg(call))
            return
        solved = draw.random() >= call.reason.unsolved
        if draw.random() < 0.8:  # the agent asks most customers, and is told so rather too often
            call.resolved = draw.random() < (0.98 if solved else 0.35)
        self.expect(self.callers.after_talking(call, solved))
