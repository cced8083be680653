"""What promises on cases, answers and bases may hold. A new measure is a line of MEASURES and its terms."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from cc_metrics.errors import PolicyError
from cc_metrics.model import case_terms as terms
from cc_metrics.model.deadlines import Appointment, Classes, CutOff, Deadline, Within, WorkingDays
from cc_metrics.model.promise import Policy, Shape
from cc_metrics.model.selection import Selection
from cc_metrics.policy.deadlines import (
    CLOCK,
    WAYS,
    due,
    edged,
    moment,
    parts_of_day,
    read_clock,
    read_deadline,
    tried,
)
from cc_metrics.policy.document import Table
from cc_metrics.policy.measure import Build, Measure
from cc_metrics.policy.where import read_where
from cc_metrics.policy.words import (
    Field,
    label,
    labels,
    length,
    name,
    one_of,
    points,
    share,
    values_of,
    whole,
    window,
)

_RATE: Final[Mapping[str, Shape]] = {"target": "rate_at_least", "limit": "rate_at_most"}
_DONE: Final[Mapping[str, Shape]] = {"target": "share_within", "none_late": "none_over"}
_STARTS: Final = ("opened", "dispatched", "responded", "verified", "arrived")
_ENDS: Final = ("dispatched", "responded", "verified", "arrived", "resolved")
_TURNAROUND: Final = {
    "from": Field("start", lambda value: f"{one_of(*_STARTS)(value)}_at"),
    "to": Field("end", lambda value: f"{one_of(*_ENDS)(value)}_at"),
    "within": Field("within", due),
    **CLOCK,
}
_COUNTED: Final = ("counted", "counted_not", "counted_same", "counted_differ", "counted_least")


def _turnaround(table: Table, got: Mapping[str, Any], base: Policy) -> terms.Turnaround | None:
    ends = {_TURNAROUND[key].fills: got[key] for key in ("from", "to") if key in got}
    deadline = read_deadline(table, got, _tiers(base))
    if deadline is not None and "edge" in got:
        deadline = edged(deadline, got["edge"])
    if deadline is None and "at_most" not in table.keys and not any(way in table.keys for way in WAYS):
        table.complain("the promise does not say by when", hint='write for example within = "24 hours"')
    _check_unused(table, deadline)
    found = terms.Turnaround(**ends, deadline=deadline, clock=read_clock(table, got, base.calendar))
    if found.start == found.end:
        table.complain("the promise begins and ends with the same moment", hint="name another to")
    return found


def _check_unused(table: Table, deadline: Deadline | None) -> None:
    """Refuse what would be read past: a deadline beside a mean, an edge where the deadline has its own."""
    for way in (way for way in WAYS if "at_most" in table.keys and way in table.keys):
        table.complain(f"a mean has no {way}", hint="write another promise with a target or none_late", key=way)
    if "edge" in table.keys and (deadline is None or isinstance(deadline, WorkingDays | CutOff)):
        hint = "days and cut-offs end before their last moment"
        table.complain("edge speaks of a length of time", hint=hint, key="edge")


def _appointment(table: Table, got: Mapping[str, Any], _: Policy) -> terms.Turnaround | None:
    if "tolerance" not in table.keys:
        table.complain("the promise has no tolerance", hint='write for example tolerance = "1 hour"')
    return terms.Turnaround("appointed_at", "arrived_at", Appointment(got.get("tolerance", 0)))


def _tiers(base: Policy) -> tuple[str, ...]:
    return tuple(tier for tier, _ in base.tiers)


def _share(table: Table, _got: Mapping[str, Any], base: Policy) -> terms.ShareOfCases:
    found = Selection(
        read_where(table.table("counted"), _tiers(base)),
        read_where(table.table("counted_not"), _tiers(base)),
        table.table("counted_same").read_any(name),
        table.table("counted_differ").read_any(name),
        table.table("counted_least").read_any(whole(1, 1_000_000)),
    )
    if not found:
        table.complain("the promise does not say what is counted", hint="write for example counted = { reason = '*' }")
    return terms.ShareOfCases(found)


def required(build: Callable[..., "terms.Terms"], known: Mapping[str, Field], needed: tuple[str, ...]) -> Build:
    """Terms whose fields are keys, of which some must be there."""

    def made(table: Table, got: Mapping[str, Any], _: Policy) -> "terms.Terms | None":
        missing = [key for key in needed if key not in table.keys]
        for key in missing:
            table.complain(f"the promise has no {key}", hint=f"write {key} = …")
        if missing or any(key not in got for key in needed):
            return None
        return build(**values_of(known, got))

    return made


def _of_fields(
    build: Callable[..., "terms.Terms"], fields: Mapping[str, Field], needed: tuple[str, ...], **rest: Any
) -> Measure:
    return Measure(own=fields, build=required(build, fields, needed), **rest)


def _attempts(table: Table, got: Mapping[str, Any], _: Policy) -> terms.AttemptsMade:
    if ("attempts" in table.keys) == ("parts_of_day" in table.keys):
        hint = "write attempts = 3, or parts_of_day = ['08:00-12:00', …]"
        table.complain("the promise must say how many attempts, or in which parts of the day", hint=hint)
    return terms.AttemptsMade(**values_of(_ATTEMPTS, got))


def _follow_up(table: Table, got: Mapping[str, Any], base: Policy) -> terms.FollowedUp | None:
    following = Selection(read_where(table.table("follow_up"), _tiers(base)))
    if not following:
        table.complain("the promise does not say what follows up", hint='write follow_up = { kind = "…" }')
    if "ratio" not in got or "below" not in got:
        table.complain(
            "the promise needs a ratio and the share it lies below", hint='write ratio = […] and below = "90 %"'
        )
        return None
    return terms.FollowedUp(got["ratio"], got["below"], following)


def _volume(table: Table, _got: Mapping[str, Any], _base: Policy) -> terms.Volume:
    if "since" not in table.keys:
        table.complain("the promise does not say since when", hint="write for example since = 2005-01-01")
    return terms.Volume(rises="rise" in table.keys)


def _score(table: Table, got: Mapping[str, Any], _: Policy) -> terms.Score:
    if ("above" in table.keys) != ("reference" in table.keys):
        table.complain("above and reference belong together", hint="write above = 1.36 and reference = 84.01")
    return terms.Score(got.get("reference"))


def classed_wait(table: Table, got: Mapping[str, Any], base: Policy) -> terms.ClassedWait | None:
    """The longest wait by classes of days; None where one threshold holds for all."""
    if "by_day" not in table.keys:
        return None
    classes = read_deadline(table, got)
    if not isinstance(classes, Classes):
        return None
    if not all(isinstance(one.deadline, Within) for one in classes.classes):
        table.complain("a wait is promised in a length of time", hint='write within = "90 seconds"', key="by_day")
    if any(isinstance(one.deadline, Within) and one.deadline.length_ms % 1_000 for one in classes.classes):
        table.complain("a wait is a whole number of seconds", hint="waits are counted by whole seconds", key="by_day")
    return tried(table, lambda: terms.ClassedWait(classes, read_clock(table, {}, base.calendar)))


def _two_columns(value: Any) -> tuple[str, str]:
    found = labels(value)
    if len(found) != 2:
        raise PolicyError("needs two columns, the part and the whole", hint='write ["measured", "contracted"]')
    return found[0], found[1]


_REFERENCE: Final = {"reference": Field("reference", points)}
_PER_BASE: Final = {"per": Field("per", label)}
_REPEATS: Final = {"window": Field("window_ms", window), "key": Field("key", labels)}
_ATTEMPTS: Final = {
    "attempts": Field("attempts", whole(1, 100)),
    "parts_of_day": Field("parts", parts_of_day),
    "day": Field("next_day", lambda value: one_of("same", "next")(value) == "next"),
}
_BACKLOG: Final = {"waiting_at": Field("waiting_at", moment), "within": Field("within_ms", window)}
_RATIO: Final = {"ratio": Field("ratio", _two_columns)}
_SATISFIED: Final = {
    "asked": Field("asked", one_of("first", "final", "survey")),
    "satisfied_from": Field("lowest", lambda value: float(label(value))),
}

MEASURES: Final[Mapping[str, Measure]] = {
    "months_below": _of_fields(
        terms.MonthsBelow,
        {"months": Field("months", whole(2, 120))},
        ("months",),
        bounds={"": "none_over"},
        terms=("within", "edge", "formula", "each"),
    ),
    "turnaround": Measure(
        {**_DONE, "at_most": "mean_at_most"}, ("edge", "since"), _TURNAROUND, WAYS[1:], "cases", _turnaround
    ),
    "appointment_kept": Measure(
        _DONE, (), {"tolerance": Field("tolerance", length)}, (), "cases", _appointment
    ),
    "share_of_cases": Measure(_RATE, ("since",), {}, _COUNTED, "cases", _share),
    "months_without_cases": _of_fields(
        terms.MonthsWithout, {"months": Field("months", whole(1, 120))}, ("months",),
        bounds={"": "none_over"}, about="cases",
    ),
    "case_volume": Measure({"fall": "rate_at_least", "rise": "rate_at_least"}, ("since",), {}, (), "cases", _volume),
    "call_volume": Measure({"fall": "rate_at_least", "rise": "rate_at_least"}, ("since",), {}, (), "calls", _volume),
    "cases_per_base": _of_fields(
        terms.PerBase, _PER_BASE, ("per",), bounds=_RATE, terms=("since", "edge"), about="cases"
    ),
    "share_of_base": _of_fields(
        terms.PerBase, {**_PER_BASE, "part": Field("part", label)}, ("per", "part"), bounds=_RATE, about="bases"
    ),
    "repeat_complaints": _of_fields(terms.RepeatComplaints, _REPEATS, (), bounds=_RATE, about="cases"),
    "attempts_made": Measure(_DONE, (), _ATTEMPTS, (), "cases", _attempts),
    "backlog_cleared": _of_fields(
        terms.Backlog, _BACKLOG, ("waiting_at", "within"), bounds=_DONE, about="cases"
    ),
    "mean_ratio": _of_fields(terms.MeanRatio, _RATIO, ("ratio",), bounds={"target": "mean_at_least"}, about="cases"),
    "followed_up": Measure(
        _DONE, (), {**_RATIO, "below": Field("below", share)}, ("follow_up",), "cases", _follow_up
    ),
    "satisfied": _of_fields(
        terms.Satisfied, _SATISFIED, (), bounds={"target": "rate_at_least"}, terms=("since",), about="satisfaction"
    ),
    "score": Measure(
        {"at_least": "mean_at_least", "above": "mean_at_least"}, ("since",), _REFERENCE, (), "satisfaction", _score
    ),
    "score_rises": _of_fields(
        terms.ScoreRises, {"years": Field("years", whole(1, 50))}, ("years",),
        bounds={"": "none_over"}, about="satisfaction",
    ),
    "score_rank": _of_fields(
        terms.ScoreRank, {"up": Field("up", whole(0, 1000)), "among": Field("among", name)}, ("up",),
        bounds={"": "none_over"}, about="satisfaction",
    ),
}  # fmt: skip
