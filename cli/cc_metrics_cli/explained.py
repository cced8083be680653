"""What is told of a subject: label and text, line by line; the counts where there is a report to take them from."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from cc_metrics_cli.subjects import Subject, figures, meanings, owner

if TYPE_CHECKING:
    from cc_metrics.model.promise import Policy, Promise, ResolutionTerms, ServiceTerms
    from cc_metrics.model.report import Judged, Report, Row

Lines = list[tuple[str, str]]

SUMMARY: Final = (
    "aggregates over the summary, which has one row for each quarter-hour, outcome, wait and dimension: n calls; "
    "bin 2s is a wait of exactly s seconds, 2s - 1 one between s - 1 and s"
)
CONTACTS: Final = (
    "over contacts: k the customer's key, p the start in ms after the first one of all, e the end in ms, a whether "
    "answered; W the window, as_of the end of what was observed"
)
OVER: Final = "None over: every call of any outcome left the queue within the limit; the margin is the number late."
ON_TARGET: Final = "Intervals on target: the share of intervals whose service level reached a level of its own."
REPEATS: Final = (
    "Repeat calls: answered calls that lie in some window with k or more answered calls of their customer, out of the "
    "answered calls with a known customer."
)
REPEATS_FORMULA: Final = "#(answered in a window W with >= k) / #(answered with a key)"
_AS_OF: Final = 10**15  # stand for moments that only a report knows
_FIRST: Final = 10**14


def told(subject: Subject, policy: "Policy") -> Lines:
    """What a subject means: its words, formula, terms, readings and SQL."""
    if subject.promise:
        return _promise(subject.promise, policy)
    if subject.kind == "formula":
        return [*_formula(subject.name), *_sql("service_level", policy.service)]
    if subject.kind == "measure":
        return [("measure", subject.name), *_measure(subject.name, policy.service, policy.resolution)]
    lines = [("column", subject.name)]
    lines += [("", f"{column.title}, in {table}: {column.meaning}") for table, column in meanings(subject.name).items()]
    measure = owner(subject.name)
    return [*lines, ("measure", measure), *_measure(measure, policy.service, policy.resolution)] if measure else lines


def _promise(promise: "Promise", policy: "Policy") -> Lines:
    asks = "states" if promise.kind == "stated" else "asks"
    lines = [
        ("promise", promise.name),
        ("policy", policy.name),
        ("source", policy.source or "not named"),
        (promise.about, _meant(promise)),
        (asks, _asked(promise)),
        ("measure", promise.measure),
        *_measure(promise.measure, promise.service, promise.resolution, promise),
    ]
    return [*lines, *(("reading", reading) for reading in (*promise.readings, *policy.readings))]


def _meant(promise: "Promise") -> str:
    """Which calls or cases a promise is on."""
    from cc_metrics.render.deadline_words import selected

    voice = promise.about == "calls" and "channel" not in promise.where
    return (selected(promise.selection) or "all") + (", voice or of no recorded channel" if voice else "")


def _asked(promise: "Promise") -> str:
    from cc_metrics.render import verdicts

    if promise.measure in _of_promises():
        return verdicts.target(promise)
    least = {"rate_at_most": "at most the target", "mean_at_most": "a mean of at most", "none_over": "nothing late"}
    asked = verdicts.target(promise).replace("at most ", "")
    return f"{least.get(promise.shape, 'at least the target')} ({asked})"


def _measure(
    name: str, service: "ServiceTerms", resolution: "ResolutionTerms", promise: "Promise | None" = None
) -> Lines:
    if name in _of_promises():
        from cc_metrics.measures.service_level import LETTERS
        from cc_metrics_cli import case_terms

        letters = [("letters", LETTERS)] if name == "abandoned_of_offered" else []

        return [*case_terms.told(name, promise), *letters]
    return _of_calls(name, service, resolution, promise)


def _of_calls(name: str, service: "ServiceTerms", resolution: "ResolutionTerms", promise: "Promise | None") -> Lines:
    from cc_metrics.measures import first_call_resolution as fcr
    from cc_metrics.measures import handling, service_level, traffic, waits
    from cc_metrics.render import verdicts

    terms = ("terms", f"{verdicts.service_terms(service)}; short up to {service.short_abandon_ms / 1000:g} s")
    if name == "service_level":
        return [("words", service_level.MEANING), *_formula(service.formula), terms, *_sql(name, service)]
    if name == "intervals_on_target":
        each = f"; each {promise.every} to reach {float(promise.each):.1%}" if promise else ""
        own = (terms[0], terms[1] + each)
        return [("words", ON_TARGET), *_formula(service.formula), own, *_sql("service_level", service)]
    if name == "first_call_resolution":
        return [("words", fcr.MEANING), ("formula", fcr.FORMULA), *_resolution(resolution)]
    if name == "repeat_calls":
        return [("words", REPEATS), ("formula", REPEATS_FORMULA), *_resolution(resolution, repeats=True)]
    if name == "abandonment":
        found = [("words", traffic.MEANING), ("formula", traffic.FORMULA), ("letters", service_level.LETTERS), terms]
        return [*found, *_sql("traffic", service), *_sql("service_level", service, ("short_",))]
    module = {"traffic": traffic, "handling": handling, "mean_handle": handling}.get(name, waits)
    words = OVER if name == "longest_wait" else module.MEANING
    return [("words", words), ("formula", module.FORMULA), *_sql(module.__name__.rpartition(".")[2], service)]


def _formula(name: str) -> Lines:
    from cc_metrics.measures.service_level import LETTERS, WORDS

    formula, words = WORDS[name]
    return [("formula", f"{name} = {formula}: {words}"), ("letters", LETTERS)]


def _sql(measure: str, terms: "ServiceTerms", begins: tuple[str, ...] = ("",)) -> Lines:
    from cc_metrics.measures import OF_SUMMARIES

    needs: Mapping[str, str] = OF_SUMMARIES[measure].needs(terms)
    chosen = [f"{sql} AS {alias}" for alias, sql in needs.items() if alias.startswith(begins)]
    return [("sql", SUMMARY if begins == ("",) else "and"), *(("", sql) for sql in chosen)]


def _resolution(terms: "ResolutionTerms", *, repeats: bool = False) -> Lines:
    from cc_metrics.measures import first_call_resolution as fcr
    from cc_metrics.measures.contacts import Contacts, Packing
    from cc_metrics.measures.repeat_calls import often_sql
    from cc_metrics.measures.shares import total
    from cc_metrics.model.durations import spoken

    if terms.basis == "flag" and not repeats:
        sums = [total(column, "outcome = 'answered'") for column in ("resolved", "resolved_n")]
        return [("terms", "by the source's own word"), ("sql", SUMMARY), *(("", sql) for sql in sums)]
    often = f", k = {terms.repeat_calls or 'not named by the policy'}" if repeats else ""
    said = (
        f"W = {spoken(terms.window_ms)}{often}, by {terms.unit}, key {' + '.join(terms.key)}, repeats: {terms.repeats}"
    )
    contacts = Contacts("contacts", Packing(_FIRST))
    if repeats and not terms.repeat_calls:
        return [("terms", said)]
    if repeats:
        shown = often_sql(contacts, terms.repeat_calls or 0, terms.window_ms)
    else:
        shown = fcr.judged_sql(fcr.Question(terms, fcr.Watch(_AS_OF, _FIRST, _FIRST), contacts))
    shown = shown.replace(str(_AS_OF), "as_of").replace(str(_FIRST + terms.window_ms), "(first + W)")
    shown = shown.replace(str(_FIRST), "first")
    return [("terms", said), ("sql", CONTACTS), ("", shown)]


def counted(subject: Subject, report: "Report") -> Lines:
    """What the calls and cases of a report say of a subject."""
    from cc_metrics.render import sentences

    lines = [("counted on", ", ".join(sentences.period(report)))]
    if subject.promise:
        return lines + [line for j in report.promises if j.promise is subject.promise for line in _judged(j, report)]
    if subject.kind == "formula":
        rows: list[Row] = [
            {**row, "service_level": (row.get("formulas") or {}).get(subject.name)} for row in report.total
        ]
        return lines + _figures(rows, "calls", ("service_level",))
    if subject.kind == "measure" and subject.name in _of_promises() and subject.name not in _WHOLE:
        return [*lines, ("", "only a promise says what is counted: explain it by its name")]
    table, names = _place(subject, report)
    return lines + _figures(list(_rows(report).get(table, ())), table, names)


def _rows(report: "Report") -> "Mapping[str, Sequence[Row]]":
    """The rows that figures are taken from, by table."""
    found = {"calls": report.total, "first_call_resolution": report.first_call_resolution}
    return {**found, "cases": report.cases, "stock": report.stock, "answers": report.answers}


def _place(subject: Subject, report: "Report") -> "tuple[str, Iterable[str]]":
    """The table and the columns in which a column or measure is counted; no table where no row has the column."""
    if subject.kind == "column":
        rows = _rows(report)
        return next((table for table in meanings(subject.name) if rows.get(table)), ""), (subject.name,)
    table = _WHOLE.get(subject.name, "calls")
    return table, figures(_OF.get(subject.name, subject.name)) if table == "calls" else ()


def _of_promises() -> "Iterable[str]":
    from cc_metrics.measures.meanings import MEANINGS

    return MEANINGS


_NUMBERS: Final = ("count", "share", "seconds", "length", "points")
_WHOLE: Final = {
    "first_call_resolution": "first_call_resolution",
    "turnaround": "cases",
    "satisfied": "answers",
    "score": "answers",
}
_OF: Final = {
    "intervals_on_target": "service_level",
    "abandonment": "traffic",
    "repeat_calls": "traffic",
    "mean_wait": "waits",
    "longest_wait": "waits",
    "mean_handle": "handling",
}
_KEYS: Final = ("channel", "kind", "promise", "owner", "segment", "basis", "unit")


def _judged(judged: "Judged", report: "Report") -> Lines:
    from cc_metrics.render import verdicts, words

    row = judged.row
    value, of = verdicts.figure(judged)
    counted_as = "counted" if judged.promise.shape == "rate_at_most" else "kept"
    days = f" (settled days: {judged.days})" if judged.days else ""
    return [
        ("verdict", f"{verdicts.verdict(judged)} {' '.join(verdicts.margin(judged))}".strip()),
        ("value", f"{value} of {of}{days}"),
        *((title, words.count(row[name])) for title, name in ((counted_as, "kept"), ("owed", "owed"))),
        *((name, words.count(row[name])) for name in ("settled", "pending")),
        *(("", sentence) for sentence in verdicts.details(judged, report.policy)),
    ]


def _figures(rows: "list[Row]", table: str, names: Iterable[str]) -> Lines:
    from cc_metrics.model import columns
    from cc_metrics.render import words

    chosen = tuple(names)
    lines = []
    for row in rows:
        keys = [words.recorded(row.get(k)) for k in _KEYS if k in row and len(rows) > 1]
        for column in columns.TABLES[table]:
            value = row.get(column.name)
            if (column.name in chosen or not chosen) and value is not None and column.kind in _NUMBERS:
                lines.append((" ".join((*keys, column.title)), words.cells(column, [value])[0]))
    return lines or [("", "not known from these calls")]
