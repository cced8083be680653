"""cc-metrics.toml: the reports that run by themselves. Paths are relative to the folder of the file."""

import glob
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from cc_metrics.delivery import Server
from cc_metrics.errors import PolicyError, UsageError, nearest
from cc_metrics.policy.document import Document, Table
from cc_metrics.unattended import values
from cc_metrics.unattended.values import Parser

NAME: Final = "cc-metrics.toml"


@dataclass(frozen=True, slots=True)
class Mail:
    """The server that e-mail leaves by, and who hears of a run that failed."""

    server: Server
    on_failure: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """One report: what it reads, how it is counted, what is written and who gets it.

    *least_share* is what a day's calls must at least be of the fewest of the same weekdays before it.
    """

    name: str
    calls: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    policy: str = "default"
    mapping: str | None = None
    tz: str | None = None
    by: tuple[str, ...] = ()
    every: str = "all"
    where: tuple[str, ...] = ()
    lang: str | None = None
    date: str = "yesterday"
    outputs: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    staffing: Path | None = None
    history: Path = Path()
    fail_on: str = "never"
    least_share: Fraction = Fraction(1, 2)
    max_rejected: Fraction = Fraction(1, 100)
    memory: str = "3GB"
    spill: Path | None = None
    pseudonymize: bool = False
    secret_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Config:
    """What a configuration file holds."""

    path: Path
    reports: Mapping[str, Asked] = field(default_factory=dict)
    mail: Mail | None = None

    def report(self, name: str) -> Asked:
        """The report of a name.

        Raises:
            UsageError: there is none.
        """
        if name not in self.reports:
            raise UsageError(f"no report is called {name!r}", where=str(self.path), hint=nearest(name, self.reports))
        return self.reports[name]


_MAIL: Final[Mapping[str, Parser]] = {
    "server": values.line,
    "from": values.line,
    "port": values.port,
    "security": values.one_of("starttls", "tls", "none"),
    "user": values.line,
    "password_file": values.path,
    "ca_file": values.path,
    "on_failure": values.recipients,
}
_REPORT: Final[Mapping[str, Parser]] = {
    **dict.fromkeys(("calls", "cases", "by", "where"), values.lines),
    "to": values.recipients,
    **dict.fromkeys(("policy", "mapping", "tz"), values.line),
    "every": values.every,
    "lang": values.one_of("en", "zh"),
    "date": values.days,
    "outputs": values.outputs,
    **dict.fromkeys(("staffing", "history", "spill", "secret_file"), values.path),
    "fail_on": values.one_of("missed", "never"),
    **dict.fromkeys(("least_share", "max_rejected"), values.share),
    "memory": values.memory,
    "pseudonymize": values.truth,
}


def load(path: Path) -> Config:
    """Read a configuration file.

    Raises:
        PolicyError: it cannot be read or followed; every problem is named with its line.
    """
    try:
        document = Document(str(path), path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise PolicyError("the file is not UTF-8", where=str(path), hint="save it as UTF-8") from None
    except OSError as error:
        hint = f"name it with --config, or go to the folder of {NAME}"
        raise PolicyError(f"cannot be read: {error.strerror}", where=str(path), hint=hint) from None
    root = document.root()
    values.read(root, {}, ("mail", "report"))
    folder = path.absolute().parent
    mail = _mail(root, folder) if "mail" in root.keys else None
    reports = _reports(root, folder)
    found = document.problems()
    if len(found) == 1:
        raise found[0]
    if found:
        raise PolicyError("\n".join(str(problem).replace("\n  hint:", ";") for problem in found))
    return Config(path, reports, mail)


def _mail(root: Table, folder: Path) -> Mail | None:
    table = root.table("mail", title="[mail]")
    got = values.read(table, _MAIL)
    for key in ("server", "from"):
        if key not in table.keys:
            table.complain(f"{key!r} is missing", hint=f"write for example {values.EXAMPLES[key]}")
    if not {"server", "from"} <= got.keys():
        return None
    told = got.pop("on_failure", ())
    placed: dict[str, Any] = {key: folder / value if isinstance(value, Path) else value for key, value in got.items()}
    try:
        return Mail(Server(placed.pop("server"), placed.pop("from"), **placed), told)
    except UsageError as error:
        table.complain(error.what, hint=error.hint)
        return None


def _reports(root: Table, folder: Path) -> dict[str, Asked]:
    tables = root.table("report")
    found = {}
    for name in tables.keys:
        table = tables.table(name, title=f"[report.{name}]")
        if not values.NAME.fullmatch(name):
            table.complain(f"{name!r} is not a name", hint="use letters, digits, - and _")
            continue
        asked = Asked(name, **{"history": Path("history") / name, **values.read(table, _REPORT)})
        if not asked.calls and not asked.cases:
            table.complain("there is nothing to read", hint='write for example calls = ["exports/calls-*.csv"]')
        if asked.to and "mail" not in root.keys:
            table.complain("there are recipients but no server", hint="add a table [mail]", key="to")
        found[name] = _placed(asked, folder)
    if not found:
        tables.complain("there is no report", hint='write for example [report.morning] and calls = ["exports/*.csv"]')
    return found


def _placed(found: Asked, folder: Path) -> Asked:
    """The same with every path placed in the folder of the configuration."""
    placed: dict[str, Any] = {
        f.name: folder / value for f in fields(found) if isinstance(value := getattr(found, f.name), Path)
    }
    exact = Path(glob.escape(str(folder)))
    for key in ("calls", "cases"):
        texts: tuple[str, ...] = getattr(found, key)
        placed[key] = tuple(str((exact if glob.has_magic(text) else folder) / text) for text in texts)
    placed["outputs"] = tuple(str(folder / text) for text in found.outputs)
    for key in ("policy", "mapping"):
        text = getattr(found, key)
        if text is not None and text.casefold().endswith(".toml"):
            placed[key] = str(folder / text)
    return replace(found, **placed)
