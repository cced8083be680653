"""Tables that a notebook hands in: pandas, Polars, Arrow, a DuckDB relation; and the zone their times name."""

from typing import Any

from cc_metrics.errors import UsageError
from cc_metrics.store.relation import Frame


def frame(table: Any, what: str = "calls") -> Frame:
    """A table of *what* as the engine takes it, with the first zone that one of its time columns names.

    Raises:
        UsageError: not a table.
    """
    kind = f"{type(table).__module__.split('.')[0]}.{type(table).__name__}"
    if kind == "pandas.DataFrame":
        zones = [getattr(dtype, "tz", None) for dtype in table.dtypes]
        return Frame(table, _named(zones), "DataFrame")
    if kind == "polars.LazyFrame":
        return frame(table.collect(), what)
    if kind == "polars.DataFrame":
        return frame(table.to_arrow(), what)
    if kind == "pyarrow.Table":
        return Frame(table, _named([getattr(field.type, "tz", None) for field in table.schema]), "Arrow table")
    if hasattr(table, "to_arrow_table"):
        return frame(table.to_arrow_table(), what)
    raise UsageError(
        f"{what} cannot be read from a {type(table).__name__}",
        hint="give a path, or a pandas, Polars or Arrow table",
    )


def _named(zones: list[Any]) -> str | None:
    """The first zone that says where it is; UTC and bare offsets do not."""
    names = [str(zone) for zone in zones if zone is not None]
    return next((n for n in names if "/" in n and not n.startswith(("Etc/", "UTC"))), None)
