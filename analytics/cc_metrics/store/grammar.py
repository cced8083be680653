"""How a line of delimited text falls into fields: the grammar, in bytes, without reading any file.

A quoted field stands in quotes, blanks around them allowed, doubles a quote it holds, and may run over lines.
Any other field runs to the next delimiter; a quote in its midst (5" pipe) is a letter like any other.
"""

import re

BROKEN = -1  # a closing quote is followed by something else than a delimiter
LONGEST = 2_000_000  # bytes of a record
MANY = 1_000  # records are as good as all for finding out about a file
NUMBER = re.compile(rb"[\d\s:./+\-TZ]*\d[\d\s:./+\-TZ]*")  # a number, a date, a time of day


class Grammar:
    """Rows of `columns` fields under one delimiter and quote (one ASCII character each; quote may be "").

    >>> grammar = Grammar(",", '"', 3)
    >>> [grammar.fits(line) for line in (b'1,"a,""b",5" pipe', b"1,2", b"1,2,3,", b"1,2,3,4")]
    [True, False, True, False]
    """

    def __init__(self, delimiter: str, quote: str, columns: int) -> None:
        self.delimiter, self.quote, self.columns = delimiter.encode(), quote.encode(), columns
        mark, end = re.escape(self.quote), re.escape(self.delimiter)
        pad = b"" if delimiter == " " else b" *+"
        inside = b"[^%b]*+(?:%b%b[^%b]*+)*+" % (mark, mark, mark, mark) if quote else b"(?!)"
        value = b"[^%b]*+" % end
        if quote:
            value = b"(?:%b%b%b%b%b|(?!%b%b)%b)" % (pad, mark, inside, mark, pad, pad, mark, value)
        # DuckDB lets empty fields beyond the last column pass
        self._row = re.compile(b"(?:%b%b){%d}%b(?:%b(?:%b%b)?)*+" % (value, end, columns - 1, value, end, mark, mark))
        self._field = re.compile(b"%b(%b|\\Z)" % (value, end))
        self._rest = re.compile(b"%b%b%b(%b|\\Z)" % (inside, mark, pad, end))
        self._inside = re.compile(b"%b\\Z" % inside)
        self._opening = re.compile(b"%b%b%b\\Z" % (pad, mark, inside))
        self._quoted = re.compile(b"(?:\\A|%b)%b%b" % (end, pad, mark) if quote else b"(?!)")

    def fits(self, record: bytes) -> bool:
        """Tell whether a whole record has the right number of fields, each well formed."""
        return self._row.fullmatch(record) is not None

    def fields(self, line: bytes, *, inside: bool = False) -> tuple[int, bool]:
        """Count the fields that end in a line, from within an open quote if `inside`, and tell whether one stays open.

        >>> Grammar(",", '"', 3).fields(b'1,"a'), Grammar(",", '"', 3).fields(b'b",2', inside=True)
        ((1, True), (2, False))
        >>> Grammar(",", '"', 3).fields(b'1,"a"b,2')
        (-1, False)
        """
        count, place = 0, 0
        pattern, tail = (self._rest, self._inside) if inside else (self._field, self._opening)
        while match := pattern.match(line, place):
            count, place = count + 1, match.end()
            if not match[1]:
                return count, False
            pattern, tail = self._field, self._opening
        return (count, True) if tail.match(line, place) else (BROKEN, False)

    def records(self, lines: list[bytes]) -> list[bytes]:
        """The first records of lines, quoted line breaks respected; a quote that stays open spoils its line only.

        >>> Grammar(",", '"', 2).records([b'1,"a', b'b"', b'2,"c'])
        [b'1,"a\\nb"', b'2,"c']
        """
        records: list[bytes] = []
        start = 0
        while start < len(lines) and len(records) < MANY:
            end, (count, still_open) = start, self.fields(lines[start])
            while still_open and end + 1 < min(len(lines), start + MANY):
                end += 1
                count, still_open = self.fields(lines[end], inside=True)
            if still_open or count == BROKEN:
                end = start
            records.append(b"\n".join(lines[start : end + 1]))
            start = end + 1
        return records

    def quotes(self, record: bytes) -> bool:
        """Tell whether some field of a record begins with a quote."""
        return self._quoted.search(record) is not None

    def values(self, record: bytes) -> list[bytes]:
        """Split a whole record into its fields, stripped and without their quotes.

        >>> Grammar(",", '"', 3).values(b' a ,"b ""c"" d",')
        [b'a', b'b "c" d', b'']
        """
        values, place = [], 0
        while match := self._field.match(record, place):
            value = record[place : match.start(1)].strip()
            if self.quote and value.startswith(self.quote):
                value = value[1:-1].replace(self.quote * 2, self.quote).strip()
            values.append(value)
            place = match.end()
            if not match[1]:
                break
        return values
