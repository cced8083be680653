"""Which definitions give a figure that was printed: populations, definitions with their counts, the whole answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from cc_metrics.model.columns import column
from cc_metrics.model.printed_figure import PrintedFigure, Rounding
from cc_metrics.model.promise import ServiceTerms
from cc_metrics.model.report import Accounting, Head

Departure = Literal[
    "formula",
    "threshold",
    "threshold edge",
    "short-abandon floor",
    "redirected calls",
    "interval rule",
    "zone",
    "exclusion",
]
"""In what a definition may differ from the policy's own."""

Rule = Literal["arrival", "answer", "end"]
"""Which moment of a call decides the period it belongs to; one that was not answered is over when it left the queue."""


@dataclass(frozen=True, slots=True)
class Population:
    """Which calls are counted: the policy's own, or others that differ from them in one *departure*.

    *words* says how; *rule* is the interval rule, *without* an outcome that is left out. *options* are those of
    `report` that choose the same calls, None where there are none; *settings* the lines of a policy that must be added.
    """

    departure: Departure | None = None
    words: str = ""
    rule: Rule = "arrival"
    without: str = ""
    options: tuple[str, ...] | None = ()
    settings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reckoning:
    """One definition and what it counts. *departures* are those from the policy's own, in a fixed order.

    *rounding* is how the counts print the figure, None where they do not. *products* define it so; *alike* is how many
    other matches are not listed, because they have the same counts, or depart further beside.
    """

    departures: tuple[Departure, ...]
    population: Population
    terms: ServiceTerms
    kept: int
    owed: int
    rounding: Rounding | None = None
    products: tuple[str, ...] = ()
    alike: int = 0

    @property
    def value(self) -> float | None:
        """The share; None of nothing."""
        return self.kept / self.owed if self.owed else None

    @property
    def options(self) -> tuple[str, ...] | None:
        """The options of `report` that give it with the policy as it is (or with `settings`); None where none do."""
        if self.population.options is None:
            return None
        formula = ("--formula", self.terms.formula) if "formula" in self.departures else ()
        within = ("--within", f"{self.terms.within_ms // 1000}s") if "threshold" in self.departures else ()
        return (*formula, *within, *self.population.options)

    @property
    def settings(self) -> tuple[str, ...]:
        """The lines that a policy must hold for it, beside the options."""
        terms = self.terms
        lines: dict[Departure, str] = {
            "threshold edge": f'edge = "{terms.edge}"',
            "short-abandon floor": f'short_abandon = "{terms.short_abandon_ms // 1000} seconds"',
            "redirected calls": f'redirected = "{terms.redirected}"',
        }
        return (*(line for name, line in lines.items() if name in self.departures), *self.population.settings)


@dataclass(frozen=True, slots=True)
class Tried:
    """How many definitions of so many departures were tried, and how many of them print the figure."""

    departures: int
    tried: int
    printing: int


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What was found for a printed figure.

    *own* is the policy's own definition, *matches* those that print the figure, the least departing first; *nearest*
    the next best where none does. *tried* counts every definition, by departures; *redirected*: whether what becomes of
    redirected calls was among them. *notes* say what was not tried.
    """

    figure: PrintedFigure
    head: Head
    where: Mapping[str, tuple[str, ...]]
    policy: str
    accounting: Accounting
    own: Reckoning
    redirected: bool
    tried: tuple[Tried, ...]
    matches: tuple[Reckoning, ...]
    nearest: tuple[Reckoning, ...] = ()
    notes: tuple[str, ...] = ()


COLUMNS: Final = (
    column("rank", "rank", "count", "the order: fewest departures first, then the closest, then a fixed order"),
    column("departs_in", "departs in", "text", "in what it differs from the policy's own definition"),
    column("formula", "formula", "text", "the formula of the service level"),
    column("within_s", "threshold", "seconds", "the threshold"),
    column("edge", "edge", "text", "whether a wait of exactly the threshold is in time"),
    column(
        "short_abandon_s", "floor", "seconds", "up to where an abandon is short; null where the formula asks nothing"
    ),
    column("redirected", "redirected", "text", "what becomes of redirected calls; null where it makes no difference"),
    column("interval_rule", "by", "text", "which moment of a call decides its period: arrival, answer or end"),
    column("calls", "calls", "text", "which calls, where they are not those of the policy's own definition"),
    column("kept", "kept", "count", "numerator"),
    column("owed", "owed", "count", "denominator"),
    column("value", "value", "share", "kept / owed"),
    column("prints", "prints", "text", "how it prints the figure: rounded, half up, half even, truncated, counts"),
    column("known_as", "known as", "text", "products that define it so"),
    column("alike", "alike", "count", "matches that are not listed: of the same counts, or departing further beside"),
    column("settings", "lines of the policy", "text", "what the policy must say for it"),
    column("command", "command", "text", "the command that gives it, with those lines; null where none does"),
)
"""One row of an answer, in every output."""
