"""The table of output columns: every output is written from it, in this order.

To add a measure's figure, add its row here; JSON, CSV, Markdown, terminal and notebook follow.
"""

from dataclasses import dataclass
from typing import Final, Literal

from cc_metrics.language import Said, said

Kind = Literal["text", "moment", "count", "share", "seconds", "length", "points", "shares", "sentences", "flag"]
"""What a column holds. seconds and length are both in seconds: of a call, and of a case that may take days."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its fixed *name*, a *title* for people in their language, what *kind* of value, what it means."""

    name: str
    title: Said
    kind: Kind
    meaning: str


def column(name: str, title: str, kind: Kind, meaning: str) -> Column:
    """A column whose *title* is a message."""
    return Column(name, said(title), kind, meaning)


CALLS: Final = (
    column("start", "from", "moment", "start of the interval in the reporting zone; null when not split by time"),
    column("offered", "offered", "count", "calls offered to people: answered + abandoned + redirected"),
    column("answered", "answered", "count", "calls that reached a person"),
    column("abandoned", "abandoned", "count", "callers who hung up while waiting"),
    column("redirected", "redirected", "count", "left the queue without a person and without hanging up"),
    column("answered_within", "in time", "count", "answered within the threshold"),
    column("abandoned_within", "abandoned in time", "count", "abandoned within the threshold"),
    column("short_abandoned", "short abandons", "count", "abandoned within the short-abandon floor"),
    column("redirected_late", "redirected late", "count", "redirected after the threshold"),
    column("within_s", "threshold", "seconds", "the threshold"),
    column("denominator", "of", "count", "the denominator of the service level under the formula named"),
    column("service_level", "level", "share", "service level under the formula named"),
    column("formulas", "formulas", "shares", "service level under every formula"),
    column("connect_rate", "connected", "share", "answered / offered"),
    column("abandonment_rate", "abandonment", "share", "abandoned / (answered + abandoned)"),
    column("mean_wait_s", "ASA", "seconds", "mean wait of answered calls, zeros included"),
    column("p50_wait_s", "P50", "seconds", "half of the answered calls waited at most so many whole seconds"),
    column("p90_wait_s", "P90", "seconds", "90 % of the answered calls waited at most so many whole seconds"),
    column("p95_wait_s", "P95", "seconds", "95 % of the answered calls waited at most so many whole seconds"),
    column("longest_wait_s", "longest", "seconds", "longest wait of an answered call"),
    column("longest_abandoned_s", "longest abandoned", "seconds", "longest wait of an abandoned call"),
    column("mean_handle_s", "AHT", "seconds", "talk + hold + wrap-up over answered calls with talk recorded"),
    column("mean_talk_s", "talk", "seconds", "mean talk of answered calls with talk recorded"),
    column("mean_hold_s", "hold", "seconds", "mean hold over the same calls, unrecorded counts 0"),
    column("mean_wrap_s", "wrap-up", "seconds", "mean wrap-up over the same calls, unrecorded counts 0"),
    column("transferred", "transferred", "count", "answered calls that were transferred"),
    column("under_10_s", "under 10 s", "count", "answered calls with less than 10 s of talk"),
)

FIRST_CALL_RESOLUTION: Final = (
    column("start", "from", "moment", "start of the interval in which the calls ended; null when not split by time"),
    column("basis", "basis", "text", "repeat: no further contact; flag: the source's own word"),
    column("unit", "unit", "text", "call or issue"),
    column("window_s", "window", "seconds", "length of the repeat window"),
    column("answered", "answered", "count", "answered calls (issues: answered issues)"),
    column("with_key", "with key", "count", "of them with a known customer key"),
    column("too_recent", "too recent", "count", "of them with a window that is still open"),
    column("eligible", "settled", "count", "of them with a window that was wholly observed"),
    column("resolved", "resolved", "count", "settled and without a repeat"),
    column("value", "resolved first time", "share", "resolved / settled"),
    column("naive", "naive", "share", "without a repeat so far / all with a key, settled or not"),
    column("kaplan_meier", "Kaplan-Meier", "share", "estimate with unfinished windows; null for less than a day"),
    column("repeat_rate", "repeat calls", "share", "answered calls in a window with k or more, over answered with key"),
    column("settled_from", "settled from", "moment", "first day with settled calls"),
    column("settled_to", "settled to", "moment", "last day with settled calls"),
)

PROMISES: Final = (
    column("name", "promise", "text", "the promise in words"),
    column("measure", "measure", "text", "what is measured"),
    column("where", "of", "text", "which calls, cases or answers"),
    column("shape", "shape", "text", "how it is kept"),
    column("kind", "kind", "text", "promised, reached or stated by the document"),
    column("target", "target", "share", "the share, rate, seconds or points promised"),
    column("within_s", "within", "seconds", "by when; null where the deadline is no single length"),
    column("basis", "basis", "text", "census or sample"),
    column("owed", "owed", "count", "what was owed in the period"),
    column("settled", "settled", "count", "of it, what can be judged"),
    column("kept", "kept", "count", "of that, what was kept; for a rate at most, what was counted against the limit"),
    column("pending", "pending", "count", "owed and not settled yet"),
    column("value", "value", "share", "kept / settled, or the mean"),
    column("verdict", "verdict", "text", "kept, missed, undecided, no_data, not_judged; null when only stated"),
    column("margin", "margin", "count", "items to spare (+) or short (-)"),
    column("bounds", "bounds", "shares", "lowest and highest value that unrecorded items allow"),
    column("low", "low", "share", "lower end of the interval: for days like these, or of a sample"),
    column("high", "high", "share", "upper end of the interval"),
    column("interval", "interval", "text", "what the interval was made from: days, customers, or how: wilson, exact"),
    column("clusters", "clusters", "count", "how many of them"),
    column("outlook", "outlook", "text", "above, below or too_close to the target"),
    column("note", "note", "text", "why there is no verdict, or what must be known beside it"),
    column("beside", "beside", "sentences", "figures that belong to this one, a sentence each"),
)

CASES: Final = (
    column("start", "from", "moment", "start of the interval in the reporting zone; only when split by time"),
    column("opened", "opened", "count", "cases opened in the period"),
    column("closed", "closed", "count", "cases closed in it, whenever they were opened"),
    column("open", "open", "count", "cases open at its end"),
    column("due", "due", "count", "cases whose deadline fell in it, each once; by the policy's promises"),
    column("in_time", "in time", "count", "of those due, done by their deadline"),
    column("overdue_open", "overdue", "count", "open at its end and past their deadline"),
    column("oldest_open_s", "oldest open", "length", "for how long the oldest of the open cases has been open"),
    column("mean_s", "mean", "length", "mean time from opening to resolution of the cases closed"),
    column("floor_mean_s", "if closed now", "length", "the mean if all open cases were closed now: it can only grow"),
    column("p50_s", "P50", "length", "half of the cases closed took at most so long"),
    column("p90_s", "P90", "length", "90 % of the cases closed took at most so long"),
    column("longest_s", "cases\x04longest", "length", "longest time of a case closed"),
)

STOCK: Final = (
    column("promise", "promise", "text", "the promise in words"),
    column("owner", "owner", "text", "who has the case now; null where it is not recorded"),
    column("overdue", "overdue", "count", "open cases past their deadline"),
    column("oldest_due", "oldest deadline", "moment", "the earliest deadline among them"),
    column("due_today", "due today", "count", "open cases that fall due on the day of as_of"),
    column("due_tomorrow", "tomorrow", "count", "open cases that fall due on the day after"),
)

ANSWERS: Final = (
    column("channel", "channel", "text", "how the customer was asked"),
    column("segment", "segment", "text", "which customers"),
    column("asked", "asked", "count", "customers asked in the period"),
    column("answered", "survey\x04answered", "count", "of them, those who answered"),
    column("response_rate", "survey\x04response", "share", "answered / asked"),
    column("satisfied", "satisfied", "count", "of those who answered, the satisfied"),
    column("satisfaction", "satisfaction", "share", "satisfied / answered"),
    column("low", "95 % from", "share", "lower end of the Wilson interval of the satisfaction"),
    column("high", "to", "share", "upper end of the Wilson interval of the satisfaction"),
    column("mean_score", "mean score", "points", "mean of the scores given"),
)

TABLES: Final = {
    "calls": CALLS,
    "intervals": CALLS,
    "first_call_resolution": FIRST_CALL_RESOLUTION,
    "promises": PROMISES,
    "cases": CASES,
    "stock": STOCK,
    "answers": ANSWERS,
}
"""The tables of a report that people read as tables; those behind pictures and words stand in chart_columns."""
