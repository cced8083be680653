"""Files that are not what they say: each gives one sentence with a hint and exit 3, whichever way it is given."""

import gzip
import io
import os
import random
import sqlite3
import tarfile
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cc_metrics.store import decode, dialect
from cli_fixture import CALLS, refused, run

PLAIN = CALLS.encode()
HEADER = PLAIN.splitlines(keepends=True)[0]
NOISE = random.Random(1).randbytes(300_000)
DATA = 3


def zipped(**members):
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return found.getvalue()


def tarred():
    found = io.BytesIO()
    with tarfile.open(fileobj=found, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("calls.csv"), io.BytesIO())
    return found.getvalue()


def parquet():
    found = io.BytesIO()
    pq.write_table(pa.table({"call_id": [str(n) for n in range(1_000)]}), found)
    return found.getvalue()


def database(folder):
    path = folder / "made.sqlite"
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE calls (call_id)")
    made.close()
    return path.read_bytes()


FILES = {
    "random bytes": ("calls.csv", NOISE, "is no text: it holds NUL bytes"),
    "a few random bytes without NUL": ("calls.csv", NOISE[:300].replace(b"\0", b"\1"), "full of control characters"),
    "random bytes packed": ("calls.csv.gz", gzip.compress(NOISE), "is no text: it holds NUL bytes"),
    "a picture": ("calls.csv", b"\xff\xd8\xff\xe0\0\x10JFIF" + NOISE, "looks like a JPEG picture"),
    "a web page": ("calls.csv", b"\n<!DOCTYPE html>\n<html><body>Please log in", "looks like an HTML page"),
    "a table of a web page": ("calls.xls", b"<table><tr><td>call_id</td></tr></table>", "looks like an HTML page"),
    "a document of marks": ("calls.csv", b"<?xml version='1.0'?><calls/>", "looks like an XML document"),
    "a PDF": ("calls.csv", b"%PDF-1.7\n", "looks like a PDF"),
    "a database": ("calls.csv", database, "looks like an SQLite database"),
    "a zip": ("calls.csv", zipped(**{"calls.csv": CALLS}), "looks like a zip archive"),
    "a document": ("calls.xlsx", zipped(**{"word__document.xml": "x"}), "looks like a Word document"),
    "half a zip": ("calls.xlsx", zipped(**{"calls.csv": CALLS})[:200], "damaged or cut short"),
    "an old Office file": ("calls.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + NOISE, "looks like an old Office file"),
    "a locked workbook": (
        "calls.xlsx",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        "is protected by a password",
    ),
    "a tar": ("calls.csv", tarred(), "looks like a tar archive"),
    "a 7z": ("calls.csv", b"7z\xbc\xaf\x27\x1c\0\4", "looks like a 7z archive"),
    "a RAR": ("calls.csv", b"Rar!\x1a\7\0", "looks like a RAR archive"),
    "UTF-32": ("calls.csv", CALLS.encode("utf-32"), "looks like UTF-32 text"),
    "half a Parquet": ("calls.parquet", lambda _: parquet()[: len(parquet()) // 2], "damaged or cut short"),
    "Parquet packed again": ("calls.csv.gz", lambda _: gzip.compress(parquet()), "looks like a Parquet file"),
    "half a gzip": ("calls.csv.gz", gzip.compress(PLAIN)[:60], "damaged or cut short"),
    "gzip of something else": ("calls.csv.gz", b"\x1f\x8b" + NOISE, "damaged or cut short"),
    "nothing": ("calls.csv", b"", "is empty"),
    "blank lines": ("calls.csv", b"\n \n\r\n\n", "is empty"),
    "one endless line": ("calls.csv", b"x," * 1_100_000, "is no table: its first line is longer than 2,000,000 bytes"),
    "one endless line packed": ("calls.csv.gz", lambda _: gzip.compress(b"x," * 1_100_000), "is no table"),
    "ten thousand columns": (
        "calls.csv",
        lambda _: b"\n".join([b",".join(b"%b%d" % (letter, n) for n in range(10_000)) for letter in (b"c", b"")]),
        "its columns fit no known format (here c0, c1, c2, c3, c4 ...;",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_one_sentence(tmp_path, name):
    ending, content, sentence = FILES[name]
    path = tmp_path / ending
    path.write_bytes(content if isinstance(content, bytes) else content(tmp_path))
    for arguments in (["report", path], ["check", "--cases", path]):
        expected = sentence.replace("'call_id'", "'case_id'") if "--cases" in arguments else sentence
        assert expected in refused(run(*arguments), DATA)
    sentence = refused(run("check", "-", stdin=path.read_bytes()), DATA)
    assert sentence.startswith("cc-metrics: standard input")


def test_a_header_alone(tmp_path):
    path = tmp_path / "calls.csv"
    path.write_bytes(HEADER)
    for command in ("report", "check"):
        assert "the input holds no calls, only a header" in refused(run(command, path), DATA)


@pytest.mark.parametrize("name", [name for name, (_, content, _) in FILES.items() if isinstance(content, bytes)])
def test_as_a_mapping(tmp_path, name):
    calls, path = tmp_path / "calls.csv", tmp_path / "mapping.toml"
    calls.write_bytes(PLAIN)
    path.write_bytes(FILES[name][1])
    assert "mapping.toml" in refused(run("check", calls, "--mapping", path), 2)


def test_a_mapping_that_is_nested_without_end_or_far_too_large(tmp_path):
    calls, path = tmp_path / "calls.csv", tmp_path / "mapping.toml"
    calls.write_bytes(PLAIN)
    for content in (b"a = " + b"[" * 100_000, b"#" * 1_000_001):
        path.write_bytes(content)
        assert "mapping.toml" in refused(run("check", calls, "--mapping", path), 2)


def test_links_that_lead_nowhere(tmp_path):
    loop, folder = tmp_path / "loop.csv", tmp_path / "folder"
    loop.symlink_to(loop)
    folder.mkdir()
    (folder / "calls.csv").write_bytes(PLAIN)
    (folder / "more.csv").symlink_to(tmp_path / "gone.csv")
    assert "loop.csv: is a link that leads nowhere" in refused(run("check", loop), DATA)
    assert "more.csv: is a link that leads nowhere" in refused(run("report", folder), DATA)


def test_a_folder_that_is_named_like_a_file(tmp_path):
    folder = tmp_path / "calls.csv"
    folder.mkdir()
    assert "calls.csv: the folder holds no exports" in refused(run("check", folder), DATA)


def test_what_cannot_be_read_twice(tmp_path):
    pipe = tmp_path / "calls.csv"
    os.mkfifo(pipe)
    for path in (pipe, "/dev/null"):
        assert "is a device or a pipe" in refused(run("check", path), DATA)


def test_a_folder_that_may_not_be_read(tmp_path):
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "calls.csv").write_bytes(PLAIN)
    folder.chmod(0)
    try:
        if os.access(folder, os.R_OK):
            pytest.skip("this account may read every folder")
        for path in (folder, folder / "calls.csv"):
            assert "cannot be read: Permission denied" in refused(run("check", path), DATA)
    finally:
        folder.chmod(0o700)


def test_a_folder_that_refuses(tmp_path, monkeypatch):
    """The same for accounts that may read everything."""

    def refuse(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert "cannot be read: Permission denied" in refused(run("check", tmp_path), DATA)


def test_a_file_that_vanishes(tmp_path, monkeypatch):
    path = tmp_path / "calls.csv"
    path.write_bytes(PLAIN)
    real = dialect.find_dialect

    def vanishing(path, **options):
        path.unlink(missing_ok=True)
        return real(path, **options)

    monkeypatch.setattr("cc_metrics.store.text.find_dialect", vanishing)
    assert "calls.csv: there is no such file" in refused(run("report", path), DATA)


@pytest.mark.parametrize("packed", [gzip.compress, lambda b: pa.compress(b, codec="zstd", asbytes=True)])
def test_what_grows_without_measure(tmp_path, monkeypatch, packed):
    path, spill = tmp_path / "calls.csv", tmp_path / "spill"
    spill.mkdir()
    lines = [b"%d,2013-08-20 09:00:00,answered,1,1,vip,sales,k\n" % (n // 1_000) for n in range(100_000)]
    path.write_bytes(packed(HEADER + b"".join(lines)))
    monkeypatch.setattr(decode, "GROWN", 1_000_000)
    monkeypatch.setattr(decode, "GROWS", 40)
    assert "unpacks to more than 40 times its size" in refused(run("report", path, "--spill", spill), DATA)
    assert list(spill.iterdir()) == []
    monkeypatch.setattr(decode, "GROWN", 10_000_000)
    assert "unpacks" not in run("report", path, "--spill", spill).err


def test_a_disk_is_never_filled(tmp_path, monkeypatch):
    usage = type(decode.shutil.disk_usage(tmp_path))
    monkeypatch.setattr(decode.shutil, "disk_usage", lambda _: usage(10**12, 10**12 - 10**9, 10**9))
    sentence = refused(run("report", "-", "--spill", tmp_path, stdin=PLAIN), 4)
    assert "the temporary copy would fill the disk, of which 1.0 GB are free" in sentence
    assert list(tmp_path.iterdir()) == []


def test_a_long_line_among_others_is_refused_alone(tmp_path):
    path = tmp_path / "calls.csv"
    path.write_bytes(
        PLAIN + b"9," + b"x" * 2_100_000 + b"\n" + PLAIN.splitlines(keepends=True)[1].replace(b"1", b"x", 1)
    )
    ran = run("check", path, "--max-rejected", "50%")
    assert (ran.code, "1 line too long" in ran.out) == (0, True)


def test_columns_that_nobody_asks_for_do_no_harm(tmp_path):
    path = tmp_path / "calls.csv"
    header, *rows = CALLS.splitlines()
    more = ",".join(f"c{n}" for n in range(2_000))
    path.write_text("\n".join([f"{header},{more}", *(row + "," * 2_000 for row in rows)]))
    ran = run("check", path)
    assert (ran.code, "accepted   8" in ran.out) == (0, True)
