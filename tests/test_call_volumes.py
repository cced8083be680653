"""More or fewer contacts since a day than in as long a stretch before it, by hand."""

import pytest

from cc_metrics.reporting import Span
from promise_fixture import figures, judged

HEADER = "call_id,offered_at,outcome,wait_ms,channel,queue"
QQ = 'measure = "call_volume"\nwhere = {{ channel = "qq" }}\nsince = {}\n{}'


def contacts(number, at, channel="qq", queue="a"):
    outcomes = ("answered", "abandoned", "redirected")
    return [(f"{at} {channel} {queue} {n}", at, outcomes[n % 3], 0, channel, queue) for n in range(number)]


YEARS = [
    *contacts(5, "2009-12-31 23:59:59"),  # before the year that 2011 is held against
    *contacts(50, "2010-01-01 00:00:00"),
    *contacts(50, "2010-12-31 23:59:59"),
    *contacts(129, "2011-01-01 00:00:00"),
    *contacts(100, "2011-12-31 23:59:59"),
    *contacts(7, "2011-12-31 12:00:00", channel="voice"),
]


@pytest.mark.parametrize(
    ("bound", "expected"),
    [
        ('rise = "129 %"', ("kept", 129, 100)),
        ('rise = "129.1 %"', ("missed", 129, 100)),
        ('fall = "10 %"', ("missed", -129, 100)),
    ],
)
def test_a_year_against_the_year_before(tmp_path, bound, expected):
    """229 against 100 of every outcome are 129 % more, on the dot; what is earlier or of other channels is out."""
    found = judged(tmp_path, QQ.format("2011-01-01", bound), (HEADER, YEARS))
    assert figures(found) == expected
    assert found.beside == ("100 before, 229 since 1 Jan 2011",)


def test_a_fall_over_days_with_a_change_of_the_clock(tmp_path):
    """From 31 March 2024 two days of Berlin's clock, 47 hours: against the two days before, 48 hours."""
    rows = [
        *contacts(1, "2024-03-28 23:59:59"),
        *contacts(10, "2024-03-29 00:00:00"),
        *contacts(4, "2024-03-31 00:00:00"),
        *contacts(1, "2024-04-01 23:59:59"),
    ]
    found = judged(tmp_path, QQ.format("2024-03-31", 'fall = "50 %"'), (HEADER, rows))
    assert figures(found) == ("kept", 5, 10)


def test_nothing_to_compare_with(tmp_path):
    late = [*contacts(1, "2010-02-01 00:00:00"), *contacts(1, "2011-12-31 23:59:59")]
    found = judged(tmp_path, QQ.format("2011-01-01", 'rise = "1 %"'), (HEADER, late))
    assert (*figures(found), found.note) == (
        "no_data",
        0,
        0,
        "the data do not reach as far before 1 Jan 2011 as the period after it",
    )
    earlier = judged(tmp_path, QQ.format("2012-06-01", 'rise = "1 %"'), (HEADER, YEARS))
    assert (earlier.row["verdict"], earlier.note) == ("no_data", "the period ends before 1 Jun 2012")
    none = judged(tmp_path, QQ.format("2011-01-01", 'rise = "1 %"').replace('"qq"', '"web"'), (HEADER, YEARS))
    assert (*figures(none), none.note) == ("no_data", 0, 0, "nothing came before 1 Jan 2011 to compare with")


def test_a_period_asked_for_ends_the_stretch(tmp_path):
    found = judged(tmp_path, QQ.format("2011-01-01", 'rise = "1 %"'), (HEADER, YEARS), span=Span(end="2011-07-01"))
    assert figures(found) == ("kept", 79, 50)


@pytest.mark.parametrize(("unknown", "verdict"), [(82, "kept"), (83, "not_judged")])
def test_who_is_not_recorded_may_belong_to_it(tmp_path, unknown, verdict):
    """82 of 411 contacts in the two years are under a fifth, 83 of 412 over it."""
    rows = [*YEARS, *contacts(unknown, "2010-06-01 00:00:00", queue=None)]
    promise = QQ.format("2011-01-01", 'rise = "129 %"').replace('channel = "qq"', 'channel = "qq", queue = "a"')
    found = judged(tmp_path, promise, (HEADER, rows))
    assert figures(found) == (verdict, 129, 100)
