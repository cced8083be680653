"""Promises with a date, the tables of cases and the late list, against the naive reference on random tables."""

import csv
import random
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

import case_reference as ref
from case_fixture import write, written
from cc_metrics import policy, reporting
from cc_metrics.model.report import Judged, Report
from cc_metrics.reporting import Request, Span
from cc_metrics.store import kinds
from cc_metrics.store.given import Given, open_given
from cc_metrics.store.open import Reading

BATCHES, TABLES, PROMISED = 6, 6, 5
HOUR = ref.HOUR
BERLIN, SHANGHAI = "Europe/Berlin", "Asia/Shanghai"
FIRST_DAYS = (
    (BERLIN, date(2013, 10, 23)),  # 25 hours on the 27th
    (BERLIN, date(2013, 3, 27)),  # 23 hours on the 31st, the last of its month
    (BERLIN, date(2016, 2, 25)),
    (SHANGHAI, date(2013, 9, 26)),
    (SHANGHAI, date(2012, 12, 27)),
)
CLOCKS = (time(), time(8), time(8, 30), time(17), time(17, 30), time(22), time(23, 59, 59), time(2, 30), time(12, 7, 3))
OFF = (0, 0, 0, 1, -1, 1000, -1000, 400, 60_000, -60_000)
HOLIDAYS = (date(2013, 10, 28), date(2013, 4, 1), date(2013, 10, 1), date(2013, 1, 1))
DAYS_OFF = ", ".join(f'"{day}"' for day in HOLIDAYS)
CALENDAR = f'[calendar]\nhours = "Mon-Fri 08:30-17:30"\nholidays = [{DAYS_OFF}]'

ALWAYS = ref.Clock(holidays=frozenset(HOLIDAYS))
WORKING = replace(ALWAYS, kind="working", hours=((510, 1050),))
OPEN = replace(WORKING, kind="open")
NIGHT = replace(ALWAYS, quiet=(22 * 60, 8 * 60))
REPAIR, VIP = {"kind": "repair"}, {"tier": "vip"}
SAME_OR_NEXT_DAY = ref.CutOff(((1020, 1440, 0, False), (None, 900, 1, False)))
THREE_RULES = ref.CutOff(((510, 1020, 0, False), (1020, 1440, 1, False), (None, 900, 1, True)))
BY_PLACE = ref.Table(
    (
        ((("tier", "vip"), ("area", "urban")), ref.Within(4 * HOUR)),
        ((("area", "urban"),), ref.Within(24 * HOUR)),
        ((("area", "rural"),), ref.WorkingDays(2)),
    )
)


def _promise(
    lines: str,
    deadline: Any = None,
    clock: ref.Clock = ALWAYS,
    where: Mapping[str, str] | None = None,
    **fields: Any,
) -> tuple[str, ref.Promise]:
    """A promise as a policy says it and as the reference does."""
    named = ", ".join(f'{name} = "{value}"' for name, value in (where or {}).items())
    text = f"{lines}\nwhere = {{ {named} }}" if where else lines
    head = "" if "measure" in lines else 'measure = "turnaround"\n'
    bound = "" if "at_most" in lines else 'target = "90 %"\n'
    return head + bound + text, ref.Promise(deadline, clock=clock, where=tuple((where or {}).items()), **fields)


PROMISES = (
    _promise('within = "24 hours"', ref.Within(24 * HOUR)),
    _promise('within = "24 hours"\nedge = "<"', ref.Within(24 * HOUR, "<"), where=REPAIR),
    _promise('within = "0 s"', ref.Within(0)),
    _promise('within = "8 hours"\nclock = "working"', ref.Within(8 * HOUR), WORKING),
    _promise('within = "9 hours"\nclock = "open"\nedge = "<"', ref.Within(9 * HOUR, "<"), OPEN),
    _promise('within = "4 hours"\nquiet = "22:00-08:00"', ref.Within(4 * HOUR), NIGHT, VIP),
    _promise(
        'within = "4 hours"\nquiet = "22:00-08:00"\nquiet_rule = "move"',
        ref.Within(4 * HOUR),
        replace(NIGHT, moves=True),
    ),
    _promise('within = "2 working days"', ref.WorkingDays(2)),
    _promise('within = "1 working day"', ref.WorkingDays(1), where=REPAIR),
    _promise('cut_off = [{ before = "17:00", due = "24:00" }, { due = "15:00", days = 1 }]', SAME_OR_NEXT_DAY),
    _promise(
        'cut_off = [{ before = "08:30", due = "17:00" }, { before = "17:00", due = "24:00", days = 1 }, '
        '{ due = "15:00", days = 1, working = true }]',
        THREE_RULES,
        where=VIP,
    ),
    _promise(
        'deadlines = [{ where = { tier = "vip", area = "urban" }, within = "4 hours" }, '
        '{ where = { area = "urban" }, within = "24 hours" }, '
        '{ where = { area = "rural" }, within = "2 working days" }]',
        BY_PLACE,
    ),
    _promise(
        'deadlines = [{ where = { area = "rural" }, within = "1 working day" }, { within = "24 hours" }]\nedge = "<"',
        ref.Table(
            (
                ((("area", "rural"),), ref.WorkingDays(1)),
                ((), ref.Within(24 * HOUR, "<")),
            )
        ),
    ),
    _promise('within = "24 hours"\npaused = "off"', ref.Within(24 * HOUR), net=True),
    _promise('within = "8 hours"\nclock = "working"\npaused = "off"', ref.Within(8 * HOUR), WORKING, REPAIR, net=True),
    _promise(
        'from = "dispatched"\nto = "responded"\nwithin = "2 hours"',
        ref.Within(2 * HOUR),
        start="dispatched",
        end="responded",
    ),
    _promise('at_most = "0.72 days"'),
    _promise('at_most = "9 hours"\nclock = "working"\npaused = "off"', None, WORKING, net=True),
    _promise('at_most = "9 hours"\nquiet = "22:00-08:00"', None, NIGHT, REPAIR),
    _promise('at_most = "2 hours"\nfrom = "dispatched"', start="dispatched"),
    _promise(
        'measure = "appointment_kept"\ntolerance = "1 hour"',
        ref.Appointment(HOUR),
        start="appointed",
        end="arrived",
    ),
)


# ---------------------------------------------------------------- random tables


class Maker:
    """Random tables whose moments crowd where deadlines, days and clocks end."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.zone, self.first = self.chance.choice(FIRST_DAYS)
        self.promises = self.chance.sample(PROMISES, PROMISED)

    def moment(self, days: int = 6) -> int:
        """A moment of the first days."""
        day = self.first + timedelta(days=self.chance.randrange(days))
        if self.chance.random() < 0.5:
            return ref.instant(day, self.zone, self.chance.choice(CLOCKS)) + self.chance.choice(OFF)
        return ref.instant(day, self.zone) + self.chance.randrange(24 * HOUR)

    def later(self, start: int) -> int:
        """A moment from another one on."""
        moment = start + self.chance.choice((0, 1, self.chance.randrange(60 * HOUR), 4 * HOUR, 24 * HOUR))
        return max(start, moment if self.chance.random() < 0.6 else self.moment(9))

    def case(self, number: int) -> dict[str, Any]:
        chance = self.chance
        opened = self.moment()
        case: dict[str, Any] = {"case_id": f"c{number}", "opened": opened, **dict.fromkeys((*ref.LATER, "appointed"))}
        case["paused"] = chance.choice((None, 0, 1, HOUR, 7_200_500))
        for name, values in (("kind", ("repair", "move")), ("tier", ("vip", "plain")), ("area", ("urban", "rural"))):
            case[name] = chance.choice((*values, *values, None))
        case["owner"] = chance.choice(("ann", "bob", None))
        if chance.random() < 0.8:
            case["dispatched"] = self.later(opened)
            if chance.random() < 0.7:
                case["responded"] = case["dispatched"] + chance.choice((2 * HOUR, HOUR, 3 * HOUR)) + chance.choice(OFF)
        if chance.random() < 0.5:
            case["appointed"] = self.later(opened)
            if chance.random() < 0.7:
                case["arrived"] = max(opened, case["appointed"] + chance.choice((-1, 0, 1)) * HOUR + chance.choice(OFF))
        if chance.random() < 0.75:
            case["resolved"] = self.done(case)
        return case

    def done(self, case: ref.Case) -> int:
        """When a case is resolved: often at a deadline of its own, to the ms."""
        _, promise = self.chance.choice(self.promises)
        edges = ref.due_of(case, promise, self.zone) if self.chance.random() < 0.7 else None
        least = max(case["opened"], case["dispatched"] or 0)
        return max(least, self.later(least) if edges is None else edges[2] + self.chance.choice(OFF))

    def rows(self) -> list[dict[str, Any]]:
        """Cases with a few rows that stand twice, and a few that say something else of a case."""
        rows = [self.case(number) for number in range(self.chance.choice((1, 3, 12, 30, 30)))]
        again = [dict(self.chance.choice(rows)) for _ in range(2)]
        rows += [row | ({"resolved": self.done(row)} if self.chance.random() < 0.5 else {}) for row in again]
        self.chance.shuffle(rows)
        return rows

    def asked(self, rows: Sequence[ref.Case]) -> dict[str, str]:
        """A period as it may be asked for."""
        chance = self.chance
        day, end = sorted(self.first + timedelta(days=chance.randrange(9)) for _ in range(2))
        spans: tuple[dict[str, str], ...] = (
            {},
            {},
            {"date": str(day)},
            {"start": f"{day} {chance.choice(('00:00', '12:15', '17:00'))}", "end": str(end + timedelta(days=1))},
            {"start": str(day)},
            {"end": f"{end + timedelta(days=1)} 06:30"},
        )
        found = dict(chance.choice(spans))
        if chance.random() < 0.5:
            moment = self.moment(10)
            if chance.random() < 0.3:
                moment = chance.choice([row["resolved"] or row["opened"] for row in rows])
            found["as_of"] = _iso(moment)
        return found


def _iso(ms: int | None) -> str:
    if ms is None:
        return ""
    return (datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=ms)).isoformat(timespec="milliseconds")


def _row(case: ref.Case) -> dict[str, str]:
    moments = {f"{name}_at": _iso(case[name]) for name in ("opened", *ref.LATER, "appointed")}
    rest = ("case_id", "kind", "tier", "area", "owner")
    return moments | {name: case[name] or "" for name in rest} | {"paused_ms": _text(case["paused"])}


def _text(value: int | None) -> str:
    return "" if value is None else str(value)


# ---------------------------------------------------------------- what is compared


def _span(cases: Sequence[ref.Case], zone: str, asked: Mapping[str, str]) -> ref.Span:
    """The period asked for, and up to when anything is known."""
    limit = _moment(asked["as_of"], zone) if "as_of" in asked else None
    now = ref.as_of(cases, zone)
    now = now if limit is None else min(now, limit)
    start, end = ref.touched(cases, zone, None if limit is None else now)
    if "date" in asked:
        day = date.fromisoformat(asked["date"])
        return ref.Span(ref.day_start(day, zone), ref.day_end(day, zone), now)
    start = _moment(asked["start"], zone) if "start" in asked else start
    end = _moment(asked["end"], zone) if "end" in asked else end
    return ref.Span(start, end, now)


def _moment(text: str, zone: str) -> int:
    read = datetime.fromisoformat(text)
    if read.tzinfo is None:
        return ref.instant(read.date(), zone, read.time())
    return (read - datetime.fromtimestamp(0, UTC)) // timedelta(milliseconds=1)


def _compare(folder: Path, maker: Maker, rows: Sequence[dict[str, Any]]) -> None:
    """A table in every way it can be asked for."""
    lines = [text for text, _ in maker.promises]
    rules = policy.load(str(written(folder, *lines, above=CALENDAR, zone=maker.zone)))
    cases = ref.accepted(rows)
    by = ("kind", *maker.chance.sample(("tier", "area", "owner"), maker.chance.randrange(3)))
    source = write(folder / "cases.csv", [_row(row) for row in rows])
    with closing(open_given(kinds.sort([source]), Reading(policy=rules, dimensions=by))) as given:
        for every in ("all", maker.chance.choice(("1d", "1w", "1mo"))):
            asked = maker.asked(rows)
            span = _span(cases, maker.zone, asked)
            if span.start >= span.end:
                continue
            request = Request(by=by, every=every, span=Span(**asked))
            found = reporting.build(given.calls, rules, request, given.beside)
            assert (found.head.as_of, found.head.start, found.head.end) == tuple(
                ref.local(moment, maker.zone).isoformat()
                if moment % 1000 == 0
                else ref.local(moment, maker.zone).isoformat(timespec="milliseconds")
                for moment in (span.as_of, span.start, span.end)
            )
            _compare_promises(found, cases, maker, span)
            _compare_tables(found, cases, maker, span, by, every)
            if every == "all":
                _compare_late(given, rules, request, folder / "late.csv", cases, maker, span)


def _compare_promises(found: Report, cases: Sequence[ref.Case], maker: Maker, span: ref.Span) -> None:
    stock: dict[tuple[str, str | None], tuple[Any, ...]] = {}
    for judged, (text, promise) in zip(found.promises, maker.promises, strict=True):
        if promise.net and not any(case["paused"] is not None for case in cases):
            assert judged.note == "the source records no paused time to take off"
        elif promise.deadline is None:
            _compare_mean(judged, ref.mean(cases, promise, span, maker.zone), span)
        else:
            expected = ref.timeliness(cases, promise, span, maker.zone)
            counts = (judged.row["kept"], judged.row["settled"], judged.row["pending"])
            assert counts == (expected.kept, expected.settled, expected.pending), text
            assert judged.beside == _beside(expected, promise, maker.zone), text
        if promise.deadline is not None:
            expected = ref.timeliness(cases, promise, span, maker.zone)
            for owner in {*expected.overdue, *expected.today, *expected.tomorrow}:
                overdue, ahead = expected.overdue[owner], (expected.today[owner], expected.tomorrow[owner])
                if overdue or any(ahead):
                    oldest = min(expected.oldest[owner]) if overdue else None
                    stock[judged.row["name"], owner] = (len(overdue), oldest, *ahead)
    assert {
        (row["promise"], row["owner"]): (
            row["overdue"],
            None if row["oldest_due"] is None else _moment(row["oldest_due"], maker.zone),
            row["due_today"],
            row["due_tomorrow"],
        )
        for row in found.stock
    } == stock


def _beside(expected: ref.Timeliness, promise: ref.Promise, zone: str) -> tuple[str, ...]:
    """What stands beside timeliness, in the words of the report."""
    said = []
    if expected.closed:
        level = f"{100 * expected.closed_kept / expected.closed:.1f} %"
        said.append(f"closed in the period: {expected.closed_kept} of {expected.closed} in time ({level})")
    overdue = [moment for moments in expected.overdue.values() for moment in moments]
    if overdue:
        day = ref.day_of(min(overdue), zone)
        said.append(f"open and overdue: {len(overdue)}, the oldest since {day.day} {day:%b %Y}")
    today, tomorrow = sum(expected.today.values()), sum(expected.tomorrow.values())
    if today or tomorrow:
        said.append(f"due today {today}, tomorrow {tomorrow}")
    if promise.net:
        settled = expected.gross_settled
        level = f"{100 * expected.gross_kept / settled:.1f} % of {settled}" if settled else "none"
        said.append(f"paused time taken off; with it counted {level}")
    if expected.unstarted:
        said.append(f"{expected.unstarted} opened in the period never began and have no deadline")
    if expected.without_deadline:
        said.append(f"{expected.without_deadline} opened in the period fit no row of the deadlines")
    return tuple(said)


def _compare_mean(judged: Judged, expected: ref.Mean, span: ref.Span) -> None:
    assert (judged.row["settled"], judged.row["pending"]) == (expected.closed, expected.open)
    value = expected.total / expected.closed / 1000 if expected.closed else None
    assert judged.row["value"] == pytest.approx(value)
    floor = (expected.total + expected.open_total) / (expected.closed + expected.open) if expected.open else None
    said = [text for text in judged.beside if "if all were closed now" in text]
    assert len(said) == (floor is not None)
    if floor is not None:
        length = f"{floor / (24 * HOUR):.2f} days" if floor >= 48 * HOUR else f"{floor / HOUR:.1f} hours"
        limit = 1000 * judged.row["target"]
        breaks = expected.closed and expected.total <= limit * expected.closed and floor > limit
        word = f"kept so far: {expected.open} open cases would break it" if breaks else f"{expected.open} open"
        assert said == [f"{word}; the mean if all were closed now: {length}"]


def _compare_tables(
    found: Report, cases: Sequence[ref.Case], maker: Maker, span: ref.Span, by: Sequence[str], every: str
) -> None:
    promises = [promise for _, promise in maker.promises]
    spans = {None: span} if every == "all" else ref.intervals(span, every, maker.zone)
    expected = {
        (start, *group): row
        for start, part in spans.items()
        for group, row in ref.table(cases, promises, part, maker.zone, by).items()
    }
    rows = {(row["start"], *(row[name] for name in by)): row for row in found.cases}
    assert len(rows) == len(found.cases)
    for group, row in expected.items():
        happened = every == "all" or row["opened"] + row["closed"] + row["due"]
        assert group in rows or not happened, group
    for group, row in rows.items():
        told = {name: value for name, value in expected[group].items() if every == "all" or not _of_the_end(name)}
        assert {name: row[name] for name in told} == pytest.approx(told), (group, every)


def _of_the_end(name: str) -> bool:
    """Whether a column is told for a whole period alone."""
    return name in ("oldest_open_s", "floor_mean_s")


def _compare_late(
    given: Given,
    rules: policy.Policy,
    request: Request,
    path: Path,
    cases: Sequence[ref.Case],
    maker: Maker,
    span: ref.Span,
) -> None:
    reporting.write_late(given.calls, rules, request, path, given.beside)
    with path.open(newline="", encoding="utf-8") as file:
        rows = [
            (row["promise"], row["case_id"], _known(row["due_at"]), _known(row["done_at"]), float(row["late_by_s"]))
            for row in csv.DictReader(file)
        ]
    expected = []
    for name, (_, promise) in zip("abcde", maker.promises, strict=True):
        if promise.deadline is not None:
            late = ref.timeliness(cases, promise, span, maker.zone).late
            ordered = sorted(late, key=lambda one: (one[1], one[0]))
            expected += [(name, case, due, done, by / 1000) for case, due, done, by in ordered]
    assert rows == expected


def _known(text: str) -> int | None:
    return _moment(text, "UTC") if text else None


@pytest.mark.parametrize("batch", range(BATCHES))
def test_random_tables(tmp_path, batch):
    for number in range(TABLES):
        maker = Maker(batch * 1_000 + number)
        _compare(tmp_path, maker, maker.rows())
