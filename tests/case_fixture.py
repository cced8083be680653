"""Cases written into files and judged by a policy written for the test."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from cc_metrics import policy, render, reporting
from cc_metrics.model.report import Judged, Report
from cc_metrics.reporting import Request, Span
from cc_metrics.store import kinds
from cc_metrics.store.given import open_given
from cc_metrics.store.open import Reading

DAY = 'measure = "turnaround"\nwithin = "24 hours"\ntarget = "90 %"'
END = {"case_id": "end", "opened_at": "2013-08-20T23:59:00", "resolved_at": "2013-08-20T23:59:00", "kind": "last"}


def write(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    """Rows as CSV, a column for every key that any of them has."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [",".join(names), *(",".join(str(row.get(name, "")) for name in names) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def written(folder: Path, *promises: str, above: str = "", zone: str = "Asia/Shanghai") -> Path:
    """A policy with promises called a, b, c ..., each the lines of one."""
    head = f'name = "test"\ntimezone = "{zone}"\n{above}\n'
    body = [f'[[promise]]\nname = "{name}"\n{lines}\n' for name, lines in zip("abcdefgh", promises, strict=False)]
    path = folder / "policy.toml"
    path.write_text(head + "\n".join(body), encoding="utf-8")
    return path


def reported(paths: Sequence[Path], rules: Path, by: Sequence[str] = (), every: str = "all", **span: str) -> Report:
    """The report on files, whatever tables they hold."""
    loaded = policy.load(str(rules))
    request = Request(by=tuple(by), every=every, span=Span(**span))
    reading = Reading(policy=loaded, dimensions=tuple(by))
    with closing(open_given(kinds.sort(list(paths)), reading)) as given:
        return reporting.build(given.calls, loaded, request, given.beside)


def judged(
    folder: Path,
    rows: Sequence[Mapping[str, Any]],
    *promises: str,
    above: str = "",
    zone: str = "Asia/Shanghai",
    **span: str,
) -> list[Judged]:
    """The promises of a policy, judged by cases given as rows."""
    rules = written(folder, *promises, above=above, zone=zone)
    return list(reported([write(folder / "cases.csv", rows)], rules, **span).promises)


def counts(found: Judged) -> tuple[int, int, int]:
    """Kept, settled and pending."""
    return found.row["kept"], found.row["settled"], found.row["pending"]


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


def case(number, opened, resolved="", **fields):
    """A repair as a row."""
    return {"case_id": f"c{number}", "opened_at": opened, "resolved_at": resolved, "kind": "repair", **fields}


def one(folder, promise, *rows, **options):
    """The judgement of repairs; END lets the data reach to the end of 20 August."""
    [found] = judged(folder, [*rows, END], f'{promise}\nwhere = {{ kind = "repair" }}', **options)
    return found
