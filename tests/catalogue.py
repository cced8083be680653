"""The catalogue of Chinese messages: taken from the source, kept translated, compiled.

    python tests/catalogue.py

adds the messages that are new (to be translated by hand in the .po, then run again), drops those that are gone, and
compiles. English needs no catalogue: a message is its English text. Nothing in either file depends on when or where
it was written.
"""

import ast
import io
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).parent.parent / "analytics" / "cc_metrics"
FOLDER = SOURCE / "languages" / "zh" / "LC_MESSAGES"
TEXT, COMPILED = FOLDER / "cc_metrics.po", FOLDER / "cc_metrics.mo"
MESSAGES = {"translated": (0,), "said": (0,), "counted": (0, 1), "column": (1,), "_joined": (1,)}
"""The functions that take messages, and which of their arguments these are."""

HOMES = {"cc_metrics.language", "cc_metrics.model.columns"}
"""The modules that those functions come from; what only bears their name takes no messages."""

OWN = {"language.py": {"_joined"}, "columns.py": {"column"}}
"""What those modules themselves call with messages."""

CONTEXT = "\x04"
HEADER = [("Language", "zh"), ("Content-Type", "text/plain; charset=utf-8"), ("Plural-Forms", "nplurals=1; plural=0;")]


class Chinese(Catalog):
    """A catalogue whose header holds no date, no path and no version."""

    def __init__(self) -> None:
        super().__init__(locale="zh", charset="utf-8", fuzzy=False)

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return HEADER


def calls(path: Path) -> Iterator[tuple[list[ast.expr], int]]:
    """Each call in a file of a function that takes messages: the arguments that are messages, and the line."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module in HOMES)
    known = {alias.name for node in imports for alias in node.names} | OWN.get(path.name, set())
    for node in ast.walk(tree):
        name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
        if not isinstance(node, ast.Call) or name not in MESSAGES.keys() & known:
            continue
        if (path.name, name) != ("columns.py", "said"):  # there it hands on a column's title
            yield [node.args[place] for place in MESSAGES[name]], node.lineno


def sources() -> Iterator[Path]:
    """The files that word anything."""
    return chain(SOURCE.rglob("*.py"), (SOURCE.parent.parent / "cli").rglob("*.py"))


def extracted() -> list[tuple[str, ...]]:
    """Every message of the source, with its plural where it has one, in the order of the text."""
    arguments = (found for path in sources() for found, _ in calls(path))
    return sorted({tuple(one.value for one in found if isinstance(one, ast.Constant)) for found in arguments} - {()})


def updated(before: Catalog) -> Catalog:
    """Every message of the source, with its translation where *before* has one."""
    found = Chinese()
    for texts in extracted():
        context, _, one = texts[0].rpartition(CONTEXT)
        known = before.get(one, context or None)
        string = known.string if known else ""
        plural = texts[1:] or (known and isinstance(known.id, tuple) and known.id[1:])
        if plural:
            found.add((one, *plural), (string if isinstance(string, tuple) else (string,)), context=context or None)
        elif not found.get(one, context or None):
            found.add(one, string[0] if isinstance(string, tuple) else string, context=context or None)
    return found


def kept() -> Catalog:
    """What is translated so far."""
    return read_po(io.BytesIO(TEXT.read_bytes()), locale="zh") if TEXT.exists() else Chinese()


def written(catalogue: Catalog) -> bytes:
    """A catalogue as text."""
    out = io.BytesIO()
    write_po(out, catalogue, width=120, no_location=True, omit_header=True)
    head = "".join(f'"{name}: {value}\\n"\n' for name, value in HEADER)
    return f'msgid ""\nmsgstr ""\n{head}\n'.encode() + out.getvalue()


def compiled(text: bytes) -> bytes:
    """A catalogue as gettext reads it."""
    out, found = io.BytesIO(), Chinese()
    for message in read_po(io.BytesIO(text), locale="zh"):
        if message.id:
            found.add(message.id, message.string, context=message.context)
    write_mo(out, found)
    return out.getvalue()


def main() -> None:
    """Write the catalogue and compile it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    catalogue = updated(kept())
    TEXT.write_bytes(written(catalogue))
    COMPILED.write_bytes(compiled(TEXT.read_bytes()))
    lacking = [m.id for m in catalogue if m.id and not all(m.string if isinstance(m.string, tuple) else [m.string])]
    print(f"{len(catalogue):,} messages, {len(lacking):,} not translated", *map(repr, lacking), sep="\n  ")


if __name__ == "__main__":
    main()
