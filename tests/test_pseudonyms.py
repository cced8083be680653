"""Keyed hashes for customers and agents: the same as the standard library's, for ever, in everything written."""

import csv
import hashlib
import hmac
import json
import shlex

import pyarrow.parquet as pq
import pytest

import cc_metrics as cc
from cc_metrics.store.engine import Engine
from cc_metrics.store.pseudonyms import Pseudonyms
from cli_fixture import refused, run
from test_privacy import MAPPED

SECRET = "one secret, long enough"
CALLS = """\
call_id,offered_at,outcome,wait_ms,talk_ms,customer_id,agent_id,queue
1,2026-03-02 09:00:00,answered,10000,60000,13800138001,agent-7,sales
2,2026-03-02 09:10:00,answered,30000,60000,13800138002,agent-8,sales
3,2026-03-02 09:20:00,abandoned,30000,,13800138001,,sales
4,2026-03-02 09:30:00,answered,1000,1000,,agent-7,sales
5,soon,answered,1000,1000,13800138005,agent-7,sales
6,2026-03-02 09:40:00,answered,13800138006
3,2026-03-02 09:20:00,abandoned,31000,,13800138001,,sales
"""
NUMBERS = ("13800138001", "13800138002", "13800138005", "13800138006", "agent-7", "agent-8")


def pseudonym(text, secret=SECRET):
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]


@pytest.fixture
def files(tmp_path, monkeypatch):
    """An export and a secret that nobody else can read."""
    monkeypatch.delenv("CC_METRICS_SECRET", raising=False)
    (tmp_path / "calls.csv").write_text(CALLS, "utf-8")
    (tmp_path / "secret").write_text(SECRET + "\n", "utf-8")
    (tmp_path / "secret").chmod(0o600)
    return tmp_path


def hidden(files, *arguments):
    """A report with pseudonyms."""
    options = ("--max-rejected", "100%", "--pseudonymize", "--secret-file", files / "secret")
    return run("report", files / "calls.csv", *options, *arguments)


@pytest.mark.parametrize(
    "secret", [SECRET, "k" * 64, "k" * 65, "密钥" * 8], ids=["short", "a block", "longer", "Chinese"]
)
@pytest.mark.parametrize("text", ["13800138000", "+33 1 55 50 00 00", "", "王小姐", "x" * 200, "a'b\"; DROP"])
def test_the_engine_makes_what_the_standard_library_makes(secret, text):
    pseudonyms = Pseudonyms(secret.encode())
    engine = Engine()
    try:
        [[made]] = engine.rows(f"SELECT {pseudonyms.sql(engine, engine.keep(text))}")
        [[nothing]] = engine.rows(f"SELECT {pseudonyms.sql(engine, 'CAST(NULL AS VARCHAR)')}")
    finally:
        engine.close()
    assert made == pseudonyms.of(text) == pseudonym(text, secret)
    assert nothing is None
    assert secret not in repr(pseudonyms)


def test_a_breakdown_by_customer_and_agent_shows_pseudonyms(files):
    ran = hidden(files, "--by", "customer_id,agent_id", "--show", "json")
    rows = {(row["customer_id"], row["agent_id"]): row["offered"] for row in json.loads(ran.out)["calls"]}
    one, two, seven, eight = map(pseudonym, ("13800138001", "13800138002", "agent-7", "agent-8"))
    assert rows == {(one, seven): 1, (two, eight): 1, (one, None): 1, (None, seven): 1}


def test_figures_are_those_of_the_numbers(files):
    plain = run("report", files / "calls.csv", "--max-rejected", "100%", "--show", "json")
    keys = ("calls", "first_call_resolution", "data", "promises")
    for key in keys:
        assert json.loads(hidden(files, "--show", "json").out)[key] == json.loads(plain.out)[key]


def test_the_same_secret_gives_the_same_by_file_and_by_environment(files, monkeypatch):
    by_file = hidden(files, "--by", "customer_id", "--show", "csv").out
    monkeypatch.setenv("CC_METRICS_SECRET", SECRET)
    arguments = ("report", files / "calls.csv", "--max-rejected", "100%", "--pseudonymize", "--by", "customer_id")
    assert run(*arguments, "--show", "csv").out == by_file
    monkeypatch.setenv("CC_METRICS_SECRET", SECRET + "!")
    assert run(*arguments, "--show", "csv").out != by_file


def test_nothing_written_names_anybody(files):
    outputs = [files / f"report.{ending}" for ending in ("json", "csv", "md", "parquet")]
    asked = [argument for path in outputs for argument in ("--output", path)]
    lists = ("--late", files / "late.csv", "--rejected", files / "rejected.csv")
    ran = hidden(files, "--by", "customer_id,agent_id", "--show", "table", *asked, *lists)
    assert ran.code == 0
    written = [ran.out, ran.err, *(path.read_bytes().decode("latin-1") for path in outputs)]
    written += [str(pq.read_table(outputs[-1]).to_pylist())]
    written += [(files / name).read_text("utf-8") for name in ("late.csv", "rejected.csv")]
    for text in written:
        assert not [number for number in NUMBERS if number in text]
    assert pseudonym("13800138001") in written[0] + written[2]


def test_refused_rows_keep_line_and_reason_and_lose_their_text(files):
    hidden(files, "--rejected", files / "rejected.csv")
    with (files / "rejected.csv").open(encoding="utf-8", newline="") as file:
        rows = [(row["line"], row["reason"], row["text"]) for row in csv.DictReader(file)]
    assert rows == [
        ("4", "conflicting rows of one call_id", "withheld"),
        ("6", "offered_at is not a time", "withheld"),
        ("7", "too few fields", "withheld"),
    ]
    options = ("--max-rejected", "100%", "--pseudonymize", "--secret-file", files / "secret")
    checked = run("check", files / "calls.csv", *options, "--rejected", files / "checked.csv")
    assert checked.code == 0
    assert (files / "checked.csv").read_text() == (files / "rejected.csv").read_text()


def test_a_condition_may_name_the_number_and_is_shown_as_its_pseudonym(files):
    ran = hidden(files, "--where", "customer_id=13800138001", "--by", "customer_id", "--show", "json")
    [row] = json.loads(ran.out)["calls"]
    assert (row["customer_id"], row["offered"]) == (pseudonym("13800138001"), 2)
    assert "13800138001" not in ran.out + ran.err
    nobody = refused(hidden(files, "--where", "customer_id=13800138009"), 2)
    assert f"no call has customer_id {pseudonym('13800138009')!r}" in nobody
    assert not [number for number in NUMBERS if number in nobody]


def test_what_a_number_went_into_is_hidden_too(files):
    """An id made of the caller's number, and the source's own column of it."""
    (files / "calls.csv").write_text("phone,at,how,wait\n13800138001,2026-03-02 09:00:00,answered,30\n", "utf-8")
    (files / "made.toml").write_text(MAPPED, "utf-8")
    arguments = ("--mapping", files / "made.toml", "--by", "phone", "--late", files / "late.csv", "--show", "csv")
    ran = hidden(files, *arguments)
    assert pseudonym("13800138001") in ran.out
    late = (files / "late.csv").read_text()
    assert pseudonym("13800138001|2026-03-02 09:00:00") in late
    assert "13800138001" not in ran.out + ran.err + late


def test_another_way_of_writing_a_number_is_another_pseudonym(files):
    assert pseudonym("13800138001") != pseudonym("+8613800138001")


def test_pseudonyms_of_summaries(files):
    """A summary with numbers is hidden as it is read; one with pseudonyms stays as it is, and mixes with no other."""
    anyhow = ("--max-rejected", "100%", "--by", "customer_id")
    run("report", files / "calls.csv", *anyhow, "--output", files / "plain.parquet")
    hidden(files, "--by", "customer_id", "--output", files / "hidden.parquet")
    assert "13800138001" in str(pq.read_table(files / "plain.parquet").to_pylist())
    options = ("--pseudonymize", "--secret-file", files / "secret", *anyhow, "--show", "csv")
    tables = [run("report", files / f"{name}.parquet", *options).out for name in ("plain", "hidden")]
    assert tables[0] == tables[1]
    assert pseudonym("13800138001") in tables[0]
    assert run("report", files / "hidden.parquet", *anyhow, "--show", "csv").out == tables[1]
    error = refused(run("report", files / "plain.parquet", files / "hidden.parquet"), 3)
    assert "differ in pseudonyms" in error


@pytest.mark.parametrize(
    ("secret", "what"),
    [
        (None, "the secret cannot be read: No such file or directory"),
        (b"", "the secret is empty"),
        (b" \n", "the secret is empty"),
        (b"fifteen bytes!!\n", "the secret has 15 bytes, at least 16 are needed"),
        (b"x" * 5000, "the secret is longer than 4,096 bytes"),
    ],
    ids=["missing", "empty", "blank", "short", "long"],
)
def test_a_secret_that_is_none_is_refused(files, secret, what):
    (files / "secret").unlink()
    if secret is not None:
        (files / "secret").write_bytes(secret)
    error = refused(hidden(files), 2)
    assert what in error
    assert "openssl" in error or "/dev/urandom" in error
    assert b"fifteen" not in error.encode()


def test_sixteen_bytes_are_enough(files):
    (files / "secret").write_bytes(b"sixteen bytes!!!\n")
    assert hidden(files, "--show", "json").code == 0


def test_no_secret_at_all_is_refused(files, monkeypatch):
    assert "there is no secret" in refused(run("report", files / "calls.csv", "--pseudonymize"), 2)
    monkeypatch.setenv("CC_METRICS_SECRET", "short")
    assert "the secret has 5 bytes" in refused(run("report", files / "calls.csv", "--pseudonymize"), 2)


def test_a_secret_that_is_not_asked_for_is_refused(files):
    error = refused(run("report", files / "calls.csv", "--secret-file", files / "secret"), 2)
    assert "--secret-file is nothing without --pseudonymize" in error


def test_a_secret_that_everybody_can_read_is_told(files):
    assert "everybody" not in hidden(files, "--show", "json").err
    (files / "secret").chmod(0o644)
    assert f"everybody on this machine can read the secret in {files / 'secret'}" in hidden(files, "--show", "json").err


def test_a_condition_may_name_the_number_or_its_pseudonym(files):
    """Who reads a pseudonym in one report asks for it in the next."""
    plain, made = ((f"customer_id={text}",) for text in ("13800138001", pseudonym("13800138001")))
    tables = [hidden(files, "--where", *where, "--show", "csv").out for where in (plain, made)]
    assert tables[0] == tables[1]
    assert ",2,1,1," in tables[0]  # calls 1 and 3
    error = refused(hidden(files, "--where", f"customer_id={pseudonym('13900139000')}"), 2)
    assert "no call has customer_id" in error


@pytest.mark.parametrize("show", ["table", "json", "csv", "markdown"])
def test_reconcile_names_nobody_and_its_commands_still_work(files, show):
    options = ("--max-rejected", "100%", "--pseudonymize", "--secret-file", files / "secret")
    asked = ("--reported-by", "customer_id=13800138001", "--where", "agent_id=agent-7", "--reported", "1/1")
    ran = run("reconcile", files / "calls.csv", *options, *asked, "--show", show)
    assert ran.code == 0, ran.err
    assert pseudonym("13800138001") in ran.out
    assert not [number for number in NUMBERS if number in ran.out + ran.err]
    if show == "json":
        command = shlex.split(json.loads(ran.out)["own"]["command"])
        report = json.loads(run(*command[1:], "--max-rejected", "100%", "--show", "json").out)
        assert [(row["offered"], row["answered_within"]) for row in report["calls"]] == [(1, 1)]


def test_reconcile_under_pseudonyms_gives_the_same(files):
    arguments = ("reconcile", files / "calls.csv", "--max-rejected", "100%", "--reported", "50", "--show", "json")
    plain = json.loads(run(*arguments).out)
    found = json.loads(run(*arguments, "--pseudonymize", "--secret-file", files / "secret").out)
    assert [m["kept"] for m in found["matches"]] == [m["kept"] for m in plain["matches"]]
    assert "there is no secret" in refused(run(*arguments, "--pseudonymize"), 2)


def test_the_secret_is_not_written_over(files):
    error = refused(hidden(files, "--late", files / "secret"), 2)
    assert "--late would overwrite" in error
    assert (files / "secret").read_text() == SECRET + "\n"


def test_a_promise_on_somebody_by_name_is_refused(files):
    policy = (
        'name = "p"\n[[promise]]\nname = "Ours"\nmeasure = "service_level"\nwhere = { customer_id = "13800138001" }\n'
    )
    (files / "p.toml").write_text(policy + 'within = "20s"\ntarget = "80 %"\n', "utf-8")
    error = refused(hidden(files, "--policy", files / "p.toml"), 2)
    assert "the promise 'Ours' names values of customer_id, which pseudonyms hide" in error
    assert "13800138001" not in error


def test_cases_hide_their_customers_too(files):
    rows = "c1,2026-03-02 09:00:00,2026-03-03 09:00:00,13800138001\nc2,once,,13800138002\n"
    cases = f"case_id,opened_at,resolved_at,customer_id\n{rows}"
    (files / "cases.csv").write_text(cases, "utf-8")
    options = ("--max-rejected", "100%", "--pseudonymize", "--secret-file", files / "secret")
    asked = ("--by", "customer_id", "--show", "json", "--rejected", files / "rejected.csv")
    ran = run("report", "--cases", files / "cases.csv", *options, *asked)
    assert pseudonym("13800138001") in ran.out
    assert "1380013800" not in ran.out + ran.err + (files / "rejected.csv").read_text()


def test_legs_are_joined_under_pseudonyms(files):
    """Ids made of the number are hidden alike in both columns, so that they still lead to each other."""
    rows = ("13800138001,,2026-03-02 09:00:00,answered,10", "a2,13800138001,2026-03-02 09:02:00,abandoned,10")
    (files / "calls.csv").write_text("\n".join(["phone,came,at,how,wait", *rows]) + "\n", "utf-8")
    legs = MAPPED.replace('{ join = ["phone", "at"] }', '"phone"').replace(
        "[calls]", '[legs]\nparent = "came"\n[calls]'
    )
    (files / "made.toml").write_text(legs, "utf-8")
    ran = hidden(files, "--mapping", files / "made.toml", "--show", "json")
    account = json.loads(ran.out)["data"]["calls"]
    assert (account["accepted"], account["ignored"]) == (1, {"later leg of a call": 1})


def test_the_library_reads_pseudonyms_as_they_are(files):
    hidden(files, "--by", "customer_id", "--output", files / "day.parquet")
    rows = cc.service_level(cc.read_calls(files / "day.parquet", max_rejected=1), by=["customer_id"])
    assert pseudonym("13800138001") in set(rows["customer_id"].dropna())
