"""The daily level as a control chart: by hand, against a plain reference, and on days that are ordinary."""

import math
import random
from datetime import date, timedelta
from itertools import pairwise

import pytest

from cc_metrics.measures.control_chart import Day, chart
from cc_metrics.reporting import Span
from made import call
from pictures_fixture import PLAIN, drawn, earlier

ZONE = "Asia/Shanghai"
MONDAY = date(2013, 7, 1)


def percent(logit):
    return 1 / (1 + math.exp(-logit))


def by_turns(days):
    """Mondays to Fridays of 99 calls, by turns 79.5 / 100 and 85.5 / 100 once half a call is added on either side."""
    return [Day(n % 5, (79, 85)[n % 2], 99) for n in range(days)]


def test_by_hand():
    """Each weekday has both levels six times: its median lies half way, every moving range is their whole distance."""
    low, high = math.log(79.5 / 20.5), math.log(85.5 / 14.5)
    found = chart([*by_turns(60), Day(0, 50, 99), Day(1, 62, 99), Day(2, 92, 99), Day(3, 99, 99)])
    centre, limit = (low + high) / 2, 3 * (high - low) / 1.128
    assert centre - limit < math.log(62.5 / 37.5) < centre < math.log(92.5 / 7.5) < centre + limit
    assert [mark.signal for mark in found] == [None] * 60 + ["below", None, None, "above"]
    for mark in found:
        assert (mark.centre, mark.low, mark.high) == pytest.approx(
            (percent(centre), percent(centre - limit), percent(centre + limit)), abs=1e-14
        )


def test_the_baseline_is_frozen_after_sixty_open_days():
    """Days without calls owed, unknown ones and those only partly known are none of the sixty, and no signal."""
    days = by_turns(60)
    closed = [Day(0, 0, 0), Day(1, None, None), Day(2, 5, 99, whole=False)]
    found = chart([*days[:10], *closed, *days[10:], *[Day(n % 5, 30, 99) for n in range(21)]])
    assert [mark.baseline for mark in found] == [True] * 10 + [False] * 3 + [True] * 50 + [False] * 21
    assert [mark.signal for mark in found] == [None] * 63 + ["below"] * 21
    assert found[:10] + found[13:63] == chart(days)
    assert [mark.centre for mark in found[10:13]] == [found[n].centre for n in (0, 1, 2)]


@pytest.mark.parametrize("short", [Day(0, 0, 0), Day(0, None, None), Day(0, 79, 99, whole=False)])
def test_fewer_than_28_open_days_are_no_baseline(short):
    days = [short, *by_turns(27)]
    assert {(m.baseline, m.centre, m.low, m.high, m.signal) for m in chart(days)} == {(False, None, None, None, None)}
    assert all(mark.baseline for mark in chart([*by_turns(1), *days])[2:])
    assert chart([]) == []


def test_a_weekday_that_the_baseline_does_not_have_is_not_judged():
    days = [Day(n % 6, (79, 85)[n // 6 % 2], 99) for n in range(60)]
    [*_, sunday, monday] = chart([*days, Day(6, 1, 99), Day(0, 1, 99)])
    assert (sunday.centre, sunday.low, sunday.high, sunday.signal) == (None, None, None, None)
    assert monday.signal == "below"


def test_on_the_limit_is_inside():
    """All days of the baseline alike: the limits are the level itself, and only what is off it lies outside."""
    found = chart([*(Day(n % 7, 80, 100) for n in range(60)), Day(0, 80, 100), Day(1, 79, 100), Day(2, 81, 100)])
    assert [mark.signal for mark in found[60:]] == [None, "below", "above"]
    assert found[60].low == found[60].centre == found[60].high == pytest.approx(80.5 / 101)


def test_nobody_and_everybody_in_time_have_a_place_on_the_chart():
    days = [*(Day(n % 7, 100, 100) for n in range(30)), Day(0, 0, 10**6), Day(1, 10**6, 10**6)]
    found = chart(days)
    assert [mark.signal for mark in found[30:]] == ["below", "above"]
    assert found[0].centre == pytest.approx(100.5 / 101)
    noisy = [Day(n % 7, (0, 10**9)[n % 2], 10**9) for n in range(30)]
    assert all(0 <= mark.low < mark.centre < mark.high <= 1 for mark in chart(noisy))


def reference(days):
    """(weekday, kept, owed) in order -> (centre, low, high, signal) by the words of METRICS 4, without weekday maps."""
    logits = [math.log(kept + 0.5) - math.log(owed - kept + 0.5) for _, kept, owed in days]
    centres = []
    for weekday, _, _ in days:
        alike = sorted(logits[i] for i in range(60) if days[i][0] == weekday)
        half = len(alike) // 2
        centres.append(alike[half] if len(alike) % 2 else (alike[half - 1] + alike[half]) / 2)
    rest = [logits[i] - centres[i] for i in range(60)]
    sigma = sum(abs(b - a) for a, b in pairwise(rest)) / 59 / 1.128
    found = []
    for logit, centre in zip(logits, centres, strict=True):
        word = "below" if logit < centre - 3 * sigma else "above" if logit > centre + 3 * sigma else None
        found.append((percent(centre), percent(centre - 3 * sigma), percent(centre + 3 * sigma), word))
    return found


def ordinary(seed, days):
    """Days whose level moves with the weekday and by more than chance, as those of real hotlines do."""
    dice = random.Random(seed)
    found = []
    for n in range(days):
        owed = dice.randrange(700, 1_300)
        level = percent(1.4 + (0, 0.3, 0.2, 0.1, -0.4, 0.8, 1.0)[n % 7] + dice.gauss(0, 0.5))
        found.append((n % 7, round(level * owed), owed))
    return found


@pytest.mark.parametrize("seed", range(5))
def test_against_a_plain_reference(seed):
    days = ordinary(seed, 200)
    found = chart([Day(*day) for day in days])
    for mark, (centre, low, high, word) in zip(found, reference(days), strict=True):
        assert (mark.centre, mark.low, mark.high) == pytest.approx((centre, low, high), abs=1e-12)
        assert mark.signal == word


def test_an_ordinary_day_is_usually_inside_where_a_p_chart_calls_it_out():
    """Of 2,000 such days a p-chart (3 roots of p (1 - p) / n) calls most out of control, this one about 1 in 100."""
    outside = called_out = total = 0
    for seed in range(10):
        days = ordinary(seed, 260)
        level = sum(kept for _, kept, _ in days) / sum(owed for _, _, owed in days)
        after = list(zip(days, chart([Day(*day) for day in days]), strict=True))[60:]
        total += len(after)
        outside += sum(mark.signal is not None for _, mark in after)
        called_out += sum(
            abs(kept / owed - level) > 3 * math.sqrt(level * (1 - level) / owed) for (_, kept, owed), _ in after
        )
    assert total == 2_000
    assert outside < 0.03 * total
    assert called_out > 0.5 * total


def test_a_day_that_falls_apart_is_a_signal():
    days = ordinary(1, 100)
    assert chart([Day(*day) for day in [*days, (2, 300, 1_000)]])[-1].signal == "below"


# ---------------------------------------------------------------- in a report


def day_of_calls(day, kept, late, hour=9, **more):
    """Calls of a local day, the last one at 23:59, so that the data cover it."""
    clock = [f"{day.isoformat()}T{hour:02}:00:00+08:00"] * (kept + late - 1) + [f"{day.isoformat()}T23:59:00+08:00"]
    waits = [20_000] * kept + [20_001] * late
    named = ",".join(more.values())
    return [
        call(f"{day}-{named}-{n}", moment, wait=wait, **more)
        for n, (moment, wait) in enumerate(zip(clock, waits, strict=True))
    ]


def days_of_calls(number, **more):
    levels = ((8, 2), (9, 1))
    return [row for n in range(number) for row in day_of_calls(MONDAY + timedelta(n), *levels[n % 2], **more)]


def test_the_table_of_days():
    rows = [*days_of_calls(30), *day_of_calls(MONDAY + timedelta(30), 1, 9)]
    found = drawn(rows, ZONE).days
    assert [row["start"] for row in found] == [(MONDAY + timedelta(n)).isoformat() for n in range(31)]
    marks = chart([*(Day(n % 7, (8, 9)[n % 2], 10) for n in range(30)), Day(2, 1, 10)])
    for n, (row, mark) in enumerate(zip(found, marks, strict=True)):
        kept = (8, 9)[n % 2] if n < 30 else 1
        assert (row["offered"], row["denominator"], row["in_time"], row["service_level"]) == (10, 10, kept, kept / 10)
        assert (row["baseline"], row["centre"], row["low"], row["high"], row["signal"]) == (
            mark.baseline,
            mark.centre,
            mark.low,
            mark.high,
            mark.signal,
        )
    assert found[-1]["signal"] == "below"


def test_days_after_the_period_are_unknown_to_it():
    rows = days_of_calls(30)
    found = drawn(rows, ZONE, span=Span(date="2013-07-28")).days
    assert (len(found), found[-1]["start"], found[-1]["baseline"]) == (28, "2013-07-28", True)
    assert {row["centre"] for row in drawn(rows, ZONE, span=Span(date="2013-07-27")).days} == {None}


def test_a_day_cut_by_the_periods_end_is_drawn_and_not_judged():
    """On the 29th day all are late until noon; what comes later is not known to a period that ends then."""
    last = MONDAY + timedelta(28)
    rows = [*days_of_calls(28), *day_of_calls(last, 1, 40, hour=9), *day_of_calls(last, 9, 1, hour=15, tier="x")]
    until = {end: drawn(rows, ZONE, span=Span(end=end)).days[-1] for end in ("2013-07-29 12:00", "2013-07-30")}
    cut, whole = until["2013-07-29 12:00"], until["2013-07-30"]
    assert (cut["offered"], cut["in_time"], cut["signal"], cut["baseline"]) == (40, 1, None, False)
    assert cut["centre"] is not None
    assert (whole["offered"], whole["in_time"], whole["signal"]) == (51, 10, "below")


def test_a_day_that_the_data_do_not_cover_is_drawn_and_not_judged():
    rows = [*days_of_calls(28), *day_of_calls(MONDAY + timedelta(28), 1, 40)[:-1]]
    found = drawn(rows, ZONE).days[-1]
    assert (found["offered"], found["signal"], found["baseline"]) == (40, None, False)


def test_channels_have_charts_of_their_own():
    voice, chat = days_of_calls(30, channel="voice"), days_of_calls(12, channel="chat")
    found = drawn([*voice, *chat], ZONE).days
    assert [(row["start"], row["channel"]) for row in found[:3]] == [
        ("2013-07-01", "chat"),
        ("2013-07-01", "voice"),
        ("2013-07-02", "chat"),
    ]
    assert len(found) == 42
    assert {row["baseline"] for row in found if row["channel"] == "chat"} == {False}
    alone = drawn(voice, ZONE).days
    assert [{**row, "channel": "voice"} for row in alone] == [row for row in found if row["channel"] == "voice"]


def test_earlier_days_are_the_baseline_of_two_days_of_data(tmp_path):
    rows = [*days_of_calls(30), *day_of_calls(MONDAY + timedelta(30), 1, 9)]
    whole = drawn(rows, ZONE)
    data = rows[-20:]
    with earlier(tmp_path, rows[:-20], ZONE) as background:
        report = drawn(data, ZONE, PLAIN, background)
    assert report.days == whole.days
    assert report.days[-1]["signal"] == "below"
    assert {row["centre"] for row in drawn(data, ZONE).days} == {None}


def test_a_day_of_25_hours_is_one_day():
    rows = [
        call("1", "2024-10-26T22:00:00+00:00"),
        call("2", "2024-10-27T22:59:59.999+00:00", wait=20_001),
        call("3", "2024-10-27T23:00:00+00:00"),
    ]
    found = drawn(rows, "Europe/Berlin").days
    assert [(row["start"], row["offered"], row["in_time"]) for row in found] == [
        ("2024-10-27", 2, 1),
        ("2024-10-28", 1, 1),
    ]
