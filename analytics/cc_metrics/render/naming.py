"""Short names of promises: who, what and by when, in a few words."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, cast

from cc_metrics.language import Said, counted, said, told, translated
from cc_metrics.model.durations import short
from cc_metrics.model.promise import Promise
from cc_metrics.model.report import Judged
from cc_metrics.model.selection import RECORDED
from cc_metrics.render import words

if TYPE_CHECKING:  # only promises that have terms need their classes, and those are loaded then
    from cc_metrics.model import case_terms as terms
    from cc_metrics.model.deadlines import Appointment

_EVERY: Final = {
    "15m": (said("quarter-hour"), said("quarter-hours")),
    "30m": (said("half-hour"), said("half-hours")),
    "1h": (said("hour"), said("hours")),
    "1d": (said("day"), said("days")),
    "1w": (said("week"), said("weeks")),
    "1mo": (said("month"), said("months")),
}
_INTERVAL: Final = (said("interval"), said("intervals"))
_LONGEST_ACRONYM: Final = 3
_ENDS: Final = {
    "dispatched_at": said("dispatch"),
    "responded_at": said("response"),
    "verified_at": said("check"),
    "arrived_at": said("arrival"),
}


def names(judged: Sequence[Judged]) -> list[str]:
    """Short names, one each; promises that would share one keep their own."""
    shortened = [short_name(j.promise) for j in judged]
    shared = Counter(shortened)
    chosen = [words.plain(j.promise.name) if shared[s] > 1 else s for s, j in zip(shortened, judged, strict=True)]
    return [of_days(name, j) for name, j in zip(chosen, judged, strict=True)]


def of_days(name: str, judged: Judged) -> str:
    """A name with the settled days that its figure is of, where they are not the whole period."""
    return translated("{name} of {days}", name=name, days=words.plain(judged.days)) if judged.days else name


def short_name(promise: Promise) -> str:
    """Who and by when; a measure without short words keeps the promise's own name, as do conditions that have none."""
    name = _NAMES.get(promise.measure)
    if name is None or promise.where_not or promise.where_differ:
        return words.plain(promise.name)
    found = name(_who(promise), promise).strip()
    return found[:1].upper() + found[1:]


def calls(promise: Promise) -> str:
    """The calls that a promise speaks of: "VIP calls", "All calls", or its own name where conditions have no words."""
    if promise.where_not or promise.where_differ:
        return words.plain(promise.name)
    who = _who(promise)
    return translated("{who} calls", who=who) if who else translated("All calls")


def interval(promise: Promise) -> tuple[Said, Said]:
    """What an interval of a promise is called, and several of them."""
    return _EVERY.get(promise.every, _INTERVAL)


def _answered(who: str, promise: Promise) -> str:
    length, who = short(promise.service.within_ms), who or translated("Calls")
    if promise.service.edge == "<":
        return translated("{who} under {length}", who=who, length=length)
    return translated("{who} in {length}", who=who, length=length)


def _on_target(who: str, promise: Promise) -> str:
    return translated("{who} {intervals} on target", who=who, intervals=interval(promise)[1])


def _repeated(who: str, promise: Promise) -> str:
    return translated("{who} repeat calls {length}", who=who, length=short(promise.resolution.window_ms))


def _resolved(who: str, promise: Promise) -> str:
    return translated("{who} FCR {length}", who=who, length=short(promise.resolution.window_ms))


def _longest(who: str, promise: Promise) -> str:
    if promise.terms is not None:
        return translated("{who} wait by day", who=who)
    return translated("{who} over {length}", who=who or translated("Nobody"), length=short(promise.service.within_ms))


def _turnaround(who: str, promise: Promise) -> str:
    found = cast("terms.Turnaround", promise.terms)
    who, by_when = who or translated("Cases"), _by_when(found)
    if found.end in _ENDS:
        return translated("{who} {end} {by_when}", who=who, end=_ENDS[found.end], by_when=by_when)
    return translated("{who} {by_when}", who=who, by_when=by_when)


def _by_when(found: "terms.Turnaround") -> str:
    from cc_metrics.model.deadlines import Classes, CutOff, Within, WorkingDays

    due = found.deadline
    if isinstance(due, Within):
        return told(short(due.length_ms))
    if isinstance(due, WorkingDays):
        return counted("{n} working day", "{n} working days", due.number)
    if isinstance(due, CutOff):
        return translated("by cut-off")
    if isinstance(due, Classes):
        return translated("by day")
    return translated("on average") if due is None else translated("by deadline")


def _appointment(who: str, promise: Promise) -> str:
    due = cast("Appointment", cast("terms.Turnaround", promise.terms).deadline)
    return translated("{who} appointment ± {length}", who=who, length=short(due.tolerance_ms))


def _months_without(who: str, promise: Promise) -> str:
    months = cast("terms.MonthsWithout", promise.terms).months
    return counted("{who}: {n} month without", "{who}: {n} months without", months, who=who or translated("Cases"))


def _per_base(who: str, promise: Promise) -> str:
    base = words.plain(cast("terms.PerBase", promise.terms).per)
    return translated("{who} per {base}", who=who or translated("Cases"), base=base)


def _of_base(_: str, promise: Promise) -> str:
    found = cast("terms.PerBase", promise.terms)
    return translated("base\x04{part} of {whole}", part=words.plain(found.part), whole=words.plain(found.per))


def _repeat_complaints(who: str, promise: Promise) -> str:
    length = short(cast("terms.RepeatComplaints", promise.terms).window_ms)
    return translated("{who} repeats {length}", who=who, length=length)


def _attempts(who: str, promise: Promise) -> str:
    found = cast("terms.AttemptsMade", promise.terms)
    return counted("{who} {n} attempt", "{who} {n} attempts", found.attempts or len(found.parts), who=who)


def _backlog(who: str, promise: Promise) -> str:
    length = short(cast("terms.Backlog", promise.terms).within_ms)
    return translated("{who} backlog {length}", who=who, length=length)


def _satisfied(who: str, promise: Promise) -> str:
    asked = cast("terms.Satisfied", promise.terms).asked
    if asked == "first":
        return translated("{who} satisfied at first", who=who)
    if asked == "final":
        return translated("{who} satisfied in the end", who=who)
    return translated("{who} satisfied", who=who)


def _score(who: str, promise: Promise) -> str:
    reference = cast("terms.Score", promise.terms).reference
    if reference is None:
        return translated("{who} score", who=who)
    return translated("{who} score above {reference}", who=who, reference=f"{float(reference):g}")


def _score_rises(who: str, promise: Promise) -> str:
    years = cast("terms.ScoreRises", promise.terms).years
    return counted("{who} score {n} rise", "{who} score {n} rises", years, who=who)


def _months_below(who: str, promise: Promise) -> str:
    each = words.percent(promise.each, words.target_decimals(promise.each))
    return translated("{who} months below {share}", who=who, share=each)


_NAMES: Final[dict[str, Callable[[str, Promise], str]]] = {
    "service_level": _answered,
    "intervals_on_target": _on_target,
    "repeat_calls": _repeated,
    "first_call_resolution": _resolved,
    "abandonment": lambda who, _: translated("{who} abandoned", who=who),
    "abandoned_of_offered": lambda who, _: translated("{who} abandoned of offered", who=who),
    "mean_wait": lambda who, _: translated("{who} ASA", who=who),
    "mean_handle": lambda who, _: translated("{who} AHT", who=who),
    "longest_wait": _longest,
    "months_below": _months_below,
    "call_volume": lambda who, _: translated("{who} volume", who=who or translated("Call")),
    "case_volume": lambda who, _: translated("{who} volume", who=who or translated("Case")),
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
    "score_rank": lambda who, _: translated("{who} rank", who=who),
}


def _who(promise: Promise) -> str:
    """The values a promise is about: VIP for vip, Ordinary for ordinary."""
    return " ".join("+".join(_spelt(name, v) for v in values) for name, values in sorted(promise.where.items()))


def _spelt(dimension: str, value: str) -> str:
    if value in {RECORDED, "true", "false"}:
        named = words.plain(dimension)
        return translated("not {dimension}", dimension=named) if value == "false" else named
    shown = words.recorded(value)
    return shown.upper() if len(shown) <= _LONGEST_ACRONYM else shown[0].upper() + shown[1:]
