"""Whom a promise on calls speaks of: other networks, out of town, who is not recorded; and what a policy refuses."""

from datetime import UTC, datetime, timedelta

import pytest

import cc_metrics as cc
from cc_metrics import policy
from cc_metrics.errors import PolicyError, UsageError
from cc_metrics.model.durations import DAY
from promise_fixture import figures, judged, reported

HEADER = "call_id,offered_at,outcome,wait_ms,network,region,home_region,tier,customer_id"
LEVEL = 'measure = "service_level"\nwithin = "20 seconds"\ntarget = "90 %"'
OTHERS = f'{LEVEL}\nwhere_not = {{ network = "own" }}'
AWAY = f'{LEVEL}\nwhere_differ = {{ region = "home_region" }}'


def calls(*groups, at="2024-06-03 10:00:00"):
    """Rows of groups (in time, late, network, region, home region)."""
    rows = []
    for number, (kept, late, *who) in enumerate(groups):
        waits = [20_000] * kept + [20_001] * late
        rows += [(f"{number}-{n}", at, "answered", wait, *who, None, None) for n, wait in enumerate(waits)]
    return [*rows, ("end", "2024-06-03 23:59:59", "abandoned", 0, "own", "north", "north", None, None)]


ROWS = calls(
    (40, 20, "own", "north", "north"),
    (9, 0, "other", "north", "north"),
    (9, 2, "third", "north", "south"),
    (9, 0, "own", "south", "north"),
    (5, 5, None, "north", None),
    (5, 5, "own", None, "north"),
)


def test_another_network_and_another_region(tmp_path):
    """Other networks: 18 of 20. Out of town: 18 of 20. Who is not recorded belongs to neither."""
    others, away = reported(tmp_path, [OTHERS, AWAY], (HEADER, ROWS)).promises
    assert (others.row["kept"], others.row["settled"]) == (18, 20)
    assert (away.row["kept"], away.row["settled"]) == (18, 20)
    assert others.row["where"] == {"not": {"network": ["own"]}}
    assert away.row["where"] == {"differ": {"region": "home_region"}}


def test_what_is_seldom_unrecorded_is_judged(tmp_path):
    """One of 21 calls is not recorded: under 5 %."""
    rows = calls((10, 0, "other", "north", "south"), (9, 0, "own", "north", "north"), (0, 1, None, None, "north"))
    found = reported(tmp_path, [OTHERS, AWAY], (HEADER, rows)).promises
    assert [figures(one) for one in found] == [("kept", 10, 10), ("kept", 10, 10)]


@pytest.mark.parametrize(("promise", "dimension"), [(OTHERS, "network"), (AWAY, "home_region")])
def test_more_than_a_fifth_unrecorded_is_not_judged(tmp_path, promise, dimension):
    """Ten of 50 are a fifth, eleven of 51 more than one; levels are alike."""
    known, unknown = (20, 0, "other", "north", "south"), (None, "north", None)
    fifth = calls(known, (19, 0, "own", "north", "north"), (10, 0, *unknown))
    assert figures(judged(tmp_path, promise, (HEADER, fifth))) == ("kept", 20, 20)
    found = judged(tmp_path, promise, (HEADER, calls(known, (19, 0, "own", "north", "north"), (11, 0, *unknown))))
    assert figures(found) == ("not_judged", 20, 20)
    assert found.note == f"{dimension} is not recorded for 21.6 % of the calls"
    assert found.row["bounds"] == [1.0, 1.0]


def test_nobody_else_called(tmp_path):
    rows = calls((30, 0, "own", "north", "north"))
    found = reported(tmp_path, [OTHERS, AWAY], (HEADER, rows)).promises
    assert [figures(one) for one in found] == [("no_data", 0, 0), ("no_data", 0, 0)]


@pytest.mark.parametrize(("promise", "dimension"), [(OTHERS, "network"), (AWAY, "region")])
def test_a_summary_without_the_dimension_is_refused_by_name(tmp_path, promise, dimension):
    reported(tmp_path, [LEVEL], (HEADER, ROWS))
    cc.report(cc.read_calls(tmp_path / "table0.csv", tz="Europe/Berlin")).save(tmp_path / "day.parquet")
    (tmp_path / "p.toml").write_text(f'name = "p"\n[[promise]]\nname = "a"\n{promise}\n', "utf-8")
    with pytest.raises(UsageError, match=f"the summary does not hold '{dimension}'"):
        cc.report(cc.merge(tmp_path / "day.parquet"), policy=str(tmp_path / "p.toml")).promises  # noqa: B018


def test_repeat_calls_have_a_window_of_their_own(tmp_path):
    """Two calls of one customer three days apart: repeated within 7 days, solved within 24 hours."""
    start = datetime(2024, 6, 3, 10, tzinfo=UTC)
    days = [(f"d{n}", start + timedelta(days=n), "answered", 0, None, None, None, None, f"c{n}") for n in range(6)]
    again = [(n, start + timedelta(days=n), "answered", 0, None, None, None, None, "twice") for n in (0, 3)]
    above = '[first_call_resolution]\nwindow = "24 hours"\nrepeat_calls = 2'
    repeats = 'measure = "repeat_calls"\nlimit = "100 %"'
    solved = 'measure = "first_call_resolution"\ntarget = "0 %"'
    promises = [f'{repeats}\nwindow = "7 days"', repeats, solved]
    found = reported(tmp_path, promises, (HEADER, [*days, *again]), above=above).promises
    assert [(one.row["kept"], one.row["settled"]) for one in found[:2]] == [(2, 8), (0, 8)]
    assert [one.row["within_s"] for one in found] == [7 * 86_400, 86_400, 86_400]
    assert found[2].row["kept"] == found[2].row["settled"] > 0


def test_the_hotline_10000_counts_repeats_by_the_week():
    found = policy.load("cn-ct-10000")
    repeated = next(promise for promise in found.promises if promise.measure == "repeat_calls")
    solved = next(promise for promise in found.promises if promise.measure == "first_call_resolution")
    assert (repeated.resolution.window_ms, solved.resolution.window_ms) == (7 * DAY, DAY)
    assert found.resolution.window_ms == DAY


# --- what a policy refuses ---

TIERS = '[tier]\nvip = "VIP"\nordinary = "*"\n'
ROWS_OF_TIERS = 'deadlines = [{{ where = {{ tier = "{}" }}, within = "1 h" }}, {{ within = "2 h" }}]\ntarget = "90 %"'


def problems(tmp_path, promise, above=TIERS):
    (tmp_path / "p.toml").write_text(f'name = "p"\n{above}[[promise]]\nname = "a"\n{promise}\n', "utf-8")
    return [error.what for error in policy.problems(str(tmp_path / "p.toml"))]


@pytest.mark.parametrize(
    ("promise", "prefix"),
    [
        (f'measure = "turnaround"\n{ROWS_OF_TIERS}', "where."),
        ('measure = "share_of_cases"\ncounted = {{ tier = "{}" }}\nlimit = "5 %"', "counted."),
        ('measure = "share_of_cases"\ncounted_not = {{ tier = "{}" }}\nlimit = "5 %"', "counted_not."),
        (f'{LEVEL}\nwhere_not = {{{{ tier = "{{}}" }}}}', "where_not."),
    ],
)
def test_a_tier_must_be_one_of_the_policys(tmp_path, promise, prefix):
    assert problems(tmp_path, promise.format("vip")) == []
    assert problems(tmp_path, promise.format("*")) == []
    assert problems(tmp_path, promise.format("gold")) == [f"{prefix}tier: 'gold' is not a tier of [tier]"]
    assert problems(tmp_path, promise.format("gold"), above="") == []


def test_a_wait_by_day_is_a_whole_second(tmp_path):
    promise = 'measure = "longest_wait"\nby_day = [{{ on = "Monday", within = "{}" }}, {{ within = "60 seconds" }}]'
    assert problems(tmp_path, promise.format("1500 ms")) == ["a wait is a whole number of seconds"]
    assert problems(tmp_path, promise.format("90 seconds")) == []
    with pytest.raises(PolicyError, match="whole number of seconds"):
        judged(tmp_path, promise.format("1500 ms"), (HEADER, ROWS))
