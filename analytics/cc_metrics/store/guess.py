"""A mapping to start from, guessed from the names, types and first values of an export's columns.

Nothing is guessed silently: behind every line stands why it is there, and what is not known is a comment to fill in.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from cc_metrics.errors import DataError
from cc_metrics.model.calls import CALLS
from cc_metrics.model.cases import TABLES
from cc_metrics.model.table import Table
from cc_metrics.store import guess_outcome, guess_values, guess_words, head, recognise
from cc_metrics.store.guess_columns import Columns
from cc_metrics.store.guess_moments import Moments
from cc_metrics.store.guess_toml import Line, array, comment, inline, key, quoted
from cc_metrics.store.guess_values import folded

_DIMENSIONS: Final = ("queue", "tier", "reason", "region", "home_region", "network")
_FEW: Final = 200  # different values in the first rows from which on a column is no dimension
_NUMBERED: Final = 50  # different numbers: queues and levels may be numbered, lengths have more of them
_TRANSLATED: Final = {"direction": guess_words.DIRECTIONS, "channel": guess_words.CHANNELS}


def mapping_text(path: Path) -> str:
    """The TOML of a mapping guessed from a file.

    Raises:
        DataError: the file cannot be read, or holds no columns.
    """
    found = head.look(path)
    if not found.names:
        raise DataError(
            "a mapping is guessed from columns, and this file has none",
            where=str(path),
            hint="cc-metrics mappings list shows those that there are",
        )
    rows = head.rows(path)
    own = next((t for t in (CALLS, *TABLES.values()) if set(t.required) <= set(found.names)), None)
    if own:
        return _canonical(path, own, found.names)
    columns = Columns(found.names, rows)
    lines = [*_calls(columns)]
    parts = [_preface(path, len(rows)), *_top(columns)]
    if not found.named:
        parts.append('[file]\nheader = false                     # no line of names: columns are called "1", "2" ...')
    if found.form == "json":
        parts.append('[file]\nform = "json"                      # columns are paths: "Queue.Name"')
    if columns.null:
        words = [f"{key(name)} = {array(null)}" for name, null in columns.null.items()]
        parts.append("\n".join(["[null]                             # these mean: not recorded", *words]))
    parts += ["\n".join(["[calls]", *(line.text() for line in lines[:-1])]), lines[-1].value or ""]
    left = [comment(name) for name in columns.names if name not in columns.taken]
    if columns.unnamed:
        left.append(f"and {_several(columns.unnamed, 'column')} whose names may be somebody's numbers")
    if left:
        parts.append("\n".join(["# left over:", *(f"#   {name}" for name in left)]))
    return "\n\n".join(part for part in parts if part) + "\n"


def _preface(path: Path, rows: int) -> str:
    lines = [
        f"# A mapping to start from, guessed from the columns and {_several(rows, 'row')} of {comment(path.name)}.",
        "# Behind each line stands why it is there: check every one before you believe a figure.",
    ]
    fitting = recognise.fitting(path)
    if fitting:
        known = " or ".join(fitting)
        lines.append(f"# The columns are those of a known format: --mapping {known} has been thought through.")
    return "\n".join(lines)


def _top(columns: Columns) -> list[str]:
    zone = '# timezone = "Asia/Shanghai"'
    lines = [
        'name = "mine"',
        f"{zone.ljust(34)} # of local times without an offset; no file says it",
    ]
    if columns.nulls:
        lines.append(f"nulls = {array(columns.nulls)}".ljust(34) + " # seen; they mean: not recorded")
    return ["\n".join(lines)]


def _canonical(path: Path, table: Table, names: Iterable[str]) -> str:
    """The mapping of a file that needs none."""
    lines = [f"{name} = {quoted(name)}" for name in table.known if name in names]
    preface = f"# The columns of {comment(path.name)} bear the canonical names: they can be read without a mapping."
    return "\n\n".join([preface, 'name = "mine"', "\n".join([f"[{table.name}]", *lines])]) + "\n"


def _calls(columns: Columns) -> list[Line]:
    """The lines of [calls]; the last one is the text of the outcome, which is a table of its own."""
    moments = Moments(columns)
    offered = moments.offered()
    answered, ended = moments.named("answered_at"), moments.named("ended_at")
    customer, identity = _key(columns, "customer_id"), _identity(columns)
    outcome = guess_outcome.find(columns.called("outcome"), columns.values)
    lengths = moments.lengths(answered, ended)
    if outcome:
        columns.take(outcome.column, "outcome")
    agent = _key(columns, "agent_id")
    lines: list[Line | None] = [identity, offered, *lengths]
    lines += [_translated(columns, name) for name in _TRANSLATED]
    lines += [_dimension(columns, name) for name in _DIMENSIONS]
    lines += [
        agent,
        customer,
        _flag(columns, "transferred"),
        _flag(columns, "resolved"),
        _satisfaction(columns),
    ]
    might = columns.might_be(lambda name: 1 < columns.different(name) <= 20 and not _measured(columns, name))
    return [*(line for line in lines if line), Line("outcome", guess_outcome.text(outcome, answered, might))]


def _identity(columns: Columns) -> Line:
    name = columns.first("call_id", lambda name: columns.values[name])
    if name:
        rows, different = len(columns.values[name]), columns.different(name)
        alike = (
            "" if rows == different else f": {different:,} different ones in {rows:,} rows, rows of one id must agree"
        )
        return Line("call_id", quoted(name), f"its name{alike}")
    others = [name for name in columns.names if columns.taken.get(name) != "customer_id"]
    why = "no column of ids: calls alike in all these columns count once"
    return Line("call_id", inline(join=array(others or columns.names), empty='""'), why)


def _key(columns: Columns, target: str) -> Line | None:
    name = columns.first(target, lambda name: columns.values[name])
    if name is None:
        might = columns.might_be(lambda name: columns.different(name) > 1 and _are_words(columns, name))
        return Line(target, None, f"not found; might be: {might}") if might else None
    if target == "customer_id":
        columns.withhold(name)
    return Line(target, quoted(name), "its name")


def _dimension(columns: Columns, target: str) -> Line | None:
    name = columns.first(target, lambda name: 0 < columns.different(name) <= _FEW and not _measured(columns, name))
    if name:
        return Line(target, quoted(name), f"its name; {_several(columns.different(name), 'value')}")
    if target not in ("queue", "tier", "reason"):
        return None
    might = columns.might_be(lambda name: 1 < columns.different(name) <= 20 and _are_words(columns, name))
    return Line(target, None, f"not found; might be: {might}") if might else None


def _are_words(columns: Columns, name: str) -> bool:
    """Whether a column may be a dimension, to judge by its values alone."""
    values = columns.values[name]
    return not (guess_values.are_numbers(values) or guess_values.is_flag(values) or guess_values.times(values))


def _several(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _measured(columns: Columns, name: str) -> bool:
    """Whether a column holds moments or many numbers, and so no dimension."""
    values = columns.values[name]
    return guess_values.times(values) is not None or (
        guess_values.are_numbers(values) and columns.different(name) > _NUMBERED
    )


def _translated(columns: Columns, target: str) -> Line | None:
    """A dimension whose words have a meaning here: outbound calls are ignored, voice is the usual channel."""
    meanings = {folded(w): meaning for meaning, words in _TRANSLATED[target].items() for w in words.split()}
    name = columns.first(target, lambda name: any(folded(v) in meanings for v in columns.values[name]))
    if name is None:
        return None
    words = {v: meanings[folded(v)] for v in dict.fromkeys(columns.values[name]) if folded(v) in meanings}
    if all(written == meaning for written, meaning in words.items()):
        return Line(target, quoted(name), "its name")
    values = f"{{ {', '.join(f'{key(written)} = {quoted(meaning)}' for written, meaning in words.items())} }}"
    return Line(target, inline(column=quoted(name), values=values), "its name, and what its words mean")


def _flag(columns: Columns, target: str) -> Line | None:
    words = {folded(w): truth for truth, listed in guess_words.TRUE_WORDS.items() for w in listed.split()}
    name = columns.first(
        target,
        lambda name: (
            guess_values.is_flag(columns.values[name])
            or (columns.values[name] and all(folded(v) in words for v in columns.values[name]))
        ),
    )
    if name is None:
        return None
    if guess_values.is_flag(columns.values[name]):
        return Line(target, quoted(name), "its name; yes or no in every row")
    written = ", ".join(f"{key(v)} = {quoted(words[folded(v)])}" for v in dict.fromkeys(columns.values[name]))
    return Line(target, inline(column=quoted(name), values=f"{{ {written} }}"), "its name, and what its words mean")


def _satisfaction(columns: Columns) -> Line | None:
    name = columns.first("satisfaction", lambda name: guess_values.are_numbers(columns.values[name]))
    return Line("satisfaction", quoted(name), "its name; the policy must know its scale") if name else None
