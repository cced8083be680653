"""Tables of a policy file in, a Policy out. Whatever is wrong is noted in the document; the reading goes on."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from cc_metrics.errors import nearest
from cc_metrics.model.promise import Policy, Promise, ResolutionTerms, ServiceTerms
from cc_metrics.policy import keys
from cc_metrics.policy.document import Table
from cc_metrics.policy.keys import MEASURES
from cc_metrics.policy.words import Field, labels

Conditions = Mapping[str, tuple[str, ...]]
Tiers = tuple[tuple[str, tuple[str, ...]], ...]


def read_policy(top: Table) -> Policy:
    """The policy that the outermost table holds; worth nothing when its document has problems."""
    got = top.read({**keys.POLICY, **keys.SERVICE}, keys.POLICY_TABLES, keys.ELSEWHERE)
    if "name" not in top.keys:
        top.complain("the policy has no name", hint='write name = "…" in the first line')
    base = Policy(
        **({"name": ""} | _filled(keys.POLICY, got)),
        service=replace(ServiceTerms(), **_filled(keys.SERVICE, got)),
        resolution=_resolution(top.table("first_call_resolution", title="[first_call_resolution]")),
        tiers=_tiers(top.table("tier", title="[tier]")),
    )
    return replace(base, promises=_promises(top, base))


def _filled(known: Mapping[str, Field], got: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the model that the keys which are there fill."""
    return {field.fills: got[key] for key, field in known.items() if key in got}


def _resolution(table: Table) -> ResolutionTerms:
    got = table.read(keys.RESOLUTION, keys.RESOLUTION_TABLES, keys.ELSEWHERE)
    excluded = table.table("not_resolvable").read_any(labels)
    return replace(ResolutionTerms(), **_filled(keys.RESOLUTION, got), not_resolvable=excluded)


def _tiers(table: Table) -> Tiers:
    """The tiers in the order written; one that "*" leaves nothing for is a problem."""
    values_of = table.read_any(labels)
    tiers = tuple((tier, values_of.get(tier, ())) for tier in table.keys)  # a tier with a problem is still a tier
    rest = next((tier for tier, values in tiers if "*" in values), None)
    for tier, _ in tiers:
        if tier in keys.POLICY or tier in keys.SERVICE:  # written below the header, it would silently be a tier
            table.complain(f"{tier!r} is not a tier", hint=keys.ELSEWHERE[tier], key=tier)
    if rest is not None and tiers[-1][0] != rest:
        table.complain(f"{rest}: '*' takes all that is left, no later tier is reached", hint="put it last", key=rest)
    return tiers


def _promises(top: Table, base: Policy) -> tuple[Promise, ...]:
    numbers: dict[str, int] = {}
    promises = []
    for number, table in enumerate(top.tables("promise"), 1):
        promise = _promise(table, base)
        first = numbers.setdefault(promise.name, number)
        if first != number and promise.name:
            table.complain(f"[[promise]] {first} has the same name", hint="reports tell promises by name", key="name")
        promises.append(promise)
    return tuple(promises)


def _promise(table: Table, base: Policy) -> Promise:
    """One promise: it inherits the policy's terms and overrides them."""
    known = {**keys.PROMISE, **keys.BOUNDS, **keys.TERMS}
    got = table.read(known, keys.PROMISE_TABLES, keys.ELSEWHERE)
    if "name" not in table.keys:
        table.complain("the promise has no name")
    if "measure" not in table.keys:
        table.complain("the promise has no measure", hint=f"known: {', '.join(MEASURES)}")
    measure = got.get("measure")
    if measure:
        _check_terms(table, measure)
        _check_bound(table, measure)
        _check_repeat_calls(table, measure, base)
    return Promise(
        **({"name": "", "measure": ""} | _filled(keys.PROMISE, got)),
        shape=MEASURES[measure].shape if measure else "rate_at_least",
        target=next(
            (got[key] for key in keys.BOUNDS if key in got),
            Fraction(1 if measure and not MEASURES[measure].bound else 0),
        ),
        where=_where(table.table("where"), base.tiers),
        service=replace(base.service, **_filled(keys.SERVICE, got)),
        resolution=replace(base.resolution, **_filled(keys.RESOLUTION, got)),
        **_filled(keys.INTERVALS, got),
    )


def _check_terms(table: Table, measure: str) -> None:
    """Refuse the keys that mean nothing for the promise's measure."""
    terms = MEASURES[measure].terms
    bound = [MEASURES[measure].bound] if MEASURES[measure].bound else []
    known = [*keys.PROMISE, *keys.PROMISE_TABLES, *bound, *terms]
    for key in table.keys:
        if key in keys.TERMS and key not in terms:
            table.complain(f"{key!r} means nothing for {measure}", hint=f"its keys: {', '.join(known)}", key=key)


_BOUNDS: Final = {
    "target": ("a target to reach", 'target = "90 %"'),
    "limit": ("a limit to stay under", 'limit = "5 %"'),
    "at_most": ("a mean to stay under", 'at_most = "10 seconds"'),
    "": ("no bound, every call counts", 'within = "60 seconds"'),
}


def _check_bound(table: Table, measure: str) -> None:
    """A promise has exactly one bound: a target to reach, a limit or a mean to stay under; or none may be late."""
    bound = MEASURES[measure].bound
    meaning, example = _BOUNDS[bound]
    others = [key for key in keys.BOUNDS if key != bound and key in table.keys]
    for other in others:
        article = "an" if other.startswith("a") else "a"
        table.complain(f"{measure} has {meaning}, not {article} {other}", hint=f"write {example}", key=other)
    if bound and bound not in table.keys and not others:
        table.complain(f"the promise has no {bound}; one that is only stated needs it too", hint=f"write {example}")


def _check_repeat_calls(table: Table, measure: str, base: Policy) -> None:
    """A limit on repeat calls needs to know how many calls make one."""
    if measure == "repeat_calls" and base.resolution.repeat_calls is None:
        hint = "write for example repeat_calls = 4 in [first_call_resolution]"
        table.complain("the policy does not say how many calls are repeat calls", hint=hint, key="measure")


def _where(table: Table, tiers: Tiers) -> Conditions:
    """The values each dimension may have; a tier must be one that the policy names."""
    where = table.read_any(labels)
    names = [tier for tier, _ in tiers]
    for value in where.get("tier", ()) if names else ():
        if value not in names:
            table.complain(f"where.tier: {value!r} is not a tier of [tier]", hint=nearest(value, names), key="tier")
    return where
