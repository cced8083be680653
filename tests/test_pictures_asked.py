"""Pictures cost what they cost only where an output draws them; JSON carries every table they are drawn from."""

import json

import pytest

from cc_metrics import reporting
from cc_metrics.model import chart_columns
from cc_metrics_cli import targets
from cli_fixture import CALLS, run

TABLES = ("waits", "heatmap", "days")


@pytest.fixture(name="calls")
def _calls(tmp_path):
    path = tmp_path / "calls.csv"
    path.write_text(CALLS, "utf-8")
    return path


@pytest.mark.parametrize(
    ("ending", "drawn"),
    [("json", True), ("JSON", True), ("html", True), ("eml", True), ("csv", False), ("md", False), ("parquet", False)],
)
def test_the_ending_decides(tmp_path, ending, drawn):
    assert targets.Targets((tmp_path / f"report.{ending}",)).drawn is drawn
    assert targets.Targets((tmp_path / "report.csv", tmp_path / f"report.{ending}")).drawn is drawn


@pytest.mark.parametrize("show", ["table", "csv", "markdown", "json"])
def test_shown_as_json_only(calls, show, monkeypatch):
    built, build = [], reporting.build
    monkeypatch.setattr(reporting, "build", lambda *given: built.append(build(*given)) or built[-1])
    assert run("report", calls, "--show", show).code == 0
    assert [bool(getattr(built[0], name)) for name in TABLES] == [show == "json"] * 3
    assert run("report", calls, "--show", show, "--output", calls.with_name("r.json")).code == 0
    assert all(getattr(built[1], name) for name in TABLES)


def test_json_has_every_column(calls):
    """The eighth call is of the next day: a row of days, but of no wait of the 20th."""
    found = json.loads(run("report", calls, "--date", "2013-08-20", "--show", "json").out)
    for name in TABLES:
        assert list(found[name][0]) == [column.name for column in chart_columns.TABLES[name]]
    assert sum(row["calls"] for row in found["waits"]) == sum(row["offered"] for row in found["heatmap"]) == 7
    assert [(row["start"], row["offered"], row["in_time"], row["denominator"]) for row in found["days"]] == [
        ("2013-08-20", 7, 3, 7)
    ]
    assert [(row["weekday"], row["clock"], row["offered"], row["in_time"]) for row in found["heatmap"]] == [
        ("Tuesday", "09:00", 3, 2),
        ("Tuesday", "09:30", 1, 0),
        ("Tuesday", "10:00", 2, 0),
        ("Tuesday", "23:00", 1, 1),
    ]
