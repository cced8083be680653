"""Ctrl-C, and a polite kill, end a run at once and leave nothing behind."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def interruptible() -> Iterator[None]:
    """Have a signal stop the engine, whose own wait would not hear of it before the statement is through.

    Python writes a byte for each signal even while its main thread is busy; a thread of ours waits for that byte.
    """
    if os.name == "nt" or threading.current_thread() is not threading.main_thread():
        yield
        return
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    before = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    terminate = signal.signal(signal.SIGTERM, _stop)
    watcher = threading.Thread(target=_watch, args=(reading,), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, terminate)
        signal.set_wakeup_fd(before)
        os.close(writing)
        watcher.join()
        os.close(reading)


def _watch(reading: int) -> None:
    from cc_metrics.store import engine

    while os.read(reading, 1):
        engine.interrupt()


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
