"""Cases for each of a base, and one base over another, by hand: on the limit, without a base, before and after."""

from functools import partial

import pytest

from case_fixture import figures, judge, table
from cc_metrics.measures import samples
from cc_metrics.reporting import Span

HEAD = "case_id,opened_at,area,kind"
EDGES = ("e1,2005-01-01T00:00:00Z,,other", "e2,2005-05-10T12:00:00Z,,other")  # January to April are whole
CASES = table(
    HEAD,
    *EDGES,
    "1,2005-01-01T00:00:00Z,urban,complaint",
    "2,2005-01-31T23:59:59Z,county,complaint",
    "3,2005-02-01T00:00:00Z,urban,complaint",
    "4,2005-03-15T10:00:00Z,urban,complaint",  # its month has no base
    "5,2005-04-15T10:00:00Z,urban,complaint",
    "6,2005-05-01T10:00:00Z,urban,complaint",  # its month is not whole
)
BASES = table(
    "month,what,count",
    "2005-01,lines,100000",
    "2005-02,lines,100000",
    "2005-04,lines,200000",
    "2005-05,lines,900000",
    "2004-12,lines,900000",
    "2005-01,shops,7",
    "2005-04,shops,9",
)
PER = 'measure = "cases_per_base"\nper = "lines"\nwhere = {{ kind = "complaint" }}\nlimit = "{}"'


@pytest.fixture
def judged(tmp_path):
    return partial(judge, tmp_path)


@pytest.mark.parametrize(
    ("limit", "verdict", "margin"),
    [("1 in 100000", "kept", 0), ("1 in 100001", "missed", -1), ('1 in 100000"\nedge = "<', "missed", -1)],
)
def test_cases_for_each_line(judged, limit, verdict, margin):
    """1, 2, 3 and 5 over 100,000 + 100,000 + 200,000: one in 100,000."""
    found = judged(PER.format(limit), cases=CASES, bases=BASES)
    assert figures(found) == (verdict, 4, 400_000, 0, margin)
    assert found.beside == (
        "3 months pooled, 2005-01 to 2005-04",
        "without 'lines', left out: 2005-03 (1)",
        "1 of months that are not whole, left out",
    )
    assert (found.row["low"], found.row["high"]) == samples.exact_rate(4, 400_000)
    assert (found.row["interval"], found.row["outlook"]) == ("exact", None)


@pytest.mark.parametrize(("area", "kept"), [("urban", 3), ("county", 1), ("island", 0)])
def test_groups(judged, area, kept):
    promise = PER.format("1 %").replace("kind =", f'area = "{area}", kind =')
    found = judged(promise, cases=CASES.replace(",,other", ",island,other"), bases=BASES)
    assert figures(found)[:3] == ("kept", kept, 400_000)


def test_the_period_asked_for(judged):
    found = judged(PER.format("1 %"), span=Span("2005-01-02", "2005-05-01"), cases=CASES, bases=BASES)
    assert figures(found)[1:3] == (2, 300_000)
    assert found.beside[-1] == "1 of months that are not whole, left out"


def test_before_and_after(judged):
    """One of a hundred thousand and one of two hundred thousand; March has no base either way."""
    found = judged(PER.format("1 %") + "\nsince = 2005-02-01", cases=CASES, bases=BASES)
    assert figures(found) == ("kept", 2, 300_000, 0, 2_998)
    assert found.beside[-1].startswith("before 1 Feb 2005: 0.0020 % of 100,000; -0.0013 points (95 %: ")
    found = judged(PER.format("1 %") + "\nsince = 2005-02-02", cases=CASES, bases=BASES)
    assert figures(found)[1:3] == (1, 200_000)
    assert found.beside[-1].startswith("before 2 Feb 2005: 0.0020 % of 100,000;")


def test_more_cases_than_there_is_of_the_base(judged):
    bases = BASES.replace("00000", "")
    found = judged(PER.format("50 %") + "\nsince = 2005-02-01", cases=CASES, bases=bases)
    assert figures(found)[1:3] == (2, 3)
    assert found.beside[-1] == "before 1 Feb 2005: 200.0 % of 1; -133.3 points"


def test_cases_that_do_not_say_what_they_are(judged):
    found = judged(PER.format("1 %"), cases=CASES + "n,2005-04-15T10:00:00Z,urban,\n", bases=BASES)
    assert figures(found)[:3] == ("kept", 4, 400_000)
    assert found.beside[-1] == "1 case does not say kind: not counted"


def test_no_base_and_no_table_of_bases(judged):
    promise = PER.format("1 %").replace("lines", "cables")
    found = judged(promise, cases=CASES, bases=BASES)
    assert (figures(found), found.note) == (
        ("no_data", 0, 0, 0, None),
        "no base 'cables' is given for a whole month of the period",
    )
    assert found.beside == ("without 'cables', left out: 2005-01 (2), 2005-02 (1), 2005-03 (1) and 1 more",)
    found = judged(PER.format("1 %"), cases=CASES)
    assert figures(found)[0] == "no_data"
    assert found.note.startswith("no bases were given")
    found = judged(PER.format("1 %"), span=Span("2005-01-02", "2005-01-31"), cases=CASES, bases=BASES)
    assert found.note == "the period has no whole month"


def test_months_are_local_on_both_sides(judged):
    """In Berlin April began at 22:00 UTC of 31 March."""
    rows = ["a,2005-02-28T23:00:00Z,,other", "1,2005-03-31T22:00:00Z,,complaint", "2,2005-03-31T21:59:59Z,,complaint"]
    text = table(HEAD, *rows, "z,2005-05-10T10:00:00Z,,other")
    found = judged(PER.format("1 %"), zone="Europe/Berlin", cases=text, bases=BASES)
    assert figures(found)[1:3] == (1, 200_000)


SHARE = 'measure = "share_of_base"\npart = "shops"\nper = "lines"\ntarget = "{}"'


@pytest.mark.parametrize(("target", "verdict", "margin"), [("8 %", "kept", 0), ("8.01 %", "missed", -1)])
def test_one_base_over_another(judged, target, verdict, margin):
    """7 + 9 over 100 + 100; February and May have no shops, June no lines."""
    rows = ["2005-01,lines,100", "2005-02,lines,300", "2005-04,lines,100", "2005-01,shops,7", "2005-04,shops,9"]
    text = table("month,what,count", *rows, "2005-06,shops,900")
    found = judged(SHARE.format(target), bases=text)
    assert figures(found) == (verdict, 16, 200, 0, margin)
    assert found.beside == (
        "2 months pooled, 2005-01 to 2005-04",
        "without 'lines', left out: 2005-06 (900)",
        "without 'shops', left out: 2005-02 (300)",
    )
    found = judged(SHARE.format(target), span=Span("2005-04-01", "2005-05-01"), bases=text)
    assert (figures(found)[1:3], found.beside[0]) == ((9, 100), "2005-04")


def test_bases_that_never_meet(judged):
    text = table("month,what,count", "2005-01,lines,100", "2005-02,shops,100")
    found = judged(SHARE.format("8 %"), bases=text)
    assert (figures(found)[0], found.note) == ("no_data", "no month has both 'shops' and 'lines'")


def test_a_rare_event_among_bases_has_an_exact_interval(judged):
    """4 errors in 2 million bills: 0.2 in 100,000, between 0.054 and 0.512 (Clopper and Pearson)."""
    promise = 'measure = "share_of_base"\npart = "errors"\nper = "bills"\nlimit = "1 in 100000"'
    found = judged(promise, bases=table("month,what,count", "2005-01,errors,4", "2005-01,bills,2000000"))
    assert figures(found)[:3] == ("kept", 4, 2_000_000)
    low, high = found.row["low"], found.row["high"]
    assert (found.row["interval"], f"{low:.3e}", f"{high:.3e}") == ("exact", "5.449e-07", "5.121e-06")
