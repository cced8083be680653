"""Where the late calls lie: by half-hour, queue, tier and reason, each list adding up to the promise's late calls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final

from cc_metrics.measures import handling, usual
from cc_metrics.measures.shares import mean_seconds, share
from cc_metrics.model.durations import DAY, MINUTE
from cc_metrics.model.report import Row
from cc_metrics.model.zones import day_of, iso
from cc_metrics.reporting.past import Past, Subject, offered
from cc_metrics.reporting.tables import Scope
from cc_metrics.store.counting import count_sql

INTERVAL: Final = "interval"
_LISTS: Final = ("queue", "tier", "reason")
_HALF_HOUR: Final = 30 * MINUTE

Key = int | str | None
Known = tuple[int | None, float | None]
"""Calls offered and mean handle time of one group on one day."""


@dataclass(frozen=True, slots=True)
class Group:
    """One half-hour (UTC ms of its start) or value with its counts; *allowed* and *above* None without a target."""

    key: Key
    offered: int | None
    owed: int
    late: int
    handle_s: float | None
    allowed: Fraction | None
    usual: tuple[float | None, float | None] = (None, None)

    @property
    def above(self) -> Fraction | None:
        """Late calls above what the target leaves room for."""
        return None if self.allowed is None else self.late - self.allowed


@dataclass(frozen=True, slots=True)
class Places:
    """The lists of one subject: dimension -> groups, half-hours in order of time, the others ranked."""

    subject: Subject
    lists: Mapping[str, Sequence[Group]]


def places(past: Past, subject: Subject, reasons: Scope | None) -> Places:
    """Where the late calls of a subject lie in the period.

    *reasons* is a scope whose summary holds reasons, where the usual one does not. A list is left out where the
    data do not hold its dimension, or counts that somebody else made do not tell which of them were in time;
    half-hours also where their rows are longer.
    """
    scope = past.sources[0].scope
    names = [name for name in _LISTS if name in scope.opened.dimensions]
    lists = _lists(scope, subject, names if scope.opened.cuts("30m") else [INTERVAL, *names])
    if reasons is not None and "reason" not in lists:
        lists |= _lists(reasons, subject, ["reason"])
    known = {name: groups for name, groups in lists.items() if any(group.key is not None for group in groups)}
    usual_of = [name for name in known if name in (INTERVAL, *names)]
    return Places(subject, known | {name: _with_usual(past, subject, known[name], name) for name in usual_of})


def reasons_of(scope: Scope) -> Scope | None:
    """The calls of the period counted by reason too; None where the summary holds it, or no calls are there."""
    opened = scope.opened
    if "reason" in opened.dimensions or opened.calls is None:
        return None
    inside = f"{opened.calls[0].accepted} WHERE {scope.period.sql('offered_ms')}"
    source = f"(SELECT * REPLACE ({scope.period.from_ms} AS offered_ms) FROM {inside})"  # when they came is not asked
    table = opened.engine.new_name("by_reason")
    columns = [*dict.fromkeys(opened.dimensions.values()), "reason"]
    opened.engine.run(f"CREATE TEMP TABLE {table} AS {count_sql(source, columns, status=False)}")
    return replace(scope, opened=replace(opened, table=table, dimensions={**opened.dimensions, "reason": "reason"}))


def rows(found: Places, past: Past) -> list[Row]:
    """The public columns."""
    name = found.subject.promise.name if found.subject.promise else None
    written = past.sources[0].scope.opened.written
    listed = []
    for dimension, groups in found.lists.items():
        late = sum(group.late for group in groups)
        for group in groups:
            value = group.key
            if dimension == INTERVAL and isinstance(value, int):
                value = iso(value, past.offsets, written=written, step=_HALF_HOUR)
            listed.append(_row(name, dimension, value, group, late))
    return listed


def _row(promise: str | None, dimension: str, value: Key, group: Group, late: int) -> Row:
    return {
        "promise": promise,
        "dimension": dimension,
        "value": value,
        "offered": group.offered,
        "owed": group.owed,
        "late": group.late,
        "share_of_late": share(group.late, late),
        "allowed": None if group.allowed is None else float(group.allowed),
        "above": None if group.above is None else float(group.above),
        "usual_offered": group.usual[0],
        "mean_handle_s": group.handle_s,
        "usual_handle_s": group.usual[1],
    }


def _lists(scope: Scope, subject: Subject, names: Sequence[str]) -> dict[str, Sequence[Group]]:
    """The groups of the period, half-hours in order of time, the others ranked."""
    asked = ["30m" if name == INTERVAL else name for name in names]
    needs, chosen = subject.needs(handled=True), subject.conditions(scope)
    found: dict[str, Sequence[Group]] = {}
    for name, rows_of in zip(names, scope.opened.lists(needs, asked, scope.period, chosen, subject.terms), strict=True):
        groups = _groups(rows_of, subject)
        found[name] = groups if name == INTERVAL else sorted(groups, key=_rank)
    return found


def _groups(found: Sequence[Row], subject: Subject) -> list[Group]:
    """Rows as groups; none where it is not known of each how many were late."""
    target = subject.promise.target if subject.promise else None
    groups = []
    for row in found:
        parts = subject.parts(row)
        if parts is None:
            return []
        kept, owed = parts
        key = row["key"] if isinstance(row["key"], int) else _spelt(row["key"])
        room = None if target is None else (1 - target) * owed
        groups.append(Group(key, offered(row), owed, owed - kept, handle_s(row), room))
    return groups


def _spelt(value: Any) -> str | None:
    return None if value is None else str(value)


def handle_s(row: Mapping[str, Any]) -> float | None:
    """The mean handle time of a group; None where it is not known."""
    if row["answered_talk_ms"] is None:
        return None
    return mean_seconds(handling.total_ms(row), row["answered_talk_n"])


def _rank(group: Group) -> tuple[bool, Fraction, int, str]:
    """Most late calls above first (without a target: most late calls), what is not recorded last."""
    measured = Fraction(group.late) if group.above is None else group.above
    return group.key is None, -measured, -group.late, str(group.key)


def _with_usual(past: Past, subject: Subject, groups: Sequence[Group], dimension: str) -> Sequence[Group]:
    """The groups with the medians of the last same weekdays, where the period is one day and they are known."""
    days = past.days()
    before = past.usual_days(days[0]) if len(days) == 1 and groups else []
    if dimension == INTERVAL:  # a clock change makes other half-hours of a day
        before = [day for day in before if past.moment(day + timedelta(days=1)) - past.moment(day) == DAY]
    if len(before) < usual.FEWEST:
        return groups
    known = _by_day(past, subject, before, dimension)
    told = past.telling(subject, () if dimension == INTERVAL else (dimension,))
    found = []
    for group in groups:
        key = past.offsets.local(group.key) % DAY if dimension == INTERVAL and isinstance(group.key, int) else group.key
        values = [known.get((day, key), (0, None)) for day in before if day in told]
        numbers = [number for number, _ in values if number is not None]
        lengths = [length for _, length in values if length is not None]
        found.append(replace(group, usual=(usual.middle(numbers), usual.middle(lengths))))
    return found


def _by_day(past: Past, subject: Subject, days: Sequence[date], dimension: str) -> dict[tuple[date, Key], Known]:
    """Offered and handle time by day and by local clock (ms) or value; a day without any call of the kind is not in."""
    every, by = ("30m", ()) if dimension == INTERVAL else ("1d", (dimension,))
    found: dict[tuple[date, Key], Known] = {}
    for row in past.rows(subject, days, every, by):
        local = past.offsets.local(row["bucket"]) if dimension == INTERVAL else row["bucket"]
        key = local % DAY if dimension == INTERVAL else _spelt(row["d0"])
        found[day_of(local), key] = offered(row), handle_s(row)
    return found
