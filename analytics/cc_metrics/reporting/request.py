"""What is asked of a report."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from cc_metrics.errors import UsageError, nearest
from cc_metrics.model.promise import FORMULAS, Policy, ServiceTerms
from cc_metrics.reporting.period import Span


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a report. *service* overrides the policy's terms in the tables, never in promises.

    *pictures*: whether what pictures are drawn from (waits, heatmap, days, curves) is counted too.
    """

    by: tuple[str, ...] = ()
    every: str = "all"
    within_ms: int | None = None
    formula: str | None = None
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    span: Span = field(default_factory=Span)
    pictures: bool = True

    def narrowed(self, known: Collection[str]) -> "Request":
        """The same without the dimensions that a table does not have."""
        where = {name: values for name, values in self.where.items() if name in known}
        return replace(self, by=tuple(name for name in self.by if name in known), where=where)

    def terms(self, policy: Policy) -> ServiceTerms:
        """The terms of the tables.

        Raises:
            UsageError: an unknown formula, or a threshold that is no whole second.
        """
        terms = policy.service
        if self.formula is not None:
            if self.formula not in FORMULAS:
                raise UsageError(f"no formula is called {self.formula!r}", hint=nearest(self.formula, FORMULAS))
            terms = replace(terms, formula=self.formula)
        if self.within_ms is not None:
            terms = replace(terms, within_ms=self.within_ms)
        if terms.within_ms % 1000 or terms.short_abandon_ms % 1000:
            raise UsageError("a threshold is a whole number of seconds", hint="waits are counted by whole seconds")
        return terms
