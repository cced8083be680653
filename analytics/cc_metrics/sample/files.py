"""The sample files: canonical CSV days, one day as Parquet, one day as a Chinese switch writes it."""

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from cc_metrics.sample.callers import Call
from cc_metrics.sample.floor import simulate
from cc_metrics.sample.hotline import DAY, ZONE, Hotline

SEED = 2023
HOTLINE = Hotline(first_day=date(2013, 8, 12), days=10, bad_day=date(2013, 8, 20))
PARQUET_DAY = date(2013, 8, 20)
CHINESE_DAY = date(2013, 8, 21)  # the last day, in no other file
MALFORMED_DAY = date(2013, 8, 15)

COLUMNS = (
    "call_id", "offered_at", "outcome", "wait_ms", "talk_ms", "hold_ms", "wrap_ms", "queue", "tier", "reason",
    "agent_id", "customer_id", "transferred", "resolved",
)  # fmt: skip
# After these rows of the malformed day comes a copy of the row under a new id, damaged like this; or unchanged.
DAMAGED = {
    311: "too few fields",
    456: "duplicate",
    702: "bad time",
    1033: "negative wait",
    1490: "no id",
    1702: "duplicate",
    1871: "too few fields",
}

CHINESE_COLUMNS = (
    "呼叫流水号", "客户级别", "主叫号码", "排队开始时间", "应答时间", "排队时长", "通话时长", "整理时长", "技能组",
    "业务类型", "坐席工号", "是否转接", "呼叫结果",
)  # fmt: skip
CHINESE = {
    "billing": "话费", "plans": "套餐", "roaming": "漫游", "broadband": "宽带", "faults": "故障", "complaints": "投诉",
    "bill query": "账单查询", "payment": "缴费", "plan change": "套餐变更", "cancellation": "销户",
    "broadband down": "宽带断网", "slow internet": "网速慢", "no signal": "无信号", "SIM card": "补换卡",
    "complaint": "服务投诉", "answered": "应答", "abandoned": "放弃", "redirected": "溢出",
}  # fmt: skip
CHINESE_REASONS = CHINESE | {"roaming": "国际漫游"}


def write_samples(folder: Path, seed: int = SEED) -> list[Path]:
    """Write every sample file below a folder; what is written depends on the seed alone."""
    calls = simulate(HOTLINE, seed)
    days = [HOTLINE.first_day + timedelta(days=day) for day in range(HOTLINE.days)]
    rows_of = {day: canonical_rows(calls, day) for day in days}
    files = {f"hotline/calls-{day}.csv": csv_day(rows_of[day], day) for day in days if day != CHINESE_DAY}
    files[f"gb18030/calls-{CHINESE_DAY}.csv"] = chinese_day(calls)
    files[f"parquet/calls-{PARQUET_DAY}.parquet"] = parquet_day(rows_of[PARQUET_DAY])
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return [folder / name for name in files]


def of_day(calls: Iterable[Call], day: date) -> list[Call]:
    """The calls offered on one local day."""
    number = (day - HOTLINE.first_day).days
    return [call for call in calls if call.offered_ms // DAY == number]


def canonical_rows(calls: Iterable[Call], day: date) -> list[dict[str, Any]]:
    """One day under the canonical column names."""
    return [
        {
            "call_id": f"{day:%m%d}{number:04d}",
            "offered_at": HOTLINE.clock(call.offered_ms),
            "outcome": call.outcome,
            "wait_ms": call.wait_ms,
            "talk_ms": call.talk_ms,
            "hold_ms": call.hold_ms,
            "wrap_ms": call.wrap_ms,
            "queue": call.reason.queue,
            "tier": call.tier,
            "reason": call.reason.name if call.agent else None,  # it is the agent who writes it down
            "agent_id": call.agent,
            "customer_id": customer_id(call),
            "transferred": call.transferred,
            "resolved": call.resolved,
        }
        for number, call in enumerate(of_day(calls, day), start=1)
    ]


def customer_id(call: Call) -> str | None:
    """Eleven digits that no telephone has, None where the number is withheld."""
    return None if call.number is None else f"{call.number:011d}"


def text(value: object) -> str:
    """A value as CSV has it: true and false in small letters, moments in ISO 8601, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value).lower() if isinstance(value, bool) else str(value)


def csv_text(columns: Iterable[str], rows: Iterable[Iterable[object]], line_end: str = "\n") -> str:
    """Header and rows."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator=line_end)
    writer.writerow(columns)
    writer.writerows([text(value) for value in row] for row in rows)
    return buffer.getvalue()


def csv_day(rows: list[dict[str, Any]], day: date) -> bytes:
    """A day in UTF-8; one day has the damage that an export sometimes has."""
    lines = csv_text(COLUMNS, (row.values() for row in rows)).splitlines()
    if day == MALFORMED_DAY:
        for row in sorted(DAMAGED, reverse=True):
            lines.insert(row + 1, damage(lines[row], DAMAGED[row], f"{day:%m%d}9{row:04d}"))
    return ("\n".join(lines) + "\n").encode()


def damage(line: str, kind: str, new_id: str) -> str:
    """One damaged line.

    >>> damage("0815,2013-08-15T09:02:11+08:00,abandoned,4210", "negative wait", "9")
    '9,2013-08-15T09:02:11+08:00,abandoned,-4210'
    """
    _, offered_at, outcome, wait_ms, *others = line.split(",")
    damaged = {
        "too few fields": [new_id, offered_at, outcome],
        "bad time": [new_id, offered_at.replace(offered_at[11:19], "25:61:00"), outcome, wait_ms, *others],
        "negative wait": [new_id, offered_at, outcome, f"-{wait_ms}", *others],
        "no id": ["", offered_at, outcome, wait_ms, *others],
        "duplicate": line.split(","),
    }
    return ",".join(damaged[kind])


def parquet_day(rows: list[dict[str, Any]]) -> bytes:
    """The same columns with types; the moment's type names its zone."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types: dict[str, Any] = {
        "offered_at": pa.timestamp("ms", tz=ZONE),
        "transferred": pa.bool_(),
        "resolved": pa.bool_(),
    }
    types |= {name: pa.int64() for name in COLUMNS if name.endswith("_ms")}
    schema = pa.schema([(name, types.get(name, pa.string())) for name in COLUMNS])
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), sink, compression="zstd")
    return bytes(sink.getvalue())


def chinese_day(calls: Iterable[Call]) -> bytes:
    """The last day as a Chinese switch with Windows line ends writes it."""
    rows = (chinese_row(number, call) for number, call in enumerate(of_day(calls, CHINESE_DAY), start=1))
    return csv_text(CHINESE_COLUMNS, rows, "\r\n").encode("gb18030")


def chinese_row(number: int, call: Call) -> tuple[str | int | None, ...]:
    """Local times without a zone, whole seconds rounded up (late stays late), talk and hold in one as H:MM:SS."""
    answered = call.agent is not None
    wait_s = -(-call.wait_ms // 1000)
    talk_s = -(-((call.talk_ms or 0) + (call.hold_ms or 0)) // 1000)
    return (
        f"{CHINESE_DAY:%Y%m%d}{number:06d}",
        call.tier,
        customer_id(call) or "未知",
        chinese_clock(call.offered_ms),
        chinese_clock(call.offered_ms + wait_s * 1000) if answered else None,
        wait_s,
        f"{talk_s // 3600}:{talk_s // 60 % 60:02d}:{talk_s % 60:02d}" if answered else None,
        -(-(call.wrap_ms or 0) // 1000) if answered else None,
        CHINESE[call.reason.queue],
        CHINESE_REASONS[call.reason.name] if answered else None,
        call.agent,
        None if call.transferred is None else "是" if call.transferred else "否",
        CHINESE[call.outcome],
    )


def chinese_clock(moment_ms: int) -> str:
    """A local time such as 2013/8/21 9:05:03."""
    at = HOTLINE.clock(moment_ms)
    return f"{at.year}/{at.month}/{at.day} {at.hour}:{at:%M:%S}"
