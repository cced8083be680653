"""Tallies of promises with a date: done by then, on average, appointments, a backlog."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from cc_metrics.language import Said, said
from cc_metrics.measures import turnaround as measure
from cc_metrics.measures.shares import share
from cc_metrics.model.case_terms import Backlog, Turnaround
from cc_metrics.model.dates import day_text
from cc_metrics.model.deadlines import Table
from cc_metrics.model.durations import DAY, HOUR
from cc_metrics.model.intervals import bucket_sql
from cc_metrics.model.promise import Policy, Promise
from cc_metrics.model.selection import Selection
from cc_metrics.model.zones import local_day
from cc_metrics.reporting import case_days, period
from cc_metrics.reporting.ledger import Ledger, Ledgers
from cc_metrics.reporting.tally import Tally
from cc_metrics.store import late
from cc_metrics.store.opened_cases import OpenedCases


def asked_of(opened: OpenedCases, terms: Turnaround, as_of_ms: int) -> measure.Asked:
    """The terms with the SQL that finds a case's row in their table of deadlines."""
    if not isinstance(terms.deadline, Table):
        return measure.Asked(terms, as_of_ms)
    rows = [" AND ".join(opened.selected(Selection(row.where))) or "TRUE" for row in terms.deadline.rows]
    chosen = " ".join(f"WHEN {condition} THEN {number}" for number, condition in enumerate(rows))
    return measure.Asked(terms, as_of_ms, f"CASE {chosen} END")


def turnaround(ledgers: Ledgers, promise: Promise) -> Tally:
    """Cases done by their deadline of those due in the period, or the mean time of those closed in it."""
    ledger, terms = ledgers.of["cases"], cast("Turnaround", promise.terms)
    unknown = next((name for name in (terms.start, terms.end) if name not in ledger.opened.recorded), "")
    if unknown:
        return Tally(0, 0, refused=said("the source does not record {column}", column=unknown))
    asked = asked_of(ledger.opened, terms, ledger.as_of_ms)
    if asked.net and not _recorded(ledger, "paused_ms"):
        return Tally(0, 0, refused=said("the source records no paused time to take off"))
    if promise.shape == "mean_at_most":
        return _mean(ledger, promise, asked)
    return _due(ledger, promise, asked)


def _recorded(ledger: Ledger, column: str) -> bool:
    return bool(ledger.opened.engine.value(f"SELECT count({column}) > 0 FROM {ledger.opened.view}"))


def _due(ledger: Ledger, promise: Promise, asked: measure.Asked) -> Tally:
    tally, found = case_days.tally(ledger, promise, lambda conditions: due_rows(ledger, asked, conditions))
    return replace(tally, beside=(*_beside(ledger, found, net=asked.net), *_reversed(ledger, promise, asked)))


def _reversed(ledger: Ledger, promise: Promise, asked: measure.Asked) -> list[str]:
    """How many cases ended before they began, by their own moments."""
    opened, conditions = ledger.opened, asked.reversed_()
    if not conditions:
        return []
    where = " AND ".join([*conditions, ledger.inside("opened_ms"), *ledger.where(promise)])
    number = opened.engine.value(f"SELECT count(*) FROM {opened.view} WHERE {where}")
    return [said("{n:,} opened in the period ended before they began: left out", n=number)] if number else []


def due_rows(ledger: Ledger, asked: measure.Asked, conditions: Sequence[str], by: str = "") -> list[dict[str, Any]]:
    """Counts of cases by their deadline: a row for each local day of opening, or for each value of *by*."""
    opened = ledger.opened
    timings = [asked.due(), *([asked.due(pauses=False)] if asked.net else [])]
    keep = ["opened_ms", "start_ms", "done_ms", *([f"{by} AS owed_by"] if by else [])]
    timed = opened.timed(timings, asked.source(opened.view, conditions), keep)
    needs = measure.due_needs(asked, ledger.period, opened.offsets)
    group = "owed_by" if by else bucket_sql("opened_ms", "1d", opened.offsets)
    figures = ", ".join(f"{sql} AS {name}" for name, sql in needs.items())
    return opened.engine.records(f"SELECT {group} AS bucket, {figures} FROM {timed} timed GROUP BY 1 ORDER BY 1")


def _beside(ledger: Ledger, found: Mapping[str, int], *, net: bool) -> tuple[str, ...]:
    """What stands beside timeliness: the cases closed in the period, the overdue stock, what is due next."""
    beside = []
    if found.get("closed"):
        kept, closed = found["closed_kept"], found["closed"]
        share_kept = 100 * kept / closed
        beside.append(
            said("closed in the period: {n:,} of {all:,} in time ({share:.1f} %)", n=kept, all=closed, share=share_kept)
        )
    if found.get("overdue"):
        oldest = day_text(local_day(found["oldest_last_ms"], ledger.opened.offsets))
        beside.append(said("open and overdue: {n:,}, the oldest since {day}", n=found["overdue"], day=oldest))
    if found.get("today") or found.get("tomorrow"):
        beside.append(said("due today {n:,}, tomorrow {next:,}", n=found["today"], next=found["tomorrow"]))
    if net:
        beside.append(_gross(found.get("gross_kept", 0), found.get("gross_settled", 0)))
    if found.get("unstarted"):
        beside.append(said("{n:,} opened in the period never began and have no deadline", n=found["unstarted"]))
    if found.get("without_deadline"):
        beside.append(said("{n:,} opened in the period fit no row of the deadlines", n=found["without_deadline"]))
    return tuple(beside)


def _gross(part: int, whole: int) -> Said:
    value = share(part, whole)
    if value is None:
        return said("paused time taken off; with it counted none")
    sentence = said("{share:.1f} % of {n:,}", share=100 * value, n=whole)
    return said("paused time taken off; with it counted {gross}", gross=sentence)


def _mean(ledger: Ledger, promise: Promise, asked: measure.Asked) -> Tally:
    opened = ledger.opened
    source = asked.source(opened.view, ledger.where(promise))
    timed = opened.timed([asked.elapsed()], source, ["opened_ms", "start_ms", "done_ms"])
    needs = measure.elapsed_needs(asked, ledger.period)
    figures = ", ".join(f"{sql} AS {name}" for name, sql in needs.items())
    [found] = opened.engine.records(f"SELECT {figures} FROM {timed} timed")
    beside: list[str] = []
    if found["open"]:
        everyone, total = found["closed"] + found["open"], found["total_ms"] + found["open_ms"]
        floor = total / everyone
        kept = found["closed"] and found["total_ms"] <= 1_000 * promise.target * found["closed"]
        breaks = kept and floor > 1_000 * promise.target
        beside.append(_floor(found["open"], floor, breaks=breaks))
    if asked.net and found["closed"]:
        gross = _length(found["gross_ms"] / found["closed"])
        beside.append(said("paused time taken off; with it counted {gross}", gross=gross))
    if found["unstarted"]:
        beside.append(said("{n:,} closed in the period never began", n=found["unstarted"]))
    if found.get("overpaused"):
        beside.append(said("{n:,} were paused for longer than they took: left out", n=found["overpaused"]))
    beside += _reversed(ledger, promise, asked)
    total_ms, closed = found["total_ms"], found["closed"]
    return Tally(0, closed, found["open"], total_ms=total_ms, squares=found["squares"], beside=tuple(beside))


def _floor(number: int, floor_ms: float, *, breaks: bool) -> Said:
    """The mean if all open cases were closed now, and whether it breaks the promise."""
    floor = _length(floor_ms)
    if not breaks:
        return said("{n:,} open; the mean if all were closed now: {floor}", n=number, floor=floor)
    return said(
        "kept so far: {n:,} open cases would break it; the mean if all were closed now: {floor}", n=number, floor=floor
    )


def _length(length_ms: float) -> Said:
    if length_ms >= 2 * DAY:
        return said("{n:.2f} days", n=length_ms / DAY)
    return said("{n:.1f} hours", n=length_ms / HOUR)


def backlog_cleared(ledgers: Ledgers, promise: Promise) -> Tally:
    """The cases open at a moment, done within a time from then."""
    ledger, terms = ledgers.of["cases"], cast("Backlog", promise.terms)
    opened = ledger.opened
    if "resolved_at" not in opened.recorded:
        return Tally(0, 0, refused=said("the source does not record {column}", column="resolved_at"))
    waiting = period.moment(terms.waiting_at, opened.offsets, "waiting_at")
    due = waiting + terms.within_ms
    done = f"CASE WHEN resolved_ms <= {ledger.as_of_ms} THEN resolved_ms END"
    where = [f"opened_ms < {waiting}", f"(resolved_ms IS NULL OR resolved_ms >= {waiting})", *ledger.where(promise)]
    [(owed, kept)] = opened.engine.rows(
        f"SELECT count(*), count(*) FILTER (WHERE {done} <= {due}) FROM {opened.view} WHERE {' AND '.join(where)}"
    )
    if due > ledger.as_of_ms:
        needs = said("too early: the time runs until after the data; {n:,} of {all:,} are done", n=kept, all=owed)
        return Tally(0, 0, owed, needs=needs)
    return Tally(kept, owed)


def late_cases(ledger: Ledger, policy: Policy) -> list[late.List]:
    """The cases behind each promise with a deadline: settled in the period and not in time, by how much."""
    found, opened = [], ledger.opened
    for promise in policy.promises:
        if not isinstance(promise.terms, Turnaround) or promise.terms.deadline is None:
            continue
        if promise.terms.end not in opened.recorded:
            continue
        asked = asked_of(opened, promise.terms, ledger.as_of_ms)
        keep = ["file", "row", "case_id", "kind", "owner", "opened_ms", "done_ms"]
        timed = opened.timed([asked.due()], asked.source(opened.view, ledger.where(promise)), keep)
        lost = f"NOT coalesce({measure.in_time(asked)}, FALSE)"
        settled = f"case_due_ms <= {ledger.as_of_ms} AND {ledger.period.sql('case_last_ms')}"
        found.append(late.cases(opened, promise.name, timed, f"{settled} AND {lost}", ledger.as_of_ms))
    return found
