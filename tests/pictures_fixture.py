"""Reports with what pictures are drawn from: on rows in memory, beside earlier days as summaries of their own."""

from contextlib import closing, contextmanager

import cc_metrics as cc
import reference as ref
from cc_metrics import reporting
from cc_metrics.model.promise import Policy
from cc_metrics.store.engine import Engine
from cc_metrics.store.summary_file import open_summaries
from made import arrow

PLAIN = Policy("p")


def drawn(rows, zone, policy=PLAIN, background=None, **asked):
    """The report on rows; *asked* are fields of the request."""
    request = reporting.Request(**asked)
    with closing(cc.read_calls(arrow(rows, zone)).open(policy, tuple(request.where))) as opened:
        return reporting.build(opened, policy, request, (), background)


@contextmanager
def earlier(folder, rows, zone, policy=PLAIN, by=()):
    """Background whose earlier days are these rows, counted by another engine."""
    path = folder / "earlier.parquet"
    cc.report(cc.read_calls(arrow(rows, zone)), policy=policy, by=by).save(path)
    engine = Engine("1GB")
    try:
        yield reporting.Background(open_summaries(engine, [path], zone, policy))
    finally:
        engine.close()


def local(row, zone):
    """The local clock of a row, as the reference reads it."""
    return ref._local(row["offered_ms"], zone)


def parts(rows, terms):
    """(kept, owed) of some rows by the reference."""
    counts = ref.service_counts(rows, terms.within_ms, terms.short_abandon_ms, terms.edge, terms.redirected)
    return ref.service_level(counts, terms.formula, terms.redirected)


def day_before(row, days):
    """The same call so many days before."""
    return {**row, "offered_ms": row["offered_ms"] - days * 86_400_000, "call_id": f"{row['call_id']}-{days}"}
