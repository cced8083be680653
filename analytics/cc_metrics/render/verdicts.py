"""A promise and its verdict in words: short name, figure, target, margin, and what stands below them."""

from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Final

from cc_metrics.model.durations import short
from cc_metrics.model.promise import Policy, Promise, ServiceTerms
from cc_metrics.model.report import Judged
from cc_metrics.render import words

_FEW: Final = 30  # METRICS 4: below it, say what one item weighs
_EVERY: Final = {"15m": "quarter-hour", "30m": "half-hour", "1h": "hour", "1d": "day", "1w": "week", "1mo": "month"}
_LONGEST_ACRONYM: Final = 3


def names(judged: Sequence[Judged]) -> list[str]:
    """Short names, one each; promises that would share one keep their own."""
    shortened = [short_name(j.promise) for j in judged]
    shared = Counter(shortened)
    chosen = [words.plain(j.promise.name) if shared[s] > 1 else s for s, j in zip(shortened, judged, strict=True)]
    return [f"{name} of {words.plain(j.days)}" if j.days else name for name, j in zip(chosen, judged, strict=True)]


def short_name(promise: Promise) -> str:
    """Who and by when, in a few words; a measure without short words keeps the promise's own name."""
    name = _NAMES.get(promise.measure)
    return name(_who(promise), promise) if name else words.plain(promise.name)


def _answered(who: str, promise: Promise) -> str:
    word = "under" if promise.service.edge == "<" else "in"
    return f"{who or 'Calls'} {word} {short(promise.service.within_ms)}"


def _on_target(who: str, promise: Promise) -> str:
    return f"{who} {_EVERY.get(promise.every, 'interval')}s on target".strip().capitalize()


def _repeated(who: str, promise: Promise) -> str:
    window = short(promise.resolution.window_ms)
    return f"{who} repeat calls {window}" if who else f"Repeat calls {window}"


_NAMES: Final[dict[str, Callable[[str, Promise], str]]] = {
    "service_level": _answered,
    "intervals_on_target": _on_target,
    "repeat_calls": _repeated,
    "first_call_resolution": lambda who, promise: f"{who} FCR {short(promise.resolution.window_ms)}".strip(),
    "abandonment": lambda who, _: f"{who} abandoned" if who else "Abandoned",
    "mean_wait": lambda who, _: f"{who} ASA".strip(),
    "mean_handle": lambda who, _: f"{who} AHT".strip(),
    "longest_wait": lambda who, promise: f"{who or 'Nobody'} over {short(promise.service.within_ms)}",
}


def _who(promise: Promise) -> str:
    """The values a promise is about: VIP for vip, Ordinary for ordinary."""
    several = ["+".join(_spelt(v) for v in values) for _, values in sorted(promise.where.items())]
    return " ".join(several)


def _spelt(value: str) -> str:
    shown = words.recorded(value)
    return shown.upper() if len(shown) <= _LONGEST_ACRONYM else shown[0].upper() + shown[1:]


def verdict(judged: Judged) -> str:
    """The verdict's word."""
    return words.VERDICTS.get(judged.row.get("verdict"), "") or words.plain(judged.row["verdict"])


def figure(judged: Judged) -> tuple[str, str]:
    """The value and what it is of: ("91.4 %", "2,310")."""
    promise, row = judged.promise, judged.row
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
    if promise.shape == "none_over":
        return f"none over {short(promise.service.within_ms)}"
    if promise.shape == "mean_at_most":
        return f"at most {short(int(promise.target * 1_000))}"
    most = "at most " if promise.shape == "rate_at_most" else ""
    return f"{most}{words.percent(promise.target, words.target_decimals(promise.target))}"


def margin(judged: Judged) -> tuple[str, str]:
    """Items to spare or short, in two parts: ("436", "short"); ("", "") where there is none."""
    items = judged.row.get("margin")
    if items is None:
        return "", ""
    if judged.promise.shape == "none_over":
        return (words.count(-items), "late") if items else ("", "")
    lacking = "over" if judged.promise.shape == "rate_at_most" else "short"
    return words.count(abs(items)), "to spare" if items >= 0 else lacking


def details(judged: Judged, policy: Policy) -> list[str]:
    """What the reader must know beside the figure, one sentence each."""
    said = [_each(judged.promise), _own_terms(judged.promise, policy), words.plain(judged.note), _bounds(judged)]
    if "weighs" not in judged.note and judged.promise.shape not in ("mean_at_most", "none_over"):
        said.append(_weight(judged))
    return [sentence for sentence in (*said, _outlook(judged)) if sentence]


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
    if promise.measure not in {"service_level", "intervals_on_target"}:
        return ""
    mine, common = promise.service, policy.service
    alike = (mine.formula, mine.edge, mine.redirected) == (common.formula, common.edge, common.redirected)
    return "" if alike else service_terms(mine)


def _each(promise: Promise) -> str:
    """What an interval must reach to be on target."""
    if promise.measure != "intervals_on_target":
        return ""
    each = words.percent(promise.each, words.target_decimals(promise.each))
    return f"on target: {each} of a {_item(promise)}'s calls in {short(promise.service.within_ms)}"


def _bounds(judged: Judged) -> str:
    bounds = judged.row.get("bounds")
    if not bounds or None in bounds:
        return ""
    low, high = (words.percent(end) for end in bounds)
    return f"between {low.removesuffix(' %')} and {high} whatever the unrecorded calls were"


def _weight(judged: Judged) -> str:
    settled = judged.row.get("settled")
    if not settled or settled >= _FEW:
        return ""
    return f"one {_item(judged.promise)} weighs {100 / settled:.1f} points"


def _item(promise: Promise) -> str:
    if promise.measure == "intervals_on_target":
        return _EVERY.get(promise.every, "interval")
    return promise.resolution.unit if promise.measure == "first_call_resolution" else "call"


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
    keeper = "this service" if promise.measure == "first_call_resolution" else "this staffing"
    if outlook == "too_close":
        return f"too close to {wanted} to say that {keeper} keeps it"
    good = (outlook == "above") != (promise.shape == "rate_at_most")
    return f"{outlook} {wanted}, {keeper} {'keeps' if good else 'does not keep'} it"
