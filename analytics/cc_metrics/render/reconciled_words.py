"""What a reconciliation says, in sentences and rows: the figure, what was tried, each definition with its counts."""

import shlex
from collections.abc import Mapping, Sequence
from typing import Any, Final

from cc_metrics.language import Said, counted, said, told, translated
from cc_metrics.measures.reconcile_definitions import SHORT
from cc_metrics.measures.service_level import WORDS
from cc_metrics.model.durations import short
from cc_metrics.model.reconciled import Departure, Reckoning, Reconciliation, Tried
from cc_metrics.render import sentences, verdicts, words

REPORT: Final = ("cc-metrics", "report", "CALLS")
"""The command that options are added to where nobody says which calls are meant."""

NOTHING: Final = said(
    "Nothing that was tried prints it. What else may differ: calls that the export lacks or holds besides (other "
    "queues, test calls, legs of one call), waits counted from another moment (the menu, the ringing), callbacks, "
    "or a mean of intervals instead of pooled counts."
)
_MANY: Final = 10
_PRINTS: Final = {
    "half up": said("where halves are rounded up"),
    "half even": said("where halves are rounded to even"),
    "truncated": said("where it is cut off, not rounded"),
}
_DEPARTURES: Final[Mapping[Departure, Said]] = {
    "formula": said("formula"),
    "threshold": said("threshold"),
    "threshold edge": said("threshold edge"),
    "short-abandon floor": said("short-abandon floor"),
    "redirected calls": said("redirected calls"),
    "interval rule": said("interval rule"),
    "zone": said("zone"),
    "exclusion": said("exclusion"),
}


def figure(found: Reconciliation) -> str:
    """The figure, what is printed so, and which calls it speaks of."""
    printed, spread = found.figure.written, found.figure.spread
    where = words.sequence(f"{words.plain(n)} {words.listed(map(words.plain, v))}" for n, v in found.where.items())
    if spread:
        reported = translated("reported {figure} ({spread} is printed so)", figure=printed, spread=spread)
    else:
        reported = translated("reported {figure}", figure=printed)
    return translated("{reported}, of {calls}", reported=reported, calls=where) if where else reported


def period(found: Reconciliation) -> str:
    """The period with its zone, and whether the data cover it."""
    head = found.head
    zone = words.plain(head.timezone) if head.timezone else translated("times as written")
    return sentences.clauses([f"{told(head.label)}  {zone}", sentences.state(head)])


def own(found: Reconciliation) -> str:
    """What the policy's own definition gives."""
    policy = words.plain(found.policy)
    if not found.own.owed:
        return translated("policy {name}: no calls to count", name=policy)
    given = {"name": policy, "counts": counts(found.own, found), "definition": definition(found.own, found)}
    if _rounded(found.own):
        return translated("policy {name}: {counts}, {definition}: it prints the figure", **given)
    return translated("policy {name}: {counts}, {definition}", **given)


def tried(found: Reconciliation) -> list[str]:
    """How many definitions were tried and how many match, and what that proves."""
    if not found.tried:
        return []
    number, printing = (sum(getattr(t, name) for t in found.tried) for name in ("tried", "printing"))
    printed = counted(
        "of {all} definitions {n} prints {figure}",
        "of {all} definitions {n} print {figure}",
        printing,
        all=words.count(number),
        figure=found.figure.written,
    )
    parts = words.listed(_departing(t) for t in found.tried)
    lines = [sentences.named(printed, parts) if printing else printed]
    if printing >= _MANY:
        lines.append(
            translated(
                "So many match that the figure does not tell them apart: the fewer departures, the likelier; "
                "more decimals, the counts behind it, or a second day decide."
            )
        )
    products = sum(bool(one.products) for one in found.matches)
    if products:
        lines.append(
            counted(
                "{n} of those listed is a known product's definition.",
                "{n} of those listed are known products' definitions.",
                products,
            )
        )
    cut = sum(one.rounding == "truncated" for one in found.matches)
    if cut:
        lines.append(
            counted(
                "{n} of those listed prints it only if the figure was cut off, not rounded.",
                "{n} of those listed print it only if the figure was cut off, not rounded.",
                cut,
            )
        )
    return [*lines, *([] if found.matches else [told(NOTHING)])]


def _departing(tried: Tried) -> str:
    counts = {"n": words.count(tried.printing), "tried": words.count(tried.tried)}
    if not tried.departures:
        return translated("{n} of {tried} by the policy's own definition", **counts)
    if tried.departures == 1:
        return translated("{n} of {tried} that depart in one thing", **counts)
    return translated("{n} of {tried} in {departures}", departures=tried.departures, **counts)


def counts(one: Reckoning, found: Reconciliation) -> str:
    """Numerator, denominator and the share to two decimals more than the figure has."""
    decimals = 3 if found.figure.counts else max(2, found.figure.places)
    share = words.percent(one.value, decimals)
    return translated(
        "{share} = {part} of {whole}", share=share, part=words.count(one.kept), whole=words.count(one.owed)
    )


def definition(one: Reckoning, found: Reconciliation) -> str:
    """A definition in words, with its formula."""
    terms = one.terms
    formula = WORDS[terms.formula][0]
    if terms.redirected != "late":
        formula = formula.replace(" + R_L", "")
    parts = [
        f"{verdicts.formula(terms.formula)} = {formula}",
        translated("wait {edge} {within}", edge=terms.edge, within=short(terms.within_ms)),
    ]
    if terms.formula in SHORT:
        parts.append(translated("short up to {floor}", floor=short(terms.short_abandon_ms)))
    if _differs(one, found):
        parts.append(verdicts.redirected(terms))
    if one.population.words:
        parts.append(words.plain(one.population.words))
    return sentences.clauses(parts)


def _differs(one: Reckoning, found: Reconciliation) -> bool:
    """Whether what becomes of redirected calls makes a difference."""
    return found.redirected and one.terms.formula != "answered_only"


def _rounded(one: Reckoning) -> bool:
    return one.rounding not in (None, "truncated")


def departures(one: Reckoning) -> str:
    """In what a definition differs from the policy's own."""
    if not one.departures:
        return translated("the policy's own definition")
    return translated("departs in {departures}", departures=departures_listed(one))


def departures_listed(one: Reckoning) -> str:
    """The names of what a definition differs in."""
    return words.listed(told(_DEPARTURES[name]) for name in one.departures)


def beside(one: Reckoning) -> list[str]:
    """How it prints the figure where not everybody does, who defines it so, and what is like it."""
    found = [told(_PRINTS[one.rounding])] if one.rounding in _PRINTS else []
    if one.products:
        found.append(translated("so do: {products}", products=words.listed(one.products)))
    if one.alike:
        more = words.count(one.alike)
        found.append(translated("{n} more with the same counts, or departing further beside", n=more))
    return found


def command(one: Reckoning, prefix: Sequence[str]) -> str | None:
    """The command that gives it, with `settings` in the policy; None where `report` has no option for it."""
    if one.options is None:
        return None
    line = shlex.join((*prefix, *one.options))
    return line if line.isprintable() else None


def given_by(one: Reckoning, prefix: Sequence[str]) -> str:
    """What gives it: a command, lines of a policy, or nothing."""
    line = command(one, prefix)
    if line is None:
        return translated("no option of report gives it")
    if not one.settings:
        return line
    settings = translated(" and ").join(one.settings)
    return translated("with {settings} in the policy: {command}", settings=settings, command=line)


def rows(found: Reconciliation, prefix: Sequence[str] = REPORT) -> list[dict[str, Any]]:
    """The matches, or the nearest where nothing matches, by the columns of model.reconciled."""
    return [row(one, found, prefix, rank) for rank, one in enumerate(found.matches or found.nearest, 1)]


def row(one: Reckoning, found: Reconciliation, prefix: Sequence[str], rank: int | None) -> dict[str, Any]:
    """One definition by the columns of model.reconciled."""
    terms = one.terms
    return {
        "rank": rank,
        "departs_in": ", ".join(one.departures),
        "formula": terms.formula,
        "within_s": terms.within_ms // 1000,
        "edge": terms.edge,
        "short_abandon_s": terms.short_abandon_ms // 1000 if terms.formula in SHORT else None,
        "redirected": terms.redirected if _differs(one, found) else None,
        "interval_rule": one.population.rule,
        "calls": one.population.words or None,
        "kept": one.kept,
        "owed": one.owed,
        "value": one.value,
        "prints": one.rounding,
        "known_as": ", ".join(one.products) or None,
        "alike": one.alike,
        "settings": "; ".join(one.settings) or None,
        "command": command(one, prefix),
    }
