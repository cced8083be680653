"""The calls of a report's scope on every day that is known up to its period's end: its data, and earlier summaries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cc_metrics.model import zones
from cc_metrics.model.calls import DEFAULT_CHANNEL
from cc_metrics.model.intervals import Period, bucket_sql
from cc_metrics.reporting.background import Background
from cc_metrics.reporting.tables import Scope
from cc_metrics.store.opened import Opened


@dataclass(frozen=True, slots=True)
class Known:
    """Calls told before *until_ms*, *last* the last local day of theirs before it; no day is in two of them."""

    opened: Opened
    conditions: tuple[str, ...]
    last: date | None
    until_ms: int

    def since(self, day: date) -> Period:
        """From a local day on."""
        return Period(min(zones.day_start(day, self.opened.offsets), self.until_ms), self.until_ms)


def known(scope: Scope, where: Mapping[str, Sequence[str]], background: Background) -> tuple[Known, ...]:
    """The data of the report, and the earlier summaries where they can be asked for the same calls."""
    opened, until = scope.opened, scope.period.to_ms
    days = tuple(d.day for d in opened.days())
    last = zones.local_day(until - 1, opened.offsets)
    own = Known(opened, scope.conditions, max((day for day in days if day <= last), default=None), until)
    earlier = background.earlier
    if earlier is None or earlier.zone != opened.zone or not {*where, "channel"} <= set(earlier.dimensions):
        return (own,)
    return (own, _before(earlier, [*earlier.condition(where), *_same_channel(scope, earlier)], days, until))


def _before(earlier: Opened, conditions: Sequence[str], held: Sequence[date], until_ms: int) -> Known:
    """The whole days of earlier summaries that the data do not hold."""
    end = zones.local_day(until_ms, earlier.offsets)
    days = [found.day for found in earlier.days()]
    twice = [zones.midnight(day) for day in sorted({*held} & {*days})]
    bucket = bucket_sql("start_ms", "1d", earlier.offsets)
    apart = [f"{bucket} NOT IN ({', '.join(map(str, twice))})"] if twice else []
    last = max((day for day in days if day < end), default=None)
    return Known(earlier, (*conditions, *apart), last, zones.day_start(end, earlier.offsets))


def _same_channel(scope: Scope, earlier: Opened) -> list[str]:
    """Channels are never pooled: of earlier calls those of the one channel that the data hold, or all by channel."""
    if scope.by_channel:
        return []
    return earlier.condition({"channel": tuple(scope.opened.values("channel")) or (DEFAULT_CHANNEL,)})
