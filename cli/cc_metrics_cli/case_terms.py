"""What is told of promises on cases, answers and bases: who, by when, on which clock, and the SQL that counts it."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cc_metrics.model.case_terms import Turnaround
    from cc_metrics.model.promise import Promise

Lines = list[tuple[str, str]]

TIMED: Final = (
    "over timed cases: case_due_ms the deadline, case_last_ms the last moment in time, done_ms when the case was done "
    "(nothing while it is open), from and to the period, as_of the end of what is known"
)
_AS_OF: Final = 4_000_000_000_001  # stand for moments that only a report knows
_FROM, _TO = 3_000_000_000_001, 3_500_000_000_001
_SHOWN: Final = {"due": ("settled", "kept", "pending"), "mean": ("closed", "total_ms", "open")}


def told(measure: str, promise: "Promise | None") -> Lines:
    """The words, formula, terms and SQL of a measure, as a promise has them."""
    from cc_metrics.measures.meanings import MEAN, MEANINGS
    from cc_metrics.model.case_terms import Turnaround
    from cc_metrics.render import term_words

    mean = promise is not None and promise.shape == "mean_at_most" and measure == "turnaround"
    meaning = MEAN if mean else MEANINGS[measure]
    lines = [("words", meaning.words), ("formula", meaning.formula)]
    if promise is None:
        of_mean = [("of a mean", MEAN.words), ("formula", MEAN.formula), *_sql(Turnaround(), mean=False)]
        return lines + (of_mean if measure == "turnaround" else [])
    lines += _since(promise)
    if isinstance(promise.terms, Turnaround):
        return [*lines, *_timed(promise.terms), *_sql(promise.terms, mean=mean)]
    return [*lines, *(("terms", said) for said in term_words.terms(promise))]


def _since(promise: "Promise") -> Lines:
    return [("since", f"{promise.since.isoformat()}, beside what lies before it")] if promise.since else []


def _timed(terms: "Turnaround") -> Lines:
    """From when to when, by when row by row, on which clock, with which working days."""
    from cc_metrics.model.deadlines import Appointment
    from cc_metrics.render import deadline_words

    lines = [("time", deadline_words.ends(terms))]
    if terms.deadline is not None:
        lines += _titled("deadline", deadline_words.deadline(terms.deadline))
    if not isinstance(terms.deadline, Appointment):
        lines.append(("clock", deadline_words.clock(terms.clock)))
    if terms.clock.kind == "always" and deadline_words.by_calendar(terms.deadline):
        lines.append(("calendar", deadline_words.calendar(terms.clock.calendar)))
    return lines


def _titled(title: str, said: list[str]) -> Lines:
    return [(title if i == 0 else "", line) for i, line in enumerate(said)]


def _sql(terms: "Turnaround", *, mean: bool) -> Lines:
    from cc_metrics.measures.turnaround import Asked, due_needs, elapsed_needs
    from cc_metrics.model.intervals import Period
    from cc_metrics.model.zones import offsets

    asked, period = Asked(terms, _AS_OF), Period(_FROM, _TO)
    needs = elapsed_needs(asked, period) if mean else due_needs(asked, period, offsets(None))
    found = [("sql", TIMED)]
    for name in _SHOWN["mean" if mean else "due"]:
        sql = needs[name].replace(str(_AS_OF), "as_of").replace(str(_TO), "to").replace(str(_FROM), "from")
        found.append(("", f"{sql} AS {name}"))
    return found
