"""Which definitions of a service level print a figure: arithmetic on a few counts of each population, then an order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final

from cc_metrics.measures.reconcile_definitions import DECIDES, definitions
from cc_metrics.measures.reconcile_products import known_as
from cc_metrics.measures.service_level import share_parts
from cc_metrics.model.calls import OUTCOMES
from cc_metrics.model.printed_figure import PrintedFigure
from cc_metrics.model.promise import ServiceTerms
from cc_metrics.model.reconciled import Population, Reckoning, Tried

FURTHER: Final = 2
"""Departures of formula, threshold, edge, floor and redirected calls that are tried on calls not the policy's own."""

NEAREST: Final = 3


@dataclass(frozen=True, slots=True)
class Waits:
    """The calls of a population by outcome, cumulated over waits cut at *seconds*: before, at, before, at ... after."""

    seconds: tuple[int, ...]
    counts: tuple[tuple[int, ...], ...]

    def of(self, outcome: str) -> int:
        """All calls of an outcome."""
        return self.counts[OUTCOMES.index(outcome)][-1]

    @property
    def offered(self) -> int:
        """All calls."""
        return sum(cumulated[-1] for cumulated in self.counts)

    def parts(self, terms: ServiceTerms) -> tuple[int, int]:
        """(numerator, denominator) of a definition whose seconds are among those cut at."""
        within = 2 * self.seconds.index(terms.within_ms // 1000) + (terms.edge == "<=")
        short = 2 * self.seconds.index(terms.short_abandon_ms // 1000) + 1
        answered, abandoned, redirected = self.counts
        counts = {
            "answered": answered[-1],
            "answered_within": answered[within],
            "abandoned": abandoned[-1],
            "abandoned_within": abandoned[within],
            "short_abandoned": abandoned[short],
            "redirected": redirected[-1],
            "redirected_within": redirected[within],
            "short_redirected": redirected[short],
        }
        return share_parts(counts, terms, terms.formula)


def waits(seconds: Sequence[int], counts: Mapping[tuple[str, int], int]) -> Waits:
    """Waits from calls by (outcome, class): class 2i lies below the i-th second and above the one before, 2i + 1 on it.

    >>> found = waits([5, 20], {("answered", 0): 3, ("answered", 3): 2, ("answered", 4): 1})
    >>> found.counts[0], found.parts(ServiceTerms()), found.parts(ServiceTerms(edge="<"))
    ((3, 3, 3, 5, 6), (5, 6), (3, 6))
    """
    classes = range(2 * len(seconds) + 1)
    cumulated = (tuple(accumulate(counts.get((outcome, c), 0) for c in classes)) for outcome in OUTCOMES)
    return Waits(tuple(seconds), tuple(cumulated))


@dataclass(frozen=True, slots=True)
class Found:
    """The policy's own definition, what was tried, every match in order, and the nearest where nothing matches.

    *redirected*: whether any call was redirected, so that it makes a difference what becomes of them.
    """

    own: Reckoning
    redirected: bool
    tried: tuple[Tried, ...]
    matches: tuple[Reckoning, ...]
    nearest: tuple[Reckoning, ...]


def search(own: ServiceTerms, populations: Sequence[tuple[Population, Waits]], figure: PrintedFigure) -> Found:
    """Every definition that prints the figure; the first population is the policy's own.

    Populations with the same counts as an earlier one are tried once. A match is not listed where an earlier one tells
    as much: of the same counts, or with the same departures but fewer; unless a product that is not named yet is so.
    """
    tried: dict[int, list[int]] = {}
    matches, others = [], []
    first = None
    for one in _all(own, populations):
        first = first or one
        counted = tried.setdefault(len(one.departures), [0, 0])
        counted[0] += 1
        rounding = figure.prints(one.kept, one.owed)
        counted[1] += rounding not in (None, "truncated")
        if rounding:
            matches.append(replace(one, rounding=rounding))
        elif one.owed:
            others.append(one)
    redirected = _redirected(populations)
    listed = _listed(_ordered(matches, figure), redirected=redirected)
    nearest = () if matches else _nearest(others, figure)
    table = tuple(Tried(departures, *counts) for departures, counts in sorted(tried.items()))
    if first is None:  # not a call
        first = Reckoning((), populations[0][0], own, 0, 0)
    printed = replace(first, rounding=figure.prints(first.kept, first.owed))
    return Found(printed, redirected, table, tuple(listed), nearest)


def _redirected(populations: Sequence[tuple[Population, Waits]]) -> bool:
    return any(counted.of("redirected") for _, counted in populations)


def _all(own: ServiceTerms, populations: Sequence[tuple[Population, Waits]]) -> Iterator[Reckoning]:
    """Every definition with what it counts: of the policy's own calls all, of others those that depart little more."""
    redirected = _redirected(populations)
    everything = definitions(own, redirected=redirected)
    seen: set[Waits] = set()
    for population, counted in populations:
        without = population.without and not redirected  # then it is a formula: answered calls only
        if counted in seen or not counted.offered or without:
            continue
        seen.add(counted)
        also = (population.departure,) if population.departure else ()
        for terms, departures in everything:
            if also and len(departures) > FURTHER:
                break
            yield Reckoning((*departures, *also), population, terms, *counted.parts(terms))


def _ordered(found: Sequence[Reckoning], figure: PrintedFigure) -> list[Reckoning]:
    """Fewest departures first (a figure cut off instead of rounded is one more), then the closest, then as tried."""

    def order(one: Reckoning) -> tuple[int, float]:
        return len(one.departures) + (one.rounding == "truncated"), figure.distance(one.kept, one.owed)

    return sorted(found, key=order)


def _listed(ordered: Sequence[Reckoning], *, redirected: bool) -> list[Reckoning]:
    """The matches that tell something of their own; the others are counted with the one they are like."""
    listed: list[Reckoning] = []
    named: set[str] = set()
    for one in ordered:
        products = known_as(one.terms, one.population, redirected=redirected)
        like = next((place for place, earlier in enumerate(listed) if _like(earlier, one)), None)
        if like is None or not named.issuperset(products):
            listed.append(replace(one, products=products))
            named.update(products)
        else:
            listed[like] = replace(listed[like], alike=listed[like].alike + 1)
    return listed


def _like(earlier: Reckoning, later: Reckoning) -> bool:
    """Whether a match tells nothing beside an earlier one: the same counts, or the same departures and more."""
    if earlier.rounding == "truncated" != later.rounding:
        return False
    if (earlier.kept, earlier.owed) != (later.kept, later.owed):
        return bool(earlier.departures) and _changes(earlier) < _changes(later)
    if len(earlier.departures) < len(later.departures):
        return True
    same = earlier.departures == later.departures
    return same and (earlier.terms.formula, earlier.population) == (later.terms.formula, later.population)


def _changes(one: Reckoning) -> set[tuple[str, object]]:
    """What a definition changes, and into what."""
    terms = {(name, getattr(one.terms, DECIDES[name])) for name in one.departures if name in DECIDES}
    return terms | ({(one.population.departure, one.population.words)} if one.population.departure else set())


def _nearest(others: Sequence[Reckoning], figure: PrintedFigure) -> tuple[Reckoning, ...]:
    """The nearest definitions, each of counts of its own."""
    found: dict[tuple[int, int], Reckoning] = {}
    for one in sorted(others, key=lambda one: (figure.distance(one.kept, one.owed), len(one.departures))):
        found.setdefault((one.kept, one.owed), one)
        if len(found) == NEAREST:
            break
    return tuple(found.values())
