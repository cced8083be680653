"""What is known beside the data of a report: earlier days, and what was planned."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cc_metrics.model.report import Row
    from cc_metrics.store.opened import Opened


@dataclass(frozen=True, slots=True)
class Background:
    """*earlier* are summaries of days before (their days that the report's own data hold too are left out of it);
    *planned* has a row by interval: start_ms (UTC), forecast_offered, forecast_handle_s, rostered, present, each None
    where it was not planned.
    """

    earlier: "Opened | None" = None
    planned: "tuple[Row, ...]" = ()
