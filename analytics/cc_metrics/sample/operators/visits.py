"""Visits to customers: given to a fitter, agreed, made, done; and the attempts to reach who was not there at first."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from cc_metrics.sample.operators.rows import Row, after, at_clock, known

PARTS = ((8, 11), (11, 14), (17, 21))  # morning, noon, evening
HALF_HOUR = timedelta(minutes=30)


def visit(draw: Random, row: Row, due: tuple[datetime, bool], end: datetime) -> Row:
    """The moments of a case: contacted within two hours, there within an hour of the time agreed, done by its limit."""
    opened_at, (limit, promised) = row["opened_at"], due
    room = (limit - opened_at) / timedelta(hours=1)
    dispatched = after(draw, opened_at, 0.01, min(0.5, room / 20))
    responded = after(draw, dispatched, 0.02, min(1.95, room / 10))
    done = by_day(draw, after(draw, responded, min(1.5, room / 3), room * 0.85 if promised else room), responded)
    arrived = max(done - timedelta(minutes=int(draw.uniform(15, 80))), responded + timedelta(minutes=10))
    moments = {"dispatched_at": known(dispatched, end), "responded_at": known(responded, end)}
    appointed = None if responded >= end else max(agreed(draw, arrived), responded)
    return (
        row | moments | {"appointed_at": appointed, "arrived_at": known(arrived, end), "resolved_at": known(done, end)}
    )


def by_day(draw: Random, done: datetime, earliest: datetime) -> datetime:
    """Nobody works in a home at night: rather the evening before, else the morning after."""
    if 8 <= done.hour < 21:
        return done
    evening = at_clock(done if done.hour >= 21 else done - timedelta(days=1), 19, int(draw.uniform(0, 60)))
    if evening > earliest + timedelta(hours=1.5):
        return evening
    return at_clock(done if done.hour < 8 else done + timedelta(days=1), 8, int(draw.uniform(5, 50)))


def agreed(draw: Random, arrived: datetime) -> datetime:
    """The half-hour that had been agreed: mostly the nearest one, now and then exactly an hour earlier."""
    if draw.random() < 0.02:
        return arrived - timedelta(hours=1)
    nearest = arrived.replace(minute=0, second=0) + round(arrived.minute / 30) * HALF_HOUR
    return nearest + draw.choice((-1, 0, 0, 0, 1)) * HALF_HOUR


def attempts(draw: Random, rows: Sequence[Row], end: datetime) -> list[Row]:
    """First attempts that reach the customer, and some that do not: then morning, noon and evening of the next day."""
    found: list[Row] = []
    for number, row in enumerate(row for row in rows if row.get("appointed_at")):
        first, arrived = row["responded_at"], row["arrived_at"] or end
        failed = number % 2 == 0 and at_clock(first + timedelta(days=2), 10) <= arrived
        if failed or number % 10 == 1:
            later = [one for one in next_day(draw, first, number) if failed and one[0] < end]
            tried = [(first, not failed), *later]
            found += [
                {"case_id": row["case_id"], "attempted_at": moment, "reached": reached} for moment, reached in tried
            ]
    return found


def next_day(draw: Random, first: datetime, number: int) -> Iterator[tuple[datetime, bool]]:
    """One attempt in each part of the next day until the customer answers, at the latest the day after."""
    answers = number // 2 % 4
    for part, (opens, closes) in enumerate(PARTS):
        hour = int(draw.uniform(opens, closes))
        yield at_clock(first + timedelta(days=1), hour, int(draw.uniform(0, 60))), part == answers
        if part == answers:
            return
    yield at_clock(first + timedelta(days=2), 9, 30), True
