"""Jiangsu Unicom in January 2016: installations, moves and repairs of broadband with their visits and attempts."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from cc_metrics.sample.operators.rows import Files, Keys, Row, after, at_clock, cases, evenly, known, midnight, moments
from cc_metrics.sample.operators.visits import attempts, visit

FIRST, END = midnight(2016, 1), midnight(2016, 2)
REGIONS = ("Nanjing", "Suzhou", "Wuxi", "Xuzhou")
MBPS = (20, 50, 100)
LONGEST_H = {"install": 72.0, "move": 72.0, "repair": 24.0}


def make(draw: Random) -> Files:
    """The files of the folder."""
    keys = Keys()
    visited = [
        row
        for kind, number in (("install", 300), ("move", 60), ("repair", 260))
        for row in work(draw, kind, number, keys)
    ]
    found = [*visited, *cancellations(draw, visited, keys), *speed(draw, keys), *questions(draw, keys)]
    numbers = cases(found, "J")
    return {"cases": numbers, "attempts": attempts(draw, numbers, END), "satisfaction": answers(draw), "bases": bases()}


def work(draw: Random, kind: str, number: int, keys: Keys) -> list[Row]:
    """Visits: in time wherever a promise holds, sometimes late in the country and where it is not known."""
    found = []
    for moment in [at_clock(FIRST, 8, 3), *moments(draw, FIRST, END, number - 1, (8, 20))]:
        place = draw.random()
        row: Row = {"opened_at": moment, "kind": kind, "reason": "broadband", "customer_id": next(keys)}
        row |= {"area": None if place < 0.02 else "rural" if place < 0.14 else "urban"}
        row |= {"region": draw.choice(REGIONS), "segment": segment(draw), "feasible": feasible(draw, kind)}
        visited = visit(draw, row, due(row), END)
        if row["feasible"] is False:  # nobody comes: it is cancelled
            visited |= {"appointed_at": None, "arrived_at": None, "resolved_at": None}
        found.append(visited)
    return found


def segment(draw: Random) -> str | None:
    """Premium communities and others."""
    value = draw.random()
    return None if value < 0.015 else "premium" if value < 0.25 else "ordinary"


def feasible(draw: Random, kind: str) -> bool | None:
    """A line that has a fault is there; others cannot always be built, and sometimes nobody wrote it down."""
    value = draw.random()
    return True if kind == "repair" or value > 0.08 else None if value < 0.015 else False


def due(row: Row) -> tuple[datetime, bool]:
    """Until when the promises of a case want it done, and whether there is one."""
    moment, kind = row["opened_at"], str(row["kind"])
    buildable = row["feasible"] is True
    limits = [moment + timedelta(hours=LONGEST_H[kind])] if row["area"] == "urban" and buildable else []
    if kind == "install" and row["region"] == "Xuzhou" and buildable:
        limits.append(moment + timedelta(hours=24))
    if kind != "move" and row["segment"] == "premium" and buildable:
        tomorrow = moment + timedelta(days=1)
        evening = at_clock(tomorrow, 0)
        limits.append(evening if moment.hour < 17 else at_clock(tomorrow, 17 if kind == "install" else 15))
    return (min(limits), True) if limits else (moment + timedelta(hours=1.6 * LONGEST_H[kind]), False)


def cancellations(draw: Random, visited: list[Row], keys: Keys) -> Iterator[Row]:
    """What cannot be built is cancelled the next day, and so is what the customer no longer wants."""
    impossible = [row for row in visited if row["feasible"] is False]
    for row in impossible:
        moment = row["opened_at"]
        yield cancellation(
            draw,
            min(after(draw, moment, 1, 30), at_clock(END - timedelta(days=1), 19)),
            "not feasible",
            row["customer_id"],
        )
    for moment in moments(draw, FIRST, END, 30, (8, 19)):
        yield cancellation(draw, moment, draw.choice(("customer's wish", "moved away", "other operator")), next(keys))


def cancellation(draw: Random, opened_at: datetime, reason: str, customer: object) -> Row:
    """Checked by the end of the next day, done within 48 hours of the check."""
    dispatched = after(draw, opened_at, 0.05, 0.5)
    verified = at_clock(dispatched + timedelta(days=1), int(draw.uniform(9, 18)), int(draw.uniform(0, 60)))
    row: Row = {"opened_at": opened_at, "kind": "cancel", "reason": reason, "customer_id": customer}
    row |= {"dispatched_at": dispatched, "verified_at": known(verified, END)}
    return row | {"resolved_at": known(after(draw, verified, 1, 47), END)}


def speed(draw: Random, keys: Keys) -> Iterator[Row]:
    """Speed tests: 96 % of the contract on average; each line below 90 % is optimised."""
    slow = evenly("0.08")
    for moment in moments(draw, FIRST, midnight(2016, 1, 28), 150, (9, 21)):
        customer, contracted, is_slow = next(keys), draw.choice(MBPS), next(slow)
        ratio = draw.uniform(0.78, 0.89) if is_slow else draw.uniform(0.93, 1.02)
        row: Row = {"opened_at": moment, "kind": "speed test", "reason": "broadband", "customer_id": customer}
        row |= {"contracted_mbps": contracted, "measured_mbps": round(contracted * ratio, 2)}
        yield row | {"resolved_at": moment + timedelta(minutes=5)}
        if is_slow:
            begun = after(draw, moment, 0.5, 20)
            again: Row = {"opened_at": begun, "kind": "optimise", "reason": "slow line", "customer_id": customer}
            yield again | {"resolved_at": known(after(draw, begun, 5, 70), END)}


def questions(draw: Random, keys: Keys) -> Iterator[Row]:
    """Questions put to fitters: most are answered at once, the others called back; one waits too long."""
    at_once, own = evenly("0.7"), evenly("0.95")
    for number, moment in enumerate(moments(draw, FIRST, END, 60, (9, 20))):
        first = f"F{int(draw.random() * 40):02d}"
        answered = moment if next(at_once) else after(draw, moment, 0.5, 23)
        if number == 20:
            answered = after(draw, moment, 30, 40)
        row: Row = {"opened_at": moment, "kind": "question", "reason": draw.choice(("tariff", "router", "complaint"))}
        row |= {"responded_at": known(answered, END), "resolved_at": known(answered, END), "customer_id": next(keys)}
        yield row | {"first_owner": first, "owner": first if next(own) else "back office"}


def answers(draw: Random) -> list[Row]:
    """Three ways of asking, with their own rates of answers and of satisfied."""
    found: list[Row] = []
    for channel, number, answered, content in (
        ("phone call-back", 150, "0.8", "0.95"),
        ("web page", 90, "0.5", "0.9"),
        ("third party", 80, "1", "0.925"),
    ):
        answering, happy = evenly(answered), evenly(content)
        for moment in moments(draw, FIRST, END, number, (9, 20)):
            satisfied = next(happy) if next(answering) else None
            found.append({"asked_at": moment, "channel": channel, "satisfied": satisfied})
    return sorted(found, key=lambda row: str(row["asked_at"]))


def bases() -> list[Row]:
    """Communities of towns, and those with the promise."""
    counts = {"communities": 3_200, "communities promised": 3_172}
    return [{"month": "2016-01", "what": what, "count": number} for what, number in counts.items()]
