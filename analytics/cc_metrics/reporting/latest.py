"""The latest days whose windows are closed, by name: a report never says "no data" without saying what is known."""

from collections.abc import Sequence
from datetime import date

from cc_metrics.language import Said, said
from cc_metrics.measures.shares import share
from cc_metrics.model.dates import MONTHS, in_year
from cc_metrics.model.durations import SECOND
from cc_metrics.model.promise import ResolutionTerms
from cc_metrics.model.report import Row
from cc_metrics.reporting.resolution import Resolved


def latest_row(resolved: Resolved, terms: ResolutionTerms, as_of: int) -> Row | None:
    """What is known of the latest settled days, where the period's windows are not all closed."""
    counted = resolved.count(terms, (), "all")
    found = resolved.settled(counted, terms, resolved.scope.conditions, as_of)
    if found.whole or not found.days:
        return None
    return {
        "unit": terms.unit,
        "window_s": terms.window_ms // SECOND,
        "eligible": found.counts["eligible"],
        "resolved": found.counts["resolved"],
        "value": share(found.counts["resolved"], found.counts["eligible"]),
        "days": days_text(found.days),
        "settled_from": found.days[0].isoformat(),
        "settled_to": found.days[-1].isoformat(),
    }


def days_text(days: Sequence[date]) -> Said:
    """Days for people.

    >>> days_text([date(2013, 8, 19)]), days_text([date(2013, 8, 12), date(2013, 8, 19)])
    ('19 Aug', '12 to 19 Aug')
    """
    first, last = days[0], days[-1]
    if first == last:
        return in_year(last)
    if (first.year, first.month) == (last.year, last.month):
        return said("{from_day} to {day} {month}", from_day=first.day, day=last.day, month=MONTHS[last.month - 1])
    return said("{first} to {last}", first=in_year(first), last=in_year(last))
