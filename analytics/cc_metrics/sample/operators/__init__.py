"""Sample data of six operators, made so that what their documents report can be computed from them.

Each folder belongs to the preset of its name. The numbers of the texts are in the data, the people are not: every
customer, moment and wait is made up. rows.py and contacts.py hold what they share.
"""

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final

from cc_metrics.sample.operators import (
    dalian_netcom,
    jiangsu_unicom,
    liaoning_telecom,
    liaoning_unicom,
    shanghai_telecom,
    zhejiang_mobile,
)
from cc_metrics.sample.operators.rows import Files, content

OPERATORS: Final[dict[str, Callable[[Random], Files]]] = {
    "liaoning-unicom-2013": liaoning_unicom.make,
    "jiangsu-unicom-2016": jiangsu_unicom.make,
    "shanghai-telecom-2012": shanghai_telecom.make,
    "liaoning-telecom-2005": liaoning_telecom.make,
    "dalian-netcom-2005": dalian_netcom.make,
    "zhejiang-mobile-2009": zhejiang_mobile.make,
}


def write_operators(folder: Path, seed: int) -> list[Path]:
    """Write a folder for each operator; what is written depends on the seed alone."""
    written = []
    for name, make in OPERATORS.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        draw = Random(f"{seed} {name}")  # noqa: S311  made-up customers guard no secret
        for file, rows in make(draw).items():
            path = folder / name / f"{file}.csv"
            path.write_bytes(content(rows))
            written.append(path)
    return written
