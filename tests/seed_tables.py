"""The operators' sample files read and counted by plain Python: csv and datetime, nothing of cc_metrics.

A row is a dict of texts, moments turned into datetimes and empty texts into None. A fact is kept out of settled.
"""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).parent.parent / "sample_data"
Row = dict[str, Any]
Due = Callable[[datetime, Row], datetime]
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Fact:
    """What the files say of a promise; *settled* is None where nothing is counted."""

    value: Fraction
    settled: int | None
    verdict: str


def judged(kept: int, settled: int, target: str | None) -> Fact:
    """A share against a target; None where the line is only stated."""
    value = Fraction(kept, settled)
    return Fact(value, settled, verdict(target, value >= Fraction(target or 0)))


def verdict(target: object, reached: bool) -> str:
    return "stated" if target is None else "kept" if reached else "missed"


@cache
def table(preset: str, name: str) -> tuple[Row, ...]:
    """All rows of a table, whichever files they lie in."""
    found: list[Row] = []
    for path in sorted((SAMPLES / preset).glob(f"{name}*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found += [{key: value_of(key, text) for key, text in row.items()} for row in csv.DictReader(file)]
    return tuple(found)


def value_of(key: str, text: str) -> Any:
    if not text:
        return None
    return datetime.fromisoformat(text) if key.endswith("_at") else int(text) if key.endswith("_ms") else text


def chosen(rows: Iterable[Row], **where: Any) -> list[Row]:
    """The rows whose columns hold one of the values."""
    wanted = {key: value if isinstance(value, tuple) else (value,) for key, value in where.items()}
    return [row for row in rows if all(row.get(key) in values for key, values in wanted.items())]


def as_of(rows: Iterable[Row], first: str = "opened_at") -> datetime:
    """The end of the last day that holds a row."""
    return datetime.combine(max(row[first] for row in rows).date() + DAY, time(), next(iter(rows))[first].tzinfo)


def within(hours: float) -> Due:
    return lambda start, _: start + timedelta(hours=hours)


def in_time(
    rows: list[Row], due: Due, end: datetime, start: str = "opened_at", to: str = "resolved_at", inclusive: bool = True
) -> tuple[int, int]:
    """In time out of those whose time is over."""
    settled = [(due(row[start], row), row[to]) for row in rows if row[start] is not None]
    settled = [(limit, done) for limit, done in settled if limit <= end]
    return sum(done is not None and (done <= limit if inclusive else done < limit) for limit, done in settled), len(
        settled
    )


def appointments(rows: list[Row], hours: float, end: datetime) -> tuple[int, int]:
    """Visits near enough to the time agreed, early or late."""
    slack = timedelta(hours=hours)
    owed = [row for row in rows if row["appointed_at"] and row["appointed_at"] + slack <= end]
    return sum(
        row["arrived_at"] is not None and abs(row["arrived_at"] - row["appointed_at"]) <= slack for row in owed
    ), len(owed)


def mean_time(rows: list[Row], most_s: int | None) -> Fact:
    """Seconds from opened to resolved of the closed ones; *most_s* None where the line is only stated."""
    spent = [(row["resolved_at"] - row["opened_at"]) // timedelta(milliseconds=1) for row in rows if row["resolved_at"]]
    value = Fraction(sum(spent), 1_000 * len(spent))
    return Fact(value, len(spent), verdict(most_s, most_s is not None and value <= most_s))


def level(rows: list[Row], seconds: int) -> tuple[int, int]:
    """Answered in time out of all offered; redirected before their time are out."""
    owed = [row for row in rows if row["outcome"] != "redirected" or row["wait_ms"] > seconds * 1_000]
    return sum(row["outcome"] == "answered" and row["wait_ms"] <= seconds * 1_000 for row in owed), len(owed)


def end_of(call: Row) -> datetime:
    return call["offered_at"] + timedelta(
        milliseconds=call["wait_ms"] + (call["talk_ms"] or 0) + (call["hold_ms"] or 0)
    )


def by_customer(rows: Iterable[Row]) -> list[list[Row]]:
    own = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row["offered_at"], row["call_id"])):
        if row.get("customer_id"):
            own[row["customer_id"]].append(row)
    return list(own.values())


def issues(rows: Iterable[Row]) -> tuple[int, int]:
    """Issues resolved in the first answered call, of those whose day is over and whose day before was seen."""
    first, last = min(row["offered_at"] for row in rows) + DAY, as_of(rows, "offered_at")
    resolved = settled = 0
    for own in by_customer(rows):
        starts = [n for n, row in enumerate(own) if not n or row["offered_at"] - own[n - 1]["offered_at"] > DAY]
        for start, following in zip(starts, [*starts[1:], len(own)], strict=True):
            answered = next((row for row in own[start:following] if row["outcome"] == "answered"), None)
            if answered and own[start]["offered_at"] >= first and end_of(answered) + DAY <= last:
                later = own[own.index(answered) + 1 :]
                settled += 1
                resolved += not any(row["offered_at"] <= end_of(answered) + DAY for row in later)
    return resolved, settled


def solved_calls(rows: Iterable[Row]) -> tuple[int, int]:
    """Answered calls without another within a day."""
    resolved = settled = 0
    last = as_of(rows, "offered_at")
    for own in by_customer(rows):
        for row, following in zip(own, [*own[1:], None], strict=True):
            if row["outcome"] == "answered" and end_of(row) + DAY <= last:
                settled += 1
                resolved += following is None or following["offered_at"] > end_of(row) + DAY
    return resolved, settled


def answers(rows: list[Row], column: str = "satisfied") -> tuple[int, int]:
    """Satisfied out of answered."""
    given = [row[column] for row in rows if row[column] is not None]
    return given.count("true"), len(given)


def mean(rows: list[Row], column: str) -> Fraction:
    given = [Fraction(row[column]) for row in rows if row[column] is not None]
    return sum(given, Fraction()) / len(given)


def bases(preset: str, what: str, months: Iterable[str] | None = None) -> int:
    rows = chosen(table(preset, "bases"), what=what)
    return sum(int(row["count"]) for row in rows if months is None or row["month"] in months)


def attempts(
    preset: str, until: Callable[[datetime], datetime], enough: Callable[[list[datetime]], bool]
) -> tuple[int, int]:
    """Customers not reached at first: reached by the end of a day or tried often enough until then."""
    own = defaultdict(list)
    for row in sorted(table(preset, "attempts"), key=lambda row: row["attempted_at"]):
        own[row["case_id"]].append(row)
    end = as_of(table(preset, "cases"))
    failed = [rows for rows in own.values() if rows[0]["reached"] == "false" and until(rows[0]["attempted_at"]) <= end]
    kept = 0
    for rows in failed:
        limit = until(rows[0]["attempted_at"])
        tried = [row for row in rows if row["attempted_at"] < limit]
        kept += any(row["reached"] == "true" for row in tried) or enough([row["attempted_at"] for row in tried])
    return kept, len(failed)


def midnight_after(days: int) -> Callable[[datetime], datetime]:
    """24:00 of the day so many days later."""
    return lambda moment: datetime.combine(moment.date() + (days + 1) * DAY, time(), moment.tzinfo)
