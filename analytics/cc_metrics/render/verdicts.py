"""A promise and its verdict in words: short name, figure, target, margin, and what stands below them."""

from fractions import Fraction
from typing import Final

from cc_metrics.model.durations import short
from cc_metrics.model.promise import Policy, Promise, ServiceTerms
from cc_metrics.model.report import Judged
from cc_metrics.render import case_words, naming, words

_FEW: Final = 30  # METRICS 4: below it, say what one item weighs
_UNWEIGHED: Final = ("mean_at_most", "mean_at_least", "none_over")
_LEVELS: Final = ("service_level", "intervals_on_target", "months_below")


def verdict(judged: Judged) -> str:
    """The verdict's word."""
    return words.VERDICTS.get(judged.row.get("verdict"), "") or words.plain(judged.row["verdict"])


def figure(judged: Judged) -> tuple[str, str]:
    """The value and what it is of: ("91.4 %", "2,310")."""
    promise, row = judged.promise, judged.row
    of_cases = case_words.figure(judged)
    if of_cases is not None:
        return of_cases
    if promise.shape == "mean_at_most":
        return _mean(row.get("value"), promise.target), words.count(row.get("settled"), none="n/a")
    decimals = words.apart(row.get("value"), promise.target, promise.target_decimals)
    return words.percent(row.get("value"), decimals, none="n/a"), words.count(row.get("settled"), none="n/a")


def _mean(value: float | None, most: Fraction) -> str:
    """A mean in words, to the millisecond where fewer would not tell it from its limit."""
    text = words.seconds(value, none="n/a")
    alike = value is not None and value != most and text == words.seconds(float(most))
    return f"{value:,.3f} s" if alike else text


def target(promise: Promise, when: str | None = None) -> str:
    """What was promised, reached or stated, and *when* (its own words, unless shorter ones are given)."""
    value = _bound(promise)
    when = words.plain(promise.when) if when is None else when
    if promise.kind == "stated":  # its verdict column says so already
        return f"{when}: {value}" if when else value
    return f"{promise.kind} {when}: {value}" if when else f"{promise.kind} {value}"


def _bound(promise: Promise) -> str:
    of_cases = case_words.bound(promise)
    if of_cases is not None:
        return of_cases
    if promise.shape == "none_over":
        return f"none over {short(promise.service.within_ms)}"
    if promise.shape == "mean_at_most":
        return f"at most {short(int(promise.target * 1_000))}"
    most = "" if promise.shape != "rate_at_most" else "under " if promise.strict else "at most "
    return f"{most}{words.percent(promise.target, words.target_decimals(promise.target))}"


def margin(judged: Judged) -> tuple[str, str]:
    """Items to spare or short, in two parts: ("436", "short"); ("", "") where there is none."""
    items = judged.row.get("margin")
    if items is None:
        return "", ""
    if judged.promise.shape == "none_over":
        return (words.count(-items), case_words.lacking(judged.promise)) if items else ("", "")
    lacking = "over" if judged.promise.shape == "rate_at_most" else "short"
    return words.count(abs(items)), "to spare" if items >= 0 else lacking


def details(judged: Judged, policy: Policy) -> list[str]:
    """What the reader must know beside the figure, one sentence each."""
    promise, note = judged.promise, words.plain(judged.note)
    said = [_each(promise), _own_terms(promise, policy), *case_words.own_terms(promise), note, _bounds(judged)]
    if "weighs" not in note and promise.shape not in _UNWEIGHED:
        said.append(_weight(judged))
    said += [case_words.pending(judged), *map(words.plain, judged.beside), case_words.sampled(judged), _outlook(judged)]
    return [sentence for sentence in said if sentence]


def service_terms(terms: ServiceTerms) -> str:
    """Formula, threshold and what becomes of redirected calls: the definition behind a service level."""
    redirected = {
        "late": "late redirects count",
        "out": "redirects left out",
        "abandoned": "redirects count as abandoned",
    }[terms.redirected]
    floor = f", short up to {short(terms.short_abandon_ms)}" if "short" in terms.formula else ""
    return f"{terms.formula}{floor}, wait {terms.edge} {short(terms.within_ms)}, {redirected}"


def _own_terms(promise: Promise, policy: Policy) -> str:
    """The promise's own definition, where it differs from the policy's in more than its name tells."""
    if promise.measure == "first_call_resolution":
        asked, usual = promise.resolution, policy.resolution
        flag = ", by the source's own word" if asked.basis == "flag" else ""
        return "" if (asked.unit, asked.basis) == (usual.unit, usual.basis) else f"by {asked.unit}{flag}"
    if promise.measure not in _LEVELS:
        return ""
    mine, common = promise.service, policy.service
    alike = (mine.formula, mine.edge, mine.redirected) == (common.formula, common.edge, common.redirected)
    return "" if alike else service_terms(mine)


def _each(promise: Promise) -> str:
    """What an interval must reach to be on target, or of what a month's level is."""
    if promise.measure == "months_below":
        return f"level of a month: calls in {short(promise.service.within_ms)}"
    if promise.measure != "intervals_on_target":
        return ""
    each = words.percent(promise.each, words.target_decimals(promise.each))
    return f"on target: {each} of a {_item(promise)}'s calls in {short(promise.service.within_ms)}"


def _bounds(judged: Judged) -> str:
    bounds = judged.row.get("bounds")
    if not bounds or None in bounds:
        return ""
    low, high = (words.percent(end) for end in bounds)
    items = f"{_item(judged.promise) or 'item'}s"
    return f"between {low.removesuffix(' %')} and {high} whatever the unrecorded {items} were"


def _weight(judged: Judged) -> str:
    settled, item = judged.row.get("settled"), _item(judged.promise)
    if not settled or settled >= _FEW or not item:
        return ""
    return f"one {item} weighs {100 / settled:.1f} points"


def _item(promise: Promise) -> str:
    if promise.measure == "intervals_on_target":
        return naming.interval(promise)
    return promise.resolution.unit if promise.measure == "first_call_resolution" else case_words.item(promise)


def _outlook(judged: Judged) -> str:
    """The one line that comes of an interval; it speaks of days like these, never of the period."""
    row, goal = judged.row, judged.promise.target
    low, high, outlook = row.get("low"), row.get("high"), row.get("outlook")
    if low is None or high is None or outlook is None:
        return ""
    decimals = max(words.apart(low, goal), words.apart(high, goal))
    wanted = words.percent(goal, words.target_decimals(goal))
    source = "Customers" if row.get("interval") == "customers" else "Days"
    return (
        f"{source} like these put the usual level at {words.spread(low, high, decimals)}: "
        f"{_ending(judged.promise, outlook, wanted)} (approximate, {words.count(row.get('clusters'))} {source.lower()})"
    )


def _ending(promise: Promise, outlook: str, wanted: str) -> str:
    staffed = promise.about == "calls" and promise.measure != "first_call_resolution"
    keeper = "this staffing" if staffed else "this service"
    if outlook == "too_close":
        return f"too close to {wanted} to say that {keeper} keeps it"
    good = (outlook == "above") != (promise.shape == "rate_at_most")
    return f"{outlook} {wanted}, {keeper} {'keeps' if good else 'does not keep'} it"
