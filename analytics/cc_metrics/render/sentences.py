"""What a report says about itself in sentences: head, traffic, definition, row accounting, settled days."""

from collections.abc import Mapping, Sequence
from typing import Final

from cc_metrics.model.durations import short
from cc_metrics.model.report import Accounting, Report, Row
from cc_metrics.render import verdicts, words

_BASIS: Final = {"repeat": "no repeat within", "flag": "by the source's own word"}


def period(report: Report) -> tuple[str, str]:
    """The period with its zone, and whether the data cover it."""
    head = report.head
    zone = words.plain(head.timezone) if head.timezone else "times as written"
    missing = words.plain(head.incomplete)
    state = "complete" if head.complete else f"not complete: {missing}" if missing else "not complete"
    return f"{head.label} {zone}", state


def traffic(report: Report) -> list[str]:
    """Offered and where they went, a line for each channel when there is more than one."""
    if not any(row.get("offered") for row in report.total):
        return ["no calls offered"]
    several = len(report.total) > 1
    return [(f"{words.recorded(row.get('channel'))}: " if several else "") + _traffic(row) for row in report.total]


def _traffic(row: Row) -> str:
    parts = [f"{words.count(row.get(name))} {name}" for name in ("answered", "abandoned")]
    if row.get("redirected"):
        late = row.get("redirected_late")
        in_time = "" if late is None else f" ({words.count(row['redirected'] - late)} in time)"
        parts.append(f"{words.count(row['redirected'])} redirected{in_time}")
    return f"{words.count(row['offered'])} offered: {', '.join(parts)}"


def definition(report: Report) -> str:
    """The formula behind every service level of the report, and the range that the others give."""
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


def accounting(report: Report) -> str:
    """Where every row went, and from when to when the data speak."""
    rows = report.accounting
    files = f"{words.count(len(rows.files))} file{'' if len(rows.files) == 1 else 's'}"
    ignored, rejected = _by_reason(rows.ignored, "ignored"), _by_reason(rows.rejected, "rejected")
    read, accepted = words.count(rows.read), words.count(rows.accepted)
    return f"{read} rows read from {files} = {accepted} accepted + {ignored} + {rejected}; {_span(rows, report)}"


def _by_reason(counts: Mapping[str, int], word: str) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    parts = ", ".join(f"{words.count(number)} {words.plain(reason)}" for reason, number in ordered if number)
    return f"{words.count(sum(counts.values()))} {word}" + (f" ({parts})" if parts else "")


def _span(rows: Accounting, report: Report) -> str:
    if rows.first is None and rows.last is None:
        return "no moment in the data"
    return f"data from {words.moment(rows.first)} to {words.moment(rows.last)}, as of {words.moment(report.head.as_of)}"


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
    """Promises with items whose window is still open; they are counted nowhere else."""
    names = verdicts.names(report.promises)
    numbered = [(name, j.row.get("pending")) for name, j in zip(names, report.promises, strict=True)]
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
