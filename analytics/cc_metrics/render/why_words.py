"""Why a promise was missed, in words: when, where and with what its late calls came, each list adding up by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import floor
from typing import Final

from cc_metrics.language import translated
from cc_metrics.model.durations import short
from cc_metrics.model.report import Judged, Report, Row
from cc_metrics.render import naming, verdicts, words

_STEP: Final = timedelta(minutes=30)
_SHOWN: Final = 3  # places that a list names


@dataclass(frozen=True, slots=True)
class Run:
    """Half-hours that follow each other and hold most of what is above, with the late calls in them."""

    start: str
    end: str
    late: int


def sentence(report: Report, judged: Judged) -> str:
    """A verdict in one sentence: "VIP calls: 91.4 % in 20 s, promised 90 %: kept."."""
    verdict, name = judged.row["verdict"], _named(report, judged)
    if verdict in ("no_data", "not_judged"):
        return _unjudged(verdict, name, words.plain(judged.note))
    figure = _figure(judged)
    if _short_by(judged):
        return _short(report, judged, name, figure)
    target = verdicts.target(judged.promise)
    worded = {
        "kept": translated("{name}: {figure}, {target}: kept.", name=name, figure=figure, target=target),
        "missed": translated("{name}: {figure}, {target}: missed.", name=name, figure=figure, target=target),
        "undecided": translated("{name}: {figure}, {target}: undecided.", name=name, figure=figure, target=target),
    }
    return worded.get(verdict) or translated("{name}: {figure}, {target}.", name=name, figure=figure, target=target)


def _unjudged(verdict: str, name: str, note: str) -> str:
    if verdict == "not_judged":
        return translated("{name}: not judged: {note}.", name=name, note=note)
    if note:
        return translated("{name}: no data: {note}.", name=name, note=note)
    return translated("{name}: no data.", name=name)


def _short(report: Report, judged: Judged, name: str, figure: str) -> str:
    """A missed service level: by how many calls, and when most of them came where that is known."""
    run, goal, items = _run(_rows(report, judged, "interval")), _goal(judged), words.count(_short_by(judged))
    if run is None:
        return translated(
            "{name}: {figure}, {items} short of {goal}.", name=name, figure=figure, items=items, goal=goal
        )
    return translated(
        "{name}: {items} short of {goal}, most of them between {start} and {end}.",
        name=name,
        items=items,
        goal=goal,
        start=run.start,
        end=run.end,
    )


def _goal(judged: Judged) -> str:
    return words.percent(judged.promise.target, words.target_decimals(judged.promise.target))


def why(report: Report) -> list[str]:
    """The ranked account of each missed promise: when its late calls came, what they go with, where they lie."""
    return [said for judged in missed(report) for said in account(report, judged)]


def missed(report: Report) -> list[Judged]:
    """The promises on service level that were missed, the one short by most calls first."""
    return sorted((judged for judged in report.promises if _short_by(judged)), key=lambda judged: -_short_by(judged))


def account(report: Report, judged: Judged) -> list[str]:
    """The same of one promise; empty where nothing is known of its late calls."""
    total = _short_by(judged)
    places = [_place(report, judged, dimension, total) for dimension in ("queue", "tier", "reason")]
    said = [_when(report, judged, total), *_causes(report, judged, total), *places]
    return [line for line in said if line]


def whole_numbers(values: Sequence[float], total: int) -> list[int]:
    """Whole numbers that add up to a total near the sum of the values, rounded up where the remainders are largest.

    >>> whole_numbers([1.5, 1.5, -0.2], 3), whole_numbers([0.4, 0.4], 1)
    ([2, 1, 0], [1, 0])
    """
    whole = [floor(value) for value in values]
    left = total - sum(whole)
    ranked = sorted(range(len(values)), key=lambda i: whole[i] - values[i])
    return [number + (place in ranked[:left]) for place, number in enumerate(whole)]


def _named(report: Report, judged: Judged) -> str:
    if judged.promise.measure == "service_level":
        return naming.calls(judged.promise)
    names = naming.names(report.promises)
    named = zip(names, report.promises, strict=True)
    return next((name for name, one in named if one == judged), naming.short_name(judged.promise))


def _figure(judged: Judged) -> str:
    value, _ = verdicts.figure(judged)
    promise = judged.promise
    if promise.measure != "service_level":
        return value
    within = short(promise.service.within_ms)
    if promise.service.edge == "<":
        return translated("{value} in less than {within}", value=value, within=within)
    return translated("{value} in {within}", value=value, within=within)


def _short_by(judged: Judged) -> int:
    """How many calls a missed promise on service level is short; 0 for any other."""
    row = judged.row
    missed = row["verdict"] == "missed" and judged.promise.measure == "service_level"
    return -(row.get("margin") or 0) if missed else 0


def _rows(report: Report, judged: Judged, dimension: str) -> list[Row]:
    name = judged.row["name"]
    return [row for row in report.contributions if (row["promise"], row["dimension"]) == (name, dimension)]


def _when(report: Report, judged: Judged, total: int) -> str:
    rows = _rows(report, judged, "interval")
    run = _run(rows)
    if run is None:
        return ""
    return translated(
        "{name}, {items} short of {goal}: {late} of {all} late between {start} and {end}",
        name=naming.calls(judged.promise),
        items=words.count(total),
        goal=_goal(judged),
        late=words.count(run.late),
        all=words.count(sum(row["late"] for row in rows)),
        start=run.start,
        end=run.end,
    )


def _run(rows: Sequence[Row]) -> Run | None:
    """The shortest stretch that holds half or more of what is above; of several days by the clock, taken together."""
    starts = [datetime.fromisoformat(row["value"]) for row in rows]
    pooled: dict[datetime, list[float]] = {}
    several = len({start.date() for start in starts}) > 1
    for start, row in zip(starts, rows, strict=True):
        clock = datetime(2000, 1, 1, start.hour, start.minute) if several else start  # noqa: DTZ001
        sums = pooled.setdefault(clock, [0, 0])
        sums[0] += row["above"] or 0
        sums[1] += row["late"]
    above = [(clock, max(0.0, pooled[clock][0])) for clock in sorted(pooled)]
    found = _shortest(above)
    if found is None:
        return None
    first, last = found
    late = sum(number for clock, (_, number) in pooled.items() if first <= clock <= last)
    end = f"{last + _STEP:%H:%M}"
    return Run(f"{first:%H:%M}", "24:00" if end == "00:00" else end, int(late))


def _shortest(above: Sequence[tuple[datetime, float]]) -> tuple[datetime, datetime] | None:
    """First and last of the shortest stretch with at least half of the sum; of equally short ones the fullest."""
    half = sum(value for _, value in above) / 2
    if not half:
        return None
    best: tuple[timedelta, float, int, int] | None = None
    held, first = 0.0, 0
    for last, (clock, value) in enumerate(above):
        held += value
        while held - above[first][1] >= half:
            held -= above[first][1]
            first += 1
        if held >= half:
            found = (clock - above[first][0], -held, first, last)
            best = min(best, found) if best else found
    return (above[best[2]][0], above[best[3]][0]) if best else None


def _place(report: Report, judged: Judged, dimension: str, total: int) -> str:
    """The values with most late calls above their share, all others together, and what is not recorded.

    "" where there is but one value, or none of those named has more than its share.
    """
    rows = _rows(report, judged, dimension)
    known = [row for row in rows if row["value"] is not None]
    shown = [row for row in known if (row["above"] or 0) > 0][:_SHOWN]
    others, unrecorded = known[len(shown) :], [row for row in rows if row["value"] is None]
    if len(rows) < 2 or not (shown or any((row["above"] or 0) > 0 for row in unrecorded)):
        return ""
    groups = [*([row] for row in shown), *([others] if others else []), *([row] for row in unrecorded)]
    numbers = whole_numbers([sum(row["above"] for row in group) for group in groups], total)
    items = [_group(group, others, words.count(number)) for group, number in zip(groups, numbers, strict=True)]
    return _placed(dimension, translated(", ").join(items))


def _group(group: Sequence[Row], others: Sequence[Row], items: str) -> str:
    if group is others:
        return translated("all others {items}", items=items)
    return f"{words.recorded(group[0]['value'])} {items}"


def _placed(dimension: str, items: str) -> str:
    if dimension == "queue":
        return translated("late above their share by queue: {items}", items=items)
    if dimension == "tier":
        return translated("late above their share by tier: {items}", items=items)
    return translated("late above their share by reason: {items}", items=items)


def _causes(report: Report, judged: Judged, total: int) -> list[str]:
    """What they go with: a line against the forecast, one against the usual; all numbers together add up."""
    rows = [row for row in report.causes if row["promise"] == judged.row["name"]]
    if len(rows) < 2:  # nothing but "other"
        return []
    numbers = whole_numbers([row["late"] for row in rows], total)
    lines: dict[str | None, list[str]] = {}
    last = rows[-2]["against"]
    for row, number in zip(rows, numbers, strict=True):
        lines.setdefault(row["against"] or last, []).append(_cause(row, words.count(number)))
    return [_against(against, translated(", ").join(items)) for against, items in lines.items()]


def _against(against: str | None, items: str) -> str:
    if against == "forecast":
        return translated("late calls by what exceeded the forecast in the half-hours concerned: {items}", items=items)
    return translated(
        "late calls by what exceeded the usual of this weekday in the half-hours concerned: {items}", items=items
    )


def _cause(row: Mapping[str, object], items: str) -> str:
    change, agents = row["change"], row["agents"]
    grown = f"+ {words.percent(change, 0)}" if isinstance(change, float) else ""
    if row["cause"] == "volume":
        return (
            translated("volume {change} ({items})", change=grown, items=items)
            if grown
            else translated("volume where none was expected ({items})", items=items)
        )
    if row["cause"] == "handle_time":
        return translated("handle time {change} ({items})", change=grown, items=items)
    if row["cause"] == "staff":
        return translated("{agents} agents short ({items})", agents=f"{agents:.1f}", items=items)
    return translated("other ({items})", items=items)
