"""Call-centre metrics that can be defended: service level, first-call resolution, promises kept or missed.

>>> import cc_metrics as cc
>>> calls = cc.read_calls("sample_data/hotline", tz="Asia/Shanghai")             # doctest: +SKIP
>>> cc.service_level(calls, within="20s", by=["tier"], every="1d")               # doctest: +SKIP
>>> cc.report(calls, policy="liaoning-unicom-2013").save("report.json")          # doctest: +SKIP
"""

from typing import TYPE_CHECKING, Any

from cc_metrics import version

if TYPE_CHECKING:
    from cc_metrics.notebook import (
        Calls,
        Cases,
        ShownReconciliation,
        ShownReport,
        first_call_resolution,
        merge,
        read_calls,
        read_cases,
        reconcile,
        report,
        service_level,
        turnaround,
    )

__version__ = version.VERSION

__all__ = [
    "Calls",
    "Cases",
    "ShownReconciliation",
    "ShownReport",
    "__version__",
    "first_call_resolution",
    "merge",
    "read_calls",
    "read_cases",
    "reconcile",
    "report",
    "service_level",
    "turnaround",
]


def __getattr__(name: str) -> Any:
    """Load the library when a name of it is first used, so that the command starts fast."""
    if name not in __all__:
        raise AttributeError(f"module 'cc_metrics' has no attribute {name!r}")
    from cc_metrics import notebook

    return getattr(notebook, name)


def __dir__() -> list[str]:
    return __all__
