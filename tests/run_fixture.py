"""A configuration with exports of some days beside it, and the run of a report by it."""

import json
from datetime import date, timedelta

from cli_fixture import run

HEADER = "call_id,offered_at,outcome,wait_ms,talk_ms,tier,queue,customer_id\n"
CONFIG = """\
[report.morning]
calls = ["exports/calls-{date}.csv"]
tz = "Asia/Shanghai"
outputs = ["out/report-{date}.json", "out/{name}.parquet"]
"""
DAY = "2013-08-20"


def export(folder, day, calls=48, *, hours=24):
    """A day with a call every so often in the first *hours* of it, the last of them half an hour before their end."""
    minutes = hours * 60 / max(calls, 1)
    rows = []
    for n in range(calls):
        minute = int(n * minutes) if n < calls - 1 else hours * 60 - 30
        outcome = "abandoned,3000," if n % 5 == 4 else f"answered,{n % 3 * 10_000 + 10_000},60000"
        tier = "vip" if n % 2 else "ordinary"
        rows.append(f"{day}-{n},{day} {minute // 60:02}:{minute % 60:02}:00,{outcome},{tier},sales,k{n}\n")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"calls-{day}.csv"
    path.write_text(HEADER + "".join(rows))
    return path


def made(folder, *days, config=CONFIG, calls=48):
    """The configuration in a folder, and exports of days."""
    path = folder / "cc-metrics.toml"
    path.write_text(config, encoding="utf-8")
    for day in days:
        export(folder / "exports", day, calls)
    return path


def weeks(last, number):
    """The same weekday of the weeks before a day, oldest first."""
    end = date.fromisoformat(last)
    return [(end - timedelta(weeks=n)).isoformat() for n in range(number, 0, -1)]


def morning(config, *more, day=DAY):
    """Run the report of a day."""
    return run("run", "morning", "--config", config, "--date", day, *more)


def contents(folder):
    """Every file below a folder that is not a lock or a log, with its bytes."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in {".lock", "runs.jsonl"}
    }


def logged(folder, name="morning"):
    """The lines of the log of runs."""
    path = folder / "history" / name / "runs.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
