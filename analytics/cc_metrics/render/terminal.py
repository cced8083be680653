"""The report on a terminal: what it is about, the verdicts, the day by half-hours, what lies behind them, warnings."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from cc_metrics.language import told, translated
from cc_metrics.model.report import Judged, Report, Row
from cc_metrics.render import beside, fields, grid, halfhours, naming, row_accounting, sentences, verdicts, words
from cc_metrics.render.fields import Field
from cc_metrics.render.grid import Grid

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

Section = Callable[[Report, "Console"], "list[Text]"]

_HEAD: Final = 78  # where the policy's name ends
_INDENT: Final = 8  # of what stands below a verdict
_FIGURES: Final = 3  # verdict, name and figure stay on a promise's line
_MOST_SAID: Final = 3  # sentences of a list
_SHORTEST_NAME: Final = 18  # "FCR 24 h of 19 Aug"
_LONGEST_WHEN: Final = 16
_LONGEST_FIGURE: Final = 12  # what a longer one is of stands below it
_BAR: Final = (10, 32)  # least and most cells of a bar
_FULL, _SHADE = "█", "░"
_INK: Final = {
    "kept": "bold green",
    "missed": "bold red",
    **dict.fromkeys(("not_judged", "no_data", "undecided"), "bold yellow"),
}


def show(report: Report, width: int, colour: bool) -> str:
    """The report as text of at most *width* cells a line; colour only repeats what words say."""
    to = grid.console(width, colour)
    with to.capture() as capture:
        for section in SECTIONS:
            lines = section(report, to)
            for line in lines:
                line.rstrip()
                to.print(line, no_wrap=True, overflow="ignore", crop=False)
            if lines:
                to.print()
    return capture.get().rstrip("\n") + "\n"


def _head(report: Report, to: "Console") -> "list[Text]":
    about, policy = "  ".join(sentences.period(report)), words.plain(report.policy.name)
    taken = grid.cells(about) + 2 + grid.cells(policy)
    end = min(to.width, max(_HEAD, taken))
    second = translated("policy {name}", name=policy)
    first = [f"{about}{' ' * (2 + end - taken)}{policy}"] if taken <= end else [about, second]
    head = [line for said in first for line in _wrapped(said, to)]
    for line in head:
        line.stylize("bold")
    traffic = [line for said in sentences.traffic(report) for line in _wrapped(said, to)]
    definition = sentences.definition(report)
    return [*head, *traffic, *_verdicts(report, to), *(_wrapped(definition, to) if definition else [])]


def _verdicts(report: Report, to: "Console") -> "list[Text]":
    """A line for each promise and below it what must be known beside it; so does a margin that finds no room."""
    if not report.promises:
        return []
    table = _verdict_fields(report.promises)
    below = [[*_of(j), *verdicts.details(j, report.policy)] for j in report.promises]
    wide = Grid(to.width, titled=False)
    layout = wide if wide.need(table) <= to.width else replace(wide, gap=1)
    while len(table) > _FIGURES and (layout.need(table) > to.width or _confused(table, layout)):
        moved = table.pop().cells
        below = [[cell.strip(), *said] for cell, said in zip(moved, below, strict=True)]
    names, room = table[1].cells, layout.widths(table)[1]
    found = []
    for i, line in enumerate(layout.lines(table)):
        days = report.promises[i].days if grid.cells(names[i]) > room else ""  # they were cut off with the name
        found.append(line)
        settled = translated("settled days: {days}", days=words.plain(days)) if days else ""
        for sentence in (settled, *below[i]):
            found += _wrapped(sentence, to, indent=_INDENT) if sentence else []
    return found


def _confused(table: Sequence[Field], layout: Grid) -> bool:
    """Whether names that differ would read alike once they are cut."""
    names, room = table[1].cells, layout.widths(table)[1]
    return len({grid.shortened(name, room) for name in names}) < len(set(names))


def _verdict_fields(judged: Sequence[Judged]) -> list[Field]:
    figures, margins = [verdicts.figure(j) for j in judged], [verdicts.margin(j) for j in judged]
    aligned = [pair for pair in figures if grid.cells(pair[0]) <= _LONGEST_FIGURE]
    value, of = (max((grid.cells(pair[i]) for pair in aligned), default=0) for i in range(2))
    items = max(len(number) for number, _ in margins)
    whens = [grid.shortened(words.plain(j.promise.when), _LONGEST_WHEN) for j in judged]
    targets = [verdicts.target(j.promise, when) for j, when in zip(judged, whens, strict=True)]
    return [
        Field("", tuple(verdicts.verdict(j) for j in judged), left=True, ink=_ink()),
        Field("", tuple(naming.names(judged)), left=True, least=_SHORTEST_NAME),
        Field(
            "",
            tuple(
                translated("{part} of {whole}", part=grid.right(part, value), whole=grid.right(whole, of))
                if (part, whole) in aligned
                else part
                for part, whole in figures
            ),
        ),
        Field("", tuple(f" {target}" for target in targets), left=True),
        Field("", tuple(verdicts.margin_said(number.rjust(items), word) for number, word in margins), left=True),
    ]


def _ink() -> tuple[tuple[str, str], ...]:
    """Patterns of the verdicts' words, each with its colour."""
    return tuple((f"^{told(words.VERDICTS[name])}$", style) for name, style in _INK.items())


def _of(judged: Judged) -> list[str]:
    """What a figure is of that is too long to stand with it on the line."""
    figure, whole = verdicts.figure(judged)
    return [translated("of {whole}", whole=whole)] if grid.cells(figure) > _LONGEST_FIGURE else []


def _halfhours(report: Report, to: "Console") -> "list[Text]":
    found: list[Text] = []
    days = halfhours.days(report)
    most = max((row.get("denominator") or 0 for day in days for row in day.rows), default=0)
    for day in days:
        clocks = Field(translated("from"), (*day.clocks, translated("all")), left=True)
        table = [clocks, *fields.traffic([*day.rows, day.all])]
        layout = Grid(to.width)
        chosen = Grid(to.width - layout.gap - _BAR[0]).fit(table)
        space = min(to.width - layout.need(chosen) - layout.gap, _BAR[1])
        bars = tuple(_bar(row, most, space) for row in day.rows) if space >= _BAR[0] else ()
        if any(bars):
            chosen.append(Field("", (*bars, ""), left=True, ink=((f"{_SHADE}+", "red"),)))
        legend = translated("{full} in time, {shade} late", full=_FULL, shade=_SHADE)
        title = f"{day.title}  ({legend})" if any(bars) else day.title
        found += [_title(title), *layout.lines(chosen), _plain("")]
    return found[:-1]


def _bar(row: Row, most: int, space: int) -> str:
    """What was owed in a half-hour, in time and late."""
    late, owed = halfhours.late(row), row.get("denominator") or 0
    if late is None or not owed:
        return ""
    cells = max(1, round(owed / most * space))
    shaded = round(late / owed * cells)
    return _FULL * (cells - shaded) + _SHADE * shaded


def _worst(report: Report, to: "Console") -> "list[Text]":
    said = halfhours.worst(report)
    return [_title(translated("worst half-hours")), *(line for s in said for line in _wrapped(s, to))] if said else []


def _why(report: Report, to: "Console") -> "list[Text]":
    """What separates results from promises and from other days, in few lines: other outputs say more."""
    found: list[Text] = []
    for title, said in beside.sections(report, _MOST_SAID):
        found += [*([_plain("")] if found else []), _title(title), *(line for s in said for line in _wrapped(s, to))]
    return found


def _breakdown(report: Report, to: "Console") -> "list[Text]":
    asked = sentences.breakdown(report, translated(", "))
    return _section(asked, fields.breakdown(report), [], to) if asked else []


def _reasons(report: Report, to: "Console") -> "list[Text]":
    return _section(translated("top reasons"), fields.reasons(report), [], to) if report.reasons else []


def _resolution(report: Report, to: "Console") -> "list[Text]":
    said = [line for s in sentences.behind_resolution(report) for line in _wrapped(s, to)]
    if not any(row.get("answered") for row in (*report.first_call_resolution, *report.latest)):
        return []
    table = Grid(to.width).lines(fields.resolution(report)) if report.first_call_resolution else []
    return [_title(sentences.resolution(report)), *table, *said]


def _turnaround(report: Report, to: "Console") -> "list[Text]":
    if not report.cases:
        return []
    return _section(translated("turnaround"), fields.turnaround(report), [told(sentences.TURNAROUND)], to)


def _stock(report: Report, to: "Console") -> "list[Text]":
    title = translated("open cases by promise and owner")
    return _section(title, fields.stock(report), sentences.left_out(report), to) if report.stock else []


def _answers(report: Report, to: "Console") -> "list[Text]":
    return _section(translated("answers"), fields.answers(report), [], to) if report.answers else []


def _section(title: str, table: Sequence[Field], said: Sequence[str], to: "Console") -> "list[Text]":
    return [_title(title), *Grid(to.width).lines(table), *(line for s in said for line in _wrapped(s, to))]


def _accounting(report: Report, to: "Console") -> "list[Text]":
    return [line for said in row_accounting.accounting(report) for line in _wrapped(said, to)]


def _notes(report: Report, to: "Console") -> "list[Text]":
    found = [line for note in sentences.notes(report) for line in _wrapped(note, to)]
    for line in found:
        line.highlight_regex(rf"^{translated('warning')} \[.*?\]", "bold yellow")
    return found


def _wrapped(sentence: str, to: "Console", indent: int = 0) -> "list[Text]":
    return [_plain(" " * indent + line) for line in grid.wrapped(sentence, max(1, to.width - indent))]


def _title(title: str) -> "Text":
    line = _plain(title)
    line.stylize("bold")
    return line


def _plain(text: str) -> "Text":
    from rich.text import Text

    return Text(text)


SECTIONS: Final[Sequence[Section]] = (
    _head,
    _halfhours,
    _worst,
    _why,
    _breakdown,
    _reasons,
    _resolution,
    _turnaround,
    _stock,
    _answers,
    _accounting,
    _notes,
)
