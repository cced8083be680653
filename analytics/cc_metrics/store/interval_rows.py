"""SQL that makes of rows counted by somebody else one row for each group of calls: outcomes, thresholds, lengths.

A count that is not given is what offered = answered + abandoned + redirected leaves; nothing else is derived.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cc_metrics.language import said
from cc_metrics.model.calls import OUTCOMES
from cc_metrics.store.engine import Engine
from cc_metrics.store.intervals import ROLES, SPENT, Counted, Group, Within, names

NO_COUNT: Final = said("a percentage that gives no whole number of calls, or more than one")
LESS: Final = said("offered is less than its parts")
FALLING: Final = said("more calls within a threshold than within a later one, or than in all")
NO_MEAN: Final = said("no length of time of the calls answered")
REASONS: Final = (NO_COUNT, LESS, FALLING, NO_MEAN)
"""Why rows are rejected whose counts were readable, each by itself."""


@dataclass(frozen=True, slots=True)
class Rows:
    """How the rows of one reading are counted: columns kept as they are, and the decimals of each percentage."""

    engine: Engine
    source: str
    kept: Sequence[str]
    empty: bool

    def sql(self, group: Group, number: int, dimensions: Mapping[str, str]) -> str:
        """SELECT of one row of the group for each source row.

        Columns: unfit (the place in REASONS of why it is rejected, or NULL), those kept, part (the group's number),
        dimensions, offered (as the source says, or NULL), answered, abandoned, redirected, listed (the sum of all
        buckets, or NULL), answered_in and abandoned_in (lists of counts up to each threshold), and the lengths of time
        of answered calls in ms.
        """
        offered = "given_offered" if "offered" in group.roles else "NULL"
        columns = [
            *self.kept,
            f"{number} AS part",
            *(f"{sql} AS {name}" for name, sql in dimensions.items()),
            f"CAST({offered} AS BIGINT) AS offered",
            *(f"ended_{outcome} AS {outcome}" for outcome in OUTCOMES),
            "listed",
            f"{self._cumulative(group, 'answered', group.answered)} AS answered_in",
            f"{self._cumulative(group, 'abandoned', group.abandoned)} AS abandoned_in",
            *(f"{self._spent(group, what)} AS {what}_ms" for what in SPENT),
        ]
        counted = f"SELECT {', '.join(columns)} FROM ({self._ended(group)}) ended"
        return f"SELECT *, {_reason(group)} AS unfit FROM ({counted}) counted"

    def _ended(self, group: Group) -> str:
        """SELECT of the source's rows with how the group's calls ended: what is given, then what that leaves."""
        given = {role: self._plain(role, counted, group) for role, counted in group.roles.items() if not counted.of}
        listed = self._listed(group)
        first = [f"{sql} AS given_{role}" for role, sql in given.items()]
        inner = f"SELECT *, {', '.join([*first, f'{listed} AS listed'])} FROM {self.source}"
        taken = [
            f"{self._share(role, counted, group, f'given_{counted.of}')} AS given_{role}"
            for role, counted in group.roles.items()
            if counted.of
        ]
        inner = f"SELECT *, {', '.join(taken)} FROM ({inner}) plain" if taken else inner
        ends = {f"ended_{outcome}": self._end(outcome, group) for outcome in OUTCOMES}
        return f"SELECT *, {', '.join(f'{sql} AS {name}' for name, sql in ends.items())} FROM ({inner}) given"

    def _plain(self, name: str, counted: Counted, group: Group) -> str:
        """SQL of a count that is no percentage."""
        if counted.always is not None:
            return f"CAST({counted.always} AS BIGINT)"
        columns = names(f"{group.name}{name}", counted)
        return f"({' + '.join(f'coalesce({c}, 0)' for c in columns) if self.empty else ' + '.join(columns)})"

    def _listed(self, group: Group) -> str:
        """SQL of all buckets together, where the last is open."""
        within = group.answered
        if within.over is None:
            return "CAST(NULL AS BIGINT)"
        parts = [self._plain(group.column("answered", edge)[len(group.name) :], c, group) for edge, c in within.counts]
        return f"({' + '.join([*parts, self._plain('answered_later', within.over, group)])})"

    def _end(self, outcome: str, group: Group) -> str:
        """SQL of the calls that ended in one way: given, listed by their waits, or what the others leave."""
        if outcome in group.roles:
            return f"given_{outcome}"
        if not group.lost and outcome != "answered":
            return "CAST(0 AS BIGINT)"  # never shown: nothing is known of them
        if outcome == "answered" and group.answered.over is not None:
            return "listed"
        others = [self._other(role, group) for role in ROLES if role not in ("offered", outcome)]
        return f"given_offered - {' - '.join(others)}"

    def _other(self, role: str, group: Group) -> str:
        return "listed" if role == "answered" and role not in group.roles else f"given_{role}"

    def _cumulative(self, group: Group, outcome: str, within: Within) -> str:
        """SQL of the list of calls up to each threshold."""
        parts: list[str] = []
        for edge, counted in within.counts:
            name = group.column(outcome, edge)
            bare = name[len(group.name) :]
            whole = _whole(counted.of, group) if counted.of else ""
            sql = self._share(bare, counted, group, whole) if whole else self._plain(bare, counted, group)
            parts.append(f"{parts[-1]} + {sql}" if within.between and parts else sql)
        return f"CAST([{', '.join(parts)}] AS BIGINT[])"

    def _share(self, name: str, counted: Counted, group: Group, whole: str) -> str:
        """SQL of the one whole number whose percentage of *whole* is printed so; NULL where none or several are.

        A number k is printed as p / 10^d when it lies within half a unit of the last of the column's d decimals.
        """
        text = f"trim(replace(replace({group.name}{name}, '%', ''), '％', ''))"
        decimals = int(
            self.engine.value(f"SELECT coalesce(max(length(split_part({text}, '.', 2))), 0) FROM {self.source}")
        )
        scale = 10 ** min(decimals, 9)
        printed = f"CAST(round(try_cast({text} AS DECIMAL(28, 9)) * {scale}) AS HUGEINT)"
        unit = 2 * scale * counted.whole
        least = f"greatest((({printed} * 2 - 1) * {whole} + {unit - 1}) // {unit}, 0)"
        most = f"least((({printed} * 2 + 1) * {whole}) // {unit}, {whole})"
        known = f"CASE WHEN {least} = {most} THEN CAST({most} AS BIGINT) END"
        return f"(CASE WHEN {whole} = 0 THEN 0 ELSE {known} END)"

    def _spent(self, group: Group, what: str) -> str:
        """SQL of a sum in ms over the calls answered; of a mean, the mean times their number."""
        if f"total_{what}" in group.spent:
            return f"{group.name}total_{what}"
        if f"mean_{what}" in group.spent:
            mean = f"{group.name}mean_{what}"
            return f"(CASE WHEN ended_answered = 0 THEN 0 ELSE {mean} * ended_answered END)"
        return "CAST(NULL AS BIGINT)"


def _whole(role: str, group: Group) -> str:
    """SQL of what a percentage of calls within a threshold is taken of."""
    if role == "offered" and "offered" not in group.roles:
        return "(ended_answered + ended_abandoned + ended_redirected)"
    return f"{'given' if role == 'offered' else 'ended'}_{role}"


def _reason(group: Group) -> str:
    """SQL of why a row cannot stand, NULL where it can."""
    counts = ", ".join(OUTCOMES)
    lists = [
        (outcome, f"{outcome}_in", len(within.counts))
        for outcome, within in (("answered", group.answered), ("abandoned", group.abandoned))
        if within.counts
    ]
    missing = [f"{name} IS NULL" for name in OUTCOMES]
    missing += [f"{name}[{place}] IS NULL" for _, name, number in lists for place in range(1, number + 1)]
    falling = [f"{name}[{place}] < {name}[{place - 1}]" for _, name, n in lists for place in range(2, n + 1)]
    falling += [f"{name}[{number}] > {outcome}" for outcome, name, number in lists]
    lengths = [f"{what}_ms IS NULL" for what in SPENT if {f"mean_{what}", f"total_{what}"} & set(group.spent)]
    conditions = (
        " OR ".join(missing),
        f"least({counts}) < 0",
        " OR ".join(falling) or "FALSE",
        f"answered > 0 AND ({' OR '.join(lengths)})" if lengths else "FALSE",
    )
    cases = " ".join(f"WHEN {condition} THEN {number}" for number, condition in enumerate(conditions))
    return f"CAST(CASE {cases} END AS INTEGER)"
