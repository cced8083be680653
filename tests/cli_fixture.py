"""The command run in this process, with what it wrote; eight calls whose figures can be counted on fingers."""

import io
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cc_metrics_cli import main

HOTLINE = Path(__file__).parent.parent / "sample_data" / "hotline"

CALLS = """\
call_id,offered_at,outcome,wait_ms,talk_ms,tier,queue,customer_id
1,2013-08-20 09:00:00,answered,10000,60000,vip,sales,k1
2,2013-08-20 09:10:00,answered,20000,60000,vip,sales,k2
3,2013-08-20 09:20:00,answered,30000,60000,vip,billing,k3
4,2013-08-20 09:40:00,abandoned,3000,,ordinary,sales,k4
5,2013-08-20 10:05:00,abandoned,25000,,ordinary,billing,k5
6,2013-08-20 10:20:00,redirected,40000,,ordinary,billing,k6
7,2013-08-20 23:00:00,answered,5000,60000,,sales,k1
8,2013-08-21 23:10:00,answered,1000,60000,vip,sales,k7
"""


@dataclass(frozen=True)
class Ran:
    """How a run of the command ended."""

    code: int
    out: str
    err: str


class Stream(io.TextIOWrapper):
    """A standard stream that may be taken for a terminal."""

    terminal = False

    def isatty(self) -> bool:
        return self.terminal


def run(*arguments: object, stdin: bytes = b"", terminal: bool = False, locale: str | None = None) -> Ran:
    """Run `cc-metrics ARGUMENTS`, whatever the locale of whoever runs the tests."""
    streams = [Stream(io.BytesIO(stdin if i == 0 else b""), encoding="utf-8", newline="") for i in range(3)]
    for stream in streams[1:]:
        stream.terminal = terminal
    with pytest.MonkeyPatch.context() as patch:
        for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
            patch.delenv(name, raising=False)
        if locale:
            patch.setenv("LANG", locale)
        for name, stream in zip(("stdin", "stdout", "stderr"), streams, strict=True):
            patch.setattr(sys, name, stream)
        try:
            code = main([str(a) for a in arguments])
        except SystemExit as left:  # completion ends so
            code = int(left.code or 0)
    texts = []
    for stream in streams[1:]:
        stream.flush()
        buffer: Any = stream.buffer
        texts.append(buffer.getvalue().decode("utf-8"))
    return Ran(code, *texts)


def refused(ran: Ran, code: int) -> str:
    """The one sentence of an error: nothing on stdout, no traceback, a hint, and the exit code expected."""
    assert ran.code == code, ran
    assert ran.out == ""
    assert "Traceback" not in ran.err
    said = [line for line in ran.err.splitlines() if not line.startswith("cc-metrics: wrote")]
    assert len(said) == 2, ran.err
    assert said[0].startswith("cc-metrics: ")
    assert said[1].startswith("  hint: ")
    assert len(said[1]) > len("  hint: ")
    return ran.err
