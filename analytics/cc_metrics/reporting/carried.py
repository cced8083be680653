"""What a report says of calls that were kept of earlier days: which they are, and which it lacks."""

from collections.abc import Sequence
from datetime import date, timedelta

from cc_metrics.language import Said, said
from cc_metrics.measures import carried_days
from cc_metrics.measures.coverage import Coverage
from cc_metrics.model.promise import Policy
from cc_metrics.store.opened import Opened


def lately(opened: Opened, coverage: Coverage | None) -> Coverage | None:
    """What days cover, without those that are remembered for the sake of weekdays and old issues alone."""
    return coverage.since(opened.carried.whole) if coverage and opened.carried else coverage


def notes(opened: Opened, policy: Policy) -> tuple[Said, ...]:
    """Of which days before its own first-call resolution knows the calls, and of which it should."""
    if opened.carried is None:
        return ()
    first, whole = opened.days()[0].day, opened.carried.whole
    back = first - timedelta(days=carried_days.reach(carried_days.terms_of(policy)))
    known = [day.day for day in opened.carried.days if whole <= day.day < first]
    lacking = [day.day for day in opened.carried.days if back <= day.day < whole]
    found = []
    if known:
        found.append(said("first-call resolution also knows the calls kept of {days}", days=_days(known)))
    if lacking:
        days = _days(lacking)
        found.append(
            said("the calls of {days} were not kept whole: first-call resolution does not judge them", days=days)
        )
    return tuple(found)


def _days(days: Sequence[date]) -> str | Said:
    if len(days) == 1:
        return days[0].isoformat()
    return said("{first} to {last}", first=days[0].isoformat(), last=days[-1].isoformat())
