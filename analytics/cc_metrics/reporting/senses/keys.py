"""One customer behind too many calls: a withheld number, a trunk, a test."""

from collections.abc import Iterator
from typing import Final

from cc_metrics.store.opened import Opened

MOST: Final = (2, 100)  # of all calls
FEW: Final = 50  # calls of one customer below which nothing is said: a small file has busy customers
SAMPLE: Final = 100_000  # rows that show whom to count: who has 2 % of all calls has 1 % of these
_SUSPECT: Final = (1, 100)


def frequent_customer(opened: Opened) -> Iterator[str]:
    """One customer_id has more than 2 % of the calls; the number itself is not told."""
    if opened.calls is None or not (key := _suspect(opened)):
        return
    view, kept = opened.calls[0].accepted, opened.engine.keep(key)
    calls = int(opened.engine.value(f"SELECT count(*) FROM {view} WHERE customer_id = {kept}"))
    total = opened.account.accepted
    if calls >= FEW and calls * MOST[1] > total * MOST[0]:
        yield (
            f"One customer_id has {calls:,} of {total:,} calls ({100 * calls / total:.1f} %): it looks like a number "
            "withheld, or a trunk, and makes repeats of calls that are none. See it with --by customer_id, and name it "
            'in the mapping as not recorded: [null] COLUMN = ["..."].'
        )


def _suspect(opened: Opened) -> str | None:
    """The commonest key of a sample that is the same in every run, where it is common enough."""
    every = max(1, -(-opened.account.read // SAMPLE))
    view = opened.calls[0].view if opened.calls else ""
    rows = opened.engine.rows(
        f"SELECT customer_id, n, sum(n) OVER () FROM (SELECT customer_id, count(*) AS n FROM {view} "
        f"WHERE row % {every} = 0 AND status = 0 GROUP BY 1) keys ORDER BY customer_id IS NULL, n DESC, 1 LIMIT 1"
    )
    if not rows or rows[0][0] is None:
        return None
    key, calls, total = rows[0]
    return str(key) if calls * _SUSPECT[1] >= total * _SUSPECT[0] else None
