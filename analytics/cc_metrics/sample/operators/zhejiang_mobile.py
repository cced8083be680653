"""Zhejiang Mobile, July 2008 to June 2009: complaints of five channels, attempts, billing errors, spam, counters.

A record billed stands for 10,000 of the text's.
"""

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
)

FIRST, YEAR, SPRING, JUNE, END = (
    midnight(2008, 7),
    midnight(2009, 1),
    midnight(2009, 4),
    midnight(2009, 6),
    midnight(2009, 7),
)
CHANNELS = {"10086": 150, "sms": 60, "web": 50, "counter": 40, "account manager": 20}
MORNING, EVENING = 8, 22  # nobody is disturbed outside
RECORDS, ERRORS = 500_000, 48  # a month, a year
SPAM = (740, 40)  # of the two half-years


def make(draw: Random) -> Files:
    """The files of the folder: complaints of each channel in their own."""
    keys = Keys()
    files: Files = {}
    for channel, number in CHANNELS.items():
        found = cases(complaints(draw, channel, number, keys), channel[:3].upper())
        files[f"cases-{channel.replace(' ', '-')}"] = found
    tried = [row for rows in files.values() for row in attempts(draw, rows)]
    files["cases-billing"] = cases(billing_errors(draw, keys), "B")
    files["cases-spam"] = cases(spam(draw, keys), "P")
    return files | {
        "attempts": tried,
        "calls": calls(contacts(draw)),
        "satisfaction": answers(draw),
        "bases": bases(draw),
    }


def complaints(draw: Random, channel: str, number: int, keys: Keys) -> list[Row]:
    """June's complaints, answered by day and within the limit that holds for the customer."""
    drawn = moments(draw, JUNE, END, number)
    if channel == "sms":
        drawn[0], drawn[-1] = at_clock(JUNE, 0, 16), at_clock(END - timedelta(days=1), 23, 52)
    return [complaint(draw, moment, channel, next(keys), place) for place, moment in enumerate(drawn)]


def complaint(draw: Random, moment: datetime, channel: str, customer: str, place: int) -> Row:
    """One complaint; the clock is held at night, one answer comes exactly at the limit."""
    tier = None if place % 45 == 20 else "VIP" if draw.random() < 0.12 else "金卡" if draw.random() < 0.1 else "普通"
    row: Row = {"opened_at": moment, "kind": "complaint", "channel": channel, "tier": tier, "customer_id": customer}
    row |= {"reason": draw.choice(("billing", "network", "service"))}
    hours = limit_h(tier, str(row["reason"]))
    answered = awake(moment, hours if place == 31 else hours * draw.uniform(0.03, 0.97))
    row |= {"responded_at": known(answered, END), "resolved_at": known(after(draw, answered, 0, 30), END)}
    return row | {"answered_in": "day" if answered < END else None}


def limit_h(tier: str | None, reason: str) -> float:
    """Hours, as the preset reads them."""
    if tier in ("VIP", "金卡"):
        return 4 if reason == "billing" else 12
    return 24 if reason == "billing" else 48


def awake(moment: datetime, hours: float) -> datetime:
    """So many hours later on a clock that is held from 22:00 to 08:00.

    >>> awake(midnight(2009, 6, 1).replace(hour=21), 2).hour
    9
    """
    left = timedelta(seconds=int(hours * 3_600))
    while True:
        opens, closes = at_clock(moment, MORNING), at_clock(moment, EVENING)
        begins = max(moment, opens)
        if begins + left <= closes and begins < closes:
            return begins + left
        left -= max(closes - begins, timedelta())
        moment = at_clock(moment + timedelta(days=1), MORNING)


def attempts(draw: Random, rows: list[Row]) -> list[Row]:
    """Every third customer: some answer at once or an hour later, others not in three attempts of the day before."""
    found: list[Row] = []
    for row in rows[1::3]:
        answered, opened_at = row["responded_at"], row["opened_at"]
        if answered is None:
            continue
        day, hour_before = at_clock(answered - timedelta(days=1), 0), answered - timedelta(minutes=70)
        if opened_at < day:
            hours = [int(draw.uniform(*part)) for part in ((9, 12), (13, 17), (18, 21))]
            tried = [(at_clock(day, hour, int(draw.uniform(0, 60))), False) for hour in hours]
            found += attempted(row, [*tried, (answered, True)])
        elif hour_before >= max(opened_at, at_clock(answered, MORNING)):
            found += attempted(row, [(hour_before, False), (answered, True)])
        else:
            found += attempted(row, [(answered, True)])
    return found


def attempted(row: Row, tried: list[tuple[datetime, bool]]) -> list[Row]:
    """Attempts at one customer."""
    return [{"case_id": row["case_id"], "attempted_at": moment, "reached": reached} for moment, reached in tried]


def billing_errors(draw: Random, keys: Keys) -> list[Row]:
    """Errors in bills over the year."""
    found: list[Row] = []
    for moment in moments(draw, FIRST, END, ERRORS):
        row: Row = {"opened_at": moment, "kind": "billing error", "channel": None, "customer_id": next(keys)}
        found.append(row | {"resolved_at": known(after(draw, moment, 5, 80), END)})
    return found


def spam(draw: Random, keys: Keys) -> list[Row]:
    """Reports of spam: 740 in one half-year, 40 in the next."""
    drawn = [at_clock(FIRST, 0, 31), *moments(draw, FIRST, YEAR, SPAM[0] - 1), *moments(draw, YEAR, END, SPAM[1])]
    return [
        {"opened_at": moment, "kind": "spam report", "channel": "sms", "customer_id": next(keys)} for moment in drawn
    ]


def contacts(draw: Random) -> list[Row]:
    """Half a year at counters, where the queue is half as long from April on, and a few calls to 10086."""
    found = []
    for day in days(YEAR, END):
        minutes = 14 if day < SPRING else 7
        for moment in moments(draw, day, day + timedelta(days=1), 5, (9, 18)):
            asked: Row = {"offered_at": moment, "channel": "counter", "queue": draw.choice(("Hangzhou", "Ningbo"))}
            wait = int(draw.uniform(0.2, 1.8) * minutes * 60_000)
            found.append(contact(draw, asked, True, 600, talk_s=240) | {"wait_ms": wait})
        for hour in (0, 23):
            call: Row = {
                "offered_at": at_clock(day, hour, int(draw.uniform(0, 60))),
                "channel": "voice",
                "queue": "10086",
            }
            found.append(contact(draw, call, draw.random() < 0.9, 20))
    return found


def answers(draw: Random) -> list[Row]:
    """Scores at counters before and after April; a fifth of those asked do not answer. Some of the hotline."""
    found: list[Row] = []
    asked = (("counter", YEAR, SPRING, 90, 62), ("counter", SPRING, END, 110, 76), ("hotline", YEAR, END, 60, 70))
    for channel, first, end, number, lowest in asked:
        answering = evenly("0.8")
        for moment in moments(draw, first, end, number, (9, 18)):
            score = int(draw.uniform(lowest, 101)) if next(answering) else None
            found.append({"asked_at": moment, "channel": channel, "score": score})
    return sorted(found, key=lambda row: str(row["asked_at"]))


def bases(draw: Random) -> list[Row]:
    """Records billed, contacts, and those that machines served, a little more each month."""
    found: list[Row] = []
    for number in range(12):
        month = f"{2008 + (number + 6) // 12}-{(number + 6) % 12 + 1:02d}"
        contacts_ = 20_000 + int(draw.uniform(-900, 900))
        counts = {
            "records billed": RECORDS,
            "contacts": contacts_,
            "self-service contacts": contacts_ * (48 + number) // 100,
        }
        found += [{"month": month, "what": what, "count": count} for what, count in counts.items()]
    return found
