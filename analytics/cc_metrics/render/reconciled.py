"""A reconciliation as a table on a terminal, JSON, CSV or Markdown."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from cc_metrics.language import told, translated
from cc_metrics.measures.service_level import LETTERS
from cc_metrics.model.reconciled import COLUMNS, Reckoning, Reconciliation
from cc_metrics.render import reconciled_words as say
from cc_metrics.render import row_accounting, words
from cc_metrics.render.fields import Field

SCHEMA: Final = "cc-metrics/reconciliation/1"

_SHOWN: Final = 10  # definitions that people are shown
_INDENT: Final = 4


def show(found: Reconciliation, width: int, prefix: Sequence[str] = say.REPORT) -> str:
    """The answer as text of at most *width* cells a line, commands as long as they are."""
    from cc_metrics.render import grid

    def wrapped(sentence: str, indent: int = 0) -> list[str]:
        return [" " * indent + line for line in grid.wrapped(sentence, max(1, width - indent))]

    lines = [line for sentence in _head(found) for line in wrapped(sentence)]
    for rank, one in enumerate(_best(found), 1):
        lines += ["", *wrapped(f"{rank:>2}  {say.counts(one, found)}   {say.departures(one)}")]
        lines += [line for said in (say.definition(one, found), *say.beside(one)) for line in wrapped(said, _INDENT)]
        lines.append(" " * _INDENT + words.plain(say.given_by(one, prefix)))
    lines += ["", *(line for sentence in _tail(found) for line in wrapped(sentence))]
    return "\n".join(lines) + "\n"


def _best(found: Reconciliation) -> Sequence[Reckoning]:
    return (found.matches or found.nearest)[:_SHOWN]


def _head(found: Reconciliation) -> list[str]:
    return [say.figure(found), say.period(found), say.own(found), *say.tried(found)]


def _tail(found: Reconciliation) -> list[str]:
    more = len(found.matches) - _SHOWN
    further = [translated("{n} more with --show csv or json", n=words.count(more))] if more > 0 else []
    rows = row_accounting.account(found.accounting, found.head.as_of)
    return [*further, told(LETTERS), rows, *map(words.plain, found.notes)]


def markdown(found: Reconciliation, prefix: Sequence[str] = say.REPORT) -> str:
    """The answer as Markdown; nothing from data becomes markup."""
    from cc_metrics.render import markdown as format_

    best = _best(found)
    table = [
        Field("", tuple(map(str, range(1, len(best) + 1)))),
        Field(translated("counts"), tuple(say.counts(one, found) for one in best)),
        Field(
            translated("departs in"),
            tuple(say.departures_listed(one) or translated("nothing") for one in best),
            left=True,
        ),
        Field(translated("definition"), tuple(say.definition(one, found) for one in best), left=True),
        Field(translated("beside"), tuple(words.sequence(say.beside(one)) for one in best), left=True),
        Field(translated("what gives it"), tuple(say.given_by(one, prefix) for one in best), left=True),
    ]
    blocks = [format_.items(_head(found)), format_.table_rows(table) if best else "", format_.items(_tail(found))]
    return "\n\n".join((f"# {translated('Reconciliation')}", *(block for block in blocks if block))) + "\n"


def csv(found: Reconciliation, prefix: Sequence[str] = say.REPORT) -> str:
    """Every match, or the nearest where nothing matches, as CSV."""
    from cc_metrics.render import csv as format_

    names = [column.name for column in COLUMNS]
    return format_.written([names, *([row[name] for name in names] for row in say.rows(found, prefix))])


def json(found: Reconciliation, prefix: Sequence[str] = say.REPORT) -> str:
    """The whole answer as JSON, numbers unrounded, unknowns null."""
    from cc_metrics.render import json as format_

    figure, head = found.figure, found.head
    rows = say.rows(found, prefix)
    document = {
        "schema": SCHEMA,
        "timezone": head.timezone,
        "period": {"from": head.start, "to": head.end, "weekday": head.weekday, "complete": head.complete},
        "data": {"calls": format_.account(found.accounting)},
        "where": {name: list(values) for name, values in found.where.items()},
        "policy": found.policy,
        "reported": {"written": figure.written, "value": figure.value, "counts": figure.counts},
        "own": say.row(found.own, found, prefix, None),
        "tried": [{"departures": t.departures, "tried": t.tried, "printing": t.printing} for t in found.tried],
        "matches": rows if found.matches else [],
        "nearest": [] if found.matches else rows,
        "notes": list(found.notes),
    }
    return format_.written(document)


FORMATS: Final[Mapping[str, Callable[[Reconciliation, Sequence[str]], str]]] = {
    "json": json,
    "csv": csv,
    "markdown": markdown,
}
