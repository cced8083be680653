"""What a report says about itself in sentences: head, traffic, definition, row accounting, settled days."""

from collections.abc import Mapping, Sequence
from typing import Final

from cc_metrics.model.durations import short
from cc_metrics.model.report import Accounting, Head, Report, Row
from cc_metrics.render import naming, verdicts, words

TURNAROUND: Final = (
    "mean, P50, P90 and longest of the cases closed in the period; due: each case once, where its deadline falls"
)
_MOST_STOCK: Final = 30  # rows of the stock that people are shown
_BASIS: Final = {"repeat": "no repeat within", "flag": "by the source's own word"}


def period(report: Report) -> tuple[str, str]:
    """The period with its zone, and whether the data cover it."""
    return _period(report.head)


def _period(head: Head) -> tuple[str, str]:
    zone = words.plain(head.timezone) if head.timezone else "times as written"
    missing = words.plain(head.incomplete)
    state = "complete" if head.complete else f"not complete: {missing}" if missing else "not complete"
    return f"{head.label} {zone}", state


def has_calls(report: Report) -> bool:
    """Whether calls were given, if only none of the period."""
    return bool(report.accounting.files)


def traffic(report: Report) -> list[str]:
    """Offered and where they went, a line for each channel when there is more than one; then the cases, or answers."""
    return [*_of_calls(report), *_of_cases(report), *_of_answers(report)]


def _of_calls(report: Report) -> list[str]:
    if not has_calls(report):
        return []
    if not any(row.get("offered") for row in report.total):
        return ["no calls offered"]
    several = len(report.total) > 1
    return [(f"{words.recorded(row.get('channel'))}: " if several else "") + _traffic(row) for row in report.total]


def _of_cases(report: Report) -> list[str]:
    """Cases opened and closed, with their own period where it is another than that of the calls."""
    if report.about_cases is None:
        return []
    opened, closed, still = (sum(row.get(n) or 0 for row in report.cases) for n in ("opened", "closed", "open"))
    known = any(row.get("closed") is not None for row in report.cases)
    told = [f"{words.count(opened)} opened", *([f"{words.count(closed)} closed"] if known else [])]
    if known and report.asked.every == "all":  # else a row holds what was open at the end of its interval
        told.append(f"{words.count(still)} open")
    said = f"cases: {', '.join(told)}" if opened or closed or still else "no case opened, closed or open"
    own = _period(report.about_cases)
    return [said if own == _period(report.head) else f"{said}; {', '.join(own)}"]


def _of_answers(report: Report) -> list[str]:
    if not report.answers:
        return []
    asked, answered = (sum(row.get(name) or 0 for row in report.answers) for name in ("asked", "answered"))
    return [f"customers: {words.count(asked)} asked, {words.count(answered)} answered"]


def _traffic(row: Row) -> str:
    parts = [f"{words.count(row.get(name))} {name}" for name in ("answered", "abandoned")]
    if row.get("redirected"):
        late = row.get("redirected_late")
        in_time = "" if late is None else f" ({words.count(row['redirected'] - late)} in time)"
        parts.append(f"{words.count(row['redirected'])} redirected{in_time}")
    return f"{words.count(row['offered'])} offered: {', '.join(parts)}"


def definition(report: Report) -> str:
    """The formula behind every service level of the report, and the range that the others give; "" without calls."""
    if not has_calls(report):
        return ""
    terms = verdicts.service_terms(report.policy.service)
    ranges = [(row.get("channel"), _others(row, report.policy.service.formula)) for row in report.total]
    found = [(channel, others) for channel, others in ranges if others]
    if len(report.total) > 1:
        found = [(channel, f"{words.recorded(channel)} {others}") for channel, others in found]
    return f"{terms}; other formulas {', '.join(others for _, others in found)}" if found else terms


def _others(row: Row, formula: str) -> str:
    formulas: Mapping[str, float | None] = row.get("formulas") or {}
    values = [value for name, value in formulas.items() if name != formula and value is not None]
    return words.spread(min(values), max(values)) if values else ""


def accounting(report: Report) -> list[str]:
    """Where every row went, and from when to when the data speak: a line for each table that was given."""
    told = [("calls", report.accounting, report.head.as_of)] if has_calls(report) else []
    cases = (report.about_cases or report.head).as_of
    told += [(name, rows, cases if name == "cases" else "") for name, rows in report.beside.items()]
    several = bool(report.beside)
    return [f"{name}: {account(rows, as_of)}" if several else account(rows, as_of) for name, rows, as_of in told]


def account(rows: Accounting, as_of: str) -> str:
    """Where every row of one table went."""
    files = f"{words.count(len(rows.files))} file{'' if len(rows.files) == 1 else 's'}"
    ignored, rejected = _by_reason(rows.ignored, "ignored"), _by_reason(rows.rejected, "rejected")
    read, accepted = words.count(rows.read), words.count(rows.accepted)
    folded = "" if rows.cases is None else f", which make {words.count(rows.cases)} cases"
    went = f"{read} rows read from {files} = {accepted} accepted + {ignored} + {rejected}{folded}"
    return f"{went}; {_span(rows, as_of)}"


def breakdown(report: Report, link: str) -> str:
    """What the table of calls is broken down by: "by tier, queue every 1h"; "" where by nothing that calls have."""
    by = link.join(words.plain(d) for d in report.asked.by if any(d in row for row in report.calls))
    every = "" if report.asked.every == "all" or not report.calls else f"every {report.asked.every}"
    return " ".join(part for part in (by and f"by {by}", every) if part)


def _by_reason(counts: Mapping[str, int], word: str) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    parts = ", ".join(f"{words.count(number)} {words.plain(reason)}" for reason, number in ordered if number)
    return f"{words.count(sum(counts.values()))} {word}" + (f" ({parts})" if parts else "")


def _span(rows: Accounting, as_of: str) -> str:
    if rows.first is None and rows.last is None:
        return "no moment in the data"
    known = f", as of {words.moment(as_of)}" if as_of else ""
    return f"data from {words.moment(rows.first)} to {words.moment(rows.last)}{known}"


def shown_stock(report: Report) -> tuple[Row, ...]:
    """The rows of the stock that people are shown: all of them, or those with most overdue."""
    if len(report.stock) <= _MOST_STOCK:
        return report.stock
    return tuple(sorted(report.stock, key=lambda row: (-row["overdue"], -row["due_today"]))[:_MOST_STOCK])


def left_out(report: Report) -> list[str]:
    """How much of the stock is not shown."""
    left = len(report.stock) - len(shown_stock(report))
    return [f"and {words.count(left)} more, with no more overdue: JSON holds all"] if left else []


def resolution(report: Report) -> str:
    """What first-call resolution means in this report, where all rows mean the same."""
    meanings = {_meaning(row) for row in report.first_call_resolution or report.latest}
    return f"first-call resolution, {meanings.pop()}" if len(meanings) == 1 else "first-call resolution"


def _meaning(row: Row) -> str:
    basis = row.get("basis", "repeat")
    window = f" {window_of(row)}" if basis == "repeat" else ""
    return f"{_BASIS.get(basis, words.recorded(basis))}{window}, by {words.recorded(row.get('unit'))}"


def window_of(row: Row) -> str:
    """The length of the repeat window: "24 h"."""
    window = row.get("window_s")
    return words.MISSING if window is None else short(round(window * 1000))


def known(report: Report) -> list[str]:
    """The latest settled days by name: "known up to 19 Aug: 89.2 % of 19,870", "known for 12 to 19 Aug: ..."."""
    dimensions = [d for d in ("channel", *report.asked.by) if any(d in row for row in report.latest)]
    return [_known(row, report.latest, dimensions) for row in report.latest]


def _known(row: Row, rows: Sequence[Row], dimensions: Sequence[str]) -> str:
    told = [words.recorded(row.get(d)) for d in dict.fromkeys(dimensions)]
    if len({(r.get("unit"), r.get("window_s")) for r in rows}) > 1:
        told.append(f"by {words.recorded(row.get('unit'))} in {window_of(row)}")
    who = f"{', '.join(told)}: " if told else ""
    days = words.plain(row.get("days", ""))
    link = "for" if " to " in days else "up to"
    value = words.percent(row.get("value"), none="n/a")
    return f"{who}known {link} {days}: {value} of {words.count(row.get('eligible'), 'n/a')}"


def pending(report: Report) -> list[str]:
    """Promises on calls with items whose window is still open; they are counted nowhere else."""
    named = zip(naming.names(report.promises), report.promises, strict=True)
    numbered = [(name, j.row.get("pending")) for name, j in named if j.promise.about == "calls"]
    return [f"pending, not counted: {words.count(number)} of {name}" for name, number in numbered if number]


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
    return [f"customer known for {words.percent(with_key / answered)} of the answered calls"]


def notes(report: Report) -> list[str]:
    """What was taken for granted, and last the warnings, each with its code."""
    said = [f"note: {words.plain(note)}" for note in report.notes]
    return said + [f"warning [{words.plain(w.code)}]: {words.plain(w.text)}" for w in report.warnings]
