"""Promises on scores by hand: the mean and its reference, rises from year to year, a rank among others."""

from fractions import Fraction

import pytest

from cc_metrics.measures import samples, satisfaction, score_years
from cc_metrics.model.columns import ANSWERS
from cc_metrics.reporting import Span
from promise_fixture import SURVEY, figures, judged, reported

DAY = "2011-06-01 12:00:00"


def scored(*scores, at=DAY, channel="survey", segment="telecom"):
    return [(at, channel, segment, None, score) for score in scores]


def value(found):
    return found.row["verdict"], found.row["value"], found.row["settled"], found.row["kept"]


# --- the mean ---


def test_a_mean_on_the_dot_is_kept_and_a_hair_below_is_missed(tmp_path):
    """84.37, 85.37, 86.37 have the mean 85.37, which no sum of doubles hits."""
    dot, below = scored(84.37, 85.37, 86.37), scored(84.37, 85.37, 86.369)
    assert value(judged(tmp_path, 'measure = "score"\nat_least = 85.37', (SURVEY, dot))) == ("kept", 85.37, 3, None)
    found = judged(tmp_path, 'measure = "score"\nat_least = 85.37', (SURVEY, below))
    assert (found.row["verdict"], found.row["basis"]) == ("missed", "census")
    assert found.beside == ("a score from 3 of 3 asked (100.0 %)",)


@pytest.mark.parametrize(("above", "verdict"), [("1.36", "kept"), ("1.37", "missed")])
def test_above_a_reference_shows_the_difference(tmp_path, above, verdict):
    found = judged(tmp_path, f'measure = "score"\nabove = {above}\nreference = 84.01', (SURVEY, scored(84.37, 86.37)))
    assert value(found) == (verdict, 1.36, 2, None)
    assert found.beside == ("a score from 2 of 2 asked (100.0 %)", "mean 85.37, reference 84.01")


def test_a_sample_has_students_interval_less_the_reference(tmp_path):
    """40 of 41 answered, half 80 and half 90: 85 ± 1.62, which holds 86 and not 87."""
    rows = [*scored(*[80] * 20, *[90] * 20), *scored(None)]
    promises = [f'measure = "score"\nat_least = {n}' for n in (83, 86, 87)]
    found = reported(tmp_path, [*promises, 'measure = "score"\nabove = 1\nreference = 80'], (SURVEY, rows)).promises
    assert [one.row["verdict"] for one in found] == ["kept", "undecided", "missed", "kept"]
    low, high = samples.mean_interval(40, 3_400, 20 * (6_400 + 8_100))
    assert (found[0].row["low"], found[0].row["high"], found[0].row["interval"]) == (low, high, "t")
    assert (found[3].row["low"], found[3].row["high"]) == pytest.approx((low - 80, high - 80))
    few = judged(tmp_path, promises[0], (SURVEY, [*scored(*[85] * 29), *scored(None)]))
    assert (few.row["verdict"], few.note) == ("not_judged", "only 29 answered: no verdict below 30")


def test_flags_alone_are_no_scores(tmp_path):
    rows = [(DAY, "survey", "telecom", "yes", None)] * 3
    found = judged(tmp_path, 'measure = "score"\nat_least = 80', (SURVEY, rows))
    assert (*value(found), found.note) == ("not_judged", None, 0, None, "the answers bear no scores")
    where = 'measure = "score"\nat_least = 80\nwhere = { segment = "banks" }'
    none = judged(tmp_path, where, (SURVEY, scored(90)))
    assert (*value(none), none.note) == ("no_data", None, 0, None, "nobody was asked")


def test_one_segment_of_two_and_those_without_one(tmp_path):
    where = 'measure = "score"\nat_least = 80\nwhere = { segment = "telecom" }'
    rows = [*scored(80, 80, 80, 80), *scored(10, segment="banks"), *scored(10, segment=None)]
    assert value(judged(tmp_path, where, (SURVEY, rows))) == ("kept", 80.0, 4, None)
    many = judged(tmp_path, where, (SURVEY, [*rows, *scored(10, segment=None)]))
    assert (many.row["verdict"], many.note) == ("not_judged", "segment is not recorded for 28.6 % of the answers")


def test_means_before_and_after_a_day(tmp_path):
    rows = [*scored(1, 2, 3, at="2011-05-31 23:59:59"), *scored(3, 4, 5, at="2011-06-01 00:00:00")]
    found = judged(tmp_path, 'measure = "score"\nabove = 1\nreference = 3\nsince = 2011-06-01', (SURVEY, rows))
    assert value(found) == ("kept", 1.0, 3, None)
    low, high = samples.difference_of_means((3, -3, 5), (3, 3, 5))
    assert found.beside[-1] == f"before 1 Jun 2011: -1.00 of 3; +2.00 (95 %: {low:+.2f} to {high:+.2f})"


def test_sums_are_exact_in_billionths():
    nano = {"scored": 3, "points": 1, "squares": 1}
    assert satisfaction.mean(nano) == Fraction(1, 3 * 10**9)
    assert satisfaction.sums(nano, Fraction(1))[2] == Fraction(1, 10**18) - 2 * Fraction(1, 10**9) + 3


# --- year by year ---

RISES = 'measure = "score_rises"\nyears = 3'


def years(**means):
    """Two answers a year around each mean: y2008=81.2 ..."""
    return [row for y, mean in means.items() for row in scored(mean - 1, mean + 1, at=f"{y[1:]}-07-01 12:00:00")]


@pytest.mark.parametrize(
    ("means", "expected"),
    [
        ({"y2008": 81, "y2009": 82, "y2010": 83, "y2011": 84}, ("kept", 3, 3)),
        ({"y2007": 99, "y2008": 81, "y2009": 82, "y2010": 82.001, "y2011": 84}, ("kept", 3, 3)),
        ({"y2007": 80, "y2008": 81, "y2009": 82, "y2010": 82, "y2011": 84}, ("missed", 1, 3)),
        ({"y2008": 81, "y2009": 82, "y2010": 83, "y2011": 82}, ("missed", 0, 3)),
    ],
)
def test_rises_in_a_row_up_to_the_latest_year(tmp_path, means, expected):
    assert figures(judged(tmp_path, RISES, (SURVEY, years(**means)))) == expected


@pytest.mark.parametrize(
    ("means", "have"),
    [
        ({"y2009": 82, "y2010": 83, "y2011": 84}, "answers are of 2009 to 2011"),
        ({"y2007": 81, "y2008": 81.5, "y2010": 83, "y2011": 84}, "answers are of 2010 to 2011"),
    ],
)
def test_too_few_years_or_a_gap_are_no_data(tmp_path, means, have):
    found = judged(tmp_path, RISES, (SURVEY, years(**means)))
    assert (*figures(found), found.note) == ("no_data", 0, 0, f"3 rises need 4 years in a row, and {have}")


def test_the_means_stand_beside_and_the_year_is_local(tmp_path):
    """23:30Z on 31 December is New Year in Berlin; the latest year is not whole."""
    rows = [*scored(80, at="2010-12-31T22:30:00Z"), *scored(81, at="2010-12-31T23:30:00Z")]
    found = judged(tmp_path, 'measure = "score_rises"\nyears = 1', (SURVEY, rows))
    assert figures(found) == ("kept", 1, 1)
    assert found.beside == ("2010 80.00, 2011 81.00", "2011 up to 1 Jan")
    whole = [*scored(80, at="2010-12-31 22:30:00"), *scored(81, at="2011-12-31 23:59:59")]
    assert judged(tmp_path, 'measure = "score_rises"\nyears = 1', (SURVEY, whole)).beside == ("2010 80.00, 2011 81.00",)


def test_a_period_ends_the_years_and_does_not_begin_them(tmp_path):
    rows = years(y2008=81, y2009=82, y2010=83, y2011=84, y2012=10)
    found = judged(tmp_path, RISES, (SURVEY, rows), span=Span(start="2011-01-01", end="2012-01-01"))
    assert found.row["kept"] == 3


RANK = 'measure = "score_rank"\nup = {}\namong = "segment"\nwhere = {{ channel = "survey", segment = "telecom" }}'


def ranked(before, after, other=()):
    """A mean for each segment in 2010 and in 2011; another channel's don't count."""
    rows = scored(0, 100, at="2011-07-01 12:00:00", channel="web", segment="banks")
    for year, means in ((2010, before), (2011, after)):
        for segment, mean in means.items():
            rows += scored(mean, at=f"{year}-07-01 12:00:00", segment=segment)
    return rows


BEFORE = {"telecom": 80, "banks": 90, "rail": 85, "post": 80, "": 99}


@pytest.mark.parametrize(
    ("up", "mean", "expected", "said"),
    [
        (1, 86, ("kept", 1, 1), "rank 2 of 4 in 2011, 3 of 4 in 2010"),
        (2, 86, ("missed", 1, 2), "rank 2 of 4 in 2011, 3 of 4 in 2010"),
        (2, 90, ("kept", 2, 2), "rank 1 of 4 in 2011, 3 of 4 in 2010"),  # ties share the better rank
        (1, 81, ("missed", 0, 1), "rank 3 of 4 in 2011, 3 of 4 in 2010"),
        (0, 81, ("kept", 1, 1), "rank 3 of 4 in 2011, 3 of 4 in 2010"),
        (1, 70, ("missed", 0, 1), "rank 4 of 4 in 2011, 3 of 4 in 2010"),
    ],
)
def test_a_rank_among_all_that_are_recorded(tmp_path, up, mean, expected, said):
    found = judged(tmp_path, RANK.format(up), (SURVEY, ranked(BEFORE, {**BEFORE, "telecom": mean})))
    assert figures(found) == expected
    assert found.beside[0] == said


def test_a_rank_needs_one_name_and_two_years(tmp_path):
    gone = judged(tmp_path, RANK.format(1), (SURVEY, ranked({"banks": 90}, BEFORE)))
    assert (*figures(gone), gone.note) == ("no_data", 0, 0, "segment telecom has no score in 2010")
    two = RANK.format(1).replace('"telecom"', '["telecom", "rail"]')
    for promise in (two, 'measure = "score_rank"\nup = 1'):
        found = judged(tmp_path, promise, (SURVEY, ranked(BEFORE, BEFORE)))
        assert found.note == "a rank is that of one segment, and the promise's where does not name one"
        assert found.row["verdict"] == "not_judged"


def test_no_years_at_all():
    assert (score_years.in_a_row({}), score_years.rises({})) == ([], 0)


# --- the table of answers ---


def test_answers_by_channel_and_segment(tmp_path):
    """What is not recorded is a row of its own; outside the period and in an empty group there is none."""
    phone = [(DAY, "phone", "home", flag, score) for flag, score in [("yes", 90), ("no", 79), (None, 80), (None, None)]]
    rows = [
        *phone,
        (DAY, "web", "home", None, None),
        (DAY, None, "home", "yes", None),
        ("2011-06-02 00:00:00", "fax", "x", "yes", 1),
    ]
    promise = 'measure = "satisfied"\ntarget = "90 %"\nsatisfied_from = 80'
    report = reported(tmp_path, [promise], (SURVEY, rows), span=Span(date="2011-06-01"))
    low, high = samples.wilson(2, 3)
    named = tuple(column.name for column in ANSWERS)
    assert [tuple(row[name] for name in named) for row in report.answers] == [
        ("phone", "home", 4, 3, 0.75, 2, 2 / 3, low, high, 83.0),
        ("web", "home", 1, 0, 0.0, 0, None, None, None, None),
        (None, "home", 1, 1, 1.0, 1, 1.0, *samples.wilson(1, 1), None),
    ]


def test_answers_without_dimensions_and_without_a_lowest_score(tmp_path):
    found = reported(tmp_path, [], ("asked_at,satisfied,score", [(DAY, "yes", 90), (DAY, None, 91)])).answers
    assert [dict(row) for row in found] == [
        {"asked": 2, "answered": 2, "response_rate": 1.0, "satisfied": None, "satisfaction": None, "mean_score": 90.5}
        | {"low": None, "high": None}
    ]
    final = 'measure = "satisfied"\nasked = "final"\nsatisfied_from = 80\ntarget = "90 %"'
    rows = [(DAY, "yes", 90), (DAY, None, 79)]  # the lowest score of another question says nothing
    [row] = reported(tmp_path, [final], ("asked_at,satisfied,score", rows)).answers
    assert (row["answered"], row["satisfied"], row["satisfaction"]) == (2, None, None)
