"""Names that people read as one and that a group by keeps apart."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from cc_metrics.language import both, said, sequence
from cc_metrics.store.opened import Opened

LISTED: Final = 5
MOST: Final = 10_000  # values beyond which a dimension holds no names
_SHOWN: Final = 40


def alike_names(opened: Opened) -> Iterator[str]:
    """Values of a dimension that differ by case, blanks or full-width letters alone."""
    selects = [
        f"(SELECT {place} AS place, CAST({column} AS VARCHAR) AS value, CAST(sum(n) AS BIGINT) AS calls "
        f"FROM {opened.table} WHERE {column} IS NOT NULL GROUP BY 2 LIMIT {MOST + 1})"
        for place, column in enumerate(opened.dimensions.values())
    ]
    told = opened.engine.rows(f"{' UNION ALL '.join(selects)} ORDER BY 1, 2")
    for place, name in enumerate(opened.dimensions):
        rows = [(value, calls) for number, value, calls in told if number == place]
        found = [] if len(rows) > MOST else alike(dict(rows))
        if found:
            yield said(
                "Values of {column} that differ by case, blanks or full-width letters alone are counted apart: "
                "{values}. Give them one name in the mapping: {column} = {{ column = ..., values = {{ ... }} }}.",
                column=name,
                values=_listed(found),
            )


def _listed(found: Sequence[Sequence[tuple[str, int]]]) -> str:
    groups = [both([said("{value} ({n:,})", value=_short(value), n=n) for value, n in group]) for group in found]
    listed = sequence(groups[:LISTED])
    if len(groups) > LISTED:
        return said("{things} and {n} more", things=listed, n=len(groups) - LISTED)
    return listed


def alike(values: Mapping[str, int]) -> list[Sequence[tuple[str, int]]]:
    """Groups of values that read the same, each with its calls, the commonest first.

    >>> alike({"Sales": 5, "sales ": 2, "Service": 9})
    [[('Sales', 5), ('sales ', 2)]]
    """
    groups: dict[str, list[tuple[str, int]]] = {}
    for value, n in values.items():
        groups.setdefault(_read(value), []).append((value, n))
    return [sorted(group, key=lambda pair: (-pair[1], pair[0])) for group in groups.values() if len(group) > 1]


def _read(value: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", value).casefold().split())


def _short(value: str) -> str:
    return repr(value if len(value) <= _SHOWN else value[:_SHOWN] + "…")
