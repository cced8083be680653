"""Attempts to reach a customer who was not reached at first, by the end of a local day (METRICS 4)."""

from dataclasses import dataclass
from typing import Final

from cc_metrics.model.case_terms import AttemptsMade
from cc_metrics.model.durations import DAY
from cc_metrics.model.intervals import Period
from cc_metrics.model.zones import Offsets

MEANING: Final = (
    "cases whose first attempt in the period failed and whose customer was then reached, or tried as often as "
    "promised (or once in each part of the day), by the end of that day or of the next"
)
FORMULA: Final = "cases reached or tried as promised / cases whose first attempt failed and whose day is over"


@dataclass(frozen=True, slots=True)
class Asked:
    """Terms as they are asked of attempts up to *as_of_ms*, days and clocks by *offsets*."""

    terms: AttemptsMade
    as_of_ms: int
    offsets: Offsets

    def source(self, view: str) -> str:
        """A query in brackets: the attempts of a view known by now in the order of their case.

        `place` counts from 1; `first_day` is the local day of the first one, in days since 1970, `day` and `clock`
        (ms) their own.
        """
        local = self.offsets.local_sql("attempted_ms")
        order = "(PARTITION BY case_id ORDER BY attempted_ms, file, row)"
        day = f"CAST(FLOOR({local} / {DAY}.0) AS BIGINT)"
        return (
            f"(SELECT case_id, attempted_ms, reached, {local} % {DAY} AS clock, {day} AS day, "
            f"row_number() OVER {order} AS place, first_value({day}) OVER {order} AS first_day "
            f"FROM {view} WHERE attempted_ms <= {self.as_of_ms})"
        )

    def by_case(self, view: str) -> str:
        """A query in brackets, a row for each case: first_ms, failed (NULL: it does not say), done, over_ms.

        Done: reached later or tried as promised, by the moment *over_ms* at which its last day ends.
        """
        last = f"first_day + {int(self.terms.next_day)}"
        reached = f"coalesce(bool_or(reached) FILTER (WHERE place > 1 AND day <= {last}), FALSE)"
        over = self.offsets.utc_sql(f"((max({last}) + 1) * {DAY})")
        return (
            f"(SELECT case_id, min(attempted_ms) AS first_ms, bool_or(NOT reached) FILTER (WHERE place = 1) AS failed, "
            f"{reached} OR {self._tried(last)} AS done, {over} AS over_ms FROM {self.source(view)} attempts "
            "GROUP BY case_id)"
        )

    def _tried(self, last: str) -> str:
        """SQL that holds where so many attempts were made, or one in each part of the last day."""
        if not self.terms.parts:
            return f"(count(*) FILTER (WHERE day <= {last}) >= {self.terms.attempts})"
        spans = (f"clock >= {start} AND clock < {end}" for start, end in self.terms.parts)
        tried = " AND ".join(f"(count(*) FILTER (WHERE day = {last} AND {span}) > 0)" for span in spans)
        return f"({tried})"

    def needs(self, period: Period) -> dict[str, str]:
        """Aggregates of cases whose first attempt lies in a period: kept, settled, pending, unsaid."""
        begun = period.sql("first_ms")
        over = f"{begun} AND failed AND over_ms <= {self.as_of_ms}"
        found = {
            "kept": f"{over} AND done",
            "settled": over,
            "pending": f"{begun} AND failed AND over_ms > {self.as_of_ms}",
            "unsaid": f"{begun} AND failed IS NULL",
        }
        return {name: f"CAST(count(*) FILTER (WHERE {condition}) AS BIGINT)" for name, condition in found.items()}
