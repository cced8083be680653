"""Which columns of a table are dimensions, the same in every output."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cc_metrics.model.columns import Column


def dimensions(rows: Iterable[Mapping[str, Any]], columns: Iterable[Column], asked: Sequence[str]) -> tuple[str, ...]:
    """The dimensions of a table: the channel where it was split by it, then those asked for.

    >>> dimensions([{"tier": "vip", "channel": "chat", "offered": 1}], [], ["tier"])
    ('channel', 'tier')
    """
    keys = {key for row in rows for key in row}
    known = {column.name for column in columns}
    split = ("channel",) if "channel" in keys - known and "channel" not in asked else ()
    return (*split, *(d for d in asked if (d in keys or not keys) and d not in known))


def of_cases(asked: Sequence[str]) -> tuple[str, ...]:
    """The dimensions of the table of cases: their kind, then those asked for.

    >>> of_cases(["owner", "kind"])
    ('kind', 'owner')
    """
    return tuple(dict.fromkeys(("kind", *asked)))
