"""What must not pass for a report: days without calls, data that end too early, far fewer calls than usual."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from cc_metrics.errors import DataError
from cc_metrics.measures.coverage import public_holidays
from cc_metrics.model.dates import day_text, weekday_text
from cc_metrics.model.promise import Policy
from cc_metrics.model.report import Head

_WEEKDAYS: Final = 8  # of the same name that a day is compared with
_ENOUGH: Final = 3  # of them from which they say what is usual
_PATTERN: Final = timedelta(weeks=4)  # of days from which a weekday that has never had calls is taken as closed


@dataclass(frozen=True, slots=True)
class Expected:
    """What is known of the days to be judged: *calls* by day, these and earlier ones, days that are *covered*."""

    days: Sequence[date]
    calls: Mapping[date, int]
    covered: Mapping[date, bool] = field(default_factory=dict)

    def check(self, policy: Policy, head: Head, least: Fraction) -> None:
        """Refuse days that cannot be all there.

        Raises:
            DataError: a day without calls, data that end too early, or fewer calls than *least* of the usual.
        """
        shut = closed(policy, self.days, [day for day, calls in self.calls.items() if calls])
        open_days = [day for day in self.days if day not in shut]
        for day in open_days:
            if not self.calls.get(day):
                raise DataError(_no_calls(day, head), hint="check the export; name closed days in the policy")
        if any(not self.covered.get(day) for day in open_days):
            raise DataError(
                f"{head.incomplete}; the export of all of {head.label} was expected",
                hint="export it again when the period is over, or name the next export too: its calls prove the end",
            )
        for day in open_days:
            self._check_volume(day, least)

    def _check_volume(self, day: date, least: Fraction) -> None:
        alike = sorted(d for d, n in self.calls.items() if n and d < self.days[0] and d.weekday() == day.weekday())
        usual = [self.calls[d] for d in alike[-_WEEKDAYS:]]
        if len(usual) >= _ENOUGH and self.calls[day] < least * min(usual):
            raise DataError(
                f"{self.calls[day]:,} calls on {weekday_text(day)} are fewer than {float(least):.0%} of "
                f"{min(usual):,}, the fewest of the last {len(usual)} days named {day:%A}",
                hint="check the export; least_share in the configuration sets the limit",
            )


def check_fresh(name: str, known: Collection[date], days: Sequence[date], shut: Collection[date]) -> None:
    """Refuse cases of which nothing is known up to the last of the judged days that is not closed.

    Raises:
        DataError: they end before it, or hold nothing at all.
    """
    last = max((day for day in days if day not in shut), default=None)
    if last is None or (known and max(known) >= last):
        return
    told = f"the {name} end on {day_text(max(known))}" if known else f"the {name} hold nothing"
    raise DataError(f"{told}; an export up to {weekday_text(last)} was expected", hint="check the export")


def closed(policy: Policy, days: Sequence[date], known: Collection[date]) -> set[date]:
    """Which of the days need no calls: named closed, a public holiday, a weekday that never has calls."""
    off = public_holidays(policy.calendar, days[0], days[-1]) if policy.calendar else frozenset[date]()
    return {day for day in days if day in policy.closed or day in off or _never(day, known)}


def _never(day: date, known: Collection[date]) -> bool:
    before = [d for d in known if d < day]
    return bool(before) and day - min(before) >= _PATTERN and all(d.weekday() != day.weekday() for d in before)


def _no_calls(day: date, head: Head) -> str:
    return f"no call on {weekday_text(day)}" + (
        f" ({head.incomplete})" if head.incomplete not in ("", "no data") else ""
    )
