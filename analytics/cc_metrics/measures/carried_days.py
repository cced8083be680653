"""Which earlier days first-call resolution needs, and which of those that were kept it can count on (METRICS 3).

A window looks forward, so a report on one day needs the calls of the days whose windows close with it. An issue
looks back as well, as far as its calls follow one another: of days before those, the calls of issues that still
went on are kept, and that is all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from cc_metrics.measures.coverage import Day
from cc_metrics.model.durations import DAY
from cc_metrics.model.promise import Policy, ResolutionTerms

SPARE: Final = 3  # days: a call over midnight, a day that a clock change cut short, a last day that is not covered
REMEMBERED: Final = 62  # days of which it is known that there were calls, so that a weekday off can be told
ENOUGH: Final = 0.5  # of a day's rows, from which it counts as given again; fewer are strays of its neighbour

Windows = Mapping[tuple[str, ...], int]


def terms_of(policy: Policy) -> tuple[ResolutionTerms, ...]:
    """All terms by which a policy has repeats looked up, the rate of repeat calls among them."""
    asked = [p.resolution for p in policy.promises if p.measure in ("first_call_resolution", "repeat_calls")]
    return tuple(dict.fromkeys((policy.resolution, *(terms for terms in asked if terms.basis == "repeat"))))


def keys_of(terms: Iterable[ResolutionTerms]) -> tuple[tuple[str, ...], ...]:
    """The keys by which customers are told apart, each once."""
    return tuple(dict.fromkeys(one.key for one in terms))


def reach(terms: Iterable[ResolutionTerms]) -> int:
    """How many days before the first one given are needed: the longest window, and SPARE.

    >>> reach([ResolutionTerms(), ResolutionTerms(window_ms=DAY + 1)])
    10
    """
    return max(-(-one.window_ms // DAY) for one in terms) + SPARE


def issue_windows(terms: Iterable[ResolutionTerms]) -> dict[tuple[str, ...], int]:
    """The longest window of each key by which issues are told."""
    found: dict[tuple[str, ...], int] = {}
    for one in terms:
        if one.unit == "issue":
            found[one.key] = max(found.get(one.key, 0), one.window_ms)
    return found


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of earlier days: those with calls in order, and which are *held* with all their contacts.

    Of days from *since* on, the calls of issues that went on are held too, by the windows of *linked*.
    """

    days: tuple[Day, ...] = ()
    held: frozenset[date] = frozenset()
    since: date = date.max
    linked: Windows = field(default_factory=dict)

    def again(self, given: Sequence[Day]) -> frozenset[date]:
        """The days of *given* that replace what was kept of them."""
        kept = {day.day: day.rows for day in self.days}
        return frozenset(day.day for day in given if day.rows >= ENOUGH * kept.get(day.day, 0))

    def shared(self, given: Sequence[Day]) -> tuple[date, ...]:
        """Days of which both hold calls that belong together."""
        again, given_days = self.again(given), {day.day for day in given}
        return tuple(day.day for day in self.days if day.day in given_days and day.day not in again)

    def together(self, given: Sequence[Day]) -> tuple[Day, ...]:
        """The days that either has calls of, in order."""
        again, found = self.again(given), {day.day: day for day in self.days}
        for day in given:
            known = found.get(day.day)
            found[day.day] = day if known is None or day.day in again else _both(day, known)
        return tuple(found[day] for day in sorted(found))

    def whole_from(self, given: Sequence[Day], last: date) -> date:
        """The first day from which on, until *last*, the contacts of all days with calls are held."""
        whole, complete = given[-1].day, self.held | self.again(given)
        for day in reversed([day.day for day in self.together(given) if day.day <= last]):
            if day not in complete:
                break
            whole = day
        return whole

    def links(self, terms: Iterable[ResolutionTerms]) -> bool:
        """Whether the issues that are asked for are held from their first call on."""
        return all(self.linked.get(key, 0) >= window for key, window in issue_windows(terms).items())

    def known_from(self, given: Sequence[Day], terms: Sequence[ResolutionTerms], last: date) -> date:
        """The first day since which everything is known that *terms* ask for."""
        whole = self.whole_from(given, last)
        return min(self.since, whole) if self.links(terms) else whole

    def after(self, given: Sequence[Day], terms: Sequence[ResolutionTerms]) -> "Kept":
        """What is to be known once *given* is kept too."""
        days = self.together(given)
        last, most = days[-1].day, timedelta(days=reach(terms) + REMEMBERED)
        days = tuple(day for day in days if day.day >= last - most)
        complete, needed = self.held | self.again(given), needed_days(given, last, terms)
        held = (day.day for day in days if day.day in complete and any(a <= day.day <= b for a, b in needed))
        since = max(self.known_from(given, terms, last), days[0].day)
        return Kept(days, frozenset(held), since, issue_windows(terms))


def needed_days(given: Sequence[Day], last: date, terms: Sequence[ResolutionTerms]) -> tuple[tuple[date, date], ...]:
    """First and last of the days that must be held: for a report on the days after *last*, and on *given* once more."""
    back, first = timedelta(days=reach(terms)), given[0].day
    return (last - back, last), (first - back, first - timedelta(days=1))


def _both(day: Day, other: Day) -> Day:
    return Day(day.day, max(day.rows, other.rows), min(day.first_ms, other.first_ms), max(day.last_ms, other.last_ms))
