"""The process behind cc-metrics and python -m cc_metrics_cli: it starts and ends quickly."""

import gc
import os
import sys
from contextlib import suppress

from cc_metrics_cli import main


def run() -> None:
    """Run the command and end the process with its exit code."""
    gc.disable()  # a report is over before there is garbage worth looking for
    code = main()
    for stream in filter(None, (sys.stdout, sys.stderr)):  # None: closed by the caller
        with suppress(OSError, ValueError):  # whoever listened is gone
            stream.flush()
    os._exit(code)  # everything is closed: taking modules down one by one would cost a tenth of a small report


if __name__ == "__main__":
    run()
