"""Shanghai Telecom, 2010 and 2011: contacts by channel (one for a thousand), scores of 40 trades, visits as booked."""

from datetime import datetime, timedelta
from random import Random

from cc_metrics.sample.operators.contacts import contact
from cc_metrics.sample.operators.rows import (
    Files,
    Keys,
    Row,
    after,
    at_clock,
    calls,
    cases,
    days,
    evenly,
    known,
    midnight,
    moments,
    scores,
)

YEARS = (midnight(2010, 1), midnight(2011, 1), midnight(2012, 1))
# Contacts of 2010 and 2011, threshold in seconds, share in time.
CHANNELS = {
    "qq": (303, 695, 30, "0.95"),
    "weibo": (20, 120, 60, "0.92"),
    "web": (150, 210, 60, "0.93"),
    "voice": (365, 365, 20, "0.85"),
    "counter": (120, 130, 600, "0.8"),
}
MEANS = {2006: 8102, 2007: 8210, 2008: 8304, 2009: 8391, 2010: 8460, 2011: 8537}  # hundred scores add up to this
ASKED = 100
TRADES, AHEAD = 39, 11  # other trades, and those ahead of ours in 2011
AVERAGE = 8401  # of all 40, in hundredths
VISITS_FROM, END = midnight(2011, 11), midnight(2011, 12)


def make(draw: Random) -> Files:
    """The files of the folder."""
    return {"calls": calls(contacts(draw)), "cases": cases(visits(draw), "S"), "satisfaction": answers(draw)}


def contacts(draw: Random) -> list[Row]:
    """Contacts of two years by channel; voice calls open and close the two years."""
    found = []
    for channel, (before, since, within_s, share) in CHANNELS.items():
        in_time = evenly(share)
        hours = (9, 18) if channel == "counter" else (7, 24)
        drawn = [
            *moments(draw, YEARS[0], YEARS[1], before, hours),
            *moments(draw, YEARS[1], YEARS[2], since, hours),
        ]
        if channel == "voice":  # one a day, so that no day is empty
            drawn = [after(draw, day, 7, 23) for day in days(YEARS[0], YEARS[2])]
            drawn[0], drawn[-1] = at_clock(YEARS[0], 0, 21), at_clock(YEARS[2] - timedelta(days=1), 23, 48)
        for moment in drawn:
            asked: Row = {"offered_at": moment, "channel": channel, "reason": reason(draw)}
            found.append(contact(draw, asked, next(in_time), within_s, talk_s=200))
    return found


def reason(draw: Random) -> str | None:
    """What it is about, now and then not written down."""
    return None if draw.random() < 0.02 else draw.choice(("bill", "broadband", "payment", "fault", "points"))


def answers(draw: Random) -> list[Row]:
    """The survey of the trades, and a telephone survey of our own in which a third does not answer."""
    found: list[Row] = []
    for year, total in MEANS.items():
        found += asked(draw, year, "telecom", scores(draw, ASKED, total, 60, 100))
    for number, (before, now) in enumerate(others(), start=2):
        for year, mean in ((2010, before), (2011, now)):  # ten answers with one decimal add up to the mean's hundredths
            tenths = scores(draw, 10, mean, 600, 1_000)
            found += asked(draw, year, f"trade {number:02d}", [score / 10 for score in tenths])
    answering = evenly("0.67")
    for moment in moments(draw, midnight(2011, 10), midnight(2011, 12), 60, (9, 20)):
        score = int(draw.uniform(60, 101)) if next(answering) else None
        found.append({"asked_at": moment, "channel": "phone call-back", "segment": None, "score": score})
    return sorted(found, key=lambda row: str(row["asked_at"]))


def asked(draw: Random, year: int, segment: str, given: list[int] | list[float]) -> list[Row]:
    """Answers of one autumn."""
    drawn = moments(draw, midnight(year, 10), midnight(year, 12), len(given), (9, 20))
    return [
        {"asked_at": moment, "channel": "public survey", "segment": segment, "score": score}
        for moment, score in zip(drawn, given, strict=True)
    ]


def others() -> list[tuple[int, int]]:
    """The other trades' means of 2010 and 2011 in hundredths: one of them falls behind ours, all 40 average 84.01."""
    ahead = [8560 + 35 * place for place in range(AHEAD)]
    behind = TRADES - AHEAD
    rest = 40 * AVERAGE - MEANS[2011] - sum(ahead)
    middle = rest // behind
    below = [middle + 17 * place - 17 * (behind - 1) // 2 for place in range(behind)]
    below[0] += rest - sum(below)
    overtaken = len(below) - 1  # the best of those below
    before = [mean - (4 if place == overtaken else 50) for place, mean in enumerate(below)]
    return [*((mean - 50, mean) for mean in ahead), *zip(before, below, strict=True)]


def visits(draw: Random) -> list[Row]:
    """Visits as booked: 97 % within half an hour, the others late or forgotten; some are still to come."""
    keys, found, on_time = Keys(), [], evenly("0.97")
    for number, moment in enumerate(moments(draw, VISITS_FROM, END, 240, (8, 19))):
        day = moment + timedelta(days=1 + int(draw.random() * 3))
        booked = at_clock(day, int(draw.uniform(9, 19)), draw.choice((0, 30)))
        found.append(visit(draw, moment, booked, next(on_time), number) | {"customer_id": next(keys)})
    found.append({"opened_at": at_clock(END - timedelta(days=1), 23, 40), "kind": "repair", "reason": "fiber"})
    found.append({"opened_at": at_clock(VISITS_FROM, 0, 25), "kind": "repair", "reason": "fiber"})
    return found


def visit(draw: Random, moment: datetime, booked: datetime, on_time: bool, number: int) -> Row:
    """One visit; every third one out of time never comes."""
    off = draw.uniform(-29, 29) if on_time else draw.uniform(35, 180)
    arrived = booked + timedelta(seconds=int(off * 60))
    gone = arrived if on_time or number % 3 else END
    region = draw.choice(("Pudong", "Xuhui", "Zhabei"))
    row: Row = {
        "opened_at": moment,
        "kind": "repair" if number % 3 == 2 else "install",
        "reason": "fiber" if number % 7 else "copper",
        "region": region,
    }
    row |= {"appointed_at": booked, "arrived_at": known(gone, END)}
    return row | {"resolved_at": known(after(draw, gone, 0.3, 2), END)}
