"""What the operators' files share: moments, shares that hold at every moment, scores with a given sum, columns."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import count
from math import ceil
from random import Random
from typing import Any

from cc_metrics.model.calls import CALLS
from cc_metrics.model.cases import ATTEMPTS, BASES, CASES, SATISFACTION
from cc_metrics.model.table import Table
from cc_metrics.sample.files import csv_text
from cc_metrics.sample.hotline import DAY, OFFSET, activity

Row = dict[str, Any]
Files = dict[str, list[Row]]

TABLES = (CALLS, ATTEMPTS, CASES, SATISFACTION, BASES)


def midnight(year: int, month: int, day: int = 1) -> datetime:
    """The beginning of a day in China."""
    return datetime(year, month, day, tzinfo=OFFSET)


def evenly(share: str) -> Iterator[bool]:
    """Yes or no without end: among the first n answers, however many, the share of yes is just reached.

    >>> [sum(answer for answer, _ in zip(evenly("0.9"), range(n))) for n in (1, 10, 11, 20)]
    [1, 9, 10, 18]
    """
    exact = Fraction(share)
    return (ceil((n + 1) * exact) > ceil(n * exact) for n in count())


def moments(
    draw: Random, first: datetime, end: datetime, number: int, hours: tuple[int, int] = (0, 24)
) -> list[datetime]:
    """So many moments in order, whole seconds from *first* to before *end*, on the clock between two hours."""
    days = (end - first) // timedelta(days=1)
    seconds = (hours[1] - hours[0]) * 3_600
    drawn = [(int(draw.random() * days), int(draw.random() * seconds)) for _ in range(number)]
    return sorted(first + timedelta(days=day, hours=hours[0], seconds=second) for day, second in drawn)


def busy_day(draw: Random, day: datetime, number: int) -> list[datetime]:
    """Moments of one day as busy as a hotline's; the first and the last lie near midnight, so that it is covered."""
    found = [int(draw.uniform(0, 15) * 60_000), DAY - int(draw.uniform(1, 15) * 60_000)]
    while len(found) < number:
        moment = int(draw.random() * DAY)
        if draw.random() < activity(moment):
            found.append(moment)
    return sorted(day + timedelta(seconds=moment // 1_000) for moment in found)


def days(first: datetime, end: datetime) -> list[datetime]:
    """The midnights from *first* to before *end*."""
    return [first + timedelta(days=number) for number in range((end - first) // timedelta(days=1))]


def after(draw: Random, moment: datetime, least: float, most: float) -> datetime:
    """A whole second so many hours later."""
    return moment + timedelta(seconds=int(draw.uniform(least, most) * 3_600))


def known(moment: datetime, end: datetime) -> datetime | None:
    """A moment, or None where the data end before it."""
    return moment if moment < end else None


def at_clock(day: datetime, hour: int, minute: int = 0) -> datetime:
    """A time of the day of a moment."""
    return day.replace(hour=hour, minute=minute, second=0)


def scores(draw: Random, number: int, total: int, lowest: int, highest: int) -> list[int]:
    """Whole scores that add up to *total*.

    >>> sum(scores(Random(1), 100, 8537, 60, 100))
    8537
    """
    mean = total / number
    found = [min(max(round(draw.gauss(mean, (highest - mean) / 2)), lowest), highest) for _ in range(number)]
    while missing := total - sum(found):
        step = 1 if missing > 0 else -1
        place = int(draw.random() * number)
        if lowest <= found[place] + step <= highest:
            found[place] += step
    return found


class Keys:
    """Made-up customer numbers, each given once: eleven digits that no telephone has."""

    def __init__(self) -> None:
        self.numbers = count(1)

    def __next__(self) -> str:
        return f"{next(self.numbers) * 7:011d}"


def numbered(rows: Sequence[Row], key: str, first: str, prefix: str) -> list[Row]:
    """The rows in order of their first moment, each with a key in front."""
    in_order = sorted(rows, key=lambda row: str(row[first]))
    return [{key: f"{prefix}{number:05d}"} | row for number, row in enumerate(in_order, start=1)]


def cases(rows: Sequence[Row], prefix: str) -> list[Row]:
    """Cases under their numbers."""
    return numbered(rows, "case_id", "opened_at", prefix)


def calls(rows: Sequence[Row], prefix: str = "") -> list[Row]:
    """Calls under their numbers."""
    return numbered(rows, "call_id", "offered_at", prefix)


def content(rows: Sequence[Row]) -> bytes:
    """A file of rows: canonical columns in their order, where some row has them, then the others."""
    named = dict.fromkeys(name for row in rows for name in row)
    table = next(table for table in TABLES if set(table.required) <= set(named))
    columns = sorted(named, key=lambda name: _place(table, name))
    return csv_text(columns, ([row.get(name) for name in columns] for row in rows)).encode()


def _place(table: Table, name: str) -> int:
    order = [*table.columns]
    return order.index(name) if name in order else len(order)
