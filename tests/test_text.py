"""Staging a text file: every trap of research/engine.md, and the accounting against the physical lines."""

import csv
import gzip
import io

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cc_metrics.errors import DataError, EngineError
from cc_metrics.store import text
from cc_metrics.store.lines import count_lines
from cc_metrics.store.text import stage


class Bench:
    """A connection and a folder; `stage` writes bytes to a file and stages it."""

    def __init__(self, folder):
        self.folder, self.spill = folder, folder / "spill"
        self.connection = duckdb.connect(config={"threads": 2})
        self.connection.execute("CREATE TEMP TABLE refused (file INTEGER, line BIGINT, reason VARCHAR, text VARCHAR)")

    def stage(self, content, name="calls.csv", **options):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return self.stage_file(path, **options)

    def stage_file(self, path, **options):
        self.connection.execute("DROP TABLE IF EXISTS t; DROP TABLE IF EXISTS t_shifts; DELETE FROM refused")
        every = lambda text: f"SELECT * FROM {text.sql}"  # noqa: E731
        staged = stage(self.connection, path, select=every, table="t", file=7, spill=self.spill, **options)
        assert not self.spill.exists() or not list(self.spill.iterdir()), "a temporary copy was left behind"
        assert self.connection.execute("SELECT count(*) FROM t").fetchone() == (staged.records,)
        assert self.connection.execute("SELECT count(*) FROM refused WHERE file = 7").fetchone() == (staged.refused,)
        assert self.connection.execute("SELECT current_setting('disabled_optimizers')").fetchone() == ("",)
        return staged

    @property
    def rows(self):
        """Line and values of each accepted record."""
        return self.connection.execute(
            "SELECT r.o + s.shift AS line, r.* EXCLUDE o FROM (SELECT rowid AS o, * FROM t) AS r "
            "ASOF JOIN t_shifts AS s ON r.o >= s.ordinal ORDER BY line"
        ).fetchall()

    @property
    def refused(self):
        return self.connection.execute("SELECT line, reason, text FROM refused ORDER BY line").fetchall()


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def many(rows, change=None, header="id,queue,wait\n"):
    lines = [f"{i},sales,{i % 60}\n" for i in range(rows)]
    for place, line in (change or {}).items():
        lines[place] = line
    return header + "".join(lines)


def test_a_clean_file(bench):
    staged = bench.stage("id,queue\n1,sales\n2,\n")
    assert (staged.columns, staged.records, staged.refused) == (("id", "queue"), 2, 0)
    assert bench.rows == [(2, "1", "sales"), (3, "2", None)]


def test_one_stray_quote_costs_one_line(bench):
    content = many(300_000, {5: '5,"sales, south",5\n', 1_000: '1000,"sales,40\n', 200_000: '200000,"a ""b""",20\n'})
    staged = bench.stage(content)
    assert (staged.records, staged.refused) == (299_999, 1)
    assert bench.refused == [(1_002, "unclosed quote", '1000,"sales,40')]
    lines = bench.connection.execute("SELECT min(c1::INT), max(c1::INT), count(DISTINCT c1) FROM t").fetchone()
    assert lines == (0, 299_999, 299_999)
    assert all(line == int(row) + 2 for line, row, *_ in bench.rows)


def test_quotes_that_never_quote_are_letters(bench):
    staged = bench.stage(many(5_000, {1_000: '1000,"sales,40\n', 3_000: '3000,5" pipe,1\n'}))
    assert (staged.records, staged.refused, staged.dialect.quote) == (5_000, 0, "")
    assert bench.rows[1_000] == (1_002, "1000", '"sales', "40")


def test_two_stray_quotes_do_not_swallow_what_lies_between(bench):
    content = many(900, {5: '5,"a,b",5\n', 100: '100,"sales,40\n', 400: '400,sales",40\n'})
    staged = bench.stage(content)
    assert (staged.records, staged.refused) == (899, 1)
    assert bench.refused == [(102, "unclosed quote", '100,"sales,40')]


def test_a_stray_quote_in_the_last_line(bench):
    bench.stage(many(50, {5: '5,"a,b",5\n', 49: '49,"sales,40'}))
    assert bench.refused == [(51, "unclosed quote", '49,"sales,40')]


def test_a_failing_cast_takes_no_row_along(bench):
    bench.stage("id,wait\n1,x\n2,20\n3,\n4,y\n")
    counted = bench.connection.execute("SELECT count(*), count(try_cast(c2 AS INTEGER)) FROM t").fetchone()
    assert counted == (4, 1)


def test_rows_do_not_depend_on_the_columns_selected(bench):
    bench.stage('a,b,c\n1,2,3\n4,5\n"6",x,7\n8,"9\n')
    counts = [
        bench.connection.execute(f"SELECT count(*) FROM (SELECT {what} FROM t)").fetchone()
        for what in ["*", "c1", "c3"]
    ]
    assert counts == [(2,)] * 3


def test_ragged_lines_are_refused_once_each(bench):
    staged = bench.stage("a,b,c\n1,2,3\n1,2\n1,2,3,4,5\n\n4,5,6\n")
    assert (staged.records, staged.refused) == (2, 2)
    assert bench.refused == [(3, "too few fields", "1,2"), (4, "too many fields", "1,2,3,4,5")]
    assert bench.rows == [(2, "1", "2", "3"), (6, "4", "5", "6")]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_breaks_in_quotes_count_as_lines(bench, end):
    content = 'id,note\n1,"x\n\ny"\n2\n\n3,"z\n "\n4,"u\nv",w,5\n5,last\n'.replace("\n", end)
    bench.stage(content)
    assert bench.rows == [(2, "1", f"x{end}{end}y"), (7, "3", f"z{end} "), (11, "5", "last")]
    assert [row[:2] for row in bench.refused] == [(5, "too few fields"), (9, "too many fields")]


def test_a_header_may_run_over_lines_and_stand_below_blank_ones(bench):
    staged = bench.stage('\n\n"id\nnumber",note\n1,"x\ny"\n2,z\n')
    assert staged.columns == ("id\nnumber", "note")
    assert bench.rows == [(5, "1", "x\ny"), (7, "2", "z")]


def test_one_blank_line_above_the_header_does_not_make_it_a_row(bench):
    staged = bench.stage("\nid,note\n1,x\n2,y\n")  # header and rows would equal the lines, by accident
    assert (staged.records, bench.rows) == (2, [(3, "1", "x"), (4, "2", "y")])


def test_a_mark_before_a_quoted_header(bench):
    staged = bench.stage(b'\xef\xbb\xbf"id\nnumber",note\n1,x\n')
    assert (staged.columns, bench.rows) == (("id\nnumber", "note"), [(3, "1", "x")])


@pytest.mark.parametrize("blank", ["", "  ", "\t"])
def test_blank_lines_are_no_rows(bench, blank):
    staged = bench.stage(f"a,b\n1,2\n{blank}\n{blank}\n3,4\n{blank}\n")
    assert (staged.records, staged.refused) == (2, 0)
    assert bench.rows == [(2, "1", "2"), (5, "3", "4")]


def test_one_column_with_blank_and_empty_rows(bench):
    staged = bench.stage('name\nann\n\n""\nbob, the first\n"x\n\ny"\n')
    assert staged.columns == ("name",)
    assert bench.rows == [(2, "ann"), (4, None), (5, "bob, the first"), (6, "x\n\ny")]


def test_line_breaks_of_windows_and_a_mark_at_the_beginning(bench):
    staged = bench.stage(b"\xef\xbb\xbfid,wait\r\n1,20\r\n2,30")
    assert (staged.columns, staged.dialect.encoding) == (("id", "wait"), "utf-8-sig")
    assert bench.rows == [(2, "1", "20"), (3, "2", "30")]


def test_mixed_line_breaks_and_a_lone_return(bench):
    bench.stage(b"id,note\r\n1,a\n2\r\n3,b\rc\n4,d\r\n")
    assert bench.rows == [(2, "1", "a"), (4, "3", "b c"), (5, "4", "d")]
    assert bench.refused == [(3, "too few fields", "2")]


def test_line_breaks_of_an_old_mac(bench):
    bench.stage(b"id,note\r1,a\r\r3\r4,d\r")
    assert bench.rows == [(2, "1", "a"), (5, "4", "d")]
    assert bench.refused == [(4, "too few fields", "3")]


def test_empty_fields_are_null_and_blanks_stay(bench):
    bench.stage('a,b,c\n,"", x \n')
    assert bench.rows == [(2, None, None, " x ")]


def test_empty_fields_beyond_the_last_column_pass(bench):
    staged = bench.stage("a,b\n1,2,\n3,4,\n5,6,7\n")
    assert (staged.records, staged.refused) == (2, 1)


def test_a_glob_opens_exactly_that_file(bench):
    (bench.folder / "o1.csv").write_text("a,b\nwrong,1\n")
    (bench.folder / "oo.csv").write_text("a,b\nwrong,1\n")
    for name in ("o[1].csv", "o*.csv", "o?.csv", "o[[]1].csv", "{a,b}.csv", "k=v.csv", "a'b.csv"):
        bench.stage(f"a,b\n{name.replace(',', '')},1\n", name)
        assert bench.rows == [(2, name.replace(",", ""), "1")]


def test_a_hostile_header_is_only_a_name(bench):
    staged = bench.stage('"a""; drop table x; --",b,b,b (2),\n1,2,3,4,5\n')
    assert staged.columns == ('a"; drop table x; --', "b", "b (2)", "b (2) (2)", "5")
    assert bench.rows == [(2, "1", "2", "3", "4", "5")]


@pytest.mark.parametrize("ending", ["gz", "zst"])
def test_compressed(bench, ending):
    import pyarrow

    plain = many(3_000, {100: "100\n"}).encode()
    content = gzip.compress(plain) if ending == "gz" else pyarrow.compress(plain, codec="zstd", asbytes=True)
    if ending == "zst":  # pyarrow.compress writes a frame as the zstd program does
        assert content[:4] == b"\x28\xb5\x2f\xfd"
    staged = bench.stage(content, f"calls.csv.{ending}")
    assert (staged.records, staged.refused) == (2_999, 1)
    assert bench.refused == [(102, "too few fields", "100")]
    with pytest.raises(DataError, match=r"damaged|to its end"):
        bench.stage(content[: len(content) // 2], f"calls.csv.{ending}")
    assert not list(bench.spill.iterdir())


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_other_encodings(bench, encoding):
    content = '编号,队列,备注\n1,销售,"第一行\n第二行"\n2,投诉\n3,安装,好\n'
    staged = bench.stage(content.encode(encoding))
    assert staged.columns == ("编号", "队列", "备注")
    assert bench.rows == [(2, "1", "销售", "第一行\n第二行"), (5, "3", "安装", "好")]
    assert bench.refused == [(4, "too few fields", "2,投诉")]


def test_undecodable_bytes_refuse_their_row_only(bench):
    bench.stage(b'a,b\n1,\xff\n2,x\n3,"\xe4\xbd\n"\n4,\xc3\xa9\n')
    assert bench.rows == [(3, "2", "x"), (6, "4", "é")]
    assert [row[:2] for row in bench.refused] == [(2, "undecodable bytes"), (4, "undecodable bytes")]


@pytest.mark.parametrize(("encoding", "bad"), [("gb18030", b"\xff"), ("utf-16-le", b"\x00\xd8")])
def test_undecodable_bytes_of_other_encodings_refuse_their_row_only(bench, encoding, bad):
    lines = ["编号,队列\n", "1,销售\n", "2,投", "诉\n", "3,安装\n"]
    parts = [line.encode(encoding) for line in lines]
    bench.stage(b"".join([*parts[:3], bad, *parts[3:]]))
    assert [row[:2] for row in bench.rows] == [(2, "1"), (4, "3")]
    assert [row[:2] for row in bench.refused] == [(3, "undecodable bytes")]


def test_a_line_too_long_is_refused_alone(bench):
    bench.stage("a,b\n1,2\n3," + "x" * 5_000_000 + "\n4,5\n")
    assert bench.rows == [(2, "1", "2"), (4, "4", "5")]
    assert [row[:2] for row in bench.refused] == [(3, "line too long")]


def test_header_only(bench):
    staged = bench.stage("id,queue,wait\n")
    assert (staged.columns, staged.records, staged.refused) == (("id", "queue", "wait"), 0, 0)
    assert bench.stage("id,queue,wait\n\n\n").records == 0


def test_no_header(bench):
    staged = bench.stage("1,sales,20\n2,sales,30\n")
    assert (staged.columns, staged.dialect.header) == (("1", "2", "3"), None)
    assert bench.rows[0] == (1, "1", "sales", "20")
    assert bench.stage("a,b\nc,d\n", header=False).records == 2
    assert bench.stage("1,2\n3,4\n", header=True).columns == ("1", "2")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"PAR1\x15\x04", "Parquet"),
        (b"PK\x03\x04\x14\x00", "a zip archive"),
        (b"a,b\n1,\x00\x00\n2,x\n", "NUL"),
    ],
)
def test_what_is_no_text(bench, content, message):
    with pytest.raises(DataError, match=message):
        bench.stage(content)


def test_paths_that_cannot_be_read(bench):
    with pytest.raises(DataError, match="no such file"):
        bench.stage_file(bench.folder / "o[1].csv")
    with pytest.raises(DataError, match="folder"):
        bench.stage_file(bench.folder)


def test_lines_that_cannot_be_accounted_for_are_an_error(bench, monkeypatch):
    reading = text._Reading._load
    monkeypatch.setattr(text._Reading, "_load", lambda *given, **named: reading(*given, **named) - 1)
    with pytest.raises(DataError, match="a quote was left open in line 4"):
        bench.stage('a,b\n1,"x,y"\n2,3\n4,"5\n6,7\n')
    assert not list(bench.spill.iterdir())
    assert bench.connection.execute("SELECT count(*) FROM refused").fetchone() == (0,)
    assert bench.connection.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 't%'").fetchone() == (
        0,
    )


def test_line_breaks_that_cannot_be_accounted_for_are_an_error(bench, monkeypatch):
    monkeypatch.setattr(text._Reading, "_breaks", lambda *given: 3)
    with pytest.raises(DataError, match="its 5 lines cannot be accounted for"):
        bench.stage('a,b\n1,"x\ny"\n2,3\n4,5\n')


def test_too_little_memory_is_the_engines_error(bench):
    bench.connection.execute("SET memory_limit = '10MB'; SET temp_directory = ''")
    with pytest.raises(EngineError, match="too small"):
        bench.stage(many(300_000))


def test_the_settings_of_the_connection_come_back(bench):
    bench.connection.execute("SET preserve_insertion_order = false")
    bench.stage("a,b\n1,2\n")
    assert bench.connection.execute("SELECT current_setting('preserve_insertion_order')").fetchone() == (False,)


@pytest.mark.parametrize(
    ("content", "lines"), [(b"a\nb", 2), (b"a\nb\n", 2), (b"a\r\n\r\nb", 3), (b"a\rb\r", 2), (b"a\rb\nc", 2), (b"a", 1)]
)
def test_physical_lines(tmp_path, content, lines):
    path = tmp_path / "x"
    path.write_bytes(content)
    assert count_lines(path)[0] == lines


LETTERS = st.text(alphabet='ab é," \n', max_size=7)
RECORDS = st.lists(
    st.tuples(st.sampled_from(["row", "row", "row", "blank", "few", "many", "bad"]), LETTERS, LETTERS), max_size=12
)


def written(records, end, quoting):
    """The bytes of a file, and by hand: accepted (line, values), refused (line, reason), blank lines, breaks."""
    lines, accepted, refused, blank, breaks = [b"id,note,other"], [], [], 0, 0
    for number, (kind, one, two) in enumerate(records):
        one, two = one.replace("\n", end), two.replace("\n", end)  # noqa: PLW2901
        row = [str(number), one, two]
        if kind == "few":
            row = row[:2]
        if kind == "many":
            row += ["x", ""]
        if kind == "bad":
            row[1] += "ÿ"
        stream = io.StringIO(newline="")
        csv.writer(stream, quoting=quoting, lineterminator=end).writerow(row)
        line = stream.getvalue().removesuffix(end).encode().replace("ÿ".encode(), b"\xff")
        place = sum(part.count(b"\n") + 1 for part in lines) + 1
        if kind == "blank":
            line, blank = b" " * (number % 2), blank + 1
        elif kind == "row":
            accepted.append((place, *(value or None for value in row)))
            breaks += line.count(b"\n")
        else:
            reason = {"few": "too few fields", "many": "too many fields", "bad": "undecodable bytes"}[kind]
            refused.append((place, reason))
            breaks += line.count(b"\n")
        lines.append(line)
    return end.encode().join(lines) + end.encode(), accepted, refused, blank, breaks


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    records=RECORDS, end=st.sampled_from(["\n", "\r\n"]), quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
)
def test_every_line_is_accounted_for(bench, records, end, quoting):
    content, accepted, refused, blank, breaks = written(records, end, quoting)
    staged = bench.stage(content, header=True, delimiter=",")
    assert 1 + staged.records + staged.refused + blank + breaks == content.count(b"\n")
    assert bench.rows == accepted
    assert [row[:2] for row in bench.refused] == refused


def test_a_large_file_is_counted_alike(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    for content in (b'a\n"b"\n\nc', b"a\r\nb\r\n", b"", b"x" * 3_000_000 + b"\n"):
        path.write_bytes(content)
        small = count_lines(path)
        with monkeypatch.context() as patched:
            patched.setattr("cc_metrics.store.lines._LARGE", 0)
            assert count_lines(path) == small
