"""A report of one policy on real CSV files, told apart by their headers."""

from cc_metrics import policy, reporting
from cc_metrics_cli import inputs

CALLS = "call_id,offered_at,outcome,wait_ms"
CASES = "case_id,opened_at,resolved_at,kind,asked_first,satisfied_first,asked_final,satisfied_final"
SURVEY = "asked_at,channel,segment,satisfied,score"


def reported(tmp_path, promises, *tables, above="", span=None, by=()):
    """The report on tables of (header, rows) by a policy with these [[promise]] lines; Europe/Berlin unless named."""
    named = "\n".join(f'[[promise]]\nname = "p{n}"\n{text}' for n, text in enumerate(promises, 1))
    zone = "" if "timezone" in above else 'timezone = "Europe/Berlin"\n'
    (tmp_path / "p.toml").write_text(f'name = "p"\n{zone}{above}\n{named}\n', "utf-8")
    rules, paths = policy.load(str(tmp_path / "p.toml")), []
    for number, (header, rows) in enumerate(tables):
        paths.append(tmp_path / f"table{number}.csv")
        lines = (row if isinstance(row, str) else ",".join("" if v is None else str(v) for v in row) for row in rows)
        paths[-1].write_text("\n".join((header, *lines)) + "\n", "utf-8")
    request = reporting.Request(by=by, span=span or reporting.Span())
    reading = inputs.reading(None, None, rules, reporting.dimensions(request, rules), "1GB", None, lines=False)
    with inputs.opened(paths, (), reading) as given:
        report = reporting.build(given.calls, rules, request, given.beside)
    assert not any(found.rejected for found in (report.accounting, *report.beside.values()))
    return report


def judged(tmp_path, promise, *tables, **options):
    """The one promise of a report, judged."""
    [found] = reported(tmp_path, [promise], *tables, **options).promises
    return found


def figures(found):
    row = found.row
    return row["verdict"], row["kept"], row["settled"]
