"""Why the Tuesday of report_fixture missed its promise, by hand: 22,947 owed, 5,025 late, 436 short of 80 %."""

from fractions import Fraction

ORDINARY = "Ordinary calls answered in 20 seconds"
VIP = "VIP calls answered in 20 seconds"
OWED, LATE, TARGET = 22_947, 5_025, Fraction(4, 5)

_NOON = [f"2013-08-20T{hour}:{minute}:00+08:00" for hour in ("11", "12") for minute in ("00", "30")]
PLACES = {  # value: (offered, owed, late)
    "interval": {
        "2013-08-20T08:00:00+08:00": (9_000, 8_947, 1_025),
        _NOON[0]: (4_000, 4_000, 1_200),
        _NOON[1]: (4_000, 4_000, 1_300),
        _NOON[2]: (3_000, 3_000, 800),
        _NOON[3]: (3_000, 3_000, 700),
    },
    "queue": {"billing": (9_000, 9_000, 2_200), "宽带报障": (8_000, 8_000, 1_700), "sales": (6_000, 5_947, 1_125)},
    "tier": {"ordinary": (23_000, 22_947, 5_025)},
    "reason": {"bill query": (7_000, 7_000, 1_900), "payment": (5_000, 5_000, 1_100), None: (11_000, 10_947, 2_025)},
}


def contribution(dimension, value, offered, owed, late):
    allowed = (1 - TARGET) * owed
    return {
        "promise": ORDINARY,
        "dimension": dimension,
        "value": value,
        "offered": offered,
        "owed": owed,
        "late": late,
        "share_of_late": late / LATE,
        "allowed": float(allowed),
        "above": float(late - allowed),
        "usual_offered": None,
        "mean_handle_s": 205.5,
        "usual_handle_s": None,
    }


CONTRIBUTIONS = tuple(contribution(d, v, *counts) for d, values in PLACES.items() for v, counts in values.items())


def cause(name, late, change=None, agents=None, against="forecast"):
    return {"promise": ORDINARY, "cause": name, "against": against, "late": late, "change": change, "agents": agents}


CAUSES = (
    cause("volume", 300.25, 0.12),
    cause("staff", 250.5, agents=3.2),
    cause("handle_time", 80.6, 0.04),
    cause("other", -195.75),
)


def comparison(promise, figure, name, start, value, before, items, **more):
    return {
        "promise": promise,
        "figure": figure,
        "with": name,
        "start": start,
        "value": value,
        "before": before,
        "points": value - before if figure != "offered" else None,
        "items": items,
        **dict.fromkeys(("low", "high", "days", "word")),
        **more,
    }


RANGE = {"low": 0.7802, "high": 0.8644, "days": 8, "word": "within"}
COMPARISONS = (
    comparison(None, "service_level", "day_before", "2013-08-19", 0.7944, 0.8211, -674.0, **RANGE),
    comparison(None, "service_level", "week_before", "2013-08-13", 0.7944, 0.7844, 252.0, **RANGE),
    comparison(None, "offered", "day_before", "2013-08-19", 25_324, 24_100, 1_224, low=22_000.0, high=24_900.0, days=7),
    comparison(
        ORDINARY,
        "service_level",
        "week_before",
        "2013-08-13",
        0.781,
        0.8042,
        -532.4,
        low=0.79,
        high=0.86,
        days=6,
        word="worse",
    ),
)


def month(promise, kept, settled, target, state, needed, left=11):
    return {
        "promise": promise,
        "month": "2013-08",
        "to": "2013-08-20",
        "settled": settled,
        "kept": kept,
        "value": kept / settled,
        "target": target,
        "days_left": left,
        "expected": 21_000.5 * left,
        "needed": needed,
        "state": state,
    }


MONTHS = (
    month(VIP, 44_100, 46_000, 0.9, "safe", -0.1),
    month(ORDINARY, 319_281, 402_118, 0.8, "open", 0.8114),
)


def planned(start, offered, forecast, rostered, present):
    return {
        "start": start,
        "offered": offered,
        "forecast_offered": forecast,
        "mean_handle_s": 208.0,
        "forecast_handle_s": 200.0,
        "rostered": rostered,
        "present": present,
        "service_level": 0.7,
    }


STAFFING = (planned(_NOON[0], 4_000, 3_500.0, 40.0, 36.0), planned(_NOON[1], 4_000, 3_643.0, 40.0, 38.0))

WHY = {
    "contributions": CONTRIBUTIONS,
    "causes": CAUSES,
    "comparisons": COMPARISONS,
    "months": MONTHS,
    "staffing": STAFFING,
}
NO_REASON = dict.fromkeys(WHY, ())
