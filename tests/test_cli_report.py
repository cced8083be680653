"""Every option of `cc-metrics report` changes what it should, by numbers counted on fingers."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from cli_fixture import CALLS, HOTLINE, refused, run


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    path = tmp_path / "calls.csv"
    path.write_text(CALLS)
    return path


def told(*arguments: object) -> dict[str, Any]:
    """The JSON on stdout, and nothing beside it."""
    ran = run("report", *arguments, "--show", "json")
    assert ran.code == 0, ran.err
    found: dict[str, Any] = json.loads(ran.out)
    return found


def figures(*arguments: object) -> tuple[Any, ...]:
    """(offered, in time, of) of the one row for all calls."""
    [row] = told(*arguments)["calls"]
    return row["offered"], row["answered_within"], row["denominator"]


def test_a_plain_report_is_the_table_and_says_nothing_on_stderr(calls):
    ran = run("report", calls)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Tue 20 Aug 2013 - Wed 21 Aug 2013 times as written  complete")
    assert "8 offered: 5 answered, 2 abandoned, 1 redirected (0 in time)" in ran.out
    assert "8 rows read from 1 file = 8 accepted + 0 ignored + 0 rejected" in ran.out.replace("\n", " ")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param([], (8, 4, 8), id="nothing"),
        pytest.param(["--within", "19s"], (8, 3, 8), id="within: a second less loses the call on the dot"),
        pytest.param(["--within", "40s"], (8, 5, 7), id="within: the redirected call was released in time"),
        pytest.param(["--formula", "answered_only"], (8, 4, 5), id="formula"),
        pytest.param(["--where", "tier=vip"], (4, 3, 4), id="where"),
        pytest.param(["--where", "tier=vip", "--where", "tier=ordinary"], (7, 3, 7), id="where: values add up"),
        pytest.param(["--where", "tier=vip", "--where", "queue=billing"], (1, 0, 1), id="where: columns narrow"),
        pytest.param(["--date", "2013-08-20"], (7, 3, 7), id="date"),
        pytest.param(["--from", "2013-08-20 10:00", "--to", "2013-08-21"], (3, 1, 3), id="from and to"),
        pytest.param(["--from", "2013-08-20 10:15"], (3, 2, 3), id="from"),
        pytest.param(["--to", "2013-08-20 09:15"], (2, 2, 2), id="to"),
        pytest.param(["--as-of", "2013-08-20 12:00"], (7, 3, 7), id="as of: the second day is not known yet"),
    ],
)
def test_what_is_counted(calls, options, expected):
    assert figures(calls, *options) == expected


def test_by_takes_commas_and_repeats_and_any_column_once(calls):
    for options in (["--by", "tier,queue"], ["--by", "tier", "--by", "queue"], ["--by", "tier,queue,tier"]):
        rows = told(calls, *options)["calls"]
        counted = {(r["tier"], r["queue"]): (r["offered"], r["answered_within"]) for r in rows}
        assert counted == {
            ("vip", "sales"): (3, 3),
            ("vip", "billing"): (1, 0),
            ("ordinary", "sales"): (1, 0),
            ("ordinary", "billing"): (2, 0),
            (None, "sales"): (1, 1),
        }


def test_every_breaks_down_by_time(calls):
    rows = told(calls, "--every", "1d")["calls"]
    assert [(row["start"], row["offered"]) for row in rows] == [("2013-08-20", 7), ("2013-08-21", 1)]
    assert len(told(calls, "--every", "1h")["calls"]) == 4
    assert [row["start"] for row in told(calls, "--every", "1mo")["calls"]] == ["2013-08"]


def test_tz_decides_where_a_day_is_cut(tmp_path):
    path = tmp_path / "calls.csv"
    path.write_text("call_id,offered_at,outcome,wait_ms\n1,2013-08-20T23:30:00Z,answered,0\n")
    assert told(path, "--tz", "UTC")["period"]["from"] == "2013-08-20T00:00:00+00:00"
    assert told(path, "--tz", "Asia/Shanghai")["period"]["from"] == "2013-08-21T00:00:00+08:00"
    assert "no reporting zone is named" in refused(run("report", path), 2)


def test_policy_decides_what_is_promised(calls, tmp_path):
    policy = tmp_path / "mine.toml"
    policy.write_text(
        'name = "mine"\n[[promise]]\nname = "Half"\nmeasure = "service_level"\nwithin = "20 s"\ntarget = "50 %"\n'
    )
    [promise] = told(calls, "--policy", policy)["promises"]
    assert (promise["name"], promise["kept"], promise["settled"], promise["verdict"]) == ("Half", 4, 8, "kept")
    [promise] = told(calls)["promises"]
    assert (promise["verdict"], promise["margin"]) == ("missed", -3)


def test_mapping_says_what_the_columns_mean(tmp_path):
    path, mapping = tmp_path / "calls.csv", tmp_path / "mine.toml"
    mapping.write_text(
        'name = "mine"\n[calls]\ncall_id = "nr"\noutcome = { column = "how", values = { A = "answered" } }\n'
        'offered_at = { column = "when", format = "%d.%m.%Y %H:%M:%S" }\nwait_ms = { column = "waited", unit = "s" }\n'
    )
    path.write_text("nr;when;how;waited\nx;20.08.2013 09:00:00;A;25\n")
    assert figures(path, "--mapping", mapping) == (1, 0, 1)
    assert figures(path, "--mapping", mapping, "--within", "25s") == (1, 1, 1)


def test_show_is_json_csv_markdown_or_the_table(calls):
    found = run("report", calls, "--show", "csv", "--by", "tier")
    rows = list(csv.DictReader(found.out.splitlines()))
    assert {row["tier"]: row["offered"] for row in rows} == {"ordinary": "3", "vip": "4", "": "1"}
    assert run("report", calls, "--show", "markdown").out.startswith("# Tue 20 Aug 2013")
    assert run("report", calls, "--show", "table").out == run("report", calls).out
    for line in found.err.splitlines():  # talk, short, and beside the data
        assert line.startswith("cc-metrics: ")
    assert "8 rows read from 1 file = 8 accepted" in found.err


def test_output_writes_every_file_and_a_script_hears_one_line(calls, tmp_path):
    outputs = [tmp_path / name for name in ("o.json", "o.csv", "o.md", "o.parquet")]
    ran = run("report", calls, *(a for path in outputs for a in ("--output", path)))
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == f"cc-metrics: wrote {', '.join(map(str, outputs))}\n"
    assert json.loads(outputs[0].read_text())["calls"][0]["offered"] == 8
    assert outputs[1].read_text().splitlines()[1].startswith(",8,5,2,1,4,")
    assert outputs[2].read_text().startswith("# Tue 20 Aug 2013")
    assert figures(outputs[3]) == (8, 4, 8)  # a summary is a valid input again
    assert {p.name for p in tmp_path.iterdir()} == {"calls.csv", *(p.name for p in outputs)}  # nothing temporary


def test_output_still_shows_the_table_on_a_terminal_or_when_asked(calls, tmp_path):
    assert run("report", calls, "--output", tmp_path / "o.md", terminal=True).out.count("8 offered") == 1
    ran = run("report", calls, "--output", tmp_path / "o.md", "--show", "json")
    assert json.loads(ran.out)["calls"][0]["offered"] == 8
    assert f"wrote {tmp_path / 'o.md'}" in ran.err


@pytest.mark.parametrize(
    ("options", "code"), [([], 0), (["--fail-on", "never"], 0), (["--fail-on", "missed"], 1), (["--within", "40s"], 0)]
)
def test_fail_on_missed_is_exit_1(calls, options, code):
    ran = run("report", calls, *options)
    assert ran.code == code
    assert "8 offered" in ran.out  # the report is there all the same
    assert ("1 of 1 promises not kept: Calls answered in 20 seconds (missed)" in ran.err) == (code == 1)


def test_not_judged_and_no_data_fail_too(calls, tmp_path):
    policy = tmp_path / "p.toml"
    promise = '[[promise]]\nname = "{}"\nmeasure = "service_level"\nwithin = "20 s"\ntarget = "1 %"\nwhere = {}\n'
    policy.write_text('name = "p"\n' + promise.format("none", '{ queue = "nobody" }'))
    assert "none (no_data)" in run("report", calls, "--policy", policy, "--fail-on", "missed").err
    ran = run("report", calls, "--fail-on", "missed", "--to", "2013-08-22 12:00")
    assert (ran.code, "(not_judged)" in ran.err) == (1, True)
    policy.write_text('name = "p"\n')
    ran = run("report", calls, "--policy", policy, "--fail-on", "missed")
    assert (ran.code, "holds no promise to judge" in ran.err) == (0, True)


def test_rejected_rows_are_kept_and_more_than_allowed_stop_everything_else(calls, tmp_path):
    rejected, late, output = (tmp_path / name for name in ("r.csv", "l.csv", "o.json"))
    with calls.open("a") as file:
        file.write("9,yesterday,answered,1,1,vip,sales,k1\n")
    options = ["--rejected", rejected, "--late", late, "--output", output]
    sentence = refused(run("report", calls, *options), 3)
    assert "1 of 9 rows were rejected (11.1 %, at most 1 % are allowed)" in sentence
    [row] = csv.DictReader(rejected.read_text().splitlines())
    assert (row["line"], row["reason"]) == ("10", "offered_at is not a time")
    assert not late.exists()
    assert not output.exists()
    for allowed in ("12%", "12 %", "0.12"):
        ran = run("report", calls, *options, "--max-rejected", allowed)
        assert ran.code == 0, ran
    assert "wrote 1 rejected row to" in ran.err
    assert "warnings: rejected_rows" in ran.err
    assert json.loads(output.read_text())["data"]["calls"]["rejected"] == {"offered_at is not a time": 1}
    assert [r["call_id"] for r in csv.DictReader(late.read_text().splitlines())] == ["3", "4", "5", "6"]


def test_standard_input_is_read_and_its_copy_is_gone(tmp_path):
    ran = run("report", "-", "--show", "json", "--spill", tmp_path, stdin=CALLS.encode())
    found = json.loads(ran.out)
    assert found["calls"][0]["offered"] == 8
    assert found["data"]["calls"]["files"] == ["standard input"]
    assert list(tmp_path.iterdir()) == []


def test_spill_and_memory_are_used_and_given_back(calls, tmp_path):
    spill = tmp_path / "spill"
    spill.mkdir()
    assert run("report", calls, "--spill", spill, "--memory", "200MB").code == 0
    assert list(spill.iterdir()) == []


def test_several_files_folders_and_globs_are_each_read_once():
    day = ["--date", "2013-08-20", "--tz", "Asia/Shanghai"]
    found = told(HOTLINE, HOTLINE / "*-20.csv", HOTLINE / "calls-2013-08-20.csv", *day)
    assert len(found["data"]["calls"]["files"]) == 9
    assert found["calls"][0]["offered"] == 2078
    tiers = told(HOTLINE, "--policy", "liaoning-unicom-2013", "--date", "2013-08-20", "--by", "tier")["calls"]
    assert {row["tier"]: row["offered"] for row in tiers} == {"vip": 325, "ordinary": 1694, None: 59}
