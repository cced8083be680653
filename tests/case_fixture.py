"""Promises on cases judged from CSV files in a folder of their own."""

from contextlib import closing
from pathlib import Path

from cc_metrics import policy, render, reporting
from cc_metrics.model.report import Judged
from cc_metrics.reporting import Request, Span
from cc_metrics.store import kinds
from cc_metrics.store.given import open_given
from cc_metrics.store.open import Reading


def judge(folder: Path, promise: str, zone: str = "UTC", span: Span | None = None, where=None, **files: str) -> Judged:
    """Judge one promise (its lines of TOML) by files (name to text), in UTC unless told."""
    rules = folder / "p.toml"
    rules.write_text(f'name = "p"\ntimezone = "{zone}"\n[[promise]]\nname = "it"\n{promise}\n', "utf-8")
    paths = [folder / f"{name}.csv" for name in files]
    for path, text in zip(paths, files.values(), strict=True):
        path.write_text(text, "utf-8")
    loaded = policy.load(str(rules))
    request = Request(span=span or Span(), where=where or {})
    reading = Reading(None, None, loaded, reporting.dimensions(request, loaded))
    with closing(open_given(kinds.sort(paths), reading)) as given:
        report = reporting.build(given.calls, loaded, request, given.beside)
    assert '"schema"' in render.text(report, "json")
    return report.promises[0]


def figures(found: Judged) -> tuple[object, ...]:
    """Verdict, kept, settled, pending, margin."""
    return tuple(found.row[name] for name in ("verdict", "kept", "settled", "pending", "margin"))


def table(columns: str, *rows: str) -> str:
    """A CSV file's text."""
    return "\n".join((columns, *rows)) + "\n"
