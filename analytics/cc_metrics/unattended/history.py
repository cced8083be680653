"""The days that a run has seen: one summary a day in a folder, so that a one-day export is not all that is known."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from cc_metrics.errors import CcMetricsError, EngineError
from cc_metrics.language import said
from cc_metrics.measures.coverage import Day
from cc_metrics.model import zones
from cc_metrics.model.intervals import Period
from cc_metrics.model.promise import Policy
from cc_metrics.model.report import Caution
from cc_metrics.store import carry, pseudonyms, summary_file
from cc_metrics.store.engine import Engine
from cc_metrics.store.opened import Opened
from cc_metrics.store.output import sweep
from cc_metrics.store.pseudonyms import Pseudonyms
from cc_metrics.version import VERSION

_LONGEST: Final = 400  # days before a period that a report may speak of


@dataclass(frozen=True, slots=True)
class Earlier:
    """Days before a period as one, None where there are none, and *cautions* about those that could not be used."""

    opened: Opened | None = None
    cautions: tuple[Caution, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """A folder with the summaries of days, what first-call resolution carries over, the log of runs and their lock."""

    folder: Path

    @property
    def log(self) -> Path:
        """Where runs are logged."""
        return self.folder / "runs.jsonl"

    @property
    def lock(self) -> Path:
        """What a run holds."""
        return self.folder / ".lock"

    @property
    def sent(self) -> Path:
        """Who got which report."""
        return self.folder / "sent.jsonl"

    @property
    def _carried(self) -> Path:
        return self.folder / "carry.parquet"

    def _secret(self) -> Pseudonyms:
        return pseudonyms.made(self.folder / "secret")

    def sweep(self) -> None:
        """Take away what killed runs left behind; for the run that holds the lock."""
        for path in (self._carried, self.folder / "secret", self.sent):
            sweep(path)

    def path(self, day: date) -> Path:
        """Where the summary of a day stands."""
        return self.folder / "days" / f"{day.isoformat()}.parquet"

    def days(self) -> dict[date, Path]:
        """The days that have a summary, in order."""
        found = {}
        for path in sorted((self.folder / "days").glob("????-??-??.parquet")):
            try:
                found[date.fromisoformat(path.stem)] = path
            except ValueError:
                continue
        return found

    def save(self, opened: Opened, policy: Policy, judged: Iterable[date], covered: Mapping[date, bool]) -> None:
        """Keep the *judged* days of the data, and the other covered ones of which less was known.

        Raises:
            EngineError: a summary cannot be written; what stood there before is untouched.
        """
        wanted = set(judged)
        known = self.days()
        for day in opened.days():
            if day.day in wanted or (
                covered.get(day.day) and self._calls(opened.engine, known.get(day.day)) < day.rows
            ):
                self._save(opened, policy, day)
        carry.save(opened, policy, self._carried, self._secret())

    def carry_over(self, opened: Opened, policy: Policy) -> None:
        """Let first-call resolution know the calls of the days before, as far as runs have kept them."""
        secret = self._secret()
        try:
            carry.use(opened, policy, self._carried, secret)
        except CcMetricsError as error:  # better a report that says so than none
            text = said(
                "The calls kept of earlier days are left out: {why}. First-call resolution starts anew.", why=error.what
            )
            opened.cautions.append(("carry_over", text))

    def _save(self, opened: Opened, policy: Policy, day: Day) -> None:
        path = self.path(day.day)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise EngineError(
                f"the history cannot be written: {error.strerror}", where=str(path.parent), hint="check the folder"
            ) from None
        sweep(path)
        start, end = (zones.day_start(d, opened.offsets) for d in (day.day, day.day + timedelta(days=1)))
        summary_file.save(opened, path, policy, VERSION, Period(start, end))

    def _calls(self, engine: Engine, path: Path | None) -> int:
        """How many calls the summary of a day holds; none where it cannot be read."""
        if path is None:
            return 0
        try:
            return int(summary_file.sound(engine, path)["accounting"]["accepted"])
        except CcMetricsError:
            return 0

    def earlier(self, engine: Engine, own: Opened, policy: Policy, first: date) -> Earlier:
        """The days before *first* that *own* data do not hold. What cannot be used is left out, and said."""
        touched = {day.day for day in own.days()}
        since = first - timedelta(days=_LONGEST)
        paths = [path for day, path in self.days().items() if since <= day < first and day not in touched]
        usable, cautions = _usable(engine, own, paths)
        if not usable:
            return Earlier(None, cautions)
        try:
            return Earlier(summary_file.open_summaries(engine, usable, own.zone, policy), cautions)
        except CcMetricsError as error:
            return Earlier(None, (*cautions, _left_out(usable[-1], error.what)))


def _usable(engine: Engine, own: Opened, paths: Sequence[Path]) -> tuple[list[Path], tuple[Caution, ...]]:
    """The summaries that can be read and were counted as the newest of them was."""
    abouts: dict[Path, dict[str, Any]] = {}
    cautions = []
    for path in paths:
        try:
            abouts[path] = summary_file.sound(engine, path)
        except CcMetricsError as error:
            cautions.append(_left_out(path, error.what))
    wanted = ("as written" if own.written else "UTC", own.open_written)
    alike = [path for path, about in abouts.items() if (about.get("times"), about.get("open")) == wanted]
    cautions += [_left_out(path, "it was counted by other open hours or times") for path in abouts if path not in alike]
    return alike, tuple(cautions)


def _left_out(path: Path, why: str) -> Caution:
    text = said("the earlier day {day} is left out of comparisons: {why}", day=path.stem, why=why)
    return Caution("history_unreadable", text)
