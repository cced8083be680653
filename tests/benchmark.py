"""How fast, as ratios taken side by side in one run: the report against hand-written statements and pandas.

    python tests/benchmark.py parquet calls.parquet      # the report, three statements, pandas
    python tests/benchmark.py csv calls.csv
    python tests/benchmark.py large calls.parquet        # one report: seconds, peak memory, spill
    python tests/benchmark.py small                      # a report on 1,000 calls against bare imports
    python tests/benchmark.py page                       # an HTML page of one sample day against JSON alone
    python tests/benchmark.py cases 5000000              # deadlines on a clock against a bare aggregate, in one process

Data of any size: python -m cc_metrics.sample --calls 20000000 --days 31 calls.parquet
Each measurement but those of cases is a process of its own; rounds alternate; medians are printed.
"""

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

ROOT = Path(__file__).parents[1]
ZONE = "Asia/Shanghai"
DAY_MS = 86_400_000
CSV_TYPES = {
    "call_id": "VARCHAR",
    "offered_at": "TIMESTAMPTZ",
    "outcome": "VARCHAR",
    **dict.fromkeys(("wait_ms", "talk_ms", "hold_ms", "wrap_ms"), "BIGINT"),
    **dict.fromkeys(("direction", "channel", "queue", "tier", "reason", "region", "home_region"), "VARCHAR"),
    **dict.fromkeys(("network", "agent_id", "customer_id"), "VARCHAR"),
    **dict.fromkeys(("transferred", "resolved"), "BOOLEAN"),
}


def statements(source: str) -> dict[str, str]:
    """The three statements somebody would write by hand for the same figures."""
    aggregate = f"""
        SELECT tier, queue, epoch_ms(offered_at) // 1800000 AS half_hour, count(*) AS offered,
          count(*) FILTER (WHERE outcome = 'answered') AS answered,
          count(*) FILTER (WHERE outcome = 'abandoned') AS abandoned,
          count(*) FILTER (WHERE outcome = 'answered' AND wait_ms <= 20000) AS in_time,
          count(*) FILTER (WHERE outcome = 'abandoned' AND wait_ms <= 20000) AS lost_in_time,
          count(*) FILTER (WHERE outcome = 'redirected' AND wait_ms > 20000) AS redirected_late,
          avg(wait_ms) FILTER (WHERE outcome = 'answered') AS mean_wait,
          max(wait_ms) FILTER (WHERE outcome = 'answered') AS longest,
          avg(talk_ms + coalesce(hold_ms, 0) + coalesce(wrap_ms, 0)) FILTER (WHERE outcome = 'answered') AS handle,
          quantile_disc(wait_ms, [0.5, 0.9, 0.95]) FILTER (WHERE outcome = 'answered') AS waits
        FROM {source} GROUP BY ALL"""
    window = 7 * DAY_MS
    repeats = f"""
        SELECT count(*) AS answered,
          count(*) FILTER (WHERE following IS NULL OR following > ended + {window}) AS resolved
        FROM (SELECT outcome, epoch_ms(offered_at) + wait_ms + coalesce(talk_ms, 0) + coalesce(hold_ms, 0) AS ended,
            lead(epoch_ms(offered_at)) OVER (PARTITION BY customer_id ORDER BY offered_at, call_id) AS following
          FROM {source} WHERE customer_id IS NOT NULL)
        WHERE outcome = 'answered'"""
    return {"aggregate": aggregate, "distinct": f"SELECT count(DISTINCT call_id) FROM {source}", "lead": repeats}


def by_hand(name: str, path: str) -> None:
    """One hand-written statement with the same memory limit."""
    import duckdb

    if path.endswith(".csv"):
        types = ", ".join(f"'{column}': '{kind}'" for column, kind in CSV_TYPES.items())
        source = (
            f"read_csv('{path}', header = true, auto_detect = false, delim = ',', quote = '\"', columns = {{{types}}})"
        )
    else:
        source = f"'{path}'"
    with tempfile.TemporaryDirectory() as spill:
        engine = duckdb.connect(config={"memory_limit": "3GB", "temp_directory": spill})
        engine.execute(statements(source)[name]).fetchall()


def ours(kind: str, path: str) -> None:
    """The library's report: service level by tier, queue and half-hour, duplicates, first-call resolution."""
    from cc_metrics import policy, reporting
    from cc_metrics.store.open import Reading, open_sources

    rules = policy.load("default")
    request = reporting.Request(("tier", "queue"), "30m")
    reading = Reading(None, ZONE, rules, reporting.dimensions(request, rules), lines=False)
    opened = open_sources((Path(path),), reading)
    with spill_watched(opened.engine.spill):
        if kind == "report":
            reporting.build(opened, rules, request)
        elif kind == "issue":
            reporting.first_call_resolution(opened, rules, request, resolution(unit="issue"))
        elif kind == "repeat_rate":
            reporting.first_call_resolution(opened, rules, request, resolution(repeat_calls=4))
    opened.close()


def resolution(**terms: object) -> object:
    """Terms of first-call resolution with a window of 7 days."""
    from cc_metrics.model.promise import ResolutionTerms

    return ResolutionTerms(**terms)  # type: ignore[arg-type]


def in_pandas(_: str, path: str) -> None:
    """The same report in plain pandas."""
    import pandas as pd

    columns = [
        "call_id",
        "offered_at",
        "outcome",
        "wait_ms",
        "talk_ms",
        "hold_ms",
        "wrap_ms",
        "queue",
        "tier",
        "customer_id",
    ]
    calls = (
        pd.read_csv(path, usecols=columns, parse_dates=["offered_at"])
        if path.endswith(".csv")
        else pd.read_parquet(path, columns=columns)
    )
    calls = calls.drop_duplicates("call_id")
    answered = calls.outcome == "answered"
    calls["in_time"] = answered & (calls.wait_ms <= 20_000)
    calls["answered"] = answered
    calls["half_hour"] = calls.offered_at.dt.floor("30min")
    groups = calls.groupby(["tier", "queue", "half_hour"], dropna=False)
    groups[["in_time", "answered"]].sum()
    calls["handle"] = calls.talk_ms + calls.hold_ms.fillna(0) + calls.wrap_ms.fillna(0)
    waits = calls[answered].groupby(["tier", "queue", "half_hour"], dropna=False)
    waits.wait_ms.agg(["mean", "max"])
    waits.handle.mean()
    waits.wait_ms.quantile([0.5, 0.9, 0.95])
    calls["start"] = calls.offered_at.astype("int64") // 1_000_000
    known = calls[calls.customer_id.notna()].sort_values(["customer_id", "start", "call_id"])
    following = known.groupby("customer_id").start.shift(-1)
    ended = known.start + known.wait_ms + known.talk_ms.fillna(0) + known.hold_ms.fillna(0)
    (known.answered & (following.isna() | (following > ended + 7 * DAY_MS))).sum()


class spill_watched:
    """Print the largest size that a spill folder reached."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.largest, self.done = folder, 0, threading.Event()

    def __enter__(self) -> None:
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()

    def watch(self) -> None:
        while not self.done.wait(0.5):
            sizes = []
            for file in self.folder.rglob("*"):
                try:
                    sizes.append(file.stat().st_blocks * 512)
                except OSError:
                    continue
            self.largest = max(self.largest, sum(sizes))

    def __exit__(self, *_: object) -> None:
        self.done.set()
        self.thread.join()
        print(f"spill {self.largest / 1e9:.2f} GB", file=sys.stderr)


TASKS: dict[str, Callable[[str, str], None]] = {
    "aggregate": by_hand,
    "distinct": by_hand,
    "lead": by_hand,
    "report": ours,
    "issue": ours,
    "repeat_rate": ours,
    "pandas": in_pandas,
}


def one(name: str, path: str) -> None:
    """Run one task in this process and print seconds and peak memory."""
    began = time.perf_counter()
    TASKS[name](name, path)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{time.perf_counter() - began:.3f} {peak:.3f}")
    print(f"cpu {time.process_time():.2f} s", file=sys.stderr)


def measured(name: str, path: str) -> tuple[float, float]:
    """Seconds and GB of one task in a process of its own."""
    run = subprocess.run([sys.executable, __file__, "one", name, path], capture_output=True, text=True, check=True)
    seconds, peak = map(float, run.stdout.split())
    print(f"  {name:12} {seconds:8.2f} s  {peak:5.2f} GB  {run.stderr.strip()}", flush=True)
    return seconds, peak


def side_by_side(path: str, rounds: int, names: list[str]) -> None:
    """Alternate the tasks and print the ratio of the report to the three statements together."""
    found: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(rounds):
        for name in names:
            found[name].append(measured(name, path)[0])
    middle = {name: statistics.median(times) for name, times in found.items()}
    bare = sum(middle[name] for name in ("aggregate", "distinct", "lead"))
    for name in names[3:]:
        print(f"{name} {middle[name]:.2f} s, three statements {bare:.2f} s, ratio {middle[name] / bare:.2f}")


def small(rounds: int) -> None:
    """A report on 1,000 calls against the imports it cannot do without."""
    lines = (ROOT / "sample_data" / "hotline" / "calls-2013-08-12.csv").read_text("utf-8").splitlines()[:1001]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "calls.csv"
        path.write_text("\n".join(lines) + "\n", "utf-8")
        command = [sys.executable, "-m", "cc_metrics_cli", "report", str(path), "--tz", ZONE]
        bare = [sys.executable, "-c", "import duckdb, pyarrow, typer, rich.table"]
        report, imports = alternating(command, bare, rounds)
    print(f"report {report:.3f} s, imports {imports:.3f} s, ratio {report / imports:.2f}")


def page(rounds: int) -> None:
    """One day of the sample as JSON, and the same with an HTML page beside it."""
    sample = ROOT / "sample_data"
    asked = ["--policy", str(sample / "policy.toml"), "--date", "2013-08-20", "--show", "json"]
    command = [sys.executable, "-m", "cc_metrics_cli", "report", str(sample / "hotline"), *asked]
    with tempfile.TemporaryDirectory() as folder:
        both, alone = alternating([*command, "--output", str(Path(folder) / "report.html")], command, rounds)
    print(f"with a page {both:.3f} s, JSON {alone:.3f} s, ratio {both / alone:.2f}")


def alternating(one: list[str], other: list[str], rounds: int) -> tuple[float, float]:
    """Median seconds of two commands, run in turn."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for argv, taken in zip((one, other), times, strict=True):
            began = time.perf_counter()
            subprocess.run(argv, check=True, capture_output=True)
            taken.append(time.perf_counter() - began)
    return statistics.median(times[0]), statistics.median(times[1])


DIMENSIONS = "kind, area, grade"
HOURS = {("urban", "A"): 24, ("urban", "B"): 36, ("rural", "A"): 48, ("rural", "B"): 72}
MADE_CASES = """
    SELECT i AS case_id, ['install', 'repair', 'complaint'][CAST(1 + hash(i) % 3 AS BIGINT)] AS kind,
      CASE WHEN hash(i + 0.1) % 2 = 0 THEN 'urban' ELSE 'rural' END AS area,
      CASE WHEN hash(i + 0.2) % 2 = 0 THEN 'A' ELSE 'B' END AS grade,
      1672502400000 + CAST(FLOOR(i * 31449600000.0 / {rows}) AS BIGINT) AS opened_ms,
      CASE WHEN hash(i + 0.3) % 100 < 97
        THEN opened_ms + CAST(FLOOR(-ln((1 + hash(i + 0.4) % 1000000) / 1000000.0) * 130000000) AS BIGINT)
      END AS resolved_ms
    FROM range({rows}) made(i)"""


def promised(source: str, engine: "duckdb.DuckDBPyConnection") -> str:
    """The promise's counts by the same dimensions as the bare aggregate; loads its timetable."""
    from cc_metrics.measures.clocks import Timing, range_needed, timetable
    from cc_metrics.model.clock import Calendar, Clock, Quiet
    from cc_metrics.model.deadlines import Row, Table, Within
    from cc_metrics.model.promise import OpenHours

    hour = 3_600_000
    office = OpenHours(tuple((day, 17 * hour // 2, 35 * hour // 2) for day in range(5)), "")
    clock = Clock("working", Calendar(country="CN", open_hours=office), Quiet(22 * hour, 8 * hour))
    deadlines = Table(tuple(Row({"area": (a,), "grade": (g,)}, Within(n * hour)) for (a, g), n in HOURS.items()))
    when = [f"WHEN area = '{a}' AND grade = '{g}' THEN {i}" for i, (a, g) in enumerate(HOURS)]
    timing = Timing("t", "opened_ms", deadlines, clock, end="resolved_ms", row=f"CASE {' '.join(when)} END")
    [moments] = engine.execute(
        f"SELECT min(opened_ms), greatest(max(opened_ms), max(resolved_ms)) FROM {source}"
    ).fetchall()
    table = timetable([timing], range_needed([timing], ZONE, *moments))
    engine.execute(f"CREATE TABLE timetable ({', '.join(f'{name} {kind}' for name, kind in table.columns)})")
    engine.execute(f"INSERT INTO timetable VALUES ({', '.join('?' * len(table.row))})", list(table.row))
    timed = table.sql(source, "timetable", keep=["kind", "area", "grade", "opened_ms", "resolved_ms"])
    first, last = moments[0] + 30 * DAY_MS, moments[0] + 330 * DAY_MS
    return f"""
        SELECT {DIMENSIONS}, count(*) AS accepted,
          count(*) FILTER (WHERE t_due_ms >= {first} AND t_due_ms < {last}) AS due,
          count(*) FILTER (WHERE t_due_ms >= {first} AND t_due_ms < {last} AND resolved_ms <= t_last_ms) AS in_time,
          CAST(sum(t_elapsed_ms) AS BIGINT) AS elapsed_ms
        FROM ({timed}) GROUP BY {DIMENSIONS}"""


def cases(rows: int, rounds: int) -> None:
    """A table of deadlines on a working-day clock with quiet hours against the aggregate of the cases' moments."""
    import duckdb

    with tempfile.TemporaryDirectory() as folder, duckdb.connect(config={"memory_limit": "3GB"}) as engine:
        source = f"'{folder}/cases.parquet'"
        engine.execute(f"COPY ({MADE_CASES.format(rows=rows)}) TO {source} (FORMAT parquet)")
        of = [
            f"{figure}({moment}_ms)" for moment in ("opened", "resolved") for figure in ("count", "min", "max", "avg")
        ]
        bare = f"SELECT {DIMENSIONS}, count(*), {', '.join(of)} FROM {source} GROUP BY {DIMENSIONS}"
        sql = {"bare": bare, "promise": promised(source, engine)}
        times: dict[str, list[float]] = {name: [] for name in sql}
        for _ in range(rounds + 1):
            for name, statement in sql.items():
                began = time.perf_counter()
                engine.execute(statement).fetchall()
                times[name].append(time.perf_counter() - began)
    middle = {name: statistics.median(taken[1:]) for name, taken in times.items()}  # the first round warms up
    ratio = statistics.median(a / b for a, b in zip(times["promise"][1:], times["bare"][1:], strict=True))
    print(f"promise {middle['promise']:.3f} s, bare aggregate {middle['bare']:.3f} s, ratio {ratio:.2f}")


def main() -> None:
    """Choose a benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["parquet", "csv", "large", "small", "page", "cases", "one"])
    parser.add_argument("rest", nargs="*")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="*")
    asked = parser.parse_args()
    if asked.what == "one":
        one(*asked.rest)
    elif asked.what == "small":
        small(max(asked.rounds, 7))
    elif asked.what == "page":
        page(max(asked.rounds, 7))
    elif asked.what == "cases":
        cases(int(asked.rest[0]) if asked.rest else 5_000_000, max(asked.rounds, 7))
    elif asked.what == "large":
        measured("report", asked.rest[0])
    else:
        names = ["aggregate", "distinct", "lead", "report", "issue", "repeat_rate", "pandas"]
        side_by_side(asked.rest[0], asked.rounds, asked.only or names)


if __name__ == "__main__":
    main()
