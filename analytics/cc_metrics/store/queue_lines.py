"""The lines of Asterisk's queue_log as a table: five fields between bars, and whatever an event adds to them."""

from dataclasses import replace
from typing import Final

from cc_metrics.store.text import Text

FORM: Final = "queue_log"
COLUMNS: Final = ("time", "callid", "queuename", "agent", "event", "data")
"""As the database form of the log calls them; data holds the event's arguments, which differ in number."""

UNSEEN: Final = "\x01"
"""A delimiter that no line holds, so that each of them is one field."""


def fields(text: Text) -> Text:
    """The same text with a column for each field, and *line* for the whole; what a line lacks is nothing."""
    cells = [f"nullif(cells[{place}], '') AS c{place}" for place in range(1, 6)]
    cells.append("nullif(array_to_string(cells[6:], '|'), '') AS c6")
    split = f"(SELECT c1 AS line, string_split(c1, '|') AS cells FROM {text.sql}) split"
    return replace(text, columns=COLUMNS, delimiter="|", sql=f"(SELECT line, {', '.join(cells)} FROM {split}) lines")
