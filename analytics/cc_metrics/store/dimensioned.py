"""Dimensions of what was opened: columns by the names people use, recorded values, conditions, a policy's tiers."""

from collections.abc import Mapping, Sequence

from cc_metrics.errors import UsageError, nearest
from cc_metrics.model.promise import Policy
from cc_metrics.model.selection import RECORDED, Selection
from cc_metrics.store.engine import Engine


class Dimensioned:
    """Rows whose dimensions can be asked for by name.

    *dimensions* maps the user's names to the engine's columns of *table*, whose distinct values are the recorded
    ones; *flags* are columns that hold true and false, *counts* those that hold numbers.
    """

    __slots__ = ()

    engine: Engine
    table: str
    dimensions: Mapping[str, str]
    policy: Policy

    @property
    def flags(self) -> Sequence[str]:
        """Columns that hold true, false or nothing."""
        return ()

    def column(self, name: str) -> str:
        """SQL of a dimension asked for by name; the tier by the policy's rules.

        Raises:
            UsageError: the data do not hold it.
        """
        if name not in self.dimensions:
            raise UsageError(
                f"the summary does not hold {name!r}",
                hint=f"{nearest(name, self.dimensions)}; or give the calls themselves",
            )
        return self._tier_sql() if name == "tier" else self.dimensions[name]

    def _tier_sql(self) -> str:
        column = self.dimensions["tier"]
        if not self.policy.tiers:
            return column
        tiers = self._tiers()
        cases = [
            f"WHEN {column} IN ({self._listed(v)}) THEN {self.engine.keep(tier)}" for tier, v in tiers.items() if v
        ]
        return f"CASE {' '.join(cases)} ELSE {column} END" if cases else column

    def _tiers(self) -> dict[str, list[str]]:
        """The recorded source values of each of the policy's tiers; a value that none takes stands for itself."""
        found: dict[str, list[str]] = {tier: [] for tier, _ in self.policy.tiers}
        for value in self._source_values("tier"):
            found.setdefault(self.policy.tier_of(value) or value, []).append(value)
        return found

    def values(self, name: str) -> list[str]:
        """The recorded values of a dimension as the source writes them, in order."""
        column = self.dimensions[name] if name in self.dimensions else self.column(name)
        source = self._values_of()
        rows = self.engine.rows(f"SELECT DISTINCT {column} FROM {source} WHERE {column} IS NOT NULL ORDER BY 1")
        return [str(row[0]).lower() if isinstance(row[0], bool) else str(row[0]) for row in rows]

    def _source_values(self, name: str) -> list[str]:
        """The values of a dimension that any row may have, those known beside the table among them."""
        return self.values(name)

    def _values_of(self) -> str:
        """The table that holds each recorded value at least once."""
        return self.table

    def known_values(self, name: str) -> list[str]:
        """The values that a promise may speak of: the policy's tiers, or the source's values."""
        if name == "tier" and self.policy.tiers:
            return list(self._tiers())
        return self.values(name)

    def condition(self, where: Mapping[str, Sequence[str]]) -> list[str]:
        """SQL conditions on rows for dimensions that take one of some values."""
        tiers = self._tiers() if "tier" in where and self.policy.tiers else {}
        parts = []
        for name, wanted in where.items():
            if RECORDED in wanted:
                parts.append(f"{self.column(name)} IS NOT NULL")
                continue
            values = [v for tier in wanted for v in tiers.get(tier, [])] if name == "tier" and tiers else list(wanted)
            self.column(name)
            parts.append(self._taken(name, values))
        return parts

    def _taken(self, name: str, values: Sequence[str]) -> str:
        column = self.dimensions[name]
        if name in self.flags:
            return f"CAST({column} AS VARCHAR) IN ({self._listed(values)})"
        taken = f"{column} IN ({self._listed(values)})" if values else "FALSE"
        return f"({taken} OR {column} IS NULL)" if self._takes_null(name, values) else taken

    def _takes_null(self, _name: str, _values: Sequence[str]) -> bool:
        """Whether rows that do not record a dimension are meant by some values of it."""
        return False

    def selected(self, selection: Selection) -> list[str]:
        """SQL conditions on rows that meet a selection; what is not recorded meets none."""
        unlike = (f"NOT {condition}" for condition in self.condition(selection.unlike))
        pairs = [(pair, "=") for pair in selection.same.items()] + [(pair, "<>") for pair in selection.differ.items()]
        compared = (f"{self.column(left)} {sign} {self.column(right)}" for (left, right), sign in pairs)
        least = (f"{self.dimensions[name]} >= {number}" for name, number in selection.least.items())
        return [*self.condition(selection.equal), *unlike, *compared, *least]

    def _listed(self, values: Sequence[str]) -> str:
        return ", ".join(self.engine.keep(value) for value in values)
