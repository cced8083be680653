"""Dalian Netcom, December 2003 to January 2006: complaints, reconnections, and 2,000 installations before the festival.

Complaints and waiting installations are as many as in the text; a reconnection stands for 200, a call for 10,000.
"""

from datetime import datetime, timedelta
from itertools import pairwise
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
    evenly,
    known,
    midnight,
    moments,
)

END = midnight(2006, 2)
RESPONSIBLE = (14, 15, 15, 17, 18, 19, 21, 23, 25, 27, 29, 30)  # of the months of 2004: 253
LATER = (midnight(2005, 2, 17), midnight(2005, 4, 8), midnight(2005, 7, 12))  # and the 3 of 2005
WAITING_AT, WAITING = midnight(2006, 1, 27), 2_000
NORMAL = (4, 5, 6, 7, 7, 8, 9)  # days an installation takes


def make(draw: Random) -> Files:
    """The files of the folder."""
    keys = Keys()
    found = [*complaints(draw, keys), *reconnections(draw, keys), *installs(draw, keys), *rush(draw, keys)]
    return {"calls": calls(contacts(draw)), "cases": cases(found, "D")}


def months() -> list[datetime]:
    """December 2003 to February 2006, which ends the last month."""
    return [midnight(2003 + number // 12, number % 12 + 1) for number in range(11, 38)]


def complaints(draw: Random, keys: Keys) -> list[Row]:
    """The company's fault or not; in three nobody wrote it down."""
    found = []
    begins = months()
    for number, (first, end) in enumerate(pairwise(begins)):
        ours = RESPONSIBLE[number - 1] if first.year == 2004 else 0
        drawn = [(moment, True) for moment in moments(draw, first, end, ours)]
        drawn += [(at_clock(day, 10, 40), True) for day in LATER if first <= day < end]
        drawn += [(moment, False) for moment in heard(draw, first, end)]
        found += [complaint(draw, moment, responsible, next(keys)) for moment, responsible in drawn]
    found.append(complaint(draw, at_clock(begins[0], 0, 19), False, next(keys)))
    return found + [complaint(draw, midnight(2005, month, 3), None, next(keys)) for month in (3, 5, 9)]


def heard(draw: Random, first: datetime, end: datetime) -> list[datetime]:
    """A few complaints of a month, and five on the 15th, when somebody hears them at the counters."""
    return [*moments(draw, first, end, 4), *moments(draw, first.replace(day=15), first.replace(day=16), 5, (9, 17))]


def complaint(draw: Random, moment: datetime, responsible: bool | None, customer: str) -> Row:
    """One complaint, handled in hours or days."""
    row: Row = {"opened_at": moment, "resolved_at": known(after(draw, moment, 2, 70), END), "kind": "complaint"}
    row |= {"reason": draw.choice(("attitude", "billing", "delay")), "customer_id": customer}
    return row | {"channel": draw.choice(("hotline", "counter")), "responsible": responsible}


def reconnections(draw: Random, keys: Keys) -> list[Row]:
    """450 payments in December 2005, some in January: within two hours where the group is known, always within 24."""
    drawn = [*moments(draw, midnight(2005, 12), midnight(2006, 1), 450, (7, 22))]
    drawn += [*moments(draw, midnight(2006, 1), END, 58, (7, 22)), at_clock(END - timedelta(days=1), 22, 50)]
    drawn.append(at_clock(END - timedelta(days=1), 23, 47))
    found = []
    for number, moment in enumerate(drawn):
        lost = number % 100 == 60
        row: Row = {"opened_at": moment, "kind": "reconnect", "reason": "payment", "customer_id": next(keys)}
        row |= {"channel": None if lost else draw.choice(("counter", "bank", "bank"))}
        row |= {"area": None if lost else draw.choice(("urban", "urban", "county"))}
        done = after(draw, moment, 3, 6) if lost else after(draw, moment, 0.1, 1.9 if row["channel"] == "bank" else 0.9)
        done = moment + timedelta(hours=2) if number == 33 else done  # on the dot
        found.append(row | {"resolved_at": known(done, END)})
    return found


def installs(draw: Random, keys: Keys) -> list[Row]:
    """Installations before the rush: most in seven working days."""
    found, slow = [], evenly("0.06")
    for moment in moments(draw, midnight(2005, 11), midnight(2006, 1, 14), 240, (8, 18)):
        length = 16 if next(slow) and moment < midnight(2006, 1, 8) else draw.choice(NORMAL)
        done = at_clock(moment + timedelta(days=length), int(draw.uniform(9, 18)), int(draw.uniform(0, 60)))
        found.append(install(moment, next(keys), True) | {"resolved_at": known(done, END)})
    return found


def install(moment: datetime, customer: str, feasible: bool) -> Row:
    """An installation of broadband."""
    row: Row = {"opened_at": moment, "kind": "install", "reason": "broadband", "area": "urban"}
    return row | {"channel": "counter", "feasible": feasible, "customer_id": customer}


def rush(draw: Random, keys: Keys) -> list[Row]:
    """2,000 who wait on the morning of 27 January and have it by nine in the evening of the 28th; a few cannot."""
    found = []
    for moment in moments(draw, midnight(2006, 1, 19), WAITING_AT, WAITING, (8, 18)):
        day = WAITING_AT + timedelta(days=int(draw.random() * 2))
        done = at_clock(day, int(draw.uniform(8, 21)), int(draw.uniform(0, 60)))
        found.append(install(moment, next(keys), True) | {"resolved_at": done})
    vain = moments(draw, midnight(2006, 1, 19), WAITING_AT, 18, (8, 18))
    found += [install(moment, next(keys), False) for moment in vain]
    for number, moment in enumerate(moments(draw, WAITING_AT, midnight(2006, 1, 29), 25, (8, 17))):
        same_day = after(draw, moment, 1, 4) if number % 3 == 0 else None
        found.append(install(moment, next(keys), True) | {"resolved_at": same_day})
    return found


def contacts(draw: Random) -> list[Row]:
    """December 2005: 50 calls to 10060, 200 to 114."""
    found = []
    for queue, number, reasons in (("10060", 50, ("fee query", "order", "fault")), ("114", 200, ("number",))):
        in_time = evenly("0.9")
        drawn = moments(draw, midnight(2005, 12), midnight(2006, 1), number, (6, 24))
        drawn[-1] = at_clock(midnight(2005, 12, 31), 23, 50)
        for moment in drawn:
            asked: Row = {"offered_at": moment, "channel": "voice", "queue": queue, "reason": draw.choice(reasons)}
            found.append(contact(draw, asked, next(in_time), 20, talk_s=60))
    return found
