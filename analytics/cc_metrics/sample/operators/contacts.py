"""Contacts of the operators: what becomes of one that is in time or late, and second calls about the same thing."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from random import Random

from cc_metrics.sample.operators.rows import Row, after


def contact(draw: Random, asked: Row, in_time: bool, within_s: int, talk_s: float = 150) -> Row:
    """A contact answered in time, or late, given up or sent elsewhere; *talk_s* is the usual talk."""
    fate = 0.0 if in_time else draw.random()
    outcome = "answered" if in_time or fate < 0.6 else "abandoned" if fate < 0.93 else "redirected"
    shortest, longest = (0.3, within_s) if in_time else (within_s + 1, 6 * within_s)
    if outcome == "abandoned":
        shortest, longest = 3, 5 * within_s
    wait, talk, wrap = draw.uniform(shortest, longest), draw.lognormvariate(-0.25, 0.7) * talk_s, draw.uniform(3, 40)
    answered = outcome == "answered"
    return asked | {
        "outcome": outcome,
        "wait_ms": int(wait * 1_000),
        "talk_ms": int((8 + talk) * 1_000) if answered else None,
        "hold_ms": 0 if answered else None,
        "wrap_ms": int(wrap * 1_000) if answered else None,
    }


def with_repeats(draw: Random, issues: Sequence[Row], repeated: Iterator[bool], end: datetime) -> list[Row]:
    """Issues not yet answered, and for some of them a second call of the same customer within a day, in order."""
    found = list(issues)
    for issue in issues:
        again = after(draw, issue["offered_at"], 0.4, 20)
        if next(repeated) and again < end:
            found.append(issue | {"offered_at": again})
    return sorted(found, key=lambda row: str(row["offered_at"]))
