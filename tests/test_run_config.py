"""cc-metrics.toml: every mistake is named with its line, and paths belong to its folder."""

from fractions import Fraction

import pytest

from cc_metrics.errors import PolicyError
from cc_metrics.unattended import config
from cli_fixture import refused, run
from run_fixture import CONFIG, DAY, made, morning

USAGE = 2


def read(tmp_path, text):
    path = tmp_path / "cc-metrics.toml"
    path.write_text(text, encoding="utf-8")
    return config.load(path)


def test_everything_that_can_be_said(tmp_path):
    (tmp_path / "ca.pem").touch()
    found = read(
        tmp_path,
        """
[mail]
server = "smtp.example.com"
port = 465
security = "tls"
from = "Metrics <m@example.com>"
user = "metrics"
password_file = "password"
ca_file = "ca.pem"
on_failure = "ops@example.com"

[report.morning]
calls = ["exports/calls-*.csv", "/data/more.csv"]
cases = "cases.csv"
policy = "policies/own.toml"
mapping = "own.toml"
tz = "Asia/Shanghai"
by = ["tier"]
every = "30m"
where = ["tier=vip"]
lang = "zh"
date = 2013-08-20
outputs = ["out/report-{date}.json"]
to = ["boss@example.com"]
staffing = "staff.csv"
history = "past"
fail_on = "missed"
least_share = "40 %"
max_rejected = "2 %"
memory = "1GB"
spill = "spill"
pseudonymize = true
secret_file = "secret"

[report.evening]
calls = ["calls.csv"]
policy = "default"
""",
    )
    asked, mail = found.report("morning"), found.mail
    server = config.Server(
        "smtp.example.com",
        "Metrics <m@example.com>",
        465,
        "tls",
        "metrics",
        tmp_path / "password",
        tmp_path / "ca.pem",
    )
    assert mail == config.Mail(server, ("ops@example.com",))
    assert asked.calls == (str(tmp_path / "exports/calls-*.csv"), "/data/more.csv")
    assert (asked.policy, asked.mapping) == (str(tmp_path / "policies/own.toml"), str(tmp_path / "own.toml"))
    assert (asked.date, asked.least_share, asked.max_rejected) == (DAY, Fraction(2, 5), Fraction(1, 50))
    assert (asked.staffing, asked.history) == (tmp_path / "staff.csv", tmp_path / "past")
    assert (asked.spill, asked.secret_file) == (tmp_path / "spill", tmp_path / "secret")
    evening = found.report("evening")
    assert (evening.policy, evening.date, evening.history) == ("default", "yesterday", tmp_path / "history/evening")
    assert evening.least_share == Fraction(1, 2)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[report.a]\ncalls = 'x'\noutput = 'y.json'", "line 3: [report.a]: 'output' is not a key here"),
        ("[report.a]\ncalls = 'x'\noutput = 'y.json'", "did you mean 'outputs'?"),
        ("[reports.a]\ncalls = 'x'", "'reports' is not a key here"),
        ("[report.a]\ncalls = 7", "line 2: [report.a]: calls: must be a string, not an integer"),
        ("[report.a]\ncalls = []", "calls: the array is empty"),
        ("[report.a]\nby = 'tier'", "line 1: [report.a]: there is nothing to read"),
        ("[report.a]\ncalls = 'x'\noutputs = 'r-{day}.json'", "outputs: {day} stands for nothing"),
        ("[report.a]\ncalls = 'x'\noutputs = 'r.docx'", "'r.docx' has no known ending"),
        ("[report.a]\ncalls = 'x'\ndate = 'tomorrow'", "date: 'tomorrow' is not a date"),
        ("[report.a]\ncalls = 'x'\nfail_on = 'late'", "fail_on: 'late' is not known"),
        ("[report.a]\ncalls = 'x'\nleast_share = 50", "least_share: '50' lies outside 0 % to 100 %"),
        ("[report.a]\ncalls = 'x'\npseudonymize = 'yes'", "pseudonymize: must be a boolean, not a string"),
        ("[report.a]\ncalls = 'x'\nevery = '7m'", "every: "),
        ("[report.a]\ncalls = 'x'\nmemory = 'much'", "memory: 'much' is not an amount of memory"),
        ("[report.a]\ncalls = 'x'\nto = 'a@b.c'", "line 3: [report.a]: there are recipients but no server"),
        ("[report.'../a']\ncalls = 'x'", "'../a' is not a name"),
        (
            "[mail]\nport = 70000\nserver = 's'\nfrom = 'f@x.y'\n[report.a]\ncalls = 'x'",
            "line 2: [mail]: port: 70000 is not",
        ),
        ("[mail]\nfrom = 'f'\n[report.a]\ncalls = 'x'", "line 1: [mail]: 'server' is missing"),
        ("[mail]\nfrom = 'f'\nserver = 's'\n[report.a]\ncalls = 'x'", "line 1: [mail]: 'f' is no e-mail address"),
        ("[mail]\nfrom = 'f@x.y'\nserver = 's/t'\n[report.a]\ncalls = 'x'", "line 1: [mail]: 's/t' is no server"),
        (
            "[mail]\nfrom = 'f@x.y'\nserver = 's'\n[report.a]\ncalls = 'x'\nto = ['a@b.c', 'boss']",
            "line 6: [report.a]: to: 'boss' is no e-mail address",
        ),
        ("", "there is no report"),
        ("[report", "this is not TOML"),
    ],
)
def test_a_mistake_is_named(tmp_path, text, sentence):
    with pytest.raises(PolicyError) as raised:
        read(tmp_path, text)
    assert sentence in str(raised.value)


def test_two_mistakes_are_both_named(tmp_path):
    with pytest.raises(PolicyError) as raised:
        read(tmp_path, "[report.a]\ncals = 'x'\ncalls = 7")
    assert "line 2: " in str(raised.value)
    assert "line 3: " in str(raised.value)


def test_an_unknown_report_names_those_there_are(tmp_path):
    path = made(tmp_path, config=CONFIG + '[report.weekly]\ncalls = ["x"]\n')
    assert "no report is called 'zzz'\n  hint: known: morning, weekly" in refused(
        run("run", "zzz", "--config", path), USAGE
    )
    assert "did you mean 'morning'?" in refused(run("run", "mornin", "--config", path), USAGE)


def test_no_configuration(tmp_path):
    assert "cannot be read: No such file" in refused(run("run", "a", "--config", tmp_path / "none.toml"), USAGE)


def test_a_folder_with_brackets_is_no_pattern(tmp_path):
    folder = tmp_path / "a[b]"
    folder.mkdir()
    config_path = made(folder, DAY, config=CONFIG.replace("calls-{date}.csv", "*-{date}.csv"))
    assert morning(config_path).code == 0


def test_an_output_is_never_a_source(tmp_path):
    text = CONFIG.replace('"out/report-{date}.json"', '"exports/calls-{date}.csv"')
    path = made(tmp_path, DAY, config=text)
    before = (tmp_path / f"exports/calls-{DAY}.csv").read_bytes()
    assert "would overwrite an export it reads" in refused(morning(path), USAGE)
    assert (tmp_path / f"exports/calls-{DAY}.csv").read_bytes() == before
