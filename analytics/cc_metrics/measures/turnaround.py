"""Timeliness of cases: each counts once, where its deadline falls (METRICS 4). Turnaround: over the cases closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from cc_metrics.measures.clocks import Timing
from cc_metrics.model.case_terms import Turnaround
from cc_metrics.model.deadlines import Appointment, Table
from cc_metrics.model.intervals import Period
from cc_metrics.model.table import milliseconds_of
from cc_metrics.model.zones import Offsets, day_start, local_day

MEANING: Final = (
    "cases done by their deadline, of those whose deadline fell in the period: open or closed, each once, on the day "
    "it was due; open and not yet due is pending and not counted"
)
FORMULA: Final = "done by the deadline / due in the period"
MEAN_MEANING: Final = "mean time of the cases closed in the period, whenever they were opened"
MEAN_FORMULA: Final = "sum of the time from the first moment to the last / cases closed"


@dataclass(frozen=True, slots=True)
class Asked:
    """Terms as they are asked of cases up to *as_of_ms*: what lies later is not known yet.

    *row* is SQL for the row of a table of deadlines that a case has.
    """

    terms: Turnaround
    as_of_ms: int
    row: str | None = None

    def source(self, view: str, conditions: Sequence[str]) -> str:
        """The cases opened, with start_ms and done_ms: when their clock started and when they were done, if they were.

        An appointment is known before it comes.
        """
        start, end = milliseconds_of(self.terms.start), milliseconds_of(self.terms.end)
        known = [f"opened_ms <= {self.as_of_ms}", *(f"NOT {c}" for c in self.reversed_()), *conditions]
        started = start if isinstance(self.terms.deadline, Appointment) else self._by_now(start)
        row = f", {self.row} AS deadline_row" if self.row else ""
        moments = f"{started} AS start_ms, {self._by_now(end)} AS done_ms"
        return f"(SELECT *, {moments}{row} FROM {view} WHERE {' AND '.join(known)})"

    def reversed_(self) -> list[str]:
        """A condition, where one is needed, that holds for a case which ended before it began: neither is known."""
        if self.terms.start == "opened_at" or isinstance(self.terms.deadline, Appointment):
            return []  # what lies before the opening is refused as it is read; an appointment has two sides
        start, end = (self._by_now(milliseconds_of(name)) for name in (self.terms.start, self.terms.end))
        return [f"coalesce({end} < {start}, FALSE)"]

    def _by_now(self, moment: str) -> str:
        return f"CASE WHEN {moment} <= {self.as_of_ms} THEN {moment} END"

    def due(self, *, pauses: bool = True) -> Timing:
        """The deadline of each case; without *pauses* the source's paused time is not taken off."""
        clock = self.terms.clock if pauses else replace(self.terms.clock, paused="counted")
        row = "deadline_row" if isinstance(self.terms.deadline, Table) else None
        name = "case" if pauses else "gross"
        return Timing(name, "start_ms", self.terms.deadline, clock, paused="coalesce(paused_ms, 0)", row=row)

    def elapsed(self) -> Timing:
        """The time run of each case, of an open one up to now."""
        end = f"coalesce(done_ms, {self.as_of_ms})"
        return Timing("case", "start_ms", None, self.terms.clock, end=end, paused="coalesce(paused_ms, 0)")

    @property
    def net(self) -> bool:
        """Whether the source's paused time is taken off."""
        return self.terms.clock.paused == "off"


def in_time(asked: Asked, name: str = "case") -> str:
    """SQL that holds for a case done by its deadline; an appointment also has a first moment."""
    early = f" AND done_ms >= {name}_first_ms" if isinstance(asked.terms.deadline, Appointment) else ""
    return f"done_ms <= {name}_last_ms{early}"


def due_needs(asked: Asked, period: Period, offsets: Offsets) -> dict[str, str]:
    """Aggregates of timed cases: due in the period and kept, pending, closed, the overdue stock, due today and next."""
    kept, as_of = in_time(asked), asked.as_of_ms
    settled = f"case_due_ms <= {as_of} AND {period.sql('case_last_ms')}"
    closed = f"{period.sql('done_ms')} AND case_due_ms IS NOT NULL"
    open_ = f"done_ms IS NULL AND case_due_ms > {as_of}"
    today, tomorrow, after = (day_start(local_day(as_of, offsets) + timedelta(days=n), offsets) for n in range(3))
    found = {
        "settled": settled,
        "kept": f"{settled} AND {kept}",
        "pending": f"{open_} AND opened_ms < {period.to_ms}",
        "closed": closed,
        "closed_kept": f"{closed} AND {kept}",
        "overdue": f"done_ms IS NULL AND case_due_ms <= {as_of}",
        "today": f"{open_} AND {Period(today, tomorrow).sql('case_last_ms')}",
        "tomorrow": f"{open_} AND {Period(tomorrow, after).sql('case_last_ms')}",
        "unstarted": f"start_ms IS NULL AND {period.sql('opened_ms')}",
        "without_deadline": f"start_ms IS NOT NULL AND case_due_ms IS NULL AND {period.sql('opened_ms')}",
    }
    if asked.net:
        gross = f"gross_due_ms <= {as_of} AND {period.sql('gross_last_ms')}"
        found |= {"gross_settled": gross, "gross_kept": f"{gross} AND {in_time(asked, 'gross')}"}
    counted = {name: f"CAST(count(*) FILTER (WHERE {condition}) AS BIGINT)" for name, condition in found.items()}
    oldest = {f"oldest_{name}_ms": f"min(case_{name}_ms) FILTER (WHERE {found['overdue']})" for name in ("due", "last")}
    return counted | oldest


def elapsed_needs(asked: Asked, period: Period) -> dict[str, str]:
    """Aggregates of timed cases: number, sum, sum of squares (s²) of those closed in the period; and of open ones."""
    value = "CASE WHEN case_net_ms >= 0 THEN case_net_ms END" if asked.net else "case_elapsed_ms"
    closed, open_ = period.sql("done_ms"), f"done_ms IS NULL AND opened_ms < {period.to_ms}"
    found = {
        "closed": f"CAST(count({value}) FILTER (WHERE {closed}) AS BIGINT)",
        "total_ms": f"CAST(coalesce(sum({value}) FILTER (WHERE {closed}), 0) AS BIGINT)",
        "squares": f"coalesce(sum(CAST({value} AS DOUBLE) * ({value}) / 1000000.0) FILTER (WHERE {closed}), 0)",
        "open": f"CAST(count({value}) FILTER (WHERE {open_}) AS BIGINT)",
        "open_ms": f"CAST(coalesce(sum({value}) FILTER (WHERE {open_}), 0) AS BIGINT)",
        "unstarted": f"CAST(count(*) FILTER (WHERE start_ms IS NULL AND {closed}) AS BIGINT)",
    }
    if asked.net:
        found["overpaused"] = f"CAST(count(*) FILTER (WHERE {closed} AND case_net_ms < 0) AS BIGINT)"
        counted = f"{closed} AND case_net_ms >= 0"
        found["gross_ms"] = f"CAST(coalesce(sum(case_elapsed_ms) FILTER (WHERE {counted}), 0) AS BIGINT)"
    return found


def pooled(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """The counts of days together; the oldest deadline is the earliest.

    >>> pooled([{"kept": 1, "oldest_due_ms": 7}, {"kept": 2, "oldest_due_ms": None}])
    {'kept': 3, 'oldest_due_ms': 7}
    """
    found: dict[str, int] = {}
    for name in rows[0] if rows else ():
        values = [row[name] for row in rows if row[name] is not None]
        if not name.startswith("oldest"):
            found[name] = sum(values)
        elif values:
            found[name] = min(values)
    return found
