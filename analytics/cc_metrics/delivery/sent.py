"""The record of what was delivered: a line of JSON for each e-mail and recipient, so that nobody gets it twice."""

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from cc_metrics.delivery import addresses
from cc_metrics.errors import EngineError, UsageError
from cc_metrics.store import output


def delivered(path: Path, identity: str) -> frozenset[str]:
    """Who got an e-mail before, by `addresses.key`; nobody where there is no record yet.

    Raises:
        UsageError: a line of the record is none.
        EngineError: it cannot be read.
    """
    return frozenset(to for known, to in _entries(_text(path), path) if known == identity)


def check(path: Path) -> None:
    """Refuse a record that could not be written afterwards, before anything is sent.

    Raises:
        EngineError: its folder is missing or cannot be written.
    """
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        raise EngineError("what was sent cannot be recorded there", where=str(path), hint="check the folder and rights")


def add(path: Path, identity: str, recipients: Sequence[str], now: datetime) -> None:
    """Add that an e-mail was delivered; the record is written anew, whole or not at all.

    Raises:
        EngineError: it cannot be written.
    """
    at = now.astimezone(UTC).isoformat(timespec="seconds")
    lines = [json.dumps({"message": identity, "to": to, "at": at}, ensure_ascii=False) for to in recipients]
    before = _text(path)
    gap = "\n" if before and not before.endswith("\n") else ""
    output.write_text(path, before + gap + "".join(f"{line}\n" for line in lines))


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise EngineError(f"cannot be read: {reason}", where=str(path), hint="move it away to start anew") from None


def _entries(text: str, path: Path) -> list[tuple[str, str]]:
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            found.append((str(entry["message"]), addresses.key(str(entry["to"]))))
        except (ValueError, KeyError, TypeError):
            raise UsageError(
                "this line is no record of a delivery", where=f"{path}:{number}", hint="mend it, or move the file away"
            ) from None
    return found
