"""Runs that are killed at each of their writes, as a program: python killed_runs.py FOLDER.

FOLDER/before is what each run begins with, in FOLDER/work. A line of JSON for each kill: which write, the files
after it, and those after the next run, which nobody disturbs. The process is copied (fork) with everything loaded.
"""

import hashlib
import json
import os
import shutil
import signal
import sys
from pathlib import Path

import duckdb  # noqa: F401
import pyarrow.compute
import pyarrow.parquet

from cc_metrics import outputs, reporting  # noqa: F401
from cc_metrics.delivery import smtp
from cc_metrics.render.charts import draw
from cc_metrics.unattended import checks, config, history, lock, log, mailing  # noqa: F401
from cc_metrics_cli import main, unattended  # noqa: F401

DAY = "2013-08-20"


class Killer:
    """Kills the process at the n-th write: before it, after it, or in the middle of it."""

    def __init__(self, number: int) -> None:
        self.left = number

    def step(self, what: str) -> None:
        self.left -= 1
        if self.left == 0:
            Path(os.environ["KILLED_AT"]).write_text(what)
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, owner: object, name: str) -> None:
        real = getattr(owner, name)

        def patched(*args, **kwargs):
            self.step(f"before {name}")
            if name == "write":  # of the log: half of it, as a power cut leaves it
                whole = args[1]
                real(args[0], whole[: len(whole) // 2])
                self.step("within write")
                return real(args[0], whole[len(whole) // 2 :]) + len(whole) // 2
            if name in {"write_bytes", "write_table"}:
                path = Path(args[0] if name == "write_bytes" else args[1])
                real(*args, **kwargs)
                whole = path.read_bytes()
                with path.open("r+b") as file:
                    file.truncate(len(whole) // 2)
                self.step(f"within {name}")
                with path.open("wb") as file:
                    return file.write(whole)
            found = real(*args, **kwargs)
            self.step(f"after {name}")
            return found

        setattr(owner, name, patched)


def ran(folder: Path, number: int) -> int:
    """The exit code of a run in a copy of this process, negative when it was killed; 0 kills nowhere."""
    child = os.fork()
    if not child:
        killer = Killer(number)
        smtp.send = _delivered
        draw.svg, draw.png = _drawn, lambda *_: b"a picture"  # the renderer's threads do not live in a copy
        if number:
            killer.around(os, "replace")
            killer.around(os, "fsync")
            killer.around(os, "write")
            killer.around(os, "mkdir")
            killer.around(Path, "write_bytes")
            killer.around(pyarrow.parquet, "write_table")
            killer.around(log, "append")
        os._exit(main(["run", "morning", "--config", str(folder / "cc-metrics.toml"), "--date", DAY]))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _drawn(picture) -> str:
    return "<svg></svg>"


def _delivered(letter, server, login, accepted, pause):
    """A server that takes everything: what is tried here is what is written of it."""
    accepted(letter.to)
    return {}


def _content(path: Path) -> bytes:
    """A file's bytes; of the record of deliveries all but the moments."""
    if path.name != "sent.jsonl":
        return path.read_bytes()
    lines = map(json.loads, path.read_text().splitlines())
    return json.dumps([(line["message"], line["to"]) for line in lines]).encode()


def seen(folder: Path) -> dict[str, str]:
    """Every file's hash; the log is what can be read of it, without times."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in {".lock", "runs.jsonl"}:
            found[str(path.relative_to(folder))] = hashlib.sha256(_content(path)).hexdigest()
    return found


def entries(folder: Path) -> list[str]:
    return [entry["outcome"] for entry in log.entries(folder / "history/morning/runs.jsonl")]


def begin(folder: Path) -> Path:
    work = folder / "work"
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(folder / "before", work)
    return work


if __name__ == "__main__":
    place = Path(sys.argv[1])
    os.environ["KILLED_AT"] = str(place / "killed")
    work = begin(place)
    old = seen(work)
    code = ran(work, 0)
    print(json.dumps({"old": old, "new": seen(work), "code": code, "log": entries(work)}))
    number = 1
    while True:
        work = begin(place)
        code = ran(work, number)
        if code >= 0:
            break
        after, half = seen(work), entries(work)
        again = ran(work, 0)
        what = (place / "killed").read_text()
        told = {"at": what, "after": after, "log": half, "again": again, "then": seen(work), "log_then": entries(work)}
        print(json.dumps(told), flush=True)
        number += 1
    print(json.dumps({"code": code, "then": seen(work)}))
