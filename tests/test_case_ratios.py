"""Measured over contracted, by hand: means of samples and of all, what lies below a share and was followed up."""

from functools import partial

import pytest

from case_fixture import figures, judge, table
from cc_metrics.measures import samples
from cc_metrics.reporting import Span

HEAD = "case_id,opened_at,area,kind,customer_id,measured,contracted"
MEAN = 'measure = "mean_ratio"\nratio = ["measured", "contracted"]\nwhere = {{ kind = "test" }}\ntarget = "{}"'
TESTS = (
    "1,2005-03-01T00:00:00Z,urban,test,k,8.8,10",
    "2,2005-03-01T10:00:00Z,urban,test,l,92,100",
    "3,2005-03-02T10:00:00Z,county,test,m,18,20",
    "4,2005-03-03T23:59:59Z,county,test,m,4,4",
    "5,2005-03-04T00:00:00Z,urban,test,k,1,100",  # after the period
    "6,2005-03-03T10:00:00Z,urban,move,k,1,100",
)
PERIOD = Span("2005-03-01", "2005-03-04")


@pytest.fixture
def judged(tmp_path):
    return partial(judge, tmp_path)


@pytest.mark.parametrize(("target", "verdict"), [("92.5 %", "kept"), ("92.500001 %", "missed")])
def test_the_mean_of_all(judged, target, verdict):
    """(0.88 + 0.92 + 0.9 + 1) / 4 = 0.925; all four have both figures, so it is no sample."""
    found = judged(MEAN.format(target), span=PERIOD, cases=table(HEAD, *TESTS))
    assert figures(found) == (verdict, None, 4, 0, None)
    assert found.row["value"] == pytest.approx(0.925, abs=1e-12)
    assert (found.row["basis"], found.row["interval"]) == ("census", None)
    assert found.beside == ("ratio of sums 91.6 %",)


@pytest.mark.parametrize(("area", "value", "number"), [("urban", 0.9, 2), ("county", 0.95, 2), ("island", None, 0)])
def test_means_of_groups(judged, area, value, number):
    promise = MEAN.format("80 %").replace("kind =", f'area = "{area}", kind =')
    found = judged(promise, span=PERIOD, cases=table(HEAD, *TESTS))
    assert found.row["settled"] == number
    assert found.row["value"] == (None if value is None else pytest.approx(value, abs=1e-12))
    assert found.row["verdict"] == ("kept" if number else "no_data")


@pytest.mark.parametrize(
    "figure", [",", "fast,10", "9,", "9,0", "9,-10", "nan,10", "9,nan", "9,inf", "inf,10", "1e308,1e-308"]
)
def test_a_case_without_both_figures_makes_it_a_sample(judged, figure):
    found = judged(
        MEAN.format("80 %"), span=PERIOD, cases=table(HEAD, *TESTS, f"x,2005-03-01T10:00:00Z,,test,,{figure}")
    )
    assert (found.row["basis"], found.row["settled"], found.row["verdict"]) == ("sample", 4, "not_judged")
    assert found.note == "only 4 answered: no verdict below 30"
    assert found.beside == ("ratio of sums 91.6 %", "1 case lacks a figure")


@pytest.mark.parametrize(
    ("target", "verdict"), [("83 %", "kept"), ("84 %", "undecided"), ("86 %", "undecided"), ("87 %", "missed")]
)
def test_a_sample_is_judged_by_its_interval(judged, target, verdict):
    """Twenty of 0.8 and twenty of 0.9: the mean is 0.85, give or take 0.0162."""
    rows = [f"{n},2005-03-0{1 + n % 3}T10:00:00Z,,test,,{(8, 9)[n % 2]},10" for n in range(40)]
    found = judged(MEAN.format(target), cases=table(HEAD, *rows, "x,2005-03-01T10:00:00Z,,test,,,10"))
    assert found.row["verdict"] == verdict
    low, high = samples.mean_interval(40, 34, 29)
    assert (found.row["low"], found.row["high"]) == (pytest.approx(low, abs=1e-9), pytest.approx(high, abs=1e-9))
    assert found.row["interval"] == "t"


FOLLOWED = (
    'measure = "followed_up"\nratio = ["measured", "contracted"]\nbelow = "90 %"\nwhere = {{ kind = "test" }}\n'
    'follow_up = {{ kind = "optimise" }}\n{}'
)
BELOW = (
    "a,2005-03-01T10:00:00Z,urban,test,before,8,10",  # followed up a second too early
    "b,2005-03-01T10:00:00Z,urban,test,at once,8.99,10",
    "c,2005-03-01T10:00:00Z,county,test,later,1,10",
    "d,2005-03-02T10:00:00Z,county,test,never,1,10",
    "e,2005-03-02T10:00:00Z,county,test,on it,0.09,0.1",  # exactly 90 %
    "f,2005-03-02T10:00:00Z,county,test,,1,10",
    "g,2005-03-02T10:00:00Z,county,test,lacking,,10",
    "h,2005-03-02T10:00:00Z,island,move,never,1,10",
    "A,2005-03-01T09:59:59Z,urban,optimise,before,,",
    "B,2005-03-01T10:00:00Z,urban,optimise,at once,,",
    "C1,2005-02-01T10:00:00Z,urban,optimise,later,,",
    "C2,2005-03-20T10:00:00Z,urban,optimise,later,,",
    "D,2005-03-20T10:00:00Z,urban,repair,never,,",
    "F,2005-03-20T10:00:00Z,urban,optimise,,,",
)


@pytest.mark.parametrize(
    ("bound", "figured"),
    [
        ("none_late = true", ("missed", 2, 4, 0, -2)),
        ('target = "50 %"', ("kept", 2, 4, 0, 0)),
        ('target = "50.1 %"', ("missed", 2, 4, 0, -1)),
    ],
)
def test_followed_up(judged, bound, figured):
    """Of a, b, c and d two; e lies on the share, f is nobody's."""
    found = judged(FOLLOWED.format(bound), span=PERIOD, cases=table(HEAD, *BELOW))
    assert figures(found) == figured
    assert found.beside == ("1 below it without customer_id: left out", "1 case lacks a figure")


@pytest.mark.parametrize(("area", "figured"), [("urban", (1, 2)), ("county", (1, 2)), ("island", (0, 0))])
def test_followed_up_in_groups(judged, area, figured):
    """A case elsewhere follows up as well."""
    promise = FOLLOWED.format("none_late = true").replace("where = { ", f'where = {{ area = "{area}", ')
    assert figures(judged(promise, span=PERIOD, cases=table(HEAD, *BELOW)))[1:3] == figured


def test_what_is_not_known_yet_follows_nothing_up(judged):
    early = Span("2005-03-01", "2005-03-04", as_of="2005-03-19")
    found = judged(FOLLOWED.format("none_late = true"), span=early, cases=table(HEAD, *BELOW))
    assert figures(found)[1:3] == (1, 4)


def test_no_case_follows_itself_up(judged):
    """One that is both needs another, at the same moment at the earliest."""
    promise = FOLLOWED.format("none_late = true").replace('where = { kind = "test" }\n', "")
    alone = "x,2005-03-01T10:00:00Z,urban,optimise,k,1,10"
    assert figures(judged(promise, cases=table(HEAD, alone)))[1:3] == (0, 1)
    other = "y,2005-03-01T10:00:00Z,urban,optimise,k,10,10"
    assert figures(judged(promise, cases=table(HEAD, alone, other)))[1:3] == (1, 1)
    earlier = "y,2005-03-01T09:00:00Z,urban,optimise,k,1,10"
    assert figures(judged(promise, cases=table(HEAD, alone, earlier)))[1:3] == (1, 2)
