"""Cells of CSV files that people open with spreadsheets: no text from data is run as a formula or steers a terminal."""

import re
from typing import Any, Final

_UNSEEN: Final = "[\\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*"  # a spreadsheet may look past them
_SIGNS: Final = "=+\\-@＝＋－＠﹦﹢﹣﹫"  # full width and small ones too
_FORMULA: Final = re.compile(rf"{_UNSEEN}[{_SIGNS}]|[\t\r\n]")
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def safe(value: Any) -> Any:
    """A number as it is; text that a spreadsheet would run is made text with an apostrophe.

    >>> safe(-1), safe("-1"), safe("a-1"), safe(None), safe("＝cmd()")
    (-1, "'-1", 'a-1', None, "'＝cmd()")
    """
    if value is None or isinstance(value, int | float):
        return value
    shown = str(value)
    if shown.isalnum():  # most cells; lists may have millions
        return shown
    shown = _CONTROLS.sub("\ufffd", shown)
    return f"'{shown}" if _FORMULA.match(shown) else shown
