"""Addresses as people write them: checked, with what a server is told and what a header shows."""

import re
from collections.abc import Sequence
from email.headerregistry import Address
from email.utils import getaddresses
from typing import Final

from cc_metrics.errors import UsageError

_HINT: Final = "write name@example.org, or 'Some Name <name@example.org>'"
_LONGEST: Final = 254  # RFC 5321
_LABEL: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)
_LOCAL: Final = re.compile(r"[^\s()<>@,;:\\\"\[\]\x00-\x20\x7f]{1,64}")


def address(text: str, where: str) -> Address:
    """One address; a domain beyond ASCII becomes its IDNA form.

    >>> str(address("Jörg <jörg@bücher.example>", "--to"))
    'Jörg <jörg@xn--bcher-kva.example>'

    Raises:
        UsageError: it is none, or more than one.
    """
    found = getaddresses([text]) if text.isprintable() else []
    name, spec = found[0] if len(found) == 1 else ("", "")
    local, at, domain = spec.rpartition("@")
    labels = _ascii(domain).split(".")
    whole = f"{local}@{'.'.join(labels)}"
    named = at and _LOCAL.fullmatch(local) and not {"", "."} & {local[:1], local[-1:]} and ".." not in local
    if not named or not all(map(_LABEL.fullmatch, labels)) or len(whole.encode()) > _LONGEST:
        raise UsageError(f"{text!r} is no e-mail address", where=where, hint=_HINT)
    return Address(name, local, ".".join(labels))


def several(texts: Sequence[str], where: str) -> tuple[Address, ...]:
    """Addresses, each once.

    Raises:
        UsageError: one is none, or there is none at all.
    """
    if not texts:
        raise UsageError("there is nobody to send it to", where=where, hint=_HINT)
    found = [address(text, where) for text in texts]
    return tuple({key(one.addr_spec): one for one in reversed(found)}.values())[::-1]


def key(spec: str) -> str:
    """What tells two addresses apart: in practice no server minds capitals."""
    return spec.casefold()


def _ascii(domain: str) -> str:
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
