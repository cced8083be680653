"""What the operators' sample files say of every promise of their presets, each counted in its own plain words."""

from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import cache

from seed_tables import (
    DAY,
    Fact,
    Row,
    answers,
    appointments,
    as_of,
    attempts,
    bases,
    chosen,
    in_time,
    issues,
    judged,
    level,
    mean,
    mean_time,
    midnight_after,
    solved_calls,
    table,
    verdict,
    within,
)

ALL = "1"
LIAONING_UNICOM, JIANGSU, SHANGHAI = "liaoning-unicom-2013", "jiangsu-unicom-2016", "shanghai-telecom-2012"
LIAONING_TELECOM, DALIAN, ZHEJIANG = "liaoning-telecom-2005", "dalian-netcom-2005", "zhejiang-mobile-2009"


def since(rows: list[Row], moment: str, day: date) -> list[Row]:
    return [row for row in rows if row[moment].date() >= day]


def differ(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row["region"] and row["home_region"] and row["region"] != row["home_region"]]


def mean_of(rows: list[Row], columns: tuple[str, ...], most_s: float | None) -> Fact:
    """Seconds of answered contacts; *most_s* None where the line is only stated."""
    spent = [sum(row[column] or 0 for column in columns) for row in rows if row["outcome"] == "answered"]
    value = Fraction(sum(spent), 1_000 * len(spent))
    return Fact(value, len(spent), verdict(most_s, most_s is not None and value <= most_s))


def liaoning_unicom() -> dict[str, Fact]:
    calls, cases = table(LIAONING_UNICOM, "calls"), table(LIAONING_UNICOM, "cases")
    voice, end = chosen(calls, channel="voice"), as_of(cases)
    off_net = [row for row in voice if row["network"] not in (None, "Liaoning Unicom")]
    installs = chosen(cases, kind="install", reason="broadband")
    feasible = chosen(installs, feasible="true")
    urban = chosen(cases, kind="repair", area="urban", tier="普通")
    complaints = chosen(cases, kind="complaint")
    venues = chosen(cases, kind="repair", segment="venue")
    own = [row for row in complaints if row["owner"] and row["first_owner"]]
    return {
        "VIP calls answered in 20 seconds": judged(*level(chosen(voice, tier=("VIP", "金卡")), 20), "0.9"),
        "Ordinary calls answered in 20 seconds": judged(*level(chosen(voice, tier="普通"), 20), "0.8"),
        "Issues resolved in the first call": judged(*issues(voice), "0.88"),
        "Calls resolved at once, for comparison": judged(*solved_calls(voice), None),
        "Off-net calls answered as VIP calls are": judged(*level(off_net, 20), "0.9"),
        "Out-of-town calls answered as VIP calls are": judged(*level(differ(voice), 20), "0.9"),
        "Broadband installed within 24 hours": judged(*in_time(feasible, within(24), end), "0.9"),
        "Broadband installed within 72 hours": judged(*in_time(feasible, within(72), end), "0.95"),
        "Broadband requests accepted": judged(len(chosen(installs, accepted="yes")), len(installs), ALL),
        "Urban faults repaired within 24 hours": judged(*in_time(urban, within(24), end), "0.98"),
        "Counter business handled in 8 minutes": mean_of(
            chosen(calls, channel="counter"), ("talk_ms", "hold_ms", "wrap_ms"), 480
        ),
        "Faults at the venues answered at once": judged(*in_time(venues, within(0.25), end, to="responded_at"), None),
        "Complaints across cities handled": judged(*in_time(differ(complaints), within(72), end), None),
        "Complaints by the green channel handled": judged(
            *in_time(chosen(complaints, route="green channel"), within(24), end), None
        ),
        "Complaints kept by whom they were told first": judged(
            sum(row["owner"] == row["first_owner"] for row in own), len(own), None
        ),
        "Complaints handled sooner at the Games": mean_time(
            since([row for row in complaints if row["resolved_at"]], "resolved_at", date(2013, 8, 31)), None
        ),
    }


def premium(repaired: bool) -> object:
    """Before 17:00 by the end of the day, later by 17:00 or 15:00 of the next."""
    hour = 15 if repaired else 17

    def due(start: datetime, _: Row) -> datetime:
        day = start.date() + DAY
        return datetime.combine(day, time() if start.time() < time(17) else time(hour), start.tzinfo)

    return due


def each_part(moments: list[datetime]) -> bool:
    """Morning, noon and evening of the day after the first."""
    day = moments[0].date() + DAY
    hours = {moment.hour for moment in moments if moment.date() == day}
    return all(any(opens <= hour < closes for hour in hours) for opens, closes in ((8, 11), (11, 14), (17, 21)))


def jiangsu() -> dict[str, Fact]:
    cases = table(JIANGSU, "cases")
    end, visits = as_of(cases), chosen(cases, kind=("install", "move", "repair"))
    installs = chosen(cases, kind="install", feasible="true")
    cancels, questions, tests = (chosen(cases, kind=kind) for kind in ("cancel", "question", "speed test"))
    ratios = [(Fraction(row["measured_mbps"]) / Fraction(row["contracted_mbps"]), row) for row in tests]
    slow = [row for ratio, row in ratios if ratio < Fraction(9, 10)]
    begun = {row["customer_id"]: row["opened_at"] for row in chosen(cases, kind="optimise")}
    helped = [row for row in slow if begun.get(row["customer_id"], row["opened_at"] - DAY) >= row["opened_at"]]
    speed = sum((ratio for ratio, _ in ratios), Fraction()) / len(ratios)
    surveys = table(JIANGSU, "satisfaction")
    own = [row for row in questions if row["owner"] and row["first_owner"]]
    premium_installs, premium_repairs = (
        chosen(installs, segment="premium"),
        chosen(cases, kind="repair", segment="premium"),
    )
    checked = in_time(cancels, lambda start, _: midnight_after(1)(start), end, "dispatched_at", "verified_at", False)
    covered = bases(JIANGSU, "communities promised"), bases(JIANGSU, "communities")
    found = {
        "Installed within 72 hours": in_time(chosen(installs, area="urban"), within(72), end),
        "Moved within 72 hours": in_time(chosen(cases, kind="move", area="urban", feasible="true"), within(72), end),
        "Repaired within 24 hours": in_time(chosen(cases, kind="repair", area="urban"), within(24), end),
        "Installed within 24 hours in Xuzhou": in_time(chosen(installs, region="Xuzhou"), within(24), end),
        "Customer contacted within 2 hours": in_time(visits, within(2), end, "dispatched_at", "responded_at"),
        "There within an hour of the time agreed": appointments(visits, 1, end),
        "Tried morning, noon and evening": attempts(JIANGSU, midnight_after(1), each_part),
        "Cancellations checked by the next day": checked,
        "Cancelled within two days of the check": in_time(cancels, within(48), end, "verified_at"),
        "Cancellations with a reason": (sum(row["reason"] is not None for row in cancels), len(cancels)),
        "Premium: installed the same day": in_time(premium_installs, premium(False), end, inclusive=False),
        "Premium: repaired the same day": in_time(premium_repairs, premium(True), end, inclusive=False),
        "Slow lines optimised": (len(helped), len(slow)),
    }
    stated = {
        "Satisfied, asked by telephone": answers(chosen(surveys, channel="phone call-back")),
        "Satisfied, asked on the web page": answers(chosen(surveys, channel="web page")),
        "Satisfied, asked by a third party": answers(chosen(surveys, channel="third party")),
        "Questions answered later are answered": in_time(questions, within(24), end, to="responded_at"),
        "Questions kept by who was asked first": (sum(row["owner"] == row["first_owner"] for row in own), len(own)),
    }
    return {
        **{name: judged(*counts, ALL) for name, counts in found.items()},
        "Communities that the promise covers": judged(*covered, "0.99"),
        "Measured speed against the contract": Fact(speed, len(ratios), verdict(0, speed >= Fraction(9, 10))),
        **{name: judged(*counts, None) for name, counts in stated.items()},
    }


@cache
def public_survey() -> dict[tuple[str, int], Fraction]:
    """Mean score of each trade and year."""
    rows = chosen(table(SHANGHAI, "satisfaction"), channel="public survey")
    groups = {(row["segment"], row["asked_at"].year) for row in rows}
    return {
        (trade, year): mean([row for row in chosen(rows, segment=trade) if row["asked_at"].year == year], "score")
        for trade, year in groups
    }


def rank(year: int) -> int:
    means = public_survey()
    return 1 + sum(value > means["telecom", year] for (_, when), value in means.items() if when == year)


def volumes(rows: list[Row], moment: str, day: date, months_before: date) -> tuple[int, int]:
    """Before a day (from another on) and since."""
    days = [row[moment].date() for row in rows]
    return sum(months_before <= one < day for one in days), sum(one >= day for one in days)


def shanghai() -> dict[str, Fact]:
    calls, cases, means = table(SHANGHAI, "calls"), table(SHANGHAI, "cases"), public_survey()
    score = means["telecom", 2011]
    rises = [means["telecom", year] > means["telecom", year - 1] for year in range(2007, 2012)]
    before, now = volumes(chosen(calls, channel="qq"), "offered_at", date(2011, 1, 1), date(2010, 1, 1))
    visits = chosen(cases, kind=("install", "repair"))
    found = {name: chosen(calls, channel=name) for name in ("weibo", "web", "qq")}
    return {
        "Public satisfaction score": Fact(score, 100, verdict(0, score >= Fraction("85.37"))),
        "Score above the mean of 40 trades": Fact(
            score - Fraction("84.01"), 100, verdict(0, score - Fraction("84.01") >= Fraction("1.36"))
        ),
        "Score rising five years running": Fact(Fraction(sum(rises)), None, verdict(0, all(rises))),
        "Rank among the trades up by one": Fact(
            Fraction(rank(2010) - rank(2011)), None, verdict(0, rank(2010) > rank(2011))
        ),
        "Contacts by QQ": Fact(
            Fraction(now, before) - 1, None, verdict(0, Fraction(now, before) - 1 >= Fraction("1.29"))
        ),
        "Weibo questions answered at once": judged(*level(found["weibo"], 60), None),
        "Web chats answered at once": judged(*level(found["web"], 60), None),
        "QQ questions answered at once": judged(*level(found["qq"], 30), None),
        "Fitters on time as booked": judged(*appointments(visits, 0.5, as_of(cases)), None),
    }


def liaoning_telecom() -> dict[str, Fact]:
    cases, surveys = table(LIAONING_TELECOM, "cases"), table(LIAONING_TELECOM, "satisfaction")
    complaints, end = chosen(cases, kind="complaint"), as_of(cases)
    segments = (
        ("Key accounts' satisfaction", "Key accounts above the group", "key accounts", "84.9", "1.4"),
        ("Business customers' satisfaction", "Business customers above the group", "business", "85.9", "4.5"),
        ("Residential customers' satisfaction", "Residential customers above the group", "residential", "86.7", "5.2"),
        ("Broadband customers' satisfaction", "Broadband customers above the group", "broadband", "81.7", "14.3"),
    )
    found = {}
    for score_name, lead_name, segment, score, lead in segments:
        rows = chosen(surveys, channel="third-party survey", segment=segment)
        value, reference = mean(rows, "score"), Fraction(score) - Fraction(lead)
        found[score_name] = Fact(value, len(rows), verdict(0, value >= Fraction(score)))
        found[lead_name] = Fact(value - reference, len(rows), verdict(0, value - reference >= Fraction(lead)))
    hotline = since(chosen(surveys, channel="hotline"), "asked_at", date(2005, 6, 1))
    faults = since(chosen(cases, kind="repair", reason="broadband"), "opened_at", date(2005, 7, 1))
    lines = bases(LIAONING_TELECOM, "broadband lines", [f"2005-{month:02d}" for month in range(7, 13)])
    justified = chosen(complaints, escalated="true", justified="true")
    months = {row["opened_at"].month for row in justified}
    calls = table(LIAONING_TELECOM, "calls")
    enquirers = {row["customer_id"] for row in chosen(calls, reason="enquiry")}
    return {
        **found,
        "Satisfied with the hotline": judged(*answers(hotline), "0.995"),
        "Enquiries resolved in the first call": judged(*enquiries(calls, enquirers), None),
        "Broadband faults reported in a month": Fact(
            Fraction(len(faults), lines), None, verdict(0, Fraction(len(faults), lines) <= Fraction("0.0063"))
        ),
        "Complaints handled in 0.72 days": mean_time(complaints, 62_208),
        "Complaints handled in time": judged(*in_time(complaints, within(72), end), ALL),
        "Satisfied with the first handling": judged(*answers(complaints, "satisfied_first"), "0.995"),
        "Satisfied with the second handling": judged(*answers(complaints, "satisfied_final"), ALL),
        "A year without a major incident": Fact(
            Fraction(12), None, verdict(0, not chosen(cases, kind="major incident"))
        ),
        "A year without a justified escalation": Fact(Fraction(12 - len(months)), None, verdict(0, not months)),
    }


def enquiries(calls: tuple[Row, ...], enquirers: set[str]) -> tuple[int, int]:
    """The first call of all may be of another reason: no customer has two."""
    first = min(calls, key=lambda row: row["offered_at"])
    own = [row for row in calls if row["customer_id"] in enquirers or row is first]
    return issues(own)


def by_working_days(number: int, off: set[date]) -> object:
    """The end of a working day so many after the day of opening; Saturdays and Sundays are off but 28 January."""

    def due(start: datetime, _: Row) -> datetime:
        day, left = start.date(), number
        while left:
            day += DAY
            left -= (day.weekday() < 5 and day not in off) or day == date(2006, 1, 28)
        return datetime.combine(day + DAY, time(), start.tzinfo)

    return due


def dalian() -> dict[str, Fact]:
    cases = table(DALIAN, "cases")
    end, reconnect = as_of(cases), chosen(cases, kind="reconnect")
    responsible = chosen(cases, kind="complaint", responsible="true")
    before, now = volumes(responsible, "opened_at", date(2005, 1, 1), date(2003, 12, 1))
    fall = 1 - Fraction(now, before)
    last = [row for row in responsible if row["opened_at"].date() >= date(2005, 9, 1)]
    installs = chosen(cases, kind="install", reason="broadband", feasible="true")
    off = {date(2006, 1, day) for day in (2, 3, 30, 31)} | {date(2006, 2, day) for day in (1, 2, 3)}
    morning = datetime(2006, 1, 27, tzinfo=end.tzinfo)
    waiting = [
        row
        for row in installs
        if row["opened_at"] < morning and not (row["resolved_at"] and row["resolved_at"] <= morning)
    ]
    cleared = [row for row in waiting if row["resolved_at"] and row["resolved_at"] <= morning + timedelta(days=2)]
    groups = {
        "Reconnected within 2 hours, paid at a counter": {"channel": "counter"},
        "Reconnected within 2 hours, paid by bank transfer": {"channel": "bank"},
        "Reconnected within 2 hours, city": {"area": "urban"},
        "Reconnected within 2 hours, counties": {"area": "county"},
    }
    return {
        "Responsible complaints against the year before": Fact(fall, None, verdict(0, fall >= Fraction("0.988"))),
        "Five months without a responsible complaint": Fact(Fraction(5), None, verdict(0, not last)),
        "Reconnected within 24 hours of payment": judged(*in_time(reconnect, within(24), end), ALL),
        **{name: judged(*in_time(chosen(reconnect, **where), within(2), end), ALL) for name, where in groups.items()},
        "Broadband installed in 7 working days": judged(
            *in_time(installs, by_working_days(7, off), end, inclusive=False), None
        ),
        "Waiting installations cleared in two days": judged(len(cleared), len(waiting), None),
    }


def limit_h(row: Row) -> int:
    if row["tier"] in ("VIP", "金卡"):
        return 4 if row["reason"] == "billing" else 12
    return 24 if row["reason"] == "billing" else 48


def held(start: datetime, row: Row) -> datetime:
    """The limit on a clock that is held from 22:00 to 08:00, walked from hour to hour."""
    moment, left = start, timedelta(hours=limit_h(row))
    while left:
        step = min(left, timedelta(hours=1) - timedelta(minutes=moment.minute, seconds=moment.second))
        left -= step if 8 <= moment.hour < 22 else timedelta()
        moment += step
    return moment


def moved(start: datetime, row: Row) -> datetime:
    """The limit, or 08:00 where it lies in the night."""
    due = start + timedelta(hours=limit_h(row))
    day = due.date() + (DAY if due.hour >= 22 else timedelta())
    return due if 8 <= due.hour < 22 else datetime.combine(day, time(8), due.tzinfo)


def zhejiang() -> dict[str, Fact]:
    cases, calls, surveys = (table(ZHEJIANG, name) for name in ("cases", "calls", "satisfaction"))
    complaints, end, spring = chosen(cases, kind="complaint"), as_of(cases), date(2009, 4, 1)
    answered = [row for row in complaints if row["answered_in"]]
    channels = chosen(complaints, channel=("10086", "sms", "web", "counter", "account manager"))
    given = [row for row in since(chosen(surveys, channel="counter"), "asked_at", spring) if row["score"]]
    errors, records = len(chosen(cases, kind="billing error")), bases(ZHEJIANG, "records billed")
    before, now = volumes(chosen(cases, kind="spam report"), "opened_at", date(2009, 1, 1), date(2008, 7, 1))
    fall, machines = 1 - Fraction(now, before), bases(ZHEJIANG, "self-service contacts")
    limits = {
        "The same, limits of the night moved": moved,
        "The same, nights counted": lambda start, row: start + timedelta(hours=limit_h(row)),
    }
    return {
        "Complaints answered within their limit": judged(*in_time(complaints, held, end, to="responded_at"), ALL),
        **{name: judged(*in_time(complaints, due, end, to="responded_at"), None) for name, due in limits.items()},
        "Customers not disturbed at night": judged(
            sum(row["answered_in"] != "night" for row in answered), len(answered), ALL
        ),
        "Tried three times on the day": judged(
            *attempts(ZHEJIANG, midnight_after(0), lambda tried: len(tried) >= 3), ALL
        ),
        "Complaints in one view": judged(len(channels), len(complaints), None),
        "Queues at counters shorter": mean_of(
            since(chosen(calls, channel="counter"), "offered_at", spring), ("wait_ms",), None
        ),
        "Satisfied at counters": judged(sum(int(row["score"]) >= 80 for row in given), len(given), None),
        "Contacts served by machines": judged(machines, bases(ZHEJIANG, "contacts"), None),
        "Billing errors": Fact(
            Fraction(errors, records), None, verdict(0, Fraction(errors, records) <= Fraction(1, 100_000))
        ),
        "Spam reported against the half-year before": Fact(fall, None, verdict(0, fall >= Fraction("0.945"))),
    }


FACTS = {
    LIAONING_UNICOM: liaoning_unicom,
    JIANGSU: jiangsu,
    SHANGHAI: shanghai,
    LIAONING_TELECOM: liaoning_telecom,
    DALIAN: dalian,
    ZHEJIANG: zhejiang,
}
