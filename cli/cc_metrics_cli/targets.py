"""Files that a command was told to write: refused early where they cannot be meant, written late, told once."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cc_metrics.errors import EngineError, UsageError
from cc_metrics_cli import say

if TYPE_CHECKING:
    from cc_metrics.model.promise import Policy
    from cc_metrics.model.report import Report
    from cc_metrics.reporting import Request
    from cc_metrics.store.given import Given


@dataclass(frozen=True, slots=True)
class Targets:
    """What is to be written besides stdout."""

    outputs: tuple[Path, ...] = ()
    rejected: Path | None = None
    late: Path | None = None

    @property
    def drawn(self) -> bool:
        """Whether a file holds what pictures are drawn from."""
        if not self.outputs:
            return False
        from cc_metrics.render import DRAWN

        return any(path.suffix.lower() in DRAWN for path in self.outputs)

    def check(self) -> None:
        """Refuse what can only fail at the end, before anything is read.

        Raises:
            UsageError: an unknown ending, or two results for one file.
            EngineError: a folder that is not there.
        """
        if self.outputs:
            from cc_metrics import outputs

            for path in self.outputs:
                outputs.check(path)
        seen: dict[Path, str] = {}
        for option, path in self._named():
            if path.resolve() in seen:
                raise UsageError(f"{option} and {seen[path.resolve()]} both name {path}", hint="give each its own file")
            seen[path.resolve()] = option
            _check_place(option, path)

    def check_against(self, paths: Sequence[Path]) -> None:
        """Refuse to write over what is read.

        Raises:
            UsageError: a file is both.
        """
        read = {path.resolve() for path in paths}
        for option, path in self._named():
            if path.resolve() in read:
                raise UsageError(
                    f"{option} would overwrite an export it reads", where=str(path), hint="choose another name"
                )

    def write_rejected(self, given: "Given") -> None:
        """Keep what was refused, if asked to: before anything can stop the run."""
        from cc_metrics import reporting

        if self.rejected:
            rows = reporting.write_rejected(given, self.rejected)
            say.note(f"wrote {say.several(rows, 'rejected row')} to {self.rejected}")

    def write(self, report: "Report", given: "Given", policy: "Policy", request: "Request") -> None:
        """Write all else; each file appears whole or not at all."""
        if self.late:
            from cc_metrics import reporting

            rows = reporting.write_late(given.calls, policy, request, self.late, given.beside)
            what = "late or lost call" if not given.beside else "late or lost call or case"
            say.note(f"wrote {say.several(rows, what)} to {self.late}")
        if self.outputs:
            from cc_metrics import outputs

            for path in self.outputs:
                outputs.save(report, given.calls, path)

    def written(self, warnings: Sequence[str]) -> str:
        """What was written, in one line, with the codes of warnings that were not shown."""
        told = f"wrote {', '.join(map(str, self.outputs))}"
        return f"{told}; warnings: {', '.join(warnings)}" if warnings else told

    def _named(self) -> list[tuple[str, Path]]:
        named = [("--rejected", self.rejected), ("--late", self.late), *(("--output", path) for path in self.outputs)]
        return [(option, path) for option, path in named if path is not None]


def _check_place(option: str, path: Path) -> None:
    if path.is_dir():
        raise UsageError(f"{option} is a folder", where=str(path), hint="name a file in it")
    if not path.parent.is_dir():
        raise EngineError(
            f"cannot be written: there is no folder {path.parent}", where=str(path), hint="make the folder, or check it"
        )
