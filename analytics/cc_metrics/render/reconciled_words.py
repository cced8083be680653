"""What a reconciliation says, in sentences and rows: the figure, what was tried, each definition with its counts."""

import shlex
from collections.abc import Sequence
from typing import Any, Final

from cc_metrics.measures.reconcile_definitions import SHORT
from cc_metrics.measures.service_level import WORDS
from cc_metrics.model.durations import short
from cc_metrics.model.reconciled import Reckoning, Reconciliation
from cc_metrics.render import words

REPORT: Final = ("cc-metrics", "report", "CALLS")
"""The command that options are added to where nobody says which calls are meant."""

NOTHING: Final = (
    "Nothing that was tried prints it. What else may differ: calls that the export lacks or holds besides (other "
    "queues, test calls, legs of one call), waits counted from another moment (the menu, the ringing), callbacks, "
    "or a mean of intervals instead of pooled counts."
)
_MANY: Final = 10
_PRINTS: Final = {
    "half up": "where halves are rounded up",
    "half even": "where halves are rounded to even",
    "truncated": "where it is cut off, not rounded",
}
_TIMES: Final = ("by the policy's own definition", "that depart in one thing")
_REDIRECTED: Final = {
    "late": "late redirects count",
    "out": "redirects left out",
    "abandoned": "redirects count as abandoned",
}


def figure(found: Reconciliation) -> str:
    """The figure, what is printed so, and which calls it speaks of."""
    spread = f" ({found.figure.spread} is printed so)" if found.figure.spread else ""
    where = "; ".join(f"{words.plain(n)} {', '.join(map(words.plain, v))}" for n, v in found.where.items())
    return f"reported {found.figure.written}{spread}" + (f", of {where}" if where else "")


def period(found: Reconciliation) -> str:
    """The period with its zone, and whether the data cover it."""
    head = found.head
    state = "complete" if head.complete else f"not complete: {words.plain(head.incomplete)}"
    return f"{head.label}  {words.plain(head.timezone or 'times as written')}, {state}"


def own(found: Reconciliation) -> str:
    """What the policy's own definition gives."""
    if not found.own.owed:
        return f"policy {words.plain(found.policy)}: no calls to count"
    said = f"policy {words.plain(found.policy)}: {counts(found.own, found)}, {definition(found.own, found)}"
    return f"{said}: it prints the figure" if _rounded(found.own) else said


def tried(found: Reconciliation) -> list[str]:
    """How many definitions were tried and how many match, and what that proves."""
    if not found.tried:
        return []
    number, printing = (sum(getattr(t, name) for t in found.tried) for name in ("tried", "printing"))
    parts = [f"{words.count(t.printing)} of {words.count(t.tried)} {_departing(t.departures)}" for t in found.tried]
    said = f"of {words.count(number)} definitions {words.count(printing)} {_prints(printing)} {found.figure.written}"
    sentences = [f"{said}: {', '.join(parts)}" if printing else said]
    if printing >= _MANY:
        sentences.append(
            "So many match that the figure does not tell them apart: the fewer departures, the likelier; "
            "more decimals, the counts behind it, or a second day decide."
        )
    products = sum(bool(one.products) for one in found.matches)
    if products:
        which = "is a known product's definition" if products == 1 else "are known products' definitions"
        sentences.append(f"{words.count(products)} of those listed {which}.")
    cut = sum(one.rounding == "truncated" for one in found.matches)
    if cut:
        sentences.append(
            f"{words.count(cut)} of those listed {_prints(cut)} it only if the figure was cut off, not rounded."
        )
    return [*sentences, *([] if found.matches else [NOTHING])]


def _prints(number: int) -> str:
    return "prints" if number == 1 else "print"


def _departing(departures: int) -> str:
    return _TIMES[departures] if departures < len(_TIMES) else f"in {departures}"


def counts(one: Reckoning, found: Reconciliation) -> str:
    """Numerator, denominator and the share to two decimals more than the figure has."""
    decimals = 3 if found.figure.counts else max(2, found.figure.places)
    return f"{words.percent(one.value, decimals)} = {words.count(one.kept)} of {words.count(one.owed)}"


def definition(one: Reckoning, found: Reconciliation) -> str:
    """A definition in words, with its formula."""
    terms = one.terms
    formula = WORDS[terms.formula][0]
    if terms.redirected != "late":
        formula = formula.replace(" + R_L", "")
    said = [f"{terms.formula} = {formula}", f"wait {terms.edge} {short(terms.within_ms)}"]
    if terms.formula in SHORT:
        said.append(f"short up to {short(terms.short_abandon_ms)}")
    if _differs(one, found):
        said.append(_REDIRECTED[terms.redirected])
    return ", ".join([*said, *([words.plain(one.population.words)] if one.population.words else [])])


def _differs(one: Reckoning, found: Reconciliation) -> bool:
    """Whether what becomes of redirected calls makes a difference."""
    return found.redirected and one.terms.formula != "answered_only"


def _rounded(one: Reckoning) -> bool:
    return one.rounding not in (None, "truncated")


def departures(one: Reckoning) -> str:
    """In what a definition differs from the policy's own."""
    return f"departs in {', '.join(one.departures)}" if one.departures else "the policy's own definition"


def beside(one: Reckoning) -> list[str]:
    """How it prints the figure where not everybody does, who defines it so, and what is like it."""
    said = [_PRINTS[one.rounding]] if one.rounding in _PRINTS else []
    if one.products:
        said.append(f"so do: {', '.join(one.products)}")
    if one.alike:
        said.append(f"{words.count(one.alike)} more with the same counts, or departing further beside")
    return said


def command(one: Reckoning, prefix: Sequence[str]) -> str | None:
    """The command that gives it, with `settings` in the policy; None where `report` has no option for it."""
    if one.options is None:
        return None
    line = shlex.join((*prefix, *one.options))
    return line if line.isprintable() else None


def told(one: Reckoning, prefix: Sequence[str]) -> str:
    """What gives it: a command, lines of a policy, or nothing."""
    line = command(one, prefix)
    if line is None:
        return "no option of report gives it"
    return f"with {' and '.join(one.settings)} in the policy: {line}" if one.settings else line


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
