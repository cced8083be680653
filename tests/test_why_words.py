"""Why and since when in words: every list shown adds up, the verdict in a sentence, nothing where nothing is known."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from random import Random

import pytest

import report_fixture as made
import why_fixture as why
from cc_metrics.model.promise import ServiceTerms
from cc_metrics.render import beside, markdown, since_words, terminal, why_words

ORDINARY = made.tuesday().promises[1]


def missed(rows, short, **more):
    """The Tuesday with other contributions of its missed promise, which is so many short."""
    judged = replace(ORDINARY, row={**ORDINARY.row, "margin": -short})
    return replace(made.tuesday(), promises=(judged,), contributions=tuple(rows), causes=(), **more), judged


def numbers(line):
    """The numbers of a list in words, each at the end of an item."""
    return [int(n.replace(",", "")) for n in re.findall(r" \(?(-?[\d,]+)\)?(?=, |$)", line.partition(": ")[2])]


def test_the_account_of_a_missed_promise():
    assert why_words.account(made.tuesday(), ORDINARY) == [
        "Ordinary calls, 436 short of 80 %: 2,500 of 5,025 late between 11:00 and 12:00",
        (
            "late calls by what exceeded the forecast in the half-hours concerned: volume + 12 % (300), "
            "3.2 agents short (251), handle time + 4 % (81), other (-196)"
        ),
        "late above their share by queue: billing 400, 宽带报障 100, all others -64",
        "late above their share by reason: bill query 500, payment 100, not recorded -164",
    ]


def test_the_terminal_says_three_lines_of_it():
    said = dict(beside.sections(made.tuesday(), 3))
    assert [line.partition(":")[0] for line in said["why it was missed"]] == [
        "Ordinary calls, 436 short of 80 %",
        "late calls by what exceeded the forecast in the half-hours concerned",
        "late above their share by queue",
    ]
    assert "late above their share by queue" in terminal.show(made.tuesday(), 100, False)
    assert "by reason" not in terminal.show(made.tuesday(), 100, False)


@pytest.mark.parametrize("seed", range(20))
def test_every_list_shown_adds_up_to_the_calls_that_are_short(seed):
    dice, target = Random(seed), Fraction(4, 5)
    owed = [dice.randrange(1, 900) for _ in range(7)]
    late = [dice.randrange(whole // 4, whole + 1) for whole in owed]
    rows = [
        why.contribution("queue", f"q{n}", o, o, missed) for n, (o, missed) in enumerate(zip(owed, late, strict=True))
    ]
    rows.sort(key=lambda row: -row["above"])
    short = -((sum(owed) - sum(late)) - -(-target * sum(owed) // 1))
    report, judged = missed(rows, int(short))
    [line] = why_words.account(report, judged)
    assert sum(numbers(line)) == short > 0


def test_the_causes_shown_add_up_too():
    [line] = [line for line in why_words.account(made.tuesday(), ORDINARY) if "forecast" in line]
    assert sum(numbers(line)) == 436


def test_forecast_and_usual_have_a_line_each():
    rows = (
        why.cause("volume", 300.0, 0.12),
        why.cause("volume", 100.0, 0.5, against="usual"),
        why.cause("other", 35.6, against=None),
    )
    report = replace(made.tuesday(), causes=rows)
    assert [line for line in why_words.account(report, ORDINARY) if "exceeded" in line] == [
        "late calls by what exceeded the forecast in the half-hours concerned: volume + 12 % (300)",
        (
            "late calls by what exceeded the usual of this weekday in the half-hours concerned: "
            "volume + 50 % (100), other (36)"
        ),
    ]
    assert not any("exceeded" in line for line in why_words.account(replace(report, causes=rows[2:]), ORDINARY))


def half_hours(first, aboves):
    start = datetime.fromisoformat(first)
    for n, above in enumerate(aboves):
        row = why.contribution("interval", (start + timedelta(minutes=30 * n)).isoformat(), 100, 100, 20)
        yield {**row, "late": 20 + above, "above": float(above)}


@pytest.mark.parametrize(
    ("aboves", "stretch"),
    [
        ((1, 2, 10, 3, 1), "between 09:00 and 09:30"),
        ((5, 0, 0, 0, 5), "between 08:00 and 08:30"),  # half on the dot is enough
        ((2, 2, 4), "between 09:00 and 09:30"),
        ((5, 1, -9, -9, 1), "between 08:00 and 08:30"),
        ((4, -9, 4, 0, 3), "between 08:00 and 09:30"),
        ((3, 4, 4, 3), "between 08:30 and 09:30"),
        ((0,) * 30 + (7, 9), "between 23:30 and 24:00"),
    ],
)
def test_the_shortest_stretch_with_half_of_what_is_above(aboves, stretch):
    report, judged = missed(half_hours("2013-08-20T08:00:00+08:00", aboves), 7)
    assert stretch in why_words.sentence(report, judged)


def test_several_days_are_taken_together_by_the_clock():
    rows = [*half_hours("2013-08-20T08:00:00+08:00", (6, 5)), *half_hours("2013-08-21T08:00:00+08:00", (0, 5))]
    report, judged = missed(rows, 16)
    assert "between 08:30 and 09:00" in why_words.sentence(report, judged)


def test_a_list_of_one_value_or_with_nothing_above_is_not_told():
    one = why.contribution("queue", "billing", 10, 10, 9)
    report, judged = missed([one], 7)
    assert why_words.account(report, judged) == []
    below = [why.contribution("queue", name, 100, 100, 1) for name in "ab"]
    report, judged = missed(below, 7)
    assert why_words.account(report, judged) == []


def test_two_values_both_above_leave_no_others():
    rows = [why.contribution("queue", name, 10, 10, 5) for name in ("a", None)]
    report, judged = missed(rows, 6)
    assert why_words.account(report, judged) == ["late above their share by queue: a 3, not recorded 3"]


def test_each_verdict_in_a_sentence():
    two = made.two_days()
    said = [why_words.sentence(two, judged) for judged in two.promises]
    assert said[0] == "VIP calls: 90.9 % in 20 s, reached 2013: 90 %: kept."
    assert said[2] == "Gold+白金 calls: not judged: the tier is recorded for 61.3 % of the calls only."
    assert said[3] == "FCR 24 h of 19 Aug: 89.2 %, reached 2013: 88 %: kept."
    assert said[4] == "Half-hours on target: 82.6 %, promised 90 %: missed."
    assert said[6] == "Abandoned: 3.6 %, 2013: at most 5 %."
    assert said[7] == "All calls: 81.5 % in 20 s, promised 80 %: kept."
    tuesday = made.tuesday()
    assert why_words.sentence(tuesday, ORDINARY) == (
        "Ordinary calls: 436 short of 80 %, most of them between 11:00 and 12:00."
    )
    bare = replace(tuesday, contributions=())
    assert why_words.sentence(bare, ORDINARY) == "Ordinary calls: 78.1 % in 20 s, 436 short of 80 %."
    nothing = made.nothing()
    assert (
        why_words.sentence(nothing, nothing.promises[0]) == "Ordinary calls: no data: no call of this tier was offered."
    )
    unsaid = replace(nothing.promises[0], note="")
    assert why_words.sentence(nothing, unsaid) == "Ordinary calls: no data."
    open_ = replace(ORDINARY, row={**ORDINARY.row, "verdict": "undecided"})
    assert why_words.sentence(tuesday, open_) == "Ordinary calls: 78.1 % in 20 s, reached 2013: 80 %: undecided."
    strict = replace(made.VIP, service=ServiceTerms(edge="<"))
    under = replace(tuesday.promises[0], promise=strict)
    assert why_words.sentence(tuesday, under) == "VIP calls: 91.4 % in less than 20 s, reached 2013: 90 %: kept."


def test_names_from_hell_stay_on_their_line():
    rows = [why.contribution("queue", name, 100, 100, 60) for name in (made.HOSTILE, made.STEERING)]
    report, judged = missed(rows, 80)
    [line] = why_words.account(report, judged)
    assert "\n" not in line
    assert "\x1b" not in line
    assert "<script>" not in markdown.text(report)


def test_other_days_in_words():
    assert since_words.compared(made.tuesday()) == [
        (
            "All calls: 79.4 %; the day before 82.1 %: 2.7 points worse (674 calls); a week before 78.4 %: 1.0 points "
            "better (252 calls); within its usual range of the last 8 Tuesdays, 78.0 to 86.4 %"
        ),
        "All calls: 25,324 offered; the day before 24,100: 1,224 more; 7 of the last 8 Tuesdays: 22,000 - 24,900",
        (
            "Ordinary in 20 s: 78.1 %; a week before 80.4 %: 2.3 points worse (532 calls); "
            "worse than any of 6 of the last 8 Tuesdays"
        ),
    ]


def test_a_limit_is_better_below_and_an_equal_figure_no_difference():
    base = replace(made.tuesday(), promises=(made.judged(made.AT_MOST, 1_000, 40, "kept", 10),))
    lower = why.comparison("Calls abandoned", "abandonment", "day_before", "2013-08-19", 0.04, 0.05, -10.0)
    same = why.comparison("Calls abandoned", "abandonment", "week_before", "2013-08-13", 0.04, 0.04, 0.0)
    [line] = since_words.compared(replace(base, comparisons=(lower, same)))
    assert (
        line
        == "Abandoned: 4.0 %; the day before 5.0 %: 1.0 points better (10 calls); a week before 4.0 %: no difference"
    )
    best = {**lower, "low": 0.045, "high": 0.06, "days": 8, "word": "better"}
    [line] = since_words.compared(replace(base, comparisons=(best,)))
    assert line.endswith("; better than any of the last 8 Tuesdays")


def test_months_and_a_fixed_mix_in_words():
    mix = why.comparison(None, "service_level", "fixed_mix", "2013-07-01", 0.81, 0.84, -90.0)
    before = why.comparison(None, "service_level", "period_before", "2013-07-01", 0.81, 0.82, -30.0)
    [line] = since_words.compared(replace(made.tuesday(), comparisons=(before, mix)))
    assert line == (
        "All calls: 81.0 %; the period before 82.0 %: 1.0 points worse (30 calls); "
        "with the tiers' shares of the month before it would be 84.0 %"
    )


@pytest.mark.parametrize(
    ("state", "needed", "left", "words"),
    [
        ("open", 0.8114, 11, "79.4 % of 402,118 so far; 80 % needs 81.1 % on the 11 days left"),
        ("open", 0.80004, 1, "79.4 % of 402,118 so far; 80 % needs 80.004 % on the day left"),
        ("safe", -0.2, 3, "79.4 % of 402,118 so far; 80 % is safe whatever the days left bring"),
        ("out_of_reach", 1.2, 3, "79.4 % of 402,118 so far; 80 % is out of reach"),
        ("done", None, 0, "79.4 % of 402,118 in the whole month, promised 80 %"),
    ],
)
def test_the_month_so_far_in_words(state, needed, left, words):
    row = why.month(why.ORDINARY, 319_281, 402_118, 0.8, state, needed, left)
    assert since_words.months(replace(made.tuesday(), months=(row,))) == [f"Ordinary in 20 s: {words}"]


@pytest.mark.parametrize(
    ("state", "needed", "words"),
    [
        ("open", 0.06, "4.0 % of 1,000 so far; at most 5 % leaves 6.0 % for the 2 days left"),
        ("safe", 1.2, "4.0 % of 1,000 so far; at most 5 % is safe whatever the days left bring"),
        ("out_of_reach", -0.1, "4.0 % of 1,000 so far; at most 5 % is out of reach"),
        ("done", None, "4.0 % of 1,000 in the whole month, at most 5 %"),
    ],
)
def test_a_limit_over_the_month_in_words(state, needed, words):
    base = replace(made.tuesday(), promises=(made.judged(made.AT_MOST, 1_000, 40, "kept", 10),))
    row = why.month("Calls abandoned", 40, 1_000, 0.05, state, needed, 2)
    assert since_words.months(replace(base, months=(row,))) == [f"Abandoned: {words}"]


def test_what_was_planned_in_words():
    assert since_words.staffed(made.tuesday()) == [
        "8,000 calls came in the half-hours planned, 7,143 were forecast (+ 12.0 %)",
        "handle time 3:28, forecast 3:20 (+ 4.0 %)",
        "37.0 of 40.0 agents rostered were present on average",
    ]


def test_nothing_known_is_nothing_said():
    assert beside.sections(made.two_days()) == []
    assert beside.sections(made.nothing()) == []


def test_what_is_not_recorded_is_never_among_all_others():
    late = {"a": 60, "b": 50, "c": 40, "d": 25, "e": 10, None: 90}
    report, judged = missed([why.contribution("reason", value, 100, 100, n) for value, n in late.items()], 155)
    assert why_words.account(report, judged)[-1:] == [
        "late above their share by reason: a 40, b 30, c 20, all others -5, not recorded 70"
    ]
    report, judged = missed([why.contribution("reason", *counts) for counts in (("a", 9, 10, 2), (None, 9, 10, 9))], 7)
    assert why_words.account(report, judged) == ["late above their share by reason: all others 0, not recorded 7"]
