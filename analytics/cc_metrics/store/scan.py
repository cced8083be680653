"""Read a text file line by line in Python: slower than DuckDB, but every physical line is accounted for.

Used when DuckDB's count of rows and the count of physical lines do not agree by themselves: there are blank lines,
lines that are no rows, quoted line breaks, or a stray quote has swallowed what followed it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import IO, Final

from cc_metrics.language import said
from cc_metrics.store.grammar import BROKEN, LONGEST, MANY, NUMBER, Grammar

BLOCK = 1 << 20
BOM = b"\xef\xbb\xbf"
FARTHEST = 1_000  # lines of a record: a quote open for longer is a stray one
STRAY = -1

TOO_FEW = said("too few fields")
TOO_MANY = said("too many fields")
UNDECODABLE = said("undecodable bytes")
UNCLOSED = said("unclosed quote")
TOO_LONG = said("line too long")
REASONS: Final = {str(reason): reason for reason in (TOO_FEW, TOO_MANY, UNDECODABLE, UNCLOSED, TOO_LONG)}
"""Reasons for which the parser refuses a row, by their text as the engine keeps it."""


@dataclass(slots=True)
class Part:
    """What one block of a file held: refusals (line, reason, text), records, and where line - ordinal changes."""

    refused: list[tuple[int, str, str]] = field(default_factory=list)
    shifts: list[tuple[int, int]] = field(default_factory=list)  # ordinal of a record, its line - ordinal
    kept: list[bytes] = field(default_factory=list)  # records, to be joined by line breaks


class Scan:
    """One reading of a file; its totals are final when `parts` is exhausted.

    lines = header + records + refused + blank + breaks, where breaks are the line breaks inside records, accepted or
    refused; `inner` are those of the accepted ones.
    """

    def __init__(self, grammar: Grammar, *, header: bool, newline: bytes = b"\n") -> None:
        self.grammar, self.newline = grammar, newline
        self.lines = self.header = self.records = self.refused = self.blank = self.breaks = self.inner = 0
        self.first_stray = 0  # line of the first stray quote
        self.quoted = False  # some record has a well-formed quoted field
        self._header_due = header
        self._shift = -1
        self._numbers: tuple[int, ...] | None = None

    def parts(self, stream: IO[bytes]) -> Iterator[Part]:
        """Read the stream to its end, one part per block."""
        rest: list[bytes] = []
        for data, last in self._blocks(stream):
            lines = rest + (data.split(self.newline) if data or not last else [])
            part = Part()
            rest = lines[self._take(lines, part, last=last, sound=_decodable(data) and not rest) :]
            yield part

    def _blocks(self, stream: IO[bytes]) -> Iterator[tuple[bytes, bool]]:
        """Whole lines without the last line break, a block at a time, and whether the file ends there."""
        carry, start = b"", stream.read(BLOCK).removeprefix(BOM)
        for block in chain([start], iter(lambda: stream.read(BLOCK), b"")):
            head, found, tail = (carry + block).rpartition(self.newline)
            if found:
                yield head, False
            carry = tail[: LONGEST + 1]  # longer is refused whatever follows: no need to hold it
        yield carry, True

    def _take(self, lines: list[bytes], part: Part, *, last: bool, sound: bool) -> int:
        """Account for lines; how many are done (the others wait for what follows them)."""
        if self._numbers is None:
            self._numbers = _number_columns(lines[: 4 * MANY], self.grammar)
        start = self._take_header(lines) if self._header_due else 0
        rows = [_without_returns(line) for line in lines] if any(b"\r" in line for line in lines) else lines
        for place in [*self._odd(rows, sound=sound), len(lines)]:
            if place < start:
                continue
            self._take_rows(rows[start:place], part)
            start = place
            span = self._span(lines, start, last=last) if start < len(lines) else 0
            if not span:
                break
            self._take_record(lines[start : start + abs(span)], part, stray=span == STRAY, sound=sound)
            start += abs(span)
        return start

    def _odd(self, lines: list[bytes], *, sound: bool) -> list[int]:
        """The places of lines that are no rows by themselves: most often none, so this is what must be quick."""
        grammar = self.grammar
        delimiter, quote, fits, wanted = grammar.delimiter, grammar.quote, grammar.fits, grammar.columns - 1
        if not quote or not any(quote in line for line in lines):
            odd = [place for place, line in enumerate(lines) if line.count(delimiter) != wanted]
        else:
            odd = [
                place
                for place, line in enumerate(lines)
                if (not fits(line) if quote in line else line.count(delimiter) != wanted)
            ]
        others = [
            place
            for place, line in enumerate(lines)
            if not line or len(line) > LONGEST or not (sound or _decodable(line))
        ]
        return sorted({*odd, *others}) if others else odd

    def _take_rows(self, lines: list[bytes], part: Part) -> None:
        if not lines:
            return
        self._note_shift(part)
        quote = self.grammar.quote
        if quote and not self.quoted:
            self.quoted = any(quote in line and self.grammar.quotes(line) for line in lines)
        part.kept.extend(lines)
        self.records += len(lines)
        self.lines += len(lines)

    def _take_header(self, lines: list[bytes]) -> int:
        start = 0
        while start < len(lines) and self._is_blank(lines[start]):
            start += 1
        self.blank += start
        if start < len(lines):
            span = self._span(lines, start, last=True)
            self.header, self._header_due = abs(span), False
            start += self.header
        self.lines += start
        return start

    def _take_record(self, lines: list[bytes], part: Part, *, stray: bool, sound: bool) -> None:
        record = lines[0] if len(lines) == 1 else self.newline.join(lines)
        reason = UNCLOSED if stray else self._fault(record.rstrip(b"\r"), sound=sound)
        if len(lines) == 1 and self._is_blank(record):
            self.blank += 1
        elif reason:
            part.refused.append((self.lines + 1, reason, record.rstrip(b"\r").decode("utf-8", "replace")))
            self.refused += 1
            self.breaks += len(lines) - 1
            if reason == UNCLOSED:
                self.first_stray = self.first_stray or self.lines + 1
        else:
            self._note_shift(part)
            part.kept.append(_without_returns(record) if len(lines) == 1 else record.rstrip(b"\r"))
            self.quoted = self.quoted or self.grammar.quotes(record)
            self.records += 1
            self.breaks += len(lines) - 1
            self.inner += len(lines) - 1
        self.lines += len(lines)

    def _note_shift(self, part: Part) -> None:
        shift = self.lines + 1 - self.records
        if shift != self._shift:
            part.shifts.append((self.records, shift))
            self._shift = shift

    def _fault(self, record: bytes, *, sound: bool) -> str:
        """Why a record is refused, "" if it is not."""
        if len(record) > LONGEST:
            return TOO_LONG
        if not sound and not _decodable(record):
            return UNDECODABLE
        if self.grammar.fits(record):
            return ""
        count, _ = self.grammar.fields(record)
        if count == BROKEN:
            return UNCLOSED
        return TOO_FEW if count < self.grammar.columns else TOO_MANY

    def _span(self, lines: list[bytes], start: int, *, last: bool) -> int:
        """Lines of the record that begins at `start`; STRAY if its quote is a stray one, 0 if more must be read."""
        quote = self.grammar.quote
        if not quote or quote not in lines[start] or not self.grammar.fields(lines[start].rstrip(b"\r"))[1]:
            return 1
        size = len(lines[start])
        for end in range(start + 1, min(len(lines), start + FARTHEST)):
            size += len(lines[end])
            count, still_open = self.grammar.fields(lines[end].rstrip(b"\r"), inside=True)
            if count == BROKEN or size > LONGEST:
                return STRAY
            if not still_open:
                return STRAY if self._swallowed(lines[start : end + 1]) else end + 1 - start
        return STRAY if last or len(lines) - start >= FARTHEST else 0

    def _swallowed(self, lines: list[bytes]) -> bool:
        """Tell whether the lines of one quoted record look like rows that two stray quotes have swallowed."""
        alike, first = sum(map(self._looks_like_row, lines[1:])), self._looks_like_row(lines[0])
        if self.grammar.fits(self.newline.join(lines).rstrip(b"\r")):
            return alike >= 0.8 * (len(lines) - 1) and (first or alike >= 3)
        return alike >= 0.5 * (len(lines) - 1) + 1 or (first and self._begins_like_row(lines[1]))

    def _begins_like_row(self, line: bytes) -> bool:
        """Tell whether a line has a number where rows have their first number."""
        place, values = (self._numbers or (-1,))[0], line.split(self.grammar.delimiter)
        return 0 <= place < len(values) and NUMBER.fullmatch(values[place].strip(b' "')) is not None

    def _looks_like_row(self, line: bytes) -> bool:
        """As many delimiters as a row, and numbers where rows have numbers; without such columns, at least four."""
        line = line.rstrip(b"\r")
        fits = self.grammar.fits(line)
        values = self.grammar.values(line) if fits else line.replace(b'"', b"").split(self.grammar.delimiter)
        if len(values) != self.grammar.columns or not (self._numbers or len(values) >= 4):
            return False
        numbers = [value for place in self._numbers or () if (value := values[place].strip())]
        return all(map(NUMBER.fullmatch, numbers)) and bool(numbers or not self._numbers)

    def _is_blank(self, line: bytes) -> bool:
        return not line.rstrip(b"\r") or (
            self.grammar.columns > 1 and line.isspace() and self.grammar.delimiter not in line
        )


def _decodable(text: bytes) -> bool:
    if text.isascii():
        return True
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _without_returns(line: bytes) -> bytes:
    """A record for DuckDB, which gives up over a lone carriage return in an unquoted field."""
    return line.rstrip(b"\r").replace(b"\r", b" ")


def _number_columns(lines: list[bytes], grammar: Grammar) -> tuple[int, ...]:
    """The columns in which nearly every row has a number, a date or a time."""
    records = grammar.records([line.rstrip(b"\r") for line in lines])
    rows = [grammar.values(record) for record in records[1:] if grammar.fits(record)]
    share = [sum(bool(NUMBER.fullmatch(row[place])) for row in rows) for place in range(grammar.columns)]
    return tuple(place for place, count in enumerate(share) if count > 0.8 * len(rows))
