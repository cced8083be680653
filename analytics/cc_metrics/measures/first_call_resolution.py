"""First-call resolution: the customer did not have to contact us again (METRICS 3).

The SQL runs once for each share of the customers, so that memory and spill stay bounded; all it
leaves behind adds up: counts by quarter-hour in which the calls ended, times to the next contact for
Kaplan-Meier, and customers by (resolved, settled).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from cc_metrics.measures.shares import share
from cc_metrics.model.durations import QUARTER_HOUR, SECOND
from cc_metrics.model.promise import ResolutionTerms

MEANING: Final = (
    "First-call resolution: answered calls with a known customer whose customer did not contact again within the "
    "window after the call's end; only calls whose whole window was observed are counted."
)
FORMULA: Final = "resolved / settled, settled: end + W <= as_of and no unobserved day in the window"
LEG_MS: Final = 5 * SECOND
_ORDER: Final = "OVER (PARTITION BY k ORDER BY s, call_id)"

COUNTS: Final = ("answered", "with_key", "too_recent", "eligible", "resolved", "naive_resolved")
"""Columns of the counts that add up."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What was observed: as_of, the first moment of the data, unobserved stretches [from, to), all UTC ms."""

    as_of_ms: int
    first_ms: int
    unobserved: tuple[tuple[int, int], ...] = ()

    def touched(self, start: str, end: str) -> str:
        """SQL that holds where an unobserved stretch touches the window from *start* to *end*."""
        spans = [f"({end} > {a} AND {start} < {b})" for a, b in self.unobserved]
        return f"({' OR '.join(spans)})" if spans else "FALSE"

    def watched_until(self, end: str) -> str:
        """SQL for the moment until which a call that ended at *end* was watched."""
        cases = " ".join(f"WHEN {end} < {b} THEN {min(a, self.as_of_ms)}" for a, b in self.unobserved)
        return f"CASE {cases} ELSE {self.as_of_ms} END" if cases else str(self.as_of_ms)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the calls: terms, what was observed, dimensions (engine names), share of customers.

    *transferred* names a table of the customers k that have a transferred call: only theirs can have legs.
    None where the source does not tell transfers.
    """

    terms: ResolutionTerms
    watch: Watch
    dimensions: tuple[str, ...]
    transferred: str | None = None
    parts: int = 1


def judged_sql(question: Question, source: str, part: int) -> str:
    """SELECT with one row per judged call (or issue): key, end, next start, dimensions, settled, quiet."""
    terms, window, watch = question.terms, question.terms.window_ms, question.watch
    rows = _contacts_sql(question, source, part)
    settled = f"e + {window} <= {watch.as_of_ms} AND NOT {watch.touched('e', f'e + {window}')}"
    chosen = "a"
    if terms.unit == "issue":
        rows = _issues_sql(rows, window)
        chosen = "a AND (before IS NULL OR before < place)"
        settled += f" AND issue_s >= {watch.first_ms + window}"
        settled += f" AND NOT {watch.touched(f'issue_s - {window}', 'issue_s')}"
    columns = [
        *("k", "e", "next_s", "mixed", *question.dimensions),
        f"e + {window} > {watch.as_of_ms} AS too_recent",
        f"({settled}) AS settled",
        f"(next_s IS NULL OR next_s > e + {window}) AS quiet",
    ]
    return f"SELECT {', '.join(columns)} FROM ({rows}) judged WHERE {chosen}"


def issues_sql(question: Question, source: str, part: int) -> str:
    """SELECT of one number: the issues of a share of the customers, answered or never."""
    contacts, window = _contacts_sql(question, source, part), question.terms.window_ms
    return f"SELECT count(*) FROM ({contacts}) contacts WHERE last_s IS NULL OR s - last_s > {window}"


def key_sql(key: Sequence[str], separator: str) -> str:
    """SQL for the customer key: one column, or several joined; NULL where one is not recorded."""
    return f" || {separator} || ".join(key)


def _contacts_sql(question: Question, source: str, part: int) -> str:
    """Rows in order by key with the next start (and the last), legs joined to the call they belong to."""
    share_of = f" AND hash(k) % {question.parts} = {part}" if question.parts > 1 else ""
    keyed = f"SELECT * FROM {source} WHERE name IS NOT NULL{share_of}"
    if question.transferred is None:
        return f"SELECT {_columns(question)}, {_neighbours(question.terms)} FROM ({keyed}) keyed"
    return (
        f"SELECT {_columns(question)}, {_neighbours(question.terms)} "
        f"FROM (SELECT {_columns(question)} FROM ({keyed}) keyed ANTI JOIN {question.transferred} USING (k)) plain "
        f"UNION ALL {_heads_sql(question, keyed)}"
    )


def _columns(question: Question, end: str = "e") -> str:
    return ", ".join(["k", "name", "s", f"{end} AS e", "call_id", "a", *question.dimensions])


def _heads_sql(question: Question, keyed: str) -> str:
    """Calls with their legs joined: of each chain only the head and the last leg are kept, side by side."""
    around = [f"lag({c}) {_ORDER} AS {c}0" for c in ("e", "transferred", "name")]
    around += [f"lead({c}) {_ORDER} AS {c}1" for c in ("s", "name")]
    is_leg = f"coalesce(transferred0 AND name = name0 AND abs(s - e0) <= {LEG_MS}, FALSE)"
    goes_on = f"coalesce(transferred AND name = name1 AND abs(s1 - e) <= {LEG_MS}, FALSE)"
    chain_end = f"CASE WHEN goes_on THEN lead(e) {_ORDER} ELSE e END"
    names = ", ".join([*("k", "name", "s", "e", "call_id", "a"), *question.dimensions, *_found(question.terms)])
    around_sql = f"SELECT *, {', '.join(around)} FROM ({keyed}) keyed SEMI JOIN {question.transferred} USING (k)"
    linked_sql = f"SELECT *, {is_leg} AS is_leg, {goes_on} AS goes_on FROM ({around_sql}) around"
    ends_sql = (
        f"SELECT is_leg, {_columns(question, chain_end)}, {_neighbours(question.terms, 'NOT is_leg')} "
        f"FROM ({linked_sql}) linked WHERE NOT (is_leg AND goes_on)"
    )
    return f"SELECT {names} FROM ({ends_sql}) ends WHERE NOT is_leg"


def _neighbours(terms: ResolutionTerms, head: str = "") -> str:
    """The next start (and the last); *mixed* where a neighbour under one k bears another name.

    *head* is SQL that holds for rows that count as contacts, empty where all do.
    """
    following = " AND ".join([*([head] if head else []), *(["a"] if terms.repeats == "answered" else [])])
    start, name = (f"lead({_where(c, following)}) {_ORDER}" for c in ("s", "name"))
    if terms.unit == "call":
        return f"{start} AS next_s, {name} <> name AS mixed"
    last_start, last_name = (f"lag({_where(c, head)}) {_ORDER}" for c in ("s", "name"))
    return f"{start} AS next_s, {last_start} AS last_s, {name} <> name OR {last_name} <> name AS mixed"


def _where(column: str, condition: str) -> str:
    return f"CASE WHEN {condition} THEN {column} END IGNORE NULLS" if condition else column


def _found(terms: ResolutionTerms) -> list[str]:
    return ["next_s", *(["last_s"] if terms.unit == "issue" else []), "mixed"]


def _issues_sql(contacts: str, window: int) -> str:
    """Contacts with the place and start of their issue, and the place of the last answered one before."""
    order = "PARTITION BY k ORDER BY s, call_id"
    return (
        f"WITH contacts AS ({contacts}), "
        f"placed AS (SELECT *, row_number() OVER ({order}) AS row_place, "
        f"(last_s IS NULL OR s - last_s > {window}) AS opens FROM contacts) "
        f"SELECT *, max(CASE WHEN opens THEN row_place END) OVER ({order} ROWS UNBOUNDED PRECEDING) AS place, "
        f"max(CASE WHEN opens THEN s END) OVER ({order} ROWS UNBOUNDED PRECEDING) AS issue_s, "
        f"max(CASE WHEN a THEN row_place END) OVER ({order} "
        "ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before "
        "FROM placed"
    )


def repeat_rate_sql(question: Question, source: str, part: int) -> str:
    """SELECT of judged calls with *often*: the call lies in some window W with k answered calls of its key."""
    number, window = question.terms.repeat_calls or 0, question.terms.window_ms
    plain = replace(question, terms=ResolutionTerms(window))
    contacts = _contacts_sql(plain, source, part)
    moves = [f"lag(s, {n}) {_ORDER} AS back{n}, lead(s, {n}) {_ORDER} AS on{n}" for n in range(1, number)]
    spans = []
    for behind in range(number):
        first = f"back{behind}" if behind else "s"
        last = f"on{number - 1 - behind}" if number - 1 - behind else "s"
        spans.append(f"coalesce({last} - {first} <= {window}, FALSE)")
    return (
        f"SELECT *, ({' OR '.join(spans)}) AS often FROM "
        f"(SELECT k, e, s, {''.join(d + ', ' for d in question.dimensions)}{', '.join(moves)} "
        f"FROM ({contacts}) contacts WHERE a) answered"
    )


@dataclass(frozen=True, slots=True)
class Groups:
    """What judged rows are counted by.

    *bucket* and *dimensions* (alias -> SQL) are the groups of Kaplan-Meier, for rows that fulfil
    *condition*, where *timed*; *customers* is one condition for each set whose customers are grouped.
    """

    bucket: str
    dimensions: Mapping[str, str]
    condition: str
    customers: tuple[str, ...] = ()
    timed: bool = True


COUNTED: Final = 0
TIMED: Final = 1
BY_CUSTOMER: Final = 2


def counted_sql(judged: str, question: Question, groups: Groups) -> str:
    """All counts of judged rows in one reading, told apart by *kind*.

    COUNTED: by quarter-hour of the end (start_ms) and dimension. TIMED: watched seconds t by group, repeats
    seen and rows leaving, for Kaplan-Meier. BY_CUSTOMER: (resolved, settled) of each customer and set.
    """
    window_s = -(-question.terms.window_ms // SECOND)
    until, before_dark = question.watch.watched_until("e"), _before_dark(question.watch)
    seen = f"(next_s IS NOT NULL AND next_s <= {question.watch.as_of_ms} AND {before_dark})"
    watched = f"greatest(0, CAST(CEIL((CASE WHEN {seen} THEN next_s ELSE {until} END - e) / 1000.0) AS BIGINT))"
    dimensions, aliases = list(question.dimensions), list(groups.dimensions)
    prepared = [
        *("k", "mixed", "too_recent", "settled", "quiet", *dimensions, f"{seen} AS seen"),
        f"e - e % {QUARTER_HOUR} AS start_ms",
        f"{groups.bucket} AS bucket",
        *(f"{sql} AS {alias}" for alias, sql in groups.dimensions.items()),
        f"CASE WHEN {groups.condition} THEN CAST(least({watched}, {window_s + 1}) AS INTEGER) END AS t",
        *(f"settled AND {condition} AS of{i}" for i, condition in enumerate(groups.customers)),
    ]
    sets = {COUNTED: ["start_ms", *dimensions]}
    sets |= {TIMED: ["bucket", *aliases, "t"]} if groups.timed else {}
    sets |= {BY_CUSTOMER: ["k"]} if groups.customers else {}
    keys = list(dict.fromkeys(key for one in sets.values() for key in one))
    cases = [f"WHEN GROUPING({one[0]}) = 0 THEN {kind}" for kind, one in sets.items()]
    kind = f"CASE {' '.join(cases)} END" if len(sets) > 1 else str(COUNTED)
    figures = [
        "count(*) AS with_key",
        "count(*) FILTER (WHERE too_recent) AS too_recent",
        "count(*) FILTER (WHERE settled) AS eligible",
        "count(*) FILTER (WHERE settled AND quiet) AS resolved",
        "count(*) FILTER (WHERE quiet) AS naive_resolved",
        "count(*) FILTER (WHERE seen) AS seen",
        "count(*) FILTER (WHERE mixed) AS mixed",
        *(f"count(*) FILTER (WHERE of{i} AND quiet) AS y{i}" for i in range(len(groups.customers))),
        *(f"count(*) FILTER (WHERE of{i}) AS n{i}" for i in range(len(groups.customers))),
    ]
    return (
        f"SELECT {kind} AS kind, {', '.join([*keys, *figures])} "
        f"FROM (SELECT {', '.join(prepared)} FROM ({judged}) judged) prepared "
        f"GROUP BY GROUPING SETS ({', '.join('(' + ', '.join(one) + ')' for one in sets.values())})"
    )


def _before_dark(watch: Watch) -> str:
    """SQL that holds where the next start comes before the first unobserved stretch after the end."""
    spans = " ".join(f"WHEN e < {b} THEN next_s < {a}" for a, b in watch.unobserved)
    return f"CASE {spans} ELSE TRUE END" if spans else "TRUE"


def kaplan_meier_sql(times: str, names: Sequence[str], window_ms: int) -> str:
    """SELECT of the estimate at the window by group; NULL where nobody was watched that long."""
    window_s = -(-window_ms // SECOND)
    by = ", ".join(names)
    added = (
        f"SELECT {by}, t, CAST(sum(seen) AS BIGINT) AS repeats, CAST(sum(with_key) AS BIGINT) AS leaving "
        f"FROM {times} WHERE kind = {TIMED} AND t IS NOT NULL GROUP BY ALL"
    )
    at_risk = f"CAST(sum(leaving) OVER (PARTITION BY {by} ORDER BY t DESC) AS BIGINT)"
    within = f"repeats > 0 AND t <= {window_s}"
    return (
        f"WITH added AS ({added}), risk AS (SELECT *, {at_risk} AS at_risk FROM added) "
        f"SELECT {by}, CASE WHEN max(t) < {window_s} THEN NULL "
        f"WHEN count(*) FILTER (WHERE {within} AND repeats = at_risk) > 0 THEN 0.0 "
        f"ELSE round(exp(coalesce(sum(CASE WHEN {within} AND repeats < at_risk "
        "THEN ln(1.0 - CAST(repeats AS DOUBLE) / at_risk) END), 0.0)), 9) END AS kaplan_meier "
        f"FROM risk GROUP BY {by}"
    )


def figures(counts: Mapping[str, Any]) -> dict[str, Any]:
    """Public columns from the counts of one group.

    >>> figures(dict(answered=9, with_key=8, too_recent=1, eligible=5, resolved=4, naive_resolved=6))["value"]
    0.8
    """
    return {
        **{name: counts[name] for name in ("answered", "with_key", "too_recent", "eligible", "resolved")},
        "value": share(counts["resolved"], counts["eligible"]),
        "naive": share(counts["naive_resolved"], counts["with_key"]),
    }
