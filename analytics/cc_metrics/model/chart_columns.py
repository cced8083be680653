"""The columns of the tables behind a report's pictures and its words on why and since when.

JSON writes every one of them, so that each mark of a picture can be checked.
"""

from typing import Final

from cc_metrics.model.columns import column

WAITS: Final = (
    column("outcome", "outcome", "text", "answered, abandoned or redirected"),
    column("from_s", "from", "seconds", "lower end of the class; with <= a wait equal to it lies in the class before"),
    column("to_s", "to", "seconds", "upper end of the class; null for the last, which is open"),
    column("calls", "calls", "count", "calls of the period with a wait in the class"),
)

HEATMAP: Final = (
    column("weekday", "weekday", "text", "Monday to Sunday"),
    column("clock", "half-hour", "text", "start of the half-hour on the local clock"),
    column("days", "days", "count", "days pooled in it that have calls"),
    column("offered", "offered", "count", "calls offered"),
    column("denominator", "of", "count", "the denominator of the service level"),
    column("in_time", "in time", "count", "its numerator"),
    column("service_level", "level", "share", "service level by the report's terms, counts pooled"),
)

DAYS: Final = (
    column("start", "day", "moment", "local date"),
    column("offered", "offered", "count", "calls offered"),
    column("denominator", "of", "count", "the denominator of the service level"),
    column("in_time", "in time", "count", "its numerator"),
    column("service_level", "level", "share", "service level of the day by the report's terms"),
    column("baseline", "baseline", "flag", "whether the day is one of those that centre and limits come from"),
    column("centre", "usual", "share", "the usual level of this weekday in the baseline; null with too few days"),
    column("low", "lower limit", "share", "control limit: 3 mean moving ranges / 1.128 below, on the logit scale"),
    column("high", "upper limit", "share", "control limit above"),
    column(
        "signal",
        "signal",
        "text",
        "below or above where the day, taken as (in time + 0.5) / (of + 1) like every day, lies outside the limits",
    ),
)

CURVES: Final = (
    column("kind", "kind", "text", "kind of case"),
    column("elapsed_s", "elapsed", "length", "time from opening to resolution"),
    column("closed", "closed", "count", "cases closed in the period that took at most so long"),
    column("share", "share", "share", "of all cases of the kind closed in the period"),
)

CONTRIBUTIONS: Final = (
    column("promise", "promise", "text", "the missed promise; null for all calls of the report by the policy's terms"),
    column("dimension", "by", "text", "interval (half-hour), queue, tier or reason"),
    column("value", "value", "text", "start of the half-hour, or the value; null where it is not recorded"),
    column("offered", "offered", "count", "calls offered"),
    column("owed", "of", "count", "calls owed an answer in time"),
    column("late", "late", "count", "owed and not in time"),
    column("share_of_late", "share of late", "share", "late / all that were late"),
    column("allowed", "allowed", "points", "late calls for which the target leaves room: (1 - target) owed"),
    column("above", "above", "points", "late - allowed; a list adds up to what separates result and promise"),
    column(
        "usual_offered",
        "usual",
        "points",
        "offered, median of the last 8 same weekdays; null below 5 and where only the calls tell the value",
    ),
    column("mean_handle_s", "AHT", "seconds", "mean handle time"),
    column("usual_handle_s", "usual AHT", "seconds", "mean handle time, median of the same weekdays"),
)

CAUSES: Final = (
    column("promise", "promise", "text", "the missed promise"),
    column("cause", "cause", "text", "volume, handle_time, staff or other"),
    column("against", "against", "text", "forecast or usual: what the half-hours are compared with"),
    column("late", "explains", "points", "late calls above what the target allows; the list adds up"),
    column(
        "change", "change", "share", "relative change of volume or handle time over the half-hours; null for others"
    ),
    column("agents", "agents", "points", "mean number of agents short in the half-hours; only for staff"),
)

COMPARISONS: Final = (
    column("promise", "promise", "text", "the promise; null for all calls of the report"),
    column("figure", "figure", "text", "service_level, offered or the promise's measure"),
    column("with", "with", "text", "day_before, week_before, period_before or fixed_mix"),
    column("start", "then", "moment", "start of what it is compared with"),
    column("value", "now", "share", "the figure of the period; a count for offered"),
    column("before", "then", "share", "the same figure then"),
    column("points", "difference", "share", "value - before"),
    column("items", "in items", "points", "the difference in calls of this period"),
    column("low", "lowest", "share", "lowest of the last 8 same weekdays, holidays out; null below 5 days"),
    column("high", "highest", "share", "highest of them"),
    column("days", "days", "count", "how many same weekdays are known"),
    column("word", "word", "text", "within, better or worse than any of them; null below 5 days"),
)

MONTHS: Final = (
    column("promise", "promise", "text", "the promise"),
    column("month", "month", "text", "year and month"),
    column("to", "up to", "moment", "last day counted"),
    column("settled", "of", "count", "settled so far"),
    column("kept", "kept", "count", "kept so far"),
    column("value", "so far", "share", "kept / settled"),
    column("target", "target", "share", "the share promised"),
    column("days_left", "days left", "count", "days of the month after the last day counted, closed days out"),
    column("expected", "expected", "points", "items expected on them: the mean of the same weekdays so far"),
    column("needed", "needed", "share", "level that the days left need for the month to reach its target"),
    column("state", "state", "text", "open, safe, out_of_reach, or done when no day is left"),
)

STAFFING: Final = (
    column("start", "from", "moment", "start of the interval"),
    column("offered", "offered", "count", "calls offered"),
    column("forecast_offered", "forecast", "points", "calls forecast"),
    column("mean_handle_s", "AHT", "seconds", "mean handle time"),
    column("forecast_handle_s", "forecast AHT", "seconds", "handle time forecast"),
    column("rostered", "rostered", "points", "agents rostered"),
    column("present", "present", "points", "agents present"),
    column("service_level", "level", "share", "service level by the report's terms"),
)

TABLES: Final = {
    "waits": WAITS,
    "heatmap": HEATMAP,
    "days": DAYS,
    "curves": CURVES,
    "contributions": CONTRIBUTIONS,
    "causes": CAUSES,
    "comparisons": COMPARISONS,
    "months": MONTHS,
    "staffing": STAFFING,
}
