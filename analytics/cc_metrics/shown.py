"""A report as a notebook shows it, and rows as DataFrames: pandas at the border and nowhere else."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cc_metrics.language import using
from cc_metrics.model import columns
from cc_metrics.model.report import Report, Row

if TYPE_CHECKING:
    import pandas as pd

    from cc_metrics.model.reconciled import Reconciliation
    from cc_metrics.shown_chart import ShownChart
    from cc_metrics.store.opened import Opened


class ShownReport:
    """A report that shows itself in a notebook, in a language; its tables are DataFrames."""

    def __init__(self, report: Report, opened: "Opened | None", lang: str = "en") -> None:
        self.report = report
        self._opened = opened
        self._lang = lang

    @property
    def promises(self) -> "pd.DataFrame":
        """One row per promise, with its verdict."""
        return frame([judged.row for judged in self.report.promises], columns.PROMISES, ())

    @property
    def calls(self) -> "pd.DataFrame":
        """The breakdown asked for."""
        return frame(self.report.calls, columns.CALLS, dimensions(self.report.calls, columns.CALLS))

    @property
    def intervals(self) -> "pd.DataFrame":
        """The same figures by half-hour."""
        return frame(self.report.intervals, columns.CALLS, dimensions(self.report.intervals, columns.CALLS))

    @property
    def first_call_resolution(self) -> "pd.DataFrame":
        """First-call resolution by the dimensions asked for."""
        rows = self.report.first_call_resolution
        return frame(rows, columns.FIRST_CALL_RESOLUTION, dimensions(rows, columns.FIRST_CALL_RESOLUTION))

    @property
    def cases(self) -> "pd.DataFrame":
        """Turnaround by kind and the dimensions asked for."""
        return frame(self.report.cases, columns.CASES, dimensions(self.report.cases, columns.CASES))

    @property
    def stock(self) -> "pd.DataFrame":
        """Open cases by promise and owner: overdue, due today and tomorrow."""
        return frame(self.report.stock, columns.STOCK, ())

    @property
    def answers(self) -> "pd.DataFrame":
        """Satisfaction by channel and segment."""
        return frame(self.report.answers, columns.ANSWERS, ())

    def table(self, name: str) -> "pd.DataFrame":
        """A table behind the pictures and words, by its name in JSON: waits, heatmap, days, contributions ...

        Raises:
            UsageError: no table has that name; `model.chart_columns.TABLES` holds them.
        """
        from cc_metrics.errors import UsageError, nearest
        from cc_metrics.model import chart_columns

        if name not in chart_columns.TABLES:
            raise UsageError(f"no table is called {name!r}", hint=nearest(name, chart_columns.TABLES))
        rows, table = getattr(self.report, name), chart_columns.TABLES[name]
        return frame(rows, table, dimensions(rows, table))

    @property
    def charts(self) -> "dict[str, ShownChart]":
        """The pictures by name, in their order; each shows itself, interactive where Vega-Lite is known."""
        from cc_metrics.render import charts
        from cc_metrics.shown_chart import ShownChart

        with using(self._lang):
            return {picture.name: ShownChart(picture) for picture in charts.pictures(self.report)}

    def save(self, path: str | Path) -> None:
        """Write the report; the ending decides: .html .eml .json .csv .md, or .parquet for the summary behind it.

        Raises:
            UsageError: an ending that is not known.
            EngineError: the file cannot be written; nothing is left behind.
        """
        from cc_metrics import outputs

        with using(self._lang):
            outputs.save(self.report, self._opened, Path(path))

    def __repr__(self) -> str:
        from cc_metrics.render import terminal

        with using(self._lang):
            return terminal.show(self.report, 100, False)

    def _repr_html_(self) -> str:
        from cc_metrics.render import notebook

        with using(self._lang):
            return notebook.html(self.report) + notebook.pictures(self.report)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/html": self._repr_html_(), "text/plain": repr(self)}


class ShownReconciliation:
    """The answer to a printed figure, which shows itself in a notebook; *found* holds it as frozen values."""

    def __init__(self, found: "Reconciliation") -> None:
        self.found = found

    @property
    def matches(self) -> "pd.DataFrame":
        """The definitions that print the figure, best first; none where nothing does."""
        return self._table(bool(self.found.matches))

    @property
    def nearest(self) -> "pd.DataFrame":
        """The nearest definitions where none prints the figure."""
        return self._table(not self.found.matches)

    def _table(self, wanted: bool) -> "pd.DataFrame":
        from cc_metrics.model.reconciled import COLUMNS
        from cc_metrics.render import reconciled_words

        return frame(reconciled_words.rows(self.found) if wanted else [], COLUMNS, ())

    def __repr__(self) -> str:
        from cc_metrics.render import reconciled

        return reconciled.show(self.found, 100)


def frame(rows: Sequence[Row], table: Sequence[columns.Column], dimensions: Sequence[str]) -> "pd.DataFrame":
    """Rows as a DataFrame: counts as Int64, shares and seconds as Float64, texts as strings, unknown as NA."""
    import pandas as pd

    kinds = {"count": "Int64", **dict.fromkeys(("share", "seconds", "length", "points"), "Float64")}
    kinds |= dict.fromkeys(("text", "moment"), "string") | {"flag": "boolean"}
    first, rest = (table[:1], table[1:]) if table[0].name == "start" else ((), table)
    found: dict[str, pd.Series[Any]] = {}
    for column in first:
        found[column.name] = pd.Series([row.get(column.name) for row in rows], dtype="string")
    for name in dimensions:
        found[name] = pd.Series([row.get(name) for row in rows], dtype="string")
    for column in rest:
        values = [row.get(column.name) for row in rows]
        found[column.name] = pd.Series(values, dtype=kinds.get(column.kind, "object"))
    return pd.DataFrame(found)


def dimensions(rows: Sequence[Row], table: Sequence[columns.Column]) -> tuple[str, ...]:
    """The keys of rows that are no columns of their table: what they are broken down by."""
    known = {column.name for column in table}
    return tuple(name for name in (rows[0] if rows else {}) if name not in known)
