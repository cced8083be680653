"""Which rows a promise speaks of, as its tables say."""

from collections.abc import Collection

from cc_metrics.errors import nearest
from cc_metrics.model.cases import CASES
from cc_metrics.model.selection import RECORDED
from cc_metrics.policy.document import Table
from cc_metrics.policy.words import Field, labels, truth


def read_where(table: Table, tiers: Collection[str] = ()) -> dict[str, tuple[str, ...]]:
    """The values each dimension may have; true and false for flags. Where *tiers* are named, a tier must be one."""
    known = {key: Field(key, truth if key in CASES.flags else labels) for key in table.keys}
    where: dict[str, tuple[str, ...]] = table.read(known, ())
    for value in where.get("tier", ()) if tiers else ():
        if value not in (*tiers, RECORDED):
            what = f"{table.prefix}tier: {value!r} is not a tier of [tier]"
            table.complain(what, hint=nearest(value, tiers), key="tier")
    return where
