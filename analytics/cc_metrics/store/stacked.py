"""The rows of texts, records and tables, in one table of the engine, one source below another."""

from cc_metrics.model.zones import Offsets
from cc_metrics.store import clock_changes
from cc_metrics.store.engine import Engine
from cc_metrics.store.relation import Frame, Relation
from cc_metrics.store.text import StagedText


class Stacked:
    """Puts sources below one another; of each the relation learns how its rows lead back to their lines."""

    def __init__(self, engine: Engine, relation: Relation) -> None:
        self._engine, self._relation = engine, relation
        self._table: str | None = None
        self._local: list[int] = []  # sources whose times are local clocks

    def add_text(self, number: int, staged: StagedText, *, local: bool) -> None:
        """Keep what a text became."""
        self._relation.staged[number] = staged
        self._relation.ordered &= staged.ordered
        self._keep_refused(number, staged)
        self._add(number, staged.table, staged.shifts, local=local)

    def add_frame(self, number: int, table: str, frame: Frame, *, local: bool) -> None:
        """Keep what a table became."""
        shifts = self._engine.new_name("shifts")
        ordinals, moved = ([int(n) for n in numbers] for numbers in zip(*frame.shifts, strict=True))
        self._engine.run(
            f"CREATE TEMP TABLE {shifts} AS SELECT unnest({ordinals}::BIGINT[]) AS ordinal, "
            f"unnest({moved}::BIGINT[]) AS shift"
        )
        self._add(number, table, shifts, local=local)

    def _add(self, number: int, table: str, shifts: str, *, local: bool) -> None:
        """Put the rows of one source below those before it; the way to their lines moves with them."""
        self._relation.shifts[number] = shifts
        if local:
            self._local.append(number)
        if self._table is None:
            self._table = table
            return
        above = self._engine.value(f"SELECT count(*) FROM {self._table}")
        self._engine.run("SET preserve_insertion_order = true")
        self._engine.run(f"INSERT INTO {self._table} SELECT * FROM {table}")
        self._engine.run("SET preserve_insertion_order = false")
        self._engine.run(f"DROP TABLE {table}")
        self._engine.run(f"UPDATE {shifts} SET ordinal = ordinal + {above}, shift = shift - {above}")

    def _keep_refused(self, number: int, staged: StagedText) -> None:
        """Rows the parser took and we refuse, with their lines and text."""
        reasons = self._relation.statuses.rejected
        if not reasons:
            return
        words = self._engine.keep(reasons)
        self._engine.run(
            f"INSERT INTO {self._relation.refused} SELECT {number}, c.row + s.shift, {words}[-c.status], c.written "
            f"FROM (SELECT rowid AS row, status, written FROM {staged.table} WHERE status < 0) c "
            f"ASOF JOIN {staged.shifts} s ON c.row >= s.ordinal"
        )

    def never(self, table: str) -> frozenset[str]:
        """The columns asked for that no row of a table has."""
        extras = self._relation.extras
        counts = ", ".join(f"count(x{i})" for i in range(1, len(extras) + 1))
        [found] = self._engine.rows(f"SELECT {counts} FROM {table}") if extras else [()]
        return frozenset(name for name, count in zip(extras, found, strict=True) if not count)

    def settle(self, offsets: Offsets) -> None:
        """Tell the two passes of a doubled hour apart, where clocks are local."""
        if self._table and self._local:
            self._relation.cautions += clock_changes.settle(
                self._engine, self._relation.table, self._table, self._local, offsets, ordered=self._relation.ordered
            )

    def parts(self) -> list[str]:
        """SELECT of all rows; none where no source was added."""
        return [f"SELECT rowid AS row, * EXCLUDE (written) FROM {self._table}"] if self._table else []
