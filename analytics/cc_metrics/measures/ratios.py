"""One figure of a case over another, such as a measured speed over the contracted one."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

MEANING: Final = (
    "mean of one column over another, of the cases opened in the period that have both (the second above 0); a sample "
    "unless every case has them"
)
FORMULA: Final = "sum of the cases' ratios / cases with both figures"
FOLLOWED_MEANING: Final = (
    "cases opened in the period whose ratio lies below a share, and whose customer has another case of the kind that "
    "follows up, opened at the same moment or later"
)
FOLLOWED_FORMULA: Final = "cases followed up / cases below the share whose customer is known"

_DECIMALS: Final = 9
"""Figures are decimal and the engine's are not: a ratio is told from a share by so many decimals."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """SQL of a ratio of two columns, which may hold text."""

    part: str
    whole: str

    @property
    def value(self) -> str:
        """The ratio; only where it is `known`."""
        return f"({self._number(self.part)} / {self._number(self.whole)})"

    @property
    def known(self) -> str:
        """Whether a case has both figures, and the whole is above 0."""
        whole = self._number(self.whole)
        return f"coalesce({whole} > 0 AND isfinite({whole}) AND isfinite({self.value} * {self.value}), FALSE)"

    @staticmethod
    def _number(column: str) -> str:
        return f"TRY_CAST({column} AS DOUBLE)"

    def needs(self) -> dict[str, str]:
        """Aggregates of cases: all, those with both figures; sums of the ratio, its square, both figures."""
        some = f"FILTER (WHERE {self.known})"
        return {
            "everyone": "CAST(count(*) AS BIGINT)",
            "settled": f"CAST(count(*) {some} AS BIGINT)",
            "total": f"coalesce(fsum({self.value}) {some}, 0)",
            "squares": f"coalesce(fsum({self.value} * {self.value}) {some}, 0)",
            "part": f"coalesce(fsum({self._number(self.part)}) {some}, 0)",
            "whole": f"coalesce(fsum({self._number(self.whole)}) {some}, 0)",
        }

    def below(self, share: Fraction) -> str:
        """Whether a case's ratio lies below a share; exactly on it does not."""
        return f"({self.known} AND round({self.value}, {_DECIMALS}) < {round(float(share), _DECIMALS)!r})"


def followed_source(view: str, ratio: Ratio, follows: str, as_of_ms: int) -> str:
    """A query in brackets: the cases known by now with lacking (no ratio) and follow_up, whether the customer has one.

    *follows* is SQL for a case that follows up; no case does so for itself. The latest of a customer decides: at the
    moment of a case itself there must be one beside it.
    """
    moments = (
        f"(SELECT customer_id, opened_ms, count(*) AS number FROM {view} WHERE ({follows}) AND customer_id IS NOT NULL "
        f"AND opened_ms <= {as_of_ms} GROUP BY 1, 2)"
    )
    latest = (
        "(SELECT customer_id, max(opened_ms) AS latest_ms, arg_max(number, opened_ms) AS together "
        f"FROM {moments} moments GROUP BY 1)"
    )
    itself = f"CASE WHEN {follows} THEN 1 ELSE 0 END"
    later = f"latest_ms > opened_ms OR (latest_ms = opened_ms AND together > {itself})"
    return (
        f"(SELECT cases.*, NOT {ratio.known} AS lacking, coalesce({later}, FALSE) AS follow_up "
        f"FROM {view} cases LEFT JOIN {latest} latest USING (customer_id))"
    )


def followed_needs(below: str) -> dict[str, str]:
    """Aggregates of such cases: kept, settled, of no customer, without a ratio."""
    found = {
        "kept": f"{below} AND customer_id IS NOT NULL AND follow_up",
        "settled": f"{below} AND customer_id IS NOT NULL",
        "nobody": f"{below} AND customer_id IS NULL",
        "lacking": "lacking",
    }
    return {name: f"CAST(count(*) FILTER (WHERE {condition}) AS BIGINT)" for name, condition in found.items()}
