"""One customer behind too many calls: a withheld number, a trunk, a test."""

from collections.abc import Iterator
from typing import Final

from cc_metrics.language import said
from cc_metrics.store.engine import Engine
from cc_metrics.store.opened import Opened
from cc_metrics.store.relation import Relation

MOST: Final = (2, 100)  # of all calls
FEW: Final = 50  # calls of one customer below which nothing is said: a small file has busy customers
SAMPLE: Final = 100_000  # rows that show whom to count: who has 2 % of all calls has 1 % of these
_STRETCHES: Final = 5  # of rows that follow each other: read faster than rows here and there
_SUSPECT: Final = (1, 100)


def frequent_customer(opened: Opened) -> Iterator[str]:
    """One customer_id has more than 2 % of the calls; the number itself is not told."""
    if opened.calls is None:
        return
    relation, _ = opened.calls
    key = _suspect(opened.engine, relation, opened.account.read)
    if key is None:
        return
    view, kept = relation.accepted, opened.engine.keep(key)
    calls = int(opened.engine.value(f"SELECT count(*) FROM {view} WHERE customer_id = {kept}"))
    total = opened.account.accepted
    if calls >= FEW and calls * MOST[1] > total * MOST[0]:
        yield said(
            "One customer_id has {n:,} of {all:,} calls ({share:.1f} %): it looks like a number withheld, or a trunk, "
            "and makes repeats of calls that are none. See it with --by customer_id, and name it in the mapping as not "
            'recorded: [null] COLUMN = ["..."].',
            n=calls,
            all=total,
            share=100 * calls / total,
        )


def _suspect(engine: Engine, relation: Relation, read: int) -> str | None:
    """The commonest key of a sample that is the same in every run, where it is common enough."""
    rows = engine.rows(
        "SELECT customer_id, count(*) AS n, CAST(sum(count(*)) OVER () AS BIGINT) AS total "
        f"FROM ({_sample_sql(relation, read)}) sample GROUP BY 1 ORDER BY customer_id IS NULL, n DESC, 1 LIMIT 1"
    )
    if not rows or rows[0][0] is None:
        return None
    key, calls, total = rows[0]
    return str(key) if calls * _SUSPECT[1] >= total * _SUSPECT[0] else None


def _sample_sql(relation: Relation, read: int) -> str:
    """SELECT of keys: all of them; of many rows some here and there, or (Parquet) some stretches of each file."""
    keys = f"SELECT customer_id FROM {relation.view} WHERE status = 0"
    if read <= SAMPLE:
        return keys
    if relation.shifts:
        return f"{keys} AND row % {-(-read // SAMPLE)} = 0"
    step = read // len(relation.names) // _STRETCHES
    length = -(-SAMPLE // (_STRETCHES * len(relation.names)))
    return " UNION ALL ".join(f"{keys} AND row >= {n * step} AND row < {n * step + length}" for n in range(_STRETCHES))
