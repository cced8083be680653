"""Where late calls lie: against a naive reading of random calls, by hand, and from summaries of earlier days."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

import why_reference as naive
from cc_metrics.reporting import Span
from interval_fixture import HEAD, HOURLY, Source

SUNDAY = date(2024, 10, 27)  # 25 hours long
FIRST = SUNDAY - timedelta(days=58)
TARGETS = {None: (None, None), "vip": ("vip", Fraction(9, 10)), "ordinary": ("ordinary", Fraction(4, 5))}


@pytest.fixture(scope="module", params=(1, 2))
def both(request, tmp_path_factory):
    """Random rows and the report on their last day."""
    rows = naive.made(request.param, FIRST, 59)
    found = naive.report(tmp_path_factory.mktemp("why"), rows, span=Span(date=SUNDAY.isoformat()))
    assert {j.promise.name: j.row["verdict"] for j in found.promises} == {"vip": "missed", "ordinary": "missed"}
    return rows, found


@pytest.mark.parametrize("promise", TARGETS)
def test_every_list_is_what_a_naive_reading_finds(both, promise):
    """A day of 25 hours with a doubled hour, unknown tiers, queues and reasons; medians of eight Sundays."""
    rows, found = both
    expected = naive.places(naive.read(rows), SUNDAY, *TARGETS[promise])
    got = naive.listed(found, promise)
    assert set(got) == set(expected)
    doubled = {start[-6:] for dimension, start in got if dimension == "interval" and "T02:" in start}
    assert promise or doubled == {"+01:00", "+02:00"}
    for key, row in expected.items():
        assert {name: got[key][name] for name in row} == pytest.approx(row, nan_ok=False), key
    assert any(row["usual_offered"] for row in got.values())


@pytest.mark.parametrize("promise", ["vip", "ordinary"])
def test_each_list_adds_up_to_what_separates_the_result_from_the_promise(both, promise):
    _, found = both
    judged = next(j for j in found.promises if j.promise.name == promise)
    late = judged.row["settled"] - judged.row["kept"]
    above = late - (1 - judged.promise.target) * judged.row["settled"]
    for dimension in naive.KEYS:
        rows = [r for (of, _), r in naive.listed(found, promise).items() if of == dimension]
        assert sum(r["late"] for r in rows) == late
        assert sum(r["share_of_late"] for r in rows) == pytest.approx(1)
        assert sum(r["above"] for r in rows) == pytest.approx(float(above))


def test_half_hours_stand_in_time_and_values_by_rank_with_the_unrecorded_last(both):
    _, found = both
    for promise, measured in ((None, "late"), ("vip", "above")):
        for dimension in naive.KEYS:
            rows = [r for (of, _), r in naive.listed(found, promise).items() if of == dimension]
            values = [r["value"] for r in rows]
            if dimension == "interval":
                assert [naive.datetime.fromisoformat(v) for v in values] == sorted(
                    map(naive.datetime.fromisoformat, values)
                )
                continue
            assert None not in values[:-1]
            ranked = [r[measured] for r in rows if r["value"] is not None]
            assert ranked == sorted(ranked, reverse=True)


def test_earlier_days_from_a_background_are_as_good_as_those_in_the_data(both, tmp_path):
    rows, found = both
    now = [row for row in rows if row[0].startswith(SUNDAY.isoformat())]
    earlier = [row for row in rows if not row[0].startswith(SUNDAY.isoformat())]
    apart = naive.report(tmp_path, now, span=Span(date=SUNDAY.isoformat()), earlier=earlier)
    for table in ("contributions", "causes", "comparisons", "months"):
        assert getattr(apart, table) == getattr(found, table), table
    assert apart.comparisons
    assert apart.months


def test_four_same_weekdays_make_nothing_usual_and_five_do(tmp_path):
    for known, expected in ((4, None), (5, 3.0)):
        rows = naive.day_of_calls("2024-06-24", 3, 1)
        for n in range(1, known + 1):
            rows += naive.day_of_calls((date(2024, 6, 24) - timedelta(days=7 * n)).isoformat(), n, 0)
        found = naive.report(tmp_path, rows, (naive.ALL.format(target="90 %"),), span=Span(date="2024-06-24"))
        row = naive.listed(found, "all")["interval", "2024-06-24T10:00:00+02:00"]
        assert row["usual_offered"] == expected


def test_a_day_with_a_clock_change_has_other_half_hours(tmp_path):
    """Of the five Sundays before 5 May 2024 the first has 23 hours: it stays usual for queues, not for half-hours."""
    rows = naive.day_of_calls("2024-05-05", 3, 1)
    for n in range(1, 6):
        rows += naive.day_of_calls(str(date(2024, 5, 5) - timedelta(days=7 * n)), n, 0)
    found = naive.report(tmp_path, rows, (naive.ALL.format(target="90 %"),), span=Span(date="2024-05-05"))
    got = naive.listed(found, "all")
    assert got["interval", "2024-05-05T10:00:00+02:00"]["usual_offered"] is None
    assert got["queue", "a"]["usual_offered"] == 5


def test_holidays_and_closed_days_are_no_usual_days(tmp_path):
    """Eight Mondays back from 24 June 2024 are Whit Monday, which is out, and one named closed."""
    above = 'closed = ["2024-06-17"]\n[calendar]\ncountry = "DE"\n'
    rows = naive.day_of_calls("2024-06-24", 3, 1)
    for n in range(1, 8):
        day = (date(2024, 6, 24) - timedelta(days=7 * n)).isoformat()
        rows += naive.day_of_calls(day, 100 if day in ("2024-05-20", "2024-06-17") else n, 0)
    found = naive.report(tmp_path, rows, (naive.ALL.format(target="90 %"),), above=above, span=Span(date="2024-06-24"))
    row = naive.listed(found, "all")["interval", "2024-06-24T10:00:00+02:00"]
    assert row["usual_offered"] == 4  # of 2, 3, 4, 6 and 7; 1 and 5 are the days off


def test_nothing_is_said_of_a_promise_that_is_kept(tmp_path):
    found = naive.report(tmp_path, naive.day_of_calls("2024-06-24", 9, 1), (naive.ALL.format(target="90 %"),))
    assert found.promises[0].row["verdict"] == "kept"
    assert {row["promise"] for row in found.contributions} == {None}
    assert found.causes == ()
    assert "reason" not in {row["dimension"] for row in found.contributions}


def test_channels_are_not_pooled(tmp_path):
    """With several channels all calls are those of voice, a call without a channel among them, unless asked for."""
    header = naive.HEADER.replace("reason", "channel")
    rows = naive.edges("2024-06-24")
    for channel, kept in (("voice", 3), ("", 2), ("chat", 4)):
        calls = naive.day_of_calls("2024-06-24", kept, 1, reason=channel, queue=channel or "q")
        rows += [row for row in calls if row[2] == "answered"]
    promises = (naive.ALL.format(target="90 %"),)
    for where, expected in ((None, 3 + 1 + 2 + 1), ({"channel": ("chat",)}, 5)):
        found = naive.report(tmp_path, rows, promises, where=where, header=header)
        queues = [r for (of, _), r in naive.listed(found, None).items() if of == "queue"]
        assert sum(r["owed"] for r in queues) == expected


def test_hours_that_somebody_else_counted_have_no_half_hours(tmp_path):
    """The lists by queue add up all the same; sales lost 30 of 100, service 5 of 100."""
    source = Source(tmp_path)
    text = f"{HEAD}\n24.06.2024 00:00,1,0,0,1,1,1,0,1,0,1\n24.06.2024 10:00,100,0,0,50,70,90,10,100,0,95\n"
    text += "24.06.2024 23:00,1,0,0,1,1,1,0,1,0,1\n"
    (tmp_path / "p.toml").write_text(f'name = "p"\n{naive.ALL.format(target="90 %")}\n', "utf-8")
    found = source.report(HOURLY, text, policy=str(tmp_path / "p.toml"))
    assert found.promises[0].row["verdict"] == "missed"
    got = naive.listed(found, "all")
    late = sum(row["late"] for row in got.values())
    assert {dimension for dimension, _ in got} == {"queue"}
    assert late == found.promises[0].row["settled"] - found.promises[0].row["kept"]
    assert next(row["value"] for row in got.values()) == "sales"
    assert found.causes == ()
