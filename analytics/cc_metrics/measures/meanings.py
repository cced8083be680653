"""What each measure of cases, answers and bases means, in words and as a formula, and of calls on the calendar."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cc_metrics.measures import (
    attempts,
    bases,
    months_below,
    months_without_cases,
    ratios,
    repeat_complaints,
    satisfaction,
    score_years,
    share_of_cases,
    traffic,
    turnaround,
    volumes,
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """A measure in *words* and as a *formula*."""

    words: str
    formula: str


MEANINGS: Final[Mapping[str, Meaning]] = {
    "turnaround": Meaning(turnaround.MEANING, turnaround.FORMULA),
    "appointment_kept": Meaning(
        "visits that arrived within the tolerance of the time appointed, of those whose appointment with its tolerance "
        "has passed; never arrived is missed, and so is too early",
        "#(|arrived - appointed| <= tolerance) / #(appointed + tolerance in the period)",
    ),
    "share_of_cases": Meaning(share_of_cases.MEANING, share_of_cases.FORMULA),
    "months_without_cases": Meaning(months_without_cases.MEANING, months_without_cases.FORMULA),
    "case_volume": Meaning(volumes.MEANING, volumes.FORMULA),
    "call_volume": Meaning(volumes.MEANING, volumes.FORMULA),
    "cases_per_base": Meaning(bases.MEANING, bases.FORMULA),
    "share_of_base": Meaning(bases.SHARE_MEANING, bases.SHARE_FORMULA),
    "repeat_complaints": Meaning(repeat_complaints.MEANING, repeat_complaints.FORMULA),
    "attempts_made": Meaning(attempts.MEANING, attempts.FORMULA),
    "backlog_cleared": Meaning(
        "cases that were open at one moment and were done within a time from then", "done within the time / open then"
    ),
    "mean_ratio": Meaning(ratios.MEANING, ratios.FORMULA),
    "followed_up": Meaning(ratios.FOLLOWED_MEANING, ratios.FOLLOWED_FORMULA),
    "satisfied": Meaning(satisfaction.MEANING, satisfaction.FORMULA),
    "score": Meaning(satisfaction.SCORE_MEANING, satisfaction.SCORE_FORMULA),
    "score_rises": Meaning(score_years.RISES_MEANING, score_years.RISES_FORMULA),
    "score_rank": Meaning(score_years.RANK_MEANING, score_years.RANK_FORMULA),
    "abandoned_of_offered": Meaning(traffic.OFFERED_MEANING, traffic.OFFERED_FORMULA),
    "months_below": Meaning(months_below.MEANING, months_below.FORMULA),
}
"""To add a measure: a line here, its constants in the measure's own file where it has one."""

MEAN: Final = Meaning(turnaround.MEAN_MEANING, turnaround.MEAN_FORMULA)
"""Of a promise on turnaround that has a mean to keep."""
