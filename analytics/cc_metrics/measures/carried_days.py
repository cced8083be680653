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
ENOUGH: Final = 0.5  # of a day's calls, from which it counts as given again; fewer are strays of its neighbour
FEW: Final = 0.01  # of the rows of the fullest day: with fewer, no day is the last one

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


@dataclass(frozen=True, slots=True)
class Joined:
    """Days that were *kept* and those *given* now, in order; *again* are given ones that replace what was kept."""

    kept: Kept
    given: Sequence[Day]
    again: frozenset[date] = frozenset()

    @property
    def first(self) -> date:
        """The first day given."""
        return self.given[0].day

    @property
    def last(self) -> date:
        """The last day given."""
        return self.given[-1].day

    def days(self) -> tuple[Day, ...]:
        """The days that either has calls of, in order."""
        found = {day.day: day for day in self.kept.days}
        for day in self.given:
            known = found.get(day.day)
            found[day.day] = day if known is None or day.day in self.again else _both(day, known)
        return tuple(found[day] for day in sorted(found))

    def _complete(self) -> frozenset[date]:
        """The days of which all contacts are here."""
        kept = {day.day for day in self.kept.days}
        return self.kept.held | self.again | {day.day for day in self.given if day.day not in kept}

    def whole_from(self, last: date) -> date:
        """The first day from which on, until *last*, the contacts of all days with calls are here."""
        whole, complete = self.last, self._complete()
        for day in reversed([day.day for day in self.days() if day.day <= last]):
            if day not in complete:
                break
            whole = day
        return whole

    def known_from(self, terms: Iterable[ResolutionTerms], last: date) -> date:
        """The first day since which everything is known that *terms* ask for: issues from their first call on."""
        whole, windows = self.whole_from(last), issue_windows(terms)
        linked = all(self.kept.linked.get(key, 0) >= window for key, window in windows.items())
        return min(self.kept.since, whole) if linked else whole

    def needed(self, terms: Iterable[ResolutionTerms]) -> tuple[tuple[date, date], ...]:
        """First and last of the days to be held: for a report on the days to come, and on those given once more."""
        back, days = timedelta(days=reach(terms)), self.days()
        least = FEW * max(day.rows for day in days)
        last = max(day.day for day in days if day.rows >= least)  # not that of a call whose date is wrong
        return (last - back, days[-1].day), (self.first - back, self.first - timedelta(days=1))

    def after(self, terms: Sequence[ResolutionTerms]) -> Kept:
        """What is known once the days given are kept too."""
        needed, days = self.needed(terms), self.days()
        last, most = days[-1].day, timedelta(days=reach(terms) + REMEMBERED)
        days = tuple(day for day in days if day.day >= last - most)
        complete = self._complete().intersection(day.day for day in days)
        held = frozenset(day for day in complete if any(start <= day <= end for start, end in needed))
        return Kept(days, held, max(self.known_from(terms, last), days[0].day), issue_windows(terms))


def _both(day: Day, other: Day) -> Day:
    return Day(day.day, max(day.rows, other.rows), min(day.first_ms, other.first_ms), max(day.last_ms, other.last_ms))
