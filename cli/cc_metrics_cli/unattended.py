"""What one unattended run does between its lock and its log."""

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cc_metrics.errors import DataError, EngineError, UsageError
from cc_metrics_cli import inputs, options, targets
from cc_metrics_cli.codes import ExitCode
from cc_metrics_cli.report import FAILING

if TYPE_CHECKING:
    from cc_metrics.model.promise import Policy
    from cc_metrics.model.report import Report
    from cc_metrics.reporting import Request
    from cc_metrics.store.given import Given
    from cc_metrics.store.open import Reading
    from cc_metrics.unattended.checks import Expected
    from cc_metrics.unattended.config import Asked, Mail
    from cc_metrics.unattended.history import Earlier, History


@dataclass(slots=True)
class Run:
    """One run of a report, and what is known of it so far, which is logged however it ends."""

    asked: "Asked"
    mail: "Mail | None"
    force: bool
    outcome: str = "failed"
    period: str | None = None
    files: list[str] = field(default_factory=list)
    rows: int | None = None
    calls: int | None = None
    outputs: list[Path] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    message_id: str | None = None
    cautions: list[str] = field(default_factory=list)

    @property
    def history(self) -> "History":
        """Where its days, its log and its lock are kept."""
        from cc_metrics.unattended.history import History

        return History(self.asked.history)

    def told(self) -> str:
        """The one line of a run that went well."""
        if self.outcome == "closed":
            return f"{self.asked.name}: closed on {self.period}, nothing to report"
        done = [f"wrote {', '.join(map(str, self.outputs))}"] if self.outputs else []
        done += [f"sent {self.message_id}"] if self.message_id else []
        done += ["promises missed"] if self.outcome == "missed" else []
        done += [f"warnings: {', '.join(self.warnings)}"] if self.warnings else []
        return f"{self.asked.name} {self.period}: {'; '.join(done) or 'nothing to write'}"

    def make(self, asked_days: str | None) -> ExitCode:
        """Read, check, report, write, keep and send."""
        from cc_metrics import reporting
        from cc_metrics.model.intervals import days_between
        from cc_metrics.policy import load
        from cc_metrics.reporting import named_days
        from cc_metrics.unattended import exports

        rules = load(self.asked.policy)
        request = reporting.Request(
            options.columns(self.asked.by),
            self.asked.every,
            where=options.conditions(self.asked.where, "where"),
            pictures=bool(self.asked.to) or targets.Targets(tuple(map(Path, self.asked.outputs))).drawn,
        )
        reading = self._reading(rules, request)
        zone = self.asked.tz or rules.timezone or (reading.mapping.timezone if reading.mapping else None)
        days = named_days.named(asked_days or self.asked.date, zone)
        self.period = named_days.written(days)
        request = replace(request, span=reporting.Span(date=self.period))
        shut = self._shut(rules, days)
        all_shut = len(shut) == len(days_between(*days))
        try:
            paths, cases = (exports.of_days(texts, days, shut) for texts in (self.asked.calls, self.asked.cases))
        except DataError:
            if not all_shut:
                raise
            paths, cases = [], []
        if all_shut and all(map(exports.bare, (*paths, *cases))):
            self.outcome = "closed"
            return ExitCode.FINE
        return self._read(paths, cases, reading, rules, request, days)

    def _reading(self, rules: "Policy", request: "Request") -> "Reading":
        hidden = inputs.pseudonyms(self.asked.pseudonymize, self.asked.secret_file)
        dimensions, memory, spill = (*request.by, *request.where), self.asked.memory, self.asked.spill
        return inputs.reading(
            self.asked.mapping, self.asked.tz, rules, dimensions, memory, spill, lines=False, pseudonyms=hidden
        )

    def _shut(self, rules: "Policy", days: tuple[date, date]) -> set[date]:
        from cc_metrics.model.intervals import days_between
        from cc_metrics.unattended.checks import closed

        return closed(rules, days_between(*days), self.history.days())

    def _read(
        self,
        paths: list[Path],
        cases: list[Path],
        reading: "Reading",
        rules: "Policy",
        request: "Request",
        days: tuple[date, date],
    ) -> ExitCode:
        from cc_metrics import reporting
        from cc_metrics.unattended import exports

        self.files = [str(path) for path in (*paths, *cases)]
        targets.Targets(tuple(self._wanted())).check_against([*paths, *cases, *filter(None, [self.asked.staffing])])
        reading = replace(reading, mapping=inputs.told([*paths, *cases], reading).mapping)
        before = exports.stamps((*paths, *cases))
        with inputs.opened(paths, cases, reading) as given:
            where = inputs.pseudonymous(request.where, rules, given, reading.pseudonyms)
            for one in given.all:
                reporting.check_rejected(one, float(self.asked.max_rejected))
            earlier = self._earlier(given, rules, days[0])
            background = reporting.Background(earlier.opened, inputs.planned(self.asked.staffing, given.calls))
            found = reporting.build(given.calls, rules, replace(request, where=where), given.beside, background)
            exports.check_unchanged(before)
            return self._judge(found, given, earlier, rules, days)

    def _judge(
        self, found: "Report", given: "Given", earlier: "Earlier", rules: "Policy", days: tuple[date, date]
    ) -> ExitCode:
        """Whether what was read can be all of it; then whatever is to be done with the report."""
        found = replace(found, warnings=(*found.warnings, *earlier.cautions))
        self.rows, self.warnings = found.accounting.read, list(dict.fromkeys(w.code for w in found.warnings))
        self._check_beside(given, rules, days)
        expected = self._expected(given, earlier, rules, days)
        if expected is not None:
            self.calls = sum(expected.calls.get(day, 0) for day in expected.days)
            expected.check(rules, found.head, self.asked.least_share)
        if expected is not None and not self.calls:
            self.outcome = "closed"
            return ExitCode.FINE
        return self._finish(found, given, rules, expected)

    def _earlier(self, given: "Given", rules: "Policy", first: date) -> "Earlier":
        from cc_metrics.unattended.history import Earlier

        if given.calls is None:
            return Earlier()
        self.history.carry_over(given.calls, rules)
        return self.history.earlier(given.engine, given.calls, rules, first)

    def _check_beside(self, given: "Given", rules: "Policy", days: tuple[date, date]) -> None:
        from cc_metrics.model.cases import BASES
        from cc_metrics.model.intervals import days_between
        from cc_metrics.unattended.checks import check_fresh

        shut = self._shut(rules, days)
        for one in given.beside:
            if one.kind is BASES:  # those of a month are given when it is over
                continue
            check_fresh(one.kind.name, [day.day for day in one.days()], days_between(*days), shut)

    def _expected(
        self, given: "Given", earlier: "Earlier", rules: "Policy", days: tuple[date, date]
    ) -> "Expected | None":
        """What the checks know of the days; None where no calls are asked for."""
        from cc_metrics.measures.coverage import cover
        from cc_metrics.model.intervals import days_between
        from cc_metrics.unattended.checks import Expected

        own = given.calls
        if own is None:
            return None
        coverage = cover(own.observed(), own.offsets, rules.closed, rules.open_hours, rules.calendar)
        known = [*(earlier.opened.days() if earlier.opened else ()), *own.days()]
        calls = {day.day: day.rows for day in known}
        return Expected(days_between(*days), calls, coverage.covered if coverage else {})

    def _finish(self, found: "Report", given: "Given", rules: "Policy", expected: "Expected | None") -> ExitCode:
        """Everything is known and sound: write it, keep the days, send it."""
        from cc_metrics import outputs
        from cc_metrics.store import output

        for path in self._wanted():
            _make_folder(path.parent)
            output.sweep(path)
        for path in self._wanted():
            outputs.save(found, given.calls, path)
            self.outputs.append(path)
        if given.calls is not None and expected is not None:
            self.history.save(given.calls, rules, expected.days, expected.covered)
        self._send(found)
        missed = [j for j in found.promises if j.row["verdict"] in FAILING]
        self.outcome = "missed" if missed and self.asked.fail_on == "missed" else "done"
        return ExitCode.MISSED if self.outcome == "missed" else ExitCode.FINE

    def _send(self, found: "Report") -> None:
        if not self.asked.to:
            return
        from cc_metrics.unattended import mailing

        if self.mail is None:
            raise UsageError("there are recipients but no server", hint="add a table [mail] to the configuration")
        sent = mailing.send_report(found, self.asked, self.mail, self.history.sent, force=self.force)
        self.message_id = sent.identity
        self.cautions += filter(None, [sent.outcome.caution])
        if sent.outcome.before:
            self.cautions.append(f"not sent again to {', '.join(sent.outcome.before)}: --force sends it anyhow")
        sent.outcome.check()

    def _wanted(self) -> list[Path]:
        return list(dict.fromkeys(Path(self._placed(text)) for text in self.asked.outputs))

    def _placed(self, text: str) -> str:
        known: dict[str, Any] = {"{date}": self.period, "{name}": self.asked.name}
        for place, value in known.items():
            text = text.replace(place, value)
        return text


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EngineError(
            f"the folder cannot be made: {error.strerror}", where=str(folder), hint="check the path and rights"
        ) from None
