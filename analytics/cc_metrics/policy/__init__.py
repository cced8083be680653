"""Policies: what was promised, and how the calls behind it are counted. The only reader of policy TOML.

keys.py       every key a policy may hold, and its parser
words.py      a TOML value -> a value of the model; hours.py does so for open hours and closed days
document.py   tables that collect all problems; lines.py says where each key stands
reader.py     tables -> Policy
template.py   what `policy init` writes
presets/      the policies that come with cc-metrics
"""

from os import PathLike, fspath
from pathlib import Path
from typing import Final

from cc_metrics.errors import PolicyError, nearest
from cc_metrics.model.promise import Policy
from cc_metrics.policy.document import Document
from cc_metrics.policy.reader import read_policy
from cc_metrics.policy.template import TEMPLATE

__all__ = ["load", "preset_text", "presets", "problems", "template"]

_PRESETS: Final = Path(__file__).parent / "presets"


def load(name_or_path: str | PathLike[str]) -> Policy:
    """The policy of a preset's name, or of a path that ends in .toml.

    Raises:
        PolicyError: there is no such policy, or it has problems; the text lists all of them.
    """
    policy, found = _read(name_or_path)
    if len(found) == 1:
        raise found[0]
    if found:
        raise PolicyError("\n".join(_line(problem) for problem in found))
    return policy


def problems(name_or_path: str | PathLike[str]) -> list[PolicyError]:
    """Everything that is wrong with a policy, in the order of its lines; empty when it is valid."""
    try:
        return _read(name_or_path)[1]
    except PolicyError as error:  # no such file, or no TOML: there is nothing further to look at
        return [error]


def presets() -> list[str]:
    """The names of the policies that come with cc-metrics.

    >>> "default" in presets()
    True
    """
    return sorted(path.stem for path in _PRESETS.glob("*.toml"))


def preset_text(name: str) -> str:
    """The text of a preset.

    Raises:
        PolicyError: no preset has this name.
    """
    if name not in presets():
        raise PolicyError(
            f"no policy is called {name!r}",
            hint=f"{nearest(name, presets())} (a policy of your own is a path that ends in .toml)",
        )
    return (_PRESETS / f"{name}.toml").read_text(encoding="utf-8")


def template() -> str:
    """A policy to start from, with every key explained; valid as it is."""
    return TEMPLATE


def _read(name_or_path: str | PathLike[str]) -> tuple[Policy, list[PolicyError]]:
    document = _document(name_or_path)
    policy = read_policy(document.root())
    return policy, document.problems()


def _document(name_or_path: str | PathLike[str]) -> Document:
    name = fspath(name_or_path)
    if not name.casefold().endswith(".toml"):
        return Document(f"policy {name}", preset_text(name))
    try:
        return Document(name, Path(name).read_text(encoding="utf-8-sig"))  # Windows editors write the mark
    except UnicodeDecodeError:
        raise PolicyError("the file is not UTF-8", where=name, hint="save it as UTF-8") from None
    except (OSError, ValueError) as error:  # ValueError: a name no file can have
        reason = getattr(error, "strerror", None) or str(error)
        raise PolicyError(f"the policy cannot be read: {reason}", where=name, hint=_elsewhere(name)) from None


def _elsewhere(name: str) -> str:
    stem = Path(name).stem
    return f"'{stem}' without .toml is a policy of ours" if stem in presets() else "check the path"


def _line(problem: PolicyError) -> str:
    text = f"{problem.where}: {problem.what}"
    return f"{text} ({problem.hint})" if problem.hint else text
