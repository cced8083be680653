"""Liaoning Telecom in 2005: all of its 1,327 complaints, faults of a tenth of its lines, scores, five days of calls."""

from datetime import datetime, timedelta
from random import Random

from cc_metrics.sample.operators.contacts import contact, with_repeats
from cc_metrics.sample.operators.rows import (
    Files,
    Keys,
    Row,
    after,
    at_clock,
    busy_day,
    calls,
    cases,
    days,
    evenly,
    known,
    midnight,
    moments,
    scores,
)

FIRST, END = midnight(2005, 1), midnight(2006, 1)
LAST_COMPLAINT = midnight(2005, 12, 28)
COMPLAINTS, MEAN_S = 1_327, 62_208  # 0.72 days
UNSATISFIED = 6
LINES = (4_500, 4_700, 4_900, 5_100, 5_300, 5_500, 5_700, 5_800, 5_900, 6_100, 6_200, 6_500)
FAULTS = (339, 228)  # of the half-years: 1.13 % and 0.63 % of their lines
SEGMENTS = {"key accounts": 8490, "business": 8590, "residential": 8670, "broadband": 8170}
ASKED = 100
HOTLINE_FROM, HOTLINE_TO, HOTLINE_DAY = midnight(2005, 5), midnight(2005, 7), midnight(2005, 6)
CITIES = ("Shenyang", "Dalian", "Anshan", "Jinzhou")


def make(draw: Random) -> Files:
    """The files of the folder."""
    keys = Keys()
    found = cases([*complaints(draw, keys), *faults(draw, keys)], "T")
    return {"calls": calls(contacts(draw, keys)), "cases": found, "satisfaction": answers(draw), "bases": bases()}


def complaints(draw: Random, keys: Keys) -> list[Row]:
    """1,327, handled in 0.72 days on average and never in more than two; six had to be handled twice."""
    parts = [draw.uniform(0.05, 1) ** 2 for _ in range(COMPLAINTS)]
    seconds = [int(part * COMPLAINTS * MEAN_S / sum(parts)) for part in parts]
    seconds[0] += COMPLAINTS * MEAN_S - sum(seconds)
    opened = [at_clock(FIRST, 0, 14), *moments(draw, FIRST, LAST_COMPLAINT, COMPLAINTS - 1)]
    found = []
    for number, (moment, length) in enumerate(zip(opened, seconds, strict=True)):
        again = number % (COMPLAINTS // UNSATISFIED) == 100
        row: Row = {"opened_at": moment, "resolved_at": moment + timedelta(seconds=length), "kind": "complaint"}
        row |= {"reason": None if number % 90 == 7 else draw.choice(("billing", "attitude", "line quality", "tariff"))}
        row |= {"region": draw.choice(CITIES), "customer_id": next(keys), "reopened": int(again)}
        row |= {"escalated": number % 400 == 50, "justified": False, "asked_first": True, "satisfied_first": not again}
        found.append(row | {"asked_final": again, "satisfied_final": True if again else None})
    return found


def faults(draw: Random, keys: Keys) -> list[Row]:
    """Reports of broadband faults by the lines of each month; some of the last are still open. A few of fixed lines."""
    found = []
    for month, number in enumerate(reports(), start=1):
        first, end = midnight(2005, month), END if month == 12 else midnight(2005, month + 1)
        drawn = moments(draw, first, end, number)
        if month == 12:
            drawn[-1] = at_clock(END - timedelta(days=1), 23, 45)
        found += [fault(draw, moment, "broadband", next(keys)) for moment in drawn]
    return found + [fault(draw, moment, "fixed line", next(keys)) for moment in moments(draw, FIRST, END, 40)]


def fault(draw: Random, moment: datetime, reason: str, customer: str) -> Row:
    """One fault and its repair."""
    row: Row = {"opened_at": moment, "resolved_at": known(after(draw, moment, 1, 40), END), "kind": "repair"}
    return row | {"reason": reason, "region": draw.choice(CITIES), "customer_id": customer}


def reports() -> list[int]:
    """Each half-year's faults, shared out by the lines of its months.

    >>> sum(reports()[:6]), sum(reports()[6:])
    (339, 228)
    """
    found = []
    for lines, number in zip((LINES[:6], LINES[6:]), FAULTS, strict=True):
        until = [round(number * sum(lines[: month + 1]) / sum(lines)) for month in range(6)]
        found += [now - before for before, now in zip([0, *until], until, strict=False)]
    return found


def bases() -> list[Row]:
    """Broadband lines by month."""
    return [
        {"month": f"2005-{month:02d}", "what": "broadband lines", "count": lines}
        for month, lines in enumerate(LINES, start=1)
    ]


def answers(draw: Random) -> list[Row]:
    """The third party's scores, the hotline before and after June, and counters where many do not answer."""
    found: list[Row] = []
    for segment, total in SEGMENTS.items():
        drawn = moments(draw, midnight(2005, 11), midnight(2005, 12), ASKED, (9, 20))
        given = zip(drawn, scores(draw, ASKED, total, 60, 100), strict=True)
        found += [answer(moment, "third-party survey", segment, score=score) for moment, score in given]
    for first, end, number, share in (
        (HOTLINE_FROM, HOTLINE_DAY, 200, "0.87"),
        (HOTLINE_DAY, HOTLINE_TO, 400, "0.995"),
    ):
        happy = evenly(share)
        drawn = moments(draw, first, end, number, (8, 22))
        found += [answer(moment, "hotline", None, satisfied=next(happy)) for moment in drawn]
    answering, happy = evenly("0.7"), evenly("0.93")
    for moment in moments(draw, HOTLINE_FROM, HOTLINE_TO, 60, (9, 17)):
        found.append(answer(moment, "counter", None, satisfied=next(happy) if next(answering) else None))
    return sorted(found, key=lambda row: str(row["asked_at"]))


def answer(moment: datetime, channel: str, segment: str | None, **given: object) -> Row:
    """Somebody who was asked."""
    return {"asked_at": moment, "channel": channel, "segment": segment, **given}


def contacts(draw: Random, keys: Keys) -> list[Row]:
    """Five days of 10000: enquiries are mostly answered the first time."""
    found = []
    for reason, number, repeated in (("enquiry", 55, "0.08"), ("fault", 25, "0.25")):
        issues: list[Row] = []
        for day in days(midnight(2005, 6, 13), midnight(2005, 6, 18)):
            issues += [asked(draw, moment, reason, next(keys)) for moment in busy_day(draw, day, number)]
        in_time = evenly("0.88")
        tried = with_repeats(draw, issues, evenly(repeated), midnight(2005, 6, 18))
        found += [contact(draw, row, next(in_time), 20) for row in tried]
    return found


def asked(draw: Random, moment: datetime, reason: str, customer: str) -> Row:
    """A call; some numbers are withheld."""
    withheld = draw.random() < 0.02
    return {"offered_at": moment, "channel": "voice", "reason": reason, "customer_id": None if withheld else customer}
