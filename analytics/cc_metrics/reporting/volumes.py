"""Tallies of how many cases came: months without any, more or fewer than before a day."""

from dataclasses import replace
from datetime import date
from typing import cast

from cc_metrics.language import Said, said
from cc_metrics.measures import months_without_cases as without
from cc_metrics.measures import volumes
from cc_metrics.measures.months import whole_months
from cc_metrics.model.case_terms import MonthsWithout, Volume
from cc_metrics.model.dates import day_text
from cc_metrics.model.intervals import Period, bucket_sql
from cc_metrics.model.promise import Promise
from cc_metrics.model.zones import day_of
from cc_metrics.reporting import unrecorded
from cc_metrics.reporting.ledger import Ledger, Ledgers
from cc_metrics.reporting.tally import Tally


def by_month(ledger: Ledger, promise: Promise) -> list[tuple[date, int]]:
    """A promise's cases by the month of opening, for each whole month of the period that the data reach."""
    opened = ledger.opened
    where = " AND ".join([ledger.inside("opened_ms"), *ledger.where(promise)])
    month = bucket_sql("opened_ms", "1mo", opened.offsets)
    rows = opened.engine.rows(f"SELECT {month}, count(*) FROM {opened.view} WHERE {where} GROUP BY 1")
    counts = {day_of(bucket): number for bucket, number in rows}
    return [
        (found, counts.get(found, 0)) for found in whole_months(ledger.period.until(ledger.as_of_ms), opened.offsets)
    ]


def months_without_cases(ledgers: Ledgers, promise: Promise) -> Tally:
    """The latest whole months of the period without any case."""
    ledger, asked = ledgers.of["cases"], cast("MonthsWithout", promise.terms).months
    months = by_month(ledger, promise)
    beside: tuple[str, ...] = (without.spoken(months),) if months else ()
    if len(months) < asked:
        return Tally(0, 0, needs=_too_few(len(months), asked), beside=beside)
    run = without.run(months)
    refused, unsaid = unrecorded.number(ledger, promise, ledger.inside("opened_ms"))
    beside += (said("months without any, up to the latest: {n}", n=run), *unsaid)
    return Tally(min(run, asked), asked, refused=refused, beside=beside)


def _too_few(months: int, asked: int) -> Said:
    if months == 1:
        return said("the period has 1 whole month, {asked} are asked for", asked=asked)
    return said("the period has {n} whole months, {asked} are asked for", n=months, asked=asked)


def case_volume(ledgers: Ledgers, promise: Promise) -> Tally:
    """Cases opened since a day against as long a stretch before it."""
    ledger = ledgers.of["cases"]
    opened, since = ledger.opened, cast("date", promise.since)
    before, now = volumes.stretches(ledger.period.until(ledger.as_of_ms), since, opened.offsets)
    needs = lacking(since, before, now, ledger.known_from_ms)
    if needs:
        return Tally(0, 0, needs=needs)

    def number(part: Period) -> int:
        where = " AND ".join([part.sql("opened_ms"), *ledger.where(promise)])
        return int(opened.engine.value(f"SELECT count(*) FROM {opened.view} WHERE {where}"))

    refused, unsaid = unrecorded.number(ledger, promise, Period(before.from_ms, now.to_ms).sql("opened_ms"))
    found = changed(promise, number(before), number(now))
    return replace(found, refused=refused, beside=(*found.beside, *unsaid))


def lacking(since: date, before: Period, now: Period, first_ms: int) -> str:
    """Why two stretches can't be compared in data that begin at a moment; "" where they can."""
    if now.from_ms >= now.to_ms:
        return said("the period ends before {day}", day=day_text(since))
    if before.from_ms < first_ms:
        return said("the data do not reach as far before {day} as the period after it", day=day_text(since))
    return ""


def changed(promise: Promise, before: int, now: int) -> Tally:
    """How much more or fewer came since a day than before it (of cases or calls)."""
    since = cast("date", promise.since)
    kept, settled = volumes.change(before, now, rises=cast("Volume", promise.terms).rises)
    day = day_text(since)
    beside = (said("{before:,} before, {now:,} since {day}", before=before, now=now, day=day),)
    needs = "" if settled else said("nothing came before {day} to compare with", day=day)
    return Tally(kept if settled else 0, settled, needs=needs, beside=beside)
