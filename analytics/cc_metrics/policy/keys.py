"""Every key a policy may hold. A new key is one line here: its word, the field it fills, its parser."""

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from cc_metrics.model.intervals import EVERY
from cc_metrics.model.promise import FORMULAS, Policy
from cc_metrics.model.zones import check_zone
from cc_metrics.policy.document import Table
from cc_metrics.policy.hours import closed_days, open_hours
from cc_metrics.policy.measure import Measure, Vocabulary, vocabulary
from cc_metrics.policy.words import (
    Field,
    change,
    day,
    label,
    labels,
    length,
    limit,
    name,
    one_of,
    points,
    share,
    text,
    true,
    whole,
    window,
)

if TYPE_CHECKING:
    from cc_metrics.model.case_terms import Terms

SERVICE: Final = {
    "within": Field("within_ms", length),
    "edge": Field("edge", one_of("<=", "<")),
    "formula": Field("formula", one_of(*FORMULAS)),
    "short_abandon": Field("short_abandon_ms", length),
    "redirected": Field("redirected", one_of("late", "out", "abandoned")),
}
RESOLUTION: Final = {
    "window": Field("window_ms", window),
    "unit": Field("unit", one_of("call", "issue")),
    "basis": Field("basis", one_of("repeat", "flag")),
    "repeats": Field("repeats", one_of("offered", "answered")),
    "key": Field("key", labels),
    "repeat_calls": Field("repeat_calls", whole(2, 1_000)),
}
RESOLUTION_TABLES: Final = ("not_resolvable",)
INTERVALS: Final = {
    "every": Field("every", one_of(*(e for e in EVERY if e != "all"))),
    "each": Field("each", share),
}
POLICY: Final = {
    "name": Field("name", name),
    "about": Field("about", text),
    "source": Field("source", text),
    "timezone": Field("timezone", lambda value: check_zone(text(value))),
    "open": Field("open_hours", open_hours),
    "closed": Field("closed", closed_days),
    "readings": Field("readings", labels),
}
POLICY_TABLES: Final = ("tier", "calendar", "first_call_resolution", "promise")


def _by_day(table: Table, got: Mapping[str, Any], base: Policy) -> "Terms | None":
    """Classes of days for the longest wait, where a promise has them."""
    if "by_day" not in table.keys:
        return None
    from cc_metrics.policy.case_keys import classed_wait

    return classed_wait(table, got, base)


CALLS: Final[Mapping[str, Measure]] = {
    "service_level": Measure({"target": "share_within"}, ("within", "edge", "formula", "since")),
    "first_call_resolution": Measure({"target": "rate_at_least"}, ("window", "unit", "basis", "repeats", "key")),
    "abandonment": Measure({"limit": "rate_at_most"}, ("short_abandon", "edge")),
    "abandoned_of_offered": Measure({"limit": "rate_at_most"}, ("short_abandon", "edge")),
    "repeat_calls": Measure({"limit": "rate_at_most"}, ("window",)),
    "mean_wait": Measure({"at_most": "mean_at_most"}, ("since",)),
    "mean_handle": Measure({"at_most": "mean_at_most"}, ("since",)),
    "longest_wait": Measure({"": "none_over"}, ("within", "edge"), {}, ("by_day",), build=_by_day),
    "intervals_on_target": Measure({"target": "rate_at_least"}, ("within", "edge", "formula", "every", "each")),
}
"""What a promise on calls may measure; case_keys.py has the rest."""


def measures() -> Mapping[str, Measure]:
    """Everything a promise may measure."""
    return _everything().measures


@cache
def _everything() -> Vocabulary:
    from cc_metrics.policy.case_keys import MEASURES  # with its clocks and deadlines, which most policies do without

    return vocabulary({**CALLS, **MEASURES})


def _measure(value: Any) -> str:
    known = text(value) in CALLS
    return str(value) if known else str(one_of(*measures())(value))


PROMISE: Final = {
    "name": Field("name", name),
    "measure": Field("measure", _measure),
    "kind": Field("kind", one_of("promised", "reached", "stated")),
    "when": Field("when", label),
    "target_decimals": Field("target_decimals", whole(0, 6)),
    "readings": Field("readings", labels),
}
BOUNDS: Final = {
    "target": Field("target", share),
    "limit": Field("target", limit),
    "at_most": Field("target", lambda value: Fraction(window(value), 1_000)),
    "none_late": Field("target", lambda value: Fraction(true(value))),
    "fall": Field("target", change),
    "rise": Field("target", change),
    "at_least": Field("target", points),
    "above": Field("target", points),
}
PROMISE_TABLES: Final = ("where", "where_not", "where_differ")
TERMS: Final = {
    **{key: field for key, field in SERVICE.items() if key != "redirected"},
    **{key: field for key, field in RESOLUTION.items() if key != "repeat_calls"},
    **INTERVALS,
    "since": Field("since", day),
}
"""The terms that some measure's promises may set; the others stand in the policy alone."""

_PLAIN: Final = frozenset((*PROMISE, *BOUNDS, *PROMISE_TABLES, *TERMS, "by_day"))
_CALL_WORDS: Final = vocabulary(CALLS)


def words_for(table: Table) -> Vocabulary:
    """The words that a promise may use: those of calls where it needs no others."""
    measure = table.keys.get("measure")
    plain = isinstance(measure, str) and measure in CALLS and _PLAIN.issuperset(table.keys)
    return _CALL_WORDS if plain else _everything()


def elsewhere(key: str) -> str:
    """Where a key belongs that stands in a table which doesn't know it: TOML's headers swallow what follows them."""
    if key in POLICY or key in SERVICE:
        return "it belongs to the policy: write it above the first [table]"
    if key in RESOLUTION or key in RESOLUTION_TABLES:
        return "it belongs in [first_call_resolution]"
    from cc_metrics.policy.deadlines import CALENDAR

    if key in CALENDAR:
        return "it belongs in [calendar]"
    known = _everything()
    promised = key in _PLAIN or key in known.own or key in known.tables
    return "it belongs in a [[promise]]" if promised else ""
