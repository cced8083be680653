"""Printed figures: how they are read, and which counts print them, at the edges of rounding exactly."""

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import pytest

from cc_metrics.errors import UsageError
from cc_metrics.model.printed_figure import read


@pytest.mark.parametrize(
    ("text", "written", "spread"),
    [
        ("83", "83 %", "82.5 to 83.5 %"),
        ("83.1", "83.1 %", "83.05 to 83.15 %"),
        (" 83.10 % ", "83.10 %", "83.095 to 83.105 %"),
        ("83.1%", "83.1 %", "83.05 to 83.15 %"),
        ("0.831", "83.1 %", "83.05 to 83.15 %"),
        ("0.8", "80 %", "75 to 85 %"),
        ("0.5 %", "0.5 %", "0.45 to 0.55 %"),
        ("1 %", "1 %", "0.5 to 1.5 %"),
        ("0", "0 %", "0.0 to 0.5 %"),
        ("100", "100 %", "99.5 to 100.5 %"),
        ("2210/2660", "2,210 of 2,660", ""),
        ("2,210 / 2,660", "2,210 of 2,660", ""),
    ],
)
def test_figures_are_read(text, written, spread):
    assert (read(text).written, read(text).spread) == (written, spread)


@pytest.mark.parametrize("text", ["1", "1.0", "0.0", "0.00"])
def test_what_may_mean_two_things_is_refused(text):
    with pytest.raises(UsageError, match="may mean a percentage or a share"):
        read(text)


@pytest.mark.parametrize(
    "text", ["", "83,1", "-3", "83.1.2", "abc", "101", "100.1 %", "3/0", "5/4", "22,10/2660", "8e1", "٨٣", "nan"]
)
def test_what_is_no_figure_is_refused(text):
    with pytest.raises(UsageError) as refused:
        read(text)
    assert refused.value.where == "--reported"
    assert refused.value.hint


@pytest.mark.parametrize("text", ["83", "83.1", "83.2", "83.15", "0.8", "0", "100", "99.9"])
def test_rounding_is_that_of_decimal_arithmetic(text):
    figure = read(text)
    places = Decimal(1).scaleb(2 - figure.places)
    for owed in (7, 200, 2_000):
        for kept in range(owed + 1):
            share = Decimal(100 * kept) / Decimal(owed)
            wanted = Decimal(figure.part).scaleb(2 - figure.places)
            up, even, cut = (share.quantize(places, how) for how in (ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_DOWN))
            expected = None
            if wanted in (up, even):
                expected = "rounded" if up == even else "half up" if up == wanted else "half even"
            elif cut == wanted:
                expected = "truncated"
            assert figure.prints(kept, owed) == expected, (kept, owed)


def test_exactly_on_the_edges_of_rounding():
    prints = read("83.1").prints
    assert [prints(kept, 10_000) for kept in (8304, 8305, 8306, 8310, 8314, 8315)] == [
        None, "half up", "rounded", "rounded", "rounded", "truncated",
    ]  # fmt: skip
    assert prints(0, 0) is None


def test_counts_decide_at_once():
    figure = read("2210/2660")
    assert figure.prints(2210, 2660) == "counts"
    assert figure.prints(1105, 1330) is None
    assert (figure.distance(2210, 2660), figure.distance(2209, 2662)) == (0, 3)
