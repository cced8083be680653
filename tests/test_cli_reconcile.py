"""The command reconcile: what it says, in every format, and what it refuses; its command lines give what they say."""

import csv
import io
import json
import shlex

import pytest

from cli_fixture import CALLS, HOTLINE, refused, run

ZONE = ("--tz", "Asia/Shanghai")


@pytest.fixture(name="calls")
def _calls(tmp_path):
    path = tmp_path / "calls.csv"
    path.write_text(CALLS, "utf-8")
    return path


def found(*arguments):
    return json.loads(run("reconcile", *arguments, "--show", "json").out)


def test_eight_calls_by_hand(calls):
    # 1, 2, 7, 8 in time, 3 late; 4, 5 abandoned (3 s, 25 s); 6 redirected late: 4 of 8
    said = run("reconcile", calls, "--reported", "50")
    assert said.code == 0
    assert "reported 50 % (49.5 to 50.5 % is printed so)" in said.out
    assert "50.00 % = 4 of 8, all_offered = A_T / (A + B + R_L), wait <= 20 s, late redirects count" in flat(said.out)
    assert ": it prints the figure" in flat(said.out)
    assert "1 of 1 by the policy's own definition" in flat(said.out)
    strict = found(calls, "--reported", "3/8")["matches"][0]
    assert (strict["departs_in"], strict["edge"], strict["settings"]) == ("threshold edge", "<", 'edge = "<"')
    only = found(calls, "--reported", "80 %")["matches"][0]
    assert (only["formula"], only["kept"], only["owed"], only["redirected"]) == ("answered_only", 4, 5, None)


def flat(text):
    return " ".join(text.split())


def test_reported_by_chooses_the_calls_and_values_add_up(calls):
    # queue billing: 3 late, 5 abandoned, 6 redirected late
    answer = found(calls, "--reported", "0", "--reported-by", "queue=billing")
    assert (answer["where"], answer["own"]["kept"], answer["own"]["owed"]) == ({"queue": ["billing"]}, 0, 3)
    both = found(calls, "--reported", "50", "--reported-by", "queue=billing", "--reported-by", "queue=sales")
    assert (both["own"]["kept"], both["own"]["owed"]) == (4, 8)
    narrow = found(calls, "--reported", "50", "--reported-by", "queue=billing", "--where", "tier=vip")
    assert (narrow["own"]["kept"], narrow["own"]["owed"]) == (0, 1)


@pytest.mark.parametrize("reported", ["2/4", "3/6", "4/5", "5/8", "4/7"])
def test_a_command_line_gives_what_it_says(calls, reported):
    ran = run("reconcile", calls, "--reported", reported, "--show", "csv")
    rows = [row for row in csv.DictReader(io.StringIO(ran.out)) if row["command"] and not row["settings"]]
    for row in rows:
        report = json.loads(run(*shlex.split(row["command"])[1:], "--show", "json").out)
        levels = [(c["service_level"], c["denominator"]) for c in report["calls"]]
        assert levels == [(pytest.approx(float(row["value"])), int(row["owed"]))], row["command"]


def test_a_command_line_gives_another_clock(calls):
    # From 09:30 on only 4 to 7 are left, of which 7 is in time.
    rows = found(calls, "--reported", "1/4", "--date", "2013-08-20")["matches"]
    [clock] = [row for row in rows if row["departs_in"] == "zone"]
    assert clock["calls"] == "a clock 9.5 hours behind the one written"
    [line] = json.loads(run(*shlex.split(clock["command"])[1:], "--show", "json").out)["calls"]
    assert (line["service_level"], line["denominator"]) == (0.25, 4)


def test_lines_of_a_policy_give_what_they_say(calls, tmp_path):
    for reported in ("3/8", "4/7"):
        for row in found(calls, "--reported", reported)["matches"][:6]:
            if row["command"] and row["settings"]:
                policy = tmp_path / "p.toml"
                policy.write_text('name = "p"\n' + row["settings"].replace("; ", "\n") + "\n", "utf-8")
                command = [*shlex.split(row["command"])[1:], "--policy", policy, "--show", "json"]
                [line] = json.loads(run(*command).out)["calls"]
                assert line["denominator"] == row["owed"], row
                assert line["service_level"] == pytest.approx(row["value"]), row


def test_every_format(calls):
    document = found(calls, "--reported", "62.5")
    assert document["schema"] == "cc-metrics/reconciliation/1"
    assert document["reported"] == {"written": "62.5 %", "value": 0.625, "counts": None}
    rows = list(csv.DictReader(io.StringIO(run("reconcile", calls, "--reported", "62.5", "--show", "csv").out)))
    assert [int(row["rank"]) for row in rows] == [row["rank"] for row in document["matches"]]
    assert set(rows[0]) == set(document["matches"][0])
    text = run("reconcile", calls, "--reported", "62.5", "--show", "markdown")
    assert text.out.startswith("# Reconciliation\n\n- reported 62.5 %")
    assert "| 62.500 % = 5 of 8 |" in text.out
    assert run("reconcile", calls, "--reported", "62.5").out == run("reconcile", calls, "--reported", "62.5").out


def test_nothing_matches_and_nothing_is_invented(calls):
    said = flat(run("reconcile", calls, "--reported", "12.34").out)
    assert "0 print 12.34 %" in said
    assert "Nothing that was tried prints it. What else may differ:" in said
    assert "no calls to count" in flat(run("reconcile", calls, "--reported", "83.1", "--date", "2014-01-01").out)


def test_text_from_a_file_steers_nothing(tmp_path):
    path = tmp_path / "calls.csv"
    path.write_text(CALLS.replace("billing", "=1+1[red]\x1b[31m'; DROP TABLE calls; --"), "utf-8")
    for show in ("table", "json", "csv", "markdown"):
        said = run("reconcile", path, "--reported", "4/5", "--show", show)
        assert said.code == 0
        assert "\x1b" not in said.out
    [without] = [r for r in found(path, "--reported", "0/3")["matches"] if r["calls"] == "without queue 'sales'"]
    assert without["command"] is None  # it would have to name the other queue


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--reported", "83,1"), 2, "--reported: '83,1' is not a figure"),
        (("--reported", "1"), 2, "'1' may mean a percentage or a share"),
        (("--reported", "50", "--reported-by", "queue=q9"), 2, "--reported-by: no call has queue 'q9'"),
        (("--reported", "50", "--reported-by", "queue"), 2, "--reported-by: 'queue' is not COL=VALUE"),
        (("--reported", "50", "--where", "queue=q9"), 2, "--where: no call has queue 'q9'"),
        (("--reported", "50", "--reported-by", "queue=sales", "--where", "queue=sales"), 2, "both name 'queue'"),
        (("--reported", "50", "--date", "2013-08-32"), 2, "is not a date"),
        (("--reported", "50", "--policy", "none"), 2, "none"),
        ((), 2, "--reported"),
    ],
)
def test_what_is_refused(calls, arguments, code, said):
    assert said in refused(run("reconcile", calls, *arguments), code)


def test_without_waits_it_is_refused(tmp_path):
    path = tmp_path / "calls.csv"
    path.write_text("call_id,offered_at,outcome\n1,2013-08-20 09:00:00,answered\n", "utf-8")
    assert "records no waits" in refused(run("reconcile", path, "--reported", "83.1"), 3)


def test_the_sample_hotline_prints_answered_only():
    arguments = (HOTLINE, *ZONE, "--date", "2013-08-20", "--reported", "90.7")
    ran = run("reconcile", *arguments)
    first = ran.out[ran.out.index("\n 1  ") :].split("\n\n")[0]
    assert "1,785 of 1,969   departs in formula" in first
    assert "so do: Genesys Cloud (without abandons), Cisco UCCX (only handled), Wazo," in first
    assert f"cc-metrics report {HOTLINE} --tz Asia/Shanghai --formula answered_only --date 2013-08-20" in first
