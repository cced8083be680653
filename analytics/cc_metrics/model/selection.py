"""Which rows are meant: conditions on dimensions, as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

RECORDED = "*"
"""As a value: any that is recorded."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows that meet every condition; a dimension that is not recorded meets none.

    *equal*: holds one of the values ("*": any recorded one). *unlike*: holds none of them. *same* and *differ*: two
    dimensions hold the same value, or different ones. *least*: a count is at least so much.
    """

    equal: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    unlike: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    same: Mapping[str, str] = field(default_factory=dict, hash=False)
    differ: Mapping[str, str] = field(default_factory=dict, hash=False)
    least: Mapping[str, int] = field(default_factory=dict, hash=False)

    def dimensions(self) -> tuple[str, ...]:
        """The dimensions it speaks of, each once.

        >>> Selection({"tier": ("vip",)}, differ={"region": "home_region"}).dimensions()
        ('tier', 'region', 'home_region')
        """
        pairs = (*self.same.items(), *self.differ.items())
        named = (*self.equal, *self.unlike, *(name for pair in pairs for name in pair), *self.least)
        return tuple(dict.fromkeys(named))

    def without(self, dimension: str) -> "Selection":
        """The same without the conditions on one dimension.

        >>> Selection({"tier": ("vip",), "queue": ("a",)}).without("tier").dimensions()
        ('queue',)
        """

        def others(conditions: Mapping[str, Any]) -> dict[str, Any]:
            return {name: value for name, value in conditions.items() if dimension not in (name, value)}

        pairs = {"same": others(self.same), "differ": others(self.differ)}
        return Selection(others(self.equal), others(self.unlike), **pairs, least=others(self.least))

    def __bool__(self) -> bool:
        return bool(self.dimensions())
