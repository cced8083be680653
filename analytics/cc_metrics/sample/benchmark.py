"""Benchmark files of any size: some hundred thousand simulated calls, copied under new ids, customers and times."""

from dataclasses import replace
from datetime import date
from itertools import accumulate
from pathlib import Path
from typing import Any

from cc_metrics.sample.callers import Call
from cc_metrics.sample.floor import simulate
from cc_metrics.sample.hotline import DAY, POPULATION, SECOND, Hotline

HOTLINE = Hotline(first_day=date(2013, 8, 1), days=31, bad_day=date(2013, 8, 20))
CALLS_A_DAY = 2_150  # what one site has, repeats included
POOL = 250_000  # simulate no more than about so many calls
SITES = (
    "Shenyang",
    "Dalian",
    "Anshan",
    "Fushun",
    "Benxi",
    "Dandong",
    "Jinzhou",
    "Yingkou",
    "Fuxin",
    "Liaoyang",
    "Panjin",
)

# A copy is as a whole up to ten minutes earlier or later than its original, so that waits still fit the load and legs
# and repeats still follow each other; what leaves the days at one end comes in at the other.
MOVED = (
    f"(offered_ms + (copy * 7919 + 600) % 1201 * {SECOND} - 600 * {SECOND} + copy * 37 % 1000 + $span_ms) % $span_ms"
)
# Durations keep their whole second and change behind it, lest the file compress as no real one does.
STEPS = {"wait_ms": 379, "talk_ms": 617, "wrap_ms": 853}
KEPT = {name: f"{name} // 1000 * 1000 + ({name} + copy * {step}) % 1000" for name, step in STEPS.items()}
IDS = {10: "lpad((before + copy)::VARCHAR, 10, '0')", 32: "md5($seed::VARCHAR || '-' || (before + copy)::VARCHAR)"}
MOMENTS = {
    ".parquet": "make_timestamptz(moment_ms * 1000)",
    ".csv": "strftime(make_timestamp((moment_ms + 28800000) * 1000), '%Y-%m-%dT%H:%M:%S.%g+08:00')",
}
FORMATS = {".parquet": "(FORMAT parquet, COMPRESSION zstd)", ".csv": "(FORMAT csv, HEADER)"}


def write_benchmark(path: Path, calls: int, days: int, id_length: int, seed: int) -> Path:
    """Write so many calls to a Parquet or CSV file; the same arguments give the same calls in one order."""
    import duckdb

    with duckdb.connect() as connection:
        # Two threads would write the copies in an order that differs from run to run.
        connection.execute("SET threads = 1")
        connection.register("pool", pool_table(calls, days, seed))
        connection.execute("CREATE TABLE originals AS FROM pool")
        chosen = benchmark_sql(path.suffix, id_length)
        bound = {
            "span_ms": days * DAY,
            "start_ms": int(HOTLINE.clock(0).timestamp()) * SECOND,
            "stride": stride(calls, days),
        }
        bound |= {"seed": seed} if id_length == 32 else {}
        connection.execute(f"COPY ({chosen}) TO $path {FORMATS[path.suffix]}", bound | {"path": str(path)})
    return path


def benchmark_sql(suffix: str, id_length: int) -> str:
    """Originals to copies; only names and expressions of this file are in the text."""
    return f"""
        SELECT {IDS[id_length]} AS call_id, {MOMENTS[suffix]} AS offered_at, outcome,
               {KEPT["wait_ms"]} AS wait_ms, {KEPT["talk_ms"]} AS talk_ms, hold_ms, {KEPT["wrap_ms"]} AS wrap_ms,
               'inbound' AS direction, 'voice' AS channel, queue, tier, reason, region, home_region, network, agent_id,
               '00' || lpad((customer + copy * $stride)::VARCHAR, 11, '0') AS customer_id, transferred, resolved
        FROM (SELECT *, $start_ms + {MOVED} AS moment_ms FROM (SELECT *, unnest(range(copies)) AS copy FROM originals))
    """


def sites_for(calls: int, days: int) -> int:
    """How many hotlines to simulate side by side.

    >>> sites_for(calls=20_000_000, days=31), sites_for(calls=1_000, days=2)
    (4, 1)
    """
    return -(-min(calls, POOL) // (CALLS_A_DAY * days))


def stride(calls: int, days: int) -> int:
    """So far apart are the numbers of a customer and of his copy."""
    return POPULATION * sites_for(calls, days)


def pool_table(calls: int, days: int, seed: int) -> Any:
    """The originals in order of time, each with how often it is copied and how many copies come before."""
    import pyarrow as pa

    hotline = replace(HOTLINE, days=days)
    sites = range(sites_for(calls, days))
    pool = [(call, site) for site in sites for call in simulate(hotline, seed + site)]
    pool.sort(key=lambda pair: pair[0].offered_ms)
    # The last, incomplete copy takes whole customers, so that their repeats stay with them.
    in_turn = sorted(range(len(pool)), key=lambda row: (scatter(*pool[row]), row))
    copies = [calls // len(pool)] * len(pool)
    for row in in_turn[: calls % len(pool)]:
        copies[row] += 1
    before = accumulate(copies[:-1], initial=1)
    rows = [
        original(call, site) | {"copies": number, "before": first}
        for (call, site), number, first in zip(pool, copies, before, strict=True)
    ]
    return pa.Table.from_pylist(rows)


def scatter(call: Call, site: int) -> int:
    """A number that looks random, the same for all calls of a customer.

    >>> from cc_metrics.sample.hotline import REASONS
    >>> scatter(Call(0, 211, REASONS[0]), 1)
    1740237594
    """
    return (call.customer * 2_654_435_761 + site * 40_503) % 2**32


def original(call: Call, site: int) -> dict[str, object]:
    """A simulated call with the columns from which its copies are made."""
    region, customer = SITES[site % len(SITES)], call.number
    return {
        "offered_ms": call.offered_ms,
        "outcome": call.outcome,
        "wait_ms": call.wait_ms,
        "talk_ms": call.talk_ms,
        "hold_ms": call.hold_ms,
        "wrap_ms": call.wrap_ms,
        "queue": call.reason.queue,
        "tier": call.tier,
        "reason": call.reason.name if call.agent else None,
        "region": region,
        "home_region": region if call.customer % 9 else SITES[call.customer % len(SITES)],
        "network": "fixed" if call.reason.queue == "broadband" else "2G" if call.customer % 3 else "3G",
        "agent_id": None if call.agent is None else f"{site:02d}{call.agent}",
        "customer": None if customer is None else customer + site * POPULATION,
        "transferred": call.transferred,
        "resolved": call.resolved,
    }
