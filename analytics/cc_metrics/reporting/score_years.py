"""Tallies of promises on scores from year to year: rising, or climbing among others.

All answers up to the end of the period are looked at: what a year is compared with lies before it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from cc_metrics.language import said
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
    said = ", ".join(f"{year} {float(mean):.2f}" for year, mean in means.items())
    beside = (*([said] if said else []), *_unfinished(ledger, known))
    if len(known) <= years:
        have = "none has answers" if not known else f"answers are of {_span(known)}"
        return Tally(0, 0, needs=f"{years} rises need {years + 1} years in a row, and {have}", beside=beside)
    return Tally(min(measure.rises(means), years), years, beside=beside)


def _span(years: Sequence[int]) -> str:
    return f"{years[0]}" if len(years) == 1 else f"{years[0]} to {years[-1]}"


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
        return Tally(0, 0, refused=f"a rank is that of one {terms.among}, and the promise's where does not name one")
    column = ledger.opened.column(terms.among)
    others = ledger.opened.selected(promise.selection.without(terms.among))
    rows = _months(ledger, [*ledger.conditions, *others, f"{column} IS NOT NULL"], column)
    names = dict.fromkeys(row["named"] for row in rows)
    return _ranked(ledger, terms, {n: measure.yearly(r for r in rows if r["named"] == n) for n in names}, mine[0])


def _ranked(ledger: Ledger, terms: ScoreRank, means: Mapping[str, measure.Means], mine: str) -> Tally:
    """A rank in the latest two years, from the means of all by value and year."""
    latest = max((year for of in means.values() for year in of), default=0)
    own, ranks, said = means.get(mine, {}), [], []
    for year in (latest, latest - 1):
        if year not in own:
            when = f"in {year}" if latest else "at all"
            return Tally(0, 0, needs=f"{terms.among} {mine} has no score {when}")
        of_year = [of[year] for of in means.values() if year in of]
        ranks.append(measure.rank(own[year], of_year))
        said.append(f"{ranks[-1]} of {len(of_year)} in {year}")
    risen, settled = ranks[1] - ranks[0], max(terms.up, 1)
    kept = settled if risen >= terms.up else max(risen, 0)
    return Tally(kept, settled, beside=(f"rank {', '.join(said)}", *_unfinished(ledger, [latest])))
