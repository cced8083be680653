"""Every key a policy may hold. A new key is one line here: its word, the field it fills, its parser."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from cc_metrics.model.intervals import EVERY
from cc_metrics.model.promise import FORMULAS, Shape
from cc_metrics.model.zones import check_zone
from cc_metrics.policy.hours import closed_days, open_hours
from cc_metrics.policy.words import Field, label, labels, length, name, one_of, share, text, whole, window

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
POLICY_TABLES: Final = ("tier", "first_call_resolution", "promise")


@dataclass(frozen=True, slots=True)
class Measure:
    """What a promise may measure: its shape, the bound it must have (none over has none), the *terms* it may set."""

    shape: Shape
    bound: Literal["target", "limit", "at_most", ""]
    terms: tuple[str, ...] = ()


MEASURES: Final = {
    "service_level": Measure("share_within", "target", ("within", "edge", "formula")),
    "first_call_resolution": Measure("rate_at_least", "target", ("window", "unit", "basis", "repeats", "key")),
    "abandonment": Measure("rate_at_most", "limit", ("short_abandon",)),
    "repeat_calls": Measure("rate_at_most", "limit"),
    "mean_wait": Measure("mean_at_most", "at_most"),
    "mean_handle": Measure("mean_at_most", "at_most"),
    "longest_wait": Measure("none_over", "", ("within", "edge")),
    "intervals_on_target": Measure("rate_at_least", "target", ("within", "edge", "formula", "every", "each")),
}
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
    "limit": Field("target", share),
    "at_most": Field("target", lambda value: Fraction(window(value), 1_000)),
}
PROMISE_TABLES: Final = ("where",)

TERMS: Final = {
    key: field
    for key, field in {**SERVICE, **RESOLUTION, **INTERVALS}.items()
    if any(key in measure.terms for measure in MEASURES.values())
}
"""The terms that some measure's promises may set; the others stand in the policy alone."""

ELSEWHERE: Final = {
    **dict.fromkeys((*PROMISE, *BOUNDS, *PROMISE_TABLES, *INTERVALS), "it belongs in a [[promise]]"),
    **dict.fromkeys((*RESOLUTION, *RESOLUTION_TABLES), "it belongs in [first_call_resolution]"),
    **dict.fromkeys((*POLICY, *SERVICE), "it belongs to the policy: write it above the first [table]"),
}
"""Where a key belongs that stands in a table which doesn't know it: TOML's headers swallow what follows them."""
