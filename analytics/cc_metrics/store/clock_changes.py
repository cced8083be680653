"""Local times around a clock change: which reading was taken, and how many calls it concerns."""

from cc_metrics.model import zones
from cc_metrics.model.durations import DAY, HOUR
from cc_metrics.store.engine import Engine


def cautions(engine: Engine, zone: str | None, first: int, last: int) -> list[tuple[str, str]]:
    """(code, sentence) for each clock change inside the data whose local times can be read in two ways."""
    found = []
    for moment, before, after in zones.offsets(zone, first - DAY, last + DAY).changes():
        gap = abs(after - before)
        if after < before:
            span, word = (moment - gap, moment), "doubled"
        else:
            span, word = (moment, moment + gap), "missing"
        if not first - HOUR <= moment <= last + HOUR:
            continue
        rows = engine.value(f"SELECT count(*) FROM accepted WHERE offered_ms >= {span[0]} AND offered_ms < {span[1]}")
        if rows and word == "doubled":
            found.append(
                (
                    "doubled_hour",
                    f"{rows:,} calls lie in the doubled hour of the clock change; local times without an offset are "
                    "read as its first pass. Export times with an offset to tell them apart.",
                )
            )
    return found
