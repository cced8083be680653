"""cc-metrics check: whether exports can be read, what their columns mean, and where every row went."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final, cast

from cc_metrics.errors import first_of
from cc_metrics_cli import inputs, options, say, targets, understood

if TYPE_CHECKING:
    from cc_metrics.model.table import Table
    from cc_metrics.store.open import Reading
    from cc_metrics.store.opened import Opened
    from cc_metrics.store.opened_cases import OpenedCases

EXAMPLE: Final = (
    "Example: cc-metrics check january.txt --mapping anonymous-bank --rejected rejected.csv, "
    "or cc-metrics check --cases complaints.csv"
)
_LISTED: Final = 5
_ELSE_ZONE: Final = "UTC"  # no zone is needed to see how a file is read


def check(
    calls: options.SomeCalls = None,
    cases: options.Cases = None,
    mapping: options.MappingName = None,
    rejected: options.Rejected = None,
    pseudonymize: options.Pseudonymize = False,
    secret_file: options.SecretFile = None,
    tz: options.Zone = None,
    max_rejected: options.MaxRejected = "1%",
    memory: options.Memory = "3GB",
    spill: options.Spill = None,
    _debug: options.Debug = False,
) -> None:
    """Show how exports are read: format, columns, first rows, and where every row went."""
    from cc_metrics import reporting
    from cc_metrics.model.promise import Policy

    most = options.share(max_rejected, "--max-rejected")
    hidden = inputs.pseudonyms(pseudonymize, secret_file)
    wanted = targets.Targets(rejected=rejected)
    wanted.check()
    lines = rejected is not None
    reading = inputs.reading(mapping, tz, Policy("check"), (), memory, spill, lines=lines, pseudonyms=hidden)
    with inputs.sources(calls or (), spill) as paths, inputs.sources(cases or (), spill) as more:
        wanted.check_against([*paths, *more, *([secret_file] if secret_file else [])])
        told = inputs.told([*paths, *more], reading)
        reading = replace(reading, mapping=told.mapping, else_zone=_ELSE_ZONE)
        with say.progress([*paths, *more]), inputs.opened(paths, more, reading) as given:
            wanted.write_rejected(given)
            say.pairs(understood.format_rows(told, named=mapping))
            for one in given.all:
                say.pairs([*_accounting(one, reading), *understood.column_rows(one, told.mapping), *_cautions(one)])
                say.columns(understood.first_rows(one, told.mapping))
                reporting.check_rejected(one, most)


def _accounting(opened: "Opened | OpenedCases", reading: "Reading") -> list[tuple[str, str]]:
    from cc_metrics import reporting
    from cc_metrics.render import words

    found = reporting.accounting(opened)
    files = first_of(found.files, _LISTED)
    return [
        ("table", _table(opened).name),
        ("files", f"{len(found.files):,}: {files}"),
        ("read", f"{found.read:,} rows"),
        ("accepted", f"{found.accepted:,}"),
        ("ignored", _reasons(found.ignored)),
        ("rejected", _reasons(found.rejected)),
        *([] if found.cases is None else [("cases", f"{found.cases:,}, folded from the accepted rows")]),
        *([] if found.calls is None else [("calls", f"{found.calls:,}, folded from the accepted rows")]),
        ("period", f"{words.moment(found.first)} to {words.moment(found.last)} ({_zone(opened, reading)})"),
        *_waits(opened),
    ]


def _zone(opened: "Opened | OpenedCases", reading: "Reading") -> str:
    if opened.zone is None:
        return "times as written, no zone named"
    named = reading.zone or (reading.mapping and reading.mapping.timezone)
    return opened.zone if named or opened.zone != _ELSE_ZONE else "UTC; a report needs a zone: --tz"


def _table(opened: "Opened | OpenedCases") -> "Table":
    from cc_metrics.model.calls import CALLS
    from cc_metrics.store.opened_cases import OpenedCases

    if isinstance(opened, OpenedCases):
        return opened.kind
    return opened.counted[0].table if opened.counted else CALLS


def _waits(opened: "Opened | OpenedCases") -> list[tuple[str, str]]:
    from cc_metrics.model.recorded import Recorded, spoken_edges

    if isinstance(opened.recorded, Recorded):
        edges = opened.recorded.answered
        return [("thresholds", f"answers within {spoken_edges(edges)}" if edges else "none")]
    if _table(opened).name != "calls":
        return []
    if not opened.account.waits:
        return [("waits", "not recorded: no service level can be had")]
    lacking = cast("Opened", opened).unwaited
    return [("waits", f"recorded, but not of {' and '.join(lacking)} calls" if lacking else "recorded")]


def _reasons(counts: Mapping[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    reasons = ", ".join(f"{rows:,} {reason}" for reason, rows in ordered)
    return f"{sum(counts.values()):,}" + (f" ({reasons})" if reasons else "")


def _cautions(opened: "Opened | OpenedCases") -> list[tuple[str, str]]:
    from cc_metrics import reporting

    return [("warning", f"[{found.code}] {found.text}") for found in reporting.warnings(opened)]
