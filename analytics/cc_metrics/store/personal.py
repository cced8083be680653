"""Which names of a reading hold customers and agents: canonical ones, and a source's own that they are made from."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from cc_metrics.model.calls import DIMENSIONS, PERSONAL
from cc_metrics.model.cases import CASES
from cc_metrics.store.mapping import Entries, used

if TYPE_CHECKING:
    from cc_metrics.model.promise import Policy
    from cc_metrics.store.relation import Relation


def names(entries: Entries, others: Sequence[str], keys: frozenset[str] = frozenset()) -> frozenset[str]:
    """The personal ones: customer_id, agent_id, and of *others* (ids, further columns) what holds such a text.

    *keys* are further columns by which a policy tells customers.
    """
    columns = {column for name in PERSONAL for column in getattr(entries.get(name), "columns", ())}
    made = {name for name in others if columns.intersection(used(entries.get(name)) or (name,))}
    return frozenset((*PERSONAL, *made, *keys.intersection(others)))


def is_personal(name: str, readings: "Iterable[tuple[Relation, object]]") -> bool:
    """Whether the values of a dimension are customers or agents, of whom nobody is told unasked."""
    return name in PERSONAL or any(name in relation.personal for relation, _ in readings)


def keys(policy: "Policy") -> frozenset[str]:
    """The source's own columns by which a policy tells customers."""
    terms = [policy.resolution, *(t for p in policy.promises for t in (p.resolution, p.terms))]
    named = {name for term in terms for name in getattr(term, "key", ())}
    return frozenset(named.difference(DIMENSIONS, CASES.dimensions))


def looks_personal(text: str) -> bool:
    """Whether a text that should be a column's name is rather a telephone number.

    >>> [looks_personal(t) for t in ("+33 1 55 50 01 00", "13800138000", "data_2013", "呼叫流水号")]
    [True, True, False, False]
    """
    digits = sum(c.isdigit() for c in text)
    return digits >= 7 and 2 * digits > len(text)
