"""Counts of many populations of calls at once, by outcome and by where their waits lie among some whole seconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cc_metrics.store.counting import WAIT_BIN
from cc_metrics.store.opened import Opened

MOMENTS: Final = {
    "arrival": "start_ms",
    "answer": "(start_ms + wait_ms)",
    "end": "(start_ms + wait_ms + coalesce(talk_ms, 0) + coalesce(hold_ms, 0))",
}
"""The moment by which calls may be told apart; a summary knows the quarter-hour of their arrival only."""

LOCAL: Final = "local_ms"
"""The local clock of the arrival."""

_TOGETHER: Final = 200  # populations in one statement


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which calls a population holds: those that meet all *conditions*, less those that a column of the summary counts.

    *moments*: whether the conditions ask for moments that only the calls themselves have.
    """

    conditions: tuple[str, ...]
    less: str = ""
    moments: bool = False


def count(opened: Opened, chosen: Sequence[Chosen], seconds: Sequence[int]) -> list[dict[tuple[str, int], int]]:
    """For each population, its calls by (outcome, class of wait): class 2i + 1 is a wait of exactly seconds[i].

    Class 2i lies between the second before and it, the last class beyond them all. The summary is read once for all
    populations, the calls once more where moments are asked for.
    """
    found: list[dict[tuple[str, int], int]] = [{} for _ in chosen]
    for moments in (False, True):
        places = [i for i, one in enumerate(chosen) if one.moments is moments]
        for first in range(0, len(places), _TOGETHER):
            part = places[first : first + _TOGETHER]
            for outcome, wait, *numbers in opened.engine.rows(
                _sql(opened, [chosen[i] for i in part], seconds, moments)
            ):
                for i, number in zip(part, numbers, strict=True):
                    if number:
                        found[i][outcome, wait] = number
    return found


def largest(opened: Opened, column: str, conditions: Sequence[str], most: int) -> list[str | None]:
    """The values of a column that most of the calls have, the unrecorded one among them; at most *most*."""
    where = " AND ".join(conditions)
    order = "sum(n) DESC, 1 NULLS LAST"
    rows = opened.engine.rows(
        f"SELECT {column} FROM {opened.table} WHERE {where} GROUP BY 1 ORDER BY {order} LIMIT {most}"
    )
    return [row[0] for row in rows]


def _sql(opened: Opened, chosen: Sequence[Chosen], seconds: Sequence[int], moments: bool) -> str:
    sums = ", ".join(f"{_sum(one)} AS p{i}" for i, one in enumerate(chosen))
    source = _calls(opened) if moments else opened.table
    local = f"{opened.offsets.local_sql(MOMENTS['arrival'])} AS {LOCAL}"
    cut = f"SELECT *, {_class(seconds)} AS wait, {local} FROM {source}"
    return f"SELECT outcome, wait, {sums} FROM ({cut}) cut GROUP BY 1, 2"


def _sum(one: Chosen) -> str:
    number = f"n - {one.less}" if one.less else "n"
    return f"CAST(coalesce(sum({number}) FILTER (WHERE {' AND '.join(one.conditions)}), 0) AS BIGINT)"


def _class(seconds: Sequence[int]) -> str:
    cases = [f"WHEN bin < {2 * s} THEN {2 * i} WHEN bin = {2 * s} THEN {2 * i + 1}" for i, s in enumerate(seconds)]
    return f"CASE {' '.join(cases)} ELSE {2 * len(seconds)} END"


def _calls(opened: Opened) -> str:
    """The accepted calls as summary rows of one call each."""
    if opened.calls is None:
        raise ValueError("moments were asked of a summary")
    own = ", ".join(dict.fromkeys(("outcome", *opened.dimensions.values())))
    moments = "offered_ms AS start_ms, wait_ms, talk_ms, hold_ms"
    return f"(SELECT {moments}, {own}, {WAIT_BIN} AS bin, 1 AS n FROM {opened.calls[0].accepted}) calls"
