"""The definitions of a service level that are tried for a printed figure, with their departures, in a fixed order."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import product
from typing import Any, Final, get_args

from cc_metrics.model.promise import FORMULAS, Edge, Redirected, ServiceTerms
from cc_metrics.model.reconciled import Departure

THRESHOLDS_S: Final = (5, 10, 15, 20, 25, 30, 40, 45, 60, 75, 90, 120, 180, 240, 300, 600)
"""Thresholds that products preset and regulators name, in seconds."""

FLOORS_S: Final = (2, 3, 4, 5, 6, 8, 10, 15)
"""Short-abandon floors, in seconds."""

SHORT: Final = ("exclude_short_abandons", "short_abandons_count")
"""The formulas that ask for the floor."""

DECIDES: Final[dict[Departure, str]] = {
    "formula": "formula",
    "threshold": "within_ms",
    "threshold edge": "edge",
    "short-abandon floor": "short_abandon_ms",
    "redirected calls": "redirected",
}
"""The departures of terms, with what they change."""


def seconds(own: ServiceTerms) -> tuple[int, ...]:
    """Every whole second at which waits must be cut, in order.

    >>> seconds(ServiceTerms())[:4]
    (2, 3, 4, 5)
    """
    return tuple(sorted({*THRESHOLDS_S, *FLOORS_S, own.within_ms // 1000, own.short_abandon_ms // 1000}))


def definitions(own: ServiceTerms, *, redirected: bool) -> list[tuple[ServiceTerms, tuple[Departure, ...]]]:
    """Every definition that differs from the others, the policy's own first, then by departures.

    The floor makes a difference only where the formula asks for it, what becomes of *redirected* calls only where
    there are any and the formula counts more than answered calls.

    >>> found = definitions(ServiceTerms(), redirected=False)
    >>> found[0] == (ServiceTerms(), ()), len(found)
    (True, 640)
    """
    found = [(terms, _departures(own, terms)) for terms in _all(own, redirected=redirected)]
    return sorted(found, key=lambda one: len(one[1]))


def _all(own: ServiceTerms, *, redirected: bool) -> Iterator[ServiceTerms]:
    limits = _first(own.within_ms, [1000 * second for second in THRESHOLDS_S])
    edges: list[Edge] = _first(own.edge, get_args(Edge))
    for formula in _first(own.formula, FORMULAS):
        floors = _first(own.short_abandon_ms, [1000 * s for s in FLOORS_S] if formula in SHORT else ())
        differ = redirected and formula != "answered_only"
        treatments: list[Redirected] = _first(own.redirected, get_args(Redirected) if differ else ())
        for within, edge, floor, treated in product(limits, edges, floors, treatments):
            yield replace(own, formula=formula, within_ms=within, edge=edge, short_abandon_ms=floor, redirected=treated)


def _departures(own: ServiceTerms, terms: ServiceTerms) -> tuple[Departure, ...]:
    return tuple(name for name, key in DECIDES.items() if getattr(own, key) != getattr(terms, key))


def _first(own: Any, others: Iterable[Any]) -> list[Any]:
    """The policy's own, then the others."""
    return [own, *(other for other in others if other != own)]
