"""Services that end at once: agents who hang up to rest, or lines that drop."""

from collections.abc import Iterator
from typing import Final

from cc_metrics.language import said
from cc_metrics.store.opened import Opened

FEW: Final = 200  # talks below which nothing is said
MOST: Final = (5, 100)  # Brown et al. 2005, 4.1, found 7 % at a bank whose agents hung up on callers for a rest


def short_services(opened: Opened) -> Iterator[str]:
    """More than one in twenty answered calls talked for less than 10 s."""
    short, talks = opened.engine.rows(
        "SELECT CAST(coalesce(sum(under_10), 0) AS BIGINT), CAST(coalesce(sum(talk_n), 0) AS BIGINT) "
        f"FROM {opened.table} WHERE outcome = 'answered'"
    )[0]
    if talks >= FEW and short * MOST[1] > talks * MOST[0]:
        yield said(
            "{n:,} of {all:,} answered calls ({share:.1f} %) talked for less than 10 s: agents may hang up on callers, "
            "or lines drop. Look at them by agent: --by agent_id, column under_10_s.",
            n=short,
            all=talks,
            share=100 * short / talks,
        )
