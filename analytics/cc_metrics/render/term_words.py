"""What the measures of cases leave to a promise, in words."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from cc_metrics.language import counted, said, told, translated
from cc_metrics.model import case_terms
from cc_metrics.model.durations import spoken
from cc_metrics.model.promise import Promise
from cc_metrics.render import deadline_words, words

_ASKED: Final = {
    "first": said("asked at first"),
    "final": said("asked in the end"),
    "survey": said("asked in the survey"),
}


def terms(promise: Promise) -> list[str]:
    """What the measure of a promise leaves to it, where it is no deadline."""
    found = promise.terms
    return [sentence for kind, say in _TERMS.items() if isinstance(found, kind) for sentence in say(found)]


def _attempts(found: case_terms.AttemptsMade) -> list[str]:
    parts = words.listed(
        f"{deadline_words.time_of_day(start)}-{deadline_words.time_of_day(end)}" for start, end in found.parts
    )
    if parts:
        made = translated("an attempt in each of {parts}", parts=parts)
    else:
        made = counted("{n} attempt", "{n} attempts", found.attempts)
    if found.next_day:
        return [translated("{made} by the end of the next day of the first failure", made=made)]
    return [translated("{made} by the end of the day of the first failure", made=made)]


def _followed(found: case_terms.FollowedUp) -> list[str]:
    below = words.percent(found.below, words.target_decimals(found.below))
    return [
        translated("{ratio} below {share}", ratio=_ratio(found.ratio), share=below),
        translated("followed by a case whose {condition}", condition=deadline_words.selected(found.follow_up)),
    ]


def _ratio(columns: Sequence[str]) -> str:
    return " / ".join(map(words.plain, columns))


def _satisfied(found: case_terms.Satisfied) -> list[str]:
    asked = told(_ASKED[found.asked])
    if found.lowest is None:
        return [asked]
    return [translated("{asked}; satisfied from a score of {score}", asked=asked, score=f"{found.lowest:g}")]


def _per_base(found: case_terms.PerBase) -> list[str]:
    part = words.plain(found.part or words.ITEMS["case"][1])
    return [translated("{part} per {base}", part=part, base=words.plain(found.per))]


def _repeats(found: case_terms.RepeatComplaints) -> list[str]:
    key = " + ".join(map(words.plain, found.key))
    return [translated("window {length}, key {key}", length=spoken(found.window_ms), key=key)]


def _backlog(found: case_terms.Backlog) -> list[str]:
    moment, length = words.moment(found.waiting_at), spoken(found.within_ms)
    return [translated("open at {moment}, done within {length}", moment=moment, length=length)]


def _score(found: case_terms.Score) -> list[str]:
    return [] if found.reference is None else [translated("above {score}", score=f"{float(found.reference):g}")]


def _rank(found: case_terms.ScoreRank) -> list[str]:
    return [
        counted(
            "up by {n} place among the values of {column}",
            "up by {n} places among the values of {column}",
            found.up,
            column=words.plain(found.among),
        )
    ]


_TERMS: Final[Mapping[type, Callable[[Any], list[str]]]] = {
    case_terms.ShareOfCases: lambda t: [
        translated("counted: {condition}", condition=deadline_words.selected(t.counted))
    ],
    case_terms.MonthsWithout: lambda t: [counted("{n} month", "{n} months", t.months)],
    case_terms.PerBase: _per_base,
    case_terms.RepeatComplaints: _repeats,
    case_terms.AttemptsMade: _attempts,
    case_terms.Backlog: _backlog,
    case_terms.MeanRatio: lambda t: [_ratio(t.ratio)],
    case_terms.FollowedUp: _followed,
    case_terms.Satisfied: _satisfied,
    case_terms.Score: _score,
    case_terms.ScoreRises: lambda t: [counted("{n} year", "{n} years", t.years)],
    case_terms.ScoreRank: _rank,
    case_terms.MonthsBelow: lambda t: [counted("{n} month running", "{n} months running", t.months)],
    case_terms.ClassedWait: lambda t: deadline_words.deadline(t.classes),
}
