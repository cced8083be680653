"""A promise and its verdict in words: short name, figure, target, margin, and what stands below them."""

from fractions import Fraction
from typing import Final

from cc_metrics.language import Said, said, told, translated
from cc_metrics.model.durations import short
from cc_metrics.model.promise import Policy, Promise, ServiceTerms
from cc_metrics.model.report import Judged
from cc_metrics.render import case_words, naming, words

_FEW: Final = 30  # METRICS 4: below it, say what one item weighs
_UNWEIGHED: Final = ("mean_at_most", "mean_at_least", "none_over")
_LEVELS: Final = ("service_level", "intervals_on_target", "months_below")
_FORMULAS: Final = {
    "all_offered": said("all_offered"),
    "exclude_abandons_within": said("exclude_abandons_within"),
    "exclude_short_abandons": said("exclude_short_abandons"),
    "abandons_within_count": said("abandons_within_count"),
    "short_abandons_count": said("short_abandons_count"),
    "answered_only": said("answered_only"),
}
_REDIRECTED: Final = {
    "late": said("late redirects count"),
    "out": said("redirects left out"),
    "abandoned": said("redirects count as abandoned"),
}


def verdict(judged: Judged) -> str:
    """The verdict's word."""
    return told(words.VERDICTS.get(judged.row.get("verdict"), "")) or words.plain(judged.row["verdict"])


def figure(judged: Judged) -> tuple[str, str]:
    """The value and what it is of: ("91.4 %", "2,310")."""
    promise, row = judged.promise, judged.row
    of_cases = case_words.figure(judged)
    if of_cases is not None:
        return of_cases
    if promise.shape == "mean_at_most":
        return _mean(row.get("value"), promise.target), words.count(row.get("settled"), none=words.NOT_KNOWN)
    decimals = words.apart(row.get("value"), promise.target, promise.target_decimals)
    return words.percent(row.get("value"), decimals, none=words.NOT_KNOWN), words.count(
        row.get("settled"), none=words.NOT_KNOWN
    )


def _mean(value: float | None, most: Fraction) -> str:
    """A mean in words, to the millisecond where fewer would not tell it from its limit."""
    text = words.seconds(value, none=words.NOT_KNOWN)
    alike = value is not None and value != most and text == words.seconds(float(most))
    return translated("{n} s", n=f"{value:,.3f}") if alike else text


def target(promise: Promise, when: str | None = None) -> str:
    """What was promised, reached or stated, and *when* (its own words, unless shorter ones are given)."""
    value = _bound(promise)
    when = words.plain(promise.when) if when is None else when
    if promise.kind == "stated":  # its verdict column says so already
        return translated("{when}: {value}", when=when, value=value) if when else value
    if promise.kind == "reached":
        return (
            translated("reached {when}: {value}", when=when, value=value)
            if when
            else translated("reached {value}", value=value)
        )
    if when:
        return translated("promised {when}: {value}", when=when, value=value)
    return translated("promised {value}", value=value)


def _bound(promise: Promise) -> str:
    of_cases = case_words.bound(promise)
    if of_cases is not None:
        return of_cases
    if promise.shape == "none_over":
        return translated("none over {length}", length=short(promise.service.within_ms))
    if promise.shape == "mean_at_most":
        return translated("at most {most}", most=short(int(promise.target * 1_000)))
    share = words.percent(promise.target, words.target_decimals(promise.target))
    return case_words.at_most(promise, share)


def margin(judged: Judged) -> tuple[str, str]:
    """Items to spare or short, in two parts: ("436", "short"); ("", "") where there is none."""
    items = judged.row.get("margin")
    if items is None:
        return "", ""
    if judged.promise.shape == "none_over":
        return (words.count(-items), case_words.lacking(judged.promise)) if items else ("", "")
    if items >= 0:
        return words.count(items), translated("to spare")
    return words.count(-items), translated("over") if judged.promise.shape == "rate_at_most" else translated("short")


def margin_said(number: str, word: str) -> str:
    """The two parts of a margin as one: "436 short"."""
    return translated("{number} {word}", number=number, word=word).rstrip()


def details(judged: Judged, policy: Policy) -> list[str]:
    """What the reader must know beside the figure, one sentence each."""
    promise, note = judged.promise, words.plain(judged.note)
    found = [_each(promise), _own_terms(promise, policy), *case_words.own_terms(promise), note, _bounds(judged)]
    if "weighs" not in judged.note and promise.shape not in _UNWEIGHED:
        found.append(_weight(judged))
    found += [case_words.pending(judged), *map(words.plain, judged.beside)]
    found += [case_words.sampled(judged), _outlook(judged)]
    return [sentence for sentence in found if sentence]


def service_terms(terms: ServiceTerms) -> str:
    """Formula, threshold and what becomes of redirected calls: the definition behind a service level."""
    found = {
        "formula": formula(terms.formula),
        "edge": terms.edge,
        "within": short(terms.within_ms),
        "redirected": redirected(terms),
    }
    if "short" not in terms.formula:
        return translated("{formula}, wait {edge} {within}, {redirected}", **found)
    return translated(
        "{formula}, short up to {floor}, wait {edge} {within}, {redirected}",
        floor=short(terms.short_abandon_ms),
        **found,
    )


def redirected(terms: ServiceTerms) -> str:
    """What becomes of redirected calls."""
    return told(_REDIRECTED[terms.redirected])


def formula(name: str) -> str:
    """A formula by its name in policies; a language may have words of the field for it."""
    return told(_FORMULAS.get(name, name))


def _own_terms(promise: Promise, policy: Policy) -> str:
    """The promise's own definition, where it differs from the policy's in more than its name tells."""
    if promise.measure == "first_call_resolution":
        asked, usual = promise.resolution, policy.resolution
        if (asked.unit, asked.basis) == (usual.unit, usual.basis):
            return ""
        if asked.basis == "flag":
            return translated("by {unit}, by the source's own word", unit=told(words.ITEMS[asked.unit][0]))
        return translated("by {unit}", unit=told(words.ITEMS[asked.unit][0]))
    if promise.measure not in _LEVELS:
        return ""
    mine, common = promise.service, policy.service
    alike = (mine.formula, mine.edge, mine.redirected) == (common.formula, common.edge, common.redirected)
    return "" if alike else service_terms(mine)


def _each(promise: Promise) -> str:
    """What an interval must reach to be on target, or of what a month's level is."""
    if promise.measure == "months_below":
        return translated("level of a month: calls in {length}", length=short(promise.service.within_ms))
    if promise.measure != "intervals_on_target":
        return ""
    each = words.percent(promise.each, words.target_decimals(promise.each))
    return translated(
        "on target: {share} of a {interval}'s calls in {length}",
        share=each,
        interval=naming.interval(promise)[0],
        length=short(promise.service.within_ms),
    )


def _bounds(judged: Judged) -> str:
    bounds = judged.row.get("bounds")
    if not bounds or None in bounds:
        return ""
    low, high = (words.points_of(end) for end in bounds)
    item = _item(judged.promise)
    items = item[1] if item else translated("items")
    return translated(
        "between {low} and {high} % whatever the unrecorded {items} were", low=low, high=high, items=items
    )


def _weight(judged: Judged) -> str:
    settled, item = judged.row.get("settled"), _item(judged.promise)
    if not settled or settled >= _FEW or not item:
        return ""
    return translated("one {item} weighs {points} points", item=item[0], points=f"{100 / settled:.1f}")


def _item(promise: Promise) -> tuple[Said, Said] | None:
    """One and many of what is counted; None where no single one weighs."""
    if promise.measure == "intervals_on_target":
        return naming.interval(promise)
    name = promise.resolution.unit if promise.measure == "first_call_resolution" else case_words.item(promise)
    return words.ITEMS.get(name)


def _outlook(judged: Judged) -> str:
    """The one line that comes of an interval; it speaks of days like these, never of the period."""
    row, goal = judged.row, judged.promise.target
    low, high, outlook = row.get("low"), row.get("high"), row.get("outlook")
    if low is None or high is None or outlook is None:
        return ""
    decimals = max(words.apart(low, goal), words.apart(high, goal))
    wanted = words.percent(goal, words.target_decimals(goal))
    found = {
        "levels": words.spread(low, high, decimals),
        "outlook": _ending(judged.promise, outlook, wanted),
        "n": words.count(row.get("clusters")),
    }
    if row.get("interval") == "customers":
        return translated(
            "Customers like these put the usual level at {levels}: {outlook} (approximate, {n} customers)", **found
        )
    return translated("Days like these put the usual level at {levels}: {outlook} (approximate, {n} days)", **found)


def _ending(promise: Promise, outlook: str, wanted: str) -> str:
    staffed = promise.about == "calls" and promise.measure != "first_call_resolution"
    keeper = translated("this staffing") if staffed else translated("this service")
    if outlook == "too_close":
        return translated("too close to {target} to say that {keeper} keeps it", target=wanted, keeper=keeper)
    good = (outlook == "above") != (promise.shape == "rate_at_most")
    if outlook == "above":
        return (
            translated("above {target}, {keeper} keeps it", target=wanted, keeper=keeper)
            if good
            else translated("above {target}, {keeper} does not keep it", target=wanted, keeper=keeper)
        )
    return (
        translated("below {target}, {keeper} keeps it", target=wanted, keeper=keeper)
        if good
        else translated("below {target}, {keeper} does not keep it", target=wanted, keeper=keeper)
    )
