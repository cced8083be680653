"""The one place where errors become exit codes; the codes are an interface (DESIGN.md)."""

from enum import IntEnum

from cc_metrics.errors import CcMetricsError, DataError, DeliveryError, EngineError, PolicyError, UsageError


class ExitCode(IntEnum):
    """What a script may rely on."""

    FINE = 0
    MISSED = 1  # only with --fail-on
    USAGE = 2  # options or policy
    DATA = 3
    ENGINE = 4  # engine, output, delivery, or an error of ours
    INTERRUPTED = 130


_OF = {
    UsageError: ExitCode.USAGE,
    PolicyError: ExitCode.USAGE,
    DataError: ExitCode.DATA,
    EngineError: ExitCode.ENGINE,
    DeliveryError: ExitCode.ENGINE,
}


def of(error: CcMetricsError) -> ExitCode:
    """The code of an error.

    >>> of(DataError("no such file"))
    <ExitCode.DATA: 3>
    """
    return _OF.get(type(error), ExitCode.ENGINE)
