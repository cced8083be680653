"""Every key a policy may hold. A new key is one line here: its word, the field it fills, its parser."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from cc_metrics.model.case_terms import MonthsBelow
from cc_metrics.model.intervals import EVERY
from cc_metrics.model.promise import FORMULAS
from cc_metrics.model.zones import check_zone
from cc_metrics.policy.case_keys import MEASURES as CASE_MEASURES
from cc_metrics.policy.case_keys import classed_wait, required
from cc_metrics.policy.deadlines import CALENDAR, day, true
from cc_metrics.policy.hours import closed_days, open_hours
from cc_metrics.policy.measure import Measure
from cc_metrics.policy.words import (
    Field,
    change,
    label,
    labels,
    length,
    limit,
    name,
    one_of,
    points,
    share,
    text,
    whole,
    window,
)

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
MONTHS: Final = {"months": Field("months", whole(2, 120))}


MEASURES: Final[Mapping[str, Measure]] = {
    "service_level": Measure({"target": "share_within"}, ("within", "edge", "formula", "since")),
    "first_call_resolution": Measure({"target": "rate_at_least"}, ("window", "unit", "basis", "repeats", "key")),
    "abandonment": Measure({"limit": "rate_at_most"}, ("short_abandon", "edge")),
    "abandoned_of_offered": Measure({"limit": "rate_at_most"}, ("short_abandon", "edge")),
    "repeat_calls": Measure({"limit": "rate_at_most"}, ("window",)),
    "mean_wait": Measure({"at_most": "mean_at_most"}, ("since",)),
    "mean_handle": Measure({"at_most": "mean_at_most"}, ("since",)),
    "longest_wait": Measure({"": "none_over"}, ("within", "edge"), {}, ("by_day",), build=classed_wait),
    "intervals_on_target": Measure({"target": "rate_at_least"}, ("within", "edge", "formula", "every", "each")),
    "months_below": Measure(
        {"": "none_over"},
        ("within", "edge", "formula", "each"),
        MONTHS,
        build=required(MonthsBelow, MONTHS, ("months",)),
    ),
    **CASE_MEASURES,
}
"""Everything a promise may measure."""

PROMISE: Final = {
    "name": Field("name", name),
    "measure": Field("measure", one_of(*MEASURES)),
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
SHARED: Final = {"since": Field("since", day), "reference": Field("reference", points)}

TERMS: Final = {
    key: field
    for key, field in {**SERVICE, **RESOLUTION, **INTERVALS, **SHARED}.items()
    if any(key in measure.terms for measure in MEASURES.values())
}
"""The terms that some measure's promises may set; the others stand in the policy alone."""

OWN: Final = {key: field for measure in MEASURES.values() for key, field in measure.own.items()}
TABLES: Final = tuple(dict.fromkeys(key for measure in MEASURES.values() for key in measure.tables))

ELSEWHERE: Final = {
    **dict.fromkeys(
        (*PROMISE, *BOUNDS, *PROMISE_TABLES, *INTERVALS, *SHARED, *OWN, *TABLES), "it belongs in a [[promise]]"
    ),
    **dict.fromkeys(CALENDAR, "it belongs in [calendar]"),
    **dict.fromkeys((*RESOLUTION, *RESOLUTION_TABLES), "it belongs in [first_call_resolution]"),
    **dict.fromkeys((*POLICY, *SERVICE), "it belongs to the policy: write it above the first [table]"),
}
"""Where a key belongs that stands in a table which doesn't know it: TOML's headers swallow what follows them."""
