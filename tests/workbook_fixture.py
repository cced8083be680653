"""Workbooks written cell by cell, so that every number in them is known: the few parts of XLSX that a reader needs."""

import zipfile
from datetime import date, datetime, time, timedelta
from xml.sax.saxutils import escape

HEADER = ["call_id", "offered_at", "outcome", "wait_ms", "talk_ms", "queue"]
_STYLES = {datetime: 1, date: 2, time: 3, timedelta: 4}
_FORMATS = (0, 22, 14, 21, 46)  # general, date and time, date, time of day, length of time
_NOUGHT = datetime.fromisoformat("1899-12-30")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


class Error(str):
    """A cell that holds an error, such as #N/A."""


def moment(text):
    """A moment of a clock on the wall, as a cell holds it.

    >>> moment("2013-08-20 09:00")
    datetime.datetime(2013, 8, 20, 9, 0)
    """
    return datetime.fromisoformat(text)


def letters(place):
    return (letters(place // 26 - 1) if place >= 26 else "") + chr(65 + place % 26)


def serial(value):
    """The number of days that a workbook keeps of a moment or a length of time."""
    if isinstance(value, datetime):
        return (value - _NOUGHT) / timedelta(days=1)
    if isinstance(value, date):
        return (value - _NOUGHT.date()).days
    if isinstance(value, time):
        return (datetime.combine(_NOUGHT, value) - _NOUGHT) / timedelta(days=1)
    return value / timedelta(days=1)


def cell(value, at):
    if value is None:
        return ""
    if isinstance(value, Error):
        return f'<c r="{at}" t="e"><v>{escape(value)}</v></c>'
    if isinstance(value, bool):
        return f'<c r="{at}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, str):
        return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    style = _STYLES.get(type(value), 0)
    return f'<c r="{at}" s="{style}"><v>{serial(value) if style else value!r}</v></c>'


def sheet(rows, merged=()):
    """The XML of a sheet; a row that is None stands for none at all."""
    written = (
        f'<row r="{number}">{"".join(cell(v, f"{letters(place)}{number}") for place, v in enumerate(row))}</row>'
        for number, row in enumerate(rows, 1)
        if row is not None
    )
    areas = "".join(f'<mergeCell ref="{area}"/>' for area in merged)
    tail = f'<mergeCells count="{len(merged)}">{areas}</mergeCells>' if merged else ""
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(written)}</sheetData>{tail}</worksheet>'


def write(path, sheets, hidden=(), merged=()):
    """A workbook of *sheets*: rows by name, or the XML of one."""
    names = {name: f"worksheets/sheet{number}.xml" for number, name in enumerate(sheets, 1)}
    state = {True: 'state="hidden"', False: ""}
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" {state[name in hidden]} r:id="r{n}"/>'
        for n, name in enumerate(names, 1)
    )
    linked = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}/worksheet" Target="{target}"/>'
        for n, target in enumerate(names.values(), 1)
    )
    styles = "".join(f'<xf numFmtId="{number}" applyNumberFormat="1"/>' for number in _FORMATS)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{linked}<Relationship Id="s" '
        f'Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs>{styles}</cellXfs></styleSheet>',
    }
    for name, target in names.items():
        content = sheets[name]
        parts[f"xl/{target}"] = content if isinstance(content, str) else sheet(content, merged)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path
