"""What a report asks of its cases (or attempts, answers, bases): the view of accepted rows, their accounts, edges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cc_metrics.measures.clocks import Timing, range_needed, timetable
from cc_metrics.measures.coverage import Day
from cc_metrics.model.durations import DAY
from cc_metrics.model.promise import Policy
from cc_metrics.model.table import Table
from cc_metrics.model.zones import Offsets, day_of
from cc_metrics.store.accounted import Account, Accountant
from cc_metrics.store.dimensioned import Dimensioned
from cc_metrics.store.engine import Engine
from cc_metrics.store.relation import Relation


@dataclass(slots=True)
class OpenedCases(Dimensioned):
    """Rows of a canonical table, accounted for; moments in UTC ms.

    *view* holds the accepted rows: the canonical columns, moments as `<name>_ms`, further dimensions as x1, x2 ...;
    *dimensions* maps the user's names to its columns. *table* is the summary by quarter-hour of the first moment.
    """

    engine: Engine
    kind: Table
    view: str
    table: str
    names: tuple[str, ...]
    account: Account
    zone: str | None
    offsets: Offsets
    dimensions: Mapping[str, str]
    readings: list[tuple[Relation, Accountant]]
    policy: Policy = field(default_factory=lambda: Policy("default"))
    cautions: list[tuple[str, str]] = field(default_factory=list)

    @property
    def flags(self) -> Sequence[str]:
        """Columns that hold true, false or nothing."""
        return self.kind.flags

    def _values_of(self) -> str:
        return self.view

    @property
    def written(self) -> bool:
        """Whether times are taken as written, because no zone is known."""
        return self.zone is None

    def days(self) -> list[Day]:
        """The local days on which anything is known to have happened; an appointment is a plan and says nothing."""
        happened = [self.kind.first_ms, *map(self.kind.stored, self.kind.later)]
        happened.append("CAST(FLOOR(updated_us / 1000.0) AS BIGINT)")
        moments = " UNION ALL ".join(f"SELECT {column} AS moment FROM {self.view}" for column in happened)
        day = f"CAST(FLOOR({self.offsets.local_sql('moment')} / {DAY}.0) AS BIGINT)"
        rows = self.engine.rows(
            f"SELECT {day}, CAST(count(*) AS BIGINT), min(moment), max(moment) FROM ({moments}) moments "
            "WHERE moment IS NOT NULL GROUP BY 1 ORDER BY 1"
        )
        return [Day(day_of(number * DAY), count, first, last) for number, count, first, last in rows]

    def timed(self, timings: Sequence[Timing], source: str, keep: Sequence[str]) -> str:
        """A query in brackets: the *keep* columns of the cases of *source* (a query in brackets) with their answers.

        Raises:
            PolicyError: a calendar never opens for as long as a deadline asks.
        """
        moments = dict.fromkeys(m for t in timings for m in (t.start, t.end) if m)
        edges = ", ".join(f"{least}({m})" for m in moments for least in ("min", "max"))
        found = self.engine.rows(f"SELECT {edges}, max(coalesce(paused_ms, 0)) FROM {source} cases")[0]
        known = [m for m in found[:-1] if m is not None] or [0]
        days = range_needed(timings, self.zone, min(known), max(known), found[-1] or 0)
        table, name = timetable(timings, days), self.engine.new_name("timetable")
        if table.columns:
            self.engine.run(f"CREATE TEMP TABLE {name} ({', '.join(f'{n} {kind}' for n, kind in table.columns)})")
            marks = ", ".join("?" * len(table.columns))
            with self.engine.words():
                self.engine.connection.execute(f"INSERT INTO {name} VALUES ({marks})", list(table.row))
        return f"({table.sql(source, name, keep=keep)})"

    def close(self) -> None:
        """Give memory and spill back; those of calls read into the same engine too."""
        self.engine.close()
