"""What an e-mail says in few words: how many promises were missed, of what, and what its pictures lack."""

from typing import Final

from cc_metrics.language import counted, told, translated
from cc_metrics.model.report import Report
from cc_metrics.render import email_head, words
from cc_metrics.render.email_charts import Pictures

MOST_SAID: Final = 4  # sentences on one missed promise, other days or the month
_LONGEST_NAME: Final = 60
_WHOLE_DAY: Final = "00:00-24:00"


def headline(report: Report) -> str:
    """How many of the promises that are judged were missed, and how many have no verdict."""
    found = [j.row["verdict"] for j in report.promises if j.row.get("verdict") is not None]
    missed, kept = found.count("missed"), found.count("kept")
    rest = len(found) - missed - kept
    if not found:
        return translated("No promise to judge")
    if rest == len(found):
        return counted("{n} promise without a verdict", "{n} promises without a verdict", rest)
    if missed:
        said = counted(
            "{missed} of {n} promise missed", "{missed} of {n} promises missed", len(found), missed=words.count(missed)
        )
    else:
        said = counted("{kept} of {n} promise kept", "{kept} of {n} promises kept", len(found), kept=words.count(kept))
    if not rest:
        return said
    without = counted("{n} without a verdict", "{n} without a verdict", rest)
    return translated("{headline}, {without}", headline=said, without=without)


def subject(report: Report) -> str:
    """The subject: "2 of 5 promises missed: hotline, Tue 20 Aug 2013"."""
    period = told(report.head.label).removesuffix(_WHOLE_DAY).strip()
    about = translated(
        "{headline}: {policy}, {period}",
        headline=headline(report),
        policy=email_head.shortened(words.plain(report.policy.name), _LONGEST_NAME),
        period=period,
    )
    return email_head.subject(about)


def lacking(pictures: Pictures) -> str:
    """That Chinese could not be drawn; "" where nothing is lacking."""
    if not pictures.unlettered:
        return ""
    said = translated(
        "No font with Chinese characters was found where this was written: the pictures are labelled in English."
    )
    left = pictures.left_out
    if not left:
        return said
    return f"{said} " + counted(
        "{n} picture with Chinese names was left out.", "{n} pictures with Chinese names were left out.", left
    )
