"""Charts: every mark against the JSON report, with what lies on an edge, in a gap, or is not known."""

import json
import re
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

import case_report_fixture as cases
import page_fixture as made
import report_fixture
from cc_metrics import render
from cc_metrics.errors import UsageError
from cc_metrics.model.report import Report
from cc_metrics.render import charts
from cc_metrics.render.charts import draw


def rows(report: Report, table: str) -> list[dict[str, Any]]:
    """A table as the JSON report has it."""
    return list(json.loads(render.text(report, "json"))[table])


def data(report: Report, name: str, dataset: str, which: int = 0) -> list[dict[str, Any]]:
    """What a chart draws."""
    return list(charts.named(report, name)[which].spec["datasets"][dataset])


def test_every_chart_is_drawn_from_one_of_the_reports() -> None:
    names = {re.sub(r"-\d+$", "", picture.name) for picture in made.pictures()}
    assert names == set(charts.CHARTS)


def test_the_line_of_the_day_is_the_level_of_each_half_hour_and_nobody_calling_is_a_gap() -> None:
    report = made.report()
    marks = {mark["clock"]: mark for mark in data(report, "half_hours", "half_hours")}
    known = {row["start"][11:16]: row for row in rows(report, "intervals")}
    busy = [clock for clock, row in known.items() if row["offered"]]
    assert list(marks) == [clock for clock in known if busy[0] <= clock <= busy[-1]]
    assert {clock: mark["level"] for clock, mark in marks.items()} == {c: known[c]["service_level"] for c in marks}
    assert marks["12:00"]["level"] is None
    below = {clock for clock, mark in marks.items() if mark["state"] == "below target"}
    assert below == {c for c in busy if known[c]["service_level"] < 0.8}
    assert below


def test_the_bars_of_the_day_are_the_calls_in_time_and_late() -> None:
    report = made.report()
    bars = {(bar["clock"], bar["part"]): bar["calls"] for bar in data(report, "half_hours", "parts")}
    for row in rows(report, "intervals"):
        clock = row["start"][11:16]
        if "08:00" <= clock <= "18:30":
            assert bars[clock, "in time"] == row["answered_within"]
            assert bars[clock, "late"] == row["denominator"] - row["answered_within"]


def test_exactly_on_target_is_not_below_it() -> None:
    half = [row for row in made.report().intervals if row["offered"]][:1]
    on_the_dot = [{**half[0], "denominator": 10, "answered_within": 8, "service_level": 0.8}]
    report = replace(made.report(), intervals=tuple(on_the_dot))
    assert [mark["state"] for mark in data(report, "half_hours", "half_hours")] == ["on target"]


def test_a_target_of_all_calls_goes_before_those_of_parts() -> None:
    [day] = charts.named(made.report(), "half_hours")
    assert "5 of 21 half-hours with calls are below 80 % (Ordinary in 20 s)." in day.says
    every = report_fixture.judged(replace(report_fixture.ALL, target=Fraction(9, 10)), 10, 8, "missed", -1)
    [day] = charts.named(replace(made.report(), promises=(*made.report().promises, every)), "half_hours")
    assert "below target 90 %." in day.says
    assert "Ordinary" not in json.dumps(day.spec)
    other = replace(every.promise, service=replace(every.promise.service, within_ms=30_000))
    [day] = charts.named(replace(made.report(), promises=(replace(every, promise=other),)), "half_hours")
    assert "below" not in day.says  # another threshold is another level


def test_a_channel_has_its_own_picture_and_its_own_targets() -> None:
    report = made.report()
    chats = [row | {"channel": "chat"} for row in report.intervals]
    both = replace(report, intervals=tuple([row | {"channel": None} for row in report.intervals] + chats))
    found = charts.named(both, "half_hours")
    assert [picture.name for picture in found] == ["half_hours", "half_hours-2"]
    assert ["below target" in json.dumps(p.spec["datasets"]) for p in found] == [True, False]  # no promise on chats


def test_the_bars_of_the_waits_are_the_calls_of_each_class() -> None:
    report = made.report()
    bars = Counter({(bar["wait"], bar["part"]): bar["calls"] for bar in data(report, "waits", "bars")})
    known = rows(report, "waits")
    assert sum(bars.values()) == sum(row["calls"] for row in known)
    for row in known:
        low, high = row["from_s"], row["to_s"]
        label = "over 5:00" if high is None else "0 s" if high == 0 else f"{low} to {high} s"
        assert bars[label, row["outcome"]] == row["calls"]
    answered = [row for row in known if row["outcome"] == "answered" and row["to_s"] is not None]
    in_time = sum(row["calls"] for row in answered if row["to_s"] <= 20)
    assert f"Of the answered, {in_time:,} had waited at most 20 s." in charts.named(report, "waits")[0].says
    lines = [layer for layer in charts.named(report, "waits")[0].spec["layer"] if layer["mark"]["type"] == "rule"]
    assert [line["data"]["values"][0]["wait"] for line in lines] == ["15 to 20 s"]
    assert [line["encoding"]["x"]["bandPosition"] for line in lines] == [1]  # at the class's upper edge


def test_the_cells_of_the_heat_map_are_the_levels_and_what_is_below_the_target_is_marked() -> None:
    report = made.report()
    cells = {(cell["weekday"], cell["clock"]): cell for cell in data(report, "heatmap", "cells")}
    known = {(row["weekday"], row["clock"]): row["service_level"] for row in rows(report, "heatmap")}
    assert {key: cell["level"] for key, cell in cells.items()} == known
    assert {key for key, cell in cells.items() if cell["below"]} == {key for key, level in known.items() if level < 0.8}
    assert ("Saturday", "13:00") not in cells


def test_the_heat_map_says_how_many_cells_are_below_and_of_how_many_calls_the_lowest_is() -> None:
    report = made.report()
    cells = [row for row in report.heatmap if row["service_level"] is not None]
    lowest = min(cells, key=lambda row: row["service_level"])
    says = charts.named(report, "heatmap")[0].says
    below = sum(row["service_level"] < 0.8 for row in cells)
    assert 0 < below < len(cells)
    assert f"{below} of {len(cells)} half-hours of the week are below 80 %" in says
    assert f"{lowest['weekday']} at {lowest['clock']}: {100 * lowest['service_level']:.1f} %" in says
    assert says.endswith(f"of {lowest['denominator']:,} calls.")


def test_one_weekday_is_no_heat_map() -> None:
    report = made.report()
    monday = tuple(row for row in report.heatmap if row["weekday"] == "Monday")
    assert charts.named(replace(report, heatmap=monday), "heatmap") == []


def test_the_points_of_the_control_chart_are_the_days_and_a_missing_day_is_a_gap() -> None:
    report = made.report()
    marks = {mark["start"]: mark for mark in data(report, "days", "days")}
    known = {row["start"]: row for row in rows(report, "days")}
    assert len(marks) == 70
    assert [day for day, mark in marks.items() if mark["level"] is None] == ["2013-07-12"]
    for day, row in known.items():
        drawn = {name: marks[day][name] for name in ("centre", "low", "high")}
        assert drawn == {name: row[name] for name in drawn}
        assert marks[day]["level"] == row["service_level"]
    outside = {day: mark["part"] for day, mark in marks.items() if mark["outside"]}
    assert outside == {"2013-07-22": "below its usual range", "2013-08-06": "above its usual range"}
    assert {day for day, row in known.items() if row["signal"]} == set(outside)


def test_too_few_days_have_no_limits_and_say_so() -> None:
    report = made.report()
    bare = [row | dict.fromkeys(("centre", "low", "high", "signal")) for row in report.days[:9]]
    [picture] = charts.named(replace(report, days=tuple(bare)), "days")
    assert "Too few days are known" in picture.says
    assert "low" not in [field.title for field in picture.table]
    draw.svg(picture)


def test_the_curves_are_the_shares_of_each_kind_and_the_deadline_counts_what_is_on_the_dot() -> None:
    report = made.of_cases()
    points = [(mark["part"], mark["elapsed_s"], mark["share"]) for mark in data(report, "curves", "curves")]
    assert points == [(row["kind"], row["elapsed_s"], row["share"]) for row in rows(report, "curves")]
    [picture] = charts.named(report, "curves")
    assert "complaint: 30.0 % of 200 closed by then" in picture.says  # the third step lies on 24 hours
    assert "install: 140 closed." in picture.says  # the promise is on complaints
    everybody = report_fixture.judged(replace(cases.COMPLAINTS, where={}), 10, 10, "kept", 1)
    [picture] = charts.named(replace(report, promises=(everybody,)), "curves")
    assert "install: 20.0 % of 140 closed by then" in picture.says  # its third step lies half an hour after it


def test_the_bars_of_contributions_are_the_late_calls_and_what_the_target_allows() -> None:
    report = made.report()
    known = rows(report, "contributions")
    for which, promise in enumerate((None, report_fixture.ORDINARY.name)):
        for dataset, dimension in (("intervals", "interval"), ("groups", "queue")):
            late = [row["late"] for row in known if (row["promise"], row["dimension"]) == (promise, dimension)]
            drawn = Counter[Any]()
            for bar in data(report, "contributions", dataset, which):
                drawn[bar.get("rank", bar["at"])] += bar["calls"]
            shown = late if dimension == "interval" else sorted((n for n in late if n), reverse=True)
            assert list(drawn.values()) == pytest.approx(shown)
    above = [bar["calls"] for bar in data(report, "contributions", "intervals", 1) if bar["order"]]
    mine = [row for row in known if row["promise"] and row["dimension"] == "interval"]
    assert above == pytest.approx([max(row["above"], 0) for row in mine])


def test_late_calls_of_many_days_are_added_up_by_the_clock() -> None:
    report = made.report()
    mine = [row for row in report.contributions if row["promise"]]
    other = [row | {"value": row["value"].replace("-20T", "-21T")} for row in mine if row["dimension"] == "interval"]
    both = replace(report, contributions=(*mine, *other))
    drawn = Counter[str]()
    for bar in data(both, "contributions", "intervals"):
        drawn[bar["at"]] += bar["calls"]
    late = {row["value"][11:16]: row["late"] for row in mine if row["dimension"] == "interval"}
    assert drawn == pytest.approx({clock: 2 * number for clock, number in late.items()})
    [picture] = charts.named(both, "contributions")
    assert picture.table[1].cells[0] == "08:00"
    assert "10,448 calls were late." in picture.says
    axis = picture.spec["vconcat"][0]["encoding"]["x"]["scale"]["domain"]
    assert "12:00" in axis  # nobody called then: a gap
    assert "12:00" not in late


def test_names_that_read_alike_are_two_bars_and_two_curves() -> None:
    alike = ("x" * 300, "x" * 299)
    report = made.report((*alike, "a", "b", "c", "d", "e", None))
    names = [bar["at"] for bar in data(report, "contributions", "totals")]
    assert names[:2] == ["x" * 79 + "…"] * 2
    both = replace(made.of_cases(), curves=tuple(made.curves(*alike)))
    assert [len({mark["part"] for mark in data(both, "curves", "curves")})] == [2]


@pytest.mark.parametrize("report", [report_fixture.nothing(), cases.alone()], ids=["nothing", "cases alone"])
def test_nothing_to_draw_is_no_picture(report: Report) -> None:
    assert charts.pictures(report) == []


def test_no_late_call_has_no_contributions() -> None:
    report = made.report()
    kept = tuple(row | {"late": 0} for row in report.contributions)
    assert charts.named(replace(report, contributions=kept), "contributions") == []


def test_unknown_waits_are_no_level() -> None:
    report = made.report()
    unknown = tuple(row | {"service_level": None} for row in report.intervals)
    assert charts.named(replace(report, intervals=unknown), "half_hours") == []


def test_no_chart_of_another_name() -> None:
    with pytest.raises(UsageError, match="no chart is called 'heat'"):
        charts.named(made.report(), "heat")
