"""How long closed cases took, as a cumulative curve: a few points of it, each of them exact."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

POINTS: Final = 60
"""A point at every sixtieth of the cases: the median and the ninetieth percentile are two of them."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A length of time at which a curve is told whatever lies there; *kinds* is SQL of the kinds whose curve."""

    length_ms: int
    kinds: str


def curve_sql(closed: str, marks: Sequence[Mark]) -> str:
    """SELECT of kind, took_ms, closed (cases that took at most so long) and everyone (of the kind), in order.

    *closed* is a query in brackets of closed cases with kind and took_ms. Told are the shortest, the values at evenly
    spaced ranks (every value where there are no more cases than POINTS) and the *marks*.
    """
    lengths = [
        "SELECT kind, took_ms, count(*) AS n, FALSE AS marked FROM closed GROUP BY kind, took_ms",
        *(f"SELECT DISTINCT kind, {m.length_ms}, 0, TRUE FROM closed WHERE {m.kinds}" for m in marks),
    ]
    one = "SELECT kind, took_ms, sum(n) AS n, bool_or(marked) AS marked FROM lengths GROUP BY kind, took_ms"
    running = (
        "SELECT kind, took_ms, n, marked, "
        "CAST(sum(n) OVER (PARTITION BY kind ORDER BY took_ms) AS BIGINT) AS closed, "
        "CAST(sum(n) OVER (PARTITION BY kind) AS BIGINT) AS everyone FROM one"
    )
    ranks = (f"FLOOR({POINTS} * {part} / everyone)" for part in ("closed", "(closed - n)"))
    return (
        f"WITH closed AS {closed}, lengths AS ({' UNION ALL '.join(lengths)}), one AS ({one}), running AS ({running}) "
        f"SELECT kind, took_ms, closed, everyone FROM running WHERE marked OR closed = n "
        f"OR {' > '.join(ranks)} ORDER BY kind NULLS LAST, took_ms"
    )
