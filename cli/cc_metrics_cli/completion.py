"""What a shell may complete options and arguments with."""

from collections.abc import Iterable
from pathlib import Path


def _beginning(words: Iterable[str], incomplete: str) -> list[str]:
    return [word for word in words if word.startswith(incomplete)]


def _files(incomplete: str, ending: str) -> list[str]:
    """Files of an ending, and folders on the way to them, that begin as typed."""
    folder, _, begun = incomplete.rpartition("/")
    try:
        found = sorted(
            p for p in Path(f"{folder}/" if "/" in incomplete else ".").iterdir() if p.name.startswith(begun)
        )
    except OSError:
        return []
    return [f"{p}/" if p.is_dir() else str(p) for p in found if p.suffix == ending or (p.is_dir() and begun)]


def policy(incomplete: str) -> list[str]:
    """Presets and policy files."""
    from cc_metrics.policy import presets

    return [*_beginning(presets(), incomplete), *_files(incomplete, ".toml")]


def mapping(incomplete: str) -> list[str]:
    """Shipped mappings and mapping files."""
    from cc_metrics.store.mapping_file import names

    return [*_beginning(names(), incomplete), *_files(incomplete, ".toml")]


def formula(incomplete: str) -> list[str]:
    """Formulas of the service level."""
    from cc_metrics.model.promise import FORMULAS

    return _beginning(FORMULAS, incomplete)


def every(incomplete: str) -> list[str]:
    """Intervals."""
    from cc_metrics.model.intervals import EVERY

    return _beginning(EVERY, incomplete)


def by(incomplete: str) -> list[str]:
    """Dimensions of calls and of cases, after a comma too."""
    from cc_metrics.model.calls import DIMENSIONS
    from cc_metrics.model.cases import CASES

    before, comma, begun = incomplete.rpartition(",")
    known = dict.fromkeys((*DIMENSIONS, *CASES.dimensions))
    return [f"{before}{comma}{name}" for name in _beginning(known, begun)]
