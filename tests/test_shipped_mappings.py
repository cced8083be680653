"""A format is a mapping, a sample and a line of the README: a shipped one has all three, and its sample tells it."""

from pathlib import Path

import pytest

from cc_metrics.store import mapping_file, recognise

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "tests" / "samples"
REAL = ("anonymous-bank", "cfpb")  # held against real files by tests of their own


@pytest.mark.parametrize("name", mapping_file.names())
def test_it_has_a_line_among_the_formats(name):
    formats = (ROOT / "README.md").read_text("utf-8").split("## Formats")[1].split("\n## ")[0]
    assert any(f"`{name}`" in line for line in formats.splitlines() if line.startswith("|"))


@pytest.mark.parametrize("name", sorted({*mapping_file.names()} - {*REAL}))
def test_it_has_a_sample_that_tells_it(name):
    files = sorted((SAMPLES / name).iterdir())
    assert files
    assert {recognise.format_of(path).name for path in files} == {name}


def test_every_sample_is_of_a_shipped_mapping():
    assert {folder.name for folder in SAMPLES.iterdir()} == {*mapping_file.names()} - {*REAL}
