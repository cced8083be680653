"""First-call resolution: the customer did not have to contact us again (METRICS 3).

The SQL runs once for each share of the customers, so that memory and spill stay bounded; all it
leaves behind adds up: counts by quarter-hour in which the calls ended, times to the next contact for
Kaplan-Meier, and customers by (resolved, settled).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cc_metrics.measures.contacts import LAST, NEXT, ORDER, PLACE, Contacts, rows_sql
from cc_metrics.measures.shares import share
from cc_metrics.model.durations import QUARTER_HOUR, SECOND
from cc_metrics.model.promise import ResolutionTerms

MEANING: Final = (
    "First-call resolution: answered calls with a known customer whose customer did not contact again within the "
    "window after the call's end; only calls whose whole window was observed are counted."
)
FORMULA: Final = "resolved / settled, settled: end + W <= as_of and no unobserved day in the window"

COUNTS: Final = ("answered", "with_key", "too_recent", "eligible", "resolved", "naive_resolved")
"""Columns of the counts that add up."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What was observed: as_of, first and last start in the data, unobserved stretches [from, to), all UTC ms.

    Where *whole_ms* is not None, some calls that began before it are not known: none of those is settled.
    """

    as_of_ms: int
    first_ms: int
    last_ms: int
    unobserved: tuple[tuple[int, int], ...] = ()
    whole_ms: int | None = None

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
    """What is asked of the contacts: terms and what was observed."""

    terms: ResolutionTerms
    watch: Watch
    contacts: Contacts


def judged_sql(question: Question) -> str:
    """SELECT with one row per judged call: key, end, next start, dimensions, settled, quiet.

    By issue, the row is its first answered call; and the first row of each issue is there beside it, not *chosen*.
    """
    window, watch = question.terms.window_ms, question.watch
    rows = _neighbours_sql(question)
    settled = f"e + {window} <= {watch.as_of_ms} AND NOT {watch.touched('e', f'e + {window}')}"
    settled += f" AND s >= {watch.whole_ms}" if watch.whole_ms is not None else ""
    chosen, kept, opens, and_ = "TRUE", "a", "FALSE", ""
    if question.terms.unit == "issue":
        rows = _issues_sql(rows, window)
        chosen, opens = "(a AND (before IS NULL OR before < place))", "opens"
        if watch.whole_ms is not None:  # an issue that began before is not looked at until it is answered
            opens = f"CASE WHEN issue_s >= {watch.whole_ms} THEN opens ELSE {chosen} END"
        kept, and_ = f"{opens} OR {chosen}", f"{chosen} AND "
        settled += f" AND issue_s >= {watch.first_ms + window}"
        settled += f" AND NOT {watch.touched(f'issue_s - {window}', 'issue_s')}"
    columns = [
        *("k", "e", "next_s", "mixed", *question.contacts.dimensions),
        *(f"{chosen} AS chosen", f"{opens} AS opens"),
        f"{and_}e + {window} > {watch.as_of_ms} AS too_recent",
        f"({and_}{settled}) AS settled",
        f"{and_}(next_s IS NULL OR next_s > e + {window}) AS quiet",
    ]
    return f"SELECT {', '.join(columns)} FROM ({rows}) judged WHERE {kept}"


def _neighbours_sql(question: Question) -> str:
    """Contacts in order by key with the next start (and, by issue, the last one and their place)."""
    packing, by_issue = question.contacts.packing, question.terms.unit == "issue"
    following = "a" if question.terms.repeats == "answered" else ""
    rows = rows_sql(question.contacts, [NEXT, *([LAST, PLACE] if by_issue else [])], following=following)
    found = ["next", *(["last"] if by_issue else [])]
    starts = [f"{packing.start(f'{name}_p')} AS {name}_s" for name in found]
    mixed = " OR ".join(dict.fromkeys(packing.differ("p", f"{name}_p") for name in found))
    return f"SELECT *, {packing.start('p')} AS s, {', '.join(starts)}, {mixed} AS mixed FROM ({rows}) packed"


def _issues_sql(contacts: str, window: int) -> str:
    """Contacts with the place and start of their issue, and the place of the last answered one before."""
    opening = f"SELECT *, (last_s IS NULL OR s - last_s > {window}) AS opens FROM ({contacts}) contacts"
    until = f"{ORDER.removesuffix(')')} ROWS UNBOUNDED PRECEDING)"
    earlier = f"{ORDER.removesuffix(')')} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
    return (
        f"SELECT *, max(CASE WHEN opens THEN place_in_order END) {until} AS place, "
        f"max(CASE WHEN opens THEN s END) {until} AS issue_s, "
        f"max(CASE WHEN a THEN place_in_order END) {earlier} AS before FROM ({opening}) placed"
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


def counted_sql(question: Question, groups: Groups) -> str:
    """All counts of judged rows in one reading, told apart by *kind*.

    COUNTED: by quarter-hour of the end (start_ms) and dimension. TIMED: watched seconds t by group, repeats
    seen and rows leaving, for Kaplan-Meier. BY_CUSTOMER: (resolved, settled) of each customer and set.
    """
    window_s = -(-question.terms.window_ms // SECOND)
    until, before_dark = question.watch.watched_until("e"), _before_dark(question.watch)
    seen = f"(next_s IS NOT NULL AND next_s <= {question.watch.as_of_ms} AND {before_dark})"
    watched = f"greatest(0, CAST(CEIL((CASE WHEN {seen} THEN next_s ELSE {until} END - e) / 1000.0) AS BIGINT))"
    dimensions, aliases = list(question.contacts.dimensions), list(groups.dimensions)
    prepared = [
        *("k", "mixed", "chosen", "opens", "too_recent", "settled", "quiet", *dimensions, f"{seen} AS seen"),
        f"e - e % {QUARTER_HOUR} AS start_ms",
        f"{groups.bucket} AS bucket",
        *(f"{sql} AS {alias}" for alias, sql in groups.dimensions.items()),
        f"CASE WHEN chosen AND {groups.condition} THEN CAST(least({watched}, {window_s + 1}) AS INTEGER) END AS t",
        *(f"settled AND {condition} AS of{i}" for i, condition in enumerate(groups.customers)),
    ]
    sets = {COUNTED: ["start_ms", *dimensions]}
    sets |= {TIMED: ["bucket", *aliases, "t"]} if groups.timed else {}
    sets |= {BY_CUSTOMER: ["k"]} if groups.customers else {}
    keys = list(dict.fromkeys(key for one in sets.values() for key in one))
    cases = [f"WHEN GROUPING({one[0]}) = 0 THEN {kind}" for kind, one in sets.items()]
    kind = f"CASE {' '.join(cases)} END" if len(sets) > 1 else str(COUNTED)
    counted = (
        f"SELECT {kind} AS kind, {', '.join([*keys, *_figures(question, groups)])} "
        f"FROM (SELECT {', '.join(prepared)} FROM ({judged_sql(question)}) judged) prepared "
        f"GROUP BY GROUPING SETS ({', '.join('(' + ', '.join(one) + ')' for one in sets.values())})"
    )
    return counted if question.terms.unit == "issue" else f"{counted} UNION ALL BY NAME {_without_key_sql(question)}"


def _figures(question: Question, groups: Groups) -> list[str]:
    """Counts of prepared rows; by call every row is chosen and none opens an issue."""
    by_issue, nothing = question.terms.unit == "issue", "CAST(0 AS BIGINT)"
    return [
        f"count(*){' FILTER (WHERE chosen)' if by_issue else ''} AS with_key",
        f"{'count(*) FILTER (WHERE opens)' if by_issue else nothing} AS opened",
        "count(*) FILTER (WHERE too_recent) AS too_recent",
        "count(*) FILTER (WHERE settled) AS eligible",
        "count(*) FILTER (WHERE settled AND quiet) AS resolved",
        "count(*) FILTER (WHERE quiet) AS naive_resolved",
        f"{'count(*) FILTER (WHERE seen)' if groups.timed else nothing} AS seen",
        "count(*) FILTER (WHERE mixed) AS mixed",
        *(f"count(*) FILTER (WHERE of{i} AND quiet) AS y{i}" for i in range(len(groups.customers))),
        *(f"count(*) FILTER (WHERE of{i}) AS n{i}" for i in range(len(groups.customers))),
        f"{nothing} AS without_key",  # all that a call without a customer counts as
    ]


def _without_key_sql(question: Question) -> str:
    """Answered calls whose customer is not known: they count as answered and nowhere else."""
    names = ", ".join([f"{COUNTED} AS kind", f"e - e % {QUARTER_HOUR} AS start_ms", *question.contacts.dimensions])
    return f"SELECT {names}, count(*) AS without_key FROM {question.contacts.table} WHERE a AND k IS NULL GROUP BY ALL"


def _before_dark(watch: Watch) -> str:
    """SQL that holds where the next start comes before the first unobserved stretch after the end."""
    spans = " ".join(f"WHEN e < {b} THEN next_s < {a}" for a, b in watch.unobserved)
    return f"CASE {spans} ELSE TRUE END" if spans else "TRUE"


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
