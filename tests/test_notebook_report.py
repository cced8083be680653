"""A report in a notebook: what it shows of itself, its charts, and the sample notebook from top to bottom."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

import cc_metrics as cc
import page_fixture as made
from cc_metrics.errors import UsageError
from cc_metrics.model import chart_columns
from cc_metrics.shown import ShownReport
from page_parser import Page

ROOT = Path(__file__).parent.parent
NOTEBOOK = ROOT / "sample_data" / "notebook.ipynb"


def test_a_report_shows_its_scoreboard_and_its_pictures() -> None:
    shown = ShownReport(made.report(), None)
    bundle = shown._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    assert bundle["text/plain"] == repr(shown)
    page = Page(bundle["text/html"])
    assert len(page.of("svg")) == len(shown.charts) == 6
    assert "MISSED" in page.seen
    assert not [tag for tag, _ in page.elements if tag == "script"]


def test_a_report_without_pictures_shows_its_scoreboard_alone() -> None:
    from report_fixture import nothing

    shown = ShownReport(nothing(), None)
    assert shown.charts == {}
    assert Page(shown._repr_html_()).of("svg") == []


def test_a_chart_is_a_specification_with_its_data_and_an_image_for_those_who_cannot_read_it() -> None:
    charts = ShownReport(made.report(), None).charts
    assert list(charts) == ["half_hours", "contributions", "contributions-1", "waits", "heatmap", "days"]
    bundle: dict[str, Any] = charts["waits"]._repr_mimebundle_(include=None, exclude=None)
    assert set(bundle) == {"application/vnd.vegalite.v5+json", "image/svg+xml", "text/plain"}
    spec = bundle["application/vnd.vegalite.v5+json"]
    assert spec == json.loads(json.dumps(spec)) == charts["waits"].spec
    assert spec["$schema"].endswith("/vega-lite/v5.json")
    assert sum(bar["calls"] for bar in spec["datasets"]["bars"]) == sum(row["calls"] for row in made.waits())
    assert bundle["image/svg+xml"].startswith("<svg")
    assert bundle["text/plain"].startswith("How long callers waited. ")


def test_every_table_behind_a_picture_is_a_data_frame_by_its_name_in_json() -> None:
    shown = ShownReport(made.report(), None)
    for name, table in chart_columns.TABLES.items():
        rows, found = getattr(shown.report, name), shown.table(name)
        assert len(found) == len(rows)
        assert {column.name for column in table} <= set(found.columns)
    days = shown.table("days")
    assert str(days["baseline"].dtype) == "boolean"
    assert days["service_level"].tolist() == [row["service_level"] for row in shown.report.days]
    with pytest.raises(UsageError, match="no table is called 'wait'"):
        shown.table("wait")


def test_a_report_of_calls_is_saved_as_a_page(tmp_path: Path) -> None:
    calls = cc.read_calls(ROOT / "sample_data" / "hotline")
    report = cc.report(calls, policy=ROOT / "sample_data" / "policy.toml", date="2013-08-20")
    report.save(tmp_path / "report.html")
    page = Page((tmp_path / "report.html").read_text("utf-8"))
    assert "VIP calls: 90.5 % in 20 s, promised 90 %: kept." in page.seen
    assert "294 of 325, 1 to spare" in page.seen
    assert len(page.of("svg")) == len(report.charts)


@pytest.mark.filterwarnings("ignore")  # those of the kernel's own machinery
def test_the_sample_notebook_runs_from_top_to_bottom(monkeypatch: pytest.MonkeyPatch) -> None:
    nbclient = pytest.importorskip("nbclient", reason="needs nbclient")
    nbformat = pytest.importorskip("nbformat", reason="needs nbformat")
    pytest.importorskip("ipykernel", reason="needs ipykernel")
    monkeypatch.setenv("PYTHONPATH", f"{ROOT / 'analytics'}{os.pathsep}{ROOT / 'cli'}")
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    assert all(cell.get("outputs", []) == [] for cell in notebook.cells)
    client = nbclient.NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(ROOT)}})
    client.km = client.create_kernel_manager()
    client.km.kernel_spec.argv[0] = sys.executable
    client.execute()
    outputs = {cell["id"]: cell["outputs"] for cell in notebook.cells if cell["cell_type"] == "code"}
    assert "KEPT" in outputs["report"][0]["data"]["text/html"]
    assert "application/vnd.vegalite.v5+json" in outputs["chart"][0]["data"]
