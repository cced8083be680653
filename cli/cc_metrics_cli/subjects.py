"""What can be explained, and which of it is meant: promises, measures, formulas and columns by name or beginning."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cc_metrics.errors import UsageError, first_of, nearest

if TYPE_CHECKING:
    from cc_metrics.model.columns import Column
    from cc_metrics.model.promise import Policy, Promise

MEASURES: Final[Mapping[str, tuple[str, ...]]] = {
    "service_level": ("SL",),
    "intervals_on_target": (),
    "first_call_resolution": ("FCR",),
    "repeat_calls": (),
    "traffic": (),
    "abandonment": (),
    "waits": (),
    "mean_wait": (),
    "longest_wait": (),
    "handling": (),
    "mean_handle": (),
    "abandoned_of_offered": (),
    "months_below": (),
    "call_volume": (),
    "turnaround": ("timeliness",),
    "appointment_kept": (),
    "share_of_cases": (),
    "months_without_cases": (),
    "case_volume": (),
    "cases_per_base": (),
    "share_of_base": (),
    "repeat_complaints": (),
    "attempts_made": (),
    "backlog_cleared": (),
    "mean_ratio": (),
    "followed_up": (),
    "satisfied": (),
    "score": (),
    "score_rises": (),
    "score_rank": (),
}
"""Measures, with what people call them besides."""
_LISTED: Final = 6
_OF_TABLES: Final = {
    "first_call_resolution": "first_call_resolution",
    "cases": "turnaround",
    "stock": "turnaround",
    "answers": "satisfied",
}
"""The measure behind a whole table."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that has a meaning: its *name*, what *kind* of thing it is, what else it is *also* called."""

    name: str
    kind: str
    also: tuple[str, ...] = ()
    promise: "Promise | None" = None


def known(policy: "Policy") -> list[Subject]:
    """Everything that can be explained under a policy, each once."""
    from cc_metrics.model.promise import FORMULAS

    found = [Subject(p.name, "promise", (), p) for p in policy.promises]
    found += [Subject(name, "measure", also) for name, also in MEASURES.items()]
    found += [Subject(name, "formula") for name in FORMULAS]
    taken = {subject.name for subject in found}
    columns = {c.name: c for tables in _columns().values() for c in tables if c.name not in taken}
    return found + [Subject(name, "column", (column.title,)) for name, column in columns.items()]


def listed(policy: "Policy") -> list[tuple[str, str]]:
    """Everything that can be explained, by kind."""
    everything = known(policy)
    promises = [("promise", subject.name) for subject in everything if subject.promise]
    kinds = ("measure", "formula", "column")
    return promises + [(kind, ", ".join(s.name for s in everything if s.kind == kind)) for kind in kinds]


def find(name: str, policy: "Policy") -> Subject:
    """The subject of a name, or of the beginning of just one.

    Raises:
        UsageError: nothing is called so, or several begin so.
    """
    everything, wanted = known(policy), name.strip().casefold()
    for subject in everything:
        if wanted in (word.casefold() for word in (subject.name, *subject.also)):
            return subject
    begun = [subject for subject in everything if wanted and subject.name.casefold().startswith(wanted)]
    if len(begun) == 1:
        return begun[0]
    if begun:
        named = first_of([f"'{s.name}'" for s in begun], _LISTED)
        raise UsageError(f"{name!r} may mean several things", where="explain", hint=f"one of {named}")
    words = [word for subject in everything for word in (subject.name, *subject.also)]
    close = nearest(name, words)
    hint = close if close.startswith("did you mean") else "cc-metrics explain lists what can be explained"
    raise UsageError(f"nothing is called {name!r}", where="explain", hint=hint)


def meanings(name: str) -> "dict[str, Column]":
    """The columns of a name by the table they stand in."""
    return {table: column for table, columns in _columns().items() for column in columns if column.name == name}


def owner(name: str) -> str:
    """The measure that a column comes from; "" where it is none's.

    >>> owner("mean_wait_s"), owner("kaplan_meier"), owner("p90_s"), owner("verdict")
    ('waits', 'first_call_resolution', 'turnaround', '')
    """
    from cc_metrics.measures import OF_SUMMARIES

    for measure in OF_SUMMARIES:
        if name in figures(measure):
            return measure
    table = next((table for table in meanings(name) if table in _OF_TABLES), "")
    return _OF_TABLES.get(table, "")


def figures(measure: str) -> tuple[str, ...]:
    """The columns of calls that a measure of summaries fills."""
    from cc_metrics.measures import OF_SUMMARIES
    from cc_metrics.model.promise import ServiceTerms

    module: Any = OF_SUMMARIES[measure]
    nothing = dict.fromkeys(module.needs(ServiceTerms()), 0)
    return tuple(module.figures(nothing, ServiceTerms()))


def _columns() -> "dict[str, tuple[Column, ...]]":
    from cc_metrics.model import columns

    return {name: table for name, table in columns.TABLES.items() if name != "intervals"}
