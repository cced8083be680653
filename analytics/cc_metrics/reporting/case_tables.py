"""The tables of cases: turnaround by kind and what was asked for, the stock by promise and owner."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from cc_metrics.measures import case_counts
from cc_metrics.measures import turnaround as measure
from cc_metrics.model import zones
from cc_metrics.model.case_terms import Turnaround
from cc_metrics.model.intervals import bucket_sql, buckets_between, start_text
from cc_metrics.model.promise import Policy, Promise
from cc_metrics.model.report import Row
from cc_metrics.reporting import answers, case_curves, period
from cc_metrics.reporting.ledger import Ledger, Ledgers
from cc_metrics.reporting.request import Request
from cc_metrics.reporting.timeliness import asked_of, due_rows


def tables(ledgers: Ledgers, policy: Policy, request: Request) -> dict[str, Any]:
    """The fields of a report that its cases and answers fill."""
    ledger, asked = ledgers.of.get("cases"), ledgers.of.get("satisfaction")
    found: dict[str, Any] = {"answers": answers.table(asked, policy)} if asked else {}
    if ledger is None:
        return found
    known = tuple(name for name in request.by if name in ledger.opened.dimensions and name != "kind")
    return found | {
        "cases": turnaround(ledger, policy, ("kind", *known), request.every),
        "curves": case_curves.table(ledger, policy) if request.pictures else (),
        "stock": stock(ledger, policy),
        "about_cases": period.head(ledger.judged, ledger.opened.offsets, ledger.opened.zone),
    }


def turnaround(ledger: Ledger, policy: Policy, by: Sequence[str], every: str) -> tuple[Row, ...]:
    """One row for each combination of dimensions (and interval): opened, closed, open, how long the closed ones took.

    What was due is counted by the first promise of the policy from opening to resolution that speaks of a case.
    """
    opened = ledger.opened
    keys = {f"d{i}": opened.column(name) for i, name in enumerate(by)}
    named = "".join(f", {sql} AS {key}" for key, sql in keys.items())
    source = f"(SELECT *{named} FROM {_timed(ledger, policy)} named)"
    rows = _whole(ledger, source, tuple(keys)) if every == "all" else _by_interval(ledger, source, tuple(keys), every)
    return tuple(
        {
            "start": row["start"],
            **{name: row[key] for name, key in zip(by, keys, strict=True)},
            **case_counts.figures(row, ends="resolved_at" in opened.recorded),
        }
        for row in rows
    )


def _timed(ledger: Ledger, policy: Policy) -> str:
    """The cases with done_ms and the deadline that the first promise sets which speaks of them."""
    opened = ledger.opened
    plain = measure.Asked(Turnaround(), ledger.as_of_ms)
    source = plain.source(opened.view, ledger.conditions)
    timings, due, last = [], [], []
    for number, promise in enumerate(p for p in policy.promises if _from_opening(p)):
        name = f"promise{number}"
        asked = asked_of(opened, cast("Turnaround", promise.terms), ledger.as_of_ms)
        timings.append(replace(asked.due(), name=name, row=asked.row))
        fits = " AND ".join(opened.selected(promise.selection)) or "TRUE"
        due.append(f"WHEN {fits} THEN {name}_due_ms")
        last.append(f"WHEN {fits} THEN {name}_last_ms")
    timed = opened.timed(timings, source, ["*"]) if timings else source
    edges = {"case_due_ms": due, "case_last_ms": last}
    columns = [
        f"{'CASE ' + ' '.join(cases) + ' END' if cases else 'CAST(NULL AS BIGINT)'} AS {name}"
        for name, cases in edges.items()
    ]
    return f"(SELECT *, {', '.join(columns)} FROM {timed} timed)"


def _from_opening(promise: Promise) -> bool:
    """Whether a promise sets a deadline from a case's opening to its resolution."""
    terms = promise.terms
    if not isinstance(terms, Turnaround) or terms.deadline is None or promise.since is not None:
        return False
    return (terms.start, terms.end) == ("opened_at", "resolved_at")


def _whole(ledger: Ledger, source: str, keys: Sequence[str]) -> list[dict[str, Any]]:
    needs = case_counts.needs(ledger.period, ledger.as_of_ms)
    figures = ", ".join(f"{sql} AS {name}" for name, sql in needs.items())
    rows = ledger.opened.engine.records(
        f"SELECT {', '.join([*keys, figures])} FROM {source} cases GROUP BY ALL {_ordered(keys)}"
    )
    return [{**row, "start": None} for row in rows if row["opened"] + row["closed"] + row["open"] + row["due"]]


def _ordered(keys: Sequence[str]) -> str:
    return f"ORDER BY {', '.join(f'{key} NULLS LAST' for key in keys)}" if keys else ""


def _by_interval(ledger: Ledger, source: str, keys: Sequence[str], every: str) -> list[dict[str, Any]]:
    opened = ledger.opened
    events = case_counts.events_sql(source, keys, ledger.period, ledger.as_of_ms)
    inside = f"moment >= {ledger.period.from_ms}"  # what lies before leaves a stock and is not told
    bucket = f"CASE WHEN {inside} THEN {bucket_sql('moment', every, opened.offsets)} END"
    figures = ", ".join(f"{sql} AS {name}" for name, sql in case_counts.event_needs().items())
    rows = opened.engine.records(
        f"SELECT {', '.join([f'{bucket} AS bucket', *keys, figures])} FROM {events} events GROUP BY ALL"
    )
    happened = sorted({row["bucket"] for row in rows if row["bucket"] is not None})
    buckets = buckets_between(ledger.period.from_ms, ledger.last_ms, every, opened.offsets) or happened
    return [
        {**row, "start": start_text(row["bucket"], every, opened.offsets, written=opened.written)}
        for row in case_counts.running(rows, keys, buckets)
    ]


def stock(ledger: Ledger, policy: Policy) -> tuple[Row, ...]:
    """Open cases by promise and owner: overdue with the oldest deadline, due today and tomorrow."""
    found = []
    for promise in policy.promises:
        terms = promise.terms
        if not isinstance(terms, Turnaround) or terms.deadline is None or terms.end not in ledger.opened.recorded:
            continue
        asked = asked_of(ledger.opened, terms, ledger.as_of_ms)
        rows = due_rows(ledger, asked, ledger.where(promise), ledger.opened.column("owner"))
        found += [
            {"promise": promise.name, "owner": row["bucket"], **_stock(ledger, row)}
            for row in rows
            if row["overdue"] or row["today"] or row["tomorrow"]
        ]
    return tuple(found)


def _stock(ledger: Ledger, row: Row) -> Row:
    oldest, opened = row["oldest_due_ms"], ledger.opened
    return {
        "overdue": row["overdue"],
        "oldest_due": None if oldest is None else zones.iso(oldest, opened.offsets, written=opened.written),
        "due_today": row["today"],
        "due_tomorrow": row["tomorrow"],
    }
