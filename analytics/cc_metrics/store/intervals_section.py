"""The section [intervals] of a mapping, from TOML to frozen values; what is not known is refused."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, Literal, cast

from cc_metrics.model import durations
from cc_metrics.model.calls import DIMENSIONS
from cc_metrics.model.promise import Edge
from cc_metrics.model.recorded import closing_bin
from cc_metrics.store.intervals import LENGTHS, ROLES, SPENT, TABLE, Counted, Group, Intervals, Within
from cc_metrics.store.mapping import Field, Length, Moment
from cc_metrics.store.toml_values import Values

_ROWS: Final = ("start", "length", "total", "empty", "groups")
_BY_WAIT: Final = ("edge", "buckets", "answered_within", "abandoned_within")
_SPENT: Final = tuple(f"{how}_{what}" for how in ("mean", "total") for what in SPENT)
_OF_GROUP: Final = (*ROLES, *_BY_WAIT, *_SPENT, *DIMENSIONS)
_OVER: Final = "over"

Reading = Callable[[str, dict[str, Any]], Any]


class IntervalsSection:
    """Reads [intervals]: *moment*, *length*, *field* and *when* are how a mapping's other sections read theirs."""

    def __init__(self, values: Values, moment: Reading, length: Reading, field: Reading, when: Reading) -> None:
        self._values, self._moment, self._length, self._field, self._when = values, moment, length, field, when

    def read(self, value: Any) -> Intervals:
        values = self._values
        written = values.table(f"[{TABLE}]", value)
        values.known(f"[{TABLE}]", written, (*_ROWS, *_OF_GROUP))
        if "start" not in written:
            values.problem(f"[{TABLE}] names no start", 'say which column holds it: start = "..."')
        start = self._entry(f"[{TABLE}] start", written.get("start"), self._moment) if "start" in written else None
        length_ms = values.checked(f"[{TABLE}] length", written.get("length"), durations.milliseconds, None)
        if length_ms is not None and length_ms not in LENGTHS:
            values.problem(f"[{TABLE}] length must be 15m, 30m, 1h or 1d")
        total = self._when(f"[{TABLE}] total", values.table(f"[{TABLE}] total", written.get("total")))
        empty = written.get("empty")
        if empty not in (None, 0) or isinstance(empty, bool):
            values.problem(f"[{TABLE}] empty must be 0", "where an empty cell means no calls; else leave it out")
        return Intervals(start or Moment(()), self._groups(written), length_ms, total, empty == 0)

    def _groups(self, written: dict[str, Any]) -> tuple[Group, ...]:
        """The groups of a row; what stands in [intervals] itself holds for each, or is the only one."""
        values = self._values
        shared = {name: value for name, value in written.items() if name not in _ROWS}
        listed = values.tables(f"{TABLE}.groups", written.get("groups"))
        for table in listed:
            values.known(f"[[{TABLE}.groups]]", table, _OF_GROUP)
        if not listed:
            return (self._group(f"[{TABLE}]", "", shared),)
        several = len(listed) > 1
        return tuple(
            self._group(f"[[{TABLE}.groups]] {number}", f"group_{number}_" * several, {**shared, **table})
            for number, table in enumerate(listed, 1)
        )

    def _group(self, place: str, name: str, written: dict[str, Any]) -> Group:
        values = self._values
        roles: dict[str, Counted] = {
            role: self._count(f"{place} {role}", written[role], ROLES) for role in ROLES if role in written
        }
        edge: Edge = "<" if values.string(f"{place} edge", written.get("edge"), "<=") == "<" else "<="
        if written.get("edge", edge) != edge:
            values.problem(f"{place} edge must be '<=' or '<'")
        if "buckets" in written and "answered_within" in written:
            values.problem(f"{place} has both buckets and answered_within", "say which of the two the columns hold")
        between = "buckets" in written
        answered = self._within(place, "buckets" if between else "answered_within", written, edge)
        group = Group(
            name,
            roles,
            replace(answered, between=between),
            self._within(place, "abandoned_within", written, edge),
            {key: self._spent(place, key, written[key]) for key in _SPENT if key in written},
            {d: self._dimension(f"{place} {d}", written[d]) for d in DIMENSIONS if d in written},
        )
        self._check(place, group)
        return group

    def _check(self, place: str, group: Group) -> None:
        known = set(group.roles) | group.ends
        if len(known) < len(ROLES) - 1 and known != {"answered"}:
            missing = ", ".join(role for role in ROLES if role not in known)
            self._values.problem(
                f"{place} leaves open how calls ended: of offered, answered, abandoned and redirected three are needed "
                f"({missing} missing)",
                "where no call is redirected, say redirected = { always = 0 }",
            )
        for what in SPENT:
            if {f"mean_{what}", f"total_{what}"} <= set(group.spent):
                self._values.problem(f"{place} has both mean_{what} and total_{what}")
        told = {key.partition("_")[2] for key in group.spent}
        if "handle" in told and told & {"talk", "hold", "wrap"}:
            self._values.problem(
                f"{place} has handle beside a part of it", "name talk, hold and wrap, or handle, which is all of them"
            )
        plain = {role for role, counted in group.roles.items() if counted.of is None}
        for role, counted in group.roles.items():
            if counted.of is not None and counted.of not in plain:
                self._values.problem(f"{place} {role}: {counted.of} is no count that the rows hold")

    def _within(self, place: str, key: str, written: dict[str, Any], edge: Edge) -> Within:
        values = self._values
        found, over = {}, None
        for text, value in values.table(f"{place} {key}", written.get(key)).items():
            counted = self._count(f"{place} {key}: {text}", value, ROLES)
            if text == _OVER and key == "buckets":
                over = counted
                continue
            length_ms = values.checked(f"{place} {key}", text, durations.milliseconds, None)
            if length_ms is not None and (length_ms % 1000 or not length_ms):
                values.problem(f"{place} {key}: {text!r} is not a whole number of seconds")
            elif length_ms is not None:
                found[closing_bin(length_ms, edge)] = counted
        if over is not None and any(c.of is not None for c in (over, *found.values())):
            values.problem(f"{place} {key} must be counts, not percentages")
        return Within(tuple(sorted(found.items(), key=lambda item: item[0])), over=over)

    def _count(self, place: str, value: Any, roles: tuple[str, ...]) -> Counted:
        values = self._values
        if not isinstance(value, dict):
            return Counted(values.strings(place, value))
        values.known(place, value, ("always", "percent", "share", "of"))
        always = value.get("always")
        if always is not None:
            if not isinstance(always, int) or isinstance(always, bool) or always < 0 or len(value) > 1:
                values.problem(f"{place} always must be a whole number, alone")
                return Counted(always=0)
            return Counted(always=always)
        key: Literal["percent", "share"] = "share" if "share" in value else "percent"
        column, of = (values.string(f"{place} {k}", value.get(k)) for k in (key, "of"))
        if not column or of not in roles or len(value) > 2:
            values.problem(
                f"{place} needs a column and what it is a {key} of",
                'write for example { percent = "SL 20 s", of = "answered" }',
            )
            return Counted(always=0)
        return Counted((column,), of=of, whole=100 if key == "percent" else 1)

    def _spent(self, place: str, key: str, value: Any) -> Length:
        length = cast("Length", self._entry(f"{place} {key}", value, self._length))
        if length.column is None:
            self._values.problem(f"{place} {key} must be a column")
        return length

    def _dimension(self, place: str, value: Any) -> Field:
        return cast("Field", self._entry(place, value, self._field))

    def _entry(self, place: str, value: Any, reading: Reading) -> Any:
        written: Mapping[str, Any] = (
            {"column": value} if isinstance(value, str | list) else self._values.table(place, value)
        )
        return reading(place, dict(written))
