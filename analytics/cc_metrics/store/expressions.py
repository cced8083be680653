"""SQL of one value and of its absence, and what it may be made from: a source's columns."""

from dataclasses import dataclass
from typing import Final, Protocol

NEVER: Final = "FALSE"


@dataclass(frozen=True, slots=True)
class Expression:
    """SQL of a value and of its absence: *value* is NULL when *written* is NULL or cannot be read."""

    value: str
    written: str

    @property
    def unreadable(self) -> str:
        """SQL that holds where something is written that cannot be read; NEVER for a typed column."""
        if self.value == self.written:
            return NEVER
        return f"({self.written} IS NOT NULL AND {self.value} IS NULL)"


class Source(Protocol):
    """A source's columns by the user's names, and places for values that several expressions need."""

    def plain(self, name: str) -> tuple[str, str]:
        """(SQL, engine type) of a column with null words taken out, full-width forms as ASCII."""

    def let(self, sql: str, level: int) -> str:
        """Have *sql* computed once a row: level 0 and 1 from columns, level 2 from values of level 1, and so on."""
