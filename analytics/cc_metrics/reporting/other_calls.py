"""Other calls than those a policy counts: by another moment or clock, without a group, without or with some hours."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from cc_metrics.language import Said, said
from cc_metrics.model import zones
from cc_metrics.model.calls import DEFAULT_CHANNEL
from cc_metrics.model.durations import DAY
from cc_metrics.model.intervals import Period
from cc_metrics.model.reconciled import Population, Rule
from cc_metrics.policy.hours import open_hours
from cc_metrics.reporting.other_clocks import other_clocks
from cc_metrics.reporting.period import Span
from cc_metrics.store.opened import Opened
from cc_metrics.store.populations import LOCAL, MOMENTS, Chosen, largest

GROUPS: Final = ("queue", "channel", "tier")
"""Dimensions whose values are left out one by one."""

VALUES: Final = 24
"""Of a dimension with more, the largest values are left out."""

MOVED: Final[dict[Rule, str]] = {
    "answer": said("calls by their answer, or when they left the queue"),
    "end": said("calls by their end"),
}
"""Interval rules other than the arrival."""

_LISTED: Final = 8  # values that a command line may name
_SPANS: Final = ("08:00-20:00", "08:00-18:00", "09:00-18:00", "09:00-17:00")
HOURS: Final = (
    "Mon-Fri 00:00-24:00",
    "Mon-Sat 00:00-24:00",
    *(f"{days} {span}" for days in ("Mon-Sun", "Mon-Sat", "Mon-Fri") for span in _SPANS),
)
"""Open hours that are tried where the policy names none."""

Candidate = tuple[Population, Chosen]


@dataclass(slots=True)
class OtherCalls:
    """What the policy's own definition counts, and what may have been counted instead; *notes* say what is not tried.

    *hours* is SQL of the policy's open hours, "" where it names none. Of *several_channels* only voice is its own.
    """

    opened: Opened
    period: Period
    span: Span
    where: Mapping[str, tuple[str, ...]]
    hours: str
    several_channels: bool
    notes: list[str] = field(default_factory=list)
    _chosen: tuple[str, ...] = field(init=False)
    _voice: tuple[str, ...] = ()
    _has_options: bool = True

    def __post_init__(self) -> None:
        self._chosen = tuple(self.opened.condition(self.where))
        if self.several_channels:
            self._voice = tuple(self.opened.voice())
            self._has_options = DEFAULT_CHANNEL in self.opened.values("channel")  # else it has no name to ask for

    def own(self) -> Candidate:
        """The policy's own calls."""
        return Population(options=self._options()), Chosen(self._conditions())

    def others(self) -> Iterator[Candidate]:
        """Every other population, each departing in one way."""
        yield from self._by_other_moments()
        yield from self._on_other_clocks()
        yield from self._other_channels()
        for name in GROUPS:
            if not (name in self.where or (name == "channel" and self.several_channels)):
                yield from self._without_values(name)
        yield from self._without_outcomes()
        yield from self._by_hours()

    def _conditions(self, period: Period | None = None, *, voice: bool = True) -> tuple[str, ...]:
        own = (period or self.period).sql(MOMENTS["arrival"])
        return (own, *self._rest(voice=voice))

    def _rest(self, *, voice: bool = True, hours: bool = True) -> tuple[str, ...]:
        """The conditions beside the period."""
        return (*self._chosen, *(self._voice if voice else ()), *([self.hours] if self.hours and hours else []))

    def _options(
        self, period: Period | None = None, where: Mapping[str, tuple[str, ...]] | None = None
    ) -> tuple[str, ...] | None:
        """The options of `report` for a period and conditions; None where there are none."""
        if not self._has_options:
            return None
        chosen = dict(self.where if where is None else where)
        if self.several_channels:
            chosen["channel"] = (DEFAULT_CHANNEL,)
        named = tuple(part for name, values in chosen.items() for v in values for part in ("--where", f"{name}={v}"))
        return (*self._period_options(period), *named)

    def _period_options(self, period: Period | None) -> tuple[str, ...]:
        if period is not None:
            offsets, written = self.opened.offsets, self.opened.written
            edges = (zones.iso(edge, offsets, written=written) for edge in (period.from_ms, period.to_ms))
            return tuple(part for pair in zip(("--from", "--to"), edges, strict=True) for part in pair)
        date = self.span.date and zones.local_day(self.period.from_ms, self.opened.offsets).isoformat()
        asked = (("--date", date), ("--from", self.span.start), ("--to", self.span.end))
        return tuple(part for option, text in asked if text for part in (option, text))

    def _by_other_moments(self) -> Iterator[Candidate]:
        if self.opened.calls is None:
            self.notes.append(
                said(
                    "interval rules were not tried: a summary knows when calls arrived, not when they were answered or "
                    "over"
                )
            )
            return
        for rule, words in MOVED.items():
            conditions = (self.period.sql(MOMENTS[rule]), *self._rest())
            yield Population("interval rule", words, rule, options=None), Chosen(conditions, moments=True)

    def _on_other_clocks(self) -> Iterator[Candidate]:
        known = self._known()
        clocks = other_clocks(self.period, self.opened.offsets, self.opened.zone)
        reached = [c for c in clocks if known.from_ms <= c.period.from_ms and c.period.to_ms <= known.to_ms]
        if len(reached) < len(clocks):
            self.notes.append(_unreached(len(clocks) - len(reached), len(clocks)))
        for clock in reached:
            options = None if self.hours else self._options(clock.period)
            yield Population("zone", clock.words, options=options), Chosen(self._conditions(clock.period))

    def _known(self) -> Period:
        """The local days that the data touch, from the first to the last."""
        days, offsets = self.opened.days(), self.opened.offsets
        if not days:
            return self.period
        last = zones.day_of((offsets.local(days[-1].last_ms) // DAY + 1) * DAY)
        return Period(zones.day_start(days[0].day, offsets), zones.day_start(last, offsets))

    def _other_channels(self) -> Iterator[Candidate]:
        if not self.several_channels:
            return
        pooled = self._conditions(voice=False)
        yield Population("exclusion", said("all channels together"), options=None), Chosen(pooled)
        channel = self.opened.column("channel")
        values = largest(self.opened, channel, pooled, VALUES)
        for value in values if len(values) > 2 else ():
            if value not in (None, DEFAULT_CHANNEL):
                condition = f"{channel} IS DISTINCT FROM {self.opened.engine.keep(value)}"
                words = said("all channels together without channel {value!r}", value=value)
                yield Population("exclusion", words, options=None), Chosen((*pooled, condition))

    def _without_values(self, name: str) -> Iterator[Candidate]:
        column, own = self.opened.column(name), self._conditions()
        values = largest(self.opened, column, own, VALUES + 1)
        if len(values) < 2:
            return
        if len(values) > VALUES:
            self.notes.append(
                said(
                    "exclusions: of the values of {column} only the {n} with most calls were left out",
                    column=name,
                    n=VALUES,
                )
            )
        for value in values[:VALUES]:
            if value is None:
                condition, words = f"{column} IS NOT NULL", said("without calls of no recorded {column}", column=name)
            else:
                condition = f"{column} IS DISTINCT FROM {self.opened.engine.keep(value)}"
                words = said("without {column} {value!r}", column=name, value=value)
            yield Population("exclusion", words, options=self._all_but(name, value, values)), Chosen((*own, condition))

    def _all_but(self, name: str, value: str | None, values: list[str | None]) -> tuple[str, ...] | None:
        rest = tuple(v for v in values if v is not None and v != value)
        if len(values) > _LISTED or (None in values and value is not None):
            return None  # what is not recorded cannot be asked for
        return self._options(where={**self.where, name: rest})

    def _without_outcomes(self) -> Iterator[Candidate]:
        own = self._conditions()
        left = Population("exclusion", said("without abandoned calls"), without="abandoned", options=None)
        yield left, Chosen((*own, "outcome <> 'abandoned'"))
        yield Population("exclusion", said("without transferred calls"), options=None), Chosen(own, less="transferred")
        yield Population("exclusion", said("without services under 10 s"), options=None), Chosen(own, less="under_10")

    def _by_hours(self) -> Iterator[Candidate]:
        """All hours where the policy names open ones; else open hours that are usual."""
        if self.hours:
            everything = (self.period.sql(MOMENTS["arrival"]), *self._rest(hours=False))
            yield Population("exclusion", said("at all hours"), options=None), Chosen(everything)
            return
        for written in HOURS:
            settings = (f'open = "{written}"',)
            population = Population(
                "exclusion", said("{hours} only", hours=written), options=self._options(), settings=settings
            )
            yield population, Chosen((*self._conditions(), open_hours(written).sql(LOCAL)))


def _unreached(left: int, clocks: int) -> Said:
    """That so many of the other clocks were not tried."""
    if left < clocks:
        return said(
            "zone: {n} of {all} other clocks were not tried, because their period reaches beyond the days of the data",
            n=left,
            all=clocks,
        )
    return said(
        "zone: all other clocks were not tried, because their period reaches beyond the days of the data (give a "
        "longer export, and the period with --date or --from and --to)"
    )
