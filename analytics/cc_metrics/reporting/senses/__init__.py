"""Sense checks of calls: what a file says that no phone system can have meant. Each has a name and never a verdict.

They look at the summary, and at little more than one column of the calls: a report takes no longer for them.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from cc_metrics.model.report import Caution
from cc_metrics.reporting.senses import keys, names, services, times, waits
from cc_metrics.store.opened import Opened

CHECKS: Final[Mapping[str, Callable[[Opened], Iterator[str]]]] = {
    "wait_unit": waits.wait_unit,
    "talk_unit": waits.talk_unit,
    "swapped_dates": times.swapped_dates,
    "whole_minutes": times.whole_minutes,
    "clock_back": times.clock_back,
    "day_cut_short": times.day_cut_short,
    "frequent_customer": keys.frequent_customer,
    "alike_names": names.alike_names,
    "short_services": services.short_services,
}
"""What each check is called, and the function that says what it found. To add one: a function, and a line here."""


def look(opened: Opened) -> Iterator[Caution]:
    """What the checks found in all accepted calls, in their order; nothing where nothing is odd."""
    if not opened.account.accepted:
        return
    for code, check in CHECKS.items():
        for text in check(opened):
            yield Caution(code, text)
