"""What the first megabyte tells about a file."""

import io

import pytest

from cc_metrics.errors import DataError, EngineError, UsageError
from cc_metrics.store.decode import spool
from cc_metrics.store.dialect import SAMPLE, find_dialect
from cc_metrics.store.grammar import Grammar
from cc_metrics.store.scan import Scan


@pytest.fixture
def dialect(tmp_path):
    def of(content, **options):
        path = tmp_path / "file"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return find_dialect(path, **options)

    return of


@pytest.mark.parametrize("mark", list(",;\t|^~\x01"))
def test_delimiters(dialect, mark):
    found = dialect(f'id{mark}"note{mark} long"{mark}wait\n1{mark}"a, b; c"{mark}2\n')
    assert (found.delimiter, found.columns) == (mark, 3)


def test_decimal_commas_are_no_delimiters(dialect):
    assert dialect("id;wait;talk\n1;2,5;3,5\n2;4,5;6,5\n").delimiter == ";"


def test_commas_in_text_are_no_delimiters(dialect):
    found = dialect("note\nhello, you\nhello\na, b, c\nx\n")
    assert found.columns == 1
    assert found.delimiter != ","


def test_line_breaks_in_quotes_do_not_disturb(dialect):
    found = dialect('id,note\n1,"a\nb,c\nd"\n2,"e\n\nf"\n')
    assert (found.delimiter, found.columns, found.header) == (",", 2, ("id", "note"))


@pytest.mark.parametrize(
    ("first", "header"),
    [
        ("id,queue,wait", True),
        ("编号,队列,等待", True),
        (",queue,wait", True),
        ("wait_20s,q1,2nd", True),
        ("1,sales,x", False),
        ("a,2013-09-01 10:00:00,x", False),
        ("a,10:00,x", False),
        ("a,-1.5,x", False),
        (",,x", False),
    ],
)
def test_headers(dialect, first, header):
    assert (dialect(f"{first}\n7,sales,20\n8,sales,30\n").header is not None) is header


def test_a_delimiter_behind_every_name_is_no_column(dialect):
    assert dialect("a,b,\n1,2\n3,4\n").header == ("a", "b")
    assert dialect("a,b,\n1,2,\n3,4,\n").columns == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(dialect, encoding):
    content = ("编号,队列\n" + "1,销售部门\n" * 200_000).encode(encoding)
    for cut in range(4):  # wherever the sample ends, in the middle of a character too
        found = dialect(content[: SAMPLE + cut])
        assert (found.encoding, found.header) == (encoding, ("编号", "队列"))


def test_gbk_and_gb2312_are_gb18030(dialect):
    assert dialect("编号,队列\n1,销售\n".encode("gbk")).encoding == "gb18030"
    assert dialect(b"id,queue\n1,x\n", encoding="GB2312").encoding == "gb18030"


def test_a_few_bad_bytes_do_not_change_the_encoding(dialect):
    assert dialect("编号,队列\n1,销售\n".encode() * 50 + b"2,\xff\xb0\n").encoding == "utf-8"
    mistakable = "编号,队列\n".encode() * 50 + b"2,\xb0\xa1\n"
    assert mistakable.decode("gb18030")
    assert dialect(mistakable).encoding == "utf-8"
    assert dialect(b"id,queue\n1,\xff\n2,x\n").encoding == "utf-8"
    assert dialect("编号,队列\n1,销售\n".encode("gbk") * 50 + b"2,\xff\n").encoding == "gb18030"


def test_what_cannot_be_meant(dialect):
    with pytest.raises(UsageError, match="delimiter"):
        dialect("a,b\n", delimiter="::")
    with pytest.raises(UsageError, match="encoding"):
        dialect("a,b\n", encoding="utf-99")
    with pytest.raises(DataError, match="empty"):
        dialect("")


def test_spool_copies_a_pipe(tmp_path):
    path = spool(io.BytesIO(b"a,b\n1,2\n"), tmp_path / "spill")
    assert path.read_bytes() == b"a,b\n1,2\n"
    (tmp_path / "file").touch()
    with pytest.raises(EngineError, match="temporary file"):
        spool(io.BytesIO(b""), tmp_path / "file" / "spill")


def test_a_record_may_run_from_one_block_into_the_next(monkeypatch):
    monkeypatch.setattr("cc_metrics.store.scan.BLOCK", 16)
    content = b'\xef\xbb\xbfid,note\n1,"a\nb\nc, a long line of text\n\nd"\n2\n\n3,"x""y"\n4,"left open\n5,z'
    scan = Scan(Grammar(",", '"', 2), header=True)
    parts = list(scan.parts(io.BytesIO(content)))
    assert [row for part in parts for row in part.refused] == [
        (7, "too few fields", "2"),
        (10, "unclosed quote", '4,"left open'),
    ]
    assert [shift for part in parts for shift in part.shifts] == [(0, 2), (1, 8), (2, 9)]
    assert (scan.records, scan.blank, scan.breaks, scan.inner, scan.lines) == (3, 1, 4, 4, 11)
