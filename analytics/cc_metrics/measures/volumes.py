"""How many cases or calls came since a day, against as long a stretch before it."""

from datetime import date
from typing import Final

from cc_metrics.measures.months import is_first, months_between, months_later
from cc_metrics.model.intervals import Period
from cc_metrics.model.zones import Offsets, day_start, local_day

MEANING: Final = (
    "what came from a day to the end of the period, against as long a stretch before that day: as many months where "
    "both ends begin a month, else as many days on the local clock"
)
FORMULA: Final = "(before - since) / before of a fall, (since - before) / before of a rise"


def stretches(period: Period, since: date, offsets: Offsets) -> tuple[Period, Period]:
    """The stretch before a local day and the one from it to the end of a period; both empty where that ends first.

    >>> from cc_metrics.model.zones import offsets
    >>> before, now = stretches(Period(0, 90 * 86_400_000), date(1970, 3, 1), offsets("UTC"))  # to 1 April
    >>> before.from_ms // 86_400_000, now.from_ms // 86_400_000  # from 1 February, from 1 March
    (31, 59)
    """
    edge, end = day_start(since, offsets), period.to_ms
    if end <= edge:
        return Period(edge, edge), Period(edge, edge)
    if since.day == 1 and is_first(end, offsets):
        months = months_between(since, local_day(end, offsets))
        start = day_start(months_later(since, -months), offsets)
    else:
        local = offsets.local(edge)
        start = offsets.utc(local - (offsets.local(end) - local))
    return Period(start, edge), Period(edge, end)


def change(before: int, now: int, *, rises: bool) -> tuple[int, int]:
    """(how much it rose, or else fell, what it was before): kept and settled of a promise.

    >>> change(253, 3, rises=False), change(100, 229, rises=True)
    ((250, 253), (129, 100))
    """
    return (now - before if rises else before - now), before
