"""What each measure of cases, answers and bases means, in words and as a formula; those of calls say it themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cc_metrics.measures import turnaround


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
    "share_of_cases": Meaning(
        "cases of which something more is true, of the cases opened in the period", "counted / opened in the period"
    ),
    "months_without_cases": Meaning(
        "whole months in which no such case was opened, counted back from the latest complete one of the period",
        "none opened in each of the latest n complete months",
    ),
    "case_volume": Meaning(
        "cases opened from a day to the end of the period, against as long a stretch before that day",
        "fall: (before - after) / before; rise: (after - before) / before",
    ),
    "call_volume": Meaning(
        "contacts offered from a day to the end of the period, against as long a stretch before that day",
        "fall: (before - after) / before; rise: (after - before) / before",
    ),
    "cases_per_base": Meaning(
        "cases opened in a month for each of a base of that month, months pooled; with an exact Poisson interval",
        "sum over months of cases / sum over months of the base",
    ),
    "share_of_base": Meaning(
        "one base out of another of the same month, months pooled", "sum over months of the part / of the whole"
    ),
    "repeat_complaints": Meaning(
        "cases whose previous one of the same key was opened at most a window earlier, of those with a known key; "
        "each link of a chain counts once",
        "#(previous of the key within the window) / #(key known)",
    ),
    "attempts_made": Meaning(
        "cases whose first attempt to reach the customer failed: reached by the end of the day named, or tried often "
        "enough on it",
        "#(reached, or so many attempts, by the end of the day) / #(first attempt failed)",
    ),
    "backlog_cleared": Meaning(
        "cases that were open at one moment and were done within a time from then", "done within the time / open then"
    ),
    "mean_ratio": Meaning(
        "mean of one column of the cases over another, such as the speed measured over the speed contracted; a sample",
        "sum of part / whole / cases with both recorded",
    ),
    "followed_up": Meaning(
        "cases whose ratio lies below a share and whose customer has a later case that fits, of all that lie below it",
        "#(followed by a case that fits) / #(part / whole below the share)",
    ),
    "satisfied": Meaning(
        "satisfied customers of those who answered; a sample unless everyone who was asked answered",
        "satisfied / answered",
    ),
    "score": Meaning("mean of the scores given, by itself or above a reference", "sum of scores / scores"),
    "score_rises": Meaning(
        "years running in which the mean score was higher than in the year before",
        "#(mean of a year > mean of the year before)",
    ),
    "score_rank": Meaning(
        "places one group rose by among all groups by mean score, from the year before the last to the last",
        "rank in the year before the last - rank in the last",
    ),
    "abandoned_of_offered": Meaning(
        "callers who hung up after the short-abandon floor, of all offered", "abandoned after the floor / offered"
    ),
    "months_below": Meaning(
        "missed only where the service level of each of so many complete months running lies below a share",
        "service level by month, each below the share",
    ),
}
"""To add a measure: a line here, its constants in the measure's own file where it has one."""

MEAN: Final = Meaning(turnaround.MEAN_MEANING, turnaround.MEAN_FORMULA)
"""Of a promise on turnaround that has a mean to keep."""
