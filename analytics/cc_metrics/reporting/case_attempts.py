"""The tally of attempts to reach customers who were not reached at first."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from cc_metrics.language import said
from cc_metrics.measures import attempts as measure
from cc_metrics.model.case_terms import AttemptsMade
from cc_metrics.model.intervals import bucket_sql
from cc_metrics.model.promise import Promise
from cc_metrics.reporting import case_days
from cc_metrics.reporting.ledger import Ledger, Ledgers
from cc_metrics.reporting.tally import Tally


def attempts_made(ledgers: Ledgers, promise: Promise) -> Tally:
    """Cases whose first attempt in the period failed, reached or tried as promised by the end of a day.

    What is known of attempts ends with them, or with the cases where these go on for longer.
    """
    ledger, made = ledgers.of["cases"], ledgers.of["attempts"]
    as_of_ms = max(ledger.as_of_ms, made.as_of_ms)
    asked = measure.Asked(cast("AttemptsMade", promise.terms), as_of_ms, made.opened.offsets)

    tally, found = case_days.tally(ledger, promise, lambda conditions: _by_day(ledger, made, asked, conditions))
    return replace(tally, beside=_beside(ledger, made, found.get("unsaid", 0)))


def _by_day(ledger: Ledger, made: Ledger, asked: measure.Asked, conditions: Sequence[str]) -> list[dict[str, Any]]:
    """The counts of the cases that meet some conditions, by the local day of their first attempt."""
    opened = ledger.opened
    figures = ", ".join(f"{sql} AS {name}" for name, sql in asked.needs(ledger.period).items())
    where = " AND ".join(conditions) or "TRUE"
    day = bucket_sql("first_ms", "1d", asked.offsets)
    return opened.engine.records(
        f"SELECT {day} AS bucket, {figures} FROM {asked.by_case(made.opened.view)} tried "
        f"SEMI JOIN (SELECT case_id FROM {opened.view} WHERE {where}) cases USING (case_id) "
        f"WHERE {ledger.period.sql('first_ms')} GROUP BY 1 ORDER BY 1"
    )


def _beside(ledger: Ledger, made: Ledger, unsaid: int) -> tuple[str, ...]:
    engine = ledger.opened.engine
    strange = engine.value(
        f"SELECT count(*) FROM {made.opened.view} ANTI JOIN {ledger.opened.view} USING (case_id) "
        f"WHERE {ledger.period.sql('attempted_ms')}"
    )
    return (*_strange(strange), *_unsaid(unsaid))


def _strange(number: int) -> tuple[str, ...]:
    if number == 1:
        return (said("1 attempt is of no known case: left out"),)
    return (said("{n:,} attempts are of no known case: left out", n=number),) if number else ()


def _unsaid(number: int) -> tuple[str, ...]:
    if number == 1:
        return (said("1 first attempt does not say: left out"),)
    return (said("{n:,} first attempts do not say: left out", n=number),) if number else ()
