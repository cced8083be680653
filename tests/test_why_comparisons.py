"""Earlier days beside the period, the month so far and the mix of tiers: by hand and against a naive reading."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

import why_reference as naive
from cc_metrics.measures import month_to_date, usual
from cc_metrics.reporting import Span

MONDAY = date(2024, 6, 24)
ALL = naive.ALL.format(target="80 %")


def compared(found, promise, figure, name):
    rows = [r for r in found.comparisons if (r["promise"], r["figure"], r["with"]) == (promise, figure, name)]
    assert len(rows) <= 1
    return rows[0] if rows else None


def mondays(levels, *, now, late=None):
    """The judged Monday, and Mondays before it, each of ten calls with so many in time (of ten)."""
    rows = naive.day_of_calls(MONDAY.isoformat(), now, (10 - now) if late is None else late)
    for week, kept in enumerate(levels, 1):
        rows += naive.day_of_calls((MONDAY - timedelta(days=7 * week)).isoformat(), kept, 10 - kept)
    return rows


@pytest.mark.parametrize("seed", [3, 4])
def test_a_day_against_a_naive_reading(tmp_path, seed):
    day = date(2024, 10, 27)
    rows = naive.made(seed, day - timedelta(days=60), 61)
    found = naive.report(tmp_path, rows, (naive.VIP, ALL, naive.LOST.format(limit="5 %")), span=Span(date=str(day)))
    read = naive.read(rows)
    sundays = [naive.level(read, [day - timedelta(days=7 * n)], "vip") for n in range(1, 9)]
    for name, back in (("day_before", 1), ("week_before", 7)):
        then = day - timedelta(days=back)
        for promise, tier in (("vip", "vip"), (None, None), ("all", None)):
            row = compared(found, promise, "service_level", name)
            now, before = naive.level(read, [day], tier), naive.level(read, [then], tier)
            settled = sum(map(naive.owed, naive.chosen(naive.on(read, day), tier)))
            assert (row["start"], row["value"], row["before"]) == (str(then), float(now), float(before))
            assert row["points"] == pytest.approx(float(now - before))
            assert row["items"] == pytest.approx(float((now - before) * settled))
        row = compared(found, "vip", "service_level", name)
        assert (row["low"], row["high"], row["days"]) == (float(min(sundays)), float(max(sundays)), 8)
        row = compared(found, None, "offered", name)
        came, came_then = len(naive.on(read, day)), len(naive.on(read, then))
        assert (row["value"], row["before"], row["items"], row["word"]) == (came, came_then, came - came_then, None)
        lost = compared(found, "lost", "abandonment", name)
        gone = [r for r in naive.on(read, day) if r["outcome"] == "abandoned" and r["wait_ms"] > 5_000]
        short = [r for r in naive.on(read, day) if r["outcome"] == "abandoned" and r["wait_ms"] <= 5_000]
        whole = [r for r in naive.on(read, day) if r["outcome"] != "redirected"]
        assert lost["value"] == len(gone) / (len(whole) - len(short))
        assert compared(found, "all", "offered", name) is None


@pytest.mark.parametrize(("now", "word"), [(5, "worse"), (6, "within"), (9, "within"), (10, "better")])
def test_the_lowest_and_the_highest_of_the_last_mondays_are_within_the_usual(tmp_path, now, word):
    found = naive.report(tmp_path, mondays([7, 6, 9, 8, 7, 8, 7, 8], now=now), (ALL,), span=Span(date=str(MONDAY)))
    row = compared(found, "all", "service_level", "week_before")
    assert (row["low"], row["high"], row["days"], row["word"]) == (0.6, 0.9, 8, word)
    assert row["items"] == pytest.approx(now - 7)


@pytest.mark.parametrize(
    ("levels", "days", "word"), [([7] * 4, None, None), ([7] * 5, 5, "within"), ([7] * 8 + [1], 8, "within")]
)
def test_fewer_than_five_mondays_have_no_word_and_a_ninth_is_not_asked(tmp_path, levels, days, word):
    found = naive.report(tmp_path, mondays(levels, now=7), (ALL,), span=Span(date=str(MONDAY)))
    row = compared(found, "all", "service_level", "week_before")
    assert (row["low"], row["days"], row["word"]) == (days and 0.7, days, word)


def test_for_a_limit_lower_is_better(tmp_path):
    rows = mondays([7] * 6, now=8)
    rows = [(*row[:2], "abandoned" if row[3] == 20_001 else row[2], *row[3:]) for row in rows]
    found = naive.report(tmp_path, rows, (naive.LOST.format(limit="5 %"),), span=Span(date=str(MONDAY)))
    row = compared(found, "lost", "abandonment", "week_before")
    assert (row["value"], row["before"], row["word"]) == (0.2, 0.3, "better")


def test_a_day_that_the_data_do_not_hold_whole_is_no_day_to_compare_with(tmp_path):
    """The data begin on Sunday at eleven, and say nothing of what came before."""
    sunday = [row for row in naive.day_of_calls("2024-06-23", 1, 1, at="11:00:00") if "00:00:01" not in row[0]]
    found = naive.report(tmp_path, sunday + naive.day_of_calls("2024-06-24", 1, 1), (ALL,), span=Span(date=str(MONDAY)))
    assert found.comparisons == ()
    assert found.months == ()


def test_a_period_that_is_not_complete_is_not_compared(tmp_path):
    rows = naive.day_of_calls("2024-06-23", 1, 1) + naive.day_of_calls("2024-06-24", 1, 1)[2:]
    found = naive.report(tmp_path, rows, (ALL,), span=Span(date=str(MONDAY)))
    assert not found.head.complete
    assert (found.comparisons, found.months) == ((), ())


def test_a_week_with_a_day_missing_is_not_compared(tmp_path):
    rows = [r for n in range(21) if n != 9 for r in naive.day_of_calls(str(date(2024, 6, 3) + timedelta(days=n)), 1, 1)]
    assert naive.report(tmp_path, rows, (ALL,), span=Span("2024-06-17", "2024-06-24")).comparisons == ()


def test_whole_weeks_are_set_against_as_many_before(tmp_path):
    """A week from Sunday to Sunday is no whole week, though the seven days before it are known."""
    days = [date(2024, 6, 2) + timedelta(days=n) for n in range(22)]
    rows = [r for day in days for r in naive.day_of_calls(str(day), 2 if str(day) > "2024-06-16" else 1, 1)]
    found = naive.report(tmp_path, rows, (ALL,), span=Span("2024-06-17", "2024-06-24"))
    row = compared(found, "all", "service_level", "period_before")
    assert (row["start"], row["value"], row["before"], row["word"]) == ("2024-06-10", 2 / 3, 1 / 2, None)
    assert row["items"] == pytest.approx(3.5)  # a sixth of 21 calls
    for odd in (Span("2024-06-18", "2024-06-24"), Span("2024-06-16", "2024-06-23")):
        assert naive.report(tmp_path, rows, (ALL,), span=odd).comparisons == ()


def two_months(vip, ordinary):
    """April and May 2024: each tier's (kept, late) of each month, on its first day; the other days have a call each."""
    rows = []
    for month, first, number in ((0, date(2024, 4, 1), 30), (1, date(2024, 5, 1), 31)):
        for n in range(number):
            rows += naive.edges(str(first + timedelta(days=n)))
        for tier, parts in (("VIP", vip), ("std", ordinary)):
            rows += naive.day_of_calls(str(first), *parts[month], tier=tier, at="12:00:00")[2:]
    return rows


def test_both_tiers_better_and_the_total_worse_is_the_mix(tmp_path):
    """Simpson: VIP 90 and 90 %, ordinary 50 and 56 %, but ordinary calls went from a tenth to nine tenths."""
    rows = two_months(vip=((81, 9), (9, 1)), ordinary=((5, 5), (50, 40)))
    found = naive.report(tmp_path, rows, span=Span("2024-05-01", "2024-06-01"))
    total = compared(found, None, "service_level", "period_before")
    assert total["points"] < 0
    for name in ("vip", "ordinary"):
        assert compared(found, name, "service_level", "period_before")["points"] >= 0
    mix = compared(found, None, "service_level", "fixed_mix")
    fixed = Fraction(9, 10) * Fraction(9, 10) + Fraction(1, 10) * Fraction(50, 90)
    assert (mix["value"], mix["before"], mix["start"]) == (59 / 100, float(fixed), "2024-04-01")
    assert mix["items"] == pytest.approx(float((Fraction(59, 100) - fixed) * 100))
    assert float(fixed) > total["before"]  # with the mix of April, May is the better month


@pytest.mark.parametrize(("vip", "ordinary", "told"), [(51, 49, True), (102, 99, False)])
def test_a_mix_moves_from_a_point_on(tmp_path, vip, ordinary, told):
    rows = two_months(vip=((40, 10), (vip, 0)), ordinary=((40, 10), (ordinary, 0)))
    found = naive.report(tmp_path, rows, span=Span("2024-05-01", "2024-06-01"))
    assert (compared(found, None, "service_level", "fixed_mix") is not None) == told


def test_the_month_so_far_by_hand(tmp_path):
    """Three days of June: 2 of 4, 4 of 4, 3 of 4; 27 days of four calls are left, which owe 80 % of 120 less 9."""
    rows = [
        r
        for day, kept in (("2024-06-01", 2), ("2024-06-02", 4), ("2024-06-03", 3))
        for r in naive.day_of_calls(day, kept, 4 - kept)
    ]
    found = naive.report(tmp_path, rows, (ALL, naive.LOST.format(limit="5 %")), span=Span(date="2024-06-03"))
    row, lost = found.months
    assert (row["promise"], row["month"], row["to"]) == ("all", "2024-06", "2024-06-03")
    assert (row["settled"], row["kept"], row["value"], row["target"]) == (12, 9, 0.75, 0.8)
    assert (row["days_left"], row["expected"], row["state"]) == (27, 108, "open")
    assert row["needed"] == pytest.approx(float((Fraction(4, 5) * 120 - 9) / 108))
    assert (lost["kept"], lost["settled"], lost["needed"]) == (0, 12, pytest.approx(120 * 0.05 / 108))


def test_each_day_left_is_expected_to_be_like_its_weekday(tmp_path):
    """Thursday 20 to Sunday 30 June are left of a month whose Saturdays have two calls, Mondays six, others four."""
    rows = []
    for n in range(1, 20):
        day = date(2024, 6, n)
        rows += naive.day_of_calls(str(day), {5: 2, 0: 6}.get(day.weekday(), 4), 0)
    found = naive.report(tmp_path, rows, (ALL,), span=Span(date="2024-06-19"))
    [row] = found.months
    assert (row["days_left"], row["expected"]) == (11, 2 * 2 + 6 + 8 * 4)
    assert row["settled"] == 3 * 2 + 3 * 6 + 13 * 4


def test_weekdays_without_calls_closed_days_and_holidays_are_not_waited_for(tmp_path):
    """May 2024: no Saturdays and Sundays; 30 May is Corpus Christi in parts of Germany only, 20 May is Whit Monday."""
    days = [date(2024, 5, n) for n in range(2, 18) if date(2024, 5, n).weekday() < 5 and n != 9]
    rows = [r for day in days for r in naive.day_of_calls(str(day), 1, 0)]
    above = 'closed = ["2024-05-31"]\n[calendar]\ncountry = "DE"\n'
    found = naive.report(tmp_path, rows, (ALL,), above=above, span=Span(date="2024-05-17"))
    [row] = found.months
    assert row["settled"] == len(days)
    assert row["days_left"] == 8  # 21-24 and 27-30 May


def test_a_month_with_days_that_are_not_known_is_not_told(tmp_path):
    """The fourth is a Tuesday without calls among others with some; then, a month whose first day is not there."""
    rows = [r for n in range(1, 13) if n != 4 for r in naive.day_of_calls(f"2024-06-{n:02}", 1, 0)]
    assert naive.report(tmp_path, rows, (ALL,), span=Span(date="2024-06-12")).months == ()
    late = [r for n in (2, 3, 4, 5) for r in naive.day_of_calls(f"2024-06-0{n}", 1, 0)]
    assert naive.report(tmp_path, late, (ALL,), span=Span(date="2024-06-05")).months == ()


def test_the_last_day_of_a_month_is_the_end_of_it(tmp_path):
    rows = [r for n in range(1, 31) for r in naive.day_of_calls(f"2024-06-{n:02}", 1, 1)]
    [row] = naive.report(tmp_path, rows, (ALL,), span=Span(date="2024-06-30")).months
    assert (row["state"], row["days_left"], row["needed"], row["settled"]) == ("done", 0, None, 60)


@pytest.mark.parametrize(
    ("kept", "state", "needed"),
    [(60, "open", 1), (59, "out_of_reach", Fraction(101, 100)), (61, "open", Fraction(99, 100))],
)
def test_a_month_that_needs_every_call_is_still_open(kept, state, needed):
    assert month_to_date.at_least(kept, 100, Fraction(4, 5), Fraction(100)) == month_to_date.Rest(100, needed, state)


@pytest.mark.parametrize(("kept", "state"), [(81, "safe"), (80, "safe"), (79, "open")])
def test_a_month_that_needs_no_call_is_safe(kept, state):
    assert month_to_date.at_least(kept, 100, Fraction(2, 5), Fraction(100)).state == state


@pytest.mark.parametrize(
    ("counted", "strict", "state"),
    [
        (0, False, "safe"),
        (0, True, "open"),
        (1, False, "open"),
        (20, False, "open"),
        (20, True, "out_of_reach"),
        (21, False, "out_of_reach"),
    ],
)
def test_a_limit_on_its_edges(counted, strict, state):
    """A tenth of a hundred and a hundred more: 20 may be counted; ten still to come make at most a hundred and ten."""
    still = Fraction(100) if counted else Fraction(100, 9)
    assert month_to_date.at_most(counted, 100, Fraction(1, 10), still, strict=strict).state == state


def test_nine_holidays_in_a_row_reach_further_back():
    off = {MONDAY - timedelta(days=7 * n) for n in (1, 2)}
    found = usual.last_same_weekdays(MONDAY, off.__contains__)
    assert (found[0], found[-1]) == (MONDAY - timedelta(days=21), MONDAY - timedelta(days=70))
