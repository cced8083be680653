"""What was read: where every row went, whether too many were refused, whether a condition can be met."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from cc_metrics.errors import DataError, UsageError, nearest
from cc_metrics.measures import told
from cc_metrics.model import zones
from cc_metrics.model.promise import ServiceTerms
from cc_metrics.model.recorded import closing_bin
from cc_metrics.model.report import Accounting
from cc_metrics.reporting.request import Request
from cc_metrics.store import duplicates
from cc_metrics.store.opened import Opened
from cc_metrics.store.personal import is_personal

if TYPE_CHECKING:
    from cc_metrics.store.opened_cases import OpenedCases


def source(names: Sequence[str]) -> str:
    """The one file of a reading by its name, several by their number."""
    return names[0] if len(names) == 1 else f"{len(names)} files"


def check_rejected(opened: "Opened | OpenedCases", most: float) -> None:
    """Stop when more rows were rejected than are allowed.

    Raises:
        DataError: more than *most* of the rows read.
    """
    account = opened.account
    rejected = sum(account.rejected.values())
    if account.read and rejected > most * account.read:
        worst = sorted(account.rejected, key=lambda reason: -account.rejected[reason])[:3]
        raise DataError(
            f"{rejected:,} of {account.read:,} rows were rejected ({100 * rejected / account.read:.1f} %, at most "
            f"{100 * most:g} % are allowed): {', '.join(f'{account.rejected[r]:,} {r}' for r in worst)}",
            where=source(opened.names),
            hint=dict(opened.cautions).get(
                duplicates.ANEW,
                "see them with --rejected FILE; a wrong --mapping is the usual cause; --max-rejected allows more",
            ),
        )


def _hint(name: str, value: str, known: "Sequence[str]", holders: "Sequence[Opened | OpenedCases]") -> str:
    """The nearest recorded value; of customers and agents only how many there are: another one is nobody's business."""
    if any(is_personal(name, one.readings) for one in holders):
        return f"it is not among the {len(known):,} recorded"
    return nearest(value, known[:50]) or "none is recorded"


def accounting(opened: "Opened | OpenedCases") -> Accounting:
    """Where every row went, with the first and last moment of the data."""
    account = opened.account
    first, last = opened.engine.rows(f"SELECT min(first_ms), max(last_ms) FROM {opened.table}")[0]
    edges = [None if m is None else zones.iso(m, opened.offsets, written=opened.written) for m in (first, last)]
    counts = (account.read, account.accepted, account.ignored, account.rejected)
    return Accounting(opened.names, *counts, first=edges[0], last=edges[1], cases=account.cases, calls=account.calls)


def check_told(opened: Opened, request: Request, terms: ServiceTerms) -> None:
    """Refuse a threshold that was asked for and that the input did not count.

    Raises:
        UsageError: the input counts other thresholds.
    """
    recorded = opened.recorded
    if recorded is None or request.within_ms is None:
        return
    if closing_bin(terms.within_ms, terms.edge) not in recorded.answered:
        raise UsageError(
            told.threshold(terms, recorded),
            where="--within",
            hint="ask for a threshold that was counted, or give the calls themselves",
        )


def check_where(
    given: "Sequence[Opened | OpenedCases]", where: Mapping[str, Sequence[str]], option: str = "--where"
) -> None:
    """Refuse a value that nothing given has.

    Raises:
        UsageError: a value that no row has, or a dimension that a summary lacks.
    """
    what = "call" if all(isinstance(one, Opened) for one in given) else "call or case"
    for name, values in where.items():
        holders = [one for one in given if name in one.dimensions] or given[:1]
        known = [value for one in holders for value in one.known_values(name)]
        for value in values:
            if value not in known:
                raise UsageError(
                    f"no {what} has {name} {value!r}",
                    where=option,
                    hint=_hint(name, value, known, holders),
                )
