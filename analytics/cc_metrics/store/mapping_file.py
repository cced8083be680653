"""The only reader of mapping TOML: keys are known or refused, all problems at once, each with its place."""

import tomllib
from importlib import resources
from pathlib import Path
from typing import Final

from cc_metrics.errors import PolicyError, nearest
from cc_metrics.store.mapping import Mapping
from cc_metrics.store.mapping_sections import Sections

LARGEST: Final = 1_000_000  # bytes


def names() -> list[str]:
    """The mappings that are shipped."""
    folder = resources.files("cc_metrics.store") / "mappings"
    return sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml"))


def text(name: str) -> str:
    """The TOML of a shipped mapping.

    Raises:
        PolicyError: there is none of that name.
    """
    if name not in names():
        raise PolicyError(
            f"no mapping is called {name!r}", hint=f"{nearest(name, names())}; a mapping of your own ends in .toml"
        )
    return (resources.files("cc_metrics.store") / "mappings" / f"{name}.toml").read_text("utf-8")


def load(name_or_path: str) -> Mapping:
    """A shipped mapping by name, or a mapping file by path (ending in .toml).

    Raises:
        PolicyError: it is not there, or something in it is wrong; all problems are named at once.
    """
    if not name_or_path.endswith(".toml"):
        return parse(text(name_or_path), name_or_path)
    path = Path(name_or_path)
    if path.exists() and not (path.is_file() and path.stat().st_size <= LARGEST):
        what = f"is no mapping file of at most {LARGEST:,} bytes"
        raise PolicyError(what, where=name_or_path, hint="see cc-metrics mappings show for one")
    try:
        written = path.read_text("utf-8-sig")
    except OSError as error:
        raise PolicyError(
            f"the mapping cannot be read: {error.strerror}", where=name_or_path, hint="check the path"
        ) from None
    except UnicodeDecodeError:
        raise PolicyError("the mapping is not UTF-8 text", where=name_or_path, hint="save it as UTF-8") from None
    return parse(written, name_or_path)


def parse(written: str, where: str) -> Mapping:
    """A mapping from TOML text; *where* names it in errors."""
    try:
        table = tomllib.loads(written)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        what = f"not valid TOML: {error}"
        raise PolicyError(what, where=where, hint="see cc-metrics mappings show for a mapping") from None
    reader = Sections(where)
    mapping = reader.mapping(table)
    if reader.problems:
        raise PolicyError("; ".join(reader.problems), where=where, hint="; ".join(dict.fromkeys(reader.hints)))
    return mapping
