"""Where every row of a reading went, and the summary of those that were accepted: one pass, seldom two."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from cc_metrics.language import said
from cc_metrics.measures.coverage import Day, far_days
from cc_metrics.model import zones
from cc_metrics.model.calls import CALLS
from cc_metrics.model.durations import DAY
from cc_metrics.model.promise import OpenHours
from cc_metrics.model.zones import Offsets
from cc_metrics.store import duplicates, zone_off
from cc_metrics.store.counting import count_sql, rows_sql
from cc_metrics.store.engine import Engine
from cc_metrics.store.relation import Relation
from cc_metrics.store.scan import REASONS
from cc_metrics.store.text import OrderNeededError

OUTSIDE_HOURS = said("outside open hours")
NO_WAIT = said("no {column}", column="wait_ms")
DUPLICATE = said("duplicate")
EARLIER = said("earlier state")


@dataclass(slots=True)
class Account:
    """read = accepted + ignored by rule + rejected for a reason. *waits*: whether the source records waits.

    *cases*, *calls*: how many of them the accepted rows of an event log became; None where rows are what is counted.
    """

    read: int = 0
    accepted: int = 0
    ignored: dict[str, int] = field(default_factory=dict)
    rejected: dict[str, int] = field(default_factory=dict)
    waits: bool = True
    cases: int | None = None
    calls: int | None = None

    def ignore(self, rule: str, rows: int) -> None:
        """Count rows as ignored by a rule."""
        if rows:
            self.ignored[rule] = self.ignored.get(rule, 0) + rows

    def reject(self, reason: str, rows: int) -> None:
        """Count rows as rejected for a reason."""
        if rows:
            self.rejected[reason] = self.rejected.get(reason, 0) + rows


class Accountant:
    """Settles which rows of a relation are accepted, then counts them: calls by the dimensions asked for.

    *far*: whether rows dated far outside are rejected. *cautions* are what it noticed: (code, text).

    Raises OrderNeededError where the order of rows decides and the relation does not know it.
    """

    def __init__(
        self,
        engine: Engine,
        relation: Relation,
        offsets: Offsets,
        open_hours: OpenHours | None,
        dimensions: Sequence[str],
        *,
        far: bool = True,
    ) -> None:
        self._engine, self._relation, self._table = engine, relation, relation.table
        self._offsets, self._open, self._look_far = offsets, open_hours, far
        self.account = Account()
        self.cautions: list[tuple[str, str]] = []
        self._late: list[tuple[str, str]] = []  # (condition, rule or reason) found after the first pass
        if relation.legs:  # a leg delivered twice would be added twice: copies go first
            self._join_legs()
            self.table = self._first_pass(dimensions)
        else:
            self._drop_duplicates(self._first_pass(dimensions), dimensions)

    def count(self, dimensions: Sequence[str]) -> str:
        """A summary table of the accepted rows by *dimensions*."""
        return self._summary(self._relation.accepted, dimensions, status=False)

    def _summary(self, source: str, dimensions: Sequence[str], *, status: bool) -> str:
        table = self._engine.new_name("summary")
        calls = self._table is CALLS
        counted = (
            count_sql(source, dimensions, status=status) if calls else rows_sql(source, self._table, status=status)
        )
        self._engine.run(f"CREATE TEMP TABLE {table} AS {counted}")
        return table

    def _first_pass(self, dimensions: Sequence[str]) -> str:
        table = self._summary(self._relation.counted, dimensions, status=True)
        self._by_status(table)
        conditions = ["status = 0"] if self._engine.value(f"SELECT count(*) FROM {table} WHERE status <> 0") else []
        self._engine.run(f"DELETE FROM {table} WHERE status <> 0")
        if self._table is CALLS:
            conditions += self._outside_hours(table) + self._without_wait(table)
        if self._look_far:
            conditions += self._far_outside(table)
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        accepted, view = self._relation.accepted, self._relation.counted
        self._engine.run(f"CREATE OR REPLACE TEMP VIEW {accepted} AS SELECT * FROM {view}{where}")
        return table

    def _by_status(self, table: str) -> None:
        for status, rows in self._engine.rows(
            f"SELECT status, CAST(sum(n) AS BIGINT) FROM {table} GROUP BY 1 ORDER BY 1"
        ):
            self.account.read += rows
            if status > 0:
                self.account.ignore(self._relation.statuses.word(status), rows)
            elif status < 0:
                self.account.reject(self._relation.statuses.word(status), rows)
            else:
                self.account.accepted += rows
        refused = self._relation.refused
        for reason, rows in self._engine.rows(f"SELECT reason, count(*) FROM {refused} GROUP BY 1 ORDER BY 1"):
            if reason not in self._relation.statuses.rejected:  # the parser's; ours are counted above
                self.account.read += rows
                self.account.reject(REASONS.get(reason, reason), rows)

    def _take(self, table: str, condition: str) -> int:
        """Remove summary rows that fail *condition*; how many rows they held."""
        rows = int(
            self._engine.value(f"SELECT coalesce(CAST(sum(n) AS BIGINT), 0) FROM {table} WHERE NOT ({condition})")
        )
        if rows:
            self._engine.run(f"DELETE FROM {table} WHERE NOT ({condition})")
            self.account.accepted -= rows
        return rows

    def _outside_hours(self, table: str) -> list[str]:
        if self._open is None:
            return []
        self.cautions += zone_off.caution(self._engine, table, self._open, self._offsets)
        rows = self._take(table, self._open.sql(self._offsets.local_sql("start_ms")))
        self.account.ignore(OUTSIDE_HOURS, rows)
        inside = self._open.sql(self._offsets.local_sql("offered_ms"))
        if rows:
            self._late.append((f"NOT {inside}", OUTSIDE_HOURS))
        return [inside] if rows else []

    def _without_wait(self, table: str) -> list[str]:
        """Reject rows without a wait where others have one; abandoned ones only where other abandoned ones do."""
        found = self._engine.rows(
            f"SELECT outcome = 'abandoned', count(bin), count(*) - count(bin) FROM {table} GROUP BY 1"
        )
        with_wait, without = (sum(row[place] for row in found) for place in (1, 2))
        self.account.waits = bool(with_wait) or not without
        recorded = any(waits for abandoned, waits, _ in found if abandoned)
        spared = "" if recorded else " OR outcome = 'abandoned'"
        lacking = sum(missing for abandoned, _, missing in found if recorded or not abandoned)
        if not (with_wait and lacking):
            return []
        self.account.reject(NO_WAIT, self._take(table, f"bin IS NOT NULL{spared}"))
        self._late.append((f"NOT (wait_ms IS NOT NULL{spared})", NO_WAIT))
        return [f"(wait_ms IS NOT NULL{spared})"]

    def _far_outside(self, table: str) -> list[str]:
        far = sorted(far_days(days(self._engine, table, self._offsets), self._table.far_days))
        if not far:
            return []
        first = self._table.first_ms
        reason = said("{column} is far outside the data", column=self._table.first)
        spans = [
            f"({first} >= {zones.day_start(d, self._offsets)} "
            f"AND {first} < {zones.day_start(d + timedelta(days=1), self._offsets)})"
            for d in far
        ]
        outside = f"({' OR '.join(spans)})"
        self.account.reject(reason, self._take(table, f"NOT {outside.replace(first, 'start_ms')}"))
        self._late.append((outside, reason))
        return [f"NOT {outside}"]

    def _drop_duplicates(self, table: str, dimensions: Sequence[str]) -> None:
        """Leave `summary` as the counts of the rows that stay."""
        accepted, dropped = self._relation.accepted, self._relation.dropped
        copies = self._find_copies(accepted, self.account.accepted)
        self.account.accepted -= copies
        self.table = table
        if copies:
            before = f"{accepted}_before"
            self._engine.run(f"ALTER VIEW {accepted} RENAME TO {before}")
            self._engine.run(
                f"CREATE TEMP VIEW {accepted} AS SELECT * FROM {before} ANTI JOIN {dropped} USING (file, row)"
            )
            self._engine.run(f"DROP TABLE {table}")
            self.table = self.count(dimensions)

    def reject(self, condition: str, reason: str, rows: int) -> None:
        """Reject *rows* of the accepted ones, those that a condition holds for."""
        if rows:
            self.account.accepted -= rows
            self.account.reject(reason, rows)
            self._late.append((condition, reason))

    @property
    def found_late(self) -> Sequence[tuple[str, str]]:
        """(SQL condition on rows with status 0, rule or reason) of what was left out after the first pass."""
        return self._late

    def _join_legs(self) -> None:
        """Drop copies among the rows in order, then let the counted view join the legs of what stays."""
        from cc_metrics.store import legs  # most sources tell none

        fine = f"(SELECT * FROM {self._relation.view} WHERE status = 0) fine"
        self.account.read += self._find_copies(fine, self._engine.value(f"SELECT count(*) FROM {fine}"))
        legs.join(self._engine, self._relation)

    def _find_copies(self, source: str, rows: int) -> int:
        """Account for the duplicates and conflicting rows among *rows* of *source*; how many there are."""
        dropped = self._relation.dropped
        found = duplicates.find(self._engine, self._table, source, dropped, rows)
        differ = found.all > found.same or (found.same and self._relation.extras)  # they may differ in further columns
        if differ and not self._relation.ordered:
            raise OrderNeededError  # the last line is kept
        self.account.ignore(DUPLICATE, found.same)
        self.account.ignore(EARLIER, found.earlier)
        conflict, apart = duplicates.reasons(self._table)
        self.account.reject(conflict, found.conflicting)
        self.account.reject(apart, found.apart)
        if found.apart:
            self._relation.cautions.append(duplicates.caution(self._table, found.apart))
        return found.all

    def late_reasons(self) -> list[tuple[str, str]]:
        """(SQL condition on rows with status 0, reason) of what was rejected after the first pass."""
        return [(condition, word) for condition, word in self._late if word != OUTSIDE_HOURS]


def days(engine: Engine, table: str, offsets: Offsets) -> list[Day]:
    """The local days that a summary touches, in order."""
    local = offsets.local_sql("start_ms")
    return [
        Day(zones.day_of(number * DAY), rows, first, last)
        for number, rows, first, last in engine.rows(
            f"SELECT CAST(FLOOR({local} / {DAY}.0) AS BIGINT) AS day, CAST(sum(n) AS BIGINT), "
            f"min(first_ms), max(last_ms) FROM {table} GROUP BY 1 ORDER BY 1"
        )
    ]
