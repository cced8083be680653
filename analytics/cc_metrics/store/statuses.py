"""What became of a row, as a number: 0 is accepted, positive ignored by a rule, negative rejected for a reason."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Statuses:
    """The words behind the status numbers, the same for every source of one reading."""

    ignored: list[str] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)

    def ignore(self, name: str) -> int:
        """The positive number of an ignore rule."""
        if name not in self.ignored:
            self.ignored.append(name)
        return self.ignored.index(name) + 1

    def reject(self, reason: str) -> int:
        """The negative number of a reason to reject."""
        if reason not in self.rejected:
            self.rejected.append(reason)
        return -self.rejected.index(reason) - 1

    def word(self, status: int) -> str:
        """The rule or reason behind a status number."""
        return self.ignored[status - 1] if status > 0 else self.rejected[-status - 1]
