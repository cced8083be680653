"""The measures a report may show, each in a file of its own. To add one: a file, and a line below.

A measure of summary rows declares the aggregates it *needs* (alias -> SQL) and turns the counts of
one group into the *figures* of model.columns. It knows neither engine nor file.
"""

from collections.abc import Mapping
from types import ModuleType
from typing import Any, Final

from cc_metrics.measures import first_call_resolution, handling, service_level, traffic, waits
from cc_metrics.model.promise import ServiceTerms

OF_SUMMARIES: Final[dict[str, ModuleType]] = {
    "service_level": service_level,
    "traffic": traffic,
    "waits": waits,
    "handling": handling,
}

ALL: Final[dict[str, ModuleType]] = {**OF_SUMMARIES, "first_call_resolution": first_call_resolution}


def needs(terms: ServiceTerms) -> dict[str, str]:
    """What all measures of summaries need together, each aggregate once."""
    return {alias: sql for measure in OF_SUMMARIES.values() for alias, sql in measure.needs(terms).items()}


def figures(counts: Mapping[str, Any], terms: ServiceTerms) -> dict[str, Any]:
    """The public columns of one group from all measures of summaries."""
    return {name: value for m in OF_SUMMARIES.values() for name, value in m.figures(counts, terms).items()}
