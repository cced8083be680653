"""The period beside others, in words: earlier days and months, the month so far, what was planned."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Final

from cc_metrics.language import counted, translated
from cc_metrics.model.report import Report, Row
from cc_metrics.render import naming, words

_USUAL_DAYS: Final = 8
_WEEKDAYS: Final[Mapping[str | None, Callable[[], str]]] = {
    "Monday": lambda: translated("Mondays"),
    "Tuesday": lambda: translated("Tuesdays"),
    "Wednesday": lambda: translated("Wednesdays"),
    "Thursday": lambda: translated("Thursdays"),
    "Friday": lambda: translated("Fridays"),
    "Saturday": lambda: translated("Saturdays"),
    "Sunday": lambda: translated("Sundays"),
}


def compared(report: Report) -> list[str]:
    """A sentence for each figure that is compared, all calls first: "All calls: 80.8 %; the day before 82.1 %: ..."."""
    figures: dict[tuple[str | None, str], list[Row]] = {}
    for row in report.comparisons:
        figures.setdefault((row["promise"], row["figure"]), []).append(row)
    names, said = _names(report), []
    for (promise, figure), rows in figures.items():
        name = translated("All calls") if promise is None else names.get(promise, words.plain(promise))
        parts = [_compared(row, figure) for row in rows] + _usual(rows[0], report.head.weekday)
        value = words.count(rows[0]["value"]) if figure == "offered" else words.percent(rows[0]["value"])
        if figure == "offered":
            value = translated("{number} offered", number=value)
        said.append(_of(name, translated("; ").join([value, *parts])))
    return said


def months(report: Report) -> list[str]:
    """The month so far of each promise and what the days left need."""
    names = _names(report)
    shapes = {j.promise.name: j.promise.shape for j in report.promises}
    return [
        _of(names.get(row["promise"], words.plain(row["promise"])), _month(row, shapes.get(row["promise"])))
        for row in report.months
    ]


def staffed(report: Report) -> list[str]:
    """What was planned beside what came, over the half-hours for which it was planned."""
    said = (_volume(report.staffing), _handled(report.staffing), _present(report.staffing))
    return [sentence for sentence in said if sentence]


def _volume(rows: Sequence[Row]) -> str:
    both = [row for row in rows if None not in (row["forecast_offered"], row["offered"])]
    if not both:
        return ""
    came, forecast = (sum(row[name] for row in both) for name in ("offered", "forecast_offered"))
    return translated(
        "{came} calls came in the half-hours planned, {forecast} were forecast{change}",
        came=words.count(came),
        forecast=words.count(round(forecast)),
        change=_change(came, forecast),
    )


def _handled(rows: Sequence[Row]) -> str:
    both = [row for row in rows if None not in (row["forecast_handle_s"], row["mean_handle_s"], row["offered"])]
    weights = sum(row["offered"] for row in both)
    if not weights:
        return ""
    took, planned = (sum(row["offered"] * row[name] for row in both) / weights for name in _HANDLE)
    return translated(
        "handle time {took}, forecast {planned}{change}",
        took=words.seconds(took),
        planned=words.seconds(planned),
        change=_change(took, planned),
    )


def _present(rows: Sequence[Row]) -> str:
    both = [row for row in rows if None not in (row["rostered"], row["present"])]
    if not both:
        return ""
    rostered, present = (sum(row[name] for row in both) / len(both) for name in ("rostered", "present"))
    return translated(
        "{present} of {rostered} agents rostered were present on average",
        present=f"{present:,.1f}",
        rostered=f"{rostered:,.1f}",
    )


_HANDLE: Final = ("mean_handle_s", "forecast_handle_s")


def _change(now: float, then: float) -> str:
    """The relative change in brackets; nothing of nothing."""
    if not then:
        return ""
    change = now / then - 1
    return f" ({'+' if change >= 0 else '-'} {words.percent(abs(change))})"


def _of(name: str, sentence: str) -> str:
    return translated("{name}: {sentence}", name=name, sentence=sentence)


def _names(report: Report) -> dict[str, str]:
    return {j.promise.name: name for j, name in zip(report.promises, naming.names(report.promises), strict=True)}


def _compared(row: Row, figure: str) -> str:
    then = _then(row)
    if figure == "offered":
        return _fewer(then, row)
    before = words.percent(row["before"])
    points = f"{abs(row['points']) * 100:.1f}"
    if row["with"] == "fixed_mix":
        return translated("with the tiers' shares of the month before it would be {before}", before=before)
    if points == "0.0":
        return translated("{then} {before}: no difference", then=then, before=before)
    calls = counted("{n} call", "{n} calls", round(abs(row["items"])))
    better = (row["points"] > 0) == (figure == "service_level")
    if better:
        return translated(
            "{then} {before}: {points} points better ({calls})", then=then, before=before, points=points, calls=calls
        )
    return translated(
        "{then} {before}: {points} points worse ({calls})", then=then, before=before, points=points, calls=calls
    )


def _fewer(then: str, row: Row) -> str:
    before, more = words.count(row["before"]), row["items"]
    if not more:
        return translated("{then} {before}: no difference", then=then, before=before)
    number = words.count(abs(more))
    if more > 0:
        return translated("{then} {before}: {number} more", then=then, before=before, number=number)
    return translated("{then} {before}: {number} fewer", then=then, before=before, number=number)


def _then(row: Row) -> str:
    if row["with"] == "day_before":
        return translated("the day before")
    if row["with"] == "week_before":
        return translated("a week before")
    return translated("the period before")


def _usual(row: Row, weekday: str | None) -> list[str]:
    """Where the figure lies in the range of the last same weekdays."""
    low, high = row["low"], row["high"]
    if low is None or high is None:
        return []
    days, known = _WEEKDAYS.get(weekday, lambda: translated("days"))(), row["days"]
    which = (
        translated("the last {number} {weekdays}", number=known, weekdays=days)
        if known == _USUAL_DAYS
        else translated("{known} of the last {number} {weekdays}", known=known, number=_USUAL_DAYS, weekdays=days)
    )
    if row["figure"] == "offered":
        span = f"{words.count(round(low))} - {words.count(round(high))}"
        return [translated("{days}: {span}", days=which, span=span)]
    if row["word"] == "within":
        span = words.spread(low, high)
        return [translated("within its usual range of {days}, {span}", days=which, span=span)]
    if row["word"] == "better":
        return [translated("better than any of {days}", days=which)]
    return [translated("worse than any of {days}", days=which)]


def _month(row: Row, shape: str | None) -> str:
    goal_share = Fraction(row["target"]).limit_denominator(1_000_000)
    decimals = words.apart(row["value"], goal_share)
    value, settled = words.percent(row["value"], decimals), words.count(row["settled"])
    goal = words.percent(goal_share, words.target_decimals(goal_share))
    if shape == "rate_at_most":
        return _room(row, value, settled, goal)
    if row["state"] == "done":
        return translated(
            "{value} of {settled} in the whole month, promised {goal}", value=value, settled=settled, goal=goal
        )
    if row["state"] == "safe":
        return translated(
            "{value} of {settled} so far; {goal} is safe whatever the days left bring",
            value=value,
            settled=settled,
            goal=goal,
        )
    if row["state"] == "out_of_reach":
        return translated(
            "{value} of {settled} so far; {goal} is out of reach", value=value, settled=settled, goal=goal
        )
    needed = words.percent(row["needed"], words.apart(row["needed"], goal_share))
    return counted(
        "{value} of {settled} so far; {goal} needs {needed} on the day left",
        "{value} of {settled} so far; {goal} needs {needed} on the {n} days left",
        row["days_left"],
        value=value,
        settled=settled,
        goal=goal,
        needed=needed,
    )


def _room(row: Row, value: str, settled: str, goal: str) -> str:
    """The same for a limit."""
    if row["state"] == "done":
        return translated(
            "{value} of {settled} in the whole month, at most {goal}", value=value, settled=settled, goal=goal
        )
    if row["state"] == "safe":
        return translated(
            "{value} of {settled} so far; at most {goal} is safe whatever the days left bring",
            value=value,
            settled=settled,
            goal=goal,
        )
    if row["state"] == "out_of_reach":
        return translated(
            "{value} of {settled} so far; at most {goal} is out of reach", value=value, settled=settled, goal=goal
        )
    return counted(
        "{value} of {settled} so far; at most {goal} leaves {room} for the day left",
        "{value} of {settled} so far; at most {goal} leaves {room} for the {n} days left",
        row["days_left"],
        value=value,
        settled=settled,
        goal=goal,
        room=words.percent(row["needed"]),
    )
