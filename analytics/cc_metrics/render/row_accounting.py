"""Where every row went and from when to when the data speak, in sentences."""

from collections.abc import Mapping

from cc_metrics.language import counted, told, translated
from cc_metrics.model.report import Accounting, Report
from cc_metrics.model.table import things
from cc_metrics.render import sentences, words


def accounting(report: Report) -> list[str]:
    """Where every row went, and from when to when the data speak: a line for each table that was given."""
    tables = [("calls", report.accounting, report.head.as_of)] if sentences.has_calls(report) else []
    cases = (report.about_cases or report.head).as_of
    tables += [(name, rows, cases if name == "cases" else "") for name, rows in report.beside.items()]
    if not report.beside:
        return [account(rows, as_of) for _, rows, as_of in tables]
    return [sentences.named(told(things(name)), account(rows, as_of)) for name, rows, as_of in tables]


def account(rows: Accounting, as_of: str) -> str:
    """Where every row of one table went."""
    went = counted(
        "{read} rows read from {n} file = {accepted} accepted + {ignored} + {rejected}",
        "{read} rows read from {n} files = {accepted} accepted + {ignored} + {rejected}",
        len(rows.files),
        read=words.count(rows.read),
        accepted=words.count(rows.accepted),
        ignored=_with_reasons(translated("{n} ignored", n=words.count(sum(rows.ignored.values()))), rows.ignored),
        rejected=_with_reasons(translated("{n} rejected", n=words.count(sum(rows.rejected.values()))), rows.rejected),
    )
    if rows.cases is not None:
        went = translated("{went}, which make {n} cases", went=went, n=words.count(rows.cases))
    if rows.calls is not None:
        went = translated("{went}, which make {n} calls", went=went, n=words.count(rows.calls))
    return words.sequence([went, _span(rows, as_of)])


def _with_reasons(total: str, counts: Mapping[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    parts = words.listed(
        translated("{n} {reason}", n=words.count(number), reason=words.plain(reason))
        for reason, number in ordered
        if number
    )
    return translated("{total} ({parts})", total=total, parts=parts) if parts else total


def _span(rows: Accounting, as_of: str) -> str:
    if rows.first is None and rows.last is None:
        return translated("no moment in the data")
    first, last = words.moment(rows.first), words.moment(rows.last)
    if not as_of:
        return translated("data from {first} to {last}", first=first, last=last)
    return translated("data from {first} to {last}, as of {moment}", first=first, last=last, moment=words.moment(as_of))
