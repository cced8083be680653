"""Tables of a policy file in, a Policy out. Whatever is wrong is noted in the document; the reading goes on."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from cc_metrics.model.promise import Policy, Promise, ResolutionTerms, ServiceTerms
from cc_metrics.policy import keys
from cc_metrics.policy.document import Table
from cc_metrics.policy.measure import Measure, Vocabulary
from cc_metrics.policy.where import read_where
from cc_metrics.policy.words import Field, labels, name, values_of

if TYPE_CHECKING:
    from cc_metrics.model.clock import Calendar

Tiers = tuple[tuple[str, tuple[str, ...]], ...]


def read_policy(top: Table) -> Policy:
    """The policy that the outermost table holds; worth nothing when its document has problems."""
    got = top.read({**keys.POLICY, **keys.SERVICE}, keys.POLICY_TABLES, keys.elsewhere)
    if "name" not in top.keys:
        top.complain("the policy has no name", hint='write name = "…" in the first line')
    base = Policy(
        **({"name": ""} | values_of(keys.POLICY, got)),
        service=replace(ServiceTerms(), **values_of(keys.SERVICE, got)),
        resolution=_resolution(top.table("first_call_resolution", title="[first_call_resolution]")),
        tiers=_tiers(top.table("tier", title="[tier]")),
    )
    base = replace(base, calendar=_calendar(top.table("calendar", title="[calendar]"), base))
    return replace(base, promises=_promises(top, base))


def _calendar(table: Table, base: Policy) -> "Calendar | None":
    if not table.keys:
        return None
    from cc_metrics.policy.deadlines import read_calendar

    return read_calendar(table, base.closed, keys.elsewhere)


def _resolution(table: Table) -> ResolutionTerms:
    got = table.read(keys.RESOLUTION, keys.RESOLUTION_TABLES, keys.elsewhere)
    excluded = table.table("not_resolvable").read_any(labels)
    return replace(ResolutionTerms(), **values_of(keys.RESOLUTION, got), not_resolvable=excluded)


def _tiers(table: Table) -> Tiers:
    """The tiers in the order written; one that "*" leaves nothing for is a problem."""
    values_of = table.read_any(labels)
    tiers = tuple((tier, values_of.get(tier, ())) for tier in table.keys)  # a tier with a problem is still a tier
    rest = next((tier for tier, values in tiers if "*" in values), None)
    for tier, _ in tiers:
        if tier in keys.POLICY or tier in keys.SERVICE:  # written below the header, it would silently be a tier
            table.complain(f"{tier!r} is not a tier", hint=keys.elsewhere(tier), key=tier)
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
    measure = table.keys.get("measure")
    words = keys.words_for(table)
    kind = words.measures.get(measure) if isinstance(measure, str) else None
    own = kind.own if kind else {}
    known = {**words.own, **keys.TERMS, **own, **keys.PROMISE, **keys.BOUNDS}
    got = table.read(known, (*keys.PROMISE_TABLES, *words.tables), keys.elsewhere)
    if "name" not in table.keys:
        table.complain("the promise has no name")
    if "measure" not in table.keys:
        table.complain("the promise has no measure", hint=f"known: {', '.join(words.measures)}")
    bound = ""
    if kind and isinstance(measure, str):
        _check_terms(table, measure, words)
        bound = _bound(table, measure, kind)
        _check_repeat_calls(table, measure, base)
    service, resolution = (_overriding(kind, bound, known, got) for known in (keys.SERVICE, keys.RESOLUTION))
    tiers = tuple(tier for tier, _ in base.tiers)
    terms = kind.build(table, got, base) if kind and kind.build else None
    return Promise(
        **({"name": "", "measure": ""} | values_of(keys.PROMISE, got)),
        shape=kind.bounds.get(bound, "rate_at_least") if kind else "rate_at_least",
        target=got.get(bound, Fraction(0 if bound else 1)),
        where=read_where(table.table("where"), tiers),
        where_not=read_where(table.table("where_not"), tiers),
        where_differ=table.table("where_differ").read_any(name),
        about=getattr(terms, "about", kind.about if kind else "calls"),
        terms=terms,
        since=got.get("since"),
        strict=got.get("edge") == "<" and bound == "limit",
        service=replace(base.service, **service),
        resolution=replace(base.resolution, **resolution),
        **values_of(keys.INTERVALS, got),
    )


def _overriding(kind: Measure | None, bound: str, known: Mapping[str, Field], got: Mapping[str, Any]) -> dict[str, Any]:
    """The terms of the policy that a promise sets for itself; the edge of a limit speaks of the limit alone."""
    meant = [key for key in (kind.terms if kind else ()) if (key, bound) != ("edge", "limit")]
    return values_of({key: field for key, field in known.items() if key in meant}, got)


def _check_terms(table: Table, measure: str, words: Vocabulary) -> None:
    """Refuse the keys that mean nothing for the promise's measure."""
    meant = words.measures[measure].keys
    known = [*keys.PROMISE, *keys.PROMISE_TABLES, *meant]
    for key in table.keys:
        if key not in meant and key in (*keys.TERMS, *words.own, *words.tables):
            table.complain(f"{key!r} means nothing for {measure}", hint=f"its keys: {', '.join(known)}", key=key)


_BOUNDS: Final = {
    "target": ("a target to reach", 'target = "90 %"'),
    "limit": ("a limit to stay under", 'limit = "5 %"'),
    "at_most": ("a mean to stay under", 'at_most = "10 seconds"'),
    "none_late": ("none that may be late", "none_late = true"),
    "fall": ("a fall to reach", 'fall = "10 %"'),
    "rise": ("a rise to reach", 'rise = "10 %"'),
    "at_least": ("a score to reach", "at_least = 85"),
    "above": ("a score above a reference", "above = 1.5"),
    "": ("no bound, everything counts", "it without a bound"),
}


def _bound(table: Table, measure: str, kind: Measure) -> str:
    """The one bound a promise has: a target to reach, a limit or a mean to stay under ...; "" where it needs none."""
    bounds = kind.bounds
    written = [key for key in keys.BOUNDS if key in table.keys]
    meaning = " or ".join(_BOUNDS[bound][0] for bound in bounds)
    example = " or ".join(_BOUNDS[bound][1] for bound in bounds)
    for other in (key for key in written if key not in bounds):
        article = "an" if other.startswith("a") else "a"
        table.complain(f"{measure} has {meaning}, not {article} {other}", hint=f"write {example}", key=other)
    fitting = [key for key in written if key in bounds]
    for other in fitting[1:]:
        table.complain(f"{other!r} and {fitting[0]!r} are two bounds", hint="write two promises", key=other)
    if not written and "" not in bounds:
        named = " or ".join(bounds)
        table.complain(f"the promise has no {named}; one that is only stated needs it too", hint=f"write {example}")
    return next(iter(fitting), next(iter(bounds)))


def _check_repeat_calls(table: Table, measure: str, base: Policy) -> None:
    """A limit on repeat calls needs to know how many calls make one."""
    if measure == "repeat_calls" and base.resolution.repeat_calls is None:
        hint = "write for example repeat_calls = 4 in [first_call_resolution]"
        table.complain("the policy does not say how many calls are repeat calls", hint=hint, key="measure")
