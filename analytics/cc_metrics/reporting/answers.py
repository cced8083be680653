"""The table of answers: satisfaction and scores by channel and segment."""

from typing import Final

from cc_metrics.measures import samples, satisfaction
from cc_metrics.model.case_terms import Satisfied
from cc_metrics.model.promise import Policy
from cc_metrics.model.report import Row
from cc_metrics.reporting.ledger import Ledger

BY: Final = ("channel", "segment")


def table(ledger: Ledger, policy: Policy) -> tuple[Row, ...]:
    """One row for each channel and segment that somebody was asked in; a dimension never recorded is left out.

    A score is satisfied from where the policy's first promise on a survey says.
    """
    opened = ledger.opened
    terms = (promise.terms for promise in policy.promises)
    surveys = (one for one in terms if isinstance(one, Satisfied) and one.asked == "survey")
    question = satisfaction.survey(next((one.lowest for one in surveys), None))
    by = [name for name in BY if opened.values(name)]
    columns = [opened.column(name) for name in by]
    needs = satisfaction.needs(question) | satisfaction.score_needs()
    figures = [*columns, *(f"{sql} AS {name}" for name, sql in needs.items())]
    where = " AND ".join([ledger.inside(question.moment), *ledger.conditions])
    order = f" GROUP BY ALL ORDER BY {', '.join(f'{c} NULLS LAST' for c in columns)}" if columns else ""
    rows = opened.engine.records(f"SELECT {', '.join(figures)} FROM {opened.view} WHERE {where}{order}")
    return tuple(_row(row, by) for row in rows if row["asked"])


def _row(counts: Row, by: list[str]) -> Row:
    found = satisfaction.figures(counts)
    told = found["satisfaction"] is not None
    low, high = samples.wilson(counts["satisfied"], counts["answered"]) or (None, None) if told else (None, None)
    return {**{name: counts[name] for name in by}, **found, "low": low, "high": high}
