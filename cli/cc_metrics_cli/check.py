"""cc-metrics check: whether exports can be read, what their columns mean, and where every row went."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from cc_metrics_cli import inputs, options, say, targets

if TYPE_CHECKING:
    from cc_metrics.store.mapping import Field, Length, Moment
    from cc_metrics.store.mapping import Mapping as ColumnMapping
    from cc_metrics.store.opened import Opened

EXAMPLE: Final = "Example: cc-metrics check january.txt --mapping anonymous-bank --rejected rejected.csv"
_LISTED: Final = 5


def check(
    calls: options.Calls,
    mapping: options.MappingName = None,
    rejected: options.Rejected = None,
    tz: options.Zone = None,
    max_rejected: options.MaxRejected = "1%",
    memory: options.Memory = "3GB",
    spill: options.Spill = None,
    _debug: options.Debug = False,
) -> None:
    """Show how exports are read: files, columns, and where every row went."""
    from cc_metrics import reporting
    from cc_metrics.model.promise import Policy

    most = options.share(max_rejected, "--max-rejected")
    wanted = targets.Targets(rejected=rejected)
    wanted.check()
    reading = inputs.reading(mapping, tz, Policy("check"), (), memory, spill, lines=rejected is not None)
    with inputs.sources(calls, spill) as paths:
        wanted.check_against(paths)
        with say.progress(paths), inputs.opened(paths, reading) as opened:
            rows = [*_accounting(opened), *_columns(opened, reading.mapping), *_cautions(opened)]
            wanted.write_rejected(opened)
            say.pairs(rows)
            reporting.check_rejected(opened, most)


def _accounting(opened: "Opened") -> list[tuple[str, str]]:
    from cc_metrics import reporting
    from cc_metrics.render import words

    found = reporting.accounting(opened)
    files = ", ".join(found.files[:_LISTED]) + (" ..." if len(found.files) > _LISTED else "")
    zone = opened.zone or "times as written, no zone named"
    return [
        ("files", f"{len(found.files):,}: {files}"),
        ("read", f"{found.read:,} rows"),
        ("accepted", f"{found.accepted:,}"),
        ("ignored", _reasons(found.ignored)),
        ("rejected", _reasons(found.rejected)),
        ("period", f"{words.moment(found.first)} to {words.moment(found.last)} ({zone})"),
        ("waits", "recorded" if opened.account.waits else "not recorded: no service level can be had"),
    ]


def _reasons(counts: Mapping[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    reasons = ", ".join(f"{rows:,} {reason}" for reason, rows in ordered)
    return f"{sum(counts.values()):,}" + (f" ({reasons})" if reasons else "")


def _columns(opened: "Opened", mapping: "ColumnMapping | None") -> list[tuple[str, str]]:
    """The source's columns by what becomes of them; empty for summaries."""
    if opened.calls is None:
        return [("columns", "a summary: its calls were read before")]
    found = list(dict.fromkeys(name for names in opened.calls[0].columns for name in names))
    meant = _meant(mapping, tuple(found))
    used = [
        f"{name} -> {' + '.join(meant[name])}" if meant[name] != [name] else name for name in found if name in meant
    ]
    left = [name for name in found if name not in meant]
    return [("used", "; ".join(used)), ("left over", "; ".join(left) or "none")]


def _meant(mapping: "ColumnMapping | None", names: tuple[str, ...]) -> dict[str, list[str]]:
    """Source columns -> the canonical ones (or rules) that are made from them."""
    from cc_metrics.model.calls import DIMENSIONS
    from cc_metrics.store.mapping import canonical

    found: dict[str, list[str]] = {}
    rules = mapping or canonical(names)
    for target, entry in rules.calls.items():
        for source in _sources(entry):
            found.setdefault(source, []).append(target)
    for rule in rules.ignore:
        for source in rule.when:
            found.setdefault(source, []).append(f"ignored as {rule.name}")
    for name in DIMENSIONS:
        if name in names and name not in found and name not in rules.calls:
            found[name] = [name]
    return {source: list(dict.fromkeys(meanings)) for source, meanings in found.items()}


def _sources(entry: "Field | Moment | Length") -> list[str]:
    """The source columns of one entry of a mapping."""
    from cc_metrics.store.mapping import Field, Length

    if isinstance(entry, Field):
        return list(entry.columns)
    if isinstance(entry, Length):
        edges = [source for edge in (entry.since, entry.until) if edge for source in _sources(edge)]
        return [entry.column] if entry.column else edges
    return [*([entry.date] if entry.date else []), *entry.columns, *([entry.since] if entry.since else [])]


def _cautions(opened: "Opened") -> list[tuple[str, str]]:
    return [("warning", f"[{code}] {text}") for code, text in opened.cautions]
