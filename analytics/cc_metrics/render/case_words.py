"""Promises on cases, answers and bases in words: their figure, bound and margin, and what stands below them."""

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Final, cast

from cc_metrics.model.promise import Promise
from cc_metrics.model.report import Judged
from cc_metrics.render import lengths, words
from cc_metrics.render.words import plural

if TYPE_CHECKING:  # only promises that have terms need their classes, and those are loaded then
    from cc_metrics.model import case_terms as terms

_PER: Final = 100_000
_IN_PERCENT: Final = Fraction(1, 1_000)
_COUNTED: Final = ("months_without_cases", "months_below", "score_rises", "score_rank")
_ITEMS: Final = {"calls": "call", "cases": "case", "attempts": "case", "satisfaction": "answer"}
_LACKING: Final = {"appointment_kept": "missed", **dict.fromkeys(_COUNTED, "short"), "months_below": "below"}

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
        return words.count(row.get("kept") if row.get("settled") else None, none="n/a"), words.count(row.get("settled"))
    exact: Number | None = row.get("value")
    if exact is not None and promise.measure == "cases_per_base" and row.get("kept") is not None:
        exact = Fraction(row["kept"], row["settled"])
    if exact is None:
        return None
    worded = value(promise, exact)
    return None if worded is None else (worded, words.count(row.get("settled"), none="n/a"))


def bound(promise: Promise) -> str | None:
    """What was promised, where it is not said in a share; None elsewhere."""
    if promise.measure == "longest_wait" and promise.terms is not None:
        return "none over the day's limit"
    if promise.measure in _BOUNDS:
        return _BOUNDS[promise.measure](promise)
    if promise.measure == "turnaround" and promise.shape == "mean_at_most":
        return f"at most {lengths.limit(promise.target)}"
    return "none late" if promise.shape == "none_over" and promise.about != "calls" else None


def lacking(promise: Promise) -> str:
    """What so many items are where none may be: late, missed, short."""
    return _LACKING.get(promise.measure, "late")


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
        return ["by the limits of the policy for classes of days"]
    if isinstance(found, terms.MeanRatio):
        return [f"mean of {words.plain(found.ratio[0])} / {words.plain(found.ratio[1])}"]
    if isinstance(found, terms.Backlog):
        return [f"of the cases open at {words.moment(found.waiting_at)}"]
    if not isinstance(found, terms.Turnaround) or promise.measure != "turnaround":
        return []
    ends = "" if (found.start, found.end) == ("opened_at", "resolved_at") else deadline_words.ends(found)
    clock = "" if _runs_always(found) else f"clock: {deadline_words.clock(found.clock)}"
    table = "by the deadlines of the policy" if isinstance(found.deadline, Table | Classes | CutOff) else ""
    return [said for said in (ends, clock, table) if said]


def pending(judged: Judged) -> str:
    """What is owed and not settled yet; of a mean the open cases are told with what they make of it."""
    number = judged.row.get("pending")
    if not number or judged.promise.about == "calls" or judged.promise.shape == "mean_at_most":
        return ""
    by_deadline = judged.promise.measure in {"turnaround", "appointment_kept"}
    due = "open and not yet due" if by_deadline else "not yet over"
    return f"{words.count(number)} {due}: pending, not counted"


def sampled(judged: Judged) -> str:
    """The interval of a sample, or of a rate of events; "" where there is none."""
    row, promise = judged.row, judged.promise
    low, high, kind = row.get("low"), row.get("high"), row.get("interval")
    if low is None or high is None or kind in {"days", "customers"}:
        return ""
    ends = [value(promise, end) or words.percent(end) for end in (low, high)]
    number, space, unit = ends[1].partition(" ")
    first = ends[0].removesuffix(space + unit) if unit and not ends[0].startswith(("fell", "rose")) else ends[0]
    between = ", the target lies between" if row.get("verdict") == "undecided" else ""
    return f"{'exact ' if kind == 'exact' else ''}95 %: {first} to {number}{space}{unit}{between}"


def _runs_always(found: "terms.Turnaround") -> bool:
    return (found.clock.kind, found.clock.quiet, found.clock.paused) == ("always", None, "counted")


def _length(promise: Promise, seconds: Number) -> str:
    size, word = lengths.unit_of(promise.target)
    return f"{_number(promise, seconds / size, promise.target / size, 2 if word == 'd' else 1)} {word}"


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
    said = _number(promise, rate * per, promise.target * per, 1)
    return f"{said} %" if per == 100 else f"{said} per {words.count(per)}"


def _most_per_base(promise: Promise) -> str:
    per = _per(promise)
    most = "" if promise.shape != "rate_at_most" else "under " if promise.strict else "at most "
    number = f"{float(promise.target * per):g}"
    return f"{most}{number} %" if per == 100 else f"{most}{number} in {words.count(per)}"


def _changed(promise: Promise, change: Number) -> str:
    number = float(change)
    rose = cast("terms.Volume", promise.terms).rises != (number < 0)
    decimals = words.apart(number, promise.target, promise.target_decimals)
    return f"{'rose' if rose else 'fell'} by {words.percent(abs(number), decimals)}"


def _change(promise: Promise) -> str:
    word = "rise" if cast("terms.Volume", promise.terms).rises else "fall"
    return f"a {word} of {_share(promise.target)}"


def _share(share: Fraction) -> str:
    return words.percent(share, words.target_decimals(share))


def _least_score(promise: Promise) -> str:
    reference = cast("terms.Score", promise.terms).reference
    least = f"{float(promise.target):g}"
    return f"at least {least}" if reference is None else f"{least} above {float(reference):g}"


def _below(promise: Promise) -> str:
    return (
        f"not {plural(cast('terms.MonthsBelow', promise.terms).months, 'month')} running below {_share(promise.each)}"
    )


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
    "mean_ratio": lambda promise: f"{_share(promise.target)} on average",
    "months_below": _below,
    "months_without_cases": lambda p: f"{plural(cast('terms.MonthsWithout', p.terms).months, 'month')} without",
    "score_rises": lambda p: f"{plural(cast('terms.ScoreRises', p.terms).years, 'year')} of rising scores",
    "score_rank": lambda p: f"up by {plural(cast('terms.ScoreRank', p.terms).up, 'place')}",
}
