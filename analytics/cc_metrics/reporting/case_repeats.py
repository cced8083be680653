"""The tally of complaints that come again."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from cc_metrics.language import both, either, said
from cc_metrics.measures import repeat_complaints as measure
from cc_metrics.model.case_terms import RepeatComplaints
from cc_metrics.model.durations import spoken
from cc_metrics.model.promise import Promise
from cc_metrics.model.zones import day_start, local_day
from cc_metrics.reporting import case_days
from cc_metrics.reporting.ledger import Ledger, Ledgers
from cc_metrics.reporting.tally import Tally


def repeat_complaints(ledgers: Ledgers, promise: Promise) -> Tally:
    """Cases of the period whose key had another within the window before, of those with a key."""
    ledger, terms = ledgers.of["cases"], cast("RepeatComplaints", promise.terms)
    keys = [ledger.opened.column(name) for name in terms.key]
    source = measure.source(ledger.opened.view, keys, terms.window_ms)
    needs = measure.needs(_first_day(ledger), terms.window_ms)
    tally, found = case_days.tally(ledger, promise, case_days.by_opening(ledger, source, needs))
    lacking, refused = _lacking(ledger, promise, keys), tally.refused
    if lacking > tally.settled:
        share = 100 * tally.settled / (tally.settled + lacking)
        refused = said("{key}: recorded for only {share:.1f} % of the cases", key=both(terms.key), share=share)
    return replace(tally, refused=refused, beside=_beside(terms, lacking, found.get("unseen", 0)))


def _lacking(ledger: Ledger, promise: Promise, keys: Sequence[str]) -> int:
    """The promise's cases of the period whose key is not recorded."""
    opened = ledger.opened
    where = [ledger.inside("opened_ms"), f"NOT {measure.known(keys)}", *ledger.where(promise)]
    return int(opened.engine.value(f"SELECT count(*) FROM {opened.view} WHERE {' AND '.join(where)}"))


def _beside(terms: RepeatComplaints, lacking: int, unseen: int) -> tuple[str, ...]:
    beside = []
    if lacking:
        beside.append(said("{n:,} without {key}: left out", n=lacking, key=either(terms.key)))
    if unseen:
        beside.append(
            said(
                "{n:,} opened in the first {window} of the data: what came before them is not known",
                n=unseen,
                window=spoken(terms.window_ms),
            )
        )
    return tuple(beside)


def _first_day(ledger: Ledger) -> int:
    """Where the first day with a case begins."""
    opened = ledger.opened
    first = int(opened.engine.value(f"SELECT min(opened_ms) FROM {opened.view}"))
    return day_start(local_day(first, opened.offsets), opened.offsets)
