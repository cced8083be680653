"""What can go wrong gives one clear sentence with a hint and the right exit code, and leaves nothing half-written."""

import errno
import os
from pathlib import Path

import pytest

from cc_metrics import reporting
from cli_fixture import CALLS, refused, run

USAGE, DATA, ENGINE = 2, 3, 4


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "calls.csv"
    path.write_text(CALLS)
    return path


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--polcy", "default"], "No such option"),
        (["--show", "xml"], "'xml' is not one of 'table', 'json', 'csv', 'markdown'"),
        (["--fail-on", "kept"], "'kept' is not one of 'missed', 'never'"),
        (["--output", "o.pdf"], "--output 'o.pdf' has no known ending"),
        (["--output", "calls.csv"], "--output would overwrite an export it reads"),
        (["--rejected", "calls.csv"], "--rejected would overwrite an export it reads"),
        (["--late", "x.csv", "--rejected", "x.csv"], "--late and --rejected both name x.csv"),
        (["--late", "."], "--late is a folder"),
        (["--where", "tier"], "'tier' is not COL=VALUE"),
        (["--where", "tier=vpi"], "no call has tier 'vpi'\n  hint: did you mean 'vip'?"),
        (["--every", "2h"], "'2h' is not an interval"),
        (["--within", "20"], "--within: '20' is not a length of time\n  hint: write for example '20 seconds'"),
        (["--within", "1.5s"], "a threshold is a whole number of seconds"),
        (["--formula", "offered"], "no formula is called 'offered'\n  hint: did you mean 'all_offered'?"),
        (["--from", "x"], "--from 'x' is not a time"),
        (["--to", "x"], "--to 'x' is not a time"),
        (["--as-of", "x"], "--as-of 'x' is not a time"),
        (["--date", "x"], "--date 'x' is not a date"),
        (["--date", "yesterday"], "--date yesterday needs a reporting zone\n  hint: name it with --tz"),
        (["--date", "2013-08-20", "--from", "2013-08-20"], "--date and --from or --to exclude each other"),
        (["--from", "2013-08-20 09:05"], "--from is not on a quarter-hour"),
        (["--from", "2013-08-21", "--to", "2013-08-20"], "--from is not before --to"),
        (["--tz", "Asia/Shangai"], "no time zone is called 'Asia/Shangai'"),
        (["--memory", "3"], "'3' is not an amount of memory"),
        (["--max-rejected", "1"], "--max-rejected: 1 may mean 1 % or all"),
        (["--policy", "defalt"], "no policy is called 'defalt'\n  hint: did you mean 'default'?"),
        (["--policy", "none.toml"], "none.toml: the policy cannot be read: No such file or directory"),
        (
            ["--mapping", "anonymus-bank"],
            "no mapping is called 'anonymus-bank'\n  hint: did you mean 'anonymous-bank'?",
        ),
        (["--mapping", "none.toml"], "none.toml: the mapping cannot be read"),
    ],
)
def test_wrong_options(calls, tmp_path, options, sentence):
    ran = run("report", "calls.csv", *options)
    assert ran.code == USAGE
    assert ran.out == ""
    assert sentence in ran.err
    assert calls.read_text() == CALLS
    assert [p.name for p in tmp_path.iterdir()] == ["calls.csv"]


@pytest.mark.parametrize("options", [["--by", "tier,qeue"], ["--where", "qeue=sales"]])
def test_a_column_that_no_file_has(calls, options):
    assert "there is no column 'qeue'\n  hint: did you mean 'queue'?" in refused(run("report", calls, *options), USAGE)


@pytest.mark.parametrize("options", [["--every", "x"], ["--formula", "x"], ["--from", "x"], ["--output", "o.x"]])
def test_a_wrong_option_is_told_before_anything_is_read(options):
    assert "no such file" not in refused(run("report", "none.csv", *options), USAGE)


def test_the_command_itself_mistyped():
    assert "--policy" in refused(run("report", "--polcy", "default"), USAGE)
    assert "nothing was given to report on\n  hint: name calls or --cases FILE" in refused(run("report"), USAGE)
    assert (run("policy").code, run("policy").err) == (USAGE, "")  # its help is shown instead
    assert "No such command 'rport'. Did you mean 'report'?" in refused(run("rport"), USAGE)
    assert "Option '--within' requires an argument" in refused(run("report", "--within"), USAGE)


@pytest.mark.parametrize("command", ["report", "check"])
@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("none.csv", None, "none.csv: no such file"),
        ("none-*.csv", None, "none-*.csv: no such file"),
        ("empty.csv", b"", "empty.csv: is empty"),
        ("header.csv", CALLS.splitlines(keepends=True)[0].encode(), "only a header"),
        ("lacking.csv", b"call_id,offered_at\n1,2013-08-20 09:00:00\n", "there is no column 'outcome'"),
        ("noise.csv", bytes(range(256)) * 9, "NUL bytes"),
        ("cut.parquet", b"PAR1xxxxxxxx", "cut.parquet: this Parquet file is damaged or cut short"),
        ("cut.csv.gz", b"\x1f\x8b\x08\x00xxxx", "damaged or cut short"),
        ("folder", {}, "folder: the folder holds no exports"),
    ],
)
def test_files_that_cannot_be_read(tmp_path, command, name, content, sentence):
    path = tmp_path / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is not None:
        path.mkdir()
    assert sentence in refused(run(command, path, "--rejected", tmp_path / "r.csv"), DATA)
    assert not (tmp_path / "r.csv").exists()


def test_a_file_that_may_not_be_read(calls, monkeypatch):
    real = Path.open

    def forbidden(self, *args, **kwargs):  # root may read everything, so rights alone would not do
        if self.name == calls.name:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return real(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", forbidden)
    assert "calls.csv: cannot be read: Permission denied" in refused(run("report", calls), DATA)


@pytest.mark.parametrize("command", ["report", "check"])
def test_a_wrong_mapping_names_what_is_missing_and_what_there_is(calls, command):
    sentence = refused(run(command, calls, "--mapping", "anonymous-bank"), DATA)
    assert "there is no column 'q_start'" in sentence
    assert "hint: known: call_id" in sentence


def test_empty_standard_input():
    assert "standard input: is empty" in refused(run("report", "-"), DATA)


@pytest.mark.parametrize(
    ("option", "name"),
    [("--output", "o.csv"), ("--output", "o.json"), ("--output", "o.parquet"), ("--late", "l"), ("--rejected", "r")],
)
def test_a_full_disk_leaves_what_stood_there(calls, tmp_path, monkeypatch, option, name):
    target = tmp_path / name
    target.write_text("before")

    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    sentence = refused(run("report", calls, option, target), ENGINE)
    assert f"{target}: cannot be written: No space left on device" in sentence
    assert target.read_text() == "before"
    assert {p.name for p in tmp_path.iterdir()} == {"calls.csv", target.name}


def test_a_full_disk_while_standard_input_is_copied(tmp_path, monkeypatch):
    from cc_metrics.store import decode

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(decode, "_put", lambda copy, block, spill: full())
    ran = run("report", "-", "--spill", tmp_path, stdin=CALLS.encode())
    assert ran.code == ENGINE
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_missing_is_told_before_the_work(calls, tmp_path):
    for option in ("--output", "--late", "--rejected"):
        sentence = refused(run("report", "none.csv", option, tmp_path / "no" / "o.csv"), ENGINE)
        assert f"there is no folder {tmp_path / 'no'}" in sentence
    for name in ("calls.csv", "-"):
        assert "--spill" in refused(run("report", name, "--spill", "/no/such", stdin=b"x"), ENGINE)


def test_an_error_nobody_thought_of_is_a_sentence_and_debug_shows_where(calls, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("one [red]thought[/red] too few")

    monkeypatch.setattr(reporting, "build", broken)
    sentence = refused(run("report", calls), ENGINE)
    assert "unexpected error ZeroDivisionError: one [red]thought[/red] too few" in sentence
    assert "--debug" in sentence
    ran = run("report", calls, "--debug")
    assert (ran.code, "Traceback" in ran.err, "in broken" in ran.err) == (ENGINE, True, True)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError("Query interrupted")])
def test_an_interruption_is_no_error(calls, monkeypatch, error):
    def stopped(*_):
        raise error

    monkeypatch.setattr(reporting, "build", stopped)
    ran = run("report", calls)
    assert (ran.code, ran.out, ran.err) == (130, "", "cc-metrics: interrupted\n")


def test_the_second_output_failing_leaves_the_first_whole(calls, tmp_path, monkeypatch):
    real, written = os.fsync, []

    def full(number):
        if written:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written.append(number)
        real(number)

    monkeypatch.setattr(os, "fsync", full)
    ran = run("report", calls, "--output", tmp_path / "a.json", "--output", tmp_path / "b.json")
    assert ran.code == ENGINE
    assert (tmp_path / "a.json").read_text().endswith("}\n")
    assert {p.name for p in tmp_path.iterdir()} == {"calls.csv", "a.json"}
