"""A report: every figure that was computed, with its denominators, and nothing that needs a file or a clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cc_metrics.model.promise import Policy, Promise

Row = Mapping[str, Any]
"""One row of a table; its keys are the names in model.columns, None is unknown or a share of nothing."""


@dataclass(frozen=True, slots=True)
class Caution:
    """Something the reader must know: a code to search for, and a sentence with cause and remedy."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Accounting:
    """Where every row went: read = accepted + ignored + rejected. *first* and *last* are ISO moments.

    *cases* and *calls* are how many of them the accepted rows of an event log became; None where a row is what is
    counted.
    """

    files: tuple[str, ...] = ()
    read: int = 0
    accepted: int = 0
    ignored: Mapping[str, int] = field(default_factory=dict)
    rejected: Mapping[str, int] = field(default_factory=dict)
    first: str | None = None
    last: str | None = None
    cases: int | None = None
    calls: int | None = None

    @property
    def balanced(self) -> bool:
        """Whether no row is missing and none is counted twice.

        >>> Accounting(read=3, accepted=1, ignored={"duplicate": 1}, rejected={"no id": 1}).balanced
        True
        """
        return self.read == self.accepted + sum(self.ignored.values()) + sum(self.rejected.values())

    @property
    def refused_share(self) -> float | None:
        """Rejected rows out of rows read; None when nothing was read."""
        return sum(self.rejected.values()) / self.read if self.read else None


@dataclass(frozen=True, slots=True)
class Head:
    """What the report is about: the period on the local clock, and whether the data cover it.

    *start* and *end* are ISO texts; *label* is for people ("Tue 20 Aug 2013  00:00-24:00").
    """

    as_of: str
    timezone: str | None
    start: str
    end: str
    weekday: str | None
    complete: bool
    label: str
    incomplete: str = ""  # "data end 14:07"


@dataclass(frozen=True, slots=True)
class Judged:
    """A promise with its counts and verdict: *row* holds the public columns, the rest helps to word it.

    *days* names the latest settled days ("19 Aug") where they are not the whole period; *note* says
    why there is no verdict or what one item weighs, *beside* figures that belong to this one.
    """

    promise: Promise
    row: Row
    days: str = ""
    note: str = ""
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: the dimensions and interval of the breakdown."""

    by: tuple[str, ...] = ()
    every: str = "all"
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """Calls and policy in, verdicts out. Tables are tuples of rows whose columns stand in model.columns.

    *total* is one row for all calls of the period and channel asked for; *reasons* the commonest reasons;
    *latest* the latest settled days of first-call resolution, with a "days" text. *cases* is turnaround by kind,
    *stock* what is overdue and due next by promise and owner, *answers* satisfaction by channel; *beside* accounts
    for the rows of those tables by name, *about_cases* is the period of the cases where it differs from the head.

    What pictures are drawn from: *waits* (calls by length of wait), *heatmap* (weekday and half-hour), *days* (the
    daily level as a control chart), *curves* (share of the cases closed by how long they took). Why a promise was
    missed: *contributions* (where its late calls lie) and *causes*. *comparisons* with earlier days, *months* (the
    month so far and what the rest of it needs), *staffing* (what was planned by interval). Their columns stand in
    model.chart_columns.
    """

    head: Head
    asked: Asked
    policy: Policy
    accounting: Accounting
    promises: tuple[Judged, ...] = ()
    total: tuple[Row, ...] = ()
    calls: tuple[Row, ...] = ()
    intervals: tuple[Row, ...] = ()
    reasons: tuple[Row, ...] = ()
    first_call_resolution: tuple[Row, ...] = ()
    latest: tuple[Row, ...] = ()
    cases: tuple[Row, ...] = ()
    stock: tuple[Row, ...] = ()
    answers: tuple[Row, ...] = ()
    beside: Mapping[str, Accounting] = field(default_factory=dict)
    about_cases: Head | None = None
    waits: tuple[Row, ...] = ()
    heatmap: tuple[Row, ...] = ()
    days: tuple[Row, ...] = ()
    curves: tuple[Row, ...] = ()
    contributions: tuple[Row, ...] = ()
    causes: tuple[Row, ...] = ()
    comparisons: tuple[Row, ...] = ()
    months: tuple[Row, ...] = ()
    staffing: tuple[Row, ...] = ()
    warnings: tuple[Caution, ...] = ()
    notes: tuple[str, ...] = ()
