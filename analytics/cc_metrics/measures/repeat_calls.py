"""Repeat-call rate: answered calls in some window W with k or more answered calls of their customer (METRICS 3)."""

from cc_metrics.measures.contacts import ORDER, Contacts, rows_sql


def often_sql(contacts: Contacts, calls: int, window_ms: int) -> str:
    """SELECT of answered calls with *often*: the call lies in some window with that many answered calls of its key.

    *mixed* holds where the next row under one k is another customer's.
    """
    packing, names = contacts.packing, ", ".join(["e", *contacts.dimensions])
    moves = [f"lag(p, {n}) {ORDER} AS back{n}, lead(p, {n}) {ORDER} AS on{n}" for n in range(1, calls)]
    spans = []
    for behind in range(calls):
        first = packing.start(f"back{behind}" if behind else "p")
        last = packing.start(f"on{calls - 1 - behind}" if calls - 1 - behind else "p")
        spans.append(f"coalesce({last} - {first} <= {window_ms}, FALSE)")
    mixed = packing.differ("p", "on1") if calls > 1 else "FALSE"
    return (
        f"SELECT {names}, ({' OR '.join(spans)}) AS often, {mixed} AS mixed FROM "
        f"(SELECT {', '.join([names, 'p', *moves])} FROM ({rows_sql(contacts)}) calls WHERE a) answered"
    )
