"""What late calls go with, by hand and from files of what was planned; the file itself, and what is wrong with it."""

import json
import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

import cc_metrics as cc
import why_reference as naive
from cc_metrics.errors import DataError, UsageError
from cc_metrics.measures.causes import Cause, HalfHour, causes, split
from cc_metrics.model.zones import offsets
from cc_metrics.reporting import Span
from cc_metrics.store import staffing
from cli_fixture import run
from made import within

SHANGHAI, BERLIN = offsets("Asia/Shanghai"), offsets("Europe/Berlin")
DAY = "2024-06-24"
NINETY = naive.ALL.format(target="90 %")


def test_ratios_above_one_share_by_their_logarithms():
    """Volume doubled and handle time quadrupled: one part and two parts of twelve; present agents change nothing."""
    found = causes([HalfHour(12, "forecast", 200, 100, 400, 100, 10, 10), HalfHour(-2, "forecast", 100, 100)])
    assert [(c.cause, c.against, pytest.approx(c.late)) for c in found] == [
        ("handle_time", "forecast", 8),
        ("volume", "forecast", 4),
        ("other", "forecast", -2),
    ]
    assert [c.change for c in found] == [3.0, 1.0, None]


def test_a_ratio_of_one_is_no_cause():
    assert split(HalfHour(5, "usual", 100, 100, 300, 299.9)) == {"handle_time": 5.0}
    assert causes([HalfHour(5, "usual", 100, 100, 300, 300)]) == [Cause("other", "usual", 5)]


def test_change_and_agents_are_of_the_half_hours_in_which_they_added_load():
    found = causes(
        [
            HalfHour(6, "forecast", 110, 100, rostered=5, present=5),
            HalfHour(2, "forecast", 130, 100, rostered=6, present=6),
            HalfHour(4, "forecast", 90, 100, rostered=10, present=8),
            HalfHour(3, "forecast", 90, 100, rostered=10, present=9),
            HalfHour(-9, "forecast", 500, 100, rostered=10, present=1),
        ]
    )
    assert found == [
        Cause("volume", "forecast", 8, change=pytest.approx(0.2)),
        Cause("staff", "forecast", 7, agents=1.5),
        Cause("other", "forecast", -9),
    ]


def test_what_nobody_expected_explains_all():
    assert split(HalfHour(6, "forecast", 10, 0, 300, 100)) == {"volume": 6.0}
    assert split(HalfHour(6, "forecast", 0, 0, 300, 100, rostered=4, present=0)) == {"staff": 6.0}


def test_nothing_to_compare_with_is_no_account():
    assert causes([HalfHour(6, None, 10), HalfHour(-1, "usual", 10, None)]) == []


@within(60)
@given(
    some.lists(
        some.builds(
            HalfHour,
            some.integers(-50, 50).map(float),
            some.sampled_from(["forecast", "usual"]),
            some.integers(0, 90),
            some.none() | some.integers(0, 90),
            some.none() | some.integers(1, 900),
            some.none() | some.integers(0, 900),
            some.none() | some.integers(0, 9),
            some.none() | some.integers(0, 9),
        ),
        max_size=12,
    )
)
def test_every_account_adds_up(half_hours):
    found = causes(half_hours)
    assert not found or math.isclose(sum(c.late for c in found), sum(h.above for h in half_hours), abs_tol=1e-9)
    assert all(c.late > 0 for c in found[:-1])


# --- in a report ---


def planned(tmp_path, text, zone=BERLIN):
    path = tmp_path / "plan.csv"
    path.write_text(text, "utf-8")
    return staffing.read(path, zone)


def test_a_missed_promise_with_forecast_and_staff(tmp_path):
    """Ten o'clock: 12 came, 6 of them late, where 8 were forecast; 11 o'clock has no plan."""
    rows = naive.day_of_calls(DAY, 6, 6, talk=120_000) + naive.day_of_calls(DAY, 0, 1, at="11:00:00")[2:]
    plan = planned(
        tmp_path,
        "start,forecast_offered,forecast_handle_s,rostered,present\n"
        "2024-06-24 10:00,8,120,9,6\n2024-06-24 12:30,3,100,2,2\n2024-06-25 10:00,8,120,9,6\n",
    )
    found = naive.report(tmp_path, rows, (NINETY,), span=Span(date=DAY), planned=plan)
    assert [(row["start"][11:16], row["offered"], row["forecast_offered"]) for row in found.staffing] == [
        ("00:00", 1, None),
        ("10:00", 12, 8),
        ("11:00", 1, None),
        ("12:30", 0, 3),
        ("23:30", 1, None),
    ]
    assert found.staffing[1]["service_level"] == 0.5
    assert found.staffing[1]["mean_handle_s"] == 120
    assert found.staffing[3]["service_level"] is None
    late = {row["cause"]: row["late"] for row in found.causes}
    assert late == {"volume": pytest.approx(2.4), "staff": pytest.approx(2.4), "other": pytest.approx(0.9)}
    assert sum(late.values()) == pytest.approx(7 - 1.3)
    assert {r["cause"]: (r["change"], r["agents"]) for r in found.causes if r["cause"] != "other"} == {
        "volume": (0.5, None),
        "staff": (None, 3),
    }


def test_the_load_is_that_of_all_calls_whoever_was_promised(tmp_path):
    """Two VIP calls, both late, and ten ordinary ones: twelve came where six were forecast."""
    rows = naive.day_of_calls(DAY, 0, 2, tier="VIP") + naive.day_of_calls(DAY, 10, 0)[2:]
    plan = planned(tmp_path, "start,forecast_offered\n2024-06-24 10:00,6\n")
    found = naive.report(tmp_path, rows, (naive.VIP,), span=Span(date=DAY), planned=plan)
    assert [(r["cause"], r["change"]) for r in found.causes] == [("volume", 1.0), ("other", None)]


def test_against_the_usual_where_nothing_was_planned(tmp_path):
    rows = naive.day_of_calls(DAY, 6, 6, talk=90_000)
    for day in ("2024-05-13", "2024-05-20", "2024-05-27", "2024-06-03", "2024-06-10", "2024-06-17"):
        rows += naive.day_of_calls(day, 6, 0, talk=60_000)
    found = naive.report(tmp_path, rows, (NINETY,), span=Span(date=DAY))
    assert [(r["cause"], r["against"], r["change"]) for r in found.causes] == [
        ("volume", "usual", 1.0),
        ("handle_time", "usual", 0.5),
        ("other", "usual", None),
    ]
    assert sum(r["late"] for r in found.causes) == pytest.approx(6 - 1.2)


# --- the file ---


def test_quarter_hours_are_made_half_hours(tmp_path):
    """Calls added, handle time weighted, agents averaged; what one quarter-hour does not tell is not known."""
    text = (
        "\ufeffStart;forecast_offered;forecast_handle_s;rostered;present\r\n"
        "2013-08-20 09:00;10;100;4;4\r\n2013-08-20 09:15;30;200;5;4,5\r\n"
        "2013-08-20T09:30:00+08:00;5;;6;\r\n2013-08-20 09:45;7;100;6;6\r\n;;;;\r\n"
    )
    first, second = planned(tmp_path, text, SHANGHAI)
    assert first == {
        "start_ms": 1_376_960_400_000,
        "forecast_offered": 40,
        "forecast_handle_s": 175,
        "rostered": 4.5,
        "present": 4.25,
    }
    assert (second["forecast_offered"], second["forecast_handle_s"], second["present"]) == (12, None, None)


def test_half_hours_in_a_doubled_and_a_missing_hour(tmp_path):
    clocks = ("01:30", "02:00", "02:30", "02:00", "02:30", "03:00")
    autumn = "start,present\n" + "".join(f"2024-10-27 {clock},{n}\n" for n, clock in enumerate(clocks))
    rows = planned(tmp_path, autumn)
    assert [row["present"] for row in rows] == [0, 1, 2, 3, 4, 5]
    assert {b["start_ms"] - a["start_ms"] for a, b in pairwise(rows)} == {1_800_000}
    spring = "start,present\n" + "".join(
        f"2024-03-31 {c},{n}\n" for n, c in enumerate(("01:30", "02:00", "02:30", "03:00"))
    )
    assert [row["present"] for row in planned(tmp_path, spring)] == [0, 3]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("start,forecast\n", "line 1: no column is called 'forecast'"),
        ("present\n1\n", "line 1: the head"),
        ("start,present,present\n", "line 1: the head"),
        ("", "line 1: the head"),
        ("start,present\n2024-06-24 10:00,1,2\n", "line 2: 3 cells under 2 columns"),
        ("start,present\n2024-06-24 10:00,1\n24.06. 10:30,1\n", "line 3, column start: '24.06. 10:30' is not a time"),
        ("start,present\n2024-06-24 10:00,-1\n", "line 2, column present: '-1' is not a number"),
        ("start,present\n2024-06-24 10:00,nan\n", "line 2, column present: 'nan' is not a number"),
        ("start,present\n2024-06-24 10:00,many\n", "line 2, column present: 'many' is not a number"),
        ("start,present\n2024-06-24 10:10,1\n", "line 2, column start: '2024-06-24 10:10' is not on a quarter-hour"),
        (
            "start,present\n2024-06-24 10:00,1\n2024-06-24 10:00,1\n",
            "line 3, column start: '2024-06-24 10:00' is there twice",
        ),
        ("start,present\n2024-06-24 10:00,1\n2024-06-24 11:00,1\n", "rows lie an hour apart"),
        ("start,present\n2024-06-24 10:15,1\n2024-06-24 10:45,1\n", "half-hours begin on the hour"),
    ],
)
def test_what_is_wrong_with_a_staffing_file_is_said_with_its_place(tmp_path, text, words):
    with pytest.raises(DataError) as error:
        planned(tmp_path, text)
    assert words in str(error.value)
    assert "plan.csv" in str(error.value)


def test_a_staffing_file_that_cannot_be_read(tmp_path):
    with pytest.raises(DataError, match="cannot be read: No such file"):
        staffing.read(tmp_path / "none.csv", BERLIN)
    (tmp_path / "x.csv").write_bytes(b"start,present\n\xff")
    with pytest.raises(DataError, match="is not UTF-8"):
        staffing.read(tmp_path / "x.csv", BERLIN)


def test_the_command_and_the_notebook_take_a_staffing_file(tmp_path):
    """One plan, the same table from both; an export is never taken for it, and a plan without calls is refused."""
    calls = tmp_path / "calls.csv"
    rows = naive.day_of_calls(DAY, 6, 6)
    calls.write_text("\n".join((naive.HEADER, *(",".join(map(str, row)) for row in rows))), "utf-8")
    plan = tmp_path / "plan.csv"
    plan.write_text("start,rostered,present\n2024-06-24 10:00,9,6\n", "utf-8")
    asked = ("report", calls, "--tz", "Europe/Berlin", "--staffing")
    ran = run(*asked, plan, "--show", "json")
    assert ran.code == 0, ran.err
    shown = cc.report(cc.read_calls(calls, tz="Europe/Berlin"), staffing=plan)
    table = json.loads(ran.out)["staffing"]
    assert table == [dict(row) for row in shown.report.staffing]
    assert [row["present"] for row in table] == [None, 6, None]
    ran = run(*asked, calls)
    assert (ran.code, "no column is called 'call_id'" in ran.err) == (3, True)
    plan = plan.rename(tmp_path / "plan.json")
    ran = run(*asked, plan, "--output", plan)
    assert (ran.code, "would overwrite" in ran.err) == (2, True)
    with pytest.raises(UsageError, match="staffing is set beside calls"):
        cc.report(cases=[cc.read_cases(calls)], staffing=plan)
