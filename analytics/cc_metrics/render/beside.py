"""Sections of sentences about what lies behind a result and beside it; those that have something to say."""

from collections.abc import Sequence

from cc_metrics.language import translated
from cc_metrics.model.report import Report
from cc_metrics.render import since_words, why_words


def sections(report: Report, most: int | None = None) -> list[tuple[str, Sequence[str]]]:
    """Titles, each with its sentences, *most* of them at most (of why, for each missed promise)."""
    accounts = [why_words.account(report, judged)[:most] for judged in why_words.missed(report)]
    found = (
        (translated("why it was missed"), [said for account in accounts for said in account]),
        (translated("compared with other days"), since_words.compared(report)[:most]),
        (translated("month to date"), since_words.months(report)[:most]),
        (translated("planned and came"), since_words.staffed(report)[:most]),
    )
    return [(title, said) for title, said in found if said]
