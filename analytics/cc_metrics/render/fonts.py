"""Whether this machine can draw Chinese: by fontconfig's word, else by the files in the usual folders."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

FOLDERS: Final = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".fonts",
    Path.home() / ".local/share/fonts",
    Path("/System/Library/Fonts"),
    Path("/Library/Fonts"),
    Path("C:/Windows/Fonts"),
)
_KNOWN: Final = (
    *("notosanscjk", "notoserifcjk", "notosanssc", "notosanshans", "sourcehansans", "sourcehanserif"),
    *("wqy-", "droidsansfallback", "arphic", "uming", "ukai", "pingfang", "hiragino sans gb", "stheiti", "songti"),
    *("msyh", "simsun", "simhei", "deng", "arialuni", "arial unicode"),
)
_ENDINGS: Final = {".ttf", ".ttc", ".otf", ".otc"}
_PATIENCE: Final = 10.0  # seconds that fontconfig may take to build its cache


def chinese(command: str = "fc-list", folders: Sequence[Path] = FOLDERS) -> bool:
    """Whether a font with Chinese characters is installed."""
    listed = _listed(command)
    return _lies_in(folders) if listed is None else listed


def _listed(command: str) -> bool | None:
    """What fontconfig says; None without it."""
    path = shutil.which(command)
    if path is None:
        return None
    try:
        asked = [path, ":lang=zh-cn", "family"]
        ran = subprocess.run(asked, capture_output=True, timeout=_PATIENCE, check=True)  # noqa: S603 - our own words
    except (OSError, subprocess.SubprocessError):
        return None
    return bool(ran.stdout.strip())


def _lies_in(folders: Sequence[Path]) -> bool:
    """Whether a file with the name of a known font lies in one of the folders."""
    files = (path for folder in folders if folder.is_dir() for path in folder.rglob("*"))
    return any(path.suffix.lower() in _ENDINGS and path.name.lower().startswith(_KNOWN) for path in files)
