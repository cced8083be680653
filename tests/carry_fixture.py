"""Reports day by day with the calls kept of the days before, to be compared with reports on all days together."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from cc_metrics import reporting
from cc_metrics.model.promise import Policy
from cc_metrics.model.report import Report
from cc_metrics.store import carry, pseudonyms
from cc_metrics.store.open import Reading, open_sources
from cc_metrics.store.pseudonyms import Pseudonyms

HEADER = "call_id,offered_at,outcome,wait_ms,talk_ms,queue,tier,reason,customer_id,agent_id,transferred"
MINUTE = 60


class Runs:
    """A folder in which reports by one policy leave calls for those after them."""

    def __init__(self, folder: Path, rules: Policy, zone: str = "UTC") -> None:
        self.folder, self.rules, self.zone = folder, rules, zone
        self.by: tuple[str, ...] = ()
        self.pseudonyms: Pseudonyms | None = None
        self.kept = folder / "carry.parquet"

    def report(self, files: Sequence[Path], day: str, *, alone: bool = False, save: bool = True) -> Report:
        """The report on a day; *alone*: by the files themselves, with nothing kept before or after."""
        request = reporting.Request(by=self.by, span=reporting.Span(date=day), pictures=False)
        dimensions = reporting.dimensions(request, self.rules)
        reading = Reading(None, self.zone, self.rules, dimensions, pseudonyms=self.pseudonyms)
        opened = open_sources(tuple(files), reading)
        try:
            if alone:
                return reporting.build(opened, self.rules, request)
            secret = pseudonyms.made(self.folder / "secret")
            carry.use(opened, self.rules, self.kept, secret)
            found = reporting.build(opened, self.rules, request)
            if save:
                carry.save(opened, self.rules, self.kept, secret)
            return found
        finally:
            opened.close()

    def now(self, **terms: object) -> None:
        """Let the policy's first-call resolution have other terms."""
        self.rules = replace(self.rules, resolution=replace(self.rules.resolution, **terms))


def resolved(report: Report) -> tuple[object, ...]:
    """All that a report says of first-call resolution and repeat calls."""
    asked = ("first_call_resolution", "repeat_calls")
    judged = [(j.row, j.days, j.note) for j in report.promises if j.promise.measure in asked]
    return report.first_call_resolution, report.latest, judged


def export(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    """A CSV of rows in the order of HEADER, the second a moment in UTC seconds."""
    lines = [HEADER]
    for call_id, offered, *rest in rows:
        moment = datetime.fromtimestamp(float(str(offered)), UTC).isoformat(timespec="milliseconds")
        lines.append(",".join(map(str, (call_id, moment, *rest))))
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def midnight(day: date, zone: str) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).timestamp())


def days(
    folder: Path, first: date, number: int, zone: str, seed: int, *, without: Sequence[int] = (), customers: int = 40
) -> dict[str, Path]:
    """Exports of so many days, by day: few customers who call often, legs, calls around every midnight."""
    made, found = random.Random(seed), {}
    for place in range(number):
        if place in without:
            continue
        day = first + timedelta(days=place)
        start, end = (midnight(day + timedelta(days=n), zone) for n in (0, 1))
        rows = [row for n in range(60) for row in _calls(made, f"{day:%m%d}-{n}", start, end, customers)]
        at = [start, start + 1, end - 1, end - 0.001]  # the edges of the day, so that it counts as covered
        rows += [
            (f"{day:%m%d}-e{n}", moment, "answered", 0, 2000, "q1", "vip", "bill", "edge", "", "")
            for n, moment in enumerate(at)
        ]
        found[day.isoformat()] = export(folder / f"calls-{day}.csv", rows)
    return found


def _calls(made: random.Random, name: str, start: int, end: int, customers: int) -> list[tuple[object, ...]]:
    """A call, and at times the leg that it was transferred to."""
    customer = made.choice([*(f"c{n}" for n in range(customers)), ""])
    at = made.choice([made.randrange(start, end), made.randrange(start, end), end - made.randrange(1, 15 * MINUTE)])
    talk = made.choice([20_000, 600_000, 1_800_000])
    outcome = made.choice(["answered", "answered", "abandoned", "redirected"])
    beside = (made.choice(["q1", "q2"]), made.choice(["vip", "普通"]), made.choice(["bill", "fault", ""]), customer)
    transferred = outcome == "answered" and made.random() < 0.3
    rows: list[tuple[object, ...]] = [(name, at, outcome, 3000, talk, *beside, "A1", str(transferred).lower())]
    leg = at + 3 + talk // 1000 + made.choice([-5, 0, 5, 6])
    if transferred and start <= leg < end:
        rows.append((f"{name}-leg", leg, "answered", 0, 60_000, *beside, "A2", "false"))
    return rows
