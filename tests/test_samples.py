"""Intervals of samples: published figures, and slow exact sums that share nothing with the code."""

import math
from decimal import Decimal, getcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cc_metrics.measures import distributions, samples
from cc_metrics.measures.outlook import t_quantile

getcontext().prec = 60

# share, Wilson, Clopper-Pearson: computed once with statsmodels
SHARES = [
    (18, 20, (0.6990, 0.9721), (0.6830, 0.9877)),
    (80, 100, (0.7112, 0.8666), (0.7082, 0.8733)),
    (88, 100, (0.8019, 0.9300), (0.7998, 0.9364)),
    (90, 100, (0.8256, 0.9448), (0.8238, 0.9510)),
    (98, 100, (0.9300, 0.9945), (0.9296, 0.9976)),
    (995, 1000, (0.9883, 0.9979), (0.9884, 0.9984)),
    (30, 30, (0.8865, 1), (0.8843, 1)),
    (0, 30, (0, 0.1135), (0, 0.1157)),
    # Newcombe, Statistics in Medicine 17 (1998) 857-872, table I: methods 3 and 5
    (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
    (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
    (0, 20, (0, 0.1611), (0, 0.1684)),
    (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
]

# Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 10: first less second
DIFFERENCES = [
    (56, 70, 48, 80, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.1705, 0.8090),
    (6, 7, 2, 7, 0.0582, 0.8062),
    (5, 56, 0, 29, -0.0381, 0.1926),
    (0, 10, 0, 20, -0.1611, 0.2775),
    (0, 10, 0, 10, -0.2775, 0.2775),
    (10, 10, 0, 20, 0.6791, 1.0000),
    (10, 10, 0, 10, 0.6075, 1.0000),
]

# Garwood, Biometrika 28 (1936), as the common tables of exact Poisson limits print it
EVENTS = [
    (0, 0, 3.689),
    (1, 0.0253, 5.572),
    (2, 0.242, 7.225),
    (5, 1.623, 11.668),
    (10, 4.795, 18.390),
    (50, 37.111, 65.919),
    (100, 81.364, 121.627),
]


def near(figures, places):
    return pytest.approx(figures, abs=0.51 * 10**-places)


@pytest.mark.parametrize(("kept", "n", "wilson", "exact"), SHARES)
def test_published_shares(kept, n, wilson, exact):
    assert samples.wilson(kept, n) == near(wilson, 4)
    assert samples.exact_share(kept, n) == near(exact, 4)


@pytest.mark.parametrize(("kept1", "n1", "kept2", "n2", "low", "high"), DIFFERENCES)
def test_published_differences(kept1, n1, kept2, n2, low, high):
    assert samples.newcombe(kept2, n2, kept1, n1) == near((low, high), 4)
    assert samples.newcombe(kept1, n1, kept2, n2) == near((-high, -low), 4)


@pytest.mark.parametrize(("events", "low", "high"), EVENTS)
def test_published_event_limits(events, low, high):
    assert samples.exact_rate(events, 1) == near((low, high), 3)
    assert samples.exact_rate(events, 40) == pytest.approx([end / 40 for end in samples.exact_rate(events, 1)])


def test_students_sleep_data():
    """Student 1908: hours of sleep gained by ten patients under either drug; R's t.test prints these intervals."""
    first = (0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0)
    second = (1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4)
    gained = [b - a for a, b in zip(first, second, strict=True)]
    assert samples.mean_interval(*sums(gained)) == near((0.7001142, 2.4598858), 7)
    assert samples.difference_of_means(sums(first), sums(second)) == near((-0.2054832, 3.3654832), 7)


def sums(values):
    return len(values), sum(values), sum(value * value for value in values)


def test_of_nothing_there_is_no_interval():
    assert samples.wilson(0, 0) is samples.exact_share(0, 0) is samples.exact_rate(0, 0) is None
    assert samples.newcombe(0, 0, 1, 2) is samples.newcombe(1, 2, 0, 0) is None
    assert samples.mean_interval(0, 0, 0) is samples.mean_interval(1, 5, 25) is None
    assert samples.difference_of_means((1, 5, 25), (2, 1, 1)) is samples.difference_of_means((2, 1, 1), (0, 0, 0))


def test_ends_that_are_exact():
    for interval in (samples.wilson, samples.exact_share):
        assert interval(0, 1)[0] == interval(0, 7)[0] == interval(0, 10_000_000)[0] == 0
        assert interval(1, 1)[1] == interval(7, 7)[1] == interval(10_000_000, 10_000_000)[1] == 1
    assert samples.exact_rate(0, 3)[0] == 0
    assert samples.mean_interval(3, 15, 75) == (5, 5)
    assert samples.difference_of_means((2, 4, 8), (3, 15, 75)) == (3, 3)


def at_least(kept, n, share):
    """The chance of *kept* or more out of *n*, as a fraction."""
    share = Fraction(share)
    return sum(math.comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(kept, n + 1))


@pytest.mark.parametrize("n", [1, 2, 3, 10, 37, 120])
def test_exact_shares_against_exact_sums(n):
    """At the lower end so many or more have a chance of 2.5 %, at the upper end so few or fewer."""
    for kept in {0, 1, n // 3, n // 2, n - 1, n}:
        low, high = samples.exact_share(kept, n)
        if kept:
            assert float(at_least(kept, n, low)) == pytest.approx(0.025, rel=1e-9)
        if kept < n:
            assert float(1 - at_least(kept + 1, n, high)) == pytest.approx(0.025, rel=1e-9)


@pytest.mark.parametrize("n", [1, 37, 10_000_000])
def test_exact_shares_at_the_ends_in_closed_form(n):
    high = -math.expm1(math.log(0.025) / n)
    assert samples.exact_share(0, n)[1] == pytest.approx(high, rel=1e-10)
    assert samples.exact_share(n, n)[0] == pytest.approx(1 - high, rel=1e-12)


@pytest.mark.parametrize("events", [0, 1, 2, 7, 40, 300])
def test_exact_rates_against_exact_sums(events):
    def at_most(k, mean):
        terms, term = Decimal(0), Decimal(1)
        for i in range(k + 1):
            terms += term
            term = term * mean / (i + 1)
        return float(terms * (-mean).exp())

    low, high = map(Decimal, samples.exact_rate(events, 1))
    assert at_most(events, high) == pytest.approx(0.025, rel=1e-9)
    if events:
        assert 1 - at_most(events - 1, low) == pytest.approx(0.025, rel=1e-9)


@pytest.mark.parametrize(
    ("kept", "n", "low", "high"),
    [
        (9_000_000, 10_000_000, 0.899813895677, 0.900185872695),
        (100_000, 10_000_000, 0.009938423056, 0.010061860890),
        (3, 10_000_000, 6.186721690e-8, 8.767270549e-7),
    ],
)
def test_ten_million_answers(kept, n, low, high):
    """The figures of another library (SciPy), to its ten leading digits."""
    assert samples.exact_share(kept, n) == pytest.approx((low, high), rel=1e-9)


def test_a_share_too_near_to_one_to_be_told_apart():
    assert samples.exact_share(10**17 - 1, 10**17)[1] == 1


def test_a_hundred_thousand_events():
    assert samples.exact_rate(100_000, 1) == pytest.approx((99_381.15266, 100_621.74474), rel=1e-9)


@settings(deadline=None)
@given(st.data())
def test_intervals_hold_their_share_and_mirror(data):
    n = data.draw(st.integers(1, 100_000))
    kept = data.draw(st.integers(0, n))
    for interval in (samples.wilson, samples.exact_share):
        low, high = interval(kept, n)
        assert 0 <= low <= kept / n <= high <= 1
        assert interval(n - kept, n) == pytest.approx((1 - high, 1 - low), abs=1e-12)
    low, high = samples.newcombe(kept, n, kept, n)
    assert low == pytest.approx(-high)
    assert -1 <= low <= 0 <= high <= 1


@pytest.mark.parametrize("degrees", [1, 2, 3, 19, 300, 301, 5_000])
def test_two_ways_to_a_point_of_t(degrees):
    assert distributions.t_point(0.95, degrees) == pytest.approx(t_quantile(degrees), rel=1e-10)


def test_sums_of_squares_lose_nothing():
    """Durations in milliseconds: the sums are whole numbers, and their small difference is exact."""
    far = 10**15
    values = [far, far + 1, far + 2]
    low, high = samples.mean_interval(3, sum(values), sum(value * value for value in values))
    assert high - low == pytest.approx(2 * t_quantile(2) / math.sqrt(3), abs=0.5)
    assert samples.mean_interval(3, 3, 5)[1] == pytest.approx(1 + t_quantile(2) / math.sqrt(3))


@pytest.mark.parametrize(
    ("low", "high", "answered", "least", "most"),
    [
        (0.90, 0.95, 30, "kept", "undecided"),
        (0.90, 0.90, 30, "kept", "kept"),
        (0.85, 0.90, 30, "undecided", "kept"),
        (0.85, 0.95, 30, "undecided", "undecided"),
        (0.80, 0.89, 30, "missed", "kept"),
        (0.91, 0.95, 30, "kept", "missed"),
        (0.91, 0.95, 29, None, None),
        (0.10, 0.20, 0, None, None),
    ],
)
def test_verdicts_on_a_sample(low, high, answered, least, most):
    assert samples.sample_verdict(low, high, 0.9, answered) == least
    assert samples.sample_verdict_at_most(low, high, 0.9, answered) == most


def test_the_same_share_is_decided_by_how_many_answered():
    target = Fraction(9, 10)
    verdicts = [samples.sample_verdict(*samples.wilson(19 * n, 20 * n), target, 20 * n) for n in (1, 2, 5, 20)]
    assert verdicts == [None, "undecided", "undecided", "kept"]
