"""Promises on cases, answers and bases in words: their figure, bound and margin, and what stands below them."""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Final, cast

from cc_metrics.language import counted, said, told, translated
from cc_metrics.model.promise import Promise
from cc_metrics.model.report import Judged
from cc_metrics.render import lengths, words

if TYPE_CHECKING:  # only promises that have terms need their classes, and those are loaded then
    from cc_metrics.model import case_terms as terms

_PER: Final = 100_000
_DAY_S: Final = 86_400
_NUMBER: Final = re.compile(r"[+-]?[\d,.]+")
_IN_PERCENT: Final = Fraction(1, 1_000)
_COUNTED: Final = ("months_without_cases", "months_below", "score_rises", "score_rank")
_ITEMS: Final = {"calls": "call", "cases": "case", "attempts": "case", "satisfaction": "answer"}
_LACKING: Final = {
    "appointment_kept": said("missed"),
    **dict.fromkeys(_COUNTED, said("short")),
    "months_below": said("below"),
}

Number = float | Fraction
Worded = Callable[[Promise, Number], str]


def value(promise: Promise, number: Number) -> str | None:
    """A figure, or an end of its interval, where it is no plain share."""
    worded = _VALUES.get(promise.measure)
    if worded is None or (promise.measure == "turnaround" and promise.shape != "mean_at_most"):
        return None
    return worded(promise, number)


def figure(judged: Judged) -> tuple[str, str] | None:
    """The value and what it is of, where it is no plain share; None elsewhere."""
    promise, row = judged.promise, judged.row
    if promise.measure in _COUNTED:
        return words.count(row.get("kept") if row.get("settled") else None, none=words.NOT_KNOWN), words.count(
            row.get("settled")
        )
    exact: Number | None = row.get("value")
    if exact is not None and promise.measure == "cases_per_base" and row.get("kept") is not None:
        exact = Fraction(row["kept"], row["settled"])
    if exact is None:
        return None
    worded = value(promise, exact)
    return None if worded is None else (worded, words.count(row.get("settled"), none=words.NOT_KNOWN))


def bound(promise: Promise) -> str | None:
    """What was promised, where it is not said in a share; None elsewhere."""
    if promise.measure == "longest_wait" and promise.terms is not None:
        return translated("none over the day's limit")
    if promise.measure in _BOUNDS:
        return _BOUNDS[promise.measure](promise)
    if promise.measure == "turnaround" and promise.shape == "mean_at_most":
        return translated("at most {most}", most=lengths.limit(promise.target))
    return translated("none late") if promise.shape == "none_over" and promise.about != "calls" else None


def lacking(promise: Promise) -> str:
    """What so many items are where none may be: late, missed, short."""
    return told(_LACKING.get(promise.measure, said("late")))


def item(promise: Promise) -> str:
    """What is counted one by one; "" where no single one weighs."""
    if promise.measure in {*_COUNTED, "cases_per_base", "case_volume", "call_volume"}:
        return ""
    return "answer" if promise.measure == "satisfied" else _ITEMS.get(promise.about, "")


def own_terms(promise: Promise) -> list[str]:
    """How time is counted where it is not the usual way, and where the deadlines stand that no name tells."""
    found = promise.terms
    if found is None:
        return []
    from cc_metrics.model import case_terms as terms
    from cc_metrics.model.deadlines import Classes, CutOff, Table
    from cc_metrics.render import deadline_words

    if isinstance(found, terms.ClassedWait):
        return [translated("by the limits of the policy for classes of days")]
    if isinstance(found, terms.MeanRatio):
        part, whole = map(words.plain, found.ratio)
        return [translated("mean of {part} / {whole}", part=part, whole=whole)]
    if isinstance(found, terms.Backlog):
        return [translated("of the cases open at {moment}", moment=words.moment(found.waiting_at))]
    if not isinstance(found, terms.Turnaround) or promise.measure != "turnaround":
        return []
    ends = "" if (found.start, found.end) == ("opened_at", "resolved_at") else deadline_words.ends(found)
    clock = "" if _runs_always(found) else translated("clock: {clock}", clock=deadline_words.clock(found.clock))
    listed = isinstance(found.deadline, Table | Classes | CutOff)
    table = translated("by the deadlines of the policy") if listed else ""
    return [sentence for sentence in (ends, clock, table) if sentence]


def pending(judged: Judged) -> str:
    """What is owed and not settled yet; of a mean the open cases are told with what they make of it."""
    number = judged.row.get("pending")
    if not number or judged.promise.about == "calls" or judged.promise.shape == "mean_at_most":
        return ""
    by_deadline = judged.promise.measure in {"turnaround", "appointment_kept"}
    if by_deadline:
        return translated("{n} open and not yet due: pending, not counted", n=words.count(number))
    return translated("{n} not yet over: pending, not counted", n=words.count(number))


def sampled(judged: Judged) -> str:
    """The interval of a sample, or of a rate of events; "" where there is none."""
    row, promise = judged.row, judged.promise
    low, high, kind = row.get("low"), row.get("high"), row.get("interval")
    if low is None or high is None or kind in {"days", "customers"}:
        return ""
    first, last = (value(promise, end) or words.percent(end) for end in (low, high))
    ends = translated("{low} to {high}", low=_bare(first, last), high=last)
    if row.get("verdict") == "undecided":
        ends = translated("{ends}, the target lies between", ends=ends)
    return translated("exact 95 %: {ends}", ends=ends) if kind == "exact" else translated("95 %: {ends}", ends=ends)


def _bare(first: str, last: str) -> str:
    """The lower end of an interval without the unit that stands behind the upper one: "1.2 to 3.4 d"."""
    unit = _NUMBER.sub("", last, count=1)
    alike = unit.startswith(" ") and _NUMBER.sub("", first, count=1) == unit
    return first.removesuffix(unit) if alike else first


def _runs_always(found: "terms.Turnaround") -> bool:
    return (found.clock.kind, found.clock.quiet, found.clock.paused) == ("always", None, "counted")


def _length(promise: Promise, seconds: Number) -> str:
    size, word = lengths.unit_of(promise.target)
    number = _number(promise, seconds / size, promise.target / size, 2 if size == _DAY_S else 1)
    return lengths.of_unit(number, word)


def _points(promise: Promise, score: Number) -> str:
    above = cast("terms.Score", promise.terms).reference is not None
    return ("+" if above and score > 0 else "") + _number(promise, score, promise.target, 2)


def _number(promise: Promise, number: Number, goal: Fraction, least: int) -> str:
    fixed = promise.target_decimals
    return f"{float(number):,.{words.points_apart(number, goal, least) if fixed is None else fixed}f}"


def _per(promise: Promise) -> int:
    """So many of a base that a limit is at least 1 of them; 100 for shares that people say in percent."""
    if promise.target >= _IN_PERCENT:
        return 100
    powers = (10**k for k in range(2, 9))
    return next((power for power in powers if promise.target * power >= 1), _PER)


def _per_base(promise: Promise, rate: Number) -> str:
    per = _per(promise)
    number = _number(promise, rate * per, promise.target * per, 1)
    if per == 100:
        return translated("{number} %", number=number)
    return translated("{number} per {base}", number=number, base=words.count(per))


def _most_per_base(promise: Promise) -> str:
    per = _per(promise)
    number = f"{float(promise.target * per):g}"
    if per == 100:
        return at_most(promise, translated("{number} %", number=number))
    return at_most(promise, translated("{number} in {base}", number=number, base=words.count(per)))


def at_most(promise: Promise, number: str) -> str:
    """A number as the limit that a rate must stay within; as it is where the promise is no limit."""
    if promise.shape != "rate_at_most":
        return number
    return translated("under {most}", most=number) if promise.strict else translated("at most {most}", most=number)


def _changed(promise: Promise, change: Number) -> str:
    number = float(change)
    rose = cast("terms.Volume", promise.terms).rises != (number < 0)
    decimals = words.apart(number, promise.target, promise.target_decimals)
    share = words.percent(abs(number), decimals)
    return translated("rose by {share}", share=share) if rose else translated("fell by {share}", share=share)


def _change(promise: Promise) -> str:
    share = _share(promise.target)
    if cast("terms.Volume", promise.terms).rises:
        return translated("a rise of {share}", share=share)
    return translated("a fall of {share}", share=share)


def _share(share: Fraction) -> str:
    return words.percent(share, words.target_decimals(share))


def _least_score(promise: Promise) -> str:
    reference = cast("terms.Score", promise.terms).reference
    least = f"{float(promise.target):g}"
    if reference is None:
        return translated("at least {least}", least=least)
    return translated("{least} above {reference}", least=least, reference=f"{float(reference):g}")


def _below(promise: Promise) -> str:
    months, share = cast("terms.MonthsBelow", promise.terms).months, _share(promise.each)
    return counted("not {n} month running below {share}", "not {n} months running below {share}", months, share=share)


def _without(promise: Promise) -> str:
    return counted("{n} month without", "{n} months without", cast("terms.MonthsWithout", promise.terms).months)


def _rises(promise: Promise) -> str:
    years = cast("terms.ScoreRises", promise.terms).years
    return counted("{n} year of rising scores", "{n} years of rising scores", years)


def _up(promise: Promise) -> str:
    return counted("up by {n} place", "up by {n} places", cast("terms.ScoreRank", promise.terms).up)


_VALUES: Final[dict[str, Worded]] = {
    "turnaround": _length,
    "score": _points,
    "cases_per_base": _per_base,
    "case_volume": _changed,
    "call_volume": _changed,
}
_BOUNDS: Final[dict[str, Callable[[Promise], str]]] = {
    "score": _least_score,
    "cases_per_base": _most_per_base,
    "case_volume": _change,
    "call_volume": _change,
    "mean_ratio": lambda promise: translated("{share} on average", share=_share(promise.target)),
    "months_below": _below,
    "months_without_cases": _without,
    "score_rises": _rises,
    "score_rank": _up,
}
