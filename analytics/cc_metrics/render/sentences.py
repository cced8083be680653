"""What a report says about itself in sentences: head, traffic, definition, settled days."""

from collections.abc import Mapping, Sequence
from typing import Final

from cc_metrics.language import said, told, translated
from cc_metrics.model.durations import short
from cc_metrics.model.report import Head, Report, Row
from cc_metrics.render import naming, verdicts, words

TURNAROUND: Final = said(
    "mean, P50, P90 and longest of the cases closed in the period; due: each case once, where its deadline falls"
)
_MOST_STOCK: Final = 30  # rows of the stock that people are shown


def period(report: Report) -> tuple[str, str]:
    """The period with its zone, and whether the data cover it."""
    return _period(report.head)


def _period(head: Head) -> tuple[str, str]:
    zone = words.plain(head.timezone) if head.timezone else translated("times as written")
    return f"{told(head.label)} {zone}", state(head)


def state(head: Head) -> str:
    """Whether the data cover a period, and what is missing."""
    if head.complete:
        return translated("complete")
    missing = words.plain(head.incomplete)
    return translated("not complete: {missing}", missing=missing) if missing else translated("not complete")


def has_calls(report: Report) -> bool:
    """Whether calls were given, if only none of the period."""
    return bool(report.accounting.files)


def traffic(report: Report) -> list[str]:
    """Offered and where they went, a line for each channel when there is more than one; then the cases, or answers."""
    return [*_of_calls(report), *_of_cases(report), *_of_answers(report)]


def _of_calls(report: Report) -> list[str]:
    if not has_calls(report):
        return []
    if not any(row.get("offered") or row.get("answered") for row in report.total):
        return [translated("no calls offered")]
    if len(report.total) == 1:
        return [_traffic(report.total[0])]
    return [named(words.recorded(row.get("channel")), _traffic(row)) for row in report.total]


def named(name: str, sentence: str) -> str:
    """A sentence about what bears a name."""
    return translated("{name}: {sentence}", name=name, sentence=sentence)


def _of_cases(report: Report) -> list[str]:
    """Cases opened and closed, with their own period where it is another than that of the calls."""
    if report.about_cases is None:
        return []
    opened, closed, still = (sum(row.get(n) or 0 for row in report.cases) for n in ("opened", "closed", "open"))
    known = any(row.get("closed") is not None for row in report.cases)
    counts = [translated("{n} opened", n=words.count(opened))]
    if known:
        counts.append(translated("{n} closed", n=words.count(closed)))
    if known and report.asked.every == "all":  # else a row holds what was open at the end of its interval
        counts.append(translated("{n} open", n=words.count(still)))
    any_of_them = opened or closed or still
    cases = (
        translated("cases: {counts}", counts=clauses(counts))
        if any_of_them
        else translated("no case opened, closed or open")
    )
    own = _period(report.about_cases)
    return [cases if own == _period(report.head) else words.sequence([cases, clauses(own)])]


def clauses(parts: Sequence[str]) -> str:
    """Parts of a sentence, one after the other."""
    return translated("{sentence}, {clause}", sentence=clauses(parts[:-1]), clause=parts[-1]) if parts[1:] else parts[0]


def _of_answers(report: Report) -> list[str]:
    if not report.answers:
        return []
    asked, answered = (sum(row.get(name) or 0 for row in report.answers) for name in ("asked", "answered"))
    return [
        translated(
            "customers: {asked} asked, {answered} answered", asked=words.count(asked), answered=words.count(answered)
        )
    ]


def _traffic(row: Row) -> str:
    if row["offered"] is None:
        return translated("{n} answered; how many were offered is not known", n=words.count(row["answered"]))
    parts = [
        translated("{n} answered", n=words.count(row.get("answered"))),
        translated("{n} abandoned", n=words.count(row.get("abandoned"))),
        *([_redirected(row)] if row.get("redirected") else []),
    ]
    return translated("{n} offered: {parts}", n=words.count(row["offered"]), parts=clauses(parts))


def _redirected(row: Row) -> str:
    number, late = words.count(row["redirected"]), row.get("redirected_late")
    if late is None:
        return translated("{n} redirected", n=number)
    return translated("{n} redirected ({in_time} in time)", n=number, in_time=words.count(row["redirected"] - late))


def definition(report: Report) -> str:
    """The formula behind every service level of the report, and the range that the others give; "" without calls."""
    if not has_calls(report):
        return ""
    terms = verdicts.service_terms(report.policy.service)
    ranges = [(row.get("channel"), _others(row, report.policy.service.formula)) for row in report.total]
    found = [(channel, others) for channel, others in ranges if others]
    if len(report.total) > 1:
        found = [(channel, f"{words.recorded(channel)} {others}") for channel, others in found]
    if not found:
        return terms
    ranges_said = words.listed(others for _, others in found)
    return translated("{terms}; other formulas {ranges}", terms=terms, ranges=ranges_said)


def _others(row: Row, formula: str) -> str:
    formulas: Mapping[str, float | None] = row.get("formulas") or {}
    values = [value for name, value in formulas.items() if name != formula and value is not None]
    return words.spread(min(values), max(values)) if values else ""


def breakdown(report: Report, link: str) -> str:
    """What the table of calls is broken down by: "by tier, queue every 1h"; "" where by nothing that calls have."""
    by = link.join(words.plain(d) for d in report.asked.by if any(d in row for row in report.calls))
    every = "" if report.asked.every == "all" or not report.calls else report.asked.every
    if by and every:
        return translated("by {dimensions} every {interval}", dimensions=by, interval=every)
    if by:
        return translated("by {dimensions}", dimensions=by)
    return translated("every {interval}", interval=every) if every else ""


def shown_stock(report: Report) -> tuple[Row, ...]:
    """The rows of the stock that people are shown: all of them, or those with most overdue."""
    if len(report.stock) <= _MOST_STOCK:
        return report.stock
    return tuple(sorted(report.stock, key=lambda row: (-row["overdue"], -row["due_today"]))[:_MOST_STOCK])


def left_out(report: Report) -> list[str]:
    """How much of the stock is not shown."""
    left = len(report.stock) - len(shown_stock(report))
    return [translated("and {n} more, with no more overdue: JSON holds all", n=words.count(left))] if left else []


def resolution(report: Report) -> str:
    """What first-call resolution means in this report, where all rows mean the same."""
    meanings = {_meaning(row) for row in report.first_call_resolution or report.latest}
    return meanings.pop() if len(meanings) == 1 else translated("first-call resolution")


def _meaning(row: Row) -> str:
    unit = code(row.get("unit"))
    if row.get("basis", "repeat") == "flag":
        return translated("first-call resolution, by the source's own word, by {unit}", unit=unit)
    return translated("first-call resolution, no repeat within {window}, by {unit}", window=window_of(row), unit=unit)


def code(value: object) -> str:
    """A value that is a word of this program, in the current language."""
    return words.recorded(words.CODES.get(value, value) if isinstance(value, str) else value)


def window_of(row: Row) -> str:
    """The length of the repeat window: "24 h"."""
    window = row.get("window_s")
    return words.MISSING if window is None else short(round(window * 1000))


def known(report: Report) -> list[str]:
    """The latest settled days by name: "known up to 19 Aug: 89.2 % of 19,870", "known for 12 to 19 Aug: ..."."""
    dimensions = [d for d in ("channel", *report.asked.by) if any(d in row for row in report.latest)]
    return [_known(row, report.latest, dimensions) for row in report.latest]


def _known(row: Row, rows: Sequence[Row], dimensions: Sequence[str]) -> str:
    who = [words.recorded(row.get(d)) for d in dict.fromkeys(dimensions)]
    if len({(r.get("unit"), r.get("window_s")) for r in rows}) > 1:
        who.append(translated("by {unit} in {window}", unit=code(row.get("unit")), window=window_of(row)))
    value = words.percent(row.get("value"), none=words.NOT_KNOWN)
    figures = {"value": value, "n": words.count(row.get("eligible"), none=words.NOT_KNOWN)}
    days = words.plain(row.get("days", ""))
    several = row.get("settled_from") != row.get("settled_to")
    known = (
        translated("known for {days}: {value} of {n}", days=days, **figures)
        if several
        else translated("known up to {days}: {value} of {n}", days=days, **figures)
    )
    return named(words.listed(who), known) if who else known


def pending(report: Report) -> list[str]:
    """Promises on calls with items whose window is still open; they are counted nowhere else."""
    pairs = zip(naming.names(report.promises), report.promises, strict=True)
    numbered = [(name, j.row.get("pending")) for name, j in pairs if j.promise.about == "calls"]
    return [
        translated("pending, not counted: {n} of {name}", n=words.count(number), name=name)
        for name, number in numbered
        if number
    ]


def behind_resolution(report: Report) -> list[str]:
    """The sentences below the table of first-call resolution."""
    return [*known(report), *pending(report), *coverage(report)]


def coverage(report: Report) -> list[str]:
    """For how many answered calls the customer is known, where it is not for all of them."""
    calls = [r for r in report.first_call_resolution if (r.get("basis"), r.get("unit")) == ("repeat", "call")]
    rows = [row for row in calls if row.get("window_s") == calls[0].get("window_s")]
    answered = sum(row.get("answered") or 0 for row in rows)
    with_key = sum(row.get("with_key") or 0 for row in rows)
    if not answered or answered == with_key:
        return []
    share = words.percent(with_key / answered)
    return [translated("customer known for {share} of the answered calls", share=share)]


def notes(report: Report) -> list[str]:
    """What was taken for granted, and last the warnings, each with its code."""
    taken = [translated("note: {text}", text=words.plain(note)) for note in report.notes]
    return taken + [
        translated("warning [{code}]: {text}", code=words.plain(w.code), text=words.plain(w.text))
        for w in report.warnings
    ]
