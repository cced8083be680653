"""What an operator owes, as frozen values: a promise, the rules it is judged by, a policy that holds both."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal

from cc_metrics.model.durations import DAY, MINUTE
from cc_metrics.model.selection import Selection

if TYPE_CHECKING:
    from cc_metrics.model.case_terms import Terms
    from cc_metrics.model.clock import Calendar

Edge = Literal["<=", "<"]
Kind = Literal["promised", "reached", "stated"]
Redirected = Literal["late", "out", "abandoned"]
Shape = Literal["share_within", "mean_at_most", "mean_at_least", "none_over", "rate_at_least", "rate_at_most"]
Spoken = Literal["calls", "cases", "attempts", "satisfaction", "bases"]
Unit = Literal["call", "issue"]
Basis = Literal["repeat", "flag"]
Repeats = Literal["offered", "answered"]

FORMULAS: Final = (
    "all_offered",
    "exclude_abandons_within",
    "exclude_short_abandons",
    "abandons_within_count",
    "short_abandons_count",
    "answered_only",
)
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class ServiceTerms:
    """How a service level is counted: threshold, edge, formula, short-abandon floor, redirected calls."""

    within_ms: int = 20_000
    edge: Edge = "<="
    formula: str = "all_offered"
    short_abandon_ms: int = 5_000
    redirected: Redirected = "late"


@dataclass(frozen=True, slots=True)
class ResolutionTerms:
    """How first-call resolution is counted (METRICS: window W, key, basis, unit, which calls are repeats).

    *repeat_calls* is the k of the repeat-call rate, None when it is not asked for. *not_resolvable*
    names the contacts that the net figure leaves out, dimension -> values.
    """

    window_ms: int = 7 * DAY
    unit: Unit = "call"
    basis: Basis = "repeat"
    repeats: Repeats = "offered"
    key: tuple[str, ...] = ("customer_id",)
    repeat_calls: int | None = None
    not_resolvable: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class OpenHours:
    """Open stretches of a week on the local clock: (weekday 0 = Monday, from_ms, to_ms of the day), quarter-hours."""

    spans: tuple[tuple[int, int, int], ...]
    written: str

    def sql(self, local: str) -> str:
        """SQL that holds where a column of local ms lies in open hours."""
        day = 24 * 60 * MINUTE
        weekday, clock = f"((CAST(FLOOR({local} / {day}.0) AS BIGINT) + 3) % 7)", f"({local} % {day})"
        days: dict[tuple[int, int], list[str]] = {}
        for number, start, end in self.spans:
            days.setdefault((start, end), []).append(str(number))
        spans = [f"({weekday} IN ({', '.join(d)}) AND {clock} >= {a} AND {clock} < {b})" for (a, b), d in days.items()]
        return f"({' OR '.join(spans)})"


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """Days named as closed: weekdays (0 = Monday) and dates."""

    weekdays: frozenset[int] = frozenset()
    dates: frozenset[date] = frozenset()

    def __contains__(self, day: date) -> bool:
        return day in self.dates or day.weekday() in self.weekdays


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise: who (where), what (measure), by when (terms), how well (target).

    *target* is an exact fraction: a share, the most seconds or least points of a mean, or 1 where nothing may be late.
    *every* and *each* belong to intervals_on_target: the interval and the service level each one must
    reach. *where* maps a dimension to the accepted values, *where_not* to those that are left out; *where_differ*
    names pairs of dimensions that must hold different values. *about* is the table it speaks of, *terms* what it
    measures there. *since*: judged on what lies from this day on, beside what lies before it. *strict*: the limit
    itself is too much. *readings* says, line by line, what is ours and not the document's.
    """

    name: str
    measure: str
    shape: Shape
    target: Fraction
    kind: Kind = "promised"
    when: str = ""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    where_not: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    where_differ: Mapping[str, str] = field(default_factory=dict)
    about: Spoken = "calls"
    terms: "Terms | None" = None
    since: date | None = None
    strict: bool = False
    service: ServiceTerms = ServiceTerms()
    resolution: ResolutionTerms = ResolutionTerms()
    every: str = "30m"
    each: Fraction = Fraction(4, 5)
    target_decimals: int | None = None
    readings: tuple[str, ...] = ()

    @property
    def selection(self) -> Selection:
        """Which rows it speaks of."""
        return Selection(self.where, self.where_not, differ=self.where_differ)

    def own_dimensions(self) -> tuple[str, ...]:
        """The dimensions of cases that its terms speak of."""
        if self.terms is None:
            return ()
        from cc_metrics.model.case_terms import dimensions_of

        return dimensions_of(self.terms)


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything that decides how the same calls are counted and judged.

    *calendar* holds the working days and hours of case clocks. *tiers* is ((tier, source values), ...), first match
    wins, "*" takes any other recorded value; empty means that the source's own values are the tiers.
    """

    name: str
    about: str = ""
    source: str = ""
    timezone: str | None = None
    service: ServiceTerms = ServiceTerms()
    resolution: ResolutionTerms = ResolutionTerms()
    tiers: tuple[tuple[str, tuple[str, ...]], ...] = ()
    open_hours: OpenHours | None = None
    closed: ClosedDays = ClosedDays()
    calendar: "Calendar | None" = None
    promises: tuple[Promise, ...] = ()
    readings: tuple[str, ...] = ()

    def tier_of(self, value: str) -> str | None:
        """The tier a source's value belongs to, None where no rule takes it.

        >>> Policy("p", tiers=(("vip", ("VIP",)), ("ordinary", ("*",)))).tier_of("gold")
        'ordinary'
        >>> Policy("p").tier_of("gold")
        'gold'
        """
        if not self.tiers:
            return value
        return next((tier for tier, values in self.tiers if value in values or "*" in values), None)

    def dimensions(self, about: Spoken = "calls") -> tuple[str, ...]:
        """The dimensions of calls (or another table) that the promises and rules speak of, each once."""
        promises = [p for p in self.promises if p.about == about]
        named = [d for p in promises for d in (*p.selection.dimensions(), *p.own_dimensions())]
        if about == "calls":
            named += [d for p in promises for d in p.resolution.not_resolvable]
            named += self.resolution.not_resolvable
        return tuple(dict.fromkeys(named))
