"""Tallies of promises on scores from year to year: rising, or climbing among others.

All answers up to the end of the period are looked at: what a year is compared with lies before it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from cc_metrics.language import Said, said, series
from cc_metrics.measures import satisfaction
from cc_metrics.measures import score_years as measure
from cc_metrics.model.case_terms import ScoreRank, ScoreRises
from cc_metrics.model.dates import in_year
from cc_metrics.model.intervals import bucket_sql
from cc_metrics.model.promise import Promise
from cc_metrics.model.selection import RECORDED
from cc_metrics.model.zones import local_day
from cc_metrics.reporting.ledger import Ledger, Ledgers
from cc_metrics.reporting.tally import Tally


def _months(ledger: Ledger, conditions: Sequence[str], column: str = "NULL") -> list[dict[str, Any]]:
    """Counts of scores by local month and the values of a column, up to the end of the period."""
    opened, question = ledger.opened, satisfaction.survey()
    earlier = f"{question.moment} < {ledger.period.to_ms} AND {question.moment} <= {ledger.as_of_ms}"
    figures = ", ".join(f"{sql} AS {name}" for name, sql in satisfaction.score_needs().items())
    month = bucket_sql(question.moment, "1mo", opened.offsets)
    where = " AND ".join([earlier, f"{satisfaction.POINTS} IS NOT NULL", *conditions])
    return opened.engine.records(
        f"SELECT {month} AS bucket, {column} AS named, {figures} FROM {opened.view} WHERE {where} GROUP BY 1, 2"
    )


def score_rises(ledgers: Ledgers, promise: Promise) -> Tally:
    """The latest rises in a row of the mean score of a year, up to as many as are promised."""
    ledger, years = ledgers.of["satisfaction"], cast("ScoreRises", promise.terms).years
    means = measure.yearly(_months(ledger, ledger.where(promise)))
    known = measure.in_a_row(means)
    listed = series([f"{year} {float(mean):.2f}" for year, mean in means.items()])
    beside = (*([listed] if listed else []), *_unfinished(ledger, known))
    if len(known) <= years:
        return Tally(0, 0, needs=_too_few(years, known), beside=beside)
    return Tally(min(measure.rises(means), years), years, beside=beside)


def _too_few(rises: int, known: Sequence[int]) -> Said:
    if not known:
        return said("{n} rises need {years} years in a row, and none has answers", n=rises, years=rises + 1)
    years = said("{first} to {last}", first=known[0], last=known[-1]) if known[1:] else str(known[0])
    return said(
        "{n} rises need {years} years in a row, and answers are of {known}", n=rises, years=rises + 1, known=years
    )


def _unfinished(ledger: Ledger, years: Sequence[int]) -> tuple[str, ...]:
    """Where the answers end within the latest year."""
    end = min(ledger.period.to_ms, ledger.as_of_ms)
    last = local_day(end - 1, ledger.opened.offsets)
    if not years or last.year != years[-1] or (last.month, last.day) == (12, 31):
        return ()
    return (said("{year} up to {day}", year=last.year, day=in_year(last)),)


def score_rank(ledgers: Ledgers, promise: Promise) -> Tally:
    """Places that a value rose by from the year before the latest to it, up to as many as are promised."""
    ledger, terms = ledgers.of["satisfaction"], cast("ScoreRank", promise.terms)
    mine = promise.where.get(terms.among, ())
    if len(mine) != 1 or RECORDED in mine or terms.among in (*promise.where_not, *promise.where_differ):
        refused = said("a rank is that of one {column}, and the promise's where does not name one", column=terms.among)
        return Tally(0, 0, refused=refused)
    column = ledger.opened.column(terms.among)
    others = ledger.opened.selected(promise.selection.without(terms.among))
    rows = _months(ledger, [*ledger.conditions, *others, f"{column} IS NOT NULL"], column)
    names = dict.fromkeys(row["named"] for row in rows)
    return _ranked(ledger, terms, {n: measure.yearly(r for r in rows if r["named"] == n) for n in names}, mine[0])


def _ranked(ledger: Ledger, terms: ScoreRank, means: Mapping[str, measure.Means], mine: str) -> Tally:
    """A rank in the latest two years, from the means of all by value and year."""
    latest = max((year for of in means.values() for year in of), default=0)
    own, ranks, places = means.get(mine, {}), [], []
    for year in (latest, latest - 1):
        if year not in own:
            return Tally(0, 0, needs=_unscored(f"{terms.among} {mine}", year if latest else None))
        of_year = [of[year] for of in means.values() if year in of]
        ranks.append(measure.rank(own[year], of_year))
        places.append(said("{rank} of {n} in {year}", rank=ranks[-1], n=len(of_year), year=year))
    risen, settled = ranks[1] - ranks[0], max(terms.up, 1)
    kept = settled if risen >= terms.up else max(risen, 0)
    ranked = said("rank {places}", places=series(places))
    return Tally(kept, settled, beside=(ranked, *_unfinished(ledger, [latest])))


def _unscored(name: str, year: int | None) -> Said:
    if year is None:
        return said("{name} has no score at all", name=name)
    return said("{name} has no score in {year}", name=name, year=year)
