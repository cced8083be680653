"""How a mapping says what of nested JSON is a row: `[file] records`, `[file.rows]`, `[file.beside]`."""

from typing import Any, Final

from cc_metrics.errors import PolicyError
from cc_metrics.store import json_paths
from cc_metrics.store.file_format import Beside, Levels, Nested
from cc_metrics.store.toml_values import Values

NESTED: Final = ("records", "rows", "beside")


def nested(values: Values, file: dict[str, Any]) -> Nested:
    """The keys of nested JSON in the `[file]` of a mapping; what is wrong goes to the problems of *values*."""
    rows = _levels(values, "[file.rows]", file.get("rows"), ())
    beside = None
    if "beside" in file:
        beside = _beside(values, values.table("[file.beside]", file["beside"]), rows)
        if not rows:
            values.problem("[file.beside] needs [file.rows]", "say what is a row")
    return Nested(values.string("[file] records", file.get("records")) or None, rows, beside)


def _beside(values: Values, table: dict[str, Any], rows: Levels) -> Beside:
    values.known("[file.beside]", table, ("levels", "same", "since"))
    levels = _levels(values, "[file.beside] levels", table.get("levels"), rows)
    since = _pairs(values, "[file.beside] since", table.get("since"))
    if len(since) != 1:
        values.problem("[file.beside] since must name one moment and the row's from which on it counts")
        since = (("", ""),)
    return Beside(levels, _pairs(values, "[file.beside] same", table.get("same")), since[0])


def _levels(values: Values, place: str, value: Any, taken: Levels) -> Levels:
    """Names and their paths; each but the first hangs on one before it."""
    found = _pairs(values, place, value)
    for number, (name, path) in enumerate(found):
        steps = _steps(values, place, path)
        if steps and steps[-1].choice in (None, *range(10)):
            values.problem(f"{place} {name}: {path!r} names no list", "end it in [] or [key=value]")
        heads = [n for n, _ in found[:number]]
        if steps and (len(steps) != 1 + bool(heads) or (heads and steps[0].key != heads[-1])):
            values.problem(f"{place} {name}: {path!r} must be a list of {heads[-1] if heads else 'the record'}")
        if name in dict(taken):
            values.problem(f"{place}: {name!r} is the name of a row already")
    return found


def _steps(values: Values, place: str, path: str) -> tuple[json_paths.Step, ...]:
    try:
        return json_paths.parse(path).steps
    except PolicyError as error:
        values.problem(f"{place}: {error.what}", error.hint)
        return ()


def _pairs(values: Values, place: str, value: Any) -> Levels:
    pairs = values.table(place, value)
    return tuple((str(name), values.string(f"{place} {name}", path)) for name, path in pairs.items())
