"""Satisfaction: answers of a survey or of the call-back after a case, and the scores given (METRICS 4).

Scores are decimal fractions: they are added up as whole billionths of a point, exact in any order.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, Literal

from cc_metrics.measures.samples import Sums
from cc_metrics.measures.shares import share

MEANING: Final = (
    "satisfied answers out of all answers; beside it how many of those asked answered, and how many of the cases "
    "closed were asked after"
)
FORMULA: Final = "satisfied / answered; response rate: answered / asked; call-back rate: asked / closed"
SCORE_MEANING: Final = "mean score of the answers given in the period, by itself or less a reference"
SCORE_FORMULA: Final = "sum of scores / answers with a score - reference"

_BILLION: Final = 10**9
POINTS: Final = "try_cast(round(score * 1000000000.0) AS DECIMAL(18, 0))"
"""SQL for the score of an answer in billionths of a point; NULL where none is recorded, or nothing that is a number."""


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, as SQL over rows: the *moment* that dates it, who was *asked*, *answered*, *satisfied*.

    *satisfied* is NULL where there is no answer, or one that does not tell. *tells* is NULL where the row does not
    say whether anybody was asked.
    """

    moment: str
    asked: str
    answered: str
    satisfied: str
    tells: str


def survey(lowest: float | None = None) -> Question:
    """A row for each who was asked; a score from *lowest* on is satisfied where no flag says."""
    least = None if lowest is None else round(Fraction(str(lowest)) * _BILLION)
    satisfied = "satisfied" if least is None else f"coalesce(satisfied, {POINTS} >= {least})"
    return Question("asked_ms", "TRUE", f"(satisfied IS NOT NULL OR {POINTS} IS NOT NULL)", satisfied, "TRUE")


def call_back(which: Literal["first", "final"]) -> Question:
    """The flags of cases, dated by when the case was closed; a recorded answer means that somebody asked."""
    asked, satisfied = f"asked_{which}", f"satisfied_{which}"
    answered = f"{satisfied} IS NOT NULL"
    return Question("resolved_ms", f"(coalesce({asked}, FALSE) OR {answered})", answered, satisfied, asked)


def needs(question: Question) -> dict[str, str]:
    """Aggregates over rows, alias -> SQL: how many were asked, answered, told whether satisfied, were satisfied."""
    conditions = {
        "rows": "TRUE",
        "asked": question.asked,
        "answered": question.answered,
        "telling": f"{question.satisfied} IS NOT NULL",
        "satisfied": question.satisfied,
        "recorded": f"{question.tells} IS NOT NULL",
    }
    return {name: f"CAST(count(*) FILTER (WHERE {sql}) AS BIGINT)" for name, sql in conditions.items()}


def score_needs() -> dict[str, str]:
    """Aggregates over answers: how many bear a score, the sum and the sum of squares in billionths of a point."""
    return {
        "scored": f"CAST(count({POINTS}) AS BIGINT)",
        "points": f"coalesce(sum({POINTS}), 0)",
        "squares": f"coalesce(sum(CAST({POINTS} AS DECIMAL(38, 0)) * {POINTS}), 0)",
    }


def sums(counts: Mapping[str, Any], reference: Fraction = Fraction(0)) -> Sums:
    """Number, sum and sum of squares of the scores less a reference, in points, exactly.

    >>> sums({"scored": 2, "points": 171_000_000_000, "squares": 14_621_000_000_000_000_000_000}, Fraction(85))
    (2, Fraction(1, 1), Fraction(1, 1))
    """
    number = counts["scored"]
    total, squares = Fraction(counts["points"]) / _BILLION, Fraction(counts["squares"]) / _BILLION**2
    return number, total - number * reference, squares - 2 * reference * total + number * reference**2


def mean(counts: Mapping[str, Any], reference: Fraction = Fraction(0)) -> Fraction | None:
    """The mean score less a reference, in points, exactly; None where there is no score.

    >>> mean({"scored": 2, "points": 170_740_000_000, "squares": 0}, Fraction("84.01"))
    Fraction(34, 25)
    """
    number, total, _ = sums(counts, reference)
    return Fraction(total) / number if number else None


def figures(counts: Mapping[str, Any]) -> dict[str, Any]:
    """Public columns of one group; satisfaction is None where an answer does not tell whether it is satisfied."""
    told = counts["telling"] == counts["answered"]
    score = mean(counts)
    return {
        "asked": counts["asked"],
        "answered": counts["answered"],
        "response_rate": share(counts["answered"], counts["asked"]),
        "satisfied": counts["satisfied"] if told else None,
        "satisfaction": share(counts["satisfied"], counts["answered"]) if told else None,
        "mean_score": None if score is None else float(score),
    }
