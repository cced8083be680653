"""Short names of promises: who, what and by when, in a few words."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, cast

from cc_metrics.language import translated
from cc_metrics.model.durations import short
from cc_metrics.model.promise import Promise
from cc_metrics.model.report import Judged
from cc_metrics.model.selection import RECORDED
from cc_metrics.render import words
from cc_metrics.render.words import plural

if TYPE_CHECKING:  # only promises that have terms need their classes, and those are loaded then
    from cc_metrics.model import case_terms as terms
    from cc_metrics.model.deadlines import Appointment

_EVERY: Final = {"15m": "quarter-hour", "30m": "half-hour", "1h": "hour", "1d": "day", "1w": "week", "1mo": "month"}
_LONGEST_ACRONYM: Final = 3
_ENDS: Final = {
    "dispatched_at": "dispatch",
    "responded_at": "response",
    "verified_at": "check",
    "arrived_at": "arrival",
}
_ASKED: Final = {"first": " at first", "final": " in the end", "survey": ""}


def names(judged: Sequence[Judged]) -> list[str]:
    """Short names, one each; promises that would share one keep their own."""
    shortened = [short_name(j.promise) for j in judged]
    shared = Counter(shortened)
    chosen = [words.plain(j.promise.name) if shared[s] > 1 else s for s, j in zip(shortened, judged, strict=True)]
    return [f"{name} of {words.plain(j.days)}" if j.days else name for name, j in zip(chosen, judged, strict=True)]


def short_name(promise: Promise) -> str:
    """Who and by when; a measure without short words keeps the promise's own name, as do conditions that have none."""
    name = _NAMES.get(promise.measure)
    if name is None or promise.where_not or promise.where_differ:
        return words.plain(promise.name)
    said = name(_who(promise), promise).strip()
    return said[:1].upper() + said[1:]


def calls(promise: Promise) -> str:
    """The calls that a promise speaks of: "VIP calls", "All calls", or its own name where conditions have no words."""
    if promise.where_not or promise.where_differ:
        return words.plain(promise.name)
    who = _who(promise)
    return translated("{who} calls", who=who) if who else translated("All calls")


def interval(promise: Promise) -> str:
    """What an interval of a promise is called."""
    return _EVERY.get(promise.every, "interval")


def _answered(who: str, promise: Promise) -> str:
    word = "under" if promise.service.edge == "<" else "in"
    return f"{who or 'Calls'} {word} {short(promise.service.within_ms)}"


def _repeated(who: str, promise: Promise) -> str:
    return f"{who} repeat calls {short(promise.resolution.window_ms)}"


def _longest(who: str, promise: Promise) -> str:
    if promise.terms is not None:
        return f"{who} wait by day"
    return f"{who or 'Nobody'} over {short(promise.service.within_ms)}"


def _turnaround(who: str, promise: Promise) -> str:
    found = cast("terms.Turnaround", promise.terms)
    end = f" {_ENDS[found.end]}" if found.end in _ENDS else ""
    return f"{who or 'Cases'}{end} {_by_when(found)}"


def _by_when(found: "terms.Turnaround") -> str:
    from cc_metrics.model.deadlines import Classes, CutOff, Within, WorkingDays

    due = found.deadline
    if isinstance(due, Within):
        return short(due.length_ms)
    if isinstance(due, WorkingDays):
        return plural(due.number, "working day")
    if isinstance(due, CutOff):
        return "by cut-off"
    if isinstance(due, Classes):
        return "by day"
    return "on average" if due is None else "by deadline"


def _appointment(who: str, promise: Promise) -> str:
    due = cast("Appointment", cast("terms.Turnaround", promise.terms).deadline)
    return f"{who} appointment ± {short(due.tolerance_ms)}"


def _months_without(who: str, promise: Promise) -> str:
    return f"{who or 'Cases'}: {plural(cast('terms.MonthsWithout', promise.terms).months, 'month')} without"


def _per_base(who: str, promise: Promise) -> str:
    return f"{who or 'Cases'} per {words.plain(cast('terms.PerBase', promise.terms).per)}"


def _of_base(_: str, promise: Promise) -> str:
    found = cast("terms.PerBase", promise.terms)
    return f"{words.plain(found.part)} of {words.plain(found.per)}"


def _repeat_complaints(who: str, promise: Promise) -> str:
    return f"{who} repeats {short(cast('terms.RepeatComplaints', promise.terms).window_ms)}"


def _attempts(who: str, promise: Promise) -> str:
    found = cast("terms.AttemptsMade", promise.terms)
    return f"{who} {plural(found.attempts or len(found.parts), 'attempt')}"


def _backlog(who: str, promise: Promise) -> str:
    return f"{who} backlog {short(cast('terms.Backlog', promise.terms).within_ms)}"


def _satisfied(who: str, promise: Promise) -> str:
    return f"{who} satisfied{_ASKED[cast('terms.Satisfied', promise.terms).asked]}"


def _score(who: str, promise: Promise) -> str:
    reference = cast("terms.Score", promise.terms).reference
    return f"{who} score" if reference is None else f"{who} score above {float(reference):g}"


def _score_rises(who: str, promise: Promise) -> str:
    return f"{who} score {plural(cast('terms.ScoreRises', promise.terms).years, 'rise')}"


def _months_below(who: str, promise: Promise) -> str:
    each = words.percent(promise.each, words.target_decimals(promise.each))
    return f"{who} months below {each}"


_NAMES: Final[dict[str, Callable[[str, Promise], str]]] = {
    "service_level": _answered,
    "intervals_on_target": lambda who, promise: f"{who} {interval(promise)}s on target",
    "repeat_calls": _repeated,
    "first_call_resolution": lambda who, promise: f"{who} FCR {short(promise.resolution.window_ms)}",
    "abandonment": lambda who, _: f"{who} abandoned",
    "abandoned_of_offered": lambda who, _: f"{who} abandoned of offered",
    "mean_wait": lambda who, _: f"{who} ASA",
    "mean_handle": lambda who, _: f"{who} AHT",
    "longest_wait": _longest,
    "months_below": _months_below,
    "call_volume": lambda who, _: f"{who or 'Call'} volume",
    "case_volume": lambda who, _: f"{who or 'Case'} volume",
    "turnaround": _turnaround,
    "appointment_kept": _appointment,
    "months_without_cases": _months_without,
    "cases_per_base": _per_base,
    "share_of_base": _of_base,
    "repeat_complaints": _repeat_complaints,
    "attempts_made": _attempts,
    "backlog_cleared": _backlog,
    "satisfied": _satisfied,
    "score": _score,
    "score_rises": _score_rises,
    "score_rank": lambda who, _: f"{who} rank",
}


def _who(promise: Promise) -> str:
    """The values a promise is about: VIP for vip, Ordinary for ordinary."""
    return " ".join("+".join(_spelt(name, v) for v in values) for name, values in sorted(promise.where.items()))


def _spelt(dimension: str, value: str) -> str:
    if value in {RECORDED, "true", "false"}:
        return f"not {words.plain(dimension)}" if value == "false" else words.plain(dimension)
    shown = words.recorded(value)
    return shown.upper() if len(shown) <= _LONGEST_ACRONYM else shown[0].upper() + shown[1:]
