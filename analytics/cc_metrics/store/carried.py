"""Calls kept of earlier days beside those of a reading, as first-call resolution sees them: one source of contacts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cc_metrics.measures.carried_days import Joined
from cc_metrics.measures.contacts import CUSTOMER
from cc_metrics.measures.coverage import Day
from cc_metrics.store.pseudonyms import Pseudonyms
from cc_metrics.store.relation import ACCEPTED

_OF_A_CALL = ("offered_ms", "wait_ms", "talk_ms", "hold_ms", "call_id", "outcome", "transferred")


@dataclass(frozen=True, slots=True)
class Carried:
    """What was kept: a *table* of calls like the accepted ones, without those that the reading holds itself.

    Customers stand in it by *pseudonyms*, a column for each of *keys*. *days* are all that have calls, up to the
    last that is given; *chosen* is SQL that holds for the calls of days since *first*; from the day *whole* on none is
    missing. *rows* are so many, *legs* whether any of them was transferred.
    """

    table: str
    joined: Joined
    keys: Mapping[tuple[str, ...], str]
    pseudonyms: Pseudonyms
    days: tuple[Day, ...]
    chosen: str
    first: date
    whole: date
    rows: int
    legs: bool

    @property
    def known(self) -> tuple[Day, ...]:
        """The days that have calls, from the first one of which enough is held."""
        return tuple(day for day in self.days if day.day >= self.first)

    def source(self, key: Sequence[str], hidden: str, dimensions: Sequence[str]) -> str:
        """SQL of the calls of both, with the CUSTOMER of *key*; *hidden* is SQL of it for the accepted ones."""
        columns = ", ".join([*_OF_A_CALL, *dimensions])
        return (
            f"(SELECT {columns}, {hidden} AS {CUSTOMER} FROM {ACCEPTED} UNION ALL "
            f"SELECT {columns}, {self.keys[tuple(key)]} FROM {self.table} WHERE {self.chosen}) calls"
        )

    def values(self, table: str, columns: Sequence[str]) -> str:
        """SQL of a table that holds each value of some dimensions, those of *table* and those kept."""
        listed = ", ".join(columns) or "NULL"
        return f"(SELECT {listed} FROM {table} UNION ALL SELECT {listed} FROM {self.table}) known"
