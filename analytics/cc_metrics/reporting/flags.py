"""First-call resolution in the source's own word."""

from collections.abc import Sequence

from cc_metrics.measures.shares import outcome, share, total
from cc_metrics.model import columns
from cc_metrics.model.report import Row
from cc_metrics.reporting.tables import Scope


def flag_rows(scope: Scope, by: Sequence[str], every: str) -> tuple[Row, ...]:
    """First-call resolution in the source's own word: among answered calls where it is recorded."""
    names, opened = scope.dimensions(by), scope.opened
    needs = {
        "answered": outcome("answered"),
        "eligible": total("resolved_n", "outcome = 'answered'"),
        "resolved": total("resolved", "outcome = 'answered'"),
    }
    if not opened.engine.value(f"SELECT coalesce(sum(resolved_n), 0) > 0 FROM {opened.table}"):
        return ()
    rows, starts = opened.roll_up(needs, names, every, scope.period, scope.conditions), scope.starts(every)
    if not any(r["eligible"] for r in rows):
        return ()
    return tuple(
        {
            "start": starts(r["bucket"]),
            **{name: r[f"d{i}"] for i, name in enumerate(names)},
            **dict.fromkeys((c.name for c in columns.FIRST_CALL_RESOLUTION[1:]), None),
            "basis": "flag",
            "unit": "call",
            **{name: r[name] for name in needs},
            "value": share(r["resolved"], r["eligible"]),
        }
        for r in rows
    )
