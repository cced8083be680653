"""What a promise may measure, as the reader of policies sees it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cc_metrics.model.promise import Policy, Shape, Spoken
from cc_metrics.policy.words import Field

if TYPE_CHECKING:
    from cc_metrics.model.case_terms import Terms
    from cc_metrics.policy.document import Table

Build = Callable[["Table", Mapping[str, Any], Policy], "Terms | None"]
"""Makes the terms of a promise from its table, the values of its keys and the policy; complains and gives None."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure's *bounds* with the shape each gives a promise ("" for one without a bound), and what else it may set.

    *terms* are keys that several measures share, *own* those that mean something else here, *tables* keys that hold
    tables. *about* is the table it speaks of.
    """

    bounds: Mapping[str, Shape]
    terms: tuple[str, ...] = ()
    own: Mapping[str, Field] = field(default_factory=dict)
    tables: tuple[str, ...] = ()
    about: Spoken = "calls"
    build: Build | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys it may have beside those of every promise."""
        return (*filter(None, self.bounds), *self.terms, *self.own, *self.tables)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Measures, with the keys of their own and the tables that any of them may have."""

    measures: Mapping[str, Measure]
    own: Mapping[str, Field]
    tables: tuple[str, ...]


def vocabulary(measures: Mapping[str, Measure]) -> Vocabulary:
    """The words of some measures."""
    own = {key: field for measure in measures.values() for key, field in measure.own.items()}
    return Vocabulary(measures, own, tuple(dict.fromkeys(key for m in measures.values() for key in m.tables)))
