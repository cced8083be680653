"""How each measure that a promise may name is tallied: by which function, loaded when it is first asked for."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, Final

from cc_metrics.model.promise import Promise, Spoken
from cc_metrics.reporting.tally import Tally

OF_CALLS: Final[Mapping[str, str]] = {
    "service_level": "answered.service_level",
    "first_call_resolution": "solved.first_call_resolution",
    "abandonment": "answered.abandonment",
    "repeat_calls": "solved.repeat_calls",
    "intervals_on_target": "answered.intervals_on_target",
    "mean_wait": "answered.mean_wait",
    "mean_handle": "answered.mean_handle",
    "longest_wait": "by_calendar.longest_wait",
    "abandoned_of_offered": "answered.abandoned_of_offered",
    "months_below": "by_calendar.months_below",
    "call_volume": "call_volumes.call_volume",
}
"""The function of this package that tallies each measure of calls. To add one: a function, and a line here."""

OF_CASES: Final[Mapping[str, str]] = {
    "turnaround": "timeliness.turnaround",
    "appointment_kept": "timeliness.turnaround",
    "backlog_cleared": "timeliness.backlog_cleared",
    "share_of_cases": "case_shares.share_of_cases",
    "months_without_cases": "volumes.months_without_cases",
    "case_volume": "volumes.case_volume",
    "cases_per_base": "case_bases.cases_per_base",
    "share_of_base": "case_bases.share_of_base",
    "mean_ratio": "case_ratios.mean_ratio",
    "followed_up": "case_ratios.followed_up",
    "attempts_made": "case_attempts.attempts_made",
    "repeat_complaints": "case_repeats.repeat_complaints",
    "satisfied": "surveys.satisfied",
    "score": "surveys.score",
    "score_rises": "score_years.score_rises",
    "score_rank": "score_years.score_rank",
}
"""The same for cases and the tables beside them."""

BESIDE: Final[Mapping[str, tuple[Spoken, ...]]] = {
    "attempts_made": ("attempts",),
    "cases_per_base": ("bases",),
}
"""Tables that a measure needs beside the one that its promises speak of."""

BEFORE_AND_AFTER: Final = ("case_volume", "call_volume")  # they compare by themselves


def tallying(measure: str) -> Callable[[Any, Promise], Tally]:
    """The function that tallies a measure of calls (from a docket) or of cases (from ledgers)."""
    module, function = (OF_CALLS.get(measure) or OF_CASES[measure]).split(".")
    found: Callable[[Any, Promise], Tally] = getattr(import_module(f"cc_metrics.reporting.{module}"), function)
    return found
