"""Service level: the share of calls answered within the threshold, under six formulas (METRICS 2)."""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import Any, Final

from cc_metrics.language import said
from cc_metrics.measures.shares import outcome, seconds, share
from cc_metrics.model.calls import OUTCOMES
from cc_metrics.model.promise import ServiceTerms

WORDS: Final = {
    "all_offered": ("A_T / (A + B + R_L)", "answered in time / all offered, late redirects count"),
    "exclude_abandons_within": ("A_T / (A + B - B_T + R_L)", "abandons within the threshold left out"),
    "exclude_short_abandons": ("A_T / (A + B - B_s + R_L)", "short abandons left out"),
    "abandons_within_count": ("(A_T + B_T) / (A + B + R_L)", "abandons within the threshold count as kept"),
    "short_abandons_count": ("(A_T + B_s) / (A + B + R_L)", "short abandons count as kept"),
    "answered_only": ("A_T / A", "answered in time / answered"),
}

LETTERS: Final = said(
    "A answered, A_T of them within the threshold; B abandoned, B_T within the threshold, B_s short ones; "
    "R redirected, R_L after the threshold"
)

_BY_ABANDONED: Final = (
    "exclude_abandons_within",
    "exclude_short_abandons",
    "abandons_within_count",
    "short_abandons_count",
)
"""The formulas that hang on how long abandoned calls waited."""


_BY_WAIT: Final = {
    "answered": ("answered_within",),
    "abandoned": ("abandoned_within", "short_abandoned"),
    "redirected": ("redirected_within", "short_redirected"),
}
"""The counts of each outcome that take its waits."""

MEANING: Final = "Service level: the share of calls answered within the threshold, by the formula named."


def needs(terms: ServiceTerms) -> dict[str, str]:
    """The aggregates over summary rows that the formulas need, alias -> SQL."""
    return {
        "answered": outcome("answered"),
        "abandoned": outcome("abandoned"),
        "redirected": outcome("redirected"),
        "answered_within": outcome("answered", within(terms)),
        "abandoned_within": outcome("abandoned", within(terms)),
        "redirected_within": outcome("redirected", within(terms)),
        "short_abandoned": outcome("abandoned", f"bin <= {2 * terms.short_abandon_ms // 1000}"),
        "short_redirected": outcome("redirected", f"bin <= {2 * terms.short_abandon_ms // 1000}"),
        **without_wait(),
    }


def without_wait() -> dict[str, str]:
    """The aggregates that count the calls of each outcome whose wait is not recorded, alias -> SQL."""
    return {f"{word}_without_wait": outcome(word, "bin IS NULL") for word in OUTCOMES}


def within(terms: ServiceTerms) -> str:
    """SQL that holds for summary rows within the threshold, which is a whole second."""
    return f"bin {terms.edge} {2 * terms.within_ms // 1000}"


def figures(counts: Mapping[str, Any], terms: ServiceTerms) -> dict[str, Any]:
    """Public columns from the counts of one group; a level is None where what it is made of is not known."""
    known = _told(counts)
    parts = _parts(known, terms)
    kept_and_owed = parts[terms.formula]
    return {
        "offered": _sum(counts["answered"], _sum(counts["abandoned"], counts["redirected"])),
        "answered": counts["answered"],
        "abandoned": counts["abandoned"],
        "redirected": counts["redirected"],
        "answered_within": known["answered_within"],
        "abandoned_within": known["abandoned_within"],
        "short_abandoned": known["short_abandoned"],
        "redirected_late": _less(counts["redirected"], known["redirected_within"]),
        "within_s": seconds(terms.within_ms),
        "denominator": kept_and_owed[1] if kept_and_owed else None,
        "service_level": share(*kept_and_owed) if kept_and_owed else None,
        "formulas": {name: share(*pair) if pair else None for name, pair in parts.items()},
    }


def level(counts: Mapping[str, Any], terms: ServiceTerms) -> dict[str, Any]:
    """The level of one group under the formula named, with the calls offered and what it is a share of."""
    in_time, owed = share_parts(counts, terms, terms.formula) or (None, None)
    return {
        "offered": _sum(counts["answered"], _sum(counts["abandoned"], counts["redirected"])),
        "denominator": owed,
        "in_time": in_time,
        "service_level": None if in_time is None or owed is None else share(in_time, owed),
    }


def pooled(groups: Sequence[Mapping[str, Any]], names: Iterable[str]) -> dict[str, Any]:
    """The counts of some *names* of several groups together; what one of them does not tell is not known.

    >>> pooled([{"answered": 2, "abandoned": 1}, {"answered": 3, "abandoned": None}], ["answered", "abandoned"])
    {'answered': 5, 'abandoned': None}
    """
    return {name: reduce(_sum, (group[name] for group in groups)) for name in names}


def unwaited(counts: Mapping[str, Any], formula: str) -> tuple[str, ...]:
    """The outcomes whose waits a formula takes and whose calls do not all have one recorded.

    >>> counts = {"answered_without_wait": 0, "abandoned_without_wait": 3, "redirected_without_wait": 0}
    >>> unwaited(counts, "all_offered"), unwaited(counts, "exclude_short_abandons")
    ((), ('abandoned',))
    """
    taken = OUTCOMES if formula in _BY_ABANDONED else ("answered", "redirected")
    return tuple(word for word in taken if counts[f"{word}_without_wait"])


def _told(counts: Mapping[str, Any]) -> Mapping[str, Any]:
    """The counts, None for those that take the waits of an outcome whose calls do not all have one recorded."""
    lacking = [name for word, names in _BY_WAIT.items() if counts[f"{word}_without_wait"] for name in names]
    return {**counts, **dict.fromkeys(lacking)} if lacking else counts


def share_parts(counts: Mapping[str, Any], terms: ServiceTerms, formula: str) -> tuple[int, int] | None:
    """(numerator, denominator) of a formula; redirected calls count as the terms say. None: a part is not known.

    >>> icmi = dict(answered=1000, abandoned=60, redirected=0, answered_within=860, abandoned_within=20,
    ...             redirected_within=0, short_abandoned=10, short_redirected=0,
    ...             answered_without_wait=0, abandoned_without_wait=0, redirected_without_wait=0)
    >>> for f in WORDS: print(f"{100 * share(*share_parts(icmi, ServiceTerms(), f)):.2f}")
    81.13
    82.69
    81.90
    83.02
    82.08
    86.00
    """
    return _parts(_told(counts), terms)[formula]


def _parts(counts: Mapping[str, Any], terms: ServiceTerms) -> dict[str, tuple[int, int] | None]:
    """(numerator, denominator) of every formula."""
    a, a_t = counts["answered"], counts["answered_within"]
    b, b_t, b_s = counts["abandoned"], counts["abandoned_within"], counts["short_abandoned"]
    late = _less(counts["redirected"], counts["redirected_within"]) if terms.redirected == "late" else 0
    if terms.redirected == "abandoned":
        b, b_t = _sum(b, counts["redirected"]), _sum(b_t, counts["redirected_within"])
        b_s = _sum(b_s, counts["short_redirected"])
    everyone = _sum(_sum(a, b), late)
    pairs = {
        "all_offered": (a_t, everyone),
        "exclude_abandons_within": (a_t, _less(everyone, b_t)),
        "exclude_short_abandons": (a_t, _less(everyone, b_s)),
        "abandons_within_count": (_sum(a_t, b_t), everyone),
        "short_abandons_count": (_sum(a_t, b_s), everyone),
        "answered_only": (a_t, a),
    }
    return {name: None if kept is None or owed is None else (kept, owed) for name, (kept, owed) in pairs.items()}


def _sum(one: int | None, other: int | None) -> int | None:
    """A sum of counts; not known where one of them is not."""
    return None if one is None or other is None else one + other


def _less(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one - other
