"""Tallies of promises on answers: satisfied or not, the mean score."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, cast

from cc_metrics.language import said
from cc_metrics.measures import samples
from cc_metrics.measures import satisfaction as measure
from cc_metrics.model.case_terms import Satisfied, Score
from cc_metrics.model.promise import Promise
from cc_metrics.reporting.ledger import Ledger, Ledgers
from cc_metrics.reporting.tally import Tally
from cc_metrics.reporting.unrecorded import bounded


def counted(
    ledger: Ledger, question: measure.Question, conditions: Sequence[str], aggregates: Mapping[str, str]
) -> dict[str, Any]:
    """Aggregates over the rows of the period that meet some conditions."""
    opened = ledger.opened
    figures = ", ".join(f"{sql} AS {name}" for name, sql in aggregates.items())
    where = " AND ".join([ledger.inside(question.moment), *conditions])
    [found] = opened.engine.records(f"SELECT {figures} FROM {opened.view} WHERE {where}")
    return found


def satisfied(ledgers: Ledgers, promise: Promise) -> Tally:
    """Satisfied out of answered: of those asked in the period, or asked after the cases closed in it."""
    terms = cast("Satisfied", promise.terms)
    ledger = ledgers.of[terms.about]
    question = measure.survey(terms.lowest) if terms.asked == "survey" else measure.call_back(terms.asked)
    needs = measure.needs(question)
    found = counted(ledger, question, ledger.where(promise), needs)
    kept, told = found["satisfied"], found["telling"]

    def rows(conditions: Sequence[str]) -> list[dict[str, int]]:
        part = counted(ledger, question, conditions, needs)
        return [{"offered": part["asked"], "kept": part["satisfied"], "settled": part["telling"]}]

    refused, bounds = _unknown(ledger, terms, found), None
    if not refused:
        refused, bounds = bounded(ledger, promise, rows, kept, told)
    census = found["answered"] == found["asked"] and found["recorded"] > 0
    beside = _beside(found, of_cases=terms.about == "cases")
    tally = Tally(kept, told, refused=refused, bounds=bounds, needs=_nobody(found), beside=beside)
    return tally if census else sampled(tally, "wilson", samples.wilson(kept, told))


def sampled(tally: Tally, named: str, interval: samples.Bounds | None) -> Tally:
    """The same as a sample, with the interval that its verdict hangs on."""
    return replace(tally, basis="sample", interval=interval, clusters=named if interval else None)


def _nobody(found: Mapping[str, int]) -> str:
    return "" if found["asked"] else said("nobody was asked")


def _unknown(ledger: Ledger, terms: Satisfied, found: Mapping[str, int]) -> str:
    """Why it is not known who was satisfied; "" where it is."""
    if terms.asked != "survey":
        flag = f"satisfied_{terms.asked}"
        recorded = ledger.opened.engine.value(f"SELECT count({flag}) FROM {ledger.opened.view}")
        return "" if recorded else said("the source records no {column}", column=flag)
    scores = found["answered"] - found["telling"]
    if not scores:
        return ""
    if not found["telling"]:
        return said("the answers are scores, and no satisfied_from says which are satisfied")
    return said(
        "{n:,} of {all:,} answers are scores, and no satisfied_from says which are satisfied",
        n=scores,
        all=found["answered"],
    )


def _beside(found: Mapping[str, int], *, of_cases: bool) -> tuple[str, ...]:
    """Response rate and call-back rate; nothing where nobody was asked."""
    asked, closed = found["asked"], found["rows"]
    rates = []
    if asked and found["recorded"]:
        rates.append(said("answered {n:,} of {all:,} asked ({share:.1f} %)", **_parts(found["answered"], asked)))
    if of_cases and closed and found["recorded"]:
        rates.append(said("asked {n:,} of {all:,} closed ({share:.1f} %)", **_parts(asked, closed)))
    elif of_cases and closed:
        rates.append(said("who was asked is not recorded"))
    return tuple(rates)


def _parts(part: int, whole: int) -> dict[str, float]:
    return {"n": part, "all": whole, "share": 100 * part / whole}


def score(ledgers: Ledgers, promise: Promise) -> Tally:
    """The mean score of the answers of the period, less a reference where the promise names one."""
    ledger, reference = ledgers.of["satisfaction"], cast("Score", promise.terms).reference
    question = measure.survey()
    needs = measure.needs(question) | measure.score_needs()
    found = counted(ledger, question, ledger.where(promise), needs)

    def rows(conditions: Sequence[str]) -> list[dict[str, int]]:
        return [{"offered": int(counted(ledger, question, conditions, needs)["asked"])}]

    refused, _ = bounded(ledger, promise, rows, 0, 0)
    if found["answered"] and not found["scored"]:
        refused = said("the answers bear no scores")
    number, total, squares = sums = measure.sums(found, reference or Fraction(0))
    value = float(Fraction(total) / number) if number else None
    beside = _scored(found, reference)
    tally = Tally(0, number, refused=refused, needs=_nobody(found), value=value, squares=float(squares), beside=beside)
    return tally if number == found["asked"] else sampled(tally, "t", samples.mean_interval(*sums))


def _scored(found: Mapping[str, Any], reference: Fraction | None) -> tuple[str, ...]:
    """How many of those asked gave a score, and the mean that a reference was taken from."""
    if not found["asked"]:
        return ()
    rate = said("a score from {n:,} of {all:,} asked ({share:.1f} %)", **_parts(found["scored"], found["asked"]))
    mean = measure.mean(found)
    if mean is None or reference is None:
        return (rate,)
    return rate, said("mean {mean:.2f}, reference {reference:g}", mean=float(mean), reference=float(reference))
