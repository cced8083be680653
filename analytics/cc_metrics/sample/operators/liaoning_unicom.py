"""Liaoning Unicom at the 12th National Games: eight days of contacts, thirty of installations, repairs, complaints.

One contact stands for a hundred of the text's, one case of Shenyang from 31 August on for ten.
"""

from collections.abc import Iterator
from datetime import datetime
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
)

FIRST_CALL, LAST_CALL = midnight(2013, 8, 31), midnight(2013, 9, 8)
FIRST, OPENING, END = midnight(2013, 8, 12), midnight(2013, 8, 31), midnight(2013, 9, 11)
LAST = midnight(2013, 9, 10)
REGIONS = ("Shenyang", "Dalian", "Jinzhou")
OWN, OTHERS = "Liaoning Unicom", ("China Mobile", "China Telecom")
REASONS = ("bill query", "plan change", "broadband", "no signal", "roaming")


def make(draw: Random) -> Files:
    """The files of the folder."""
    keys = Keys()
    contacts = [*hotline(draw, keys), *directory(draw), *counters(draw), *lounges(draw)]
    found = [*installs(draw, keys), *moves(draw, keys), *repairs(draw, keys), *venues(draw), *complaints(draw, keys)]
    return {"calls": calls(contacts), "cases": cases(found, "L")}


def hotline(draw: Random, keys: Keys) -> list[Row]:
    """Calls to 10010: VIPs, off-net and out-of-town callers just reach 90 %, ordinary callers together 80 %."""
    issues = [
        caller(draw, moment, next(keys)) for day in days(FIRST_CALL, LAST_CALL) for moment in busy_day(draw, day, 150)
    ]
    tried = with_repeats(draw, issues, evenly("0.115"), LAST_CALL)
    flags = {"vip": evenly("0.9"), "off-net": evenly("0.9"), "out of town": evenly("0.9"), "unknown": evenly("0.8")}
    ordinary, owed, found = evenly("0.8"), 0, []
    for row in tried:
        group = group_of(row)
        owed += next(ordinary) if row["tier"] == "普通" else 0  # so many more of them must be in time by now
        in_time = next(flags[group]) if group in flags else owed > 0
        owed -= in_time if row["tier"] == "普通" else 0
        found.append(contact(draw, row, in_time, 20))
    return found


def caller(draw: Random, offered_at: datetime, customer: str) -> Row:
    """Somebody who calls: tier, network and home are now and then not recorded."""
    kind = draw.random()
    region = REGIONS[int(draw.random() ** 2 * 3)]
    off_net, out_of_town, vip = 0.25 <= kind < 0.37, 0.37 <= kind < 0.51, kind < 0.25 or kind > 0.98
    others = [other for other in (*REGIONS, "Beijing") if other != region]
    lost = draw.random()
    return {
        "offered_at": offered_at,
        "channel": "voice",
        "queue": "10010",
        "tier": None if lost < 0.02 else draw.choice(("VIP", "金卡")) if vip else "普通",
        "reason": draw.choice(REASONS),
        "region": region,
        "home_region": None if 0.02 <= lost < 0.03 else draw.choice(others) if out_of_town else region,
        "network": None if 0.03 <= lost < 0.04 else draw.choice(OTHERS) if off_net else OWN,
        "customer_id": customer,
    }


def group_of(row: Row) -> str:
    """Whose level a call is held against, as far as it is known."""
    if row["network"] not in (None, OWN):
        return "off-net"
    if row["home_region"] not in (None, row["region"]):
        return "out of town"
    return {None: "unknown", "普通": "ordinary"}.get(row["tier"], "vip")


def directory(draw: Random) -> list[Row]:
    """114: 400 times directions, 300 times the games."""
    found = []
    for reason, number in (("directions", 400), ("games information", 300)):
        quick = evenly("0.95")
        for moment in moments(draw, FIRST_CALL, LAST_CALL, number, (7, 23)):
            asked: Row = {
                "offered_at": moment,
                "channel": "114",
                "queue": "114",
                "reason": reason,
                "region": "Shenyang",
            }
            found.append(contact(draw, asked, next(quick), 15, talk_s=35))
    return found


def counters(draw: Random) -> list[Row]:
    """The three counters of the village, 9:00 to 20:00: handled in 7 min 48 s on average."""
    places = ("media village", "athletes' village", "officials' village")
    handled = [draw.uniform(3, 13) for _ in range(60)]
    scale = 60 * 468_000 / sum(handled)
    found = []
    for moment, minutes in zip(moments(draw, FIRST_CALL, LAST_CALL, 60, (9, 20)), handled, strict=True):
        asked: Row = {"offered_at": moment, "channel": "counter", "queue": draw.choice(places), "region": "Shenyang"}
        handling = {"talk_ms": int(minutes * scale), "hold_ms": 0, "wrap_ms": 0}
        found.append(contact(draw, asked, True, 600) | handling)
    return found


def lounges(draw: Random) -> list[Row]:
    """The lounges for VIPs: 20 at the station, 3 at the airport."""
    found = []
    for place, number in (("north station", 20), ("airport", 3)):
        for moment in moments(draw, FIRST_CALL, LAST_CALL, number, (6, 22)):
            asked: Row = {
                "offered_at": moment,
                "channel": "lounge",
                "queue": place,
                "tier": "VIP",
                "region": "Shenyang",
            }
            found.append(contact(draw, asked, True, 120, talk_s=300))
    return found


def placed(draw: Random, shenyang: int, elsewhere: int) -> list[Row]:
    """Cases in order: those of Shenyang from the opening on, those of other cities from the middle of August."""
    found: list[Row] = [
        {"opened_at": moment, "region": "Shenyang"} for moment in moments(draw, OPENING, END, shenyang, (6, 24))
    ]
    drawn = moments(draw, FIRST, END, elsewhere, (6, 24))
    found += [{"opened_at": moment, "region": draw.choice(REGIONS[1:])} for moment in drawn]
    found.sort(key=lambda row: str(row["opened_at"]))
    return [row | {"home_region": row["region"], "customer_id": None} for row in found]


def done(draw: Random, row: Row, hours: tuple[float, float]) -> Row:
    """The row with the end of its work, open where the data end before."""
    opened_at = row["opened_at"]
    return row | {"resolved_at": known(after(draw, opened_at, *hours), END)}


def installs(draw: Random, keys: Keys) -> list[Row]:
    """Broadband: where it is feasible 90 % in 24 hours and 95 % in 72; every request was accepted."""
    day, three_days, found = evenly("0.9"), evenly("0.5"), []
    for number, row in enumerate(placed(draw, 170, 90)):
        feasible = None if number % 90 == 40 else number % 16 != 5
        hours = (3.0, 23.5)
        if feasible and not next(day):
            hours = (25.0, 71.0) if next(three_days) else (75.0, 200.0)
        row |= {
            "kind": "install",
            "reason": "broadband",
            "feasible": feasible,
            "accepted": "yes",
            "customer_id": next(keys),
        }
        row |= {"tier": tier(draw), "area": area(draw)}
        found.append(row if feasible is False else done(draw, row, hours))
    return found


def moves(draw: Random, keys: Keys) -> list[Row]:
    """Moves of lines, without a promise."""
    rows = placed(draw, 80, 20)
    moved: Row = {"kind": "move", "reason": "fixed line"}
    return [done(draw, row | moved | {"customer_id": next(keys), "area": area(draw)}, (5, 110)) for row in rows]


def tier(draw: Random) -> str | None:
    """A customer's level."""
    value = draw.random()
    return None if value < 0.015 else "VIP" if value < 0.09 else "普通"


def area(draw: Random) -> str | None:
    """Town or country."""
    value = draw.random()
    return None if value < 0.015 else "county" if value < 0.14 else "urban"


def repairs(draw: Random, keys: Keys) -> list[Row]:
    """Faults: 98 % of the ordinary customers' in towns are repaired in 24 hours."""
    found, quick, others = [], evenly("0.98"), evenly("0.9")
    for reason, rows in (("broadband", placed(draw, 300, 60)), ("fixed line", placed(draw, 150, 40))):
        for row in rows:
            row |= {"kind": "repair", "reason": reason, "tier": tier(draw), "area": area(draw), "segment": "public"}
            found.append(row | {"customer_id": next(keys)})
    found.sort(key=lambda row: str(row["opened_at"]))
    promised = [row["tier"] == "普通" and row["area"] == "urban" for row in found]
    in_time = [next(quick if ordinary else others) for ordinary in promised]
    return [
        answered(draw, done(draw, row, (1, 23.5) if kept else (24.5, 90)), 6)
        for row, kept in zip(found, in_time, strict=True)
    ]


def answered(draw: Random, row: Row, most: float) -> Row:
    """The row with its first answer, never after the end of the work."""
    opened_at, resolved_at = row["opened_at"], row["resolved_at"]
    response = after(draw, opened_at, 0.05, most)
    if isinstance(resolved_at, datetime):
        response = min(response, resolved_at)
    return row | {"responded_at": known(response, END)}


def venues(draw: Random) -> list[Row]:
    """Faults of the games' own lines: answered in minutes."""
    found = []
    for moment in moments(draw, OPENING, END, 12, (7, 22)):
        row: Row = {"opened_at": moment, "kind": "repair", "reason": "venue line", "tier": "VIP", "segment": "venue"}
        row |= {"area": "urban", "region": "Shenyang", "home_region": "Shenyang"}
        row |= {"responded_at": after(draw, moment, 0.02, 0.24), "resolved_at": known(after(draw, moment, 0.5, 5), END)}
        found.append(row)
    return found


def complaints(draw: Random, keys: Keys) -> list[Row]:
    """Complaints: sooner handled from the opening on; some cross cities, some take the green channel."""
    found, own = [], evenly("0.94")
    for number, moment in enumerate(complained(draw)):
        green = number % 16 == 3
        region = draw.choice(REGIONS)
        home = draw.choice([other for other in REGIONS if other != region]) if number % 5 == 2 else region
        first = f"C{int(draw.random() * 30):02d}"
        row: Row = {"opened_at": moment, "kind": "complaint", "reason": draw.choice(REASONS), "tier": tier(draw)}
        row |= {"region": region, "home_region": None if number == 77 else home, "customer_id": next(keys)}
        row |= {"route": "green channel" if green else "ordinary", "first_owner": first}
        row |= {"owner": first if next(own) else "C99"}
        most = 20.0 if green else 110.0 if moment < OPENING else 60.0
        found.append(answered(draw, done(draw, row, (1, most)), 10))
    return found


def complained(draw: Random) -> Iterator[datetime]:
    """When complaints came; one in the first minutes and one in the last, so that the days are covered."""
    yield at_clock(FIRST, 0, 12)
    yield from moments(draw, FIRST, END, 158)
    yield at_clock(LAST, 23, 51)
