"""Files that are no exports of rows, by their first bytes: what each is, and what to do about it."""

import re
from typing import Final

_UNPACK: Final = "unpack it, and give what is in it"
_SAVE: Final = "save it as XLSX or CSV"
_EXPORT: Final = "export it as CSV, Parquet or XLSX"
_AGAIN: Final = "look at it in a browser: a log-in or an error may have been saved in place of the export"

_MAGIC: Final = {
    b"PAR1": ("a Parquet file", _UNPACK),
    b"PK\x03\x04": ("a zip archive", _UNPACK),
    b"PK\x05\x06": ("an empty zip archive", _EXPORT),
    b"\xd0\xcf\x11\xe0": ("an old Office file", _SAVE),
    b"%PDF": ("a PDF", _EXPORT),
    b"SQLite format 3": ("an SQLite database", "export its table as CSV"),
    b"BZh": ("a bzip2 archive", _UNPACK),
    b"\xfd7zXZ": ("an xz archive", _UNPACK),
    b"7z\xbc\xaf\x27\x1c": ("a 7z archive", _UNPACK),
    b"Rar!": ("a RAR archive", _UNPACK),
    b"\xff\xfe\x00\x00": ("UTF-32 text", "save it as UTF-8"),
    b"\x00\x00\xfe\xff": ("UTF-32 text", "save it as UTF-8"),
    b"\xff\xd8\xff": ("a JPEG picture", _EXPORT),
    b"\x89PNG": ("a PNG picture", _EXPORT),
    b"GIF8": ("a GIF picture", _EXPORT),
    b"RIFF": ("a recording (WAV)", _EXPORT),
    b"ID3\x03": ("a recording (MP3)", _EXPORT),
    b"ID3\x04": ("a recording (MP3)", _EXPORT),
    b"\x7fELF": ("a program", _EXPORT),
    b"{\\rtf": ("an RTF document", _EXPORT),
}
_TAR: Final = slice(257, 262)
_HTML: Final = re.compile(
    rb"\s*(?:<\?xml[^>]*>|<!--.*?-->|\s)*<(?:!doctype\s+html|html|head|body|table)\b", re.IGNORECASE | re.DOTALL
)
_XML: Final = re.compile(rb"\s*<(?:\?xml\s|!doctype\s)", re.IGNORECASE)
_CONTROL: Final = bytes(code for code in range(32) if code not in b"\t\n\r\x01\x0b\x0c\x1a\x1b")
_OFTEN: Final = 0.02


def told(sample: bytes) -> tuple[str, str] | None:
    """What the beginning of a file shows it to be, with what to do about it; None where it may be text.

    >>> told(b"%PDF-1.7")[0], told(b"<!DOCTYPE html><title>Log in")[0], told(b"id,queue")
    ('a PDF', 'an HTML page', None)
    """
    found = next((kind for magic, kind in _MAGIC.items() if sample.startswith(magic)), None)
    if found:
        return found
    if sample[_TAR] == b"ustar":
        return "a tar archive", _UNPACK
    text = sample.removeprefix(b"\xef\xbb\xbf")[:4096]
    if _HTML.match(text):
        return "an HTML page", _AGAIN
    return ("an XML document", _EXPORT) if _XML.match(text) else None


def is_noise(sample: bytes) -> bool:
    """Whether bytes hold control characters as no text does; those that are delimiters or breaks are none.

    >>> is_noise(bytes(range(256))), is_noise(b"id,queue"), is_noise(b"")
    (True, False, False)
    """
    return len(sample) - len(sample.translate(None, _CONTROL)) > _OFTEN * len(sample)
