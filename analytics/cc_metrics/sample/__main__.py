"""The command `python -m cc_metrics.sample`."""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from cc_metrics.sample.files import SEED, write_samples
from cc_metrics.sample.operators import write_operators


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the sample files into a folder, or with --calls one large file."""
    parser = ArgumentParser(prog="python -m cc_metrics.sample", description=main.__doc__)
    parser.add_argument("target", type=Path, help="a folder, or with --calls a file that ends in .parquet or .csv")
    parser.add_argument(
        "--seed", type=int, default=SEED, help="the same seed gives the same files (default %(default)s)"
    )
    large = parser.add_argument_group("one large file")
    large.add_argument("--calls", type=int, help="how many")
    large.add_argument("--days", type=int, default=31, help="days from 2013-08-01 (default %(default)s)")
    large.add_argument("--id-length", type=int, choices=(10, 32), default=10, help="characters of a call_id")
    chosen = parser.parse_args(arguments)
    if chosen.calls is None:
        written = write_samples(chosen.target, chosen.seed) + write_operators(chosen.target, chosen.seed)
    else:
        from cc_metrics.sample.benchmark import write_benchmark

        if chosen.calls < 1 or chosen.days < 1 or chosen.target.suffix not in (".parquet", ".csv"):
            parser.error("--calls and --days are 1 or more, and the file ends in .parquet or .csv")
        written = [write_benchmark(chosen.target, chosen.calls, chosen.days, chosen.id_length, chosen.seed)]
    for path in written:
        sys.stderr.write(f"{path}  {path.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()
