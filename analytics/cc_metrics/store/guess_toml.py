"""How a guessed mapping is written: TOML that always loads, whatever the columns and their values are called."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

FILL_IN: Final = "FILL IN"
"""What stands for a column that cannot be done without and was not found: no file has it, so reading says so."""
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_AT: Final = 34  # where the reasons stand


@dataclass(frozen=True, slots=True)
class Line:
    """A key of a mapping and why it is there; without a *value* it is only a comment."""

    key: str
    value: str | None = None
    why: str = ""
    alternatives: tuple[str, ...] = ()  # other values, one of which may be meant

    def text(self) -> str:
        """The line as it is written."""
        if self.value is None:
            return f"# {key(self.key)} = {quoted('...')}".ljust(_AT) + f" # {comment(self.why)}"
        first = f"{key(self.key)} = {self.value}"
        others = [f"# {key(self.key)} = {other}" for other in self.alternatives]
        return "\n".join([first.ljust(_AT) + f" # {comment(self.why)}" if self.why else first, *others])


def quoted(text: str) -> str:
    r"""A TOML string.

    >>> print(quoted('a "b"\n'), quoted("技能组"))
    "a \"b\"\n" "技能组"
    """
    written = json.dumps(text.encode("utf-8", "replace").decode(), ensure_ascii=False)
    return "".join(c if c.isprintable() else _escaped(c) for c in written)


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 1 << 16 else f"\\U{code:08x}"


def key(text: str) -> str:
    """A TOML key, in quotes where it must be.

    >>> key("call_id"), key("CALL ID")
    ('call_id', '"CALL ID"')
    """
    return text if _BARE.fullmatch(text) else quoted(text)


def array(values: Sequence[str]) -> str:
    """A TOML array of strings."""
    return f"[{', '.join(map(quoted, values))}]"


def inline(**entries: str) -> str:
    """A TOML inline table of values that are TOML already.

    >>> inline(column=quoted("wait"), unit=quoted("s"))
    '{ column = "wait", unit = "s" }'
    """
    return f"{{ {', '.join(f'{name} = {value}' for name, value in entries.items())} }}"


def comment(text: str) -> str:
    """Text that stays within its comment, whatever it holds."""
    return "".join(c if c.isprintable() else "�" for c in text)
