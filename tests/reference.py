"""The definitions once more, naively: plain Python from METRICS.md alone, sharing no code with the library.

Slow and obvious on purpose. The engine is compared with it by hypothesis. Rows are plain dicts; times are UTC epoch
milliseconds, durations milliseconds. A zone of None means "times as written", which are cut as UTC.
Where METRICS.md leaves a choice the docstring says READING.
"""

import math
from collections import defaultdict
from datetime import UTC, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

CANONICAL = (
    "call_id",
    "offered_ms",
    "outcome",
    "wait_ms",
    "talk_ms",
    "hold_ms",
    "wrap_ms",
    "direction",
    "channel",
    "queue",
    "tier",
    "reason",
    "region",
    "home_region",
    "network",
    "agent_id",
    "customer_id",
    "transferred",
    "resolved",
    "satisfaction",
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
LEG_MS = 5 * SECOND

FORMULAS = (
    "all_offered",
    "exclude_abandons_within",
    "exclude_short_abandons",
    "abandons_within_count",
    "short_abandons_count",
    "answered_only",
)


# ---------------------------------------------------------------- moments, days, intervals


def _zone(zone):
    return UTC if zone is None else ZoneInfo(zone)


def _local(ms, zone):
    """The wall clock (an aware datetime) in the zone at this moment."""
    return (EPOCH + timedelta(milliseconds=ms)).astimezone(_zone(zone))


def _instant(day, minute, zone):
    """When the local clock first shows this minute of the day; a minute it skips moves forward by the gap."""
    naive = datetime.combine(day, time()) + timedelta(minutes=minute)
    return (naive.replace(tzinfo=_zone(zone), fold=0).astimezone(UTC) - EPOCH) // timedelta(milliseconds=1)


def day_start(day, zone):
    """The first moment of a local day, also where its midnight does not exist."""
    start = _instant(day, 0, zone)
    while _local(start - MINUTE, zone).date() >= day:
        start -= MINUTE
    return start


def day_end(day, zone):
    return day_start(day + timedelta(days=1), zone)


def _all_days(rows, zone):
    """Each local day from the first one touched to the last one touched (READING: touched by offered_at).

    A date that the zone skipped altogether (Apia, 30 December 2011) is no day.
    """
    if not rows:
        return []
    touched = [_local(row["offered_ms"], zone).date() for row in rows]
    days = [min(touched)]
    while days[-1] < max(touched):
        days.append(days[-1] + timedelta(days=1))
    return [day for day in days if day_start(day, zone) < day_end(day, zone)]


def bucket(ms, every, zone):
    """The local interval of a moment: (local start, offset in minutes) below a day, else (first date, None).

    READING: an interval below a day is cut on the wall clock and known by start and offset, so the doubled hour is two.
    """
    local = _local(ms, zone)
    if every in ("15m", "30m", "1h"):
        length = {"15m": 15, "30m": 30, "1h": 60}[every]
        start = local.replace(minute=local.minute - local.minute % length, second=0, microsecond=0, tzinfo=None)
        return (start.isoformat(), local.utcoffset() // timedelta(minutes=1))
    day = local.date()
    if every == "1w":
        day -= timedelta(days=day.weekday())
    elif every == "1mo":
        day = day.replace(day=1)
    elif every != "1d":
        raise ValueError(every)
    return (day.isoformat(), None)


# ---------------------------------------------------------------- 1. rows, period, as_of


def call_end(row):
    """offered + wait + talk + hold; wrap-up is the agent's time; null parts count 0 (METRICS 3, used in 1 as well)."""
    return row["offered_ms"] + (row["wait_ms"] or 0) + (row["talk_ms"] or 0) + (row["hold_ms"] or 0)


def deduplicate(rows):
    """(kept rows in the order given, rows ignored as duplicates, rows rejected as conflicting, earlier states ignored).

    READINGS: a row updated before the kept one is an earlier state of it, and no conflict; updated_ms, file and line
    are no canonical columns; of equal rows the best ranked stands for all of them (so an equal row with a later
    updated_ms lends it to its twin); "else" means "at a tie".
    """

    def rank(numbered):
        index, row = numbered
        updated = row.get("updated_ms")
        return (
            updated is not None,
            0 if updated is None else updated,
            call_end(row),
            row.get("file", 0),
            row.get("line", 0),
            index,
        )

    by_id = defaultdict(list)
    for index, row in enumerate(rows):
        by_id[row["call_id"]].append((index, row))

    kept = []
    duplicates = 0
    conflicting = 0
    earlier = 0
    for same_id in by_id.values():
        groups = defaultdict(list)
        for index, row in same_id:
            groups[tuple(row[column] for column in CANONICAL)].append((index, row))
        duplicates += sum(len(group) - 1 for group in groups.values())
        one_of_each = [max(group, key=rank) for group in groups.values()]
        best = max(one_of_each, key=rank)
        updates = [row.get("updated_ms") for _, row in one_of_each]
        before = sum(update is not None and update < best[1]["updated_ms"] for update in updates)
        earlier += before
        conflicting += len(groups) - 1 - before
        kept.append(best)
    kept.sort(key=lambda numbered: numbered[0])
    return [row for _, row in kept], duplicates, conflicting, earlier


def covered_days(rows, zone, open_hours=None, closed=lambda day: False):
    """{local day: covered?} for each day from the first to the last touched.

    open_hours: {weekday (Monday 0): [(from minute, to minute), ...]} on the local clock, or None.
    READINGS: a silence never crosses a day's edge; days without rows lend no silence; the silence lies outside the
    open hours when it has no stretch in common with them.
    """
    days = _all_days(rows, zone)
    moments = defaultdict(list)
    for row in rows:
        moments[_local(row["offered_ms"], zone).date()].append(row["offered_ms"])
    last_moment = max((row["offered_ms"] for row in rows), default=None)

    def opening_silence(day):
        return min(moments[day]) - day_start(day, zone)

    def ending_silence(day):
        return day_end(day, zone) - max(moments[day])

    covered = {}
    for day in days:
        if closed(day) or last_moment >= day_end(day, zone):
            covered[day] = True
            continue
        # No row at or after its end: this is the last day, and it has rows.
        others = [other for other in moments if other != day]
        if others:
            allowed = max(max(opening_silence(other), ending_silence(other)) for other in others)
        else:
            allowed = max(opening_silence(day), 2 * HOUR)
        covered[day] = ending_silence(day) <= allowed
        if not covered[day] and open_hours is not None:
            open_parts = [
                (_instant(day, opens, zone), _instant(day, closes, zone))
                for opens, closes in open_hours.get(day.weekday(), [])
            ]
            covered[day] = all(
                closes <= max(moments[day]) or opens >= day_end(day, zone) for opens, closes in open_parts
            )
    return covered


def as_of(rows, zone, open_hours=None, closed=lambda day: False):
    """The end of the last covered day, else the latest offered_ms; None without rows.

    With several days the day before an uncovered last one is always covered, so "else" speaks of a single day only.
    """
    covered = [day for day, yes in covered_days(rows, zone, open_hours, closed).items() if yes]
    if covered:
        return day_end(max(covered), zone)
    return max((row["offered_ms"] for row in rows), default=None)


# ---------------------------------------------------------------- 2. service level


def _within(wait, limit, edge):
    if edge == "<=":
        return wait <= limit
    if edge == "<":
        return wait < limit
    raise ValueError(edge)


def service_counts(rows, within_ms, short_ms, edge="<=", redirected="late"):
    """A, B, R and their parts.

    READINGS: under "abandoned" the redirected rows are in B, B_T and B_s and R = R_L = 0; under "out" R is counted but
    R_L is 0; offered = A + B + R under all three. The short abandon is wait <= s whatever the edge. Where a row has no
    wait (the source records none) the four counts that need it are None; where only abandoned rows have none, the
    two that speak of them.
    """
    if redirected not in ("late", "out", "abandoned"):
        raise ValueError(redirected)
    counts = {
        "offered": 0,
        "answered": 0,
        "abandoned": 0,
        "redirected": 0,
        "answered_within": 0,
        "abandoned_within": 0,
        "short_abandoned": 0,
        "redirected_late": 0,
    }
    lacking = {row["outcome"] for row in rows if row["wait_ms"] is None}
    for row in rows:
        outcome = row["outcome"]
        if outcome == "redirected" and redirected == "abandoned":
            outcome = "abandoned"
        counts["offered"] += 1
        counts[outcome] += 1
        if row["wait_ms"] is None:
            continue
        within = _within(row["wait_ms"], within_ms, edge)
        if outcome == "answered" and within:
            counts["answered_within"] += 1
        if outcome == "abandoned" and within:
            counts["abandoned_within"] += 1
        if outcome == "abandoned" and row["wait_ms"] <= short_ms:
            counts["short_abandoned"] += 1
        if outcome == "redirected" and redirected == "late" and not within:
            counts["redirected_late"] += 1
    if lacking:
        counts["abandoned_within"] = counts["short_abandoned"] = None
    if lacking - {"abandoned"}:
        counts["answered_within"] = counts["redirected_late"] = None
    return counts


def service_level(counts, formula, redirected="late"):
    """(numerator, denominator) of one of the six formulas; `redirected` as given to service_counts."""
    by_abandoned = formula not in ("all_offered", "answered_only")
    if counts["answered_within"] is None or (by_abandoned and counts["abandoned_within"] is None):
        raise ValueError("the waits are not recorded")
    a, b = counts["answered"], counts["abandoned"]
    a_t, b_t, b_s = counts["answered_within"], counts["abandoned_within"], counts["short_abandoned"]
    b_t, b_s = b_t or 0, b_s or 0  # unknown where the formula does not ask for them
    late = counts["redirected_late"] if redirected == "late" else 0
    return {
        "all_offered": (a_t, a + b + late),
        "exclude_abandons_within": (a_t, a + b - b_t + late),
        "exclude_short_abandons": (a_t, a + b - b_s + late),
        "abandons_within_count": (a_t + b_t, a + b + late),
        "short_abandons_count": (a_t + b_s, a + b + late),
        "answered_only": (a_t, a),
    }[formula]


def percentile(waits_ms, p):
    """The smallest whole second s such that at least p of the calls waited <= s; None without calls."""
    waits = sorted(waits_ms)
    if not waits:
        return None
    candidates = sorted({0} | {-(-wait // SECOND) for wait in waits})
    for second in candidates:
        waited_so_long_at_most = sum(1 for wait in waits if wait <= second * SECOND)
        if waited_so_long_at_most >= p * len(waits):
            return second
    raise ValueError(p)


def _mean_seconds(values_ms):
    return Fraction(sum(values_ms), SECOND * len(values_ms)) if values_ms else None


def handling(rows):
    """Handle times over answered calls with talk recorded, in seconds; an unrecorded hold or wrap counts 0.

    READINGS: transferred counts answered rows only; longest_wait_ms is that of the answered; without a recorded wait
    in some answered row asa and longest_wait_ms are None (the same for the abandoned).
    """
    answered = [row for row in rows if row["outcome"] == "answered"]
    abandoned = [row for row in rows if row["outcome"] == "abandoned"]
    talked = [row for row in answered if row["talk_ms"] is not None]
    talk = [row["talk_ms"] for row in talked]
    hold = [row["hold_ms"] or 0 for row in talked]
    wrap = [row["wrap_ms"] or 0 for row in talked]
    answered_waits = [row["wait_ms"] for row in answered]
    abandoned_waits = [row["wait_ms"] for row in abandoned]
    if None in answered_waits:
        answered_waits = []
    if None in abandoned_waits:
        abandoned_waits = []
    return {
        "answered": len(answered),
        "with_talk": len(talked),
        "hold_unrecorded": sum(1 for row in talked if row["hold_ms"] is None),
        "wrap_unrecorded": sum(1 for row in talked if row["wrap_ms"] is None),
        "mean_talk_s": _mean_seconds(talk),
        "mean_hold_s": _mean_seconds(hold),
        "mean_wrap_s": _mean_seconds(wrap),
        "mean_handle_s": _mean_seconds([t + h + w for t, h, w in zip(talk, hold, wrap, strict=True)]),
        "transferred": sum(1 for row in answered if row["transferred"]),
        "under_10": sum(1 for ms in talk if ms < 10 * SECOND),
        "asa": _mean_seconds(answered_waits),
        "longest_wait_ms": max(answered_waits, default=None),
        "longest_abandoned_ms": max(abandoned_waits, default=None),
    }


# ---------------------------------------------------------------- 3. first-call resolution


def _key_of(row, key):
    """The row's key, or None where any part of it is unknown."""
    if isinstance(key, str):
        return row[key]
    parts = tuple(row[name] for name in key)
    return None if None in parts else parts


def _calls_by_key(rows, key):
    """{key: [call, ...]} in order of (offered_at, call_id), legs already joined to the call they belong to.

    READINGS: the row directly before is the one before it among the rows of its key (itself perhaps a leg: chains);
    5 s is inclusive on both sides; the joined call keeps the id, start and outcome of its first row and takes the end
    of its last leg, even where that end is earlier than another leg's.
    """
    source_has_transferred = any(row["transferred"] is not None for row in rows)
    rows_of_key = defaultdict(list)
    for row in rows:
        value = _key_of(row, key)
        if value is not None:
            rows_of_key[value].append(row)

    calls_of_key = {}
    for value, members in rows_of_key.items():
        members.sort(key=lambda row: (row["offered_ms"], row["call_id"]))
        calls = []
        before = None
        for row in members:
            is_leg = (
                source_has_transferred
                and before is not None
                and before["transferred"] is True
                and abs(row["offered_ms"] - call_end(before)) <= LEG_MS
            )
            if is_leg:
                calls[-1]["end_ms"] = call_end(row)
            else:
                calls.append(
                    {
                        "call_id": row["call_id"],
                        "key": value,
                        "start_ms": row["offered_ms"],
                        "end_ms": call_end(row),
                        "answered": row["outcome"] == "answered",
                    }
                )
            before = row
        calls_of_key[value] = calls
    return calls_of_key


def _next_call(calls, position, repeats):
    """The next call of the key in order that may be a repeat, or None. It may start before the end of this one."""
    for later in calls[position + 1 :]:
        if repeats == "offered" or (repeats == "answered" and later["answered"]):
            return later
    return None


def _touches(unobserved, start, end):
    """Does an unobserved stretch [f, t) reach into the window from start to end?

    READING: no stretch that begins exactly at the window's end, as an as_of there would do as well.
    """
    return any(f < end and t > start for f, t in unobserved)


def fcr_call(rows, window_ms, as_of_ms, repeats="offered", unobserved=(), key="customer_id"):
    """One entry for each answered call with a known key that is no leg; resolved = not repeat.

    READINGS: `rows` are all accepted rows, and a repeat is whatever is in them, also beyond as_of (it can only change
    the naive value, never a settled call). Only the next call in order is looked at: a later one cannot be nearer.
    """
    result = []
    for value, calls in _calls_by_key(rows, key).items():
        for position, call in enumerate(calls):
            if not call["answered"]:
                continue
            closes = call["end_ms"] + window_ms
            following = _next_call(calls, position, repeats)
            result.append(
                {
                    "call_id": call["call_id"],
                    "key": value,
                    "end_ms": call["end_ms"],
                    "repeat": following is not None and following["start_ms"] <= closes,
                    "settled": closes <= as_of_ms and not _touches(unobserved, call["end_ms"], closes),
                }
            )
    return result


def fcr_issue(rows, window_ms, as_of_ms, repeats="offered", unobserved=(), key="customer_id"):
    """One entry for each issue; one never answered has first_answered_id and end_ms None and is never settled.

    READINGS: an issue's calls run from its start to the next issue's start; its start looks at offered calls whatever
    `repeats` says; its repeat is the repeat of its first answered call, as in unit call: the next call in order of the
    key (of whichever issue, also one that starts before the end) that starts no later than end + W. The stretch
    between the start and the end of the first answered call may be unobserved.
    """
    first_observed = min((row["offered_ms"] for row in rows), default=None)
    result = []
    for value, calls in _calls_by_key(rows, key).items():
        starts = [
            position
            for position, call in enumerate(calls)
            if position == 0 or call["start_ms"] - calls[position - 1]["start_ms"] > window_ms
        ]
        for start, stop in zip(starts, [*starts[1:], len(calls)], strict=True):
            issue = {
                "key": value,
                "start_ms": calls[start]["start_ms"],
                "first_answered_id": None,
                "end_ms": None,
                "repeat": False,
                "settled": False,
            }
            result.append(issue)
            answered = [position for position in range(start, stop) if calls[position]["answered"]]
            if not answered:
                continue
            first = calls[answered[0]]
            closes = first["end_ms"] + window_ms
            following = _next_call(calls, answered[0], repeats)
            issue["first_answered_id"] = first["call_id"]
            issue["end_ms"] = first["end_ms"]
            issue["repeat"] = following is not None and following["start_ms"] <= closes
            issue["settled"] = (
                closes <= as_of_ms
                and issue["start_ms"] >= first_observed + window_ms
                and not _touches(unobserved, first["end_ms"], closes)
                and not _touches(unobserved, issue["start_ms"] - window_ms, issue["start_ms"])
            )
    return result


def repeat_rate(rows, window_ms, k, key="customer_id"):
    """(answered calls inside some window of length W with >= k answered calls of their key, answered calls with a key).

    READING: a window holds both its ends: first to k-th start <= W. Legs are joined; only starts matter.
    """
    numerator = 0
    denominator = 0
    for calls in _calls_by_key(rows, key).values():
        starts = [call["start_ms"] for call in calls if call["answered"]]
        denominator += len(starts)
        busy = set()
        for first in range(len(starts) - k + 1):
            if starts[first + k - 1] - starts[first] <= window_ms:
                busy.update(range(first, first + k))
        numerator += len(busy)
    return numerator, denominator


def fcr_observations(rows, window_ms, as_of_ms, unobserved=(), repeats="offered", key="customer_id"):
    """[(time from the end in ms, is it a repeat?)] for each answered call with a known key, for kaplan_meier.

    READINGS: a call is watched from its end to as_of or to the first unobserved stretch that ends after it, whichever
    comes first. Its next call is a repeat seen when it starts while watched (as_of itself included, the beginning of
    an unobserved stretch not), however late: kaplan_meier cuts at the window, window_ms has no say here. Calls that end
    beyond as_of are kept (censored at a negative time, which counts as 0).
    """
    observations = []
    for calls in _calls_by_key(rows, key).values():
        for position, call in enumerate(calls):
            if not call["answered"]:
                continue
            end = call["end_ms"]
            dark_from = min((f for f, t in unobserved if t > end), default=math.inf)
            following = _next_call(calls, position, repeats)
            if following is not None and following["start_ms"] <= as_of_ms and following["start_ms"] < dark_from:
                observations.append((following["start_ms"] - end, True))
            else:
                observations.append((min(as_of_ms, dark_from) - end, False))
    return observations


def kaplan_meier(observations, window_s):
    """The share without a repeat at the window; None where the longest observation is shorter than the window.

    Whole seconds rounded up, negative 0. At a tie repeats come first: who is censored then is still at risk.
    READING: "no later than the window", so a repeat at exactly W counts.
    """
    times = [(max(0, -(-ms // SECOND)), is_repeat) for ms, is_repeat in observations]
    if not times or max(second for second, _ in times) < window_s:
        return None
    repeats = defaultdict(int)
    leaving = defaultdict(int)
    for second, is_repeat in times:
        leaving[second] += 1
        if is_repeat:
            repeats[second] += 1
    at_risk = len(times)
    surviving = 1.0
    for second in sorted(leaving):
        if second > window_s:
            break
        surviving *= 1 - repeats[second] / at_risk
        at_risk -= leaving[second]
    return surviving


def unobserved_days(rows, zone, named_closed_dates=(), named_closed_weekdays=()):
    """[(from_ms, to_ms), ...] of the days without rows inside the span that nobody can take for closed.

    named_closed_dates: dates (public holidays belong here too); named_closed_weekdays: Monday 0 ... Sunday 6.
    READING: a weekday without rows in every week of the data = no row of the data falls on that weekday.
    """
    with_rows = {_local(row["offered_ms"], zone).date() for row in rows}
    weekdays_with_rows = {day.weekday() for day in with_rows}
    return [
        (day_start(day, zone), day_end(day, zone))
        for day in _all_days(rows, zone)
        if day not in with_rows
        and day.weekday() in weekdays_with_rows
        and day not in named_closed_dates
        and day.weekday() not in named_closed_weekdays
    ]


# ---------------------------------------------------------------- 4. verdict, margin, interval


def verdict(kept, settled, target, at_least=True):
    """("kept" / "missed" / "no_data", margin in items); target a Fraction.

    at_least: kept of settled >= target. Otherwise a limit: `kept` is what was counted against it, <= limit.
    """
    if settled == 0:
        return "no_data", None
    target = Fraction(target)
    if at_least:
        margin = kept - math.ceil(target * settled)
        good = Fraction(kept, settled) >= target
    else:
        margin = math.floor(target * settled) - kept
        good = Fraction(kept, settled) <= target
    return ("kept" if good else "missed"), margin


def t_quantile_975(degrees):
    """97.5 % point of Student's t: bisection over Simpson's rule on the density from 0 to x."""
    scale = math.exp(math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2)) / math.sqrt(degrees * math.pi)

    def density(x):
        return scale * (1 + x * x / degrees) ** (-(degrees + 1) / 2)

    def below(x, steps=2_000):
        width = x / steps
        inner = sum((4 if step % 2 else 2) * density(step * width) for step in range(1, steps))
        return 0.5 + width / 3 * (density(0) + inner + density(x))

    low, high = 1.9, 13.0
    for _ in range(60):
        middle = (low + high) / 2
        if below(middle) < 0.975:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def jackknife_days(days):
    """(low, high) of the 95 % interval from [(numerator, denominator), ...] per day, or None.

    Leave out one day at a time on the logit scale. READINGS: the centre is the logit of all days together; the spread
    is (K - 1)/K times the sum of squares about the mean of the left-out logits; a day that owed nothing is no day.
    """
    days = [(numerator, denominator) for numerator, denominator in days if denominator > 0]
    k = len(days)
    if k < 20:
        return None
    kept = sum(numerator for numerator, _ in days)
    owed = sum(denominator for _, denominator in days)

    pairs = [(kept, owed)] + [(kept - numerator, owed - denominator) for numerator, denominator in days]
    if any(numerator in (0, denominator) for numerator, denominator in pairs):
        return None
    logits = [math.log(numerator / (denominator - numerator)) for numerator, denominator in pairs]
    centre, left_out = logits[0], logits[1:]
    mean = math.fsum(left_out) / k
    spread = math.sqrt((k - 1) / k * math.fsum((value - mean) ** 2 for value in left_out))
    reach = t_quantile_975(k - 1) * spread
    return 1 / (1 + math.exp(reach - centre)), 1 / (1 + math.exp(-reach - centre))
