"""Contacts of customers: calls in order by customer, legs joined, each with the starts beside it (METRICS 3).

The engine holds them in a table of their own (`contacts_sql`), made once for all that is asked of it.
Customers stand there by a hash, which sorts in half the time of their names; a mark from another hash,
packed into one integer with the start, tells when two customers share one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cc_metrics.errors import UsageError, nearest
from cc_metrics.model.calls import DIMENSIONS, END_SQL
from cc_metrics.model.durations import SECOND

SEPARATOR: Final = "\x1f"
CUSTOMER: Final = "customer"
LEG_MS: Final = 5 * SECOND
ORDER: Final = "OVER (PARTITION BY k ORDER BY p, call_id)"
NEXT: Final = ("lead", "next_p")
LAST: Final = ("lag", "last_p")
PLACE: Final = ("row_number", "place_in_order")


@dataclass(frozen=True, slots=True)
class Packing:
    """A start and the mark of its customer in one integer: *bits* of mark, none where k is the name itself."""

    first_ms: int
    bits: int = 0

    @classmethod
    def of(cls, first_ms: int, last_ms: int) -> "Packing":
        """As many bits of mark as the span of the data leaves free.

        >>> Packing.of(0, 86_400_000).bits
        32
        """
        return cls(first_ms, min(32, 62 - (last_ms - first_ms).bit_length()))

    def packed(self, start: str, name: str) -> str:
        """SQL of the packed start."""
        if not self.bits:
            return f"{start} - {self.first_ms}"
        mark = f"CAST(hash({name} || '#') & {(1 << self.bits) - 1} AS BIGINT)"
        return f"(({start} - {self.first_ms}) << {self.bits}) | {mark}"

    def start(self, packed: str) -> str:
        """SQL of the start in UTC ms."""
        return f"({f'({packed} >> {self.bits})' if self.bits else packed} + {self.first_ms})"

    def differ(self, one: str, other: str) -> str:
        """SQL that holds where two packed starts under one k are known to be of two customers."""
        mark = (1 << self.bits) - 1
        return f"(({one} & {mark}) <> ({other} & {mark}))" if self.bits else "FALSE"


@dataclass(frozen=True, slots=True)
class Contacts:
    """A table of contacts as the engine knows it, with the dimensions it holds.

    Its columns: k (customer, NULL where not known), p (packed start), e (end in UTC ms), call_id, a (answered),
    the dimensions; and transferred, where *transferred* names a table of the k of transferred calls.
    """

    table: str
    packing: Packing
    dimensions: tuple[str, ...] = ()
    transferred: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of a contact."""
        return ("k", "p", "e", "call_id", "a", *self.dimensions)


def contacts_sql(calls: str, name: str, packing: Packing, dimensions: Mapping[str, str], share: tuple[int, int]) -> str:
    """SELECT that makes contacts of *calls*.

    *name* is SQL of the key, *dimensions* SQL by name, *share* (part, parts) of the customers.
    """
    key = f"CASE WHEN {name} IS NOT NULL THEN hash({name}) END" if packing.bits else name
    columns = [
        f"{key} AS k",
        f"{packing.packed('offered_ms', name)} AS p",
        *(f"{END_SQL} AS e", "call_id", "outcome = 'answered' AS a", "transferred"),
        *(f"{sql} AS {alias}" for alias, sql in dimensions.items()),
    ]
    part, parts = share
    condition = f" WHERE hash({name}) % {parts} = {part}" if parts > 1 else ""
    return f"SELECT {', '.join(columns)} FROM {calls}{condition}"


def key_sql(key: Sequence[str], separator: str) -> str:
    """SQL for the customer key: one column, or several joined; NULL where one is not recorded.

    Raises:
        UsageError: a name that is no dimension of calls.
    """
    for name in key:
        if name not in DIMENSIONS:
            raise UsageError(f"calls have no {name!r} to tell customers by", hint=nearest(name, DIMENSIONS))
    return f" || {separator} || ".join(key)


def rows_sql(contacts: Contacts, neighbours: Sequence[tuple[str, str]] = (), *, following: str = "") -> str:
    """SELECT of contacts with a known key, legs joined, and the packed starts of *neighbours* beside each.

    A neighbour is a window function and the name of its column; PLACE numbers the contacts in order.
    *following* is SQL that holds for the calls that may be the next one.
    """
    columns = ", ".join(contacts.columns)
    keyed = f"{contacts.table} WHERE k IS NOT NULL"
    if contacts.transferred is None:
        return f"SELECT {columns}{_beside(neighbours, following)} FROM {keyed}"
    plain = f"SELECT {columns} FROM {contacts.table} ANTI JOIN {contacts.transferred} USING (k) WHERE k IS NOT NULL"
    return (
        f"SELECT {columns}{_beside(neighbours, following)} FROM ({plain}) plain "
        f"UNION ALL {_heads_sql(contacts, neighbours, following)}"
    )


def _heads_sql(contacts: Contacts, neighbours: Sequence[tuple[str, str]], following: str) -> str:
    """Calls with their legs joined: of each chain only the head and the last leg are kept, side by side."""
    start, differ = contacts.packing.start, contacts.packing.differ
    around = [f"lag({c}) {ORDER} AS {c}0" for c in ("p", "e", "transferred")] + [f"lead(p) {ORDER} AS p1"]
    is_leg = f"coalesce(transferred0 AND NOT {differ('p', 'p0')} AND abs({start('p')} - e0) <= {LEG_MS}, FALSE)"
    goes_on = f"coalesce(transferred AND NOT {differ('p', 'p1')} AND abs({start('p1')} - e) <= {LEG_MS}, FALSE)"
    ends = {"e": f"CASE WHEN goes_on THEN lead(e) {ORDER} ELSE e END AS e"}
    columns = ", ".join(ends.get(name, name) for name in contacts.columns)
    around_sql = f"SELECT *, {', '.join(around)} FROM {contacts.table} SEMI JOIN {contacts.transferred} USING (k)"
    linked_sql = f"SELECT *, {is_leg} AS is_leg, {goes_on} AS goes_on FROM ({around_sql}) around"
    beside = _beside(neighbours, following, "NOT is_leg")
    ends_sql = f"SELECT is_leg, {columns}{beside} FROM ({linked_sql}) linked WHERE NOT (is_leg AND goes_on)"
    found = ", ".join([*contacts.columns, *(name for _, name in neighbours)])
    return f"SELECT {found} FROM ({ends_sql}) ends WHERE NOT is_leg"


def _beside(neighbours: Sequence[tuple[str, str]], following: str, head: str = "") -> str:
    """Columns of packed starts beside a row: of the next one that is *following*; both of a call's *head* only."""
    columns = []
    for function, name in neighbours:
        if function == "row_number":
            columns.append(f", row_number() {ORDER} AS {name}")
            continue
        condition = " AND ".join(c for c in (head, following if function == "lead" else "") if c)
        start = f"CASE WHEN {condition} THEN p END IGNORE NULLS" if condition else "p"
        columns.append(f", {function}({start}) {ORDER} AS {name}")
    return "".join(columns)
