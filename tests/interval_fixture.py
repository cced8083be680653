"""Rows that somebody else has counted, written with a mapping of their own and reported on."""

from dataclasses import dataclass
from pathlib import Path

import cc_metrics as cc
from cc_metrics.store import mapping_file

HOURLY = """
name = "switch"
timezone = "Europe/Berlin"

[intervals]
start = { column = "hour", format = "%d.%m.%Y %H:%M" }
length = "1h"

[[intervals.groups]]
queue = { always = "sales" }
offered = "s_all"
abandoned = "s_lost"
redirected = "s_out"
buckets = { 10s = "s_10", 20s = "s_20", 60s = "s_60", over = "s_more" }

[[intervals.groups]]
queue = { always = "service" }
answered = "t_ok"
abandoned = "t_lost"
redirected = { always = 0 }
answered_within = { 20s = "t_20" }
"""

HEAD = "hour,s_all,s_lost,s_out,s_10,s_20,s_60,s_more,t_ok,t_lost,t_20"


@dataclass(frozen=True)
class Source:
    """A folder with one file of rows and its mapping."""

    folder: Path

    def write(self, mapping, text, name="rows.csv"):
        """The path of a file, with the mapping beside it."""
        (self.folder / "own.toml").write_text(mapping, "utf-8")
        path = self.folder / name
        path.write_text(text, "utf-8")
        return path

    def calls(self, mapping, text, **options):
        """What a notebook reads of such rows."""
        path = self.write(mapping, text)
        return cc.read_calls(str(path), mapping=str(self.folder / "own.toml"), **options)

    def report(self, mapping, text, max_rejected=0.01, tz=None, **options):
        """The report on such rows."""
        return cc.report(self.calls(mapping, text, max_rejected=max_rejected, tz=tz), **options).report


def parsed(text):
    """A mapping from its TOML."""
    return mapping_file.parse(text, "own.toml")


def codes(report):
    """The codes of a report's warnings, in order."""
    return [caution.code for caution in report.warnings]


def text_of(report, code):
    """The texts of the warnings of one code."""
    return " ".join(caution.text for caution in report.warnings if caution.code == code)
