"""What a report asks of its cases (or attempts, answers, bases): the view of accepted rows, their accounts, edges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cc_metrics.measures.clocks import Timetable, Timing, range_needed, timetable
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
    *recorded* names the moments that the source has a column for: where there is none, open cases are not known.
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
    recorded: frozenset[str] = frozenset()
    cautions: list[tuple[str, str]] = field(default_factory=list)
    _timetables: dict[str, tuple[Timetable, str]] = field(default_factory=dict, repr=False)
    _edges: tuple[int, int, int] | None = None

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
        key = repr(tuple(timings))
        if key not in self._timetables:
            self._timetables[key] = self._load(timings)
        table, name = self._timetables[key]
        return f"({table.sql(source, name, keep=keep)})"

    def _load(self, timings: Sequence[Timing]) -> tuple[Timetable, str]:
        """The timetable of some timings for all cases, and the table of the engine that holds it."""
        if self._edges is None:
            columns = [self.kind.first_ms, *(self.kind.stored(name) for name in self.kind.moments)]
            moments = " UNION ALL ".join(f"SELECT {column} AS moment FROM {self.view}" for column in columns)
            [(first, last)] = self.engine.rows(f"SELECT min(moment), max(moment) FROM ({moments}) moments")
            paused = self.engine.value(f"SELECT max(paused_ms) FROM {self.view}")
            self._edges = (first or 0, (last or 0) + DAY, paused or 0)  # as_of lies at the end of a day at most
        table = timetable(timings, range_needed(timings, self.zone, *self._edges))
        name = self.engine.new_name("timetable")
        if table.columns:
            self.engine.run(f"CREATE TEMP TABLE {name} ({', '.join(f'{n} {kind}' for n, kind in table.columns)})")
            marks = ", ".join("?" * len(table.columns))
            with self.engine.words():
                self.engine.connection.execute(f"INSERT INTO {name} VALUES ({marks})", list(table.row))
        return table, name

    def close(self) -> None:
        """Give memory and spill back; those of calls read into the same engine too."""
        self.engine.close()
