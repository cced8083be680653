"""Tallies of rates for each of a base: cases of a month over what there was in it, one base over another."""

from datetime import date
from typing import cast

from cc_metrics.language import Said, said, series
from cc_metrics.measures import bases as measure
from cc_metrics.measures import samples
from cc_metrics.model.case_terms import PerBase
from cc_metrics.model.intervals import bucket_sql
from cc_metrics.model.promise import Promise
from cc_metrics.model.zones import day_of
from cc_metrics.reporting import unrecorded, volumes
from cc_metrics.reporting.ledger import Ledger, Ledgers
from cc_metrics.reporting.tally import Tally

_NAMED = 3
"""Months named beside the figure."""


def cases_per_base(ledgers: Ledgers, promise: Promise) -> Tally:
    """Cases of the whole months of the period for each of their base."""
    ledger, per = ledgers.of["cases"], cast("PerBase", promise.terms).per
    months = dict(volumes.by_month(ledger, promise))
    found = measure.pooled(months, _counts(ledgers.of["bases"], per))
    if not found.whole:
        return Tally(
            0, 0, needs=_no_base(per) if months else said("the period has no whole month"), beside=_lacking(found, per)
        )
    refused, unsaid = unrecorded.number(ledger, promise, ledger.inside("opened_ms"))
    interval = samples.exact_rate(found.part, found.whole)
    beside = (_pooled(found), *_lacking(found, per), *_partial(ledger, promise, sum(months.values())), *unsaid)
    return Tally(found.part, found.whole, refused=refused, interval=interval, clusters="exact", beside=beside)


def _no_base(per: str) -> Said:
    return said("no base {base!r} is given for a whole month of the period", base=per)


def _partial(ledger: Ledger, promise: Promise, counted: int) -> tuple[str, ...]:
    """The cases of months that do not lie wholly in the period."""
    opened = ledger.opened
    where = " AND ".join([ledger.inside("opened_ms"), *ledger.where(promise)])
    left = int(opened.engine.value(f"SELECT count(*) FROM {opened.view} WHERE {where}")) - counted
    return (said("{n:,} of months that are not whole, left out", n=left),) if left else ()


def share_of_base(ledgers: Ledgers, promise: Promise) -> Tally:
    """One base over another, months pooled; a rare event (a limit) with its exact interval."""
    ledger, terms = ledgers.of["bases"], cast("PerBase", promise.terms)
    where = [*ledger.where(promise), ledger.inside("month_ms")]
    part, whole = (_counts(ledger, what, where) for what in (terms.part or "", terms.per))
    found, other = measure.pooled(part, whole), measure.pooled(whole, part)
    beside = (*_lacking(found, terms.per), *_lacking(other, terms.part or ""))
    if not found.whole:
        return Tally(0, 0, needs=_never_both(terms), beside=beside)
    rare = promise.shape == "rate_at_most" and found.part <= found.whole
    interval = samples.exact_share(found.part, found.whole) if rare else None
    clusters = "exact" if interval else None
    return Tally(found.part, found.whole, interval=interval, clusters=clusters, beside=(_pooled(found), *beside))


def _never_both(terms: PerBase) -> Said:
    return said("no month has both {part!r} and {whole!r}", part=terms.part, whole=terms.per)


def _counts(ledger: Ledger, what: str, conditions: list[str] | None = None) -> dict[date, int]:
    """A base by its month."""
    opened = ledger.opened
    month = bucket_sql("month_ms", "1mo", opened.offsets)
    where = " AND ".join(
        [f"what = {opened.engine.keep(what)}", *(ledger.conditions if conditions is None else conditions)]
    )
    rows = opened.engine.rows(
        f'SELECT {month}, CAST(sum("count") AS BIGINT) FROM {opened.view} WHERE {where} GROUP BY 1'
    )
    return {day_of(bucket): count for bucket, count in rows}


def _pooled(found: measure.Pooled) -> str:
    first, last = found.months[0], found.months[-1]
    number = len(found.months)
    if number == 1:
        return f"{first:%Y-%m}"
    return said("{n} months pooled, {first:%Y-%m} to {last:%Y-%m}", n=number, first=first, last=last)


def _lacking(found: measure.Pooled, what: str) -> tuple[str, ...]:
    """The months that count nothing because they lack a base, with what there was of them."""
    months = [f"{month:%Y-%m} ({part:,})" for month, part in found.lacking if part]
    if not months:
        return ()
    listed: str = series(months[:_NAMED])
    if len(months) > _NAMED:
        listed = said("{things} and {n} more", things=listed, n=len(months) - _NAMED)
    return (said("without {base!r}, left out: {months}", base=what, months=listed),)
